//! The ability scale: calibrations in use, groups from cells, the pupils behind a share.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{Action, Actor, AttemptId, CampaignId, ClassId, Language, OrgUnitId, SchoolId, TestId};
use roster::{OrgTree, OrgUnitKind, PersonName};
use store::sea_orm;
use store::{Database, FromQueryResult, Reading, Where, number, text};

use crate::MonitoringError;
use crate::model::{Calibration, LevelCell, LevelSummary, PersonScale};
use crate::report::stored;

/// The calibration of a test that is in use.
#[derive(Debug, Clone, PartialEq)]
pub struct CurrentCalibration {
    /// Its version, from 1.
    pub version: u32,
    /// Results behind it.
    pub n: u32,
    /// When it was made, in milliseconds since 1970.
    pub made_at: i64,
    /// What it is.
    pub calibration: Arc<Calibration>,
}

/// A test on its scale, over the campaign.
#[derive(Debug, Clone)]
pub struct TestScale {
    /// The calibration in use.
    pub current: CurrentCalibration,
    /// Everybody.
    pub whole: LevelSummary,
    /// By language of instruction.
    pub by_language: BTreeMap<Language, LevelSummary>,
    /// By district, or by region where there are no districts.
    pub by_district: BTreeMap<OrgUnitId, LevelSummary>,
    /// By school; only schools that the actor may see.
    pub by_school: BTreeMap<SchoolId, LevelSummary>,
}

impl TestScale {
    /// Number of levels; none without a scale.
    pub fn levels(&self) -> usize {
        levels_of(&self.current.calibration)
    }
}

fn levels_of(calibration: &Calibration) -> usize {
    calibration.scaled().map_or(0, |test| test.levels.len())
}

#[derive(FromQueryResult)]
struct CalibrationRow {
    test_id: i64,
    version: i64,
    n: i64,
    made_at: i64,
    model: String,
}

/// The calibrations in use: of a campaign, or of one test of it.
pub(crate) async fn calibrations(
    database: &Database,
    campaign: CampaignId,
    test: Option<TestId>,
) -> Result<BTreeMap<TestId, CurrentCalibration>, MonitoringError> {
    let mut condition = Where::new();
    condition.and("calibration.campaign_id = ?", [number(campaign.0)]);
    if let Some(test) = test {
        condition.and("calibration.test_id = ?", [number(test.0)]);
    }
    let sql = format!(
        "SELECT test_id, version, n, made_at, model FROM calibration{} AND version =
            (SELECT MAX(version) FROM calibration newest WHERE newest.test_id = calibration.test_id)",
        condition.sql()
    );
    let rows: Vec<CalibrationRow> = database.read().rows(&sql, condition.values()).await?;
    let current = |row: CalibrationRow| {
        let current = CurrentCalibration {
            version: u32::try_from(row.version).unwrap_or(0),
            n: u32::try_from(row.n).unwrap_or(0),
            made_at: row.made_at,
            calibration: Arc::new(stored("calibration", &row.model)?),
        };
        Ok((TestId(row.test_id), current))
    };
    rows.into_iter().map(current).collect()
}

#[derive(FromQueryResult, Clone)]
struct CellRow {
    test_id: i64,
    school_id: i64,
    class_id: i64,
    language: String,
    level: i64,
    n: i64,
    points: f64,
    squares: f64,
}

impl CellRow {
    fn cell(&self) -> (usize, LevelCell) {
        let cell = LevelCell { n: u32::try_from(self.n).unwrap_or(0), points: self.points, squares: self.squares };
        (usize::try_from(self.level).unwrap_or(0), cell)
    }
}

fn grouped<K: Ord>(rows: &[CellRow], levels: usize, key: impl Fn(&CellRow) -> Option<K>) -> BTreeMap<K, LevelSummary> {
    let mut groups: BTreeMap<K, Vec<(usize, LevelCell)>> = BTreeMap::new();
    for row in rows {
        if let Some(key) = key(row) {
            groups.entry(key).or_default().push(row.cell());
        }
    }
    groups.into_iter().map(|(key, cells)| (key, LevelSummary::of(cells, levels))).collect()
}

/// The district of a school, or its region where there are no districts.
pub(crate) fn district_of(tree: &OrgTree, school: SchoolId) -> Option<OrgUnitId> {
    let district = tree.above(school.into(), OrgUnitKind::District);
    district.or_else(|| tree.above(school.into(), OrgUnitKind::Region)).map(|node| node.id)
}

