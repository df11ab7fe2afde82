//! Scoring a whole campaign, test by test and school by school.

use std::collections::BTreeMap;

use delivery::model::{Campaign, Test};
use kernel::{Action, Actor, AttemptId, CampaignId, FormId, ItemId, Place, SchoolId, TestId, Timestamp};
use serde::{Deserialize, Serialize};
use store::sea_orm;
use store::{By, Database, FromQueryResult, Reading, StoreError, Value, Write, number, text};

use super::form::{PreparedForm, prepare_form};
use super::rows::read_responses;
use super::scale::{ScaleWork, WrittenScale};
use super::school::{Taken, write_school};
use crate::model::{
    ItemStatistics, Points, ScaleGather, Settings, StatisticsGather, StatisticsItem, TestStatistics, correlations,
};
use crate::query::Participation;
use crate::{MonitoringError, Watch};

/// What scoring came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scored {
    /// Results written.
    pub results: u64,
    /// Tests with at least one result.
    pub tests: u64,
    /// Attempts whose log is broken, with what is wrong. They have no result until somebody has looked at them.
    pub broken: Vec<(AttemptId, String)>,
}

#[derive(FromQueryResult)]
struct AttemptRow {
    id: i64,
    form_id: i64,
    class_id: i64,
    person_id: i64,
    language: String,
    entries: i64,
}

#[derive(FromQueryResult)]
struct GivenRow {
    attempt_id: i64,
    max_score: f64,
    responses: String,
}

#[derive(FromQueryResult)]
struct PartRow {
    test_id: i64,
    school_id: i64,
}

/// Scores every finished attempt of a campaign and makes everything that follows from it. Doing it again gives the same
/// rows. `watch` is told after each school of each test.
///
/// # Errors
/// [`MonitoringError::Denied`] unless the actor manages campaigns; [`MonitoringError::NoCampaign`]; items that cannot be
/// scored. Schools that were done before the error stay done.
pub async fn score_campaign(
    database: &Database,
    actor: &Actor,
    now: Timestamp,
    campaign: CampaignId,
    settings: &Settings,
    watch: &Watch<'_>,
) -> Result<Scored, MonitoringError> {
    access::authorise(actor, Action::ManageCampaign, &Place::default())?;
    let campaign = delivery::campaign(database, campaign).await?.ok_or(MonitoringError::NoCampaign(campaign))?;
    let by = By::actor(actor, now);
    let sql = "SELECT DISTINCT test_id, school_id FROM attempt WHERE campaign_id = $1 ORDER BY test_id, school_id";
    let parts: Vec<PartRow> = database.read().rows(sql, [number(campaign.id.0)]).await?;
    let mut schools: BTreeMap<i64, Vec<SchoolId>> = BTreeMap::new();
    for part in &parts {
        schools.entry(part.test_id).or_default().push(SchoolId(part.school_id));
    }
    let (mut done, total) = (0, parts.len() as u64);
    let mut scored = Scored::default();
    // Percent by grade, test and pupil, for the correlations between subjects.
    let mut percents = PercentsByGrade::new();
    for test in &campaign.tests {
        let of_test = schools.remove(&test.id.0).unwrap_or_default();
        let mut work = TestWork::new(database, test).await?;
        for school in of_test {
            let taken = work.read(database, &campaign, test, school, &mut scored).await?;
            let write = database.write(&by, "score school").await?;
            write_school(&write, campaign.id, test.id, school, &taken, &work.maxima()).await?;
            let detail = serde_json::json!({ "test": test.code, "results": taken.len() });
            write.record("test", test.id.0, Some(school), detail);
            write.commit().await?;
            scored.results += taken.len() as u64;
            work.gather(school, &taken)?;
            done += 1;
            watch.tell(done, total).await?;
        }
        let (found, of_pupils) = work.finish(database, &by, &campaign, test, settings).await?;
        scored.tests += u64::from(found);
        percents.entry(test.grade).or_default().push((test.id.0, of_pupils));
    }
    let write = database.write(&by, "correlate subjects").await?;
    write_campaign_statistics(&write, campaign.id, &percents, settings).await?;
    crate::jobs::tell_scored(&write, campaign.id).await?;
    write.commit().await?;
    store::jobs::wake(database);
    Ok(scored)
}

/// One test while it is scored.
struct TestWork {
    forms: BTreeMap<FormId, PreparedForm>,
    of_form: BTreeMap<FormId, StatisticsGather>,
    /// All forms together, when they are parallel: as many items of the same worth.
    of_test: Option<StatisticsGather>,
    scale: ScaleGather,
    /// Column of each item of a form on the scale: parallel forms share them by place, others by item.
    columns: BTreeMap<FormId, Vec<usize>>,
    percents: BTreeMap<i64, f64>,
}

