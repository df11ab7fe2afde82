//! Responses as they arrive from a form, and their reading into values.

use crate::declaration::Declaration;
use crate::interaction::{Interaction, InteractionKind};
use crate::item::Item;
use crate::value::{BaseType, Cardinality, Scalar, Value};
use std::collections::BTreeMap;

/// Response identifier to the texts of its form fields, in order. Empty texts count as no answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Responses(pub BTreeMap<String, Vec<String>>);

impl Responses {
    /// No responses at all.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one value to a response.
    #[must_use]
    pub fn with(mut self, response: &str, value: impl Into<String>) -> Self {
        self.0.entry(response.to_owned()).or_default().push(value.into());
        self
    }

    /// From the name and value pairs of a submitted form, in order.
    ///
    /// Besides plain fields it reads the parts our HTML splits a value into where a form has no better way:
    /// `R:1:a` and `R:1:b` are the two halves of the first pair or point of R (both must be filled),
    /// `R:1` is the first place of an order, and `R.x` with `R.y` are the coordinates an image button sends.
    pub fn from_form<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut out = Self::new();
        let mut halves: BTreeMap<(String, u32), [String; 2]> = BTreeMap::new();
        let mut places: BTreeMap<(String, u32), String> = BTreeMap::new();
        for (name, value) in fields {
            let mut parts = name.split(':');
            let (base, row, half) = (parts.next().unwrap_or(name), parts.next(), parts.next());
            match (row.and_then(|row| row.parse::<u32>().ok()), half) {
                (Some(row), Some(half)) => {
                    let pair = halves.entry((base.to_owned(), row)).or_default();
                    value.trim().clone_into(&mut pair[usize::from(half == "b")]);
                }
                (Some(row), None) => {
                    if !value.trim().is_empty() {
                        places.insert((base.to_owned(), row), value.to_owned());
                    }
                }
                (None, _) => match name.rsplit_once('.') {
                    Some((base, axis @ ("x" | "y"))) => {
                        let pair = halves.entry((base.to_owned(), 0)).or_default();
                        value.trim().clone_into(&mut pair[usize::from(axis == "y")]);
                    }
                    _ => out.0.entry(name.to_owned()).or_default().push(value.to_owned()),
                },
            }
        }
        for ((base, _), [first, second]) in halves {
            if !first.is_empty() && !second.is_empty() {
                out.0.entry(base).or_default().push(format!("{first} {second}"));
            }
        }
        for ((base, _), value) in places {
            out.0.entry(base).or_default().push(value);
        }
        out
    }
}

/// Most values of one response that are looked at.
const MAX_VALUES: usize = 10_000;

/// Reads the texts of one response by its declaration; texts that are not of the type are left out.
#[must_use]
pub fn read_response(declaration: &Declaration, texts: &[String]) -> Value {
    read_in_base(declaration, texts, DECIMAL)
}

/// The base people count in.
pub(crate) const DECIMAL: u32 = 10;

/// The base in which numbers of a text interaction are written (information model, "String Interaction").
pub(crate) fn base_of(interaction: Interaction<'_>) -> u32 {
    let is_text = matches!(interaction.kind, InteractionKind::TextEntry | InteractionKind::ExtendedText);
    let base = if is_text { interaction.count("base") } else { None };
    base.and_then(|base| u32::try_from(base).ok()).filter(|base| (2..=36).contains(base)).unwrap_or(DECIMAL)
}

/// As [`read_response`], with numbers in the base of the response's interaction.
pub(crate) fn read_for(item: &Item, declaration: &Declaration, texts: &[String]) -> Value {
    let own = item.interactions().into_iter().find(|interaction| interaction.response() == declaration.identifier);
    read_in_base(declaration, texts, own.map_or(DECIMAL, base_of))
}

/// As [`read_response`], with numbers in a base.
pub(crate) fn read_in_base(declaration: &Declaration, texts: &[String], base: u32) -> Value {
    if declaration.cardinality == Cardinality::Record {
        let text = texts.iter().find(|text| !text.trim().is_empty());
        return text.map_or(Value::Null, |text| {
            let fields = super::json::fields(text, &|name| declared_type(declaration, name));
            match fields {
                Some(fields) if fields.is_empty() => Value::Null,
                Some(fields) => Value::Record(fields),
                None => record(text, base),
            }
        });
    }
    let base_type = declaration.base_type.unwrap_or(BaseType::String);
    let scalars: Vec<_> = texts
        .iter()
        .take(MAX_VALUES)
        .filter(|text| !text.is_empty())
        .filter_map(|text| parse_in_base(base_type, text, base))
        .collect();
    Value::container(declaration.cardinality, scalars)
}

