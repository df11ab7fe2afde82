//! Errors of items that were held at estimates: what the calibration of the anchor leaves open moves everything
//! estimated beside it (two-step estimation; Gong and Samaniego 1981; Murphy and Topel 1985, eq. 15, for independent
//! samples).

use super::item::ItemParameters;
use super::problem::{Problem, ProblemItem, Source};
use crate::Error;
use crate::linking::values;

/// Parameters held at estimates, with the covariance matrix of these.
#[derive(Debug)]
pub(crate) struct Anchor {
    /// Item and flat parameter.
    places: Vec<(usize, usize)>,
    covariance: Vec<f64>,
}

/// A covariance matrix over more than the free parameters, and items whose parameters all point into it.
#[derive(Debug)]
pub(crate) struct WithAnchor {
    pub items: Vec<ProblemItem>,
    pub covariance: Vec<f64>,
    pub size: usize,
}

impl Anchor {
    /// `covariance`: over [`values`] of the fixed items, item after item; rows of zeros for parameters without error.
    pub fn new(fixed: &[Option<ItemParameters>], covariance: &[f64]) -> Result<Self, Error> {
        let mut all: Vec<(usize, usize, f64)> = Vec::new();
        for (place, item) in fixed.iter().enumerate() {
            let Some(item) = item else { continue };
            let logits = matches!(item, ItemParameters::Logistic { .. });
            for (parameter, value) in values(item).into_iter().enumerate() {
                // Flat asymptotes are logits.
                let of_asymptote = logits && parameter >= 2;
                let by = if of_asymptote { value * (1.0 - value) } else { 1.0 };
                all.push((place, parameter, by));
            }
        }
        let n = all.len();
        if covariance.len() != n * n {
            let what = "entries of the covariance matrix of the fixed items";
            return Err(Error::Length { what, found: covariance.len(), expected: n * n });
        }
        if let Some(value) = covariance.iter().find(|c| !c.is_finite()) {
            let what = "an entry of the covariance matrix of the fixed items".to_owned();
            return Err(Error::NotFinite { what, value: *value });
        }
        if let Some(value) = (0..n).map(|i| covariance[i * n + i]).find(|v| *v < 0.0) {
            return Err(Error::Model { what: format!("a fixed parameter has the negative variance {value}") });
        }
        let kept: Vec<usize> = (0..n).filter(|i| covariance[i * n + i] > 0.0 && all[*i].2 > 0.0).collect();
        let cell = |i: &usize, j: &usize| covariance[i * n + j] / (all[*i].2 * all[*j].2);
        Ok(Self {
            places: kept.iter().map(|i| (all[*i].0, all[*i].1)).collect(),
            covariance: kept.iter().flat_map(|i| kept.iter().map(move |j| cell(i, j))).collect(),
        })
    }

    /// `bread`: inverse observed information of the free parameters at `at`; `own`: their covariance given the anchor.
    ///
    /// Estimates follow the anchor by `D = bread dg/da` with g the gradient and a the anchor; so that the whole matrix
    /// is `own + D S D'`, `D S` and `S`. `None` at the edge of the parameter space.
    pub fn widen(&self, problem: &mut Problem, at: &[f64], bread: &[f64], own: &[f64]) -> Option<WithAnchor> {
        let (n, m) = (problem.free, self.places.len());
        let size = n + m;
        let step = 1e-4;
        let mut follow = vec![0.0; n * m];
        for (column, (item, parameter)) in self.places.iter().enumerate() {
            let held = problem.items[*item].sources[*parameter].constant;
            let mut gradient = |by: f64| {
                problem.items[*item].sources[*parameter].constant = held + by;
                let found = problem.evaluate(at).map(|(point, _)| point.gradient);
                problem.items[*item].sources[*parameter].constant = held;
                found
            };
            let (high, low) = (gradient(step)?, gradient(-step)?);
            let by: Vec<f64> = high.iter().zip(&low).map(|(high, low)| (high - low) / (2.0 * step)).collect();
            for row in 0..n {
                follow[row * m + column] = (0..n).map(|k| bread[row * n + k] * by[k]).sum();
            }
        }
        let mut covariance = vec![0.0; size * size];
        let across = |row: usize, column: usize| -> f64 {
            (0..m).map(|k| follow[row * m + k] * self.covariance[k * m + column]).sum()
        };
        for i in 0..n {
            let strip: Vec<f64> = (0..m).map(|column| across(i, column)).collect();
            for j in 0..n {
                let taken: f64 = (0..m).map(|k| strip[k] * follow[j * m + k]).sum();
                covariance[i * size + j] = own[i * n + j] + taken;
            }
            for (column, value) in strip.into_iter().enumerate() {
                covariance[i * size + n + column] = value;
                covariance[(n + column) * size + i] = value;
            }
        }
        for i in 0..m {
            for j in 0..m {
                covariance[(n + i) * size + n + j] = self.covariance[i * m + j];
            }
        }
        let mut items = problem.items.clone();
        for (place, (item, parameter)) in self.places.iter().enumerate() {
            items[*item].sources[*parameter] = Source::free(n + place);
        }
        Some(WithAnchor { items, covariance, size })
    }
}
