//! Reading printed numbers as people print them.

use crate::exact::Exact;
use serde::Serialize;

/// A number as printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Printed {
    /// Its value.
    pub value: Exact,
    /// Digits behind the point as printed, trailing zeros included: 75.00 has two.
    pub decimals: u32,
    /// Marked as doubtful by whoever copied the table (`11.1?`).
    pub doubtful: bool,
    /// The text of the cell.
    pub text: String,
}

/// A cell of a table to check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Entry {
    /// A number.
    Number(Printed),
    /// Text that is not a number.
    Text(String),
    /// Nothing, or a dash.
    Empty,
}

impl Entry {
    /// The number, if it is one.
    pub const fn number(&self) -> Option<&Printed> {
        match self {
            Self::Number(printed) => Some(printed),
            _ => None,
        }
    }

    /// Text for labels.
    pub fn text(&self) -> &str {
        match self {
            Self::Number(printed) => &printed.text,
            Self::Text(text) => text,
            Self::Empty => "",
        }
    }
}

/// What a comma between digits means in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comma {
    /// `7,5` is seven and a half.
    Decimal,
    /// `1,389` is one thousand three hundred eighty-nine.
    Thousands,
}

const NOTHING: [&str; 12] =
    ["", "-", "–", "—", "…", "?", "(none)", "(blank)", "none", "n/a", "not stated", "(missing)"];

/// The number part of a cell: remarks in brackets, a question mark, a percent sign and spaces taken away.
fn bare(text: &str) -> (String, bool) {
    let mut rest = text.trim();
    let mut doubtful = false;
    loop {
        let before = rest;
        // `2.05 [L1014-1016]`, `12 (entries give 10)`, `11.1?`, `50 %`.
        for (open, close) in [('[', ']'), ('(', ')')] {
            if rest.ends_with(close)
                && let Some(start) = rest.find(open).filter(|start| *start > 0)
            {
                rest = rest.get(..start).unwrap_or("").trim_end();
            }
        }
        if let Some(shorter) = rest.strip_suffix('?') {
            doubtful = true;
            rest = shorter.trim_end();
        }
        rest = rest.strip_suffix('%').unwrap_or(rest).trim_end();
        if rest == before {
            break;
        }
    }
    let digits: String = rest.chars().filter(|one| !matches!(one, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')).collect();
    (digits, doubtful)
}

/// Whether spaces inside the text separate thousands (`327 088`) rather than several numbers (`4 2 2`).
fn spaces_are_thousands(text: &str) -> bool {
    let mut groups = text.split([' ', '\u{a0}', '\u{202f}', '\u{2009}']);
    let first = groups.next().unwrap_or("");
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    (1..=3).contains(&first.trim_start_matches(['-', '−', '+']).len())
        && groups.all(|group| {
            let whole = group.split(['.', ',']).next().unwrap_or("");
            whole.len() == 3 && digits(whole)
        })
}

/// What commas mean in a column; `None` when some cells say one thing and some the other.
pub(crate) fn comma_of<'a>(cells: impl IntoIterator<Item = &'a str>) -> Option<Comma> {
    let (mut decimal, mut thousands) = (false, false);
    for text in cells {
        let (digits, _) = bare(text);
        let parts: Vec<&str> = digits.split(',').collect();
        let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.' | b'-' | b'+'));
        if parts.len() < 2 || !all_digits {
            // A decimal point in the same column speaks against decimal commas.
            thousands |= all_digits && digits.contains('.') && digits.parse::<Exact>().is_ok();
            continue;
        }
        let grouped = parts.iter().skip(1).all(|part| part.split('.').next().is_some_and(|part| part.len() == 3));
        if digits.contains('.') || parts.len() > 2 || grouped {
            thousands |= digits.contains('.') || parts.len() > 2;
        } else {
            decimal = true;
        }
    }
    match (decimal, thousands) {
        (true, true) => None,
        (true, false) => Some(Comma::Decimal),
        _ => Some(Comma::Thousands),
    }
}

/// Reads one cell.
pub(crate) fn read(text: &str, comma: Comma) -> Entry {
    let trimmed = text.trim();
    if NOTHING.contains(&trimmed.trim_end_matches('?').trim().to_lowercase().as_str()) {
        return Entry::Empty;
    }
    let (digits, doubtful) = bare(trimmed);
    let several = trimmed.split_whitespace().filter(|part| part.bytes().all(|byte| byte.is_ascii_digit())).count() > 1;
    if several && !spaces_are_thousands(trimmed.split(['[', '(', '?', '%']).next().unwrap_or("").trim()) {
        return Entry::Text(trimmed.to_owned());
    }
    let plain = match comma {
        Comma::Decimal => digits.replace(',', "."),
        Comma::Thousands => digits.replace(',', ""),
    };
    match plain.parse::<Exact>() {
        Ok(value) => {
            let decimals = plain.split_once('.').map_or(0, |(_, fraction)| fraction.len() as u32);
            Entry::Number(Printed { value, decimals, doubtful, text: trimmed.to_owned() })
        }
        Err(_not_a_number) => Entry::Text(trimmed.to_owned()),
    }
}

/// How a printed number agrees with a computed one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// Rounded half-up to the digits printed.
    Rounded,
    /// Rounded to fewer digits than printed: 74.90 printed as 75.00.
    RoundedToFewerDigits,
    /// Cut instead of rounded: 5.967 printed as 5.9.
    Truncated,
    /// Within the tolerance that the rule allows.
    WithinTolerance,
}

