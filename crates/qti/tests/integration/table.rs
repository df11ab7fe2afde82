//! The table of constructs against the code, and `docs/qti.md` against the table.

use qti::expression::{Expression, Operator};
use qti::interaction::{ChoiceKind, InteractionKind};
use qti::processing::{Action, read_rules};
use qti::support::{CONSTRUCTS, Support, find};
use qti::xml::Element;

/// An element with every attribute an expression or rule could need.
fn sample(name: &str) -> Element {
    let word = match name {
        "qti-stats-operator" => "mean",
        "qti-math-operator" => "sin",
        _ => "pi",
    };
    let mut element = Element::new(name);
    for (attribute, value) in [
        ("identifier", "X"),
        ("base-type", "integer"),
        ("name", word),
        ("min", "1"),
        ("max", "2"),
        ("n", "1"),
        ("field-identifier", "f"),
        ("pattern", "a"),
        ("figures", "2"),
        ("shape", "default"),
        ("number-repeats", "1"),
        ("variable-identifier", "V"),
        ("outcome-identifier", "O"),
    ] {
        element = element.with(attribute, value);
    }
    element
}

#[test]
fn the_table_says_of_expressions_what_the_reader_does() {
    for construct in CONSTRUCTS.iter().filter(|construct| construct.group == "Expressions") {
        let mut element = sample(construct.name);
        if construct.name == "qti-lookup-table" {
            element = element.with_children([Element::new("qti-match-table")]);
        }
        let expression = Expression::read(&element).unwrap();
        assert!(!matches!(expression.operator, Operator::Unknown(_)), "{} is not read", construct.name);
        assert_eq!(expression.name(), construct.name);
        let custom = matches!(expression.operator, Operator::Custom { .. });
        assert_eq!(custom, construct.support == Support::Refused, "{}", construct.name);
    }
}

#[test]
fn the_table_says_of_rules_what_the_reader_does() {
    for construct in CONSTRUCTS.iter().filter(|construct| construct.group == "Processing") {
        let local = construct.name.trim_start_matches("qti-");
        // Wrappers and branches are read by what holds them.
        if local.ends_with("-processing") || local.ends_with("-if") || local.ends_with("-else") {
            continue;
        }
        let rule = sample(construct.name).with_children(
            (!local.ends_with("condition") && !local.ends_with("fragment")).then(|| Element::new("qti-null")),
        );
        let rules = read_rules(&Element::new("qti-response-processing").with_children([rule])).unwrap();
        let unknown = matches!(rules[0].action, Action::Unknown(_));
        // Includes are replaced by what they name before rules are read.
        assert_eq!(unknown, construct.name == "xi:include", "{}", construct.name);
    }
}

#[test]
fn every_interaction_and_choice_is_in_the_table() {
    let interactions = InteractionKind::ALL.iter().map(|kind| kind.name());
    for name in interactions.chain(ChoiceKind::ALL.iter().map(|kind| kind.name())) {
        assert!(find(name).is_some(), "{name}");
    }
    let mut names: Vec<_> = CONSTRUCTS.iter().map(|construct| construct.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(count, names.len(), "a construct is listed twice");
}

#[test]
fn the_document_shows_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/qti.md");
    let document = std::fs::read_to_string(path).unwrap();
    let (begin, end) = ("<!-- constructs: printed from crates/qti/src/support.rs -->\n", "<!-- end of constructs -->");
    let start = document.find(begin).unwrap() + begin.len();
    let stop = document.find(end).unwrap();
    let table = qti::support::markdown();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let fresh = format!("{}{table}{}", &document[..start], &document[stop..]);
        std::fs::write(path, fresh).unwrap();
        return;
    }
    assert!(document[start..stop] == table, "docs/qti.md is stale: run this test with UPDATE_DOCS=1");
}
