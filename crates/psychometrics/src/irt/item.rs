//! Item response functions.
//!
//! Slope-intercept form with D = 1: the linear predictor is `slope * theta + intercept`. The IRT form follows by
//! `b = -intercept / slope`. Scores are 0..=K for K + 1 categories; derivatives are with respect to theta.

use crate::math::{exp, logistic};

/// Parameters of one item.
#[derive(Debug, Clone, PartialEq)]
pub enum ItemParameters {
    /// Birnbaum's 1- to 4-parameter logistic model (Lord and Novick 1968, ch. 17; Barton and Lord 1981):
    /// `P(1) = lower + (upper - lower) / (1 + exp(-(slope theta + intercept)))`.
    Logistic {
        /// Discrimination.
        slope: f64,
        /// Intercept; difficulty is `-intercept / slope`.
        intercept: f64,
        /// Lower asymptote (guessing), 0 in the 2PL.
        lower: f64,
        /// Upper asymptote, 1 below the 4PL.
        upper: f64,
    },
    /// Generalised partial credit (Muraki 1992): `P(k)` is proportional to `exp(k slope theta + intercepts[k-1])`,
    /// with 0 in place of the intercept for k = 0. Slope 1 is the partial credit model (Masters 1982).
    PartialCredit {
        /// Discrimination.
        slope: f64,
        /// One per score 1..=K; step difficulties are `(d[k-1] - d[k]) / slope`.
        intercepts: Vec<f64>,
    },
    /// Graded response (Samejima 1969): `P(score >= k) = 1 / (1 + exp(-(slope theta + intercepts[k-1])))`.
    Graded {
        /// Discrimination.
        slope: f64,
        /// One per score 1..=K, strictly decreasing; boundary difficulties are `-d[k] / slope`.
        intercepts: Vec<f64>,
    },
    /// Nominal (Bock 1972): `P(k)` is proportional to `exp(slopes[k-1] theta + intercepts[k-1])`, 0 for k = 0.
    Nominal {
        /// One per category 1..=K.
        slopes: Vec<f64>,
        /// One per category 1..=K.
        intercepts: Vec<f64>,
    },
}

/// Probability of one category with its first and second derivative by theta.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Curve {
    /// Probability.
    pub p: f64,
    /// First derivative.
    pub first: f64,
    /// Second derivative.
    pub second: f64,
}

impl ItemParameters {
    /// Whether every parameter is a finite number.
    pub fn is_finite(&self) -> bool {
        match self {
            Self::Logistic { slope, intercept, lower, upper } => {
                [slope, intercept, lower, upper].iter().all(|x| x.is_finite())
            }
            Self::PartialCredit { slope, intercepts } | Self::Graded { slope, intercepts } => {
                slope.is_finite() && intercepts.iter().all(|x| x.is_finite())
            }
            Self::Nominal { slopes, intercepts } => slopes.iter().chain(intercepts).all(|x| x.is_finite()),
        }
    }

    /// Number of score categories, at least 2.
    pub fn categories(&self) -> usize {
        match self {
            Self::Logistic { .. } => 2,
            Self::PartialCredit { intercepts, .. }
            | Self::Graded { intercepts, .. }
            | Self::Nominal { intercepts, .. } => intercepts.len() + 1,
        }
    }

    /// Probabilities of all categories with derivatives, appended to `out` after it is cleared.
    pub fn curves(&self, theta: f64, out: &mut Vec<Curve>) {
        out.clear();
        match self {
            Self::Logistic { slope, intercept, lower, upper } => {
                let l = logistic(slope * theta + intercept);
                let spread = slope * l * (1.0 - l);
                let p = lower + (upper - lower) * l;
                let first = (upper - lower) * spread;
                let second = first * slope * (1.0 - 2.0 * l);
                // 1 - p from its parts keeps digits when p is near 1.
                let q = (1.0 - upper) + (upper - lower) * logistic(-(slope * theta + intercept));
                out.push(Curve { p: q, first: -first, second: -second });
                out.push(Curve { p, first, second });
            }
            Self::PartialCredit { slope, intercepts } => {
                let terms = intercepts.iter().enumerate().map(|(k, d)| ((k + 1) as f64 * slope, *d));
                divide_by_total(theta, terms, out);
            }
            Self::Nominal { slopes, intercepts } => {
                divide_by_total(theta, slopes.iter().copied().zip(intercepts.iter().copied()), out);
            }
            Self::Graded { slope, intercepts } => {
                let boundary = |d: f64| {
                    let l = logistic(slope * theta + d);
                    let first = slope * l * (1.0 - l);
                    Curve { p: l, first, second: first * slope * (1.0 - 2.0 * l) }
                };
                let mut above = Curve { p: 1.0, first: 0.0, second: 0.0 };
                for (k, d) in intercepts.iter().enumerate() {
                    let next = boundary(*d);
                    // L(x) - L(y) = L(x) (1 - L(y)) (1 - exp(y - x)) loses no digits in the tails.
                    let gap = if k == 0 { 1.0 } else { -libm::expm1(d - intercepts[k - 1]) };
                    let p = above.p * logistic(-(slope * theta + d)) * gap;
                    out.push(Curve { p, first: above.first - next.first, second: above.second - next.second });
                    above = next;
                }
                out.push(above);
            }
        }
    }

    /// Fisher information at theta: the sum over categories of `P'^2 / P`.
    pub fn information(&self, theta: f64) -> f64 {
        let mut curves = Vec::with_capacity(self.categories());
        self.curves(theta, &mut curves);
        information_of(&curves)
    }

    /// Expected score at theta, 0..=K.
    pub fn expected_score(&self, theta: f64) -> f64 {
        let mut curves = Vec::with_capacity(self.categories());
        self.curves(theta, &mut curves);
        curves.iter().enumerate().map(|(k, curve)| k as f64 * curve.p).sum()
    }

