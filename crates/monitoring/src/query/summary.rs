//! A campaign or a school as a whole, from the cells that scoring keeps. Answer logs are never read here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use delivery::model::{Campaign, Test};
use itembank::FormItem;
use kernel::{Action, Actor, CampaignId, FormId, Language, SchoolId, Scope, TestId};
use roster::{OrgTree, OrgUnitKind};
use serde::{Deserialize, Serialize};
use store::sea_orm;
use store::{Database, FromQueryResult, Reading, Where, number};

use super::scale::{TestScale, campaign_scales, district_of};
use crate::MonitoringError;
use crate::model::{
    Averaging, Cell, CriterionItem, Findings, Mean, Place, SchoolGrade, SchoolGradeInput, SchoolPair, Settings,
    SubjectMean, TestStatistics, criteria, findings, place_differences, places, pupil_mean, school_table,
};
use crate::report::stored;
use crate::scoring::{StoredCorrelations, StoredParticipation};

/// A test over the campaign.
#[derive(Debug, Clone)]
pub struct TestSummary {
    /// The test.
    pub test: Test,
    /// Mean of all pupils, every pupil weighing the same.
    pub mean: Mean,
    /// The same by language of instruction.
    pub by_language: BTreeMap<Language, Mean>,
    /// The same by region.
    pub by_region: BTreeMap<kernel::OrgUnitId, Mean>,
    /// The same by district, or by region where there are no districts.
    pub by_district: BTreeMap<kernel::OrgUnitId, Mean>,
    /// Place of each school among those that took the test; ties share the better one. Only schools that the actor may see.
    pub places: BTreeMap<SchoolId, Place>,
    /// Statistics over all forms.
    pub statistics: Option<TestStatistics>,
    /// On the ability scale; none before scoring. Its calibration says when the test has no scale.
    pub scale: Option<TestScale>,
}

/// A grade over the campaign.
#[derive(Debug, Clone)]
pub struct GradeSummary {
    /// Grade.
    pub grade: u8,
    /// Schools by place; those that the actor may not see are left out, their places are not.
    pub schools: Vec<SchoolGrade<TestId>>,
    /// Number of schools with a place.
    pub ranked: u32,
    /// Correlation between subjects; only for those who see the network.
    pub correlations: Option<StoredCorrelations>,
}

/// Who took part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participation {
    /// School.
    pub school: SchoolId,
    /// Grade.
    pub grade: u8,
    /// Language of instruction.
    pub language: Language,
    /// Pupils with an attempt, whether or not they sat it.
    pub enrolled: u32,
    /// Pupils with at least one finished attempt.
    pub took_part: u32,
}

/// A campaign as a whole.
#[derive(Debug, Clone)]
pub struct CampaignSummary {
    /// The campaign.
    pub campaign: Arc<Campaign>,
    /// The organisations.
    pub tree: Arc<OrgTree>,
    /// Results in all.
    pub results: u32,
    /// Tests, by grade and day.
    pub tests: Vec<TestSummary>,
    /// Grades.
    pub grades: Vec<GradeSummary>,
    /// Place in the first grade minus place in the last, for schools with both.
    pub differences: Vec<SchoolPair>,
    /// Who took part, of the schools that the actor may see.
    pub participation: Vec<Participation>,
    /// Whether the actor sees the whole network.
    pub whole_network: bool,
    marks: Marks,
}

impl CampaignSummary {
    /// A school's own marks in a subject of a grade, in percent.
    pub fn marks_of(&self, school: SchoolId, grade: u8, subject: &str) -> Option<f64> {
        self.marks.get(&(school, grade))?.get(subject)?.percent
    }
}

#[derive(FromQueryResult)]
struct CellRow {
    test_id: i64,
    school_id: i64,
    language: String,
    n: i64,
    score: f64,
    score_squares: f64,
    max_score: f64,
}

#[derive(FromQueryResult)]
struct StatisticRow {
    test_id: i64,
    statistics: String,
}

#[derive(FromQueryResult)]
struct CampaignStatisticRow {
    scope: String,
    statistics: String,
}

#[derive(FromQueryResult)]
struct MarkRow {
    school_id: i64,
    grade: i64,
    subject: String,
    n: i64,
    percent: f64,
}

