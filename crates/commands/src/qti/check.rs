//! `zerek qti check`: one line per item, then the findings, then a summary by construct.
//!
//! An item passes when it was read, when every interaction is shown, when the printed item reads as the same, and when
//! the generated right answer gives full points. What the specification leaves to others is no failure of the item:
//! points that people give, a test's outcome processing, a file beside the item where the item was given alone.

use super::input::{self, Document};
use crate::{BadInput, Outcome};
use qti::check::{Finding, Severity};
use qti::follow::Find;
use qti::render::RenderOptions;
use qti::score::{Responses, Session, Status};
use std::collections::BTreeMap;
use std::io::{self, Write};
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
    /// Points of the generated right answer, and the most there are.
    Points(f64, f64),
    /// Scored, but the item has no points to compare.
    Unmeasured,
    /// Left to people or another machine.
    Pending,
    /// Refused, because only a test can answer it.
    ByTest(String),
    /// Refused, because a file is missing that an item given alone need not have.
    NeedsFile(String),
    /// Refused.
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
                Some(Scored::Unmeasured | Scored::Pending | Scored::ByTest(_) | Scored::NeedsFile(_)) | None => true,
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
    crate::say(|out| {
        if json {
            writeln!(out, "{}", serde_json::Value::from(rows.iter().map(to_json).collect::<Vec<_>>()))
        } else {
            print(out, &rows, notes)
        }
    })?;
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
    let Document { name, text, path, find, in_package } = document;
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
        Err(qti::ParseError::WrongRoot { line, found, .. }) => {
            if let Some(what) = other_format(&found, &text) {
                row.parsed = Err((line, what.to_owned()));
                return Some(row);
            }
            return look_at_test(row, &found, &text, path, find);
        }
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
    if !in_package {
        alone(&mut row.findings);
    }
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
    row.scored = scored(&item, in_package);
    let (known, unknown) = qti::support::profile(&item);
    row.constructs = known.iter().map(|construct| construct.name).collect();
    row.unknown = unknown;
    Some(row)
}

/// What is wrong with a file that holds questions in a format that is not QTI 2 or 3; `None` when it holds none.
fn other_format(root: &str, text: &str) -> Option<&'static str> {
    match root {
        "questestinterop" => Some(
            "this is QTI 1.2, which is not read; export it as QTI 2.1 or later, or as Moodle XML for zerek qti convert",
        ),
        "quiz" if text.contains("<question") => Some("this is Moodle XML; zerek qti convert makes items of it"),
        _ => None,
    }
}

/// An item given without its package need not bring what it names: that is worth a look, but no mistake of the item.
fn alone(findings: &mut [Finding]) {
    let missing: Vec<u32> = findings.iter().filter(|f| f.code == "file-missing").map(|f| f.line).collect();
    for finding in findings {
        if missing.contains(&finding.line) && matches!(finding.code, "file-missing" | "rule-refused") {
            finding.severity = Severity::Warning;
        }
    }
}

/// Scores the generated right answers; without one an empty answer, so that what is refused is found all the same.
fn scored(item: &qti::Item, in_package: bool) -> Option<Scored> {
    let most = item.max_score();
    let mut answers = qti::score::best_responses(item);
    answers.retain(|responses| !responses.0.values().all(Vec::is_empty));
    let has_key = !answers.is_empty();
    if !has_key {
        answers.push(Responses::new());
    }
    let mut best: Option<Scored> = None;
    for responses in answers {
        let outcomes = Session::start(item, qti::score::DEFAULT_SEED).submit(item, &responses);
        match outcomes.status {
            Status::Pending(_) => return Some(Scored::Pending),
            Status::Refused(refusal) => {
                let told = refusal.to_string();
                return Some(if refusal.is_for_tests() {
                    Scored::ByTest(told)
                } else if refusal.is_for_a_file() && !in_package {
                    Scored::NeedsFile(told)
                } else {
                    Scored::Refused(told)
                });
            }
            Status::Complete if has_key => match (outcomes.raw_score(), most) {
                (Some(points), Some(most)) => {
                    let better = !matches!(best, Some(Scored::Points(before, _)) if before >= points);
                    if better {
                        best = Some(Scored::Points(points, most));
                    }
                }
                _ => best = best.or(Some(Scored::Unmeasured)),
            },
            Status::Complete => {}
        }
    }
    best
}

