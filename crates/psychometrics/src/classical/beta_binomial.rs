//! How often a cut score decides rightly, and the same twice: the beta-binomial model.
//!
//! True scores, as shares of the maximum, have a beta distribution on an interval `lower..=upper`; a person's score is
//! binomial over as many like items as give the test's reliability, the effective length (Livingston and Lewis 1995). The
//! four parameters come from the first four moments (Hanson 1991); where they leave 0..=1, from three with `upper = 1`, and
//! then from two on 0..=1, as in BB-CLASS (Brennan 2004). Observed proportions are not adjusted afterwards to the marginals
//! found, as Livingston and Lewis did in their last step.

use crate::Error;
use crate::beta::ln_beta;
use crate::math::{exp, ln};

/// Distribution of true scores, as shares of the maximum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrueScores {
    /// First shape, above 0.
    pub alpha: f64,
    /// Second shape, above 0.
    pub beta: f64,
    /// Lowest true score, 0..=1.
    pub lower: f64,
    /// Highest true score, 0..=1.
    pub upper: f64,
    /// Moments that were matched: 4, 3 or 2.
    pub moments: usize,
}

/// Quality of decisions at cut scores.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionQuality {
    /// Effective test length: binomial trials with the reliability of the test.
    pub length: u32,
    /// True scores.
    pub true_scores: TrueScores,
    /// Share of persons by true (row) and observed (column) level, row after row; adds to one.
    pub confusion: Vec<f64>,
    /// Share of persons by level on one form and on a parallel form; adds to one, symmetric.
    pub agreement: Vec<f64>,
    /// Expected share whose true level is the one given.
    pub accuracy: f64,
    /// Expected share that a parallel form puts into the same level.
    pub consistency: f64,
    /// Consistency expected from the marginals alone.
    pub chance: f64,
    /// Cohen's kappa of the agreement; `None` when everybody is in one level.
    pub kappa: Option<f64>,
    /// Accuracy and consistency of the single decision at each cut (below it or not).
    pub at_cuts: Vec<(f64, f64)>,
}

/// Accuracy and consistency of the levels that `cuts` make.
///
/// `counts`: persons (or their weight) with total 0, 1, ..., max; `reliability` of the total, between 0 and 1; `cuts`:
/// lowest totals of the levels above the first, ascending, in `1..=max`; `true_cuts`: the same as shares of the maximum
/// where they differ, or empty for `cut / max`.
///
/// # Errors
/// Fewer than three scores, no spread of scores, a reliability outside 0..1 or so small that no true score varies, cuts that
/// do not ascend or lie outside, another number of true cuts.
pub fn decision_quality(
    counts: &[f64],
    reliability: f64,
    cuts: &[f64],
    true_cuts: &[f64],
) -> Result<DecisionQuality, Error> {
    let refuse = |what: String| Err(Error::Model { what });
    let max = counts.len().saturating_sub(1) as f64;
    let n: f64 = counts.iter().sum();
    if max < 2.0 || n <= 1.0 {
        return Err(Error::Empty { what: "persons" });
    }
    if !(reliability > 0.0 && reliability < 1.0) {
        return refuse(format!("reliability {reliability} is not between 0 and 1; decisions cannot be judged"));
    }
    if cuts.is_empty() || cuts.windows(2).any(|c| c[0] >= c[1]) || cuts.iter().any(|c| !(*c > 0.0 && *c <= max)) {
        return refuse(format!("cut scores must ascend and lie above 0 and at most at the maximum {max}"));
    }
    let shares: Vec<f64> =
        if true_cuts.is_empty() { cuts.iter().map(|c| c / max).collect() } else { true_cuts.to_vec() };
    if shares.len() != cuts.len()
        || shares.windows(2).any(|c| c[0] >= c[1])
        || shares.iter().any(|c| !(*c > 0.0 && *c <= 1.0))
    {
        return refuse("true cut scores must be shares of the maximum, ascending, one for each cut".to_owned());
    }
    let mean = counts.iter().enumerate().map(|(x, c)| x as f64 * c).sum::<f64>() / n;
    let square: f64 = counts.iter().enumerate().map(|(x, c)| c * (x as f64 - mean) * (x as f64 - mean)).sum();
    let variance = square / (n - 1.0);
    if variance <= 0.0 {
        return refuse("all persons have the same score; decisions cannot be judged".to_owned());
    }
    let trials = (mean * (max - mean) - reliability * variance) / (variance * (1.0 - reliability));
    if !(trials.is_finite() && trials >= 1.5) {
        return refuse(format!("the effective test length is {trials:.1}; the scores vary more than the model allows"));
    }
    let length = trials.round().clamp(2.0, 100_000.0) as u32;
    let true_scores = TrueScores::fit(&true_moments(counts, max, f64::from(length)))?;
    let steps: Vec<u32> = cuts.iter().map(|cut| (cut / max * f64::from(length) - 1e-9).ceil() as u32).collect();
    let mut quality = Integral { true_scores, length, cuts: &steps, shares: &shares }.over_levels();
    let levels = cuts.len() + 1;
    let single = |cut: usize| -> (f64, f64) {
        let side = |level: usize| level > cut;
        let same = |matrix: &[f64]| -> f64 {
            (0..levels * levels).filter(|p| side(p / levels) == side(p % levels)).map(|p| matrix[p]).sum()
        };
        (same(&quality.confusion), same(&quality.agreement))
    };
    quality.at_cuts = (0..cuts.len()).map(single).collect();
    Ok(quality)
}

