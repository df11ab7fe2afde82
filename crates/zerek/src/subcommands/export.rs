//! `zerek export`.

use std::path::PathBuf;

use commands::{BadInput, Outcome};
use kernel::{Actor, Clock, SystemClock};
use store::By;

use super::{bad_input, find_campaign};
use crate::configuration::{DataArguments, Process};
use crate::export::{Export, Format, What};

/// Arguments of `zerek export`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Tables, by the word of --only:
  roster     org_units, classes, pupils, staff
  tests      tests (n, mean, alpha, standard error), items (facility, correlations)
  attempts   attempts: who has started, finished, was absent and why
  results    results: points, counts, places; a row per pupil and test
  responses  responses: choice, status, points; a row per pupil, test and task
  marks      term_marks: the schools' own marks

Tables join by person_id, class_id, attempt_id and the codes of schools, campaigns and tests. Times are in UTC. A file
appears when it is whole; files of the same name are replaced. Keys of the item bank, login codes and passwords are not
among the tables, but which choice earned points can be read from the responses. They hold names of pupils: keep the
folder as safe as the database. That they were taken stands in the audit log.")]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// Folder for the tables; made when it is not there.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Only these tables, separated by commas; otherwise all.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "TABLES")]
    only: Vec<What>,
    /// Only this campaign (code, id, or name of a test sat elsewhere); may be repeated. Otherwise all.
    #[arg(long, value_name = "NAME")]
    campaign: Vec<String>,
    /// Format of the files.
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
}

/// Writes the tables. Warns when a campaign has no results yet.
///
/// # Errors
/// One message when there is no such campaign or the folder cannot be written.
pub async fn run(arguments: Arguments, json: bool) -> Result<Outcome, BadInput> {
    let database = arguments.data.open(Process::Command).await?;
    let mut campaigns = Vec::new();
    for name in &arguments.campaign {
        campaigns.push(find_campaign(&database, name).await?);
    }
    if arguments.campaign.is_empty() {
        campaigns = delivery::campaigns(&database, &Actor::system()).await.map_err(bad_input)?;
    }
    let mut groups = if arguments.only.is_empty() { What::ALL.to_vec() } else { arguments.only };
    groups.sort_unstable();
    groups.dedup();
    let written = Export::run(&database, &arguments.out, arguments.format, &groups, &campaigns).await;
    let written = written.map_err(bad_input)?;
    let write = database.write(&By::system(SystemClock.now()), "export tables").await.map_err(bad_input)?;
    let rows: serde_json::Map<String, serde_json::Value> =
        written.iter().map(|(file, rows)| (file.clone(), (*rows).into())).collect();
    write.record("network", 0, None, serde_json::json!({ "tables": rows }));
    write.commit().await.map_err(bad_input)?;
    database.close().await;
    if json {
        println!("{}", serde_json::json!({ "folder": arguments.out, "rows": rows }));
    } else {
        for (file, rows) in &written {
            println!("{rows:>9}  {}", arguments.out.join(file).display());
        }
    }
    let empty = |table: &str| written.iter().any(|(file, rows)| *rows == 0 && file.starts_with(table));
    if groups.contains(&What::Results) && empty("results.") {
        eprintln!("zerek: there are no results yet; they are made when the centre closes a campaign");
        return Ok(Outcome::Warnings);
    }
    Ok(Outcome::Done)
}
