//! Calibration: responses and models in, item parameters and latent distribution out.

use std::fmt;

use super::anchor::{Anchor, WithAnchor};
use super::equality::Equality;
use super::errors::{self, Estimate};
use super::family::Family;
use super::grid::Grid;
use super::item::ItemParameters;
use super::layout::{EqualRows, Layout, layout};
use super::model::{Model, Priors};
use super::problem::{Problem, ProblemItem, ProblemLatent, Source};
use super::regression::{Covariates, Regression};
use super::sandwich;
use super::solve::{Solved, solve};
use crate::scores::{CalibratedItem, ScoreSettings};
use crate::{Error, MissingTreatment, Responses};

/// What is estimated of the latent distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LatentChoice {
    /// Mean 0; variance free when every slope is given (Rasch, OPLM, PCM, RSM), else 1. With several groups the
    /// first is the reference and every other has a free mean and variance. With fixed items everything is free.
    #[default]
    Auto,
    /// Mean 0, variance 1 for every group.
    Standard,
    /// Mean and variance free for every group; the items must fix the scale.
    Free,
    /// Free weights of the nodes for every group (Bock and Aitkin 1981). Where `Auto` would hold the mean (variance) of
    /// the reference group, the nodes are moved until it has that mean (variance). Standard errors of items take the
    /// weights as known.
    Histogram,
}

/// Choices of [`fit`].
#[derive(Debug, Clone, PartialEq)]
pub struct FitSettings {
    /// Number of equally spaced quadrature nodes.
    pub nodes: usize,
    /// The nodes reach from `-range` to `range`.
    pub range: f64,
    /// What missing responses count as.
    pub treatment: MissingTreatment,
    /// Priors of item parameters.
    pub priors: Priors,
    /// Latent distribution.
    pub latent: LatentChoice,
    /// Items held at given parameters, one entry per item, or empty.
    pub fixed: Vec<Option<ItemParameters>>,
    /// Covariance matrix of the parameters of the fixed items ([`crate::linking::values`], item after item), when they
    /// are estimates of other persons: standard errors then take their uncertainty in.
    pub fixed_covariance: Option<Vec<f64>>,
    /// Ability regressed on covariates, estimated together with the items. Covariates are centred at their mean, so that
    /// mean and variance of [`LatentChoice`] are those of a person with average covariates, and residual. Not with
    /// several groups, which are covariates themselves, nor with a histogram.
    pub regression: Option<Covariates>,
    /// Parameters that are one parameter.
    pub equal: Vec<Equality>,
    /// Parameters to begin from, one entry per item, or empty.
    pub start: Vec<Option<ItemParameters>>,
    /// Stop when the estimated gain left in log-likelihood is below this.
    pub tolerance: f64,
    /// Most iterations.
    pub iterations: usize,
    /// Whether to compute standard errors.
    pub standard_errors: bool,
    /// Whether they are to hold where the model does not (the sandwich; White 1982). With priors their curvature is
    /// part of the information, and the scores are those of the likelihood.
    pub sandwich: bool,
}

impl Default for FitSettings {
    fn default() -> Self {
        Self {
            nodes: 61,
            range: 6.0,
            treatment: MissingTreatment::default(),
            priors: Priors::default(),
            latent: LatentChoice::Auto,
            fixed: Vec::new(),
            fixed_covariance: None,
            regression: None,
            equal: Vec::new(),
            start: Vec::new(),
            tolerance: 1e-7,
            iterations: 500,
            standard_errors: false,
            sandwich: false,
        }
    }
}

/// Latent distribution of one group, on the scale of theta.
#[derive(Debug, Clone, PartialEq)]
pub struct LatentDistribution {
    /// Label of the group; empty without groups.
    pub group: String,
    /// Mean.
    pub mean: Estimate,
    /// Variance.
    pub variance: Estimate,
    /// Weights of the nodes of the fit's grid, adding to 1, when they were free; otherwise the distribution is normal.
    pub weights: Option<Vec<f64>>,
}

