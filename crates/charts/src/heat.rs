//! A matrix of shaded cells with their values printed in them.

use crate::svg::{Anchor, FONT, SMALL, Svg, fit, text_width};
use crate::{Chart, DataTable, Frame};

/// What the shade of a cell means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HeatColours {
    /// From white (low) to dark (high).
    Rising(f64, f64),
    /// From orange (low) over white (middle) to blue (high); dark at both ends.
    Around(f64, f64, f64),
}

/// A heat matrix. Every cell prints its value, so that the shade is only a help.
#[derive(Debug, Clone, PartialEq)]
pub struct Heat {
    /// Title, size, numbers.
    pub frame: Frame,
    /// Head of the first column of the table.
    pub head: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Name and cells of each row.
    pub rows: Vec<(String, Vec<Option<f64>>)>,
    /// Meaning of the shades.
    pub colours: HeatColours,
}

const ROW: f64 = 24.0;

impl Chart for Heat {
    fn svg(&self) -> String {
        let frame = &self.frame;
        let label_width =
            self.rows.iter().map(|row| text_width(&row.0, FONT) + 8.0).fold(40.0, f64::max).min(frame.width * 0.34);
        let cell = (frame.width - label_width) / self.columns.len().max(1) as f64;
        let heads: Vec<Vec<String>> = self.columns.iter().map(|name| fit(name, cell - 4.0, SMALL)).collect();
        let top = 8.0 + 12.0 * heads.iter().map(Vec::len).max().unwrap_or(1) as f64;
        let mut svg = Svg::new(frame.width, top + ROW * self.rows.len() as f64 + 2.0);
        for (index, lines) in heads.iter().enumerate() {
            for (line, text) in lines.iter().enumerate() {
                let y = top - 6.0 - 12.0 * (lines.len() - 1 - line) as f64;
                svg.text("chart-label", (label_width + cell * (index as f64 + 0.5), y), Anchor::Middle, SMALL, text);
            }
        }
        for (index, (name, cells)) in self.rows.iter().enumerate() {
            let y = top + ROW * index as f64;
            let lines = fit(name, label_width - 8.0, FONT);
            let text = if lines.len() > 1 { format!("{}…", lines[0]) } else { lines[0].clone() };
            svg.text("chart-label", (label_width - 8.0, y + ROW / 2.0 + 4.3), Anchor::End, FONT, &text);
            for (column, value) in cells.iter().enumerate() {
                let x = label_width + cell * column as f64;
                let (fill, ink) = value.map_or(("none".to_owned(), "currentColor"), |value| self.colours.shade(value));
                svg.rect("chart-cell", &fill, [x + 1.0, y + 1.0, cell - 2.0, ROW - 2.0]);
                let text = value.map_or_else(|| "–".to_owned(), |value| frame.numbers.plain(value));
                svg.coloured_text(
                    "chart-cell-value",
                    ink,
                    (x + cell / 2.0, y + ROW / 2.0 + 4.0),
                    Anchor::Middle,
                    SMALL + 0.5,
                    &text,
                );
            }
        }
        svg.finish(frame, "heat")
    }

    fn table(&self) -> DataTable {
        let mut heads = vec![self.head.clone()];
        heads.extend(self.columns.iter().cloned());
        let rows = self
            .rows
            .iter()
            .map(|(name, cells)| {
                let mut row = vec![name.clone()];
                row.extend((0..self.columns.len()).map(|index| {
                    let value = cells.get(index).copied().flatten();
                    value.map_or_else(|| "–".to_owned(), |value| self.frame.numbers.plain(value))
                }));
                row
            })
            .collect();
        DataTable { heads, rows }
    }
}

impl HeatColours {
    /// Fill of a cell, and a text colour with a contrast of at least 4.5 to 1 on it.
    pub(crate) fn shade(self, value: f64) -> (String, &'static str) {
        let share = |from: f64, to: f64| if to == from { 0.5 } else { ((value - from) / (to - from)).clamp(0.0, 1.0) };
        let (colour, depth) = match self {
            Self::Rising(low, high) => ([14.0, 88.0, 119.0], share(low, high)),
            Self::Around(low, middle, _) if value < middle => ([176.0, 96.0, 16.0], share(middle, low)),
            Self::Around(_, middle, high) => ([14.0, 88.0, 119.0], share(middle, high)),
        };
        let mixed = colour.map(|channel| 255.0 + (channel - 255.0) * (0.06 + 0.86 * depth));
        let [red, green, blue] = mixed.map(|channel| channel.round() as u8);
        // Relative luminance; the sRGB curve by a cubic, because `powf` differs between machines. Black and white
        // have the same contrast (4.58) where it is 0.179.
        let linear = mixed.map(|channel| {
            let value = channel / 255.0;
            value * (value * (value * 0.305_306_011 + 0.682_171_111) + 0.012_522_878)
        });
        let luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
        (format!("#{red:02x}{green:02x}{blue:02x}"), if luminance > 0.179 { "#000000" } else { "#ffffff" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Numbers;

    #[test]
    fn text_reads_on_every_shade() {
        for colours in [HeatColours::Rising(0.0, 1.0), HeatColours::Around(0.0, 0.5, 1.0)] {
            let heat = Heat {
                frame: Frame::new("h", "h", "", Numbers::point(1)),
                head: String::new(),
                columns: vec![],
                rows: vec![],
                colours,
            };
            for step in 0..=100 {
                let (fill, ink) = heat.colours.shade(f64::from(step) / 100.0);
                let contrast = contrast(&fill, ink);
                assert!(contrast >= 4.5, "{colours:?} {step}: {fill} {ink} {contrast}");
            }
        }
    }

    /// Contrast ratio of WCAG 2.2.
    fn contrast(one: &str, other: &str) -> f64 {
        let luminance = |colour: &str| {
            let channel = |at: usize| {
                let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
                if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
        };
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }
}
