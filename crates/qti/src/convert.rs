//! Between versions: any item to 3.0, any item to 2.2, with a report of what could not be carried.
//!
//! Reading already brings 2.x into the one model; what is left is addresses of templates on the way up, and
//! names and missing features on the way down.

use crate::expression::Operator;
use crate::item::{Item, Version, is_schema_attribute, normalise, with_schema};
use crate::names;
use crate::package::DocumentKind;
use crate::read::ParseError;
use crate::test::Test;
use crate::xml::{Attribute, Element, Line, Node};

/// Something a conversion could not carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// Line in the source, 1-based; 0 when it is about the whole.
    pub line: u32,
    /// What is lost or left behind.
    pub message: String,
}

const V3_TEMPLATES: &str = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/";
const V2_TEMPLATES: &str = "http://www.imsglobal.org/question/qti_v2p2/rptemplates/";
/// Elements of HTML5 have a namespace of their own in 2.2.
const V2_HTML5: &str = "http://www.imsglobal.org/xsd/imsqtiv2p2_html5_v1p0";
const V2_NAMESPACE: &str = "http://www.imsglobal.org/xsd/imsqti_v2p2";

/// The standard template's address in another version; own addresses stay.
fn readdress(address: &str, base: &str, suffix: &str) -> String {
    let name = address.rsplit('/').next().unwrap_or("");
    let name = name.strip_suffix(".xml").unwrap_or(name);
    let standard = matches!(
        name,
        "match_correct" | "map_response" | "map_response_point" | "CC2_match" | "CC2_match_basic" | "CC2_map_response"
    );
    if standard && address.contains("imsglobal.org") { format!("{base}{name}{suffix}") } else { address.to_owned() }
}

/// A document of a package in another version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// What it is.
    pub kind: DocumentKind,
    /// Its own identifier; empty for templates, which have none.
    pub identifier: String,
    /// The document in the other version.
    pub text: String,
    /// What could not be carried.
    pub losses: Vec<Loss>,
    /// Files it names, as it names them.
    pub files: Vec<String>,
}

/// Converts whatever QTI document a file holds: an item, a test, or a stimulus, a section or a response processing
/// template in a file of its own. 3.0 where `to` is 3.0, 2.2 else.
///
/// # Errors
/// [`ParseError::WrongRoot`] for a file that holds something else; else as reading an item or a test.
pub fn document(xml: &str, to: Version) -> Result<Converted, ParseError> {
    let mut root = crate::xml::parse(xml)?;
    normalise(&mut root);
    let name = root.attribute("identifier").unwrap_or("").to_owned();
    let of = |kind, files, (text, losses)| Converted { kind, identifier: name, text, losses, files };
    let up = to == Version::V30;
    match root.name.as_str() {
        "qti-assessment-item" => {
            let item = Item::read(root)?;
            let files = crate::follow::files(&item.print());
            Ok(of(DocumentKind::Item, files, if up { to_v30(&item) } else { to_v22(&item) }))
        }
        "qti-assessment-test" => {
            let test = crate::test::read_test(root)?;
            let files = crate::follow::files(&crate::test::print_tree(&test));
            Ok(of(DocumentKind::Test, files, if up { test_to_v30(&test) } else { test_to_v22(&test) }))
        }
        shared => {
            let kind = match shared {
                "qti-assessment-stimulus" => DocumentKind::Stimulus,
                "qti-assessment-section" => DocumentKind::Section,
                "qti-response-processing" => DocumentKind::Template,
                _ => {
                    return Err(ParseError::WrongRoot {
                        line: root.line.0,
                        expected: "an item, a test or a part that they share",
                        found: root.name,
                    });
                }
            };
            let files = crate::follow::files(&root);
            root.attributes.retain(|attribute| !is_schema_attribute(attribute));
            if !up {
                return Ok(of(kind, files, downgraded(root)));
            }
            let own = std::mem::take(&mut root.attributes);
            let mut root = with_schema(root);
            root.attributes.extend(own);
            Ok(of(kind, files, (crate::xml::print(&root), Vec::new())))
        }
    }
}

