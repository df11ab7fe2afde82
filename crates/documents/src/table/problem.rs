//! What can be wrong with a file or a cell, said so that the reader finds the place and knows what to do.

use std::fmt;

use kernel::Language;

use crate::labels::sentence;

/// Why a file cannot be read as a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Neither a workbook nor text.
    #[error("{file} is not a table: give an XLSX or CSV file")]
    NotATable {
        /// Name of the file.
        file: String,
    },
    /// A workbook that cannot be opened.
    #[error("{file} cannot be opened: it is damaged or protected with a password ({detail})")]
    Damaged {
        /// Name of the file.
        file: String,
        /// What the library says.
        detail: String,
    },
    /// More bytes than a table of a school can have.
    #[error("{file} is larger than {megabytes} MB")]
    TooLarge {
        /// Name of the file.
        file: String,
        /// The limit.
        megabytes: usize,
    },
    /// More cells than are audited at once.
    #[error("{file} has {cells} cells in its tables; at most {most} are taken at once")]
    TooManyCells {
        /// Name of the file.
        file: String,
        /// Its cells.
        cells: usize,
        /// The limit.
        most: usize,
    },
    /// Several sheets hold data and none was chosen.
    #[error("{file} has several sheets with data: {}. Say which one to take", sheets.join(", "))]
    SeveralSheets {
        /// Name of the file.
        file: String,
        /// Their names, in order.
        sheets: Vec<String>,
    },
    /// The chosen sheet does not exist.
    #[error("there is no sheet \"{sheet}\"; the sheets are: {}", sheets.join(", "))]
    NoSuchSheet {
        /// What was asked for.
        sheet: String,
        /// What there is.
        sheets: Vec<String>,
    },
    /// No data at all, or nothing below the head.
    #[error("{file} has no data: a row of column heads and at least one row below it are needed")]
    Empty {
        /// Name of the file.
        file: String,
    },
    /// Cells are merged in or below the head.
    #[error("merged cells: {}. Unmerge them, so that every row and column has its own value", cells.join(", "))]
    Merged {
        /// Addresses like `A5:A9`; the first twenty.
        cells: Vec<String>,
    },
    /// A column that is needed is missing.
    #[error("there is no column \"{wanted}\"; the columns are: {}", heads.join(", "))]
    NoColumn {
        /// What was looked for.
        wanted: String,
        /// The heads of the file.
        heads: Vec<String>,
    },
    /// Two columns have the same head.
    #[error("the column \"{head}\" is there twice: {}", columns.join(", "))]
    ColumnTwice {
        /// The head.
        head: String,
        /// Letters of the columns.
        columns: Vec<String>,
    },
}

impl ReadError {
    /// Message key without prefix, and arguments.
    pub fn key(&self) -> (&'static str, Vec<(&'static str, String)>) {
        match self {
            Self::NotATable { file } => ("read-not-a-table", vec![("file", file.clone())]),
            Self::Damaged { file, detail } => {
                ("read-damaged", vec![("file", file.clone()), ("detail", detail.clone())])
            }
            Self::TooLarge { file, megabytes } => {
                ("read-too-large", vec![("file", file.clone()), ("megabytes", megabytes.to_string())])
            }
            Self::TooManyCells { file, cells, most } => (
                "read-too-many-cells",
                vec![("file", file.clone()), ("cells", cells.to_string()), ("most", most.to_string())],
            ),
            Self::SeveralSheets { file, sheets } => {
                ("read-several-sheets", vec![("file", file.clone()), ("sheets", sheets.join(", "))])
            }
            Self::NoSuchSheet { sheet, sheets } => {
                ("read-no-such-sheet", vec![("sheet", sheet.clone()), ("sheets", sheets.join(", "))])
            }
            Self::Empty { file } => ("read-empty", vec![("file", file.clone())]),
            Self::Merged { cells } => ("read-merged", vec![("cells", cells.join(", "))]),
            Self::NoColumn { wanted, heads } => {
                ("read-no-column", vec![("column", wanted.clone()), ("columns", heads.join(", "))])
            }
            Self::ColumnTwice { head, columns } => {
                ("read-column-twice", vec![("column", head.clone()), ("columns", columns.join(", "))])
            }
        }
    }

    /// The message in a language.
    pub fn message(&self, language: Language) -> String {
        let (key, arguments) = self.key();
        message(language, key, &arguments)
    }
}

