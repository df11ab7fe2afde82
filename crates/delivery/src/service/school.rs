//! What a school does around its sittings: the live list, login cards, absences, reopening.

use ::store::{By, Database, FromQueryResult, Reading, StoreError, Where, Write, number, sea_orm, text};
use kernel::{
    Action, Actor, AttemptId, CampaignId, ClassId, Date, Language, Localized, PersonId, Place, SchoolId, SittingId,
    TestId, Timestamp,
};

use super::DeliveryError;
use super::campaign::{date, localized};
use super::participation::{COUNT_COLUMNS, CountRow, Counts};
use crate::model::{AbsenceReason, Command, Hash, Policy};
use crate::store::{Order, States, carry_out};

pub(super) fn class_label(grade: i64, letter: &str) -> String {
    if letter.is_empty() { grade.to_string() } else { format!("{grade} «{letter}»") }
}

/// Where a pupil is, without the particulars of [`LiveState`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveKind {
    /// Has not pressed Start.
    NotStarted,
    /// Sits.
    Working,
    /// Ended.
    Finished,
    /// Recorded as absent.
    Absent,
}

impl LiveKind {
    /// All of them, as a list of choices shows them.
    pub const ALL: [Self; 4] = [Self::NotStarted, Self::Working, Self::Finished, Self::Absent];

    /// The word in addresses and keys of texts.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotStarted => "not-started",
            Self::Working => "working",
            Self::Finished => "finished",
            Self::Absent => "absent",
        }
    }

    /// The state with this word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// How many of the counted attempts are there.
    #[must_use]
    pub const fn of(self, counts: &Counts) -> i64 {
        match self {
            Self::NotStarted => counts.not_started,
            Self::Working => counts.working,
            Self::Finished => counts.finished,
            Self::Absent => counts.absent,
        }
    }

    /// The condition on the table of attempts.
    const fn condition(self) -> &'static str {
        match self {
            Self::NotStarted => "attempt.state = 'not-started' AND attempt.absence IS NULL",
            Self::Working => "attempt.state = 'working'",
            Self::Finished => "attempt.state = 'finished'",
            Self::Absent => "attempt.state = 'not-started' AND attempt.absence IS NOT NULL",
        }
    }
}

/// Which attempts the live list shows.
#[derive(Debug, Clone, Default)]
pub struct LiveFilter {
    /// Only of this campaign.
    pub campaign: Option<CampaignId>,
    /// Only of this school.
    pub school: Option<SchoolId>,
    /// Only of this class.
    pub class: Option<ClassId>,
    /// Only of this test.
    pub test: Option<TestId>,
    /// Only where the pupil is there; the counts are of all.
    pub state: Option<LiveKind>,
    /// Only pupils with these words in their names.
    pub search: String,
    /// First row, from 0.
    pub offset: u32,
    /// How many rows; 0: a thousand.
    pub limit: u32,
}

/// Where a pupil is, as the coordinator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiveState {
    /// Has not pressed Start.
    NotStarted,
    /// Recorded as absent.
    Absent {
        /// Code of the reason.
        reason: String,
    },
    /// Sits.
    Working {
        /// Milliseconds left.
        remaining: i64,
    },
    /// Ended.
    Finished {
        /// When, milliseconds since 1970.
        at: i64,
        /// What the pupil may have written down.
        receipt: String,
    },
}

/// A pupil in the live list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveRow {
    /// The attempt.
    pub attempt: AttemptId,
    /// The test.
    pub test: TestId,
    /// School.
    pub school: SchoolId,
    /// Class.
    pub class: ClassId,
    /// As people write it.
    pub class_label: String,
    /// The pupil.
    pub person: PersonId,
    /// Family name and given name.
    pub person_name: String,
    /// Where the pupil is.
    pub state: LiveState,
    /// Items left behind.
    pub position: i64,
    /// Items in all.
    pub item_count: i64,
    /// Items answered; every one of them is on disk.
    pub answered: i64,
    /// Items skipped.
    pub skipped: i64,
    /// Answers that came too late and do not count.
    pub late: i64,
    /// How often reopened.
    pub reopened: i64,
    /// When Start was pressed, milliseconds since 1970.
    pub started_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct LiveRowRow {
    id: i64,
    test_id: i64,
    school_id: i64,
    class_id: i64,
    grade: i64,
    letter: String,
    person_id: i64,
    family_name: String,
    given_name: String,
    state: String,
    absence: Option<String>,
    started_at: Option<i64>,
    deadline: Option<i64>,
    finished_at: Option<i64>,
    position: i64,
    answered: i64,
    skipped: i64,
    late: i64,
    reopened: i64,
    item_count: i64,
    head: Option<Vec<u8>>,
}

