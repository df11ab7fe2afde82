//! Tests of the engine as others see it.

mod cases;
mod published;
mod suite;
