//! The definitions, without any of the engine's devices.

use psychometrics::ItemParameters;
use psychometrics::simulation::{Generator, simulate};
use psychometrics::{CalibratedItem, Responses};

/// Probability of every category.
pub fn probabilities(item: &ItemParameters, theta: f64) -> Vec<f64> {
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    match item {
        ItemParameters::Logistic { slope, intercept, lower, upper } => {
            let p = lower + (upper - lower) * sigmoid(slope * theta + intercept);
            vec![1.0 - p, p]
        }
        ItemParameters::PartialCredit { slope, intercepts } => {
            let numerators: Vec<f64> = std::iter::once(1.0)
                .chain(intercepts.iter().enumerate().map(|(k, d)| ((k + 1) as f64 * slope * theta + d).exp()))
                .collect();
            let total: f64 = numerators.iter().sum();
            numerators.iter().map(|n| n / total).collect()
        }
        ItemParameters::Graded { slope, intercepts } => {
            let above: Vec<f64> = std::iter::once(1.0)
                .chain(intercepts.iter().map(|d| sigmoid(slope * theta + d)))
                .chain(std::iter::once(0.0))
                .collect();
            above.windows(2).map(|pair| pair[0] - pair[1]).collect()
        }
        ItemParameters::Nominal { slopes, intercepts } => {
            let numerators: Vec<f64> =
                std::iter::once(1.0).chain(slopes.iter().zip(intercepts).map(|(a, c)| (a * theta + c).exp())).collect();
            let total: f64 = numerators.iter().sum();
            numerators.iter().map(|n| n / total).collect()
        }
    }
}

/// 61 nodes on -6..=6 with normal weights that add to 1.
pub fn normal(mean: f64, sd: f64) -> Vec<(f64, f64)> {
    let nodes: Vec<f64> = (0..61).map(|q| -6.0 + 0.2 * f64::from(q)).collect();
    let density = |theta: f64| (-0.5 * ((theta - mean) / sd).powi(2)).exp();
    let total: f64 = nodes.iter().map(|theta| density(*theta)).sum();
    nodes.into_iter().map(|theta| (theta, density(theta) / total)).collect()
}

/// Marginal probability of the answers of one person; items not answered do not occur in `answers`.
pub fn marginal(items: &[ItemParameters], answers: &[(usize, usize)], latent: &[(f64, f64)]) -> f64 {
    let at = |theta: f64| answers.iter().map(|(item, k)| probabilities(&items[*item], theta)[*k]).product::<f64>();
    latent.iter().map(|(theta, weight)| weight * at(*theta)).sum()
}

/// Answers of a person as (item, score).
pub fn answers(responses: &Responses, person: usize) -> Vec<(usize, usize)> {
    let score = |(item, cell)| match cell {
        psychometrics::Cell::Score(score) => Some((item, usize::from(score))),
        _ => None,
    };
    responses.of_person(person).filter_map(score).collect()
}

pub fn two_pl(slope: f64, intercept: f64) -> ItemParameters {
    ItemParameters::Logistic { slope, intercept, lower: 0.0, upper: 1.0 }
}

/// Dichotomous items of slopes around 1 and spread difficulties.
pub fn dichotomous(count: usize) -> Vec<ItemParameters> {
    (0..count).map(|i| two_pl(0.8 + 0.1 * (i % 6) as f64, 2.4 * i as f64 / (count - 1) as f64 - 1.2)).collect()
}

pub fn named(items: &[ItemParameters]) -> Vec<CalibratedItem> {
    items.iter().enumerate().map(|(i, item)| CalibratedItem::new(format!("i{i}"), item.clone())).collect()
}

pub fn simulated(items: &[ItemParameters], persons: usize, seed: u64) -> Responses {
    let mut generator = Generator::new(seed);
    let thetas: Vec<f64> = (0..persons).map(|_| generator.normal()).collect();
    simulate(&named(items), &thetas, &mut generator).unwrap()
}

/// The same responses without those that `drop` names by (person, item).
pub fn without(responses: &Responses, drop: impl Fn(usize, usize) -> bool) -> Responses {
    let columns = responses.items().iter().map(|item| (item.name.clone(), item.max));
    let row = |person: usize| {
        let mut row = vec![None; responses.items().len()];
        for (item, score) in answers(responses, person) {
            row[item] = (!drop(person, item)).then_some(score as u8);
        }
        row
    };
    Responses::from_scores(columns, (0..responses.persons()).map(row)).unwrap()
}

#[track_caller]
pub fn close(what: &str, x: f64, y: f64, tolerance: f64) {
    assert!((x - y).abs() <= tolerance, "{what}: {x} against {y}, off by {:e}", x - y);
}
