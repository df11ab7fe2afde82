//! The little JSON that responses need: records whose fields a program gives, as an object of fields or in the form of
//! portable custom interactions (`{"record":[{"name":"x","base":{"integer":3}}]}`).

use crate::value::{BaseType, Scalar, parse_float};
use std::iter::Peekable;
use std::str::Chars;

/// Deepest nesting that is read.
const MAX_DEPTH: usize = 8;

/// Most fields of one record.
const MAX_FIELDS: usize = 1_000;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
enum Json {
    Null,
    Boolean(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// The fields of a record; `None` when the text is no JSON object. `typed` gives the base type a field is declared with;
/// other fields have the type JSON gives them.
pub(super) fn fields(text: &str, typed: &dyn Fn(&str) -> Option<BaseType>) -> Option<Vec<(String, Option<Scalar>)>> {
    let mut letters = text.trim().chars().peekable();
    if letters.peek() != Some(&'{') {
        return None;
    }
    let Json::Object(members) = value(&mut letters, 0)? else { return None };
    if letters.next().is_some() {
        return None;
    }
    let members = match members.as_slice() {
        [(name, Json::List(list))] if name == "record" => list.iter().filter_map(named).collect(),
        _ => members,
    };
    if members.len() > MAX_FIELDS {
        return None;
    }
    Some(
        members
            .into_iter()
            .map(|(name, json)| {
                let scalar = scalar(&json, typed(&name));
                (name, scalar)
            })
            .collect(),
    )
}

/// One field of the custom interactions' form.
fn named(json: &Json) -> Option<(String, Json)> {
    let Json::Object(members) = json else { return None };
    let of = |wanted: &str| members.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
    let Some(Json::Text(name)) = of("name") else { return None };
    Some((name.clone(), of("base").cloned().unwrap_or(Json::Null)))
}

fn scalar(json: &Json, typed: Option<BaseType>) -> Option<Scalar> {
    let text = match json {
        Json::Null | Json::List(_) => return None,
        // `{"integer": 3}`: the type is said.
        Json::Object(members) => {
            let [(name, value)] = members.as_slice() else { return None };
            return match value {
                Json::List(parts) => Scalar::parse(BaseType::from_name(name)?, &joined(parts)?),
                Json::Object(_) => None,
                value => scalar(value, Some(BaseType::from_name(name)?)),
            };
        }
        Json::Boolean(b) => b.to_string(),
        Json::Number(text) | Json::Text(text) => text.clone(),
    };
    let own = match json {
        Json::Boolean(_) => BaseType::Boolean,
        Json::Number(text) if text.parse::<i64>().is_ok() => BaseType::Integer,
        Json::Number(_) => BaseType::Float,
        _ => BaseType::String,
    };
    Scalar::parse(typed.unwrap_or(own), &text)
}

/// Pairs and points are lists of two.
fn joined(parts: &[Json]) -> Option<String> {
    let words: Option<Vec<&str>> = parts
        .iter()
        .map(|part| match part {
            Json::Number(text) | Json::Text(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    words.map(|words| words.join(" "))
}

fn space(letters: &mut Peekable<Chars<'_>>) {
    while letters.next_if(char::is_ascii_whitespace).is_some() {}
}

fn value(letters: &mut Peekable<Chars<'_>>, depth: usize) -> Option<Json> {
    if depth > MAX_DEPTH {
        return None;
    }
    space(letters);
    let value = match letters.peek()? {
        '{' => {
            let mut members = Vec::new();
            list(letters, '}', &mut |letters| {
                space(letters);
                let name = text(letters)?;
                space(letters);
                letters.next_if_eq(&':')?;
                members.push((name, value(letters, depth + 1)?));
                Some(())
            })?;
            Json::Object(members)
        }
        '[' => {
            let mut values = Vec::new();
            list(letters, ']', &mut |letters| {
                values.push(value(letters, depth + 1)?);
                Some(())
            })?;
            Json::List(values)
        }
        '"' => Json::Text(text(letters)?),
        _ => {
            let mut word = String::new();
            while let Some(letter) =
                letters.next_if(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.'))
            {
                word.push(letter);
            }
            match word.as_str() {
                "null" => Json::Null,
                "true" => Json::Boolean(true),
                "false" => Json::Boolean(false),
                _ => parse_float(&word).map(|_| Json::Number(word))?,
            }
        }
    };
    space(letters);
    Some(value)
}

/// What stands between brackets, parted by commas.
fn list(
    letters: &mut Peekable<Chars<'_>>,
    end: char,
    each: &mut dyn FnMut(&mut Peekable<Chars<'_>>) -> Option<()>,
) -> Option<()> {
    letters.next();
    space(letters);
    if letters.next_if_eq(&end).is_some() {
        return Some(());
    }
    loop {
        each(letters)?;
        space(letters);
        match letters.next()? {
            ',' => {}
            letter if letter == end => return Some(()),
            _ => return None,
        }
    }
}

fn text(letters: &mut Peekable<Chars<'_>>) -> Option<String> {
    letters.next_if_eq(&'"')?;
    let mut out = String::new();
    loop {
        match letters.next()? {
            '"' => return Some(out),
            '\\' => match letters.next()? {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                'b' => out.push('\u{8}'),
                'f' => out.push('\u{c}'),
                'u' => out.push(unicode(letters)?),
                letter => out.push(letter),
            },
            letter => out.push(letter),
        }
    }
}

fn unicode(letters: &mut Peekable<Chars<'_>>) -> Option<char> {
    let first = four(letters)?;
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first);
    }
    letters.next_if_eq(&'\\')?;
    letters.next_if_eq(&'u')?;
    let second = four(letters)?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    char::from_u32(0x10000 + ((first - 0xd800) << 10) + second)
}

fn four(letters: &mut Peekable<Chars<'_>>) -> Option<u32> {
    (0..4).try_fold(0, |so_far, _| Some(so_far * 16 + letters.next()?.to_digit(16)?))
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
