//! Lines over ordered places: trends over years, characteristic curves.

use crate::svg::{Anchor, SERIES, SMALL, Svg, text_width};
use crate::{Chart, DataTable, Frame, Scale, nice_ticks};

/// A point of a line.
#[derive(Debug, Clone, PartialEq)]
pub struct LinePoint {
    /// Across.
    pub x: f64,
    /// Up; `None` leaves a gap.
    pub y: Option<f64>,
}

/// A line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its name, printed at its end.
    pub name: String,
    /// Points with rising x.
    pub points: Vec<LinePoint>,
}

/// Lines, each with its own marker, so that they differ in grey as well.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    /// Title, size, numbers.
    pub frame: Frame,
    /// Name of x: head of the first column of the table.
    pub head: String,
    /// Name of y.
    pub axis: String,
    /// The lines; all with the same x.
    pub lines: Vec<Line>,
    /// Texts for the places of x (years, terms): value and text. Empty: numbers.
    pub places: Vec<(f64, String)>,
    /// Axis of y; `None` takes round numbers around the data.
    pub range: Option<(f64, f64)>,
    /// Whether to mark the points (not for curves).
    pub markers: bool,
}

impl Chart for Lines {
    fn svg(&self) -> String {
        let frame = &self.frame;
        let xs = || self.lines.iter().flat_map(|line| line.points.iter().map(|point| point.x));
        let ys = || self.lines.iter().flat_map(|line| line.points.iter().filter_map(|point| point.y));
        let (low, high) =
            self.range.unwrap_or_else(|| (ys().fold(f64::INFINITY, f64::min), ys().fold(f64::NEG_INFINITY, f64::max)));
        let (y_ticks, y_step) = nice_ticks(low, high, 5);
        let (from, to) = (xs().fold(f64::INFINITY, f64::min), xs().fold(f64::NEG_INFINITY, f64::max));
        let names =
            self.lines.iter().map(|line| text_width(&line.name, SMALL)).fold(0.0, f64::max).min(frame.width * 0.3);
        let left =
            y_ticks.iter().map(|tick| text_width(&frame.numbers.tick(*tick, y_step), SMALL)).fold(0.0, f64::max) + 10.0;
        let (top, bottom) = (22.0, 22.0 + (frame.width * 0.42).min(300.0));
        let right = frame.width - names - 14.0;
        let x = Scale::new((from, to), (left + 6.0, right));
        let y = Scale::new((y_ticks[0], y_ticks[y_ticks.len() - 1]), (bottom, top));

        let mut svg = Svg::new(frame.width, bottom + 34.0);
        svg.text("chart-axis-name", (0.0, 12.0), Anchor::Start, SMALL, &self.axis);
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
        if self.places.is_empty() {
            let (ticks, step) = nice_ticks(from, to, 7);
            for tick in ticks.into_iter().filter(|tick| *tick >= from && *tick <= to) {
                svg.text(
                    "chart-tick chart-muted",
                    (x.at(tick), bottom + 14.0),
                    Anchor::Middle,
                    SMALL,
                    &frame.numbers.tick(tick, step),
                );
            }
        }
        for (place, text) in &self.places {
            svg.text("chart-tick chart-muted", (x.at(*place), bottom + 14.0), Anchor::Middle, SMALL, text);
        }
        svg.text("chart-axis-name chart-muted", (right, bottom + 30.0), Anchor::End, SMALL, &self.head);
        let mut ends: Vec<(f64, usize)> = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            let class = format!("chart-line chart-l{}", index % SERIES.len() + 1);
            for run in line.points.split(|point| point.y.is_none()).filter(|run| !run.is_empty()) {
                let points: Vec<(f64, f64)> =
                    run.iter().filter_map(|point| Some((x.at(point.x), y.held(point.y?)))).collect();
                if points.len() > 1 {
                    svg.path(&class, SERIES[index % SERIES.len()], &points);
                }
                if self.markers || points.len() == 1 {
                    for point in points {
                        svg.marker(index, point, 3.8);
                    }
                }
            }
            if let Some(last) = line.points.iter().rev().find_map(|point| point.y) {
                ends.push((y.held(last), index));
            }
        }
        // Names at the ends of their lines, pushed down where they would cover each other, and together up again where
        // the last would leave the picture.
        ends.sort_by(|one, other| one.0.total_cmp(&other.0));
        let line = SMALL + 2.0;
        let mut lowest = f64::NEG_INFINITY;
        for end in &mut ends {
            end.0 = end.0.max(lowest + line);
            lowest = end.0;
        }
        let mut highest = bottom;
        for end in ends.iter_mut().rev() {
            end.0 = end.0.min(highest);
            highest = end.0 - line;
        }
        for (end, index) in ends {
            svg.text("chart-label", (right + 10.0, end + 3.8), Anchor::Start, SMALL, &self.lines[index].name);
        }
        svg.finish(frame, "lines")
    }

    fn table(&self) -> DataTable {
        let numbers = &self.frame.numbers;
        let mut heads = vec![self.head.clone()];
        heads.extend(self.lines.iter().map(|line| line.name.clone()));
        let mut xs: Vec<f64> = self.lines.iter().flat_map(|line| line.points.iter().map(|point| point.x)).collect();
        xs.sort_by(f64::total_cmp);
        xs.dedup();
        let rows = xs
            .into_iter()
            .map(|x| {
                let place = self.places.iter().find(|place| place.0 == x);
                let mut row = vec![place.map_or_else(|| numbers.plain(x), |place| place.1.clone())];
                row.extend(self.lines.iter().map(|line| {
                    let value = line.points.iter().find(|point| point.x == x).and_then(|point| point.y);
                    value.map_or_else(|| "–".to_owned(), |value| numbers.plain(value))
                }));
                row
            })
            .collect();
        DataTable { heads, rows }
    }
}
