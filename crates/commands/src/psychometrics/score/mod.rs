//! `zerek psychometrics score`.

mod plausible;

use std::path::PathBuf;

use psychometrics::fit_statistics::{PersonFit, person_fit};
use psychometrics::irt::Grid;
use psychometrics::levels::{CutScores, ReportedScale};
use psychometrics::scores::empirical_reliability;
use psychometrics::{CalibratedItem, Cell, ItemColumn, Method, Responses, ResponsesBuilder, Score, ScoreSettings};
use serde_json::{Value, json};

use super::input::{self, Data, DataArguments};
use super::output::{self, Rows, number};
use crate::{BadInput, Outcome};
use plausible::Draws;

/// Score persons with calibrated items.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// Calibrated items, as written by fit
    #[arg(long, value_name = "ITEMS.CSV")]
    items: PathBuf,
    /// eap, map, ml, wle or eapsum
    #[arg(long, default_value = "eap")]
    method: String,
    /// Mean of the prior
    #[arg(long, default_value_t = 0.0, allow_hyphen_values = true)]
    mean: f64,
    /// Standard deviation of the prior
    #[arg(long, default_value_t = 1.0)]
    sd: f64,
    /// Quadrature nodes
    #[arg(long, default_value_t = 61)]
    nodes: usize,
    /// The nodes reach from -RANGE to RANGE
    #[arg(long, default_value_t = 6.0)]
    range: f64,
    /// Columns lz, lz_star, infit and outfit: whether the answers of a person fit together (at the WLE)
    #[arg(long)]
    person_fit: bool,
    /// Plausible values per person, as columns pv1...
    #[arg(long, value_name = "N", default_value_t = 0)]
    plausible: usize,
    /// Columns of the data that condition plausible values: numbers as they are, texts as categories
    #[arg(long, value_name = "COLS", value_delimiter = ',')]
    condition: Vec<String>,
    /// Seed of the plausible values
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Cut scores on the scale of theta, ascending: columns level (from 1) and p_level1...
    #[arg(long, value_name = "THETAS", value_delimiter = ',', allow_hyphen_values = true)]
    cuts: Vec<f64>,
    /// Reported scale SLOPE,INTERCEPT or SLOPE,INTERCEPT,LOWEST,HIGHEST: columns reported and se_reported
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', allow_hyphen_values = true)]
    scale: Vec<f64>,
    /// File for reliability, share of each level, accuracy and consistency of levels, latent regression
    #[arg(long, value_name = "JSON")]
    summary: Option<PathBuf>,
    /// File for person,theta,se and the columns asked for
    #[arg(long, value_name = "SCORES.CSV")]
    out: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, BadInput> {
    let method = match arguments.method.as_str() {
        "eap" => Method::Eap,
        "map" => Method::Map,
        "ml" => Method::Ml,
        "wle" => Method::Wle,
        "eapsum" => Method::EapSum,
        other => return Err(BadInput(format!("--method {other}: use eap, map, ml, wle or eapsum"))),
    };
    if !arguments.condition.is_empty() && arguments.plausible == 0 {
        return Err(BadInput("--condition is for plausible values; ask for some with --plausible 5".to_owned()));
    }
    let cuts = match arguments.cuts.as_slice() {
        [] => None,
        cuts => Some(CutScores::new(cuts.to_vec()).map_err(|error| BadInput(format!("--cuts: {error}")))?),
    };
    let scale = reported_scale(&arguments.scale)?;
    let known: Vec<CalibratedItem> = input::read_items(&arguments.items)?.into_iter().map(|(item, _)| item).collect();
    let (data, texts) = input::read_with(&arguments.data, &arguments.condition)?;
    let (responses, items) = matched(&data, &known)?;
    let settings = ScoreSettings {
        mean: arguments.mean,
        sd: arguments.sd,
        grid: Grid::new(arguments.nodes, arguments.range),
        ..ScoreSettings::default()
    };
    let progress = super::progress("scoring");
    let scores = psychometrics::score(&responses, &items, method, &settings).map_err(BadInput::from)?;
    let draws = match arguments.plausible {
        0 => None,
        _ => Some(plausible::draw(arguments, &responses, &items, &settings, &texts)?),
    };
    let fits = if arguments.person_fit { Some(person_fits(&responses, &items, &settings)?) } else { None };
    progress.finish_and_clear();
    let on = Columns { scale: scale.as_ref(), cuts: cuts.as_ref(), fits: fits.as_deref(), draws: draws.as_ref() };
    let rows = table(&data.persons, &scores, &on);
    rows.write(&arguments.out)?;
    if let Some(path) = &arguments.summary {
        output::json(path, &summary(arguments, &scores, cuts.as_ref(), draws.as_ref()))?;
    }
    for warning in &data.warnings {
        eprintln!("{warning}");
    }
    let without = scores.iter().filter(|score| score.is_none()).count();
    if without > 0 {
        eprintln!(
            "{without} persons have no {} score (no responses, or all or nothing right); their cells are empty",
            arguments.method
        );
    }
    let settled = draws.as_ref().and_then(|d| d.regression.as_ref()).is_none_or(|r| r.converged);
    Ok(if settled { Outcome::Done } else { Outcome::Warnings })
}

