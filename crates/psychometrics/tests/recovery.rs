//! Recovery of known parameters for every model, in one table: are estimates free of bias, and do 95 % intervals cover
//! 95 %, within Monte-Carlo error?
//!
//! Twelve replications of each model by default; 200 with `ZEREK_FULL=1`. In a replication persons are drawn anew, the
//! model is estimated, and every parameter gives an error and an interval: estimate +- 1.96 standard errors, asymptotes
//! on the logit and deviations on the logarithm. Models with priors (3PL, 4PL) draw the true items from these priors
//! anew as well: only then is 95 % what to expect. Their posteriors are skewed, and their intervals are by the profile.
//!
//! Required of every model with 200 replications: coverage within three Monte-Carlo errors of 95 %; the largest bias
//! below what the largest of as many unbiased parameters stays below in 999 of 1,000 studies; standard errors within
//! 5 % of the spread of estimates on average; and that errors a tenth too small would have been noticed.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a check that prints and stops")]

use std::process::ExitCode;

use psychometrics::conditional::conditional_rasch;
use psychometrics::conditioning::Likelihoods;
use psychometrics::facets::{FacetSettings, Ratings, fit_facets};
use psychometrics::irt::{Covariates, Grid};
use psychometrics::simulation::{Generator, simulate};
use psychometrics::{
    CalibratedItem, FitSettings, ItemParameters, MissingTreatment, Model, Prior, Priors, Responses, fit,
};
use rayon::prelude::*;

/// Half the width of a 95 % interval, in standard errors.
const REACH: f64 = 1.959_963_984_540_054;

/// One parameter in one replication.
#[derive(Clone, Copy)]
struct Outcome {
    truth: f64,
    estimate: f64,
    /// `None` when it does not exist.
    se: Option<f64>,
    /// Distance of the truth in units of the interval's: the interval is where this is below [`REACH`]. The estimate's
    /// own distance over its error, or the root of the profile deviance.
    distance: Option<f64>,
}

impl From<(f64, f64, Option<f64>)> for Outcome {
    /// An interval of estimate +- 1.96 standard errors.
    fn from((truth, estimate, se): (f64, f64, Option<f64>)) -> Self {
        Self { truth, estimate, se, distance: se.map(|se| (estimate - truth).abs() / se) }
    }
}

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
                out.push((logit(value), logit(estimate.value), estimate.se.map(|se| se / by)).into());
            } else {
                out.push((value, estimate.value, estimate.se).into());
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
            out.push((sd.ln(), 0.5 * variance.value.ln(), variance.se.map(|se| 0.5 * se / variance.value)).into());
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
    let persons = if model == Model::FourPl { 20_000 } else { 6_000 };
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
        let fitted = calibrate(&responses, &[model; 12], priors);
        let mut out = outcomes(&fitted, &truth);
        // The same parameters in the same order, by the profile of the posterior.
        let free = |item: usize| {
            let estimates = fitted.slope_intercept(item).into_iter().zip(flat(&truth[item]));
            estimates
                .filter(|(estimate, _)| estimate.se.is_some())
                .map(move |(estimate, value)| (item, estimate.name, value))
        };
        for (outcome, (item, name, value)) in out.iter_mut().zip((0..12).flat_map(free)) {
            outcome.distance = fitted.profile_deviance(item, &name, value).map(f64::sqrt);
        }
        out
    };
    Study {
        name: if model == Model::FourPl { "4pl" } else { "3pl" },
        size: if model == Model::FourPl { "20,000 x 12" } else { "6,000 x 12" },
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
        out.push((0.5, mean.value, mean.se).into());
        out.push((1.2_f64.ln(), 0.5 * variance.value.ln(), variance.se.map(|se| 0.5 * se / variance.value)).into());
        out
    };
    Study { name: "multiple groups (2pl)", size: "2 x 900 x 8", run: Box::new(run) }
}

