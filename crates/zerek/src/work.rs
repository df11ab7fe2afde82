//! Background work: which room handles which job.

use std::sync::{Arc, LazyLock};

use documents::report::{CampaignPresentation, ClassReport, IndividualReport, SchoolReport};
use documents::{Document, DocumentError, Renderer};
use kernel::{Clock, SystemClock};
use monitoring::Typeset;
use monitoring::model::Settings;
use statistics::Statistics;
use store::Database;
use store::jobs::Runner;

/// The renderer of documents, made when the first document is wanted: a server that makes none stays small.
#[derive(Debug)]
struct WhenWanted(LazyLock<Result<Renderer, DocumentError>>);

impl WhenWanted {
    fn render<D: Document>(&self, document: &D) -> Result<Vec<u8>, String> {
        let renderer = self.0.as_ref().map_err(ToString::to_string)?;
        renderer.render(document).map(|pdf| pdf.bytes).map_err(|error| error.to_string())
    }
}

impl Typeset for WhenWanted {
    fn ending(&self) -> &'static str {
        "pdf"
    }

    fn individual(&self, report: &IndividualReport) -> Result<Vec<u8>, String> {
        self.render(report)
    }

    fn class(&self, report: &ClassReport) -> Result<Vec<u8>, String> {
        self.render(report)
    }

    fn school(&self, report: &SchoolReport) -> Result<Vec<u8>, String> {
        self.render(report)
    }

    fn presentation(&self, report: &CampaignPresentation) -> Result<Vec<u8>, String> {
        self.render(report)
    }
}

/// The runner with the handlers of all rooms.
pub fn runner() -> Runner {
    let typeset = Arc::new(WhenWanted(LazyLock::new(Renderer::new)));
    let runner = monitoring::handlers(Runner::new(), Settings::default());
    let runner = monitoring::report_handlers(runner, typeset, Settings::default());
    match Statistics::embedded() {
        Ok(statistics) => statistics::handlers(runner, statistics),
        Err(error) => {
            tracing::error!(%error, "definitions of measures: results of campaigns do not become facts");
            runner
        }
    }
}

/// Runs jobs until the task is ended; first takes back those that this node left when it stopped last.
pub async fn run(database: Database) {
    leave(&database).await;
    runner().run(&database, Arc::new(SystemClock), &name(&database), std::future::pending()).await;
}

/// Gives the jobs free that were running when the process with this one's number stopped: nobody else has the number.
pub async fn leave(database: &Database) {
    if let Err(error) = Runner::release(database, &name(database), SystemClock.now()).await {
        tracing::warn!(%error, "jobs that were left running");
    }
}

fn name(database: &Database) -> String {
    format!("node-{}", database.node())
}
