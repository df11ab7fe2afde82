//! From responses to the ability scale: the calibration of a test, scores with their errors, levels with their probabilities.
//!
//! One population, one set of parameters for all language versions of a test: parallel tasks are common tasks. Whether they
//! really mean the same in both languages is tested (Mantel-Haenszel) and said. What a network decides stands in
//! [`packs::ScaleRules`]; everything a score was made of is kept in the [`Calibration`], so that it can be explained after
//! the rules have changed.

mod calibrate;
mod fit;
mod gather;
mod levels;

pub use calibrate::{Calibrated, calibrate};
pub use gather::{ScaleGather, ScalePerson};
pub use levels::{LevelCell, LevelSummary};

use kernel::Localized;
use packs::{MissingRules, ScaleMethod, ScaleModel};
use psychometrics::{CalibratedItem, ItemParameters, Score};
use serde::{Deserialize, Serialize};

/// What calibrating a test came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Calibration {
    /// There is a scale.
    Scaled(Box<ScaledTest>),
    /// There is none, and why.
    NotScaled {
        /// Why.
        reason: NotScaled,
    },
}

impl Calibration {
    /// The scale, if there is one.
    pub fn scaled(&self) -> Option<&ScaledTest> {
        match self {
            Self::Scaled(test) => Some(test),
            Self::NotScaled { .. } => None,
        }
    }
}

/// Why a test has no scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum NotScaled {
    /// Too few took it.
    TooFewResults {
        /// Results.
        n: u32,
        /// Needed.
        minimum: u32,
    },
    /// Too few tasks tell pupils apart.
    TooFewTasks {
        /// Such tasks.
        tasks: u32,
        /// Needed.
        minimum: u32,
    },
    /// A task has more different scores than the model can hold.
    TooManySteps {
        /// Its number.
        number: u32,
    },
    /// Forms of the test share no tasks, so that nothing links them.
    NotConnected,
    /// The search for parameters did not end.
    NotConverged,
    /// The cut scores cannot be reached or do not rise on this test.
    Cuts,
    /// The engine refused.
    Refused {
        /// What it said.
        said: String,
    },
}

/// A number with its standard error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Estimate.
    pub value: f64,
    /// Standard error; none where the number is given by the model or could not be determined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub se: Option<f64>,
}

/// Residual fit of a task: 1 is expected.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MeanSquare {
    /// Weighted by information.
    pub infit: f64,
    /// Not weighted.
    pub outfit: f64,
}

/// S-X2 of a task.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SquareFit {
    /// The statistic.
    pub x: f64,
    /// Degrees of freedom.
    pub df: i64,
    /// Probability of a larger value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
    /// Effect size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rmsea: Option<f64>,
}

/// A task in the two language versions, at equal points in the test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LanguageDifference {
    /// ETS delta: negative when the task is harder in the smaller group; tasks of one point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delta: Option<f64>,
    /// ETS class A, B or C; tasks of one point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Mean share of the points in the smaller group minus that in the larger one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<f64>,
    /// Probability of so large a difference by chance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
}

/// Why a task deserves a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskFlag {
    /// All answered alike or nobody answered: left out.
    Alike,
    /// The weaker do it better: look at the key.
    NegativeSlope,
    /// Its discrimination is at the edge of what data can tell.
    LargeSlope,
    /// Answers scatter more than the model says.
    Scattered,
    /// Answers are more predictable than the model says: it may repeat another task.
    Predictable,
    /// Its curve differs from the model's.
    Curve,
    /// It works differently in the two languages.
    Language,
    /// Some scores do not occur.
    EmptyScores,
}

impl TaskFlag {
    /// Stable word for message keys.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Alike => "alike",
            Self::NegativeSlope => "negative-slope",
            Self::LargeSlope => "large-slope",
            Self::Scattered => "scattered",
            Self::Predictable => "predictable",
            Self::Curve => "curve",
            Self::Language => "language",
            Self::EmptyScores => "empty-scores",
        }
    }
}

/// A task on the scale. Theta has mean `latent_mean` and variance `latent_variance` of the test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskCalibration {
    /// Discrimination; none for a task that was left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub a: Option<Parameter>,
    /// Difficulty, or steps of a task of several points, on theta.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub b: Vec<Parameter>,
    /// Where it lies in points of the scale: the mean of its difficulties.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<f64>,
    /// Intercepts of the slope-intercept form, one for each score above the lowest: with `a` they score new pupils.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub intercepts: Vec<f64>,
    /// Scores of the categories in steps of the calibration, from 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<u8>,
    /// Infit and outfit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean_square: Option<MeanSquare>,
    /// S-X2; none when too few have every task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s_x2: Option<SquareFit>,
    /// Between the language versions; none with one of them or too few pupils.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageDifference>,
    /// What to look at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<TaskFlag>,
}

