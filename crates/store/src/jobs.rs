//! Background work in a table: seen on a page, safe to leave, resumed after a restart.
//!
//! A job is put into the table in the transaction of the thing that needs it ([`enqueue`]). A [`Runner`] claims one in a
//! short transaction, runs it outside any transaction, tells progress now and then, and writes the end in another short
//! transaction. A job whose runner died is claimed again when its lease has run out, so handlers must be able to begin
//! again: they skip what is already done.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, JobId, PersonId, SchoolId, Timestamp};
use sea_orm::FromQueryResult;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::sql::optional_number;
use crate::{By, Database, Reading, StoreError, Where, Write, number, optional_text, text};

/// How long a claimed job is left alone without a sign of life.
const LEASE: Duration = Duration::from_mins(1);
/// How often the table is looked at when nothing wakes the runner.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// A job as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Job {
    /// Id.
    pub id: i64,
    /// Which handler.
    pub kind: String,
    /// What it is asked to do, as JSON.
    pub payload: String,
    /// `waiting`, `running`, `done` or `failed`.
    pub state: String,
    /// How often it was begun.
    pub tries: i64,
    /// How often it may be begun.
    pub max_tries: i64,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// Steps done.
    pub done: i64,
    /// Steps in all; 0 while unknown.
    pub total: i64,
    /// What came out, as JSON.
    pub result: Option<String>,
    /// The school it belongs to, if to one.
    pub school_id: Option<i64>,
    /// Who asked for it.
    pub created_by: Option<i64>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub finished_at: Option<i64>,
}

/// What a job is asked to do. The same `unique_key` waits or runs only once.
#[derive(Debug, Clone)]
pub struct NewJob<'a, P> {
    /// Which handler.
    pub kind: &'static str,
    /// What it is asked to do.
    pub payload: &'a P,
    /// Two jobs with one key never wait or run side by side.
    pub unique_key: Option<String>,
    /// The school it belongs to.
    pub school: Option<SchoolId>,
}

/// Puts a job into the table as part of a write. When one with the same key is still waiting or running, that one's id
/// comes back.
///
/// # Errors
/// What the database says.
pub async fn enqueue<P: Serialize>(write: &Write, job: &NewJob<'_, P>) -> Result<JobId, StoreError> {
    if let Some(key) = &job.unique_key {
        let there = write.count("SELECT id FROM job WHERE unique_key = $1", [text(key)]).await?;
        if there > 0 {
            return Ok(JobId(there));
        }
    }
    let payload =
        serde_json::to_string(job.payload).map_err(|source| StoreError::Json { what: "job.payload", source })?;
    let (id, now) = (write.next_id(), write.now().as_millisecond());
    write
        .execute(
            "INSERT INTO job (id, kind, payload, state, run_at, tries, max_tries, unique_key, done, total, school_id,
                              created_by, created_at)
             VALUES ($1, $2, $3, 'waiting', $4, 0, 3, $5, 0, 0, $6, $7, $4)",
            [
                number(id),
                text(job.kind),
                text(payload),
                number(now),
                optional_text(job.unique_key.clone()),
                optional_number(job.school.map(|school| school.0)),
                optional_number(write.by().person.map(|person| person.0)),
            ],
        )
        .await?;
    Ok(JobId(id))
}

/// Tells the runner of this process that the table has something new. Call it after the commit.
pub fn wake(database: &Database) {
    database.job_wake().notify_one();
}

/// Which jobs to list.
#[derive(Debug, Clone, Default)]
pub struct JobFilter {
    /// Only those of this person.
    pub created_by: Option<PersonId>,
    /// Only before this id: the next page.
    pub before: Option<i64>,
}

/// The newest jobs first.
///
/// # Errors
/// What the database says.
pub async fn list(database: &Database, filter: &JobFilter, limit: u32) -> Result<Vec<Job>, StoreError> {
    let mut condition = Where::new();
    if let Some(person) = filter.created_by {
        condition.and("created_by = ?", [number(person.0)]);
    }
    if let Some(before) = filter.before {
        condition.and("id < ?", [number(before)]);
    }
    let sql = format!("SELECT * FROM job{} ORDER BY id DESC LIMIT {limit}", condition.sql());
    database.read().rows(&sql, condition.values()).await
}

/// One job, or none.
///
/// # Errors
/// What the database says.
pub async fn find(database: &Database, id: JobId) -> Result<Option<Job>, StoreError> {
    database.read().row("SELECT * FROM job WHERE id = $1", [number(id.0)]).await
}

/// What a handler may use while it runs.
#[derive(Debug, Clone)]
pub struct JobContext {
    /// The database.
    pub database: Database,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The job.
    pub job: Job,
}

impl JobContext {
    /// In whose name the job writes.
    pub fn by(&self) -> By {
        By { person: self.job.created_by.map(PersonId), ..By::system(self.clock.now()) }
    }

    /// Tells how far the job is; also a sign of life that renews the lease.
    ///
    /// # Errors
    /// What the database says.
    pub async fn progress(&self, done: u64, total: u64) -> Result<(), StoreError> {
        let now = self.clock.now();
        let write = self.database.append(&By::system(now)).await?;
        write
            .execute(
                "UPDATE job SET done = $1, total = $2, locked_until = $3 WHERE id = $4",
                [
                    number(i64::try_from(done).unwrap_or(i64::MAX)),
                    number(i64::try_from(total).unwrap_or(i64::MAX)),
                    number(lease_end(now)),
                    number(self.job.id),
                ],
            )
            .await?;
        write.commit().await
    }
}

/// Why a handler stopped.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// May go better next time (the database was busy, the disk full).
    #[error("{0}")]
    Retry(String),
    /// Will never go: bad input, a thing that is gone.
    #[error("{0}")]
    Fail(String),
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        Self::Retry(error.to_string())
    }
}

