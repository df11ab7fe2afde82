//! A map of regions shaded by value. The geometry comes from outside: outlines in any plane coordinates.

use crate::svg::{Anchor, SMALL, Svg, number, text_width};
use crate::{Chart, DataTable, Frame, HeatColours, Scale};

/// A region: its outlines, rings of points, y growing upwards as on a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// Full name.
    pub label: String,
    /// Short name, printed in the region.
    pub short: String,
    /// Outlines; several for islands.
    pub outlines: Vec<Vec<(f64, f64)>>,
    /// The value; `None` leaves the region unshaded and prints a dash.
    pub value: Option<f64>,
}

/// A map. Every region prints its value, so that the shade is only a help.
#[derive(Debug, Clone, PartialEq)]
pub struct RegionMap {
    /// Title, size, numbers.
    pub frame: Frame,
    /// Heads of the table: region, value.
    pub heads: [String; 2],
    /// Regions.
    pub regions: Vec<Region>,
    /// Meaning of the shades.
    pub colours: HeatColours,
}

impl RegionMap {
    fn points(&self) -> impl Iterator<Item = (f64, f64)> {
        self.regions.iter().flat_map(|region| region.outlines.iter().flatten().copied())
    }
}

impl Chart for RegionMap {
    fn svg(&self) -> String {
        let frame = &self.frame;
        let bounds = |low: f64, high: f64, value: f64| (low.min(value), high.max(value));
        let none = (f64::INFINITY, f64::NEG_INFINITY);
        let (x, y) =
            self.points().fold((none, none), |(x, y), point| (bounds(x.0, x.1, point.0), bounds(y.0, y.1, point.1)));
        if !(x.1 > x.0 && y.1 > y.0) {
            return Svg::new(frame.width, 20.0).finish(frame, "regions");
        }
        let height = (frame.width * (y.1 - y.0) / (x.1 - x.0)).min(frame.width * 0.8);
        let across = Scale::new(x, (1.0, frame.width - 1.0));
        let down = Scale::new(y, (height - 1.0, 1.0));
        let mut svg = Svg::new(frame.width, height);
        for region in &self.regions {
            let (fill, ink) =
                region.value.map_or(("none".to_owned(), "currentColor"), |value| self.colours.shade(value));
            let mut outlines = String::new();
            for outline in &region.outlines {
                let corners: Vec<String> = outline
                    .iter()
                    .map(|(px, py)| format!("{} {}", number(across.at(*px)), number(down.at(*py))))
                    .collect();
                outlines.extend(["M", &corners.join("L"), "Z"]);
            }
            svg.area("chart-region", &fill, &outlines);
            let largest = region.outlines.iter().max_by(|one, other| area(one).total_cmp(&area(other)));
            let Some((px, py)) = largest.map(|outline| centre(outline)) else { continue };
            let text = region.value.map_or_else(|| "–".to_owned(), |value| frame.numbers.plain(value));
            let half = text_width(&region.short, SMALL).max(text_width(&text, SMALL)) / 2.0;
            let middle = across.at(px).clamp(half.min(frame.width / 2.0), (frame.width - half).max(frame.width / 2.0));
            svg.coloured_text(
                "chart-cell-value",
                ink,
                (middle, down.at(py) - 1.5),
                Anchor::Middle,
                SMALL,
                &region.short,
            );
            svg.coloured_text("chart-cell-value", ink, (middle, down.at(py) + 11.0), Anchor::Middle, SMALL, &text);
        }
        svg.finish(frame, "regions")
    }

    fn table(&self) -> DataTable {
        let row = |region: &Region| {
            let value = region.value.map_or_else(|| "–".to_owned(), |value| self.frame.numbers.plain(value));
            vec![region.label.clone(), value]
        };
        DataTable { heads: self.heads.to_vec(), rows: self.regions.iter().map(row).collect() }
    }
}

/// Twice the signed area by the shoelace formula.
fn doubled_area(outline: &[(f64, f64)]) -> f64 {
    pairs(outline).map(|(one, other)| one.0 * other.1 - other.0 * one.1).sum()
}

fn area(outline: &[(f64, f64)]) -> f64 {
    doubled_area(outline).abs()
}

fn pairs(outline: &[(f64, f64)]) -> impl Iterator<Item = ((f64, f64), (f64, f64))> {
    outline.iter().copied().zip(outline.iter().copied().cycle().skip(1))
}

/// Centre of gravity of an outline; of its points when it has no area.
fn centre(outline: &[(f64, f64)]) -> (f64, f64) {
    let doubled = doubled_area(outline);
    if doubled == 0.0 {
        let count = outline.len().max(1) as f64;
        let (x, y) = outline.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
        return (x / count, y / count);
    }
    let (x, y) = pairs(outline).fold((0.0, 0.0), |sum, (one, other)| {
        let cross = one.0 * other.1 - other.0 * one.1;
        (sum.0 + (one.0 + other.0) * cross, sum.1 + (one.1 + other.1) * cross)
    });
    (x / (3.0 * doubled), y / (3.0 * doubled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_stands_in_the_middle_of_its_region() {
        let square = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)];
        assert_eq!(centre(&square), (1.0, 1.0));
        let triangle = [(0.0, 0.0), (3.0, 0.0), (0.0, 3.0)];
        assert_eq!(centre(&triangle), (1.0, 1.0));
        assert_eq!(area(&triangle), 9.0);
        assert_eq!(centre(&[(1.0, 1.0), (3.0, 1.0)]), (2.0, 1.0));
    }
}
