//! Subcommands that use the database. Each has its arguments, its help with examples, and one function.

pub mod bench;
pub mod check;
pub mod demo;
pub mod import;
pub mod report;
pub mod serve;

use commands::{BadInput, Outcome};

/// Runs a subcommand on the asynchronous run time.
///
/// # Errors
/// What the subcommand says.
pub fn run(work: impl Future<Output = Result<Outcome, BadInput>>) -> Result<Outcome, BadInput> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(bad_input)?;
    runtime.block_on(work)
}

/// Any error as the one clear message of a command.
pub fn bad_input(error: impl std::fmt::Display) -> BadInput {
    BadInput(error.to_string())
}
