//! A mean for every (school, language of instruction, test) that meets all printed means together.
//!
//! The conditions are sets in the space of cell means: a printed mean is a hyperplane, "this school is the highest" an open cone.
//! Projecting on them in turn (Kaczmarz; Bregman 1965 for convex sets) ends near a point of their intersection. The printed
//! tables are rounded and the class sizes whole numbers, so a small contradiction remains; school conditions come last and win.

use std::collections::BTreeMap;

use super::Draw;
use super::people::People;
use crate::{Campaign, Pack, PackError};

/// School, test, language of instruction.
pub type CellKey = (usize, usize, String);

/// Pupils who sat and the mean in per cent that they shall have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Attempts.
    pub attempts: usize,
    /// Per cent of tasks, 0 to 100.
    pub mean: f64,
}

/// Cell means by school, test and language of instruction.
pub type Targets = BTreeMap<CellKey, Cell>;

const ROUNDS: usize = 600;
/// Points by which a named school leads or trails the others.
const LEAD: f64 = 0.8;

/// Fits the targets; `present` are the tests that each pupil sat.
pub(super) fn fit(
    pack: &Pack,
    campaign: &Campaign,
    people: &People,
    present: &[Vec<usize>],
    draw: &mut Draw,
) -> Result<Targets, PackError> {
    let mut targets = Targets::new();
    for (pupil, tests) in people.pupils.iter().zip(present) {
        let class = &people.classes[pupil.class];
        for test in tests {
            targets
                .entry((class.school, *test, class.language.clone()))
                .or_insert(Cell { attempts: 0, mean: 0.0 })
                .attempts += 1;
        }
    }
    for ((school, test, language), cell) in &mut targets {
        cell.mean = start(pack, campaign, *school, *test, language, draw)?;
    }
    for _ in 0..ROUNDS {
        languages(campaign, &mut targets);
        named(pack, campaign, &mut targets);
        for cell in targets.values_mut() {
            cell.mean = cell.mean.clamp(22.0, 92.0);
        }
        schools(pack, campaign, &mut targets);
    }
    Ok(targets)
}

fn start(
    pack: &Pack,
    campaign: &Campaign,
    school: usize,
    test: usize,
    language: &str,
    draw: &mut Draw,
) -> Result<f64, PackError> {
    let code = &pack.network.schools[school].code;
    let test = &campaign.tests[test];
    let lost = || PackError::Unknown {
        place: format!("campaigns/{}.toml, printed results of {}", campaign.code, test.code),
        kind: "mean for the school",
        code: code.clone(),
    };
    if test.grade == 4 {
        return campaign.grade4_mean(code, &test.code).ok_or_else(lost);
    }
    let printed = &campaign.printed;
    let subject = (printed.subject_results.iter())
        .find(|row| row.test == test.code)
        .and_then(|row| row.language(language))
        .ok_or_else(lost)?;
    let indicators: Vec<f64> = (printed.school_results.iter())
        .filter_map(|row| row.grade(test.grade))
        .map(|result| result.monitoring)
        .collect();
    let middle = indicators.iter().sum::<f64>() / indicators.len() as f64;
    let own = (printed.school_results.iter())
        .find(|row| row.school == *code)
        .and_then(|row| row.grade(test.grade))
        .ok_or_else(lost)?;
    Ok(subject + own.monitoring - middle + 3.0 * draw.normal())
}

/// Mean of one school in one test over its languages of instruction.
pub fn school_mean(targets: &Targets, school: usize, test: usize) -> Option<f64> {
    let (mut sum, mut attempts) = (0.0, 0);
    for (_, cell) in cells_of(targets, school, test) {
        sum += cell.mean * cell.attempts as f64;
        attempts += cell.attempts;
    }
    (attempts > 0).then(|| sum / attempts as f64)
}

fn cells_of(targets: &Targets, school: usize, test: usize) -> impl Iterator<Item = (&CellKey, &Cell)> {
    targets.range((school, test, String::new())..(school, test + 1, String::new()))
}

fn move_school_test(targets: &mut Targets, school: usize, test: usize, by: f64) {
    for (_, cell) in targets.range_mut((school, test, String::new())..(school, test + 1, String::new())) {
        cell.mean += by;
    }
}

/// Printed means of tests by language of instruction.
fn languages(campaign: &Campaign, targets: &mut Targets) {
    for row in &campaign.printed.subject_results {
        let Some((test, _)) = campaign.test(&row.test) else {
            continue;
        };
        for language in ["kk", "ru"] {
            let Some(printed) = row.language(language) else {
                continue;
            };
            let (mut sum, mut attempts) = (0.0, 0.0);
            for ((_, own, spoken), cell) in targets.iter() {
                if *own == test && spoken == language {
                    sum += cell.mean * cell.attempts as f64;
                    attempts += cell.attempts as f64;
                }
            }
            if attempts > 0.0 {
                let by = printed - sum / attempts;
                for ((_, own, spoken), cell) in targets.iter_mut() {
                    if *own == test && spoken == language {
                        cell.mean += by;
                    }
                }
            }
        }
    }
}

/// Schools that the text calls the highest or the lowest.
fn named(pack: &Pack, campaign: &Campaign, targets: &mut Targets) {
    let schools = &pack.network.schools;
    for row in &campaign.printed.named {
        let Some((test, _)) = campaign.test(&row.test) else {
            continue;
        };
        for (codes, sign) in [(&row.highest, 1.0), (&row.lowest, -1.0)] {
            let chosen = |school: usize| codes.contains(&schools[school].code);
            let extreme = (0..schools.len())
                .filter(|school| !chosen(*school))
                .filter_map(|school| school_mean(targets, school, test))
                .map(|mean| sign * mean)
                .fold(f64::NEG_INFINITY, f64::max);
            for school in (0..schools.len()).filter(|school| chosen(*school)) {
                if let Some(mean) = school_mean(targets, school, test) {
                    let short = extreme + LEAD - sign * mean;
                    if short > 0.0 {
                        move_school_test(targets, school, test, sign * short);
                    }
                }
            }
        }
    }
}

/// Printed means of schools: by test in grade 4, the mean over tests otherwise.
fn schools(pack: &Pack, campaign: &Campaign, targets: &mut Targets) {
    for (school, entry) in pack.network.schools.iter().enumerate() {
        let mut later = Vec::new();
        for (test, row) in campaign.tests.iter().enumerate() {
            let Some(mean) = school_mean(targets, school, test) else {
                continue;
            };
            if row.grade == 4 {
                if let Some(printed) = campaign.grade4_mean(&entry.code, &row.code) {
                    move_school_test(targets, school, test, printed - mean);
                }
            } else {
                later.push((test, mean));
            }
        }
        let printed = (campaign.printed.school_results.iter())
            .find(|row| row.school == entry.code)
            .map(|row| row.grade8.monitoring);
        if let (Some(printed), false) = (printed, later.is_empty()) {
            let mean = later.iter().map(|(_, mean)| mean).sum::<f64>() / later.len() as f64;
            for (test, _) in later {
                move_school_test(targets, school, test, printed - mean);
            }
        }
    }
}
