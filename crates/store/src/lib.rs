//! The database handle: SQLite in a file or PostgreSQL, one code base.
//!
//! Every other room reads through [`Database::read`] and writes through [`Database::write`], which gives one
//! transaction with an audit entry:
//!
//! ```no_run
//! # async fn example(database: &store::Database, by: &store::By) -> Result<(), store::StoreError> {
//! let write = database.write(by, "rename class").await?;
//! write.execute("UPDATE class SET letter = $1 WHERE id = $2", [store::text("Ә"), store::number(7)]).await?;
//! write.record("class", 7, None, serde_json::json!({ "letter": "Ә" }));
//! write.commit().await?;
//! # Ok(())
//! # }
//! ```
//!
//! SQL is written once, in the subset that both databases share, with `$1`, `$2` for values: 64-bit whole numbers,
//! double precision, text, booleans and bytes; times as milliseconds, dates as `2022-11-14`, structures as JSON text.
//!
//! Architecture invariants: only this crate names a database. On SQLite one connection writes, several read, and every
//! write begins with `BEGIN IMMEDIATE`. Nobody else begins a transaction. Migrations only go forward.

mod audit;
mod audit_chain;
mod database;
mod error;
mod files;
pub mod jobs;
mod migration;
mod node;
mod sql;
pub mod testing;
mod write;

pub use audit::{AuditEntry, AuditFilter, audit_entries};
pub use audit_chain::{BrokenAudit, SoundAudit, verify_audit};
pub use database::{Database, Kind, Location};
pub use error::StoreError;
pub use files::Files;
pub use migration::{Migration, migrations};
// The derive of `FromQueryResult` writes paths that begin with `sea_orm`: modules that use it say `use store::sea_orm;`.
pub use sea_orm::{self, FromQueryResult, Value};
pub use sql::{Reading, Where, boolean, bytes, number, optional_number, optional_text, real, text};
pub use write::{By, Write};
