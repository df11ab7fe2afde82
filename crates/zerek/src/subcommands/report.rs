//! `zerek report`.

use std::path::PathBuf;
use std::sync::Arc;

use commands::{BadInput, Outcome};
use documents::Renderer;
use indicatif::ProgressBar;
use kernel::{Actor, Language};
use monitoring::model::Settings;
use monitoring::{Typeset, Watch, publish_campaign};

use super::{bad_input, find_campaign};
use crate::configuration::{DataArguments, Process};

/// What is reported.
#[derive(Debug, clap::Subcommand)]
pub enum What {
    /// Every document of a campaign: reports of pupils, classes and schools, the presentation, the workbook.
    Campaign(Campaign),
}

/// Arguments of `zerek report campaign`.
#[derive(Debug, clap::Args)]
#[command(after_help = "A folder that was left half-way is finished, not begun again.")]
pub struct Campaign {
    #[command(flatten)]
    data: DataArguments,
    /// Code or id of the campaign; for a test sat elsewhere its name.
    name: String,
    /// Folder for the documents.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Language of the documents of schools and of the campaign; pupils and classes get their language of instruction.
    #[arg(long, default_value = "kk", value_parser = |text: &str| text.parse::<Language>())]
    language: Language,
}

/// Writes what is asked for.
///
/// # Errors
/// One message when there is no such campaign or the folder cannot be written.
pub async fn run(what: What, json: bool) -> Result<Outcome, BadInput> {
    let What::Campaign(arguments) = what;
    let database = arguments.data.open(Process::Command).await?;
    let campaign = find_campaign(&database, &arguments.name).await?;
    let typeset: Arc<dyn Typeset> = Arc::new(Renderer::new().map_err(bad_input)?);
    let bar = if json { ProgressBar::hidden() } else { ProgressBar::new(0) };
    let tell = |done: u64, total: u64| {
        bar.set_length(total);
        bar.set_position(done);
    };
    let published = publish_campaign(
        &database,
        &Actor::system(),
        campaign.id,
        &arguments.out,
        arguments.language,
        &typeset,
        &Settings::default(),
        &Watch::bar(&tell),
    )
    .await
    .map_err(bad_input)?;
    bar.finish();
    database.close().await;
    if json {
        println!("{}", serde_json::json!(published));
    } else {
        let out = arguments.out.display();
        println!(
            "{} individual, {} class and {} school reports in {out}; {} were there already",
            published.individual, published.classes, published.schools, published.kept
        );
    }
    Ok(Outcome::Done)
}
