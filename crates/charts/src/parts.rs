//! Parts of a whole: one bar a row, cut where the parts meet. For distributions over the levels of a scale.

use crate::svg::{Anchor, FONT, SERIES, SMALL, Svg, fit, text_width};
use crate::{Chart, DataTable, Frame, Scale};

/// A whole with its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct WholeRow {
    /// Its name.
    pub label: String,
    /// One value for each part, not below 0; `None` prints a dash in the table.
    pub values: Vec<Option<f64>>,
    /// Number of people behind it; printed in small letters.
    pub n: Option<u64>,
}

/// Bars of equal length cut into parts. The value is printed below each part that is wide enough; the table has all.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// Title, size, numbers.
    pub frame: Frame,
    /// Heads of the label column and of the n column in the table.
    pub heads: [String; 2],
    /// Names of the parts, in their order.
    pub parts: Vec<String>,
    /// The rows, from the top.
    pub rows: Vec<WholeRow>,
}

const BAR: f64 = 14.0;
const ROW: f64 = 35.0;

impl Parts {
    /// Names of the parts with their colours, in as many lines as they need; gives the height used.
    fn legend(&self, svg: &mut Svg) -> f64 {
        let (mut x, mut y) = (0.0, 3.0);
        for (index, name) in self.parts.iter().enumerate() {
            let shown = fit(name, self.frame.width - 20.0, SMALL).concat();
            let width = 14.0 + text_width(&shown, SMALL);
            if x > 0.0 && x + width > self.frame.width {
                (x, y) = (0.0, y + 16.0);
            }
            svg.marker(index, (x + 5.0, y + 5.0), 4.6);
            svg.text("chart-legend", (x + 14.0, y + 9.0), Anchor::Start, SMALL, &shown);
            x += width + 16.0;
        }
        y + 20.0
    }
}

impl Chart for Parts {
    fn svg(&self) -> String {
        let frame = &self.frame;
        let label_width =
            self.rows.iter().map(|row| text_width(&row.label, FONT) + 8.0).fold(40.0, f64::max).min(frame.width * 0.34);
        let n_width = if self.rows.iter().any(|row| row.n.is_some()) { 58.0 } else { 0.0 };
        let mut svg = Svg::new(frame.width, 0.0);
        let top = self.legend(&mut svg);
        svg.grow(top + ROW * self.rows.len() as f64);
        for (index, row) in self.rows.iter().enumerate() {
            let y = top + ROW * index as f64;
            let lines = fit(&row.label, label_width - 8.0, FONT);
            for (line, text) in lines.iter().enumerate() {
                let offset = (line as f64 - (lines.len() as f64 - 1.0) / 2.0) * FONT;
                svg.text("chart-label", (label_width - 8.0, y + BAR / 2.0 + 4.3 + offset), Anchor::End, FONT, text);
            }
            let whole: f64 = row.values.iter().flatten().sum();
            let scale = Scale::new((0.0, whole), (label_width, frame.width - n_width - 6.0));
            let mut from = 0.0;
            for (part, value) in row.values.iter().enumerate() {
                let Some(value) = value.filter(|value| *value > 0.0 && whole > 0.0) else { continue };
                let (left, right) = (scale.at(from), scale.at(from + value));
                // A gap of half a unit on each side, so that neighbours part in grey as well.
                svg.rect(
                    &class_of(part),
                    SERIES[part % SERIES.len()],
                    [left + 0.5, y, (right - left - 1.0).max(0.5), BAR],
                );
                let text = frame.numbers.value(value);
                if text_width(&text, SMALL) + 4.0 <= right - left {
                    let middle = f64::midpoint(left, right);
                    svg.text("chart-value", (middle, y + BAR + SMALL + 1.0), Anchor::Middle, SMALL, &text);
                }
                from += value;
            }
            if let Some(n) = row.n {
                let text = format!("n = {n}");
                svg.text("chart-n chart-muted", (frame.width, y + BAR / 2.0 + 4.0), Anchor::End, SMALL, &text);
            }
        }
        svg.finish(frame, "parts")
    }

    fn table(&self) -> DataTable {
        let with_n = self.rows.iter().any(|row| row.n.is_some());
        let mut heads = vec![self.heads[0].clone()];
        heads.extend(self.parts.iter().cloned());
        heads.extend(with_n.then(|| self.heads[1].clone()));
        let cells = |row: &WholeRow| {
            let mut cells = vec![row.label.clone()];
            cells.extend((0..self.parts.len()).map(|part| {
                let value = row.values.get(part).copied().flatten();
                value.map_or_else(|| "–".to_owned(), |value| self.frame.numbers.plain(value))
            }));
            cells.extend(with_n.then(|| row.n.map_or_else(String::new, |n| n.to_string())));
            cells
        };
        DataTable { heads, rows: self.rows.iter().map(cells).collect() }
    }
}

fn class_of(part: usize) -> String {
    format!("chart-bar chart-s{}", part % SERIES.len() + 1)
}
