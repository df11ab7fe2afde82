//! Residuals at estimated abilities: infit, outfit and Q3.

use crate::irt::Fit;
use crate::ranks::pearson;
use crate::responses::decode;
use crate::{MissingTreatment, Responses};

/// Mean-square fit of one item; 1 is expected, and z is its cube-root transformation to a standard normal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanSquares {
    /// Information-weighted mean square.
    pub infit: f64,
    /// Standardised infit.
    pub infit_z: f64,
    /// Plain mean square.
    pub outfit: f64,
    /// Standardised outfit.
    pub outfit_z: f64,
}

/// Category numbers of the persons who have one on every item.
pub(super) fn complete_rows(fit: &Fit, responses: &Responses, treatment: MissingTreatment) -> Vec<Vec<u8>> {
    let items = fit.calibrated(responses);
    (0..responses.persons())
        .filter_map(|person| {
            let (presented, cells) = responses.raw(person);
            let category = |(item, cell): (&u32, &u8)| {
                treatment.apply(decode(*cell)).map(|score| items[*item as usize].category(score) as u8)
            };
            let row: Vec<u8> = presented.iter().zip(cells).filter_map(category).collect();
            (row.len() == items.len()).then_some(row)
        })
        .collect()
}

/// Residual and moments of one response.
struct Residual {
    item: usize,
    away: f64,
    variance: f64,
    fourth: f64,
}

fn residuals(
    fit: &Fit,
    responses: &Responses,
    treatment: MissingTreatment,
    thetas: &[Option<f64>],
    mut visit: impl FnMut(usize, Residual),
) {
    let items = fit.calibrated(responses);
    let mut curves = Vec::new();
    for (person, theta) in thetas.iter().enumerate() {
        let Some(theta) = theta.filter(|theta| theta.is_finite()) else { continue };
        let (presented, cells) = responses.raw(person);
        for (item, cell) in presented.iter().zip(cells) {
            let Some(score) = treatment.apply(decode(*cell)) else { continue };
            let item = *item as usize;
            let k = items[item].category(score) as f64;
            items[item].parameters.curves(theta, &mut curves);
            let mean: f64 = curves.iter().enumerate().map(|(k, c)| k as f64 * c.p).sum();
            let moment = |power: i32| -> f64 {
                let away = |k: usize| {
                    let d = k as f64 - mean;
                    if power == 2 { d * d } else { d * d * d * d }
                };
                curves.iter().enumerate().map(|(k, c)| away(k) * c.p).sum()
            };
            visit(person, Residual { item, away: k - mean, variance: moment(2), fourth: moment(4) });
        }
    }
}

/// Infit and outfit of every item at the abilities given (one per person); `None` for items without responses.
///
/// Meant for models of the Rasch family; in others infit is near 1 by construction.
pub fn mean_squares(
    fit: &Fit,
    responses: &Responses,
    treatment: MissingTreatment,
    thetas: &[Option<f64>],
) -> Vec<Option<MeanSquares>> {
    #[derive(Clone, Default)]
    struct Sums {
        n: f64,
        square: f64,
        variance: f64,
        ratio: f64,
        kurtosis: f64,
        spread: f64,
    }
    let mut sums = vec![Sums::default(); fit.items.len()];
    residuals(fit, responses, treatment, thetas, |_, r| {
        if r.variance <= 0.0 {
            return;
        }
        let s = &mut sums[r.item];
        let square = r.away * r.away;
        s.n += 1.0;
        s.square += square;
        s.variance += r.variance;
        s.ratio += square / r.variance;
        s.kurtosis += r.fourth / (r.variance * r.variance);
        s.spread += r.fourth - r.variance * r.variance;
    });
    sums.iter()
        .map(|s| {
            (s.n > 0.0).then(|| {
                let (infit, outfit) = (s.square / s.variance, s.ratio / s.n);
                let infit_q = s.spread.max(0.0).sqrt() / s.variance;
                let outfit_q = (s.kurtosis / (s.n * s.n) - 1.0 / s.n).max(0.0).sqrt();
                MeanSquares {
                    infit,
                    infit_z: cube_root_z(infit, infit_q),
                    outfit,
                    outfit_z: cube_root_z(outfit, outfit_q),
                }
            })
        })
        .collect()
}

/// A mean square with standard deviation `q` as a standard normal (Wilson and Hilferty; Wright and Masters 1982, p. 101).
pub(crate) fn cube_root_z(mean_square: f64, q: f64) -> f64 {
    if q > 0.0 { (libm::cbrt(mean_square) - 1.0) * 3.0 / q + q / 3.0 } else { 0.0 }
}

/// Yen's Q3: correlations of residuals between items, row after row; `None` where a pair has no variation.
pub fn q3(fit: &Fit, responses: &Responses, treatment: MissingTreatment, thetas: &[Option<f64>]) -> Vec<Option<f64>> {
    let n = fit.items.len();
    let mut columns = vec![vec![f64::NAN; responses.persons()]; n];
    residuals(fit, responses, treatment, thetas, |person, r| columns[r.item][person] = r.away);
    let mut matrix = vec![Some(1.0); n * n];
    for i in 0..n {
        for j in 0..i {
            let r = pearson(columns[i].iter().copied().zip(columns[j].iter().copied())).r;
            matrix[i * n + j] = r;
            matrix[j * n + i] = r;
        }
    }
    matrix
}
