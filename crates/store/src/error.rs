//! What can go wrong with the database.

/// What can go wrong with the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A uniqueness rule was broken: somebody else did the same first.
    #[error("already there: {0}")]
    Conflict(String),
    /// A row names another row that does not exist.
    #[error("refers to something that is not there: {0}")]
    MissingReference(String),
    /// The database is somebody's older or newer one, or not reachable.
    #[error("cannot open the database {location}: {reason}")]
    Open {
        /// The file or address, without a password.
        location: String,
        /// What the database said.
        reason: String,
    },
    /// A file of the data folder cannot be read or written.
    #[error("file {path}: {reason}")]
    File {
        /// Path below the data folder.
        path: String,
        /// What the operating system said.
        reason: String,
    },
    /// Another process has the number that this one insists on.
    #[error("another process uses number {number} on this database; give this one another number, or none")]
    NodeTaken {
        /// The number.
        number: u16,
    },
    /// As many processes use the database as there are numbers.
    #[error("as many processes use this database as it has numbers for")]
    NoNodeFree,
    /// JSON in a column is not what it should be.
    #[error("stored data of {what} cannot be read: {source}")]
    Json {
        /// Which column.
        what: &'static str,
        /// What the reader said.
        source: serde_json::Error,
    },
    /// Anything else that the database says.
    #[error("database: {0}")]
    Database(#[source] sea_orm::DbErr),
}

impl From<sea_orm::DbErr> for StoreError {
    fn from(error: sea_orm::DbErr) -> Self {
        match error.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(what)) => Self::Conflict(what),
            Some(sea_orm::SqlErr::ForeignKeyConstraintViolation(what)) => Self::MissingReference(what),
            _ => Self::Database(error),
        }
    }
}
