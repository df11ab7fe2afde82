//! `zerek psychometrics fit`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use psychometrics::facets::FacetSettings;
use psychometrics::irt::Equality;
use psychometrics::{Fit, FitSettings, LatentChoice, Model, Prior, Priors, Responses};
use serde_json::json;

use super::calibration;
use super::covariates::covariates;
use super::input::{self, DataArguments};
use crate::{BadInput, Outcome};

/// Calibrate items by marginal maximum likelihood.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub struct Arguments {
    #[command(flatten)]
    pub(super) data: DataArguments,
    /// rasch, 1pl, 2pl, 3pl, 4pl, pcm, rsm, gpcm, grm or nominal; facets for ratings by raters (columns person, rater,
    /// score and, if there are several, criterion; one rating a row)
    #[arg(long, default_value = "2pl")]
    pub(super) model: String,
    /// marginal; or conditional (given sum scores, without a distribution of ability) for rasch and pcm
    #[arg(long, value_enum, default_value_t = Estimation::Marginal)]
    pub(super) estimation: Estimation,
    /// Columns of the data on which ability is regressed, together with the items: numbers as they are, texts as
    /// categories; coefficients into regression.csv
    #[arg(long, value_name = "COLS", value_delimiter = ',')]
    pub(super) regress: Vec<String>,
    /// Models by item: columns item,model; slope for oplm; fixed (1) with parameters to hold items
    #[arg(long, value_name = "ITEMS.CSV")]
    pub(super) model_file: Option<PathBuf>,
    /// Quadrature nodes
    #[arg(long, default_value_t = 61)]
    nodes: usize,
    /// The nodes reach from -RANGE to RANGE
    #[arg(long, default_value_t = 6.0)]
    range: f64,
    /// Choose nodes so that their spacing is below 0.6 of the smallest posterior standard deviation
    #[arg(long, conflicts_with_all = ["nodes", "range"])]
    pub(super) adaptive: bool,
    /// a~lognormal(0,0.5), d~normal(0,2), g~normal(-1.386,0.5) on the logit, g~beta(5,17), u~...; or none.
    /// 3pl and 4pl have the first and third by default (u~normal(3.5,1) for 4pl)
    #[arg(long, value_name = "PRIOR")]
    pub(super) prior: Vec<String>,
    /// Parameters that are one parameter: a1:q1,q2 or, for all items, a1:* (names as in items.csv)
    #[arg(long, value_name = "PARAMETER:ITEMS")]
    pub(super) equal: Vec<String>,
    /// Latent distribution: auto, standard, free or histogram (free weights of the nodes, into latent.csv)
    #[arg(long, default_value = "auto")]
    pub(super) latent: String,
    /// Standard errors
    #[arg(long)]
    se: bool,
    /// Standard errors that hold where the model does not, and with weights (sandwich)
    #[arg(long, requires = "se")]
    pub(super) sandwich: bool,
    /// 95 % intervals by the profile of the posterior, into intervals.csv: they need no symmetry, which guessing and slopes
    /// of 3pl and 4pl do not have. Every bound takes some searches
    #[arg(long, requires = "se")]
    pub(super) intervals: bool,
    /// Facets: steps of its own for every criterion (partial credit)
    #[arg(long)]
    steps_by_criterion: bool,
    /// Item fit statistics into fit.csv, of pairs into pairs.csv, data of plots into points.csv and information.csv
    #[arg(long)]
    pub(super) fit_statistics: bool,
    /// Stop when the gain left in log-likelihood is below this
    #[arg(long, default_value_t = 1e-7)]
    tolerance: f64,
    /// Most iterations
    #[arg(long, default_value_t = 500)]
    iterations: usize,
    /// Folder for items.csv, summary.json, fit.csv, warnings.json, with --se also covariance.csv, with --regress
    /// regression.csv, with --intervals intervals.csv
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
}

/// How items are estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Estimation {
    Marginal,
    Conditional,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, BadInput> {
    let started = Instant::now();
    if arguments.model.eq_ignore_ascii_case("facets") {
        return super::fit_facets::run(&arguments.data.data, &facet_settings(arguments), &arguments.out);
    }
    if arguments.estimation == Estimation::Conditional {
        return super::fit_conditional::run(arguments);
    }
    let (data, texts) = input::read_with(&arguments.data, &arguments.regress)?;
    let mut settings = FitSettings {
        nodes: arguments.nodes,
        range: arguments.range,
        latent: latent_choice(&arguments.latent)?,
        tolerance: arguments.tolerance,
        iterations: arguments.iterations,
        standard_errors: arguments.se,
        sandwich: arguments.sandwich,
        regression: match arguments.regress.as_slice() {
            [] => None,
            names => Some(covariates("--regress", names, &texts)?),
        },
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
    super::fit_curves::latent(&fitted, &arguments.out)?;
    if arguments.intervals {
        super::fit_curves::intervals(&fitted, &data.responses, &arguments.out)?;
    }
    let limited = super::fit_statistics::write(&fitted, &data.responses, arguments.fit_statistics, &arguments.out)?;
    let more = json!({
        "estimation": "marginal",
        "m2": limited,
        "seconds_fit": seconds_fit,
        "seconds_total": started.elapsed().as_secs_f64(),
    });
    calibration::write(&fitted, &data.responses, &settings, data.warnings, more, &arguments.out)
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
