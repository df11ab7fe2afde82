//! Prior densities of item parameters.

use crate::math::{ln, logistic};

/// Prior density of one kind of parameter, in the parameterisation named.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Prior {
    /// Normal density of the parameter; of the logit for an asymptote.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, above 0.
        sd: f64,
    },
    /// Log-normal density (slopes): ln of the parameter is normal.
    LogNormal {
        /// Mean of the logarithm.
        mean: f64,
        /// Standard deviation of the logarithm, above 0.
        sd: f64,
    },
    /// Beta density of an asymptote itself (not of its logit).
    Beta {
        /// First shape, above 0.
        alpha: f64,
        /// Second shape, above 0.
        beta: f64,
    },
}

const LN_SQRT_2PI: f64 = 0.918_938_533_204_672_8;

impl Prior {
    /// Whether its numbers make a density.
    pub(crate) fn is_proper(self) -> bool {
        let positive = |x: f64| x.is_finite() && x > 0.0;
        match self {
            Self::Normal { mean, sd } | Self::LogNormal { mean, sd } => mean.is_finite() && positive(sd),
            Self::Beta { alpha, beta } => positive(alpha) && positive(beta),
        }
    }

    /// Log density, its gradient and a non-negative curvature (minus the second derivative, at least 0).
    /// `None` outside the support. For [`Prior::Beta`] `x` is the logit of the asymptote.
    pub(crate) fn at(self, x: f64) -> Option<(f64, f64, f64)> {
        match self {
            Self::Normal { mean, sd } => {
                let z = (x - mean) / sd;
                Some((-0.5 * z * z - ln(sd) - LN_SQRT_2PI, -z / sd, 1.0 / (sd * sd)))
            }
            Self::LogNormal { mean, sd } => {
                if x <= 0.0 {
                    return None;
                }
                let z = (ln(x) - mean) / sd;
                let curvature = ((1.0 - z * sd) / (sd * sd) - 1.0) / (x * x);
                Some((-0.5 * z * z - ln(sd) - LN_SQRT_2PI - ln(x), -(1.0 + z / sd) / x, curvature.max(0.0)))
            }
            Self::Beta { alpha, beta } => {
                let (p, q) = (logistic(x), logistic(-x));
                let constant = libm::lgamma(alpha + beta) - libm::lgamma(alpha) - libm::lgamma(beta);
                let value = constant + (alpha - 1.0) * ln(p) + (beta - 1.0) * ln(q);
                let slope = (alpha - 1.0) * q - (beta - 1.0) * p;
                Some((value, slope, ((alpha + beta - 2.0) * p * q).max(0.0)))
            }
        }
    }
}
