//! Confidence intervals of classical statistics.

use crate::beta::f_quantile;
use crate::math::normal_quantile;

/// Interval of Cronbach's alpha (Feldt 1965; Feldt, Woodruff and Salih 1987, eq. 3): `(1 - alpha) / (1 - estimate)` has
/// an F distribution with `(n - 1)(k - 1)` and `n - 1` degrees of freedom when item scores are normal and their errors
/// alike. `persons` n and `items` k at least 2, `level` between 0 and 1 (0.95). `None` when alpha is 1 or the design is
/// too small.
pub fn alpha_interval(alpha: f64, persons: f64, items: usize, level: f64) -> Option<(f64, f64)> {
    if persons < 2.0 || items < 2 || !(level > 0.0 && level < 1.0) || alpha >= 1.0 {
        return None;
    }
    let above = persons - 1.0;
    let below = above * (items - 1) as f64;
    let tail = 0.5 * (1.0 - level);
    let bound = |share: f64| 1.0 - (1.0 - alpha) * f_quantile(share, above, below);
    Some((bound(1.0 - tail), bound(tail)))
}

/// Interval of a facility. With one point it is Wilson's (1927) score interval, which stays inside 0..=1 and does not
/// collapse at the ends; with more points the mean less and plus `z sd / sqrt(n)`, cut at 0 and 1.
///
/// `facility` and `sd` as shares of the maximum; `persons`: their number, with unequal weights Kish's effective number
/// `(sum w)^2 / sum w^2`.
pub fn facility_interval(facility: f64, sd: f64, persons: f64, dichotomous: bool, level: f64) -> Option<(f64, f64)> {
    if persons <= 0.0 || !(level > 0.0 && level < 1.0) {
        return None;
    }
    let z = normal_quantile(0.5 + 0.5 * level);
    if !dichotomous {
        let half = z * sd / persons.sqrt();
        return Some(((facility - half).max(0.0), (facility + half).min(1.0)));
    }
    let shrink = 1.0 + z * z / persons;
    let centre = (facility + 0.5 * z * z / persons) / shrink;
    let half = z / shrink * (facility * (1.0 - facility) / persons + 0.25 * z * z / (persons * persons)).sqrt();
    Some(((centre - half).max(0.0), (centre + half).min(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcombe (1998), table I, method 3.
    #[test]
    fn wilsons_interval_is_the_published_one() {
        for (r, n, low, high) in [
            (81.0, 263.0, 0.2553, 0.3662),
            (15.0, 148.0, 0.0624, 0.1605),
            (0.0, 20.0, 0.0, 0.1611),
            (1.0, 29.0, 0.0061, 0.1718),
        ] {
            let (ours_low, ours_high) = facility_interval(r / n, 0.0, n, true, 0.95).unwrap();
            assert!(
                (ours_low - low).abs() < 6e-5 && (ours_high - high).abs() < 6e-5,
                "{r}/{n}: {ours_low} {ours_high}"
            );
        }
    }

    #[test]
    fn the_interval_of_alpha_turns_with_the_sample() {
        let (low, high) = alpha_interval(0.8, 100.0, 10, 0.95).unwrap();
        assert!(low < 0.8 && 0.8 < high && high - low < 0.15);
        let (closer, _) = alpha_interval(0.8, 10_000.0, 10, 0.95).unwrap();
        assert!(closer > low && closer < 0.8);
        assert_eq!(alpha_interval(1.0, 100.0, 10, 0.95), None);
    }
}
