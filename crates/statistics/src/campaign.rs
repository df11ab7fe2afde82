//! Results of a campaign as facts: what an attempt earned, what it could earn, where it stands on the scale of marks, who
//! sat it; and the school's own marks of the term.

use std::collections::BTreeMap;

use delivery::model::Campaign;
use kernel::{Actor, CampaignId, ClassId, Localized, PersonId, SchoolId, Timestamp};
use measures::definition::Catalogue;
use measures::view::DeclaredDimension;
use monitoring::Watch;
use packs::Pack;
use roster::{OrgTree, OrgUnit};
use serde::{Deserialize, Serialize};
use store::sea_orm;
use store::{By, Database, FromQueryResult, Reading, Write, number, text};

use crate::datasets::{Recorder, json};
use crate::definitions::RESULTS;
use crate::model::{NewFact, Origin, corrections, member};
use crate::{Statistics, StatisticsError};

/// What recording a campaign came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignFacts {
    /// Records written, those that take back among them; 0 when nothing changed.
    pub written: usize,
    /// Schools with results.
    pub schools: usize,
}

const ATTEMPT: &str = "attempt";
const TERM_MARK: &str = "term-mark";
/// Points are kept with four decimals.
const POINT_UNITS: f64 = 10_000.0;

/// Makes the facts of a campaign what its results are now, school by school. Doing it again writes nothing. `watch` is told
/// after each school.
///
/// # Errors
/// [`StatisticsError::Denied`] unless the actor manages campaigns; what the database says. Schools that were done before
/// the error stay done.
pub async fn record_campaign(
    statistics: &Statistics,
    database: &Database,
    actor: &Actor,
    now: Timestamp,
    campaign: CampaignId,
    watch: &Watch<'_>,
) -> Result<CampaignFacts, StatisticsError> {
    access::authorise(actor, kernel::Action::ManageCampaign, &kernel::Place::default())?;
    let Some(campaign) = delivery::campaign(database, campaign).await? else { return Ok(CampaignFacts::default()) };
    let (pack, tree) = (Pack::embedded()?, roster::org_tree(database).await?);
    let Some(content) = statistics.definitions().contents.get(RESULTS) else {
        return Err(StatisticsError::NoDataset(RESULTS.to_owned()));
    };
    let by = By::actor(actor, now);
    let write = database.write(&by, "prepare facts").await?;
    let more = dimensions(&campaign, &pack, &tree);
    let catalogue: &Catalogue = &statistics.definitions().catalogue;
    let recorder = Recorder::begin(&write, catalogue, content, false, &more).await?;
    write.record("campaign", campaign.id.0, None, serde_json::json!({ "dataset": RESULTS }));
    write.commit().await?;

    let schools = schools(database, &recorder, &campaign).await?;
    let mut done = CampaignFacts { written: 0, schools: schools.len() };
    for (place, school) in schools.iter().enumerate() {
        let Some(unit) = tree.school(*school) else { continue };
        let mut wanted = results(database, &campaign, unit, &pack).await?;
        wanted.extend(marks(database, &campaign, unit).await?);
        let write = database.write(&by, "record facts").await?;
        let there = recorded(&write, &recorder, &campaign, *school).await?;
        let facts = corrections(&there, &wanted);
        // Where nothing changed the write is dropped, and nothing is kept of it; at once, because telling is a write too.
        if facts.is_empty() {
            drop(write);
        } else {
            recorder.record(&write, &facts).await?;
            let detail = serde_json::json!({ "campaign": campaign.code, "facts": facts.len() });
            write.record("dataset", recorder.dataset.id.0, Some(*school), detail);
            write.commit().await?;
            done.written += facts.len();
        }
        watch.tell(place as u64 + 1, schools.len() as u64).await?;
    }
    Ok(done)
}

#[derive(FromQueryResult)]
struct SchoolRow {
    school_id: i64,
}

/// Schools with results or marks now, or with facts from before.
async fn schools(
    database: &Database,
    recorder: &Recorder,
    campaign: &Campaign,
) -> Result<Vec<SchoolId>, StatisticsError> {
    let sql = "SELECT school_id FROM result WHERE campaign_id = $1
               UNION SELECT school_id FROM term_mark WHERE campaign_id = $1
               UNION SELECT school_id FROM fact WHERE dataset_id = $2 AND period = $3 AND school_id IS NOT NULL
               ORDER BY school_id";
    let values = [number(campaign.id.0), number(recorder.dataset.id.0), text(&campaign.code)];
    let rows: Vec<SchoolRow> = database.read().rows(sql, values).await?;
    Ok(rows.into_iter().map(|row| SchoolId(row.school_id)).collect())
}

