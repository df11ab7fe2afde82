//! The distribution of a value over people.

use crate::bars::Reference;
use crate::svg::{Anchor, SERIES, SMALL, Svg, text_width};
use crate::{Chart, DataTable, Frame, Scale, nice_ticks};

/// A class of values: `from` inclusive, `to` exclusive (the last one inclusive).
#[derive(Debug, Clone, PartialEq)]
pub struct Bin {
    /// Lower border.
    pub from: f64,
    /// Upper border.
    pub to: f64,
    /// People in it.
    pub count: u64,
}

/// A histogram. For whole scores take bins from score - 0.5 to score + 0.5 and `whole = true`.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// Title, size, numbers.
    pub frame: Frame,
    /// Heads of the table: value, people. Also the names of the axes.
    pub heads: [String; 2],
    /// Bins next to each other, rising.
    pub bins: Vec<Bin>,
    /// Whether each bin stands for one whole number.
    pub whole: bool,
    /// Lines, as for the mean or a border between levels.
    pub marks: Vec<Reference>,
}

const HEIGHT: f64 = 220.0;

impl Chart for Histogram {
    fn svg(&self) -> String {
        let frame = &self.frame;
        let largest = self.bins.iter().map(|bin| bin.count).max().unwrap_or(0).max(1);
        let (ticks, step) = nice_ticks(0.0, largest as f64, 4);
        let high = ticks[ticks.len() - 1];
        let left =
            ticks.iter().map(|tick| text_width(&frame.numbers.tick(*tick, step), SMALL)).fold(0.0, f64::max) + 10.0;
        let top = 20.0 + 14.0 * self.marks.len() as f64;
        let bottom = top + HEIGHT;
        let from = self.bins.first().map_or(0.0, |bin| bin.from);
        let to = self.bins.last().map_or(1.0, |bin| bin.to);
        let (x, y) = (Scale::new((from, to), (left, frame.width - 6.0)), Scale::new((0.0, high), (bottom, top)));

        let mut svg = Svg::new(frame.width, bottom + 36.0);
        svg.text("chart-axis-name chart-muted", (0.0, 12.0), Anchor::Start, SMALL, &self.heads[1]);
        for tick in ticks {
            svg.line("chart-grid", (left, y.at(tick)), (frame.width - 6.0, y.at(tick)), 0.16, 1.0);
            svg.text(
                "chart-tick chart-muted",
                (left - 6.0, y.at(tick) + 3.8),
                Anchor::End,
                SMALL,
                &frame.numbers.tick(tick, step),
            );
        }
        for bin in &self.bins {
            let (start, end) = (x.at(bin.from), x.at(bin.to));
            svg.rect(
                "chart-bar chart-s1",
                SERIES[0],
                [start + 0.75, y.at(bin.count as f64), end - start - 1.5, bottom - y.at(bin.count as f64)],
            );
        }
        svg.line("chart-axis", (left, bottom), (frame.width - 6.0, bottom), 0.7, 1.0);
        let (labels, step) = if self.whole { whole_ticks(from, to) } else { nice_ticks(from, to, 10) };
        for tick in labels.into_iter().filter(|tick| *tick >= from && *tick <= to) {
            svg.text(
                "chart-tick chart-muted",
                (x.at(tick), bottom + 14.0),
                Anchor::Middle,
                SMALL,
                &frame.numbers.tick(tick, step),
            );
        }
        svg.text("chart-axis-name chart-muted", (frame.width - 6.0, bottom + 30.0), Anchor::End, SMALL, &self.heads[0]);
        for (index, mark) in self.marks.iter().enumerate() {
            let line = 26.0 + 14.0 * index as f64;
            svg.dashes("chart-reference", (x.held(mark.value), line), (x.held(mark.value), bottom));
            let text = format!("{}: {}", mark.label, frame.numbers.value(mark.value));
            let fits = x.held(mark.value) + 5.0 + text_width(&text, SMALL) < frame.width;
            let (anchor, offset) = if fits { (Anchor::Start, 5.0) } else { (Anchor::End, -5.0) };
            svg.text("chart-reference", (x.held(mark.value) + offset, line + 4.0), anchor, SMALL, &text);
        }
        svg.finish(frame, "histogram")
    }

    fn table(&self) -> DataTable {
        let numbers = &self.frame.numbers;
        let rows = self
            .bins
            .iter()
            .map(|bin| {
                let name = if self.whole {
                    numbers.tick(f64::midpoint(bin.from, bin.to), 1.0)
                } else {
                    format!("{}–{}", numbers.plain(bin.from), numbers.plain(bin.to))
                };
                vec![name, bin.count.to_string()]
            })
            .collect();
        DataTable { heads: self.heads.to_vec(), rows }
    }
}

/// Whole numbers at steps of 1, 2, 5, 10, ..., at most about ten of them.
fn whole_ticks(from: f64, to: f64) -> (Vec<f64>, f64) {
    let mut step = 1.0;
    for factor in [2.0, 2.5, 2.0].iter().cycle() {
        if (to - from) / step <= 12.0 {
            break;
        }
        step *= factor;
    }
    let first = (from / step).ceil() as i64;
    let last = (to / step).floor() as i64;
    ((first..=last).map(|place| place as f64 * step).collect(), step)
}
