//! A chart and, folded below it, the table it was drawn from.

use askama::Template;

use super::Table;

/// A chart with its table.
#[derive(Debug, Clone, Template)]
#[template(path = "components/chart.html")]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// SVG made by the `charts` crate.
    pub svg: String,
    /// The same as a table.
    pub table: Table,
    /// What the fold says: "Table".
    pub table_label: String,
}

impl Chart {
    fn table_html(&self) -> Result<String, askama::Error> {
        self.table.render()
    }
}
