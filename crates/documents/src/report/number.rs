//! Numbers with their text: rounded half-up in decimal, with the decimal sign of the language.

use kernel::{Language, round_half_up};
use serde::Serialize;

/// A number as shown, and its value for bars, colours and XLSX cells.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Number {
    /// As shown: `60,5` in Kazakh and Russian, `60.5` in English; a true minus sign.
    pub text: String,
    /// Before rounding.
    pub value: f64,
}

impl Number {
    /// A number rounded half-up to this many decimals. Not finite: an en dash.
    ///
    /// ```
    /// use documents::report::Number;
    /// use kernel::Language;
    /// assert_eq!(Number::new(68.25, 1, Language::Kk).text, "68,3");
    /// assert_eq!(Number::new(-4.0, 0, Language::En).text, "−4");
    /// ```
    pub fn new(value: f64, decimals: u32, language: Language) -> Self {
        let text = match round_half_up(value, decimals) {
            None => "–".to_owned(),
            Some(decimal) => with_signs_of(&decimal.to_string(), language),
        };
        Self { text, value }
    }

    /// A whole number.
    pub fn whole(value: u32) -> Self {
        Self { text: value.to_string(), value: f64::from(value) }
    }

    /// `part` of `whole` in percent, computed from whole numbers; `None` when `whole` is 0.
    pub fn percent(part: u32, whole: u32, decimals: u32, language: Language) -> Option<Self> {
        let share = kernel::share_in_percent(i64::from(part), i64::from(whole), decimals)?;
        Some(Self { text: with_signs_of(&share.to_string(), language), value: share.to_f64() })
    }

    /// A difference, always with its sign (`+3,0`, `−4`, `0`).
    pub fn signed(value: f64, decimals: u32, language: Language) -> Self {
        let mut number = Self::new(value, decimals, language);
        if number.text.chars().any(|digit| ('1'..='9').contains(&digit)) {
            if !number.text.starts_with('−') {
                number.text.insert(0, '+');
            }
        } else {
            number.text = number.text.trim_start_matches('−').to_owned();
        }
        number
    }
}

/// Decimal comma outside English, minus sign instead of a hyphen.
fn with_signs_of(text: &str, language: Language) -> String {
    let text = text.replace('-', "−");
    if language == Language::En { text } else { text.replace('.', ",") }
}

/// A mean with the number of people behind it. A mean that may not be shown (a group under 10 outside its school) has
/// no value but still its n.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mean {
    /// The mean; `None` when it is held back or nobody took part.
    pub value: Option<Number>,
    /// People behind it.
    pub n: u32,
}

impl Mean {
    /// A mean of n people; `None` and n = 0 when nobody took part.
    pub fn new(value: Option<Number>, n: u32) -> Self {
        Self { value, n }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_follow_the_language_and_nothing_is_minus_zero() {
        for (value, decimals, language, text) in [
            (3.04, 1, Language::Ru, "+3,0"),
            (-32.6, 1, Language::Kk, "−32,6"),
            (-0.04, 1, Language::Kk, "0,0"),
            (0.0, 1, Language::En, "0.0"),
            (12.0, 0, Language::En, "+12"),
        ] {
            assert_eq!(Number::signed(value, decimals, language).text, text);
        }
        assert_eq!(Number::new(f64::NAN, 1, Language::En).text, "–");
        assert_eq!(Number::percent(2, 3, 1, Language::Kk).unwrap().text, "66,7");
        assert_eq!(Number::percent(1, 0, 1, Language::Kk), None);
    }
}