fn reported_scale(numbers: &[f64]) -> Result<Option<ReportedScale>, BadInput> {
    let (slope, intercept, bounds) = match numbers {
        [] => return Ok(None),
        [slope, intercept] => (*slope, *intercept, (f64::NEG_INFINITY, f64::INFINITY)),
        [slope, intercept, low, high] if low < high => (*slope, *intercept, (*low, *high)),
        _ => return Err(BadInput("--scale: give SLOPE,INTERCEPT or SLOPE,INTERCEPT,LOWEST,HIGHEST".to_owned())),
    };
    if !(slope > 0.0 && slope.is_finite() && intercept.is_finite()) {
        return Err(BadInput("--scale: the slope must be above 0".to_owned()));
    }
    Ok(Some(ReportedScale { name: "reported".to_owned(), slope, intercept, bounds }))
}

/// lz* supposes abilities by WLE.
fn person_fits(
    responses: &Responses,
    items: &[CalibratedItem],
    settings: &ScoreSettings,
) -> Result<Vec<Option<PersonFit>>, BadInput> {
    let abilities = psychometrics::score(responses, items, Method::Wle, settings).map_err(BadInput::from)?;
    let thetas: Vec<Option<f64>> = abilities.into_iter().map(|score| score.map(|score| score.theta)).collect();
    Ok(person_fit(responses, items, settings.treatment, &thetas))
}

/// What stands beside person,theta,se.
struct Columns<'a> {
    scale: Option<&'a ReportedScale>,
    cuts: Option<&'a CutScores>,
    fits: Option<&'a [Option<PersonFit>]>,
    draws: Option<&'a Draws>,
}