/// The summary of a campaign, for those who see summaries of the network or of a school: a coordinator gets the campaign's
/// means and the own school's row with its place. `None` when there is no such campaign.
///
/// # Errors
/// [`MonitoringError::Denied`] for everybody else.
pub async fn campaign_summary(
    database: &Database,
    actor: &Actor,
    campaign: CampaignId,
    settings: &Settings,
) -> Result<Option<CampaignSummary>, MonitoringError> {
    let scope = access::scope(actor, Action::SeeSummaries);
    if scope.is_empty() {
        return Err(access::Denied { action: Action::SeeSummaries }.into());
    }
    let Some(campaign) = delivery::campaign(database, campaign).await? else { return Ok(None) };
    let tree = roster::org_tree(database).await?;
    let id = || [number(campaign.id.0)];
    let sql = "SELECT test_id, school_id, language, CAST(SUM(n) AS bigint) AS n, SUM(score) AS score,
                      SUM(score_squares) AS score_squares, max_score
               FROM result_cell WHERE campaign_id = $1 GROUP BY test_id, school_id, language, max_score
               ORDER BY test_id, school_id, language";
    let cells: Vec<CellRow> = database.read().rows(sql, id()).await?;
    let sql = "SELECT test_id, statistics FROM test_statistic WHERE campaign_id = $1 AND scope = 'test'";
    let mut statistics = BTreeMap::new();
    for row in database.read().rows::<StatisticRow>(sql, id()).await? {
        statistics.insert(row.test_id, stored::<TestStatistics>("test_statistic", &row.statistics)?);
    }
    let sql = "SELECT scope, statistics FROM campaign_statistic WHERE campaign_id = $1";
    let of_campaign: Vec<CampaignStatisticRow> = database.read().rows(sql, id()).await?;
    let marks = marks(database, campaign.id).await?;
    let whole_network = scope == Scope::Network;
    let visible = |school: SchoolId| match &scope {
        Scope::Network => true,
        Scope::Within { schools, .. } => schools.contains(&school),
    };
    let mut scales = campaign_scales(database, campaign.id, &tree, visible).await?;
    let mut tests: Vec<TestSummary> = campaign
        .tests
        .iter()
        .map(|test| TestSummary {
            scale: scales.remove(&test.id),
            ..test_summary(test, &cells, &tree, statistics.remove(&test.id.0), settings)
        })
        .collect();
    for test in &mut tests {
        test.places.retain(|school, _| visible(*school));
    }
    let mut grades = Vec::new();
    for grade in campaign.tests.iter().map(|test| test.grade).collect::<BTreeSet<u8>>() {
        let schools = grade_table(&campaign, grade, &cells, &marks, settings);
        let ranked = schools.iter().filter(|school| school.place.is_some()).count() as u32;
        let name = format!("correlations:{grade}");
        let correlations = of_campaign.iter().find(|row| whole_network && row.scope == name);
        let correlations = correlations.map(|row| stored("campaign_statistic", &row.statistics)).transpose()?;
        grades.push(GradeSummary { grade, schools, ranked, correlations });
    }
    let differences = match (grades.first(), grades.last()) {
        (Some(first), Some(last)) if first.grade != last.grade => place_differences(&first.schools, &last.schools),
        _ => Vec::new(),
    };
    let differences = differences.into_iter().filter(|pair| visible(pair.school)).collect();
    for grade in &mut grades {
        grade.schools.retain(|school| visible(school.school));
        grade.schools.sort_by_key(|school| (school.place.map_or(u32::MAX, |place| place.place), school.school));
    }
    let participation = match of_campaign.iter().find(|row| row.scope == "participation") {
        Some(row) => stored::<StoredParticipation>("campaign_statistic", &row.statistics)?.rows,
        None => Vec::new(),
    };
    Ok(Some(CampaignSummary {
        results: tests.iter().map(|test| test.mean.n).sum(),
        tests,
        grades,
        differences,
        participation: participation.into_iter().filter(|row| visible(row.school)).collect(),
        whole_network,
        marks: marks.into_iter().filter(|((school, _), _)| visible(*school)).collect(),
        campaign: Arc::new(campaign),
        tree: Arc::new(tree),
    }))
}

