//! Ability regressed on covariates, with the items in one likelihood (Mislevy 1984; Adams, Wilson and Wu 1997, eq. 9).
//!
//! A person's ability is normal around `x b` beside the mean of all, with one residual deviation. On a grid this is the
//! common distribution tilted: `w_q exp(t theta_q) / M(t)` with `t = x b / sd^2` and M the sum, so that a person's
//! covariates only move the slope that the expectation step works with anyway.

use rayon::prelude::*;

use super::engine::Moments;
use super::grid::Grid;
use super::simd;
use crate::math::{exp, ln};
use crate::{Error, Responses};

/// Covariates of ability: numbers, with 0 and 1 for categories; no column of ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Covariates {
    /// Names, one per column.
    pub names: Vec<String>,
    /// One row per person.
    pub rows: Vec<Vec<f64>>,
}

/// Residual share of a covariate's variance beside the others below which it says nothing of its own.
const LEAST_OWN_SHARE: f64 = 1e-10;

/// Centred and scaled covariates in the problem.
#[derive(Debug, Clone)]
pub(crate) struct Regression {
    /// Free parameter of each coefficient.
    pub places: Vec<usize>,
    /// Person after person: (x - mean) / deviation.
    standardised: Vec<f64>,
    /// Weight of each person.
    weights: Vec<f64>,
    /// Deviation of each covariate, by which its coefficient is divided.
    pub deviations: Vec<f64>,
}

/// A person's prior: slope added to the common one, logarithm of its norm, and its moments.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tilt {
    pub slope: f64,
    pub log_norm: f64,
    /// Mean that the regression predicts.
    pub centre: f64,
    /// Mean on the grid.
    pub mean: f64,
    /// Mean square around the centre on the grid.
    pub square: f64,
}

impl Regression {
    /// Standardises the covariates; persons of weight 0 do not count in means and deviations.
    pub fn new(covariates: &Covariates, responses: &Responses) -> Result<Self, Error> {
        let (persons, n) = (responses.persons(), covariates.names.len());
        if covariates.rows.len() != persons {
            let found = covariates.rows.len();
            return Err(Error::Length { what: "rows of covariates", found, expected: persons });
        }
        if n == 0 {
            return Err(Error::Empty { what: "covariates" });
        }
        for (person, row) in covariates.rows.iter().enumerate() {
            if row.len() != n {
                return Err(Error::RowLength { person, found: row.len(), expected: n });
            }
            if let Some((name, value)) = covariates.names.iter().zip(row).find(|(_, x)| !x.is_finite()) {
                return Err(Error::NotFinite { what: format!("covariate {name} of person {person}"), value: *value });
            }
        }
        let weights: Vec<f64> = responses.weights().map_or_else(|| vec![1.0; persons], <[f64]>::to_vec);
        let total: f64 = weights.iter().sum();
        let mean = |of: &dyn Fn(usize) -> f64| (0..persons).map(|p| weights[p] * of(p)).sum::<f64>() / total;
        let mut standardised = vec![0.0; persons * n];
        let mut deviations = Vec::with_capacity(n);
        for (column, name) in covariates.names.iter().enumerate() {
            let value = |person: usize| covariates.rows[person][column];
            let centre = mean(&value);
            let deviation = mean(&|person| (value(person) - centre) * (value(person) - centre)).sqrt();
            let useless =
                || Error::Model { what: format!("covariate {name} is the same for all persons; leave it out") };
            if deviation.is_nan() || deviation <= 1e-12 * centre.abs() {
                return Err(useless());
            }
            (0..persons).for_each(|person| standardised[person * n + column] = (value(person) - centre) / deviation);
            deviations.push(deviation);
        }
        let regression = Self { places: Vec::new(), standardised, weights, deviations };
        regression.check_independent(&covariates.names)?;
        Ok(regression)
    }

    fn count(&self) -> usize {
        self.deviations.len()
    }

    fn row(&self, person: usize) -> &[f64] {
        &self.standardised[person * self.count()..(person + 1) * self.count()]
    }

