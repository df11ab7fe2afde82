//! Agreement with reference results on published and simulated data; skipped where the data are absent.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests stop at the first surprise")]

mod adaptive;
mod classical;
mod conditional;
mod data;
mod dif;
mod equating;
mod fit_statistics;
mod fits;
mod linking;
mod linking_errors;
mod scores;
