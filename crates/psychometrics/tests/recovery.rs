//! Recovery of known parameters for every model, in one table: are estimates free of bias, and do 95 % intervals cover
//! 95 %, within Monte-Carlo error?
//!
//! Twelve replications of each model by default; 200 with `ZEREK_FULL=1`. In a replication persons are drawn anew, the
//! model is estimated, and every parameter gives an error and an interval (estimate +- 1.96 standard errors). Models
//! with priors (3PL, 4PL) draw the true items from these priors anew as well: only then is 95 % what to expect.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a check that prints and stops")]

use std::process::ExitCode;

use psychometrics::conditional::conditional_rasch;
use psychometrics::conditioning::Likelihoods;
use psychometrics::facets::{FacetSettings, Ratings, fit_facets};
use psychometrics::irt::Grid;
use psychometrics::simulation::{Generator, simulate};
use psychometrics::{
    CalibratedItem, FitSettings, ItemParameters, MissingTreatment, Model, Prior, Priors, Responses, fit,
};
use rayon::prelude::*;

/// Half the width of a 95 % interval, in standard errors.
const REACH: f64 = 1.959_963_984_540_054;

/// One parameter in one replication: truth, estimate, standard error; `None` when the error does not exist.
type Outcome = (f64, f64, Option<f64>);

struct Study {
    name: &'static str,
    size: &'static str,
    run: Box<Replication>,
}

/// Draws persons, estimates, compares.
type Replication = dyn Fn(&mut Generator) -> Vec<Outcome> + Sync;

fn items(parameters: &[ItemParameters]) -> Vec<CalibratedItem> {
    parameters.iter().enumerate().map(|(i, p)| CalibratedItem::new(format!("i{i}"), p.clone())).collect()
}

fn drawn(parameters: &[ItemParameters], persons: usize, mean: f64, sd: f64, generator: &mut Generator) -> Responses {
    let thetas: Vec<f64> = (0..persons).map(|_| mean + sd * generator.normal()).collect();
    simulate(&items(parameters), &thetas, generator).unwrap()
}

/// Flat parameters in the order of `Fit::slope_intercept`.
fn flat(item: &ItemParameters) -> Vec<f64> {
    match item {
        ItemParameters::Logistic { slope, intercept, lower, upper } => vec![*slope, *intercept, *lower, *upper],
        ItemParameters::PartialCredit { slope, intercepts } | ItemParameters::Graded { slope, intercepts } => {
            std::iter::once(*slope).chain(intercepts.iter().copied()).collect()
        }
        ItemParameters::Nominal { slopes, intercepts } => slopes.iter().chain(intercepts).copied().collect(),
    }
}

/// Estimates beside the truth; asymptotes on the logit, where their errors are nearly normal.
fn outcomes(fitted: &psychometrics::Fit, truth: &[ItemParameters]) -> Vec<Outcome> {
    let mut out = Vec::new();
    for (i, item) in truth.iter().enumerate() {
        for (estimate, value) in fitted.slope_intercept(i).into_iter().zip(flat(item)) {
            if estimate.se.is_none() && fitted.covariance().is_some() {
                // Given, not estimated.
                continue;
            }
            if matches!(estimate.name.as_str(), "g" | "u") {
                let logit = |p: f64| (p / (1.0 - p)).ln();
                let by = estimate.value * (1.0 - estimate.value);
                out.push((logit(value), logit(estimate.value), estimate.se.map(|se| se / by)));
            } else {
                out.push((value, estimate.value, estimate.se));
            }
        }
    }
    out
}

fn settings(priors: Priors) -> FitSettings {
    FitSettings { standard_errors: true, priors, ..FitSettings::default() }
}

fn calibrate(responses: &Responses, models: &[Model], priors: Priors) -> psychometrics::Fit {
    let fitted = fit(responses, models, &settings(priors)).unwrap();
    assert!(fitted.converged, "{:?}", fitted.warnings);
    fitted
}

