//! Classical test analysis: facility, discrimination, distractors, reliability.
//!
//! Variances and standard deviations divide by n - 1; with weights n is the sum of weights (frequency weights).
//! A person's total is the sum of the scores that count (see [`MissingTreatment`]). In an incomplete design item
//! statistics use the persons who had the item, and reliability rests on covariances of the persons common to
//! each pair; it is `None` when some pair of items has no common persons.
//!
//! [`classical`] gives what every report needs; [`greatest_lower_bound`], [`omega`], [`conditional_errors`],
//! [`subtests`] and [`decision_quality`] start from its results.
//!
//! Sources: Lord and Novick (1968); Guttman (1945) for lambda 2 and 6; Cronbach (1951) for alpha;
//! Kelley (1939) for the groups of 27 %; Kuder and Richardson (1937) for formula 21.

mod beta_binomial;
mod bound;
mod curves;
mod errors;
mod flags;
mod intervals;
mod omega;
mod options;
pub(crate) mod pairs;
mod reliability;
mod subtests;
mod sums;

pub use beta_binomial::{DecisionQuality, TrueScores, decision_quality};
pub use bound::{GreatestLowerBound, greatest_lower_bound};
pub use curves::{CurvePoint, ItemCurve, ScoreGroups};
pub use errors::{ConditionalError, conditional_errors};
pub use flags::{FlagRules, ItemFlag};
pub use intervals::{alpha_interval, facility_interval};
pub use omega::{Omega, omega};
pub use options::OptionStatistics;
pub use reliability::Reliability;
pub use subtests::{Subtest, SubtestCorrelation, subtests};

use rayon::prelude::*;

use crate::math::{normal_density, normal_quantile};
use crate::ranks::quantile;
use crate::{Cell, Error, MissingTreatment, Responses};
use pairs::PairSums;
use sums::{Mean, Moments, WeightedPairs, effective_number};

/// Choices of [`classical`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassicalSettings {
    /// What missing responses count as.
    pub treatment: MissingTreatment,
    /// Limits of the flags.
    pub rules: FlagRules,
    /// Number of score groups of the curves, at least 1; fewer when totals are tied.
    pub score_groups: usize,
    /// Level of confidence intervals, between 0 and 1.
    pub level: f64,
}

impl Default for ClassicalSettings {
    fn default() -> Self {
        Self { treatment: MissingTreatment::default(), rules: FlagRules::default(), score_groups: 5, level: 0.95 }
    }
}

/// Everything the classical analysis says.
#[derive(Debug, Clone, PartialEq)]
pub struct Classical {
    /// The test as a whole.
    pub test: TestStatistics,
    /// One per item, in item order.
    pub items: Vec<ItemStatistics>,
    /// One per option of every item with choices, in item and option order; empty without choices.
    pub options: Vec<OptionStatistics>,
    /// Total score of each person, in person order.
    pub totals: Vec<u32>,
    /// Groups of persons by total, for the curves.
    pub groups: ScoreGroups,
    /// How the choice of each option (or each score) changes over the groups, in item and option order.
    pub curves: Vec<ItemCurve>,
    /// Covariance matrix of item scores, row after row; `None` when some pair of items has no common persons. For
    /// [`greatest_lower_bound`] and [`omega`].
    pub covariance: Option<Vec<f64>>,
}

/// Statistics of the whole test.
#[derive(Debug, Clone, PartialEq)]
pub struct TestStatistics {
    /// Persons.
    pub persons: usize,
    /// Items.
    pub items: usize,
    /// Whether every person has a score on every item.
    pub complete: bool,
    /// Largest possible total.
    pub max: u32,
    /// Mean total.
    pub mean: f64,
    /// Standard deviation of totals; `None` with one person.
    pub sd: Option<f64>,
    /// Third standardised moment of totals (divided by n).
    pub skewness: Option<f64>,
    /// Smallest total found.
    pub lowest: u32,
    /// Largest total found.
    pub highest: u32,
    /// Number of persons with total 0, 1, ..., max.
    pub distribution: Vec<usize>,
    /// Reliability coefficients and standard error of measurement.
    pub reliability: Reliability,
}