/// Coefficients of an intercept, a group and six covariates, items known.
fn latent_regression() -> Study {
    const COEFFICIENTS: [f64; 8] = [-0.2, 0.6, 0.3, -0.3, 0.2, -0.1, 0.1, 0.0];
    const SD: f64 = 0.8;
    let run = |generator: &mut Generator| {
        let truth = dichotomous(15, |i| 0.9 + 0.04 * i as f64);
        let row = |person: usize, generator: &mut Generator| -> Vec<f64> {
            [1.0, f64::from(person as u32 % 2)].into_iter().chain((0..6).map(|_| generator.normal())).collect()
        };
        let covariates: Vec<Vec<f64>> = (0..800).map(|person| row(person, generator)).collect();
        let predicted = |row: &Vec<f64>| row.iter().zip(COEFFICIENTS).map(|(x, b)| x * b).sum::<f64>();
        let thetas: Vec<f64> = covariates.iter().map(|row| predicted(row) + SD * generator.normal()).collect();
        let items = items(&truth);
        let responses = simulate(&items, &thetas, generator).unwrap();
        let likelihoods =
            Likelihoods::new(&responses, &items, MissingTreatment::default(), &Grid::new(41, 6.0)).unwrap();
        let regression = likelihoods.regression(&covariates).unwrap();
        assert!(regression.converged);
        let errors = regression.standard_errors.unwrap();
        let pairs = regression.coefficients.iter().zip(errors).zip(COEFFICIENTS);
        let mut out: Vec<Outcome> = pairs.map(|((estimate, se), truth)| (truth, *estimate, Some(se)).into()).collect();
        let sd = regression.residual_sd;
        out.push((SD.ln(), sd.ln(), regression.residual_sd_error.map(|se| se / sd)).into());
        out
    };
    Study { name: "latent regression, items known", size: "800 x 15", run: Box::new(run) }
}

/// Items and the regression of ability in one likelihood.
fn regression_with_items() -> Study {
    const COEFFICIENTS: [f64; 3] = [0.6, 0.3, -0.2];
    const PERSONS: usize = 1500;
    let run = |generator: &mut Generator| {
        let truth = dichotomous(8, |i| 0.8 + 0.1 * i as f64);
        let rows: Vec<Vec<f64>> = (0..PERSONS)
            .map(|person| vec![f64::from(person as u32 % 2), generator.normal(), 10.0 + 2.0 * generator.normal()])
            .collect();
        // The scale of the items has its 0 at the mean of the covariates.
        let mean = |column: usize| rows.iter().map(|row| row[column]).sum::<f64>() / PERSONS as f64;
        let centres = [mean(0), mean(1), mean(2)];
        let predicted =
            |row: &Vec<f64>| (0..3).map(|column| COEFFICIENTS[column] * (row[column] - centres[column])).sum::<f64>();
        let thetas: Vec<f64> = rows.iter().map(|row| predicted(row) + generator.normal()).collect();
        let responses = simulate(&items(&truth), &thetas, generator).unwrap();
        let covariates = Covariates { names: ["x1", "x2", "x3"].map(str::to_owned).to_vec(), rows };
        let settings = FitSettings { regression: Some(covariates), ..settings(Priors::default()) };
        let fitted = fit(&responses, &[Model::TwoPl; 8], &settings).unwrap();
        assert!(fitted.converged, "{:?}", fitted.warnings);
        let mut out = outcomes(&fitted, &truth);
        let estimates = fitted.regression.unwrap().coefficients.into_iter().zip(COEFFICIENTS);
        out.extend(estimates.map(|(ours, truth)| Outcome::from((truth, ours.value, ours.se))));
        out
    };
    Study { name: "2pl with latent regression", size: "1,500 x 8", run: Box::new(run) }
}

