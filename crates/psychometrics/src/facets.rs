//! Many-facet Rasch model: ratings of persons by raters, on criteria if there are any (Linacre 1989).
//!
//! `ln P(k) / P(k - 1) = theta - criterion - rater - step_k` for a rating of k against k - 1, with ability theta normal
//! over persons and mean and variance estimated. Severities of raters add to 0, difficulties of criteria add to 0, and
//! steps add to 0: one scale of steps for all criteria (rating scale, Andrich 1978) or one for each (partial credit,
//! Masters 1982). Estimation is by marginal maximum likelihood, as for every other model here; joint estimation, which
//! Linacre's programs use, is biased when persons have few ratings (Neyman and Scott 1948).

mod design;
mod statistics;

use std::collections::BTreeMap;

use crate::irt::errors;
use crate::irt::family::Family;
use crate::irt::layout::{EqualRows, layout};
use crate::irt::optimise::{Memory, maximise};
use crate::irt::problem::{Problem, ProblemItem, ProblemLatent, Source};
use crate::irt::{Estimate, Grid};
use crate::math::ln;
use crate::{Error, MissingTreatment, Responses};

/// One rating; persons, raters and criteria by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rating {
    person: u32,
    rater: u32,
    criterion: u32,
    score: u8,
}

/// Ratings by person, rater and criterion.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratings {
    persons: Vec<String>,
    raters: Vec<String>,
    criteria: Vec<String>,
    /// Sorted by person, rater, criterion.
    cells: Vec<Rating>,
}

impl Ratings {
    /// From (person, rater, criterion, score); give every rating the same criterion when there is only one.
    ///
    /// # Errors
    /// No ratings; two ratings of one person by one rater on one criterion.
    pub fn new<P: Into<String>, R: Into<String>, C: Into<String>>(
        ratings: impl IntoIterator<Item = (P, R, C, u8)>,
    ) -> Result<Self, Error> {
        let rows: Vec<(String, String, String, u8)> =
            ratings.into_iter().map(|(p, r, c, score)| (p.into(), r.into(), c.into(), score)).collect();
        if rows.is_empty() {
            return Err(Error::Empty { what: "ratings" });
        }
        let names = |of: fn(&(String, String, String, u8)) -> &String| {
            let mut names: Vec<String> = rows.iter().map(|row| of(row).clone()).collect();
            names.sort();
            names.dedup();
            names
        };
        let (persons, raters, criteria) = (names(|r| &r.0), names(|r| &r.1), names(|r| &r.2));
        let at = |names: &[String], name: &String| names.binary_search(name).unwrap_or_default() as u32;
        let rating = |(p, r, c, score): &(String, String, String, u8)| Rating {
            person: at(&persons, p),
            rater: at(&raters, r),
            criterion: at(&criteria, c),
            score: *score,
        };
        let mut cells: Vec<Rating> = rows.iter().map(rating).collect();
        cells.sort_unstable();
        let place = |cell: &Rating| (cell.person, cell.rater, cell.criterion);
        if let Some(pair) = cells.windows(2).find(|pair| place(&pair[0]) == place(&pair[1])) {
            return Err(Error::Model {
                what: format!(
                    "rater {} rated person {} twice on criterion {}; keep one of the ratings",
                    raters[pair[0].rater as usize],
                    persons[pair[0].person as usize],
                    criteria[pair[0].criterion as usize]
                ),
            });
        }
        Ok(Self { persons, raters, criteria, cells })
    }

    /// Names of persons, raters and criteria, sorted.
    pub fn names(&self) -> [&[String]; 3] {
        [&self.persons, &self.raters, &self.criteria]
    }
}

/// Choices of [`fit_facets`].
#[derive(Debug, Clone, PartialEq)]
pub struct FacetSettings {
    /// Whether every criterion has steps of its own (partial credit); otherwise all share them (rating scale).
    pub steps_by_criterion: bool,
    /// Equally spaced quadrature nodes.
    pub nodes: usize,
    /// They reach from `-range` to `range`.
    pub range: f64,
    /// Stop when the estimated gain left in log-likelihood is below this.
    pub tolerance: f64,
    /// Most iterations.
    pub iterations: usize,
}

impl Default for FacetSettings {
    fn default() -> Self {
        Self { steps_by_criterion: false, nodes: 61, range: 8.0, tolerance: 1e-7, iterations: 500 }
    }
}

/// A rater or a criterion.
#[derive(Debug, Clone, PartialEq)]
pub struct FacetElement {
    /// Name.
    pub name: String,
    /// Number of ratings.
    pub n: usize,
    /// Severity or difficulty in logits; high is severe or difficult. They add to 0 over the facet.
    pub measure: f64,
    /// Its standard error; `None` when the information matrix is not positive definite.
    pub se: Option<f64>,
    /// Mean of the ratings given, in points.
    pub observed_average: f64,
    /// Expected rating, in points, of a person of mean ability where every other facet is at 0 (with steps by
    /// criterion: the mean over the criteria). Linacre's fair average.
    pub fair_average: f64,
    /// Information-weighted mean square of residuals over the persons' posteriors (Wu 1997); 1 is expected, above 1
    /// the ratings are less predictable than the model says, below 1 more (halo, central tendency).
    pub infit: f64,
    /// The same as a standard normal (cube root).
    pub infit_z: f64,
    /// Plain mean square.
    pub outfit: f64,
    /// The same as a standard normal.
    pub outfit_z: f64,
}

