//! Recovery of known parameters: bias and coverage of 95 % intervals within Monte-Carlo error.
//!
//! Twelve replications of each model by default; 200 with `ZEREK_FULL=1`.

#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use psychometrics::conditioning::Likelihoods;
use psychometrics::irt::Grid;
use psychometrics::simulation::{Generator, simulate};
use psychometrics::{
    CalibratedItem, FitSettings, ItemParameters, MissingTreatment, Model, Prior, Priors, Responses, fit,
};

fn replications() -> u64 {
    if std::env::var("ZEREK_FULL").is_ok_and(|v| v == "1") { 200 } else { 12 }
}

fn abilities(generator: &mut Generator, persons: usize, sd: f64) -> Vec<f64> {
    (0..persons).map(|_| sd * generator.normal()).collect()
}

fn study(model: Model, truth: &[ItemParameters], sd: f64, priors: Priors) {
    let items: Vec<CalibratedItem> =
        truth.iter().enumerate().map(|(i, p)| CalibratedItem::new(format!("i{i}"), p.clone())).collect();
    let settings = FitSettings { standard_errors: true, priors, ..FitSettings::default() };
    let (mut covered, mut intervals) = (0.0, 0.0);
    // Per parameter: sum and sum of squares of standardised errors.
    let mut errors: Vec<Vec<f64>> = Vec::new();
    for seed in 0..replications() {
        let mut generator = Generator::new(1000 + seed);
        let thetas = abilities(&mut generator, 1500, sd);
        let responses = simulate(&items, &thetas, &mut generator).unwrap();
        let fitted = fit(&responses, &vec![model; items.len()], &settings).unwrap();
        assert!(fitted.converged, "{:?}", fitted.warnings);
        let mut place = 0;
        for (i, item) in truth.iter().enumerate() {
            let values: Vec<f64> = match item {
                ItemParameters::Logistic { slope, intercept, lower, .. } => vec![*slope, *intercept, *lower],
                ItemParameters::PartialCredit { slope, intercepts } | ItemParameters::Graded { slope, intercepts } => {
                    std::iter::once(*slope).chain(intercepts.iter().copied()).collect()
                }
                ItemParameters::Nominal { slopes, intercepts } => slopes.iter().chain(intercepts).copied().collect(),
            };
            for (estimate, value) in fitted.slope_intercept(i).iter().zip(values) {
                let Some(se) = estimate.se else { continue };
                let z = (estimate.value - value) / se;
                covered += f64::from(u8::from(z.abs() < 1.959_963_984_540_054));
                intervals += 1.0;
                if errors.len() == place {
                    errors.push(Vec::new());
                }
                errors[place].push(z);
                place += 1;
            }
        }
    }
    let n = replications() as f64;
    let coverage: f64 = covered / intervals;
    println!("{}: coverage {coverage:.3} of {intervals} intervals", model.name());
    // Parameters of one replication are dependent: allow for half as many independent intervals.
    let error = (0.95 * 0.05 / (intervals / 2.0)).sqrt();
    assert!((coverage - 0.95).abs() < 4.0 * error + 0.01, "{}: coverage {coverage}", model.name());
    for (place, z) in errors.iter().enumerate() {
        let mean = z.iter().sum::<f64>() / n;
        assert!(
            mean.abs() < 4.0 / n.sqrt() + 0.1,
            "{}: parameter {place} is off by {mean} standard errors",
            model.name()
        );
    }
}

fn spread(i: usize, count: usize) -> f64 {
    3.0 * i as f64 / (count - 1) as f64 - 1.5
}

#[test]
fn two_parameters() {
    let truth: Vec<ItemParameters> = (0..10)
        .map(|i| ItemParameters::Logistic {
            slope: 0.8 + 0.1 * i as f64,
            intercept: spread(9 - i, 10),
            lower: 0.0,
            upper: 1.0,
        })
        .collect();
    study(Model::TwoPl, &truth, 1.0, Priors::default());
}

#[test]
fn rasch_with_free_variance() {
    let truth: Vec<ItemParameters> = (0..10)
        .map(|i| ItemParameters::Logistic { slope: 1.0, intercept: spread(i, 10), lower: 0.0, upper: 1.0 })
        .collect();
    study(Model::Rasch, &truth, 1.3, Priors::default());
}