/// New items beside items held at the estimates of other persons, whose errors count.
fn beside_an_anchor() -> Study {
    let run = |generator: &mut Generator| {
        let bank = dichotomous(18, |i| 0.8 + 0.1 * (i * 3 % 7) as f64);
        let old = calibrate(&drawn(&bank[..8], 2000, 0.0, 1.0, generator), &[Model::TwoPl; 8], Priors::default());
        let responses = drawn(&bank, 2000, 0.4, 1.1, generator);
        let fixed = (0..18).map(|item| old.items.get(item).cloned()).collect();
        let known = old.item_covariance(&[0, 1, 2, 3, 4, 5, 6, 7]);
        let settings = FitSettings { fixed, fixed_covariance: known, ..settings(Priors::default()) };
        let fitted = fit(&responses, &[Model::TwoPl; 18], &settings).unwrap();
        assert!(fitted.converged, "{:?}", fitted.warnings);
        let mut out = Vec::new();
        for (item, truth) in bank.iter().enumerate().skip(8) {
            let estimates = fitted.slope_intercept(item).into_iter().zip(flat(truth));
            out.extend(estimates.map(|(ours, truth)| Outcome::from((truth, ours.value, ours.se))));
        }
        let (mean, variance) = (&fitted.latent[0].mean, &fitted.latent[0].variance);
        out.push((0.4, mean.value, mean.se).into());
        out.push((1.1_f64.ln(), 0.5 * variance.value.ln(), variance.se.map(|se| 0.5 * se / variance.value)).into());
        out
    };
    Study { name: "2pl beside an anchor", size: "2 x 2,000 x 18", run: Box::new(run) }
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
        let mut out: Vec<Outcome> = measures.map(|(ours, truth)| (truth, ours.measure, ours.se).into()).collect();
        out.extend(fitted.steps[0].iter().zip(steps).map(|(ours, truth)| Outcome::from((truth, ours.value, ours.se))));
        out.push((0.3, fitted.mean.value, fitted.mean.se).into());
        let variance = &fitted.variance;
        out.push((1.1_f64.ln(), 0.5 * variance.value.ln(), variance.se.map(|se| 0.5 * se / variance.value)).into());
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
        let one = |i: usize| {
            let intercept = &fitted.slope_intercept(i)[1];
            (flat(&truth[i])[1], intercept.value, intercept.se).into()
        };
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
        regression_with_items(),
        beside_an_anchor(),
        many_facet(),
        conditional(),
    ]
}

/// What replications say about one model. Replications are independent; parameters within one are not, so that every
/// Monte-Carlo error is taken between replications.
struct Findings {
    parameters: usize,
    /// Mean error of a parameter, the largest, in its own unit.
    largest_bias: f64,
    /// Mean error over its Monte-Carlo error, the largest over parameters.
    largest_t: f64,
    /// Root mean square of standard errors over spread of the estimates, averaged over parameters.
    error_by_spread: f64,
    coverage: f64,
    coverage_error: f64,
    /// Share of intervals that do not exist.
    without: f64,
}

/// Share of studies without any bias in which the largest of the t-statistics still lies beyond its bound.
const FALSE_ALARMS: f64 = 0.001;
/// Monte-Carlo errors that the coverage may be away from 95 %.
const COVERAGE_ERRORS: f64 = 3.0;
/// How far standard errors may be from the spread of estimates on average, where replications can tell.
const ERROR_BY_SPREAD: f64 = 0.05;
/// Replications of a whole study.
const WHOLE: u64 = 200;

impl Findings {
    /// `scale` multiplies the standard errors: 1 for the study, less to see whether wrong ones are noticed.
    fn of(replications: &[Vec<Outcome>], scale: f64) -> Self {
        let n = replications.len() as f64;
        let parameters = replications[0].len();
        let covers = |outcome: &Outcome| outcome.distance.map(|away| f64::from(u8::from(away < REACH * scale)));
        let of_one = |outcomes: &Vec<Outcome>| {
            let known: Vec<f64> = outcomes.iter().filter_map(covers).collect();
            (known.iter().sum::<f64>(), known.len() as f64)
        };
        let shares: Vec<(f64, f64)> = replications.iter().map(of_one).collect();
        let intervals: f64 = shares.iter().map(|s| s.1).sum();
        let coverage = shares.iter().map(|s| s.0).sum::<f64>() / intervals;
        let between =
            shares.iter().map(|(covered, of)| (covered - coverage * of).powi(2)).sum::<f64>().sqrt() / intervals;
        // A dozen replications may agree by chance; independent intervals would still have this error.
        let independent = (0.95 * 0.05 / intervals).sqrt();
        let bias = |p: usize| {
            let errors: Vec<f64> = replications.iter().map(|o| o[p].estimate - o[p].truth).collect();
            let mean = errors.iter().sum::<f64>() / n;
            let spread = (errors.iter().map(|e| (e - mean) * (e - mean)).sum::<f64>() / (n - 1.0)).sqrt();
            // Mean squares compare: where true items are drawn anew, errors differ between replications.
            let known: Vec<f64> = replications.iter().filter_map(|o| o[p].se).collect();
            let se = (known.iter().map(|se| se * se).sum::<f64>() / known.len() as f64).sqrt();
            (mean.abs(), mean.abs() / spread * n.sqrt(), se / spread)
        };
        let biases: Vec<(f64, f64, f64)> = (0..parameters).map(bias).collect();
        let largest = |of: fn(&(f64, f64, f64)) -> f64| biases.iter().map(of).fold(0.0, f64::max);
        Self {
            parameters,
            largest_bias: largest(|b| b.0),
            largest_t: largest(|b| b.1),
            error_by_spread: scale * biases.iter().map(|b| b.2).sum::<f64>() / parameters as f64,
            coverage,
            coverage_error: between.max(independent),
            without: 1.0 - intervals / (n * parameters as f64),
        }
    }

