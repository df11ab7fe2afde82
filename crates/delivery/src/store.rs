//! The answer log in the database: reading it, and the one way of adding to it.

use std::collections::{BTreeMap, BTreeSet};

use ::store::sea_orm;
use ::store::{
    Database, FromQueryResult, Reading, StoreError, Value, Write, bytes, number, optional_number, optional_text, text,
};
use kernel::{AttemptId, Timestamp};

use crate::model::{AttemptState, Command, Entry, Hash, LogError, Policy, Recorded, Status, fold, record};

/// What can go wrong when the log is read or added to.
#[derive(Debug, thiserror::Error)]
pub enum LogStoreError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log in the database is not what was once written.
    #[error("the log of attempt {attempt} is broken: {error}")]
    Broken {
        /// Which attempt.
        attempt: AttemptId,
        /// What is wrong.
        error: LogError,
    },
    /// The attempt is not there.
    #[error("there is no attempt {0}")]
    NoAttempt(AttemptId),
}

#[derive(FromQueryResult)]
struct EntryRow {
    attempt_id: i64,
    sequence: i64,
    kind: String,
    item_id: Option<i64>,
    payload: String,
    key: Option<String>,
    at: i64,
    hash: Vec<u8>,
}

impl From<EntryRow> for Entry {
    fn from(row: EntryRow) -> Self {
        let EntryRow { sequence, kind, item_id: item, payload, key, at, hash, .. } = row;
        // A hash of another length is one that fits nothing.
        Self { sequence, kind, item, payload, key, at, hash: Hash::from_bytes(&hash).unwrap_or_default() }
    }
}

const ENTRY_COLUMNS: &str = "SELECT attempt_id, sequence, kind, item_id, payload, key, at, hash FROM answer_log";

fn list(ids: impl IntoIterator<Item = AttemptId>) -> String {
    ids.into_iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(", ")
}

/// The log of an attempt, in order, unchecked.
///
/// # Errors
/// What the database says.
pub async fn log(database: &Database, attempt: AttemptId) -> Result<Vec<Entry>, StoreError> {
    let sql = format!("{ENTRY_COLUMNS} WHERE attempt_id = $1 ORDER BY sequence");
    let rows: Vec<EntryRow> = database.read().rows(&sql, [number(attempt.0)]).await?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// The logs of many attempts, each in order, unchecked: for scoring and exports.
///
/// # Errors
/// What the database says.
pub async fn logs(
    reading: &impl Reading,
    attempts: &[AttemptId],
) -> Result<BTreeMap<AttemptId, Vec<Entry>>, StoreError> {
    let mut logs: BTreeMap<AttemptId, Vec<Entry>> = attempts.iter().map(|id| (*id, Vec::new())).collect();
    for some in attempts.chunks(500) {
        let ids = list(some.iter().copied());
        let sql = format!("{ENTRY_COLUMNS} WHERE attempt_id IN ({ids}) ORDER BY attempt_id, sequence");
        for row in reading.rows::<EntryRow>(&sql, []).await? {
            logs.entry(AttemptId(row.attempt_id)).or_default().push(row.into());
        }
    }
    Ok(logs)
}

/// Something to be done to an attempt, with the time at which it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub attempt: AttemptId,
    pub command: Command,
    pub at: Timestamp,
}

/// States that were folded before. They are used only when the attempt's row still names the same last entry, so it does
/// no harm when somebody else added to a log in between.
#[derive(Debug, Default)]
pub(crate) struct States(BTreeMap<AttemptId, AttemptState>);

/// As many attempts as work at once in a large network; an attempt holds a few kilobytes.
const STATES_AT_MOST: usize = 8_000;

impl States {
    pub fn forget(&mut self, attempts: impl IntoIterator<Item = AttemptId>) {
        for attempt in attempts {
            self.0.remove(&attempt);
        }
    }

    fn make_room(&mut self) {
        self.0.retain(|_, state| state.status == Status::Working);
        while self.0.len() > STATES_AT_MOST {
            self.0.pop_first();
        }
    }
}

#[derive(FromQueryResult)]
struct HeadRow {
    id: i64,
    school_id: i64,
    entries: i64,
}

/// What became of an order: what it did, and the state after it.
#[derive(Debug)]
pub(crate) struct Done {
    pub recorded: Recorded,
    pub state: AttemptState,
}