/// The tests of a campaign on their scales. For services that have authorised; they keep what the actor may see.
pub(crate) async fn campaign_scales(
    database: &Database,
    campaign: CampaignId,
    tree: &OrgTree,
    visible: impl Fn(SchoolId) -> bool,
) -> Result<BTreeMap<TestId, TestScale>, MonitoringError> {
    let sql = "SELECT test_id, school_id, CAST(0 AS bigint) AS class_id, language, level,
                      CAST(SUM(n) AS bigint) AS n, SUM(points) AS points, SUM(squares) AS squares
               FROM scale_cell WHERE campaign_id = $1 GROUP BY test_id, school_id, language, level
               ORDER BY test_id, school_id, language, level";
    let mut cells: BTreeMap<i64, Vec<CellRow>> = BTreeMap::new();
    for row in database.read().rows::<CellRow>(sql, [number(campaign.0)]).await? {
        cells.entry(row.test_id).or_default().push(row);
    }
    let scale = |(test, current): (TestId, CurrentCalibration)| {
        let (own, levels) = (cells.remove(&test.0).unwrap_or_default(), levels_of(&current.calibration));
        let mut by_school = grouped(&own, levels, |row| Some(SchoolId(row.school_id)));
        by_school.retain(|school, _| visible(*school));
        let scale = TestScale {
            whole: LevelSummary::of(own.iter().map(CellRow::cell), levels),
            by_language: grouped(&own, levels, |row| row.language.parse().ok()),
            by_district: grouped(&own, levels, |row| district_of(tree, SchoolId(row.school_id))),
            by_school,
            current,
        };
        (test, scale)
    };
    Ok(calibrations(database, campaign, None).await?.into_iter().map(scale).collect())
}

/// Classes on the scales of their tests, by test, class and language. The condition is on `scale_cell` and comes from services
/// that have restricted it.
pub(crate) async fn class_levels(
    database: &Database,
    campaign: CampaignId,
    condition: &Where,
) -> Result<BTreeMap<(i64, i64, String), LevelSummary>, MonitoringError> {
    let sql = format!(
        "SELECT test_id, school_id, class_id, language, level, n, points, squares FROM scale_cell{}
         ORDER BY test_id, class_id, language, level",
        condition.sql()
    );
    let rows: Vec<CellRow> = database.read().rows(&sql, condition.values()).await?;
    let mut found = BTreeMap::new();
    for (test, current) in calibrations(database, campaign, None).await? {
        let own: Vec<CellRow> = rows.iter().filter(|row| row.test_id == test.0).cloned().collect();
        let key = |row: &CellRow| Some((test.0, row.class_id, row.language.clone()));
        found.extend(grouped(&own, levels_of(&current.calibration), key));
    }
    Ok(found)
}

/// A test on its scale for its reports: the calibration in use, languages and schools.
#[derive(Debug, Clone, PartialEq)]
pub struct ContextScale {
    /// The calibration in use.
    pub current: CurrentCalibration,
    /// By language of instruction.
    pub by_language: BTreeMap<Language, LevelSummary>,
    /// By school.
    pub by_school: BTreeMap<SchoolId, LevelSummary>,
}

/// A test on its scale; `None` before scoring. For services that authorise what they show of it.
pub(crate) async fn context_scale(
    database: &Database,
    campaign: CampaignId,
    test: TestId,
) -> Result<Option<ContextScale>, MonitoringError> {
    let Some(current) = calibrations(database, campaign, Some(test)).await?.remove(&test) else { return Ok(None) };
    let sql = "SELECT test_id, school_id, class_id, language, level, n, points, squares
               FROM scale_cell WHERE test_id = $1 ORDER BY class_id, language, level";
    let rows: Vec<CellRow> = database.read().rows(sql, [number(test.0)]).await?;
    let levels = levels_of(&current.calibration);
    Ok(Some(ContextScale {
        by_language: grouped(&rows, levels, |row| row.language.parse().ok()),
        by_school: grouped(&rows, levels, |row| Some(SchoolId(row.school_id))),
        current,
    }))
}

/// Which pupils of a test are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LevelFilter {
    /// Only this level, from 0.
    pub level: Option<u32>,
    /// Only classes of this language of instruction.
    pub language: Option<Language>,
    /// Only schools at or below this node of the tree.
    pub unit: Option<OrgUnitId>,
    /// Only this class.
    pub class: Option<ClassId>,
}

/// A pupil at a level: a line that leads to an individual report.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelPupil {
    /// The attempt.
    pub attempt: AttemptId,
    /// Name.
    pub name: PersonName,
    /// School.
    pub school: SchoolId,
    /// Grade of the class.
    pub grade: u8,
    /// Letter of the class.
    pub letter: String,
    /// Where the pupil stands.
    pub scale: PersonScale,
}

#[derive(FromQueryResult)]
struct PupilRow {
    attempt_id: i64,
    school_id: i64,
    grade: i64,
    letter: String,
    family_name: String,
    given_name: String,
    patronymic: String,
    theta: f64,
    theta_se: f64,
    points: f64,
    points_se: f64,
    level: i64,
    probabilities: String,
}

