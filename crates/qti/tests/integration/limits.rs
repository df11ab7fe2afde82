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
