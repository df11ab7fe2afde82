//! Distribution of the sum score given theta, and scores from it.

use super::{CalibratedItem, Score, ScoreSettings};
use crate::Responses;
use crate::irt::Grid;
use crate::math::exp;

/// One row of the sum-score table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SumScore {
    /// Sum of points.
    pub score: u32,
    /// Posterior mean of theta.
    pub theta: f64,
    /// Posterior standard deviation.
    pub sd: f64,
    /// Probability of the sum under the model.
    pub probability: f64,
}

/// P(sum = s) given theta for s in 0..=max, by the recursion of Lord and Wingersky (1984).
pub(crate) fn sum_distribution(items: &[&CalibratedItem], theta: f64) -> Vec<f64> {
    let mut sums = vec![1.0];
    let mut curves = Vec::new();
    for item in items {
        item.parameters.curves(theta, &mut curves);
        let top = item.scores.last().copied().unwrap_or(0);
        let mut next = vec![0.0; sums.len() + usize::from(top)];
        for (curve, points) in curves.iter().zip(&item.scores) {
            for (sum, p) in sums.iter().enumerate() {
                next[sum + usize::from(*points)] += p * curve.p;
            }
        }
        sums = next;
    }
    sums
}

/// The table for items given together under a normal prior. Sums that cannot occur are left out.
pub fn sum_score_table(items: &[&CalibratedItem], mean: f64, sd: f64, grid: &Grid) -> Vec<SumScore> {
    let weights: Vec<f64> = grid.log_normal_weights(mean, sd).into_iter().map(exp).collect();
    let mut moments: Vec<[f64; 3]> = Vec::new();
    for (theta, weight) in grid.nodes().iter().zip(&weights) {
        let sums = sum_distribution(items, *theta);
        moments.resize(sums.len(), [0.0; 3]);
        for (moments, p) in moments.iter_mut().zip(sums) {
            let p = p * weight;
            moments[0] += p;
            moments[1] += p * theta;
            moments[2] += p * theta * theta;
        }
    }
    let row = |(score, [p, first, second]): (usize, [f64; 3])| {
        let theta = first / p;
        (p > 0.0).then(|| SumScore {
            score: score as u32,
            theta,
            sd: (second / p - theta * theta).max(0.0).sqrt(),
            probability: p,
        })
    };
    moments.into_iter().enumerate().filter_map(row).collect()
}

/// EAP of each person from the sum over the items that count; one table per set of items.
pub(super) fn scores(responses: &Responses, items: &[CalibratedItem], settings: &ScoreSettings) -> Vec<Option<Score>> {
    let mut tables: std::collections::BTreeMap<Vec<u32>, Vec<SumScore>> = std::collections::BTreeMap::new();
    let mut out = Vec::with_capacity(responses.persons());
    for person in 0..responses.persons() {
        let mut sum = 0;
        let mut set = Vec::new();
        for (item, cell) in responses.of_person(person) {
            if let Some(score) = settings.treatment.apply(cell) {
                let known = &items[item];
                sum += u32::from(known.scores[known.category(score)]);
                set.push(item as u32);
            }
        }
        if set.is_empty() {
            out.push(None);
            continue;
        }
        let table = tables.entry(set).or_insert_with_key(|set| {
            let given: Vec<&CalibratedItem> = set.iter().map(|item| &items[*item as usize]).collect();
            sum_score_table(&given, settings.mean, settings.sd, &settings.grid)
        });
        let row = table.iter().find(|row| row.score == sum);
        out.push(row.map(|row| Score { theta: row.theta, se: row.sd }));
    }
    out
}