/// A study of one model with the same true items in every replication; the variance of ability is a parameter too
/// with `free_sd` as truth where slopes are given.
fn fixed(
    name: &'static str,
    size: &'static str,
    models: Vec<Model>,
    truth: Vec<ItemParameters>,
    persons: usize,
    free_sd: Option<f64>,
) -> Study {
    let run = move |generator: &mut Generator| {
        let responses = drawn(&truth, persons, 0.0, free_sd.unwrap_or(1.0), generator);
        let fitted = calibrate(&responses, &models, Priors::default());
        let mut out = outcomes(&fitted, &truth);
        if let Some(sd) = free_sd {
            // The logarithm is nearer to normal than the variance.
            let variance = &fitted.latent[0].variance;
            out.push((sd.ln(), 0.5 * variance.value.ln(), variance.se.map(|se| 0.5 * se / variance.value)));
        }
        out
    };
    Study { name, size, run: Box::new(run) }
}

fn spread(i: usize, count: usize) -> f64 {
    3.0 * i as f64 / (count - 1) as f64 - 1.5
}

fn logistic(slope: f64, intercept: f64) -> ItemParameters {
    ItemParameters::Logistic { slope, intercept, lower: 0.0, upper: 1.0 }
}

fn dichotomous(count: usize, slope: impl Fn(usize) -> f64) -> Vec<ItemParameters> {
    (0..count).map(|i| logistic(slope(i), spread(i, count))).collect()
}

fn partial(slope: f64, shift: f64) -> ItemParameters {
    ItemParameters::PartialCredit { slope, intercepts: vec![0.8 + shift, 0.4 + 2.0 * shift, 3.0 * shift - 0.9] }
}

/// Truths drawn from the priors.
fn with_priors(model: Model) -> Study {
    // The mode of a posterior is its mean only in large samples, and asymptotes take many persons.
    let persons = if model == Model::FourPl { 10_000 } else { 6_000 };
    let priors = Priors {
        slope: Some(Prior::LogNormal { mean: 0.2, sd: 0.3 }),
        intercept: Some(Prior::Normal { mean: 0.0, sd: 1.0 }),
        lower: Some(Prior::Normal { mean: -1.386, sd: 0.5 }),
        upper: (model == Model::FourPl).then_some(Prior::Normal { mean: 2.5, sd: 0.5 }),
    };
    let run = move |generator: &mut Generator| {
        let probability = |logit: f64| 1.0 / (1.0 + (-logit).exp());
        let mut one = || ItemParameters::Logistic {
            slope: (0.2 + 0.3 * generator.normal()).exp(),
            intercept: generator.normal(),
            lower: probability(-1.386 + 0.5 * generator.normal()),
            upper: if model == Model::FourPl { probability(2.5 + 0.5 * generator.normal()) } else { 1.0 },
        };
        let truth: Vec<ItemParameters> = (0..12).map(|_| one()).collect();
        let responses = drawn(&truth, persons, 0.0, 1.0, generator);
        outcomes(&calibrate(&responses, &[model; 12], priors), &truth)
    };
    Study {
        name: if model == Model::FourPl { "4pl" } else { "3pl" },
        size: if model == Model::FourPl { "10,000 x 12" } else { "6,000 x 12" },
        run: Box::new(run),
    }
}

fn groups() -> Study {
    let run = |generator: &mut Generator| {
        let truth = dichotomous(8, |i| 0.8 + 0.1 * i as f64);
        let (first, second) = (drawn(&truth, 900, 0.0, 1.0, generator), drawn(&truth, 900, 0.5, 1.2, generator));
        let rows = [&first, &second].into_iter().flat_map(|part| {
            (0..900)
                .map(|person| part.of_person(person).map(|(_, cell)| MissingTreatment::default().apply(cell)).collect())
        });
        let labels: Vec<String> = (0..1800).map(|p| if p < 900 { "a".to_owned() } else { "b".to_owned() }).collect();
        let columns = (0..8).map(|i| (format!("i{i}"), 1));
        let responses = Responses::from_scores(columns, rows).unwrap().with_groups(&labels).unwrap();
        let fitted = calibrate(&responses, &[Model::TwoPl; 8], Priors::default());
        let mut out = outcomes(&fitted, &truth);
        let (mean, variance) = (&fitted.latent[1].mean, &fitted.latent[1].variance);
        out.push((0.5, mean.value, mean.se));
        out.push((1.2_f64.ln(), 0.5 * variance.value.ln(), variance.se.map(|se| 0.5 * se / variance.value)));
        out
    };
    Study { name: "multiple groups (2pl)", size: "2 x 900 x 8", run: Box::new(run) }
}

