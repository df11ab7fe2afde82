//! Reading tables from files.

use crate::BadInput;
use calamine::{Data, Reader, open_workbook_auto};
use measures::audit::Sheet;
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
        let mut texts: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(text).collect()).collect();
        // A title above the table is one cell in an otherwise empty row.
        while texts.first().is_some_and(|row| row.iter().filter(|text| !text.is_empty()).count() <= 1) {
            texts.remove(0);
        }
        if texts.len() > 1 {
            sheets.push(Sheet::from_texts(&format!("{name}_{sheet}"), texts));
        }
    }
    Ok(sheets)
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
