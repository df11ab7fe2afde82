//! Tests of pages: messages, and the router with a database behind it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

mod auditor;
mod campaigns;
mod forms;
mod govern;
mod messages;
mod routes;
mod scale;
#[path = "../../delivery/tests/integration/support.rs"]
#[expect(dead_code, reason = "delivery's own tests use more of it")]
mod support;
#[path = "../../documents/tests/workbook/mod.rs"]
mod workbook;
