//! From the name of a model to parameters, constraints and starting values.

use super::family::{ASYMPTOTE_OFF, Family};
use super::item::ItemParameters;
use super::prior::Prior;
use super::problem::{ProblemItem, Source};
use crate::Error;
use crate::math::{ln, logit};

/// The model of one item. Items of one test may have different models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// Slope 1, latent variance estimated (Rasch 1960); partial credit with more than two scores.
    Rasch,
    /// One slope common to all such items, latent variance 1.
    OnePl,
    /// Whole-number slope given in advance (Verhelst and Glas 1995), latent variance estimated.
    Oplm(u8),
    /// Slope and difficulty (Birnbaum 1968).
    TwoPl,
    /// With a lower asymptote; give it a prior.
    ThreePl,
    /// With a lower and an upper asymptote; give both a prior.
    FourPl,
    /// Partial credit: slope 1, latent variance estimated (Masters 1982).
    PartialCredit,
    /// Rating scale: partial credit with the same steps, shifted, for all such items (Andrich 1978).
    RatingScale,
    /// Generalised partial credit: slope per item (Muraki 1992).
    GeneralisedPartialCredit,
    /// Graded response (Samejima 1969).
    Graded,
    /// Nominal categories (Bock 1972).
    Nominal,
}

impl Model {
    /// Name on the command line: rasch, 1pl, oplm, 2pl, 3pl, 4pl, pcm, rsm, gpcm, grm, nominal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rasch => "rasch",
            Self::OnePl => "1pl",
            Self::Oplm(_) => "oplm",
            Self::TwoPl => "2pl",
            Self::ThreePl => "3pl",
            Self::FourPl => "4pl",
            Self::PartialCredit => "pcm",
            Self::RatingScale => "rsm",
            Self::GeneralisedPartialCredit => "gpcm",
            Self::Graded => "grm",
            Self::Nominal => "nominal",
        }
    }

    /// The model of a name; OPLM needs its slopes and has none here.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [
            Self::Rasch,
            Self::OnePl,
            Self::TwoPl,
            Self::ThreePl,
            Self::FourPl,
            Self::PartialCredit,
            Self::RatingScale,
            Self::GeneralisedPartialCredit,
            Self::Graded,
            Self::Nominal,
        ];
        all.into_iter().find(|model| model.name().eq_ignore_ascii_case(name))
    }

    /// Whether slopes are given, so that the latent variance is estimated.
    pub(crate) fn fixes_slope(self) -> bool {
        matches!(self, Self::Rasch | Self::Oplm(_) | Self::PartialCredit | Self::RatingScale)
    }

    pub(crate) fn family(self) -> Family {
        match self {
            Self::ThreePl | Self::FourPl => Family::Logistic,
            Self::Graded => Family::Graded,
            Self::Nominal => Family::Nominal,
            _ => Family::PartialCredit,
        }
    }
}

/// Prior densities of item parameters; none by default.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Priors {
    /// Of slopes.
    pub slope: Option<Prior>,
    /// Of intercepts.
    pub intercept: Option<Prior>,
    /// Of the lower asymptote: [`Prior::Normal`] acts on its logit, [`Prior::Beta`] on itself.
    pub lower: Option<Prior>,
    /// Of the upper asymptote, likewise.
    pub upper: Option<Prior>,
}

/// Collects free parameters with their starting values.
#[derive(Debug, Default)]
pub(crate) struct Specification {
    pub start: Vec<f64>,
    common_slope: Option<usize>,
    /// Shared steps of rating scale items: first place by number of categories.
    common_steps: Vec<(usize, usize)>,
}

impl Specification {
    pub fn free(&mut self, start: f64) -> Source {
        Source::free(self.free_place(start))
    }

    /// Place of a new free parameter.
    pub fn free_place(&mut self, start: f64) -> usize {
        self.start.push(start);
        self.start.len() - 1
    }

    /// Adds an item. `counts`: weight per category, all positive; `start`: parameters to begin from.
    pub fn item(
        &mut self,
        model: Model,
        counts: &[f64],
        priors: &Priors,
        start: Option<&ItemParameters>,
    ) -> ProblemItem {
        let family = model.family();
        let categories = counts.len();
        let begin =
            start.and_then(|item| family.flatten(item)).unwrap_or_else(|| starting_values(model, counts, priors));
        let sources = self.sources(model, categories, &begin);
        let n = family.parameters(categories);
        let of_parameter = |p: usize| match family {
            Family::Nominal => None,
            Family::Logistic => [priors.slope, priors.intercept, priors.lower, priors.upper][p],
            _ if p == 0 => priors.slope,
            _ => priors.intercept,
        };
        let priors = (0..n).map(|p| of_parameter(p).filter(|_| !sources[p].terms.is_empty())).collect();
        ProblemItem { family, categories, sources, priors }
    }

