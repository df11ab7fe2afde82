//! Reading and printing of tests.

use super::{
    Adaptive, BranchRule, Common, ItemRef, Member, Navigation, Ordering, PreCondition, Resource, Section, SectionRef,
    Selection, SessionControl, Submission, TemplateDefault, Test, TestPart, TimeLimits, VariableMapping, Weight,
};
use crate::declaration::{Declaration, Role};
use crate::expression::Expression;
use crate::item::{Source, is_schema_attribute, normalise, rules_element, with_schema};
use crate::processing::{Context, read_rules};
use crate::read::{Attributes, ParseError, structure, with_rest};
use crate::value::number_text;
use crate::xml::{Element, Line};

/// Reads a test, 2.1 to 3.0.
///
/// # Errors
/// [`ParseError`] with the line when the text is not safe XML or a part that we know is incomplete.
pub fn parse_test(xml: &str) -> Result<Test, ParseError> {
    read_test(crate::xml::parse(xml)?)
}

pub(crate) fn read_test(mut root: Element) -> Result<Test, ParseError> {
    let version = normalise(&mut root);
    if root.name != "qti-assessment-test" {
        return Err(ParseError::WrongRoot { line: root.line.0, expected: "an assessment test", found: root.name });
    }
    let mut a = Attributes::of(&root);
    let mut test = Test {
        identifier: a.required("identifier")?,
        title: a.optional("title").unwrap_or_default(),
        extra: Vec::new(),
        declarations: Vec::new(),
        time_limits: None,
        before_parts: Vec::new(),
        parts: Vec::new(),
        outcome_processing: None,
        feedbacks: Vec::new(),
        unknown: Vec::new(),
        source: Source(version),
        line: root.line,
    };
    test.extra = a.rest();
    test.extra.retain(|attribute| !is_schema_attribute(attribute));
    for child in root.elements() {
        match child.name.as_str() {
            "qti-context-declaration" => test.declarations.push(Declaration::read(Role::Context, child)?),
            "qti-outcome-declaration" => test.declarations.push(Declaration::read(Role::Outcome, child)?),
            "qti-time-limits" => test.time_limits = Some(time_limits(child)?),
            "qti-stylesheet" | "qti-rubric-block" => test.before_parts.push(child.clone()),
            "qti-test-part" => test.parts.push(part(child)?),
            "qti-outcome-processing" => test.outcome_processing = Some(read_rules(child)?),
            "qti-test-feedback" => test.feedbacks.push(child.clone()),
            _ => test.unknown.push(child.clone()),
        }
    }
    test.declarations.sort_by_key(|declaration| declaration.role == Role::Outcome);
    Ok(test)
}

/// Reads a file that holds one section.
///
/// # Errors
/// As [`parse_test`].
pub fn parse_section(xml: &str) -> Result<Section, ParseError> {
    read_section(crate::xml::parse(xml)?)
}

pub(crate) fn read_section(mut root: Element) -> Result<Section, ParseError> {
    normalise(&mut root);
    if root.name != "qti-assessment-section" {
        return Err(ParseError::WrongRoot { line: root.line.0, expected: "an assessment section", found: root.name });
    }
    root.attributes.retain(|attribute| !is_schema_attribute(attribute));
    section(&root)
}

fn part(element: &Element) -> Result<TestPart, ParseError> {
    let mut a = Attributes::of(element);
    let identifier = a.required("identifier")?;
    let navigation =
        a.parsed("navigation-mode", "navigation mode", Navigation::from_name)?.unwrap_or(Navigation::Linear);
    let submission =
        a.parsed("submission-mode", "submission mode", Submission::from_name)?.unwrap_or(Submission::Individual);
    let mut part = TestPart {
        identifier,
        navigation,
        submission,
        common: Common { extra: a.rest(), line: element.line, ..Common::default() },
        rubrics: Vec::new(),
        members: Vec::new(),
        feedbacks: Vec::new(),
    };
    for child in element.elements() {
        if child.name == "qti-test-feedback" {
            part.feedbacks.push(child.clone());
        } else if child.name == "qti-rubric-block" {
            part.rubrics.push(child.clone());
        } else if !common(&mut part.common, child)? {
            match member(child)? {
                Some(member) => part.members.push(member),
                None => part.common.unknown.push(child.clone()),
            }
        }
    }
    Ok(part)
}

fn member(element: &Element) -> Result<Option<Member>, ParseError> {
    Ok(match element.name.as_str() {
        "qti-assessment-section" => Some(Member::Section(Box::new(section(element)?))),
        "qti-assessment-item-ref" => Some(Member::Item(Box::new(item_ref(element)?))),
        "qti-assessment-section-ref" => Some(Member::Reference(Box::new(section_ref(element)?))),
        _ => None,
    })
}