/// Ability regressed on covariates.
#[derive(Debug, Clone, PartialEq)]
pub struct AbilityRegression {
    /// One per covariate, by its name, in units of theta per unit of the covariate.
    pub coefficients: Vec<Estimate>,
    /// Share of the variance of ability that the covariates explain, 0..=1.
    pub explained: f64,
}

/// Something in a calibration that needs a look.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum FitWarning {
    /// The iterations ended before the tolerance was met; the number is the gain still expected.
    NotConverged(f64),
    /// Persons without any response that counts were left out.
    EmptyPersons(usize),
    /// Scores of the item that nobody has; the model takes the scores that occur as its categories.
    EmptyScores(String, Vec<u8>),
    /// The item's slope is negative: check the key.
    NegativeSlope(String),
    /// The item's slope is above 6: the likelihood rises without bound.
    LargeSlope(String, f64),
    /// Two items that all persons with both answered alike, with large slopes: one repeats the other.
    SameAnswers(String, String),
    /// An asymptote ran to its boundary; fix it or give it a prior.
    AsymptoteAtBoundary(String),
    /// The observed information is not positive definite: standard errors do not exist here.
    NoStandardErrors,
    /// Sets of items that no person links; their scales rest on the latent distribution alone.
    Disconnected(Vec<Vec<String>>),
    /// A latent distribution reaches beyond the nodes; widen the range.
    RangeTooNarrow(String),
}

impl fmt::Display for FitWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConverged(left) => write!(
                f,
                "did not converge: about {left:.2e} of log-likelihood left; raise the iterations or simplify the model"
            ),
            Self::EmptyPersons(n) => write!(f, "{n} persons have no response that counts and were left out"),
            Self::EmptyScores(item, scores) => write!(
                f,
                "item {item}: nobody has score {}; the model takes the scores that occur as consecutive categories",
                scores.iter().map(u8::to_string).collect::<Vec<_>>().join(", ")
            ),
            Self::NegativeSlope(item) => write!(f, "item {item}: negative slope; check its key"),
            Self::LargeSlope(item, a) => write!(
                f,
                "item {item}: slope {a:.1} is at the edge of what data can tell; give slopes a prior or leave the item out"
            ),
            Self::SameAnswers(item, other) => {
                write!(f, "items {item} and {other} have the same answers from everybody; leave one of them out")
            }
            Self::AsymptoteAtBoundary(item) => {
                write!(f, "item {item}: an asymptote is at its boundary; give it a prior or use a simpler model")
            }
            Self::NoStandardErrors => write!(
                f,
                "standard errors do not exist: the information matrix is not positive definite; some parameter is not determined by the data"
            ),
            Self::Disconnected(sets) => write!(
                f,
                "the design is not connected: no person links the {} sets of items (first items: {})",
                sets.len(),
                sets.iter().filter_map(|set| set.first().map(String::as_str)).collect::<Vec<_>>().join(", ")
            ),
            Self::RangeTooNarrow(group) => {
                let of = if group.is_empty() { String::new() } else { format!(" of group {group}") };
                write!(f, "the latent distribution{of} reaches beyond the quadrature range; widen it")
            }
        }
    }
}

/// A calibration.
#[derive(Debug)]
pub struct Fit {
    /// Parameters in item order.
    pub items: Vec<ItemParameters>,
    /// Models in item order.
    pub models: Vec<Model>,
    /// Score of each category, per item: 0..=max, less the scores that nobody has.
    pub scores: Vec<Vec<u8>>,
    /// Latent distribution per group; with covariates of a person with average ones.
    pub latent: Vec<LatentDistribution>,
    /// Regression of ability, where asked for.
    pub regression: Option<AbilityRegression>,
    /// Marginal log-likelihood.
    pub log_likelihood: f64,
    /// Marginal log-likelihood plus log prior densities (with their constants).
    pub log_posterior: f64,
    /// Number of free parameters.
    pub parameters: usize,
    /// Weight of persons that count.
    pub persons: f64,
    /// Iterations of the search.
    pub iterations: usize,
    /// Expectation steps.
    pub evaluations: usize,
    /// Whether the tolerance was met.
    pub converged: bool,
    /// The nodes used.
    pub grid: Grid,
    /// What needs a look.
    pub warnings: Vec<FitWarning>,
    pub(crate) problem: Problem,
    pub(crate) free: Vec<f64>,
    covariance: Option<Vec<f64>>,
    /// Items whose fixed parameters have errors too, and rows of the covariance matrix.
    anchored: Option<Vec<ProblemItem>>,
    pub(crate) errors_size: usize,
}

