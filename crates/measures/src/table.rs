//! Tables: rows × columns × measures, with everything that a page, a PDF or a workbook needs, as plain data.

use crate::definition::{Averaging, Kind};
use crate::dimension::{Member, Schema};
use crate::evaluate::Value;
use crate::exact::Exact;
use crate::gather::Together;
use crate::suppress::Mark;
use kernel::Localized;
use serde::Serialize;

/// Which dimension runs along rows or columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Along {
    /// Places.
    Place,
    /// Periods.
    Period,
    /// A flat dimension, by position in the schema.
    Other(usize),
}

/// A row or a column of members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Code, for links and exports.
    pub code: String,
    /// Heading.
    pub label: Localized,
    /// Members taken together.
    pub members: Together,
    /// Positions of the lines whose sum this line is; empty for a line that is not a total.
    pub parts: Vec<usize>,
    /// Indentation, 0 for the outermost.
    pub depth: u8,
}

impl Line {
    /// One line per member, and a total over them when `total` gives its label.
    pub fn of_members(
        schema: &Schema,
        along: Along,
        members: &[Member],
        total: Option<(Localized, Together)>,
    ) -> Vec<Self> {
        let dimension = match along {
            Along::Place => Some(&schema.place),
            Along::Period => Some(&schema.period),
            Along::Other(other) => schema.others.get(other),
        };
        let mut lines: Vec<Self> = members
            .iter()
            .filter_map(|member| {
                let info = dimension?.info(*member)?;
                let (code, label) = (info.code.clone(), info.name.clone());
                Some(Self { code, label, members: vec![*member], parts: Vec::new(), depth: 1 })
            })
            .collect();
        if let Some((label, members)) = total {
            let parts = (0..lines.len()).collect();
            lines.push(Self { code: "total".to_owned(), label, members, parts, depth: 0 });
        }
        lines
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Code of the view.
    pub code: String,
    /// Title.
    pub title: Localized,
    /// What runs along the rows.
    pub rows: (Along, Vec<Line>),
    /// What runs along the columns; `None` for measures only.
    pub columns: Option<(Along, Vec<Line>)>,
    /// Measures, by code, side by side within each column.
    pub measures: Vec<String>,
    /// Place when it is neither rows nor columns.
    pub place: Together,
    /// Period when it is neither rows nor columns.
    pub period: Together,
    /// Members of flat dimensions that are neither rows nor columns.
    pub only: Vec<(usize, Vec<Member>)>,
    /// Also compute the other two averages and show them where they differ; reads every school when it is asked for the
    /// first time.
    pub both_averages: bool,
    /// Lines that this table does not show but another may.
    pub beside: Beside,
}

/// Lines beside those of a table: what is hidden must withstand a reader who sees them in another table. Their `parts`
/// count the table's own lines first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Beside {
    /// Rows.
    pub rows: Vec<Line>,
    /// Columns.
    pub columns: Vec<Line>,
}

/// A column of the finished table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Code of the column's member, empty without column dimension.
    pub code: String,
    /// Heading over the measure: the column's member.
    pub over: Option<Localized>,
    /// Name of the measure.
    pub heading: Localized,
    /// Code of the measure.
    pub measure: String,
    /// Unit.
    pub unit: Option<String>,
    /// Digits behind the point.
    pub decimals: u32,
    /// Kind of the measure.
    pub kind: Kind,
}

/// Position of a cell: row, column.
pub type At = (usize, usize);

/// How a workbook can compute the cell from others of the same table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "formula", rename_all = "snake_case")]
pub enum Formula {
    /// Sum of cells.
    Sum {
        /// Cells.
        of: Vec<At>,
    },
    /// Plain mean of cells, rounded to the column's decimals.
    Mean {
        /// Cells.
        of: Vec<At>,
    },
    /// `factor` × one cell over another, rounded to the column's decimals.
    Quotient {
        /// Numerator.
        over: At,
        /// Denominator.
        under: At,
        /// Factor: 100 for a percentage.
        factor: Exact,
    },
    /// One cell minus another.
    Difference {
        /// From which.
        later: At,
        /// What is taken away.
        earlier: At,
    },
    /// Place among cells of the column.
    Rank {
        /// The ranked cell.
        of: At,
        /// All ranked cells.
        among: Vec<At>,
        /// The largest comes first.
        descending: bool,
    },
}

