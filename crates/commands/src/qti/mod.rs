//! `zerek qti`: check, show, score and convert assessment items.

mod check;
mod convert;
mod input;
mod score;
mod show;

use crate::{BadInput, Outcome};
use std::path::PathBuf;

/// Arguments of `zerek qti`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Check items, folders and packages: a pass table and every finding.
    Check {
        /// Items (.xml), folders or packages (.zip).
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// Print JSON instead of tables.
        #[arg(long)]
        json: bool,
        /// Print notes too, not only warnings and errors.
        #[arg(long)]
        notes: bool,
    },
    /// Show items: as a page, on paper with an answer sheet, or as XML.
    Show {
        /// The items, in the order they are shown.
        #[arg(required = true)]
        items: Vec<PathBuf>,
        /// html (a page), pdf (a paper form with answer sheet), typst (source of the printed form) or xml (as Zerek
        /// writes it).
        #[arg(long, default_value = "html")]
        to: show::Format,
        /// File to write; standard output when absent.
        #[arg(long, short)]
        output: Option<PathBuf>,
        /// Title of the paper form; the first item's title when absent.
        #[arg(long)]
        title: Option<String>,
        /// Seed of the attempt, for drawn orders and template variables.
        #[arg(long)]
        seed: Option<u64>,
        /// Language of the words Zerek adds: kk, ru or en.
        #[arg(long)]
        language: Option<String>,
        /// A support to offer from the item's catalogs, as support or support:language (keyword-translation:kk);
        /// may be given several times.
        #[arg(long = "need", value_parser = show::need)]
        needs: Vec<qti::catalog::Need>,
    },
    /// Score responses to an item.
    Score {
        /// The item.
        item: PathBuf,
        /// JSON: an object from response identifier to a value or a list of values; or a list of such
        /// objects, one per attempt.
        #[arg(long)]
        responses: PathBuf,
        /// Seed of the attempt.
        #[arg(long, default_value_t = qti::score::DEFAULT_SEED)]
        seed: u64,
    },
    /// Write items in another version or format: QTI 3.0 or 2.2, Moodle XML; from QTI, Moodle XML, GIFT, Aiken
    /// or the table template.
    Convert {
        /// An item, a folder, a package, or a file of another format.
        input: PathBuf,
        /// What is read, where the name of the file does not tell.
        #[arg(long)]
        from: Option<convert::Format>,
        /// What is written.
        #[arg(long, default_value = "3.0")]
        to: convert::Target,
        /// Language of questions whose format does not say it: kk, ru or en.
        #[arg(long, default_value = "kk")]
        language: String,
        /// File to write (.xml, or .zip for several items); standard output when absent.
        #[arg(long, short)]
        output: Option<PathBuf>,
    },
}

/// Runs the subcommand.
///
/// # Errors
/// [`BadInput`] when the arguments or files cannot be used.
pub fn run(arguments: Arguments) -> Result<Outcome, BadInput> {
    match arguments.action {
        Action::Check { paths, json, notes } => check::run(&paths, json, notes),
        Action::Show { items, to, output, title, seed, language, needs } => {
            show::run(&items, to, output.as_deref(), title, &show::Wishes { seed, language, needs })
        }
        Action::Score { item, responses, seed } => score::run(&item, &responses, seed),
        Action::Convert { input, from, to, language, output } => {
            convert::run(&input, from, to, &language, output.as_deref())
        }
    }
}
