//! M2 and M2*: the test of the model by first and second moments of the item scores.
//!
//! For dichotomous items these are the univariate and bivariate margins (M2); for more categories the moments of
//! category numbers are used, which is M2* of Cai and Hansen (2013).

use rayon::prelude::*;

use super::rmsea;
use crate::irt::Fit;
use crate::linalg::Cholesky;
use crate::math::{chi_square_upper, exp};
use crate::{MissingTreatment, Responses};

/// Fit of the test as a whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LimitedInformation {
    /// The statistic.
    pub m2: f64,
    /// Moments less free parameters.
    pub df: usize,
    /// Probability of a larger value.
    pub p: f64,
    /// Root mean square error of approximation.
    pub rmsea: Option<f64>,
    /// Standardised root mean square residual of item correlations.
    pub srmsr: f64,
}

/// Conditional moments E(k), E(k^2), E(k^3), E(k^4) of an item at every node.
type Conditional = Vec<[f64; 5]>;

/// M2 or M2* from the persons with a score on every item; `None` with several groups or covariates of ability,
/// without degrees of freedom or with a singular moment matrix. Cost grows with the fourth power of the number of items.
pub fn m2(fit: &Fit, responses: &Responses, treatment: MissingTreatment) -> Option<LimitedInformation> {
    if fit.latent.len() > 1 || fit.regression.is_some() {
        return None;
    }
    let rows = super::residuals::complete_rows(fit, responses, treatment);
    let n = fit.items.len();
    let pairs: Vec<(usize, usize)> =
        (0..n).map(|i| (i, i)).chain((0..n).flat_map(|i| (0..i).map(move |j| (j, i)))).collect();
    let size = pairs.len();
    let free = fit.problem.free;
    let df = size.checked_sub(free).filter(|df| *df > 0)?;
    let persons = rows.len() as f64;
    let (weights, conditional) = moments_at(fit, &fit.free);
    let expected = expected_moments(&pairs, &weights, &conditional);
    let mut observed = vec![0.0; size];
    for row in &rows {
        for (place, (i, j)) in pairs.iter().enumerate() {
            let (x, y) = (f64::from(row[*i]), f64::from(row[*j]));
            observed[place] += if i == j { x } else { x * y };
        }
    }
    for x in &mut observed {
        *x /= persons;
    }
    // Covariances of the products, from conditional moments of the distinct items in them.
    let covariance_row = |a: usize| -> Vec<f64> {
        let mut powers = [(0, 0); 4];
        (0..=a)
            .map(|b| {
                let used = distinct(pairs[a], pairs[b], &mut powers);
                let joint: f64 = (0..weights.len())
                    .map(|q| {
                        powers[..used].iter().fold(weights[q], |p, (item, power)| p * conditional[*item][q][*power])
                    })
                    .sum();
                joint - expected[a] * expected[b]
            })
            .collect()
    };
    let lower: Vec<Vec<f64>> = (0..size).into_par_iter().map(covariance_row).collect();
    let mut matrix = vec![0.0; size * size];
    for a in 0..size {
        for b in 0..=a {
            matrix[a * size + b] = lower[a][b];
            matrix[b * size + a] = lower[a][b];
        }
    }
    let factor = Cholesky::new(&matrix, size)?;
    let step = 1e-5;
    let derivative = |p: usize| -> Vec<f64> {
        let mut at = fit.free.clone();
        let mut side = |by: f64| {
            at[p] = fit.free[p] + by;
            let (weights, conditional) = moments_at(fit, &at);
            expected_moments(&pairs, &weights, &conditional)
        };
        let (high, low) = (side(step), side(-step));
        high.iter().zip(&low).map(|(h, l)| (h - l) / (2.0 * step)).collect()
    };
    let derivatives: Vec<Vec<f64>> = (0..free).into_par_iter().map(derivative).collect();
    let solved: Vec<Vec<f64>> = derivatives.par_iter().map(|d| factor.solve(d)).collect();
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let residual: Vec<f64> = observed.iter().zip(&expected).map(|(o, e)| o - e).collect();
    let weighted = factor.solve(&residual);
    let mut inner = vec![0.0; free * free];
    for i in 0..free {
        for j in 0..free {
            inner[i * free + j] = dot(&derivatives[i], &solved[j]);
        }
    }
    let right: Vec<f64> = derivatives.iter().map(|d| dot(d, &weighted)).collect();
    let explained = dot(&right, &Cholesky::new(&inner, free)?.solve(&right));
    let m2 = persons * (dot(&residual, &weighted) - explained).max(0.0);
    let srmsr = srmsr(&rows, &weights, &conditional, &expected, &pairs);
    Some(LimitedInformation { m2, df, p: chi_square_upper(m2, df as f64), rmsea: rmsea(m2, df as f64, persons), srmsr })
}