fn cell(row: &CellRow) -> Cell {
    Cell {
        n: u32::try_from(row.n).unwrap_or(0),
        score: row.score,
        score_squares: row.score_squares,
        max_score: row.max_score,
    }
}

fn test_summary(
    test: &Test,
    cells: &[CellRow],
    tree: &OrgTree,
    statistics: Option<TestStatistics>,
    settings: &Settings,
) -> TestSummary {
    let own: Vec<&CellRow> = cells.iter().filter(|row| row.test_id == test.id.0).collect();
    let all: Vec<Cell> = own.iter().map(|row| cell(row)).collect();
    let of_schools: Vec<(SchoolId, f64)> = grouped(&own, |row| Some(SchoolId(row.school_id)))
        .into_iter()
        .filter_map(|(school, mean)| {
            let shown = mean.shown(false, settings.minimum_group).percent()?;
            Some((school, kernel::round_half_up(shown, settings.decimals)?.to_f64()))
        })
        .collect();
    let found = places(&of_schools.iter().map(|row| row.1).collect::<Vec<_>>());
    TestSummary {
        places: of_schools.iter().map(|row| row.0).zip(found).collect(),
        test: test.clone(),
        mean: pupil_mean(&all),
        by_language: grouped(&own, |row| row.language.parse().ok()),
        by_region: grouped(&own, |row| {
            tree.above(kernel::OrgUnitId(row.school_id), OrgUnitKind::Region).map(|node| node.id)
        }),
        by_district: grouped(&own, |row| district_of(tree, SchoolId(row.school_id))),
        statistics,
        scale: None,
    }
}

fn grouped<K: Ord>(rows: &[&CellRow], key: impl Fn(&CellRow) -> Option<K>) -> BTreeMap<K, Mean> {
    let mut groups: BTreeMap<K, Vec<Cell>> = BTreeMap::new();
    for row in rows {
        if let Some(key) = key(row) {
            groups.entry(key).or_default().push(cell(row));
        }
    }
    groups.into_iter().map(|(key, cells)| (key, pupil_mean(&cells))).collect()
}

/// A school's own marks in percent by school, grade and subject.
type Marks = BTreeMap<(SchoolId, u8), BTreeMap<String, Mean>>;

async fn marks(database: &Database, campaign: CampaignId) -> Result<Marks, MonitoringError> {
    let sql = "SELECT term_mark_cell.school_id, school_class.grade, term_mark_cell.subject,
                      CAST(SUM(term_mark_cell.n) AS bigint) AS n, SUM(term_mark_cell.percent) AS percent
               FROM term_mark_cell JOIN school_class ON school_class.id = term_mark_cell.class_id
               WHERE term_mark_cell.campaign_id = $1
               GROUP BY term_mark_cell.school_id, school_class.grade, term_mark_cell.subject";
    let mut marks = Marks::new();
    for row in database.read().rows::<MarkRow>(sql, [number(campaign.0)]).await? {
        let n = u32::try_from(row.n).unwrap_or(0);
        let percent = (n > 0).then(|| row.percent / f64::from(n));
        let mean = Mean { percent, standard_error: None, n, averaging: Averaging::Pupils };
        let key = (SchoolId(row.school_id), u8::try_from(row.grade).unwrap_or_default());
        marks.entry(key).or_default().insert(row.subject, mean);
    }
    Ok(marks)
}

/// The schools of a grade, compared. A school's own marks are averaged as its results are: the simple mean of the subjects
/// that it was tested in.
fn grade_table(
    campaign: &Campaign,
    grade: u8,
    cells: &[CellRow],
    marks: &Marks,
    settings: &Settings,
) -> Vec<SchoolGrade<TestId>> {
    let mut schools: BTreeMap<SchoolId, Vec<SubjectMean<TestId>>> = BTreeMap::new();
    for test in campaign.tests.iter().filter(|test| test.grade == grade) {
        let own: Vec<&CellRow> = cells.iter().filter(|row| row.test_id == test.id.0).collect();
        for (school, mean) in grouped(&own, |row| Some(SchoolId(row.school_id))) {
            schools.entry(school).or_default().push(SubjectMean { test: test.id, mean });
        }
    }
    let inputs = schools.into_iter().map(|(school, subjects)| {
        let of_school = marks.get(&(school, grade));
        let tested = subjects.iter().filter_map(|subject| {
            let code = &campaign.test(subject.test)?.subject;
            of_school?.get(code)?.percent
        });
        let known: Vec<f64> = tested.collect();
        let marks = (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64);
        SchoolGradeInput { school, subjects, marks }
    });
    school_table(inputs.collect(), settings)
}

