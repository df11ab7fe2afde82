//! Ability scores with their standard errors from calibrated items.
//!
//! | method | what it is | undefined |
//! |---|---|---|
//! | EAP | posterior mean (Bock and Mislevy 1982) | without responses |
//! | MAP | posterior mode | without responses |
//! | ML | mode of the likelihood | all or nothing right |
//! | WLE | Warm's (1989) weighted likelihood | without responses |
//! | EAP from sum scores | Lord and Wingersky (1984), Thissen et al. (1995) | without responses |
//!
//! [`Posterior`] and [`most_informative`] are the step of an adaptive test.

mod adaptive;
mod modal;
mod sum_score;

pub use adaptive::{Posterior, informations, most_informative};
pub(crate) use sum_score::sum_distribution;
pub use sum_score::{SumScore, sum_score_table};

use crate::irt::{Fit, Grid, ItemParameters, posterior_moments};
use crate::{Error, MissingCounts, MissingTreatment, Responses};

/// An item ready for scoring.
#[derive(Debug, Clone, PartialEq)]
pub struct CalibratedItem {
    /// Name.
    pub name: String,
    /// Parameters.
    pub parameters: ItemParameters,
    /// Score of each category, ascending; 0, 1, ... unless some score did not occur in the calibration.
    pub scores: Vec<u8>,
}

impl CalibratedItem {
    /// An item whose scores are 0, 1, ...
    pub fn new(name: impl Into<String>, parameters: ItemParameters) -> Self {
        let scores = (0..parameters.categories()).map(|k| k as u8).collect();
        Self { name: name.into(), parameters, scores }
    }

    /// Category of a score: the highest category whose score is not above it.
    pub fn category(&self, score: u8) -> usize {
        self.scores.partition_point(|s| *s <= score).saturating_sub(1)
    }

    /// Expected points at theta.
    pub fn expected_points(&self, theta: f64) -> f64 {
        let mut curves = Vec::new();
        self.parameters.curves(theta, &mut curves);
        curves.iter().zip(&self.scores).map(|(curve, score)| curve.p * f64::from(*score)).sum()
    }
}

impl Fit {
    /// The items of the calibration, ready for scoring.
    pub fn calibrated(&self, responses: &Responses) -> Vec<CalibratedItem> {
        let columns = responses.items().iter().zip(&self.items).zip(&self.scores);
        let item = |((column, parameters), scores): ((&crate::ItemColumn, &ItemParameters), &Vec<u8>)| CalibratedItem {
            name: column.name.clone(),
            parameters: parameters.clone(),
            scores: scores.clone(),
        };
        columns.map(item).collect()
    }
}

/// How to score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Posterior mean.
    Eap,
    /// Posterior mode.
    Map,
    /// Maximum likelihood.
    Ml,
    /// Weighted likelihood.
    Wle,
    /// Posterior mean given the sum score.
    EapSum,
}

/// Choices of [`score`].
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreSettings {
    /// Mean of the prior (EAP, MAP, EAP from sum scores).
    pub mean: f64,
    /// Standard deviation of the prior, above 0.
    pub sd: f64,
    /// Quadrature for EAP.
    pub grid: Grid,
    /// ML and WLE are sought in `-limit..=limit`.
    pub limit: f64,
    /// What missing responses count as. By default both kinds are zero points: a person's score, unlike an
    /// item's calibration, answers for what was left undone.
    pub treatment: MissingTreatment,
}

impl Default for ScoreSettings {
    fn default() -> Self {
        Self {
            mean: 0.0,
            sd: 1.0,
            grid: Grid::new(61, 6.0),
            limit: 12.0,
            treatment: MissingTreatment { skipped: MissingCounts::Zero, not_reached: MissingCounts::Zero },
        }
    }
}

/// A score on the scale of theta.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Estimate.
    pub theta: f64,
    /// Standard error: posterior standard deviation for EAP; else `1 / sqrt` of the observed information, which
    /// includes the precision of the prior (MAP) and the curvature of Warm's weight (WLE).
    pub se: f64,
}

