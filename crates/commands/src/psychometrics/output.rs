//! Writing results: a file appears under its name only when it is complete.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::BadInput;

/// Writes bytes next to the target and moves them there; compressed where the name ends in .gz.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), BadInput> {
    let failed = |error: std::io::Error| BadInput(format!("{}: cannot be written: {error}", path.display()));
    let compressed;
    let bytes = if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz")) {
        // Without a time, so that the same results are the same bytes.
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).map_err(failed)?;
        compressed = encoder.finish().map_err(failed)?;
        compressed.as_slice()
    } else {
        bytes
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    fs::write(&part, bytes).map_err(failed)?;
    fs::rename(&part, path).map_err(failed)
}

/// Writes a JSON value, indented.
pub fn json(path: &Path, value: &serde_json::Value) -> Result<(), BadInput> {
    let mut text =
        serde_json::to_string_pretty(value).map_err(|error| BadInput(format!("{}: {error}", path.display())))?;
    text.push('\n');
    write(path, text.as_bytes())
}

/// A CSV table in the making.
pub struct Rows {
    writer: csv::Writer<Vec<u8>>,
}

impl Rows {
    pub fn new<S: AsRef<str>>(header: &[S]) -> Self {
        let mut rows = Self { writer: csv::Writer::from_writer(Vec::new()) };
        rows.push(header.iter().map(|name| name.as_ref().to_owned()));
        rows
    }

    pub fn push(&mut self, cells: impl IntoIterator<Item = String>) {
        // Writing to memory cannot fail; a row of another length would be a mistake of ours and is left visible.
        let _ = self.writer.write_record(cells.into_iter().collect::<Vec<_>>());
    }

    pub fn write(self, path: &Path) -> Result<(), BadInput> {
        let bytes = self.writer.into_inner().map_err(|error| BadInput(format!("{}: {error}", path.display())))?;
        write(path, &bytes)
    }
}

/// A number in full precision, empty when there is none.
pub fn number(value: Option<f64>) -> String {
    value.filter(|x| x.is_finite()).map_or_else(String::new, |x| x.to_string())
}

/// Largest resident memory of this process so far, in MB, where the system tells it.
pub fn peak_memory_mb() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kb| kb / 1024.0)
}
