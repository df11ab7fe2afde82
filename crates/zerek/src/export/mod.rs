//! What a database holds, as plain tables in files: the roster, the tests, who sat them, results, tasks, term marks.
//!
//! Everything is read through the queries of the rooms, so a table means what a page means by the same word. Scoring keys,
//! login codes and passwords are not among it.

mod assess;
mod file;
mod roster;

use std::path::{Path, PathBuf};

use delivery::model::Campaign;
use kernel::{Actor, Localized};
use serde_json::{Value, json};
use store::Database;

pub use file::Format;
use file::TableFile;

/// A group of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum What {
    /// org_units, classes, pupils, staff
    Roster,
    /// tests, items: with the statistics of tests and tasks
    Tests,
    /// attempts: who has started, finished, was absent
    Attempts,
    /// results: points, places, counts; one row per pupil and test
    Results,
    /// responses: one row per pupil, test and task
    Responses,
    /// term_marks: the schools' own marks
    Marks,
}

impl What {
    /// Every group.
    pub const ALL: [Self; 6] = [Self::Roster, Self::Tests, Self::Attempts, Self::Results, Self::Responses, Self::Marks];
}

/// Why tables could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The database.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The roster.
    #[error(transparent)]
    Roster(#[from] ::roster::RosterError),
    /// The campaigns.
    #[error(transparent)]
    Delivery(#[from] delivery::DeliveryError),
    /// The results.
    #[error(transparent)]
    Monitoring(#[from] monitoring::MonitoringError),
    /// The folder.
    #[error("{path}: {source}; choose a folder that can be written with --out")]
    File {
        /// Which folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

/// A file that was written: its name and the number of its rows.
pub type Written = (String, u64);

/// What is read, and where it goes.
pub struct Export<'a> {
    database: &'a Database,
    actor: Actor,
    folder: &'a Path,
    format: Format,
    written: Vec<Written>,
}

impl<'a> Export<'a> {
    /// Writes these groups of tables; those about tests for these campaigns.
    ///
    /// # Errors
    /// [`ExportError`]; tables that were finished before stay, the one that failed is not there.
    pub async fn run(
        database: &'a Database,
        folder: &'a Path,
        format: Format,
        groups: &[What],
        campaigns: &[Campaign],
    ) -> Result<Vec<Written>, ExportError> {
        let failed = |source| ExportError::File { path: folder.to_owned(), source };
        std::fs::create_dir_all(folder).map_err(failed)?;
        let mut export = Self { database, actor: Actor::system(), folder, format, written: Vec::new() };
        for group in groups {
            match group {
                What::Roster => export.roster().await?,
                What::Tests => export.tests(campaigns).await?,
                What::Attempts => export.attempts(campaigns).await?,
                What::Results => export.results(campaigns).await?,
                What::Responses => export.responses(campaigns).await?,
                What::Marks => export.marks(campaigns).await?,
            }
        }
        Ok(export.written)
    }

    fn begin(&self, name: &str, columns: &[&'static str]) -> Result<TableFile, ExportError> {
        TableFile::begin(self.folder, name, columns, self.format).map_err(|source| self.failed(source))
    }

    fn row(&self, table: &mut TableFile, values: &[Value]) -> Result<(), ExportError> {
        table.row(values).map_err(|source| self.failed(source))
    }

    fn finish(&mut self, table: TableFile) -> Result<(), ExportError> {
        let written = table.finish().map_err(|source| self.failed(source))?;
        self.written.push(written);
        Ok(())
    }

    fn failed(&self, source: std::io::Error) -> ExportError {
        ExportError::File { path: self.folder.to_owned(), source }
    }
}

/// A text in Kazakh, Russian and English.
fn texts(text: &Localized) -> [Value; 3] {
    [&text.kk, &text.ru, &text.en].map(|text| if text.is_empty() { Value::Null } else { json!(text) })
}

/// Ids are texts in JSON: as numbers they do not fit into what JavaScript and spreadsheets count with.
fn id(value: impl std::fmt::Display) -> Value {
    json!(value.to_string())
}
