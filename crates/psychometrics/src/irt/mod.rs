//! Item response models by marginal maximum likelihood.
//!
//! Sources: Bock and Aitkin (1981) for the marginal likelihood on fixed nodes; Lange (1995) for the EM gradient
//! step; Masters (1982), Andrich (1978), Muraki (1992), Samejima (1969), Bock (1972), Verhelst and Glas (1995,
//! OPLM) for the models.

mod anchor;
mod arrow;
mod codes;
mod engine;
mod equality;
pub(crate) mod errors;
pub(crate) mod family;
mod fit;
pub(crate) mod grid;
mod histogram;
pub(crate) mod item;
mod joint;
pub(crate) mod layout;
mod model;
pub(crate) mod optimise;
mod prior;
pub(crate) mod problem;
mod profile;
mod regression;
mod sandwich;
pub(crate) mod simd;
pub(crate) mod solve;

pub use equality::Equality;
pub use errors::Estimate;
pub(crate) use fit::posterior_moments;
pub use fit::{AbilityRegression, Fit, FitSettings, FitWarning, LatentChoice, LatentDistribution, fit};
pub use grid::Grid;
pub(crate) use item::information_of;
pub use item::{Curve, ItemParameters};
pub use model::{Model, Priors};
pub use prior::Prior;
pub use profile::ProfileInterval;
pub use regression::Covariates;
