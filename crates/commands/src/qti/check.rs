//! `zerek qti check`: one line per item, then the findings, then a summary by construct.

use super::input::{self, Document};
use crate::{BadInput, Outcome};
use qti::check::{Finding, Severity};
use qti::follow::Find;
use qti::render::RenderOptions;
use qti::score::{Session, Status};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What is said about one document.
struct Row {
    name: String,
    identifier: String,
    parsed: Result<(), (u32, String)>,
    findings: Vec<Finding>,
    rendered: bool,
    /// Score of a generated correct answer, and the most there is; `None` where nothing is declared to
    /// make an answer from.
    scored: Option<Scored>,
    round_trip: bool,
    constructs: Vec<&'static str>,
    unknown: Vec<String>,
}

enum Scored {
    Points(f64, f64),
    Pending,
    Refused(String),
}

impl Row {
    fn errors(&self) -> usize {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error).count()
    }

    fn passes(&self) -> bool {
        self.parsed.is_ok()
            && self.rendered
            && self.round_trip
            && match &self.scored {
                Some(Scored::Points(got, most)) => got >= most,
                Some(Scored::Pending) | None => true,
                Some(Scored::Refused(_)) => false,
            }
    }
}

pub fn run(paths: &[PathBuf], json: bool, notes: bool) -> Result<Outcome, BadInput> {
    let mut rows = Vec::new();
    for path in paths {
        input::documents(path, &mut |document| {
            if let Some(row) = look(document) {
                rows.push(row);
            }
        })?;
    }
    if rows.is_empty() {
        return Err(BadInput("no items found; name .xml files, folders or .zip packages".to_owned()));
    }
    if json {
        println!("{}", serde_json::Value::from(rows.iter().map(to_json).collect::<Vec<_>>()));
    } else {
        print(&rows, notes);
    }
    let clean = rows.iter().all(|row| row.passes() && row.errors() == 0);
    Ok(if clean { Outcome::Done } else { Outcome::Warnings })
}

/// Looks at a test; `None` for XML that is neither item nor test.
fn look_at_test(mut row: Row, root: &str, text: &str, path: &str, find: &mut Find<'_>) -> Option<Row> {
    if root != "qti-assessment-test" {
        return None;
    }
    match qti::follow::test(text, path, find) {
        Ok((test, findings)) => {
            row.identifier.clone_from(&test.identifier);
            row.findings = findings;
            row.findings.extend(qti::test::check(&test));
            row.findings.extend(qti::check::schema(text).unwrap_or_default());
            row.rendered = true;
            row.round_trip = qti::test::parse_test(&qti::test::print_test(&test)).is_ok_and(|again| again == test);
        }
        Err(error) => row.parsed = Err((error.line(), error.to_string())),
    }
    Some(row)
}

