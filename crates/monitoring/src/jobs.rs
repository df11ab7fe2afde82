//! Background work of this room.

use std::sync::Arc;

use delivery::{CAMPAIGN_CLOSED, CampaignClosed};
use kernel::{Actor, CampaignId, Language};
use serde::{Deserialize, Serialize};
use store::Database;
use store::jobs::{JobContext, JobError, NewJob, Runner, enqueue, wake};

use crate::model::Settings;
use crate::{MonitoringError, Typeset, Watch, publish_campaign, score_campaign};

/// Adds the handlers of this room: scoring after a campaign has closed.
#[must_use]
pub fn handlers(runner: Runner, settings: Settings) -> Runner {
    runner.with(CAMPAIGN_CLOSED, move |context: JobContext, payload: CampaignClosed| {
        let settings = settings.clone();
        async move {
            let now = context.clock.now();
            // Whoever closed the campaign was allowed to; the job stands in for the program.
            let scored = score_campaign(
                &context.database,
                &Actor::system(),
                now,
                payload.campaign,
                &settings,
                &Watch::job(&context),
            )
            .await?;
            serde_json::to_value(scored).map_err(|error| JobError::Fail(error.to_string()))
        }
    })
}

/// Asks for the results of a campaign to be made again, as after a changed key. While one such job waits or runs, that
/// one comes back.
///
/// # Errors
/// [`MonitoringError::Denied`] unless the actor manages campaigns.
pub async fn request_scoring(
    database: &Database,
    actor: &Actor,
    now: kernel::Timestamp,
    campaign: CampaignId,
) -> Result<kernel::JobId, MonitoringError> {
    access::authorise(actor, kernel::Action::ManageCampaign, &kernel::Place::default())?;
    let write = database.write(&store::By::actor(actor, now), "request scoring").await?;
    let payload = CampaignClosed { campaign };
    let unique_key = Some(format!("{CAMPAIGN_CLOSED} {campaign}"));
    let job = enqueue(&write, &NewJob { kind: CAMPAIGN_CLOSED, payload: &payload, unique_key, school: None }).await?;
    write.record("campaign", campaign.0, None, serde_json::json!({ "job": job.0 }));
    write.commit().await?;
    wake(database);
    Ok(job)
}

/// Kind of the job that follows when results of a campaign were made or made again; rooms behind this one handle it.
pub const CAMPAIGN_SCORED: &str = "campaign-scored";

/// Payload of a [`CAMPAIGN_SCORED`] job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignScored {
    /// Which campaign.
    pub campaign: CampaignId,
}

/// Says as part of a write that the results of a campaign are there.
pub(crate) async fn tell_scored(write: &store::Write, campaign: CampaignId) -> Result<(), store::StoreError> {
    let payload = CampaignScored { campaign };
    enqueue(write, &NewJob { kind: CAMPAIGN_SCORED, payload: &payload, unique_key: None, school: None }).await?;
    Ok(())
}

/// Kind of the job that writes every document of a campaign.
pub const CAMPAIGN_REPORTS: &str = "campaign-reports";

/// Payload of a [`CAMPAIGN_REPORTS`] job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignReports {
    /// Which campaign.
    pub campaign: CampaignId,
    /// Language of the documents of schools and of the campaign.
    pub language: Language,
}

/// Adds the handler that writes every document of a campaign beside the database ([`crate::reports_folder`]).
#[must_use]
pub fn report_handlers(runner: Runner, typeset: Arc<dyn Typeset>, settings: Settings) -> Runner {
    runner.with(CAMPAIGN_REPORTS, move |context: JobContext, payload: CampaignReports| {
        let (settings, typeset) = (settings.clone(), Arc::clone(&typeset));
        async move {
            let folder = crate::reports_folder(&context.database, payload.campaign)?;
            // Whoever asked was allowed to; the job stands in for the program.
            let published = publish_campaign(
                &context.database,
                &Actor::system(),
                payload.campaign,
                &folder,
                payload.language,
                &typeset,
                &settings,
                &Watch::job(&context),
            )
            .await?;
            serde_json::to_value(published).map_err(|error| JobError::Fail(error.to_string()))
        }
    })
}

/// Asks for every document of a campaign. While one such job waits or runs, that one comes back.
///
/// # Errors
/// [`MonitoringError::Denied`] unless the actor sees all results of the network.
pub async fn request_reports(
    database: &Database,
    actor: &Actor,
    now: kernel::Timestamp,
    payload: CampaignReports,
) -> Result<kernel::JobId, MonitoringError> {
    access::authorise(actor, kernel::Action::SeeResults, &kernel::Place::default())?;
    let write = database.write(&store::By::actor(actor, now), "request reports").await?;
    let unique_key = Some(format!("{CAMPAIGN_REPORTS} {}", payload.campaign));
    let job = enqueue(&write, &NewJob { kind: CAMPAIGN_REPORTS, payload: &payload, unique_key, school: None }).await?;
    write.record("campaign", payload.campaign.0, None, serde_json::json!({ "job": job.0 }));
    write.commit().await?;
    wake(database);
    Ok(job)
}

impl From<MonitoringError> for JobError {
    fn from(error: MonitoringError) -> Self {
        match error {
            MonitoringError::Store(error) => error.into(),
            MonitoringError::File { .. } => Self::Retry(error.to_string()),
            other => Self::Fail(other.to_string()),
        }
    }
}