impl TestWork {
    async fn new(database: &Database, test: &Test) -> Result<Self, MonitoringError> {
        let mut forms = BTreeMap::new();
        for (_, form) in &test.forms {
            // Keys are read by the program itself; they go no further than the scores.
            let items = itembank::scoring_items(database, &Actor::system(), *form).await?;
            forms.insert(*form, prepare_form(*form, items)?);
        }
        let of_form: BTreeMap<FormId, StatisticsGather> =
            forms.iter().map(|(id, form)| (*id, StatisticsGather::new(form.statistics_items()))).collect();
        let mut maxima = forms.values().map(PreparedForm::maxima);
        let first = maxima.next();
        let parallel = maxima.all(|other| Some(&other) == first.as_ref());
        let (scale, columns) = scale_columns(&forms, parallel);
        let of_test = first.filter(|_| parallel && forms.len() > 1).map(|maxima| {
            // Options of different forms are different options: the test as a whole knows points only.
            let item = |maximum: Points| StatisticsItem { maximum, key: Vec::new() };
            StatisticsGather::new(maxima.into_iter().map(item).collect())
        });
        Ok(Self { forms, of_form, of_test, scale, columns, percents: BTreeMap::new() })
    }

    fn maxima(&self) -> BTreeMap<FormId, Vec<Points>> {
        self.forms.iter().map(|(id, form)| (*id, form.maxima())).collect()
    }

    async fn read(
        &mut self,
        database: &Database,
        campaign: &Campaign,
        test: &Test,
        school: SchoolId,
        scored: &mut Scored,
    ) -> Result<Vec<Taken>, MonitoringError> {
        let sql = "SELECT id, form_id, class_id, person_id, language, entries FROM attempt
                   WHERE campaign_id = $1 AND test_id = $2 AND school_id = $3 AND state = 'finished' ORDER BY id";
        let values = [number(campaign.id.0), number(test.id.0), number(school.0)];
        let attempts: Vec<AttemptRow> = database.read().rows(sql, values).await?;
        let with_log: Vec<AttemptId> =
            attempts.iter().filter(|row| row.entries > 0).map(|row| AttemptId(row.id)).collect();
        let mut logs = delivery::logs(database.read(), &with_log).await?;
        let mut given: BTreeMap<i64, GivenRow> = BTreeMap::new();
        if with_log.len() < attempts.len() {
            let sql = "SELECT attempt_id, max_score, responses FROM result WHERE test_id = $1 AND school_id = $2";
            let rows: Vec<GivenRow> = database.read().rows(sql, [number(test.id.0), number(school.0)]).await?;
            given = rows.into_iter().map(|row| (row.attempt_id, row)).collect();
        }
        let mut taken = Vec::with_capacity(attempts.len());
        for row in attempts {
            let (attempt, form) = (AttemptId(row.id), FormId(row.form_id));
            let (answers, maximum) = if row.entries > 0 {
                let log = logs.remove(&attempt).unwrap_or_default();
                let state = match delivery::model::fold(attempt, &log) {
                    Ok(state) => state,
                    Err(error) => {
                        scored.broken.push((attempt, error.to_string()));
                        continue;
                    }
                };
                let Some(prepared) = self.forms.get_mut(&form) else {
                    scored.broken.push((attempt, format!("form {form} does not belong to the test")));
                    continue;
                };
                (prepared.outcomes(&state)?, prepared.maximum())
            } else {
                let row = given.remove(&row.id).ok_or(MonitoringError::NoAnswers(attempt))?;
                (read_responses(&row.responses)?, Points::new(row.max_score))
            };
            taken.push(Taken {
                attempt: row.id,
                form,
                class: row.class_id,
                person: row.person_id,
                language: row.language,
                answers,
                maximum,
            });
        }
        Ok(taken)
    }

    fn gather(&mut self, school: SchoolId, taken: &[Taken]) -> Result<(), MonitoringError> {
        for one in taken {
            self.gather_for_scale(school, one);
            if let Some(gather) = self.of_form.get_mut(&one.form) {
                if gather.is_without_items() && !one.answers.is_empty() {
                    // Items that are not in the bank: their results came from outside, each task worth the same.
                    let each = Points::new(one.maximum.value() / one.answers.len() as f64);
                    let item = StatisticsItem { maximum: each, key: Vec::new() };
                    *gather = StatisticsGather::new(vec![item; one.answers.len()]);
                }
                gather.add(&one.answers)?;
            }
            if let Some(gather) = &mut self.of_test {
                let mut points_only = one.answers.clone();
                for answer in &mut points_only {
                    answer.choice = None;
                }
                gather.add(&points_only)?;
            }
            let score: Points = one.answers.iter().map(|answer| answer.score).sum();
            self.percents.insert(one.person, 100.0 * score.value() / one.maximum.value());
        }
        Ok(())
    }

