//! Decimal numbers as reports print them: rounded half-up in decimal.
//!
//! Published tables round 68.25 to 68.3 and 74.105 to 74.11 (facts 001, 003). Binary fractions cannot hold 68.25's
//! neighbours exactly, so shares are computed from whole numbers, and sums of them never pass through `f64` on the way.

use std::fmt;

/// A decimal number: `units` of 10 to the power of minus `decimals`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// The number without its decimal point.
    pub units: i64,
    /// How many of its digits stand behind the point.
    pub decimals: u32,
}

impl Decimal {
    /// The nearest binary fraction, for charts and comparisons.
    pub fn to_f64(self) -> f64 {
        self.units as f64 / 10_f64.powi(i32::try_from(self.decimals).unwrap_or(0))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let digits = self.units.unsigned_abs();
        if self.decimals == 0 {
            return write!(formatter, "{sign}{digits}");
        }
        let scale = 10_u64.pow(self.decimals);
        write!(formatter, "{sign}{}.{:0width$}", digits / scale, digits % scale, width = self.decimals as usize)
    }
}

/// `part` of `whole` in percent with this many decimals (0..=6), rounded half-up; `None` when `whole` is 0.
pub fn share_in_percent(part: i64, whole: i64, decimals: u32) -> Option<Decimal> {
    if whole == 0 {
        return None;
    }
    let decimals = decimals.min(6);
    let scaled = i128::from(part) * 100 * 10_i128.pow(decimals);
    Some(Decimal { units: divide_half_up(scaled, i128::from(whole)), decimals })
}

/// A binary fraction rounded half-up in decimal with this many decimals (0..=9).
///
/// The shortest decimal text of the number is what gets rounded, so that 74.105 gives 74.11 although its binary
/// fraction lies below. `None` when the number is not finite or too large.
pub fn round_half_up(value: f64, decimals: u32) -> Option<Decimal> {
    if !value.is_finite() || value.abs() >= 1e9 {
        return None;
    }
    let text = format!("{value:.12}");
    // Twelve decimals hold what sixteen digits of a number below 10^9 can say; noise beyond them is cut here.
    let shortest = value.to_string();
    let text = if shortest.len() < text.len() && !shortest.contains('e') { shortest } else { text };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let decimals = decimals.min(9);
    let have = u32::try_from(fraction.len()).ok()?;
    let units = if have <= decimals {
        i64::try_from(digits * 10_i128.pow(decimals - have)).ok()?
    } else {
        divide_half_up(digits, 10_i128.pow(have - decimals))
    };
    Some(Decimal { units, decimals })
}

/// Quotient rounded to the nearest whole number, halves away from zero.
fn divide_half_up(dividend: i128, divisor: i128) -> i64 {
    let negative = (dividend < 0) != (divisor < 0);
    let (dividend, divisor) = (dividend.unsigned_abs(), divisor.unsigned_abs());
    let quotient = i64::try_from((dividend * 2 + divisor) / (divisor * 2)).unwrap_or(i64::MAX);
    if negative { -quotient } else { quotient }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_ties_round_half_up() {
        for (value, decimals, expected) in [
            (74.105, 2, "74.11"),
            (79.845, 2, "79.85"),
            (79.805, 2, "79.81"),
            (68.25, 1, "68.3"),
            (-0.5, 0, "-1"),
            (3.0, 1, "3.0"),
        ] {
            assert_eq!(round_half_up(value, decimals).unwrap().to_string(), expected);
        }
    }

    #[test]
    fn shares_come_from_whole_numbers() {
        assert_eq!(share_in_percent(16, 20, 1).unwrap().to_string(), "80.0");
        assert_eq!(share_in_percent(2, 3, 1).unwrap().to_string(), "66.7");
        assert_eq!(share_in_percent(1, 0, 1), None);
    }
}
