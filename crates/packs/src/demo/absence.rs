//! Who misses which test.

use super::Draw;
use super::people::People;
use crate::Campaign;

/// A pupil did not sit a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Absence {
    /// Index of the pupil.
    pub pupil: usize,
    /// Index of the test.
    pub test: usize,
    /// Index of the reason.
    pub reason: usize,
}

/// The tests of a class in the order of dates.
pub fn tests_of(campaign: &Campaign, grade: u8, language: &str) -> Vec<usize> {
    let mut tests: Vec<usize> = (0..campaign.tests.len())
        .filter(|index| {
            let test = &campaign.tests[*index];
            test.grade == grade && test.form_language(language).is_some()
        })
        .collect();
    tests.sort_by(|a, b| campaign.tests[*a].date.cmp(&campaign.tests[*b].date));
    tests
}

/// Spells of absence of different pupils until the number of attempts is the campaign's.
pub(super) fn draw(campaign: &Campaign, people: &People, draw: &mut Draw) -> Vec<Absence> {
    let shares: Vec<f64> = (campaign.absence_reasons.iter()).map(|reason| f64::from(reason.share)).collect();
    let all: usize = (people.classes.iter())
        .map(|class| class.pupils.len() * tests_of(campaign, class.grade, &class.language).len())
        .sum();
    let mut missing = all.saturating_sub(campaign.attempts);
    let mut order: Vec<usize> = (0..people.pupils.len()).collect();
    draw.shuffle(&mut order);
    let mut absences = Vec::new();
    for pupil in order {
        if missing == 0 {
            break;
        }
        let class = &people.classes[people.pupils[pupil].class];
        let tests = tests_of(campaign, class.grade, &class.language);
        let mut days: Vec<&str> = (tests.iter()).map(|test| campaign.tests[*test].date.as_str()).collect();
        days.dedup();
        let reason = draw.weighted(&shares);
        let (first, length) = match campaign.absence_reasons[reason].code.as_str() {
            // A pupil who has left misses everything from the first day.
            "transferred" => (0, days.len()),
            // Power or the connection fails for one day.
            "technical" => (draw.below(days.len()), 1),
            _ => {
                let first = draw.below(days.len());
                let rest = days.len() - first;
                (first, if draw.chance(0.3) { rest } else { 1 + draw.below(2) })
            }
        };
        let away = &days[first..(first + length).min(days.len())];
        for test in tests {
            if missing > 0 && away.contains(&campaign.tests[test].date.as_str()) {
                absences.push(Absence { pupil, test, reason });
                missing -= 1;
            }
        }
    }
    absences.sort_unstable();
    absences
}

/// The tests that each pupil sat, in the order of dates.
pub(super) fn present(campaign: &Campaign, people: &People, absences: &[Absence]) -> Vec<Vec<usize>> {
    (people.pupils.iter().enumerate())
        .map(|(pupil, entry)| {
            let class = &people.classes[entry.class];
            let start = absences.partition_point(|absence| absence.pupil < pupil);
            let own: Vec<usize> = (absences[start..].iter())
                .take_while(|absence| absence.pupil == pupil)
                .map(|absence| absence.test)
                .collect();
            let mut tests = tests_of(campaign, class.grade, &class.language);
            tests.retain(|test| !own.contains(test));
            tests
        })
        .collect()
}