fn message(language: Language, key: &str, arguments: &[(&'static str, String)]) -> String {
    let arguments: Vec<(&str, &str)> = arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
    sentence(language, key, &arguments)
}

/// Where a cell is, as people see it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// Row of the sheet or line of the file, from 1.
    pub row: u32,
    /// Column from 0; `None` for the row as a whole.
    pub column: Option<u32>,
    /// Head of the column.
    pub head: String,
}

impl Address {
    /// "row 14, column C (Балл)" in a language.
    pub fn text(&self, language: Language) -> String {
        let row = self.row.to_string();
        match self.column {
            None => sentence(language, "address-row", &[("row", &row)]),
            Some(column) => sentence(
                language,
                "address-cell",
                &[("row", &row), ("column", &column_letters(column)), ("head", &self.head)],
            ),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column {
            None => write!(formatter, "row {}", self.row),
            Some(column) => write!(formatter, "row {}, column {} ({})", self.row, column_letters(column), self.head),
        }
    }
}

/// `A`, `B`, … `Z`, `AA`, … for a column counted from 0.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.into_iter().rev().collect()
}

/// Something wrong in one place of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub address: Address,
    /// What stands there.
    pub found: String,
    /// What is wrong with it.
    pub kind: ProblemKind,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// Text or a date where a number belongs.
    NotANumber,
    /// A number with a fraction where a whole one belongs.
    NotWhole,
    /// A number outside its range.
    OutOfRange {
        /// Lowest allowed, as shown.
        low: String,
        /// Highest allowed, as shown.
        high: String,
    },
    /// Nothing where something is needed.
    Missing,
    /// Not one of the words allowed.
    NotOneOf {
        /// The words.
        allowed: Vec<String>,
    },
    /// More cells than columns: usually a separator inside a value that is not in quotes.
    TooManyCells {
        /// Columns of the head.
        columns: u32,
    },
    /// A rule of the caller ("no such pupil in class 4 А"); ready text in the reader's language.
    Other(String),
}

impl Problem {
    /// The message in a language, with its place.
    pub fn message(&self, language: Language) -> String {
        let place = self.address.text(language);
        let found = self.found.clone();
        let (key, mut arguments) = match &self.kind {
            ProblemKind::NotANumber => ("problem-not-a-number", vec![("found", found)]),
            ProblemKind::NotWhole => ("problem-not-whole", vec![("found", found)]),
            ProblemKind::OutOfRange { low, high } => {
                ("problem-out-of-range", vec![("found", found), ("low", low.clone()), ("high", high.clone())])
            }
            ProblemKind::Missing => ("problem-missing", vec![]),
            ProblemKind::NotOneOf { allowed } => {
                ("problem-not-one-of", vec![("found", found), ("allowed", allowed.join(", "))])
            }
            ProblemKind::TooManyCells { columns } => {
                ("problem-too-many-cells", vec![("found", found), ("columns", columns.to_string())])
            }
            ProblemKind::Other(text) => return format!("{place}: {text}"),
        };
        arguments.push(("place", place));
        message(language, key, &arguments)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message(Language::En))
    }
}

/// Problems gathered while a table is read: all of them, not only the first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn add(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// All of them, in the order in which they were found.
    pub fn list(&self) -> &[Problem] {
        &self.0
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value when there were no problems, all problems otherwise: nothing half-read goes on.
    pub fn or_all<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_in_a_spreadsheet() {
        for (column, letters) in [(0, "A"), (2, "C"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
        {
            assert_eq!(column_letters(column), letters);
        }
    }

    #[test]
    fn every_error_speaks_three_languages() {
        let words = || vec!["Бір".to_owned(), "Екі".to_owned()];
        let file = || "мектеп.xlsx".to_owned();
        let errors = [
            ReadError::NotATable { file: file() },
            ReadError::Damaged { file: file(), detail: "zip".to_owned() },
            ReadError::TooLarge { file: file(), megabytes: 64 },
            ReadError::SeveralSheets { file: file(), sheets: words() },
            ReadError::NoSuchSheet { sheet: "Үш".to_owned(), sheets: words() },
            ReadError::Empty { file: file() },
            ReadError::Merged { cells: words() },
            ReadError::NoColumn { wanted: "Балл".to_owned(), heads: words() },
            ReadError::ColumnTwice { head: "Балл".to_owned(), columns: words() },
        ];
        for error in errors {
            assert_eq!(error.message(Language::En).trim_end_matches('.'), error.to_string(), "one wording for both");
            for language in Language::ALL {
                let text = error.message(language);
                assert!(!text.contains('{') && text.len() > 20, "{text}");
                for (_, argument) in error.key().1 {
                    assert!(text.contains(&argument), "{text}: {argument}");
                }
            }
        }
        let address = Address { row: 14, column: Some(2), head: "Балл".to_owned() };
        let kinds = [
            ProblemKind::NotANumber,
            ProblemKind::NotWhole,
            ProblemKind::OutOfRange { low: "0".to_owned(), high: "20".to_owned() },
            ProblemKind::Missing,
            ProblemKind::NotOneOf { allowed: words() },
            ProblemKind::TooManyCells { columns: 3 },
            ProblemKind::Other("мұндай оқушы жоқ".to_owned()),
        ];
        for kind in kinds {
            let problem = Problem { address: address.clone(), found: "бес".to_owned(), kind };
            for language in Language::ALL {
                let text = problem.message(language);
                assert!(text.contains("14") && text.contains("C (Балл)") && !text.contains("problem-"), "{text}");
            }
        }
    }
}
