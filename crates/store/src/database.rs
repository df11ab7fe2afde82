//! Opening a database and reading from it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use kernel::{IdGenerator, Timestamp};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::migrator::MigratorTraitSelf;

use crate::migration::{Migration, Migrator};
use crate::node::{self, Wanted};
use crate::write::{By, Write};
use crate::{Files, StoreError};

/// Which of the two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Embedded, one file.
    Sqlite,
    /// A server, any number of nodes.
    Postgres,
}

/// Where the data lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A folder with `zerek.db` and `files/` in it.
    Folder(PathBuf),
    /// A PostgreSQL address, and the folder for files.
    Server {
        /// `postgres://user:password@host:port/name`
        url: String,
        /// Folder for files.
        folder: PathBuf,
        /// Schema, when it is not the default one.
        schema: Option<String>,
    },
}

impl Location {
    /// What may be shown in messages: no password.
    fn shown(&self) -> String {
        match self {
            Self::Folder(folder) => folder.join("zerek.db").display().to_string(),
            Self::Server { url, .. } => match (url.find("://"), url.rfind('@')) {
                (Some(scheme), Some(at)) if at > scheme => format!("{}://…{}", &url[..scheme], &url[at..]),
                _ => url.clone(),
            },
        }
    }

    fn folder(&self) -> &Path {
        match self {
            Self::Folder(folder) | Self::Server { folder, .. } => folder,
        }
    }
}

#[derive(Debug)]
struct Inner {
    kind: Kind,
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    ids: IdGenerator,
    files: Files,
    job_wake: tokio::sync::Notify,
    node: u16,
    node_held: node::Held,
}

/// The database, shared by everything that needs it; cloning is cheap.
#[derive(Debug, Clone)]
pub struct Database(Arc<Inner>);

/// Readers on SQLite. They only wait for the disk, so a few more than cores.
const SQLITE_READERS: u32 = 6;
const POSTGRES_CONNECTIONS: u32 = 16;

impl Database {
    /// Opens (and on SQLite creates) the database and runs the migrations that it has not seen. The process gets a number
    /// that no other process on this database has: `node`, or the first free one after it.
    ///
    /// # Errors
    /// [`StoreError::Open`] when the folder or server cannot be used; [`StoreError::Database`] when a migration fails.
    pub async fn open(location: &Location, node: u16, migrations: Vec<Migration>) -> Result<Self, StoreError> {
        Self::open_as(location, Wanted::From(node), migrations).await
    }

    /// The same with the number `node` and no other.
    ///
    /// # Errors
    /// As [`open`](Self::open); [`StoreError::NodeTaken`] when another process has the number.
    pub async fn open_numbered(location: &Location, node: u16, migrations: Vec<Migration>) -> Result<Self, StoreError> {
        Self::open_as(location, Wanted::Exactly(node), migrations).await
    }

    async fn open_as(location: &Location, wanted: Wanted, migrations: Vec<Migration>) -> Result<Self, StoreError> {
        let opened = match location {
            Location::Folder(folder) => open_sqlite(folder).await,
            Location::Server { url, schema, .. } => open_postgres(url, schema.as_deref()).await,
        };
        let (kind, writer, reader) =
            opened.map_err(|reason| StoreError::Open { location: location.shown(), reason: reason.to_string() })?;
        let (node, node_held) = match location {
            Location::Folder(folder) => node::by_file(folder, wanted)?,
            Location::Server { url, schema, .. } => {
                node::by_lock(postgres_options(url, schema.as_deref()), schema.as_deref(), wanted).await?
            }
        };
        Migrator(migrations).up(&writer, None).await?;
        let files = Files::in_folder(&location.folder().join("files"))?;
        Ok(Self(Arc::new(Inner {
            kind,
            writer,
            reader,
            ids: IdGenerator::new(node),
            files,
            job_wake: tokio::sync::Notify::new(),
            node,
            node_held,
        })))
    }

    /// The number of this process, which no other process on this database has.
    pub fn node(&self) -> u16 {
        self.0.node
    }

    /// Which database this is: for tests and messages, not for choosing SQL outside this crate.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The connection pool for reading. On SQLite it refuses to write.
    pub fn read(&self) -> &DatabaseConnection {
        &self.0.reader
    }

