//! Text tables of any usual encoding and separator.

use super::{Column, Problem};

/// How the text was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without its mark.
    Utf8,
    /// UTF-16 with its mark, as Excel saves "Unicode text".
    Utf16,
    /// The old encoding of Cyrillic Windows.
    Windows1251,
}

/// A row with its number as a spreadsheet counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub number: u32,
    pub cells: Vec<String>,
}

/// A table with names in its first row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub(crate) names: Vec<String>,
    pub(crate) rows: Vec<Row>,
    /// How the text was written.
    pub encoding: Encoding,
}

impl Table {
    /// Reads comma, semicolon or tab separated text. Cells lose the spaces around them; empty rows are left out.
    ///
    /// # Errors
    /// [`Problem::NotText`], [`Problem::Empty`], [`Problem::DuplicateColumn`], or [`Problem::Unreadable`] for text that is no
    /// table at all.
    pub fn read(bytes: &[u8]) -> Result<Self, Problem> {
        let (text, encoding) = decode(bytes)?;
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator(&text))
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut names: Option<Vec<String>> = None;
        let mut rows = Vec::new();
        for (index, record) in reader.records().enumerate() {
            let record = record.map_err(|error| Problem::Unreadable { reason: error.to_string() })?;
            let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
            // A text that goes over several lines is one row of a spreadsheet; empty lines are rows there, not records here.
            let number = if text_has_line_breaks_in_cells(&record) {
                number
            } else {
                record.position().map_or(number, |position| u32::try_from(position.line()).unwrap_or(u32::MAX))
            };
            let cells: Vec<String> = record.iter().map(str::to_owned).collect();
            if names.is_none() {
                names = Some(cells);
            } else if cells.iter().any(|cell| !cell.is_empty()) {
                rows.push(Row { number, cells });
            }
        }
        let mut names = names.unwrap_or_default();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        if names.is_empty() || rows.is_empty() {
            return Err(Problem::Empty);
        }
        let mut sorted: Vec<&String> = names.iter().filter(|name| !name.is_empty()).collect();
        sorted.sort();
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Problem::DuplicateColumn { name: pair[0].clone() });
        }
        for row in &mut rows {
            // Spreadsheets leave separators behind the last name.
            while row.cells.len() > names.len() && row.cells.last().is_some_and(String::is_empty) {
                row.cells.pop();
            }
        }
        Ok(Self { names, rows, encoding })
    }

    pub(crate) fn column(&self, index: usize) -> Column {
        Column { index, name: self.names.get(index).cloned().unwrap_or_default() }
    }

    /// Number of rows under the first.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Never: a table without rows is refused.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

fn text_has_line_breaks_in_cells(record: &csv::StringRecord) -> bool {
    record.iter().any(|cell| cell.contains('\n'))
}

/// UTF-8 when it is valid; else UTF-16 by its mark; else windows-1251 when it has no control signs.
fn decode(bytes: &[u8]) -> Result<(String, Encoding), Problem> {
    for (mark, encoding) in [(&[0xFF, 0xFE], encoding_rs::UTF_16LE), (&[0xFE, 0xFF], encoding_rs::UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let (text, wrong) = encoding.decode_without_bom_handling(rest);
            return if wrong { Err(Problem::NotText) } else { Ok((text.into_owned(), Encoding::Utf16)) };
        }
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return if text.contains('\0') { Err(Problem::NotText) } else { Ok((text.to_owned(), Encoding::Utf8)) };
    }
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\r' | b'\n');
    if bytes.iter().any(control) {
        return Err(Problem::NotText);
    }
    let (text, _) = encoding_rs::WINDOWS_1251.decode_without_bom_handling(bytes);
    Ok((text.into_owned(), Encoding::Windows1251))
}

/// The separator that stands most often in the first line.
fn separator(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |sign: u8| line.bytes().filter(|byte| *byte == sign).count();
    let mut best = b',';
    for sign in [b';', b'\t'] {
        if count(sign) > count(best) {
            best = sign;
        }
    }
    best
}
