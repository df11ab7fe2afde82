//! Sittings and login codes: who sits what.

use std::collections::{BTreeMap, BTreeSet};

use ::store::{By, Database, FromQueryResult, Reading, StoreError, Value, Write, number, sea_orm, text};
use kernel::{Action, Actor, CampaignId, Language, Place, Timestamp};
use rand::Rng;

use super::DeliveryError;
use super::campaign::campaign;
use super::window::bounds;
use crate::model::{Campaign, Code, Source, Test};

/// What was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prepared {
    /// New sittings: one per test and class.
    pub sittings: u64,
    /// New attempts, each with its code: one per test and pupil.
    pub attempts: u64,
}

#[derive(FromQueryResult)]
struct ClassRow {
    id: i64,
    school_id: i64,
    grade: i64,
    language: String,
}

#[derive(FromQueryResult)]
struct PupilRow {
    class_id: i64,
    person_id: i64,
}

#[derive(FromQueryResult)]
struct SittingRow {
    id: i64,
    test_id: i64,
    class_id: i64,
}

#[derive(FromQueryResult)]
struct TakenRow {
    sitting_id: i64,
    person_id: i64,
}

#[derive(FromQueryResult)]
struct CodeRow {
    code: String,
}

/// Makes a sitting for every class that a test of the campaign is meant for, and an attempt with a code for every pupil
/// enrolled there. Called again it adds what is missing: classes and pupils that came later.
///
/// # Errors
/// [`DeliveryError::Denied`], [`DeliveryError::NoCampaign`], and what the database says.
pub async fn prepare_sittings(
    database: &Database,
    actor: &Actor,
    now: Timestamp,
    id: CampaignId,
    rng: &mut (impl Rng + Send),
) -> Result<Prepared, DeliveryError> {
    access::authorise(actor, Action::ManageCampaign, &Place::default())?;
    let campaign = campaign(database, id).await?.ok_or(DeliveryError::NoCampaign(id))?;
    let write = database.write(&By::actor(actor, now), "prepare sittings").await?;
    let prepared = prepare_sittings_in(&write, &campaign, rng).await?;
    write.commit().await?;
    Ok(prepared)
}

/// [`prepare_sittings`] as part of a larger write. The caller has authorised. Attempts of an imported campaign get no codes.
///
/// # Errors
/// As [`prepare_sittings`].
pub async fn prepare_sittings_in(
    write: &Write,
    campaign: &Campaign,
    rng: &mut (impl Rng + Send),
) -> Result<Prepared, DeliveryError> {
    let (opens_at, closes_at) = bounds(campaign.opens_on, campaign.closes_on, &campaign.zone)?;
    let there = There::read(write, campaign).await?;
    let (mut sittings, mut attempts) = (Vec::new(), Vec::new());
    for test in &campaign.tests {
        for class in there.classes.iter().filter(|class| is_meant_for(test, class)) {
            // Results are told apart by the language of instruction, also where the form has another one (English).
            let language = class.language.parse().unwrap_or(Language::Kk);
            let Some((_, form)) = test.form_for(language) else {
                return Err(DeliveryError::NoForm { test: test.code.clone() });
            };
            let place = [campaign.id.0, test.id.0, form.0, class.school_id, class.id];
            let sitting = there.sittings.get(&(test.id.0, class.id)).copied().unwrap_or_else(|| {
                let id = write.next_id();
                sittings.push([&[id][..], &place, &[opens_at, closes_at]].concat().into_iter().map(number).collect());
                id
            });
            for person in there.pupils.get(&class.id).into_iter().flatten() {
                if !there.taken.contains(&(sitting, *person)) {
                    attempts.push(NewAttempt { id: write.next_id(), sitting, place, person: *person, language });
                }
            }
        }
    }
    let codes = match campaign.source {
        Source::Zerek => new_codes(write, attempts.len(), rng).await?.into_iter().map(Some).collect(),
        Source::Import => vec![None; attempts.len()],
    };
    let columns = ["id", "campaign_id", "test_id", "form_id", "school_id", "class_id", "opens_at", "closes_at"];
    let sittings = write.insert("sitting", &columns, sittings).await?;
    let rows = attempts.iter().zip(codes).map(|(attempt, code)| attempt.row(code));
    let attempts = write.insert("attempt", &ATTEMPT_NAMES, rows).await?;
    write.record("campaign", campaign.id.0, None, serde_json::json!({ "sittings": sittings, "attempts": attempts }));
    Ok(Prepared { sittings, attempts })
}

