//! Reading tables from files.

use crate::BadInput;
use calamine::{Data, Dimensions, Reader, Sheets, open_workbook_auto};
use measures::audit::{Problem, Sheet};
use std::path::{Path, PathBuf};

/// Text of a file.
pub(super) fn read_text(path: &Path) -> Result<String, BadInput> {
    let bytes = std::fs::read(path).map_err(|error| BadInput(format!("zerek audit: {}: {error}", path.display())))?;
    let text = String::from_utf8(bytes).map_err(|_not_utf8| {
        BadInput(format!("zerek audit: {} is not UTF-8 text; save it as CSV UTF-8", path.display()))
    })?;
    // Spreadsheets put a byte order mark before the first heading.
    Ok(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned))
}

/// All tables of the files and folders given, folders in order of file name.
pub(super) fn read_tables(paths: &[PathBuf]) -> Result<Vec<Sheet>, BadInput> {
    let mut sheets: Vec<Sheet> = Vec::new();
    for path in paths {
        let found = if path.is_dir() { folder(path)? } else { vec![path.clone()] };
        for file in found {
            sheets.extend(read_file(&file)?);
        }
    }
    for (index, sheet) in sheets.iter().enumerate() {
        if sheets.iter().take(index).any(|earlier| earlier.name == sheet.name) {
            return Err(BadInput(format!("zerek audit: two tables are called \"{}\"; rename a file", sheet.name)));
        }
    }
    if sheets.is_empty() {
        return Err(BadInput("zerek audit: no table found; give CSV, XLSX or Markdown files".to_owned()));
    }
    Ok(sheets)
}

fn folder(path: &Path) -> Result<Vec<PathBuf>, BadInput> {
    let unreadable = |error: std::io::Error| BadInput(format!("zerek audit: {}: {error}", path.display()));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        if matches!(ending(&file).as_str(), "csv" | "xlsx" | "xls" | "ods" | "md") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn ending(path: &Path) -> String {
    path.extension().map_or_else(String::new, |ending| ending.to_string_lossy().to_lowercase())
}

fn read_file(path: &Path) -> Result<Vec<Sheet>, BadInput> {
    let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    match ending(path).as_str() {
        "csv" | "tsv" | "txt" => Ok(vec![Sheet::from_csv(&name, &read_text(path)?)]),
        "md" => Ok(Sheet::from_markdown(&name, &read_text(path)?)),
        "xlsx" | "xls" | "xlsm" | "ods" => workbook(path, &name),
        other => Err(BadInput(format!("zerek audit: {}: \"{other}\" is not CSV, XLSX or Markdown", path.display()))),
    }
}

fn workbook(path: &Path, name: &str) -> Result<Vec<Sheet>, BadInput> {
    let unreadable = |error: calamine::Error| BadInput(format!("zerek audit: {}: {error}", path.display()));
    let mut workbook = open_workbook_auto(path).map_err(unreadable)?;
    let mut sheets = Vec::new();
    for sheet in workbook.sheet_names() {
        let range = workbook.worksheet_range(&sheet).map_err(unreadable)?;
        let mut merged = match &mut workbook {
            Sheets::Xlsx(xlsx) => {
                xlsx.merge_cells_by_sheet_name(&sheet).map_err(|error| unreadable(calamine::Error::Xlsx(error)))?
            }
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