impl TaskCalibration {
    /// A task that was left out of the calibration.
    fn left_out() -> Self {
        Self {
            a: None,
            b: Vec::new(),
            points: None,
            intercepts: Vec::new(),
            scores: Vec::new(),
            mean_square: None,
            s_x2: None,
            language: None,
            flags: vec![TaskFlag::Alike],
        }
    }

    /// The task for the engine; none when it was left out.
    pub fn item(&self, name: &str) -> Option<CalibratedItem> {
        let parameters = ItemParameters::PartialCredit { slope: self.a?.value, intercepts: self.intercepts.clone() };
        Some(CalibratedItem { name: name.to_owned(), parameters, scores: self.scores.clone() })
    }
}

/// The two groups whose language versions were compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageGroups {
    /// Language of the larger group.
    pub larger: String,
    /// Its results.
    pub larger_n: u32,
    /// Language of the smaller group.
    pub smaller: String,
    /// Its results.
    pub smaller_n: u32,
}

/// A level on a test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScaleLevel {
    /// Stable word.
    pub code: String,
    /// Name as shown.
    pub name: Localized,
    /// What it means, as the end of a sentence.
    pub meaning: Localized,
    /// Lowest points of the level, whole; none for the lowest level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    /// Percent of the points of the test that is expected at the border.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_percent: Option<f64>,
}

/// From theta to points: `slope * theta + intercept`, held between the ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScaleLine {
    /// Name of the scale.
    pub name: Localized,
    /// Points for one unit of theta.
    pub slope: f64,
    /// Points at theta 0.
    pub intercept: f64,
    /// Lowest points given.
    pub lowest: f64,
    /// Highest points given.
    pub highest: f64,
}

/// A calibrated test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScaledTest {
    /// Model.
    pub model: ScaleModel,
    /// How pupils are scored.
    pub method: ScaleMethod,
    /// What missing answers count as.
    pub missing: MissingRules,
    /// Results behind it.
    pub n: u32,
    /// Steps of a point: 2 when tasks give halves.
    pub steps: u32,
    /// Tasks, in the order of the parallel forms.
    pub tasks: Vec<TaskCalibration>,
    /// Mean of theta among those who took the test.
    pub latent_mean: f64,
    /// Variance of theta among them.
    pub latent_variance: Parameter,
    /// Log-likelihood.
    pub log_likelihood: f64,
    /// Free parameters.
    pub parameters: u32,
    /// Share of the variance of scores that is not error (Green and others 1984).
    pub reliability: f64,
    /// Expected share of pupils whose true level is the one given (Rudner 2005).
    pub accuracy: f64,
    /// Expected share that a parallel test would put into the same level.
    pub consistency: f64,
    /// From theta to points.
    pub line: ScaleLine,
    /// Levels from the lowest.
    pub levels: Vec<ScaleLevel>,
    /// Which language versions were compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub languages: Option<LanguageGroups>,
}

/// A pupil on the scale.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonScale {
    /// Ability.
    pub theta: f64,
    /// Its standard error.
    pub theta_se: f64,
    /// Points, not rounded.
    pub points: f64,
    /// Their standard error.
    pub points_se: f64,
    /// Level, from 0 for the lowest.
    pub level: usize,
    /// Probability of each level; they add to one.
    pub probabilities: Vec<f64>,
}

impl ScaledTest {
    /// Points of an ability.
    pub fn points(&self, theta: f64) -> f64 {
        (self.line.slope * theta + self.line.intercept).clamp(self.line.lowest, self.line.highest)
    }

    /// Where a score lies. The level is that of the points **as shown**, so that the same number never stands in two levels.
    pub fn place(&self, score: Score) -> PersonScale {
        let points = self.points(score.theta);
        // Errors are taken as normal (Rudner 2001); a border lies half a point below its first whole number.
        let mut below = 0.0;
        let mut probabilities = Vec::with_capacity(self.levels.len());
        for from in self.levels.iter().filter_map(|level| level.from) {
            let cut = (from - 0.5 - self.line.intercept) / self.line.slope;
            let next = psychometrics::math::normal_cdf((cut - score.theta) / score.se);
            probabilities.push(next - below);
            below = next;
        }
        probabilities.push(1.0 - below);
        let shown = (points + 0.5).floor();
        PersonScale {
            theta: score.theta,
            theta_se: score.se,
            points,
            points_se: self.line.slope * score.se,
            level: self.levels.iter().filter(|level| level.from.is_some_and(|from| shown >= from)).count(),
            probabilities,
        }
    }
}
