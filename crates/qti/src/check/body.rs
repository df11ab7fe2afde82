//! Checks of the body: interactions and their responses, references, pictures, access.

use super::{Findings, is_variable};
use crate::declaration::{Declaration, Role};
use crate::interaction::{Choice, ChoiceKind, Interaction, InteractionKind};
use crate::item::Item;
use crate::render::sanitise;
use crate::support::{self, Support};
use crate::value::{BaseType, Cardinality};
use crate::xml::{Element, Node};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(item: &Item, findings: &mut Findings) {
    let mut users: BTreeMap<&str, usize> = BTreeMap::new();
    for interaction in item.interactions() {
        *users.entry(interaction.response()).or_default() += 1;
        check_interaction(item, interaction, findings);
    }
    for (response, count) in &users {
        if *count > 1 && !response.is_empty() {
            findings.warning(
                "response-shared",
                item.declaration(response).map_or(0, |declaration| declaration.line.0),
                format!("{count} interactions fill the same response {response}"),
                "Give each interaction a response of its own.",
            );
        }
    }
    for declaration in item.declarations_of(Role::Response) {
        if item.body.is_some() && !users.contains_key(declaration.identifier.as_str()) {
            findings.note(
                "response-unused",
                declaration.line.0,
                format!("no interaction fills {}", declaration.identifier),
                "Remove the declaration, or name it in an interaction.",
            );
        }
    }
    for root in item.body.iter().chain(&item.catalogs).chain(&item.modal_feedbacks) {
        let mut ids = BTreeSet::new();
        root.walk(&mut |element| {
            if let Some(id) = element.attribute("id")
                && !ids.insert(id.to_owned())
            {
                findings.error(
                    "id-twice",
                    element.line.0,
                    format!("the id {id} occurs twice"),
                    "Rename one of the two.",
                );
            }
        });
        check_content(item, root, findings);
    }
}

fn check_content(item: &Item, element: &Element, findings: &mut Findings) {
    let line = element.line.0;
    let name = element.name.as_str();
    let need = |attribute: &str, role: Option<Role>, findings: &mut Findings| {
        let identifier = element.attribute(attribute).unwrap_or("");
        let found = match role {
            Some(role) => {
                item.declaration(identifier).is_some_and(|declaration| declaration.role == role)
                    || (role == Role::Outcome && identifier == "completionStatus")
            }
            None => is_variable(item, identifier),
        };
        if !found {
            findings.error(
                "variable-undeclared",
                line,
                format!("<{name}> names {identifier:?}, which is not declared"),
                "Declare it, or correct its name.",
            );
        }
    };
    match name {
        "qti-printed-variable" => need("identifier", None, findings),
        "qti-feedback-inline" | "qti-feedback-block" | "qti-modal-feedback" => {
            need("outcome-identifier", Some(Role::Outcome), findings);
        }
        "qti-template-inline" | "qti-template-block" => {
            need("template-identifier", Some(Role::Template), findings);
        }
        "img" if element.attribute("alt").is_none() => findings.warning(
            "words-missing",
            line,
            "a picture has no words for those who do not see it".to_owned(),
            "Add alt; alt=\"\" for pictures that only decorate.",
        ),
        "object" if !has_words(element) => {
            findings.warning(
                "words-missing",
                line,
                "an object has no words for those who do not see it".to_owned(),
                "Write them inside the element.",
            );
        }
        _ => {}
    }
    for attribute in ["src", "data"] {
        let Some(address) = element.attribute(attribute) else { continue };
        let allowed = if matches!(name, "img" | "object") {
            sanitise::picture(address, "").is_some()
        } else {
            sanitise::address(address, "").is_some()
        };
        if !name.starts_with("qti-") && !allowed && sanitise::is_of_the_web(address) {
            let instead = if matches!(name, "img" | "track") { "its words stand there" } else { "a link leads to it" };
            findings.warning(
                "address-elsewhere",
                line,
                format!("{address:?} is a file of another server, which is not loaded: {instead}"),
                "Put the file into the package and name it by a relative path.",
            );
        } else if !name.starts_with("qti-") && !allowed {
            findings.error(
                "address-refused",
                line,
                format!("{address:?} is not shown: only files of the item and pictures inside the text are"),
                "Put the file into the package and name it by a relative path.",
            );
        }
    }
    if name.starts_with("qti-") {
        if support::find(name).is_none_or(|construct| construct.support == Support::Kept) {
            findings.warning(
                "element-not-shown",
                line,
                format!("<{name}> is kept but not shown"),
                "See the construct table in docs/qti.md.",
            );
        }
    } else if name.starts_with("ssml") && name.contains(':') {
        findings.note(
            "speech-kept",
            line,
            format!("<{name}> says how a voice reads its words; the words are shown"),
            "In 3.0 write data-ssml attributes or a catalog.",
        );
    } else if !matches!(name, "object" | "param") && sanitise::tag(name).is_none() && !is_of_its_own(element) {
        let (code, what) = if sanitise::is_dangerous(name) || sanitise::is_for_programs(element) {
            ("element-removed", "is removed with everything in it")
        } else {
            ("element-unwrapped", "is left out; what is in it stays")
        };
        findings.warning(code, line, format!("<{name}> {what}"), "Use the elements of HTML that QTI allows.");
    }
    if let Some(tag) = tag_in_text(element) {
        findings.warning(
            "tag-as-text",
            line,
            format!("<{name}> holds <{tag}> as text (CDATA or &lt;): people will read the tag itself"),
            "Write it as an element.",
        );
    }
    if !is_of_its_own(element) {
        for child in element.elements() {
            check_content(item, child, findings);
        }
    }
}

