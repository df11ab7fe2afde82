//! Latent regression on covariates and plausible values, with calibrated items.
//!
//! Sources: Mislevy (1984, 1991); Mislevy, Beaton, Kaplan and Sheehan (1992). The likelihood of every person is kept
//! on the grid (persons x nodes numbers), so that both cost little after one pass over the responses.

use rayon::prelude::*;

use crate::irt::Grid;
use crate::linalg::Cholesky;
use crate::math::{exp, ln};
use crate::responses::decode;
use crate::simulation::Generator;
use crate::{CalibratedItem, Error, MissingTreatment, Responses};

/// Likelihood of every person on a grid.
#[derive(Debug, Clone)]
pub struct Likelihoods {
    grid: Grid,
    /// Person after person, each divided by its largest value.
    values: Vec<f64>,
    /// Logarithm of that largest value.
    top: Vec<f64>,
}

/// Regression of ability on covariates.
#[derive(Debug, Clone, PartialEq)]
pub struct LatentRegression {
    /// One coefficient per covariate, in units of theta.
    pub coefficients: Vec<f64>,
    /// Standard errors from the observed information of coefficients and residual deviation (Louis 1982, eq. 3.2), items
    /// taken as known; `None` when it is not positive definite. [`crate::FitSettings::regression`] estimates items too.
    pub standard_errors: Option<Vec<f64>>,
    /// Residual standard deviation of ability.
    pub residual_sd: f64,
    /// Its standard error, from the same information.
    pub residual_sd_error: Option<f64>,
    /// Marginal log-likelihood.
    pub log_likelihood: f64,
    /// EM steps.
    pub iterations: usize,
    /// Whether the last step changed the log-likelihood by less than 1e-8.
    pub converged: bool,
}

impl Likelihoods {
    /// Computes them; `items` one per item of the responses, in their order.
    ///
    /// # Errors
    /// Another number of items than the responses.
    pub fn new(
        responses: &Responses,
        items: &[CalibratedItem],
        treatment: MissingTreatment,
        grid: &Grid,
    ) -> Result<Self, Error> {
        if items.len() != responses.items().len() {
            return Err(Error::Length {
                what: "calibrated items",
                found: items.len(),
                expected: responses.items().len(),
            });
        }
        let q = grid.nodes().len();
        let mut curves = Vec::new();
        let tables: Vec<Vec<f64>> = items
            .iter()
            .map(|item| {
                let mut table = vec![0.0; item.parameters.categories() * q];
                for (i, theta) in grid.nodes().iter().enumerate() {
                    item.parameters.curves(*theta, &mut curves);
                    for (k, curve) in curves.iter().enumerate() {
                        table[k * q + i] = ln(curve.p.max(1e-300));
                    }
                }
                table
            })
            .collect();
        let person = |person: usize| -> (Vec<f64>, f64) {
            let mut log = vec![0.0; q];
            let (presented, cells) = responses.raw(person);
            for (item, cell) in presented.iter().zip(cells) {
                if let Some(score) = treatment.apply(decode(*cell)) {
                    let k = items[*item as usize].category(score);
                    log.iter_mut().zip(&tables[*item as usize][k * q..(k + 1) * q]).for_each(|(x, y)| *x += y);
                }
            }
            let top = log.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            (log.into_iter().map(|l| exp(l - top)).collect(), top)
        };
        let (values, top): (Vec<Vec<f64>>, Vec<f64>) = (0..responses.persons()).into_par_iter().map(person).unzip();
        Ok(Self { grid: grid.clone(), values: values.concat(), top })
    }

    fn of(&self, person: usize) -> &[f64] {
        let q = self.grid.nodes().len();
        &self.values[person * q..(person + 1) * q]
    }

    /// Posterior weights under a normal prior, and the log of the marginal likelihood.
    fn posterior(&self, person: usize, mean: f64, sd: f64) -> (Vec<f64>, f64) {
        let prior = self.grid.log_normal_weights(mean, sd);
        let mut weights: Vec<f64> = self.of(person).iter().zip(prior).map(|(l, w)| l * exp(w)).collect();
        let total: f64 = weights.iter().sum();
        for weight in &mut weights {
            *weight /= total;
        }
        (weights, ln(total) + self.top[person])
    }

