//! The marginal likelihood as a function of the free parameters.

use std::sync::Arc;

use rayon::prelude::*;

use super::arrow::Arrow;
use super::engine::{Engine, LatentWeights};
use super::family::{Curves, Family};
use super::grid::Grid;
use super::layout::Layout;
use super::optimise::Point;
use super::prior::Prior;
use super::regression::{Regression, Tilt};
use super::simd;
use crate::math::exp;

/// A full parameter as a constant plus free parameters: `constant + sum coefficient * free`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Source {
    pub constant: f64,
    pub terms: Vec<(usize, f64)>,
}

impl Source {
    pub fn fixed(value: f64) -> Self {
        Self { constant: value, terms: Vec::new() }
    }

    pub fn free(place: usize) -> Self {
        Self { constant: 0.0, terms: vec![(place, 1.0)] }
    }

    pub fn value(&self, free: &[f64]) -> f64 {
        self.constant + self.terms.iter().map(|(place, c)| c * free[*place]).sum::<f64>()
    }
}

/// One item in the problem.
#[derive(Debug, Clone)]
pub(crate) struct ProblemItem {
    pub family: Family,
    pub categories: usize,
    pub sources: Vec<Source>,
    /// One per parameter.
    pub priors: Vec<Option<Prior>>,
}

/// Latent distribution of one group: a normal one by mean and ln of the standard deviation, or a histogram.
#[derive(Debug, Clone)]
pub(crate) struct ProblemLatent {
    pub mean: Source,
    pub log_sd: Source,
    /// Logarithms of the weights of the nodes (adding to 1); mean and deviation then follow from them.
    pub histogram: Option<Vec<f64>>,
}

impl ProblemLatent {
    pub fn normal(mean: Source, log_sd: Source) -> Self {
        Self { mean, log_sd, histogram: None }
    }
}

/// Everything needed to evaluate.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub engine: Arc<Engine>,
    pub items: Vec<ProblemItem>,
    pub latent: Vec<ProblemLatent>,
    /// Of a single group: covariates beside its mean.
    pub regression: Option<Regression>,
    pub counts: Vec<Vec<f64>>,
    pub group_weight: Vec<f64>,
    pub grid: Grid,
    pub free: usize,
    pub shared: Vec<usize>,
}

/// The parts of the objective.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts {
    pub log_likelihood: f64,
    pub log_prior: f64,
}

impl Problem {
    pub fn new(
        layout: &Layout,
        items: Vec<ProblemItem>,
        latent: Vec<ProblemLatent>,
        regression: Option<Regression>,
        grid: Grid,
        free: usize,
    ) -> Self {
        let families: Vec<Family> = items.iter().map(|item| item.family).collect();
        // Persons with the same score differ in their covariates.
        let multiples = common_multiples(&items).filter(|_| regression.is_none());
        let mut uses = vec![0; free];
        for item in &items {
            for place in places(&item.sources) {
                uses[place] += 1;
            }
        }
        // The latent distribution is shared by nature.
        for source in latent.iter().flat_map(|l| [&l.mean, &l.log_sd]) {
            source.terms.iter().for_each(|(place, _)| uses[*place] += 2);
        }
        regression.iter().flat_map(|regression| &regression.places).for_each(|place| uses[*place] += 2);
        let shared = (0..free).filter(|place| uses[*place] != 1).collect();
        let engine = Arc::new(Engine::new(layout, &families, multiples.as_deref()));
        let (counts, group_weight) = (layout.counts.clone(), layout.group_weight.clone());
        Self { engine, items, latent, regression, counts, group_weight, grid, free, shared }
    }

    /// Flat parameters of every item.
    pub fn flats(&self, free: &[f64]) -> Vec<Vec<f64>> {
        self.items.iter().map(|item| item.sources.iter().map(|source| source.value(free)).collect()).collect()
    }

    /// Mean and standard deviation of theta per group.
    pub fn latent_moments(&self, free: &[f64]) -> Vec<(f64, f64)> {
        let moments = |latent: &ProblemLatent| match &latent.histogram {
            None => (latent.mean.value(free), exp(latent.log_sd.value(free))),
            Some(log) => self.grid.moments_of(&log.iter().map(|l| exp(*l)).collect::<Vec<_>>()),
        };
        self.latent.iter().map(moments).collect()
    }

    /// Logarithms of the weights of a group's latent distribution at the nodes; with covariates that of all persons.
    pub fn latent_weights(&self, free: &[f64], group: usize) -> Vec<f64> {
        let log_prior = self.log_prior(free, group);
        match &self.regression {
            None => log_prior,
            Some(regression) => {
                let tilts = self.tilts(free).unwrap_or_default();
                regression.population(&tilts, &self.grid, &log_prior)
            }
        }
    }