type HandlerFuture = Pin<Box<dyn Future<Output = Result<serde_json::Value, JobError>> + Send>>;
type Handler = Arc<dyn Fn(JobContext, String) -> HandlerFuture + Send + Sync>;

/// Runs jobs, one at a time per runner.
#[derive(Clone, Default)]
pub struct Runner {
    handlers: BTreeMap<&'static str, Handler>,
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.handlers.keys()).finish()
    }
}

impl Runner {
    /// A runner without handlers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the handler of a kind of job. What it returns is kept as the job's result.
    #[must_use]
    pub fn with<P, F, Fut>(mut self, kind: &'static str, handler: F) -> Self
    where
        P: DeserializeOwned + Send,
        F: Fn(JobContext, P) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<serde_json::Value, JobError>> + Send + 'static,
    {
        self.handlers.insert(
            kind,
            Arc::new(move |context, payload| match serde_json::from_str::<P>(&payload) {
                Ok(payload) => Box::pin(handler(context, payload)),
                Err(error) => Box::pin(async move { Err(JobError::Fail(format!("payload: {error}"))) }),
            }),
        );
        self
    }

    /// Runs jobs until `stop` ends. A job that is running then is finished first.
    pub async fn run(&self, database: &Database, clock: Arc<dyn Clock>, name: &str, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        loop {
            match self.run_one(database, &clock, name).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::error!(%error, "job table"),
            }
            tokio::select! {
                () = &mut stop => return,
                () = database.job_wake().notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Runs everything that waits, then comes back: for commands and tests.
    ///
    /// # Errors
    /// What the database says.
    pub async fn run_all(&self, database: &Database, clock: &Arc<dyn Clock>) -> Result<u32, StoreError> {
        let mut count = 0;
        while self.run_one(database, clock, "run-all").await? {
            count += 1;
        }
        Ok(count)
    }

    /// After a crash of the only process on this database: gives its jobs free at once instead of after the lease.
    ///
    /// # Errors
    /// What the database says.
    pub async fn release(database: &Database, name: &str, now: Timestamp) -> Result<u64, StoreError> {
        let write = database.append(&By::system(now)).await?;
        let released = write
            .execute(
                "UPDATE job SET state = 'waiting', locked_by = NULL WHERE state = 'running' AND locked_by = $1",
                [text(name)],
            )
            .await?;
        write.commit().await?;
        Ok(released)
    }

    async fn run_one(&self, database: &Database, clock: &Arc<dyn Clock>, name: &str) -> Result<bool, StoreError> {
        let Some(job) = claim(database, clock.now(), name).await? else { return Ok(false) };
        let context = JobContext { database: database.clone(), clock: Arc::clone(clock), job: job.clone() };
        let outcome = match self.handlers.get(job.kind.as_str()) {
            Some(handler) => handler(context, job.payload.clone()).await,
            None => Err(JobError::Fail(format!("no handler for jobs of kind {}", job.kind))),
        };
        if let Err(error) = &outcome {
            tracing::warn!(job = job.id, kind = job.kind, %error, "job stopped");
        }
        end(database, &job, &outcome, clock.now()).await?;
        Ok(true)
    }
}

fn lease_end(now: Timestamp) -> i64 {
    now.as_millisecond() + i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX)
}

async fn claim(database: &Database, now: Timestamp, name: &str) -> Result<Option<Job>, StoreError> {
    // A look on the reading side first, so that an idle runner never takes the one writing connection.
    let ready = "(state = 'waiting' AND run_at <= $1) OR (state = 'running' AND locked_until < $1)";
    let now_ms = now.as_millisecond();
    if database.read().count(&format!("SELECT COUNT(*) FROM job WHERE {ready}"), [number(now_ms)]).await? == 0 {
        return Ok(None);
    }
    let skip_locked = match database.kind() {
        crate::Kind::Postgres => " FOR UPDATE SKIP LOCKED",
        crate::Kind::Sqlite => "",
    };
    let write = database.append(&By::system(now)).await?;
    let sql = format!(
        "UPDATE job SET state = 'running', locked_by = $2, locked_until = $3, tries = tries + 1
         WHERE id = (SELECT id FROM job WHERE {ready} ORDER BY run_at, id LIMIT 1{skip_locked}) RETURNING *"
    );
    let job = write.row(&sql, [number(now_ms), text(name), number(lease_end(now))]).await?;
    write.commit().await?;
    Ok(job)
}

async fn end(
    database: &Database,
    job: &Job,
    outcome: &Result<serde_json::Value, JobError>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let again = matches!(outcome, Err(JobError::Retry(_))) && job.tries < job.max_tries;
    let (state, result, error) = match outcome {
        Ok(result) => ("done", Some(result.to_string()), None),
        Err(error) if again => ("waiting", None, Some(error.to_string())),
        Err(error) => ("failed", None, Some(error.to_string())),
    };
    let now_ms = now.as_millisecond();
    let run_at = now_ms + if again { 1_000 << job.tries.min(10) } else { 0 };
    let write = database.append(&By::system(now)).await?;
    write
        .execute(
            "UPDATE job SET state = $1, result = $2, last_error = $3, run_at = $4, locked_by = NULL, locked_until = NULL,
                            finished_at = $5, unique_key = CASE WHEN $1 = 'waiting' THEN unique_key ELSE NULL END
             WHERE id = $6",
            [
                text(state),
                optional_text(result),
                optional_text(error),
                number(run_at),
                optional_number((!again).then_some(now_ms)),
                number(job.id),
            ],
        )
        .await?;
    write.commit().await
}
