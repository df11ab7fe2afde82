//! `zerek psychometrics fit`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use psychometrics::facets::FacetSettings;
use psychometrics::irt::{Equality, Estimate};
use psychometrics::{Fit, FitSettings, FitWarning, LatentChoice, Model, Prior, Priors, Responses};
use serde_json::json;

use super::input::{self, DataArguments};
use super::output::{self, Rows, number};
use crate::{BadInput, Outcome};

/// Calibrate items by marginal maximum likelihood.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// rasch, 1pl, 2pl, 3pl, 4pl, pcm, rsm, gpcm, grm or nominal; facets for ratings by raters (columns person, rater,
    /// score and, if there are several, criterion; one rating a row)
    #[arg(long, default_value = "2pl")]
    model: String,
    /// Models by item: columns item,model; slope for oplm; fixed (1) with parameters to hold items
    #[arg(long, value_name = "ITEMS.CSV")]
    model_file: Option<PathBuf>,
    /// Quadrature nodes
    #[arg(long, default_value_t = 61)]
    nodes: usize,
    /// The nodes reach from -RANGE to RANGE
    #[arg(long, default_value_t = 6.0)]
    range: f64,
    /// Choose nodes so that their spacing is below 0.6 of the smallest posterior standard deviation
    #[arg(long, conflicts_with_all = ["nodes", "range"])]
    adaptive: bool,
    /// a~lognormal(0,0.5), d~normal(0,2), g~normal(-1.386,0.5) on the logit, g~beta(5,17), u~...; or none.
    /// 3pl and 4pl have the first and third by default (u~normal(3.5,1) for 4pl)
    #[arg(long, value_name = "PRIOR")]
    prior: Vec<String>,
    /// Parameters that are one parameter: a1:q1,q2 or, for all items, a1:* (names as in items.csv)
    #[arg(long, value_name = "PARAMETER:ITEMS")]
    equal: Vec<String>,
    /// Latent distribution: auto, standard, free or histogram (free weights of the nodes, into latent.csv)
    #[arg(long, default_value = "auto")]
    latent: String,
    /// Standard errors
    #[arg(long)]
    se: bool,
    /// Standard errors that hold where the model does not, and with weights (sandwich)
    #[arg(long, requires = "se")]
    sandwich: bool,
    /// Facets: steps of its own for every criterion (partial credit)
    #[arg(long)]
    steps_by_criterion: bool,
    /// Item fit statistics into fit.csv, of pairs into pairs.csv, data of plots into points.csv and information.csv
    #[arg(long)]
    fit_statistics: bool,
    /// Stop when the gain left in log-likelihood is below this
    #[arg(long, default_value_t = 1e-7)]
    tolerance: f64,
    /// Most iterations
    #[arg(long, default_value_t = 500)]
    iterations: usize,
    /// Folder for items.csv, summary.json, fit.csv, warnings.json, with --se also covariance.csv
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, BadInput> {
    let started = Instant::now();
    if arguments.model.eq_ignore_ascii_case("facets") {
        return super::fit_facets::run(&arguments.data.data, &facet_settings(arguments), &arguments.out);
    }
    let data = input::read(&arguments.data)?;
    let mut settings = FitSettings {
        nodes: arguments.nodes,
        range: arguments.range,
        latent: latent_choice(&arguments.latent)?,
        tolerance: arguments.tolerance,
        iterations: arguments.iterations,
        standard_errors: arguments.se,
        sandwich: arguments.sandwich,
        equal: equalities(&arguments.equal, &data.responses)?,
        ..FitSettings::default()
    };
    let models = models(arguments, &data.responses, &mut settings)?;
    settings.priors = priors(&arguments.prior, &models)?;
    let fit_started = Instant::now();
    let refused = |error: psychometrics::Error| BadInput(error.to_string());
    let progress = super::progress("calibrating");
    let mut fitted = psychometrics::fit(&data.responses, &models, &settings).map_err(refused)?;
    if arguments.adaptive {
        fitted = adapted(fitted, &data.responses, &models, &mut settings).map_err(refused)?;
    }
    let seconds_fit = fit_started.elapsed().as_secs_f64();
    progress.finish_and_clear();
    write_items(&fitted, &data.responses, &arguments.out)?;
    super::covariance::write(&fitted, &data.responses, &arguments.out)?;
    super::fit_curves::latent(&fitted, &arguments.out)?;
    let limited = super::fit_statistics::write(&fitted, &data.responses, arguments.fit_statistics, &arguments.out)?;
    let mut warnings = data.warnings;
    warnings.extend(fitted.warnings.iter().map(ToString::to_string));
    output::json(&arguments.out.join("warnings.json"), &json!(warnings))?;
    let latent: Vec<serde_json::Value> = fitted
        .latent
        .iter()
        .map(|l| json!({"group": l.group, "mean": l.mean.value, "se_mean": l.mean.se, "variance": l.variance.value, "se_variance": l.variance.se}))
        .collect();
    let summary = json!({
        "log_likelihood": fitted.log_likelihood,
        "log_posterior": fitted.log_posterior,
        "iterations": fitted.iterations,
        "evaluations": fitted.evaluations,
        "converged": fitted.converged,
        "seconds_fit": seconds_fit,
        "seconds_total": started.elapsed().as_secs_f64(),
        "peak_memory_mb": output::peak_memory_mb(),
        "persons": data.responses.persons(),
        "items": data.responses.items().len(),
        "parameters": fitted.parameters,
        "aic": fitted.aic(),
        "bic": fitted.bic(),
        "latent_mean": fitted.latent[0].mean.value,
        "latent_variance": fitted.latent[0].variance.value,
        "latent": latent,
        "nodes": fitted.grid.nodes().len(),
        "range": settings.range,
        "m2": limited,
        "priors": format!("{:?}", settings.priors),
    });
    output::json(&arguments.out.join("summary.json"), &summary)?;
    let marked = fitted.warnings.iter().any(|warning| matches!(warning, FitWarning::NotConverged(_)));
    Ok(if marked { Outcome::Warnings } else { Outcome::Done })
}