fn latent_regression() -> Study {
    let run = |generator: &mut Generator| {
        let truth = dichotomous(15, |i| 0.9 + 0.04 * i as f64);
        let covariates: Vec<Vec<f64>> = (0..800).map(|p| vec![1.0, f64::from(p % 2), generator.normal()]).collect();
        let coefficients = [-0.2, 0.6, 0.3];
        let predicted = |row: &Vec<f64>| row.iter().zip(coefficients).map(|(x, b)| x * b).sum::<f64>();
        let thetas: Vec<f64> = covariates.iter().map(|row| predicted(row) + 0.8 * generator.normal()).collect();
        let items = items(&truth);
        let responses = simulate(&items, &thetas, generator).unwrap();
        let likelihoods =
            Likelihoods::new(&responses, &items, MissingTreatment::default(), &Grid::new(41, 6.0)).unwrap();
        let regression = likelihoods.regression(&covariates).unwrap();
        assert!(regression.converged);
        let errors = regression.standard_errors.unwrap();
        let pairs = regression.coefficients.iter().zip(errors).zip(coefficients);
        pairs.map(|((estimate, se), truth)| (truth, *estimate, Some(se))).collect()
    };
    Study { name: "latent regression", size: "800 x 15", run: Box::new(run) }
}

fn many_facet() -> Study {
    let run = |generator: &mut Generator| {
        let (raters, criteria, steps) = ([-0.7, -0.2, 0.3, 0.6], [-0.4, 0.1, 0.3], [-1.0, 0.1, 0.9]);
        let mut ratings = Vec::new();
        let mut curves = Vec::new();
        for person in 0..400 {
            let theta = 0.3 + 1.1 * generator.normal();
            for rater in [person % 4, (person + 1 + person / 4 % 2) % 4] {
                for (criterion, difficulty) in criteria.iter().enumerate() {
                    let mut sum = 0.0;
                    let intercept = |(k, step): (usize, &f64)| {
                        sum += step;
                        -((k + 1) as f64) * (raters[rater] + difficulty) - sum
                    };
                    let intercepts = steps.iter().enumerate().map(intercept).collect();
                    ItemParameters::PartialCredit { slope: 1.0, intercepts }.curves(theta, &mut curves);
                    let mut left = generator.uniform();
                    let mut k = 0;
                    while k < 3 && left >= curves[k].p {
                        left -= curves[k].p;
                        k += 1;
                    }
                    ratings.push((format!("p{person:03}"), format!("r{rater}"), format!("c{criterion}"), k as u8));
                }
            }
        }
        let fitted = fit_facets(&Ratings::new(ratings).unwrap(), &FacetSettings::default()).unwrap();
        assert!(fitted.converged && fitted.warnings.is_empty(), "{:?}", fitted.warnings);
        let measures = fitted.raters.iter().zip(raters).chain(fitted.criteria.iter().zip(criteria));
        let mut out: Vec<Outcome> = measures.map(|(ours, truth)| (truth, ours.measure, ours.se)).collect();
        out.extend(fitted.steps[0].iter().zip(steps).map(|(ours, truth)| (truth, ours.value, ours.se)));
        out.push((0.3, fitted.mean.value, fitted.mean.se));
        let variance = &fitted.variance;
        out.push((1.1_f64.ln(), 0.5 * variance.value.ln(), variance.se.map(|se| 0.5 * se / variance.value)));
        out
    };
    Study { name: "many-facet", size: "400 x 2 x 3", run: Box::new(run) }
}

