//! Observed-score and true-score equating: from points on one form to points on another.
//!
//! Sources: Kolen and Brennan (2014) for the methods and names; Livingston and Kim (2009) for the circle arc; Holland
//! and Thayer (2000) for log-linear presmoothing; von Davier, Holland and Thayer (2004) for the kernel.

mod errors;
mod irt;
mod neat;
mod smooth;

pub use errors::{CountTable, ItemsWithErrors, bootstrap_errors, delta_errors, item_errors};
pub use irt::{irt_observed_score, irt_true_score};
pub use neat::{Anchor, Joint, NeatMethod, neat};
pub use smooth::log_linear;

use crate::Error;
use crate::math::normal_cdf;

/// A distribution of whole scores 0, 1, ...: weights that need not add to one.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreDistribution {
    weights: Vec<f64>,
}

impl ScoreDistribution {
    /// From the number (or share) of persons with each score 0, 1, ..., max.
    ///
    /// # Errors
    /// Fewer than two scores, a negative or non-finite count, no persons.
    pub fn new(weights: Vec<f64>) -> Result<Self, Error> {
        if let Some(value) = weights.iter().find(|w| !w.is_finite() || **w < 0.0) {
            return Err(Error::NotFinite { what: "count of a score".to_owned(), value: *value });
        }
        if weights.len() < 2 || weights.iter().sum::<f64>() <= 0.0 {
            return Err(Error::Empty { what: "persons" });
        }
        Ok(Self { weights })
    }

    /// Largest possible score.
    pub fn max(&self) -> usize {
        self.weights.len() - 1
    }

    /// Shares that add to one.
    pub fn shares(&self) -> Vec<f64> {
        let total: f64 = self.weights.iter().sum();
        self.weights.iter().map(|w| w / total).collect()
    }

    /// Mean score.
    pub fn mean(&self) -> f64 {
        self.shares().iter().enumerate().map(|(x, p)| x as f64 * p).sum()
    }

    /// Standard deviation; divides by n - 1 when the weights are counts (their sum exceeds 1.5).
    pub fn sd(&self) -> f64 {
        let total: f64 = self.weights.iter().sum();
        let mean = self.mean();
        let square: f64 = self.weights.iter().enumerate().map(|(x, w)| w * (x as f64 - mean) * (x as f64 - mean)).sum();
        (square / if total > 1.5 { total - 1.0 } else { total }).sqrt()
    }

    /// Share below `x` with scores spread evenly over `score - 0.5 ..= score + 0.5`.
    pub fn percentile_rank(&self, x: f64) -> f64 {
        let shares = self.shares();
        let score = (x + 0.5).floor();
        if score < 0.0 {
            return 0.0;
        }
        if score as usize >= shares.len() {
            return 1.0;
        }
        let score = score as usize;
        let below: f64 = shares[..score].iter().sum();
        below + (x - (score as f64 - 0.5)) * shares[score]
    }

    /// The score with a percentile rank (0..=1); in a gap the upper end of the gap's lowest point.
    pub fn percentile(&self, rank: f64) -> f64 {
        let mut below = 0.0;
        for (score, share) in self.shares().into_iter().enumerate() {
            if share > 0.0 && below + share >= rank - 1e-15 {
                if rank <= below {
                    break;
                }
                return score as f64 - 0.5 + ((rank - below) / share).min(1.0);
            }
            below += share;
        }
        // Nobody at or below: the lowest point of the scale.
        if rank <= 0.0 { -0.5 } else { self.max() as f64 + 0.5 }
    }
}

/// Methods for random groups or a single group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// Equal means.
    Mean,
    /// Equal means and standard deviations.
    Linear,
    /// Equal percentile ranks.
    Equipercentile,
    /// Arc of a circle (simplified form) through 0, the two means and the two maxima.
    CircleArc,
    /// Equal ranks of distributions made continuous by normal kernels of this bandwidth, in points.
    Kernel {
        /// Bandwidth, above 0; about 0.6 keeps the shape.
        bandwidth: f64,
    },
}

