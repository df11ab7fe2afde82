use psychometrics::irt::Equality;
use psychometrics::simulation::{Generator, simulate};
use psychometrics::{FitSettings, ItemParameters, LatentChoice, Model, Responses, fit};

use crate::plain::{answers, close, dichotomous, marginal, named, probabilities, simulated, two_pl};

fn skewed(persons: usize, items: &[ItemParameters]) -> Responses {
    let mut generator = Generator::new(11);
    // Three in four around -0.5, one in four around 1.5: mean 0.
    let ability = |_| {
        let centre = if generator.uniform() < 0.75 { -0.5 } else { 1.5 };
        centre + 0.4 * generator.normal()
    };
    let thetas: Vec<f64> = (0..persons).map(ability).collect();
    simulate(&named(items), &thetas, &mut generator).unwrap()
}

fn log_likelihood(items: &[ItemParameters], responses: &Responses, latent: &[(f64, f64)]) -> f64 {
    (0..responses.persons()).map(|p| marginal(items, &answers(responses, p), latent).ln()).sum()
}

/// Plain EM of Bock and Aitkin with free weights, every step by its definition.
fn plain_em(responses: &Responses, cycles: usize) -> (Vec<ItemParameters>, Vec<(f64, f64)>, f64) {
    let count = responses.items().len();
    let mut patterns: std::collections::BTreeMap<Vec<usize>, f64> = std::collections::BTreeMap::new();
    for person in 0..responses.persons() {
        *patterns.entry(answers(responses, person).iter().map(|(_, k)| *k).collect()).or_insert(0.0) += 1.0;
    }
    let mut items = vec![two_pl(1.0, 0.0); count];
    let mut latent = crate::plain::normal(0.0, 1.0);
    let mut log = 0.0;
    for _ in 0..cycles {
        let p: Vec<Vec<f64>> =
            items.iter().map(|item| latent.iter().map(|(t, _)| probabilities(item, *t)[1]).collect()).collect();
        let mut persons = vec![0.0; latent.len()];
        let mut right = vec![vec![0.0; latent.len()]; count];
        log = 0.0;
        for (pattern, n) in &patterns {
            let joint: Vec<f64> = (0..latent.len())
                .map(|q| {
                    let item = |(i, k): (usize, &usize)| if *k == 1 { p[i][q] } else { 1.0 - p[i][q] };
                    latent[q].1 * pattern.iter().enumerate().map(item).product::<f64>()
                })
                .collect();
            let total: f64 = joint.iter().sum();
            log += n * total.ln();
            for q in 0..latent.len() {
                persons[q] += n * joint[q] / total;
                for (i, k) in pattern.iter().enumerate() {
                    right[i][q] += n * joint[q] / total * *k as f64;
                }
            }
        }
        for (i, item) in items.iter_mut().enumerate() {
            let ItemParameters::Logistic { slope, intercept, .. } = item else { panic!() };
            for _ in 0..3 {
                let (mut ga, mut gd, mut aa, mut ad, mut dd) = (0.0, 0.0, 0.0, 0.0, 0.0);
                for (q, (theta, _)) in latent.iter().enumerate() {
                    let p = 1.0 / (1.0 + (-(*slope * theta + *intercept)).exp());
                    let (away, w) = (right[i][q] - persons[q] * p, persons[q] * p * (1.0 - p));
                    ga += away * theta;
                    gd += away;
                    aa += w * theta * theta;
                    ad += w * theta;
                    dd += w;
                }
                let determinant = aa * dd - ad * ad;
                *slope += (dd * ga - ad * gd) / determinant;
                *intercept += (aa * gd - ad * ga) / determinant;
            }
        }
        for (node, n) in latent.iter_mut().zip(&persons) {
            node.1 = n / responses.persons() as f64;
        }
    }
    (items, latent, log)
}