/// Statistics of one item.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemStatistics {
    /// Name of the item.
    pub item: String,
    /// Maximum score.
    pub max: u8,
    /// Persons to whom it was presented.
    pub presented: usize,
    /// Persons who skipped it.
    pub skipped: usize,
    /// Persons who did not reach it.
    pub not_reached: usize,
    /// Persons whose score on it counts (after the treatment of missing responses).
    pub n: usize,
    /// Number of persons with score 0, 1, ..., max.
    pub score_counts: Vec<usize>,
    /// Mean score.
    pub mean: Option<f64>,
    /// Mean score divided by the maximum, 0..=1.
    pub facility: Option<f64>,
    /// Confidence interval of the facility (see [`facility_interval`]).
    pub facility_interval: Option<(f64, f64)>,
    /// Standard deviation of the score.
    pub sd: Option<f64>,
    /// Correlation with the total.
    pub item_total: Option<f64>,
    /// Correlation with the total without this item.
    pub item_rest: Option<f64>,
    /// Polyserial correlation with the rest score, biserial for a dichotomous item: the correlation if a normal
    /// ability lay behind the item score (ad hoc form of Olsson, Drasgow and Dorans 1982). May exceed 1.
    pub item_rest_polyserial: Option<f64>,
    /// Alpha of the test without this item.
    pub alpha_if_deleted: Option<f64>,
    /// Facility among totals at or above the 73rd percentile minus that at or below the 27th.
    pub upper_lower: Option<f64>,
    /// Reasons to look at the item; empty when there is none.
    pub flags: Vec<ItemFlag>,
}

/// Classical analysis of the responses.
///
/// Cost: persons x items, and items^2 x persons / 64 for the pairs.
///
/// # Errors
/// No persons or no items.
pub fn classical(responses: &Responses, settings: &ClassicalSettings) -> Result<Classical, Error> {
    let persons = responses.persons();
    let items = responses.items();
    if persons == 0 {
        return Err(Error::Empty { what: "persons" });
    }
    if items.is_empty() {
        return Err(Error::Empty { what: "items" });
    }
    let data = Data::new(responses, settings.treatment);
    let sums = pairs::pair_sums(&data.columns, responses.weights());
    let matrix = covariances(&sums, items.len());
    let max: u32 = items.iter().map(|item| u32::from(item.max)).sum();
    let complete = data.columns.iter().all(|column| column.iter().all(Option::is_some));
    let totals: Vec<f64> = data.totals.iter().map(|total| f64::from(*total)).collect();
    let moments = Moments::new(&totals, &data.weights);
    let dichotomous = items.iter().all(|item| item.max == 1);
    let mut reliability =
        reliability::reliability(matrix.as_deref(), items.len(), (complete && dichotomous).then_some(moments.mean));
    let effective = effective_number(&data.weights);
    reliability.alpha_interval =
        reliability.alpha.and_then(|alpha| alpha_interval(alpha, effective, items.len(), settings.level));
    let mut sorted = totals.clone();
    sorted.sort_by(f64::total_cmp);
    let extremes = ExtremeGroups {
        low: quantile(&sorted, 0.27).unwrap_or_default(),
        high: quantile(&sorted, 0.73).unwrap_or_default(),
    };
    let mut distribution = vec![0; max as usize + 1];
    for total in &data.totals {
        distribution[*total as usize] += 1;
    }
    let groups = ScoreGroups::new(&distribution, settings.score_groups.max(1));
    let of_item = |item: usize| {
        let mut statistics = data.item(responses, item, &extremes, settings.level);
        statistics.alpha_if_deleted = reliability::alpha_without(matrix.as_deref(), items.len(), item);
        let answers = options::Answers::new(responses, item);
        let options =
            answers.as_ref().map_or_else(Vec::new, |a| options::options(responses, &data, item, a, &extremes));
        statistics.flags = flags::flags(&statistics, &options, &settings.rules);
        let curves = curves::curves(responses, &data, item, answers.as_ref(), &groups);
        (statistics, options, curves)
    };
    let (mut statistics, mut options, mut all_curves) = (Vec::with_capacity(items.len()), Vec::new(), Vec::new());
    for (item, of_options, of_curves) in (0..items.len()).into_par_iter().map(of_item).collect::<Vec<_>>() {
        statistics.push(item);
        options.extend(of_options);
        all_curves.extend(of_curves);
    }
    let test = TestStatistics {
        persons,
        items: items.len(),
        complete,
        max,
        mean: moments.mean,
        sd: moments.sd,
        skewness: moments.skewness,
        lowest: data.totals.iter().min().copied().unwrap_or_default(),
        highest: data.totals.iter().max().copied().unwrap_or_default(),
        distribution,
        reliability,
    };
    let totals = data.totals;
    Ok(Classical { test, items: statistics, options, totals, groups, curves: all_curves, covariance: matrix })
}

/// Totals at or below `low` and at or above `high` form the groups of 27 %.
struct ExtremeGroups {
    low: f64,
    high: f64,
}

/// Scores that count, item after item, with totals and weights of persons.
struct Data {
    columns: Vec<Vec<Option<u8>>>,
    totals: Vec<u32>,
    weights: Vec<f64>,
    /// Persons to whom the item was presented, who skipped it, who did not reach it.
    status: Vec<[usize; 3]>,
}