#[test]
fn three_parameters_with_priors() {
    let truth: Vec<ItemParameters> = (0..10)
        .map(|i| ItemParameters::Logistic {
            slope: 1.1 + 0.05 * i as f64,
            intercept: spread(i, 10),
            lower: 0.2,
            upper: 1.0,
        })
        .collect();
    let priors = Priors {
        slope: Some(Prior::LogNormal { mean: 0.2, sd: 0.5 }),
        lower: Some(Prior::Normal { mean: -1.386, sd: 0.5 }),
        ..Priors::default()
    };
    // True asymptotes sit at the prior mean, so that intervals cover more than 95 %: only bias is of interest.
    let items: Vec<CalibratedItem> =
        truth.iter().enumerate().map(|(i, p)| CalibratedItem::new(format!("i{i}"), p.clone())).collect();
    let mut generator = Generator::new(5);
    let thetas = abilities(&mut generator, 6000, 1.0);
    let responses = simulate(&items, &thetas, &mut generator).unwrap();
    let fitted = fit(&responses, &[Model::ThreePl; 10], &FitSettings { priors, ..FitSettings::default() }).unwrap();
    for (ours, truth) in fitted.items.iter().zip(&truth) {
        for theta in [-1.0, 0.0, 1.0] {
            assert!((ours.expected_score(theta) - truth.expected_score(theta)).abs() < 0.04);
        }
    }
}

#[test]
fn partial_credit_and_graded() {
    let gpcm: Vec<ItemParameters> = (0..6)
        .map(|i| ItemParameters::PartialCredit {
            slope: 0.7 + 0.1 * i as f64,
            intercepts: vec![0.8 + spread(i, 6) * 0.3, 0.2, -0.9],
        })
        .collect();
    study(Model::GeneralisedPartialCredit, &gpcm, 1.0, Priors::default());
    let graded: Vec<ItemParameters> = (0..6)
        .map(|i| ItemParameters::Graded {
            slope: 1.0 + 0.15 * i as f64,
            intercepts: vec![1.5, spread(i, 6) * 0.3, -1.4],
        })
        .collect();
    study(Model::Graded, &graded, 1.0, Priors::default());
}

fn two_pl(count: usize) -> (Vec<CalibratedItem>, Responses, Vec<f64>) {
    let items: Vec<CalibratedItem> = (0..count)
        .map(|i| {
            let parameters = ItemParameters::Logistic {
                slope: 1.0 + 0.03 * i as f64,
                intercept: spread(i, count),
                lower: 0.0,
                upper: 1.0,
            };
            CalibratedItem::new(format!("i{i}"), parameters)
        })
        .collect();
    let mut generator = Generator::new(77);
    // A covariate of 0 or 1 moves ability by 0.6.
    let thetas: Vec<f64> = (0..3000).map(|p| 0.6 * f64::from(p % 2) + 0.8 * generator.normal()).collect();
    let responses = simulate(&items, &thetas, &mut generator).unwrap();
    (items, responses, thetas)
}

#[test]
fn latent_regression_and_plausible_values() {
    let (items, responses, thetas) = two_pl(20);
    let likelihoods = Likelihoods::new(&responses, &items, MissingTreatment::default(), &Grid::new(61, 6.0)).unwrap();
    let covariates: Vec<Vec<f64>> = (0..thetas.len()).map(|p| vec![1.0, (p % 2) as f64]).collect();
    let regression = likelihoods.regression(&covariates).unwrap();
    assert!(regression.converged);
    let errors = regression.standard_errors.clone().unwrap();
    assert!((regression.coefficients[1] - 0.6).abs() < 3.0 * errors[1], "{regression:?}");
    assert!((regression.residual_sd - 0.8).abs() < 0.05, "{regression:?}");
    let priors: Vec<(f64, f64)> = covariates
        .iter()
        .map(|row| (regression.coefficients[0] + regression.coefficients[1] * row[1], regression.residual_sd))
        .collect();
    let values = likelihoods.plausible_values(&priors, 5, &mut Generator::new(3)).unwrap();
    let variance = |x: &[f64]| {
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        x.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / x.len() as f64
    };
    // Plausible values have the spread of true abilities, which point estimates lack.
    let drawn: Vec<f64> = values.iter().map(|v| v[0]).collect();
    assert!((variance(&drawn) / variance(&thetas) - 1.0).abs() < 0.08);
}

#[test]
fn the_same_bytes_on_any_number_of_threads() {
    let (_, responses, _) = two_pl(12);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let models: Vec<Model> = (0..12).map(|i| if i % 3 == 0 { Model::Graded } else { Model::TwoPl }).collect();
            let mixed = fit(&responses, &models, &FitSettings::default()).unwrap();
            let linear = fit(&responses, &[Model::TwoPl; 12], &FitSettings::default()).unwrap();
            [mixed, linear].map(|f| (f.log_likelihood.to_bits(), format!("{:?}", f.items)))
        })
    };
    let one = run(1);
    assert_eq!(one, run(2));
    assert_eq!(one, run(7));
}
