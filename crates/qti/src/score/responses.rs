//! Responses as they arrive from a form, and their reading into values.

use crate::declaration::Declaration;
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
    if declaration.cardinality == Cardinality::Record {
        return texts.iter().find(|text| !text.trim().is_empty()).map_or(Value::Null, |text| record(text));
    }
    let base_type = declaration.base_type.unwrap_or(BaseType::String);
    let scalars: Vec<_> = texts
        .iter()
        .take(MAX_VALUES)
        .filter(|text| !text.is_empty())
        .filter_map(|text| Scalar::parse(base_type, text))
        .collect();
    Value::container(declaration.cardinality, scalars)
}

/// The record a text entry fills when its response is one (information model, "Text Entry Interaction":
/// stringValue, floatValue, integerValue, leftDigits, rightDigits, ndp, nsf, exponent).
fn record(text: &str) -> Value {
    let text = text.trim();
    let mut fields = vec![("stringValue".to_owned(), Some(Scalar::String(text.to_owned())))];
    let number = crate::value::parse_float(text);
    fields.push(("floatValue".to_owned(), number.map(Scalar::Float)));
    let mantissa = text.split(['e', 'E']).next().unwrap_or("");
    let exponent = text.split_once(['e', 'E']).and_then(|(_, e)| e.parse::<i64>().ok());
    let (left, right) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let is_number = number.is_some();
    let whole = (is_number && !mantissa.contains(['.', ',']) && exponent.is_none())
        .then(|| mantissa.parse::<i64>().ok())
        .flatten();
    let count = |text: &str| text.bytes().filter(u8::is_ascii_digit).count() as i64;
    let integer = |n: Option<i64>| n.filter(|_| is_number).map(Scalar::Integer);
    fields.push(("integerValue".to_owned(), whole.map(Scalar::Integer)));
    fields.push(("leftDigits".to_owned(), integer(Some(count(left)))));
    fields.push(("rightDigits".to_owned(), integer(Some(count(right)))));
    fields.push(("ndp".to_owned(), integer(Some(count(right)))));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let significant = digits.trim_start_matches('0');
    let significant = if mantissa.contains(['.', ',']) { significant } else { significant.trim_end_matches('0') };
    fields.push(("nsf".to_owned(), integer(Some(significant.len() as i64))));
    fields.push(("exponent".to_owned(), exponent.filter(|_| is_number).map(Scalar::Integer)));
    Value::Record(fields)
}
