//! ML, MAP and WLE: the root of a score function, one person at a time.

use rayon::prelude::*;

use super::{CalibratedItem, Method, Score, ScoreSettings};
use crate::Responses;
use crate::irt::simd::{self, LANES};
use crate::irt::{Curve, Grid, ItemParameters};
use crate::math::exp;
use crate::responses::decode;

/// Score function, information and the bias term of Warm at one theta.
#[derive(Debug, Clone, Copy, Default)]
struct At {
    /// Derivative of the log-likelihood.
    first: f64,
    information: f64,
    /// `sum P' P'' / P`.
    bias: f64,
}

/// Responses of one person: category per presented item.
struct Person<'a> {
    items: &'a [CalibratedItem],
    answered: Vec<(u32, u32)>,
    /// Slopes and intercepts, padded, when every item is a 2PL item; and the sum of slopes of right answers.
    two_pl: Option<(Vec<f64>, Vec<f64>, f64)>,
    curves: Vec<Curve>,
    table: Option<&'a NodeTable>,
}

pub(super) fn scores(
    responses: &Responses,
    items: &[CalibratedItem],
    method: Method,
    settings: &ScoreSettings,
) -> Vec<Option<Score>> {
    let simple: Option<Vec<(f64, f64)>> = items
        .iter()
        .map(|item| match item.parameters {
            ItemParameters::Logistic { slope, intercept, lower, upper } if lower == 0.0 && upper == 1.0 => {
                Some((slope, intercept))
            }
            _ => None,
        })
        .collect();
    let several_modes = !items.iter().all(|item| item.parameters.is_divide_by_total());
    let table = several_modes.then(|| NodeTable::new(items, settings.limit));
    let of_person = |person: usize| {
        let (presented, cells) = responses.raw(person);
        let answered: Vec<(u32, u32)> = presented
            .iter()
            .zip(cells)
            .filter_map(|(item, cell)| {
                let score = settings.treatment.apply(decode(*cell))?;
                Some((*item, items[*item as usize].category(score) as u32))
            })
            .collect();
        if answered.is_empty() {
            return None;
        }
        let two_pl = simple.as_ref().map(|simple| {
            let part = |place: fn(&(f64, f64)) -> f64| {
                let values: Vec<f64> = answered.iter().map(|(item, _)| place(&simple[*item as usize])).collect();
                simd::padded(&values, 0.0)
            };
            let right = answered.iter().map(|(item, k)| simple[*item as usize].0 * f64::from(*k)).sum();
            (part(|x| x.0), part(|x| x.1), right)
        });
        Person { items, answered, two_pl, curves: Vec::new(), table: table.as_ref() }.score(method, settings)
    };
    (0..responses.persons()).into_par_iter().with_min_len(256).map(of_person).collect()
}

impl Person<'_> {
    fn at(&mut self, theta: f64) -> At {
        if let Some((slopes, intercepts, right)) = &self.two_pl {
            return two_pl_at(slopes, intercepts, *right, theta);
        }
        let mut at = At::default();
        for (item, category) in &self.answered {
            self.items[*item as usize].parameters.curves(theta, &mut self.curves);
            let chosen = self.curves[*category as usize];
            let p = chosen.p.max(1e-300);
            at.first += chosen.first / p;
            for curve in self.curves.iter().filter(|curve| curve.p > 1e-300) {
                at.information += curve.first * curve.first / curve.p;
                at.bias += curve.first * curve.second / curve.p;
            }
        }
        at
    }

    fn score(mut self, method: Method, settings: &ScoreSettings) -> Option<Score> {
        let prior = if method == Method::Map { 1.0 / (settings.sd * settings.sd) } else { 0.0 };
        let wle = method == Method::Wle;
        let target = move |at: &At, theta: f64| {
            let bias = if wle && at.information > 0.0 { 0.5 * at.bias / at.information } else { 0.0 };
            at.first + bias - prior * (theta - settings.mean)
        };
        let (mut low, mut high) = (-settings.limit, settings.limit);
        let mut theta = settings.mean;
        if let Some(table) = self.table {
            // The likelihood may have several modes: the best fall through zero between neighbouring nodes.
            (low, high) = table.best_crossing(&self.answered, wle, prior, settings.mean)?;
            theta = 0.5 * (low + high);
        }
        let root = root(theta, low, high, |theta| {
            let at = self.at(theta);
            (target(&at, theta), at.information + prior)
        })?;
        // Observed information: minus the slope of the score function, which has the prior or Warm's weight in it.
        let step = 1e-4;
        let (above, below) = (self.at(root + step), self.at(root - step));
        let information = (target(&below, root - step) - target(&above, root + step)) / (2.0 * step);
        (information > 0.0).then(|| Score { theta: root, se: 1.0 / information.sqrt() })
    }
}

/// Score functions on a coarse grid, to find the right mode of likelihoods that may have several.
struct NodeTable {
    nodes: Vec<f64>,
    /// Per item, category after category: `P' / P` at the nodes.
    first: Vec<Vec<f64>>,
    /// Per item: information, then the bias term, at the nodes.
    information: Vec<Vec<f64>>,
}

