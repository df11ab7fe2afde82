//! Workbooks in: XLSX, XLS, ODS.

use std::io::{Cursor, Read, copy, sink};

use calamine::{Data, Range, Reader, SheetVisible, Sheets, open_workbook_auto_from_rs};

use super::read::{assemble, find_head};
use super::{ReadError, ReadOptions, Table, Value, column_letters};

/// The most that a workbook may unpack to. Zeros pack a thousandfold, so that a small file could fill the memory.
pub(super) const UNPACKED: u64 = 512 * 1024 * 1024;

/// How many merged ranges an error names.
const NAMED: usize = 20;

pub(super) fn read(bytes: &[u8], filename: &str, options: &ReadOptions) -> Result<Table, ReadError> {
    let damaged = |detail: String| ReadError::Damaged { file: filename.to_owned(), detail };
    if unpacks_to_too_much(bytes, UNPACKED) {
        return Err(ReadError::TooLarge { file: filename.to_owned(), megabytes: (UNPACKED / 1024 / 1024) as usize });
    }
    let mut book = match open_workbook_auto_from_rs(Cursor::new(bytes)) {
        Ok(book) => book,
        // A ZIP archive that is no workbook, as a DOCX.
        Err(calamine::Error::Msg(_)) => return Err(ReadError::NotATable { file: filename.to_owned() }),
        Err(error) => return Err(damaged(error.to_string())),
    };
    let visible: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut with_data = Vec::new();
    for name in &visible {
        let range = book.worksheet_range(name).map_err(|error| damaged(error.to_string()))?;
        if range.used_cells().next().is_some() {
            with_data.push((name.clone(), range));
        }
    }
    let (name, range) = choose(with_data, &visible, filename, options)?;
    let merged = merged_cells(&mut book, &name);

    let (first_row, first_column) = range.start().unwrap_or_default();
    let rows: Vec<(u32, Vec<Value>)> = (first_row + 1..)
        .zip(range.rows())
        .map(|(number, cells)| {
            // Addresses count from column A also when the first columns are empty.
            let before = std::iter::repeat_n(Value::Empty, first_column as usize);
            (number, before.chain(cells.iter().map(value)).collect())
        })
        .collect();
    if let Some(head) = find_head(&rows, options.head_row) {
        let head_row = rows[head].0;
        // Titles above the head may be merged as they like.
        let cells: Vec<String> = merged
            .into_iter()
            .filter(|(last_row, _)| *last_row >= head_row)
            .map(|(_, cells)| cells)
            .take(NAMED)
            .collect();
        if !cells.is_empty() {
            return Err(ReadError::Merged { cells });
        }
    }
    let mut table = assemble(rows, filename, options)?;
    table.sheet = name;
    Ok(table)
}

/// Whether a ZIP archive holds more than `limit` bytes. The sizes that it claims may be lies, so that it is unpacked
/// into nothing. What is no archive, or a damaged one, is left to the reader.
pub(super) fn unpacks_to_too_much(bytes: &[u8], limit: u64) -> bool {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return false };
    let mut total = 0;
    for index in 0..archive.len() {
        if let Ok(file) = archive.by_index(index) {
            total += copy(&mut file.take(limit + 1 - total), &mut sink()).unwrap_or(0);
            if total > limit {
                return true;
            }
        }
    }
    false
}

fn choose(
    mut with_data: Vec<(String, Range<Data>)>,
    visible: &[String],
    filename: &str,
    options: &ReadOptions,
) -> Result<(String, Range<Data>), ReadError> {
    let empty = || ReadError::Empty { file: filename.to_owned() };
    if let Some(wanted) = &options.sheet {
        let place = with_data.iter().position(|(name, _)| name == wanted);
        return match place {
            Some(place) => Ok(with_data.swap_remove(place)),
            None if visible.contains(wanted) => Err(empty()),
            None => Err(ReadError::NoSuchSheet { sheet: wanted.clone(), sheets: visible.to_vec() }),
        };
    }
    if with_data.len() > 1 {
        let sheets = with_data.into_iter().map(|(name, _)| name).collect();
        return Err(ReadError::SeveralSheets { file: filename.to_owned(), sheets });
    }
    with_data.pop().ok_or_else(empty)
}

/// Merged ranges with their last row (from 1) and their address. Only XLSX tells them.
fn merged_cells(book: &mut Sheets<Cursor<&[u8]>>, sheet: &str) -> Vec<(u32, String)> {
    let Sheets::Xlsx(book) = book else { return Vec::new() };
    book.merge_cells_by_sheet_name(sheet)
        .unwrap_or_default()
        .into_iter()
        .map(|range| {
            let address = |(row, column): (u32, u32)| format!("{}{}", column_letters(column), row + 1);
            (range.end.0 + 1, format!("{}:{}", address(range.start), address(range.end)))
        })
        .collect()
}

fn value(cell: &Data) -> Value {
    match cell {
        Data::Empty => Value::Empty,
        Data::Int(number) => Value::Number(*number as f64),
        Data::Float(number) => Value::Number(*number),
        Data::Bool(truth) => Value::Truth(*truth),
        Data::Error(error) => Value::Error(error.to_string()),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            let text = text.trim();
            match cell {
                _ if text.is_empty() => Value::Empty,
                Data::String(_) => Value::Text(text.to_owned()),
                _ => Value::Date(text.to_owned()),
            }
        }
        Data::DateTime(date) => {
            if date.is_duration() {
                return Value::Number(date.as_f64());
            }
            let (year, month, day, hour, minute, ..) = date.to_ymd_hms_milli();
            let day = format!("{year:04}-{month:02}-{day:02}");
            Value::Date(if hour == 0 && minute == 0 { day } else { format!("{day} {hour:02}:{minute:02}") })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Cell, Sheet, SheetColumn, xlsx_file};

    #[test]
    fn what_a_workbook_unpacks_to_is_bounded() {
        let row = || vec![Cell::Text("0".repeat(1_000))];
        let sheet = Sheet {
            name: "a".to_owned(),
            title: String::new(),
            notes: vec![],
            columns: vec![SheetColumn::new("x")],
            rows: (0..200).map(|_| row()).collect(),
        };
        let bytes = xlsx_file("t", "a", &[sheet]).unwrap();
        assert!(!unpacks_to_too_much(&bytes, UNPACKED));
        assert!(unpacks_to_too_much(&bytes, 10_000));
        assert!(!unpacks_to_too_much(b"PK\x03\x04 no archive", 1));
    }
}