    fn gather_for_scale(&mut self, school: SchoolId, one: &Taken) {
        let columns = self.columns.entry(one.form).or_default();
        if columns.is_empty() && !one.answers.is_empty() {
            let each = Points::new(one.maximum.value() / one.answers.len() as f64);
            columns.extend(one.answers.iter().map(|_| self.scale.column(each)));
        }
        self.scale.add(one.on_scale(school), columns, &one.answers);
    }

    async fn finish(
        self,
        database: &Database,
        by: &By,
        campaign: &Campaign,
        test: &Test,
        settings: &Settings,
    ) -> Result<(bool, BTreeMap<i64, f64>), MonitoringError> {
        let found = self.of_form.values().any(|gather| gather.persons() > 0);
        let forms: Vec<FormStatistics> = self
            .of_form
            .into_iter()
            .map(|(form, gather)| FormStatistics {
                form,
                items: self.forms.get(&form).map(PreparedForm::item_ids).unwrap_or_default(),
                columns: self.columns.get(&form).cloned().unwrap_or_default(),
                gather,
            })
            .collect();
        let scale = ScaleWork::run(self.scale, &test.code, &settings.scale).await?;
        let write = database.write(by, "test statistics").await?;
        let scale = scale.write(&write, campaign.id, test.id).await?;
        write_statistics(&write, campaign.id, test.id, forms, self.of_test, scale.as_ref()).await?;
        write.record("test", test.id.0, None, serde_json::json!({ "test": test.code }));
        write.commit().await?;
        Ok((found, self.percents))
    }
}

/// The columns of a test's forms on its scale.
fn scale_columns(
    forms: &BTreeMap<FormId, PreparedForm>,
    parallel: bool,
) -> (ScaleGather, BTreeMap<FormId, Vec<usize>>) {
    let mut gather = ScaleGather::default();
    let mut known: BTreeMap<(ItemId, Points), usize> = BTreeMap::new();
    let mut columns: BTreeMap<FormId, Vec<usize>> = BTreeMap::new();
    for (id, form) in forms {
        let of_form = match columns.values().next().filter(|_| parallel) {
            Some(first) => first.clone(),
            None => form
                .item_ids()
                .into_iter()
                .zip(form.maxima())
                .map(|key| *known.entry(key).or_insert_with(|| gather.column(key.1)))
                .collect(),
        };
        columns.insert(*id, of_form);
    }
    (gather, columns)
}

/// What was gathered for a form.
pub(crate) struct FormStatistics {
    pub form: FormId,
    /// Its items in order; empty when they are not in the bank.
    pub items: Vec<ItemId>,
    /// Their columns on the scale.
    pub columns: Vec<usize>,
    pub gather: StatisticsGather,
}

/// Replaces the statistics of a test: of every form with its items, and of all forms together.
pub(crate) async fn write_statistics(
    write: &Write,
    campaign: CampaignId,
    test: TestId,
    forms: Vec<FormStatistics>,
    of_test: Option<StatisticsGather>,
    scale: Option<&WrittenScale>,
) -> Result<Option<TestStatistics>, MonitoringError> {
    write.execute("DELETE FROM test_statistic WHERE test_id = $1", [number(test.0)]).await?;
    let only_form = forms.len() == 1;
    let mut whole = None;
    for FormStatistics { form, items: ids, columns, gather } in forms {
        let sql = "DELETE FROM item_statistic WHERE campaign_id = $1 AND form_id = $2";
        write.execute(sql, [number(campaign.0), number(form.0)]).await?;
        let Some((statistics, mut items)) = gather.finish()? else { continue };
        for (item, column) in items.iter_mut().zip(&columns) {
            let found = scale.and_then(|scale| scale.task(*column));
            (item.calibration_version, item.calibration) = found.unzip();
        }
        let row = |(item, id): (&ItemStatistics, &ItemId)| {
            let json = serde_json::to_string(item).unwrap_or_default();
            vec![number(id.0), number(form.0), number(campaign.0), number(i64::from(item.n)), text(json)]
        };
        let rows: Vec<Vec<Value>> = items.iter().zip(&ids).map(row).collect();
        let columns = ["item_id", "form_id", "campaign_id", "n", "statistics"];
        write.insert("item_statistic", &columns, rows).await?;
        write_test_statistic(write, campaign, test, &format!("form:{form}"), &statistics).await?;
        if only_form {
            whole = Some(statistics);
        }
    }
    if let Some((statistics, _)) = of_test.map(StatisticsGather::finish).transpose()?.flatten() {
        whole = Some(statistics);
    }
    if let Some(statistics) = &whole {
        write_test_statistic(write, campaign, test, "test", statistics).await?;
    }
    Ok(whole)
}