/// What was done well and badly in a test.
#[derive(Debug, Clone)]
pub struct SubjectFindings {
    /// The test.
    pub test: TestId,
    /// Criteria.
    pub findings: Findings,
}

#[derive(FromQueryResult)]
struct ItemCellRow {
    test_id: i64,
    form_id: i64,
    position: i64,
    n: i64,
    score: f64,
    max_score: f64,
}

/// What was done well and badly in each test of a campaign, in the words of a language.
///
/// # Errors
/// [`MonitoringError::Denied`] unless the actor sees summaries.
pub async fn campaign_findings(
    database: &Database,
    actor: &Actor,
    campaign: &Campaign,
    language: Language,
    settings: &Settings,
) -> Result<Vec<SubjectFindings>, MonitoringError> {
    if !access::may(actor, Action::SeeSummaries) {
        return Err(access::Denied { action: Action::SeeSummaries }.into());
    }
    findings_where(database, campaign, None, language, settings).await
}

/// The same for one school.
///
/// # Errors
/// [`MonitoringError::Denied`] unless the actor sees the school's summaries.
pub async fn school_findings(
    database: &Database,
    actor: &Actor,
    campaign: &Campaign,
    school: SchoolId,
    language: Language,
    settings: &Settings,
) -> Result<Vec<SubjectFindings>, MonitoringError> {
    let place = kernel::Place { school: Some(school), ..kernel::Place::default() };
    access::authorise(actor, Action::SeeSummaries, &place)?;
    findings_where(database, campaign, Some(school), language, settings).await
}

async fn findings_where(
    database: &Database,
    campaign: &Campaign,
    school: Option<SchoolId>,
    language: Language,
    settings: &Settings,
) -> Result<Vec<SubjectFindings>, MonitoringError> {
    let mut condition = Where::new();
    condition.and("campaign_id = ?", [number(campaign.id.0)]);
    if let Some(school) = school {
        condition.and("school_id = ?", [number(school.0)]);
    }
    let sql = format!(
        "SELECT test_id, form_id, position, CAST(SUM(n) AS bigint) AS n, SUM(score) AS score, MAX(max_score) AS max_score
         FROM item_cell{} GROUP BY test_id, form_id, position ORDER BY test_id, position, form_id",
        condition.sql()
    );
    let rows: Vec<ItemCellRow> = database.read().rows(&sql, condition.values()).await?;
    let mut forms: BTreeMap<FormId, Vec<FormItem>> = BTreeMap::new();
    for form in rows.iter().map(|row| FormId(row.form_id)).collect::<BTreeSet<_>>() {
        forms.insert(form, itembank::form_items(database, form).await?);
    }
    let mut found = Vec::new();
    for test in &campaign.tests {
        let own = rows.iter().filter(|row| row.test_id == test.id.0);
        let items: Vec<CriterionItem<'_>> = own
            .filter_map(|row| {
                let position = usize::try_from(row.position).ok()?;
                let item = forms.get(&FormId(row.form_id))?.iter().find(|item| item.position == position)?;
                let n = u32::try_from(row.n).unwrap_or(0);
                Some(CriterionItem {
                    number: position as u32,
                    criterion: item.item.criterion.in_language(language),
                    score: row.score,
                    possible: f64::from(n) * row.max_score,
                    n,
                })
            })
            .collect();
        let mut of_test = criteria(&items);
        for criterion in &mut of_test {
            // Kazakh and Russian forms hold the same criteria at the same places.
            criterion.items.dedup();
        }
        found.push(SubjectFindings { test: test.id, findings: findings(&of_test, settings) });
    }
    Ok(found)
}