/// Traffic light, always shown with its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// Target reached.
    Reached,
    /// Missed by no more than the measure's `near`.
    Near,
    /// Missed.
    Missed,
}

impl Light {
    /// The word beside the colour.
    pub fn word(self) -> Localized {
        match self {
            Self::Reached => Localized::new("орындалды", "достигнуто", "reached"),
            Self::Near => Localized::new("жақын", "близко", "near"),
            Self::Missed => Localized::new("орындалмады", "не достигнуто", "missed"),
        }
    }
}

/// A cell's target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AgainstTarget {
    /// Target.
    pub target: Exact,
    /// Where the value stands.
    pub light: Light,
}

/// Where the records behind a number are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Opens {
    /// Kinds of facts.
    pub facts: Vec<String>,
    /// Places by code.
    pub places: Vec<String>,
    /// Periods by code.
    pub periods: Vec<String>,
    /// Members of flat dimensions, by code.
    pub only: Vec<(String, Vec<String>)>,
}

/// A cell of the finished table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Value with its group; empty when hidden.
    pub value: Value,
    /// Shown or hidden.
    pub mark: Mark,
    /// The same measure averaged in other named ways, where the printed values differ.
    pub other_averages: Vec<(Averaging, Exact)>,
    /// Target and light.
    pub target: Option<AgainstTarget>,
    /// Numbers of footnotes, from 0.
    pub footnotes: Vec<usize>,
    /// Formula for workbooks.
    pub formula: Option<Formula>,
    /// The records behind it.
    pub opens: Opens,
}

/// A finished table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Code of the view.
    pub code: String,
    /// Title.
    pub title: Localized,
    /// Dimension of the rows, by code.
    pub row_dimension: String,
    /// Its name: heading of the row labels.
    pub row_heading: Localized,
    /// Dimension of the columns, by code.
    pub column_dimension: Option<String>,
    /// Rows.
    pub rows: Vec<Line>,
    /// Columns.
    pub columns: Vec<Column>,
    /// Cells by row, then column.
    pub cells: Vec<Vec<Cell>>,
    /// Footnotes.
    pub footnotes: Vec<Localized>,
}

impl Table {
    /// The table with only these rows and columns (by position), in this order. Totals keep the lines of theirs that
    /// stay; formulas that need a cell that goes are dropped.
    #[must_use]
    pub fn only(&self, rows: &[usize], columns: &[usize]) -> Self {
        let place = |kept: &[usize], old: usize| kept.iter().position(|one| *one == old);
        let moved = |at: At| Some((place(rows, at.0)?, place(columns, at.1)?));
        let line = |row: &usize| {
            let line = self.rows.get(*row)?;
            Some(Line { parts: line.parts.iter().filter_map(|part| place(rows, *part)).collect(), ..line.clone() })
        };
        let cells = |row: &usize| {
            let cells = self.cells.get(*row)?;
            let cell = |column: &usize| {
                let cell = cells.get(*column)?;
                Some(Cell { formula: cell.formula.as_ref().and_then(|formula| formula.moved(moved)), ..cell.clone() })
            };
            Some(columns.iter().filter_map(cell).collect())
        };
        Self {
            rows: rows.iter().filter_map(line).collect(),
            columns: columns.iter().filter_map(|column| self.columns.get(*column).cloned()).collect(),
            cells: rows.iter().filter_map(cells).collect(),
            ..self.clone()
        }
    }

    /// A cell.
    pub fn cell(&self, at: At) -> Option<&Cell> {
        self.cells.get(at.0)?.get(at.1)
    }

    /// Printed text of a cell: fixed decimals with a point, `…` hidden, `–` not known.
    pub fn text(&self, at: At) -> String {
        let decimals = self.columns.get(at.1).map_or(0, |column| column.decimals);
        match self.cell(at) {
            Some(cell) if cell.mark != Mark::Shown => "…".to_owned(),
            Some(Cell { value: Value { exact: Some(exact), .. }, .. }) => exact.fixed(decimals),
            _ => "–".to_owned(),
        }
    }
}
