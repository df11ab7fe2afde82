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
    /// Number of this node, 0 to 1023: different on every node that writes into one network.
    #[arg(long, env = "ZEREK_NODE", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..1024))]
    pub node: u16,
}

impl DataArguments {
    /// Opens the database and brings its tables up to date.
    ///
    /// # Errors
    /// One message that says which database and why not.
    pub async fn open(&self) -> Result<Database, BadInput> {
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
        Database::open(&location, self.node, crate::migrations()).await.map_err(bad_input)
    }
}
