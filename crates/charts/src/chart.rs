//! What every chart has.

use crate::Numbers;

/// Styles for pages: the variables may be set anywhere above a chart, as for a dark page.
pub const CSS: &str = "\
.chart { max-width: 100%; height: auto; }
.chart-muted { opacity: .72; }
.chart-s1 { fill: var(--chart-1, #0e5877); }
.chart-s2 { fill: var(--chart-2, #d9993a); }
.chart-s3 { fill: var(--chart-3, #6f8f3a); }
.chart-s4 { fill: var(--chart-4, #8a4a7a); }
.chart-s5 { fill: var(--chart-5, #8b939e); }
.chart-s6 { fill: var(--chart-6, #b4533b); }
.chart-s7 { fill: var(--chart-7, #4d4f8c); }
.chart-l1 { stroke: var(--chart-1, #0e5877); }
.chart-l2 { stroke: var(--chart-2, #d9993a); }
.chart-l3 { stroke: var(--chart-3, #6f8f3a); }
.chart-l4 { stroke: var(--chart-4, #8a4a7a); }
.chart-l5 { stroke: var(--chart-5, #8b939e); }
.chart-l6 { stroke: var(--chart-6, #b4533b); }
.chart-l7 { stroke: var(--chart-7, #4d4f8c); }
@media (prefers-color-scheme: dark) {
  :root { --chart-1: #5fb3d4; --chart-2: #e0a955; --chart-3: #a3c46a; --chart-4: #c98ab9; --chart-5: #99a2ad;
    --chart-6: #e08a73; --chart-7: #9aa0d8; }
}
";

/// Title, description and size of a chart, and how it writes numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Unique on its page; letters, digits and hyphens.
    pub id: String,
    /// Short title (`<title>`), also the text a screen reader says first. The page prints its own heading.
    pub title: String,
    /// What the picture shows, in a sentence (`<desc>`); may be empty.
    pub description: String,
    /// Width in drawing units; 640 fills a column of text.
    pub width: f64,
    /// How numbers are written.
    pub numbers: Numbers,
}

impl Frame {
    /// A frame 640 wide.
    pub fn new(
        id: impl Into<String>,
        title: impl Into<String>,
        description: impl Into<String>,
        numbers: Numbers,
    ) -> Self {
        Self { id: id.into(), title: title.into(), description: description.into(), width: 640.0, numbers }
    }

    /// With another width.
    #[must_use]
    pub fn wide(mut self, width: f64) -> Self {
        self.width = width;
        self
    }
}

/// The data of a chart as a table: as many cells in each row as there are heads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataTable {
    /// Column heads.
    pub heads: Vec<String>,
    /// Rows of ready texts.
    pub rows: Vec<Vec<String>>,
}

/// A chart: a picture, and its data as a table.
pub trait Chart {
    /// A complete `<svg>` element.
    fn svg(&self) -> String;
    /// The same data for the table beside or instead of the picture.
    fn table(&self) -> DataTable;
}
