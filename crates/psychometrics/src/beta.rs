//! Incomplete beta function and the F distribution, the same bytes on every machine.

use crate::math::{exp, ln};

/// ln B(a, b); `a`, `b` above 0.
pub(crate) fn ln_beta(a: f64, b: f64) -> f64 {
    libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b)
}

/// Regularised incomplete beta function I_x(a, b), 0 <= x <= 1; `a`, `b` above 0.
///
/// Lentz's continued fraction on the side where it converges quickly (Abramowitz and Stegun 26.5.8).
pub(crate) fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(b, a, 1.0 - x);
    }
    let front = exp(a * ln(x) + b * libm::log1p(-x) - ln_beta(a, b)) / a;
    let tiny = 1e-300;
    let away = |value: f64| if value.abs() < tiny { tiny } else { value };
    let (mut c, mut d) = (1.0, 1.0 / away(1.0 - (a + b) * x / (a + 1.0)));
    let mut h = d;
    for m in 1..200_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away(1.0 + even * d);
        c = away(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away(1.0 + odd * d);
        c = away(1.0 + odd / c);
        let delta = d * c;
        h *= delta;
        if (delta - 1.0).abs() < 1e-15 {
            break;
        }
    }
    front * h
}

/// Quantile of the F distribution with `above` and `below` degrees of freedom, 0 < `share` < 1.
pub(crate) fn f_quantile(share: f64, above: f64, below: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if incomplete_beta(0.5 * above, 0.5 * below, middle) < share { low = middle } else { high = middle }
    }
    let x = f64::midpoint(low, high);
    below * x / (above * (1.0 - x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_f_and_the_binomial() {
        for (share, above, below, table) in [
            (0.95, 4.0, 10.0, 3.478_05),
            (0.975, 10.0, 20.0, 2.773_67),
            (0.99, 2.0, 10.0, 7.559_43),
            (0.05, 10.0, 4.0, 0.287_52),
        ] {
            assert!((f_quantile(share, above, below) - table).abs() < 1e-5, "{share} {above} {below}");
        }
        // P(X >= 3) of a binomial with 10 trials and chance 0.3.
        let below: f64 = [1.0, 10.0, 45.0]
            .iter()
            .enumerate()
            .map(|(k, c)| c * 0.3_f64.powi(k as i32) * 0.7_f64.powi(10 - k as i32))
            .sum();
        assert!((incomplete_beta(3.0, 8.0, 0.3) - (1.0 - below)).abs() < 1e-14);
        // Large degrees of freedom are near the normal distribution of the log.
        assert!((f_quantile(0.5, 70_000.0, 20_000_000.0) - 1.0).abs() < 1e-4);
    }
}