/// Carries out orders in one write, in their order: reads what is not known, applies the rules, adds the entries and
/// brings the attempts' rows up to date. The outcome counts once the write is committed.
///
/// No rows are locked. Two writers that add to one log at the same time both write the same sequence, and the key of the
/// table lets only one of them through: the other gets [`StoreError::Conflict`] and must begin again with new states.
pub(crate) async fn carry_out(
    write: &Write,
    states: &mut States,
    orders: &[Order],
    policy: &Policy,
) -> Result<Vec<Result<Done, LogStoreError>>, StoreError> {
    let attempts: BTreeSet<AttemptId> = orders.iter().map(|order| order.attempt).collect();
    let sql = format!("SELECT id, school_id, entries FROM attempt WHERE id IN ({})", list(attempts.iter().copied()));
    let heads: Vec<HeadRow> = write.rows(&sql, []).await?;
    let heads: BTreeMap<AttemptId, HeadRow> = heads.into_iter().map(|row| (AttemptId(row.id), row)).collect();
    let unknown = |attempt: &AttemptId| {
        let known = states.0.get(attempt).map_or(0, |state| state.entries);
        heads.get(attempt).is_some_and(|head| head.entries != known)
    };
    let to_read: Vec<AttemptId> = attempts.iter().copied().filter(unknown).collect();
    let mut broken = BTreeMap::new();
    if !to_read.is_empty() {
        for (attempt, entries) in logs(&**write, &to_read).await? {
            match fold(attempt, &entries) {
                Ok(state) => {
                    states.0.insert(attempt, state);
                }
                Err(error) => {
                    states.0.remove(&attempt);
                    broken.insert(attempt, error);
                }
            }
        }
    }
    let mut entries: BTreeMap<AttemptId, Vec<Entry>> = BTreeMap::new();
    let mut outcomes = Vec::with_capacity(orders.len());
    for Order { attempt, command, at } in orders {
        if !heads.contains_key(attempt) {
            outcomes.push(Err(LogStoreError::NoAttempt(*attempt)));
        } else if let Some(error) = broken.get(attempt) {
            outcomes.push(Err(LogStoreError::Broken { attempt: *attempt, error: error.clone() }));
        } else {
            let state = states.0.entry(*attempt).or_default();
            let recorded = record(state, *attempt, command, *at, policy);
            if !recorded.entries.is_empty() {
                entries.entry(*attempt).or_default().extend(recorded.entries.iter().cloned());
            }
            outcomes.push(Ok(Done { recorded, state: state.clone() }));
        }
    }
    add(write, &heads, &entries).await?;
    let changed: Vec<(AttemptId, &AttemptState)> =
        entries.keys().filter_map(|attempt| Some((*attempt, states.0.get(attempt)?))).collect();
    project(write, &changed).await?;
    states.make_room();
    Ok(outcomes)
}

async fn add(
    write: &Write,
    heads: &BTreeMap<AttemptId, HeadRow>,
    entries: &BTreeMap<AttemptId, Vec<Entry>>,
) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    for (attempt, entries) in entries {
        let school = heads.get(attempt).map_or(0, |head| head.school_id);
        rows.extend(entries.iter().map(|entry| entry_row(*attempt, school, entry)));
    }
    write.insert("answer_log", &ENTRY_NAMES, rows).await?;
    Ok(())
}

pub(crate) const ENTRY_NAMES: [&str; 9] =
    ["attempt_id", "sequence", "school_id", "kind", "item_id", "payload", "key", "at", "hash"];

pub(crate) fn entry_row(attempt: AttemptId, school: i64, entry: &Entry) -> Vec<Value> {
    vec![
        number(attempt.0),
        number(entry.sequence),
        number(school),
        text(&entry.kind),
        optional_number(entry.item),
        text(&entry.payload),
        optional_text(entry.key.clone()),
        number(entry.at),
        bytes(entry.hash.0.to_vec()),
    ]
}

/// Columns of `attempt` that show the state, in the order of [`projection`].
pub(crate) const PROJECTION_NAMES: [&str; 12] = [
    "state",
    "absence",
    "started_at",
    "deadline",
    "finished_at",
    "position",
    "answered",
    "skipped",
    "late",
    "reopened",
    "entries",
    "head",
];

