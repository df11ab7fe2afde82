//! People and items on one scale (Wright 1977): where the test measures well, and where nobody is.

use crate::histogram::Bin;
use crate::svg::{Anchor, SERIES, SMALL, Svg, text_width};
use crate::{Chart, DataTable, Frame, Scale, nice_ticks};

/// Where an item lies.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemLocation {
    /// Short name: usually its number.
    pub label: String,
    /// Location on the scale of the people.
    pub location: f64,
}

/// A person-item map: people to the left, items to the right, high values on top.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonItemMap {
    /// Title, size, numbers.
    pub frame: Frame,
    /// Heads: scale, people, items.
    pub heads: [String; 3],
    /// People by class of the scale, rising, next to each other.
    pub people: Vec<Bin>,
    /// Items in any order.
    pub items: Vec<ItemLocation>,
}

impl PersonItemMap {
    /// From the first to the last border of the people, widened to hold every item.
    fn range(&self) -> (f64, f64) {
        let locations = self.items.iter().map(|item| item.location);
        let borders = self.people.iter().flat_map(|bin| [bin.from, bin.to]);
        locations
            .chain(borders)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
    }
}

impl Chart for PersonItemMap {
    fn svg(&self) -> String {
        let frame = &self.frame;
        let (low, high) = self.range();
        let (ticks, step) = nice_ticks(low, high, 8);
        let (top, bottom) = (26.0, 26.0 + 360.0);
        let scale = Scale::new((ticks[0], ticks[ticks.len() - 1]), (bottom, top));
        let axis = frame.width * 0.42;
        let largest = self.people.iter().map(|bin| bin.count).max().unwrap_or(0).max(1);
        let across = Scale::new((0.0, largest as f64), (axis - 44.0, 40.0));

        let mut svg = Svg::new(frame.width, bottom + 10.0);
        svg.text("chart-axis-name", (axis - 44.0, 12.0), Anchor::End, SMALL, &self.heads[1]);
        svg.text("chart-axis-name", (axis - 20.0, 12.0), Anchor::Middle, SMALL, &self.heads[0]);
        svg.text("chart-axis-name", (axis + 14.0, 12.0), Anchor::Start, SMALL, &self.heads[2]);
        for tick in ticks {
            svg.line("chart-grid", (40.0, scale.at(tick)), (frame.width - 6.0, scale.at(tick)), 0.12, 1.0);
            svg.text(
                "chart-tick chart-muted",
                (axis - 20.0, scale.at(tick) + 3.8),
                Anchor::Middle,
                SMALL,
                &frame.numbers.tick(tick, step),
            );
        }
        for bin in self.people.iter().filter(|bin| bin.count > 0) {
            let (y, end) = (scale.at(bin.to), across.at(bin.count as f64));
            let height = scale.at(bin.from) - y;
            svg.rect("chart-bar chart-s1", SERIES[0], [end, y + 0.5, axis - 44.0 - end, height - 1.0]);
            if height >= SMALL {
                svg.text(
                    "chart-n chart-muted",
                    (end - 4.0, y + height / 2.0 + 3.8),
                    Anchor::End,
                    SMALL,
                    &bin.count.to_string(),
                );
            }
        }
        svg.line("chart-axis", (axis, top), (axis, bottom), 0.7, 1.0);
        // Items in bands of one line of text; within a band side by side, in the order of their locations.
        let mut items: Vec<&ItemLocation> = self.items.iter().collect();
        items.sort_by(|one, other| one.location.total_cmp(&other.location).then_with(|| one.label.cmp(&other.label)));
        let band = SMALL + 1.5;
        let (mut current, mut x) = (f64::NAN, 0.0);
        for item in items {
            let y = scale.held(item.location);
            let of_band = bottom - ((bottom - y) / band).round() * band;
            if of_band != current {
                (current, x) = (of_band, axis + 14.0);
                svg.line("chart-interval", (axis, y), (axis + 8.0, y), 0.7, 1.0);
            }
            svg.text("chart-label", (x, of_band + 3.8), Anchor::Start, SMALL, &item.label);
            x += text_width(&item.label, SMALL) + 8.0;
        }
        svg.finish(frame, "person-item-map")
    }

    fn table(&self) -> DataTable {
        let numbers = &self.frame.numbers;
        let inside = |bin: &Bin, location: f64, last: bool| {
            location >= bin.from && (location < bin.to || (last && location == bin.to))
        };
        let mut rows = Vec::new();
        for (index, bin) in self.people.iter().enumerate().rev() {
            let last = index + 1 == self.people.len();
            let mut items: Vec<&ItemLocation> =
                self.items.iter().filter(|item| inside(bin, item.location, last)).collect();
            items.sort_by(|one, other| one.location.total_cmp(&other.location));
            let labels: Vec<&str> = items.iter().map(|item| item.label.as_str()).collect();
            rows.push(vec![
                format!("{}…{}", numbers.plain(bin.from), numbers.plain(bin.to)),
                bin.count.to_string(),
                labels.join(", "),
            ]);
        }
        // Items beyond the people, so that the table loses none.
        let outside = |item: &&ItemLocation| {
            !self
                .people
                .iter()
                .enumerate()
                .any(|(index, bin)| inside(bin, item.location, index + 1 == self.people.len()))
        };
        rows.extend(
            self.items
                .iter()
                .filter(outside)
                .map(|item| vec![numbers.plain(item.location), "0".to_owned(), item.label.clone()]),
        );
        DataTable { heads: self.heads.to_vec(), rows }
    }
}
