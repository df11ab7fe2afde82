//! Horizontal bars: one or several values for each row, printed beside the bar, with n.

use crate::svg::{Anchor, FONT, SERIES, SMALL, Svg, fit, text_width};
use crate::{Chart, DataTable, Frame, Scale, nice_ticks};

/// A dashed line across all rows, as for the mean of the campaign.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// What it is; printed above the line.
    pub label: String,
    /// Where it is.
    pub value: f64,
}

/// A row of bars.
#[derive(Debug, Clone, PartialEq)]
pub struct BarRow {
    /// Its name.
    pub label: String,
    /// One value for each series; `None` prints a dash.
    pub values: Vec<Option<f64>>,
    /// Number of people behind it; printed in small letters.
    pub n: Option<u64>,
}

impl BarRow {
    /// A row with one value.
    pub fn new(label: impl Into<String>, value: f64) -> Self {
        Self { label: label.into(), values: vec![Some(value)], n: None }
    }

    /// With the number of people behind it.
    #[must_use]
    pub fn with_n(mut self, n: u64) -> Self {
        self.n = Some(n);
        self
    }
}

/// Horizontal bars. Values below 0 are drawn as 0: for differences take [`crate::Dots`].
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// Title, size, numbers.
    pub frame: Frame,
    /// Heads of the label column and of the n column in the table.
    pub heads: [String; 2],
    /// Name of each series; with more than one a legend is drawn.
    pub series: Vec<String>,
    /// The rows, from the top.
    pub rows: Vec<BarRow>,
    /// End of the axis; `None` takes the first round number above the largest value.
    pub maximum: Option<f64>,
    /// A line across all rows.
    pub reference: Option<Reference>,
}

const BAR: f64 = 13.0;
const GAP: f64 = 9.0;

impl Chart for Bars {
    fn svg(&self) -> String {
        let frame = &self.frame;
        let series = self.series.len().max(1);
        let label_width =
            self.rows.iter().map(|row| text_width(&row.label, FONT) + 8.0).fold(40.0, f64::max).min(frame.width * 0.38);
        let values = || self.rows.iter().flat_map(|row| row.values.iter().flatten().copied());
        let largest = values().chain(self.reference.as_ref().map(|line| line.value)).fold(0.0, f64::max);
        let maximum = self
            .maximum
            .unwrap_or_else(|| nice_ticks(0.0, largest.max(f64::MIN_POSITIVE), 5).0.last().copied().unwrap_or(1.0));
        let value_width =
            values().map(|value| text_width(&frame.numbers.value(value), FONT)).fold(20.0, f64::max) + 6.0;
        let n_width = if self.rows.iter().any(|row| row.n.is_some()) { 58.0 } else { 0.0 };
        let apart = if self.reference.is_some() { 6.0 } else { 0.0 };
        let right = frame.width - value_width - n_width - apart;
        let legend = if series > 1 { 20.0 } else { 0.0 };
        let top = legend + if self.reference.is_some() { 18.0 } else { 4.0 };
        let labels: Vec<Vec<String>> = self.rows.iter().map(|row| fit(&row.label, label_width - 8.0, FONT)).collect();
        // A name of two lines takes the room that it needs.
        let height = |index: usize| (BAR * series as f64).max(FONT * labels[index].len() as f64) + GAP;
        let tops: Vec<f64> = (0..self.rows.len())
            .scan(top, |next, index| Some(std::mem::replace(next, *next + height(index))))
            .collect();
        let bottom = top + (0..self.rows.len()).map(height).sum::<f64>();
        let scale = Scale::new((0.0, maximum), (label_width, right));

        let mut svg = Svg::new(frame.width, bottom + 20.0);
        let (ticks, step) = nice_ticks(0.0, maximum, 5);
        for tick in ticks.into_iter().filter(|tick| *tick <= maximum * 1.000_001) {
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
        if series > 1 {
            let mut x = label_width;
            for (index, name) in self.series.iter().enumerate() {
                svg.rect(&class_of(index), SERIES[index % SERIES.len()], [x, 3.0, 10.0, 10.0]);
                svg.text("chart-legend", (x + 14.0, 12.0), Anchor::Start, SMALL, name);
                x += 30.0 + text_width(name, SMALL);
            }
        }
        for (index, row) in self.rows.iter().enumerate() {
            let middle = tops[index] + height(index) / 2.0;
            let y = middle - BAR * series as f64 / 2.0;
            let lines = &labels[index];
            for (line, text) in lines.iter().enumerate() {
                let offset = (line as f64 - (lines.len() as f64 - 1.0) / 2.0) * FONT;
                svg.text("chart-label", (label_width - 8.0, middle + 4.3 + offset), Anchor::End, FONT, text);
            }
            for (which, value) in row.values.iter().enumerate() {
                let y = y + BAR * which as f64;
                let end = value.map_or(label_width, |value| scale.held(value.max(0.0)));
                if value.is_some() {
                    let inner = if series > 1 { 1.0 } else { 0.0 };
                    svg.rect(
                        &class_of(which),
                        SERIES[which % SERIES.len()],
                        [label_width, y + inner, end - label_width, BAR - 2.0 * inner],
                    );
                }
                let text = value.map_or_else(|| "–".to_owned(), |value| frame.numbers.value(value));
                let size = if series > 1 { SMALL } else { FONT };
                // A line across all rows would cross the numbers: then they stand in a column of their own.
                let (x, anchor) = match self.reference {
                    Some(_) => (right + value_width + apart - 4.0, Anchor::End),
                    None => (end + 5.0, Anchor::Start),
                };
                svg.text("chart-value", (x, y + BAR / 2.0 + size * 0.36), anchor, size, &text);
            }
            if let Some(n) = row.n {
                svg.text("chart-n chart-muted", (frame.width, middle + 4.0), Anchor::End, SMALL, &format!("n = {n}"));
            }
        }
        if let Some(line) = &self.reference {
            let x = scale.held(line.value);
            svg.dashes("chart-reference", (x, top - 3.0), (x, bottom));
            let text = format!("{}: {}", line.label, frame.numbers.value(line.value));
            let half = text_width(&text, SMALL) / 2.0;
            let x = x.clamp(half, (frame.width - half).max(half));
            svg.text("chart-reference", (x, top - 7.0), Anchor::Middle, SMALL, &text);
        }
        svg.line("chart-axis", (label_width, top), (label_width, bottom), 0.7, 1.0);
        svg.finish(frame, "bars")
    }

    fn table(&self) -> DataTable {
        let with_n = self.rows.iter().any(|row| row.n.is_some());
        let mut heads = vec![self.heads[0].clone()];
        heads.extend(self.series.iter().cloned());
        if with_n {
            heads.push(self.heads[1].clone());
        }
        let rows = self
            .rows
            .iter()
            .map(|row| {
                let mut cells = vec![row.label.clone()];
                cells.extend((0..self.series.len()).map(|index| {
                    let value = row.values.get(index).copied().flatten();
                    value.map_or_else(|| "–".to_owned(), |value| self.frame.numbers.plain(value))
                }));
                if with_n {
                    cells.push(row.n.map_or_else(String::new, |n| n.to_string()));
                }
                cells
            })
            .collect();
        DataTable { heads, rows }
    }
}

fn class_of(series: usize) -> String {
    format!("chart-bar chart-s{}", series % SERIES.len() + 1)
}