/// The base type a field of a record has in the declaration's default or correct value.
fn declared_type(declaration: &Declaration, field: &str) -> Option<BaseType> {
    let lists = declaration.default_value.iter().chain(&declaration.correct_response);
    lists.flat_map(|list| &list.values).find(|value| value.field.as_deref() == Some(field))?.base_type
}

/// As [`Scalar::parse`], with numbers in a base.
pub(crate) fn parse_in_base(base_type: BaseType, text: &str, base: u32) -> Option<Scalar> {
    if base == DECIMAL || !base_type.is_numeric() {
        return Scalar::parse(base_type, text);
    }
    let text = text.trim();
    if base_type == BaseType::Integer {
        return i64::from_str_radix(text, base).ok().map(Scalar::Integer);
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (left, right) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
    if left.is_empty() && right.is_empty() {
        return None;
    }
    let mut magnitude = 0.0;
    for digit in left.chars() {
        magnitude = magnitude * f64::from(base) + f64::from(digit.to_digit(base)?);
    }
    let mut place = 1.0;
    for digit in right.chars() {
        place /= f64::from(base);
        magnitude += f64::from(digit.to_digit(base)?) * place;
    }
    magnitude.is_finite().then_some(Scalar::Float(if negative { -magnitude } else { magnitude }))
}

/// What a person types for a value; whole numbers in a base.
pub(crate) fn text_in_base(scalar: &Scalar, base: u32) -> String {
    let Scalar::Integer(n) = scalar else { return scalar.to_string() };
    if base == DECIMAL {
        return n.to_string();
    }
    let mut digits = Vec::new();
    let mut rest = n.unsigned_abs();
    while rest > 0 || digits.is_empty() {
        let digit = u32::try_from(rest % u64::from(base)).unwrap_or(0);
        digits.push(char::from_digit(digit, base).unwrap_or('0'));
        rest /= u64::from(base);
    }
    let sign = if *n < 0 { "-" } else { "" };
    sign.chars().chain(digits.into_iter().rev()).collect()
}

/// The record a text entry fills when its response is one (information model, "Text Entry Interaction":
/// stringValue, floatValue, integerValue, leftDigits, rightDigits, ndp, nsf, exponent).
fn record(text: &str, base: u32) -> Value {
    let text = text.trim();
    let number = parse_in_base(BaseType::Float, text, base);
    let is_number = number.is_some();
    // In larger bases E is a digit.
    let power = if base == DECIMAL { text.split_once(['e', 'E']) } else { None };
    let mantissa = power.map_or(text, |(mantissa, _)| mantissa);
    let exponent = power.and_then(|(_, e)| e.parse::<i64>().ok());
    let point = mantissa.split_once(['.', ',']);
    let (left, right) = point.unwrap_or((mantissa, ""));
    let whole = if is_number && point.is_none() && exponent.is_none() {
        parse_in_base(BaseType::Integer, mantissa, base)
    } else {
        None
    };
    let count = |text: &str| text.chars().filter(|digit| digit.is_digit(base)).count() as i64;
    let integer = |n: Option<i64>| n.filter(|_| is_number).map(Scalar::Integer);
    // Decimal places of the number itself: 1.23e2 has none, 1.23e-2 has four.
    let places = count(right).saturating_sub(exponent.unwrap_or(0)).max(0);
    let digits: String = mantissa.chars().filter(|digit| digit.is_digit(base)).collect();
    let significant = digits.trim_start_matches('0');
    let significant = if point.is_some() { significant } else { significant.trim_end_matches('0') };
    let fields = [
        ("stringValue", Some(Scalar::String(text.to_owned()))),
        ("floatValue", number),
        ("integerValue", whole),
        ("leftDigits", integer(Some(count(left)))),
        ("rightDigits", integer(Some(count(right)))),
        ("ndp", integer(Some(places))),
        ("nsf", integer(Some(significant.len() as i64))),
        ("exponent", integer(exponent)),
    ];
    Value::Record(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
