//! Mantel-Haenszel, Mantel's test for more than two scores, and standardisation.
//!
//! Sources: Holland and Thayer (1988); Robins, Breslow and Greenland (1986) for the variance; Zieky (1993) for the
//! classes; Mantel (1963); Dorans and Kulick (1986) for the standardised difference.

use super::{Comparison, Matched, matched};
use crate::math::{chi_square_upper, ln};
use crate::{Error, MissingTreatment, Responses};

/// ETS class of an item's difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtsClass {
    /// Negligible.
    A,
    /// Moderate.
    B,
    /// Large.
    C,
}

impl EtsClass {
    /// The letter.
    pub fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }
}

/// Result for one item.
#[derive(Debug, Clone, PartialEq)]
pub struct MantelHaenszel {
    /// Name of the item.
    pub item: String,
    /// Common odds ratio, above 1 when the item is easier for the reference group; dichotomous items only.
    pub odds_ratio: Option<f64>,
    /// Standard error of its logarithm.
    pub se_log: Option<f64>,
    /// -2.35 ln(odds ratio), the ETS delta scale; negative when harder for the focal group.
    pub delta: Option<f64>,
    /// Standard error of delta.
    pub se_delta: Option<f64>,
    /// Chi-square with one degree of freedom: with continuity correction for dichotomous items, Mantel's otherwise.
    pub chi_square: Option<f64>,
    /// Probability of a larger chi-square.
    pub p: Option<f64>,
    /// ETS class; dichotomous items only.
    pub class: Option<EtsClass>,
    /// Mean score of focal minus reference persons at equal totals, weighted by the focal group, in points.
    pub standardised_difference: Option<f64>,
    /// Whether purification left the item out of the matching score of the others.
    pub left_out: bool,
}

/// Mantel-Haenszel analysis of every item.
///
/// With `purify` items of class B or C (Mantel: p < 0.05) leave the matching score of the other items and the
/// analysis is repeated until the set is stable, at most ten times.
///
/// # Errors
/// No groups, or fewer than two complete persons in a group.
pub fn mantel_haenszel(
    responses: &Responses,
    comparison: Comparison,
    treatment: MissingTreatment,
    purify: bool,
) -> Result<Vec<MantelHaenszel>, Error> {
    let data = matched(responses, comparison, treatment)?;
    let items = responses.items();
    let mut left_out = vec![false; items.len()];
    let analyse = |left_out: &[bool]| -> Vec<MantelHaenszel> {
        (0..items.len()).map(|item| one(&data, item, items[item].max, &items[item].name, left_out)).collect()
    };
    let mut results = analyse(&left_out);
    for _ in 0..if purify { 10 } else { 0 } {
        let flagged: Vec<bool> = results
            .iter()
            .map(|r| match r.class {
                Some(class) => class != EtsClass::A,
                None => r.p.is_some_and(|p| p < 0.05),
            })
            .collect();
        if flagged == left_out || flagged.iter().all(|f| *f) {
            break;
        }
        left_out = flagged;
        results = analyse(&left_out);
    }
    for (result, left_out) in results.iter_mut().zip(left_out) {
        result.left_out = left_out;
    }
    Ok(results)
}

/// Sums of one stratum: persons, sum and sum of squares of the item score, by group (reference, focal).
#[derive(Debug, Clone, Copy, Default)]
struct Stratum {
    n: [f64; 2],
    sum: [f64; 2],
    square: [f64; 2],
}