/// A person rated.
#[derive(Debug, Clone, PartialEq)]
pub struct FacetPerson {
    /// Name.
    pub name: String,
    /// Number of ratings.
    pub n: usize,
    /// Posterior mean of ability (EAP), in logits: free of which raters the person met.
    pub theta: f64,
    /// Posterior standard deviation.
    pub se: f64,
    /// Mean of the ratings received, in points.
    pub observed_average: f64,
    /// Expected rating, in points, at `theta` from a rater of severity 0.
    pub fair_average: f64,
}

/// Something in the ratings that needs a look.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum FacetWarning {
    /// The iterations ended before the tolerance was met.
    NotConverged(f64),
    /// Sets of raters (or criteria) that no person links: their measures compare only if persons came to them at random.
    Disconnected(&'static str, Vec<Vec<String>>),
    /// The observed information is not positive definite.
    NoStandardErrors,
    /// A rater (or criterion) with ratings of one score only: the measure rests on the others and on the steps.
    OneScore(&'static str, String, u8),
}

impl std::fmt::Display for FacetWarning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotConverged(left) => {
                write!(f, "did not converge: about {left:.2e} of log-likelihood left; raise the iterations")
            }
            Self::Disconnected(what, sets) => {
                let sets: Vec<String> = sets.iter().map(|set| format!("{{{}}}", set.join(", "))).collect();
                write!(
                    f,
                    "the {what} fall into sets that no person links: {}; compare them only if persons were assigned at random, or let some persons be rated across the sets",
                    sets.join(", ")
                )
            }
            Self::NoStandardErrors => {
                write!(f, "standard errors do not exist: some measure is not determined by the ratings")
            }
            Self::OneScore(what, name, score) => write!(f, "{what} {name} has only ratings of {score}; look at them"),
        }
    }
}

/// A calibration of raters and criteria.
#[derive(Debug, Clone, PartialEq)]
pub struct FacetFit {
    /// Raters in the order of their names.
    pub raters: Vec<FacetElement>,
    /// Criteria in the order of their names.
    pub criteria: Vec<FacetElement>,
    /// Steps: one list for all criteria, or one per criterion; each adds to 0.
    pub steps: Vec<Vec<Estimate>>,
    /// Persons in the order of their names.
    pub persons: Vec<FacetPerson>,
    /// Mean ability.
    pub mean: Estimate,
    /// Variance of ability.
    pub variance: Estimate,
    /// Share of the variance of severities that is not error: 0 when the raters are interchangeable, near 1 when they
    /// differ reliably; `None` with one rater.
    pub rater_separation: Option<f64>,
    /// Marginal log-likelihood.
    pub log_likelihood: f64,
    /// Free parameters.
    pub parameters: usize,
    /// Iterations of the search.
    pub iterations: usize,
    /// Whether the tolerance was met.
    pub converged: bool,
    /// Lowest score in the data: category 0.
    pub lowest: u8,
    /// What needs a look.
    pub warnings: Vec<FacetWarning>,
}

/// Parameters of a facet whose elements add to 0: the last is minus the sum of the others.
fn facet(start: &mut Vec<f64>, elements: usize) -> Vec<Source> {
    let first = start.len();
    start.resize(first + elements - 1, 0.0);
    let last = Source { constant: 0.0, terms: (first..start.len()).map(|place| (place, -1.0)).collect() };
    (first..start.len()).map(Source::free).chain(std::iter::once(last)).collect()
}