    /// Regresses ability on covariates by EM. `covariates`: one row per person; put a 1 first for the intercept.
    ///
    /// # Errors
    /// Rows of different length or another number of rows than persons, collinear covariates.
    pub fn regression(&self, covariates: &[Vec<f64>]) -> Result<LatentRegression, Error> {
        let persons = self.top.len();
        if covariates.len() != persons {
            return Err(Error::Length { what: "rows of covariates", found: covariates.len(), expected: persons });
        }
        let n = covariates.first().map_or(0, Vec::len);
        if n == 0 {
            return Err(Error::Empty { what: "covariates" });
        }
        for (person, row) in covariates.iter().enumerate() {
            if row.len() != n {
                return Err(Error::RowLength { person, found: row.len(), expected: n });
            }
            if let Some(value) = row.iter().find(|x| !x.is_finite()) {
                return Err(Error::NotFinite { what: format!("a covariate of person {person}"), value: *value });
            }
        }
        let mut cross = vec![0.0; n * n];
        for row in covariates {
            for i in 0..n {
                for j in 0..n {
                    cross[i * n + j] += row[i] * row[j];
                }
            }
        }
        let collinear = || Error::Model { what: "the covariates are collinear; leave one of them out".to_owned() };
        let factor = Cholesky::new(&cross, n).ok_or_else(collinear)?;
        let predicted = |b: &[f64], row: &[f64]| b.iter().zip(row).map(|(b, x)| b * x).sum::<f64>();
        let mut result = LatentRegression {
            coefficients: vec![0.0; n],
            standard_errors: None,
            residual_sd: 1.0,
            residual_sd_error: None,
            log_likelihood: f64::NEG_INFINITY,
            iterations: 0,
            converged: false,
        };
        while result.iterations < 1000 {
            result.iterations += 1;
            let one = |person: usize| {
                let (weights, log) =
                    self.posterior(person, predicted(&result.coefficients, &covariates[person]), result.residual_sd);
                let mean: f64 = weights.iter().zip(self.grid.nodes()).map(|(w, t)| w * t).sum();
                let square: f64 = weights.iter().zip(self.grid.nodes()).map(|(w, t)| w * (t - mean) * (t - mean)).sum();
                (mean, square, log)
            };
            let moments: Vec<(f64, f64, f64)> = (0..persons).into_par_iter().map(one).collect();
            let log_likelihood: f64 = moments.iter().map(|m| m.2).sum();
            let gain = log_likelihood - result.log_likelihood;
            result.log_likelihood = log_likelihood;
            if gain.abs() < 1e-8 {
                result.converged = true;
                break;
            }
            let right: Vec<f64> =
                (0..n).map(|i| covariates.iter().zip(&moments).map(|(row, m)| row[i] * m.0).sum()).collect();
            result.coefficients = factor.solve(&right);
            let spread: f64 = covariates
                .iter()
                .zip(&moments)
                .map(|(row, m)| {
                    let away = m.0 - predicted(&result.coefficients, row);
                    m.1 + away * away
                })
                .sum();
            result.residual_sd = (spread / persons as f64).sqrt();
        }
        let size = n + 1;
        if let Some(factor) = Cholesky::new(&self.information(&result, covariates), size) {
            let covariance = factor.inverse();
            let error = |i: usize| covariance[i * size + i].sqrt();
            result.standard_errors = Some((0..n).map(error).collect());
            result.residual_sd_error = Some(result.residual_sd * error(n));
        }
        Ok(result)
    }

    /// Observed information of the coefficients and ln of the residual deviation: that of known abilities less what is
    /// missing about them. With `e = theta - x b` the scores of a person are `x e / s^2` and `e^2 / s^2 - 1`.
    fn information(&self, regression: &LatentRegression, covariates: &[Vec<f64>]) -> Vec<f64> {
        let n = regression.coefficients.len();
        let size = n + 1;
        let variance = regression.residual_sd * regression.residual_sd;
        let mut information = vec![0.0; size * size];
        for (person, row) in covariates.iter().enumerate() {
            let predicted: f64 = regression.coefficients.iter().zip(row).map(|(b, x)| b * x).sum();
            let (weights, _) = self.posterior(person, predicted, regression.residual_sd);
            let mut moments = [0.0; 4];
            for (weight, theta) in weights.iter().zip(self.grid.nodes()) {
                let mut power = *weight;
                for moment in &mut moments {
                    power *= theta - predicted;
                    *moment += power;
                }
            }
            let [first, second, third, fourth] = moments;
            let of_coefficients = 1.0 / variance - (second - first * first) / (variance * variance);
            let across = 2.0 * first / variance - (third - first * second) / (variance * variance);
            for i in 0..n {
                for j in 0..n {
                    information[i * size + j] += of_coefficients * row[i] * row[j];
                }
                information[i * size + n] += across * row[i];
                information[n * size + i] += across * row[i];
            }
            information[n * size + n] += 2.0 * second / variance - (fourth - second * second) / (variance * variance);
        }
        information
    }

    /// Plausible values: `draws` from the posterior of every person, person after person.
    ///
    /// `priors`: mean and sd per person (from [`Self::regression`] or one for all), sd above 0.
    ///
    /// # Errors
    /// Another number of priors than persons, an sd that is not positive.
    pub fn plausible_values(
        &self,
        priors: &[(f64, f64)],
        draws: usize,
        generator: &mut Generator,
    ) -> Result<Vec<Vec<f64>>, Error> {
        if priors.len() != self.top.len() {
            return Err(Error::Length { what: "priors", found: priors.len(), expected: self.top.len() });
        }
        if let Some((_, sd)) = priors.iter().find(|(mean, sd)| !(mean.is_finite() && *sd > 0.0 && sd.is_finite())) {
            return Err(Error::NotFinite { what: "spread of a prior".to_owned(), value: *sd });
        }
        let nodes = self.grid.nodes();
        let step = nodes[1] - nodes[0];
        let mut draw = |person: usize, (mean, sd): (f64, f64)| -> Vec<f64> {
            let (weights, _) = self.posterior(person, mean, sd);
            (0..draws)
                .map(|_| {
                    let mut left = generator.uniform();
                    let mut place = 0;
                    while place + 1 < weights.len() && left > weights[place] {
                        left -= weights[place];
                        place += 1;
                    }
                    // Spread evenly around the node.
                    nodes[place] + step * ((left / weights[place].max(1e-300)).clamp(0.0, 1.0) - 0.5)
                })
                .collect()
        };
        Ok(priors.iter().enumerate().map(|(person, prior)| draw(person, *prior)).collect())
    }
}
