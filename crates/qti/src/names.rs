//! Names of QTI elements: 3.0 spelling (`qti-simple-choice`) and 2.x spelling (`simpleChoice`).

mod portable;

use crate::xml::{Attribute, Element, Node};

/// Local names of 3.0 elements that are new there or whose 2.x spelling does not follow the rule.
const IRREGULAR: [(&str, &str); 5] = [
    ("popSD", "qti-pop-sd"),
    ("sampleSD", "qti-sample-sd"),
    ("durationLT", "qti-duration-lt"),
    ("durationGTE", "qti-duration-gte"),
    ("imsmanifest", "manifest"),
];

/// 2.x elements outside processing, in 2.x spelling: everything else there is HTML, `MathML` or foreign.
/// Inside processing every element is QTI, see [`is_processing`].
const OUTSIDE_PROCESSING: &[&str] = &[
    "areaMapEntry",
    "areaMapping",
    "assessmentItem",
    "assessmentItemRef",
    "assessmentSection",
    "assessmentSectionRef",
    "assessmentStimulus",
    "assessmentStimulusRef",
    "assessmentTest",
    "associableHotspot",
    "associateInteraction",
    "branchRule",
    "choiceInteraction",
    "correctResponse",
    "customInteraction",
    "customOption",
    "defaultValue",
    "drawingInteraction",
    "endAttemptInteraction",
    "extendedTextInteraction",
    "feedbackBlock",
    "feedbackInline",
    "gap",
    "gapImg",
    "gapMatchInteraction",
    "gapText",
    "graphicAssociateInteraction",
    "graphicGapMatchInteraction",
    "graphicOrderInteraction",
    "hotspotChoice",
    "hotspotInteraction",
    "hottext",
    "hottextInteraction",
    "infoControl",
    "inlineChoice",
    "inlineChoiceInteraction",
    "interpolationTable",
    "interpolationTableEntry",
    "itemBody",
    "itemSessionControl",
    "mapEntry",
    "mapping",
    "matchInteraction",
    "matchTable",
    "matchTableEntry",
    "mediaInteraction",
    "modalFeedback",
    "ordering",
    "orderInteraction",
    "outcomeDeclaration",
    "outcomeProcessing",
    "portableCustomInteraction",
    "positionObjectInteraction",
    "positionObjectStage",
    "preCondition",
    "printedVariable",
    "prompt",
    "responseDeclaration",
    "responseProcessing",
    "rubricBlock",
    "selection",
    "selectPointInteraction",
    "simpleAssociableChoice",
    "simpleChoice",
    "simpleMatchSet",
    "sliderInteraction",
    "stimulusBody",
    "stylesheet",
    "templateBlock",
    "templateBlockFeedback",
    "templateDeclaration",
    "templateDefault",
    "templateInline",
    "templateProcessing",
    "testFeedback",
    "testPart",
    "textEntryInteraction",
    "timeLimits",
    "uploadInteraction",
    "value",
    "variableMapping",
    "weight",
];

/// 2.x elements whose descendants are rules and expressions.
fn is_processing(name: &str) -> bool {
    matches!(
        name,
        "responseProcessing"
            | "outcomeProcessing"
            | "templateProcessing"
            | "responseProcessingFragment"
            | "outcomeProcessingFragment"
            | "preCondition"
            | "branchRule"
            | "templateDefault"
    )
}

/// `simpleChoice` to `simple-choice`; a run of capitals counts as one word.
#[must_use]
pub fn kebab(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut before_was_upper = true;
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            if !before_was_upper {
                out.push('-');
            }
            out.push(c.to_ascii_lowercase());
            before_was_upper = true;
        } else {
            out.push(c);
            before_was_upper = false;
        }
    }
    out
}

/// `simple-choice` to `simpleChoice`.
#[must_use]
pub fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = false;
    for c in name.chars() {
        if c == '-' {
            upper = true;
        } else if upper {
            out.push(c.to_ascii_uppercase());
            upper = false;
        } else {
            out.push(c);
        }
    }
    out
}

/// The 3.0 name of a 2.x element.
#[must_use]
pub fn to_v3(name: &str) -> String {
    IRREGULAR
        .iter()
        .find(|(old, _)| *old == name)
        .map_or_else(|| format!("qti-{}", kebab(name)), |(_, new)| (*new).to_owned())
}

/// The 2.x name of a 3.0 element; `None` when it is not a QTI element, or when its name would not come back.
pub fn to_v2(name: &str) -> Option<String> {
    if let Some((old, _)) = IRREGULAR.iter().find(|(_, new)| *new == name) {
        return Some((*old).to_owned());
    }
    name.strip_prefix("qti-")
        .map(camel)
        .filter(|old| crate::xml::is_name(old) && !old.contains(':') && to_v3(old) == name)
}

