//! The schema's rules: which attributes and children each element of 3.0.1 has, which of them must be there, in which
//! order, and which words they may hold.
//!
//! What breaks a rule here still works in Zerek, or another check says that it does not: so these findings are warnings
//! (other systems may refuse the document). 2.x documents are held to the same table under the new names, without the
//! wrappers that 3.0 added.

mod table;

use super::{Finding, Findings};
use crate::expression::{MathFunction, Shape};
use crate::item::{Version, normalise};
use crate::read::ParseError;
use crate::support::{self, CONSTRUCTS};
use crate::value::{BaseType, Cardinality, parse_float, parse_integer};
use crate::xml::{Element, Leniency, Node, is_name};
use std::collections::BTreeMap;
use std::sync::LazyLock;

struct Rule {
    attributes: Vec<Attribute>,
    /// Whether attributes of others may stand here.
    open: bool,
    content: Vec<Part>,
    /// Whether 2.x has the content without wrappers.
    unwrapped: bool,
}

struct Attribute {
    name: &'static str,
    required: bool,
    kind: &'static str,
    /// Whether a template variable may stand in its place.
    template: bool,
}

struct Part {
    names: Vec<&'static str>,
    least: usize,
    most: usize,
}

static RULES: LazyLock<BTreeMap<&'static str, Rule>> = LazyLock::new(|| {
    table::TABLE
        .lines()
        .filter(|line| !line.is_empty())
        .filter_map(|line| {
            let mut columns = line.split('|').map(str::trim);
            let name = columns.next()?;
            let attributes = columns.next().unwrap_or("");
            let content = columns.next().unwrap_or("");
            let rule = Rule {
                attributes: attributes.split_whitespace().filter(|word| *word != "@").map(attribute).collect(),
                open: attributes.starts_with('@'),
                content: content.split_whitespace().filter(|word| *word != "^").map(part).collect(),
                unwrapped: content.starts_with('^'),
            };
            Some((name, rule))
        })
        .collect()
});

fn attribute(word: &'static str) -> Attribute {
    let (name, kind) = word.split_once('=').unwrap_or((word, ""));
    Attribute {
        name: name.trim_end_matches('!'),
        required: name.ends_with('!'),
        kind: kind.trim_end_matches('~'),
        template: kind.ends_with('~'),
    }
}

fn part(word: &'static str) -> Part {
    let (names, least, most) = match word.as_bytes().last() {
        _ if word == "%flow" => (word, 0, usize::MAX),
        Some(b'?') => (&word[..word.len() - 1], 0, 1),
        Some(b'*') => (&word[..word.len() - 1], 0, usize::MAX),
        Some(b'+') => (&word[..word.len() - 1], 1, usize::MAX),
        _ => match word.strip_suffix("{2}") {
            Some(names) => (names, 2, 2),
            None => (word, 1, 1),
        },
    };
    Part { names: names.split('/').collect(), least, most }
}

/// The elements the table has rules for, in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    RULES.keys().copied()
}

/// Holds a document (item, test, section or stimulus, of any version) to the rules of the schema.
///
/// # Errors
/// [`ParseError`] when it is no safe, well-formed XML.
pub fn schema(xml: &str) -> Result<Vec<Finding>, ParseError> {
    let (mut root, lenient) = crate::xml::read(xml)?;
    let version = normalise(&mut root);
    let mut findings = Findings::default();
    for (line, what) in lenient {
        match what {
            Leniency::DocumentType => findings.warning(
                "document-type",
                line,
                "the document type declaration is passed over; nothing it names is read".to_owned(),
                "Remove it; what a document may hold is said by its namespace.",
            ),
            Leniency::HtmlEntity(name) => findings.warning(
                "entity-of-html",
                line,
                format!("&{name}; is known in HTML, not in XML; it is read all the same"),
                "Write the character itself or its number.",
            ),
        }
    }
    walk(&root, version, false, &mut findings);
    Ok(findings.0)
}

fn walk(element: &Element, version: Version, in_interaction: bool, findings: &mut Findings) {
    // MathML and the like have vocabularies of their own.
    if element.local_name() == "math" || (element.name.contains(':') && element.name != "xi:include") {
        return;
    }
    let rule = RULES.get(element.name.as_str());
    let is_interaction = crate::interaction::InteractionKind::from_name(&element.name).is_some();
    if is_interaction && in_interaction {
        findings.warning(
            "interaction-nested",
            element.line.0,
            format!("<{}> stands inside another interaction", element.name),
            "Put it beside the other one.",
        );
    }
    if let Some(rule) = rule {
        check_attributes(element, rule, version, findings);
        check_content(element, rule, version, findings);
        match_limits(element, findings);
    }
    for child in element.elements() {
        walk(child, version, in_interaction || is_interaction, findings);
    }
}