fn is_meant_for(test: &Test, class: &ClassRow) -> bool {
    i64::from(test.grade) == class.grade && test.audience.is_none_or(|language| language.code() == class.language)
}

struct NewAttempt {
    id: i64,
    sitting: i64,
    /// Campaign, test, form, school, class.
    place: [i64; 5],
    person: i64,
    language: Language,
}

const ATTEMPT_NAMES: [&str; 17] = [
    "id",
    "sitting_id",
    "campaign_id",
    "test_id",
    "form_id",
    "school_id",
    "class_id",
    "person_id",
    "language",
    "code",
    "state",
    "position",
    "answered",
    "skipped",
    "late",
    "reopened",
    "entries",
];

impl NewAttempt {
    fn row(&self, code: Option<Code>) -> Vec<Value> {
        let mut row = vec![number(self.id), number(self.sitting)];
        row.extend(self.place.map(number));
        row.extend([number(self.person), text(self.language.code())]);
        row.push(::store::optional_text(code.map(|code| code.as_str().to_owned())));
        row.push(text("not-started"));
        row.extend([0; 6].map(number));
        row
    }
}

/// What there is before.
struct There {
    classes: Vec<ClassRow>,
    pupils: BTreeMap<i64, Vec<i64>>,
    sittings: BTreeMap<(i64, i64), i64>,
    taken: BTreeSet<(i64, i64)>,
}

impl There {
    async fn read(write: &Write, campaign: &Campaign) -> Result<Self, StoreError> {
        let year = || [number(i64::from(campaign.school_year))];
        let sql = "SELECT id, school_id, grade, language FROM school_class WHERE school_year = $1
                   ORDER BY school_id, grade, letter";
        let classes = write.rows(sql, year()).await?;
        let mut pupils: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        let sql = "SELECT enrolment.class_id, enrolment.person_id FROM enrolment
                   JOIN person ON person.id = enrolment.person_id
                   JOIN school_class ON school_class.id = enrolment.class_id
                   WHERE enrolment.to_date IS NULL AND school_class.school_year = $1
                   ORDER BY person.sort_name, person.id";
        for row in write.rows::<PupilRow>(sql, year()).await? {
            pupils.entry(row.class_id).or_default().push(row.person_id);
        }
        let sql = "SELECT id, test_id, class_id FROM sitting WHERE campaign_id = $1";
        let sittings = write.rows::<SittingRow>(sql, [number(campaign.id.0)]).await?;
        let sittings = sittings.into_iter().map(|row| ((row.test_id, row.class_id), row.id)).collect();
        let sql = "SELECT sitting_id, person_id FROM attempt WHERE campaign_id = $1";
        let taken = write.rows::<TakenRow>(sql, [number(campaign.id.0)]).await?;
        let taken = taken.into_iter().map(|row| (row.sitting_id, row.person_id)).collect();
        Ok(Self { classes, pupils, sittings, taken })
    }
}

/// Codes that nobody has, neither among themselves nor in the table.
async fn new_codes(write: &Write, count: usize, rng: &mut (impl Rng + Send)) -> Result<Vec<Code>, StoreError> {
    let (mut codes, mut seen) = (Vec::with_capacity(count), BTreeSet::new());
    while codes.len() < count {
        let mut some = Vec::new();
        while some.len() < 500.min(count - codes.len()) {
            let code = Code::random(rng);
            if seen.insert(code.clone()) {
                some.push(code);
            }
        }
        // Codes are made of letters and digits only, so they may stand in the text.
        let list = some.iter().map(|code| format!("'{}'", code.as_str())).collect::<Vec<_>>().join(", ");
        let sql = format!("SELECT code FROM attempt WHERE code IN ({list})");
        let taken: BTreeSet<String> = write.rows::<CodeRow>(&sql, []).await?.into_iter().map(|row| row.code).collect();
        codes.extend(some.into_iter().filter(|code| !taken.contains(code.as_str())));
    }
    Ok(codes)
}
