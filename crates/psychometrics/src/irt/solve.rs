//! From a layout to estimates: the step that calibrations, DIF tests and linking share.

use super::equality;
use super::fit::{FitSettings, LatentChoice};
use super::grid::Grid;
use super::histogram::{self, Standard};
use super::layout::Layout;
use super::model::{Model, Specification, check_counts};
use super::optimise::{Ended, Memory, maximise};
use super::problem::{Parts, Problem, ProblemItem, ProblemLatent, Source};
use super::regression::Regression;
use crate::Error;
use crate::math::ln;

/// Nodes of the first stage of calibrations whose cost grows with the nodes.
const COARSE_NODES: usize = 31;
/// Gain left in log-likelihood at which the first stage ends.
const COARSE_TOLERANCE: f64 = 1e-3;
/// Gain of one turn at which weights of a histogram are taken as settled: their likelihood is very flat.
const HISTOGRAM_TOLERANCE: f64 = 3e-5;

/// A calibration before its results are laid out.
pub(crate) struct Solved {
    pub problem: Problem,
    pub ended: Ended,
    pub parts: Parts,
    pub scores: Vec<Vec<u8>>,
}

/// Estimates on a layout, which keeps equal rows apart where there is a regression. `latent_start`: mean and sd per group to begin from, or empty.
pub(crate) fn solve(
    layout: &mut Layout,
    names: &[String],
    models: &[Model],
    settings: &FitSettings,
    mut regression: Option<Regression>,
    latent_start: &[(f64, f64)],
) -> Result<Solved, Error> {
    let mut specification = Specification::default();
    let mut scores: Vec<Vec<u8>> = Vec::with_capacity(names.len());
    let mut problem_items = Vec::with_capacity(names.len());
    for (i, (name, model)) in names.iter().zip(models).enumerate() {
        if let Some(Some(fixed)) = settings.fixed.get(i) {
            let family = model.family();
            let categories = layout.categories[i];
            let flat = family.flatten(fixed).filter(|flat| flat.len() == family.parameters(categories));
            let flat = flat.ok_or_else(|| Error::Model {
                what: format!("item {name}: the fixed parameters do not belong to model {}", model.name()),
            })?;
            let sources: Vec<Source> = flat.into_iter().map(Source::fixed).collect();
            let priors = vec![None; sources.len()];
            scores.push((0..categories).map(|k| k as u8).collect());
            problem_items.push(ProblemItem { family, categories, sources, priors });
            continue;
        }
        scores.push(layout.drop_empty_scores(i));
        let counts = &layout.counts[i];
        check_counts(name, *model, counts)?;
        let start = settings.start.get(i).and_then(Option::as_ref);
        problem_items.push(specification.item(*model, counts, &settings.priors, start));
    }
    if !settings.equal.is_empty() {
        equality::join(&mut problem_items, &mut specification.start, &settings.equal, names)?;
    }
    let anchored = settings.fixed.iter().any(Option::is_some);
    let slopes_given = models.iter().all(|model| model.fixes_slope());
    let mut latent = Vec::with_capacity(layout.groups);
    let histogram = settings.latent == LatentChoice::Histogram;
    for group in 0..layout.groups {
        let (mean_free, variance_free) = match settings.latent {
            LatentChoice::Standard => (false, false),
            LatentChoice::Free => (true, true),
            LatentChoice::Auto | LatentChoice::Histogram => {
                (anchored || group > 0, anchored || group > 0 || slopes_given)
            }
        };
        let (mean, sd) = latent_start.get(group).copied().unwrap_or((0.0, 1.0));
        let mut source = |free: bool, start: f64| if free { specification.free(start) } else { Source::fixed(0.0) };
        latent.push(ProblemLatent::normal(source(mean_free, mean), source(variance_free, ln(sd))));
    }
    if let Some(regression) = &mut regression {
        let coefficient = |_: &f64| specification.free_place(0.0);
        regression.places = regression.deviations.iter().map(coefficient).collect();
    }
    let free = specification.start.len();
    let grid = Grid::new(settings.nodes, settings.range);
    let mut problem = Problem::new(layout, problem_items, latent, regression, grid.clone(), free);
    let mut start = specification.start;
    let mut memory = Memory::new();
    let mut coarse = (0, 0);
    if !problem.engine.is_linear() && settings.nodes > COARSE_NODES {
        // Half the nodes are enough to come near; the memory of the search stays valid.
        problem.grid = Grid::new(COARSE_NODES, settings.range);
        let near =
            maximise(start.clone(), COARSE_TOLERANCE, settings.iterations, &mut memory, |at| problem.evaluate(at));
        if let Some((ended, _, _)) = near {
            coarse = (ended.iterations, ended.evaluations);
            start = ended.at;
        }
        problem.grid = grid;
    }
    let limit = settings.iterations.saturating_sub(coarse.0);
    let found = maximise(start, settings.tolerance, limit, &mut memory, |at| problem.evaluate(at));
    let found = found.map(|(mut ended, point, parts)| {
        ended.iterations += coarse.0;
        ended.evaluations += coarse.1;
        (ended, point, parts)
    });
    let Some((ended, _, parts)) = found else {
        return Err(Error::Model { what: "the starting values lie outside the model; give others".to_owned() });
    };
    if histogram {
        let standard = Standard { mean: !anchored, variance: !anchored && !slopes_given };
        let (ended, parts) = with_histogram(&mut problem, &ended, standard, settings)?;
        return Ok(Solved { problem, ended, parts, scores });
    }
    Ok(Solved { problem, ended, parts, scores })
}

/// Goes on from the normal solution with free weights; the parameters of the normal distributions leave the problem.
fn with_histogram(
    problem: &mut Problem,
    normal: &Ended,
    standard: Standard,
    settings: &FitSettings,
) -> Result<(Ended, Parts), Error> {
    let items: usize =
        normal.at.len() - problem.latent.iter().map(|l| l.mean.terms.len() + l.log_sd.terms.len()).sum::<usize>();
    for group in 0..problem.latent.len() {
        problem.latent[group].histogram = Some(problem.latent_weights(&normal.at, group));
    }
    // Latent parameters come last, so that the places of the items stay.
    for latent in &mut problem.latent {
        (latent.mean, latent.log_sd) = (Source::fixed(0.0), Source::fixed(0.0));
    }
    problem.shared.retain(|place| *place < items);
    problem.free = items;
    let start = normal.at[..items].to_vec();
    histogram::estimate(problem, start, standard, settings.tolerance.max(HISTOGRAM_TOLERANCE), settings.iterations)
        .map(|(mut ended, parts)| {
            ended.iterations += normal.iterations;
            ended.evaluations += normal.evaluations;
            (ended, parts)
        })
        .ok_or_else(|| Error::Model {
            what: "the search with a free histogram left the model; use latent auto".to_owned(),
        })
}
