//! Subcommands of `zerek` that work on files alone, without a database.
//!
//! The pure crates do no input or output; the reading of files, progress bars, printing and exit status
//! live here, one module per subcommand. `crates/zerek` only adds [`FileCommand`] to its own list.
//!
//! Invariants: one clear message on standard error for bad input (exit 1); results that were written but
//! deserve a second look give exit 2; nothing is half-written (files appear under their final name when complete).

pub mod audit;
pub mod psychometrics;
pub mod qti;
pub mod statistics;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

/// A subcommand that needs files only.
#[derive(Debug, clap::Subcommand)]
pub enum FileCommand {
    /// Statistics of tests: classical analysis, item response models, scores, DIF, linking, equating.
    Psychometrics(psychometrics::Arguments),
    /// Assessment items: check, show, score and convert QTI.
    Qti(qti::Arguments),
    /// Tables of measures: rebuild them from facts.
    #[command(subcommand)]
    Statistics(statistics::Arguments),
    /// Find numbers in tables that do not agree with each other.
    Audit(audit::Arguments),
}

/// How a command ended when it ended well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything is as asked: exit status 0.
    Done,
    /// Results were written and something in them needs a look: exit status 2.
    Warnings,
}

/// Bad input: one clear message that says what, where and what to do; exit status 1.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadInput(pub String);

/// Runs one subcommand.
///
/// # Errors
/// [`BadInput`] when the arguments or files cannot be used; nothing was written then.
pub fn run(command: FileCommand) -> Result<Outcome, BadInput> {
    match command {
        FileCommand::Psychometrics(arguments) => psychometrics::run(arguments),
        FileCommand::Qti(arguments) => qti::run(arguments),
        FileCommand::Statistics(arguments) => statistics::run(arguments),
        FileCommand::Audit(arguments) => audit::run(arguments),
    }
}

/// Writes to standard output. That nobody reads any further (`… | head`) is no mistake.
fn say(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), BadInput> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(BadInput(format!("standard output: {error}"))),
        _ => Ok(()),
    }
}

/// Exit status of the contract: 0 done, 1 bad input, 2 finished with warnings.
pub fn exit_code(result: &Result<Outcome, BadInput>) -> ExitCode {
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Warnings) => ExitCode::from(2),
        Err(_) => ExitCode::from(1),
    }
}