/// Equivalents on form Y of every score 0..=max of form X.
///
/// # Errors
/// No spread of scores where the method needs it, a bandwidth that is not positive.
pub fn equate(x: &ScoreDistribution, y: &ScoreDistribution, method: Method) -> Result<Vec<f64>, Error> {
    let scores = (0..=x.max()).map(|score| score as f64);
    match method {
        Method::Mean => Ok(scores.map(|s| s - x.mean() + y.mean()).collect()),
        Method::Linear => {
            let (sx, sy) = (x.sd(), y.sd());
            if sx <= 0.0 {
                return Err(Error::Model { what: "all scores of form X are alike; nothing can be equated".to_owned() });
            }
            Ok(scores.map(|s| y.mean() + sy / sx * (s - x.mean())).collect())
        }
        Method::Equipercentile => Ok(scores.map(|s| y.percentile(x.percentile_rank(s))).collect()),
        Method::CircleArc => Ok(circle_arc(x, y)),
        Method::Kernel { bandwidth } => {
            if !(bandwidth > 0.0 && bandwidth.is_finite()) {
                return Err(Error::NotFinite { what: "bandwidth of the kernel".to_owned(), value: bandwidth });
            }
            let (from, to) = (Kernel::new(x, bandwidth), Kernel::new(y, bandwidth));
            Ok(scores.map(|s| to.inverse(from.cdf(s))).collect())
        }
    }
}

fn circle_arc(x: &ScoreDistribution, y: &ScoreDistribution) -> Vec<f64> {
    let (x3, y3) = (x.max() as f64, y.max() as f64);
    let line = |s: f64| y3 / x3 * s;
    let (x2, bend) = (x.mean(), y.mean() - line(x.mean()));
    let arc = |s: f64| {
        if bend.abs() < 1e-12 {
            return 0.0;
        }
        // Circle through (0, 0), (x2, bend), (x3, 0): the centre is at half way and at this height.
        let centre = 0.5 * x3;
        let height = (x2 * x2 + bend * bend - x2 * x3) / (2.0 * bend);
        let radius = centre * centre + height * height;
        let half = (radius - (s - centre) * (s - centre)).max(0.0).sqrt();
        if bend > 0.0 { height + half } else { height - half }
    };
    (0..=x.max()).map(|s| line(s as f64) + arc(s as f64)).collect()
}

/// A score distribution made continuous: mean and variance are kept.
struct Kernel {
    shares: Vec<f64>,
    mean: f64,
    shrink: f64,
    bandwidth: f64,
}

impl Kernel {
    fn new(d: &ScoreDistribution, bandwidth: f64) -> Self {
        let shares = d.shares();
        let mean = d.mean();
        let variance: f64 = shares.iter().enumerate().map(|(x, p)| p * (x as f64 - mean) * (x as f64 - mean)).sum();
        let shrink = (variance / (variance + bandwidth * bandwidth)).sqrt();
        Self { shares, mean, shrink, bandwidth }
    }

    fn cdf(&self, x: f64) -> f64 {
        let a = self.shrink;
        let at = |j: usize| (x - a * j as f64 - (1.0 - a) * self.mean) / (a * self.bandwidth);
        self.shares.iter().enumerate().map(|(j, p)| p * normal_cdf(at(j))).sum()
    }

    fn inverse(&self, rank: f64) -> f64 {
        let (mut low, mut high) =
            (-10.0 - self.bandwidth * 10.0, self.shares.len() as f64 + 10.0 + self.bandwidth * 10.0);
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if self.cdf(middle) < rank { low = middle } else { high = middle }
        }
        0.5 * (low + high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_equates_to_itself() {
        let d = ScoreDistribution::new(vec![2.0, 5.0, 9.0, 14.0, 9.0, 4.0, 1.0]).unwrap();
        for method in
            [Method::Mean, Method::Linear, Method::Equipercentile, Method::CircleArc, Method::Kernel { bandwidth: 0.6 }]
        {
            for (score, equated) in equate(&d, &d, method).unwrap().into_iter().enumerate() {
                assert!((equated - score as f64).abs() < 1e-9, "{method:?} {score} {equated}");
            }
        }
    }
}