fn table(persons: &[String], scores: &[Option<Score>], on: &Columns) -> Rows {
    let Columns { scale, cuts, fits, draws } = *on;
    let mut header: Vec<String> = ["person", "theta", "se"].map(str::to_owned).to_vec();
    if scale.is_some() {
        header.extend(["reported", "se_reported"].map(str::to_owned));
    }
    let levels = cuts.map_or(0, |cuts| cuts.cuts().len() + 1);
    if levels > 0 {
        header.push("level".to_owned());
        header.extend((1..=levels).map(|level| format!("p_level{level}")));
    }
    if fits.is_some() {
        header.extend(["lz", "lz_star", "infit", "outfit"].map(str::to_owned));
    }
    let values = draws.and_then(|draws| draws.values.first()).map_or(0, Vec::len);
    header.extend((1..=values).map(|draw| format!("pv{draw}")));
    let mut rows = Rows::new(&header);
    for (place, (person, score)) in persons.iter().zip(scores).enumerate() {
        let mut cells = vec![person.clone(), number(score.map(|s| s.theta)), number(score.map(|s| s.se))];
        if let Some(scale) = scale {
            let on_scale = score.map(|score| scale.of(score));
            cells.extend([number(on_scale.map(|s| s.theta)), number(on_scale.map(|s| s.se))]);
        }
        if let Some(cuts) = cuts {
            let level = score.map(|score| cuts.level(score));
            cells.push(level.as_ref().map_or_else(String::new, |l| (l.level + 1).to_string()));
            cells.extend((0..levels).map(|of| number(level.as_ref().map(|l| l.probabilities[of]))));
        }
        if let Some(fits) = fits {
            let fit = fits[place];
            cells.extend([
                number(fit.map(|f| f.lz)),
                number(fit.and_then(|f| f.lz_star)),
                number(fit.and_then(|f| f.infit)),
                number(fit.and_then(|f| f.outfit)),
            ]);
        }
        if let Some(draws) = draws {
            cells.extend(draws.values[place].iter().map(|value| number(Some(*value))));
        }
        rows.push(cells);
    }
    rows
}

fn summary(arguments: &Arguments, scores: &[Option<Score>], cuts: Option<&CutScores>, draws: Option<&Draws>) -> Value {
    let known: Vec<Score> = scores.iter().flatten().copied().collect();
    let levels = cuts.and_then(|cuts| Some((cuts, cuts.classification(&known)?)));
    json!({
        "method": arguments.method,
        "persons": scores.len(),
        "without_score": scores.len() - known.len(),
        "empirical_reliability": empirical_reliability(&known),
        "levels": levels.map(|(cuts, found)| json!({
            "cuts": cuts.cuts(),
            "counts": found.counts,
            "accuracy": found.accuracy,
            "consistency": found.consistency,
        })),
        "plausible_values": arguments.plausible,
        "latent_regression": draws.and_then(|draws| Some((draws, draws.regression.as_ref()?))).map(|(draws, found)| json!({
            "covariates": draws.covariates,
            "coefficients": found.coefficients,
            "se": found.standard_errors,
            "residual_sd": found.residual_sd,
            "log_likelihood": found.log_likelihood,
            "converged": found.converged,
        })),
    })
}

/// The columns of the data that are calibrated, with their items.
fn matched(data: &Data, known: &[CalibratedItem]) -> Result<(Responses, Vec<CalibratedItem>), BadInput> {
    let columns = data.responses.items();
    let find = |column: &ItemColumn| known.iter().find(|item| item.name == column.name);
    let kept: Vec<(usize, &CalibratedItem)> =
        columns.iter().enumerate().filter_map(|(i, column)| Some((i, find(column)?))).collect();
    if kept.is_empty() {
        return Err(BadInput("no column of the data is in the file of items; check the names".to_owned()));
    }
    let left: Vec<&str> =
        columns.iter().filter(|column| find(column).is_none()).map(|column| column.name.as_str()).collect();
    if !left.is_empty() {
        eprintln!("columns that are not calibrated were left out: {}", left.join(", "));
    }
    let mut items = Vec::new();
    for (place, item) in &kept {
        let top = item.scores.last().copied().unwrap_or(1);
        if columns[*place].max > top {
            return Err(BadInput(format!(
                "item {}: the data have score {} but the calibration ends at {top}",
                item.name, columns[*place].max
            )));
        }
        items.push(ItemColumn { max: top, ..columns[*place].clone() });
    }
    let mut builder = ResponsesBuilder::new(items).map_err(BadInput::from)?;
    for person in 0..data.responses.persons() {
        let row: Vec<Cell> = kept.iter().map(|(place, _)| data.responses.cell(person, *place)).collect();
        builder.push(&row).map_err(BadInput::from)?;
    }
    Ok((builder.finish(), kept.into_iter().map(|(_, item)| item.clone()).collect()))
}
