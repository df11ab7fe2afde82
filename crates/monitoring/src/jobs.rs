//! Background work of this room.

use delivery::{CAMPAIGN_CLOSED, CampaignClosed};
use kernel::{Actor, CampaignId};
use store::Database;
use store::jobs::{JobContext, JobError, NewJob, Runner, enqueue, wake};

use crate::model::Settings;
use crate::{MonitoringError, Watch, score_campaign};

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

impl From<MonitoringError> for JobError {
    fn from(error: MonitoringError) -> Self {
        match error {
            MonitoringError::Store(error) => error.into(),
            MonitoringError::File { .. } => Self::Retry(error.to_string()),
            other => Self::Fail(other.to_string()),
        }
    }
}