/// A stored place on the scale.
pub(crate) fn stored_scale(
    [theta, theta_se, points, points_se]: [f64; 4],
    level: i64,
    probabilities: &str,
) -> Result<PersonScale, MonitoringError> {
    Ok(PersonScale {
        theta,
        theta_se,
        points,
        points_se,
        level: usize::try_from(level).unwrap_or(0),
        probabilities: stored("probabilities", probabilities)?,
    })
}

/// The pupils of a test behind a share, those with the fewest points first, and how many they are: part of the list.
///
/// # Errors
/// [`MonitoringError::Denied`] when the actor sees no pupils' results at all.
pub async fn level_pupils(
    database: &Database,
    actor: &Actor,
    test: TestId,
    filter: &LevelFilter,
    (skip, take): (u32, u32),
) -> Result<(Vec<LevelPupil>, i64), MonitoringError> {
    let scope = access::scope(actor, Action::SeeResults);
    if scope.is_empty() {
        return Err(access::Denied { action: Action::SeeResults }.into());
    }
    let mut condition = Where::new();
    condition.and("scale_score.test_id = ?", [number(test.0)]);
    if let Some(level) = filter.level {
        condition.and("scale_score.level = ?", [number(i64::from(level))]);
    }
    if let Some(language) = filter.language {
        condition.and("result.language = ?", [text(language.code())]);
    }
    if let Some(class) = filter.class {
        condition.and("scale_score.class_id = ?", [number(class.0)]);
    }
    if let Some(unit) = filter.unit {
        let tree = roster::org_tree(database).await?;
        let schools = tree.schools_within(unit);
        let ids = schools.iter().map(|school| school.0.to_string()).collect::<Vec<_>>().join(", ");
        let sql = if ids.is_empty() { "1 = 0".to_owned() } else { format!("scale_score.school_id IN ({ids})") };
        condition.and(&sql, []);
    }
    let columns = (Some("result.school_id"), Some("result.class_id"), Some("result.person_id"));
    access::restrict(&mut condition, &scope, columns.0, columns.1, columns.2);
    let from = format!(
        "FROM scale_score JOIN result ON result.attempt_id = scale_score.attempt_id
         JOIN person ON person.id = result.person_id JOIN school_class ON school_class.id = scale_score.class_id{}",
        condition.sql()
    );
    let total = database.read().count(&format!("SELECT COUNT(*) {from}"), condition.values()).await?;
    let sql = format!(
        "SELECT scale_score.attempt_id, scale_score.school_id, school_class.grade, school_class.letter,
                person.family_name, person.given_name, person.patronymic, scale_score.theta, scale_score.theta_se,
                scale_score.points, scale_score.points_se, scale_score.level, scale_score.probabilities
         {from} ORDER BY scale_score.points, person.sort_name, scale_score.attempt_id LIMIT {take} OFFSET {skip}"
    );
    let rows: Vec<PupilRow> = database.read().rows(&sql, condition.values()).await?;
    let pupil = |row: PupilRow| {
        let numbers = [row.theta, row.theta_se, row.points, row.points_se];
        Ok(LevelPupil {
            attempt: AttemptId(row.attempt_id),
            name: PersonName { family: row.family_name, given: row.given_name, patronymic: row.patronymic },
            school: SchoolId(row.school_id),
            grade: u8::try_from(row.grade).unwrap_or_default(),
            letter: row.letter,
            scale: stored_scale(numbers, row.level, &row.probabilities)?,
        })
    };
    let pupils = rows.into_iter().map(pupil).collect::<Result<_, MonitoringError>>()?;
    Ok((pupils, total))
}

/// The calibration of a test that is in use, for those who see summaries or pupils' results; `None` before scoring.
///
/// # Errors
/// [`MonitoringError::Denied`] for everybody else.
pub async fn test_calibration(
    database: &Database,
    actor: &Actor,
    campaign: CampaignId,
    test: TestId,
) -> Result<Option<CurrentCalibration>, MonitoringError> {
    if !access::may(actor, Action::SeeSummaries) && !access::may(actor, Action::SeeResults) {
        return Err(access::Denied { action: Action::SeeSummaries }.into());
    }
    Ok(calibrations(database, campaign, Some(test)).await?.remove(&test))
}

#[derive(FromQueryResult)]
struct PointsRow {
    points: f64,
}

/// Points of everybody who took a test, rising, for its map; nobody can be told from them.
///
/// # Errors
/// [`MonitoringError::Denied`] when the actor does not see summaries of the network.
pub async fn scale_points(database: &Database, actor: &Actor, test: TestId) -> Result<Vec<f64>, MonitoringError> {
    access::authorise(actor, Action::SeeSummaries, &kernel::Place::default())?;
    let sql = "SELECT points FROM scale_score WHERE test_id = $1 ORDER BY points";
    let rows: Vec<PointsRow> = database.read().rows(sql, [number(test.0)]).await?;
    Ok(rows.into_iter().map(|row| row.points).collect())
}
