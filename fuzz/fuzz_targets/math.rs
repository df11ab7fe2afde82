//! Any bytes as math: see the shared `exercise` for what is done with them.
#![no_main]

#[path = "../../crates/qti/tests/integration/exercise.rs"]
#[allow(dead_code)]
mod exercise;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| exercise::math(bytes));
