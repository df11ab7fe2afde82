//! A table on paper.

use kernel::Language;
use measures::table::Table;
use serde::Serialize;

use super::About;
use super::chart::{chart_caption, table_chart};
use super::text::{CellText, Head, cell_text, heads};
use crate::pdf::picture;
use crate::report::Imprint;
use crate::{Document, DocumentError, Labels, Pdf, Picture, Renderer, Template};

/// A row on paper.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Row {
    label: String,
    depth: u8,
    total: bool,
    cells: Vec<CellText>,
}

/// A sheet of paper.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
struct Paper {
    /// Name of the format.
    format: &'static str,
    /// Landscape.
    flipped: bool,
    /// Font size of the table in points.
    size: f64,
}

/// A table as its template reads it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableDocument {
    imprint: Imprint,
    title: String,
    scope: Vec<String>,
    source: String,
    row_heading: String,
    heads: Vec<Vec<Head>>,
    /// How much room each column needs, the row labels first; in letters.
    widths: Vec<f64>,
    sheet: Paper,
    rows: Vec<Row>,
    footnotes: Vec<String>,
    has_unknown: bool,
    chart_caption: String,
    #[serde(skip)]
    chart: Option<Picture>,
}

impl TableDocument {
    /// Puts a table and what stands around it together.
    pub fn new(table: &Table, about: &About) -> Self {
        let (language, labels) = (about.language, Labels::built_in(about.language));
        let (heads, measure) = heads(table, language, &labels);
        let cells = |row: usize| (0..table.columns.len()).map(move |column| (row, column));
        let rows: Vec<Row> = (0..)
            .zip(&table.rows)
            .map(|(row, line)| Row {
                label: line.label.in_language(language).to_owned(),
                depth: line.depth.saturating_sub(1),
                total: !line.parts.is_empty(),
                cells: cells(row).map(|at| cell_text(table, at, language, &labels)).collect(),
            })
            .collect();
        let widths = widths(&rows, &heads, table.columns.len());
        let chart = table_chart(table, about).and_then(|chart| picture(chart.as_ref(), labels.text("chart")));
        Self {
            imprint: Imprint {
                language,
                campaign: table.title.in_language(language).to_owned(),
                issuer: about.issuer.clone(),
                date: about.date.clone(),
                demonstration: about.demonstration,
            },
            title: table.title.in_language(language).to_owned(),
            scope: about.scope.iter().cloned().chain(measure).collect(),
            source: about.source.clone(),
            row_heading: table.row_heading.in_language(language).to_owned(),
            heads,
            sheet: sheet(widths.iter().sum()),
            widths,
            footnotes: table.footnotes.iter().map(|note| note.in_language(language).to_owned()).collect(),
            has_unknown: rows.iter().flat_map(|row| &row.cells).any(|cell| cell.text == "–"),
            rows,
            chart_caption: chart_caption(table, about).unwrap_or_default(),
            chart,
        }
    }
}

fn letters(text: &str) -> f64 {
    text.chars().count() as f64
}

/// The longest word of a heading must fit on a line: nothing is hyphenated.
fn longest_word(text: &str) -> f64 {
    text.split([' ', '-']).map(letters).fold(0.0, f64::max)
}

fn widths(rows: &[Row], heads: &[Vec<Head>], columns: usize) -> Vec<f64> {
    let label = rows.iter().map(|row| letters(&row.label) + 2.0 * f64::from(row.depth)).fold(12.0, f64::max).min(34.0);
    let column = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.cells.get(column)).flat_map(|cell| {
            let under = cell.target.iter().flat_map(|(target, _, word)| [longest_word(target), letters(word) + 2.0]);
            under.chain(cell.others.iter().map(|text| longest_word(text))).chain([letters(&cell.text) + 1.0])
        });
        let heads = heads.iter().flatten().filter(|head| head.span == 1 && head.first == column);
        cells.chain(heads.map(|head| longest_word(&head.text))).fold(5.0, f64::max) + 1.0
    };
    std::iter::once(label).chain((0..columns).map(column)).collect()
}

/// The smallest sheet on which the letters fit: a letter of 8 points is about 1.55 mm wide.
fn sheet(letters: f64) -> Paper {
    let fits = |millimetres: f64, size: f64| letters * 1.55 * size / 8.0 <= millimetres;
    let choices = [
        ("a4", false, 180.0, 8.5),
        ("a4", false, 180.0, 8.0),
        ("a4", true, 267.0, 8.0),
        ("a4", true, 267.0, 7.0),
        ("a3", true, 390.0, 8.0),
        ("a3", true, 390.0, 7.0),
        ("a2", true, 564.0, 7.5),
    ];
    let found = choices.into_iter().find(|(_, _, width, size)| fits(*width, *size));
    let (format, flipped, _, size) = found.unwrap_or(("a1", true, 811.0, 6.5));
    Paper { format, flipped, size }
}

impl Document for TableDocument {
    const TEMPLATE: Template = Template::Table;

    fn language(&self) -> Language {
        self.imprint.language
    }

    fn title(&self, _labels: &Labels) -> String {
        self.title.clone()
    }

    fn author(&self) -> &str {
        &self.imprint.issuer
    }

    fn pictures(&self, _labels: &Labels) -> Vec<(String, Picture)> {
        self.chart.iter().map(|picture| ("chart".to_owned(), picture.clone())).collect()
    }
}

/// A table as a PDF file.
///
/// # Errors
/// What the typesetter or the PDF writer refuses.
pub fn table_pdf(renderer: &Renderer, table: &Table, about: &About) -> Result<Pdf, DocumentError> {
    renderer.render(&TableDocument::new(table, about))
}
