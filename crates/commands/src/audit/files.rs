//! Reading tables from files.

use crate::BadInput;
use documents::table::read_sheets;
use measures::audit::Sheet;
use std::path::{Path, PathBuf};

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> BadInput {
    BadInput(format!("zerek audit: {}: {error}", path.display()))
}

/// Text of a file of rules.
pub(super) fn read_text(path: &Path) -> Result<String, BadInput> {
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    let text = String::from_utf8(bytes).map_err(|_not_utf8| unreadable(path, &"not UTF-8 text; save it as UTF-8"))?;
    Ok(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned))
}

/// All tables of the files and folders given, folders in order of file name.
pub(super) fn read_tables(paths: &[PathBuf]) -> Result<Vec<Sheet>, BadInput> {
    let mut sheets: Vec<Sheet> = Vec::new();
    for path in paths {
        let found = if path.is_dir() { folder(path)? } else { vec![path.clone()] };
        for file in found {
            let bytes = std::fs::read(&file).map_err(|error| unreadable(&file, &error))?;
            let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            sheets.extend(read_sheets(&bytes, &name).map_err(|error| unreadable(&file, &error))?);
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
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(|error| unreadable(path, &error))? {
        let file = entry.map_err(|error| unreadable(path, &error))?.path();
        let ending = file.extension().map_or_else(String::new, |ending| ending.to_string_lossy().to_lowercase());
        if matches!(ending.as_str(), "csv" | "xlsx" | "xls" | "ods" | "md") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}
