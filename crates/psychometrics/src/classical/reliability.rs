//! Reliability from the covariance matrix of item scores.

use crate::linalg::Cholesky;

/// Reliability coefficients of a test; each `None` where it does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Reliability {
    /// Cronbach's alpha.
    pub alpha: Option<f64>,
    /// Confidence interval of alpha (see [`super::alpha_interval`]).
    pub alpha_interval: Option<(f64, f64)>,
    /// Guttman's lambda 2.
    pub lambda2: Option<f64>,
    /// Guttman's lambda 6, from squared multiple correlations; `None` when the items are collinear.
    pub lambda6: Option<f64>,
    /// Split half, odd against even items, stepped up by Spearman and Brown.
    pub split_half: Option<f64>,
    /// Kuder-Richardson formula 21, for complete dichotomous data.
    pub kr21: Option<f64>,
    /// Standard error of measurement of the total, in points: sd sqrt(1 - alpha).
    pub sem: Option<f64>,
}

/// `mean_for_kr21`: mean total when formula 21 applies.
pub(super) fn reliability(matrix: Option<&[f64]>, items: usize, mean_for_kr21: Option<f64>) -> Reliability {
    let Some(matrix) = matrix else { return Reliability::default() };
    let total: f64 = matrix.iter().sum();
    if items < 2 || total <= 0.0 {
        return Reliability::default();
    }
    let k = items as f64;
    let own: f64 = (0..items).map(|i| matrix[i * items + i]).sum();
    let alpha = k / (k - 1.0) * (1.0 - own / total);
    let squares: f64 =
        matrix.iter().map(|c| c * c).sum::<f64>() - (0..items).map(|i| matrix[i * items + i].powi(2)).sum::<f64>();
    let lambda2 = 1.0 - own / total + (k / (k - 1.0) * squares).sqrt() / total;
    // The residual variance of an item given the others is 1 / (C^-1)_ii.
    let lambda6 = Cholesky::new(matrix, items).map(|factor| {
        let inverse = factor.inverse();
        1.0 - (0..items).map(|i| 1.0 / inverse[i * items + i]).sum::<f64>() / total
    });
    let kr21 = mean_for_kr21.map(|mean| k / (k - 1.0) * (1.0 - mean * (k - mean) / (k * total)));
    let sem = (alpha <= 1.0).then(|| (total * (1.0 - alpha)).sqrt());
    let half = |x: usize, y: usize| -> f64 {
        (x..items).step_by(2).map(|i| (y..items).step_by(2).map(|j| matrix[i * items + j]).sum::<f64>()).sum()
    };
    let (odd, even) = (half(0, 0), half(1, 1));
    let split_half = (odd > 0.0 && even > 0.0).then(|| half(0, 1) / (odd * even).sqrt()).map(|r| 2.0 * r / (1.0 + r));
    Reliability { alpha: Some(alpha), alpha_interval: None, lambda2: Some(lambda2), lambda6, split_half, kr21, sem }
}

/// Alpha of the test without one item; `None` when fewer than two items would be left.
pub(super) fn alpha_without(matrix: Option<&[f64]>, items: usize, left_out: usize) -> Option<f64> {
    let matrix = matrix?;
    if items < 3 {
        return None;
    }
    let (mut own, mut total) = (0.0, 0.0);
    for i in (0..items).filter(|i| *i != left_out) {
        own += matrix[i * items + i];
        total += (0..items).filter(|j| *j != left_out).map(|j| matrix[i * items + j]).sum::<f64>();
    }
    let k = (items - 1) as f64;
    (total > 0.0).then(|| k / (k - 1.0) * (1.0 - own / total))
}