/// Looks at one document; `None` for XML that is neither item nor test.
fn look(document: Document<'_>) -> Option<Row> {
    let Document { name, text, path, find } = document;
    let mut row = Row {
        name: name.to_owned(),
        identifier: String::new(),
        parsed: Ok(()),
        findings: Vec::new(),
        rendered: false,
        scored: None,
        round_trip: false,
        constructs: Vec::new(),
        unknown: Vec::new(),
    };
    let text = match text {
        Ok(text) => text,
        Err(message) => {
            row.parsed = Err((0, message));
            return Some(row);
        }
    };
    let followed = match qti::follow::item(&text, path, find) {
        Ok(followed) => followed,
        Err(qti::ParseError::WrongRoot { found, .. }) => return look_at_test(row, &found, &text, path, find),
        Err(error) => {
            row.parsed = Err((error.line(), error.to_string()));
            return Some(row);
        }
    };
    let item = followed.item;
    row.identifier.clone_from(&item.identifier);
    row.findings = followed.findings;
    row.findings.extend(qti::check::item(&item));
    row.findings.extend(qti::check::schema(&text).unwrap_or_default());
    row.findings.sort_by_key(|finding| (finding.line, std::cmp::Reverse(finding.severity)));
    // Rendered means that every interaction's field is there under its name, except those that stand in
    // feedback or templates and may be hidden.
    let options = RenderOptions { stimuli: followed.stimuli, ..RenderOptions::default() };
    let html = qti::render::html(&item, &options);
    let mut hidden = Vec::new();
    if let Some(body) = &item.body {
        body.walk(&mut |element| {
            let name = element.name.as_str();
            if name.starts_with("qti-feedback") || name.starts_with("qti-template") || name == "qti-rubric-block" {
                element.walk(&mut |inner| hidden.extend(inner.attribute("response-identifier").map(str::to_owned)));
            }
        });
    }
    row.rendered = item.interactions().iter().all(|interaction| {
        let name = interaction.response();
        hidden.iter().any(|other| other == name)
            || html.contains(&format!("name=\"{name}\""))
            || html.contains(&format!("name=\"{name}:"))
    });
    row.round_trip = qti::parse_item(&qti::print_item(&item)).is_ok_and(|again| again == item);
    row.scored = scored(&item);
    let (known, unknown) = qti::support::profile(&item);
    row.constructs = known.iter().map(|construct| construct.name).collect();
    row.unknown = unknown;
    Some(row)
}

fn scored(item: &qti::Item) -> Option<Scored> {
    let most = item.max_score();
    let mut best: Option<Scored> = None;
    for responses in qti::score::best_responses(item) {
        if responses.0.values().all(Vec::is_empty) {
            continue;
        }
        let outcomes = Session::start(item, qti::score::DEFAULT_SEED).submit(item, &responses);
        match outcomes.status {
            Status::Pending(_) => return Some(Scored::Pending),
            Status::Refused(refusal) => return Some(Scored::Refused(refusal.to_string())),
            Status::Complete => {
                if let (Some(points), Some(most)) = (outcomes.raw_score(), most) {
                    let better = !matches!(best, Some(Scored::Points(before, _)) if before >= points);
                    if better {
                        best = Some(Scored::Points(points, most));
                    }
                }
            }
        }
    }
    best
}

fn words(row: &Row) -> [String; 5] {
    let yes = |b: bool| if b { "yes" } else { "NO" }.to_owned();
    if row.parsed.is_err() {
        return ["NO", "-", "-", "-", "-"].map(str::to_owned);
    }
    let valid = match row.errors() {
        0 => "yes".to_owned(),
        n => format!("NO ({n})"),
    };
    let scored = match &row.scored {
        Some(Scored::Points(got, most)) => format!("{got} of {most}"),
        Some(Scored::Pending) => "by people".to_owned(),
        Some(Scored::Refused(_)) => "REFUSED".to_owned(),
        None => "no key".to_owned(),
    };
    ["yes".to_owned(), valid, yes(row.rendered), scored, yes(row.round_trip)]
}

fn print(rows: &[Row], notes: bool) {
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(4).clamp(4, 70);
    println!("{:width$}  {:7}{:9}{:9}{:12}round trip", "item", "parsed", "valid", "shown", "scored");
    for row in rows {
        let [parsed, valid, shown, scored, round_trip] = words(row);
        let name: String = row.name.chars().rev().take(width).collect::<Vec<_>>().into_iter().rev().collect();
        println!("{name:width$}  {parsed:7}{valid:9}{shown:9}{scored:12}{round_trip}");
    }
    println!();
    for row in rows {
        if let Err((line, message)) = &row.parsed {
            println!("{}:{line}: error [not-read] {message}", row.name);
        }
        if let Some(Scored::Refused(message)) = &row.scored {
            println!("{}: error [scoring-refused] {message}", row.name);
        }
        for finding in &row.findings {
            if finding.severity > Severity::Note || notes {
                println!(
                    "{}:{}: {} [{}] {}. {}",
                    row.name,
                    finding.line,
                    finding.severity.name(),
                    finding.code,
                    finding.message,
                    finding.remedy
                );
            }
        }
    }
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for name in rows.iter().flat_map(|row| row.constructs.iter().copied().chain(row.unknown.iter().map(String::as_str)))
    {
        *uses.entry(name).or_default() += 1;
    }
    println!("\n{:40}{:>6}  support", "construct", "items");
    for (name, count) in uses {
        let support = qti::support::find(name).map_or("unknown", |construct| construct.support.name());
        println!("{name:40}{count:>6}  {support}");
    }
    let passed = rows.iter().filter(|row| row.passes()).count();
    let valid = rows.iter().filter(|row| row.errors() == 0 && row.parsed.is_ok()).count();
    println!("\n{passed} of {} items pass; {valid} without errors.", rows.len());
}

