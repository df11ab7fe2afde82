//! Intervals by the profile of the posterior: the values of one parameter at which twice the fall of the log-posterior,
//! all other parameters estimated anew, stays below a quantile of chi-square with one degree of freedom (Cox and Hinkley
//! 1974, ch. 9.3; Pawitan 2001, ch. 3.4).
//!
//! They need no symmetry, which posteriors of asymptotes do not have, and do not depend on the parameterisation.

use super::family::Family;
use super::fit::Fit;
use super::optimise::{Memory, maximise};
use super::problem::Problem;
use crate::math::{logistic, logit, normal_quantile};

/// Gain left in the log-posterior at which a search beside a held parameter ends.
const TOLERANCE: f64 = 1e-5;
/// Most steps of such a search.
const STEPS: usize = 100;
/// Most values tried for one bound.
const TRIES: usize = 30;
/// Beyond this logit an asymptote is as good as 0 or 1, and a bound there is none.
const FARTHEST_LOGIT: f64 = 15.0;
/// Beyond this many standard errors there is no bound either.
const FARTHEST: f64 = 50.0;

/// An interval; a bound is `None` where the posterior never falls far enough.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProfileInterval {
    /// Lower bound.
    pub low: Option<f64>,
    /// Upper bound.
    pub high: Option<f64>,
}

impl Fit {
    /// Twice the fall in log-posterior when a parameter of an item, by its name in [`Fit::slope_intercept`], is held at
    /// `value` and everything else is estimated again; `None` for a parameter that is given or part of a sum, or a value
    /// outside the model.
    ///
    /// At the true value this is nearly chi-square with one degree of freedom.
    pub fn profile_deviance(&self, item: usize, name: &str, value: f64) -> Option<f64> {
        let (place, by) = self.free_place(item, name)?;
        let flat = if self.is_asymptote(item, name) { logit(value) } else { value };
        self.deviance(place, flat / by).filter(|deviance| deviance.is_finite())
    }

    /// Interval of a parameter that holds the true value with probability `share` in (0, 1); `None` as in
    /// [`Fit::profile_deviance`], and without standard errors, which tell where to look.
    pub fn profile_interval(&self, item: usize, name: &str, share: f64) -> Option<ProfileInterval> {
        let (place, by) = self.free_place(item, name)?;
        let reach = normal_quantile(0.5 + 0.5 * share);
        let variance = self.covariance()?[place * self.errors_size + place];
        let asymptote = self.is_asymptote(item, name);
        let bound = |side: f64| {
            let flat = by * self.bound(place, variance.sqrt(), side * by.signum(), reach, asymptote)?;
            Some(if asymptote { logistic(flat) } else { flat })
        };
        Some(ProfileInterval { low: bound(-1.0), high: bound(1.0) })
    }

    fn is_asymptote(&self, item: usize, name: &str) -> bool {
        self.problem.items[item].family == Family::Logistic && matches!(name, "g" | "u")
    }

    /// Place of the free parameter behind a name, and its weight.
    fn free_place(&self, item: usize, name: &str) -> Option<(usize, f64)> {
        let parameter = self.slope_intercept(item).iter().position(|estimate| estimate.name == name)?;
        match self.problem.items.get(item)?.sources[parameter].terms[..] {
            [(place, by)] if self.problem.items[item].sources[parameter].constant == 0.0 => Some((place, by)),
            _ => None,
        }
    }

    /// Deviance with one free parameter held.
    fn deviance(&self, place: usize, value: f64) -> Option<f64> {
        let held = self.problem.holding(place, value);
        let mut start = self.free.clone();
        if let Some(covariance) = self.covariance() {
            // Where the others go in a normal posterior.
            let size = self.errors_size;
            let by = (value - self.free[place]) / covariance[place * size + place];
            start.iter_mut().enumerate().for_each(|(i, x)| *x += by * covariance[i * size + place]);
        }
        let search = |start: Vec<f64>| maximise(start, TOLERANCE, STEPS, &mut Memory::new(), |at| held.evaluate(at));
        let (_, point, _) = search(start).or_else(|| search(self.free.clone()))?;
        Some(2.0 * (self.log_posterior - point.value).max(0.0))
    }

    /// The value to one side at which the signed root of the deviance is `reach`, by secants: it is nearly a line.
    fn bound(&self, place: usize, se: f64, side: f64, reach: f64, logit: bool) -> Option<f64> {
        let centre = self.free[place];
        // Distances from the estimate with their roots: one below and, once known, one above.
        let (mut below, mut above) = ((0.0, 0.0), None::<(f64, f64)>);
        let mut away = reach * se;
        for _ in 0..TRIES {
            if away > FARTHEST * se || logit && (centre + side * away).abs() > FARTHEST_LOGIT {
                return None;
            }
            // Outside the model is as far as one can be.
            let root = self.deviance(place, centre + side * away).map_or(f64::INFINITY, f64::sqrt);
            if (root - reach).abs() < 1e-3 * reach {
                return Some(centre + side * away);
            }
            if root < reach {
                below = (away, root);
            } else {
                above = Some((away, root));
            }
            away = match above {
                Some((far, root)) => {
                    let along = if root.is_finite() { (reach - below.1) / (root - below.1) } else { 0.5 };
                    below.0 + (far - below.0) * along.clamp(0.05, 0.95)
                }
                // Never more than three times as far in one go: the root may level off.
                None => away * (reach / root.max(1e-3)).clamp(1.1, 3.0),
            };
        }
        None
    }
}

impl Problem {
    /// The same with a free parameter held; its place stays and no longer matters.
    fn holding(&self, place: usize, value: f64) -> Self {
        let mut held = self.clone();
        for source in held.items.iter_mut().flat_map(|item| &mut item.sources) {
            source.constant += source.terms.iter().filter(|(p, _)| *p == place).map(|(_, c)| c * value).sum::<f64>();
            source.terms.retain(|(p, _)| *p != place);
        }
        // A prior on a constant is a constant, and part of the posterior that is compared.
        held.shared.retain(|p| *p != place);
        held
    }
}
