//! Results and marks line by line, for files that leave the program.

use kernel::{Action, Actor, AttemptId, CampaignId, ClassId, Language, PersonId, SchoolId, TestId};
use store::sea_orm;
use store::{Database, FromQueryResult, Reading, Where, number};

use crate::model::{ItemOutcome, Place};
use crate::scoring::read_responses;
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

#[derive(FromQueryResult)]
struct ResultRow {
    attempt_id: i64,
    test_id: i64,
    school_id: i64,
    class_id: i64,
    person_id: i64,
    language: String,
    correct: i64,
    incorrect: i64,
    skipped: i64,
    not_reached: i64,
    score: f64,
    max_score: f64,
    responses: String,
    class_place: i64,
    class_count: i64,
    parallel_place: i64,
    parallel_count: i64,
}

impl ResultRow {
    fn into_line(self) -> Result<ResultLine, MonitoringError> {
        let count = |value: i64| u32::try_from(value).unwrap_or(0);
        Ok(ResultLine {
            attempt: AttemptId(self.attempt_id),
            test: TestId(self.test_id),
            school: SchoolId(self.school_id),
            class: ClassId(self.class_id),
            person: PersonId(self.person_id),
            language: self.language.parse().unwrap_or(Language::Kk),
            counts: [self.correct, self.incorrect, self.skipped, self.not_reached],
            score: self.score,
            maximum: self.max_score,
            class_place: Place { place: count(self.class_place), of: count(self.class_count) },
            parallel_place: Place { place: count(self.parallel_place), of: count(self.parallel_count) },
            answers: read_responses(&self.responses)?,
        })
    }
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
    let mut condition = Where::new();
    condition.and("test_id = ?", [number(test.0)]);
    let scope = access::scope(actor, Action::SeeResults);
    access::restrict(&mut condition, &scope, Some("school_id"), Some("class_id"), Some("person_id"));
    let sql = format!("SELECT * FROM result{} ORDER BY school_id, class_id, person_id", condition.sql());
    let rows: Vec<ResultRow> = database.read().rows(&sql, condition.values()).await?;
    rows.into_iter().map(ResultRow::into_line).collect()
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
    let mut condition = Where::new();
    condition.and("campaign_id = ?", [number(campaign.0)]);
    let scope = access::scope(actor, Action::SeeResults);
    access::restrict(&mut condition, &scope, Some("school_id"), Some("class_id"), Some("person_id"));
    let sql = format!(
        "SELECT school_id, class_id, person_id, subject, percent FROM term_mark{}
         ORDER BY school_id, class_id, person_id, subject",
        condition.sql()
    );
    let rows: Vec<MarkRow> = database.read().rows(&sql, condition.values()).await?;
    let mark = |row: MarkRow| NewMark {
        school: SchoolId(row.school_id),
        class: ClassId(row.class_id),
        person: PersonId(row.person_id),
        subject: row.subject,
        percent: row.percent,
    };
    Ok(rows.into_iter().map(mark).collect())
}
