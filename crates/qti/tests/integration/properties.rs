//! Properties of all items, not only of those somebody thought of.

use crate::exercise;
use proptest::prelude::*;
use qti::declaration::{Declaration, MapEntry, Mapping, Role, ValueList};
use qti::expression::{Area, Expression, MathFunction, Operator, RoundingMode, Shape, Statistic, ToleranceMode};
use qti::item::{Item, ResponseProcessing, Source, Version};
use qti::processing::{Action, Branch, Rule, Target};
use qti::value::{BaseType, Cardinality};
use qti::xml::{Attribute, Element, Line, Node};

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["X", "Y", "Z", "SCORE", "RESPONSE", "a.b", "NOBODY"]).prop_map(str::to_owned)
}

/// Any text XML can hold: markup, quotes, white space, letters of several scripts.
fn text() -> impl Strategy<Value = String> + Clone {
    "[ -~\t\n\rәғқңөұүһі«»😀]{0,12}"
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        any::<f64>().prop_map(|x| x.to_string()),
        (-20..20_i64).prop_map(|n| n.to_string()),
        name(),
        Just(String::new()),
    ]
}

fn operator() -> impl Strategy<Value = Operator> {
    use Operator as O;
    let shape = prop::sample::select(Shape::ALL.to_vec());
    let mode = prop::sample::select(RoundingMode::ALL.to_vec());
    let tolerance = prop::sample::select(ToleranceMode::ALL.to_vec());
    let leaf = prop_oneof![
        (prop::sample::select(BaseType::ALL.to_vec()), text())
            .prop_map(|(base_type, value)| O::BaseValue { base_type, value }),
        (prop::sample::select(vec![BaseType::Integer, BaseType::Float]), number())
            .prop_map(|(base_type, value)| O::BaseValue { base_type, value }),
        name().prop_map(|identifier| O::Variable { identifier, weight: None }),
        name().prop_map(|identifier| O::Correct { identifier }),
        name().prop_map(|identifier| O::Default { identifier }),
        name().prop_map(|identifier| O::MapResponse { identifier }),
        (number(), number(), prop::option::of(number())).prop_map(|(min, max, step)| O::RandomInteger {
            min,
            max,
            step
        }),
        Just(O::Null),
    ];
    let parted = prop_oneof![
        number().prop_map(|n| O::Index { n }),
        number().prop_map(|number_repeats| O::Repeat { number_repeats }),
        (number(), number()).prop_map(|(min, max)| O::AnyN { min, max }),
        (mode.clone(), number()).prop_map(|(mode, figures)| O::RoundTo { mode, figures }),
        (mode, number()).prop_map(|(mode, figures)| O::EqualRounded { mode, figures }),
        (tolerance, prop::option::of(text()), any::<bool>()).prop_map(|(mode, tolerance, include_lower)| {
            O::Equal { mode, tolerance, include_lower, include_upper: !include_lower }
        }),
        (shape, text()).prop_map(|(shape, coords)| O::Inside(Area { shape, coords })),
        text().prop_map(|pattern| O::PatternMatch { pattern }),
        text().prop_map(|field| O::FieldValue { field }),
        (any::<bool>(), any::<bool>())
            .prop_map(|(case_sensitive, substring)| O::StringMatch { case_sensitive, substring }),
        prop::sample::select(Statistic::ALL.to_vec()).prop_map(O::Stats),
        prop::sample::select(MathFunction::ALL.to_vec()).prop_map(O::Math),
    ];
    let plain = prop::sample::select(vec![
        O::Multiple,
        O::Ordered,
        O::ContainerSize,
        O::IsNull,
        O::Random,
        O::Member,
        O::Delete,
        O::Contains,
        O::Not,
        O::And,
        O::Or,
        O::Match,
        O::Lt,
        O::Gte,
        O::DurationLt,
        O::Sum,
        O::Product,
        O::Subtract,
        O::Divide,
        O::Power,
        O::IntegerDivide,
        O::IntegerModulus,
        O::Truncate,
        O::Round,
        O::IntegerToFloat,
        O::Max,
        O::Min,
        O::Gcd,
        O::Lcm,
        O::NumberCorrect(qti::expression::Subset::default()),
    ]);
    prop_oneof![3 => leaf, 2 => parted, 4 => plain]
}

fn expression() -> impl Strategy<Value = Expression> {
    let leaf = operator().prop_map(|operator| Expression::new(operator, Vec::new()));
    leaf.prop_recursive(4, 24, 3, |inner| {
        (operator(), prop::collection::vec(inner, 0..4)).prop_map(|(operator, operands)| {
            // What is a constant or a name has no operands; an index of two operands is another operator.
            let leaf = matches!(operator, Operator::BaseValue { .. });
            Expression::new(operator, if leaf { Vec::new() } else { operands })
        })
    })
}

fn rule() -> impl Strategy<Value = Rule> {
    let target =
        prop::sample::select(vec![Target::Outcome, Target::Template, Target::Response, Target::CorrectResponse]);
    let leaf = prop_oneof![
        (target, name(), expression()).prop_map(|(target, name, e)| Rule::new(Action::Set(target, name, e))),
        (name(), prop::option::of(expression())).prop_map(|(name, e)| Rule::new(Action::SetDefault(name, e))),
        (name(), expression()).prop_map(|(name, e)| Rule::new(Action::LookupOutcomeValue(name, e))),
        Just(Rule::new(Action::Exit)),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let rules = prop::collection::vec(inner, 0..3);
        prop_oneof![
            rules.clone().prop_map(|rules| Rule::new(Action::Fragment(rules))),
            (prop::collection::vec((expression(), rules.clone()), 1..3), prop::option::of(rules)).prop_map(
                |(branches, last)| {
                    let mut out: Vec<Branch> = branches
                        .into_iter()
                        .map(|(condition, rules)| Branch { condition: Some(condition), rules, line: Line(0) })
                        .collect();
                    out.extend(last.map(|rules| Branch { condition: None, rules, line: Line(0) }));
                    Rule::new(Action::Condition(out))
                }
            ),
        ]
    })
}