fn section_ref(element: &Element) -> Result<SectionRef, ParseError> {
    let mut a = Attributes::of(element);
    let mut reference = SectionRef {
        identifier: a.required("identifier")?,
        href: a.required("href")?,
        required: a.boolean("required")?.unwrap_or(false),
        fixed: a.boolean("fixed")?.unwrap_or(false),
        common: Common::default(),
    };
    reference.common.extra = a.rest();
    reference.common.line = element.line;
    for child in element.elements() {
        if !common(&mut reference.common, child)? {
            reference.common.unknown.push(child.clone());
        }
    }
    Ok(reference)
}

fn adaptive(element: &Element) -> Result<Adaptive, ParseError> {
    let find = |name: &str| -> Result<Option<Resource>, ParseError> {
        let Some(child) = element.child(name) else { return Ok(None) };
        let mut a = Attributes::of(child);
        Ok(Some(Resource { identifier: a.required("identifier")?, href: a.required("href")?, extra: a.rest() }))
    };
    let known = ["qti-adaptive-engine-ref", "qti-adaptive-settings-ref", "qti-usagedata-ref", "qti-metadata-ref"];
    Ok(Adaptive {
        engine: find(known[0])?.ok_or_else(|| structure(element, "needs <qti-adaptive-engine-ref>"))?,
        settings: find(known[1])?,
        usage_data: find(known[2])?,
        metadata: find(known[3])?,
        extra: Attributes::of(element).rest(),
        unknown: element.elements().filter(|child| !known.contains(&child.name.as_str())).cloned().collect(),
        line: element.line,
    })
}

fn section(element: &Element) -> Result<Section, ParseError> {
    let mut a = Attributes::of(element);
    let mut section = Section {
        identifier: a.required("identifier")?,
        title: a.optional("title").unwrap_or_default(),
        visible: a.boolean("visible")?.unwrap_or(true),
        keep_together: a.boolean("keep-together")?.unwrap_or(true),
        required: a.boolean("required")?.unwrap_or(false),
        fixed: a.boolean("fixed")?.unwrap_or(false),
        selection: None,
        ordering: None,
        adaptive: None,
        rubrics: Vec::new(),
        members: Vec::new(),
        common: Common::default(),
    };
    section.common.extra = a.rest();
    section.common.line = element.line;
    for child in element.elements() {
        match child.name.as_str() {
            "qti-selection" => {
                let mut a = Attributes::of(child);
                let select = a.required("select")?;
                section.selection = Some(Selection {
                    select: select.trim().parse().map_err(|_not_a_number| a.bad(&select, "whole number"))?,
                    with_replacement: a.boolean("with-replacement")?.unwrap_or(false),
                    extra: a.rest(),
                    unknown: child.elements().cloned().collect(),
                });
            }
            "qti-ordering" => {
                let mut a = Attributes::of(child);
                section.ordering = Some(Ordering {
                    shuffle: a.boolean("shuffle")?.unwrap_or(false),
                    extra: a.rest(),
                    unknown: child.elements().cloned().collect(),
                });
            }
            "qti-adaptive-selection" => section.adaptive = Some(adaptive(child)?),
            "qti-rubric-block" => section.rubrics.push(child.clone()),
            _ => {
                if !common(&mut section.common, child)? {
                    match member(child)? {
                        Some(member) => section.members.push(member),
                        None => section.common.unknown.push(child.clone()),
                    }
                }
            }
        }
    }
    Ok(section)
}

fn item_ref(element: &Element) -> Result<ItemRef, ParseError> {
    let mut a = Attributes::of(element);
    let mut item = ItemRef {
        identifier: a.required("identifier")?,
        href: a.required("href")?,
        categories: a
            .optional("category")
            .map(|text| text.split_whitespace().map(str::to_owned).collect())
            .unwrap_or_default(),
        required: a.boolean("required")?.unwrap_or(false),
        fixed: a.boolean("fixed")?.unwrap_or(false),
        weights: Vec::new(),
        variable_mappings: Vec::new(),
        template_defaults: Vec::new(),
        common: Common::default(),
    };
    item.common.extra = a.rest();
    item.common.line = element.line;
    for child in element.elements() {
        let mut a = Attributes::of(child);
        match child.name.as_str() {
            "qti-weight" => {
                let identifier = a.required("identifier")?;
                let value = a.float("value")?.ok_or_else(|| a.bad("", "number in value"))?;
                item.weights.push(Weight { identifier, value, extra: a.rest() });
            }
            "qti-variable-mapping" => {
                let (source, target) = (a.required("source-identifier")?, a.required("target-identifier")?);
                item.variable_mappings.push(VariableMapping { source, target, extra: a.rest() });
            }
            "qti-template-default" => {
                let identifier = a.required("template-identifier")?;
                item.template_defaults.push(TemplateDefault { identifier, value: one(child)?, extra: a.rest() });
            }
            _ => {
                if !common(&mut item.common, child)? {
                    item.common.unknown.push(child.clone());
                }
            }
        }
    }
    Ok(item)
}