fn to_json(row: &Row) -> serde_json::Value {
    use serde_json::json;
    let findings: Vec<_> = row
        .findings
        .iter()
        .map(|finding| {
            json!({
                "file": row.name, "line": finding.line, "code": finding.code,
                "severity": finding.severity.name(), "message": finding.message, "remedy": finding.remedy,
            })
        })
        .collect();
    let (score, most, refused, pending) = match &row.scored {
        Some(Scored::Points(got, most)) => (Some(*got), Some(*most), None, false),
        Some(Scored::Refused(message)) => (None, None, Some(message.clone()), false),
        Some(Scored::Pending) => (None, None, None, true),
        None => (None, None, None, false),
    };
    json!({
        "file": row.name,
        "identifier": row.identifier,
        "passes": row.passes(),
        "parsed": row.parsed.is_ok(),
        "parseError": row.parsed.as_ref().err().map(|(line, message)| json!({"line": line, "message": message})),
        "valid": row.parsed.is_ok() && row.errors() == 0,
        "rendered": row.rendered,
        "score": score,
        "maxScore": most,
        "pending": pending,
        "refused": refused,
        "roundTrip": row.round_trip,
        "constructs": row.constructs,
        "unknownElements": row.unknown,
        "findings": findings,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEM: &str = r#"<qti-assessment-item identifier="i" title="t" xml:lang="en" adaptive="false" time-dependent="false">
      <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
        <qti-correct-response><qti-value>A</qti-value></qti-correct-response>
      </qti-response-declaration>
      <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
      <qti-item-body><qti-choice-interaction response-identifier="RESPONSE" max-choices="1">
        <qti-simple-choice identifier="A">a</qti-simple-choice><qti-simple-choice identifier="B">b</qti-simple-choice>
      </qti-choice-interaction></qti-item-body>
      <qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct"/>
    </qti-assessment-item>"#;

    fn look_at(text: &str) -> Option<Row> {
        look(Document { name: "i.xml", text: Ok(text.to_owned()), path: "i.xml", find: &mut |_| None })
    }

    #[test]
    fn a_good_item_passes_and_its_key_scores() {
        let row = look_at(ITEM).expect("an item");
        assert!(row.passes() && row.errors() == 0, "{:?}", row.findings);
        assert_eq!(words(&row), ["yes", "yes", "yes", "1 of 1", "yes"]);
    }

    #[test]
    fn a_key_that_is_no_choice_is_an_error_with_its_line() {
        let row = look_at(&ITEM.replace(">A</qti-value>", ">C</qti-value>")).expect("an item");
        assert!(row.findings.iter().any(|finding| finding.code == "key-not-a-choice" && finding.line == 2));
    }

    #[test]
    fn what_is_no_item_is_passed_over_and_what_is_no_xml_is_reported() {
        assert!(look_at("<qti-assessment-stimulus/>").is_none());
        let row = look_at("<a>\n<b></a>").expect("a row");
        assert_eq!(row.parsed.as_ref().err().map(|(line, _)| *line), Some(2));
        assert!(!row.passes());
    }
}
