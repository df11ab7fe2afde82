//! What an adaptive test asks between two items: where the person stands now, and which item tells most there.

use super::{CalibratedItem, Score};
use crate::irt::{Curve, Grid, information_of};
use crate::math::{exp, ln};

/// A person's posterior on a grid, answer by answer (Bock and Mislevy 1982).
///
/// The same as [`score`](super::score) with [`Method::Eap`](super::Method::Eap) once all answers are in; an answer costs one curve, not the whole
/// test.
#[derive(Debug, Clone)]
pub struct Posterior {
    grid: Grid,
    /// Logarithms of prior times likelihood at the nodes, up to a constant.
    log: Vec<f64>,
}

impl Posterior {
    /// Before the first answer: a normal prior, `sd` > 0, on the nodes of the grid.
    pub fn new(grid: Grid, mean: f64, sd: f64) -> Self {
        let log = grid.log_normal_weights(mean, sd);
        Self { grid, log }
    }

    /// Takes in an answer: the points won on an item.
    pub fn answer(&mut self, item: &CalibratedItem, score: u8) {
        let category = item.category(score);
        let mut curves: Vec<Curve> = Vec::with_capacity(item.parameters.categories());
        for (log, theta) in self.log.iter_mut().zip(self.grid.nodes()) {
            item.parameters.curves(*theta, &mut curves);
            *log += ln(curves[category].p.max(1e-300));
        }
    }

    /// Posterior mean and standard deviation.
    pub fn eap(&self) -> Score {
        let top = self.log.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (mut sum, mut first) = (0.0, 0.0);
        let weights: Vec<f64> = self.log.iter().map(|log| exp(log - top)).collect();
        for (weight, theta) in weights.iter().zip(self.grid.nodes()) {
            sum += weight;
            first += weight * theta;
        }
        let theta = first / sum;
        let square = |(weight, node): (&f64, &f64)| weight * (node - theta) * (node - theta);
        let variance = weights.iter().zip(self.grid.nodes()).map(square).sum::<f64>() / sum;
        Score { theta, se: variance.sqrt() }
    }
}

/// Fisher information of every item at theta, in the order of the items.
pub fn informations(items: &[CalibratedItem], theta: f64) -> Vec<f64> {
    let mut curves = Vec::new();
    let mut of = |item: &CalibratedItem| {
        item.parameters.curves(theta, &mut curves);
        information_of(&curves)
    };
    items.iter().map(&mut of).collect()
}

/// Position of the item with the most information at theta among those that `allowed` admits (Lord 1977); the first of
/// equals. `None` when none is admitted. Exposure and content are the caller's: `allowed` decides.
pub fn most_informative(items: &[CalibratedItem], theta: f64, allowed: impl Fn(usize) -> bool) -> Option<usize> {
    let mut curves = Vec::new();
    let mut best: Option<(usize, f64)> = None;
    for (place, item) in items.iter().enumerate().filter(|(place, _)| allowed(*place)) {
        item.parameters.curves(theta, &mut curves);
        let information = information_of(&curves);
        if best.is_none_or(|(_, most)| information > most) {
            best = Some((place, information));
        }
    }
    best.map(|(place, _)| place)
}