/// Compares; `None` when they do not agree.
///
/// `usual` is how many digits numbers of the same column show: 64 among 64.4 and 63.9 means 64.0. A number with fewer
/// digits than usual may have been rounded further, but not when the exact result fits the usual digits: a difference
/// of 0.5 printed as 1 among one-digit numbers is an error, not a rounding.
pub fn agreement(printed: &Printed, computed: Exact, usual: u32, tolerance: Option<Exact>) -> Option<Agreement> {
    let value = printed.value;
    let digits = printed.decimals.max(usual);
    if computed.rounded(digits) == value {
        return Some(Agreement::Rounded);
    }
    let needs_rounding = computed.rounded(digits) != computed.rounded(digits + 6);
    if (needs_rounding || digits == printed.decimals)
        && (value.decimals()..digits).any(|fewer| computed.rounded(fewer) == value)
    {
        return Some(Agreement::RoundedToFewerDigits);
    }
    if computed.truncated(digits) == value {
        return Some(Agreement::Truncated);
    }
    let distance = value.minus(computed).map(Exact::abs).ok()?;
    tolerance.filter(|tolerance| distance <= *tolerance).map(|_| Agreement::WithinTolerance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str, comma: Comma) -> Option<(String, u32, bool)> {
        read(text, comma).number().map(|printed| (printed.value.to_string(), printed.decimals, printed.doubtful))
    }

    #[test]
    fn numbers_as_people_print_them() {
        let point = |text| number(text, Comma::Thousands);
        assert_eq!(point("11.1?"), Some(("11.1".to_owned(), 1, true)));
        assert_eq!(point("2.05 [L1014-1016]"), Some(("2.05".to_owned(), 2, false)));
        assert_eq!(point("12 (entries give 10: one «2» probably lost?)"), Some(("12".to_owned(), 0, false)));
        assert_eq!(point("327 088"), Some(("327088".to_owned(), 0, false)));
        assert_eq!(point("22,542,012"), Some(("22542012".to_owned(), 0, false)));
        assert_eq!(number("80,50 %", Comma::Decimal), Some(("80.5".to_owned(), 2, false)));
        assert_eq!(read("4 2 2", Comma::Thousands), Entry::Text("4 2 2".to_owned()));
        assert_eq!(read("22-29", Comma::Thousands), Entry::Text("22-29".to_owned()));
        assert_eq!(read("(missing)?", Comma::Thousands), Entry::Empty);
    }

    #[test]
    fn commas_are_decided_by_column() {
        assert_eq!(comma_of(["7,5", "80,50", "64"]), Some(Comma::Decimal));
        assert_eq!(comma_of(["1,389,394", "731"]), Some(Comma::Thousands));
        assert_eq!(comma_of(["1,389", "731"]), Some(Comma::Thousands));
        assert_eq!(comma_of(["7,5", "7.5"]), None);
    }

    #[test]
    fn rounding_and_truncation_are_told_apart() {
        let printed = |text| read(text, Comma::Thousands).number().cloned().unwrap();
        let exact = |text: &str| text.parse::<Exact>().unwrap();
        assert_eq!(agreement(&printed("79.81"), exact("79.805"), 0, None), Some(Agreement::Rounded));
        assert_eq!(agreement(&printed("75.00"), exact("74.901"), 0, None), Some(Agreement::RoundedToFewerDigits));
        assert_eq!(agreement(&printed("5.9"), exact("5.967"), 1, None), Some(Agreement::Truncated));
        assert_eq!(agreement(&printed("83.83"), exact("83.95"), 0, None), None);
        assert_eq!(agreement(&printed("89"), exact("88.647"), 1, None), Some(Agreement::RoundedToFewerDigits));
        assert_eq!(agreement(&printed("1"), exact("0.5"), 1, None), None, "0.5 among one-digit numbers is not 1");
        assert_eq!(agreement(&printed("64"), exact("64"), 1, None), Some(Agreement::Rounded));
        assert_eq!(
            agreement(&printed("60.5"), exact("60.41"), 0, Some(exact("0.1"))),
            Some(Agreement::WithinTolerance)
        );
    }
}