async fn write_test_statistic(
    write: &Write,
    campaign: CampaignId,
    test: TestId,
    scope: &str,
    statistics: &TestStatistics,
) -> Result<(), StoreError> {
    let row = vec![
        number(test.0),
        text(scope),
        number(campaign.0),
        number(i64::from(statistics.n)),
        text(serde_json::to_string(statistics).unwrap_or_default()),
    ];
    write.insert("test_statistic", &["test_id", "scope", "campaign_id", "n", "statistics"], [row]).await?;
    Ok(())
}

/// Who took part, as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct StoredParticipation {
    pub rows: Vec<Participation>,
}

#[derive(FromQueryResult)]
struct ParticipationRow {
    school_id: i64,
    grade: i64,
    language: String,
    enrolled: i64,
    took_part: i64,
}

async fn participation(write: &Write, campaign: CampaignId) -> Result<StoredParticipation, StoreError> {
    let sql = "SELECT attempt.school_id, school_class.grade, attempt.language,
                      COUNT(DISTINCT attempt.person_id) AS enrolled,
                      COUNT(DISTINCT CASE WHEN attempt.state = 'finished' THEN attempt.person_id END) AS took_part
               FROM attempt JOIN school_class ON school_class.id = attempt.class_id
               WHERE attempt.campaign_id = $1
               GROUP BY attempt.school_id, school_class.grade, attempt.language
               ORDER BY attempt.school_id, school_class.grade, attempt.language";
    let rows: Vec<ParticipationRow> = write.rows(sql, [number(campaign.0)]).await?;
    let count = |value: i64| u32::try_from(value).unwrap_or(0);
    let known = |row: ParticipationRow| {
        Some(Participation {
            school: SchoolId(row.school_id),
            grade: u8::try_from(row.grade).ok()?,
            language: row.language.parse().ok()?,
            enrolled: count(row.enrolled),
            took_part: count(row.took_part),
        })
    };
    Ok(StoredParticipation { rows: rows.into_iter().filter_map(known).collect() })
}

/// Correlations of a grade as they are stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredCorrelations {
    /// Ids of the tests, in the order of rows and columns.
    pub tests: Vec<i64>,
    /// For each pair; `None` on the diagonal.
    pub cells: Vec<Vec<Option<StoredPair>>>,
}

/// A pair of subjects.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StoredPair {
    /// Pupils who took both.
    pub n: usize,
    /// Correlation; none below the smallest number of pupils.
    pub r: Option<f64>,
}

/// Percent of each pupil in a test.
pub(crate) type PercentsOfTest = (i64, BTreeMap<i64, f64>);
/// The tests of each grade.
pub(crate) type PercentsByGrade = BTreeMap<u8, Vec<PercentsOfTest>>;

pub(crate) async fn write_campaign_statistics(
    write: &Write,
    campaign: CampaignId,
    percents: &PercentsByGrade,
    settings: &Settings,
) -> Result<(), StoreError> {
    write.execute("DELETE FROM campaign_statistic WHERE campaign_id = $1", [number(campaign.0)]).await?;
    let row = |(grade, tests): (&u8, &Vec<PercentsOfTest>)| {
        let found = correlations(tests, settings.minimum_pairs);
        let cell = |cell: Option<psychometrics::Correlation>| cell.map(|pair| StoredPair { n: pair.n, r: pair.r });
        let cells = found.cells.into_iter().map(|row| row.into_iter().map(cell).collect()).collect();
        let stored = StoredCorrelations { tests: found.tests, cells };
        let json = serde_json::to_string(&stored).unwrap_or_default();
        vec![number(campaign.0), text(format!("correlations:{grade}")), text(json)]
    };
    let mut rows: Vec<Vec<Value>> = percents.iter().map(row).collect();
    let participation = serde_json::to_string(&participation(write, campaign).await?).unwrap_or_default();
    rows.push(vec![number(campaign.0), text("participation"), text(participation)]);
    write.insert("campaign_statistic", &["campaign_id", "scope", "statistics"], rows).await?;
    Ok(())
}
