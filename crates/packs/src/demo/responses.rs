//! Abilities, tasks and responses.

use std::collections::BTreeMap;

use super::Draw;
use super::people::People;
use super::targets::{CellKey, Targets};
use crate::{Campaign, Pack, Skill};

/// What became of a task in an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The key was chosen.
    Correct,
    /// Another option was chosen.
    Incorrect,
    /// The pupil pressed Skip.
    Skipped,
    /// Time ran out before.
    NotReached,
}

/// One task of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The option, 0 to 3 for A to D; `None` when skipped or not reached.
    pub choice: Option<u8>,
    /// What became of it.
    pub status: Status,
    /// Seconds spent on it.
    pub seconds: u16,
}

/// One pupil in one test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Index of the pupil.
    pub pupil: usize,
    /// Index of the test.
    pub test: usize,
    /// Start, in seconds after midnight of the test's date, local time.
    pub started: u32,
    /// One per task.
    pub answers: Vec<Answer>,
}

impl Attempt {
    /// Number of correct answers.
    pub fn correct(&self) -> usize {
        (self.answers.iter()).filter(|answer| answer.status == Status::Correct).count()
    }
}

pub(super) struct Drawn {
    pub keys: Vec<Vec<u8>>,
    pub attempts: Vec<Attempt>,
    /// Ability by pupil and test index, in standard deviations; also of tests that were missed.
    pub abilities: BTreeMap<(usize, usize), f64>,
}

/// Parameters of one task.
struct Task {
    discrimination: f64,
    difficulty: f64,
    /// Typical seconds, as a logarithm.
    log_seconds: f64,
    key: u8,
    /// Pull of the options; that of the key is not used.
    pull: [f64; 4],
}

/// Chance of a correct guess: a little under 1/4, since distractors attract.
const GUESSING: f64 = 0.17;
/// Spread of ability within a cell, in logits.
const SPREAD: f64 = 1.25;

