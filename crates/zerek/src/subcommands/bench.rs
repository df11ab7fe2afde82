//! `zerek bench`.

use commands::{BadInput, Outcome};

use crate::bench::load;

/// What to measure.
#[derive(Debug, clap::Subcommand)]
pub enum Figure {
    /// Many pupils at once: answers a second, and how long saving and starting take.
    Load(load::Arguments),
}

/// Measures.
///
/// # Errors
/// One message when what is measured cannot be used.
pub async fn run(figure: Figure) -> Result<Outcome, BadInput> {
    match figure {
        Figure::Load(arguments) => load::run(arguments).await,
    }
}
