//! Background work of this room.

use kernel::Actor;
use monitoring::{CAMPAIGN_SCORED, CampaignScored, Watch};
use store::jobs::{JobContext, JobError, Runner};

use crate::{Statistics, StatisticsError, record_campaign};

/// Adds the handlers of this room: facts after a campaign was scored.
#[must_use]
pub fn handlers(runner: Runner, statistics: Statistics) -> Runner {
    runner.with(CAMPAIGN_SCORED, move |context: JobContext, payload: CampaignScored| {
        let statistics = statistics.clone();
        async move {
            let now = context.clock.now();
            // Whoever had the campaign scored was allowed to; the job stands in for the program.
            let actor = Actor::system();
            let watch = Watch::job(&context);
            let done = record_campaign(&statistics, &context.database, &actor, now, payload.campaign, &watch).await?;
            serde_json::to_value(done).map_err(|error| JobError::Fail(error.to_string()))
        }
    })
}

impl From<StatisticsError> for JobError {
    fn from(error: StatisticsError) -> Self {
        match error {
            StatisticsError::Store(error) => error.into(),
            other => Self::Fail(other.to_string()),
        }
    }
}
