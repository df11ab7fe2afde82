//! What reports of a test need, loaded once.

use std::collections::BTreeMap;
use std::sync::Arc;

use delivery::model::{Campaign, Test};
use itembank::FormItem;
use kernel::{AttemptId, CampaignId, ClassId, FormId, Language, SchoolId, TestId};
use roster::{OrgTree, PersonName, SchoolClass};
use store::sea_orm;
use store::{Database, FromQueryResult, Reading, Where, number};

use crate::MonitoringError;
use crate::model::{
    Cell, ItemOutcome, ItemStatistics, Mean, Outcome, PersonScale, Place, Points, TestStatistics, pupil_mean,
};
use crate::query::{ContextScale, context_scale, stored_scale};
use crate::scoring::{ResultRow, read_responses};

/// A form of the test.
#[derive(Debug, Clone)]
pub struct FormContext {
    /// Its items; empty when they are not in the bank.
    pub items: Vec<FormItem>,
    /// Statistics of the form over the campaign.
    pub statistics: Option<TestStatistics>,
    /// Facility of each item over the campaign, 0..=1, with its pupils, by position.
    pub facilities: BTreeMap<u32, (f64, u32)>,
}

/// Everything that reports of one test share.
#[derive(Debug, Clone)]
pub struct TestContext {
    /// The campaign.
    pub campaign: Arc<Campaign>,
    /// The test.
    pub test: Test,
    /// The organisations.
    pub tree: Arc<OrgTree>,
    /// Forms.
    pub forms: BTreeMap<FormId, FormContext>,
    /// Mean over the campaign, by language of instruction.
    pub by_language: BTreeMap<Language, Mean>,
    /// Mean of each school's parallel.
    pub by_school: BTreeMap<SchoolId, Mean>,
    /// The test on its ability scale; none before scoring.
    pub scale: Option<ContextScale>,
}

#[derive(FromQueryResult)]
struct TestRow {
    campaign_id: i64,
}

#[derive(FromQueryResult)]
struct StatisticRow {
    scope: String,
    statistics: String,
}

#[derive(FromQueryResult)]
struct ItemRow {
    form_id: i64,
    statistics: String,
}

#[derive(FromQueryResult)]
struct CellRow {
    school_id: i64,
    language: String,
    n: i64,
    score: f64,
    score_squares: f64,
    max_score: f64,
}

impl CellRow {
    fn cell(&self) -> Cell {
        Cell {
            n: u32::try_from(self.n).unwrap_or(0),
            score: self.score,
            score_squares: self.score_squares,
            max_score: self.max_score,
        }
    }
}

pub(crate) fn stored<T: serde::de::DeserializeOwned>(what: &'static str, text: &str) -> Result<T, MonitoringError> {
    serde_json::from_str(text).map_err(|source| MonitoringError::Stored { what, source })
}

/// Loads a test; `None` when it is not there. For services that authorise what they show of it.
///
/// # Errors
/// What the database says.
pub async fn test_context(database: &Database, test: TestId) -> Result<Option<TestContext>, MonitoringError> {
    let row: Option<TestRow> =
        database.read().row("SELECT campaign_id FROM test WHERE id = $1", [number(test.0)]).await?;
    let Some(row) = row else { return Ok(None) };
    let Some(campaign) = delivery::campaign(database, CampaignId(row.campaign_id)).await? else { return Ok(None) };
    let tree = Arc::new(roster::org_tree(database).await?);
    TestContext::load(database, Arc::new(campaign), test, tree).await
}