/// Whether an object says what it shows: by a label, in words, or by those of a picture in it.
fn has_words(object: &Element) -> bool {
    let mut said = !object.text().trim().is_empty();
    object.walk(&mut |element| {
        said |= ["aria-label", "title", "alt"].iter().any(|name| element.attribute(name).is_some());
    });
    said
}

/// The first tag of HTML that stands in an element's own text: some tools wrap their markup in CDATA. Tags in samples
/// of code are meant.
fn tag_in_text(element: &Element) -> Option<&'static str> {
    const TAGS: [&str; 12] = ["p", "br", "img", "strong", "em", "b", "i", "div", "span", "table", "sup", "sub"];
    if matches!(element.name.as_str(), "code" | "pre" | "samp" | "kbd") {
        return None;
    }
    let texts = element.children.iter().filter_map(|node| match node {
        Node::Text(text) => Some(text),
        _ => None,
    });
    texts.filter(|text| text.contains("</") || text.contains("/>")).find_map(|text| {
        TAGS.into_iter().find(|tag| {
            text.match_indices('<').any(|(at, _)| {
                let rest = text[at + 1..].trim_start_matches('/');
                rest.strip_prefix(tag).is_some_and(|rest| rest.starts_with(['>', ' ', '/']))
            })
        })
    })
}

/// `MathML` and SVG have vocabularies of their own.
fn is_of_its_own(element: &Element) -> bool {
    matches!(element.local_name(), "math" | "svg")
}