impl Fit {
    /// Akaike's criterion.
    pub fn aic(&self) -> f64 {
        2.0 * self.parameters as f64 - 2.0 * self.log_likelihood
    }

    /// Schwarz's criterion.
    pub fn bic(&self) -> f64 {
        crate::math::ln(self.persons) * self.parameters as f64 - 2.0 * self.log_likelihood
    }

    /// Slope-intercept parameters of an item with standard errors.
    pub fn slope_intercept(&self, item: usize) -> Vec<Estimate> {
        let flats = self.problem.flats(&self.free);
        errors::slope_intercept(&self.items_with_errors()[item], &flats[item], self.covariance(), self.errors_size)
    }

    /// Discrimination, difficulties and asymptotes of an item with standard errors; empty for the nominal model.
    pub fn irt_form(&self, item: usize) -> Vec<Estimate> {
        let flats = self.problem.flats(&self.free);
        errors::irt_form(&self.items_with_errors()[item], &flats[item], self.covariance(), self.errors_size)
    }

    /// Posterior mean and standard deviation (EAP) of the calibration's persons, by position; `None` for persons
    /// without responses. Each group has its own latent distribution as prior, with covariates each person.
    pub fn eap(&self, persons: usize) -> Vec<Option<(f64, f64)>> {
        let moments = self.problem.moments(&self.free, persons);
        moments.into_iter().map(|m| m.map(|(mean, variance)| (mean, variance.max(0.0).sqrt()))).collect()
    }

    /// Weights of a group's latent distribution at the nodes of [`Self::grid`], adding to 1.
    pub fn latent_weights(&self, group: usize) -> Vec<f64> {
        self.problem.latent_weights(&self.free, group).into_iter().map(crate::math::exp).collect()
    }

    /// Items as their errors see them.
    pub(super) fn items_with_errors(&self) -> &[ProblemItem] {
        self.anchored.as_deref().unwrap_or(&self.problem.items)
    }

    /// Covariance matrix of the free parameters, then of fixed ones that have errors, row after row, when standard errors
    /// were asked for and exist.
    pub fn covariance(&self) -> Option<&[f64]> {
        self.covariance.as_deref()
    }
}