/// First four raw moments of true shares from factorial moments of scores on the effective length.
fn true_moments(counts: &[f64], max: f64, length: f64) -> [f64; 4] {
    let n: f64 = counts.iter().sum();
    let mut moments = [0.0; 4];
    for (x, count) in counts.iter().enumerate() {
        let score = x as f64 / max * length;
        let mut product = count / n;
        for (k, moment) in moments.iter_mut().enumerate() {
            product *= (score - k as f64) / (length - k as f64).max(1.0);
            *moment += product;
        }
    }
    moments
}

impl TrueScores {
    /// From raw moments of true shares.
    fn fit(raw: &[f64; 4]) -> Result<Self, Error> {
        let [m1, m2, m3, m4] = *raw;
        let variance = m2 - m1 * m1;
        if !(variance > 0.0 && m1 > 0.0 && m1 < 1.0) {
            let what = "true scores do not vary at this reliability; decisions cannot be judged".to_owned();
            return Err(Error::Model { what });
        }
        let skewness = (m3 - 3.0 * m1 * m2 + 2.0 * m1 * m1 * m1) / (variance * variance.sqrt());
        let kurtosis = (m4 - 4.0 * m1 * m3 + 6.0 * m1 * m1 * m2 - 3.0 * m1.powi(4)) / (variance * variance);
        let four = Self::four(m1, variance, skewness, kurtosis);
        let three = || Self::three(m1, variance, skewness);
        four.or_else(three).or_else(|| Self::on_interval(m1, variance, 0.0, 1.0, 2)).ok_or_else(|| Error::Model {
            what: "no beta distribution has the moments of the true scores; decisions cannot be judged".to_owned(),
        })
    }

    /// Four moments in closed form (Hanson 1991).
    fn four(mean: f64, variance: f64, skewness: f64, kurtosis: f64) -> Option<Self> {
        let square = skewness * skewness;
        let sum = 6.0 * (kurtosis - square - 1.0) / (6.0 + 3.0 * square - 2.0 * kurtosis);
        let inside =
            1.0 - 24.0 * (sum + 1.0) / ((sum + 2.0) * (sum + 3.0) * kurtosis - 3.0 * (sum - 6.0) * (sum + 1.0));
        if !(sum > 0.0 && inside >= 0.0) {
            return None;
        }
        let half = 0.5 * sum * inside.sqrt();
        let (small, large) = (0.5 * sum - half, 0.5 * sum + half);
        let (alpha, beta) = if skewness >= 0.0 { (small, large) } else { (large, small) };
        if !(alpha > 0.0 && beta > 0.0) {
            return None;
        }
        let unit = (variance * (sum + 1.0) / (alpha * beta)).sqrt();
        let (lower, upper) = (mean - alpha * unit, mean + beta * unit);
        (lower >= 0.0 && upper <= 1.0).then_some(Self { alpha, beta, lower, upper, moments: 4 })
    }

    /// Mean, variance and skewness with `upper = 1`; the skewness falls as `lower` rises to it.
    fn three(mean: f64, variance: f64, skewness: f64) -> Option<Self> {
        let skew_at = |lower: f64| {
            let t = Self::on_interval(mean, variance, lower, 1.0, 3)?;
            let sum = t.alpha + t.beta;
            Some(2.0 * (t.beta - t.alpha) * (sum + 1.0).sqrt() / ((sum + 2.0) * (t.alpha * t.beta).sqrt()))
        };
        // The interval must be wide enough for the variance: (mean - lower)(1 - mean) > variance.
        let highest = mean - variance / (1.0 - mean) - 1e-12;
        let (mut low, mut high) = (0.0, highest);
        let (from, to) = (skew_at(low)? - skewness, skew_at(high)? - skewness);
        if from * to > 0.0 {
            return None;
        }
        for _ in 0..200 {
            let middle = f64::midpoint(low, high);
            if (skew_at(middle)? - skewness) * from > 0.0 { low = middle } else { high = middle }
        }
        Self::on_interval(mean, variance, f64::midpoint(low, high), 1.0, 3)
    }