fn localized(text: &packs::Text) -> Localized {
    Localized::new(text.kk.clone(), text.ru.clone(), text.en.clone())
}

/// Code of a school year: `2022-2023`.
fn year_code(campaign: &Campaign) -> String {
    format!("{}-{}", campaign.school_year, campaign.school_year + 1)
}

/// Places, periods and subjects that the facts of a campaign need.
fn dimensions(campaign: &Campaign, pack: &Pack, tree: &OrgTree) -> Vec<DeclaredDimension> {
    let of = |code: &str, members| DeclaredDimension { code: code.to_owned(), name: Localized::default(), members };
    // Ids rise in the order of making, but a parent may be younger: parents first.
    let depth =
        |unit: &OrgUnit| std::iter::successors(unit.parent, |parent| tree.get(*parent)?.parent).take(64).count();
    let mut units: Vec<&OrgUnit> = tree.all().collect();
    units.sort_by_key(|unit| (depth(unit), unit.id));
    let places = units.into_iter().map(|unit| {
        let parent = unit.parent.and_then(|parent| tree.get(parent)).map(|parent| parent.code.clone());
        member(&unit.code, unit.short_name.clone(), parent, unit.kind.code())
    });
    let year = year_code(campaign);
    let name = Localized::new(format!("{year} оқу жылы"), format!("{year} учебный год"), format!("School year {year}"));
    let periods =
        vec![member(&year, name, None, "year"), member(&campaign.code, campaign.name.clone(), Some(year), "campaign")];
    let subjects = campaign.tests.iter().map(|test| {
        let known = pack.subject(&test.subject).map(|subject| localized(&subject.name));
        member(&test.subject, known.unwrap_or_else(|| Localized::same(&test.subject)), None, "")
    });
    let grades = campaign.tests.iter().map(|test| {
        let grade = test.grade;
        let name = Localized::new(format!("{grade}-сынып"), format!("{grade} класс"), format!("Grade {grade}"));
        member(grade.to_string(), name, None, "")
    });
    vec![
        of("place", places.collect()),
        of("period", periods),
        of("subject", subjects.collect()),
        of("grade", grades.collect()),
    ]
}

#[derive(FromQueryResult)]
struct ResultRow {
    attempt_id: i64,
    test_id: i64,
    class_id: i64,
    person_id: i64,
    language: String,
    score: f64,
    max_score: f64,
    sex: Option<String>,
}

fn units(points: f64) -> i64 {
    (points * POINT_UNITS).round() as i64
}

async fn results(
    database: &Database,
    campaign: &Campaign,
    school: &OrgUnit,
    pack: &Pack,
) -> Result<Vec<NewFact>, StatisticsError> {
    let sql =
        "SELECT result.attempt_id, result.test_id, result.class_id, result.person_id, result.language, result.score,
                      result.max_score, person.sex
               FROM result JOIN person ON person.id = result.person_id
               WHERE result.campaign_id = $1 AND result.school_id = $2 ORDER BY result.attempt_id";
    let rows: Vec<ResultRow> = database.read().rows(sql, [number(campaign.id.0), number(school.id.0)]).await?;
    let mut facts = Vec::with_capacity(rows.len() * 4);
    for row in rows {
        let Some(test) = campaign.tests.iter().find(|test| test.id.0 == row.test_id) else { continue };
        let mut members = BTreeMap::from([
            ("grade".to_owned(), test.grade.to_string()),
            ("subject".to_owned(), test.subject.clone()),
            ("language".to_owned(), row.language),
        ]);
        members.extend(row.sex.map(|sex| ("sex".to_owned(), sex)));
        let (points, maximum) = (units(row.score), units(row.max_score));
        // Best band first; the first whose border the percentage reaches.
        let reached =
            |band: &packs::Band| i128::from(points) * 100 >= i128::from(band.from_percent) * i128::from(maximum);
        let mark = pack.grading.iter().position(reached).filter(|_| maximum > 0);
        let origin = Origin {
            kind: ATTEMPT.to_owned(),
            id: row.attempt_id,
            remark: String::new(),
            school: Some(SchoolId(school.id.0)),
            class: Some(ClassId(row.class_id)),
            person: Some(PersonId(row.person_id)),
        };
        let mut fact = |kind: &str, observation: i64| {
            facts.push(NewFact {
                kind: kind.to_owned(),
                place: school.code.clone(),
                period: campaign.code.clone(),
                members: members.clone(),
                observation,
                origin: origin.clone(),
                times: 1,
            });
        };
        fact("result_points", points);
        fact("result_maximum", maximum);
        fact("tested_pupils", row.person_id);
        if let Some(mark) = mark {
            fact("results_by_mark", mark as i64);
        }
    }
    Ok(facts)
}

