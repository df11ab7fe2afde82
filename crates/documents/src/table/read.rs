//! A table as it was read, and its cells as what they should be.

use std::collections::BTreeMap;

use super::{Address, Problem, ProblemKind, Problems, ReadError, csv_in, workbook_in};

/// The largest file read. A class register of a whole region has about ten megabytes.
const LARGEST: usize = 64 * 1024 * 1024;

/// A table: heads, and the rows below them that hold anything.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Name of the file.
    pub file: String,
    /// Name of the sheet; empty for CSV.
    pub sheet: String,
    /// Encoding of a CSV file; empty for a workbook.
    pub encoding: &'static str,
    /// Row or line of the heads, from 1.
    pub head_row: u32,
    /// Heads, as they are written; columns without a head have an empty one.
    pub heads: Vec<String>,
    /// Rows that are not empty.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Row of the sheet or line of the file, from 1.
    pub number: u32,
    /// Cells; may be fewer than heads, never more.
    pub cells: Vec<Value>,
}

/// A cell as it was read.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Nothing, or only spaces.
    #[default]
    Empty,
    /// Text without spaces around it.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Truth(bool),
    /// A date `2022-11-14`, with time if it has one.
    Date(String),
    /// An error of a formula (`#REF!`).
    Error(String),
}

impl Value {
    /// As a person would write it.
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Date(text) | Self::Error(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Truth(truth) => truth.to_string(),
        }
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// From 0.
    pub index: u32,
    /// Its head.
    pub head: String,
}

/// What a caller may choose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// The sheet; without it the only one that holds data.
    pub sheet: Option<String>,
    /// Row of the heads, from 1; without it the first row with at least two cells filled.
    pub head_row: Option<u32>,
}

/// Reads a table from an XLSX, XLS, ODS or CSV file. What it is shows in its bytes; the name only says so in messages.
pub fn read_table(bytes: &[u8], filename: &str) -> Result<Table, ReadError> {
    read_table_with(bytes, filename, &ReadOptions::default())
}

/// As [`read_table`], with a chosen sheet or head.
pub fn read_table_with(bytes: &[u8], filename: &str, options: &ReadOptions) -> Result<Table, ReadError> {
    if bytes.len() > LARGEST {
        return Err(ReadError::TooLarge { file: filename.to_owned(), megabytes: LARGEST / 1024 / 1024 });
    }
    // A ZIP archive (XLSX, ODS) or a compound file (XLS, and XLSX with a password).
    let table = if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        workbook_in::read(bytes, filename, options)?
    } else {
        csv_in::read(bytes, filename, options)?
    };
    if table.rows.is_empty() {
        return Err(ReadError::Empty { file: filename.to_owned() });
    }
    Ok(table)
}

/// The row of the heads among rows of texts: the first with at least two filled cells, since titles stand alone; the
/// first filled one when there is no such row. Index into `rows`.
pub(super) fn find_head(rows: &[(u32, Vec<Value>)], wanted: Option<u32>) -> Option<usize> {
    let filled = |row: &[Value]| row.iter().filter(|cell| **cell != Value::Empty).count();
    match wanted {
        Some(number) => rows.iter().position(|row| row.0 == number && filled(&row.1) > 0),
        None => {
            rows.iter().position(|row| filled(&row.1) >= 2).or_else(|| rows.iter().position(|row| filled(&row.1) == 1))
        }
    }
}

/// A table from rows with their numbers. Cells beyond the heads are cut when empty and given to `spill` otherwise.
pub(super) fn assemble(
    rows: Vec<(u32, Vec<Value>)>,
    filename: &str,
    options: &ReadOptions,
) -> Result<Table, ReadError> {
    let empty = || ReadError::Empty { file: filename.to_owned() };
    let head = find_head(&rows, options.head_row).ok_or_else(empty)?;
    let head_row = rows[head].0;
    let mut heads: Vec<String> = rows[head].1.iter().map(Value::text).collect();
    let widest = rows[head..]
        .iter()
        .filter_map(|row| row.1.iter().rposition(|cell| *cell != Value::Empty))
        .max()
        .map_or(0, |last| last + 1);
    heads.resize(widest, String::new());
    let rows = rows
        .into_iter()
        .skip(head + 1)
        .filter(|row| row.1.iter().any(|cell| *cell != Value::Empty))
        .map(|(number, mut cells)| {
            cells.truncate(widest);
            Row { number, cells }
        })
        .collect();
    Ok(Table { file: filename.to_owned(), sheet: String::new(), encoding: "", head_row, heads, rows })
}

impl Table {
    /// The column with this head: case, spaces and punctuation around do not matter.
    pub fn column(&self, head: &str) -> Result<Column, ReadError> {
        self.column_of(&[head])
    }

    /// The column with one of these heads, as when a file may be in Kazakh or Russian.
    pub fn column_of(&self, heads: &[&str]) -> Result<Column, ReadError> {
        let wanted: Vec<String> = heads.iter().map(|head| plain(head)).collect();
        let found: Vec<u32> =
            (0..).zip(&self.heads).filter(|(_, head)| wanted.contains(&plain(head))).map(|(index, _)| index).collect();
        match found[..] {
            [index] => Ok(Column { index, head: self.heads[index as usize].clone() }),
            [] => Err(ReadError::NoColumn {
                wanted: heads.join(" / "),
                heads: self.heads.iter().filter(|head| !head.is_empty()).cloned().collect(),
            }),
            _ => Err(ReadError::ColumnTwice {
                head: self.heads[found[0] as usize].clone(),
                columns: found.iter().map(|index| super::column_letters(*index)).collect(),
            }),
        }
    }