/// The item in 3.0 syntax.
#[must_use]
pub fn to_v30(item: &Item) -> (String, Vec<Loss>) {
    let mut item = item.clone();
    if let Some(template) = item.response_processing.as_mut().and_then(|p| p.template.as_mut()) {
        *template = readdress(template, V3_TEMPLATES, ".xml");
    }
    let mut losses = Vec::new();
    outside_specification(&item, &mut losses);
    for element in &item.unknown {
        losses.push(Loss {
            line: element.line.0,
            message: format!("<{}> is not a part of 3.0; it is carried as it is", element.name),
        });
    }
    (crate::print_item(&item), losses)
}

/// Expressions and parts that the specification does not know.
fn outside_specification(item: &Item, losses: &mut Vec<Loss>) {
    let processing = item.response_processing.iter().flat_map(|p| &p.rules);
    let rules =
        processing.chain(item.template_processing.iter().flatten()).chain(item.outcome_processing.iter().flatten());
    for rule in rules {
        rule.walk(&mut |rule| {
            for expression in rule.expressions() {
                expression.walk(&mut |expression| {
                    if matches!(expression.operator, Operator::Legacy(_) | Operator::Unknown(_)) {
                        losses.push(Loss {
                            line: expression.line.0,
                            message: format!(
                                "<{}> is outside the specification; other systems may refuse it",
                                expression.name()
                            ),
                        });
                    }
                });
            }
        });
    }
    if item.outcome_processing.is_some() {
        losses.push(Loss {
            line: item.line.0,
            message: "outcome processing in an item is outside the specification".to_owned(),
        });
    }
}

/// The item in 2.2 syntax.
#[must_use]
pub fn to_v22(item: &Item) -> (String, Vec<Loss>) {
    let mut outside = Vec::new();
    outside_specification(item, &mut outside);
    let (text, losses) = downgraded(item.print());
    outside.extend(losses);
    (text, outside)
}

/// A test in 3.0 syntax.
#[must_use]
pub fn test_to_v30(test: &Test) -> (String, Vec<Loss>) {
    let unknown = test.unknown.iter().map(|element| Loss {
        line: element.line.0,
        message: format!("<{}> is not a part of 3.0; it is carried as it is", element.name),
    });
    (crate::test::print_test(test), unknown.collect())
}

/// A test in 2.2 syntax.
#[must_use]
pub fn test_to_v22(test: &Test) -> (String, Vec<Loss>) {
    downgraded(crate::test::print_tree(test))
}

/// A whole document in 2.2 syntax.
fn downgraded(mut root: Element) -> (String, Vec<Loss>) {
    let mut losses = Vec::new();
    root.attributes.retain(|attribute| !is_schema_attribute(attribute));
    downgrade(&mut root, &mut losses);
    (crate::xml::print(&with_namespaces(root)), losses)
}

/// Elements of 3.0 that 2.2 has no place for.
fn is_new_in_v3(name: &str) -> bool {
    matches!(
        name,
        "qti-catalog-info"
            | "qti-companion-materials-info"
            | "qti-context-declaration"
            | "qti-adaptive-selection"
            | "qti-interaction-modules"
    )
}

/// Elements that 2.2 takes from HTML5.
fn is_html5(name: &str) -> bool {
    matches!(
        name,
        "article"
            | "aside"
            | "audio"
            | "bdi"
            | "figcaption"
            | "figure"
            | "footer"
            | "header"
            | "nav"
            | "rb"
            | "rp"
            | "rt"
            | "rtc"
            | "ruby"
            | "section"
            | "source"
            | "track"
            | "video"
    )
}

