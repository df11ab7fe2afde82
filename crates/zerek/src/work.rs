//! Background work: which room handles which job.

use std::sync::Arc;

use kernel::{Clock, SystemClock};
use monitoring::model::Settings;
use store::Database;
use store::jobs::Runner;

/// The runner with the handlers of all rooms.
pub fn runner() -> Runner {
    monitoring::handlers(Runner::new(), Settings::default())
}

/// Runs jobs until the task is ended; first takes back those that this node left when it stopped last.
pub async fn run(database: Database, node: u16) {
    let name = format!("node-{node}");
    if let Err(error) = Runner::release(&database, &name, SystemClock.now()).await {
        tracing::warn!(%error, "jobs that were left running");
    }
    runner().run(&database, Arc::new(SystemClock), &name, std::future::pending()).await;
}
