//! Standard errors from the observed information.
//!
//! The Hessian of the marginal log-likelihood (with log-priors) is the derivative of its analytic gradient; by
//! Fisher's identity and Oakes (1999) this equals complete information less missing information. The gradient is
//! differenced centrally with a step of 1e-4, whose error is of order 1e-8.

use super::family::Family;
use super::problem::{Problem, ProblemItem, Source};
use crate::linalg::Cholesky;
use crate::math::logistic;

/// A parameter with its standard error.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Name: a, b, b1..., c, u in the IRT form; a1, d, d1..., g, u in the slope-intercept form.
    pub name: String,
    /// Value.
    pub value: f64,
    /// Standard error; `None` when the parameter is fixed or errors were not asked for.
    pub se: Option<f64>,
}

/// Least share of its own information that a parameter must keep beside the others. Below it, what differencing leaves
/// as rounding decides, and the error would be a thousand times that of a parameter alone.
const LEAST_SHARE: f64 = 1e-6;

/// Covariance matrix of the free parameters at `at`; `None` when the information is not positive definite, or so nearly
/// singular that the data do not determine some parameter.
pub(crate) fn covariance(problem: &Problem, at: &[f64]) -> Option<Vec<f64>> {
    let n = problem.free;
    let information = information(problem, at)?;
    let inverse = Cholesky::new(&information, n)?.inverse();
    // 1 / (H_ii V_ii) is the share of information about i that the other parameters leave.
    (0..n).all(|i| information[i * n + i] * inverse[i * n + i] * LEAST_SHARE < 1.0).then_some(inverse)
}

/// Observed information of the free parameters, row after row; `None` at the edge of the parameter space.
pub(crate) fn information(problem: &Problem, at: &[f64]) -> Option<Vec<f64>> {
    let n = problem.free;
    let rows = information_rows(problem, at, &(0..n).collect::<Vec<_>>())?;
    let mut information = vec![0.0; n * n];
    for (p, row) in rows.iter().enumerate() {
        for (i, value) in row.iter().enumerate() {
            information[p * n + i] += 0.5 * value;
            information[i * n + p] += 0.5 * value;
        }
    }
    Some(information)
}

/// Rows of the observed information for some parameters, before it is made symmetric.
pub(crate) fn information_rows(problem: &Problem, at: &[f64], places: &[usize]) -> Option<Vec<Vec<f64>>> {
    let step = 1e-4;
    let mut moved = at.to_vec();
    let mut row = |p: &usize| {
        moved[*p] = at[*p] + step;
        let (high, _) = problem.evaluate(&moved)?;
        moved[*p] = at[*p] - step;
        let (low, _) = problem.evaluate(&moved)?;
        moved[*p] = at[*p];
        Some(high.gradient.iter().zip(&low.gradient).map(|(high, low)| (low - high) / (2.0 * step)).collect())
    };
    places.iter().map(&mut row).collect()
}

/// Standard error of `gradient . sources` by the delta method; `None` without free parts.
pub(crate) fn delta(covariance: Option<&[f64]>, free: usize, sources: &[(&Source, f64)]) -> Option<f64> {
    let covariance = covariance?;
    let mut weights: Vec<(usize, f64)> = Vec::new();
    for (source, by) in sources {
        weights.extend(source.terms.iter().map(|(place, c)| (*place, by * c)));
    }
    if weights.iter().all(|(_, by)| *by == 0.0) {
        return None;
    }
    let mut variance = 0.0;
    for (i, x) in &weights {
        for (j, y) in &weights {
            variance += x * y * covariance[i * free + j];
        }
    }
    (variance >= 0.0).then(|| variance.sqrt())
}

/// Slope-intercept form: a1, d (or d1...), g and u as probabilities; nominal slopes a1... and intercepts c1...
pub(crate) fn slope_intercept(
    item: &ProblemItem,
    flat: &[f64],
    covariance: Option<&[f64]>,
    free: usize,
) -> Vec<Estimate> {
    let plain = |p: usize, name: String| Estimate {
        name,
        value: flat[p],
        se: delta(covariance, free, &[(&item.sources[p], 1.0)]),
    };
    let top = item.categories - 1;
    match item.family {
        Family::Logistic => {
            let asymptote = |p: usize, name: &str| {
                let value = logistic(flat[p]);
                let by = value * logistic(-flat[p]);
                Estimate { name: name.to_owned(), value, se: delta(covariance, free, &[(&item.sources[p], by)]) }
            };
            vec![plain(0, "a1".to_owned()), plain(1, "d".to_owned()), asymptote(2, "g"), asymptote(3, "u")]
        }
        Family::PartialCredit if top == 1 => vec![plain(0, "a1".to_owned()), plain(1, "d".to_owned())],
        Family::PartialCredit | Family::Graded => {
            std::iter::once(plain(0, "a1".to_owned())).chain((1..=top).map(|k| plain(k, format!("d{k}")))).collect()
        }
        Family::Nominal => {
            let slopes = (1..=top).map(|k| plain(k - 1, format!("a{k}")));
            slopes.chain((1..=top).map(|k| plain(top + k - 1, format!("c{k}")))).collect()
        }
    }
}

/// IRT form: a and b (or b1...), c and u; empty for the nominal model.
pub(crate) fn irt_form(item: &ProblemItem, flat: &[f64], covariance: Option<&[f64]>, free: usize) -> Vec<Estimate> {
    let slope = flat[0];
    let top = item.categories - 1;
    if item.family == Family::Nominal || slope == 0.0 {
        return Vec::new();
    }
    let mut out =
        vec![Estimate { name: "a".to_owned(), value: slope, se: delta(covariance, free, &[(&item.sources[0], 1.0)]) }];
    let intercepts = if item.family == Family::Logistic { 1 } else { top };
    for k in 1..=intercepts {
        let name = if intercepts == 1 { "b".to_owned() } else { format!("b{k}") };
        // Partial credit: b_k = (d_{k-1} - d_k) / a with d_0 = 0; otherwise b_k = -d_k / a.
        let steps = item.family == Family::PartialCredit && k > 1;
        let before = if steps { flat[k - 1] } else { 0.0 };
        let value = (before - flat[k]) / slope;
        let mut parts = vec![(&item.sources[0], -value / slope), (&item.sources[k], -1.0 / slope)];
        if steps {
            parts.push((&item.sources[k - 1], 1.0 / slope));
        }
        out.push(Estimate { name, value, se: delta(covariance, free, &parts) });
    }
    if item.family == Family::Logistic {
        let asymptotes = slope_intercept(item, flat, covariance, free).into_iter().skip(2);
        out.extend(asymptotes.zip(["c", "u"]).map(|(estimate, name)| Estimate { name: name.to_owned(), ..estimate }));
    }
    out
}
