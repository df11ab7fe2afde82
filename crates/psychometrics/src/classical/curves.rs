//! Curves by score group: how the choice of each option, or each score, changes from weak to strong persons.

use super::Data;
use super::options::Answers;
use crate::Responses;

/// One option (or score, where choices are not known) of an item over the score groups.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemCurve {
    /// Name of the item.
    pub item: String,
    /// Label of the option, or the score; empty for no answer.
    pub option: String,
    /// Whether it earns points.
    pub is_key: bool,
    /// One per score group, weakest first.
    pub points: Vec<CurvePoint>,
}

/// A score group on a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// Persons of the group to whom the item was presented and who reached it.
    pub n: usize,
    /// Share of them who chose the option; `None` when there are none.
    pub share: Option<f64>,
}

/// Groups of persons by total, about equally many in each; persons with one total are in one group.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreGroups {
    /// Lowest and highest total of each group that has persons; weakest first.
    pub totals: Vec<(u32, u32)>,
    pub(super) of_total: Vec<usize>,
}

impl ScoreGroups {
    /// A total belongs to the group of its middle rank.
    pub(super) fn new(distribution: &[usize], wanted: usize) -> Self {
        let persons: usize = distribution.iter().sum();
        let mut totals: Vec<(u32, u32)> = Vec::new();
        let mut of_total = vec![0; distribution.len()];
        let (mut below, mut last) = (0, None);
        for (total, count) in distribution.iter().enumerate() {
            if *count > 0 {
                let rank = (2 * below + count) * wanted / (2 * persons.max(1));
                if last != Some(rank) {
                    totals.push((total as u32, total as u32));
                    last = Some(rank);
                }
                if let Some(group) = totals.last_mut() {
                    group.1 = total as u32;
                }
                below += count;
            }
            of_total[total] = totals.len().saturating_sub(1);
        }
        Self { totals, of_total }
    }
}

/// Curves of one item: its options with choices, else its scores; no answer last where somebody gave none.
pub(super) fn curves(
    responses: &Responses,
    data: &Data,
    item: usize,
    answers: Option<&Answers>,
    groups: &ScoreGroups,
) -> Vec<ItemCurve> {
    let column = &responses.items()[item];
    let labels: Vec<(String, bool)> = match answers {
        Some(_) => (0..column.options.len())
            .map(|option| (column.options[option].clone(), column.key.contains(&(option as u8))))
            .collect(),
        None => (0..=column.max).map(|score| (score.to_string(), score > 0)).collect(),
    };
    let (size, none) = (groups.totals.len(), labels.len());
    let mut weights = vec![vec![0.0; none + 1]; size];
    let mut n = vec![0; size];
    let mut unanswered = false;
    for (person, total) in data.totals.iter().enumerate() {
        let place = match answers {
            Some(answers) => answers.of_person(person),
            None => data.columns[item][person].map(usize::from),
        };
        let Some(place) = place else { continue };
        let group = groups.of_total[*total as usize];
        n[group] += 1;
        unanswered |= place == none;
        weights[group][place] += data.weights[person];
    }
    let curve = |place: usize, option: String, is_key: bool| {
        let point = |group: usize| {
            let all: f64 = weights[group].iter().sum();
            CurvePoint { n: n[group], share: (all > 0.0).then(|| weights[group][place] / all) }
        };
        ItemCurve { item: column.name.clone(), option, is_key, points: (0..size).map(point).collect() }
    };
    let mut all: Vec<ItemCurve> =
        labels.into_iter().enumerate().map(|(place, (option, is_key))| curve(place, option, is_key)).collect();
    if unanswered {
        all.push(curve(none, String::new(), false));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_keep_equal_totals_together() {
        let groups = ScoreGroups::new(&[10, 10, 0, 60, 10, 10], 5);
        assert_eq!(groups.totals, [(0, 1), (3, 3), (4, 5)]);
        assert_eq!((groups.of_total[1], groups.of_total[3], groups.of_total[5]), (0, 1, 2));
        assert_eq!(ScoreGroups::new(&[4, 4, 4, 4], 4).totals, [(0, 0), (1, 1), (2, 2), (3, 3)]);
    }
}