fn words(row: &Row) -> [String; 6] {
    let yes = |b: bool| if b { "yes" } else { "NO" }.to_owned();
    let result = if row.passes() { "pass" } else { "FAIL" }.to_owned();
    if row.parsed.is_err() {
        let [parsed, valid, shown, scored, round_trip] = ["NO", "-", "-", "-", "-"].map(str::to_owned);
        return [parsed, valid, shown, scored, round_trip, result];
    }
    let valid = match row.errors() {
        0 => "yes".to_owned(),
        n => format!("NO ({n})"),
    };
    let scored = match &row.scored {
        Some(Scored::Points(got, most)) => format!("{got} of {most}"),
        Some(Scored::Unmeasured) => "no points".to_owned(),
        Some(Scored::Pending) => "by people".to_owned(),
        Some(Scored::ByTest(_)) => "by a test".to_owned(),
        Some(Scored::NeedsFile(_)) => "needs a file".to_owned(),
        Some(Scored::Refused(_)) => "REFUSED".to_owned(),
        None => "no key".to_owned(),
    };
    ["yes".to_owned(), valid, yes(row.rendered), scored, yes(row.round_trip), result]
}

fn print(out: &mut dyn Write, rows: &[Row], notes: bool) -> io::Result<()> {
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(4).clamp(4, 70);
    writeln!(
        out,
        "{:width$}  {:7}{:9}{:7}{:14}{:12}result",
        "item", "parsed", "valid", "shown", "scored", "round trip"
    )?;
    for row in rows {
        let [parsed, valid, shown, scored, round_trip, result] = words(row);
        let name: String = row.name.chars().rev().take(width).collect::<Vec<_>>().into_iter().rev().collect();
        writeln!(out, "{name:width$}  {parsed:7}{valid:9}{shown:7}{scored:14}{round_trip:12}{result}")?;
    }
    writeln!(out)?;
    for row in rows {
        findings(out, row, notes)?;
    }
    constructs(out, rows)?;
    summary(out, rows)
}

fn findings(out: &mut dyn Write, row: &Row, notes: bool) -> io::Result<()> {
    if let Err((line, message)) = &row.parsed {
        writeln!(out, "{}:{line}: error [not-read] {message}", row.name)?;
    }
    match &row.scored {
        Some(Scored::Refused(message)) => writeln!(out, "{}: error [scoring-refused] {message}", row.name)?,
        Some(Scored::ByTest(message) | Scored::NeedsFile(message)) => {
            writeln!(out, "{}: note [scoring-refused] {message}", row.name)?;
        }
        _ => {}
    }
    for finding in row.findings.iter().filter(|finding| finding.severity > Severity::Note || notes) {
        let Finding { line, severity, code, message, remedy } = finding;
        writeln!(out, "{}:{line}: {} [{code}] {message}. {remedy}", row.name, severity.name())?;
    }
    Ok(())
}

fn constructs(out: &mut dyn Write, rows: &[Row]) -> io::Result<()> {
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for name in rows.iter().flat_map(|row| row.constructs.iter().copied().chain(row.unknown.iter().map(String::as_str)))
    {
        *uses.entry(name).or_default() += 1;
    }
    writeln!(out, "\n{:40}{:>6}  support", "construct", "items")?;
    for (name, count) in uses {
        let support = qti::support::find(name).map_or("unknown", |construct| construct.support.name());
        writeln!(out, "{name:40}{count:>6}  {support}")?;
    }
    Ok(())
}

