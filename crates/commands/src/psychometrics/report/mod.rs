//! `zerek psychometrics report`: the analysis of a test as one self-contained page and as a PDF.

mod charts;
mod content;
mod html;
mod names;
mod words;

use std::path::PathBuf;

use documents::report::{AnalysisBody, TestAnalysis};
use kernel::Language;
use psychometrics::{ClassicalSettings, FitSettings, Model, Responses, classical};

use super::input::{self, DataArguments};
use super::output;
use crate::{BadInput, Outcome};
use content::Found;

/// Classical analysis, calibration, Wright map, curves and flags as one HTML page and one PDF.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// Model of the calibration; auto takes 2pl, and gpcm for items of several points
    #[arg(long, default_value = "auto")]
    model: String,
    /// Language: kk, ru or en
    #[arg(long, default_value = "en")]
    language: String,
    /// Title
    #[arg(long)]
    title: Option<String>,
    /// Lowest totals of the levels above the first, for accuracy and consistency of decisions
    #[arg(long, value_name = "POINTS", value_delimiter = ',')]
    cuts: Vec<f64>,
    /// The page; the PDF stands beside it under the same name with .pdf
    #[arg(long, value_name = "REPORT.HTML")]
    out: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, BadInput> {
    let language: Language = arguments
        .language
        .parse()
        .ok()
        .ok_or_else(|| BadInput(format!("--language {}: use kk, ru or en", arguments.language)))?;
    if arguments.out.extension().is_some_and(|e| e.eq_ignore_ascii_case("pdf")) {
        return Err(BadInput("--out names the page (.html); the PDF stands beside it under the same name".to_owned()));
    }
    let data = input::read(&arguments.data)?;
    let models = models(&arguments.model, &data.responses)?;
    let refused = |error: psychometrics::Error| BadInput(error.to_string());
    let progress = super::progress("analysing items");
    let analysis = classical(&data.responses, &ClassicalSettings::default()).map_err(refused)?;
    let decisions = super::ctt::decisions(&arguments.cuts, &analysis, &data.responses)?;
    let decisions = decisions.as_ref().map(|quality| (arguments.cuts.as_slice(), quality));
    progress.set_message("calibrating");
    let settings =
        FitSettings { standard_errors: true, priors: super::fit::priors(&[], &models)?, ..FitSettings::default() };
    let fitted = psychometrics::fit(&data.responses, &models, &settings).map_err(refused)?;
    progress.set_message("writing");
    let source = arguments.data.data.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let found =
        Found { responses: &data.responses, analysis: &analysis, fitted: &fitted, decisions, notes: &data.notes };
    let report = content::report(&found, language, arguments.title.as_deref(), &source);
    let pdf = pdf(&on_paper(report.clone()))?;
    output::write(&arguments.out, html::page(&report).as_bytes())?;
    output::write(&arguments.out.with_extension("pdf"), &pdf)?;
    progress.finish_and_clear();
    Ok(if fitted.converged { Outcome::Done } else { Outcome::Warnings })
}

pub(super) fn models(name: &str, responses: &Responses) -> Result<Vec<Model>, BadInput> {
    let items = responses.items();
    if name == "auto" {
        let of = |max: u8| if max > 1 { Model::GeneralisedPartialCredit } else { Model::TwoPl };
        return Ok(items.iter().map(|item| of(item.max)).collect());
    }
    let model = Model::from_name(name).ok_or_else(|| {
        BadInput(format!("--model {name}: use auto, rasch, 1pl, 2pl, 3pl, 4pl, pcm, rsm, gpcm, grm or nominal"))
    })?;
    Ok(vec![model; items.len()])
}

/// On paper nothing scrolls: long words may be broken.
fn on_paper(mut report: TestAnalysis) -> TestAnalysis {
    for section in &mut report.sections {
        match &mut section.body {
            AnalysisBody::Table { rows, .. } => {
                rows.iter_mut().flatten().for_each(|cell| *cell = names::breakable(cell));
            }
            AnalysisBody::Charts { charts, .. } => {
                for chart in charts {
                    chart.caption = names::breakable(&chart.caption);
                }
            }
            AnalysisBody::Facts { .. } | AnalysisBody::Lines { .. } => {}
        }
    }
    report
}

fn pdf(report: &TestAnalysis) -> Result<Vec<u8>, BadInput> {
    let made = documents::Renderer::new().and_then(|renderer| renderer.render(report));
    made.map(|pdf| pdf.bytes).map_err(|error| BadInput(format!("the PDF could not be made: {error}")))
}
