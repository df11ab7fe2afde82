//! `zerek statistics tables`: the ready tables as PDF, XLSX and CSV.

use std::path::PathBuf;

use clap::ValueEnum;
use documents::Renderer;
use documents::statistics::{About, Geometry, chart_kinds, table_pdf, table_workbook};
use kernel::Language;
use measures::evaluate::Evaluation;
use measures::table::Table;
use measures::view::View;
use measures::write;

use super::content::{ContentArguments, Loaded, read};
use crate::psychometrics::output;
use crate::{BadInput, Outcome};

/// Arguments of `zerek statistics tables`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Folder to write to: a folder for each language, and in it a PDF, an XLSX and a CSV file for each table.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Languages: kk, ru, en; may be given several times. All when absent.
    #[arg(long)]
    language: Vec<Language>,
    /// Tables by code; may be given several times. All when absent.
    #[arg(long, value_name = "CODE")]
    view: Vec<String>,
    /// Formats; may be given several times. All when absent.
    #[arg(long, value_enum)]
    format: Vec<FileFormat>,
    #[command(flatten)]
    from: ContentArguments,
}

/// A format of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FileFormat {
    /// Paper.
    Pdf,
    /// Workbook with formulas.
    Xlsx,
    /// Text.
    Csv,
}

fn bad(what: &dyn std::fmt::Display) -> BadInput {
    BadInput(format!("zerek statistics: {what}"))
}

/// Runs the subcommand.
///
/// # Errors
/// [`BadInput`] when definitions, content or facts cannot be used, or a file cannot be written.
pub fn run(arguments: Arguments) -> Result<Outcome, BadInput> {
    let loaded = arguments.from.load()?;
    let geometry = arguments.from.geometry.as_ref().map(|path| {
        let text = read(path)?;
        Geometry::from_geojson(&text).map_err(|error| bad(&format!("{}: {error}", path.display())))
    });
    let geometry = geometry.transpose()?;
    let tables = tables(&loaded, &arguments.view)?;
    let languages = if arguments.language.is_empty() { Language::ALL.to_vec() } else { arguments.language };
    let formats = if arguments.format.is_empty() { FileFormat::value_variants().to_vec() } else { arguments.format };
    let writer = Writer { renderer: Renderer::new().map_err(|error| bad(&error))?, out: arguments.out, formats };
    let (mut files, mut formulas) = (0, 0);
    for language in languages {
        for (view, table) in &tables {
            files += writer.write(view, table, &about(&loaded, view, table, language, geometry.clone()))?;
            formulas += table.cells.iter().flatten().filter(|cell| cell.formula.is_some()).count();
        }
    }
    println!("{} facts, {} tables, {files} files, {formulas} formulas", loaded.facts, tables.len());
    Ok(Outcome::Done)
}

struct Writer {
    renderer: Renderer,
    out: PathBuf,
    formats: Vec<FileFormat>,
}

impl Writer {
    /// Writes a table in every format; gives the number of files.
    fn write(&self, view: &View, table: &Table, about: &About) -> Result<usize, BadInput> {
        let failed = |error: &dyn std::fmt::Display| bad(&format!("{}: {error}", view.code));
        for format in &self.formats {
            let (ending, bytes) = match format {
                FileFormat::Pdf => {
                    ("pdf", table_pdf(&self.renderer, table, about).map_err(|error| failed(&error))?.bytes)
                }
                FileFormat::Xlsx => ("xlsx", table_workbook(&[(table, about)]).map_err(|error| failed(&error))?),
                FileFormat::Csv => {
                    let text = write::csv(table, about.language).map_err(|error| failed(&error))?;
                    // Spreadsheets know UTF-8 by its mark.
                    ("csv", format!("\u{feff}{text}").into_bytes())
                }
            };
            output::write(&self.out.join(about.language.code()).join(format!("{}.{ending}", view.code)), &bytes)?;
        }
        Ok(self.formats.len())
    }
}

/// The chosen tables, computed.
fn tables<'a>(loaded: &'a Loaded, chosen: &[String]) -> Result<Vec<(&'a View, Table)>, BadInput> {
    let views = &loaded.content.views;
    if let Some(unknown) = chosen.iter().find(|code| !views.iter().any(|view| view.code == **code)) {
        let known: Vec<&str> = views.iter().map(|view| view.code.as_str()).collect();
        return Err(bad(&format!("there is no table \"{unknown}\"; there are: {}", known.join(", "))));
    }
    let evaluation = Evaluation { cube: &loaded.cube, catalogue: &loaded.catalogue };
    views
        .iter()
        .filter(|view| chosen.is_empty() || chosen.contains(&view.code))
        .map(|view| {
            let request = view.request(&loaded.cube.schema).map_err(|error| bad(&format!("{}: {error}", view.code)))?;
            let table = evaluation.table(&request).map_err(|error| bad(&format!("{}: {error}", view.code)))?;
            Ok((view, table))
        })
        .collect()
}

fn about(loaded: &Loaded, view: &View, table: &Table, language: Language, geometry: Option<Geometry>) -> About {
    let scope = view.scope(&loaded.cube.schema).into_iter();
    let scope =
        scope.map(|(name, members)| format!("{}: {}", name.in_language(language), members.in_language(language)));
    let source = loaded.content.source.in_language(language).to_owned();
    let about = About { scope: scope.collect(), source, geometry, ..About::new(language) };
    let chart = chart_kinds(table, &about).first().copied();
    About { chart, ..about }
}