impl TestContext {
    /// Loads a test of a campaign that is known already.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load(
        database: &Database,
        campaign: Arc<Campaign>,
        test: TestId,
        tree: Arc<OrgTree>,
    ) -> Result<Option<Self>, MonitoringError> {
        let Some(of_campaign) = campaign.test(test).cloned() else { return Ok(None) };
        let sql = "SELECT scope, statistics FROM test_statistic WHERE test_id = $1";
        let mut statistics: BTreeMap<String, TestStatistics> = BTreeMap::new();
        for row in database.read().rows::<StatisticRow>(sql, [number(test.0)]).await? {
            statistics.insert(row.scope, stored("test_statistic", &row.statistics)?);
        }
        let mut forms = BTreeMap::new();
        for (_, form) in &of_campaign.forms {
            let items = itembank::form_items(database, *form).await?;
            let statistics = statistics.remove(&format!("form:{form}"));
            forms.insert(*form, FormContext { items, statistics, facilities: BTreeMap::new() });
        }
        let ids = forms.keys().map(|form| form.0.to_string()).collect::<Vec<_>>().join(", ");
        if !ids.is_empty() {
            let sql =
                format!("SELECT form_id, statistics FROM item_statistic WHERE campaign_id = $1 AND form_id IN ({ids})");
            for row in database.read().rows::<ItemRow>(&sql, [number(campaign.id.0)]).await? {
                let item: ItemStatistics = stored("item_statistic", &row.statistics)?;
                if let (Some(form), Some(facility)) = (forms.get_mut(&FormId(row.form_id)), item.facility) {
                    form.facilities.insert(item.position, (facility, item.n));
                }
            }
        }
        let sql = "SELECT school_id, language, n, score, score_squares, max_score FROM result_cell WHERE test_id = $1";
        let cells: Vec<CellRow> = database.read().rows(sql, [number(test.0)]).await?;
        let mut of_language: BTreeMap<Language, Vec<Cell>> = BTreeMap::new();
        let mut of_school: BTreeMap<SchoolId, Vec<Cell>> = BTreeMap::new();
        for row in &cells {
            if let Ok(language) = row.language.parse() {
                of_language.entry(language).or_default().push(row.cell());
            }
            of_school.entry(SchoolId(row.school_id)).or_default().push(row.cell());
        }
        let scale = context_scale(database, campaign.id, test).await?;
        Ok(Some(Self {
            scale,
            campaign,
            test: of_campaign,
            tree,
            forms,
            by_language: of_language.into_iter().map(|(language, cells)| (language, pupil_mean(&cells))).collect(),
            by_school: of_school.into_iter().map(|(school, cells)| (school, pupil_mean(&cells))).collect(),
        }))
    }

    /// An item's place in a form; `None` when its items are not in the bank.
    pub(crate) fn item(&self, form: FormId, position: u32) -> Option<&FormItem> {
        self.forms.get(&form)?.items.iter().find(|item| item.position == position as usize)
    }

    /// Highest points of the items of a form, for as many answers.
    pub(crate) fn maximum(&self, form: FormId, position: u32, pupil: &PupilResult) -> Points {
        match self.item(form, position) {
            Some(item) => Points::new(item.max_score),
            None => Points::new(pupil.maximum.value() / pupil.answers.len().max(1) as f64),
        }
    }
}

/// A pupil's result in a test.
#[derive(Debug, Clone)]
pub struct PupilResult {
    /// The attempt.
    pub attempt: AttemptId,
    /// The form.
    pub form: FormId,
    /// Name.
    pub name: PersonName,
    /// Language of instruction.
    pub language: Language,
    /// What became of each task.
    pub answers: Vec<ItemOutcome>,
    /// Counts and score.
    pub outcome: Outcome,
    /// Highest possible score.
    pub maximum: Points,
    /// Place in the class.
    pub class_place: Place,
    /// Place in the parallel.
    pub parallel_place: Place,
    /// Place on the ability scale; none without one.
    pub scale: Option<PersonScale>,
}

impl PupilResult {
    /// Score in percent of the highest possible.
    pub fn percent(&self) -> f64 {
        if self.maximum == Points::ZERO {
            return 0.0;
        }
        100.0 * self.outcome.score.hundredths() as f64 / self.maximum.hundredths() as f64
    }
}

/// A class in a test.
#[derive(Debug, Clone)]
pub struct ClassResults {
    /// The class.
    pub class: SchoolClass,
    /// Pupils with a result, in alphabetical order.
    pub pupils: Vec<PupilResult>,
    /// Pupils without one, with the code of the reason if it is recorded.
    pub absent: Vec<(PersonName, Option<String>)>,
    /// Who teaches the subject, else the class teacher; may be empty.
    pub teacher: String,
}

#[derive(FromQueryResult)]
struct NameRow {
    family_name: String,
    given_name: String,
    patronymic: String,
}

impl From<NameRow> for PersonName {
    fn from(row: NameRow) -> Self {
        Self { family: row.family_name, given: row.given_name, patronymic: row.patronymic }
    }
}

#[derive(FromQueryResult)]
struct PupilRow {
    #[sea_orm(nested)]
    result: ResultRow,
    #[sea_orm(nested)]
    name: NameRow,
    theta: Option<f64>,
    theta_se: Option<f64>,
    points: Option<f64>,
    points_se: Option<f64>,
    level: Option<i64>,
    probabilities: Option<String>,
}

