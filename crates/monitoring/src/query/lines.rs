//! Results and marks line by line, for files that leave the program.

use kernel::{Action, Actor, AttemptId, CampaignId, ClassId, Language, PersonId, SchoolId, TestId};
use store::sea_orm;
use store::{Database, FromQueryResult, Reading, Where, number};

use crate::model::{ItemOutcome, Place};
use crate::scoring::{ResultRow, read_responses};
use crate::{MonitoringError, NewMark};

/// What a pupil did in a test.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultLine {
    /// The attempt.
    pub attempt: AttemptId,
    /// The test.
    pub test: TestId,
    /// School.
    pub school: SchoolId,
    /// Class.
    pub class: ClassId,
    /// The pupil.
    pub person: PersonId,
    /// Language of instruction.
    pub language: Language,
    /// Tasks by what became of them: correct, incorrect, skipped, not reached.
    pub counts: [i64; 4],
    /// Points.
    pub score: f64,
    /// Highest points.
    pub maximum: f64,
    /// Place in the class.
    pub class_place: Place,
    /// Place in the parallel.
    pub parallel_place: Place,
    /// Each task, in the order of the form.
    pub answers: Vec<ItemOutcome>,
}

impl TryFrom<ResultRow> for ResultLine {
    type Error = MonitoringError;

    fn try_from(row: ResultRow) -> Result<Self, MonitoringError> {
        let places = row.standings();
        Ok(Self {
            attempt: AttemptId(row.attempt_id),
            test: TestId(row.test_id),
            school: SchoolId(row.school_id),
            class: ClassId(row.class_id),
            person: PersonId(row.person_id),
            language: row.language.parse().unwrap_or(Language::Kk),
            counts: [row.correct, row.incorrect, row.skipped, row.not_reached],
            score: row.score,
            maximum: row.max_score,
            class_place: places.class,
            parallel_place: places.parallel,
            answers: read_responses(&row.responses)?,
        })
    }
}

/// The rows of a table about pupils by school, class and pupil, as far as the actor may see their results.
async fn lines<T: FromQueryResult + Send + Sync + Unpin>(
    database: &Database,
    actor: &Actor,
    table: &str,
    (column, id): (&str, i64),
    then_by: &str,
) -> Result<Vec<T>, MonitoringError> {
    let mut condition = Where::new();
    condition.and(&format!("{column} = ?"), [number(id)]);
    let scope = access::scope(actor, Action::SeeResults);
    access::restrict(&mut condition, &scope, Some("school_id"), Some("class_id"), Some("person_id"));
    let sql = format!("SELECT * FROM {table}{} ORDER BY school_id, class_id, person_id{then_by}", condition.sql());
    Ok(database.read().rows(&sql, condition.values()).await?)
}

/// The results of a test by school, class and pupil, as far as the actor may see them.
///
/// # Errors
/// What the database says.
pub async fn result_lines(
    database: &Database,
    actor: &Actor,
    test: TestId,
) -> Result<Vec<ResultLine>, MonitoringError> {
    let rows: Vec<ResultRow> = lines(database, actor, "result", ("test_id", test.0), "").await?;
    rows.into_iter().map(ResultLine::try_from).collect()
}

#[derive(FromQueryResult)]
struct MarkRow {
    school_id: i64,
    class_id: i64,
    person_id: i64,
    subject: String,
    percent: f64,
}

/// The term marks that were brought in for a campaign, by school, class and pupil, as far as the actor may see them.
///
/// # Errors
/// What the database says.
pub async fn mark_lines(
    database: &Database,
    actor: &Actor,
    campaign: CampaignId,
) -> Result<Vec<NewMark>, MonitoringError> {
    let rows: Vec<MarkRow> = lines(database, actor, "term_mark", ("campaign_id", campaign.0), ", subject").await?;
    let mark = |row: MarkRow| NewMark {
        school: SchoolId(row.school_id),
        class: ClassId(row.class_id),
        person: PersonId(row.person_id),
        subject: row.subject,
        percent: row.percent,
    };
    Ok(rows.into_iter().map(mark).collect())
}