/// Calibrates items by marginal maximum likelihood (or maximum posterior with priors).
///
/// `models`: one per item. Groups of the responses become latent groups. Theta has mean 0 and variance 1 in the
/// reference group unless the slopes are given; see [`LatentChoice`].
///
/// # Errors
/// No persons, a wrong number of models, an item nobody answered or all answered alike, a model for dichotomous items on an item with more scores, fixed parameters of another model.
pub fn fit(responses: &Responses, models: &[Model], settings: &FitSettings) -> Result<Fit, Error> {
    let items = responses.items();
    let expect = |what, found: usize| {
        if found == items.len() { Ok(()) } else { Err(Error::Length { what, found, expected: items.len() }) }
    };
    expect("models", models.len())?;
    for (what, list) in [("fixed items", &settings.fixed), ("starting values", &settings.start)] {
        if !list.is_empty() {
            expect(what, list.len())?;
        }
    }
    check_settings(responses, settings)?;
    let one = vec![0; responses.persons()];
    let (groups, of_person) =
        responses.groups().map_or((1, one.as_slice()), |g| (g.labels.len(), g.of_person.as_slice()));
    let regression =
        settings.regression.as_ref().map(|covariates| Regression::new(covariates, responses)).transpose()?;
    let equal_rows = if regression.is_some() { EqualRows::Keep } else { EqualRows::Join };
    let mut layout = layout(responses, settings.treatment, groups, of_person, equal_rows)?;
    let names: Vec<String> = items.iter().map(|item| item.name.clone()).collect();
    let anchor = settings.fixed_covariance.as_deref().map(|known| Anchor::new(&settings.fixed, known)).transpose()?;
    let Solved { mut problem, ended, parts, scores } = solve(&mut layout, &names, models, settings, regression, &[])?;
    let bread = if settings.standard_errors { errors::covariance(&problem, &ended.at) } else { None };
    let mut covariance = bread.clone();
    if let (Some(bread), true) = (&bread, settings.sandwich) {
        let weight = |person: usize| responses.weights().map_or(1.0, |weights| weights[person]);
        covariance = Some(sandwich::covariance(&problem, &layout, weight, &ended.at, bread));
    }
    let (mut anchored, mut errors_size) = (None, problem.free);
    if let (Some(anchor), Some(bread), Some(own)) = (&anchor, &bread, &covariance) {
        let wider = anchor.widen(&mut problem, &ended.at, bread, own);
        covariance = wider.map(|WithAnchor { items, covariance, size }| {
            (anchored, errors_size) = (Some(items), size);
            covariance
        });
    }
    let free = problem.free + histogram_parameters(&problem, settings, models);
    let mut fit = Fit {
        items: problem.items.iter().zip(problem.flats(&ended.at)).map(|(item, flat)| item.family.item(&flat)).collect(),
        models: models.to_vec(),
        scores,
        latent: Vec::new(),
        regression: None,
        log_likelihood: parts.log_likelihood,
        log_posterior: parts.log_likelihood + parts.log_prior,
        parameters: free,
        persons: layout.group_weight.iter().sum(),
        iterations: ended.iterations,
        evaluations: ended.evaluations,
        converged: ended.converged,
        grid: problem.grid.clone(),
        warnings: Vec::new(),
        problem,
        free: ended.at,
        covariance,
        anchored,
        errors_size,
    };
    fit.latent = latent_estimates(&fit, responses);
    fit.regression = regression_estimates(&fit, settings);
    fit.warnings = warnings(&fit, responses, &layout, ended.decrement, settings);
    Ok(fit)
}

/// Numbers that cannot be used are refused before anything is computed.
fn check_settings(responses: &Responses, settings: &FitSettings) -> Result<(), Error> {
    let refuse = |what: String| Err(Error::Model { what });
    if !(settings.range.is_finite() && settings.range > 0.0 && settings.nodes >= 5) {
        return refuse(format!(
            "quadrature of {} nodes on a range of {} is not usable; give at least 5 nodes and a positive range",
            settings.nodes, settings.range
        ));
    }
    if !(settings.tolerance.is_finite() && settings.tolerance > 0.0) {
        return refuse(format!("a tolerance of {} cannot be met; give a positive number", settings.tolerance));
    }
    let priors = &settings.priors;
    let named = [("a", priors.slope), ("d", priors.intercept), ("g", priors.lower), ("u", priors.upper)];
    for (name, prior) in named {
        if let Some(prior) = prior.filter(|prior| !prior.is_proper()) {
            return refuse(format!("the prior of {name} is no density: {prior:?}; spreads and shapes are above 0"));
        }
    }
    let columns = responses.items().iter();
    for (what, list) in [("fixed", &settings.fixed), ("starting", &settings.start)] {
        for (column, item) in columns.clone().zip(list) {
            if item.as_ref().is_some_and(|item| !item.is_finite()) {
                return refuse(format!("item {}: a {what} parameter is not a finite number", column.name));
            }
        }
    }
    if settings.regression.is_some() {
        if responses.groups().is_some_and(|groups| groups.labels.len() > 1) {
            return refuse(
                "ability is regressed on covariates within one group; make the group a covariate".to_owned(),
            );
        }
        if settings.latent == LatentChoice::Histogram {
            return refuse("ability regressed on covariates is normal around its mean; leave the histogram".to_owned());
        }
    }
    if responses.weights().is_some_and(|weights| !weights.is_empty() && weights.iter().all(|w| *w == 0.0)) {
        return refuse("the weights of all persons are 0; nobody counts".to_owned());
    }
    Ok(())
}