fn latent_choice(name: &str) -> Result<LatentChoice, BadInput> {
    match name {
        "auto" => Ok(LatentChoice::Auto),
        "standard" => Ok(LatentChoice::Standard),
        "free" => Ok(LatentChoice::Free),
        "histogram" => Ok(LatentChoice::Histogram),
        other => Err(BadInput(format!("--latent {other}: use auto, standard, free or histogram"))),
    }
}

/// The range of nodes is wider by default: severities and steps spread the abilities.
fn facet_settings(arguments: &Arguments) -> FacetSettings {
    FacetSettings {
        steps_by_criterion: arguments.steps_by_criterion,
        nodes: arguments.nodes,
        range: arguments.range.max(8.0),
        tolerance: arguments.tolerance,
        iterations: arguments.iterations,
    }
}

fn equalities(given: &[String], responses: &Responses) -> Result<Vec<Equality>, BadInput> {
    let place = |name: &str| {
        responses
            .items()
            .iter()
            .position(|item| item.name == name)
            .ok_or_else(|| BadInput(format!("--equal: item {name} is not in the data")))
    };
    let one = |text: &String| {
        let (parameter, items) = text
            .split_once(':')
            .ok_or_else(|| BadInput(format!("--equal {text}: write for example a1:q1,q2 or a1:*")))?;
        let items = if items.trim() == "*" {
            (0..responses.items().len()).collect()
        } else {
            items.split(',').map(|name| place(name.trim())).collect::<Result<Vec<_>, _>>()?
        };
        Ok(Equality { parameter: parameter.trim().to_owned(), items })
    };
    given.iter().map(one).collect()
}

fn models(arguments: &Arguments, responses: &Responses, settings: &mut FitSettings) -> Result<Vec<Model>, BadInput> {
    let names: Vec<&str> = responses.items().iter().map(|item| item.name.as_str()).collect();
    let one = Model::from_name(&arguments.model).ok_or_else(|| {
        BadInput(format!(
            "--model {}: use rasch, 1pl, 2pl, 3pl, 4pl, pcm, rsm, gpcm, grm or nominal (oplm needs --model-file)",
            arguments.model
        ))
    })?;
    let mut models = vec![one; names.len()];
    let Some(path) = &arguments.model_file else { return Ok(models) };
    let table = input::Table::read(path)?;
    let (item, model, slope) = (table.column("item")?, table.column("model")?, table.find("slope"));
    let fixed = table.find("fixed");
    let known: BTreeMap<String, _> = match fixed {
        Some(_) => input::read_items(path)?.into_iter().map(|(item, _)| (item.name.clone(), item.parameters)).collect(),
        None => BTreeMap::new(),
    };
    settings.fixed = vec![None; names.len()];
    for row in 0..table.rows.len() {
        let name = &table.rows[row][item];
        let place = names
            .iter()
            .position(|n| n == &name)
            .ok_or_else(|| BadInput(format!("{}: item {name} is not in the data", table.path)))?;
        let value = slope.map_or(Ok(None), |c| table.number(row, c))?;
        let text = &table.rows[row][model];
        models[place] = input::model_from(text, value).ok_or_else(|| {
            BadInput(format!("{}: item {name}: model {text} is not known, or oplm without a whole slope", table.path))
        })?;
        if fixed.is_some_and(|c| table.rows[row][c].trim() == "1") {
            settings.fixed[place] = known.get(name).cloned();
        }
    }
    Ok(models)
}