#[test]
fn a_free_histogram_reaches_what_plain_em_reaches() {
    let responses = skewed(1200, &dichotomous(7).iter().map(|i| i.on_scale(0.5, 0.0)).collect::<Vec<_>>());
    let settings = FitSettings { latent: LatentChoice::Histogram, ..FitSettings::default() };
    let free = fit(&responses, &[Model::TwoPl; 7], &settings).unwrap();
    let normal = fit(&responses, &[Model::TwoPl; 7], &FitSettings::default()).unwrap();
    let (items, latent, log) = plain_em(&responses, 4000);
    println!(
        "histogram {} in {} turns ({}), plain EM {log}, normal {}",
        free.log_likelihood, free.iterations, free.converged, normal.log_likelihood
    );
    assert!(free.converged, "{:?}", free.warnings);
    assert!(free.log_likelihood > log - 0.02, "{} {log}", free.log_likelihood);
    assert!(free.log_likelihood > normal.log_likelihood + 2.0);
    // The weights and nodes reported give the log-likelihood reported.
    let weights = free.latent[0].weights.clone().unwrap();
    let nodes: Vec<(f64, f64)> = free.grid.nodes().iter().copied().zip(weights.iter().copied()).collect();
    close("by definition", log_likelihood(&free.items, &responses, &nodes), free.log_likelihood, 1e-6);
    // Mean 0 and variance 1 hold; plain EM gives the same curves once it is brought to that scale.
    let moments = |nodes: &[(f64, f64)]| {
        let mean: f64 = nodes.iter().map(|(t, w)| t * w).sum();
        (mean, nodes.iter().map(|(t, w)| w * (t - mean).powi(2)).sum::<f64>())
    };
    let (mean, variance) = moments(&nodes);
    close("mean", mean, 0.0, 1e-4);
    close("variance", variance, 1.0, 1e-4);
    let (their_mean, their_variance) = moments(&latent);
    let scale = 1.0 / their_variance.sqrt();
    for (ours, theirs) in free.items.iter().zip(&items) {
        let theirs = theirs.on_scale(scale, -their_mean * scale);
        for theta in [-1.0, 0.0, 1.0, 2.0] {
            close("curve", ours.expected_score(theta), theirs.expected_score(theta), 0.01);
        }
    }
    let skewness: f64 = nodes.iter().map(|(t, w)| w * t.powi(3)).sum();
    assert!(skewness > 0.4, "{skewness}");
}

#[test]
fn equal_slopes_are_the_one_parameter_model() {
    let responses = simulated(&dichotomous(8), 700, 5);
    let all = |parameter: &str| Equality { parameter: parameter.to_owned(), items: (0..8).collect() };
    let settings = FitSettings { equal: vec![all("a1")], standard_errors: true, ..FitSettings::default() };
    let tied = fit(&responses, &[Model::TwoPl; 8], &settings).unwrap();
    let one = FitSettings { standard_errors: true, ..FitSettings::default() };
    let one = fit(&responses, &[Model::OnePl; 8], &one).unwrap();
    assert_eq!(tied.parameters, 9);
    close("log-likelihood", tied.log_likelihood, one.log_likelihood, 1e-6);
    for i in 0..8 {
        for (x, y) in tied.slope_intercept(i).iter().zip(one.slope_intercept(i)) {
            close("value", x.value, y.value, 1e-4);
            close("error", x.se.unwrap(), y.se.unwrap(), 1e-4);
        }
    }
    // Two intercepts as one: the items become one item, and the likelihood falls.
    let pair = Equality { parameter: "d".to_owned(), items: vec![2, 3] };
    let settings = FitSettings { equal: vec![pair], ..FitSettings::default() };
    let pair = fit(&responses, &[Model::TwoPl; 8], &settings).unwrap();
    assert_eq!(pair.parameters, 15);
    close("equal", pair.slope_intercept(2)[1].value, pair.slope_intercept(3)[1].value, 0.0);
    let free = fit(&responses, &[Model::TwoPl; 8], &FitSettings::default()).unwrap();
    assert!(pair.log_likelihood < free.log_likelihood);
    for (parameter, items, said) in [
        ("d7", vec![0, 1], "item i0 has no parameter d7"),
        ("a1", vec![0], "name at least two items"),
        ("a1", vec![0, 9], "there is no item number 9"),
    ] {
        let equal = vec![Equality { parameter: parameter.to_owned(), items }];
        let settings = FitSettings { equal, ..FitSettings::default() };
        let message = fit(&responses, &[Model::TwoPl; 8], &settings).unwrap_err().to_string();
        assert!(message.contains(said), "{message}");
    }
    let settings = FitSettings { equal: vec![all("a1")], ..FitSettings::default() };
    let message = fit(&responses, &[Model::Rasch; 8], &settings).unwrap_err().to_string();
    assert!(message.contains("parameter a1 of item i0 is given by its model"), "{message}");
}