/// Free weights of histograms: nodes less one, less the moments held.
fn histogram_parameters(problem: &Problem, settings: &FitSettings, models: &[Model]) -> usize {
    let groups = problem.latent.iter().filter(|latent| latent.histogram.is_some()).count();
    let anchored = settings.fixed.iter().any(Option::is_some);
    let held = if groups == 0 || anchored { 0 } else { 1 + usize::from(!models.iter().all(|m| m.fixes_slope())) };
    groups * (problem.grid.nodes().len() - 1) - held
}

fn latent_estimates(fit: &Fit, responses: &Responses) -> Vec<LatentDistribution> {
    let moments = fit.problem.latent_moments(&fit.free);
    let label = |group: usize| responses.groups().map_or_else(String::new, |g| g.labels[group].clone());
    let estimate = |(group, (mean, sd)): (usize, (f64, f64))| {
        let sources = &fit.problem.latent[group];
        let covariance = fit.covariance.as_deref();
        let se_mean = errors::delta(covariance, fit.errors_size, &[(&sources.mean, 1.0)]);
        let se_variance = errors::delta(covariance, fit.errors_size, &[(&sources.log_sd, 2.0 * sd * sd)]);
        LatentDistribution {
            group: label(group),
            mean: Estimate { name: "mean".to_owned(), value: mean, se: se_mean },
            variance: Estimate { name: "variance".to_owned(), value: sd * sd, se: se_variance },
            weights: sources.histogram.as_ref().map(|log| log.iter().map(|l| crate::math::exp(*l)).collect()),
        }
    };
    moments.into_iter().enumerate().map(estimate).collect()
}

fn regression_estimates(fit: &Fit, settings: &FitSettings) -> Option<AbilityRegression> {
    let (regression, covariates) = (fit.problem.regression.as_ref()?, settings.regression.as_ref()?);
    let one = |((name, place), deviation): ((&String, &usize), &f64)| Estimate {
        name: name.clone(),
        value: fit.free[*place] / deviation,
        se: errors::delta(fit.covariance(), fit.errors_size, &[(&Source::free(*place), 1.0 / deviation)]),
    };
    let predicted = regression.predicted_variance(&fit.free);
    Some(AbilityRegression {
        coefficients: covariates.names.iter().zip(&regression.places).zip(&regression.deviations).map(one).collect(),
        explained: predicted / (predicted + fit.latent[0].variance.value),
    })
}

fn warnings(fit: &Fit, responses: &Responses, layout: &Layout, left: f64, settings: &FitSettings) -> Vec<FitWarning> {
    let mut warnings = Vec::new();
    if !fit.converged {
        warnings.push(FitWarning::NotConverged(left));
    }
    if layout.empty_persons > 0 {
        warnings.push(FitWarning::EmptyPersons(layout.empty_persons));
    }
    for ((column, item), scores) in responses.items().iter().zip(&fit.items).zip(&fit.scores) {
        let name = || column.name.clone();
        let empty: Vec<u8> = (0..=column.max).filter(|score| !scores.contains(score)).collect();
        if !empty.is_empty() {
            warnings.push(FitWarning::EmptyScores(name(), empty));
        }
        match item {
            ItemParameters::Logistic { slope, .. }
            | ItemParameters::PartialCredit { slope, .. }
            | ItemParameters::Graded { slope, .. } => {
                if *slope < 0.0 {
                    warnings.push(FitWarning::NegativeSlope(name()));
                } else if *slope > 6.0 {
                    warnings.push(FitWarning::LargeSlope(name(), *slope));
                }
            }
            ItemParameters::Nominal { .. } => {}
        }
        if let ItemParameters::Logistic { lower, upper, .. } = item
            && ((*lower > 0.0 && *lower < 1e-4) || (*upper < 1.0 && *upper > 1.0 - 1e-4))
        {
            warnings.push(FitWarning::AsymptoteAtBoundary(name()));
        }
    }
    warnings.extend(same_answers(fit, responses));
    if settings.standard_errors && fit.covariance.is_none() {
        warnings.push(FitWarning::NoStandardErrors);
    }
    let sets = connected_sets(layout, responses.items().len());
    if sets.len() > 1 {
        let names = |set: &Vec<usize>| set.iter().map(|item| responses.items()[*item].name.clone()).collect();
        warnings.push(FitWarning::Disconnected(sets.iter().map(names).collect()));
    }
    for latent in &fit.latent {
        if latent.mean.value.abs() + 3.0 * latent.variance.value.sqrt() > settings.range {
            warnings.push(FitWarning::RangeTooNarrow(latent.group.clone()));
        }
    }
    warnings
}

