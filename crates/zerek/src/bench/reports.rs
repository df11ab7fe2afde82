//! `zerek bench reports`: every document of the demonstration's campaign, and one report on demand.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use commands::{BadInput, Outcome};
use tokio::process::Command;

use super::pages::sign_in;
use super::server::{Server, Usage, usage};
use super::{Folder, line, rounded, summary};
use crate::subcommands::bad_input;

/// Arguments of `zerek bench reports`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A folder with the demonstration network; without it, it is loaded into a temporary one.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// How often one report is asked for.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    times: u32,
}

/// Code of the demonstration's campaign.
const CAMPAIGN: &str = "rural-hub-schools-2022";

/// Writes every document by `zerek report campaign` as a process of its own, then asks a server for single reports.
///
/// # Errors
/// One message when the data cannot be used or the command fails.
pub async fn run(arguments: Arguments) -> Result<Outcome, BadInput> {
    let folder = Folder::new(arguments.data.as_deref());
    super::pages::load_demo(folder.path()).await?;
    let program = std::env::current_exe().map_err(bad_input)?;
    let out = folder.path().join("bench-reports");
    let made = all(&program, folder.path(), &out).await;
    // The documents are the measurement's own, also in a folder that was named.
    let _ = std::fs::remove_dir_all(&out);
    made?;
    on_demand(&program, folder.path(), arguments.times).await?;
    Ok(Outcome::Done)
}

async fn all(program: &Path, data: &Path, out: &Path) -> Result<(), BadInput> {
    let mut command = Command::new(program);
    command.args(["--json", "report", "campaign", CAMPAIGN, "--data"]).arg(data).arg("--out").arg(out);
    let began = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn().map_err(bad_input)?;
    let process = child.id().ok_or_else(|| BadInput("the command ended at once".to_owned()))?;
    let watch = tokio::spawn(watch(process));
    let done = child.wait_with_output().await.map_err(bad_input)?;
    let seconds = began.elapsed().as_secs_f64();
    let used = watch.await.map_err(bad_input)?;
    if !done.status.success() {
        return Err(BadInput(format!("zerek report campaign ended with {}", done.status)));
    }
    let made: serde_json::Value = serde_json::from_slice(&done.stdout).map_err(bad_input)?;
    line("reports", "individual reports", &made["individual"], "PDF");
    line("reports", "class reports", &made["classes"], "PDF");
    line("reports", "all documents of the campaign", rounded(seconds), "s");
    if let Some(used) = used {
        line("reports", "processor time", rounded(used.processor_s), "s");
        line("reports", "largest memory", rounded(used.largest_memory_mb), "MB");
    }
    Ok(())
}

/// The last that was seen of a process, looked at twenty times a second until it ends.
async fn watch(process: u32) -> Option<Usage> {
    let mut last = None;
    while let Some(seen) = usage(process) {
        last = Some(seen);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    last
}

async fn on_demand(program: &Path, data: &Path, times: u32) -> Result<(), BadInput> {
    let server = Server::start(program, data, None).await.map_err(bad_input)?;
    let mut centre = sign_in(server.address, "centre").await.map_err(bad_input)?;
    let results = format!("/assess/campaigns/{CAMPAIGN}/results");
    let mut class = results.clone();
    for below in ["/results/schools/", "/results/classes/"] {
        let page = centre.get(&class).await.map_err(bad_input)?;
        class = page.link(below, "").ok_or_else(|| BadInput(format!("{class} leads to no {below}")))?;
    }
    let page = centre.get(&class).await.map_err(bad_input)?;
    let pupils: Vec<String> = page
        .links()
        .filter(|href| href.contains("/assess/attempts/") && href.ends_with("/report"))
        .map(|href| format!("{href}.pdf"))
        .collect();
    let mut took = Vec::new();
    let mut first = None;
    for number in 0..times as usize {
        let address = pupils.get(number % pupils.len().max(1)).ok_or_else(|| BadInput("no pupil".to_owned()))?;
        let began = Instant::now();
        let pdf = centre.get(address).await.map_err(bad_input)?;
        if pdf.status != 200 || !pdf.body.starts_with("%PDF") {
            return Err(BadInput(format!("{address}: status {}", pdf.status)));
        }
        first.get_or_insert(began.elapsed());
        took.push(began.elapsed());
    }
    line("reports", "one report on demand", summary(&mut took), "ms");
    line("reports", "the first report after a start", first.map(|time| rounded(time.as_secs_f64() * 1e3)), "ms");
    server.kill().await.map_err(bad_input)
}
