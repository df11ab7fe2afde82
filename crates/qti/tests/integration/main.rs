//! Tests of the engine as others see it.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

mod cases;
mod convert;
mod corpus;
mod exercise;
mod exports;
mod follow;
mod html;
mod limits;
mod neighbours;
mod properties;
mod published;
mod schema;
mod suite;
mod table;
mod tests;