impl PupilRow {
    fn scale(&self) -> Result<Option<PersonScale>, MonitoringError> {
        let (Some(theta), Some(theta_se), Some(points)) = (self.theta, self.theta_se, self.points) else {
            return Ok(None);
        };
        let (Some(points_se), Some(level), Some(probabilities)) = (self.points_se, self.level, &self.probabilities)
        else {
            return Ok(None);
        };
        stored_scale([theta, theta_se, points, points_se], level, probabilities).map(Some)
    }
}

#[derive(FromQueryResult)]
struct AbsentRow {
    #[sea_orm(nested)]
    name: NameRow,
    absence: Option<String>,
}

/// The results of a class in a test; `None` when it has none. For services that have authorised.
///
/// # Errors
/// What the database says.
pub async fn class_results(
    database: &Database,
    context: &TestContext,
    class: ClassId,
) -> Result<Option<ClassResults>, MonitoringError> {
    let Some(mut found) = results_of(database, context, class, None).await? else { return Ok(None) };
    let key = || [number(class.0), number(context.test.id.0)];
    let sql = "SELECT person.family_name, person.given_name, person.patronymic, attempt.absence
               FROM attempt JOIN person ON person.id = attempt.person_id
               WHERE attempt.class_id = $1 AND attempt.test_id = $2
                 AND NOT EXISTS (SELECT 1 FROM result WHERE result.attempt_id = attempt.id)
               ORDER BY person.sort_name, person.id";
    let absent: Vec<AbsentRow> = database.read().rows(sql, key()).await?;
    found.absent = absent.into_iter().map(|row| (row.name.into(), row.absence)).collect();
    let sql = "SELECT person.family_name, person.given_name, person.patronymic
               FROM teaching JOIN person ON person.id = teaching.person_id
               WHERE teaching.class_id = $1 AND (teaching.subject = $2 OR teaching.subject IS NULL)
               ORDER BY CASE WHEN teaching.subject IS NULL THEN 1 ELSE 0 END, person.sort_name LIMIT 1";
    let values = [number(class.0), store::text(&context.test.subject)];
    let teacher: Option<NameRow> = database.read().row(sql, values).await?;
    found.teacher = teacher.map_or_else(String::new, |row| PersonName::from(row).full());
    Ok(Some(found))
}

/// The pupils of a class with a result, or one of them, without those who were absent and without the teacher.
pub(super) async fn results_of(
    database: &Database,
    context: &TestContext,
    class: ClassId,
    only: Option<AttemptId>,
) -> Result<Option<ClassResults>, MonitoringError> {
    let Some(of_class) = roster::class(database, class).await? else { return Ok(None) };
    let mut condition = Where::new();
    condition.and("result.class_id = ?", [number(class.0)]);
    condition.and("result.test_id = ?", [number(context.test.id.0)]);
    if let Some(attempt) = only {
        condition.and("result.attempt_id = ?", [number(attempt.0)]);
    }
    let sql = format!(
        "SELECT result.*, person.family_name, person.given_name, person.patronymic, scale_score.theta,
                scale_score.theta_se, scale_score.points, scale_score.points_se, scale_score.level,
                scale_score.probabilities
         FROM result JOIN person ON person.id = result.person_id
         LEFT JOIN scale_score ON scale_score.attempt_id = result.attempt_id{} ORDER BY person.sort_name, person.id",
        condition.sql()
    );
    let rows: Vec<PupilRow> = database.read().rows(&sql, condition.values()).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let pupil = |row: PupilRow| {
        let (scale, answers, places) = (row.scale()?, read_responses(&row.result.responses)?, row.result.standings());
        Ok(PupilResult {
            scale,
            attempt: AttemptId(row.result.attempt_id),
            form: FormId(row.result.form_id),
            name: row.name.into(),
            language: row.result.language.parse().unwrap_or(of_class.language),
            outcome: Outcome::of(&answers),
            answers,
            maximum: Points::new(row.result.max_score),
            class_place: places.class,
            parallel_place: places.parallel,
        })
    };
    let pupils = rows.into_iter().map(pupil).collect::<Result<_, MonitoringError>>()?;
    Ok(Some(ClassResults { class: of_class, pupils, absent: Vec::new(), teacher: String::new() }))
}