    /// Whether the model belongs to the exponential family with linear predictors in theta (2PL, GPCM, nominal).
    pub fn is_divide_by_total(&self) -> bool {
        match self {
            Self::Logistic { lower, upper, .. } => *lower == 0.0 && *upper == 1.0,
            Self::PartialCredit { .. } | Self::Nominal { .. } => true,
            Self::Graded { .. } => false,
        }
    }

    /// The item after the scale change `theta_new = scale * theta_old + shift` (scale > 0).
    #[must_use]
    pub fn on_scale(&self, scale: f64, shift: f64) -> Self {
        let move_one = |slope: f64, d: f64| d - slope * shift / scale;
        match self {
            Self::Logistic { slope, intercept, lower, upper } => Self::Logistic {
                slope: slope / scale,
                intercept: move_one(*slope, *intercept),
                lower: *lower,
                upper: *upper,
            },
            Self::PartialCredit { slope, intercepts } => Self::PartialCredit {
                slope: slope / scale,
                intercepts: intercepts.iter().enumerate().map(|(k, d)| move_one((k + 1) as f64 * slope, *d)).collect(),
            },
            Self::Graded { slope, intercepts } => Self::Graded {
                slope: slope / scale,
                intercepts: intercepts.iter().map(|d| move_one(*slope, *d)).collect(),
            },
            Self::Nominal { slopes, intercepts } => Self::Nominal {
                slopes: slopes.iter().map(|slope| slope / scale).collect(),
                intercepts: slopes.iter().zip(intercepts).map(|(slope, d)| move_one(*slope, *d)).collect(),
            },
        }
    }

    /// Discrimination and difficulties: `b` of a dichotomous item, steps of partial credit, boundaries of graded.
    /// `None` for the nominal model, which has no such form, and for a zero slope.
    pub fn difficulties(&self) -> Option<(f64, Vec<f64>)> {
        match self {
            Self::Logistic { slope, intercept, .. } if *slope != 0.0 => Some((*slope, vec![-intercept / slope])),
            Self::Graded { slope, intercepts } if *slope != 0.0 => {
                Some((*slope, intercepts.iter().map(|d| -d / slope).collect()))
            }
            Self::PartialCredit { slope, intercepts } if *slope != 0.0 => {
                let before = std::iter::once(&0.0).chain(intercepts);
                Some((*slope, before.zip(intercepts).map(|(before, d)| (before - d) / slope).collect()))
            }
            _ => None,
        }
    }
}

/// `sum P'^2 / P`.
pub(crate) fn information_of(curves: &[Curve]) -> f64 {
    curves.iter().filter(|c| c.p > 0.0).map(|c| c.first * c.first / c.p).sum()
}

fn divide_by_total(theta: f64, terms: impl Iterator<Item = (f64, f64)>, out: &mut Vec<Curve>) {
    // `first` holds the slope and `p` the exponent until the total is known.
    out.push(Curve { p: 0.0, first: 0.0, second: 0.0 });
    out.extend(terms.map(|(slope, d)| Curve { p: slope * theta + d, first: slope, second: 0.0 }));
    let top = out.iter().map(|c| c.p).fold(f64::NEG_INFINITY, f64::max);
    let mut total = 0.0;
    for curve in out.iter_mut() {
        curve.p = exp(curve.p - top);
        total += curve.p;
    }
    let (mut mean, mut square) = (0.0, 0.0);
    for curve in out.iter_mut() {
        curve.p /= total;
        mean += curve.p * curve.first;
        square += curve.p * curve.first * curve.first;
    }
    let variance = square - mean * mean;
    for curve in out.iter_mut() {
        let away = curve.first - mean;
        curve.second = curve.p * (away * away - variance);
        curve.first = curve.p * away;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples() -> Vec<ItemParameters> {
        vec![
            ItemParameters::Logistic { slope: 1.3, intercept: -0.4, lower: 0.2, upper: 0.97 },
            ItemParameters::PartialCredit { slope: 0.8, intercepts: vec![0.5, 0.1, -1.0] },
            ItemParameters::Graded { slope: 1.7, intercepts: vec![2.0, 0.3, -1.1] },
            ItemParameters::Nominal { slopes: vec![0.4, -0.2, 1.5], intercepts: vec![0.3, 0.2, -0.7] },
        ]
    }

    #[test]
    fn derivatives_agree_with_differences_and_probabilities_add_to_one() {
        let h = 1e-4;
        for item in examples() {
            for step in -12..=12 {
                let theta = f64::from(step) * 0.5;
                let at = |t: f64| {
                    let mut out = Vec::new();
                    item.curves(t, &mut out);
                    out
                };
                let (low, here, high) = (at(theta - h), at(theta), at(theta + h));
                assert!((here.iter().map(|c| c.p).sum::<f64>() - 1.0).abs() < 1e-14);
                for k in 0..item.categories() {
                    assert!(((high[k].p - low[k].p) / (2.0 * h) - here[k].first).abs() < 1e-7);
                    assert!(((high[k].first - low[k].first) / (2.0 * h) - here[k].second).abs() < 1e-7);
                }
            }
        }
    }

    #[test]
    fn a_scale_change_keeps_probabilities() {
        for item in examples() {
            let moved = item.on_scale(1.4, -0.3);
            let (mut x, mut y) = (Vec::new(), Vec::new());
            item.curves(0.7, &mut x);
            moved.curves(1.4 * 0.7 - 0.3, &mut y);
            assert!(x.iter().zip(&y).all(|(x, y)| (x.p - y.p).abs() < 1e-15));
        }
    }
}
