//! What a plot of an item needs: observed shares of persons of like ability beside the model's curve, and information.

use crate::irt::{Fit, information_of};
use crate::math::normal_quantile;
use crate::responses::decode;
use crate::{CalibratedItem, MissingTreatment, Responses};

/// One group of persons of like ability, for one item.
#[derive(Debug, Clone, PartialEq)]
pub struct ResidualPoint {
    /// Mean ability of the group.
    pub theta: f64,
    /// Weight of its persons.
    pub n: f64,
    /// Observed mean score (category number).
    pub observed: f64,
    /// Mean of the model's expectation at the persons' abilities.
    pub expected: f64,
    /// 95 % limits of the observed mean if the model holds and abilities are known.
    pub limits: (f64, f64),
    /// `(observed - expected)` in standard errors (standardised residual; Hambleton, Swaminathan and Rogers 1991,
    /// ch. 4).
    pub residual: f64,
    /// Observed share of each category.
    pub shares: Vec<f64>,
    /// The model's probability of each category.
    pub probabilities: Vec<f64>,
}

/// Points of every item: persons in order of ability, cut into `groups` groups of nearly equal weight (10 is usual).
///
/// `thetas`: ability per person, `None` to leave the person out. Abilities estimated from few items shrink or spread
/// the points; the statistics of [`s_x2`](super::s_x2) do not have that weakness.
pub fn residual_points(
    fit: &Fit,
    responses: &Responses,
    treatment: MissingTreatment,
    thetas: &[Option<f64>],
    groups: usize,
) -> Vec<Vec<ResidualPoint>> {
    let items = fit.calibrated(responses);
    let mut answers: Vec<Vec<(f64, usize, f64)>> = vec![Vec::new(); items.len()];
    for (person, theta) in thetas.iter().enumerate() {
        let Some(theta) = theta.filter(|theta| theta.is_finite()) else { continue };
        let weight = responses.weights().map_or(1.0, |weights| weights[person]);
        let (presented, cells) = responses.raw(person);
        for (item, cell) in presented.iter().zip(cells) {
            if let (Some(score), true) = (treatment.apply(decode(*cell)), weight > 0.0) {
                let item = *item as usize;
                answers[item].push((theta, items[item].category(score), weight));
            }
        }
    }
    answers.into_iter().zip(&items).map(|(answers, item)| points(answers, item, groups.max(1))).collect()
}

fn points(mut answers: Vec<(f64, usize, f64)>, item: &CalibratedItem, groups: usize) -> Vec<ResidualPoint> {
    answers.sort_by(|x, y| x.0.total_cmp(&y.0));
    let total: f64 = answers.iter().map(|a| a.2).sum();
    let mut points = Vec::with_capacity(groups);
    let (mut start, mut before) = (0, 0.0);
    for group in 1..=groups {
        let limit = total * group as f64 / groups as f64;
        let mut end = start;
        let mut n = 0.0;
        while end < answers.len() && (group == groups || before + n + 0.5 * answers[end].2 <= limit) {
            n += answers[end].2;
            end += 1;
        }
        before += n;
        if end > start {
            points.push(point(&answers[start..end], item, n));
        }
        start = end;
    }
    points
}

fn point(answers: &[(f64, usize, f64)], item: &CalibratedItem, n: f64) -> ResidualPoint {
    let categories = item.parameters.categories();
    let (mut shares, mut probabilities) = (vec![0.0; categories], vec![0.0; categories]);
    let (mut theta, mut expected, mut variance) = (0.0, 0.0, 0.0);
    let mut curves = Vec::new();
    for (at, category, weight) in answers {
        item.parameters.curves(*at, &mut curves);
        theta += weight * at / n;
        shares[*category] += weight / n;
        let mean: f64 = curves.iter().enumerate().map(|(k, c)| k as f64 * c.p).sum();
        let square: f64 = curves.iter().enumerate().map(|(k, c)| (k * k) as f64 * c.p).sum();
        expected += weight * mean / n;
        variance += weight * weight * (square - mean * mean).max(0.0) / (n * n);
        probabilities.iter_mut().zip(&curves).for_each(|(p, c)| *p += weight * c.p / n);
    }
    let observed: f64 = shares.iter().enumerate().map(|(k, share)| k as f64 * share).sum();
    let error = variance.sqrt();
    let reach = normal_quantile(0.975) * error;
    let top = (categories - 1) as f64;
    ResidualPoint {
        theta,
        n,
        observed,
        expected,
        limits: ((expected - reach).max(0.0), (expected + reach).min(top)),
        residual: if error > 0.0 { (observed - expected) / error } else { 0.0 },
        shares,
        probabilities,
    }
}

/// Information of every item and of the test at one ability, with the standard error it allows.
#[derive(Debug, Clone, PartialEq)]
pub struct InformationPoint {
    /// Ability.
    pub theta: f64,
    /// Fisher information per item, `sum over categories of P'^2 / P`, in 1 / theta squared.
    pub items: Vec<f64>,
    /// Their sum.
    pub test: f64,
    /// `1 / sqrt(test)`, the standard error of an ML estimate there; infinite without information.
    pub se: f64,
}

/// Information curves of a test at the abilities given.
pub fn information_curves(items: &[CalibratedItem], thetas: &[f64]) -> Vec<InformationPoint> {
    let mut curves = Vec::new();
    let mut at = |theta: &f64| {
        let mut one = |item: &CalibratedItem| {
            item.parameters.curves(*theta, &mut curves);
            information_of(&curves)
        };
        let items: Vec<f64> = items.iter().map(&mut one).collect();
        let test: f64 = items.iter().sum();
        InformationPoint { theta: *theta, items, test, se: 1.0 / test.sqrt() }
    };
    thetas.iter().map(&mut at).collect()
}