    fn log_prior(&self, free: &[f64], group: usize) -> Vec<f64> {
        let latent = &self.latent[group];
        latent
            .histogram
            .clone()
            .unwrap_or_else(|| self.grid.log_normal_weights(latent.mean.value(free), exp(latent.log_sd.value(free))))
    }

    /// The persons' priors beside the common one.
    pub(super) fn tilts(&self, free: &[f64]) -> Option<Vec<Tilt>> {
        let regression = self.regression.as_ref()?;
        let log_prior = simd::padded(&self.log_prior(free, 0), simd::NOTHING);
        Some(regression.tilts(free, self.latent_moments(free)[0], &self.grid, &log_prior))
    }

    pub(super) fn nodes(&self) -> Vec<f64> {
        simd::padded(self.grid.nodes(), 0.0)
    }

    pub(super) fn log_priors(&self, free: &[f64]) -> Vec<Vec<f64>> {
        (0..self.latent.len()).map(|group| simd::padded(&self.log_prior(free, group), simd::NOTHING)).collect()
    }

    /// Log-likelihood and expected persons per node, by group.
    pub fn expected_nodes(&self, free: &[f64]) -> (f64, Vec<Vec<f64>>) {
        let nodes = self.nodes();
        let flats = self.flats(free);
        let families: Vec<Family> = self.items.iter().map(|item| item.family).collect();
        let curves = self.curves(&flats, &nodes);
        let views: Vec<&[f64]> = flats.iter().map(Vec::as_slice).collect();
        let (log_prior, tilts) = (self.log_priors(free), self.tilts(free));
        let latent = LatentWeights { log_prior: &log_prior, tilts: tilts.as_deref() };
        let expected = self.engine.expect(&families, &views, &curves, &nodes, &latent);
        (expected.log_likelihood, expected.latent)
    }

    pub(super) fn curves(&self, flats: &[Vec<f64>], nodes: &[f64]) -> Vec<Curves> {
        self.items.par_iter().zip(flats).map(|(item, flat)| item.family.curves(flat, item.categories, nodes)).collect()
    }

    /// Posterior mean and variance per person.
    pub fn moments(&self, free: &[f64], persons: usize) -> Vec<Option<(f64, f64)>> {
        let nodes = self.nodes();
        let flats = self.flats(free);
        let families: Vec<Family> = self.items.iter().map(|item| item.family).collect();
        let curves = self.curves(&flats, &nodes);
        let views: Vec<&[f64]> = flats.iter().map(Vec::as_slice).collect();
        let (log_prior, tilts) = (self.log_priors(free), self.tilts(free));
        let latent = LatentWeights { log_prior: &log_prior, tilts: tilts.as_deref() };
        self.engine.moments(&families, &views, &curves, &nodes, &latent, persons)
    }

    /// Log-posterior (log-likelihood plus log-priors), gradient and complete-data information.
    pub fn evaluate(&self, free: &[f64]) -> Option<(Point, Parts)> {
        let nodes = self.nodes();
        let flats = self.flats(free);
        if !self.items.iter().zip(&flats).all(|(item, flat)| item.family.allows(flat)) {
            return None;
        }
        let mut log_prior = 0.0;
        for (item, flat) in self.items.iter().zip(&flats) {
            for (prior, x) in item.priors.iter().zip(flat) {
                if let Some(prior) = prior {
                    log_prior += prior.at(*x)?.0;
                }
            }
        }
        let families: Vec<Family> = self.items.iter().map(|item| item.family).collect();
        let curves = self.curves(&flats, &nodes);
        let views: Vec<&[f64]> = flats.iter().map(Vec::as_slice).collect();
        let priors = self.log_priors(free);
        let tilts = self.tilts(free);
        let weights = LatentWeights { log_prior: &priors, tilts: tilts.as_deref() };
        let expected = self.engine.expect(&families, &views, &curves, &nodes, &weights);
        let derivatives: Vec<(Vec<f64>, Vec<f64>)> = (0..self.items.len())
            .into_par_iter()
            .map(|i| {
                let item = &self.items[i];
                if item.sources.iter().all(|source| source.terms.is_empty()) {
                    return (Vec::new(), Vec::new());
                }
                item.family.derivatives(&flats[i], &nodes, &curves[i], &expected.items[i], &self.counts[i])
            })
            .collect();
        let mut gradient = vec![0.0; self.free];
        let mut metric = Arrow::new(&self.shared);
        for ((item, flat), (mut slope, mut information)) in self.items.iter().zip(&flats).zip(derivatives) {
            let n = slope.len();
            if n == 0 {
                continue;
            }
            for (p, prior) in item.priors.iter().enumerate() {
                if let Some((_, by, curvature)) = prior.and_then(|prior| prior.at(flat[p])) {
                    slope[p] += by;
                    information[p * n + p] += curvature;
                }
            }
            project(&item.sources, &slope, &information, &mut gradient, &mut metric);
        }
        match (&self.regression, &tilts) {
            (Some(regression), Some(tilts)) => {
                let sd = exp(self.latent[0].log_sd.value(free));
                let (slope, information) = regression.derivatives(tilts, &expected.moments, sd);
                let coefficients = regression.places.iter().map(|place| Source::free(*place));
                let own = [self.latent[0].mean.clone(), self.latent[0].log_sd.clone()];
                let sources: Vec<Source> = own.into_iter().chain(coefficients).collect();
                project(&sources, &slope, &information, &mut gradient, &mut metric);
            }
            _ => self.latent_part(free, &nodes, &priors, &expected.latent, &mut gradient, &mut metric),
        }
        let parts = Parts { log_likelihood: expected.log_likelihood, log_prior };
        let value = expected.log_likelihood + log_prior;
        Some((Point { value, gradient, metric: metric.finish() }, parts))
    }

