//! Small multiples: the same rows in several panels, each panel with its own scale.

use crate::svg::{Anchor, FONT, SERIES, SMALL, Svg, fit, text_width};
use crate::{Chart, DataTable, Frame, Scale, nice_ticks};

/// A panel: what it shows, and one value for each row.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Name.
    pub name: String,
    /// Values by row; `None` prints a dash.
    pub values: Vec<Option<f64>>,
    /// Decimals of its values.
    pub decimals: u32,
}

/// Panels of bars side by side, in as many strips as they need.
#[derive(Debug, Clone, PartialEq)]
pub struct Multiples {
    /// Title, size, numbers; each panel has its own decimals.
    pub frame: Frame,
    /// Head of the label column in the table.
    pub head: String,
    /// Names of the rows, from the top.
    pub rows: Vec<String>,
    /// Panels.
    pub panels: Vec<Panel>,
}

const ROW: f64 = 19.0;
const BAR: f64 = 11.0;
const PANEL: f64 = 118.0;
const HEAD: f64 = 32.0;

impl Multiples {
    fn value(&self, panel: &Panel, value: Option<f64>) -> String {
        let numbers = crate::Numbers { decimals: panel.decimals, ..self.frame.numbers.clone() };
        value.map_or_else(|| "–".to_owned(), |value| numbers.plain(value))
    }

    fn panel(&self, svg: &mut Svg, panel: &Panel, (left, top): (f64, f64), width: f64) {
        let lines = fit(&panel.name, width - 6.0, SMALL);
        for (line, text) in lines.iter().enumerate() {
            let y = top + HEAD - 9.0 - 12.0 * (lines.len() - 1 - line) as f64;
            svg.text("chart-panel", (left, y), Anchor::Start, SMALL, text);
        }
        let texts: Vec<String> = panel.values.iter().map(|value| self.value(panel, *value)).collect();
        let room = texts.iter().map(|text| text_width(text, SMALL)).fold(10.0, f64::max) + 8.0;
        let low = panel.values.iter().flatten().copied().fold(0.0, f64::min);
        let high = panel.values.iter().flatten().copied().fold(0.0, f64::max);
        let (ticks, _) = nice_ticks(low, if high > low { high } else { low + 1.0 }, 3);
        let scale = Scale::new((low.min(ticks[0]), ticks[ticks.len() - 1]), (left, left + width - room - 8.0));
        let zero = scale.at(0.0);
        for (row, (value, text)) in panel.values.iter().zip(&texts).enumerate() {
            let y = top + HEAD + ROW * row as f64 + (ROW - BAR) / 2.0;
            let end = value.map_or(zero, |value| scale.held(value));
            if value.is_some() {
                svg.rect("chart-bar chart-s1", SERIES[0], [zero.min(end), y, (end - zero).abs(), BAR]);
            }
            svg.text("chart-value", (zero.max(end) + 4.0, y + BAR - 1.6), Anchor::Start, SMALL, text);
        }
        let bottom = top + HEAD + ROW * panel.values.len() as f64;
        svg.line("chart-axis", (zero, top + HEAD), (zero, bottom), 0.7, 1.0);
    }
}

impl Chart for Multiples {
    fn svg(&self) -> String {
        let frame = &self.frame;
        let label_width =
            self.rows.iter().map(|row| text_width(row, FONT) + 8.0).fold(40.0, f64::max).min(frame.width * 0.3);
        let across = (((frame.width - label_width) / PANEL) as usize).clamp(1, self.panels.len().max(1));
        let width = (frame.width - label_width) / across as f64;
        let strip = HEAD + ROW * self.rows.len() as f64 + 12.0;
        let strips = self.panels.len().div_ceil(across);
        let mut svg = Svg::new(frame.width, strip * strips as f64);
        for (number, panels) in self.panels.chunks(across).enumerate() {
            let top = strip * number as f64;
            for (row, name) in self.rows.iter().enumerate() {
                let lines = fit(name, label_width - 8.0, FONT);
                let text = if lines.len() > 1 { format!("{}…", lines[0]) } else { lines[0].clone() };
                let y = top + HEAD + ROW * row as f64 + ROW / 2.0 + 4.3;
                svg.text("chart-label", (label_width - 8.0, y), Anchor::End, FONT, &text);
            }
            for (place, panel) in panels.iter().enumerate() {
                self.panel(&mut svg, panel, (label_width + width * place as f64, top), width);
            }
        }
        svg.finish(frame, "multiples")
    }

    fn table(&self) -> DataTable {
        let mut heads = vec![self.head.clone()];
        heads.extend(self.panels.iter().map(|panel| panel.name.clone()));
        let cells = |(row, name): (usize, &String)| {
            let mut cells = vec![name.clone()];
            let values = |panel: &Panel| self.value(panel, panel.values.get(row).copied().flatten());
            cells.extend(self.panels.iter().map(values));
            cells
        };
        DataTable { heads, rows: self.rows.iter().enumerate().map(cells).collect() }
    }
}