impl LiveRowRow {
    fn into_row(self, now: Timestamp) -> LiveRow {
        let receipt = || self.head.as_deref().and_then(Hash::from_bytes).unwrap_or_default().receipt();
        let state = match (self.state.as_str(), &self.absence) {
            ("working", _) => {
                let remaining = self.deadline.unwrap_or_default() - now.as_millisecond();
                LiveState::Working { remaining: remaining.max(0) }
            }
            ("finished", _) => LiveState::Finished { at: self.finished_at.unwrap_or_default(), receipt: receipt() },
            (_, Some(reason)) => LiveState::Absent { reason: reason.clone() },
            _ => LiveState::NotStarted,
        };
        let name = roster::PersonName { family: self.family_name, given: self.given_name, ..Default::default() };
        LiveRow {
            attempt: AttemptId(self.id),
            test: TestId(self.test_id),
            school: SchoolId(self.school_id),
            class: ClassId(self.class_id),
            class_label: class_label(self.grade, &self.letter),
            person: PersonId(self.person_id),
            person_name: name.short(),
            state,
            position: self.position,
            item_count: self.item_count,
            answered: self.answered,
            skipped: self.skipped,
            late: self.late,
            reopened: self.reopened,
            started_at: self.started_at,
        }
    }
}

/// The pupils of sittings and where they are, by class and name, with the counts of all that match but for the state. Only
/// those whom the actor may see sitting.
///
/// # Errors
/// What the database says.
pub async fn live_list(
    database: &Database,
    actor: &Actor,
    filter: &LiveFilter,
    now: Timestamp,
) -> Result<(Vec<LiveRow>, Counts), DeliveryError> {
    let mut condition = Where::new();
    for (column, id) in [
        ("attempt.campaign_id = ?", filter.campaign.map(|id| id.0)),
        ("attempt.school_id = ?", filter.school.map(|id| id.0)),
        ("attempt.class_id = ?", filter.class.map(|id| id.0)),
        ("attempt.test_id = ?", filter.test.map(|id| id.0)),
    ] {
        if let Some(id) = id {
            condition.and(column, [number(id)]);
        }
    }
    let scope = access::scope(actor, Action::SeeSittings);
    access::restrict(&mut condition, &scope, Some("attempt.school_id"), Some("attempt.class_id"), None);
    for word in roster::names::folded(&filter.search).split_whitespace() {
        let escaped = word.replace(['\\', '%', '_'], "");
        condition.and("person.search_name LIKE ?", [text(format!("%{escaped}%"))]);
    }
    let people = "FROM attempt JOIN person ON person.id = attempt.person_id";
    let sql = format!("SELECT {COUNT_COLUMNS} {people}{}", condition.sql());
    let counts: Option<CountRow> = database.read().row(&sql, condition.values()).await?;
    if let Some(kind) = filter.state {
        condition.and(kind.condition(), []);
    }
    let limit = if filter.limit == 0 { 1_000 } else { filter.limit };
    let sql = format!(
        "SELECT attempt.*, school_class.grade, school_class.letter, person.family_name, person.given_name,
                test.item_count
         {people} JOIN school_class ON school_class.id = attempt.class_id JOIN test ON test.id = attempt.test_id{}
         ORDER BY school_class.grade, school_class.letter, attempt.class_id, person.sort_name, attempt.id
         LIMIT {limit} OFFSET {}",
        condition.sql(),
        filter.offset
    );
    let rows: Vec<LiveRowRow> = database.read().rows(&sql, condition.values()).await?;
    let rows = rows.into_iter().map(|row| row.into_row(now)).collect();
    Ok((rows, counts.map(Counts::from).unwrap_or_default()))
}

