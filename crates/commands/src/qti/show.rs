//! `zerek qti show`: an item as HTML, Typst source or XML.

use super::input;
use crate::{BadInput, Outcome};
use qti::catalog::{Need, SUPPORTS};
use qti::render::RenderOptions;
use std::path::Path;

/// What an item is shown as.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Format {
    /// A page a browser can open.
    Html,
    /// Source of the printed form.
    Typst,
    /// The item as Zerek writes it.
    Xml,
}

/// Reads `--need`.
pub fn need(text: &str) -> Result<Need, String> {
    Need::parse(text).ok_or_else(|| format!("not a support; one of {}, or ext:NAME", SUPPORTS.join(", ")))
}

pub fn run(
    path: &Path,
    to: Format,
    seed: Option<u64>,
    language: Option<String>,
    needs: Vec<Need>,
) -> Result<Outcome, BadInput> {
    let item = input::item(path)?;
    let options = RenderOptions {
        shuffle_seed: seed,
        template_seed: seed.unwrap_or(qti::score::DEFAULT_SEED),
        language,
        needs,
        ..RenderOptions::default()
    };
    match to {
        Format::Html => {
            let mut title = String::new();
            qti::xml::escape_text(&item.title, &mut title);
            let mut code = String::new();
            qti::xml::escape_attribute(item.language.as_deref().unwrap_or("en"), &mut code);
            println!(
                "<!DOCTYPE html>\n<html lang=\"{code}\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body><form>"
            );
            println!("{}", qti::render::html(&item, &options));
            println!("</form></body></html>");
        }
        Format::Typst => println!("{}", qti::render::typst(&item, &options)),
        Format::Xml => println!("{}", qti::print_item(&item)),
    }
    Ok(Outcome::Done)
}