fn check_attributes(element: &Element, rule: &Rule, version: Version, findings: &mut Findings) {
    let (line, name) = (element.line.0, &element.name);
    for known in &rule.attributes {
        let Some(value) = element.attribute(known.name) else {
            if known.required && !is_optional_in(version, name, known.name) {
                findings.warning(
                    "attribute-missing",
                    line,
                    format!("<{name}> has no {}, which the schema asks for", known.name),
                    "Add the attribute; other systems may refuse the document.",
                );
            }
            continue;
        };
        if !fits(value, known) {
            findings.warning(
                "attribute-value",
                line,
                format!("{}={value:?} of <{name}> is not {}", known.name, described(known)),
                "Correct the value; other systems may refuse the document.",
            );
        }
    }
    for attribute in &element.attributes {
        let own = attribute.name.as_str();
        let general = matches!(own, "id" | "class" | "lang" | "label" | "dir" | "role" | "base" | "xmlns")
            || own.starts_with("data-")
            || own.starts_with("aria-")
            || own.contains(':');
        if general || rule.attributes.iter().any(|known| known.name == own) {
            continue;
        }
        let message = format!("{own} is no attribute of <{name}>");
        let remedy = "Check its spelling, or remove it: it is kept but does nothing.";
        if rule.open {
            findings.note("attribute-unknown", line, message, remedy);
        } else {
            findings.warning("attribute-unknown", line, message, remedy);
        }
    }
}

/// Attributes that other versions do not ask for.
fn is_optional_in(version: Version, element: &str, attribute: &str) -> bool {
    version < Version::V30 && matches!((element, attribute), ("qti-media-interaction", "autostart"))
}

fn fits(value: &str, attribute: &Attribute) -> bool {
    let value = value.trim();
    let is_identifier = |text: &str| is_name(text) && !text.contains(':');
    if attribute.template && is_identifier(value.trim_start_matches('{').trim_end_matches('}')) {
        return true;
    }
    match attribute.kind {
        "" => true,
        "name" => is_identifier(value),
        "names" => !value.is_empty(),
        "bool" => matches!(value, "true" | "false" | "1" | "0"),
        "int" => parse_integer(value).is_some(),
        "nat" => parse_integer(value).is_some_and(|n| n >= 0),
        "num" => parse_float(value).is_some(),
        "base" => BaseType::from_name(value).is_some(),
        "card" => Cardinality::from_name(value).is_some(),
        "shape" => Shape::from_name(value).is_some(),
        "functions" => MathFunction::from_name(value).is_some(),
        "supports" => crate::catalog::is_support(value),
        "coords" => crate::expression::coordinates(value).all(|n| parse_float(n.trim_end_matches('%')).is_some()),
        "mime" => value.split_once('/').is_some_and(|(kind, name)| !kind.is_empty() && !name.is_empty()),
        "views" => {
            !value.is_empty()
                && value.split_whitespace().all(|view| {
                    matches!(view, "author" | "candidate" | "proctor" | "scorer" | "testConstructor" | "tutor")
                })
        }
        words => words.split('/').any(|word| word == value),
    }
}

fn described(attribute: &Attribute) -> String {
    let what = match attribute.kind {
        "name" => "an identifier",
        "names" => "a list of identifiers",
        "bool" => "true or false",
        "int" => "a whole number",
        "nat" => "a whole number from 0",
        "num" => "a number",
        "base" => "a base type",
        "card" => "a cardinality",
        "shape" => "a shape",
        "functions" => "a function of the specification",
        "supports" => "a support of the specification, or one that begins with ext:",
        "coords" => "a list of coordinates",
        "mime" => "a media type",
        "views" => "a list of author, candidate, proctor, scorer, testConstructor, tutor",
        words => return format!("one of {}", words.replace('/', ", ")),
    };
    what.to_owned()
}

/// Whether a child may stand where a part of a content model asks for a name.
fn accepts(name: &str, child: &str) -> bool {
    let group = |group: &str| support::find(child).is_some_and(|construct| construct.group == group);
    let includes = child == "xi:include";
    match name {
        "%expression" => group("Expressions") || includes,
        "%response-rule" => includes || is_rule(child, "response"),
        "%template-rule" => includes || is_rule(child, "template"),
        "%outcome-rule" => includes || is_rule(child, "outcome"),
        "%flow" => is_flow(child),
        "%other" => !child.starts_with("qti-"),
        other => other == child,
    }
}

fn is_rule(child: &str, context: &str) -> bool {
    let Some(local) = child.strip_prefix("qti-") else { return false };
    let own = local.strip_prefix(context).unwrap_or("");
    match local {
        "set-outcome-value" | "lookup-outcome-value" => context != "template",
        "set-template-value" | "set-correct-response" | "set-default-value" | "exit-template" => context == "template",
        "exit-response" => context == "response",
        "exit-test" => context == "outcome",
        _ => matches!(own, "-condition" | "-processing-fragment" | "-constraint"),
    }
}

