//! Logistic regression of the item score on total, group and their product (Swaminathan and Rogers 1990; with ordered
//! scores Zumbo 1999).

use super::{Comparison, matched};
use crate::linalg::Cholesky;
use crate::math::{chi_square_upper, exp, ln, ln_one_plus_exp, logistic, logit};
use crate::{Error, MissingTreatment, Responses};

/// Result for one item.
#[derive(Debug, Clone, PartialEq)]
pub struct LogisticDif {
    /// Name of the item.
    pub item: String,
    /// Likelihood ratio for group (one degree of freedom): uniform difference.
    pub uniform: f64,
    /// Likelihood ratio for the product (one degree of freedom): non-uniform difference.
    pub non_uniform: f64,
    /// Probabilities of larger values, and of a larger sum on two degrees of freedom.
    pub p: [f64; 3],
    /// Coefficient of the focal group in the model without product, in logits: the logarithm of the odds of reaching
    /// any score, focal against reference.
    pub group_coefficient: f64,
    /// The same on the delta scale of Educational Testing Service, `2.35 * group_coefficient` (Monahan, McHorney, Stump
    /// and Perkins 2007); negative when the item is harder for the focal group.
    pub delta: f64,
    /// Nagelkerke's R squared of the three models.
    pub r_squared: [f64; 3],
    /// Class by the change in R squared over both effects (Jodoin and Gierl 2001): A below 0.035, B below 0.070, C;
    /// always A when the sum is not significant at 0.05.
    pub class: &'static str,
}

/// Logistic-regression analysis; `None` for items without a finite fit.
///
/// Items with more than two scores have proportional odds: `logit P(score >= k) = alpha_k + b1 total + b2 group +
/// b3 total group` (McCullagh 1980; Zumbo 1999), the scores that occur in order.
///
/// # Errors
/// No groups, or fewer than two complete persons in a group.
pub fn logistic_dif(
    responses: &Responses,
    comparison: Comparison,
    treatment: MissingTreatment,
) -> Result<Vec<Option<LogisticDif>>, Error> {
    let data = matched(responses, comparison, treatment)?;
    let items = responses.items();
    let nobody = vec![false; items.len()];
    let analyse = |item: usize| {
        let totals = data.totals(item, &nobody);
        let mut scores: Vec<u8> = data.rows.iter().map(|row| row[item]).collect();
        scores.sort_unstable();
        scores.dedup();
        let top = totals.iter().max().copied().unwrap_or(0);
        let mut cells = vec![vec![0.0; scores.len()]; 2 * (top + 1)];
        for ((row, focal), total) in data.rows.iter().zip(&data.focal).zip(&totals) {
            let category = scores.binary_search(&row[item]).unwrap_or_default();
            cells[2 * total + usize::from(*focal)][category] += 1.0;
        }
        let points: Vec<Cell> = cells
            .into_iter()
            .enumerate()
            .filter(|(_, counts)| counts.iter().any(|n| *n > 0.0))
            .map(|(place, counts)| {
                let (total, group) = ((place / 2) as f64, (place % 2) as f64);
                Cell { x: [total, group, total * group], counts }
            })
            .collect();
        let n = data.rows.len() as f64;
        let null = maximum(&points, 0)?.0;
        let models = [maximum(&points, 1)?, maximum(&points, 2)?, maximum(&points, 3)?];
        let [base, group, product] = [models[0].0, models[1].0, models[2].0];
        let nagelkerke = |log: f64| (1.0 - exp(2.0 / n * (null - log))) / (1.0 - exp(2.0 / n * null));
        let (uniform, non_uniform) = ((2.0 * (group - base)).max(0.0), (2.0 * (product - group)).max(0.0));
        let p = [
            chi_square_upper(uniform, 1.0),
            chi_square_upper(non_uniform, 1.0),
            chi_square_upper(uniform + non_uniform, 2.0),
        ];
        let coefficient = models[1].1[scores.len()];
        let r_squared = [nagelkerke(base), nagelkerke(group), nagelkerke(product)];
        let change = r_squared[2] - r_squared[0];
        let class = if p[2] >= 0.05 || change < 0.035 {
            "A"
        } else if change < 0.070 {
            "B"
        } else {
            "C"
        };
        Some(LogisticDif {
            item: items[item].name.clone(),
            uniform,
            non_uniform,
            p,
            group_coefficient: coefficient,
            delta: 2.35 * coefficient,
            r_squared,
            class,
        })
    };
    Ok((0..items.len()).map(analyse).collect())
}