fn moments_at(fit: &Fit, free: &[f64]) -> (Vec<f64>, Vec<Conditional>) {
    let weights = fit.problem.latent_weights(free, 0).into_iter().map(exp).collect();
    let mut curves = Vec::new();
    let flats = fit.problem.flats(free);
    let conditional = fit
        .problem
        .items
        .iter()
        .zip(&flats)
        .map(|(item, flat)| {
            let parameters = item.family.item(flat);
            let at = |theta: &f64| {
                parameters.curves(*theta, &mut curves);
                let mut moments = [0.0; 5];
                for (k, curve) in curves.iter().enumerate() {
                    let mut power = curve.p;
                    for moment in &mut moments {
                        *moment += power;
                        power *= k as f64;
                    }
                }
                moments
            };
            fit.grid.nodes().iter().map(at).collect()
        })
        .collect();
    (weights, conditional)
}

fn expected_moments(pairs: &[(usize, usize)], weights: &[f64], conditional: &[Conditional]) -> Vec<f64> {
    let one = |(i, j): &(usize, usize)| -> f64 {
        let product =
            |q: usize| if i == j { conditional[*i][q][1] } else { conditional[*i][q][1] * conditional[*j][q][1] };
        (0..weights.len()).map(|q| weights[q] * product(q)).sum()
    };
    pairs.iter().map(one).collect()
}

/// The distinct items of two products with their powers; returns how many.
fn distinct(a: (usize, usize), b: (usize, usize), out: &mut [(usize, usize); 4]) -> usize {
    let mut used = 0;
    let mut add = |item: usize| {
        if let Some(place) = out[..used].iter().position(|(known, _)| *known == item) {
            out[place].1 += 1;
        } else {
            out[used] = (item, 1);
            used += 1;
        }
    };
    for (i, j) in [a, b] {
        add(i);
        if i != j {
            add(j);
        }
    }
    used
}

fn srmsr(
    rows: &[Vec<u8>],
    weights: &[f64],
    conditional: &[Conditional],
    expected: &[f64],
    pairs: &[(usize, usize)],
) -> f64 {
    let n = conditional.len();
    let variance = |i: usize| -> f64 {
        let second: f64 = (0..weights.len()).map(|q| weights[q] * conditional[i][q][2]).sum();
        second - expected[i] * expected[i]
    };
    let variances: Vec<f64> = (0..n).map(variance).collect();
    let mut sum = 0.0;
    let mut count = 0.0;
    for (place, (i, j)) in pairs.iter().enumerate().skip(n) {
        let model = (expected[place] - expected[*i] * expected[*j]) / (variances[*i] * variances[*j]).sqrt();
        let observed =
            crate::ranks::pearson(rows.iter().map(|row| (f64::from(row[*i]), f64::from(row[*j])))).r.unwrap_or(0.0);
        sum += (observed - model) * (observed - model);
        count += 1.0;
    }
    if count > 0.0 { (sum / count).sqrt() } else { 0.0 }
}
