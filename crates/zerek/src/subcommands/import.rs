//! `zerek import`.

use std::path::PathBuf;

use commands::{BadInput, Outcome};
use kernel::{Actor, Clock, Date, Language, SystemClock};
use monitoring::import::{ImportRequest, Imported, ReadOptions};
use monitoring::model::Settings;

use super::bad_input;
use crate::configuration::{DataArguments, Process};

/// What is brought in.
#[derive(Debug, clap::Subcommand)]
pub enum What {
    /// Responses of a test sat elsewhere: raw choices with a key, or points of each task.
    Responses(Responses),
}

/// Arguments of `zerek import responses`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The file has names of columns in its first row and a person in each further row. Rows and columns that cannot be read\nare named, and nothing is kept then."
)]
pub struct Responses {
    #[command(flatten)]
    data: DataArguments,
    /// Name of the test.
    #[arg(long, value_name = "NAME")]
    test: String,
    /// CSV with the columns item,key for raw choices.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Columns that are tasks: names or patterns with *, separated by commas.
    #[arg(long, value_name = "NAMES")]
    items: Option<String>,
    /// Column with the person's own code.
    #[arg(long, value_name = "NAME")]
    id_column: Option<String>,
    /// Column with the person's name.
    #[arg(long, value_name = "NAME")]
    name_column: Option<String>,
    /// Column with the school.
    #[arg(long, value_name = "NAME")]
    school_column: Option<String>,
    /// Column with the class.
    #[arg(long, value_name = "NAME")]
    class_column: Option<String>,
    /// Column with any further group.
    #[arg(long, value_name = "NAME")]
    group_column: Option<String>,
    /// Highest points of every task, where the key does not say it; otherwise the highest found.
    #[arg(long, value_name = "POINTS")]
    maximum: Option<u32>,
    /// Grade; 0 when the test belongs to none.
    #[arg(long, default_value_t = 0)]
    grade: u8,
    /// Language of the test: kk, ru or en.
    #[arg(long, default_value = "kk", value_parser = |text: &str| text.parse::<Language>())]
    language: Language,
    /// The day it was held, as 2022-11-14; otherwise today.
    #[arg(long, value_name = "DATE")]
    held_on: Option<Date>,
    /// The responses.
    #[arg(value_name = "RESPONSES.CSV")]
    file: PathBuf,
}

/// Brings in what is asked for.
///
/// # Errors
/// One message with every wrong row and column.
pub async fn run(what: What, json: bool) -> Result<Outcome, BadInput> {
    let What::Responses(arguments) = what;
    let read = |path: &PathBuf| {
        std::fs::read(path).map_err(|error| BadInput(format!("{}: {error}; check the file's name", path.display())))
    };
    let responses = read(&arguments.file)?;
    let key = arguments.key.as_ref().map(read).transpose()?;
    let now = SystemClock.now();
    let held_on = match arguments.held_on {
        Some(date) => date,
        None => now.in_tz(crate::demo::ZONE).map_err(bad_input)?.date(),
    };
    let request = ImportRequest {
        columns: ReadOptions {
            items: arguments.items,
            id: arguments.id_column,
            name: arguments.name_column,
            school: arguments.school_column,
            class: arguments.class_column,
            group: arguments.group_column,
            maximum: arguments.maximum,
        },
        grade: arguments.grade,
        language: arguments.language,
        ..ImportRequest::new(arguments.test.clone(), responses, key, held_on)
    };
    let database = arguments.data.open(Process::Command).await?;
    let imported =
        monitoring::import::import_responses(&database, &Actor::system(), now, &request, &Settings::default()).await;
    let imported = imported.map_err(bad_input)?;
    database.close().await;
    report(&imported, &arguments.test, json);
    Ok(if imported.warnings_total > 0 { Outcome::Warnings } else { Outcome::Done })
}

fn report(imported: &Imported, name: &str, json: bool) {
    let statistics = &imported.statistics;
    let address = format!("/assess/campaigns/{}/results", imported.campaign);
    let warnings: Vec<String> = imported.warnings.iter().map(ToString::to_string).collect();
    if json {
        let result = serde_json::json!({
            "test": name, "persons": imported.persons, "items": imported.items, "schools": imported.schools,
            "classes": imported.classes, "alpha": statistics.alpha, "mean": statistics.mean, "sd": statistics.sd,
            "sem": statistics.sem, "report": address, "warnings": imported.warnings_total, "warning_list": warnings,
        });
        println!("{result}");
        return;
    }
    let shown = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"));
    println!("Test      {name}");
    println!("Persons   {}", imported.persons);
    println!("Items     {}", imported.items);
    println!("Mean      {:.4} of {}", statistics.mean, statistics.maximum);
    println!("Alpha     {}", shown(statistics.alpha));
    println!("SEM       {}", shown(statistics.sem));
    println!("Report    {address}");
    for warning in &warnings {
        eprintln!("warning: {warning}");
    }
    if imported.warnings_total > warnings.len() {
        eprintln!("warning: and {} more like these", imported.warnings_total - warnings.len());
    }
}
