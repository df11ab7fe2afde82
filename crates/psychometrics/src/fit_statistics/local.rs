//! Local dependence of pairs of items: chi-square of the two-way table (Chen and Thissen 1997).

use rayon::prelude::*;

use crate::irt::{Fit, Grid};
use crate::math::{chi_square_upper, ln};
use crate::responses::decode;
use crate::{MissingTreatment, Responses};

/// Marks an answer that does not count.
const ABSENT: u8 = u8::MAX;

/// Observed against expected answers to two items.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalDependence {
    /// Positions of the items, the smaller first.
    pub items: (usize, usize),
    /// Weight of persons with a response to both that counts.
    pub n: f64,
    /// Pearson's chi-square over the cells (Chen and Thissen 1997, eq. 2).
    pub x2: f64,
    /// Likelihood-ratio chi-square (eq. 3).
    pub g2: f64,
    /// (categories of one - 1) times (categories of the other - 1).
    pub df: usize,
    /// Probability of a larger `x2` with `df` degrees of freedom. Estimation of the items makes the true one smaller.
    pub p: f64,
    /// `(x2 - df) / sqrt(2 df)`: above about 10 the pair shares more than the ability measured.
    pub standardised: f64,
    /// Cramer's V, -1..=1: negative where the items agree less than the model says.
    pub v: f64,
}

/// Local dependence of every pair that some person answered, in the order (0,1), (0,2), (1,2), (0,3), ...
///
/// Expected cells are `sum over groups of n_g * integral of P_i P_j` over the group's latent distribution, so that
/// incomplete designs and several groups are allowed. Cost: pairs x (persons + nodes x cells).
pub fn local_dependence(fit: &Fit, responses: &Responses, treatment: MissingTreatment) -> Vec<LocalDependence> {
    let items = fit.calibrated(responses);
    let curves = super::s_x2::category_curves(fit, &fit.grid);
    let weights: Vec<Vec<f64>> = (0..fit.latent.len()).map(|group| fit.latent_weights(group)).collect();
    // Categories item by item: persons of one item stand together in memory.
    let persons = responses.persons();
    let mut columns = vec![vec![ABSENT; persons]; items.len()];
    for person in 0..persons {
        let (presented, cells) = responses.raw(person);
        for (item, cell) in presented.iter().zip(cells) {
            if let Some(score) = treatment.apply(decode(*cell)) {
                columns[*item as usize][person] = items[*item as usize].category(score) as u8;
            }
        }
    }
    let group_of = |person: usize| responses.groups().map_or(0, |groups| groups.of_person[person] as usize);
    let weight_of = |person: usize| responses.weights().map_or(1.0, |weights| weights[person]);
    let pairs: Vec<(usize, usize)> = (0..items.len()).flat_map(|j| (0..j).map(move |i| (i, j))).collect();
    let one = |&(i, j): &(usize, usize)| -> Option<LocalDependence> {
        let (rows, width) = (items[i].parameters.categories(), items[j].parameters.categories());
        let mut observed = vec![0.0; rows * width];
        let mut n = vec![0.0; weights.len()];
        for person in 0..persons {
            let (x, y) = (columns[i][person], columns[j][person]);
            if x != ABSENT && y != ABSENT {
                observed[usize::from(x) * width + usize::from(y)] += weight_of(person);
                n[group_of(person)] += weight_of(person);
            }
        }
        let total: f64 = n.iter().sum();
        if total <= 0.0 {
            return None;
        }
        let expected = expected(&curves[i], &curves[j], &weights, &n, &fit.grid);
        let (mut x2, mut g2) = (0.0, 0.0);
        for (o, e) in observed.iter().zip(&expected).filter(|(_, e)| **e > 0.0) {
            x2 += (o - e) * (o - e) / e;
            g2 += if *o > 0.0 { 2.0 * o * ln(o / e) } else { 0.0 };
        }
        let df = (rows - 1) * (width - 1);
        let d = df as f64;
        let sign = if correlation(&observed, width) < correlation(&expected, width) { -1.0 } else { 1.0 };
        Some(LocalDependence {
            items: (i, j),
            n: total,
            x2,
            g2,
            df,
            p: chi_square_upper(x2, d),
            standardised: (x2 - d) / (2.0 * d).sqrt(),
            v: sign * (x2 / (total * (rows.min(width) - 1) as f64)).sqrt(),
        })
    };
    pairs.par_iter().filter_map(one).collect()
}

fn expected(x: &[Vec<f64>], y: &[Vec<f64>], weights: &[Vec<f64>], n: &[f64], grid: &Grid) -> Vec<f64> {
    let (rows, width) = (x[0].len(), y[0].len());
    let mut expected = vec![0.0; rows * width];
    for q in 0..grid.nodes().len() {
        let weight: f64 = weights.iter().zip(n).map(|(w, n)| w[q] * n).sum();
        for k in 0..rows {
            for l in 0..width {
                expected[k * width + l] += weight * x[q][k] * y[q][l];
            }
        }
    }
    expected
}

/// Correlation of category numbers in a two-way table, 0 without variation.
fn correlation(table: &[f64], width: usize) -> f64 {
    let total: f64 = table.iter().sum();
    let moment = |f: fn(f64, f64) -> f64| -> f64 {
        table.iter().enumerate().map(|(c, n)| n * f((c / width) as f64, (c % width) as f64)).sum::<f64>() / total
    };
    let (x, y) = (moment(|x, _| x), moment(|_, y| y));
    let spread = (moment(|x, _| x * x) - x * x) * (moment(|_, y| y * y) - y * y);
    if spread > 0.0 { (moment(|x, y| x * y) - x * y) / spread.sqrt() } else { 0.0 }
}
