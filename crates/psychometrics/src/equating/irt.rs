//! Equating through item response models on one scale.

use super::{Method, ScoreDistribution, equate};
use crate::irt::Grid;
use crate::math::exp;
use crate::scores::sum_distribution;
use crate::{CalibratedItem, Error, ItemParameters};

/// True-score equating: for each score of form X the theta whose expected score it is, and the expected score of form
/// Y there. Scores at or below the sum of lower asymptotes are interpolated from 0 (Kolen 1981); the maximum goes to
/// the maximum. Returns (theta, equivalent) with `None` where theta does not exist.
///
/// # Errors
/// No items.
pub fn irt_true_score(x: &[CalibratedItem], y: &[CalibratedItem]) -> Result<Vec<(Option<f64>, f64)>, Error> {
    if x.is_empty() || y.is_empty() {
        return Err(Error::Empty { what: "items" });
    }
    let expected =
        |items: &[CalibratedItem], theta: f64| items.iter().map(|item| item.expected_points(theta)).sum::<f64>();
    let top = |items: &[CalibratedItem]| {
        items.iter().map(|item| f64::from(item.scores.last().copied().unwrap_or(0))).sum::<f64>()
    };
    let bottom = |items: &[CalibratedItem]| -> f64 {
        let lower = |item: &CalibratedItem| match &item.parameters {
            ItemParameters::Logistic { lower, .. } => lower * f64::from(item.scores.last().copied().unwrap_or(1)),
            _ => f64::from(item.scores.first().copied().unwrap_or(0)),
        };
        items.iter().map(lower).sum()
    };
    let (x_top, y_top, x_bottom, y_bottom) = (top(x), top(y), bottom(x), bottom(y));
    let one = |score: f64| {
        if score >= x_top {
            return (None, y_top);
        }
        if score <= x_bottom {
            return (None, if x_bottom > 0.0 { score / x_bottom * y_bottom } else { y_bottom });
        }
        let (mut low, mut high) = (-60.0, 60.0);
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if expected(x, middle) < score { low = middle } else { high = middle }
        }
        let theta = 0.5 * (low + high);
        (Some(theta), expected(y, theta))
    };
    Ok((0..=x_top as usize).map(|score| one(score as f64)).collect())
}

/// Observed-score equating: equipercentile on the score distributions that the models give in a synthetic population,
/// a mixture of normal abilities (mean, sd, weight).
///
/// # Errors
/// No items, a population without weight or spread.
pub fn irt_observed_score(
    x: &[CalibratedItem],
    y: &[CalibratedItem],
    population: &[(f64, f64, f64)],
    grid: &Grid,
) -> Result<Vec<f64>, Error> {
    if x.is_empty() || y.is_empty() {
        return Err(Error::Empty { what: "items" });
    }
    let mut weights = vec![0.0; grid.nodes().len()];
    for (mean, sd, share) in population {
        if !(sd.is_finite() && *sd > 0.0 && mean.is_finite() && *share >= 0.0) {
            return Err(Error::NotFinite { what: "spread of the population".to_owned(), value: *sd });
        }
        for (weight, log) in weights.iter_mut().zip(grid.log_normal_weights(*mean, *sd)) {
            *weight += share * exp(log);
        }
    }
    let distribution = |items: &[CalibratedItem]| {
        let items: Vec<&CalibratedItem> = items.iter().collect();
        let mut sums: Vec<f64> = Vec::new();
        for (theta, weight) in grid.nodes().iter().zip(&weights) {
            let given = sum_distribution(&items, *theta);
            sums.resize(given.len(), 0.0);
            sums.iter_mut().zip(given).for_each(|(sum, p)| *sum += weight * p);
        }
        ScoreDistribution::new(sums)
    };
    equate(&distribution(x)?, &distribution(y)?, Method::Equipercentile)
}