/// Estimates severities, difficulties, steps and the distribution of ability.
///
/// # Errors
/// Fewer than two scores, a score between the lowest and the highest that nobody gave (named), raters and criteria that
/// cannot be told apart (every rater with criteria of their own).
pub fn fit_facets(ratings: &Ratings, settings: &FacetSettings) -> Result<FacetFit, Error> {
    let lowest = ratings.cells.iter().map(|cell| cell.score).min().unwrap_or(0);
    let tops = design::categories(ratings, lowest, settings.steps_by_criterion)?;
    let sets = design::unconnected(ratings)?;
    let mut start = Vec::new();
    let raters = facet(&mut start, ratings.raters.len());
    let criteria = facet(&mut start, ratings.criteria.len());
    let steps: Vec<Vec<Source>> = {
        let scales = if settings.steps_by_criterion { tops.as_slice() } else { &tops[..1] };
        scales.iter().map(|top| facet(&mut start, *top)).collect()
    };
    let pairs = design::pairs(ratings);
    let item = |(rater, criterion): &(u32, u32)| {
        let (rater, criterion) = (*rater as usize, *criterion as usize);
        let steps = &steps[if settings.steps_by_criterion { criterion } else { 0 }];
        let mut sources = vec![Source::fixed(1.0)];
        sources.extend((1..=steps.len()).map(|k| intercept(k, &raters[rater], &criteria[criterion], &steps[..k])));
        let priors = vec![None; sources.len()];
        ProblemItem { family: Family::PartialCredit, categories: steps.len() + 1, sources, priors }
    };
    let items: Vec<ProblemItem> = pairs.iter().map(item).collect();
    let mut free = |start_at: f64| {
        start.push(start_at);
        Source::free(start.len() - 1)
    };
    let latent = ProblemLatent::normal(free(0.0), free(ln(1.2)));
    let responses = responses(ratings, &pairs, &tops, lowest)?;
    let layout = layout(&responses, MissingTreatment::default(), 1, &vec![0; ratings.persons.len()], EqualRows::Join)?;
    let grid = Grid::new(settings.nodes, settings.range);
    let problem = Problem::new(&layout, items, vec![latent], None, grid, start.len());
    let mut memory = Memory::new();
    let found = maximise(start, settings.tolerance, settings.iterations, &mut memory, |at| problem.evaluate(at));
    let Some((ended, _, parts)) = found else {
        return Err(Error::Model { what: "the search left the model; check the ratings".to_owned() });
    };
    let covariance = errors::covariance(&problem, &ended.at);
    let error = |source: &Source, by: f64| errors::delta(covariance.as_deref(), problem.free, &[(source, by)]);
    let (mean, sd) = problem.latent_moments(&ended.at)[0];
    let mut warnings = Vec::new();
    if !ended.converged {
        warnings.push(FacetWarning::NotConverged(ended.decrement));
    }
    warnings.extend(sets);
    if covariance.is_none() {
        warnings.push(FacetWarning::NoStandardErrors);
    }
    let values = |sources: &[Source]| -> Vec<f64> { sources.iter().map(|source| source.value(&ended.at)).collect() };
    let estimate = |(k, source): (usize, &Source)| Estimate {
        name: format!("step{}", k + 1),
        value: source.value(&ended.at),
        se: error(source, 1.0),
    };
    let model = statistics::Estimated {
        raters: values(&raters),
        criteria: values(&criteria),
        steps: steps.iter().map(|steps| values(steps)).collect(),
        mean,
        lowest,
    };
    let weights: Vec<f64> = problem.latent_weights(&ended.at, 0).into_iter().map(crate::math::exp).collect();
    let described = statistics::describe(ratings, &model, problem.grid.nodes(), &weights);
    let mut elements = |what: &'static str, names: &[String], sources: &[Source], of: Vec<statistics::Element>| {
        let one = |((name, source), element): ((&String, &Source), statistics::Element)| {
            if let Some(score) = element.only_score {
                warnings.push(FacetWarning::OneScore(what, name.clone(), score));
            }
            FacetElement { name: name.clone(), se: error(source, 1.0), ..element.described }
        };
        names.iter().zip(sources).zip(of).map(one).collect::<Vec<_>>()
    };
    let rated = elements("rater", &ratings.raters, &raters, described.raters);
    let judged = elements("criterion", &ratings.criteria, &criteria, described.criteria);
    Ok(FacetFit {
        rater_separation: statistics::separation(&rated),
        raters: rated,
        criteria: judged,
        steps: steps.iter().map(|steps| steps.iter().enumerate().map(estimate).collect()).collect(),
        persons: described.persons,
        mean: Estimate { name: "mean".to_owned(), value: mean, se: error(&problem.latent[0].mean, 1.0) },
        variance: Estimate {
            name: "variance".to_owned(),
            value: sd * sd,
            se: error(&problem.latent[0].log_sd, 2.0 * sd * sd),
        },
        log_likelihood: parts.log_likelihood,
        parameters: problem.free,
        iterations: ended.iterations,
        converged: ended.converged,
        lowest,
        warnings,
    })
}

/// `d_k = -k (rater + criterion) - sum of the first k steps`.
fn intercept(k: usize, rater: &Source, criterion: &Source, steps: &[Source]) -> Source {
    let mut by_place: BTreeMap<usize, f64> = BTreeMap::new();
    let mut add = |source: &Source, by: f64| {
        for (place, c) in &source.terms {
            *by_place.entry(*place).or_insert(0.0) += by * c;
        }
    };
    add(rater, -(k as f64));
    add(criterion, -(k as f64));
    for step in steps {
        add(step, -1.0);
    }
    Source { constant: 0.0, terms: by_place.into_iter().filter(|(_, c)| *c != 0.0).collect() }
}

/// One column per pair of rater and criterion.
fn responses(ratings: &Ratings, pairs: &[(u32, u32)], tops: &[usize], lowest: u8) -> Result<Responses, Error> {
    let name = |(r, c): &(u32, u32)| {
        (format!("{}\u{1f}{}", ratings.raters[*r as usize], ratings.criteria[*c as usize]), tops[*c as usize] as u8)
    };
    let mut rows = vec![vec![None; pairs.len()]; ratings.persons.len()];
    for cell in &ratings.cells {
        if let Ok(column) = pairs.binary_search(&(cell.rater, cell.criterion)) {
            rows[cell.person as usize][column] = Some(cell.score - lowest);
        }
    }
    Responses::from_scores(pairs.iter().map(name), rows)
}
