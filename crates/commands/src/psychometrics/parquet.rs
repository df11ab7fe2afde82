//! Rows of a Parquet file as texts, so that everything after reading is the same as for CSV.

use std::fs::File;

use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::record::reader::RowIter;

use crate::BadInput;

pub struct ParquetRows {
    name: String,
    header: Vec<String>,
    rows: RowIter<'static>,
    row: usize,
}

impl ParquetRows {
    pub fn open(name: &str, file: File) -> Result<Self, BadInput> {
        let refused = |error: ParquetError| BadInput(format!("{name}: {}", explained(&error)));
        let reader = SerializedFileReader::new(file).map_err(refused)?;
        let schema = reader.metadata().file_metadata().schema();
        if let Some(nested) = schema.get_fields().iter().find(|field| field.is_group()) {
            return Err(BadInput(format!(
                "{name}: column {} holds lists or records; a flat table is needed",
                nested.name()
            )));
        }
        let header = schema.get_fields().iter().map(|field| field.name().to_owned()).collect();
        Ok(Self { name: name.to_owned(), header, rows: reader.into_iter(), row: 0 })
    }

    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The next row; `false` after the last one.
    pub fn next(&mut self, record: &mut csv::StringRecord) -> Result<bool, BadInput> {
        self.row += 1;
        let Some(row) = self.rows.next() else { return Ok(false) };
        let row = row.map_err(|error| BadInput(format!("{}: {}", self.name, explained(&error))))?;
        record.clear();
        for (column, field) in row.get_column_iter() {
            match field {
                Field::Null => record.push_field(""),
                Field::Bool(value) => record.push_field(if *value { "1" } else { "0" }),
                Field::Str(text) => record.push_field(text.trim()),
                Field::Float(value) => record.push_field(&value.to_string()),
                Field::Double(value) => record.push_field(&value.to_string()),
                Field::Bytes(bytes) => {
                    let text = std::str::from_utf8(bytes.data()).map_err(|_bytes| {
                        BadInput(format!("{}: row {}, column {column}: not text but bytes", self.name, self.row + 1))
                    })?;
                    record.push_field(text.trim());
                }
                other => record.push_field(&other.to_string()),
            }
        }
        Ok(true)
    }
}

/// A compression that was left out of this program gets a word on what to do.
fn explained(error: &ParquetError) -> String {
    let text = error.to_string();
    if text.contains("isabled feature") {
        return format!("{text}; write the file with snappy, gzip or lz4, or as CSV");
    }
    text
}
