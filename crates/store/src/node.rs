//! The number of a process among all that use one database: ids carry it, and jobs say which process runs them.
//!
//! A number is held by a lock that the operating system or the server gives back when the process ends, however it ends. So
//! two processes never have one number at the same time, and what a number left running when it is taken again was left by a
//! process that is gone.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use kernel::IdGenerator;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use crate::StoreError;

const NODES: u16 = IdGenerator::NODES;

/// Which number a process wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// This one or none.
    Exactly(u16),
    /// The first that is free, from this one on.
    From(u16),
}

impl Wanted {
    /// The numbers to try, in order.
    fn candidates(self) -> impl Iterator<Item = u16> {
        let (first, count) = match self {
            Self::Exactly(number) => (number, 1),
            Self::From(number) => (number, NODES),
        };
        (0..count).map(move |step| (first + step) % NODES)
    }

    fn none_free(self) -> StoreError {
        match self {
            Self::Exactly(number) => StoreError::NodeTaken { number },
            Self::From(_) => StoreError::NoNodeFree,
        }
    }
}

/// What holds the number: it is given back when this is dropped.
#[derive(Debug)]
pub(crate) enum Held {
    /// A locked file in the data folder.
    File(File),
    /// A connection of its own with an advisory lock.
    Connection(DatabaseConnection),
}

impl Held {
    /// Gives the number back before the process ends.
    pub(crate) async fn release(&self) {
        // Whatever fails here, the end of the process does it.
        match self {
            Self::File(file) => drop(file.unlock()),
            Self::Connection(connection) => drop(connection.close_by_ref().await),
        }
    }
}

/// By a file for each number in `nodes/` of the data folder. SQLite itself relies on such locks.
pub(crate) fn by_file(folder: &Path, wanted: Wanted) -> Result<(u16, Held), StoreError> {
    let folder = folder.join("nodes");
    let fails = |path: &Path, error: &std::io::Error| StoreError::File {
        path: path.display().to_string(),
        reason: error.to_string(),
    };
    std::fs::create_dir_all(&folder).map_err(|error| fails(&folder, &error))?;
    for number in wanted.candidates() {
        let path = folder.join(number.to_string());
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|error| fails(&path, &error))?;
        match file.try_lock() {
            Ok(()) => return Ok((number, Held::File(file))),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(fails(&path, &error)),
        }
    }
    Err(wanted.none_free())
}

/// By an advisory lock of PostgreSQL in the schema of the tables, on a connection that is used for nothing else.
pub(crate) async fn by_lock(
    mut options: ConnectOptions,
    schema: Option<&str>,
    wanted: Wanted,
) -> Result<(u16, Held), StoreError> {
    options.max_connections(1).min_connections(1).idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    let connection = sea_orm::Database::connect(options).await?;
    for number in wanted.candidates() {
        let statement = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_try_advisory_lock(hashtext($1), $2) AS held",
            [format!("zerek node {}", schema.unwrap_or_default()).into(), i32::from(number).into()],
        );
        let row = connection.query_one_raw(statement).await?;
        if row.map_or(Ok(false), |row| row.try_get("", "held"))? {
            return Ok((number, Held::Connection(connection)));
        }
    }
    Err(wanted.none_free())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_numbers_are_tried_once_from_the_wanted_one_on() {
        let all: Vec<u16> = Wanted::From(NODES - 2).candidates().collect();
        assert_eq!((all.len(), all[0], all[1], all[2]), (usize::from(NODES), NODES - 2, NODES - 1, 0));
        assert_eq!(Wanted::Exactly(7).candidates().collect::<Vec<_>>(), [7]);
    }
}