/// What 2.2 lets elements of a body say to assistive technology.
fn is_aria_of_2_2(name: &str) -> bool {
    matches!(
        name,
        "aria-controls"
            | "aria-describedby"
            | "aria-flowto"
            | "aria-hidden"
            | "aria-label"
            | "aria-labelledby"
            | "aria-level"
            | "aria-live"
            | "aria-orientation"
            | "aria-owns"
    )
}

/// The root of a 2.2 document: with its namespaces.
fn with_namespaces(mut root: Element) -> Element {
    let mut html5 = false;
    root.walk(&mut |element| html5 |= element.name.starts_with("qh5:"));
    let mut declare = |name: &str, value: &str| {
        root.attributes.insert(0, Attribute { name: name.to_owned(), value: value.to_owned() });
    };
    if html5 {
        declare("xmlns:qh5", V2_HTML5);
    }
    declare("xmlns", V2_NAMESPACE);
    root
}

fn downgrade(element: &mut Element, losses: &mut Vec<Loss>) {
    if element.local_name() == "math" {
        return;
    }
    if is_html5(&element.name) {
        element.name.insert_str(0, "qh5:");
    }
    let is_qti = element.name.starts_with("qti-");
    if is_qti {
        if element.name == "qti-response-processing" {
            for attribute in &mut element.attributes {
                if attribute.name == "template" {
                    attribute.value = readdress(&attribute.value, V2_TEMPLATES, "");
                }
            }
        }
        let line = element.line;
        let name = element.name.clone();
        element.attributes.retain_mut(|attribute| {
            if is_aria_of_2_2(&attribute.name) {
                return true;
            }
            if attribute.name.starts_with("data-") || attribute.name.starts_with("aria-") {
                lose(losses, line, format!("{} on <{name}> has no place in 2.2", attribute.name));
                return false;
            }
            let old = names::camel(&attribute.name);
            // A name that would not come back stays.
            if !attribute.name.contains(':') && names::kebab(&old) == attribute.name {
                attribute.name = old;
            }
            true
        });
        names::keep_first(&mut element.attributes);
        if let Some(old) = names::to_v2(&element.name) {
            element.name = old;
        }
    }
    let graphic = is_qti && (element.name.ends_with("Interaction") || element.name == "positionObjectStage");
    let mut children = Vec::with_capacity(element.children.len());
    for child in std::mem::take(&mut element.children) {
        match child {
            Node::Element(child) if is_new_in_v3(&child.name) => {
                lose(losses, child.line, format!("<{}> has no place in 2.2", child.name));
            }
            Node::Element(child) if child.name == "qti-portable-custom-interaction" => {
                let (lowered, lost) = names::lower_portable(&child);
                for what in lost {
                    lose(losses, child.line, format!("{what} of <{}> has no place in 2.2", child.name));
                }
                children.push(Node::Element(lowered));
            }
            // Wrappers that 2.2 does without.
            Node::Element(mut child) if child.name == "qti-content-body" => {
                downgrade(&mut child, losses);
                children.append(&mut child.children);
            }
            Node::Element(mut child) => {
                // In 2.2 the picture of an interaction is an object.
                if graphic && child.name == "img" {
                    child = object_of(&child);
                }
                downgrade(&mut child, losses);
                children.push(Node::Element(child));
            }
            other => children.push(other),
        }
    }
    element.children = children;
}

fn lose(losses: &mut Vec<Loss>, line: Line, message: String) {
    losses.push(Loss { line: line.0, message });
}

fn object_of(image: &Element) -> Element {
    let source = image.attribute("src").unwrap_or("");
    let kind = match source.rsplit('.').next().unwrap_or("").to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "gif" => "image/gif",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        _ => "image/jpeg",
    };
    let mut object = Element::new("object")
        .with("data", source)
        .with("type", kind)
        .with_some("width", image.attribute("width"))
        .with_some("height", image.attribute("height"))
        .with_text(image.attribute("alt").unwrap_or(""));
    object.line = image.line;
    object
}
