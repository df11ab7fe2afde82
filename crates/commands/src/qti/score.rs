//! `zerek qti score`: responses in, outcomes out, as JSON.

use super::input;
use crate::{BadInput, Outcome};
use qti::score::{Responses, Session, Status};
use qti::value::{Scalar, Value};
use serde_json::{Value as Json, json};
use std::path::Path;

pub fn run(item: &Path, responses: &Path, seed: u64) -> Result<Outcome, BadInput> {
    let item = input::item(item)?;
    let text = input::text(responses)?;
    let json: Json = serde_json::from_str(&text)
        .map_err(|error| BadInput(format!("{}: is not JSON: {error}", responses.display())))?;
    let attempts = match json {
        Json::Array(attempts) => attempts,
        one => vec![one],
    };
    let mut session = Session::start(&item, seed);
    let mut last = None;
    for attempt in &attempts {
        last = Some(session.submit(&item, &read(attempt)?));
    }
    let Some(outcomes) = last else {
        return Err(BadInput("the list of attempts is empty".to_owned()));
    };
    let (status, reason) = match &outcomes.status {
        Status::Complete => ("complete", Json::Null),
        Status::Pending(waiting) => ("pending", json!(waiting)),
        Status::Refused(refusal) => ("refused", json!(refusal.to_string())),
    };
    let feedback: Vec<_> = qti::render::modal_feedback(
        &item,
        &outcomes,
        &qti::render::RenderOptions { template_seed: seed, ..Default::default() },
    )
    .into_iter()
    .map(|feedback| feedback.identifier)
    .collect();
    let values: serde_json::Map<String, Json> =
        outcomes.values.iter().map(|(name, value)| (name.clone(), to_json(value))).collect();
    let result = json!({
        "identifier": item.identifier,
        "score": outcomes.raw_score(),
        "maxScore": item.max_score(),
        "status": status,
        "reason": reason,
        "outcomes": values,
        "modalFeedbackIdentifiers": feedback,
        "notices": outcomes.notices,
    });
    crate::say(|out| writeln!(out, "{result:#}"))?;
    Ok(if status == "refused" { Outcome::Warnings } else { Outcome::Done })
}

fn read(json: &Json) -> Result<Responses, BadInput> {
    let Some(fields) = json.as_object() else {
        return Err(BadInput("responses are an object from response identifier to values".to_owned()));
    };
    let text = |value: &Json| match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut out = Responses::new();
    for (name, value) in fields {
        let texts = match value {
            Json::Null => Vec::new(),
            Json::Array(values) => values.iter().map(text).collect(),
            single => vec![text(single)],
        };
        out.0.insert(name.clone(), texts);
    }
    Ok(out)
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Single(scalar) => scalar_json(scalar),
        Value::Multiple(values) | Value::Ordered(values) => values.iter().map(scalar_json).collect(),
        Value::Record(fields) => Json::Object(
            fields.iter().map(|(name, value)| (name.clone(), value.as_ref().map_or(Json::Null, scalar_json))).collect(),
        ),
    }
}

fn scalar_json(scalar: &Scalar) -> Json {
    match scalar {
        Scalar::Boolean(b) => json!(b),
        Scalar::Integer(n) => json!(n),
        Scalar::Float(x) | Scalar::Duration(x) => json!(x),
        other => json!(other.to_string()),
    }
}