impl Data {
    fn new(responses: &Responses, treatment: MissingTreatment) -> Self {
        let persons = responses.persons();
        let mut columns = vec![vec![None; persons]; responses.items().len()];
        let mut totals = vec![0; persons];
        let mut status = vec![[0; 3]; columns.len()];
        for (person, total) in totals.iter_mut().enumerate() {
            for (item, cell) in responses.of_person(person) {
                status[item][0] += 1;
                status[item][1] += usize::from(cell == Cell::Skipped);
                status[item][2] += usize::from(cell == Cell::NotReached);
                let score = treatment.apply(cell);
                columns[item][person] = score;
                *total += u32::from(score.unwrap_or(0));
            }
        }
        let weights = responses.weights().map_or_else(|| vec![1.0; persons], <[f64]>::to_vec);
        Self { columns, totals, weights, status }
    }

    fn item(&self, responses: &Responses, item: usize, groups: &ExtremeGroups, level: f64) -> ItemStatistics {
        let column = &self.columns[item];
        let max = responses.items()[item].max;
        let [presented, skipped, not_reached] = self.status[item];
        let mut score_counts = vec![0; usize::from(max) + 1];
        let (mut high, mut low) = (Mean::default(), Mean::default());
        let (mut sum, mut square) = (0.0, 0.0);
        let mut with_total = WeightedPairs::default();
        let mut with_rest = WeightedPairs::default();
        for ((score, total), weight) in column.iter().zip(&self.totals).zip(&self.weights) {
            let Some(score) = *score else { continue };
            score_counts[usize::from(score)] += 1;
            sum += weight;
            square += weight * weight;
            let (score, total) = (f64::from(score), f64::from(*total));
            if total >= groups.high {
                high.add(score, *weight);
            }
            if total <= groups.low {
                low.add(score, *weight);
            }
            with_total.add(score, total, *weight);
            with_rest.add(score, total - score, *weight);
        }
        let scale = f64::from(max);
        let facility = with_total.mean_x().map(|mean| mean / scale);
        let sd = with_total.sd_x();
        let effective = if square > 0.0 { sum * sum / square } else { 0.0 };
        let interval = |facility| facility_interval(facility, sd.unwrap_or(0.0) / scale, effective, max == 1, level);
        ItemStatistics {
            item: responses.items()[item].name.clone(),
            max,
            presented,
            skipped,
            not_reached,
            n: score_counts.iter().sum(),
            mean: with_total.mean_x(),
            facility,
            facility_interval: facility.and_then(interval),
            sd,
            item_total: with_total.correlation(),
            item_rest: with_rest.correlation(),
            item_rest_polyserial: polyserial(&score_counts, with_rest.correlation()),
            alpha_if_deleted: None,
            score_counts,
            upper_lower: high.value().zip(low.value()).map(|(high, low)| (high - low) / scale),
            flags: Vec::new(),
        }
    }
}

/// `r sd / sum of normal densities at the thresholds` of the score categories.
fn polyserial(score_counts: &[usize], r: Option<f64>) -> Option<f64> {
    let n = score_counts.iter().sum::<usize>() as f64;
    let mean = score_counts.iter().enumerate().map(|(k, c)| k as f64 * *c as f64).sum::<f64>() / n;
    let square =
        score_counts.iter().enumerate().map(|(k, c)| (k as f64 - mean) * (k as f64 - mean) * *c as f64).sum::<f64>()
            / n;
    let (mut below, mut densities) = (0.0, 0.0);
    for count in &score_counts[..score_counts.len() - 1] {
        below += *count as f64 / n;
        if below > 0.0 && below < 1.0 {
            densities += normal_density(normal_quantile(below));
        }
    }
    r.filter(|_| densities > 0.0).map(|r| r * square.sqrt() / densities)
}

fn covariances(sums: &[PairSums], items: usize) -> Option<Vec<f64>> {
    let mut matrix = vec![0.0; items * items];
    let mut next = sums.iter();
    for i in 0..items {
        for j in i..items {
            let covariance = next.next()?.covariance()?;
            matrix[i * items + j] = covariance;
            matrix[j * items + i] = covariance;
        }
    }
    Some(matrix)
}

/// A correlation of two subtests corrected for their unreliability: `r / sqrt(rel_x rel_y)` (Spearman 1904).
///
/// `reliability_x`, `reliability_y`: for example alpha, above 0 and at most 1; `None` otherwise. The value is not clamped:
/// above 1 it says that a reliability is underestimated.
pub fn disattenuated_correlation(r: f64, reliability_x: f64, reliability_y: f64) -> Option<f64> {
    (reliability_x > 0.0 && reliability_y > 0.0).then(|| r / (reliability_x * reliability_y).sqrt())
}