fn check_interaction(item: &Item, interaction: Interaction<'_>, findings: &mut Findings) {
    let line = interaction.element.line.0;
    let name = interaction.element.name.as_str();
    let response = interaction.response();
    let Some(declaration) = item.declaration(response).filter(|d| d.role == Role::Response) else {
        findings.error(
            "response-undeclared",
            line,
            format!("<{name}> fills the response {response:?}, which is not declared"),
            "Declare the response, or correct response-identifier.",
        );
        return;
    };
    let (cardinalities, base_types) = interaction.allowed();
    if !cardinalities.contains(&declaration.cardinality) {
        findings.error(
            "response-cardinality",
            declaration.line.0,
            format!("<{name}> cannot fill a response of cardinality {}", declaration.cardinality.name()),
            "Change the cardinality of the response.",
        );
    }
    if let Some(base_type) = declaration.base_type
        && !base_types.contains(&base_type)
    {
        findings.error(
            "response-base-type",
            declaration.line.0,
            format!("<{name}> cannot fill a response of base type {}", base_type.name()),
            "Change the base type of the response.",
        );
    }
    limits(declaration, interaction, findings);
    choices(declaration, interaction, findings);
    if matches!(
        interaction.kind,
        InteractionKind::Hotspot
            | InteractionKind::GraphicOrder
            | InteractionKind::GraphicAssociate
            | InteractionKind::GraphicGapMatch
            | InteractionKind::SelectPoint
    ) {
        match interaction.media() {
            None => findings.error(
                "picture-missing",
                line,
                format!("<{name}> has no picture"),
                "Add an img or object with width and height.",
            ),
            Some(media) => {
                let image = if media.name == "picture" { media.child("img").unwrap_or(media) } else { media };
                if image.attribute("width").is_none() || image.attribute("height").is_none() {
                    findings.warning(
                        "picture-size-missing",
                        image.line.0,
                        "the picture does not say its size, so its areas lie right only where it is shown as large as it is".to_owned(),
                        "Add width and height in pixels.",
                    );
                }
            }
        }
    }
    if interaction.kind == InteractionKind::Slider
        && interaction.number("lower-bound").zip(interaction.number("upper-bound")).is_none_or(|(a, b)| a >= b)
    {
        findings.error(
            "slider-bounds",
            line,
            "the slider has no lower and upper bound in this order".to_owned(),
            "Give lower-bound and upper-bound.",
        );
    }
}

fn limits(declaration: &Declaration, interaction: Interaction<'_>, findings: &mut Findings) {
    let line = interaction.element.line.0;
    for (least, most) in [("min-choices", "max-choices"), ("min-associations", "max-associations")] {
        if let (Some(min), Some(max)) = (interaction.count(least), interaction.count(most))
            && max != 0
            && min > max
        {
            findings.error(
                "limits-crossed",
                line,
                format!("{least} is {min} and {most} is {max}"),
                "Exchange the two.",
            );
        }
    }
    // What is right must be possible.
    let right = declaration.correct_response.as_ref().map_or(0, |key| key.values.len());
    let name = if interaction.allowed().1.iter().any(|base| matches!(base, BaseType::Pair | BaseType::DirectedPair)) {
        "max-associations"
    } else {
        "max-choices"
    };
    let limited = !matches!(
        interaction.kind,
        InteractionKind::TextEntry
            | InteractionKind::ExtendedText
            | InteractionKind::InlineChoice
            | InteractionKind::Custom
            | InteractionKind::PortableCustom
    );
    let most = interaction.count(name);
    if limited && declaration.cardinality != Cardinality::Single && most.is_some_and(|most| most > 0 && right > most) {
        findings.error(
            "limit-below-key",
            line,
            format!("{right} values are right, but {name} allows {}", most.unwrap_or(0)),
            "Raise the limit, or correct the key.",
        );
    } else if limited && most.is_none() && interaction.most(None) > 0 && interaction.most(Some(declaration)) == 0 {
        findings.warning(
            "limit-missing",
            line,
            format!("without {name} one value may be given, but {right} are right; here any number is taken"),
            "Add the attribute; 0 sets no limit.",
        );
    }
    let many = interaction.count("max-choices").is_some_and(|most| most != 1);
    if declaration.cardinality == Cardinality::Single
        && many
        && matches!(interaction.kind, InteractionKind::Choice | InteractionKind::Hotspot | InteractionKind::Hottext)
    {
        findings.error(
            "single-response-many-choices",
            line,
            format!("{} holds one value, but more choices are allowed", declaration.identifier),
            "Set max-choices=\"1\", or cardinality to multiple.",
        );
    }
}

