//! How well each task fits, and whether the language versions agree.

use std::collections::BTreeMap;

use packs::{FlagRules, ScaleModel, ScaleRules};
use psychometrics::dif::{Comparison, MantelHaenszel, mantel_haenszel};
use psychometrics::fit_statistics::{mean_squares, s_x2};
use psychometrics::{Fit, FitWarning, MissingCounts, MissingTreatment, Responses};

use super::{LanguageDifference, LanguageGroups, MeanSquare, ScalePerson, SquareFit, TaskCalibration, TaskFlag};

/// Everything missing counts as no points, as in the totals that match the two languages.
const ZERO: MissingTreatment = MissingTreatment { skipped: MissingCounts::Zero, not_reached: MissingCounts::Zero };

/// Fills the fit of the tasks at these abilities.
pub(super) fn fill_fit(
    tasks: &mut [TaskCalibration],
    fit: &Fit,
    responses: &Responses,
    treatment: MissingTreatment,
    thetas: &[Option<f64>],
) {
    let squares = mean_squares(fit, responses, treatment, thetas);
    for (task, found) in tasks.iter_mut().zip(squares) {
        task.mean_square = found.map(|found| MeanSquare { infit: found.infit, outfit: found.outfit });
    }
    for (task, found) in tasks.iter_mut().zip(s_x2(fit, responses, treatment).into_iter().flatten()) {
        task.s_x2 = Some(SquareFit { x: found.x, df: found.df, p: found.p, rmsea: found.rmsea });
    }
}

/// The two largest language groups, when both are large enough.
pub(super) fn language_groups(persons: &[ScalePerson], minimum: u32) -> Option<LanguageGroups> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for person in persons {
        *counts.entry(person.language.code()).or_default() += 1;
    }
    let mut counts: Vec<(&str, u32)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    match counts.as_slice() {
        [(larger, larger_n), (smaller, smaller_n), ..] if *smaller_n >= minimum => Some(LanguageGroups {
            larger: (*larger).to_owned(),
            larger_n: *larger_n,
            smaller: (*smaller).to_owned(),
            smaller_n: *smaller_n,
        }),
        _ => None,
    }
}

/// Compares the language versions task by task, at equal points.
pub(super) fn fill_languages(
    tasks: &mut [TaskCalibration],
    responses: Responses,
    persons: &[ScalePerson],
    groups: &LanguageGroups,
) -> Result<(), psychometrics::Error> {
    let labels: Vec<String> = persons.iter().map(|person| person.language.code().to_owned()).collect();
    let maxima: Vec<u8> = responses.items().iter().map(|item| item.max).collect();
    let responses = responses.with_groups(&labels)?;
    let comparison = Comparison::new(&responses, Some(&groups.larger), Some(&groups.smaller))?;
    let found = mantel_haenszel(&responses, comparison, ZERO, true)?;
    for ((task, found), maximum) in tasks.iter_mut().zip(found).zip(maxima) {
        let MantelHaenszel { delta, class, p, standardised_difference, .. } = found;
        task.language = Some(LanguageDifference {
            delta,
            class: class.map(|class| class.letter().to_owned()),
            difference: standardised_difference.map(|points| points / f64::from(maximum)),
            p,
        });
    }
    Ok(())
}

/// What each task deserves a look for.
pub(super) fn fill_flags(tasks: &mut [TaskCalibration], fit: &Fit, model: ScaleModel, rules: &ScaleRules) {
    for warning in &fit.warnings {
        let (name, flag) = match warning {
            FitWarning::EmptyScores(name, _) => (name, TaskFlag::EmptyScores),
            FitWarning::NegativeSlope(name) => (name, TaskFlag::NegativeSlope),
            FitWarning::LargeSlope(name, _) => (name, TaskFlag::LargeSlope),
            _ => continue,
        };
        // Tasks are named by their columns; `tasks` holds all of them.
        let task = name.parse::<usize>().ok().and_then(|number| tasks.get_mut(number.checked_sub(1)?));
        if let Some(task) = task {
            task.flags.push(flag);
        }
    }
    for task in tasks {
        flag(task, model, &rules.flags);
        task.flags.sort_unstable();
        task.flags.dedup();
    }
}

fn flag(task: &mut TaskCalibration, model: ScaleModel, rules: &FlagRules) {
    // With a slope of its own a task's mean squares are near 1 by construction.
    if let Some(square) = task.mean_square.filter(|_| model == ScaleModel::Rasch) {
        let (low, high) = rules.mean_square;
        if square.infit > high || square.outfit > high {
            task.flags.push(TaskFlag::Scattered);
        } else if square.infit < low || square.outfit < low {
            task.flags.push(TaskFlag::Predictable);
        }
    }
    let curve = task.s_x2.is_some_and(|fit| {
        fit.p.is_some_and(|p| p < rules.s_x2_probability) && fit.rmsea.is_some_and(|effect| effect > rules.s_x2_rmsea)
    });
    if curve {
        task.flags.push(TaskFlag::Curve);
    }
    let language = task.language.as_ref().is_some_and(|found| match &found.class {
        Some(class) => class != "A",
        None => {
            found.p.is_some_and(|p| p < 0.05)
                && found.difference.is_some_and(|share| share.abs() >= rules.language_difference)
        }
    });
    if language {
        task.flags.push(TaskFlag::Language);
    }
}
