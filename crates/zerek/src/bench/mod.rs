//! `zerek bench`: figures that anyone can measure again on their own machine. One JSON line per figure.

pub mod client;
pub mod load;
pub mod pages;
pub mod pupil;
pub mod reports;
pub mod school;
pub mod server;

use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where a measurement keeps its data: a folder that was named stays, one made here goes.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    ours: bool,
}

impl Folder {
    /// The named folder, or one below the system's temporary folder.
    pub fn new(named: Option<&Path>) -> Self {
        match named {
            Some(path) => Self { path: path.to_owned(), ours: false },
            None => Self { path: std::env::temp_dir().join(format!("zerek-bench-{}", std::process::id())), ours: true },
        }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.ours {
            // A leftover in the temporary folder does no harm.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// Two decimals are what a measurement is worth.
pub fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Median and tail of times, in milliseconds.
pub fn summary(times: &mut [Duration]) -> serde_json::Value {
    times.sort_unstable();
    let at = |share: f64| {
        let place = ((times.len() as f64 * share).ceil() as usize).clamp(1, times.len().max(1)) - 1;
        times.get(place).map(|time| rounded(time.as_secs_f64() * 1000.0))
    };
    serde_json::json!({ "p50": at(0.50), "p95": at(0.95), "p99": at(0.99), "max": at(1.0) })
}

/// One figure: a line of JSON.
pub fn line(bench: &str, figure: &str, value: impl serde::Serialize, unit: &str) {
    println!("{}", serde_json::json!({ "bench": bench, "figure": figure, "value": value, "unit": unit }));
}