    /// Correlations, factored column by column, show which covariate follows from those before it.
    fn check_independent(&self, names: &[String]) -> Result<(), Error> {
        let n = self.count();
        let total: f64 = self.weights.iter().sum();
        let mut lower = vec![0.0; n * n];
        for (person, weight) in self.weights.iter().enumerate() {
            let row = self.row(person);
            for i in 0..n {
                (0..=i).for_each(|j| lower[i * n + j] += weight / total * row[i] * row[j]);
            }
        }
        for i in 0..n {
            for j in 0..=i {
                let known: f64 = (0..j).map(|k| lower[i * n + k] * lower[j * n + k]).sum();
                let rest = lower[i * n + j] - known;
                if i != j {
                    lower[i * n + j] = rest / lower[j * n + j];
                } else if rest < LEAST_OWN_SHARE {
                    let what = format!("covariate {} follows from the others; leave it out", names[i]);
                    return Err(Error::Model { what });
                } else {
                    lower[i * n + i] = rest.sqrt();
                }
            }
        }
        Ok(())
    }

    /// The prior of every person beside a normal distribution of this mean and deviation; `log_prior` are its padded
    /// log weights.
    pub fn tilts(&self, free: &[f64], (mean, sd): (f64, f64), grid: &Grid, log_prior: &[f64]) -> Vec<Tilt> {
        let nodes = simd::padded(grid.nodes(), 0.0);
        let one = |person: usize| {
            let added: f64 = self.row(person).iter().zip(&self.places).map(|(x, place)| x * free[*place]).sum();
            let slope = added / (sd * sd);
            let mut p = vec![0.0; nodes.len()];
            let top = simd::line(log_prior, &nodes, slope, &mut p);
            let (sum, first) = simd::exponentiate(&mut p, &nodes, top);
            let centre = mean + added;
            let square = simd::second_moment(&p, &nodes, centre) / sum;
            Tilt { slope, log_norm: ln(sum) + top, centre, mean: first / sum, square }
        };
        (0..self.weights.len()).into_par_iter().map(one).collect()
    }

    /// Log weights of the whole population at the nodes: the persons' distributions averaged.
    pub fn population(&self, tilts: &[Tilt], grid: &Grid, log_prior: &[f64]) -> Vec<f64> {
        let total: f64 = self.weights.iter().sum();
        let mut weights = vec![0.0; grid.nodes().len()];
        for (tilt, weight) in tilts.iter().zip(&self.weights) {
            for ((sum, theta), log) in weights.iter_mut().zip(grid.nodes()).zip(log_prior) {
                *sum += weight / total * exp(log + tilt.slope * theta - tilt.log_norm);
            }
        }
        weights.into_iter().map(|w| ln(w.max(1e-300))).collect()
    }

    /// Gradient of mean, ln deviation and coefficients, in this order, and the complete-data information.
    pub fn derivatives(&self, tilts: &[Tilt], posterior: &[Option<Moments>], sd: f64) -> (Vec<f64>, Vec<f64>) {
        let size = 2 + self.count();
        let variance = sd * sd;
        let (mut gradient, mut information) = (vec![0.0; size], vec![0.0; size * size]);
        for (person, (tilt, moments)) in tilts.iter().zip(posterior).enumerate() {
            let Some((mean, spread)) = moments else { continue };
            let weight = self.weights[person];
            let [by_mean, by_deviation] = tilt.scores((*mean, *spread), variance).map(|score| weight * score);
            gradient[0] += by_mean;
            gradient[1] += by_deviation;
            information[0] += weight / variance;
            information[size + 1] += 2.0 * weight;
            for (i, x) in self.row(person).iter().enumerate() {
                gradient[2 + i] += by_mean * x;
                information[2 + i] += weight * x / variance;
                information[(2 + i) * size] += weight * x / variance;
                for (j, y) in self.row(person).iter().enumerate() {
                    information[(2 + i) * size + 2 + j] += weight * x * y / variance;
                }
            }
        }
        (gradient, information)
    }

    /// A person's score on the coefficients, from that on the mean.
    pub fn scores(&self, person: usize, by_mean: f64) -> impl Iterator<Item = (usize, f64)> {
        self.places.iter().copied().zip(self.row(person).iter().map(move |x| by_mean * x))
    }

    /// Variance of what the covariates predict.
    pub fn predicted_variance(&self, free: &[f64]) -> f64 {
        let total: f64 = self.weights.iter().sum();
        let of = |person: usize| self.row(person).iter().zip(&self.places).map(|(x, p)| x * free[*p]).sum::<f64>();
        self.weights.iter().enumerate().map(|(person, w)| w * of(person) * of(person)).sum::<f64>() / total
    }
}

impl Tilt {
    /// Scores on mean and ln deviation: posterior less prior moments.
    pub fn scores(&self, (mean, spread): Moments, variance: f64) -> [f64; 2] {
        let away = mean - self.centre;
        [(mean - self.mean) / variance, (spread + away * away - self.square) / variance]
    }
}