/// Persons with the same regressors, by category.
struct Cell {
    x: [f64; 3],
    counts: Vec<f64>,
}

/// Log-likelihood and coefficients of the model with the first `terms` regressors: the cutting points `alpha_1..`, then
/// the regressors'. Fisher scoring with halving.
fn maximum(cells: &[Cell], terms: usize) -> Option<(f64, Vec<f64>)> {
    let top = cells.first()?.counts.len().checked_sub(1).filter(|top| *top > 0)?;
    let size = top + terms;
    // ln P(category k) from the cutting points above and below it.
    let log = |b: &[f64], eta: f64, k: usize| -> f64 {
        let mut value = 0.0;
        if k > 0 {
            value -= ln_one_plus_exp(-(b[k - 1] + eta));
        }
        if k < top {
            value -= ln_one_plus_exp(b[k] + eta);
        }
        if k > 0 && k < top {
            value += ln(-libm::expm1(b[k] - b[k - 1]));
        }
        value
    };
    let predictor = |b: &[f64], cell: &Cell| -> f64 { cell.x.iter().zip(&b[top..]).map(|(x, b)| x * b).sum() };
    let value = |b: &[f64]| -> f64 {
        if b[..top].windows(2).any(|pair| pair[0] <= pair[1]) {
            return f64::NEG_INFINITY;
        }
        let one = |cell: &Cell| -> f64 {
            let eta = predictor(b, cell);
            let used = cell.counts.iter().enumerate().filter(|(_, n)| **n > 0.0);
            used.map(|(k, n)| n * log(b, eta, k)).sum()
        };
        cells.iter().map(one).sum()
    };
    let total: f64 = cells.iter().flat_map(|cell| &cell.counts).sum();
    let at_least = |k: usize| cells.iter().map(|cell| cell.counts[k..].iter().sum::<f64>()).sum::<f64>() / total;
    let mut b: Vec<f64> = (1..=top).map(|k| logit(at_least(k))).chain((0..terms).map(|_| 0.0)).collect();
    let mut best = value(&b);
    let mut slope = vec![0.0; size];
    for _ in 0..200 {
        let mut gradient = vec![0.0; size];
        let mut information = vec![0.0; size * size];
        for cell in cells {
            let eta = predictor(&b, cell);
            let n: f64 = cell.counts.iter().sum();
            let density = |k: usize| {
                if k == 0 || k > top { 0.0 } else { logistic(b[k - 1] + eta) * logistic(-(b[k - 1] + eta)) }
            };
            for k in 0..=top {
                let p = exp(log(&b, eta, k)).max(1e-300);
                let (up, down) = (density(k), density(k + 1));
                slope.fill(0.0);
                if k > 0 {
                    slope[k - 1] = up;
                }
                if k < top {
                    slope[k] = -down;
                }
                for (slope, x) in slope[top..].iter_mut().zip(&cell.x) {
                    *slope = x * (up - down);
                }
                for i in 0..size {
                    gradient[i] += cell.counts[k] / p * slope[i];
                    for j in 0..size {
                        information[i * size + j] += n / p * slope[i] * slope[j];
                    }
                }
            }
        }
        let step = Cholesky::new(&information, size)?.solve(&gradient);
        let gain: f64 = step.iter().zip(&gradient).map(|(s, g)| s * g).sum();
        if gain < 1e-12 {
            return Some((best, b));
        }
        let mut scale = 1.0;
        loop {
            let tried: Vec<f64> = b.iter().zip(&step).map(|(b, s)| b + scale * s).collect();
            let next = value(&tried);
            if next >= best || scale < 1e-8 {
                (b, best) = (tried, next);
                break;
            }
            scale *= 0.5;
        }
    }
    None
}