fn tree() -> impl Strategy<Value = Element> {
    let names = prop::sample::select(vec![
        "p",
        "div",
        "b",
        "table",
        "qti-choice-interaction",
        "qti-simple-choice",
        "qti-prompt",
        "qti-gap",
        "qti-mapping",
        "qti-unknown",
        "m:math",
        "mi",
        "vendor:part",
        "qti-feedback-inline",
        "qti-printed-variable",
        "img",
        "object",
        "qti-text-entry-interaction",
        "qti-match-interaction",
        "qti-simple-match-set",
        "qti-slider-interaction",
    ]);
    let attributes = prop::collection::btree_map(
        prop::sample::select(vec![
            "id",
            "class",
            "response-identifier",
            "identifier",
            "src",
            "data-x",
            "max-choices",
            "shape",
            "coords",
        ]),
        text(),
        0..4,
    );
    let element = (names, attributes.boxed()).prop_map(|(name, attributes)| Element {
        name: name.to_owned(),
        attributes: attributes
            .into_iter()
            .map(|(name, value)| Attribute { name: name.to_owned(), value: value.replace('\r', " ") })
            .collect(),
        ..Element::default()
    });
    let element = element.boxed();
    element.clone().prop_recursive(4, 20, 4, move |inner| {
        (
            element.clone(),
            prop::collection::vec(prop_oneof![inner.prop_map(Node::Element), text().prop_map(Node::Text)], 0..4),
        )
            .prop_map(|(mut element, children)| {
                for child in children {
                    // The reader joins texts, drops empty ones, and white space where it means nothing.
                    match child {
                        Node::Text(text)
                            if text.is_empty()
                                || (text.trim().is_empty() && element.name == "qti-mapping")
                                || matches!(element.children.last(), Some(Node::Text(_))) => {}
                        child => element.children.push(child),
                    }
                }
                element
            })
    })
}

fn item() -> impl Strategy<Value = Item> {
    let declaration = (
        name(),
        prop::sample::select(BaseType::ALL.to_vec()),
        any::<bool>(),
        prop::collection::vec(text(), 0..3),
        number(),
    )
        .prop_map(|(identifier, base_type, response, values, key)| {
            let role = if response { Role::Response } else { Role::Outcome };
            let cardinality = if values.len() > 1 { Cardinality::Multiple } else { Cardinality::Single };
            let mut declaration = Declaration::new(role, &identifier, cardinality, base_type);
            if response {
                declaration.correct_response = Some(ValueList::of(values));
                declaration.mapping = Some(Mapping {
                    lower_bound: Some(-1.0),
                    upper_bound: None,
                    default_value: 0.25,
                    entries: vec![MapEntry { key, value: 1.5, case_sensitive: false, extra: Vec::new() }],
                    extra: Vec::new(),
                });
            } else {
                declaration.default_value = Some(ValueList::of(values));
            }
            declaration
        });
    let declarations = prop::collection::vec(declaration, 0..5);
    let rules = || prop::collection::vec(rule(), 0..4);
    (text(), declarations, tree(), rules(), prop::option::of(rules()), any::<bool>(), prop::option::of(tree()))
        .prop_map(|(title, mut declarations, body, rules, template, adaptive, catalogs)| {
            declarations.sort_by_key(|declaration| declaration.role == Role::Outcome);
            Item {
                identifier: "i".to_owned(),
                title: title.replace('\r', " "),
                language: Some("kk".to_owned()),
                adaptive,
                time_dependent: !adaptive,
                extra: vec![Attribute { name: "vendor:x".to_owned(), value: "<&\"'".to_owned() }],
                declarations,
                template_processing: template,
                before_body: Vec::new(),
                body: Some(Element {
                    name: "qti-item-body".to_owned(),
                    children: vec![Node::Element(body)],
                    ..Element::default()
                }),
                catalogs: catalogs.map(|inner| Element::new("qti-catalog-info").with_children([inner])),
                response_processing: Some(ResponseProcessing { rules, ..ResponseProcessing::default() }),
                outcome_processing: None,
                modal_feedbacks: Vec::new(),
                unknown: Vec::new(),
                source: Source(Version::V30),
                line: Line(0),
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn an_item_printed_and_read_is_the_same(item in item()) {
        let printed = qti::print_item(&item);
        let again = qti::parse_item(&printed);
        prop_assert!(again.as_ref() == Ok(&item), "{printed}\n{again:?}\n{item:?}");
    }

    #[test]
    fn any_item_can_be_checked_shown_and_scored(item in item(), answer in text(), seed in any::<u64>()) {
        exercise::use_item(&item, &answer, seed);
    }

    #[test]
    fn nothing_that_is_read_makes_the_engine_fall_over(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[<>/a-z=\"& -]{0,80}") {
        exercise::item(&bytes);
        exercise::test(&bytes);
        exercise::package(&bytes);
        exercise::math(text.as_bytes());
        exercise::formats(text.as_bytes());
        exercise::item(text.as_bytes());
    }
}
