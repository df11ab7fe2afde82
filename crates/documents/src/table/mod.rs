//! Tables in files: XLSX and CSV out, XLSX, XLS, ODS and CSV in.
//!
//! What comes in keeps its address: every error says the row and the column as people see them.
//!
//! ```
//! use documents::table::{Problems, read_table};
//!
//! let file = "Аты;Балл\nӘлия;16\nЕрлан;он алты\nАйша;12,5\n";
//! let table = read_table(file.as_bytes(), "marks.csv")?;
//! let score = table.column("балл")?;
//! let mut problems = Problems::new();
//! let scores: Vec<Option<f64>> = table.rows.iter().map(|row| row.number(&score, &mut problems)).collect();
//! assert_eq!(scores, [Some(16.0), None, Some(12.5)]);
//! assert_eq!(problems.list()[0].to_string(), "row 3, column B (Балл): \"он алты\" is not a number");
//! # Ok::<(), documents::table::ReadError>(())
//! ```

mod csv_in;
mod encoding;
mod problem;
mod read;
mod sheets_in;
mod workbook_in;
mod write;

pub use problem::{Address, Problem, ProblemKind, Problems, ReadError, column_letters};
pub use read::{Column, ReadOptions, Row, Table, Value, read_table, read_table_with};
pub use sheets_in::read_sheets;
pub(crate) use write::unused_name;
pub use write::{Cell, Sheet, SheetColumn, WriteError, csv_file, xlsx_file};