/// Takes prefixes of QTI and XHTML off: `<qti:assessmentItem xmlns:qti="...">` is legal and some tools write it so.
/// A root whose prefix nobody declared counts as QTI.
pub(crate) fn unprefix(root: &mut Element) {
    let mut prefixes = Vec::new();
    if let Some((prefix, local)) = root.name.split_once(':')
        && (local.starts_with("qti-") || OUTSIDE_PROCESSING.contains(&local))
    {
        prefixes.push(prefix.to_owned());
    }
    root.walk(&mut |element| {
        for attribute in &element.attributes {
            if let Some(prefix) = attribute.name.strip_prefix("xmlns:")
                && (attribute.value.contains("imsqti") || attribute.value.ends_with("/1999/xhtml"))
                && !prefixes.iter().any(|known| known == prefix)
            {
                prefixes.push(prefix.to_owned());
            }
        }
    });
    if !prefixes.is_empty() {
        strip_prefixes(root, &prefixes);
    }
}

fn strip_prefixes(element: &mut Element, prefixes: &[String]) {
    let known = |prefix: &str| prefixes.iter().any(|known| known == prefix);
    if let Some((prefix, local)) = element.name.split_once(':')
        && known(prefix)
        && crate::xml::is_name(local)
    {
        element.name = local.to_owned();
    }
    element.attributes.retain(|attribute| !attribute.name.strip_prefix("xmlns:").is_some_and(known));
    for child in &mut element.children {
        if let Node::Element(child) = child {
            strip_prefixes(child, prefixes);
        }
    }
}

/// Of attributes that renaming has given one name the first stays: an element that has two is no XML.
pub(crate) fn keep_first(attributes: &mut Vec<Attribute>) {
    let mut at = 1;
    while at < attributes.len() {
        if attributes[..at].iter().any(|before| before.name == attributes[at].name) {
            attributes.remove(at);
        } else {
            at += 1;
        }
    }
}

/// Renames a 2.x tree to 3.0 spelling in place: elements, and the attributes of QTI elements.
/// `MathML` and foreign elements are left as they are.
pub fn upgrade(element: &mut Element, inside_processing: bool) {
    if element.local_name() == "math" {
        return;
    }
    let bare = element.name.clone();
    let known = OUTSIDE_PROCESSING.contains(&bare.as_str())
        || (inside_processing && !bare.contains(':') && !bare.starts_with("qti-"));
    let inside = inside_processing || is_processing(&bare);
    if known {
        element.name = to_v3(&bare);
        for attribute in &mut element.attributes {
            if !attribute.name.contains([':', '-']) {
                attribute.name = kebab(&attribute.name);
            }
        }
        keep_first(&mut element.attributes);
    }
    for child in &mut element.children {
        if let Node::Element(child) = child {
            upgrade(child, inside);
        }
    }
}

/// A portable custom interaction of 3.0 in the form of 2.x, and the names of what has no place there.
pub(crate) fn lower_portable(element: &Element) -> (Element, Vec<String>) {
    portable::lower(element)
}

/// Gives portable custom interactions of a 2.x tree the form of 3.0.
pub(crate) fn lift_portable(root: &mut Element) {
    portable::lift(root);
}

/// 3.0 elements whose children are elements alone: white space inside them means nothing, so it is dropped
/// when read and made when printed. Only parts that become typed are listed; the rest is kept to the letter.
pub fn is_structural(name: &str) -> bool {
    if matches!(name, "manifest" | "resources" | "resource" | "organizations" | "metadata" | "quiz" | "question") {
        return true;
    }
    let Some(local) = name.strip_prefix("qti-") else { return false };
    matches!(
        local,
        "assessment-item"
            | "assessment-test"
            | "assessment-section"
            | "assessment-item-ref"
            | "test-part"
            | "context-declaration"
            | "response-declaration"
            | "outcome-declaration"
            | "template-declaration"
            | "default-value"
            | "correct-response"
            | "mapping"
            | "area-mapping"
            | "match-table"
            | "interpolation-table"
            | "response-processing"
            | "template-processing"
            | "outcome-processing"
            | "response-processing-fragment"
            | "outcome-processing-fragment"
            | "template-processing-fragment"
            | "set-outcome-value"
            | "set-template-value"
            | "set-response-value"
            | "set-correct-response"
            | "set-default-value"
            | "lookup-outcome-value"
            | "pre-condition"
            | "branch-rule"
            | "template-default"
    ) || local.ends_with("-condition")
        || local.ends_with("-if")
        || local.ends_with("-else")
}

/// Drops white space from structural elements of a tree.
pub(crate) fn strip(element: &mut Element) {
    if is_structural(&element.name) {
        element.children.retain(|node| !matches!(node, Node::Text(text) if text.trim().is_empty()));
    }
    for child in &mut element.children {
        if let Node::Element(child) = child {
            strip(child);
        }
    }
}
