//! Tables in for the auditor: every table of a file, with what is wrong in it kept instead of refused.

use std::io::Cursor;
use std::path::Path;

use calamine::{Data, Dimensions, Reader, Sheets, open_workbook_auto_from_rs};
use measures::audit::{Problem, Sheet};

use super::workbook_in::{UNPACKED, unpacks_to_too_much};
use super::{ReadError, csv_in, encoding};

/// The most cells that are audited at once; a table of people reads is far smaller.
const MOST_CELLS: usize = 1_000_000;

/// Every table of a CSV, XLSX, XLS, ODS or Markdown file, chosen by the ending of its name. A table is called by the file's
/// name without ending, a sheet by `file_sheet`, a Markdown table by `file_` and the first word of its heading.
///
/// Titles above a table are skipped, headings of several merged rows are joined; merged cells of the body, decimal commas
/// among points, text among numbers and the like are problems of the [`Sheet`], with their place and remedy.
///
/// # Errors
/// A file that is no table, is damaged, too large or empty.
pub fn read_sheets(bytes: &[u8], filename: &str) -> Result<Vec<Sheet>, ReadError> {
    let path = Path::new(filename);
    let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let ending = path.extension().map_or_else(String::new, |ending| ending.to_string_lossy().to_lowercase());
    let sheets = match ending.as_str() {
        "xlsx" | "xls" | "xlsm" | "ods" => workbook(bytes, filename, &name)?,
        "md" => Sheet::from_markdown(&name, &text_of(bytes, filename)?),
        "csv" | "tsv" | "txt" => {
            let text = text_of(bytes, filename)?;
            let texts: Vec<Vec<String>> = csv_in::all_records(&text).into_iter().map(|(_, cells)| cells).collect();
            table(&name, texts, &[]).into_iter().collect()
        }
        _ => return Err(ReadError::NotATable { file: filename.to_owned() }),
    };
    let cells: usize = sheets.iter().map(|sheet| sheet.rows.len() * sheet.columns.len()).sum();
    if sheets.is_empty() {
        return Err(ReadError::Empty { file: filename.to_owned() });
    }
    if cells > MOST_CELLS {
        return Err(ReadError::TooManyCells { file: filename.to_owned(), cells, most: MOST_CELLS });
    }
    Ok(sheets)
}

fn text_of(bytes: &[u8], filename: &str) -> Result<String, ReadError> {
    let text = encoding::decode(bytes).0;
    if csv_in::is_text(&text, bytes) { Ok(text) } else { Err(ReadError::NotATable { file: filename.to_owned() }) }
}

fn workbook(bytes: &[u8], filename: &str, name: &str) -> Result<Vec<Sheet>, ReadError> {
    let damaged = |detail: String| ReadError::Damaged { file: filename.to_owned(), detail };
    if unpacks_to_too_much(bytes, UNPACKED) {
        return Err(ReadError::TooLarge { file: filename.to_owned(), megabytes: (UNPACKED / 1024 / 1024) as usize });
    }
    let mut workbook = match open_workbook_auto_from_rs(Cursor::new(bytes)) {
        Ok(workbook) => workbook,
        Err(calamine::Error::Msg(_)) => return Err(ReadError::NotATable { file: filename.to_owned() }),
        Err(error) => return Err(damaged(error.to_string())),
    };
    let mut sheets = Vec::new();
    for sheet in workbook.sheet_names() {
        let range = workbook.worksheet_range(&sheet).map_err(|error| damaged(error.to_string()))?;
        let mut merged = match &mut workbook {
            Sheets::Xlsx(xlsx) => xlsx.merge_cells_by_sheet_name(&sheet).map_err(|error| damaged(error.to_string()))?,
            _ => Vec::new(),
        };
        // Merged regions count from the sheet's corner, rows from the first that holds anything.
        let (first_row, first_column) = range.start().unwrap_or((0, 0));
        for region in &mut merged {
            region.start = (region.start.0.saturating_sub(first_row), region.start.1.saturating_sub(first_column));
            region.end = (region.end.0.saturating_sub(first_row), region.end.1.saturating_sub(first_column));
        }
        let texts: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(text).collect()).collect();
        sheets.extend(table(&format!("{name}_{sheet}"), texts, &merged));
    }
    Ok(sheets)
}