/// How many pass, how many of them were scored, and why the others were not.
fn summary(out: &mut dyn Write, rows: &[Row]) -> io::Result<()> {
    let count = |holds: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| holds(row)).count();
    let passed = count(&Row::passes);
    let valid = count(&|row| row.errors() == 0 && row.parsed.is_ok());
    writeln!(out, "\n{passed} of {} documents pass; {valid} are without errors.", rows.len())?;
    let passing = |kind: fn(&Scored) -> bool| count(&|row| row.passes() && row.scored.as_ref().is_some_and(kind));
    for (number, words) in [
        (passing(|s| matches!(s, Scored::Points(..))), "scored with full points for the generated right answer"),
        (
            count(&|row| row.passes() && row.scored.is_none()),
            "declare no right answer to generate (scoring by cases: zerek qti score)",
        ),
        (passing(|s| matches!(s, Scored::Unmeasured)), "scored without an outcome SCORE to compare"),
        (passing(|s| matches!(s, Scored::Pending)), "left to people or another machine"),
        (
            passing(|s| matches!(s, Scored::ByTest(_))),
            "hold outcome processing that only a test can run; refused by name, outcomes at their defaults",
        ),
        (
            passing(|s| matches!(s, Scored::NeedsFile(_))),
            "include a file that was not given with them; refused by name, outcomes at their defaults",
        ),
    ] {
        if number > 0 {
            writeln!(out, "{number:>6} {words}")?;
        }
    }
    Ok(())
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
        Some(Scored::Refused(message) | Scored::ByTest(message) | Scored::NeedsFile(message)) => {
            (None, None, Some(message.clone()), false)
        }
        Some(Scored::Pending) => (None, None, None, true),
        Some(Scored::Unmeasured) | None => (None, None, None, false),
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
        look(Document {
            name: "i.xml",
            text: Ok(text.to_owned()),
            path: "i.xml",
            find: &mut |_| None,
            in_package: false,
        })
    }

    #[test]
    fn a_good_item_passes_and_its_key_scores() {
        let row = look_at(ITEM).expect("an item");
        assert!(row.passes() && row.errors() == 0, "{:?}", row.findings);
        assert_eq!(words(&row), ["yes", "yes", "yes", "1 of 1", "yes", "pass"]);
    }

    #[test]
    fn a_key_that_is_no_choice_is_an_error_with_its_line() {
        let row = look_at(&ITEM.replace(">A</qti-value>", ">C</qti-value>")).expect("an item");
        assert!(row.findings.iter().any(|finding| finding.code == "key-not-a-choice" && finding.line == 2));
    }

    fn with_rules(rules: &str) -> Row {
        let keyed = ITEM.replace("<qti-response-processing", &format!("{rules}<qti-response-processing"));
        let row = look_at(&keyed).expect("an item");
        assert!(row.rendered && row.round_trip);
        row
    }

    #[test]
    fn what_only_a_test_can_answer_is_no_failure_of_the_item_and_a_custom_operator_is() {
        let set = |expression: &str| {
            format!(
                "<qti-outcome-processing><qti-set-outcome-value identifier=\"SCORE\">{expression}</qti-set-outcome-value></qti-outcome-processing>"
            )
        };
        let row = with_rules(&set("<qti-number-correct/>"));
        assert!(row.passes() && row.errors() == 0, "{:?}", row.findings);
        assert_eq!(words(&row)[3], "by a test");
        let row = with_rules(&set("<qti-custom-operator class=\"vendor.own\"/>"));
        assert!(!row.passes() && row.errors() == 1);
        assert_eq!([words(&row)[3].as_str(), words(&row)[5].as_str()], ["REFUSED", "FAIL"]);
    }

    #[test]
    fn a_file_that_is_not_given_is_a_mistake_of_a_package_alone() {
        let rules = "<qti-response-processing><xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"r.xml\"/></qti-response-processing>";
        let a = ITEM.find("<qti-response-processing").expect("rules");
        let text = format!("{}{rules}</qti-assessment-item>", &ITEM[..a]);
        for (in_package, scored, result, errors) in [(false, "needs a file", "pass", 0), (true, "REFUSED", "FAIL", 2)] {
            let find: &mut Find<'_> = &mut |_| None;
            let document = Document { name: "i.xml", text: Ok(text.clone()), path: "i.xml", find, in_package };
            let row = look(document).expect("an item");
            assert_eq!((words(&row)[3].as_str(), words(&row)[5].as_str(), row.errors()), (scored, result, errors));
        }
    }

    #[test]
    fn other_formats_are_named() {
        let row = look_at("<questestinterop><assessment/></questestinterop>").expect("a row");
        assert!(row.parsed.is_err_and(|(_, message)| message.contains("QTI 1.2")));
        assert!(look_at("<quiz><question type=\"truefalse\"/></quiz>").is_some_and(|row| row.parsed.is_err()));
        assert!(look_at("<quiz identifier=\"settings\"/>").is_none());
    }

    #[test]
    fn what_is_no_item_is_passed_over_and_what_is_no_xml_is_reported() {
        assert!(look_at("<qti-assessment-stimulus/>").is_none());
        let row = look_at("<a>\n<b></a>").expect("a row");
        assert_eq!(row.parsed.as_ref().err().map(|(line, _)| *line), Some(2));
        assert!(!row.passes());
    }
}
