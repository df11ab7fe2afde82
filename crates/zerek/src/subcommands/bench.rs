//! `zerek bench`.

use commands::{BadInput, Outcome};

use crate::bench::{load, pages, reports};

/// What to measure.
#[derive(Debug, clap::Subcommand)]
pub enum Figure {
    /// Many pupils at once: answers a second, and how long saving and starting take.
    Load(load::Arguments),
    /// The server with the demonstration network: loading, starting, memory, time and bytes of pages.
    Pages(pages::Arguments),
    /// Every report of the demonstration's campaign as PDF, and one report on demand.
    Reports(reports::Arguments),
}

/// Measures.
///
/// # Errors
/// One message when what is measured cannot be used.
pub async fn run(figure: Figure) -> Result<Outcome, BadInput> {
    match figure {
        Figure::Load(arguments) => load::run(arguments).await,
        Figure::Pages(arguments) => pages::run(arguments).await,
        Figure::Reports(arguments) => reports::run(arguments).await,
    }
}
