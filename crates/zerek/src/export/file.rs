//! One table on its way into a file: CSV or JSON, whole or not at all.

use std::fs::File;
use std::io::{BufWriter, Error, Write};
use std::path::{Path, PathBuf};

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// How tables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// UTF-8, commas, names of columns in the first row, an empty cell for what is not known.
    Csv,
    /// A list of objects, `null` for what is not known.
    Json,
}

enum Out {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Json(BufWriter<File>),
}

/// A table that is being written beside its place.
pub struct TableFile {
    columns: Vec<&'static str>,
    out: Out,
    path: PathBuf,
    rows: u64,
}

/// A row as an object with its columns in their order.
struct Object<'a>(&'a [&'static str], &'a [Value]);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (column, value) in self.0.iter().zip(self.1) {
            map.serialize_entry(column, value)?;
        }
        map.end()
    }
}

fn beside(path: &Path) -> PathBuf {
    path.with_extension("part")
}

impl TableFile {
    /// Begins `<name>.csv` or `<name>.json` in a folder.
    pub fn begin(folder: &Path, name: &str, columns: &[&'static str], format: Format) -> Result<Self, Error> {
        let path = folder.join(format!("{name}.{}", if format == Format::Csv { "csv" } else { "json" }));
        let mut file = BufWriter::new(File::create(beside(&path))?);
        let out = match format {
            Format::Csv => {
                let mut writer = csv::Writer::from_writer(file);
                writer.write_record(columns)?;
                Out::Csv(Box::new(writer))
            }
            Format::Json => {
                file.write_all(b"[")?;
                Out::Json(file)
            }
        };
        Ok(Self { columns: columns.to_vec(), out, path, rows: 0 })
    }

    /// Adds a row; as many values as columns.
    pub fn row(&mut self, values: &[Value]) -> Result<(), Error> {
        debug_assert_eq!(values.len(), self.columns.len(), "{}", self.path.display());
        match &mut self.out {
            Out::Csv(writer) => writer.write_record(values.iter().map(|value| match value {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            }))?,
            Out::Json(file) => {
                file.write_all(if self.rows == 0 { b"\n" } else { b",\n" })?;
                serde_json::to_writer(&mut *file, &Object(&self.columns, values))?;
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// Puts the finished file in its place. Gives its name and the number of rows.
    pub fn finish(self) -> Result<(String, u64), Error> {
        match self.out {
            Out::Csv(mut writer) => writer.flush()?,
            Out::Json(mut file) => {
                file.write_all(b"\n]\n")?;
                file.flush()?;
            }
        }
        std::fs::rename(beside(&self.path), &self.path)?;
        Ok((self.path.file_name().unwrap_or_default().to_string_lossy().into_owned(), self.rows))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_formats_say_the_same_and_nothing_stands_there_before_it_is_whole() {
        let folder = std::env::temp_dir().join(format!("zerek-table-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (format, expected) in [
            (Format::Csv, "name,n\n\"Әлия, \"\"Б\"\"\",3\n,0.5\n"),
            (Format::Json, "[\n{\"name\":\"Әлия, \\\"Б\\\"\",\"n\":3},\n{\"name\":null,\"n\":0.5}\n]\n"),
        ] {
            let mut file = TableFile::begin(&folder, "table", &["name", "n"], format).unwrap();
            file.row(&[json!("Әлия, \"Б\""), json!(3)]).unwrap();
            file.row(&[Value::Null, json!(0.5)]).unwrap();
            let path = file.path.clone();
            assert!(!path.exists());
            assert_eq!(file.finish().unwrap().1, 2);
            assert_eq!(std::fs::read_to_string(path).unwrap(), expected);
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
