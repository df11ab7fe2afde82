//! Reading the audit log.

use kernel::{PersonId, SchoolId, Timestamp};
use sea_orm::FromQueryResult;

use crate::{Database, Reading, StoreError, Where, number, text};

/// One line of the audit log.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct AuditEntry {
    /// Id, in the order of writing.
    pub id: i64,
    /// Milliseconds since 1970.
    pub at: i64,
    /// The person who acted.
    pub person_id: Option<i64>,
    /// The attempt whose code acted.
    pub attempt_id: Option<i64>,
    /// Where the request came from.
    pub address: Option<String>,
    /// What was done.
    pub act: String,
    /// Kind of thing it was done to.
    pub subject: String,
    /// Its id.
    pub subject_id: i64,
    /// Its school.
    pub school_id: Option<i64>,
    /// Details as JSON.
    pub detail: String,
}

/// Which lines of the audit log.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Only by this person.
    pub person: Option<PersonId>,
    /// Only about this thing.
    pub subject: Option<(String, i64)>,
    /// Only of these schools.
    pub schools: Option<Vec<SchoolId>>,
    /// Only since this time.
    pub since: Option<Timestamp>,
    /// Only lines before this id: the next page.
    pub before: Option<i64>,
}

/// The newest lines first.
///
/// # Errors
/// What the database says.
pub async fn audit_entries(
    database: &Database,
    filter: &AuditFilter,
    limit: u32,
) -> Result<Vec<AuditEntry>, StoreError> {
    let mut condition = Where::new();
    if let Some(person) = filter.person {
        condition.and("person_id = ?", [number(person.0)]);
    }
    if let Some((subject, id)) = &filter.subject {
        condition.and("subject = ? AND subject_id = ?", [text(subject), number(*id)]);
    }
    if let Some(schools) = &filter.schools {
        condition.and_in("school_id", schools.iter().map(|school| school.0));
    }
    if let Some(since) = filter.since {
        condition.and("at >= ?", [number(since.as_millisecond())]);
    }
    if let Some(before) = filter.before {
        condition.and("id < ?", [number(before)]);
    }
    let sql = format!("SELECT * FROM audit_entry{} ORDER BY id DESC LIMIT {limit}", condition.sql());
    database.read().rows(&sql, condition.values()).await
}
