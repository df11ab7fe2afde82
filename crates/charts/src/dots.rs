//! Dots with intervals: values with their uncertainty, places, differences.

use crate::bars::Reference;
use crate::svg::{Anchor, FONT, SMALL, Svg, fit, text_width};
use crate::{Chart, DataTable, Frame, Scale, nice_ticks};

/// A row: a value with its interval.
#[derive(Debug, Clone, PartialEq)]
pub struct DotRow {
    /// Its name.
    pub label: String,
    /// The value; `None` prints a dash.
    pub value: Option<f64>,
    /// Lower and upper end of the interval.
    pub interval: Option<(f64, f64)>,
    /// Number of people behind it.
    pub n: Option<u64>,
}

/// Dots with intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct Dots {
    /// Title, size, numbers.
    pub frame: Frame,
    /// Heads of the table: label, value, from, to, n.
    pub heads: [String; 5],
    /// The rows, from the top.
    pub rows: Vec<DotRow>,
    /// The axis; `None` takes round numbers around the data.
    pub range: Option<(f64, f64)>,
    /// A line across all rows.
    pub reference: Option<Reference>,
}

const ROW: f64 = 21.0;

impl Chart for Dots {
    fn svg(&self) -> String {
        let frame = &self.frame;
        let label_width =
            self.rows.iter().map(|row| text_width(&row.label, FONT) + 8.0).fold(40.0, f64::max).min(frame.width * 0.38);
        let n_width = if self.rows.iter().any(|row| row.n.is_some()) { 58.0 } else { 0.0 };
        let values: Vec<f64> = self
            .rows
            .iter()
            .flat_map(|row| row.value.into_iter().chain(row.interval.into_iter().flat_map(|(low, high)| [low, high])))
            .chain(self.reference.as_ref().map(|line| line.value))
            .collect();
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (ticks, step) = match self.range {
            Some((low, high)) => nice_ticks(low, high, 6),
            None => nice_ticks(low, high, 6),
        };
        let (low, high) = self.range.unwrap_or((ticks[0], ticks[ticks.len() - 1]));
        let value_width =
            self.rows.iter().filter_map(|row| row.value).map(|value| text_width(&frame.numbers.value(value), FONT));
        let right = frame.width - n_width - value_width.fold(20.0, f64::max) - 12.0;
        let scale = Scale::new((low, high), (label_width + 6.0, right));
        let top = if self.reference.is_some() { 20.0 } else { 4.0 };
        let bottom = top + ROW * self.rows.len() as f64;

        let mut svg = Svg::new(frame.width, bottom + 20.0);
        for tick in ticks.into_iter().filter(|tick| *tick >= low - step * 1e-6 && *tick <= high + step * 1e-6) {
            let x = scale.at(tick);
            svg.line("chart-grid", (x, top), (x, bottom), 0.16, 1.0);
            svg.text(
                "chart-tick chart-muted",
                (x, bottom + 14.0),
                Anchor::Middle,
                SMALL,
                &frame.numbers.tick(tick, step),
            );
        }
        if let Some(line) = &self.reference {
            let x = scale.held(line.value);
            svg.dashes("chart-reference", (x, top - 4.0), (x, bottom));
            let text = format!("{}: {}", line.label, frame.numbers.value(line.value));
            let half = text_width(&text, SMALL) / 2.0;
            let x = x.clamp(half, (frame.width - half).max(half));
            svg.text("chart-reference", (x, top - 8.0), Anchor::Middle, SMALL, &text);
        }
        for (index, row) in self.rows.iter().enumerate() {
            let y = top + ROW * (index as f64 + 0.5);
            let lines = fit(&row.label, label_width - 8.0, FONT);
            // One line for a row: what does not fit is cut, the table has it whole.
            let text = if lines.len() > 1 { format!("{}…", lines[0]) } else { lines[0].clone() };
            svg.text("chart-label", (label_width - 8.0, y + 4.3), Anchor::End, FONT, &text);
            if let Some((from, to)) = row.interval {
                svg.line("chart-interval", (scale.held(from), y), (scale.held(to), y), 0.65, 2.0);
                for end in [from, to] {
                    svg.line("chart-interval", (scale.held(end), y - 4.0), (scale.held(end), y + 4.0), 0.65, 1.5);
                }
            }
            if let Some(value) = row.value {
                svg.marker(0, (scale.held(value), y), 4.6);
            }
            let text = row.value.map_or_else(|| "–".to_owned(), |value| frame.numbers.value(value));
            svg.text("chart-value", (frame.width - n_width - 4.0, y + 4.3), Anchor::End, FONT, &text);
            if let Some(n) = row.n {
                svg.text("chart-n chart-muted", (frame.width, y + 4.0), Anchor::End, SMALL, &format!("n = {n}"));
            }
        }
        svg.finish(frame, "dots")
    }

    fn table(&self) -> DataTable {
        let number = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| self.frame.numbers.plain(value));
        let rows = self
            .rows
            .iter()
            .map(|row| {
                vec![
                    row.label.clone(),
                    number(row.value),
                    number(row.interval.map(|interval| interval.0)),
                    number(row.interval.map(|interval| interval.1)),
                    row.n.map_or_else(String::new, |n| n.to_string()),
                ]
            })
            .collect();
        DataTable { heads: self.heads.to_vec(), rows }
    }
}
