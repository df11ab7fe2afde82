//! SIBTEST with regression correction (Shealy and Stout 1993), one item at a time against the rest of the test.

use super::{Comparison, matched};
use crate::math::chi_square_upper;
use crate::{Error, MissingTreatment, Responses};

/// Result for one item.
#[derive(Debug, Clone, PartialEq)]
pub struct Sibtest {
    /// Name of the item.
    pub item: String,
    /// Expected points of reference minus focal persons of equal ability.
    pub beta: f64,
    /// Standard error.
    pub se: f64,
    /// Two-sided probability of a larger beta / se.
    pub p: f64,
    /// Class by the size of beta as a share of the item's maximum (Roussos and Stout 1996): A below 0.059, B below
    /// 0.088, C; always A when not significant at 0.05.
    pub class: &'static str,
}

/// SIBTEST for every item; `None` where too few strata have two persons of both groups.
///
/// # Errors
/// No groups, or fewer than two complete persons in a group.
pub fn sibtest(
    responses: &Responses,
    comparison: Comparison,
    treatment: MissingTreatment,
) -> Result<Vec<Option<Sibtest>>, Error> {
    let data = matched(responses, comparison, treatment)?;
    let items = responses.items();
    Ok((0..items.len()).map(|item| one(&data, item, &items[item].name, f64::from(items[item].max))).collect())
}

#[derive(Debug, Clone, Copy, Default)]
struct Stratum {
    n: [f64; 2],
    sum: [f64; 2],
    square: [f64; 2],
}

impl Stratum {
    fn mean(&self, group: usize) -> f64 {
        self.sum[group] / self.n[group]
    }

    fn variance_of_mean(&self, group: usize) -> f64 {
        let n = self.n[group];
        ((self.square[group] - self.sum[group] * self.sum[group] / n) / (n - 1.0)).max(0.0) / n
    }
}

fn one(data: &super::Matched, item: usize, name: &str, max: f64) -> Option<Sibtest> {
    let rest = |row: &[u8]| -> usize {
        row.iter().enumerate().filter(|(i, _)| *i != item).map(|(_, s)| usize::from(*s)).sum()
    };
    let matching: Vec<usize> = data.rows.iter().map(|row| rest(row)).collect();
    let mut strata = vec![Stratum::default(); matching.iter().max()? + 1];
    for ((row, focal), score) in data.rows.iter().zip(&data.focal).zip(&matching) {
        let (group, y) = (usize::from(*focal), f64::from(row[item]));
        strata[*score].n[group] += 1.0;
        strata[*score].sum[group] += y;
        strata[*score].square[group] += y * y;
    }
    let truth = [true_scores(data, item, &matching, false)?, true_scores(data, item, &matching, true)?];
    let used: Vec<usize> = (0..strata.len()).filter(|k| strata[*k].n[0] >= 2.0 && strata[*k].n[1] >= 2.0).collect();
    if used.len() < 3 {
        return None;
    }
    let persons: f64 = used.iter().map(|k| strata[*k].n[0] + strata[*k].n[1]).sum();
    let (mut beta, mut variance) = (0.0, 0.0);
    for (place, k) in used.iter().enumerate() {
        let target = 0.5 * (truth[0](*k) + truth[1](*k));
        let (before, after) = (used[place.saturating_sub(1)], used[(place + 1).min(used.len() - 1)]);
        let adjusted = |group: usize| {
            let stratum = &strata[*k];
            let span = truth[group](after) - truth[group](before);
            let slope = if span > 0.0 { (strata[after].mean(group) - strata[before].mean(group)) / span } else { 0.0 };
            stratum.mean(group) + slope * (target - truth[group](*k))
        };
        let weight = (strata[*k].n[0] + strata[*k].n[1]) / persons;
        beta += weight * (adjusted(0) - adjusted(1));
        variance += weight * weight * (strata[*k].variance_of_mean(0) + strata[*k].variance_of_mean(1));
    }
    let se = variance.sqrt();
    if se <= 0.0 {
        return None;
    }
    let p = chi_square_upper(beta / se * (beta / se), 1.0);
    let size = beta.abs() / max;
    let class = if p >= 0.05 || size < 0.059 {
        "A"
    } else if size < 0.088 {
        "B"
    } else {
        "C"
    };
    Some(Sibtest { item: name.to_owned(), beta, se, p, class })
}

/// Kelley's estimate of the true matching score in a group: mean + alpha (score - mean).
fn true_scores(data: &super::Matched, item: usize, matching: &[usize], focal: bool) -> Option<impl Fn(usize) -> f64> {
    let chosen: Vec<usize> = (0..data.rows.len()).filter(|p| data.focal[*p] == focal).collect();
    let n = chosen.len() as f64;
    let variance = |values: &dyn Fn(usize) -> f64| {
        let mean = chosen.iter().map(|p| values(*p)).sum::<f64>() / n;
        (mean, chosen.iter().map(|p| (values(*p) - mean) * (values(*p) - mean)).sum::<f64>() / (n - 1.0))
    };
    let (mean, total) = variance(&|p| matching[p] as f64);
    let items = data.rows.first()?.len();
    let own: f64 = (0..items).filter(|i| *i != item).map(|i| variance(&|p| f64::from(data.rows[p][i])).1).sum();
    let k = (items - 1) as f64;
    if total <= 0.0 || k < 2.0 {
        return None;
    }
    let alpha = (k / (k - 1.0) * (1.0 - own / total)).clamp(0.0, 1.0);
    Some(move |score: usize| mean + alpha * (score as f64 - mean))
}
