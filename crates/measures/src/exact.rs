//! Exact decimal numbers and the rounding that reports use.
//!
//! Sums, differences and products are exact. A quotient is kept to [`QUOTIENT_DIGITS`] digits behind the point, far
//! below anything a table prints, and rounding treats what lies within [`TIE_DIGITS`] digits of a tie as the tie: so
//! (75.00 + 73.21) / 2 = 74.105 rounds to 74.11 however it was reached.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// Digits behind the point that a quotient keeps.
pub const QUOTIENT_DIGITS: u32 = 20;
/// A value this close to a tie (10 to the power of minus this) is the tie.
pub const TIE_DIGITS: u32 = 15;
const MAX_SCALE: u32 = 28;

/// A decimal number, exact. Trailing zeros are dropped, so equal numbers are equal values.
///
/// Range: about 10^18 before the point after a division, 10^37 for whole numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Exact {
    mantissa: i128,
    scale: u32,
}

/// Why a number could not be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ArithmeticError {
    /// The result has more digits than the type holds.
    #[error("the result has more digits than can be kept (about 37)")]
    Overflow,
    /// Division by zero.
    #[error("division by zero")]
    DivisionByZero,
}

/// Text that is not a decimal number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a decimal number: write digits with at most one point, as in 74.11")]
pub struct NotANumber(pub String);

type Computed = Result<Exact, ArithmeticError>;

const fn power_of_ten(exponent: u32) -> Option<i128> {
    10_i128.checked_pow(exponent)
}