/// HTML (checked by what may be shown), mathematics, and the elements of QTI that stand among text.
fn is_flow(child: &str) -> bool {
    if !child.starts_with("qti-") {
        return true;
    }
    let among_text = [
        "qti-printed-variable",
        "qti-feedback-inline",
        "qti-feedback-block",
        "qti-template-inline",
        "qti-template-block",
        "qti-rubric-block",
        "qti-hottext",
        "qti-gap",
        "qti-position-object-stage",
        "qti-info-control",
        "qti-stylesheet",
    ];
    crate::interaction::InteractionKind::from_name(child).is_some()
        || among_text.contains(&child)
        || !CONSTRUCTS.iter().any(|construct| construct.name == child)
}

fn check_content(element: &Element, rule: &Rule, version: Version, findings: &mut Findings) {
    let parts = &rule.content;
    let is = |kind: &str| matches!(&parts[..], [only] if only.names == [kind]);
    if is("%any") || (rule.unwrapped && version < Version::V30) {
        return;
    }
    let has_flow = parts.iter().any(|part| part.names == ["%flow"]);
    let text_allowed = has_flow || is("%text");
    if !text_allowed && element.children.iter().any(|node| matches!(node, Node::Text(text) if !text.trim().is_empty()))
    {
        findings.warning(
            "text-misplaced",
            element.line.0,
            format!("<{}> holds text of its own, which is not shown", element.name),
            "Put the text into an element that may hold it.",
        );
    }
    if is("%text") {
        if let Some(child) = element.elements().next() {
            misplaced(element, child, "holds text alone", findings);
        }
        return;
    }
    let mut counts = vec![0_usize; parts.len()];
    let mut at = 0;
    let mut strange = false;
    for child in element.elements() {
        let accepting = |part: &Part| part.names.iter().any(|name| accepts(name, &child.name));
        let here = (at..parts.len()).find(|index| accepting(&parts[*index]) && counts[*index] < parts[*index].most);
        if let Some(index) = here {
            counts[index] += 1;
            at = index;
        } else if let Some(index) = parts.iter().position(accepting) {
            let problem = if index < at { "has it in another order" } else { "has no room for another" };
            counts[index] += 1;
            misplaced(element, child, problem, findings);
        } else {
            strange = true;
            misplaced(element, child, "does not hold it", findings);
        }
    }
    for (part, count) in parts.iter().zip(counts) {
        // An include may bring what is missing.
        let included = element.elements().any(|child| child.name == "xi:include");
        // An expression of another make stands where one of the specification should, and was named already.
        let replaced = strange && part.names[0].starts_with('%');
        if count < part.least && !included && !replaced {
            findings.warning(
                "child-missing",
                element.line.0,
                format!("<{}> needs {} and has {count}", element.name, needed(part)),
                "Add what is missing; other systems may refuse the document.",
            );
        }
    }
}

fn needed(part: &Part) -> String {
    let names: Vec<_> = part
        .names
        .iter()
        .map(|name| name.strip_prefix('%').map_or_else(|| format!("<{name}>"), |group| group.replace('-', " ")))
        .collect();
    format!("{} {}", part.least, names.join(" or "))
}

fn misplaced(parent: &Element, child: &Element, problem: &str, findings: &mut Findings) {
    findings.warning(
        "element-misplaced",
        child.line.0,
        format!("<{}> stands in <{}>, which {problem}", child.name, parent.name),
        "Move it where the schema has it; other systems may refuse the document.",
    );
}

/// `match-max` is not below `match-min`, unless it is 0 (the binding's rules for choices).
fn match_limits(element: &Element, findings: &mut Findings) {
    let number = |name: &str| element.attribute(name).and_then(|text| parse_integer(text.trim()));
    if let (Some(min), Some(max)) = (number("match-min"), number("match-max"))
        && max != 0
        && min > max
    {
        findings.error(
            "limits-crossed",
            element.line.0,
            format!("match-min is {min} and match-max is {max}"),
            "Exchange the two.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_of_the_construct_table_has_its_rule_and_the_other_way_round() {
        let outside = ["xi:include", "qti-all-n", "qti-is-type-of", "qti-map-outcome", "qti-lookup-table"];
        let missing: Vec<_> = CONSTRUCTS
            .iter()
            .map(|construct| construct.name)
            .filter(|name| !outside.contains(name) && !RULES.contains_key(name))
            .collect();
        assert!(missing.is_empty(), "no rule for {missing:?}");
        let unknown: Vec<_> = names().filter(|name| support::find(name).is_none()).collect();
        assert!(unknown.is_empty(), "not in the construct table: {unknown:?}");
    }
}