    /// Gradient and information of mean and ln sd: with z = (theta - mean) / sd the log weight is -z^2 / 2 minus
    /// the logarithm of its sum over the grid.
    fn latent_part(
        &self,
        free: &[f64],
        nodes: &[f64],
        priors: &[Vec<f64>],
        expected: &[Vec<f64>],
        gradient: &mut [f64],
        metric: &mut Arrow,
    ) {
        for (group, latent) in self.latent.iter().enumerate() {
            if latent.mean.terms.is_empty() && latent.log_sd.terms.is_empty() {
                continue;
            }
            let (mean, sd) = (latent.mean.value(free), exp(latent.log_sd.value(free)));
            let weight = self.group_weight[group];
            // A histogram has no sources and was passed over.
            let (mut observed, mut model, mut square) = ([0.0; 2], [0.0; 2], [0.0; 3]);
            for (i, theta) in nodes.iter().enumerate().take(self.grid.nodes().len()) {
                let z = (theta - mean) / sd;
                let statistic = [z / sd, z * z];
                let p = exp(priors[group][i]);
                for s in 0..2 {
                    observed[s] += expected[group][i] * statistic[s];
                    model[s] += p * statistic[s];
                }
                square[0] += p * statistic[0] * statistic[0];
                square[1] += p * statistic[0] * statistic[1];
                square[2] += p * statistic[1] * statistic[1];
            }
            let slope = [observed[0] - weight * model[0], observed[1] - weight * model[1]];
            let cross = weight * (square[1] - model[0] * model[1]);
            let information =
                [weight * (square[0] - model[0] * model[0]), cross, cross, weight * (square[2] - model[1] * model[1])];
            project(&[latent.mean.clone(), latent.log_sd.clone()], &slope, &information, gradient, metric);
        }
    }
}

/// Free parameters that occur in the sources, sorted.
pub(super) fn places(sources: &[Source]) -> Vec<usize> {
    let mut places: Vec<usize> =
        sources.iter().flat_map(|source| source.terms.iter().map(|(place, _)| *place)).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// Carries gradient and information from full to free parameters: `M' g` and `M' H M`.
fn project(sources: &[Source], slope: &[f64], information: &[f64], gradient: &mut [f64], metric: &mut Arrow) {
    let n = sources.len();
    let places = places(sources);
    let m = places.len();
    if m == 0 {
        return;
    }
    let at = |place: usize| places.binary_search(&place).unwrap_or_default();
    let mut matrix = vec![0.0; m * m];
    for (i, source) in sources.iter().enumerate() {
        for (place, c) in &source.terms {
            gradient[*place] += c * slope[i];
            for (j, other) in sources.iter().enumerate() {
                for (other_place, other_c) in &other.terms {
                    matrix[at(*place) * m + at(*other_place)] += c * other_c * information[i * n + j];
                }
            }
        }
    }
    metric.add(&places, &matrix);
}

/// Slopes as whole multiples of one slope: all fixed at whole numbers, or all the same free parameter.
fn common_multiples(items: &[ProblemItem]) -> Option<Vec<f64>> {
    let first = items.first()?;
    if items.iter().any(|item| item.family != Family::PartialCredit) {
        return None;
    }
    if first.sources[0].terms.is_empty() {
        let whole = |item: &ProblemItem| {
            let slope = &item.sources[0];
            (slope.terms.is_empty() && slope.constant > 0.0 && slope.constant.fract() == 0.0 && slope.constant <= 64.0)
                .then_some(slope.constant)
        };
        return items.iter().map(whole).collect();
    }
    items.iter().all(|item| item.sources[0] == first.sources[0]).then(|| vec![1.0; items.len()])
}