impl Exact {
    /// Zero.
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };
    /// One.
    pub const ONE: Self = Self { mantissa: 1, scale: 0 };
    /// One hundred, for percentages.
    pub const HUNDRED: Self = Self { mantissa: 100, scale: 0 };

    /// `units` × 10^−`decimals`; `decimals` above 28 are cut to 28 by rounding.
    pub fn new(units: i128, decimals: u32) -> Self {
        let mut value = Self { mantissa: units, scale: decimals };
        while value.scale > MAX_SCALE {
            value.mantissa /= 10;
            value.scale -= 1;
        }
        value.normalised()
    }

    fn normalised(mut self) -> Self {
        if self.mantissa == 0 {
            return Self::ZERO;
        }
        while self.scale > 0 && self.mantissa % 10 == 0 {
            self.mantissa /= 10;
            self.scale -= 1;
        }
        self
    }

    /// How many digits stand behind the point when written without trailing zeros.
    pub const fn decimals(self) -> u32 {
        self.scale
    }

    /// Below zero.
    pub const fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// Exactly zero.
    pub const fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// Without its sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self { mantissa: self.mantissa.abs(), scale: self.scale }
    }

    /// With the other sign.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self { mantissa: -self.mantissa, scale: self.scale }
    }

    /// The whole number, if it is one.
    pub const fn to_whole(self) -> Option<i128> {
        if self.scale == 0 { Some(self.mantissa) } else { None }
    }

    /// Nearest binary fraction, for drawing only.
    pub fn to_f64(self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    fn aligned(self, other: Self) -> Result<(i128, i128, u32), ArithmeticError> {
        let scale = self.scale.max(other.scale);
        let lift = |value: Self| {
            power_of_ten(scale - value.scale)
                .and_then(|factor| value.mantissa.checked_mul(factor))
                .ok_or(ArithmeticError::Overflow)
        };
        Ok((lift(self)?, lift(other)?, scale))
    }

    /// Sum, exact.
    pub fn plus(self, other: Self) -> Computed {
        let (a, b, scale) = self.aligned(other)?;
        Ok(Self { mantissa: a.checked_add(b).ok_or(ArithmeticError::Overflow)?, scale }.normalised())
    }

    /// Difference, exact.
    pub fn minus(self, other: Self) -> Computed {
        self.plus(other.negated())
    }

    /// Product; digits beyond the 20th behind the point are rounded away when it would not fit otherwise.
    pub fn times(self, other: Self) -> Computed {
        let (mut a, mut b) = (self, other);
        loop {
            if let Some(mantissa) = a.mantissa.checked_mul(b.mantissa) {
                let product = Self { mantissa, scale: a.scale + b.scale };
                return Ok(if product.scale > MAX_SCALE {
                    product.rounded_raw(QUOTIENT_DIGITS)
                } else {
                    product.normalised()
                });
            }
            let longer = if a.scale >= b.scale { &mut a } else { &mut b };
            if longer.scale == 0 {
                return Err(ArithmeticError::Overflow);
            }
            *longer = longer.rounded_raw(longer.scale - 1);
        }
    }

    /// Quotient, rounded half away from zero at [`QUOTIENT_DIGITS`] digits behind the point.
    pub fn over(self, other: Self) -> Computed {
        if other.mantissa == 0 {
            return Err(ArithmeticError::DivisionByZero);
        }
        let (a, b, _) = self.aligned(other)?;
        let negative = (a < 0) != (b < 0);
        let (dividend, divisor) = (a.unsigned_abs(), b.unsigned_abs());
        let mut quotient = dividend / divisor;
        let mut rest = dividend % divisor;
        let mut scale = 0;
        // Ten digits at a time where they fit, one at a time for very long divisors.
        let step = if divisor < 1 << 90 { 10 } else { 1 };
        let factor = 10_u128.pow(step);
        while rest != 0 && scale < QUOTIENT_DIGITS {
            rest = rest.checked_mul(factor).ok_or(ArithmeticError::Overflow)?;
            quotient = quotient
                .checked_mul(factor)
                .and_then(|quotient| quotient.checked_add(rest / divisor))
                .ok_or(ArithmeticError::Overflow)?;
            rest %= divisor;
            scale += step;
        }
        if rest >= divisor - rest {
            quotient += 1;
        }
        let mantissa = i128::try_from(quotient).map_err(|_too_long| ArithmeticError::Overflow)?;
        Ok(Self { mantissa: if negative { -mantissa } else { mantissa }, scale }.normalised())
    }

    /// Sum of all, exact.
    pub fn sum(values: impl IntoIterator<Item = Self>) -> Computed {
        values.into_iter().try_fold(Self::ZERO, Self::plus)
    }

    /// Plain arithmetic mean; division by zero when there is no value.
    pub fn mean(values: impl IntoIterator<Item = Self>) -> Computed {
        let mut count = 0;
        let total = Self::sum(values.into_iter().inspect(|_value| count += 1))?;
        total.over(Self::from(count))
    }

    /// Mean with weights: Σ value × weight / Σ weight.
    pub fn weighted_mean(pairs: impl IntoIterator<Item = (Self, Self)>) -> Computed {
        let (mut total, mut weights) = (Self::ZERO, Self::ZERO);
        for (value, weight) in pairs {
            total = total.plus(value.times(weight)?)?;
            weights = weights.plus(weight)?;
        }
        total.over(weights)
    }

    /// `self` in percent of `whole`.
    pub fn percent_of(self, whole: Self) -> Computed {
        Self::HUNDRED.times(self)?.over(whole)
    }

    fn rounded_raw(self, decimals: u32) -> Self {
        if self.scale <= decimals {
            return self;
        }
        let Some(unit) = power_of_ten(self.scale - decimals) else {
            return Self::ZERO;
        };
        let away =
            i128::from(2 * (self.mantissa % unit).unsigned_abs() >= unit.unsigned_abs()) * self.mantissa.signum();
        Self { mantissa: self.mantissa / unit + away, scale: decimals }.normalised()
    }

    /// A quotient that is a short decimal in truth, brought back to it.
    fn settled(self) -> Self {
        if self.scale > TIE_DIGITS { self.rounded_raw(TIE_DIGITS) } else { self }
    }

    /// Rounded to this many digits behind the point, ties away from zero: 74.105 → 74.11, 68.25 → 68.3, −0.5 → −1.
    #[must_use]
    pub fn rounded(self, decimals: u32) -> Self {
        self.settled().rounded_raw(decimals)
    }

    /// Cut after this many digits behind the point: 5.967 → 5.9. Not how Zerek rounds; published texts do it at times.
    #[must_use]
    pub fn truncated(self, decimals: u32) -> Self {
        let value = self.settled();
        if value.scale <= decimals {
            return value;
        }
        power_of_ten(value.scale - decimals)
            .map_or(Self::ZERO, |unit| Self { mantissa: value.mantissa / unit, scale: decimals }.normalised())
    }

    /// Written with exactly this many digits behind the point, rounded half-up: `75.00`.
    pub fn fixed(self, decimals: u32) -> String {
        let rounded = self.rounded(decimals);
        let mut text = rounded.to_string();
        if decimals > rounded.scale {
            if rounded.scale == 0 {
                text.push('.');
            }
            for _ in rounded.scale..decimals {
                text.push('0');
            }
        }
        text
    }
}

