//! Worth of responses by mapping and area mapping.

use super::evaluate::Environment;
use super::numbers::inside;
use crate::value::{BaseType, Scalar, Value};

/// `mapResponse` (information model, "Map Response"): the worth of a value, or the sum over a container in
/// which each value counts once; within the bounds of the mapping. NULL is worth the default, as to other engines: the
/// specification does not say.
pub(super) fn map_response(identifier: &str, environment: &dyn Environment) -> Value {
    let Some(declaration) = environment.declaration(identifier) else {
        return Value::Null;
    };
    let Some(mapping) = &declaration.mapping else {
        return Value::Null;
    };
    let value = environment.variable(identifier, None);
    let mut counted: Vec<&Scalar> = Vec::new();
    let mut sum = 0.0;
    // NULL has no mapping of its own; an empty text is NULL, so the entry of an empty text is the entry of no answer.
    let scalars = if value.is_null() { &[] } else { value.scalars() };
    if scalars.is_empty() {
        let is_text = declaration.base_type == Some(BaseType::String);
        let empty = mapping.entries.iter().find(|entry| is_text && entry.key.is_empty());
        sum = empty.map_or(mapping.default_value, |entry| entry.value);
    }
    for scalar in scalars {
        if counted.iter().any(|other| other.same(scalar)) {
            continue;
        }
        counted.push(scalar);
        let entry = mapping.entries.iter().find(|entry| {
            let base_type = declaration.base_type.unwrap_or(BaseType::String);
            let text = scalar.to_string();
            match base_type {
                BaseType::String if entry.case_sensitive => entry.key == text,
                BaseType::String => entry.key.to_lowercase() == text.to_lowercase(),
                _ => {
                    Scalar::parse(base_type, &entry.key).is_some_and(|key| key.same(scalar))
                        || (!entry.case_sensitive && entry.key.to_lowercase() == text.to_lowercase())
                }
            }
        });
        sum += entry.map_or(mapping.default_value, |entry| entry.value);
    }
    Value::float(bounded(sum, mapping.lower_bound, mapping.upper_bound))
}

/// `mapResponsePoint`: each area counts once, the first that holds a point; points in no area, and NULL, are worth the
/// default.
pub(super) fn map_response_point(identifier: &str, environment: &dyn Environment) -> Value {
    let Some(declaration) = environment.declaration(identifier) else {
        return Value::Null;
    };
    let Some(mapping) = &declaration.area_mapping else {
        return Value::Null;
    };
    let value = environment.variable(identifier, None);
    let mut used = vec![false; mapping.entries.len()];
    let mut sum = if value.is_null() { mapping.default_value } else { 0.0 };
    for scalar in value.scalars() {
        let Scalar::Point(x, y) = scalar else {
            continue;
        };
        let hit = mapping.entries.iter().position(|(area, _)| inside(area, *x, *y));
        match hit {
            Some(index) if used[index] => {}
            Some(index) => {
                used[index] = true;
                sum += mapping.entries[index].1;
            }
            None => sum += mapping.default_value,
        }
    }
    Value::float(bounded(sum, mapping.lower_bound, mapping.upper_bound))
}

fn bounded(x: f64, lower: Option<f64>, upper: Option<f64>) -> f64 {
    let x = lower.map_or(x, |lower| x.max(lower));
    upper.map_or(x, |upper| x.min(upper))
}