/// A sitting with its counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SittingSummary {
    /// The sitting.
    pub sitting: SittingId,
    /// The test.
    pub test: TestId,
    /// Name of the test.
    pub test_name: Localized,
    /// The day it is meant for.
    pub held_on: Date,
    /// School.
    pub school: SchoolId,
    /// Class.
    pub class: ClassId,
    /// As people write it.
    pub class_label: String,
    /// Language of instruction.
    pub language: Language,
    /// Milliseconds since 1970.
    pub opens_at: i64,
    /// Milliseconds since 1970.
    pub closes_at: i64,
    /// How its pupils are doing.
    pub counts: Counts,
}

#[derive(FromQueryResult)]
struct SittingRow {
    id: i64,
    test_id: i64,
    test_name: String,
    held_on: String,
    school_id: i64,
    class_id: i64,
    grade: i64,
    letter: String,
    language: String,
    opens_at: i64,
    closes_at: i64,
    pupils: i64,
    not_started: i64,
    working: i64,
    finished: i64,
    absent: i64,
}

/// The sittings of a campaign that the actor may see, by day, grade and class.
///
/// # Errors
/// What the database says.
pub async fn sittings(
    database: &Database,
    actor: &Actor,
    campaign: CampaignId,
    school: Option<SchoolId>,
) -> Result<Vec<SittingSummary>, DeliveryError> {
    let mut condition = Where::new();
    condition.and("sitting.campaign_id = ?", [number(campaign.0)]);
    if let Some(school) = school {
        condition.and("sitting.school_id = ?", [number(school.0)]);
    }
    let scope = access::scope(actor, Action::SeeSittings);
    access::restrict(&mut condition, &scope, Some("sitting.school_id"), Some("sitting.class_id"), None);
    let columns = "sitting.id, sitting.test_id, test.name, test.held_on, sitting.school_id, sitting.class_id,
                   school_class.grade, school_class.letter, school_class.language, sitting.opens_at, sitting.closes_at";
    let sql = format!(
        "SELECT {}, {COUNT_COLUMNS}
         FROM sitting JOIN test ON test.id = sitting.test_id JOIN school_class ON school_class.id = sitting.class_id
         JOIN attempt ON attempt.sitting_id = sitting.id{} GROUP BY {columns}
         ORDER BY test.held_on, school_class.grade, school_class.letter, sitting.id",
        columns.replace("test.name", "test.name AS test_name"),
        condition.sql()
    );
    let rows: Vec<SittingRow> = database.read().rows(&sql, condition.values()).await?;
    let summary = |row: SittingRow| SittingSummary {
        sitting: SittingId(row.id),
        test: TestId(row.test_id),
        test_name: localized(&row.test_name),
        held_on: date(&row.held_on),
        school: SchoolId(row.school_id),
        class: ClassId(row.class_id),
        class_label: class_label(row.grade, &row.letter),
        language: row.language.parse().unwrap_or(Language::Kk),
        opens_at: row.opens_at,
        closes_at: row.closes_at,
        counts: Counts {
            pupils: row.pupils,
            not_started: row.not_started,
            working: row.working,
            finished: row.finished,
            absent: row.absent,
        },
    };
    Ok(rows.into_iter().map(summary).collect())
}

#[derive(FromQueryResult)]
struct PlaceRow {
    school_id: i64,
    class_id: i64,
    closes_at: i64,
    absence_reasons: String,
}

async fn place_of(database: &Database, actor: &Actor, attempt: AttemptId) -> Result<PlaceRow, DeliveryError> {
    let row: Option<PlaceRow> = database
        .read()
        .row(
            "SELECT attempt.school_id, attempt.class_id, sitting.closes_at, campaign.absence_reasons FROM attempt
             JOIN sitting ON sitting.id = attempt.sitting_id JOIN campaign ON campaign.id = attempt.campaign_id
             WHERE attempt.id = $1",
            [number(attempt.0)],
        )
        .await?;
    let row = row.ok_or(DeliveryError::NoAttempt(attempt))?;
    let place = Place { school: Some(SchoolId(row.school_id)), class: Some(ClassId(row.class_id)), person: None };
    access::authorise(actor, Action::ManageSittings, &place)?;
    Ok(row)
}