impl From<i64> for Exact {
    fn from(whole: i64) -> Self {
        Self { mantissa: i128::from(whole), scale: 0 }
    }
}

impl From<i32> for Exact {
    fn from(whole: i32) -> Self {
        Self::from(i64::from(whole))
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        let whole = |value: &Self| value.mantissa.div_euclid(power_of_ten(value.scale).unwrap_or(i128::MAX));
        // A fraction has at most 28 digits, so lifting it to 28 digits cannot overflow.
        let fraction = |value: &Self| {
            let unit = power_of_ten(value.scale).unwrap_or(i128::MAX);
            value.mantissa.rem_euclid(unit) * power_of_ten(MAX_SCALE - value.scale.min(MAX_SCALE)).unwrap_or(1)
        };
        whole(self).cmp(&whole(other)).then_with(|| fraction(self).cmp(&fraction(other)))
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = self.mantissa.unsigned_abs();
        if self.scale == 0 {
            return write!(formatter, "{sign}{digits}");
        }
        let unit = 10_u128.pow(self.scale);
        write!(formatter, "{sign}{}.{:0width$}", digits / unit, digits % unit, width = self.scale as usize)
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl FromStr for Exact {
    type Err = NotANumber;
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let refuse = || NotANumber(text.to_owned());
        let (negative, digits) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() && fraction.is_empty()
            || !all_digits(whole)
            || !all_digits(fraction)
            || fraction.len() > MAX_SCALE as usize
        {
            return Err(refuse());
        }
        let mantissa: i128 = format!("0{whole}{fraction}").parse().map_err(|_too_long| refuse())?;
        let scale = u32::try_from(fraction.len()).map_err(|_too_long| refuse())?;
        Ok(Self { mantissa: if negative { -mantissa } else { mantissa }, scale }.normalised())
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn exact(text: &str) -> Exact {
        text.parse().unwrap()
    }

    #[test]
    fn published_ties_go_up() {
        // Facts 001, 2B: four printed means are exact ties and all go up.
        for (value, decimals, expected) in [
            ("74.105", 2, "74.11"),
            ("79.845", 2, "79.85"),
            ("79.805", 2, "79.81"),
            ("68.25", 1, "68.3"),
            ("-0.5", 0, "-1"),
        ] {
            assert_eq!(exact(value).rounded(decimals), exact(expected));
        }
        let mean = Exact::mean(["83.83", "62.00", "75.00", "84.00", "88.00", "86.00"].map(exact)).unwrap();
        assert_eq!((mean, mean.fixed(2)), (exact("79.805"), "79.81".to_owned()));
    }

    #[test]
    fn ties_survive_quotients() {
        let third = Exact::ONE.over(exact("3")).unwrap();
        let sixth = Exact::ONE.over(exact("6")).unwrap();
        assert_eq!(third.plus(sixth).unwrap().rounded(0), Exact::ONE);
        assert_eq!(third.times(exact("3")).unwrap().truncated(1), Exact::ONE);
        assert_eq!(exact("5.967").truncated(1), exact("5.9"));
    }

    #[test]
    fn errors_and_text() {
        assert_eq!(Exact::ONE.over(Exact::ZERO), Err(ArithmeticError::DivisionByZero));
        assert!("7,5".parse::<Exact>().is_err() && "".parse::<Exact>().is_err() && "1.2.3".parse::<Exact>().is_err());
        assert_eq!(exact("−11.40").to_string(), "-11.4");
        assert_eq!(exact("75").fixed(2), "75.00");
        assert!(exact("-1.5") < exact("-1.25") && exact("0.1") > exact("0.09"));
    }

    proptest! {
        #[test]
        fn shares_match_whole_number_rounding(part in 0_i64..5_000_000, whole in 1_i64..5_000_000, decimals in 0_u32..4) {
            let expected = kernel::share_in_percent(part, whole, decimals).unwrap();
            let share = Exact::from(part).percent_of(Exact::from(whole)).unwrap();
            prop_assert_eq!(share.fixed(decimals), expected.to_string());
        }

        #[test]
        fn sums_are_exact(parts in prop::collection::vec((-1_000_000_000_i128..1_000_000_000, 0_u32..6), 1..40)) {
            let sum = Exact::sum(parts.iter().map(|(units, scale)| Exact::new(*units, *scale))).unwrap();
            let whole: i128 = parts.iter().map(|(units, scale)| units * 10_i128.pow(6 - scale)).sum();
            prop_assert_eq!(sum, Exact::new(whole, 6));
        }
    }
}