/// A sheet's table: titles above it skipped, headings of several merged rows joined, merged cells of the body named.
fn table(name: &str, mut texts: Vec<Vec<String>>, merged: &[Dimensions]) -> Option<Sheet> {
    // A title above the table is one cell in an otherwise empty row.
    let titles = texts.iter().take_while(|row| row.iter().filter(|text| !text.is_empty()).count() <= 1).count();
    let covers = |region: &Dimensions, row: usize| (region.start.0 as usize..=region.end.0 as usize).contains(&row);
    // A heading of several rows: something merged in its first row, downwards (the next rows belong to it) or across (the
    // row below names the columns).
    let first: Vec<&Dimensions> = merged.iter().filter(|region| region.start.0 as usize == titles).collect();
    let down = first.iter().map(|region| region.end.0 as usize).max().unwrap_or(titles);
    let across = first.iter().any(|region| region.end.1 > region.start.1 && region.end.0 as usize == titles);
    let last = down.max(titles + usize::from(across));
    for region in
        merged.iter().filter(|region| covers(region, titles) || (titles..=last).contains(&(region.start.0 as usize)))
    {
        let text = texts.get(region.start.0 as usize).and_then(|row| row.get(region.start.1 as usize)).cloned();
        for row in texts.iter_mut().take(region.end.0 as usize + 1).skip(region.start.0 as usize) {
            for cell in row.iter_mut().take(region.end.1 as usize + 1).skip(region.start.1 as usize) {
                cell.clone_from(text.as_ref().unwrap_or(&String::new()));
            }
        }
    }
    let mut lines = texts.into_iter().skip(titles);
    let mut heading = lines.next()?;
    for below in lines.by_ref().take(last - titles) {
        for (over, under) in heading.iter_mut().zip(below) {
            if over.is_empty() {
                *over = under;
            } else if !under.is_empty() && *over != under {
                *over = format!("{over}: {under}");
            }
        }
    }
    let body: Vec<Vec<String>> = lines.collect();
    if body.is_empty() {
        return None;
    }
    let problems: Vec<Problem> = merged
        .iter()
        .filter(|region| region.start.0 as usize > last)
        .map(|region| {
            let row = region.start.0 as usize - last;
            let cells = (region.end.0 - region.start.0 + 1) as usize * (region.end.1 - region.start.1 + 1) as usize;
            let text = body.get(row - 1).and_then(|row| row.get(region.start.1 as usize)).cloned().unwrap_or_default();
            Problem::MergedCells { table: name.to_owned(), row, cells, text }
        })
        .collect();
    let mut sheet = Sheet::from_texts(name, std::iter::once(heading).chain(body).collect());
    sheet.problems.extend(problems);
    Some(sheet)
}

/// Cell text. A stored number is the shortest decimal that reads back as it, which is what was typed.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::Int(whole) => whole.to_string(),
        Data::Float(number) => number.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_encodings_titles_and_separators_are_understood() {
        let text = "Есеп\n\nМектеп;Саны;Үлесі\nҚала;3;7,5\nАуыл;4;8,5\n";
        let sheets = read_sheets(text.as_bytes(), "есеп.csv").unwrap();
        assert_eq!((sheets[0].name.as_str(), sheets[0].columns.len(), sheets[0].rows.len()), ("есеп", 3, 2));
        let old = [0xCC, 0xE5, 0xEA, b';', b'n', b'\n', b'A', b';', b'1', b'\n', b'B', b';', b'2', b'\n'];
        assert_eq!(read_sheets(&old, "a.csv").unwrap()[0].columns, ["Мек", "n"]);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for (bytes, name) in [(&b"%PDF-1.7"[..], "a.csv"), (b"a,b\n1,2\n", "a.docx"), (b"PK\x03\x04", "a.xlsx")] {
            assert!(read_sheets(bytes, name).is_err(), "{name}");
        }
        assert_eq!(read_sheets(b"a\n", "a.csv"), Err(ReadError::Empty { file: "a.csv".to_owned() }));
    }

    fn row(cells: [&str; 5]) -> Vec<String> {
        cells.map(str::to_owned).to_vec()
    }

    #[test]
    fn headings_of_two_merged_rows_are_joined() {
        let region = |start: (u32, u32), end: (u32, u32)| Dimensions { start, end };
        let texts = vec![
            row(["Table 24. Participants", "", "", "", ""]),
            row(["school", "grade 5", "", "grade 6", ""]),
            row(["", "kazakh", "russian", "kazakh", "russian"]),
            row(["Astana", "7", "14", "7", "7"]),
            row(["Semey", "27", "", "22", "50"]),
        ];
        let merged = [
            region((0, 0), (0, 4)),
            region((1, 0), (2, 0)),
            region((1, 1), (1, 2)),
            region((1, 3), (1, 4)),
            region((4, 1), (4, 2)),
        ];
        let sheet = table("book_sheet", texts, &merged).unwrap();
        let headings = ["school", "grade 5: kazakh", "grade 5: russian", "grade 6: kazakh", "grade 6: russian"];
        assert_eq!(sheet.columns, headings);
        assert_eq!(sheet.rows.len(), 2);
        let problem = "book_sheet, row 2: 2 cells are merged into one (\"27\"); split them and write each number";
        assert_eq!(sheet.problems.iter().map(ToString::to_string).collect::<Vec<_>>(), [problem]);
    }
}
