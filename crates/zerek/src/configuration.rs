//! Where the data are and how to reach them.

use std::path::PathBuf;

use store::{Database, Location};

use crate::subcommands::bad_input;
use commands::BadInput;

/// Which database. Options of every subcommand that uses one.
#[derive(Debug, Clone, clap::Args)]
pub struct DataArguments {
    /// Folder for the embedded database and for files.
    #[arg(long, env = "ZEREK_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
    /// Address of a PostgreSQL database; without it the database is a file in the data folder.
    #[arg(long, env = "ZEREK_DATABASE", value_name = "postgres://…")]
    pub database: Option<String>,
    /// Number of this process, 0 to 1023, which no other process on the same network has: it is refused when another has
    /// it. Without it a process takes the first number that is free.
    #[arg(long, env = "ZEREK_NODE", value_parser = clap::value_parser!(u16).range(0..1024))]
    pub node: Option<u16>,
}

/// What a process does, which gives it the number that it gets when it is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Process {
    /// Serves pages.
    Server = 0,
    /// Does background work beside a server.
    Worker = 1,
    /// Does one thing and ends.
    Command = 2,
}

impl DataArguments {
    /// Opens the database and brings its tables up to date.
    ///
    /// # Errors
    /// One message that says which database and why not.
    pub async fn open(&self, process: Process) -> Result<Database, BadInput> {
        let location = match &self.database {
            None => Location::Folder(self.data.clone()),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Location::Server { url: url.clone(), folder: self.data.clone(), schema: None }
            }
            Some(url) => {
                let scheme = url.split(':').next().unwrap_or_default();
                return Err(BadInput(format!(
                    "--database: addresses begin with postgres://, this one with \"{scheme}\"; for SQLite use --data DIR"
                )));
            }
        };
        let opened = match self.node {
            Some(node) => Database::open_numbered(&location, node, crate::migrations()).await,
            None => Database::open(&location, process as u16, crate::migrations()).await,
        };
        opened.map_err(bad_input)
    }
}
