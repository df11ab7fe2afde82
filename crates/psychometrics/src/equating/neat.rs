//! Equating with an anchor: two groups take different forms that share an anchor test.

use super::{Method, ScoreDistribution, equate};
use crate::Error;

/// Joint counts of total and anchor score of one group.
#[derive(Debug, Clone, PartialEq)]
pub struct Joint {
    pub(super) counts: Vec<f64>,
    pub(super) anchor: usize,
}

impl Joint {
    /// From pairs (total, anchor) with the maxima of both.
    ///
    /// # Errors
    /// A score above its maximum, no persons, a maximum of 0.
    pub fn new(pairs: impl IntoIterator<Item = (usize, usize)>, max: usize, anchor_max: usize) -> Result<Self, Error> {
        let anchor = anchor_max + 1;
        let mut counts = vec![0.0; (max + 1) * anchor];
        let mut persons = 0;
        for (total, of_anchor) in pairs {
            if total > max || of_anchor > anchor_max {
                return Err(Error::Model {
                    what: format!("score {total} with anchor {of_anchor} is above the maxima {max} and {anchor_max}"),
                });
            }
            counts[total * anchor + of_anchor] += 1.0;
            persons += 1;
        }
        if persons < 2 || max == 0 || anchor_max == 0 {
            return Err(Error::Empty { what: "persons" });
        }
        Ok(Self { counts, anchor })
    }

    fn totals(&self) -> Vec<f64> {
        self.counts.chunks_exact(self.anchor).map(|row| row.iter().sum()).collect()
    }

    fn anchors(&self) -> Vec<f64> {
        (0..self.anchor).map(|v| self.counts.iter().skip(v).step_by(self.anchor).sum()).collect()
    }

    /// Distribution of totals if the anchor were distributed as `anchors` (shares).
    fn reweighted(&self, anchors: &[f64]) -> Vec<f64> {
        let own = self.anchors();
        let row = |row: &[f64]| -> f64 {
            let given = |v: usize| if own[v] > 0.0 { row[v] / own[v] * anchors[v] } else { 0.0 };
            (0..self.anchor).map(given).sum()
        };
        self.counts.chunks_exact(self.anchor).map(row).collect()
    }

    fn moments(&self) -> Result<Moments, Error> {
        let (total, anchor) = (ScoreDistribution::new(self.totals())?, ScoreDistribution::new(self.anchors())?);
        let n: f64 = self.counts.iter().sum();
        let (mean, anchor_mean) = (total.mean(), anchor.mean());
        let cross: f64 = self
            .counts
            .iter()
            .enumerate()
            .map(|(place, w)| w * ((place / self.anchor) as f64 - mean) * ((place % self.anchor) as f64 - anchor_mean))
            .sum();
        let variance = |d: &ScoreDistribution| d.sd() * d.sd();
        Ok(Moments {
            mean,
            variance: variance(&total),
            anchor_mean,
            anchor_variance: variance(&anchor),
            covariance: cross / (n - 1.0),
        })
    }
}

struct Moments {
    mean: f64,
    variance: f64,
    anchor_mean: f64,
    anchor_variance: f64,
    covariance: f64,
}

/// Where the points of the anchor count. Levine's methods need to know: an anchor outside the total has errors of its
/// own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The anchor's points are part of the total.
    Internal,
    /// The total is without the anchor.
    External,
}

impl Anchor {
    /// Spread of true totals over that of true anchor scores, under the congeneric model.
    fn true_ratio(self, of: &Moments) -> f64 {
        match self {
            Self::Internal => of.variance / of.covariance,
            Self::External => (of.variance + of.covariance) / (of.anchor_variance + of.covariance),
        }
    }
}

/// Methods with an anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NeatMethod {
    /// Tucker's linear method.
    Tucker,
    /// Levine's observed-score linear method (Levine 1955; Kolen and Brennan 2014, eqs. 4.53 and 4.58).
    Levine(Anchor),
    /// Levine's true-score linear method, which needs no synthetic population (eqs. 4.65 and 4.66).
    LevineTrue(Anchor),
    /// Linear with moments from frequency estimation.
    BraunHolland,
    /// Linear through the anchor, each step in its own group.
    ChainedLinear,
    /// Equipercentile on distributions reweighted to one population (post-stratification).
    FrequencyEstimation,
    /// Equipercentile through the anchor, each step in its own group.
    ChainedEquipercentile,
}