fn one(element: &Element) -> Result<Expression, ParseError> {
    let mut children = element.elements();
    match (children.next(), children.next()) {
        (Some(child), None) => Expression::read(child),
        (None, _) => Err(structure(element, "needs an expression")),
        (Some(_), Some(_)) => Err(structure(element, "takes one expression only")),
    }
}

/// Takes a child that parts, sections and item references share; false when it is none.
fn common(common: &mut Common, child: &Element) -> Result<bool, ParseError> {
    match child.name.as_str() {
        "qti-pre-condition" => {
            common.pre_conditions.push(PreCondition { condition: one(child)?, extra: Attributes::of(child).rest() });
        }
        "qti-branch-rule" => {
            let mut a = Attributes::of(child);
            let target = a.required("target")?;
            common.branch_rules.push(BranchRule { target, condition: one(child)?, extra: a.rest() });
        }
        "qti-item-session-control" => {
            let mut a = Attributes::of(child);
            common.control = SessionControl {
                present: true,
                max_attempts: a.float("max-attempts")?.and_then(crate::value::whole),
                show_feedback: a.boolean("show-feedback")?,
                allow_review: a.boolean("allow-review")?,
                show_solution: a.boolean("show-solution")?,
                allow_comment: a.boolean("allow-comment")?,
                allow_skipping: a.boolean("allow-skipping")?,
                validate_responses: a.boolean("validate-responses")?,
                extra: a.rest(),
            };
        }
        "qti-time-limits" => common.time_limits = Some(time_limits(child)?),
        _ => return Ok(false),
    }
    Ok(true)
}

fn time_limits(element: &Element) -> Result<TimeLimits, ParseError> {
    let mut a = Attributes::of(element);
    Ok(TimeLimits {
        min: a.float("min-time")?,
        max: a.float("max-time")?,
        allow_late: a.boolean("allow-late-submission")?,
        extra: a.rest(),
    })
}

/// Prints a test in 3.0 syntax; `parse_test(&print_test(&x))` gives `x` again.
pub fn print_test(test: &Test) -> String {
    crate::xml::print(&print_tree(test))
}

/// The test as a tree in 3.0 spelling.
pub(crate) fn print_tree(test: &Test) -> Element {
    let e = with_schema(Element::new("qti-assessment-test"))
        .with("identifier", &test.identifier)
        .with("title", &test.title);
    let mut e = with_rest(e, &test.extra, test.line)
        .with_children(test.declarations.iter().map(Declaration::print))
        .with_children(test.time_limits.iter().map(print_limits))
        .with_children(test.before_parts.iter().cloned())
        .with_children(test.parts.iter().map(print_part));
    if let Some(rules) = &test.outcome_processing {
        e = e.with_children([rules_element("qti-outcome-processing", rules, Context::Outcome)]);
    }
    e.with_children(test.feedbacks.iter().cloned()).with_children(test.unknown.iter().cloned())
}

fn flag(name: &'static str, value: bool, default: bool) -> (&'static str, Option<String>) {
    (name, (value != default).then(|| value.to_string()))
}

fn print_part(part: &TestPart) -> Element {
    let e = Element::new("qti-test-part")
        .with("identifier", &part.identifier)
        .with("navigation-mode", part.navigation.name())
        .with("submission-mode", part.submission.name());
    print_common(e, &part.common)
        .with_children(part.rubrics.iter().cloned())
        .with_children(part.members.iter().map(print_member))
        .with_children(part.feedbacks.iter().cloned())
        .with_children(part.common.unknown.iter().cloned())
}

fn plain(name: &str, extra: &[crate::xml::Attribute]) -> Element {
    with_rest(Element::new(name), extra, Line::default())
}

fn print_common(e: Element, common: &Common) -> Element {
    let control = common.control.present.then(|| {
        let control = &common.control;
        let boolean = |b: Option<bool>| b.map(|b| b.to_string());
        let e = Element::new("qti-item-session-control")
            .with_some("max-attempts", control.max_attempts.map(|n| n.to_string()))
            .with_some("show-feedback", boolean(control.show_feedback))
            .with_some("allow-review", boolean(control.allow_review))
            .with_some("show-solution", boolean(control.show_solution))
            .with_some("allow-comment", boolean(control.allow_comment))
            .with_some("allow-skipping", boolean(control.allow_skipping))
            .with_some("validate-responses", boolean(control.validate_responses));
        with_rest(e, &control.extra, Line::default())
    });
    with_rest(e, &common.extra, common.line)
        .with_children(
            common
                .pre_conditions
                .iter()
                .map(|c| plain("qti-pre-condition", &c.extra).with_children([c.condition.print()])),
        )
        .with_children(common.branch_rules.iter().map(|rule| {
            with_rest(Element::new("qti-branch-rule").with("target", &rule.target), &rule.extra, Line::default())
                .with_children([rule.condition.print()])
        }))
        .with_children(control)
        .with_children(common.time_limits.iter().map(print_limits))
}

