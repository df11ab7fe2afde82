//! Worth of responses by mapping and area mapping, and patterns.

use super::evaluate::Environment;
use super::numbers::inside;
use crate::value::{BaseType, Scalar, Value};

/// `mapResponse` (information model, "Map Response"): the worth of a value, or the sum over a container in
/// which each value counts once; within the bounds of the mapping. NULL is worth nothing.
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
    let scalars = if value.is_null() { &[] } else { value.scalars() };
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

/// `mapResponsePoint`: each area counts once; points in no area are worth the default.
pub(super) fn map_response_point(identifier: &str, environment: &dyn Environment) -> Value {
    let Some(declaration) = environment.declaration(identifier) else {
        return Value::Null;
    };
    let Some(mapping) = &declaration.area_mapping else {
        return Value::Null;
    };
    let value = environment.variable(identifier, None);
    let mut used = vec![false; mapping.entries.len()];
    let mut sum = 0.0;
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

/// An XML Schema regular expression (always anchored) as one of the `regex` crate: linear time, bounded size.
/// The pattern may also be the name of a variable in braces.
pub(super) fn pattern(pattern: &str, environment: &dyn Environment) -> Option<regex::Regex> {
    let pattern = match pattern.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) if environment.declaration(name).is_some() => environment.variable(name, None).text(),
        _ => pattern.to_owned(),
    };
    // ^ and $ are plain characters in XML Schema, but authors write them as anchors at the ends.
    let inner = pattern.strip_prefix('^').unwrap_or(&pattern);
    let inner = match inner.strip_suffix('$') {
        Some(rest) if !rest.ends_with('\\') => rest,
        _ => inner,
    };
    let inner = subtractions(inner).replace("\\i", "[\\p{L}_:]").replace("\\c", "[\\p{L}\\p{N}._:\\-]");
    regex::RegexBuilder::new(&format!("^(?:{inner})$")).size_limit(1 << 20).dfa_size_limit(1 << 20).build().ok()
}

/// Class subtraction as the `regex` crate writes it: `[a-z-[aeiou]]` becomes `[a-z--[aeiou]]`.
fn subtractions(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 4);
    let mut depth = 0_usize;
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                out.push(letter);
                out.extend(letters.next());
                continue;
            }
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '-' if depth > 0 && letters.peek() == Some(&'[') => out.push('-'),
            _ => {}
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::subtractions;

    #[test]
    fn classes_are_subtracted_as_xml_schema_writes_it() {
        assert_eq!(subtractions("[a-z-[aeiou]]+"), "[a-z--[aeiou]]+");
        assert_eq!(subtractions("a-[b]"), "a-[b]", "a hyphen outside a class is itself");
        assert_eq!(subtractions("[a\\-[b]"), "[a\\-[b]", "an escaped one, too");
        let consonants = regex::Regex::new(&format!("^{}$", subtractions("[a-z-[aeiou]]+"))).expect("a pattern");
        assert!(consonants.is_match("rhythm") && !consonants.is_match("rhyme"));
    }
}
