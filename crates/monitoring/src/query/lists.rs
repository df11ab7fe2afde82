//! Lists that lead to reports.

use kernel::{Action, Actor, AttemptId, CampaignId, ClassId, Language, SchoolId, TestId};
use roster::PersonName;
use store::sea_orm;
use store::{Database, FromQueryResult, Reading, Where, number};

use super::scale::class_levels;
use crate::MonitoringError;
use crate::model::{Cell, LevelSummary, Mean, Place, pupil_mean};
use crate::scoring::stored_place;

/// A class in a test: a line that leads to a class report.
#[derive(Debug, Clone)]
pub struct ClassTest {
    /// Test.
    pub test: TestId,
    /// School.
    pub school: SchoolId,
    /// Class.
    pub class: ClassId,
    /// Grade.
    pub grade: u8,
    /// Letter.
    pub letter: String,
    /// Language of instruction.
    pub language: Option<Language>,
    /// Mean of the class.
    pub mean: Mean,
    /// Lowest and highest result in percent.
    pub range: (f64, f64),
    /// On the ability scale; none without one.
    pub levels: Option<LevelSummary>,
}

#[derive(FromQueryResult)]
struct ClassRow {
    test_id: i64,
    school_id: i64,
    class_id: i64,
    grade: i64,
    letter: String,
    language: String,
    n: i64,
    score: f64,
    score_squares: f64,
    max_score: f64,
    lowest: f64,
    highest: f64,
}

/// The classes with results in a campaign that the actor may see by name, by school, class and test.
///
/// # Errors
/// [`MonitoringError::Denied`] when the actor sees no results at all.
pub async fn class_tests(
    database: &Database,
    actor: &Actor,
    campaign: CampaignId,
    school: Option<SchoolId>,
    test: Option<TestId>,
) -> Result<Vec<ClassTest>, MonitoringError> {
    let scope = access::scope(actor, Action::SeeResults);
    if scope.is_empty() {
        return Err(access::Denied { action: Action::SeeResults }.into());
    }
    let mut condition = Where::new();
    condition.and("result_cell.campaign_id = ?", [number(campaign.0)]);
    if let Some(school) = school {
        condition.and("result_cell.school_id = ?", [number(school.0)]);
    }
    if let Some(test) = test {
        condition.and("result_cell.test_id = ?", [number(test.0)]);
    }
    access::restrict(&mut condition, &scope, Some("result_cell.school_id"), Some("result_cell.class_id"), None);
    let sql = format!(
        "SELECT result_cell.test_id, result_cell.school_id, result_cell.class_id, school_class.grade,
                school_class.letter, result_cell.language, result_cell.n, result_cell.score, result_cell.score_squares,
                result_cell.max_score, result_cell.lowest, result_cell.highest
         FROM result_cell JOIN school_class ON school_class.id = result_cell.class_id{}
         ORDER BY result_cell.school_id, school_class.grade, school_class.letter, result_cell.test_id",
        condition.sql()
    );
    let rows: Vec<ClassRow> = database.read().rows(&sql, condition.values()).await?;
    let mut condition = Where::new();
    condition.and("scale_cell.campaign_id = ?", [number(campaign.0)]);
    if let Some(test) = test {
        condition.and("scale_cell.test_id = ?", [number(test.0)]);
    }
    access::restrict(&mut condition, &scope, Some("scale_cell.school_id"), Some("scale_cell.class_id"), None);
    let mut levels = class_levels(database, campaign, &condition).await?;
    let class_test = |row: ClassRow| {
        let ClassRow { score, score_squares, max_score, .. } = row;
        let cell = Cell { n: u32::try_from(row.n).unwrap_or(0), score, score_squares, max_score };
        let percent = |score: f64| if max_score > 0.0 { 100.0 * score / max_score } else { 0.0 };
        ClassTest {
            test: TestId(row.test_id),
            school: SchoolId(row.school_id),
            class: ClassId(row.class_id),
            grade: u8::try_from(row.grade).unwrap_or_default(),
            letter: row.letter,
            language: row.language.parse().ok(),
            mean: pupil_mean([&cell]),
            range: (percent(row.lowest), percent(row.highest)),
            levels: levels.remove(&(row.test_id, row.class_id, row.language)),
        }
    };
    Ok(rows.into_iter().map(class_test).collect())
}

/// A pupil in a test: a line that leads to an individual report.
#[derive(Debug, Clone)]
pub struct PupilScore {
    /// The attempt.
    pub attempt: AttemptId,
    /// Name.
    pub name: PersonName,
    /// Points.
    pub score: f64,
    /// Highest points.
    pub maximum: f64,
    /// Tasks without an answer.
    pub unattempted: u32,
    /// Place in the class.
    pub place: Place,
}

#[derive(FromQueryResult)]
struct PupilRow {
    attempt_id: i64,
    family_name: String,
    given_name: String,
    patronymic: String,
    score: f64,
    max_score: f64,
    skipped: i64,
    not_reached: i64,
    class_place: i64,
    class_count: i64,
}

/// The pupils of a class in a test, in alphabetical order, as far as the actor may see them.
///
/// # Errors
/// What the database says.
pub async fn pupil_scores(
    database: &Database,
    actor: &Actor,
    test: TestId,
    class: ClassId,
) -> Result<Vec<PupilScore>, MonitoringError> {
    let mut condition = Where::new();
    condition.and("result.class_id = ?", [number(class.0)]);
    condition.and("result.test_id = ?", [number(test.0)]);
    let scope = access::scope(actor, Action::SeeResults);
    let columns = (Some("result.school_id"), Some("result.class_id"), Some("result.person_id"));
    access::restrict(&mut condition, &scope, columns.0, columns.1, columns.2);
    let sql = format!(
        "SELECT result.attempt_id, person.family_name, person.given_name, person.patronymic, result.score,
                result.max_score, result.skipped, result.not_reached, result.class_place, result.class_count
         FROM result JOIN person ON person.id = result.person_id{} ORDER BY person.sort_name, person.id",
        condition.sql()
    );
    let rows: Vec<PupilRow> = database.read().rows(&sql, condition.values()).await?;
    let count = |value: i64| u32::try_from(value).unwrap_or(0);
    let pupil = |row: PupilRow| PupilScore {
        attempt: AttemptId(row.attempt_id),
        name: PersonName { family: row.family_name, given: row.given_name, patronymic: row.patronymic },
        score: row.score,
        maximum: row.max_score,
        unattempted: count(row.skipped + row.not_reached),
        place: stored_place(row.class_place, row.class_count),
    };
    Ok(rows.into_iter().map(pupil).collect())
}
