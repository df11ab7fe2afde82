//! Quadrature over the latent ability.

use crate::math::{exp, ln};

/// Equally spaced nodes on `-range..=range`.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    nodes: Vec<f64>,
}

impl Grid {
    /// `nodes` points (at least 3) from `-range` to `range`, in the unit of theta.
    pub fn new(nodes: usize, range: f64) -> Self {
        let nodes = nodes.max(3);
        let last = (nodes - 1) as f64;
        Self { nodes: (0..nodes).map(|q| range * (2.0 * q as f64 - last) / last).collect() }
    }

    /// The grid moved so that a distribution with this mean and standard deviation on it gets mean 0 and deviation 1.
    pub(crate) fn standardised(&self, mean: f64, sd: f64) -> Self {
        Self { nodes: self.nodes.iter().map(|theta| (theta - mean) / sd).collect() }
    }

    /// Mean and standard deviation of weights (adding to 1) on the nodes.
    pub(crate) fn moments_of(&self, weights: &[f64]) -> (f64, f64) {
        let mean: f64 = self.nodes.iter().zip(weights).map(|(theta, w)| theta * w).sum();
        let square: f64 = self.nodes.iter().zip(weights).map(|(theta, w)| (theta - mean) * (theta - mean) * w).sum();
        (mean, square.sqrt())
    }

    /// The nodes.
    pub fn nodes(&self) -> &[f64] {
        &self.nodes
    }

    /// Logarithms of normalised weights of a normal density at the nodes; `sd` > 0.
    pub fn log_normal_weights(&self, mean: f64, sd: f64) -> Vec<f64> {
        let log: Vec<f64> = self.nodes.iter().map(|theta| (theta - mean) / sd).map(|z| -0.5 * z * z).collect();
        let top = log.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total = ln(log.iter().map(|l| exp(l - top)).sum::<f64>()) + top;
        log.into_iter().map(|l| l - total).collect()
    }
}
