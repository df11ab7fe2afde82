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
