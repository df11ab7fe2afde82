//! One result with its error on a scale that is divided into named zones, such as levels.

use crate::svg::{Anchor, FONT, SERIES, SMALL, Svg, fit, text_width};
use crate::{Chart, DataTable, Frame, Scale};

/// A zone of the scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// Its name.
    pub name: String,
    /// A word below it, as how likely it is; may be empty.
    pub note: String,
    /// Where it begins; none for the lowest.
    pub from: Option<f64>,
}

/// A result on a band of zones.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Title, size, numbers.
    pub frame: Frame,
    /// Heads of the table: zone, note, from.
    pub heads: [String; 3],
    /// The ends of the scale.
    pub range: (f64, f64),
    /// The zones, from the lowest.
    pub zones: Vec<Zone>,
    /// The result.
    pub value: f64,
    /// Its range: one error to each side.
    pub interval: (f64, f64),
    /// What is printed at the result.
    pub label: String,
}

impl Chart for Band {
    fn svg(&self) -> String {
        let frame = &self.frame;
        let across = Scale::new(self.range, (6.0, frame.width - 6.0));
        let mut svg = Svg::new(frame.width, 88.0);
        let ends: Vec<f64> = self
            .zones
            .iter()
            .map(|zone| zone.from.unwrap_or(self.range.0))
            .chain(std::iter::once(self.range.1))
            .map(|at| across.held(at))
            .collect();
        for (index, zone) in self.zones.iter().enumerate() {
            let (from, to) = (ends[index], ends[index + 1]);
            let series = index % SERIES.len();
            let class = format!("chart-bar chart-s{}", series + 1);
            svg.rect(&class, SERIES[series], [from + 0.5, 30.0, to - from - 1.0, 9.0]);
            let name = fit(&zone.name, (to - from - 4.0).max(20.0), FONT);
            let name = if name.len() > 1 { format!("{}…", name[0]) } else { name[0].clone() };
            svg.text("chart-label", (f64::midpoint(from, to), 11.0), Anchor::Middle, FONT, &name);
            svg.text("chart-muted", (f64::midpoint(from, to), 24.0), Anchor::Middle, SMALL, &zone.note);
        }
        for zone in self.zones.iter().filter_map(|zone| zone.from) {
            let x = across.held(zone);
            svg.dashes("chart-reference", (x, 28.0), (x, 57.0));
            svg.text("chart-tick chart-muted", (x, 86.0), Anchor::Middle, SMALL, &frame.numbers.plain(zone));
        }
        for (end, anchor, x) in [(self.range.0, Anchor::Start, 6.0), (self.range.1, Anchor::End, frame.width - 6.0)] {
            svg.text("chart-tick chart-muted", (x, 86.0), anchor, SMALL, &frame.numbers.plain(end));
        }
        svg.line("chart-axis", (6.0, 52.0), (frame.width - 6.0, 52.0), 0.3, 1.0);
        let (low, high) = (across.held(self.interval.0), across.held(self.interval.1));
        svg.line("chart-interval", (low, 52.0), (high, 52.0), 0.9, 4.0);
        let x = across.held(self.value);
        svg.line("chart-interval", (x, 40.0), (x, 52.0), 0.9, 1.5);
        svg.circle("chart-mark", "currentColor", (x, 52.0), 5.5);
        let half = text_width(&self.label, FONT + 1.0) / 2.0 + 2.0;
        let at = x.clamp(half, (frame.width - half).max(half));
        svg.text("chart-value", (at, 71.0), Anchor::Middle, FONT + 1.0, &self.label);
        svg.finish(frame, "band")
    }

    fn table(&self) -> DataTable {
        let row = |zone: &Zone| {
            let from = zone.from.unwrap_or(self.range.0);
            vec![zone.name.clone(), zone.note.clone(), self.frame.numbers.plain(from)]
        };
        DataTable { heads: self.heads.to_vec(), rows: self.zones.iter().map(row).collect() }
    }
}
