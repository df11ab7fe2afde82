//! Tests of delivery from outside.

mod log;
mod school;
mod sitting;
mod support;
mod writer;
