//! Checks against computations written another way: likelihoods by their definition, derivatives by differences,
//! expectations by listing every pattern.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests stop at the first surprise")]
#![expect(clippy::needless_range_loop, reason = "written as the formulas are")]

mod anchor;
mod bad_input;
mod conditional;
mod dif;
mod equating;
mod facets;
mod fit_statistics;
mod latent;
mod plain;
mod profile;
mod regression;
mod sandwich;