impl NodeTable {
    fn new(items: &[CalibratedItem], limit: f64) -> Self {
        let nodes = Grid::new(97, limit).nodes().to_vec();
        let q = nodes.len();
        let mut curves = Vec::new();
        let mut table = Self { nodes, first: Vec::new(), information: Vec::new() };
        for item in items {
            let mut first = vec![0.0; item.parameters.categories() * q];
            let mut information = vec![0.0; 2 * q];
            for (i, theta) in table.nodes.iter().enumerate() {
                item.parameters.curves(*theta, &mut curves);
                for (k, curve) in curves.iter().enumerate() {
                    let p = curve.p.max(1e-300);
                    first[k * q + i] = curve.first / p;
                    information[i] += curve.first * curve.first / p;
                    information[q + i] += curve.first * curve.second / p;
                }
            }
            table.first.push(first);
            table.information.push(information);
        }
        table
    }

    /// Neighbouring nodes between which the score function falls through zero; of several the pair with the
    /// highest objective (the integral of the score function). `None` when it never does.
    fn best_crossing(&self, answered: &[(u32, u32)], wle: bool, prior: f64, mean: f64) -> Option<(f64, f64)> {
        let q = self.nodes.len();
        let mut score: Vec<f64> = self.nodes.iter().map(|theta| -prior * (theta - mean)).collect();
        let mut information = vec![0.0; if wle { 2 * q } else { 0 }];
        for (item, category) in answered {
            let first = &self.first[*item as usize][*category as usize * q..][..q];
            score.iter_mut().zip(first).for_each(|(score, first)| *score += first);
            information.iter_mut().zip(&self.information[*item as usize]).for_each(|(sum, x)| *sum += x);
        }
        if wle {
            for i in 0..q {
                score[i] += 0.5 * information[q + i] / information[i].max(1e-300);
            }
        }
        let (mut objective, mut best) = (0.0, None);
        for i in 1..q {
            if score[i - 1] > 0.0 && score[i] <= 0.0 && best.is_none_or(|(value, _)| objective > value) {
                best = Some((objective, i));
            }
            objective += 0.5 * (score[i - 1] + score[i]);
        }
        best.map(|(_, i)| (self.nodes[i - 1], self.nodes[i]))
    }
}

fn two_pl_at(slopes: &[f64], intercepts: &[f64], right: f64, theta: f64) -> At {
    let (mut expected, mut information, mut bias) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for (slopes, intercepts) in slopes.as_chunks::<LANES>().0.iter().zip(intercepts.as_chunks::<LANES>().0) {
        for l in 0..LANES {
            let a = slopes[l];
            let x = a * theta + intercepts[l];
            let e = exp(-x.abs());
            let unit = 1.0 / (1.0 + e);
            let p = if x >= 0.0 { unit } else { e * unit };
            let spread = e * unit * unit;
            expected[l] += a * p;
            information[l] += a * a * spread;
            bias[l] += a * a * a * spread * (1.0 - 2.0 * p);
        }
    }
    let sum = |lanes: [f64; LANES]| lanes.iter().sum::<f64>();
    At { first: right - sum(expected), information: sum(information), bias: sum(bias) }
}

/// Root of a function that falls through zero between `low` and `high`: Fisher scoring, then secants, inside a
/// bracket; `None` when there is no root.
fn root(start: f64, low: f64, high: f64, mut f: impl FnMut(f64) -> (f64, f64)) -> Option<f64> {
    let (mut low, mut high) = (low, high);
    let (mut low_seen, mut high_seen) = (false, false);
    let mut x = start.clamp(low, high);
    let (mut value, mut information) = f(x);
    let mut before: Option<(f64, f64)> = None;
    for _ in 0..200 {
        if value == 0.0 {
            return Some(x);
        }
        if value > 0.0 {
            (low, low_seen) = (x, true);
        } else {
            (high, high_seen) = (x, true);
        }
        let newton = (value / information.max(1e-12)).clamp(-1.5, 1.5);
        let secant = before.and_then(|(old_x, old_value): (f64, f64)| {
            let slope = (value - old_value) / (x - old_x);
            (slope < 0.0).then(|| (-value / slope).clamp(-1.5, 1.5))
        });
        let mut next = x + secant.unwrap_or(newton);
        if !(next > low && next < high) {
            next = x + newton;
        }
        if next <= low {
            next = if low_seen { 0.5 * (low + high) } else { low };
        } else if next >= high {
            next = if high_seen { 0.5 * (low + high) } else { high };
        }
        let step = next - x;
        if step.abs() < 1e-10 {
            // At an end of the search without a change of sign there is no root.
            let at_end = (next <= low && !low_seen) || (next >= high && !high_seen);
            return (!at_end && (low_seen || high_seen)).then_some(next);
        }
        before = Some((x, value));
        x = next;
        (value, information) = f(x);
        if (x <= low && !low_seen && value < 0.0) || (x >= high && !high_seen && value > 0.0) {
            return None;
        }
    }
    (low_seen && high_seen).then_some(x)
}