    fn sources(&mut self, model: Model, categories: usize, begin: &[f64]) -> Vec<Source> {
        let slope = match model {
            Model::Rasch | Model::PartialCredit | Model::RatingScale => Source::fixed(1.0),
            Model::Oplm(slope) => Source::fixed(f64::from(slope)),
            Model::OnePl => {
                let place = self.common_slope.unwrap_or(self.start.len());
                if self.common_slope.is_none() {
                    self.common_slope = Some(place);
                    self.start.push(begin[0]);
                }
                Source::free(place)
            }
            _ => self.free(begin[0]),
        };
        let mut sources = vec![slope];
        match model {
            Model::RatingScale => sources.extend(self.rating_scale(categories, begin)),
            Model::ThreePl => {
                sources.push(self.free(begin[1]));
                sources.push(self.free(begin[2]));
                sources.push(Source::fixed(ASYMPTOTE_OFF));
            }
            _ => {
                for value in &begin[1..] {
                    let source = self.free(*value);
                    sources.push(source);
                }
            }
        }
        sources
    }

    /// `d_k = k location + step_k` with `step_K = 0`, steps shared by items with as many categories.
    fn rating_scale(&mut self, categories: usize, begin: &[f64]) -> Vec<Source> {
        let top = categories - 1;
        let location = begin[top] / top as f64;
        let known = self.common_steps.iter().find(|(k, _)| *k == categories).map(|(_, first)| *first);
        let first = known.unwrap_or_else(|| {
            let first = self.start.len();
            self.start.extend((1..top).map(|k| begin[k] - k as f64 * location));
            self.common_steps.push((categories, first));
            first
        });
        self.start.push(location);
        let place = self.start.len() - 1;
        let source = |k: usize| {
            let mut terms = vec![(place, k as f64)];
            if k < top {
                terms.push((first + k - 1, 1.0));
            }
            Source { constant: 0.0, terms }
        };
        (1..=top).map(source).collect()
    }
}

/// Plain starts from the shares of the categories.
fn starting_values(model: Model, counts: &[f64], priors: &Priors) -> Vec<f64> {
    let total: f64 = counts.iter().sum();
    let categories = counts.len();
    let share = |k: usize| (counts[k] + 0.5) / (total + 0.5 * categories as f64);
    let at_least = |k: usize| (k..categories).map(share).sum::<f64>();
    match model {
        Model::Graded => std::iter::once(1.2).chain((1..categories).map(|k| 1.25 * logit(at_least(k)))).collect(),
        Model::Nominal => {
            let slopes = (1..categories).map(|k| 0.5 * k as f64);
            slopes.chain((1..categories).map(|k| ln(share(k) / share(0)))).collect()
        }
        Model::ThreePl | Model::FourPl => {
            let lower: f64 = match priors.lower {
                Some(Prior::Normal { mean, .. }) => crate::math::logistic(mean),
                Some(Prior::Beta { alpha, beta }) => alpha / (alpha + beta),
                _ => 0.15,
            };
            let lower = lower.min(0.5 * share(1)).max(0.01);
            let p = ((share(1) - lower) / (1.0 - lower)).clamp(0.03, 0.97);
            let upper = if model == Model::FourPl { 3.5 } else { ASYMPTOTE_OFF };
            vec![1.3, 1.3 * logit(p), logit(lower), upper]
        }
        _ => {
            let slope = match model {
                Model::Oplm(slope) => f64::from(slope),
                _ if categories > 2 => 0.8,
                _ => 1.1,
            };
            // A wider latent distribution flattens the shares; 1.2 undoes it roughly.
            std::iter::once(slope).chain((1..categories).map(|k| 1.2 * ln(share(k) / share(0)))).collect()
        }
    }
}

/// Checks that the counts allow the model.
pub(crate) fn check_counts(name: &str, model: Model, counts: &[f64]) -> Result<(), Error> {
    let used = counts.iter().filter(|count| **count > 0.0).count();
    let refuse = |what: String| Err(Error::Model { what });
    if used == 0 {
        return refuse(format!("item {name} has no responses; leave it out"));
    }
    if used == 1 {
        return refuse(format!("item {name}: all responses have the same score; leave it out"));
    }
    if counts.len() > 2 && matches!(model, Model::ThreePl | Model::FourPl | Model::TwoPl | Model::OnePl) {
        return refuse(format!(
            "item {name} has scores above 1; use gpcm, grm, pcm or nominal instead of {}",
            model.name()
        ));
    }
    Ok(())
}
