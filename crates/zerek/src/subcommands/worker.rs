//! `zerek worker`.

use std::sync::Arc;

use commands::{BadInput, Outcome};
use kernel::{Clock, SystemClock};
use store::jobs::{self, JobFilter};

use super::bad_input;
use super::serve::stopped;
use crate::configuration::{DataArguments, Process};

/// Arguments of `zerek worker`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Background work is scoring after a campaign has closed and making all its documents. `zerek serve` does it too unless it
is started with --no-jobs; workers beside it share the work, each job is done by one of them. A worker may be stopped at
any time: the job that was running waits again and skips what is already done. With --once the exit status is 2 when a
job has failed; the page \"Background work\" says why."
)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// Do what waits, then stop.
    #[arg(long)]
    once: bool,
}

/// Does background work until told to stop.
///
/// # Errors
/// One message when the database cannot be used.
pub async fn run(arguments: Arguments, json: bool) -> Result<Outcome, BadInput> {
    let database = arguments.data.open(Process::Worker).await?;
    if !arguments.once {
        println!("Zerek does background work as node {}; stop it with ctrl-c", database.node());
        tokio::select! {
            () = crate::work::run(database.clone()) => {}
            () = stopped() => {}
        }
        crate::work::leave(&database).await;
        database.close().await;
        return Ok(Outcome::Done);
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let began = clock.now().as_millisecond();
    let ran = crate::work::runner().run_all(&database, &clock).await.map_err(bad_input)?;
    let latest = jobs::list(&database, &JobFilter::default(), ran.saturating_mul(4).max(100)).await;
    let ended = latest.map_err(bad_input)?.into_iter().filter(|job| job.finished_at.is_some_and(|at| at >= began));
    let failed: Vec<_> = ended.filter(|job| job.state == "failed").collect();
    database.close().await;
    if json {
        println!("{}", serde_json::json!({ "ran": ran, "failed": failed.len() }));
    } else {
        println!("{ran} jobs done, {} of them failed", failed.len());
    }
    for job in &failed {
        eprintln!("zerek: {}: {}", job.kind, job.last_error.as_deref().unwrap_or("no reason is known"));
    }
    Ok(if failed.is_empty() { Outcome::Done } else { Outcome::Warnings })
}