/// The columns of `attempt` that follow from a state.
pub(crate) fn projection(state: &AttemptState) -> Vec<Value> {
    let count = |value: usize| number(i64::try_from(value).unwrap_or(i64::MAX));
    let (word, absence, finished_at) = match &state.status {
        Status::NotStarted => ("not-started", None, None),
        Status::Absent { reason } => ("not-started", Some(reason.clone()), None),
        Status::Working => ("working", None, None),
        Status::Finished { at, .. } => ("finished", None, Some(*at)),
    };
    vec![
        text(word),
        optional_text(absence),
        optional_number(state.started_at),
        optional_number(state.started_at.map(|_| state.deadline)),
        optional_number(finished_at),
        count(state.position()),
        count(state.answered()),
        count(state.skipped()),
        count(state.late.len()),
        number(i64::from(state.reopened)),
        number(state.entries),
        bytes(state.head.0.to_vec()),
    ]
}

/// Brings the attempts' rows up to their states, many in one statement.
async fn project(write: &Write, states: &[(AttemptId, &AttemptState)]) -> Result<(), StoreError> {
    use std::fmt::Write as _;
    for some in states.chunks(250) {
        let (mut tuples, mut values) = (String::new(), Vec::new());
        for (attempt, state) in some {
            // Writing into a String cannot fail.
            let _ = write!(tuples, "{}({}", if tuples.is_empty() { "" } else { ", " }, attempt.0);
            for value in projection(state) {
                values.push(value);
                let _ = write!(tuples, ", ${}", values.len());
            }
            tuples.push(')');
        }
        let set: Vec<String> = PROJECTION_NAMES.iter().map(|name| format!("{name} = now.{name}")).collect();
        let sql = format!(
            "WITH now (id, {}) AS (VALUES {tuples}) UPDATE attempt SET {} FROM now WHERE attempt.id = now.id",
            PROJECTION_NAMES.join(", "),
            set.join(", ")
        );
        write.execute(&sql, values).await?;
    }
    Ok(())
}

/// Why an attempt's log or row is not as it should be.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The chain is broken.
    #[error("the log of attempt {attempt} is broken: {error}")]
    Log {
        /// Which attempt.
        attempt: AttemptId,
        /// What is wrong.
        error: LogError,
    },
    /// The row shows another state than the log gives: entries were cut off, or the row was changed.
    #[error("the row of attempt {attempt} does not show what its log says: {column}")]
    Row {
        /// Which attempt.
        attempt: AttemptId,
        /// The first column that differs.
        column: &'static str,
    },
    /// The attempt is not there.
    #[error("there is no attempt {0}")]
    NoAttempt(AttemptId),
}

#[derive(FromQueryResult)]
struct ProjectionRow {
    id: i64,
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
    entries: i64,
    head: Option<Vec<u8>>,
}

impl ProjectionRow {
    fn values(self) -> Vec<Value> {
        vec![
            text(self.state),
            optional_text(self.absence),
            optional_number(self.started_at),
            optional_number(self.deadline),
            optional_number(self.finished_at),
            number(self.position),
            number(self.answered),
            number(self.skipped),
            number(self.late),
            number(self.reopened),
            number(self.entries),
            // A row that nobody has written to has no head; that is the head of an empty log.
            bytes(self.head.unwrap_or_else(|| Hash::default().0.to_vec())),
        ]
    }
}

/// Checks the whole logs of attempts and that their rows show what the logs say. Gives the states.
///
/// # Errors
/// The first thing that is wrong.
pub async fn verify_attempts(
    database: &Database,
    attempts: &[AttemptId],
) -> Result<BTreeMap<AttemptId, AttemptState>, VerifyError> {
    let mut states = BTreeMap::new();
    for some in attempts.chunks(500) {
        let columns = PROJECTION_NAMES.join(", ");
        let sql = format!("SELECT id, {columns} FROM attempt WHERE id IN ({})", list(some.iter().copied()));
        let rows: Vec<ProjectionRow> = database.read().rows(&sql, []).await?;
        let mut rows: BTreeMap<AttemptId, ProjectionRow> =
            rows.into_iter().map(|row| (AttemptId(row.id), row)).collect();
        for (attempt, entries) in logs(database.read(), some).await? {
            let state = fold(attempt, &entries).map_err(|error| VerifyError::Log { attempt, error })?;
            let row = rows.remove(&attempt).ok_or(VerifyError::NoAttempt(attempt))?;
            let pairs = projection(&state).into_iter().zip(row.values()).zip(PROJECTION_NAMES);
            for ((expected, found), column) in pairs {
                if expected != found {
                    return Err(VerifyError::Row { attempt, column });
                }
            }
            states.insert(attempt, state);
        }
    }
    Ok(states)
}
