//! Running files of scored cases: `item.xml` with `cases.json`.

use qti::score::{DEFAULT_SEED, Outcomes, Responses, Session};
use qti::value::{Scalar, Value};
use serde_json::Value as Json;
use std::path::Path;

/// Responses as a case writes them: texts, numbers, booleans, lists of them, null.
pub fn responses(json: &Json) -> Responses {
    let mut out = Responses::new();
    let Some(fields) = json.as_object() else {
        return out;
    };
    for (name, value) in fields {
        let texts: Vec<String> = match value {
            Json::Null => Vec::new(),
            Json::Array(values) => values.iter().map(text).collect(),
            single => vec![text(single)],
        };
        out.0.insert(name.clone(), texts);
    }
    out
}

fn text(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether a value is what a case expects.
pub fn agrees(value: &Value, expected: &Json) -> bool {
    match expected {
        Json::Null => value.is_null(),
        Json::Array(expected) => {
            let scalars = value.scalars();
            scalars.len() == expected.len() && scalars.iter().zip(expected).all(|(s, e)| scalar_agrees(s, e))
        }
        Json::Object(fields) => match value {
            Value::Record(record) => fields.iter().all(|(name, expected)| {
                let found = record.iter().find(|(n, _)| n == name).and_then(|(_, v)| v.clone());
                match found {
                    Some(scalar) => scalar_agrees(&scalar, expected),
                    None => expected.is_null(),
                }
            }),
            _ => false,
        },
        // An empty text is NULL.
        Json::String(text) if text.is_empty() => value.is_null(),
        single => value.single().is_some_and(|scalar| scalar_agrees(scalar, single)),
    }
}

fn scalar_agrees(scalar: &Scalar, expected: &Json) -> bool {
    match (scalar, expected) {
        (Scalar::Boolean(b), Json::Bool(e)) => b == e,
        (_, Json::Number(e)) => {
            let (Some(x), Some(e)) = (scalar.number(), e.as_f64()) else {
                return false;
            };
            (x - e).abs() <= 1e-9 * e.abs().max(1.0)
        }
        (_, Json::String(e)) => scalar.to_string() == *e,
        _ => false,
    }
}

/// Runs every case of a folder; returns how many ran and what went wrong.
pub fn run(folder: &Path) -> (usize, Vec<String>) {
    let name = folder.file_name().and_then(|n| n.to_str()).unwrap_or("?").to_owned();
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let item = match qti::parse_item(&read("item.xml")) {
        Ok(item) => item,
        Err(error) => return (0, vec![format!("{name}: {error}")]),
    };
    let mut wrong = Vec::new();
    match qti::parse_item(&qti::print_item(&item)) {
        Ok(again) if again == item => {}
        Ok(_) => wrong.push(format!("{name}: printed and read again it is another item")),
        Err(error) => wrong.push(format!("{name}: printed it cannot be read: {error}")),
    }
    let file: Json = serde_json::from_str(&read("cases.json")).unwrap();
    let file_seed = file["seed"].as_u64();
    let cases = file["cases"].as_array().cloned().unwrap_or_default();
    for case in &cases {
        let title = case["name"].as_str().unwrap_or("?");
        let seed = case["seed"].as_u64().or(file_seed).unwrap_or(DEFAULT_SEED);
        let mut session = Session::start(&item, seed);
        let mut outcomes = Outcomes::default();
        match case["attempts"].as_array() {
            Some(attempts) => {
                for attempt in attempts {
                    outcomes = session.submit(&item, &responses(attempt));
                }
            }
            None => outcomes = session.submit(&item, &responses(&case["responses"])),
        }
        for problem in check(&item, &outcomes, case, seed) {
            wrong.push(format!("{name}: {title}: {problem}; {:?} {:?}", outcomes.status, outcomes.notices));
        }
    }
    (cases.len(), wrong)
}

fn check(item: &qti::Item, outcomes: &Outcomes, case: &Json, seed: u64) -> Vec<String> {
    let expect = &case["expect"];
    let mut wrong = Vec::new();
    for (name, expected) in expect["outcomes"].as_object().into_iter().flatten() {
        let value = outcomes.value(name);
        if !agrees(value, expected) {
            wrong.push(format!("{name} is {:?}, expected {expected}", value.text()));
        }
    }
    if let Some(expected) = expect.get("score")
        && !agrees(outcomes.value("SCORE"), expected)
    {
        wrong.push(format!("score is {:?}, expected {expected}", outcomes.raw_score()));
    }
    if let Some(expected) = expect["maxScore"].as_f64()
        && item.max_score() != Some(expected)
    {
        wrong.push(format!("maximum is {:?}, expected {expected}", item.max_score()));
    }
    if let Some(status) = expect["status"].as_str() {
        let found = match outcomes.status {
            qti::score::Status::Complete => "complete",
            qti::score::Status::Pending(_) => "pending",
            qti::score::Status::Refused(_) => "refused",
        };
        if found != status {
            wrong.push(format!("status is {found}, expected {status}"));
        }
    } else if matches!(outcomes.status, qti::score::Status::Refused(_)) && expect["refused"].is_null() {
        // Published cases mark constructs their own engine rejects; see `published`.
        wrong.push("refused".to_owned());
    }
    let needs = case["needs"].as_array().into_iter().flatten();
    let options = qti::render::RenderOptions {
        template_seed: seed,
        outcomes: Some(outcomes.clone()),
        needs: needs.map(|need| qti::catalog::Need::parse(need.as_str().unwrap()).unwrap()).collect(),
        ..Default::default()
    };
    if let Some(expected) = expect["modalFeedbackIdentifiers"].as_array() {
        let shown: Vec<_> = qti::render::modal_feedback(item, outcomes, &options)
            .into_iter()
            .map(|feedback| Json::String(feedback.identifier))
            .collect();
        if shown != *expected {
            wrong.push(format!("feedback is {shown:?}, expected {expected:?}"));
        }
    }
    let html = qti::render::html(item, &options);
    for part in expect["itemBodyContains"].as_array().into_iter().flatten() {
        let part = part.as_str().unwrap_or_default();
        if !html.contains(part) {
            wrong.push(format!("the HTML does not contain {part:?}: {html}"));
        }
    }
    for part in expect["itemBodyLacks"].as_array().into_iter().flatten() {
        let part = part.as_str().unwrap_or_default();
        if html.contains(part) {
            wrong.push(format!("the HTML contains {part:?}: {html}"));
        }
    }
    wrong
}