    /// Mean and variance on a given interval.
    fn on_interval(mean: f64, variance: f64, lower: f64, upper: f64, moments: usize) -> Option<Self> {
        let width = upper - lower;
        let (m, v) = ((mean - lower) / width, variance / (width * width));
        let sum = m * (1.0 - m) / v - 1.0;
        (m > 0.0 && m < 1.0 && sum > 0.0).then_some(Self {
            alpha: m * sum,
            beta: (1.0 - m) * sum,
            lower,
            upper,
            moments,
        })
    }
}

struct Integral<'a> {
    true_scores: TrueScores,
    length: u32,
    /// Lowest score of each level above the first, on the effective length.
    cuts: &'a [u32],
    /// Lowest true share of each level above the first.
    shares: &'a [f64],
}

impl Integral<'_> {
    /// Integrates over true scores, piece by piece between the cuts, by the double exponential rule (Takahasi and Mori
    /// 1974), which takes the infinite ends of a beta density in its stride.
    fn over_levels(&self) -> DecisionQuality {
        let t = &self.true_scores;
        let levels = self.cuts.len() + 1;
        let (mut confusion, mut agreement) = (vec![0.0; levels * levels], vec![0.0; levels * levels]);
        let width = t.upper - t.lower;
        let place = |share: f64| ((share - t.lower) / width).clamp(0.0, 1.0);
        let borders: Vec<f64> =
            std::iter::once(0.0).chain(self.shares.iter().map(|s| place(*s))).chain(std::iter::once(1.0)).collect();
        let constant = ln_beta(t.alpha, t.beta);
        for level in 0..levels {
            let (from, to) = (borders[level], borders[level + 1]);
            if to <= from {
                continue;
            }
            let steps = 400;
            for i in -steps..=steps {
                let s = 4.2 * f64::from(i) / f64::from(steps);
                let arm = std::f64::consts::PI * libm::sinh(s);
                // Distances from both ends, each with all its digits.
                let (left, right) = (1.0 / (1.0 + libm::exp(-arm)), 1.0 / (1.0 + libm::exp(arm)));
                let weight = 4.2 / f64::from(steps) * std::f64::consts::PI * libm::cosh(s) * left * right * (to - from);
                let (up, down) = (from + (to - from) * left, (1.0 - to) + (to - from) * right);
                if weight <= 0.0 || up <= 0.0 || down <= 0.0 {
                    continue;
                }
                let density = exp((t.alpha - 1.0) * ln(up) + (t.beta - 1.0) * ln(down) - constant) * weight;
                let observed = self.levels_given(t.lower + width * up);
                for (a, x) in observed.iter().enumerate() {
                    confusion[level * levels + a] += density * x;
                    for (b, y) in observed.iter().enumerate() {
                        agreement[a * levels + b] += density * x * y;
                    }
                }
            }
        }
        // What the rule leaves of the whole, about 1e-12, goes to all cells alike.
        let whole: f64 = confusion.iter().sum();
        confusion.iter_mut().chain(agreement.iter_mut()).for_each(|x| *x /= whole);
        let trace = |matrix: &[f64]| (0..levels).map(|l| matrix[l * levels + l]).sum::<f64>();
        let chance: f64 =
            (0..levels).map(|l| agreement[l * levels..(l + 1) * levels].iter().sum::<f64>().powi(2)).sum();
        let (accuracy, consistency) = (trace(&confusion), trace(&agreement));
        DecisionQuality {
            length: self.length,
            true_scores: *t,
            accuracy,
            consistency,
            chance,
            kappa: (chance < 1.0 - 1e-12).then(|| (consistency - chance) / (1.0 - chance)),
            confusion,
            agreement,
            at_cuts: Vec::new(),
        }
    }

    /// Probability of each observed level for a true share.
    fn levels_given(&self, share: f64) -> Vec<f64> {
        let n = self.length;
        let mut levels = vec![0.0; self.cuts.len() + 1];
        let (success, failure) = (ln(share.max(1e-300)), ln((1.0 - share).max(1e-300)));
        let mut coefficient = 0.0;
        for score in 0..=n {
            if score > 0 {
                coefficient += ln(f64::from(n - score + 1) / f64::from(score));
            }
            let p = exp(coefficient + f64::from(score) * success + f64::from(n - score) * failure);
            levels[self.cuts.partition_point(|cut| *cut <= score)] += p;
        }
        levels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores of 151,050 examinees on a mathematics test of 40 items, the example data of BB-CLASS (Brennan 2004).
    const MATHEMATICS: [f64; 41] = [
        0.0, 23.0, 98.0, 384.0, 986.0, 2161.0, 3722.0, 5623.0, 7533.0, 8817.0, 9597.0, 9809.0, 9674.0, 8971.0, 8033.0,
        7384.0, 6758.0, 6004.0, 5463.0, 4896.0, 4367.0, 4083.0, 3651.0, 3333.0, 3191.0, 2899.0, 2644.0, 2597.0, 2287.0,
        2197.0, 1967.0, 1874.0, 1710.0, 1581.0, 1503.0, 1349.0, 1181.0, 994.0, 827.0, 585.0, 294.0,
    ];

    fn near(ours: f64, printed: f64) {
        assert!((ours - printed).abs() < 1.6e-5, "{ours} {printed}");
    }

    /// Against the listing that BBClassify 1.0 prints for reliability 0.873.
    #[test]
    fn the_documented_example_agrees() {
        let one = decision_quality(&MATHEMATICS, 0.873, &[24.0], &[]).unwrap();
        assert_eq!((one.length, one.true_scores.moments), (40, 3));
        near(one.true_scores.alpha, 0.523_78);
        near(one.true_scores.beta, 1.625_69);
        near(one.true_scores.lower, 0.223_17);
        for (ours, printed) in one.confusion.iter().zip([0.782_47, 0.037_95, 0.017_78, 0.161_80]) {
            near(*ours, printed);
        }
        for (ours, printed) in one.agreement.iter().zip([0.761_27, 0.038_98, 0.038_98, 0.160_76]) {
            near(*ours, printed);
        }
        near(one.accuracy, 0.944_27);
        near(one.consistency, 0.922_03);
        near(one.kappa.unwrap(), 0.756_12);
        // Listed with observed cuts 23 and 25; its marginals are those of the true cuts 0.55 and 0.6 of 40 points.
        let two = decision_quality(&MATHEMATICS, 0.873, &[22.0, 24.0], &[]).unwrap();
        let printed = [0.731_24, 0.025_66, 0.018_02, 0.014_52, 0.011_05, 0.019_92, 0.006_74, 0.011_04, 0.161_80];
        for (ours, printed) in two.confusion.iter().zip(printed) {
            near(*ours, printed);
        }
        near(two.accuracy, 0.904_09);
        near(two.consistency, 0.876_10);
        near(two.kappa.unwrap(), 0.683_58);
        // True cuts of their own move the rows only.
        let moved = decision_quality(&MATHEMATICS, 0.873, &[22.0, 24.0], &[0.5, 0.6]).unwrap();
        assert!((moved.consistency - two.consistency).abs() < 1e-9 && moved.accuracy < two.accuracy);
    }

    /// Scores drawn from the model itself give its parameters and its decisions back.
    #[test]
    fn four_parameters_are_found_again() {
        let (alpha, beta, lower, upper, length) = (4.0, 3.0, 0.2, 0.95, 40_usize);
        let grid = 20_000;
        let mut counts = vec![0.0; length + 1];
        for i in 0..grid {
            let t = (f64::from(i) + 0.5) / f64::from(grid);
            let weight = t.powf(alpha - 1.0) * (1.0 - t).powf(beta - 1.0);
            let p: f64 = lower + (upper - lower) * t;
            let mut coefficient = 1.0;
            for (x, count) in counts.iter_mut().enumerate() {
                if x > 0 {
                    coefficient *= (length - x + 1) as f64 / x as f64;
                }
                *count += 1e6 * weight * coefficient * p.powi(x as i32) * (1.0 - p).powi((length - x) as i32);
            }
        }
        let n: f64 = counts.iter().sum();
        let mean = counts.iter().enumerate().map(|(x, c)| x as f64 * c).sum::<f64>() / n;
        let variance = counts.iter().enumerate().map(|(x, c)| c * (x as f64 - mean).powi(2)).sum::<f64>() / n;
        // Reliability of the model is KR21.
        let m = length as f64;
        let reliability = m / (m - 1.0) * (1.0 - mean * (m - mean) / (m * variance));
        let found = decision_quality(&counts, reliability, &[26.0], &[]).unwrap();
        assert_eq!((found.length, found.true_scores.moments), (40, 4));
        assert!((found.true_scores.alpha - alpha).abs() < 0.01 && (found.true_scores.lower - lower).abs() < 1e-3);
        // The observed marginal is the share of scores below the cut.
        let below: f64 = counts[..26].iter().sum::<f64>() / n;
        assert!((found.confusion[0] + found.confusion[2] - below).abs() < 1e-5);
        assert!(decision_quality(&counts, 1.2, &[26.0], &[]).is_err());
        assert!(decision_quality(&counts, 0.8, &[26.0, 20.0], &[]).is_err());
    }
}
