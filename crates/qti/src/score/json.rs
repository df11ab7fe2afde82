//! Records whose fields a program gives, as a JSON object of fields or in the form of portable custom interactions
//! (`{"record":[{"name":"x","base":{"integer":3}}]}`).

use crate::value::{BaseType, Scalar};
use serde_json::Value as Json;

/// Most fields of one record.
const MAX_FIELDS: usize = 1_000;

/// The fields of a record; `None` when the text is no JSON object. `typed` gives the base type a field is declared with;
/// other fields have the type JSON gives them.
pub(super) fn fields(text: &str, typed: &dyn Fn(&str) -> Option<BaseType>) -> Option<Vec<(String, Option<Scalar>)>> {
    // What is plainly no object is not looked at: a typed number is a response, too.
    let text = text.trim();
    if !text.starts_with('{') {
        return None;
    }
    let Ok(Json::Object(members)) = serde_json::from_str(text) else { return None };
    let list = members.get("record").and_then(Json::as_array).filter(|_| members.len() == 1);
    let members: Vec<(&str, &Json)> = match list {
        Some(list) => list.iter().filter_map(named).collect(),
        None => members.iter().map(|(name, json)| (name.as_str(), json)).collect(),
    };
    let read = members.iter().map(|(name, json)| ((*name).to_owned(), scalar(json, typed(name))));
    (members.len() <= MAX_FIELDS).then(|| read.collect())
}

/// One field of the custom interactions' form.
fn named(json: &Json) -> Option<(&str, &Json)> {
    Some((json.get("name")?.as_str()?, json.get("base").unwrap_or(&Json::Null)))
}

fn scalar(json: &Json, typed: Option<BaseType>) -> Option<Scalar> {
    let (own, text) = match json {
        Json::Null | Json::Array(_) => return None,
        // `{"integer": 3}`: the type is said.
        Json::Object(members) if members.len() == 1 => {
            let (name, value) = members.iter().next()?;
            let said = BaseType::from_name(name)?;
            return match value {
                Json::Array(parts) => Scalar::parse(said, &joined(parts)?),
                Json::Object(_) => None,
                value => scalar(value, Some(said)),
            };
        }
        Json::Object(_) => return None,
        Json::Bool(yes) => (BaseType::Boolean, yes.to_string()),
        Json::Number(number) if number.is_i64() => (BaseType::Integer, number.to_string()),
        Json::Number(number) => (BaseType::Float, number.to_string()),
        Json::String(text) => (BaseType::String, text.clone()),
    };
    Scalar::parse(typed.unwrap_or(own), &text)
}

/// Pairs and points are lists of two.
fn joined(parts: &[Json]) -> Option<String> {
    let word = |part: &Json| match part {
        Json::Number(number) => Some(number.to_string()),
        Json::String(text) => Some(text.clone()),
        _ => None,
    };
    let words: Option<Vec<String>> = parts.iter().map(word).collect();
    words.map(|words| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::fields;
    use crate::value::{BaseType, Scalar};

    #[test]
    fn records_come_as_objects_and_in_the_form_of_custom_interactions() {
        let plain = fields(r#" {"a": 3, "b": -2.5, "c": "x\u0436\n", "d": true, "e": null} "#, &|_| None);
        let field = |name: &str, scalar: Option<Scalar>| (name.to_owned(), scalar);
        let expected = vec![
            field("a", Some(Scalar::Integer(3))),
            field("b", Some(Scalar::Float(-2.5))),
            field("c", Some(Scalar::String("xж\n".to_owned()))),
            field("d", Some(Scalar::Boolean(true))),
            field("e", None),
        ];
        assert_eq!(plain, Some(expected));
        let custom = fields(
            r#"{"record":[{"name":"p","base":{"point":[3,4]}},{"name":"n","base":{"float":2}},{"name":"z","base":null}]}"#,
            &|_| None,
        );
        let expected =
            vec![field("p", Some(Scalar::Point(3.0, 4.0))), field("n", Some(Scalar::Float(2.0))), field("z", None)];
        assert_eq!(custom, Some(expected));
        let typed = fields(r#"{"a": 3}"#, &|_| Some(BaseType::Float));
        assert_eq!(typed, Some(vec![field("a", Some(Scalar::Float(3.0)))]));
    }

    #[test]
    fn what_is_no_object_is_no_record() {
        for text in ["12.5", "{", "{}x", "{\"a\"}", "{\"a\":tru}", "[1]", "{\"a\":1,}", "{\"a\":\"\\ud800\"}"] {
            assert_eq!(fields(text, &|_| None), None, "{text}");
        }
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(fields(&deep, &|_| None), None);
    }
}
