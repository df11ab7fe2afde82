//! `zerek psychometrics`.

use crate::{BadInput, Outcome};

/// Arguments of `zerek psychometrics`.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Runs the subcommand.
///
/// # Errors
/// [`BadInput`] when the arguments or files cannot be used.
pub fn run(_arguments: Arguments) -> Result<Outcome, BadInput> {
    Err(BadInput("zerek psychometrics: no action given, see --help".to_owned()))
}
