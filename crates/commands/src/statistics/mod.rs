//! `zerek statistics`: tables of measures in files.

mod content;
mod tables;

use crate::{BadInput, Outcome};

/// Subcommands of `zerek statistics`.
#[derive(Debug, clap::Subcommand)]
pub enum Arguments {
    /// Rebuild the tables of a content file from its facts: PDF, XLSX and CSV in every language.
    Tables(tables::Arguments),
}

/// Runs a subcommand.
///
/// # Errors
/// [`BadInput`] when definitions, content or facts cannot be used, or a file cannot be written.
pub fn run(arguments: Arguments) -> Result<Outcome, BadInput> {
    match arguments {
        Arguments::Tables(arguments) => tables::run(arguments),
    }
}
