//! Who took part so far.

use ::store::{Database, FromQueryResult, Reading, Where, number, sea_orm};
use kernel::{Action, Actor, CampaignId};

use super::DeliveryError;

/// How many attempts are where. The parts make the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// All attempts: pupils times tests.
    pub pupils: i64,
    /// Nobody pressed Start and no absence is recorded.
    pub not_started: i64,
    /// Being worked on.
    pub working: i64,
    /// Ended.
    pub finished: i64,
    /// Recorded as absent.
    pub absent: i64,
}

pub(super) const COUNT_COLUMNS: &str = "COUNT(*) AS pupils,
    COUNT(CASE WHEN attempt.state = 'not-started' AND attempt.absence IS NULL THEN 1 END) AS not_started,
    COUNT(CASE WHEN attempt.state = 'working' THEN 1 END) AS working,
    COUNT(CASE WHEN attempt.state = 'finished' THEN 1 END) AS finished,
    COUNT(CASE WHEN attempt.state = 'not-started' AND attempt.absence IS NOT NULL THEN 1 END) AS absent";

#[derive(FromQueryResult)]
pub(super) struct CountRow {
    pupils: i64,
    not_started: i64,
    working: i64,
    finished: i64,
    absent: i64,
}

impl From<CountRow> for Counts {
    fn from(row: CountRow) -> Self {
        let CountRow { pupils, not_started, working, finished, absent } = row;
        Self { pupils, not_started, working, finished, absent }
    }
}

/// What participation is broken down by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// The school; keys are ids.
    School,
    /// The grade.
    Grade,
    /// The language of instruction; keys are codes.
    Language,
    /// The test; keys are ids.
    Test,
    /// Nothing: one row for all.
    Whole,
}

/// Participation of one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The part: see [`Dimension`].
    pub key: String,
    /// Its counts.
    pub counts: Counts,
}

#[derive(FromQueryResult)]
struct ShareRow {
    part: String,
    pupils: i64,
    not_started: i64,
    working: i64,
    finished: i64,
    absent: i64,
}

/// Participation in a campaign so far, of what the actor may see, broken down by one dimension.
///
/// # Errors
/// What the database says.
pub async fn participation(
    database: &Database,
    actor: &Actor,
    campaign: CampaignId,
    dimension: Dimension,
) -> Result<Vec<Share>, DeliveryError> {
    let mut condition = Where::new();
    condition.and("attempt.campaign_id = ?", [number(campaign.0)]);
    let scope = access::scope(actor, Action::SeeCampaign);
    access::restrict(&mut condition, &scope, Some("attempt.school_id"), Some("attempt.class_id"), None);
    let column = match dimension {
        Dimension::School => "attempt.school_id",
        Dimension::Grade => "test.grade",
        Dimension::Language => "attempt.language",
        Dimension::Test => "attempt.test_id",
        Dimension::Whole => "attempt.campaign_id",
    };
    let sql = format!(
        "SELECT CAST({column} AS text) AS part, {COUNT_COLUMNS} FROM attempt JOIN test ON test.id = attempt.test_id{}
         GROUP BY {column} ORDER BY {column}",
        condition.sql()
    );
    let rows: Vec<ShareRow> = database.read().rows(&sql, condition.values()).await?;
    let share = |row: ShareRow| {
        let ShareRow { part: key, pupils, not_started, working, finished, absent } = row;
        Share { key, counts: Counts { pupils, not_started, working, finished, absent } }
    };
    Ok(rows.into_iter().map(share).collect())
}