/// Scores of all persons, by position; `None` where the method has no estimate.
///
/// `items`: one per item of the responses, in their order.
///
/// # Errors
/// Another number or order of items than the responses, a prior without spread.
pub fn score(
    responses: &Responses,
    items: &[CalibratedItem],
    method: Method,
    settings: &ScoreSettings,
) -> Result<Vec<Option<Score>>, Error> {
    let columns = responses.items();
    if columns.len() != items.len() {
        return Err(Error::Length { what: "calibrated items", found: items.len(), expected: columns.len() });
    }
    if let Some((column, item)) = columns.iter().zip(items).find(|(column, item)| column.name != item.name) {
        let what = format!(
            "item {} stands where the calibration has {}; give the items in the order of the responses",
            column.name, item.name
        );
        return Err(Error::Model { what });
    }
    if !(settings.sd > 0.0 && settings.sd.is_finite() && settings.mean.is_finite()) {
        return Err(Error::NotFinite { what: "standard deviation of the prior".to_owned(), value: settings.sd });
    }
    let nodes = settings.grid.nodes();
    if nodes.len() < 5 || !nodes.windows(2).all(|pair| pair[0] < pair[1]) {
        let what = format!("quadrature of {} nodes is not usable; give at least 5 on a positive range", nodes.len());
        return Err(Error::Model { what });
    }
    match method {
        Method::Eap => {
            let moments = posterior_moments(responses, items, settings)?;
            Ok(moments
                .into_iter()
                .map(|m| m.map(|(theta, variance)| Score { theta, se: variance.max(0.0).sqrt() }))
                .collect())
        }
        Method::EapSum => Ok(sum_score::scores(responses, items, settings)),
        Method::Map | Method::Ml | Method::Wle => Ok(modal::scores(responses, items, method, settings)),
    }
}

/// Why a person has no finite maximum likelihood estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutMl {
    /// No response counts: no method but the prior says anything.
    NoResponses,
    /// The lowest category on every item: ability is below what the test can tell.
    AllLowest,
    /// The highest category on every item: ability is above what the test can tell.
    AllHighest,
}

impl std::fmt::Display for WithoutMl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NoResponses => "no response counts; there is nothing to estimate from",
            Self::AllLowest => "nothing right: maximum likelihood has no estimate; use eap, map or wle",
            Self::AllHighest => "everything right: maximum likelihood has no estimate; use eap, map or wle",
        })
    }
}

/// Persons for whom [`Method::Ml`] has no estimate, by position, with the reason.
pub fn without_ml(
    responses: &Responses,
    items: &[CalibratedItem],
    treatment: MissingTreatment,
) -> Vec<(usize, WithoutMl)> {
    let one = |person: usize| {
        let (mut low, mut high, mut any) = (true, true, false);
        for (item, cell) in responses.of_person(person) {
            if let Some(score) = treatment.apply(cell) {
                let category = items[item].category(score);
                any = true;
                low &= category == 0;
                high &= category + 1 == items[item].parameters.categories();
            }
        }
        match (any, low, high) {
            (false, ..) => Some((person, WithoutMl::NoResponses)),
            (_, true, _) => Some((person, WithoutMl::AllLowest)),
            (_, _, true) => Some((person, WithoutMl::AllHighest)),
            _ => None,
        }
    };
    (0..responses.persons()).filter_map(one).collect()
}

/// Fisher information of a test at theta: the sum over its items.
pub fn test_information(items: &[CalibratedItem], theta: f64) -> f64 {
    items.iter().map(|item| item.parameters.information(theta)).sum()
}

/// Empirical reliability of EAP scores: variance of scores over that plus mean error variance.
///
/// `None` below two scores.
pub fn empirical_reliability(scores: &[Score]) -> Option<f64> {
    let n = scores.len() as f64;
    if scores.len() < 2 {
        return None;
    }
    let mean = scores.iter().map(|s| s.theta).sum::<f64>() / n;
    let spread = scores.iter().map(|s| (s.theta - mean) * (s.theta - mean)).sum::<f64>() / (n - 1.0);
    let error = scores.iter().map(|s| s.se * s.se).sum::<f64>() / n;
    Some(spread / (spread + error))
}

/// Marginal reliability: one minus the mean of `1 / (1 + information * variance)` over the latent distribution
/// (Green, Bock, Humphreys, Linn and Reckase 1984), for a normal latent distribution.
pub fn marginal_reliability(items: &[CalibratedItem], mean: f64, sd: f64) -> f64 {
    let grid = Grid::new(121, 6.0);
    let weights = grid.log_normal_weights(0.0, 1.0);
    let at = |(z, log): (&f64, &f64)| {
        let information = test_information(items, mean + sd * z) * sd * sd;
        crate::math::exp(*log) * information / (information + 1.0)
    };
    grid.nodes().iter().zip(&weights).map(at).sum()
}
