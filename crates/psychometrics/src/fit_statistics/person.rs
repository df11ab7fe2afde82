//! Person fit: is the pattern of one person likely at their ability?

use crate::math::ln;
use crate::responses::decode;
use crate::{CalibratedItem, MissingTreatment, Responses};

/// Person fit of one person; strongly negative values say that the pattern is unlikely.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PersonFit {
    /// Standardised log-likelihood (Drasgow, Levine and Williams 1985).
    pub lz: f64,
    /// The same corrected for the estimation of ability by WLE (Snijders 2001; any number of categories: Sinharay
    /// 2016, eq. 8-13); `None` where the items tell nothing about ability.
    pub lz_star: Option<f64>,
    /// Information-weighted mean square of residuals, 1 expected (Wright and Masters 1982, eq. 5.3.5); `None` where no item
    /// has a spread of categories left.
    pub infit: Option<f64>,
    /// Plain mean square of standardised residuals.
    pub outfit: Option<f64>,
}

/// Person fit at the abilities given (WLE for `lz_star`), by person; `None` without ability or variation.
///
/// With `w = ln P` and `r = P' / P` per category, WLE solves `r0 + sum (x - P) r = 0` where `r0 = J / 2I` and
/// `J = sum P' P'' / P`. Then `c = sum P' w / sum P' r` and
/// `lz* = (sum (x - P) w + c r0) / sqrt(sum variance of (w - c r))`.
pub fn person_fit(
    responses: &Responses,
    items: &[CalibratedItem],
    treatment: MissingTreatment,
    thetas: &[Option<f64>],
) -> Vec<Option<PersonFit>> {
    let mut curves = Vec::new();
    let mut one = |person: usize, theta: f64| {
        let (presented, cells) = responses.raw(person);
        let (mut away, mut variance, mut top, mut information, mut bias) = (0.0, 0.0, 0.0, 0.0, 0.0);
        // Per category of the items answered: P, w, r; and where each item ends.
        let mut categories: Vec<[f64; 3]> = Vec::new();
        let mut ends = Vec::new();
        let (mut square, mut spread_of_categories, mut ratio, mut counted) = (0.0, 0.0, 0.0, 0.0);
        for (item, cell) in presented.iter().zip(cells) {
            let Some(score) = treatment.apply(decode(*cell)) else { continue };
            let item = &items[*item as usize];
            item.parameters.curves(theta, &mut curves);
            let start = categories.len();
            for curve in &curves {
                let p = curve.p.max(1e-300);
                categories.push([curve.p, ln(p), curve.first / p]);
                top += curve.first * ln(p);
                information += curve.first * curve.first / p;
                bias += curve.first * curve.second / p;
            }
            let (mean, spread) = moments(categories[start..].iter().map(|[p, w, _]| (*p, *w)));
            away += categories[start + item.category(score)][1] - mean;
            variance += spread;
            ends.push(start..categories.len());
            let by_category = curves.iter().enumerate().map(|(k, curve)| (curve.p, k as f64));
            let (mean, spread) = moments(by_category);
            if spread > 0.0 {
                let residual = item.category(score) as f64 - mean;
                square += residual * residual;
                spread_of_categories += spread;
                ratio += residual * residual / spread;
                counted += 1.0;
            }
        }
        if variance <= 0.0 {
            return None;
        }
        let corrected = |c: f64| -> f64 {
            ends.iter().map(|item| moments(categories[item.clone()].iter().map(|[p, w, r]| (*p, w - c * r))).1).sum()
        };
        let lz_star =
            (information > 0.0).then(|| (top / information, bias / (2.0 * information))).and_then(|(c, r0)| {
                let variance = corrected(c);
                (variance > 0.0).then(|| (away + c * r0) / variance.sqrt())
            });
        let mean_square = |sum: f64, by: f64| (by > 0.0).then(|| sum / by);
        let (infit, outfit) = (mean_square(square, spread_of_categories), mean_square(ratio, counted));
        Some(PersonFit { lz: away / variance.sqrt(), lz_star, infit, outfit })
    };
    thetas.iter().enumerate().map(|(person, theta)| theta.and_then(|theta| one(person, theta))).collect()
}

/// Mean and variance of a quantity with probabilities.
fn moments(values: impl Iterator<Item = (f64, f64)> + Clone) -> (f64, f64) {
    let mean: f64 = values.clone().map(|(p, x)| p * x).sum();
    (mean, values.map(|(p, x)| p * (x - mean) * (x - mean)).sum())
}
