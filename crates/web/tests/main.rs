//! Tests of pages: messages, and the router with a database behind it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

mod messages;
mod routes;