    /// Rows that hold cells right of the last head: one problem each. Check it before the cells: a separator inside a
    /// value moves everything behind it.
    pub fn spilled(&self) -> Problems {
        let columns = self.heads.iter().rposition(|head| !head.is_empty()).map_or(0, |last| last as u32 + 1);
        let mut problems = Problems::new();
        for row in &self.rows {
            if let Some(last) = row.cells.iter().rposition(|cell| *cell != Value::Empty)
                && last as u32 >= columns
            {
                problems.add(Problem {
                    address: Address { row: row.number, column: None, head: String::new() },
                    found: (last + 1).to_string(),
                    kind: ProblemKind::TooManyCells { columns },
                });
            }
        }
        problems
    }

    /// Values that occur more than once in a column, each with its rows, in the order of the values.
    pub fn repeated(&self, column: &Column) -> Vec<(String, Vec<u32>)> {
        let mut rows: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for row in &self.rows {
            let text = row.value(column).text();
            if !text.is_empty() {
                rows.entry(text).or_default().push(row.number);
            }
        }
        rows.into_iter().filter(|(_, rows)| rows.len() > 1).collect()
    }
}

/// A head without what people write differently.
fn plain(head: &str) -> String {
    let words: Vec<&str> =
        head.split(|letter: char| !letter.is_alphanumeric() && letter != '№' && letter != '%').collect();
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase()
}

impl Row {
    /// The cell of a column.
    pub fn value(&self, column: &Column) -> &Value {
        const NOTHING: &Value = &Value::Empty;
        self.cells.get(column.index as usize).unwrap_or(NOTHING)
    }

    /// The text of a cell; empty for an empty one.
    pub fn text(&self, column: &Column) -> String {
        self.value(column).text()
    }

    /// A text that must be there.
    pub fn needed_text(&self, column: &Column, problems: &mut Problems) -> Option<String> {
        let text = self.text(column);
        if text.is_empty() {
            problems.add(self.problem(column, ProblemKind::Missing));
            return None;
        }
        Some(text)
    }

    /// A number, `None` when the cell is empty; a problem and `None` when it holds something else. Reads `12,5` and
    /// `12.5`, `1 234`, a percent sign behind, and a true minus sign.
    pub fn number(&self, column: &Column, problems: &mut Problems) -> Option<f64> {
        match self.value(column) {
            Value::Empty => None,
            Value::Number(number) => Some(*number),
            value => {
                let number = if let Value::Text(text) = value { number_of(text) } else { None };
                if number.is_none() {
                    problems.add(self.problem(column, ProblemKind::NotANumber));
                }
                number
            }
        }
    }

    /// A number within a range, both ends allowed.
    pub fn number_within(&self, column: &Column, low: f64, high: f64, problems: &mut Problems) -> Option<f64> {
        let number = self.number(column, problems)?;
        if number < low || number > high {
            let kind = ProblemKind::OutOfRange { low: low.to_string(), high: high.to_string() };
            problems.add(self.problem(column, kind));
            return None;
        }
        Some(number)
    }

    /// A whole number within a range, both ends allowed.
    pub fn whole_within(&self, column: &Column, low: i64, high: i64, problems: &mut Problems) -> Option<i64> {
        let number = self.number_within(column, low as f64, high as f64, problems)?;
        if number.fract() != 0.0 {
            problems.add(self.problem(column, ProblemKind::NotWhole));
            return None;
        }
        Some(number as i64)
    }

    /// One of several words, whatever their case; gives its place in the list.
    pub fn one_of(&self, column: &Column, allowed: &[&str], problems: &mut Problems) -> Option<usize> {
        let text = plain(&self.needed_text(column, problems)?);
        let found = allowed.iter().position(|word| plain(word) == text);
        if found.is_none() {
            let allowed = allowed.iter().map(|word| (*word).to_owned()).collect();
            problems.add(self.problem(column, ProblemKind::NotOneOf { allowed }));
        }
        found
    }

    /// A problem with the cell of a column.
    pub fn problem(&self, column: &Column, kind: ProblemKind) -> Problem {
        Problem {
            address: Address { row: self.number, column: Some(column.index), head: column.head.clone() },
            found: self.value(column).text(),
            kind,
        }
    }
}

/// A number as people type it.
fn number_of(text: &str) -> Option<f64> {
    let text: String = text
        .trim()
        .trim_end_matches('%')
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| match letter {
            ',' => '.',
            '−' | '–' => '-',
            other => other,
        })
        .collect();
    // "inf", "nan" and "1e5" are no numbers that a school types.
    if text.is_empty() || !text.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '.' | '-' | '+')) {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_type_them() {
        for (text, number) in [
            ("12,5", Some(12.5)),
            ("12.5", Some(12.5)),
            (" 1 234 ", Some(1234.0)),
            ("1\u{a0}234,5", Some(1234.5)),
            ("60,5 %", Some(60.5)),
            ("−3", Some(-3.0)),
            ("1.234.567", None),
            ("он алты", None),
            ("5-", None),
            ("inf", None),
            ("1e5", None),
            ("", None),
        ] {
            assert_eq!(number_of(text), number, "{text}");
        }
    }

    #[test]
    fn heads_are_found_whatever_their_case_and_signs() {
        for (one, other) in [("Балл", " балл: "), ("Аты-жөні", "АТЫ ЖӨНІ"), ("Сынып №", "сынып  №")]
        {
            assert_eq!(plain(one), plain(other));
        }
        assert_ne!(plain("Балл, %"), plain("Балл"));
    }
}