/// Conditional estimates on three booklets; truths centred as the estimates are.
fn conditional() -> Study {
    let run = |generator: &mut Generator| {
        let truth = dichotomous(9, |_| 1.0);
        let whole = drawn(&truth, 900, 0.2, 1.3, generator);
        let row = |person: usize| {
            let kept =
                |(item, cell)| (item % 3 != person % 3).then(|| MissingTreatment::default().apply(cell)).flatten();
            whole.of_person(person).map(kept).collect()
        };
        let responses = Responses::from_scores((0..9).map(|i| (format!("i{i}"), 1)), (0..900).map(row)).unwrap();
        let fitted = conditional_rasch(&responses, MissingTreatment::default()).unwrap();
        let one = |i: usize| (flat(&truth[i])[1], flat(&fitted.items[i])[1], Some(fitted.standard_errors[i][0]));
        (0..9).map(one).collect()
    };
    Study { name: "rasch, conditional, 3 booklets", size: "900 x 6 of 9", run: Box::new(run) }
}

fn studies() -> Vec<Study> {
    let polytomous =
        |slope: fn(usize) -> f64| (0..6).map(|i| partial(slope(i), 0.3 * spread(i, 6))).collect::<Vec<_>>();
    let graded = |i: usize| ItemParameters::Graded {
        slope: 1.0 + 0.15 * i as f64,
        intercepts: vec![1.5, spread(i, 6) * 0.3, -1.4],
    };
    let nominal = |i: usize| ItemParameters::Nominal {
        slopes: vec![0.6 + 0.1 * i as f64, 1.3, 0.9 + 0.2 * i as f64],
        intercepts: vec![0.5, 0.2 * spread(i, 6), -0.4],
    };
    let oplm = |i: usize| 1 + (i % 3) as u8;
    vec![
        fixed("rasch", "1,200 x 8", vec![Model::Rasch; 8], dichotomous(8, |_| 1.0), 1200, Some(1.3)),
        fixed("1pl", "1,200 x 8", vec![Model::OnePl; 8], dichotomous(8, |_| 1.2), 1200, None),
        fixed(
            "oplm",
            "1,200 x 8",
            (0..8).map(|i| Model::Oplm(oplm(i))).collect(),
            dichotomous(8, |i| f64::from(oplm(i))),
            1200,
            Some(0.8),
        ),
        fixed("2pl", "2,000 x 8", vec![Model::TwoPl; 8], dichotomous(8, |i| 0.8 + 0.1 * i as f64), 2000, None),
        with_priors(Model::ThreePl),
        with_priors(Model::FourPl),
        fixed("pcm", "1,200 x 6", vec![Model::PartialCredit; 6], polytomous(|_| 1.0), 1200, Some(1.2)),
        fixed("rsm", "1,200 x 6", vec![Model::RatingScale; 6], polytomous(|_| 1.0), 1200, Some(1.2)),
        fixed(
            "gpcm",
            "2,000 x 6",
            vec![Model::GeneralisedPartialCredit; 6],
            polytomous(|i| 0.7 + 0.1 * i as f64),
            2000,
            None,
        ),
        fixed("grm", "2,000 x 6", vec![Model::Graded; 6], (0..6).map(graded).collect(), 2000, None),
        fixed("nominal", "3,000 x 6", vec![Model::Nominal; 6], (0..6).map(nominal).collect(), 3000, None),
        groups(),
        latent_regression(),
        many_facet(),
        conditional(),
    ]
}

