//! The schools' own assessment of the first term.

use std::collections::BTreeMap;

use super::Draw;
use super::people::People;
use crate::{Campaign, Pack, PackError};

/// A pupil's term result in a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermMark {
    /// Index of the pupil.
    pub pupil: usize,
    /// Index of the test of the same subject.
    pub test: usize,
    /// Per cent of the term's points, 0 to 100.
    pub percent: u8,
    /// The mark for it.
    pub mark: u8,
}

/// Lowest per cent that is drawn: hardly anybody is left without work in a term.
const FLOOR: f64 = 28.0;

/// Pupil, test, ability.
type Rows = Vec<(usize, usize, f64)>;

/// Draws the marks: the mean over pupils and subjects of each school and grade is the printed one to half a unit in all.
pub(super) fn draw(
    pack: &Pack,
    campaign: &Campaign,
    people: &People,
    abilities: &BTreeMap<(usize, usize), f64>,
    draw: &mut Draw,
) -> Result<Vec<TermMark>, PackError> {
    let mut groups: BTreeMap<(usize, u8), Rows> = BTreeMap::new();
    for ((pupil, test), theta) in abilities {
        let class = &people.classes[people.pupils[*pupil].class];
        groups.entry((class.school, class.grade)).or_default().push((*pupil, *test, *theta));
    }
    let mut marks = Vec::with_capacity(abilities.len());
    for ((school, grade), rows) in groups {
        let code = &pack.network.schools[school].code;
        let mean = (campaign.printed.school_results.iter())
            .find(|row| row.school == *code)
            .and_then(|row| row.grade(grade))
            .map(|result| result.current)
            .ok_or_else(|| PackError::Unknown {
                place: format!("campaigns/{}.toml, school_results", campaign.code),
                kind: "current assessment of the school",
                code: code.clone(),
            })?;
        // Marks agree with the monitoring in part: 0.65 of the standard deviation comes from the same ability.
        let mut percents: Vec<f64> =
            (rows.iter()).map(|(_, _, theta)| mean + 11.0 * (0.65 * theta + 0.76 * draw.normal())).collect();
        centre(&mut percents, mean);
        let wanted = libm::round(mean * percents.len() as f64) as i64;
        for (row, percent) in rows.iter().zip(whole(&percents, wanted)) {
            marks.push(TermMark { pupil: row.0, test: row.1, percent, mark: pack.mark(percent).unwrap_or(2) });
        }
    }
    marks.sort_by_key(|mark| (mark.pupil, mark.test));
    Ok(marks)
}

/// Moves all values until their mean within the bounds is right.
fn centre(values: &mut [f64], mean: f64) {
    for _ in 0..60 {
        for value in values.iter_mut() {
            *value = value.clamp(FLOOR, 100.0);
        }
        let now = values.iter().sum::<f64>() / values.len() as f64;
        for value in values.iter_mut() {
            *value += mean - now;
        }
    }
    for value in values.iter_mut() {
        *value = value.clamp(FLOOR, 100.0);
    }
}

/// Whole numbers with a given sum: rounded down, the rest by the largest fractions first.
fn whole(values: &[f64], wanted: i64) -> Vec<u8> {
    let mut numbers: Vec<i64> = values.iter().map(|v| libm::floor(*v) as i64).collect();
    let mut order: Vec<usize> = (0..values.len()).collect();
    let fraction = |index: usize| values[index] - libm::floor(values[index]);
    order.sort_by(|a, b| fraction(*b).total_cmp(&fraction(*a)).then(a.cmp(b)));
    let mut short = wanted - numbers.iter().sum::<i64>();
    while short > 0 && numbers.iter().any(|number| *number < 100) {
        for index in &order {
            if short > 0 && numbers[*index] < 100 {
                numbers[*index] += 1;
                short -= 1;
            }
        }
    }
    (numbers.iter()).map(|number| (*number).clamp(0, 100) as u8).collect()
}
