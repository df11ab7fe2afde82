//! The audit log is a chain: every line carries a hash of itself and of the line before it, so that no line can be
//! changed or taken out unnoticed. How far the log goes stands beside it, so that its end cannot be cut off either. Whoever
//! holds the database can build another chain: write the receipt of the last line down elsewhere from time to time.

use std::fmt::Write as _;

use sea_orm::{DatabaseTransaction, FromQueryResult};
use sha2::{Digest, Sha256};

use crate::audit::AuditEntry;
use crate::sql::insert_rows;
use crate::{Database, Kind, Reading, StoreError, Value, bytes, number, optional_number, optional_text, text};

type Hash = [u8; 32];

/// Canonical bytes of a line after another: numbers as eight bytes with the highest first, texts with their length in
/// front, what is missing with a byte of its own. No two different lines have the same bytes.
fn hash(before: &Hash, sequence: i64, line: &AuditEntry) -> Hash {
    let mut digest = Sha256::new();
    digest.update(b"zerek audit log 1\n");
    digest.update(before);
    for value in [Some(sequence), Some(line.id), Some(line.at), line.person_id, line.attempt_id, line.school_id] {
        digest.update([u8::from(value.is_some())]);
        digest.update(value.unwrap_or_default().to_be_bytes());
    }
    digest.update(line.subject_id.to_be_bytes());
    for value in [line.address.as_deref(), Some(&line.act), Some(&line.subject), Some(&line.detail)] {
        digest.update([u8::from(value.is_some())]);
        let value = value.unwrap_or_default();
        digest.update((value.len() as u64).to_be_bytes());
        digest.update(value.as_bytes());
    }
    digest.finalize().into()
}

#[derive(FromQueryResult)]
struct Head {
    sequence: i64,
    hash: Option<Vec<u8>>,
}

impl Head {
    fn hash(&self) -> Hash {
        self.hash.as_deref().and_then(|hash| hash.try_into().ok()).unwrap_or_default()
    }
}

const HEAD: &str = "SELECT sequence, hash FROM audit_head WHERE id = 1";
const COLUMNS: [&str; 12] = [
    "id",
    "at",
    "person_id",
    "attempt_id",
    "address",
    "act",
    "subject",
    "subject_id",
    "school_id",
    "detail",
    "sequence",
    "hash",
];

/// Adds lines at the end of the log, as the last thing before a commit: on PostgreSQL whoever comes after waits here.
pub(crate) async fn add(
    transaction: &DatabaseTransaction,
    kind: Kind,
    lines: Vec<AuditEntry>,
) -> Result<(), StoreError> {
    let lock = match kind {
        Kind::Postgres => " FOR UPDATE",
        Kind::Sqlite => "",
    };
    let head: Option<Head> = transaction.row(&format!("{HEAD}{lock}"), []).await?;
    let head = head.unwrap_or(Head { sequence: 0, hash: None });
    let (mut sequence, mut last) = (head.sequence, head.hash());
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(lines.len());
    for line in lines {
        sequence += 1;
        last = hash(&last, sequence, &line);
        rows.push(vec![
            number(line.id),
            number(line.at),
            optional_number(line.person_id),
            optional_number(line.attempt_id),
            optional_text(line.address),
            text(line.act),
            text(line.subject),
            number(line.subject_id),
            optional_number(line.school_id),
            text(line.detail),
            number(sequence),
            bytes(last.to_vec()),
        ]);
    }
    insert_rows(transaction, "audit_entry", &COLUMNS, rows).await?;
    let sql = "UPDATE audit_head SET sequence = $1, hash = $2 WHERE id = 1";
    crate::sql::execute(transaction, sql, [number(sequence), bytes(last.to_vec())]).await?;
    Ok(())
}

/// A log that is what was once written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoundAudit {
    /// Lines of the chain. Lines from before there was one are not among them.
    pub lines: i64,
    /// First digits of the hash of the last line, to be written down: it changes with every line before it.
    pub receipt: String,
}

/// Where the log is not what was once written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the audit log is not what was once written there")]
pub struct BrokenAudit {
    /// The first line that was changed or taken out.
    pub line: i64,
}

#[derive(FromQueryResult)]
struct Sealed {
    sequence: i64,
    hash: Option<Vec<u8>>,
    #[sea_orm(nested)]
    line: AuditEntry,
}

/// Lines read at once.
const PART: i64 = 5_000;

/// Goes through the whole log. Lines that are written meanwhile are left for the next time.
///
/// # Errors
/// What the database says; a broken log is no error of it.
pub async fn verify_audit(database: &Database) -> Result<Result<SoundAudit, BrokenAudit>, StoreError> {
    let head: Option<Head> = database.read().row(HEAD, []).await?;
    let head = head.unwrap_or(Head { sequence: 0, hash: None });
    let (mut sequence, mut last) = (0, Hash::default());
    while sequence < head.sequence {
        let sql = "SELECT * FROM audit_entry WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence";
        let until = head.sequence.min(sequence + PART);
        let part: Vec<Sealed> = database.read().rows(sql, [number(sequence), number(until)]).await?;
        for sealed in part {
            sequence += 1;
            last = hash(&last, sequence, &sealed.line);
            if sealed.sequence != sequence || sealed.hash.as_deref() != Some(&last) {
                return Ok(Err(BrokenAudit { line: sequence }));
            }
        }
        if sequence < until {
            return Ok(Err(BrokenAudit { line: sequence + 1 }));
        }
    }
    if last != head.hash() {
        return Ok(Err(BrokenAudit { line: sequence }));
    }
    let mut receipt = String::new();
    for byte in &last[..4] {
        // Writing into a text cannot fail.
        let _ = write!(receipt, "{byte:02x}");
    }
    receipt.insert(4, '-');
    Ok(Ok(SoundAudit { lines: sequence, receipt }))
}
