//! `zerek psychometrics calibrate`: forms with common items together, or new items beside calibrated ones.

use std::path::{Path, PathBuf};
use std::time::Instant;

use psychometrics::{Cell, FitSettings, ItemColumn, ItemParameters, Model, Responses, ResponsesBuilder};
use serde_json::json;

use super::input::{self, Data, DataArguments};
use super::{calibration, covariance, fit};
use crate::{BadInput, Outcome};

/// Calibrate several forms together (concurrent), or new items beside items of a bank (fixed anchor).
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// Another form, with the same options; common items have the same name. Each form is a group of persons with its own
    /// mean and variance of ability, the first the reference
    #[arg(long = "with", value_name = "DATA")]
    with: Vec<PathBuf>,
    /// Calibrated items to hold (items.csv); the scale is theirs. With covariance.csv beside it, errors take in those of
    /// the items held
    #[arg(long, value_name = "ITEMS.CSV")]
    anchor: Option<PathBuf>,
    /// Model of the items that are not held; auto takes 2pl, and gpcm for items of several points
    #[arg(long, default_value = "auto")]
    model: String,
    /// Priors, as for fit
    #[arg(long, value_name = "PRIOR")]
    prior: Vec<String>,
    /// Quadrature nodes
    #[arg(long, default_value_t = 61)]
    nodes: usize,
    /// The nodes reach from -RANGE to RANGE
    #[arg(long, default_value_t = 6.0)]
    range: f64,
    /// Folder for items.csv, covariance.csv, summary.json, warnings.json
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, BadInput> {
    let started = Instant::now();
    let refused = |error: psychometrics::Error| BadInput(error.to_string());
    let (responses, warnings) = forms(arguments)?;
    let mut models = super::report::models(&arguments.model, &responses)?;
    let Anchored { fixed, held, covariance } = anchored(arguments, &responses, &mut models)?;
    let settings = FitSettings {
        nodes: arguments.nodes,
        range: arguments.range,
        priors: fit::priors(&arguments.prior, &models)?,
        fixed,
        fixed_covariance: covariance,
        standard_errors: true,
        ..FitSettings::default()
    };
    let progress = super::progress("calibrating");
    let fit_started = Instant::now();
    let fitted = psychometrics::fit(&responses, &models, &settings).map_err(refused)?;
    let seconds_fit = fit_started.elapsed().as_secs_f64();
    progress.finish_and_clear();
    let more = json!({
        "estimation": "marginal",
        "anchor_items": held,
        "anchor_errors": settings.fixed_covariance.is_some(),
        "seconds_fit": seconds_fit,
        "seconds_total": started.elapsed().as_secs_f64(),
    });
    calibration::write(&fitted, &responses, &settings, warnings, more, &arguments.out)
}

/// All forms as one table, with a group for each where there are several.
fn forms(arguments: &Arguments) -> Result<(Responses, Vec<String>), BadInput> {
    let first = input::read(&arguments.data)?;
    if arguments.with.is_empty() {
        return Ok((first.responses, first.warnings));
    }
    let mut all: Vec<(String, Data)> = vec![(label(1, &arguments.data.data), first)];
    for (place, path) in (2..).zip(&arguments.with) {
        let own = DataArguments { data: path.clone(), ..arguments.data.clone() };
        all.push((label(place, path), input::read(&own)?));
    }
    let mut columns: Vec<ItemColumn> = Vec::new();
    for (_, data) in &all {
        for column in data.responses.items() {
            match columns.iter_mut().find(|known| known.name == column.name) {
                Some(known) => known.max = known.max.max(column.max),
                None => columns.push(ItemColumn::scored(column.name.clone(), column.max)),
            }
        }
    }
    let refused = |error: psychometrics::Error| BadInput(error.to_string());
    let mut builder = ResponsesBuilder::new(columns.clone()).map_err(refused)?;
    let (mut labels, mut weights, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    for (name, data) in &all {
        let place = |column: &ItemColumn| columns.iter().position(|c| c.name == column.name).unwrap_or_default();
        let places: Vec<usize> = data.responses.items().iter().map(place).collect();
        for person in 0..data.responses.persons() {
            let mut row = vec![Cell::NotPresented; columns.len()];
            for (item, cell) in data.responses.of_person(person) {
                row[places[item]] = cell;
            }
            builder.push(&row).map_err(refused)?;
            // Groups inside a form stay groups.
            let inner = data.responses.groups().map(|g| g.labels[g.of_person[person] as usize].clone());
            labels.push(inner.map_or_else(|| name.clone(), |inner| format!("{name} {inner}")));
        }
        weights.extend(data.responses.weights().unwrap_or_default());
        warnings.extend(data.warnings.iter().map(|warning| format!("{name}: {warning}")));
    }
    let mut responses = builder.finish().with_groups(&labels).map_err(refused)?;
    if !weights.is_empty() {
        responses = responses.with_weights(weights).map_err(refused)?;
    }
    Ok((responses, warnings))
}

/// Groups stand in sorted order; the number keeps the forms in the order given.
fn label(place: usize, path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.split('.').next().unwrap_or_default();
    format!("{place:02} {stem}")
}

/// Items to hold.
#[derive(Default)]
struct Anchored {
    /// Parameters, one entry per item of the data.
    fixed: Vec<Option<ItemParameters>>,
    held: Vec<String>,
    /// Of the parameters held, where covariance.csv lies beside them.
    covariance: Option<Vec<f64>>,
}

fn anchored(arguments: &Arguments, responses: &Responses, models: &mut [Model]) -> Result<Anchored, BadInput> {
    let Some(path) = &arguments.anchor else { return Ok(Anchored::default()) };
    let known = input::read_items(path)?;
    let mut fixed = vec![None; responses.items().len()];
    let mut held = Vec::new();
    for (place, column) in responses.items().iter().enumerate() {
        let Some((item, model)) = known.iter().find(|(item, _)| item.name == column.name) else { continue };
        models[place] = model.unwrap_or(match &item.parameters {
            ItemParameters::Logistic { .. } if item.parameters.is_divide_by_total() => Model::TwoPl,
            ItemParameters::Logistic { upper, .. } if *upper < 1.0 => Model::FourPl,
            ItemParameters::Logistic { .. } => Model::ThreePl,
            ItemParameters::PartialCredit { .. } => Model::GeneralisedPartialCredit,
            ItemParameters::Graded { .. } => Model::Graded,
            ItemParameters::Nominal { .. } => Model::Nominal,
        });
        fixed[place] = Some(item.parameters.clone());
        held.push(column.name.clone());
    }
    if held.is_empty() {
        return Err(BadInput(format!("{}: none of its items is in the data; check the names", path.display())));
    }
    let covariance = covariance::calibration(path, "anchor")?.only(&held).covariance;
    Ok(Anchored { fixed, held, covariance })
}
