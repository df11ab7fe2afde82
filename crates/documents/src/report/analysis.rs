//! Analysis of a test: an ordered list of sections, each ready in the document's language.

use serde::Serialize;

use super::Imprint;

/// The analysis of one test. The same sections make the page in a browser and the PDF.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestAnalysis {
    /// Language, name of the data, issuer.
    pub imprint: Imprint,
    /// Title.
    pub title: String,
    /// What was analysed, in a line under the title.
    pub lead: String,
    /// Sections in order.
    pub sections: Vec<AnalysisSection>,
}

/// A section with a heading.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnalysisSection {
    /// Heading.
    pub heading: String,
    /// How to read it; may be empty.
    pub note: String,
    /// What it shows.
    pub body: AnalysisBody,
}

/// What a section shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AnalysisBody {
    /// Names with values.
    Facts {
        /// In order.
        pairs: Vec<(String, String)>,
    },
    /// Charts side by side.
    Charts {
        /// How many side by side, at least 1.
        columns: usize,
        /// The charts.
        charts: Vec<AnalysisChart>,
    },
    /// A table.
    Table {
        /// Heads.
        columns: Vec<AnalysisColumn>,
        /// Rows, each with as many cells as there are columns. A line break in a cell starts a new line.
        rows: Vec<Vec<String>>,
    },
    /// Lines of text.
    Lines {
        /// In order.
        lines: Vec<String>,
    },
}

/// A chart with its caption.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnalysisChart {
    /// Printed above; empty when the heading says it.
    pub caption: String,
    /// The `<svg>` element.
    pub svg: String,
    /// What a screen reader says.
    pub alt: String,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnalysisColumn {
    /// Head.
    pub head: String,
    /// Whether its cells are numbers, which stand to the right.
    pub numbers: bool,
    /// Share of the width a text column takes, above 0; columns of numbers are as narrow as they can be.
    pub share: u32,
}

impl AnalysisColumn {
    /// A column of numbers.
    pub fn numbers(head: impl Into<String>) -> Self {
        Self { head: head.into(), numbers: true, share: 0 }
    }

    /// A column of text.
    pub fn text(head: impl Into<String>, share: u32) -> Self {
        Self { head: head.into(), numbers: false, share }
    }
}
