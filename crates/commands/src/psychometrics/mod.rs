//! `zerek psychometrics`: statistics of tests from response tables.
//!
//! Input is CSV (plain or .gz) or Parquet: a header of item names, one row per person, empty or NA = missing. Results go to
//! the folder or file of `--out`; the contract of names and columns is in `docs/psychometrics.md`.

mod calibrate;
mod calibration;
mod cells;
mod covariance;
mod covariates;
mod ctt;
mod dif;
mod equate;
mod fit;
mod fit_conditional;
mod fit_curves;
mod fit_facets;
mod fit_statistics;
mod input;
mod items;
mod link;
pub(crate) mod output;
mod parquet;
mod report;
mod score;
mod simulate;
#[cfg(test)]
mod tests;
mod vertical;

use std::io::IsTerminal;
use std::time::Duration;

use crate::{BadInput, Outcome};

/// Arguments of `zerek psychometrics`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Box<Action>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Classical item and test analysis
    Ctt(ctt::Arguments),
    /// Calibrate items with an item response model
    Fit(fit::Arguments),
    /// Calibrate several forms together, or new items beside calibrated ones
    Calibrate(calibrate::Arguments),
    /// Score persons with calibrated items
    Score(score::Arguments),
    /// Differential item functioning between two groups
    Dif(dif::Arguments),
    /// Link two calibrations by their common items
    Link(link::Arguments),
    /// Put the calibrations of neighbouring grades on one vertical scale
    Vertical(vertical::Arguments),
    /// Equate scores of two forms
    Equate(equate::Arguments),
    /// Simulate responses
    Simulate(simulate::Arguments),
    /// Write the analysis as one self-contained HTML page and as a PDF
    Report(report::Arguments),
}

impl From<psychometrics::Error> for BadInput {
    fn from(error: psychometrics::Error) -> Self {
        Self(error.to_string())
    }
}

/// Runs the subcommand.
///
/// # Errors
/// [`BadInput`] when the arguments or files cannot be used.
pub fn run(arguments: Arguments) -> Result<Outcome, BadInput> {
    match *arguments.action {
        Action::Ctt(arguments) => ctt::run(&arguments),
        Action::Fit(arguments) => fit::run(&arguments),
        Action::Calibrate(arguments) => calibrate::run(&arguments),
        Action::Score(arguments) => score::run(&arguments),
        Action::Dif(arguments) => dif::run(&arguments),
        Action::Link(arguments) => link::run(&arguments),
        Action::Vertical(arguments) => vertical::run(&arguments),
        Action::Equate(arguments) => equate::run(&arguments),
        Action::Simulate(arguments) => simulate::run(&arguments),
        Action::Report(arguments) => report::run(&arguments),
    }
}

/// A sign of life on a terminal; hidden elsewhere.
fn progress(text: &'static str) -> indicatif::ProgressBar {
    if !std::io::stderr().is_terminal() {
        return indicatif::ProgressBar::hidden();
    }
    let bar = indicatif::ProgressBar::new_spinner();
    bar.set_message(text);
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// How much of a large file is read; hidden for small ones and elsewhere than on a terminal.
fn progress_of_bytes(bytes: u64) -> indicatif::ProgressBar {
    const LARGE: u64 = 1 << 20;
    if bytes < LARGE || !std::io::stderr().is_terminal() {
        return indicatif::ProgressBar::hidden();
    }
    let bar = indicatif::ProgressBar::new(bytes).with_finish(indicatif::ProgressFinish::AndClear);
    if let Ok(style) = indicatif::ProgressStyle::with_template("{bar:40} {bytes} / {total_bytes}, {eta}") {
        bar.set_style(style);
    }
    bar
}