    /// Begins a write: one transaction in the name of somebody, with an audit entry that says what was done.
    ///
    /// Dropping the [`Write`] without [`Write::commit`] undoes it. Do nothing slow between the two: on SQLite everybody
    /// else who writes waits.
    ///
    /// # Errors
    /// [`StoreError::Database`] when no connection can be had.
    pub async fn write(&self, by: &By, act: &'static str) -> Result<Write, StoreError> {
        Ok(Write::new(self.clone(), self.begin().await?, by.clone(), act))
    }

    /// Begins a write that is its own audit: appending to a log that nobody changes (the answer log), or housekeeping
    /// of queues and sessions that changes nothing anybody owns.
    ///
    /// # Errors
    /// [`StoreError::Database`] when no connection can be had.
    pub async fn append(&self, by: &By) -> Result<Write, StoreError> {
        Ok(Write::unaudited(self.clone(), self.begin().await?, by.clone()))
    }

    async fn begin(&self) -> Result<sea_orm::DatabaseTransaction, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: (self.0.kind == Kind::Sqlite).then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.0.writer.begin_with_options(options).await?)
    }

    /// A new id.
    pub fn next_id(&self, now: Timestamp) -> i64 {
        self.0.ids.next(now)
    }

    /// Files kept beside the database.
    pub fn files(&self) -> &Files {
        &self.0.files
    }

    pub(crate) fn job_wake(&self) -> &tokio::sync::Notify {
        &self.0.job_wake
    }

    /// Closes all connections, writing what SQLite still holds in its log into the file.
    pub async fn close(&self) {
        // Both pools belong to this process; closing an already closed one does nothing.
        let _ = self.0.reader.close_by_ref().await;
        let _ = self.0.writer.close_by_ref().await;
        self.0.node_held.release().await;
    }

    /// Lets the database look at its statistics again, after much was loaded.
    ///
    /// # Errors
    /// [`StoreError::Database`] when the database refuses.
    pub async fn analyse(&self) -> Result<(), StoreError> {
        self.0.writer.execute_unprepared("ANALYZE").await?;
        Ok(())
    }
}

async fn open_sqlite(folder: &Path) -> Result<(Kind, DatabaseConnection, DatabaseConnection), sea_orm::DbErr> {
    std::fs::create_dir_all(folder).map_err(|error| sea_orm::DbErr::Custom(error.to_string()))?;
    let file = folder.join("zerek.db");
    let options = |readers: Option<u32>| {
        let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", file.display()));
        options.max_connections(readers.unwrap_or(1)).min_connections(1).sqlx_logging(false);
        // Writers queue for the one connection; a long load before them is no reason to give up.
        options.acquire_timeout(Duration::from_mins(1)).idle_timeout(Duration::from_mins(10));
        options.map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = sqlite
                .busy_timeout(Duration::from_secs(20))
                .foreign_keys(true)
                .pragma("journal_mode", "WAL")
                // An answer that was acknowledged survives a power cut, not only a crash.
                .pragma("synchronous", "FULL")
                .pragma("cache_size", "-8000")
                .pragma("temp_store", "MEMORY")
                .pragma("mmap_size", "268435456")
                .statement_cache_capacity(200);
            if readers.is_some() { sqlite.pragma("query_only", "ON") } else { sqlite }
        });
        options
    };
    let writer = sea_orm::Database::connect(options(None)).await?;
    let reader = sea_orm::Database::connect(options(Some(SQLITE_READERS))).await?;
    Ok((Kind::Sqlite, writer, reader))
}

fn postgres_options(url: &str, schema: Option<&str>) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.to_owned());
    options.sqlx_logging(false).acquire_timeout(Duration::from_mins(1));
    if let Some(schema) = schema {
        options.set_schema_search_path(schema);
    }
    options
}

async fn open_postgres(
    url: &str,
    schema: Option<&str>,
) -> Result<(Kind, DatabaseConnection, DatabaseConnection), sea_orm::DbErr> {
    let mut options = postgres_options(url, schema);
    options.max_connections(POSTGRES_CONNECTIONS).min_connections(1).idle_timeout(Duration::from_mins(10));
    let pool = sea_orm::Database::connect(options).await?;
    if let Some(schema) = schema {
        pool.execute_unprepared(&format!("CREATE SCHEMA IF NOT EXISTS \"{}\"", schema.replace('"', ""))).await?;
    }
    Ok((Kind::Postgres, pool.clone(), pool))
}