/// How often a command begins again when an answer of the same moment was written first.
const TRIES: usize = 5;

async fn command(
    database: &Database,
    actor: &Actor,
    now: Timestamp,
    policy: &Policy,
    act: &'static str,
    (attempt, school, command): (AttemptId, i64, Command),
) -> Result<(), DeliveryError> {
    for _ in 0..TRIES {
        let write = database.write(&By::actor(actor, now), act).await?;
        match command_in(&write, now, policy, attempt, &command).await {
            Err(DeliveryError::Store(StoreError::Conflict(_))) => continue,
            outcome => outcome?,
        }
        let detail = match &command {
            Command::Reopen { reason, added, .. } => serde_json::json!({ "reason": reason, "added": added }),
            Command::Absent { reason, .. } => serde_json::json!({ "reason": reason }),
            _ => serde_json::Value::Null,
        };
        write.record("attempt", attempt.0, Some(SchoolId(school)), detail);
        match write.commit().await {
            Err(StoreError::Conflict(_)) => {}
            outcome => return Ok(outcome?),
        }
    }
    Err(DeliveryError::Busy)
}

async fn command_in(
    write: &Write,
    at: Timestamp,
    policy: &Policy,
    attempt: AttemptId,
    command: &Command,
) -> Result<(), DeliveryError> {
    let order = Order { attempt, command: command.clone(), at };
    for outcome in carry_out(write, &mut States::default(), &[order], policy).await? {
        outcome?.recorded.reply?;
    }
    Ok(())
}

/// Records that a pupil did not come, with a coded reason of the campaign.
///
/// # Errors
/// [`DeliveryError::Denied`]; [`DeliveryError::UnknownReason`]; [`DeliveryError::Refused`] when the pupil has started.
pub async fn record_absence(
    database: &Database,
    actor: &Actor,
    now: Timestamp,
    policy: &Policy,
    attempt: AttemptId,
    reason: &str,
) -> Result<(), DeliveryError> {
    let place = place_of(database, actor, attempt).await?;
    let reasons: Vec<AbsenceReason> = serde_json::from_str(&place.absence_reasons).unwrap_or_default();
    if !reasons.iter().any(|known| known.code == reason) {
        let known = reasons.into_iter().map(|known| known.code).collect();
        return Err(DeliveryError::UnknownReason { code: reason.to_owned(), known });
    }
    let order = Command::Absent { reason: reason.to_owned(), person: actor.person };
    command(database, actor, now, policy, "record absence", (attempt, place.school_id, order)).await
}

/// Takes an absence back.
///
/// # Errors
/// [`DeliveryError::Denied`]; [`DeliveryError::Refused`] when none is recorded.
pub async fn withdraw_absence(
    database: &Database,
    actor: &Actor,
    now: Timestamp,
    policy: &Policy,
    attempt: AttemptId,
) -> Result<(), DeliveryError> {
    let place = place_of(database, actor, attempt).await?;
    let order = Command::Present { person: actor.person };
    command(database, actor, now, policy, "withdraw absence", (attempt, place.school_id, order)).await
}

/// Lets a pupil go on: what was left when the attempt ended plus the minutes given, within the window. The reason stands in
/// the attempt's log and in the audit log.
///
/// # Errors
/// [`DeliveryError::Denied`]; [`DeliveryError::Refused`] without a reason, without time, or when nothing is left to do.
pub async fn reopen(
    database: &Database,
    actor: &Actor,
    now: Timestamp,
    policy: &Policy,
    attempt: AttemptId,
    (reason, minutes): (&str, u16),
) -> Result<(), DeliveryError> {
    let place = place_of(database, actor, attempt).await?;
    let order = Command::Reopen {
        reason: reason.to_owned(),
        added: i64::from(minutes) * 60_000,
        closes_at: place.closes_at,
        person: actor.person,
    };
    command(database, actor, now, policy, "reopen attempt", (attempt, place.school_id, order)).await
}

/// The word that an absence code stands for, in a campaign's list.
#[must_use]
pub fn absence_name<'a>(reasons: &'a [AbsenceReason], code: &'a str, language: Language) -> &'a str {
    reasons.iter().find(|reason| reason.code == code).map_or(code, |reason| reason.name.in_language(language))
}