fn one(data: &Matched, item: usize, max: u8, name: &str, left_out: &[bool]) -> MantelHaenszel {
    let totals = data.totals(item, left_out);
    let mut strata = vec![Stratum::default(); totals.iter().max().map_or(0, |top| top + 1)];
    for ((row, focal), total) in data.rows.iter().zip(&data.focal).zip(&totals) {
        let (group, score) = (usize::from(*focal), f64::from(row[item]));
        strata[*total].n[group] += 1.0;
        strata[*total].sum[group] += score;
        strata[*total].square[group] += score * score;
    }
    let (mut weight, mut difference) = (0.0, 0.0);
    for s in strata.iter().filter(|s| s.n[0] > 0.0 && s.n[1] > 0.0) {
        weight += s.n[1];
        difference += s.n[1] * (s.sum[1] / s.n[1] - s.sum[0] / s.n[0]);
    }
    let mut result = MantelHaenszel {
        item: name.to_owned(),
        odds_ratio: None,
        se_log: None,
        delta: None,
        se_delta: None,
        chi_square: None,
        p: None,
        class: None,
        standardised_difference: (weight > 0.0).then(|| difference / weight),
        left_out: false,
    };
    if max == 1 {
        dichotomous(&strata, &mut result);
    } else {
        mantel(&strata, &mut result);
    }
    result
}

fn dichotomous(strata: &[Stratum], result: &mut MantelHaenszel) {
    let (mut excess, mut variance) = (0.0, 0.0);
    let (mut r_sum, mut s_sum, mut pr, mut ps_qr, mut qs) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for stratum in strata {
        let (a, c) = (stratum.sum[0], stratum.sum[1]);
        let (b, d) = (stratum.n[0] - a, stratum.n[1] - c);
        let t = a + b + c + d;
        if stratum.n[0] == 0.0 || stratum.n[1] == 0.0 || a + c == 0.0 || b + d == 0.0 {
            continue;
        }
        excess += a - stratum.n[0] * (a + c) / t;
        variance += stratum.n[0] * stratum.n[1] * (a + c) * (b + d) / (t * t * (t - 1.0));
        let (p, q, r, s) = ((a + d) / t, (b + c) / t, a * d / t, b * c / t);
        r_sum += r;
        s_sum += s;
        pr += p * r;
        ps_qr += p * s + q * r;
        qs += q * s;
    }
    if variance <= 0.0 || r_sum <= 0.0 || s_sum <= 0.0 {
        return;
    }
    let log = ln(r_sum / s_sum);
    let se = (pr / (2.0 * r_sum * r_sum) + ps_qr / (2.0 * r_sum * s_sum) + qs / (2.0 * s_sum * s_sum)).sqrt();
    let corrected = excess.abs() - 0.5;
    let chi_square = corrected * corrected / variance;
    let p = chi_square_upper(chi_square, 1.0);
    let (delta, se_delta) = (-2.35 * log, 2.35 * se);
    let class = if delta.abs() < 1.0 || p >= 0.05 {
        EtsClass::A
    } else if delta.abs() >= 1.5 && (delta.abs() - 1.0) / se_delta > 1.644_853_626_951_472_7 {
        EtsClass::C
    } else {
        EtsClass::B
    };
    result.odds_ratio = Some(r_sum / s_sum);
    result.se_log = Some(se);
    result.delta = Some(delta);
    result.se_delta = Some(se_delta);
    result.chi_square = Some(chi_square);
    result.p = Some(p);
    result.class = Some(class);
}

fn mantel(strata: &[Stratum], result: &mut MantelHaenszel) {
    let (mut excess, mut variance) = (0.0, 0.0);
    for s in strata {
        let t = s.n[0] + s.n[1];
        if s.n[0] == 0.0 || s.n[1] == 0.0 || t < 2.0 {
            continue;
        }
        let (sum, square) = (s.sum[0] + s.sum[1], s.square[0] + s.square[1]);
        excess += s.sum[1] - s.n[1] * sum / t;
        variance += s.n[0] * s.n[1] / (t * t * (t - 1.0)) * (t * square - sum * sum);
    }
    if variance > 0.0 {
        let chi_square = excess * excess / variance;
        result.chi_square = Some(chi_square);
        result.p = Some(chi_square_upper(chi_square, 1.0));
    }
}
