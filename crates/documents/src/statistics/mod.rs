//! Tables of measures on paper, in workbooks and as charts.
//!
//! A [`measures::Table`](measures::table::Table) has everything that is shown; [`About`] says who issues it and what it covers.
//! The same numbers stand in the page, in the PDF, in the workbook (there as formulas where the table can be recomputed
//! from its own cells) and in the chart.
//!
//! ```no_run
//! # fn table() -> measures::table::Table { unimplemented!() }
//! use documents::statistics::{About, table_chart, table_pdf, table_workbook};
//! use kernel::Language;
//!
//! let about = About { source: "Annual report 2011".to_owned(), ..About::new(Language::En) };
//! let pdf = table_pdf(&documents::Renderer::new()?, &table(), &about)?;
//! let workbook = table_workbook(&[(&table(), &about)])?;
//! let chart = table_chart(&table(), &about);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod chart;
#[cfg(feature = "pdf")]
mod findings;
mod geometry;
#[cfg(feature = "pdf")]
mod page;
mod text;
mod workbook;

pub use chart::{ChartKind, UnknownChart, chart_caption, chart_kinds, table_chart};
#[cfg(feature = "pdf")]
pub use findings::{FindingLine, FindingsDocument, finding_lines, findings_sheet};
pub use geometry::{Geometry, GeometryError, Outline};
#[cfg(feature = "pdf")]
pub use page::{TableDocument, table_pdf};
pub use text::{CellText, Head, cell_text, heads, number_text, unit_text};
pub use workbook::table_workbook;

use kernel::Language;

/// What stands around a table.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// Language of everything that is shown.
    pub language: Language,
    /// Who issues it.
    pub issuer: String,
    /// The date as shown; empty for none.
    pub date: String,
    /// What the table is limited to, a line each: "Period: Quarter 2, school year 2011-2012".
    pub scope: Vec<String>,
    /// Where the numbers come from; empty for none.
    pub source: String,
    /// Whether the data are made for demonstration.
    pub demonstration: bool,
    /// The chart below the table; `None` for none.
    pub chart: Option<ChartKind>,
    /// Outlines of places, for a map.
    pub geometry: Option<Geometry>,
}

impl About {
    /// Nothing around the table but the language.
    pub fn new(language: Language) -> Self {
        Self {
            language,
            issuer: String::new(),
            date: String::new(),
            scope: Vec::new(),
            source: String::new(),
            demonstration: false,
            chart: None,
            geometry: None,
        }
    }
}
