//! Agreement with reference results on published and simulated data; skipped where the data are absent.

mod classical;
mod data;