fn print_limits(limits: &TimeLimits) -> Element {
    let e = Element::new("qti-time-limits")
        .with_some("min-time", limits.min.map(number_text))
        .with_some("max-time", limits.max.map(number_text))
        .with_some("allow-late-submission", limits.allow_late.map(|b| b.to_string()));
    with_rest(e, &limits.extra, Line::default())
}

fn print_member(member: &Member) -> Element {
    match member {
        Member::Section(section) => print_section(section),
        Member::Item(item) => print_item_ref(item),
        Member::Reference(reference) => {
            let mut e = Element::new("qti-assessment-section-ref")
                .with("identifier", &reference.identifier)
                .with("href", &reference.href);
            for (name, value) in [flag("required", reference.required, false), flag("fixed", reference.fixed, false)] {
                e = e.with_some(name, value);
            }
            print_common(e, &reference.common).with_children(reference.common.unknown.iter().cloned())
        }
    }
}

fn print_section(section: &Section) -> Element {
    let mut e = Element::new("qti-assessment-section")
        .with("identifier", &section.identifier)
        .with("title", &section.title)
        .with("visible", section.visible.to_string());
    for (name, value) in [
        flag("keep-together", section.keep_together, true),
        flag("required", section.required, false),
        flag("fixed", section.fixed, false),
    ] {
        e = e.with_some(name, value);
    }
    let selection = section.selection.iter().map(|selection| {
        let e = Element::new("qti-selection")
            .with("select", selection.select.to_string())
            .with_some("with-replacement", selection.with_replacement.then_some("true"));
        with_rest(e, &selection.extra, Line::default()).with_children(selection.unknown.iter().cloned())
    });
    let ordering = section.ordering.iter().map(|ordering| {
        let e = Element::new("qti-ordering").with("shuffle", ordering.shuffle.to_string());
        with_rest(e, &ordering.extra, Line::default()).with_children(ordering.unknown.iter().cloned())
    });
    print_common(e, &section.common)
        .with_children(section.adaptive.iter().map(print_adaptive))
        .with_children(selection)
        .with_children(ordering)
        .with_children(section.rubrics.iter().cloned())
        .with_children(section.members.iter().map(print_member))
        .with_children(section.common.unknown.iter().cloned())
}

fn print_adaptive(adaptive: &Adaptive) -> Element {
    let resource = |name: &str, resource: &Resource| {
        let e = Element::new(name).with("identifier", &resource.identifier).with("href", &resource.href);
        with_rest(e, &resource.extra, Line::default())
    };
    with_rest(Element::new("qti-adaptive-selection"), &adaptive.extra, adaptive.line)
        .with_children([resource("qti-adaptive-engine-ref", &adaptive.engine)])
        .with_children(adaptive.settings.iter().map(|r| resource("qti-adaptive-settings-ref", r)))
        .with_children(adaptive.usage_data.iter().map(|r| resource("qti-usagedata-ref", r)))
        .with_children(adaptive.metadata.iter().map(|r| resource("qti-metadata-ref", r)))
        .with_children(adaptive.unknown.iter().cloned())
}

fn print_item_ref(item: &ItemRef) -> Element {
    let mut e = Element::new("qti-assessment-item-ref")
        .with("identifier", &item.identifier)
        .with("href", &item.href)
        .with_some("category", (!item.categories.is_empty()).then(|| item.categories.join(" ")));
    for (name, value) in [flag("required", item.required, false), flag("fixed", item.fixed, false)] {
        e = e.with_some(name, value);
    }
    print_common(e, &item.common)
        .with_children(item.variable_mappings.iter().map(|mapping| {
            let e = Element::new("qti-variable-mapping")
                .with("source-identifier", &mapping.source)
                .with("target-identifier", &mapping.target);
            with_rest(e, &mapping.extra, Line::default())
        }))
        .with_children(item.weights.iter().map(|weight| {
            let e = Element::new("qti-weight")
                .with("identifier", &weight.identifier)
                .with("value", number_text(weight.value));
            with_rest(e, &weight.extra, Line::default())
        }))
        .with_children(item.template_defaults.iter().map(|default| {
            let e = Element::new("qti-template-default").with("template-identifier", &default.identifier);
            with_rest(e, &default.extra, Line::default()).with_children([default.value.print()])
        }))
        .with_children(item.common.unknown.iter().cloned())
}
