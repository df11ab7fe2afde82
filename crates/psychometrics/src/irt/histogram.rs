//! Empirical histogram: the latent distribution as free weights of the nodes (Bock and Aitkin 1981, p. 454; Mislevy
//! 1984), as mirt's `empiricalhist` without extrapolation.
//!
//! Items and weights are improved in turn: a few steps of the search for the items, then EM steps of the weights
//! (`weight = expected persons at the node / persons`), extrapolated as SQUAREM does (Varadhan and Roland 2008). Where
//! the items do not fix the scale, the nodes are moved after every turn so that the reference group has mean 0 (and
//! standard deviation 1); at the maximum they stand still.

use super::grid::Grid;
use super::optimise::{Ended, Memory, maximise};
use super::problem::{Parts, Problem};
use crate::math::{exp, ln};

/// Steps of the item search in one turn.
const ITEM_STEPS: usize = 3;
/// Smallest weight of a node; it keeps logarithms finite and can grow again.
const LEAST: f64 = 1e-14;

/// Which moments of the reference group the standardisation holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standard {
    pub mean: bool,
    pub variance: bool,
}

/// Estimates items and weights from `start`; ends when a turn gains less than `tolerance` in log-likelihood.
pub(crate) fn estimate(
    problem: &mut Problem,
    start: Vec<f64>,
    standard: Standard,
    tolerance: f64,
    turns: usize,
) -> Option<(Ended, Parts)> {
    for group in 0..problem.latent.len() {
        problem.latent[group].histogram = Some(problem.latent_weights(&start, group));
    }
    let mut memory = Memory::new();
    let mut at = start;
    let mut last = f64::NEG_INFINITY;
    let mut total = (0, 0);
    loop {
        let (mut ended, point, parts) =
            maximise(at, 0.01 * tolerance, ITEM_STEPS, &mut memory, |at| problem.evaluate(at))?;
        total = (total.0 + 1, total.1 + ended.evaluations);
        let gain = point.value - last;
        let converged = gain.abs() < tolerance && ended.decrement < tolerance;
        if converged || total.0 >= turns {
            // What is left is not known; the gain of the last turn stands for it.
            ended.decrement = gain.abs().max(ended.decrement);
            (ended.iterations, ended.evaluations, ended.converged) = (total.0, total.1, converged);
            return Some((ended, parts));
        }
        last = point.value;
        at = ended.at;
        total.1 += improve_weights(problem, &at);
        standardise(problem, &at, standard);
    }
}

/// One extrapolated pair of EM steps; returns the number of expectation steps.
fn improve_weights(problem: &mut Problem, at: &[f64]) -> usize {
    let set = |problem: &mut Problem, weights: &[Vec<f64>]| {
        for (latent, weights) in problem.latent.iter_mut().zip(weights) {
            let total: f64 = weights.iter().map(|w| w.max(LEAST)).sum();
            latent.histogram = Some(weights.iter().map(|w| ln(w.max(LEAST) / total)).collect());
        }
    };
    let step = |problem: &mut Problem| {
        let (value, nodes) = problem.expected_nodes(at);
        let q = problem.grid.nodes().len();
        let weights: Vec<Vec<f64>> = nodes
            .iter()
            .zip(&problem.group_weight)
            .map(|(nodes, n)| nodes[..q].iter().map(|w| w / n).collect())
            .collect();
        (value, weights)
    };
    let zero: Vec<Vec<f64>> =
        problem.latent.iter().map(|latent| latent.histogram.iter().flatten().map(|log| exp(*log)).collect()).collect();
    let (_, one) = step(problem);
    set(problem, &one);
    let (_, two) = step(problem);
    set(problem, &two);
    let (value, three) = step(problem);
    let (mut change, mut bend) = (0.0, 0.0);
    for ((zero, one), two) in zero.iter().flatten().zip(one.iter().flatten()).zip(two.iter().flatten()) {
        let (r, v) = (one - zero, two - 2.0 * one + zero);
        change += r * r;
        bend += v * v;
    }
    if bend > 0.0 && change > bend {
        let alpha = (change / bend).sqrt();
        let far = |zero: &Vec<f64>, one: &Vec<f64>, two: &Vec<f64>| -> Vec<f64> {
            let one_node = |((zero, one), two): ((&f64, &f64), &f64)| {
                zero + 2.0 * alpha * (one - zero) + alpha * alpha * (two - 2.0 * one + zero)
            };
            zero.iter().zip(one).zip(two).map(one_node).collect()
        };
        let weights: Vec<Vec<f64>> = zero.iter().zip(&one).zip(&two).map(|((z, o), t)| far(z, o, t)).collect();
        set(problem, &weights);
        let (reached, after) = step(problem);
        if reached > value {
            set(problem, &after);
            return 4;
        }
    }
    set(problem, &three);
    4
}

fn standardise(problem: &mut Problem, at: &[f64], standard: Standard) {
    let (mean, sd) = problem.latent_moments(at)[0];
    let grid: &Grid = &problem.grid;
    let (mean, sd) = (if standard.mean { mean } else { 0.0 }, if standard.variance { sd } else { 1.0 });
    problem.grid = grid.standardised(mean, sd);
}
