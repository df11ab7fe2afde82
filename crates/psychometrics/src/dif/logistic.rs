//! Logistic regression of the item score on total, group and their product (Swaminathan and Rogers 1990).

use super::{Comparison, matched};
use crate::linalg::Cholesky;
use crate::math::{chi_square_upper, exp, ln, ln_one_plus_exp, logistic};
use crate::{Error, MissingTreatment, Responses};

/// Result for one dichotomous item.
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
    /// Coefficient of the focal group in the model without product, in logits.
    pub group_coefficient: f64,
    /// Nagelkerke's R squared of the three models.
    pub r_squared: [f64; 3],
    /// Class by the change in R squared over both effects (Jodoin and Gierl 2001): A below 0.035, B below 0.070, C;
    /// always A when the sum is not significant at 0.05.
    pub class: &'static str,
}

/// Logistic-regression analysis; `None` for items with more than two scores or without a finite fit.
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
        if items[item].max != 1 {
            return None;
        }
        let totals = data.totals(item, &nobody);
        let top = totals.iter().max().copied().unwrap_or(0);
        let mut cells = vec![[0.0; 2]; 2 * (top + 1)];
        for ((row, focal), total) in data.rows.iter().zip(&data.focal).zip(&totals) {
            let cell = &mut cells[2 * total + usize::from(*focal)];
            cell[0] += 1.0;
            cell[1] += f64::from(row[item]);
        }
        let points: Vec<Cell> = cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| cell[0] > 0.0)
            .map(|(place, cell)| {
                let (total, group) = ((place / 2) as f64, (place % 2) as f64);
                Cell { x: [1.0, total, group, total * group], n: cell[0], right: cell[1] }
            })
            .collect();
        let n: f64 = points.iter().map(|p| p.n).sum();
        let null = maximum(&points, 1)?.0;
        let models = [maximum(&points, 2)?, maximum(&points, 3)?, maximum(&points, 4)?];
        let [base, group, product] = [models[0].0, models[1].0, models[2].0];
        let nagelkerke = |log: f64| (1.0 - exp(2.0 / n * (null - log))) / (1.0 - exp(2.0 / n * null));
        let (uniform, non_uniform) = ((2.0 * (group - base)).max(0.0), (2.0 * (product - group)).max(0.0));
        let p = [
            chi_square_upper(uniform, 1.0),
            chi_square_upper(non_uniform, 1.0),
            chi_square_upper(uniform + non_uniform, 2.0),
        ];
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
            group_coefficient: models[1].1[2],
            r_squared,
            class,
        })
    };
    Ok((0..items.len()).map(analyse).collect())
}

struct Cell {
    x: [f64; 4],
    n: f64,
    right: f64,
}

/// Log-likelihood and coefficients of the model with the first `terms` regressors, by Newton's method with halving.
fn maximum(cells: &[Cell], terms: usize) -> Option<(f64, Vec<f64>)> {
    let value = |b: &[f64]| -> f64 {
        cells
            .iter()
            .map(|cell| {
                let eta: f64 = cell.x.iter().zip(b).map(|(x, b)| x * b).sum();
                cell.right * eta - cell.n * ln_one_plus_exp(eta)
            })
            .sum()
    };
    let mut b = vec![0.0; terms];
    let mean = cells.iter().map(|c| c.right).sum::<f64>() / cells.iter().map(|c| c.n).sum::<f64>();
    if mean <= 0.0 || mean >= 1.0 {
        return None;
    }
    b[0] = ln(mean / (1.0 - mean));
    let mut best = value(&b);
    for _ in 0..100 {
        let mut gradient = vec![0.0; terms];
        let mut information = vec![0.0; terms * terms];
        for cell in cells {
            let p = logistic(cell.x.iter().zip(&b).map(|(x, b)| x * b).sum());
            for i in 0..terms {
                gradient[i] += cell.x[i] * (cell.right - cell.n * p);
                for j in 0..terms {
                    information[i * terms + j] += cell.x[i] * cell.x[j] * cell.n * p * (1.0 - p);
                }
            }
        }
        let step = Cholesky::new(&information, terms)?.solve(&gradient);
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
