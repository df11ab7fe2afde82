//! Sandwich covariance: inverse information times the cross-product of the persons' scores times inverse information
//! (Huber 1967; White 1982, eq. 3.2; for item response models Yuan, Cheng and Patton 2014, eq. 9).
//!
//! It stays right where the model does not hold exactly, and where weights make some persons count more than once.

use rayon::prelude::*;

use super::family::{Counts, Curves};
use super::layout::{Layout, MISSING};
use super::problem::{Problem, ProblemItem, Source, places};
use super::simd;
use crate::math::exp;

/// Derivatives of ln P by the free parameters of one item: per category and place, over the padded nodes.
struct Slopes {
    places: Vec<usize>,
    values: Vec<Vec<Vec<f64>>>,
}

/// `bread B bread` with `B = sum of w^2 s s'`; `bread` is the inverse observed information at `at`, `weight` the weight
/// of a person by position.
pub(crate) fn covariance(
    problem: &Problem,
    layout: &Layout,
    weight: impl Fn(usize) -> f64,
    at: &[f64],
    bread: &[f64],
) -> Vec<f64> {
    let n = problem.free;
    let nodes = problem.nodes();
    let flats = problem.flats(at);
    let curves = problem.curves(&flats, &nodes);
    let priors = problem.log_priors(at);
    let slopes: Vec<Slopes> = (0..problem.items.len())
        .into_par_iter()
        .map(|i| item_slopes(&problem.items[i], &flats[i], &curves[i], &nodes))
        .collect();
    let latent: Vec<Slopes> = (0..problem.latent.len()).map(|g| latent_slopes(problem, at, g, &nodes)).collect();
    let tilts = problem.tilts(at);
    let variance = problem.latent_moments(at)[0].1.powi(2);
    let mut meat = vec![0.0; n * n];
    for block in &layout.blocks {
        // Persons with the same row share a score; squares of weights add.
        let mut squares = vec![0.0; block.rows()];
        for (person, row) in &block.persons {
            let w = weight(*person as usize);
            squares[*row as usize] += w * w;
        }
        let step = block.rows().div_ceil(16).max(256);
        let starts: Vec<usize> = (0..block.rows()).step_by(step).collect();
        let part = |start: &usize| {
            let mut part = vec![0.0; n * n];
            let mut score = vec![0.0; n];
            let mut touched = Vec::new();
            for row in *start..(*start + step).min(block.rows()) {
                let mut p = priors[block.group].clone();
                // With covariates a row belongs to one person.
                let person = block.persons[row].0 as usize;
                let tilt = tilts.as_ref().map(|tilts| tilts[person]);
                if let Some(tilt) = tilt {
                    simd::add_scaled(&mut p, tilt.slope, &nodes);
                }
                let answered = || block.items.iter().zip(block.row(row)).filter(|(_, cell)| **cell != MISSING);
                for (item, cell) in answered() {
                    let (start, q) = (usize::from(*cell) * nodes.len(), nodes.len());
                    simd::add(&mut p, &curves[*item as usize].log[start..start + q]);
                }
                let top = simd::largest(&p);
                let (sum, first) = simd::exponentiate(&mut p, &nodes, top);
                let mut gather = |slopes: &Slopes, category: usize| {
                    for (place, by) in slopes.places.iter().zip(&slopes.values[category]) {
                        let mean: f64 = p.iter().zip(by).map(|(p, by)| p * by).sum::<f64>() / sum;
                        score[*place] += mean;
                        touched.push(*place);
                    }
                };
                answered().for_each(|(item, cell)| gather(&slopes[*item as usize], usize::from(*cell)));
                match (tilt, &problem.regression) {
                    (Some(tilt), Some(regression)) => {
                        let mean = first / sum;
                        let spread = simd::second_moment(&p, &nodes, mean) / sum;
                        let [by_mean, by_deviation] = tilt.scores((mean, spread), variance);
                        let own = &problem.latent[block.group];
                        let mut add = |place: usize, by: f64| {
                            score[place] += by;
                            touched.push(place);
                        };
                        own.mean.terms.iter().for_each(|(place, c)| add(*place, c * by_mean));
                        own.log_sd.terms.iter().for_each(|(place, c)| add(*place, c * by_deviation));
                        regression.scores(person, by_mean).for_each(|(place, by)| add(place, by));
                    }
                    _ => gather(&latent[block.group], 0),
                }
                touched.sort_unstable();
                touched.dedup();
                for i in &touched {
                    let by = squares[row] * score[*i];
                    for j in touched.iter().take_while(|j| *j <= i) {
                        part[i * n + j] += by * score[*j];
                    }
                }
                touched.drain(..).for_each(|i| score[i] = 0.0);
            }
            part
        };
        let parts: Vec<Vec<f64>> = starts.par_iter().map(part).collect();
        for part in parts {
            meat.iter_mut().zip(part).for_each(|(x, y)| *x += y);
        }
    }
    for i in 0..n {
        for j in 0..i {
            meat[j * n + i] = meat[i * n + j];
        }
    }
    let product = |x: &[f64], y: &[f64]| -> Vec<f64> {
        let mut out = vec![0.0; n * n];
        for i in 0..n {
            for k in 0..n {
                let by = x[i * n + k];
                out[i * n..(i + 1) * n].iter_mut().zip(&y[k * n..(k + 1) * n]).for_each(|(o, y)| *o += by * y);
            }
        }
        out
    };
    product(&product(bread, &meat), bread)
}

/// Expected counts of one person at one node give the derivative there.
fn item_slopes(item: &ProblemItem, flat: &[f64], curves: &Curves, nodes: &[f64]) -> Slopes {
    let places = places(&item.sources);
    let (q, k) = (nodes.len(), item.categories);
    let mut values = vec![vec![vec![0.0; q]; places.len()]; k];
    if places.is_empty() {
        return Slopes { places, values };
    }
    for category in 0..k {
        let mut of_category = vec![0.0; k];
        of_category[category] = 1.0;
        for node in 0..q {
            let mut one = vec![0.0; k * q];
            one[category * q + node] = 1.0;
            let (gradient, _) = item.family.derivatives(flat, nodes, curves, &Counts::Full(one), &of_category);
            for (p, source) in item.sources.iter().enumerate() {
                for (place, c) in &source.terms {
                    values[category][places.binary_search(place).unwrap_or_default()][node] += c * gradient[p];
                }
            }
        }
    }
    Slopes { places, values }
}

fn latent_slopes(problem: &Problem, at: &[f64], group: usize, nodes: &[f64]) -> Slopes {
    let latent = &problem.latent[group];
    let sources: [&Source; 2] = [&latent.mean, &latent.log_sd];
    let places = places(&[latent.mean.clone(), latent.log_sd.clone()]);
    let mut values = vec![vec![0.0; nodes.len()]; places.len()];
    if !places.is_empty() {
        let (mean, sd) = problem.latent_moments(at)[group];
        let weights: Vec<f64> = problem.latent_weights(at, group).into_iter().map(exp).collect();
        let statistic = |theta: f64, which: usize| {
            let z = (theta - mean) / sd;
            if which == 0 { z / sd } else { z * z }
        };
        for (which, source) in sources.iter().enumerate() {
            let expected: f64 = weights.iter().zip(nodes).map(|(w, theta)| w * statistic(*theta, which)).sum();
            for (place, c) in &source.terms {
                let row = &mut values[places.binary_search(place).unwrap_or_default()];
                row.iter_mut().zip(nodes).for_each(|(x, theta)| *x += c * (statistic(*theta, which) - expected));
            }
        }
    }
    Slopes { places, values: vec![values] }
}
