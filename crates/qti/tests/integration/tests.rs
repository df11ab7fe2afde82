//! Tests: selection, ordering, ways through, outcomes.

use qti::score::Responses;
use qti::test::{Test, TestSession, parse_test, plan, print_test};
use qti::value::Value;
use std::collections::BTreeSet;

fn test(inner: &str) -> Test {
    let test = parse_test(&format!(
        r#"<qti-assessment-test xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="t" title="T">{inner}</qti-assessment-test>"#
    ))
    .unwrap();
    assert_eq!(parse_test(&print_test(&test)).unwrap(), test, "{}", print_test(&test));
    test
}

fn refs(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!(r#"<qti-assessment-item-ref identifier="{name}" href="{name}.xml"/>"#))
        .collect::<Vec<_>>()
        .concat()
}

fn part(sections: &str) -> String {
    format!(
        r#"<qti-test-part identifier="p" navigation-mode="linear" submission-mode="individual">{sections}</qti-test-part>"#
    )
}

fn section(name: &str, inner: &str) -> String {
    format!(
        r#"<qti-assessment-section identifier="{name}" title="{name}" visible="true">{inner}</qti-assessment-section>"#
    )
}

/// An item worth 1 whose key is A, and whose template variable N may be given from outside.
fn item(href: &str) -> Option<qti::Item> {
    let name = href.strip_suffix(".xml")?;
    qti::parse_item(&format!(
        r#"<qti-assessment-item identifier="{name}" title="{name}" adaptive="false" time-dependent="false">
        <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
          <qti-correct-response><qti-value>A</qti-value></qti-correct-response></qti-response-declaration>
        <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float" normal-maximum="1"/>
        <qti-template-declaration identifier="N" cardinality="single" base-type="integer">
          <qti-default-value><qti-value>1</qti-value></qti-default-value></qti-template-declaration>
        <qti-item-body><qti-choice-interaction response-identifier="RESPONSE" max-choices="1">
          <qti-simple-choice identifier="A">a</qti-simple-choice><qti-simple-choice identifier="B">b</qti-simple-choice>
        </qti-choice-interaction></qti-item-body>
        <qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct"/>
        </qti-assessment-item>"#
    ))
    .ok()
}

fn keys(test: &Test, seed: u64) -> Vec<String> {
    plan(test, seed).into_iter().map(|planned| planned.key).collect()
}

fn answer(choice: &str) -> Responses {
    Responses::new().with("RESPONSE", choice)
}

/// Keys of the items one meets when each is answered by `choose`.
fn way(session: &mut TestSession<'_>, choose: impl Fn(&str) -> &'static str) -> Vec<String> {
    let mut out = Vec::new();
    let mut at = session.first();
    while let Some(position) = at {
        let key = session.plan[position].key.clone();
        session.submit(position, &answer(choose(&key)));
        out.push(key);
        at = session.next(position);
    }
    out
}

#[test]
fn selection_draws_without_replacement_and_keeps_the_order() {
    let test =
        test(&part(&section("s", &format!(r#"<qti-selection select="3"/>{}"#, refs(&["a", "b", "c", "d", "e"])))));
    let mut seen = BTreeSet::new();
    for seed in 0..60 {
        let keys = keys(&test, seed);
        assert_eq!(keys.len(), 3);
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{keys:?}");
        seen.insert(keys);
    }
    assert_eq!(seen.len(), 10, "all 10 choices of 3 from 5 occur");
}

#[test]
fn required_members_are_always_selected() {
    let test = test(&part(&section(
        "s",
        &format!(
            r#"<qti-selection select="2"/>{}<qti-assessment-item-ref identifier="z" href="z.xml" required="true"/>"#,
            refs(&["a", "b", "c"])
        ),
    )));
    for seed in 0..20 {
        let keys = keys(&test, seed);
        assert!(keys.len() == 2 && keys[1] == "z", "{keys:?}");
    }
}

#[test]
fn with_replacement_an_item_may_come_again_under_a_numbered_name() {
    let test = test(&part(&section(
        "s",
        &format!(r#"<qti-selection select="4" with-replacement="true"/>{}"#, refs(&["a", "b"])),
    )));
    let all: BTreeSet<String> = (0..20).flat_map(|seed| keys(&test, seed)).collect();
    assert!(all.contains("a.2") && all.contains("b"), "{all:?}");
    assert!((0..20).all(|seed| keys(&test, seed).len() == 4));
}

#[test]
fn ordering_shuffles_all_but_fixed_members_and_keeps_visible_sections_together() {
    let inner = section("inner", &refs(&["x", "y"]));
    let test = test(&part(&section(
        "s",
        &format!(
            r#"<qti-ordering shuffle="true"/>{}{inner}<qti-assessment-item-ref identifier="z" href="z.xml" fixed="true"/>"#,
            refs(&["a", "b"])
        ),
    )));
    let mut seen = BTreeSet::new();
    for seed in 0..60 {
        let keys = keys(&test, seed);
        assert_eq!(keys[4], "z");
        let x = keys.iter().position(|key| key == "x").unwrap();
        assert_eq!(keys[x + 1], "y", "{keys:?}");
        seen.insert(keys);
    }
    assert_eq!(seen.len(), 6, "{seen:?}");
}

#[test]
fn an_invisible_section_that_need_not_stay_together_mixes_with_its_parent() {
    let inner = r#"<qti-assessment-section identifier="i" title="i" visible="false" keep-together="false">"#.to_owned()
        + &refs(&["x", "y"])
        + "</qti-assessment-section>";
    let test = test(&part(&section("s", &format!(r#"<qti-ordering shuffle="true"/>{}{inner}"#, refs(&["a", "b"])))));
    let apart = (0..60).any(|seed| {
        let keys = keys(&test, seed);
        let place = |name: &str| keys.iter().position(|key| key == name).unwrap();
        place("x").abs_diff(place("y")) > 1
    });
    assert!(apart);
}

#[test]
fn pre_conditions_pass_items_over() {
    let condition = r#"<qti-pre-condition><qti-equal tolerance-mode="exact"><qti-variable identifier="a.SCORE"/>
        <qti-base-value base-type="float">0</qti-base-value></qti-equal></qti-pre-condition>"#;
    let test = test(&part(&section(
        "s",
        &format!(
            r#"{}<qti-assessment-item-ref identifier="help" href="help.xml">{condition}</qti-assessment-item-ref>{}"#,
            refs(&["a"]),
            refs(&["b"])
        ),
    )));
    let mut session = TestSession::start(&test, 1, &item);
    assert_eq!(way(&mut session, |_| "A"), ["a", "b"]);
    let mut session = TestSession::start(&test, 1, &item);
    assert_eq!(way(&mut session, |_| "B"), ["a", "help", "b"]);
}

#[test]
fn branches_lead_forward_to_items_sections_and_exits() {
    let branch = |target: &str| {
        format!(
            r#"<qti-branch-rule target="{target}"><qti-gt><qti-variable identifier="a.SCORE"/>
            <qti-base-value base-type="float">0</qti-base-value></qti-gt></qti-branch-rule>"#
        )
    };
    for (target, right) in [
        ("c", vec!["a", "c", "d"]),
        ("two", vec!["a", "d"]),
        ("EXIT_SECTION", vec!["a", "d"]),
        ("EXIT_TESTPART", vec!["a"]),
        ("EXIT_TEST", vec!["a"]),
    ] {
        let one = section(
            "one",
            &format!(
                r#"<qti-assessment-item-ref identifier="a" href="a.xml">{}</qti-assessment-item-ref>{}"#,
                branch(target),
                refs(&["b", "c"])
            ),
        );
        let test = test(&part(&(one + &section("two", &refs(&["d"])))));
        let mut session = TestSession::start(&test, 1, &item);
        assert_eq!(way(&mut session, |_| "A"), right, "{target}");
        let mut session = TestSession::start(&test, 1, &item);
        assert_eq!(way(&mut session, |_| "B"), ["a", "b", "c", "d"], "{target}");
    }
}

const OUTCOMES: &str = r#"
  <qti-outcome-declaration identifier="TOTAL" cardinality="single" base-type="float"/>
  <qti-outcome-declaration identifier="WEIGHTED" cardinality="single" base-type="float"/>
  <qti-outcome-declaration identifier="MAX" cardinality="single" base-type="float"/>
  <qti-outcome-declaration identifier="CORRECT" cardinality="single" base-type="integer"/>
  <qti-outcome-declaration identifier="WRONG" cardinality="single" base-type="integer"/>
  <qti-outcome-declaration identifier="ANSWERED" cardinality="single" base-type="integer"/>
  <qti-outcome-declaration identifier="SEEN" cardinality="single" base-type="integer"/>
  <qti-outcome-declaration identifier="ALL" cardinality="single" base-type="integer"/>
  <qti-outcome-declaration identifier="HARD" cardinality="single" base-type="float"/>
  <qti-outcome-declaration identifier="FIRST" cardinality="single" base-type="float"/>
  <qti-outcome-declaration identifier="BAND" cardinality="single" base-type="identifier"/>"#;

fn processing() -> String {
    let set = |name: &str, inner: &str| {
        format!(r#"<qti-set-outcome-value identifier="{name}">{inner}</qti-set-outcome-value>"#)
    };
    let tv = |more: &str| format!(r#"<qti-sum><qti-test-variables variable-identifier="SCORE" {more}/></qti-sum>"#);
    [
        "<qti-outcome-processing>".to_owned(),
        set("TOTAL", &tv("")),
        set("WEIGHTED", &tv(r#"weight-identifier="W""#)),
        set("HARD", &tv(r#"include-category="hard""#)),
        set("MAX", r#"<qti-sum><qti-outcome-maximum outcome-identifier="SCORE" weight-identifier="W"/></qti-sum>"#),
        set("CORRECT", "<qti-number-correct/>"),
        set("WRONG", "<qti-number-incorrect/>"),
        set("ANSWERED", "<qti-number-responded/>"),
        set("SEEN", "<qti-number-presented/>"),
        set("ALL", r#"<qti-number-selected exclude-category="trial"/>"#),
        set("FIRST", r#"<qti-variable identifier="a.SCORE" weight-identifier="W"/>"#),
        r#"<qti-outcome-condition><qti-outcome-if><qti-gte><qti-variable identifier="TOTAL"/>
           <qti-base-value base-type="float">2</qti-base-value></qti-gte>"#
            .to_owned(),
        set("BAND", r#"<qti-base-value base-type="identifier">high</qti-base-value>"#),
        "</qti-outcome-if><qti-outcome-else>".to_owned(),
        set("BAND", r#"<qti-base-value base-type="identifier">low</qti-base-value>"#),
        "</qti-outcome-else></qti-outcome-condition></qti-outcome-processing>".to_owned(),
    ]
    .concat()
}

#[test]
fn outcomes_of_items_become_outcomes_of_the_test() {
    let items = r#"<qti-assessment-item-ref identifier="a" href="a.xml" category="hard"><qti-weight identifier="W" value="3"/></qti-assessment-item-ref>
      <qti-assessment-item-ref identifier="b" href="b.xml"><qti-weight identifier="W" value="0.5"/></qti-assessment-item-ref>
      <qti-assessment-item-ref identifier="c" href="c.xml" category="hard trial"/>
      <qti-assessment-item-ref identifier="d" href="d.xml"/>"#;
    let feedback = r#"<qti-test-feedback outcome-identifier="BAND" identifier="high" show-hide="show" access="atEnd"><qti-content-body><p>Well done.</p></qti-content-body></qti-test-feedback>"#;
    let test = test(&format!("{OUTCOMES}{}{}{feedback}", part(&section("s", items)), processing()));
    let mut session = TestSession::start(&test, 1, &item);
    let number = |session: &TestSession<'_>, name: &str| session.outcomes.value(name).number();
    assert_eq!(number(&session, "TOTAL"), Some(0.0));
    session.submit(0, &answer("A"));
    session.submit(1, &answer("B"));
    session.submit(2, &Responses::new());
    for (name, expected) in [
        ("TOTAL", 1.0),
        ("WEIGHTED", 3.0),
        ("HARD", 1.0),
        ("MAX", 5.5),
        ("CORRECT", 1.0),
        ("WRONG", 2.0),
        ("ANSWERED", 2.0),
        ("SEEN", 3.0),
        ("ALL", 3.0),
        ("FIRST", 3.0),
    ] {
        assert_eq!(number(&session, name), Some(expected), "{name}");
    }
    assert_eq!(session.outcomes.value("BAND").text(), "low");
    assert!(session.feedback(true).is_empty());
    session.submit(3, &answer("A"));
    assert_eq!(session.outcomes.value("BAND").text(), "high");
    assert_eq!(session.feedback(true).len(), 1);
    assert!(session.feedback(false).is_empty());
}

/// Items of several sorts: `part` has a second response without a key, `many` a multiple outcome, `button` an end attempt
/// interaction, `bare` an outcome without a maximum.
fn sorted_item(href: &str) -> Option<qti::Item> {
    let name = href.strip_suffix(".xml")?;
    let response = |more: &str| {
        format!(
            r#"<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
          <qti-correct-response><qti-value>A</qti-value></qti-correct-response>{more}</qti-response-declaration>"#
        )
    };
    let score = |more: &str| {
        format!(
            r#"<qti-outcome-declaration identifier="SCORE" cardinality="single" {more}><qti-default-value><qti-value>1</qti-value></qti-default-value></qti-outcome-declaration>"#
        )
    };
    let whole = score(r#"base-type="integer" normal-maximum="2" normal-minimum="-1""#);
    let choice = r#"<qti-choice-interaction response-identifier="RESPONSE" max-choices="1">
      <qti-simple-choice identifier="A">a</qti-simple-choice><qti-simple-choice identifier="B">b</qti-simple-choice></qti-choice-interaction>"#;
    let inner = match name {
        "part" => format!(
            r#"{}<qti-response-declaration identifier="WHY" cardinality="single" base-type="string"/>{whole}
            <qti-item-body>{choice}<p><qti-text-entry-interaction response-identifier="WHY"/></p></qti-item-body>"#,
            response("")
        ),
        "many" => format!(
            r#"{}<qti-outcome-declaration identifier="SCORE" cardinality="multiple" base-type="integer"><qti-default-value><qti-value>5</qti-value><qti-value>6</qti-value></qti-default-value></qti-outcome-declaration>
            <qti-item-body>{choice}</qti-item-body>"#,
            response("")
        ),
        "button" => format!(
            r#"{whole}<qti-response-declaration identifier="HINT" cardinality="single" base-type="boolean"/>
            <qti-item-body><p><qti-end-attempt-interaction response-identifier="HINT" title="Hint"/></p></qti-item-body>"#
        ),
        "chosen" => format!(
            r"{}{whole}<qti-item-body>{choice}</qti-item-body>",
            response("<qti-default-value><qti-value>B</qti-value></qti-default-value>")
        ),
        "half" => format!(
            r"{}{}<qti-item-body>{choice}</qti-item-body>",
            response(""),
            score(r#"base-type="float" normal-maximum="2.5""#)
        ),
        "bare" => {
            format!(r"{}{}<qti-item-body>{choice}</qti-item-body>", response(""), score(r#"base-type="float""#))
        }
        _ => return None,
    };
    qti::parse_item(&format!(
        r#"<qti-assessment-item identifier="{name}" title="{name}" adaptive="false" time-dependent="false">{inner}</qti-assessment-item>"#
    ))
    .ok()
}

/// The value an expression of outcome processing has after `answers`, over the items named.
fn over(items: &[&str], answers: &[Responses], base_type: &str, expression: &str) -> Value {
    let test = test(&format!(
        r#"<qti-outcome-declaration identifier="R" cardinality="multiple" base-type="{base_type}"/>{}
        <qti-outcome-processing><qti-set-outcome-value identifier="R"><qti-multiple>{expression}</qti-multiple></qti-set-outcome-value></qti-outcome-processing>"#,
        part(&section("s", &refs(items)))
    ));
    let mut session = TestSession::start(&test, 1, &sorted_item);
    for (at, answer) in answers.iter().enumerate() {
        session.submit(at, answer);
    }
    session.outcomes.value("R").clone()
}

#[test]
fn counts_consider_the_items_the_specification_names() {
    let count = |items: &[&str], answers: &[Responses], expression: &str| {
        over(items, answers, "integer", expression).scalars().first().and_then(qti::value::Scalar::number)
    };
    let right = || answer("A");
    assert_eq!(
        count(&["half", "part"], &[right(), right()], "<qti-number-correct/>"),
        Some(1.0),
        "a response without a key"
    );
    assert_eq!(count(&["half", "part"], &[answer("B"), answer("B")], "<qti-number-incorrect/>"), Some(1.0));
    assert_eq!(count(&["half", "button"], &[], "<qti-number-incorrect/>"), Some(0.0), "nothing was attempted");
    let pressed = Responses::new().with("HINT", "true");
    assert_eq!(count(&["button"], &[Responses::new()], "<qti-number-responded/>"), Some(0.0), "a button not pressed");
    assert_eq!(count(&["button"], &[pressed], "<qti-number-responded/>"), Some(1.0));
    assert_eq!(count(&["chosen"], &[answer("B")], "<qti-number-responded/>"), Some(0.0), "the default left as it was");
    assert_eq!(count(&["chosen"], &[answer("A")], "<qti-number-responded/>"), Some(1.0));
}

#[test]
fn variables_of_items_come_as_containers() {
    let texts = |items: &[&str], base_type: &str, expression: &str| over(items, &[], base_type, expression).text();
    let variables = |more: &str| format!(r#"<qti-test-variables variable-identifier="SCORE" {more}/>"#);
    assert_eq!(texts(&["part", "many", "chosen"], "integer", &variables("")), "1,1", "only single ones");
    assert_eq!(texts(&["part", "half"], "float", &variables("")), "1,1", "both types of numbers");
    assert_eq!(texts(&["part", "half"], "float", &variables(r#"base-type="float""#)), "1", "one type of numbers");
    let status = r#"<qti-test-variables variable-identifier="completionStatus"/>"#;
    assert_eq!(texts(&["part"], "identifier", status), "", "numbers alone where no type is asked for");
    let maximum = r#"<qti-outcome-maximum outcome-identifier="SCORE"/>"#;
    assert_eq!(texts(&["part", "half"], "float", maximum), "2,2.5");
    assert_eq!(texts(&["part", "bare"], "float", maximum), "", "one without a maximum makes all NULL");
    let minimum = r#"<qti-outcome-minimum outcome-identifier="SCORE"/>"#;
    assert_eq!(texts(&["part", "half", "chosen"], "float", minimum), "-1,-1", "one without a minimum is passed over");
}

#[test]
fn weights_apply_to_numbers_and_instances_have_numbers() {
    let test = test(&format!(
        r#"<qti-outcome-declaration identifier="TIME" cardinality="single" base-type="duration"/>
        <qti-outcome-declaration identifier="FIRST" cardinality="single" base-type="float"/>
        <qti-outcome-declaration identifier="SECOND" cardinality="single" base-type="float"/>{}
        <qti-outcome-processing>
          <qti-set-outcome-value identifier="TIME"><qti-variable identifier="a.duration" weight-identifier="W"/></qti-set-outcome-value>
          <qti-set-outcome-value identifier="FIRST"><qti-variable identifier="a.1.SCORE" weight-identifier="W"/></qti-set-outcome-value>
          <qti-set-outcome-value identifier="SECOND"><qti-variable identifier="a.2.SCORE"/></qti-set-outcome-value>
        </qti-outcome-processing>"#,
        part(&section(
            "s",
            r#"<qti-selection select="2" with-replacement="true"/><qti-assessment-item-ref identifier="a" href="a.xml"><qti-weight identifier="W" value="3"/></qti-assessment-item-ref>"#
        ))
    ));
    let mut session = TestSession::start(&test, 1, &item);
    session.submit(0, &answer("A").with("duration", "10"));
    session.submit(1, &answer("B"));
    let number = |name: &str| session.outcomes.value(name).number();
    assert_eq!((number("TIME"), number("FIRST"), number("SECOND")), (Some(10.0), Some(3.0), Some(0.0)));
}

#[test]
fn conditions_of_sections_and_parts_are_asked_when_they_open() {
    let condition = r#"<qti-pre-condition><qti-equal tolerance-mode="exact"><qti-sum><qti-test-variables variable-identifier="SCORE"/></qti-sum>
        <qti-base-value base-type="float">0</qti-base-value></qti-equal></qti-pre-condition>"#;
    let first =
        test(&part(&(section("one", &format!("{condition}{}", refs(&["a", "b"]))) + &section("two", &refs(&["c"])))));
    let mut session = TestSession::start(&first, 1, &item);
    assert_eq!(way(&mut session, |_| "A"), ["a", "b", "c"], "a section that is open stays open");

    let nested = section(
        "outer",
        &format!("{}{}", refs(&["a"]), section("inner", &format!("{condition}{}", refs(&["b", "c"])))),
    );
    let nested = test(&part(&(nested + &section("two", &refs(&["d"])))));
    let mut session = TestSession::start(&nested, 1, &item);
    assert_eq!(way(&mut session, |_| "A"), ["a", "d"], "a section that does not open is passed over whole");
    let mut session = TestSession::start(&nested, 1, &item);
    assert_eq!(way(&mut session, |_| "B"), ["a", "b", "c", "d"]);

    let second = |condition: &str| {
        format!(
            r#"<qti-test-part identifier="q" navigation-mode="linear" submission-mode="individual">{condition}{}</qti-test-part>"#,
            section("two", &refs(&["b", "c"]))
        )
    };
    let parts = test(&format!("{}{}", part(&section("one", &refs(&["a"]))), second(condition)));
    let mut session = TestSession::start(&parts, 1, &item);
    assert_eq!(way(&mut session, |_| "A"), ["a"], "a part that does not open is passed over whole");
    let mut session = TestSession::start(&parts, 1, &item);
    assert_eq!(
        way(&mut session, |key| if key == "a" { "B" } else { "A" }),
        ["a", "b", "c"],
        "a part that is open stays open"
    );
}

#[test]
fn what_is_left_early_branches_too() {
    let never = r#"<qti-pre-condition><qti-base-value base-type="boolean">false</qti-base-value></qti-pre-condition>"#;
    let branch = |target: &str| {
        format!(
            r#"<qti-branch-rule target="{target}"><qti-base-value base-type="boolean">true</qti-base-value></qti-branch-rule>"#
        )
    };
    let one = section(
        "one",
        &format!(
            r#"{}{}<qti-assessment-item-ref identifier="b" href="b.xml">{never}</qti-assessment-item-ref>"#,
            branch("three"),
            refs(&["a"])
        ),
    );
    let test = test(&part(&(one + &section("two", &refs(&["c"])) + &section("three", &refs(&["d"])))));
    let mut session = TestSession::start(&test, 1, &item);
    assert_eq!(way(&mut session, |_| "A"), ["a", "d"], "the last item of the section was passed over");
}

#[test]
fn template_defaults_and_variable_mappings_reach_the_item() {
    let test = test(&format!(
        r#"<qti-outcome-declaration identifier="N" cardinality="single" base-type="integer"/>
        <qti-outcome-declaration identifier="S" cardinality="single" base-type="float"/>{}
        <qti-outcome-processing><qti-set-outcome-value identifier="N"><qti-variable identifier="a.N"/></qti-set-outcome-value>
        <qti-set-outcome-value identifier="S"><qti-sum><qti-test-variables variable-identifier="POINTS"/></qti-sum></qti-set-outcome-value>
        </qti-outcome-processing>"#,
        part(&section(
            "s",
            r#"<qti-assessment-item-ref identifier="a" href="a.xml">
              <qti-variable-mapping source-identifier="SCORE" target-identifier="POINTS"/>
              <qti-template-default template-identifier="N"><qti-base-value base-type="integer">9</qti-base-value></qti-template-default>
            </qti-assessment-item-ref>"#
        ))
    ));
    let mut session = TestSession::start(&test, 1, &item);
    session.submit(0, &answer("A"));
    assert_eq!(session.outcomes.value("N"), &Value::integer(9));
    assert_eq!(session.outcomes.value("S").number(), Some(1.0));
}

#[test]
fn session_control_is_inherited() {
    let test = test(
        r#"<qti-test-part identifier="p" navigation-mode="nonlinear" submission-mode="simultaneous">
        <qti-item-session-control max-attempts="0" allow-skipping="false"/><qti-time-limits max-time="600"/>
        <qti-assessment-section identifier="s" title="s" visible="true"><qti-item-session-control max-attempts="3"/>
        <qti-assessment-item-ref identifier="a" href="a.xml"><qti-item-session-control show-feedback="true"/></qti-assessment-item-ref>
        </qti-assessment-section></qti-test-part>"#,
    );
    let planned = &plan(&test, 1)[0];
    assert_eq!(planned.control.max_attempts, Some(3));
    assert_eq!(planned.control.allow_skipping, Some(false));
    assert_eq!(planned.control.show_feedback, Some(true));
}

#[test]
fn a_2x_test_is_read_into_the_same_model() {
    let old = parse_test(
        r#"<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="t" title="T">
        <outcomeDeclaration identifier="TOTAL" cardinality="single" baseType="float"/>
        <testPart identifier="p" navigationMode="linear" submissionMode="individual">
        <assessmentSection identifier="s" title="s" visible="true"><selection select="1"/><ordering shuffle="true"/>
        <assessmentItemRef identifier="a" href="a.xml" category="x y"><weight identifier="W" value="2"/></assessmentItemRef>
        </assessmentSection></testPart>
        <outcomeProcessing><setOutcomeValue identifier="TOTAL"><sum><testVariables variableIdentifier="SCORE"/></sum></setOutcomeValue></outcomeProcessing>
        </assessmentTest>"#,
    )
    .unwrap();
    let new = test(&format!(
        r#"<qti-outcome-declaration identifier="TOTAL" cardinality="single" base-type="float"/>{}
        <qti-outcome-processing><qti-set-outcome-value identifier="TOTAL"><qti-sum><qti-test-variables variable-identifier="SCORE"/></qti-sum></qti-set-outcome-value></qti-outcome-processing>"#,
        part(&section(
            "s",
            r#"<qti-selection select="1"/><qti-ordering shuffle="true"/><qti-assessment-item-ref identifier="a" href="a.xml" category="x y"><qti-weight identifier="W" value="2"/></qti-assessment-item-ref>"#
        ))
    ));
    assert_eq!(old, new);
}

#[test]
fn checks_find_branches_into_nowhere_and_impossible_selections() {
    let test = test(&part(&section(
        "s",
        &format!(
            r#"<qti-branch-rule target="nowhere"><qti-base-value base-type="boolean">true</qti-base-value></qti-branch-rule>
            <qti-selection select="5"/>{}"#,
            refs(&["a", "a"])
        ),
    )));
    let codes: BTreeSet<_> = qti::test::check(&test).into_iter().map(|finding| finding.code).collect();
    for code in ["branch-target", "selection-too-large", "identifier-twice"] {
        assert!(codes.contains(code), "{code} not in {codes:?}");
    }
}

#[test]
fn an_adaptive_section_is_kept_checked_and_refused_by_name() {
    let selection = r#"<qti-adaptive-selection><qti-adaptive-engine-ref identifier="e" href="https://cat.example/e"/>
        <qti-adaptive-settings-ref identifier="s" href="s.json"/><qti-usagedata-ref identifier="u" href="u.xml"/>
        <qti-metadata-ref identifier="m" href="m.xml"/></qti-adaptive-selection>"#;
    let test = test(&part(&section("s1", &format!("{selection}{}", refs(&["q1", "q2"])))));
    let adaptive = test.sections()[0].adaptive.clone().unwrap();
    assert_eq!(
        (adaptive.engine.href.as_str(), adaptive.metadata.unwrap().identifier.as_str()),
        ("https://cat.example/e", "m")
    );
    assert!(qti::test::check(&test).iter().any(|finding| finding.code == "adaptive-refused"));
    let mut session = TestSession::start(&test, 1, &item);
    session.process();
    assert_eq!(session.refused.as_ref().map(|refusal| refusal.construct.as_str()), Some("qti-adaptive-selection"));
    assert!(matches!(session.outcomes.status, qti::score::Status::Refused(_)) && session.first().is_none());
}

#[test]
fn attempts_skipping_and_time_are_bars() {
    use qti::test::Bar;
    let control = r#"<qti-item-session-control max-attempts="2" allow-skipping="false" validate-responses="true"/>"#;
    let timed = r#"<qti-assessment-item-ref identifier="q2" href="q2.xml"><qti-time-limits max-time="30" allow-late-submission="true"/></qti-assessment-item-ref>"#;
    let test = test(&format!(
        "<qti-time-limits max-time=\"100\"/>{}",
        part(&format!(
            "{control}{}",
            section("s1", &format!("<qti-time-limits max-time=\"60\"/>{}{timed}", refs(&["q1"])))
        ))
    ));
    let mut session = TestSession::start(&test, 1, &item);
    assert_eq!(session.bars(0, &answer("A"), 5.0), []);
    assert_eq!(session.bars(0, &Responses::new(), 5.0), [Bar::Unanswered]);
    assert_eq!(session.bars(0, &answer("A"), 61.0), [Bar::Late("s1".to_owned())]);
    assert!(matches!(session.bars(0, &answer("Z"), 5.0)[..], [Bar::Violation(_)]));
    session.submit(0, &answer("A").with("duration", "40"));
    session.submit(0, &answer("B").with("duration", "50"));
    assert_eq!(session.bars(0, &answer("A"), 55.0), [Bar::Attempts(2)]);
    // 50 seconds are gone, and 11 more are too many for the section; the item's own limit lets late answers in.
    assert_eq!(session.bars(1, &answer("A"), 10.0), []);
    assert_eq!(session.bars(1, &answer("A"), 11.0), [Bar::Late("s1".to_owned())]);
    let limits: Vec<_> = session.time_limits(1).iter().map(|(name, _, spent)| (name.to_string(), *spent)).collect();
    assert_eq!(limits, [("t".to_owned(), 50.0), ("s1".to_owned(), 50.0), ("q2".to_owned(), 0.0)]);
}

#[test]
fn durations_are_variables_of_the_test() {
    let set = |name: &str, variable: &str| {
        format!(
            r#"<qti-set-outcome-value identifier="{name}"><qti-variable identifier="{variable}"/></qti-set-outcome-value>"#
        )
    };
    let declared = ["ALL", "PART", "SECTION", "ITEM"]
        .map(|name| {
            format!(r#"<qti-outcome-declaration identifier="{name}" cardinality="single" base-type="duration"/>"#)
        })
        .concat();
    let test = test(&format!(
        "{declared}{}<qti-outcome-processing>{}{}{}{}</qti-outcome-processing>",
        part(&format!("{}{}", section("s1", &refs(&["q1"])), section("s2", &refs(&["q2"])))),
        set("ALL", "duration"),
        set("PART", "p.duration"),
        set("SECTION", "s2.duration"),
        set("ITEM", "q1.duration")
    ));
    let mut session = TestSession::start(&test, 1, &item);
    session.submit(0, &answer("A").with("duration", "7"));
    session.submit(1, &answer("A").with("duration", "5"));
    let number = |name: &str| session.outcomes.value(name).number();
    assert_eq!(["ALL", "PART", "SECTION", "ITEM"].map(number), [12.0, 12.0, 5.0, 7.0].map(Some));
}

#[test]
fn feedback_of_a_part_is_its_own() {
    let feedback = |name: &str, access: &str| {
        format!(
            r#"<qti-test-feedback access="{access}" outcome-identifier="F" show-hide="hide" identifier="{name}"><qti-content-body><p>{name}</p></qti-content-body></qti-test-feedback>"#
        )
    };
    let test = test(&format!(
        r#"<qti-outcome-declaration identifier="F" cardinality="single" base-type="identifier"/>
        <qti-test-part identifier="p" navigation-mode="linear" submission-mode="individual">
        <qti-rubric-block view="candidate" use="instructions"><qti-content-body><p>Read</p></qti-content-body></qti-rubric-block>
        {}{}{}</qti-test-part>{}"#,
        section("s1", &refs(&["q1"])),
        feedback("during-part", "during"),
        feedback("end-of-part", "atEnd"),
        feedback("end-of-test", "atEnd"),
    ));
    assert_eq!(test.parts[0].rubrics.len(), 1);
    assert!(test.parts[0].common.unknown.is_empty());
    let session = TestSession::start(&test, 1, &item);
    let names = |list: Vec<&qti::xml::Element>| {
        list.iter().filter_map(|element| element.attribute("identifier").map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(names(session.feedback(true)), ["end-of-test"]);
    assert_eq!(names(session.part_feedback(0, true)), ["end-of-part"]);
    assert_eq!(names(session.part_feedback(0, false)), ["during-part"]);
}

#[test]
fn a_test_goes_to_2_2_and_back() {
    let test = test(&format!(
        "{}<qti-outcome-processing><qti-exit-test/></qti-outcome-processing>",
        part(&section(
            "s1",
            &format!(
                r#"<qti-pre-condition><qti-not><qti-is-null><qti-variable identifier="q1.SCORE"/></qti-is-null></qti-not></qti-pre-condition>
                <qti-selection select="1" with-replacement="true"/><qti-ordering shuffle="true"/>{}"#,
                refs(&["q1", "q2"])
            )
        ))
    ));
    let (text, losses) = qti::convert::test_to_v22(&test);
    assert!(text.contains("<assessmentItemRef identifier=\"q1\"") && text.contains("imsqti_v2p2"), "{text}");
    assert_eq!(losses, []);
    assert_eq!(parse_test(&text).unwrap(), test);
}
