//! A fresh database for one test: SQLite in a temporary folder, or a schema of the PostgreSQL server that
//! `TEST_DATABASE_URL` names, so that every test runs on both.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::ConnectionTrait;

use crate::{Database, Kind, Location, Migration};

/// A database that goes away with the test.
#[derive(Debug)]
pub struct TestDatabase {
    /// The database.
    pub database: Database,
    /// Where it lies, to be opened once more as another process would.
    pub location: Location,
    folder: PathBuf,
    schema: Option<String>,
}

impl std::ops::Deref for TestDatabase {
    type Target = Database;
    fn deref(&self) -> &Database {
        &self.database
    }
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Opens a fresh database with these migrations.
///
/// # Panics
/// When it cannot: a test without its database has nothing to say.
#[expect(clippy::panic, reason = "only tests call this")]
pub async fn database(migrations: Vec<Migration>) -> TestDatabase {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("zerek_test_{}_{number}", std::process::id());
    let folder = std::env::temp_dir().join(&name);
    let (location, schema) = match std::env::var("TEST_DATABASE_URL") {
        Ok(url) => {
            let server = Location::Server { url, folder: folder.clone(), schema: Some(name.clone()) };
            (server, Some(name))
        }
        Err(_) => (Location::Folder(folder.clone()), None),
    };
    match Database::open(&location, 1, migrations).await {
        Ok(database) => TestDatabase { database, location, folder, schema },
        Err(error) => panic!("no database for the test: {error}"),
    }
}

impl TestDatabase {
    /// Drops what the test made. A test that fails leaves its schema behind for a look.
    pub async fn finish(self) {
        if let (Kind::Postgres, Some(schema)) = (self.database.kind(), &self.schema) {
            let _ = self.database.read().execute_unprepared(&format!("DROP SCHEMA \"{schema}\" CASCADE")).await;
        }
        self.database.close().await;
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