#[derive(FromQueryResult)]
struct MarkRow {
    id: i64,
    class_id: i64,
    person_id: i64,
    subject: String,
    percent: f64,
    grade: i64,
    language: String,
    sex: Option<String>,
}

async fn marks(database: &Database, campaign: &Campaign, school: &OrgUnit) -> Result<Vec<NewFact>, StatisticsError> {
    let sql = "SELECT term_mark.id, term_mark.class_id, term_mark.person_id, term_mark.subject, term_mark.percent,
                      school_class.grade, school_class.language, person.sex
               FROM term_mark JOIN school_class ON school_class.id = term_mark.class_id
                    JOIN person ON person.id = term_mark.person_id
               WHERE term_mark.campaign_id = $1 AND term_mark.school_id = $2 ORDER BY term_mark.id";
    let rows: Vec<MarkRow> = database.read().rows(sql, [number(campaign.id.0), number(school.id.0)]).await?;
    // A mark in a subject that is not tested in the grade has no number to stand beside.
    let tested = |row: &MarkRow| {
        campaign.tests.iter().any(|test| test.subject == row.subject && i64::from(test.grade) == row.grade)
    };
    let fact = |row: MarkRow| {
        let mut members = BTreeMap::from([
            ("grade".to_owned(), row.grade.to_string()),
            ("subject".to_owned(), row.subject),
            ("language".to_owned(), row.language),
        ]);
        members.extend(row.sex.map(|sex| ("sex".to_owned(), sex)));
        NewFact {
            kind: "term_marks".to_owned(),
            place: school.code.clone(),
            period: campaign.code.clone(),
            members,
            observation: (row.percent * 100.0).round() as i64,
            origin: Origin {
                kind: TERM_MARK.to_owned(),
                id: row.id,
                remark: String::new(),
                school: Some(SchoolId(school.id.0)),
                class: Some(ClassId(row.class_id)),
                person: Some(PersonId(row.person_id)),
            },
            times: 1,
        }
    };
    Ok(rows.into_iter().filter(tested).map(fact).collect())
}

#[derive(FromQueryResult)]
struct RecordedRow {
    kind: String,
    place: String,
    members: String,
    observation: i64,
    times: i64,
    origin: String,
    origin_id: i64,
    class_id: Option<i64>,
    person_id: Option<i64>,
}

/// What the records of a school say together: what was taken back is gone.
async fn recorded(
    write: &Write,
    recorder: &Recorder,
    campaign: &Campaign,
    school: SchoolId,
) -> Result<Vec<NewFact>, StatisticsError> {
    let sql =
        "SELECT kind, place, members, observation, CAST(SUM(times) AS bigint) AS times, origin, origin_id, class_id,
                      person_id
               FROM fact WHERE dataset_id = $1 AND period = $2 AND school_id = $3
               GROUP BY kind, place, members, observation, origin, origin_id, class_id, person_id
               HAVING SUM(times) <> 0";
    let values = [number(recorder.dataset.id.0), text(&campaign.code), number(school.0)];
    let rows: Vec<RecordedRow> = write.rows(sql, values).await?;
    let read = |row: RecordedRow| {
        Ok(NewFact {
            kind: row.kind,
            place: row.place,
            period: campaign.code.clone(),
            members: json("members of a fact", &row.members)?,
            observation: row.observation,
            origin: Origin {
                kind: row.origin,
                id: row.origin_id,
                remark: String::new(),
                school: Some(school),
                class: row.class_id.map(ClassId),
                person: row.person_id.map(PersonId),
            },
            times: i32::try_from(row.times).unwrap_or(i32::MAX),
        })
    };
    rows.into_iter().map(read).collect()
}
