//! `zerek demo`.

use commands::{BadInput, Outcome};
use kernel::SystemClock;

use super::bad_input;
use super::serve::{ListenArguments, serve};
use crate::configuration::{DataArguments, Process};

/// Arguments of `zerek demo`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    #[command(flatten)]
    listen: ListenArguments,
    /// Load the demonstration network, print what was loaded, and stop.
    #[arg(long)]
    load_only: bool,
}

/// Loads the demonstration network unless it is there, then serves it.
///
/// # Errors
/// One message when the database or the pack cannot be used.
pub async fn run(arguments: Arguments, json: bool) -> Result<Outcome, BadInput> {
    let database = arguments.data.open(Process::Server).await?;
    let loaded = crate::demo::load(&database, &SystemClock, !json).await.map_err(bad_input)?;
    if json {
        let crate::demo::Loaded { now, pupils, codes, kinds, .. } = &loaded;
        println!(
            "{}",
            serde_json::json!({ "loaded": now, "pupils": pupils, "codes": codes, "kinds": { "kk": kinds[0], "ru": kinds[1] } })
        );
    } else {
        println!("{} pupils in {} schools", loaded.pupils, loaded.schools);
    }
    if arguments.load_only {
        database.close().await;
        return Ok(Outcome::Done);
    }
    serve(database, &arguments.listen, true, |address| {
        println!("{}", crate::demo::welcome(address, &loaded));
    })
    .await
}
