//! Facts, tables and kept views on a database: SQLite, or PostgreSQL when `TEST_DATABASE_URL` names one.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod campaign;
mod kept;
mod printed;
mod support;