/// What a study found: one line of the table and whether it is within Monte-Carlo error.
fn line(study: &Study, replications: u64) -> (String, bool) {
    let outcomes: Vec<Vec<Outcome>> =
        (0..replications).into_par_iter().map(|seed| (study.run)(&mut Generator::new(1000 + 7919 * seed))).collect();
    let n = replications as f64;
    let parameters = outcomes[0].len();
    let without = outcomes.iter().flatten().filter(|o| o.2.is_none()).count();
    // Coverage of a replication; replications are independent, the intervals in one are not.
    let covers =
        |(truth, estimate, se): &Outcome| se.map(|se| f64::from(u8::from((estimate - truth).abs() < REACH * se)));
    let of_one = |o: &Vec<Outcome>| {
        let known: Vec<f64> = o.iter().filter_map(covers).collect();
        (known.iter().sum::<f64>(), known.len() as f64)
    };
    let shares: Vec<(f64, f64)> = outcomes.iter().map(of_one).collect();
    let intervals: f64 = shares.iter().map(|s| s.1).sum();
    let coverage = shares.iter().map(|s| s.0).sum::<f64>() / intervals;
    let between: f64 =
        shares.iter().map(|(covered, of)| (covered - coverage * of).powi(2)).sum::<f64>().sqrt() / intervals;
    let binomial = (0.95 * 0.05 / intervals).sqrt();
    let coverage_error = between.max(binomial);
    // Bias of every parameter in units of the spread of its estimates.
    let bias = |p: usize| {
        let errors: Vec<f64> = outcomes.iter().map(|o| o[p].1 - o[p].0).collect();
        let mean = errors.iter().sum::<f64>() / n;
        let spread = (errors.iter().map(|e| (e - mean) * (e - mean)).sum::<f64>() / (n - 1.0)).sqrt();
        let se = outcomes.iter().filter_map(|o| o[p].2).sum::<f64>() / n;
        (mean, mean / spread, se / spread)
    };
    let biases: Vec<(f64, f64, f64)> = (0..parameters).map(bias).collect();
    let largest = biases.iter().map(|b| b.0.abs()).fold(0.0, f64::max);
    let worst = biases.iter().map(|b| b.1.abs()).fold(0.0, f64::max);
    let ratio = biases.iter().map(|b| b.2).sum::<f64>() / parameters as f64;
    // The largest of p independent means of n values stays below this in 99.9 % of studies, and a tenth of a spread is
    // the bias of maximum likelihood itself in samples of this size.
    let bound = (2.0 * (1000.0 * parameters as f64).ln()).sqrt() / n.sqrt() + 0.1;
    let fair =
        (coverage - 0.95).abs() < 3.0 * coverage_error + 0.005 && worst < bound && (without as f64) < 0.02 * intervals;
    let text = format!(
        "| {:<30} | {:<12} | {:>10} | {:>12} | {:>12.4} | {:>11.3} | {:>8.3} | {:>13.3} | {:>9.2} % | {:>6.2} % | {:<6} |",
        study.name,
        study.size,
        parameters,
        replications,
        largest,
        worst,
        bound,
        ratio,
        100.0 * coverage,
        100.0 * coverage_error,
        if fair { "met" } else { "MISSED" },
    );
    (text, fair)
}

fn main() -> ExitCode {
    // Test runners ask for a list; this file is one check.
    if std::env::args().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let replications = if std::env::var("ZEREK_FULL").is_ok_and(|v| v == "1") { 200 } else { 12 };
    println!(
        "\n| {:<30} | {:<12} | {:>10} | {:>12} | {:>12} | {:>11} | {:>8} | {:>13} | {:>11} | {:>8} | result |",
        "model",
        "persons x it.",
        "parameters",
        "replications",
        "largest bias",
        "in spreads",
        "allowed",
        "error/spread",
        "coverage",
        "MC error"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    // Names of models as arguments choose among them.
    let asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let chosen = |study: &&Study| asked.is_empty() || asked.iter().any(|name| study.name.starts_with(name.as_str()));
    let lines: Vec<(String, bool)> = studies()
        .iter()
        .filter(chosen)
        .map(|study| {
            let line = line(study, replications);
            println!("{}", line.0);
            line
        })
        .collect();
    let missed = lines.iter().filter(|line| !line.1).count();
    println!("recovery: {} models, {missed} beyond Monte-Carlo error", lines.len());
    if missed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
