//! Points of two values: marks against monitoring, one subject against another.

use crate::svg::{Anchor, SMALL, Svg, text_width};
use crate::{Chart, DataTable, Frame, Scale, nice_ticks};

/// A point.
#[derive(Debug, Clone, PartialEq)]
pub struct ScatterPoint {
    /// Its name, for the table; printed beside the point when [`Scatter::names`] is set.
    pub label: String,
    /// Across.
    pub x: f64,
    /// Up.
    pub y: f64,
    /// Number of people behind it.
    pub n: Option<u64>,
}

/// A scatter diagram.
#[derive(Debug, Clone, PartialEq)]
pub struct Scatter {
    /// Title, size, numbers.
    pub frame: Frame,
    /// Heads of the table: label, x, y, n. Those of x and y name the axes.
    pub heads: [String; 4],
    /// The points.
    pub points: Vec<ScatterPoint>,
    /// Axis of x; `None` takes round numbers around the data.
    pub x_range: Option<(f64, f64)>,
    /// Axis of y.
    pub y_range: Option<(f64, f64)>,
    /// Whether to draw the line on which both values are equal.
    pub diagonal: bool,
    /// Whether to print the names beside the points.
    pub names: bool,
}

impl Chart for Scatter {
    fn svg(&self) -> String {
        let frame = &self.frame;
        let (x_ticks, x_step) = ticks_of(self.x_range, self.points.iter().map(|point| point.x));
        let (y_ticks, y_step) = ticks_of(self.y_range, self.points.iter().map(|point| point.y));
        let left =
            y_ticks.iter().map(|tick| text_width(&frame.numbers.tick(*tick, y_step), SMALL)).fold(0.0, f64::max) + 10.0;
        let (top, right) = (22.0, frame.width - 10.0);
        let bottom = top + (frame.width * 0.62).min(420.0);
        let x_range = (x_ticks[0], x_ticks[x_ticks.len() - 1]);
        let y_range = (y_ticks[0], y_ticks[y_ticks.len() - 1]);
        let (x, y) = (Scale::new(x_range, (left, right)), Scale::new(y_range, (bottom, top)));

        let mut svg = Svg::new(frame.width, bottom + 36.0);
        for tick in y_ticks {
            svg.line("chart-grid", (left, y.at(tick)), (right, y.at(tick)), 0.16, 1.0);
            svg.text(
                "chart-tick chart-muted",
                (left - 6.0, y.at(tick) + 3.8),
                Anchor::End,
                SMALL,
                &frame.numbers.tick(tick, y_step),
            );
        }
        for tick in x_ticks {
            svg.line("chart-grid", (x.at(tick), top), (x.at(tick), bottom), 0.16, 1.0);
            svg.text(
                "chart-tick chart-muted",
                (x.at(tick), bottom + 14.0),
                Anchor::Middle,
                SMALL,
                &frame.numbers.tick(tick, x_step),
            );
        }
        svg.text("chart-axis-name", (0.0, 12.0), Anchor::Start, SMALL, &self.heads[2]);
        svg.text("chart-axis-name", (right, bottom + 30.0), Anchor::End, SMALL, &self.heads[1]);
        let (low, high) = (x_range.0.max(y_range.0), x_range.1.min(y_range.1));
        if self.diagonal && low < high {
            svg.dashes("chart-reference", (x.at(low), y.at(low)), (x.at(high), y.at(high)));
        }
        // Names are put right of their point, or left of it where they would leave the picture; a name that would lie
        // on one already printed is left out: the table has them all.
        let mut taken: Vec<[f64; 4]> = Vec::new();
        for point in &self.points {
            svg.marker(0, (x.held(point.x), y.held(point.y)), 4.0);
        }
        for point in self.points.iter().filter(|_| self.names) {
            let (px, py) = (x.held(point.x), y.held(point.y));
            let width = text_width(&point.label, SMALL);
            let (anchor, from) = if px + 7.0 + width < frame.width {
                (Anchor::Start, px + 7.0)
            } else {
                (Anchor::End, px - 7.0 - width)
            };
            let area = [from, py - SMALL / 2.0, from + width, py + SMALL / 2.0];
            if taken
                .iter()
                .any(|other| area[0] < other[2] && other[0] < area[2] && area[1] < other[3] && other[1] < area[3])
            {
                continue;
            }
            taken.push(area);
            let at = if matches!(anchor, Anchor::Start) { from } else { from + width };
            svg.text("chart-label", (at, py + 3.8), anchor, SMALL, &point.label);
        }
        svg.finish(frame, "scatter")
    }

    fn table(&self) -> DataTable {
        let numbers = &self.frame.numbers;
        let rows = self
            .points
            .iter()
            .map(|point| {
                vec![
                    point.label.clone(),
                    numbers.plain(point.x),
                    numbers.plain(point.y),
                    point.n.map_or_else(String::new, |n| n.to_string()),
                ]
            })
            .collect();
        DataTable { heads: self.heads.to_vec(), rows }
    }
}

fn ticks_of(range: Option<(f64, f64)>, values: impl Iterator<Item = f64> + Clone) -> (Vec<f64>, f64) {
    let (low, high) = range
        .unwrap_or_else(|| (values.clone().fold(f64::INFINITY, f64::min), values.fold(f64::NEG_INFINITY, f64::max)));
    nice_ticks(low, high, 6)
}