pub(super) fn draw(
    pack: &Pack,
    campaign: &Campaign,
    people: &People,
    present: &[Vec<usize>],
    targets: &Targets,
    draw: &mut Draw,
) -> Drawn {
    let tasks: Vec<Vec<Task>> = (0..campaign.tests.len()).map(|test| tasks_of(pack, campaign, test, draw)).collect();
    let abilities = abilities_of(campaign, people, draw);
    let mut attempts = Vec::new();
    // For every cell: the shift at which a response turns correct, where it stands.
    let mut turning: BTreeMap<CellKey, Vec<(f64, usize, usize)>> = BTreeMap::new();
    let mut class_order = BTreeMap::new();
    let mut ranks = Vec::with_capacity(people.classes.len());
    for class in &people.classes {
        let next = class_order.entry((class.school, class.grade)).or_insert(0);
        ranks.push(*next);
        *next += 1;
    }
    for (pupil, tests) in present.iter().enumerate() {
        let class_index = people.pupils[pupil].class;
        let class = &people.classes[class_index];
        let pace = 0.28 * draw.normal();
        for (order, test) in tests.iter().enumerate() {
            let theta = abilities.get(&(pupil, *test)).copied().unwrap_or_default() * SPREAD;
            let same_day = (tests[..order].iter())
                .filter(|other| campaign.tests[**other].date == campaign.tests[*test].date)
                .count();
            let attempt = attempts.len();
            let cell = turning.entry((class.school, *test, class.language.clone())).or_default();
            let mut answers = Vec::with_capacity(campaign.items);
            let mut left = f64::from(campaign.minutes * 60);
            for (item, task) in tasks[*test].iter().enumerate() {
                let wants = libm::exp(task.log_seconds + pace + 0.42 * draw.normal());
                let gap = task.difficulty - theta;
                let skips = draw.chance(0.006 + 0.03 * logistic(gap - 1.0));
                let uniform = draw.uniform();
                let seconds = if skips { wants * 0.4 } else { wants }.max(4.0);
                let status = if seconds > left {
                    left = 0.0;
                    Status::NotReached
                } else {
                    left -= seconds;
                    if skips { Status::Skipped } else { Status::Incorrect }
                };
                if status == Status::Incorrect {
                    // P = c + (1-c) / (1 + exp(-a (theta + shift - b))) exceeds the uniform from this shift on.
                    let rest = (uniform - GUESSING) / (1.0 - GUESSING);
                    let shift = if rest <= 0.0 {
                        -40.0 + uniform
                    } else {
                        gap + libm::log(rest / (1.0 - rest)) / task.discrimination
                    };
                    cell.push((shift, attempt, item));
                }
                answers.push(Answer {
                    choice: None,
                    status,
                    seconds: if status == Status::NotReached { 0 } else { seconds as u16 },
                });
            }
            attempts.push(Attempt {
                pupil,
                test: *test,
                started: start_time(ranks[class_index], same_day, draw),
                answers,
            });
        }
    }
    for (key, mut responses) in turning {
        let Some(cell) = targets.get(&key) else {
            continue;
        };
        responses.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let wanted = libm::round(cell.mean / 100.0 * (cell.attempts * campaign.items) as f64);
        for (_, attempt, item) in responses.iter().take(wanted as usize) {
            attempts[*attempt].answers[*item].status = Status::Correct;
        }
    }
    for attempt in &mut attempts {
        let theta = abilities.get(&(attempt.pupil, attempt.test)).copied().unwrap_or_default();
        for (answer, task) in attempt.answers.iter_mut().zip(&tasks[attempt.test]) {
            answer.choice = match answer.status {
                Status::Correct => Some(task.key),
                Status::Incorrect => Some(distractor(task, theta, draw)),
                Status::Skipped | Status::NotReached => None,
            };
        }
    }
    Drawn { keys: (tasks.iter()).map(|list| list.iter().map(|task| task.key).collect()).collect(), attempts, abilities }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// Skill levels by row as in facts 2.4 for tests whose specification is not in the pack.
fn skill(pack: &Pack, test: &str, item: usize, items: usize) -> Skill {
    match pack.specifications.get(test).and_then(|s| s.rows.get(item)) {
        Some(row) => row.skill,
        None if item * 5 < items => Skill::A,
        None if item * 5 < items * 4 => Skill::B,
        None => Skill::C,
    }
}

fn tasks_of(pack: &Pack, campaign: &Campaign, test: usize, draw: &mut Draw) -> Vec<Task> {
    let code = &campaign.tests[test].code;
    // As many keys of each letter as the number of tasks allows.
    let mut keys: Vec<u8> = (0..campaign.items).map(|item| (item % 4) as u8).collect();
    draw.shuffle(&mut keys);
    let finding = (campaign.model.findings.iter()).find(|finding| finding.test == *code);
    (0..campaign.items)
        .map(|item| {
            let (easy, seconds) = match skill(pack, code, item, campaign.items) {
                Skill::A => (-0.7, 42.0),
                Skill::B => (0.0, 62.0),
                Skill::C => (0.8, 82.0),
            };
            let found = finding.map_or(0.0, |finding| {
                if finding.well.contains(&(item + 1)) {
                    -0.9
                } else if finding.badly.contains(&(item + 1)) {
                    0.9
                } else {
                    0.0
                }
            });
            let mut pull = [1.0, 0.62, 0.38, 0.8];
            draw.shuffle(&mut pull);
            let written = (pack.items.get(code))
                .and_then(|set| set.items.get(item))
                .and_then(|entry| "ABCD".find(entry.key.as_str()));
            Task {
                discrimination: libm::exp(0.12 + 0.24 * draw.normal()),
                difficulty: easy + found + 0.38 * draw.normal(),
                log_seconds: libm::log(seconds) + 0.16 * draw.normal(),
                key: written.map_or(keys[item], |letter| letter as u8),
                pull,
            }
        })
        .collect()
}

/// A wrong option: weak pupils follow its pull, strong ones err more evenly.
fn distractor(task: &Task, theta: f64, draw: &mut Draw) -> u8 {
    let power = 1.3 - 0.5 * theta.clamp(-1.5, 1.5);
    let weights: Vec<f64> = (task.pull.iter().enumerate())
        .map(|(option, pull)| if option == usize::from(task.key) { 0.0 } else { libm::pow(*pull, power) })
        .collect();
    let chosen = draw.weighted(&weights) as u8;
    // The last index comes back when rounding eats the remainder; it must not be the key.
    if chosen == task.key { (chosen + 3) % 4 } else { chosen }
}

/// Families of subjects whose results go together beyond the general factor.
fn family(subject: &str) -> usize {
    match subject {
        "mathematics" | "physics" => 0,
        "natural-science" | "chemistry" | "biology" => 1,
        _ => 2,
    }
}

fn abilities_of(campaign: &Campaign, people: &People, draw: &mut Draw) -> BTreeMap<(usize, usize), f64> {
    let classes: Vec<f64> = people.classes.iter().map(|_| draw.normal()).collect();
    let mut abilities = BTreeMap::new();
    for (index, pupil) in people.pupils.iter().enumerate() {
        let class = &people.classes[pupil.class];
        let general = draw.normal();
        let families = [draw.normal(), draw.normal(), draw.normal()];
        for (test, row) in campaign.tests.iter().enumerate() {
            if row.grade == class.grade && row.form_language(&class.language).is_some() {
                // Squares of the loadings sum to 1: 0.04 + 0.50 + 0.16 + 0.30.
                let theta = 0.2 * classes[pupil.class]
                    + libm::sqrt(0.5) * general
                    + 0.4 * families[family(&row.subject)]
                    + libm::sqrt(0.3) * draw.normal();
                abilities.insert((index, test), theta);
            }
        }
    }
    abilities
}

/// Classes of a school sit in three streams a day, two tests after each other, an hour apart.
fn start_time(class_rank: usize, same_day: usize, draw: &mut Draw) -> u32 {
    const STREAMS: [u32; 3] = [9 * 3600, 11 * 3600 + 900, 14 * 3600 + 1800];
    STREAMS[class_rank % STREAMS.len()] + 3600 * same_day as u32 + draw.below(240) as u32
}