fn choices(declaration: &Declaration, interaction: Interaction<'_>, findings: &mut Findings) {
    let line = interaction.element.line.0;
    let choices = interaction.choices();
    let needs_choices = !matches!(
        interaction.kind,
        InteractionKind::TextEntry
            | InteractionKind::ExtendedText
            | InteractionKind::Slider
            | InteractionKind::Upload
            | InteractionKind::Drawing
            | InteractionKind::Media
            | InteractionKind::EndAttempt
            | InteractionKind::SelectPoint
            | InteractionKind::PositionObject
            | InteractionKind::Custom
            | InteractionKind::PortableCustom
    );
    if !needs_choices {
        return;
    }
    if choices.is_empty() {
        findings.error("choices-missing", line, format!("<{}> has no choices", interaction.element.name), "Add them.");
        return;
    }
    let mut names = BTreeSet::new();
    for choice in &choices {
        if choice.identifier.is_empty() || !names.insert(choice.identifier) {
            findings.error(
                "choice-identifier",
                choice.element.line.0,
                format!("the choice identifier {:?} is empty or used twice", choice.identifier),
                "Give each choice of an interaction its own identifier.",
            );
        }
        if matches!(choice.kind, ChoiceKind::HotspotChoice | ChoiceKind::AssociableHotspot) && choice.area().is_none() {
            findings.error(
                "area-missing",
                choice.element.line.0,
                format!("the hotspot {} has no area", choice.identifier),
                "Give shape and coords.",
            );
        }
    }
    let keys = declaration.correct_response.iter().flat_map(super::super::declaration::ValueList::texts);
    let mapped = declaration.mapping.iter().flat_map(|m| m.entries.iter().map(|entry| entry.key.clone()));
    let ends = ends(interaction, &choices);
    for (what, key) in keys.map(|key| ("correct response", key)).chain(mapped.map(|key| ("mapping", key))) {
        let parts: Vec<&str> = match declaration.base_type {
            Some(BaseType::Pair | BaseType::DirectedPair) => key.split_whitespace().collect(),
            _ => vec![key.trim()],
        };
        // Directed pairs go from what is put to where it is put.
        if let [from, to] = parts[..]
            && declaration.base_type == Some(BaseType::DirectedPair)
            && ends.contains(from)
            && names.contains(to)
            && !ends.contains(to)
        {
            let message = format!("{key:?} in the {what} of {} goes from its end to its start", declaration.identifier);
            let remedy = "Write what is put first, then the gap or the choice of the second set.";
            if what == "mapping" {
                findings.warning("key-reversed", declaration.line.0, message, remedy);
            } else {
                findings.error("key-reversed", declaration.line.0, message, remedy);
            }
        }
        for part in parts {
            if !names.contains(part) {
                let message = format!("{part:?} in the {what} of {} is not one of its choices", declaration.identifier);
                let remedy = "Correct the key or the choice's identifier.";
                // A right answer that nobody can give is wrong; points that nobody can get are left over.
                if what == "mapping" {
                    findings.warning("key-not-a-choice", declaration.line.0, message, remedy);
                } else {
                    findings.error("key-not-a-choice", declaration.line.0, message, remedy);
                }
            }
        }
    }
}

/// Where directed pairs of an interaction end: the gaps, or the choices of the second set.
fn ends<'e>(interaction: Interaction<'e>, choices: &[Choice<'e>]) -> BTreeSet<&'e str> {
    let names = |of: &[Choice<'e>]| of.iter().map(|choice| choice.identifier).collect();
    match interaction.kind {
        InteractionKind::Match => interaction.match_sets().get(1).map(|set| names(set)).unwrap_or_default(),
        InteractionKind::GapMatch | InteractionKind::GraphicGapMatch => choices
            .iter()
            .filter(|choice| matches!(choice.kind, ChoiceKind::Gap | ChoiceKind::AssociableHotspot))
            .map(|choice| choice.identifier)
            .collect(),
        _ => BTreeSet::new(),
    }
}
