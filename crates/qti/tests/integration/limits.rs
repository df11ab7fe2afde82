//! Limits of interactions: what a form could send and what a forged request could.

use qti::score::{Problem, Responses, violations};

fn problems(folder: &str, values: &[&str]) -> Vec<Problem> {
    let path = format!("{}/suite/{folder}/item.xml", env!("CARGO_MANIFEST_DIR"));
    let item = qti::parse_item(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut responses = Responses::new();
    for value in values {
        responses = responses.with("RESPONSE", *value);
    }
    violations(&item, &responses).into_iter().map(|violation| violation.problem).collect()
}

#[test]
fn honest_answers_and_missing_ones_keep_the_limits() {
    for (folder, values) in [
        ("choice-single", vec!["A"]),
        ("choice-single", vec![]),
        ("choice-multiple", vec!["A", "B", "C"]),
        ("match", vec!["A X", "B Y"]),
        ("gap-match", vec!["W G1", "S G2"]),
        ("order", vec!["C", "A", "B"]),
        ("hotspot", vec!["N", "E"]),
        ("slider", vec!["7"]),
        ("text-entry-float", vec!["0,5"]),
        ("graphic-gap-match", vec!["L1 A", "L2 B"]),
        ("template-map-response-point", vec!["10 10"]),
    ] {
        assert_eq!(problems(folder, &values), [], "{folder} {values:?}");
    }
}

#[test]
fn forged_answers_do_not() {
    assert_eq!(problems("choice-single", &["A", "B"]), [Problem::TooMany(1)]);
    assert_eq!(problems("max-score-mapping", &["A", "B", "C"]), [Problem::TooMany(2)]);
    assert_eq!(problems("choice-single", &["Z"]), [Problem::NotAChoice("Z".to_owned())]);
    assert_eq!(problems("choice-multiple", &["A", "A"]), [Problem::UsedTooOften("A".to_owned(), 1)]);
    assert_eq!(problems("match", &["A X", "A Y"]), [Problem::UsedTooOften("A".to_owned(), 1)]);
    assert_eq!(problems("match", &["A X", "B Y", "B X"])[0], Problem::TooMany(2));
    assert_eq!(problems("slider", &["11"]), [Problem::OutOfBounds(0.0, 10.0)]);
    assert_eq!(problems("text-entry-float", &["half"]), [Problem::Form("half".to_owned())]);
    assert_eq!(problems("order", &["A", "A"]), [Problem::UsedTooOften("A".to_owned(), 1)]);
}

#[test]
fn too_few_is_said_where_a_least_number_is_asked_for() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/suite/choice-multiple/item.xml");
    let text =
        std::fs::read_to_string(path).unwrap().replace("max-choices=\"0\"", "min-choices=\"2\" max-choices=\"3\"");
    let item = qti::parse_item(&text).unwrap();
    let found = violations(&item, &Responses::new().with("RESPONSE", "A"));
    assert_eq!(found[0].problem, Problem::TooFew(2));
}

/// An item around a body and rules.
fn item(declarations: &str, body: &str, rules: &str) -> qti::Item {
    qti::parse_item(&format!(
        r#"<qti-assessment-item identifier="i" title="t" adaptive="false" time-dependent="false">{declarations}
        <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
        <qti-outcome-declaration identifier="M" cardinality="multiple" base-type="string"/>
        <qti-item-body>{body}</qti-item-body><qti-response-processing>{rules}</qti-response-processing></qti-assessment-item>"#
    ))
    .unwrap()
}

#[test]
fn values_that_would_fill_the_memory_are_refused() {
    let long = "x".repeat(100_000);
    let base = format!(r#"<qti-base-value base-type="string">{long}</qti-base-value>"#);
    for rules in [
        format!(r#"<qti-set-outcome-value identifier="M"><qti-repeat number-repeats="9999">{base}</qti-repeat></qti-set-outcome-value>"#),
        format!(
            r#"<qti-set-outcome-value identifier="M">{base}</qti-set-outcome-value>{}"#,
            r#"<qti-set-outcome-value identifier="M"><qti-multiple><qti-variable identifier="M"/><qti-variable identifier="M"/></qti-multiple></qti-set-outcome-value>"#.repeat(40)
        ),
    ] {
        let item = item("", "", &rules);
        let outcomes = qti::score::score(&item, &Responses::new());
        assert!(matches!(outcomes.status, qti::score::Status::Refused(_)), "{:?}", outcomes.status);
    }
}

#[test]
fn pages_that_would_never_end_do() {
    let set = |mark: &str| {
        let choices: Vec<_> = (0..1200)
            .map(|n| format!(r#"<qti-simple-associable-choice identifier="{mark}{n}" match-max="1">{n}</qti-simple-associable-choice>"#))
            .collect();
        format!("<qti-simple-match-set>{}</qti-simple-match-set>", choices.concat())
    };
    let body =
        format!(r#"<qti-match-interaction response-identifier="R">{}{}</qti-match-interaction>"#, set("a"), set("b"));
    let html = qti::render::html(&item("", &body, ""), &qti::render::RenderOptions::default());
    assert!(html.len() < 40 * 1024 * 1024 && html.ends_with("</div>"), "{}", html.len());
}

#[test]
fn elements_with_endless_attributes_are_refused() {
    let attributes: Vec<_> = (0..2000).map(|n| format!(" a{n}=\"\"")).collect();
    let error = qti::parse_item(&format!("<qti-assessment-item{}/>", attributes.concat())).unwrap_err();
    assert!(error.to_string().contains("too large"), "{error}");
}
