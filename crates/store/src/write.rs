//! One write: a transaction, who does it, and what the audit log will say.

use std::fmt;
use std::ops::Deref;
use std::sync::{Mutex, PoisonError};

use kernel::{Actor, AttemptId, PersonId, SchoolId, Timestamp};
use sea_orm::DatabaseTransaction;
use serde_json::Value as Json;

use crate::audit::AuditEntry;
use crate::sql::insert_rows;
use crate::{Database, StoreError, Value};

/// In whose name something is written, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// The person who is signed in; none when the program itself acts or a pupil by code.
    pub person: Option<PersonId>,
    /// The attempt whose code is signed in.
    pub attempt: Option<AttemptId>,
    /// Network address of the request, when there was one.
    pub address: Option<String>,
    /// The time.
    pub now: Timestamp,
}

impl By {
    /// In the name of an actor.
    pub fn actor(actor: &Actor, now: Timestamp) -> Self {
        Self { person: actor.person, attempt: actor.attempt, address: None, now }
    }

    /// In the name of the program itself.
    pub fn system(now: Timestamp) -> Self {
        Self { person: None, attempt: None, address: None, now }
    }

    /// The same with the address that the request came from.
    #[must_use]
    pub fn from_address(mut self, address: Option<String>) -> Self {
        self.address = address;
        self
    }
}

#[derive(Debug)]
struct Record {
    subject: &'static str,
    subject_id: i64,
    school: Option<SchoolId>,
    detail: Json,
}

/// One write: use it as a connection, [`record`](Self::record) what it is about, then [`commit`](Self::commit).
pub struct Write {
    database: Database,
    transaction: DatabaseTransaction,
    by: By,
    act: Option<&'static str>,
    records: Mutex<Vec<Record>>,
}

impl fmt::Debug for Write {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Write").field("by", &self.by).field("act", &self.act).finish_non_exhaustive()
    }
}

impl Deref for Write {
    type Target = DatabaseTransaction;
    fn deref(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}

impl Write {
    pub(crate) fn new(database: Database, transaction: DatabaseTransaction, by: By, act: &'static str) -> Self {
        Self { database, transaction, by, act: Some(act), records: Mutex::default() }
    }

    pub(crate) fn unaudited(database: Database, transaction: DatabaseTransaction, by: By) -> Self {
        Self { database, transaction, by, act: None, records: Mutex::default() }
    }

    /// The time of the write.
    pub fn now(&self) -> Timestamp {
        self.by.now
    }

    /// In whose name.
    pub fn by(&self) -> &By {
        &self.by
    }

    /// A new id.
    pub fn next_id(&self) -> i64 {
        self.database.next_id(self.by.now)
    }

    /// Says in the audit log what was written: a kind of thing, its id, its school, and details without secrets.
    pub fn record(&self, subject: &'static str, subject_id: i64, school: Option<SchoolId>, detail: Json) {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        records.push(Record { subject, subject_id, school, detail });
    }

    /// Runs one statement and says how many rows it touched.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a uniqueness rule is broken, else what the database says.
    pub async fn execute(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<u64, StoreError> {
        crate::sql::execute(&self.transaction, sql, values).await
    }

    /// Inserts many rows in as few statements as the databases allow.
    ///
    /// # Errors
    /// As [`execute`](Self::execute). Rows of another length than `columns` are a mistake of the caller and refused.
    pub async fn insert(
        &self,
        table: &str,
        columns: &[&str],
        rows: impl IntoIterator<Item = Vec<Value>>,
    ) -> Result<u64, StoreError> {
        insert_rows(&self.transaction, table, columns, rows).await
    }

    /// Keeps everything, with its audit entries.
    ///
    /// # Errors
    /// What the database says; nothing is kept then.
    pub async fn commit(self) -> Result<(), StoreError> {
        if let Some(act) = self.act {
            let mut records = std::mem::take(&mut *self.records.lock().unwrap_or_else(PoisonError::into_inner));
            if records.is_empty() {
                records.push(Record { subject: "", subject_id: 0, school: None, detail: Json::Null });
            }
            let lines = records.iter().map(|record| self.line(act, record)).collect();
            crate::audit_chain::add(&self.transaction, self.database.kind(), lines).await?;
        }
        Ok(self.transaction.commit().await?)
    }

    fn line(&self, act: &str, record: &Record) -> AuditEntry {
        AuditEntry {
            id: self.database.next_id(self.by.now),
            at: self.by.now.as_millisecond(),
            person_id: self.by.person.map(|person| person.0),
            attempt_id: self.by.attempt.map(|attempt| attempt.0),
            address: self.by.address.clone(),
            act: act.to_owned(),
            subject: record.subject.to_owned(),
            subject_id: record.subject_id,
            school_id: record.school.map(|school| school.0),
            detail: record.detail.to_string(),
        }
    }
}
