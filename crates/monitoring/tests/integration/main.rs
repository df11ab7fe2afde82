//! Tests of the room, in one binary.

#![expect(
    clippy::unwrap_used,
    clippy::float_cmp,
    clippy::cast_possible_wrap,
    reason = "tests stop at the first surprise, compare printed decimals exactly and count in small numbers"
)]

mod imported;
mod individual_sample;
mod printed_tables;
mod sat_here;
mod scale;
mod term_marks;