/// Priors from the command line; 3PL and 4PL have defaults.
pub(super) fn priors(given: &[String], models: &[Model]) -> Result<Priors, BadInput> {
    let mut priors = Priors::default();
    if given.is_empty() {
        let guessing = models.iter().any(|m| matches!(m, Model::ThreePl | Model::FourPl));
        if guessing {
            priors.slope = Some(Prior::LogNormal { mean: 0.0, sd: 0.5 });
            priors.lower = Some(Prior::Normal { mean: -1.386, sd: 0.5 });
        }
        if models.contains(&Model::FourPl) {
            priors.upper = Some(Prior::Normal { mean: 3.5, sd: 1.0 });
        }
        return Ok(priors);
    }
    for text in given.iter().filter(|text| *text != "none") {
        let wrong = || {
            BadInput(format!(
                "--prior {text}: write for example a~lognormal(0,0.5), g~normal(-1.386,0.5) or g~beta(5,17)"
            ))
        };
        let (parameter, density) = text.split_once('~').ok_or_else(wrong)?;
        let (name, rest) = density.split_once('(').ok_or_else(wrong)?;
        let numbers: Vec<f64> = rest.trim_end_matches(')').split(',').filter_map(|x| x.trim().parse().ok()).collect();
        let [first, second] = numbers[..] else { return Err(wrong()) };
        let prior = match name.trim() {
            "normal" | "norm" if second > 0.0 => Prior::Normal { mean: first, sd: second },
            "lognormal" | "lnorm" if second > 0.0 => Prior::LogNormal { mean: first, sd: second },
            "beta" if first > 0.0 && second > 0.0 => Prior::Beta { alpha: first, beta: second },
            _ => return Err(wrong()),
        };
        match parameter.trim() {
            "a" | "a1" => priors.slope = Some(prior),
            "d" | "b" => priors.intercept = Some(prior),
            "g" | "c" => priors.lower = Some(prior),
            "u" => priors.upper = Some(prior),
            _ => return Err(wrong()),
        }
    }
    Ok(priors)
}

/// Refits with more nodes or a wider range when the posterior is narrow for the spacing.
fn adapted(
    fitted: Fit,
    responses: &Responses,
    models: &[Model],
    settings: &mut FitSettings,
) -> Result<Fit, psychometrics::Error> {
    let narrowest =
        fitted.eap(responses.persons()).into_iter().flatten().map(|(_, sd)| sd).fold(f64::INFINITY, f64::min);
    let reach = fitted.latent.iter().map(|l| l.mean.value.abs() + 6.0 * l.variance.value.sqrt()).fold(6.0, f64::max);
    let spacing = 2.0 * settings.range / (settings.nodes - 1) as f64;
    let wanted = 0.6 * narrowest.max(0.01);
    if spacing <= wanted && reach <= settings.range + 1e-9 {
        return Ok(fitted);
    }
    settings.range = reach;
    settings.nodes = ((2.0 * reach / wanted).ceil() as usize + 1).clamp(settings.nodes, 601);
    settings.start = fitted.items.iter().cloned().map(Some).collect();
    psychometrics::fit(responses, models, settings)
}

/// Order of the parameter columns.
fn rank(name: &str) -> (usize, usize) {
    let order = ["a", "b", "c", "u", "a1", "d", "g"];
    let digits = name.trim_start_matches(|c: char| c.is_alphabetic());
    let number = digits.parse().unwrap_or(0);
    let kind = match (name.trim_end_matches(|c: char| c.is_ascii_digit()), number) {
        ("a", 0) => 0,
        ("a", _) => 4,
        ("c", 1..) => 7,
        (letter, _) => order.iter().position(|o| *o == letter).unwrap_or(8),
    };
    (kind, number)
}

pub(super) fn write_items(fitted: &Fit, responses: &Responses, out: &std::path::Path) -> Result<(), BadInput> {
    let of_item = |item: usize| -> BTreeMap<(usize, usize), Estimate> {
        let mut all = fitted.irt_form(item);
        // The asymptotes are already there as c and u.
        all.extend(fitted.slope_intercept(item).into_iter().filter(|e| e.name != "g" && e.name != "u"));
        all.into_iter().map(|estimate| (rank(&estimate.name), estimate)).collect()
    };
    let estimates: Vec<BTreeMap<(usize, usize), Estimate>> = (0..responses.items().len()).map(of_item).collect();
    let mut columns: BTreeMap<(usize, usize), String> = BTreeMap::new();
    for item in &estimates {
        columns.extend(item.iter().map(|(rank, estimate)| (*rank, estimate.name.clone())));
    }
    let mut header = vec!["item".to_owned(), "model".to_owned()];
    header.extend(columns.values().cloned());
    header.extend(columns.values().map(|name| format!("se_{name}")));
    header.push("scores".to_owned());
    let mut rows = Rows::new(&header);
    for (place, item) in estimates.iter().enumerate() {
        let mut cells = vec![responses.items()[place].name.clone(), fitted.models[place].name().to_owned()];
        cells.extend(columns.keys().map(|rank| number(item.get(rank).map(|e| e.value))));
        cells.extend(columns.keys().map(|rank| number(item.get(rank).and_then(|e| e.se))));
        cells.push(fitted.scores[place].iter().map(u8::to_string).collect::<Vec<_>>().join(";"));
        rows.push(cells);
    }
    rows.write(&out.join("items.csv"))
}