    /// Whether intervals cover and standard errors are what estimates spread; a dozen replications cannot tell the
    /// second.
    fn errors_hold(&self, replications: u64) -> bool {
        (self.coverage - 0.95).abs() <= COVERAGE_ERRORS * self.coverage_error
            && self.without < 0.02
            && (replications < WHOLE || (self.error_by_spread - 1.0).abs() < ERROR_BY_SPREAD)
    }
}

/// The value that Student's t with `df` degrees of freedom exceeds with probability `tail` < 0.5, by bisection. With
/// `t = sqrt(df) tan phi` the density is proportional to `cos^(df - 1) phi`.
fn student_quantile(tail: f64, df: f64) -> f64 {
    let right = std::f64::consts::FRAC_PI_2;
    let area = |from: f64| {
        let steps = 4000;
        let h = (right - from) / f64::from(steps);
        (0..steps).map(|i| (from + (f64::from(i) + 0.5) * h).cos().powf(df - 1.0)).sum::<f64>() * h
    };
    let whole = 2.0 * area(0.0);
    let (mut low, mut high) = (0.0, right);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if area(middle) / whole > tail { low = middle } else { high = middle }
    }
    df.sqrt() * low.tan()
}

/// What a study found: one line of the table and whether it is within Monte-Carlo error.
fn line(study: &Study, replications: u64) -> (String, bool) {
    let outcomes: Vec<Vec<Outcome>> =
        (0..replications).into_par_iter().map(|seed| (study.run)(&mut Generator::new(1000 + 7919 * seed))).collect();
    let found = Findings::of(&outcomes, 1.0);
    let allowed = student_quantile(0.5 * FALSE_ALARMS / found.parameters as f64, replications as f64 - 1.0);
    // Errors a tenth too small must be noticed, or the check is none.
    let noticed = replications < WHOLE || !Findings::of(&outcomes, 0.9).errors_hold(replications);
    let fair = found.errors_hold(replications) && found.largest_t <= allowed && noticed;
    let by_spread = (replications as f64).sqrt();
    let text = format!(
        "| {:<30} | {:<12} | {:>10} | {:>12} | {:>12.4} | {:>11.3} | {:>8.3} | {:>13.3} | {:>9.2} % | {:>6.2} % | {:<6} |",
        study.name,
        study.size,
        found.parameters,
        replications,
        found.largest_bias,
        found.largest_t / by_spread,
        allowed / by_spread,
        found.error_by_spread,
        100.0 * found.coverage,
        100.0 * found.coverage_error,
        match (fair, noticed) {
            (true, _) => "met",
            (false, true) => "MISSED",
            (false, false) => "BLIND",
        },
    );
    (text, fair)
}

fn main() -> ExitCode {
    // Test runners ask for a list; this file is one check.
    if std::env::args().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let replications = if std::env::var("ZEREK_FULL").is_ok_and(|v| v == "1") { WHOLE } else { 12 };
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
