//! From responses to numbers one can trust: classical statistics, item response models, scores, DIF, equating. Pure.
//!
//! ```
//! use psychometrics::{classical, ClassicalSettings, Responses};
//!
//! let items = [("fractions", 1), ("area", 1), ("essay", 3)];
//! let rows = [
//!     vec![Some(1), Some(1), Some(3)],
//!     vec![Some(1), Some(0), Some(2)],
//!     vec![Some(0), Some(0), Some(1)],
//!     vec![Some(1), Some(1), None], // the essay was not in this pupil's form
//! ];
//! let responses = Responses::from_scores(items, rows)?;
//! let analysis = classical(&responses, &ClassicalSettings::default())?;
//! assert_eq!(analysis.items[0].facility, Some(0.75));
//! assert_eq!(psychometrics::competition_ranks(&[9.0, 7.0, 7.0, 5.0]), [1, 2, 2, 4]);
//! # Ok::<(), psychometrics::Error>(())
//! ```
//!
//! After a sitting one needs four calls: [`Responses::from_scores`] (or [`Responses::from_choices`] with a key),
//! [`classical`] for items, options and test, [`competition_ranks`] and [`pearson`].
//!
//! # Where things are
//! | module | what |
//! |---|---|
//! | [`responses`] | persons x items with three kinds of missing, booklets, weights, groups |
//! | [`mod@classical`] | facility, discrimination, distractors, curves, reliability and its bounds, decisions at cut scores, flags |
//! | [`irt`] | models, calibration with or without covariates, standard errors, profile intervals, information |
//! | [`scores`] | EAP, MAP, ML, WLE, EAP from sum scores, the step of an adaptive test |
//! | [`fit_statistics`] | S-X2, infit and outfit, Q3, local dependence, M2, lz, data of plots |
//! | [`dif`] | Mantel-Haenszel, logistic regression, SIBTEST, likelihood ratio, Wald |
//! | [`linking`], [`equating`] | one scale, comparable points |
//! | [`facets`] | many-facet Rasch: raters and criteria |
//! | [`conditional`] | conditional maximum likelihood for Rasch and partial credit |
//! | [`conditioning`] | latent regression and plausible values |
//! | [`levels`] | cut scores, probabilities of levels, reported scale, standard setting |
//! | [`simulation`] | responses of known persons to known items |
//!
//! What is not there yet is listed at the end of `docs/psychometrics.md`.
//!
//! # Invariants
//! - No input or output, no clock, no randomness of its own: the same input gives the same bytes on every run,
//!   number of threads and machine.
//! - A number that does not exist is `None`, never zero or NaN.
//! - Errors name the item, person or parameter and say what to do.

#![expect(clippy::float_cmp, reason = "asymptotes of exactly 0 and 1 are absent, and rounding is under control")]
#![expect(clippy::needless_range_loop, reason = "numeric loops index several arrays by one position")]

mod beta;
pub mod classical;
pub mod conditional;
pub mod conditioning;
pub mod dif;
pub mod equating;
mod error;
pub mod facets;
pub mod fit_statistics;
pub mod irt;
pub mod levels;
mod linalg;
pub mod linking;
pub mod math;
pub mod ranks;
pub mod responses;
pub mod scores;
pub mod simulation;

pub use classical::{
    Classical, ClassicalSettings, FlagRules, ItemFlag, ItemStatistics, OptionStatistics, TestStatistics, classical,
};
pub use error::Error;
pub use irt::{Fit, FitSettings, FitWarning, ItemParameters, LatentChoice, Model, Prior, Priors, fit};
pub use ranks::{Correlation, competition_ranks, pearson};
pub use responses::{Cell, ItemColumn, MissingCounts, MissingTreatment, Responses, ResponsesBuilder};
pub use scores::{CalibratedItem, Method, Score, ScoreSettings, score};
