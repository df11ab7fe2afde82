//! `zerek audit`.

use crate::{BadInput, Outcome};

/// Arguments of `zerek audit`.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Runs the subcommand.
///
/// # Errors
/// [`BadInput`] when the arguments or files cannot be used.
pub fn run(_arguments: Arguments) -> Result<Outcome, BadInput> {
    Err(BadInput("zerek audit: no action given, see --help".to_owned()))
}
