//! Subcommands that use the database. Each has its arguments, its help with examples, and one function.

pub mod bench;
pub mod check;
pub mod demo;
pub mod export;
pub mod import;
pub mod report;
pub mod serve;
pub mod worker;

use commands::{BadInput, Outcome};
use delivery::model::Campaign;
use kernel::{Actor, CampaignId};
use store::Database;

/// Runs a subcommand on the asynchronous run time.
///
/// # Errors
/// What the subcommand says.
pub fn run(work: impl Future<Output = Result<Outcome, BadInput>>) -> Result<Outcome, BadInput> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(bad_input)?;
    runtime.block_on(work)
}

/// Any error as the one clear message of a command.
pub fn bad_input(error: impl std::fmt::Display) -> BadInput {
    BadInput(error.to_string())
}

/// A campaign by its code or id.
///
/// # Errors
/// One message that names the campaigns there are.
pub async fn find_campaign(database: &Database, name: &str) -> Result<Campaign, BadInput> {
    let found = match name.parse::<CampaignId>() {
        Ok(id) => delivery::campaign(database, id).await,
        Err(_) => delivery::campaign_by_code(database, name).await,
    };
    if let Some(campaign) = found.map_err(bad_input)? {
        return Ok(campaign);
    }
    let known = delivery::campaigns(database, &Actor::system()).await.map_err(bad_input)?;
    let codes: Vec<String> = known.into_iter().map(|campaign| campaign.code).collect();
    Err(BadInput(format!("there is no campaign \"{name}\"; there are: {}", codes.join(", "))))
}