/// Pairs among the items of large slope that everybody answered alike.
fn same_answers(fit: &Fit, responses: &Responses) -> Vec<FitWarning> {
    let steep = |item: &ItemParameters| match item {
        ItemParameters::Logistic { slope, .. }
        | ItemParameters::PartialCredit { slope, .. }
        | ItemParameters::Graded { slope, .. } => *slope > 4.0,
        ItemParameters::Nominal { .. } => false,
    };
    let steep: Vec<usize> = (0..fit.items.len()).filter(|item| steep(&fit.items[*item])).collect();
    let same = |x: usize, y: usize| {
        let mut both = 0;
        (0..responses.persons()).all(|person| match (responses.cell(person, x), responses.cell(person, y)) {
            (crate::Cell::NotPresented, _) | (_, crate::Cell::NotPresented) => true,
            (first, second) => {
                both += 1;
                first == second
            }
        }) && both > 0
    };
    let name = |item: usize| responses.items()[item].name.clone();
    let mut warnings = Vec::new();
    for (place, x) in steep.iter().enumerate() {
        let other = steep[place + 1..].iter().find(|y| same(*x, **y));
        warnings.extend(other.map(|y| FitWarning::SameAnswers(name(*x), name(*y))));
    }
    warnings
}

fn root(parent: &mut [usize], mut item: usize) -> usize {
    while parent[item] != item {
        parent[item] = parent[parent[item]];
        item = parent[item];
    }
    item
}

/// Sets of items linked by persons.
fn connected_sets(layout: &Layout, items: usize) -> Vec<Vec<usize>> {
    let mut parent: Vec<usize> = (0..items).collect();
    let mut join = |first: usize, other: usize| {
        let (x, y) = (root(&mut parent, first), root(&mut parent, other));
        parent[x.max(y)] = x.min(y);
    };
    for block in &layout.blocks {
        if block.scattered {
            for row in 0..block.rows() {
                let mut present = block
                    .items
                    .iter()
                    .zip(block.row(row))
                    .filter(|(_, c)| **c != super::layout::MISSING)
                    .map(|(i, _)| *i as usize);
                if let Some(first) = present.next() {
                    present.for_each(|item| join(first, item));
                }
            }
        } else if let Some(first) = block.items.first() {
            block.items.iter().for_each(|item| join(*first as usize, *item as usize));
        }
    }
    let mut sets: Vec<Vec<usize>> = vec![Vec::new(); items];
    for item in 0..items {
        let root = root(&mut parent, item);
        sets[root].push(item);
    }
    sets.retain(|set| !set.is_empty());
    sets
}

/// Posterior mean and variance of theta of every person from fixed items, by position.
pub(crate) fn posterior_moments(
    responses: &Responses,
    items: &[CalibratedItem],
    settings: &ScoreSettings,
) -> Result<Vec<Option<(f64, f64)>>, Error> {
    let one = vec![0; responses.persons()];
    let mut layout = layout(responses, settings.treatment, 1, &one, EqualRows::Join)?;
    let mut problem_items = Vec::with_capacity(items.len());
    for (i, item) in items.iter().enumerate() {
        let family = Family::of(&item.parameters);
        let category: Vec<u8> = (0..=255).map(|score| item.category(score) as u8).collect();
        layout.recode(i, item.parameters.categories(), &category);
        let flat = family.flatten(&item.parameters).unwrap_or_default();
        let sources: Vec<Source> = flat.into_iter().map(Source::fixed).collect();
        let priors = vec![None; sources.len()];
        problem_items.push(ProblemItem { family, categories: item.parameters.categories(), sources, priors });
    }
    let latent = ProblemLatent::normal(Source::fixed(settings.mean), Source::fixed(crate::math::ln(settings.sd)));
    let problem = Problem::new(&layout, problem_items, vec![latent], None, settings.grid.clone(), 0);
    Ok(problem.moments(&[], responses.persons()))
}
