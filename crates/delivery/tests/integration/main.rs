//! Tests of delivery from outside.

mod log;