/// Equivalents on form Y of every score of form X. `x_weight`: share of the group of form X in the synthetic
/// population, 0..=1.
///
/// # Errors
/// Anchors of different length, no spread, a weight outside 0..=1.
pub fn neat(x: &Joint, y: &Joint, method: NeatMethod, x_weight: f64) -> Result<Vec<f64>, Error> {
    if x.anchor != y.anchor {
        return Err(Error::Model {
            what: format!("the anchors have {} and {} scores; they must be the same test", x.anchor, y.anchor),
        });
    }
    if !(0.0..=1.0).contains(&x_weight) {
        return Err(Error::NotFinite {
            what: "weight of the group of form X, which must be in 0..=1,".to_owned(),
            value: x_weight,
        });
    }
    let top = x.totals().len();
    let straight = |mean_x: f64, variance_x: f64, mean_y: f64, variance_y: f64| -> Result<Vec<f64>, Error> {
        if variance_x <= 0.0 || variance_y <= 0.0 {
            return Err(Error::Model { what: "the scores have no spread; nothing can be equated".to_owned() });
        }
        let slope = (variance_y / variance_x).sqrt();
        Ok((0..top).map(|s| mean_y + slope * (s as f64 - mean_x)).collect())
    };
    let (w1, w2) = (x_weight, 1.0 - x_weight);
    let related = |m: &Moments| {
        if m.covariance > 0.0 {
            return Ok(());
        }
        let what =
            "totals and anchor do not go together (their covariance is not positive); check the anchor".to_owned();
        Err(Error::Model { what })
    };
    match method {
        NeatMethod::LevineTrue(anchor) => {
            let (a, b) = (x.moments()?, y.moments()?);
            related(&a)?;
            related(&b)?;
            let (g1, g2) = (anchor.true_ratio(&a), anchor.true_ratio(&b));
            let at_anchor = b.mean + g2 * (a.anchor_mean - b.anchor_mean);
            Ok((0..top).map(|s| at_anchor + g2 / g1 * (s as f64 - a.mean)).collect())
        }
        NeatMethod::Tucker | NeatMethod::Levine(_) => {
            let (a, b) = (x.moments()?, y.moments()?);
            related(&a)?;
            related(&b)?;
            let gamma = |m: &Moments| match method {
                NeatMethod::Levine(anchor) => anchor.true_ratio(m),
                _ => m.covariance / m.anchor_variance,
            };
            let (g1, g2) = (gamma(&a), gamma(&b));
            let (mean, variance) = (a.anchor_mean - b.anchor_mean, a.anchor_variance - b.anchor_variance);
            let mean_x = a.mean - w2 * g1 * mean;
            let mean_y = b.mean + w1 * g2 * mean;
            let variance_x = a.variance - w2 * g1 * g1 * variance + w1 * w2 * g1 * g1 * mean * mean;
            let variance_y = b.variance + w1 * g2 * g2 * variance + w1 * w2 * g2 * g2 * mean * mean;
            straight(mean_x, variance_x, mean_y, variance_y)
        }
        NeatMethod::ChainedLinear => {
            let (a, b) = (x.moments()?, y.moments()?);
            let (to_anchor, to_y) = ((a.anchor_variance / a.variance).sqrt(), (b.variance / b.anchor_variance).sqrt());
            let on_anchor = |s: f64| a.anchor_mean + to_anchor * (s - a.mean);
            Ok((0..top).map(|s| b.mean + to_y * (on_anchor(s as f64) - b.anchor_mean)).collect())
        }
        NeatMethod::ChainedEquipercentile => {
            let (dx, dy) = (ScoreDistribution::new(x.totals())?, ScoreDistribution::new(y.totals())?);
            let (vx, vy) = (ScoreDistribution::new(x.anchors())?, ScoreDistribution::new(y.anchors())?);
            let on_anchor = equate(&dx, &vx, Method::Equipercentile)?;
            Ok(on_anchor.into_iter().map(|v| dy.percentile(vy.percentile_rank(v))).collect())
        }
        NeatMethod::BraunHolland | NeatMethod::FrequencyEstimation => {
            let shares = |d: Vec<f64>| ScoreDistribution::new(d).map(|d| d.shares());
            let (v1, v2) = (shares(x.anchors())?, shares(y.anchors())?);
            let blend = |own: Vec<f64>, other: Vec<f64>, weight: f64| -> Result<ScoreDistribution, Error> {
                let (own, other) = (shares(own)?, shares(other)?);
                ScoreDistribution::new(own.iter().zip(&other).map(|(o, t)| weight * o + (1.0 - weight) * t).collect())
            };
            let fx = blend(x.totals(), x.reweighted(&v2), w1)?;
            let fy = blend(y.totals(), y.reweighted(&v1), w2)?;
            if method == NeatMethod::FrequencyEstimation {
                return equate(&fx, &fy, Method::Equipercentile);
            }
            straight(fx.mean(), fx.sd() * fx.sd(), fy.mean(), fy.sd() * fy.sd())
        }
    }
}
