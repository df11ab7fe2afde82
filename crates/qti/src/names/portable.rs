//! Portable custom interactions of 2.x: there they are a part of a custom interaction, in a namespace of their own, with
//! modules, properties and markup as elements (best practice "Portable Custom Interactions", version 1). In 3.0 they are
//! one element, properties are `data-` attributes, and names begin with `qti-`.

use crate::xml::{Attribute, Element, Node};

/// The namespace of the form that is written, and that of its markup.
const NAMESPACE: &str = "http://www.imsglobal.org/xsd/portableCustomInteraction_v1";
const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// Files that say where modules are, in 3.0 and in 2.x.
const CONFIGURATIONS: [(&str, &str); 2] =
    [("primary-configuration", "primaryConfiguration"), ("secondary-configuration", "fallbackConfiguration")];

/// Deepest nesting of properties.
const MAX_DEPTH: usize = 8;

/// Gives every portable custom interaction of a 2.x tree the form of 3.0, in place.
pub(super) fn lift(element: &mut Element) {
    let inner = element.elements().find(|child| child.local_name() == "portableCustomInteraction");
    if let Some(lifted) = inner.filter(|_| element.name == "customInteraction").map(|inner| lifted(element, inner)) {
        *element = lifted;
        return;
    }
    for child in &mut element.children {
        if let Node::Element(child) = child {
            lift(child);
        }
    }
}

fn lifted(outer: &Element, inner: &Element) -> Element {
    let mut out = Element::new("qti-portable-custom-interaction");
    out.line = outer.line;
    let mut module = None;
    for attribute in outer.attributes.iter().chain(&inner.attributes) {
        let Attribute { name, value } = attribute;
        match name.as_str() {
            // Where the program begins, in drafts of the best practice.
            "hook" | "entryPoint" => module = Some(value.clone()).filter(|path| !path.trim().is_empty()).or(module),
            name if name == "xmlns" || name.starts_with("xmlns:") => {}
            name if name.starts_with("data-") || name.contains(':') => add(&mut out, name, value),
            name => add(&mut out, &super::kebab(name), value),
        }
    }
    let mut modules = Element::new("qti-interaction-modules");
    let mut markup = None;
    let mut first = None;
    for part in inner.elements() {
        match part.local_name() {
            "modules" => {
                for (new, old) in CONFIGURATIONS {
                    if let Some(value) = part.attribute(old) {
                        add(&mut modules, new, value);
                    }
                }
                modules.children.extend(part.elements().filter_map(self::module).map(Node::Element));
                first = modules.elements().next().and_then(|module| module.attribute("id")).map(str::to_owned);
                // One without a file only says where to begin.
                if modules.elements().next().is_some_and(|module| module.attributes.len() == 1) {
                    modules.children.remove(0);
                }
            }
            // Drafts name libraries instead.
            "resources" => {
                let libraries = part.elements().filter(|child| child.local_name() == "libraries");
                let libraries = libraries.flat_map(|list| list.elements().filter_map(self::module));
                modules.children.extend(libraries.map(Node::Element));
            }
            "properties" => properties(&mut out, part, "", 0),
            "markup" => markup = Some(part),
            "instance" => markup = markup.or(Some(part)),
            "templateVariableMapping" => {
                if let Some(identifier) = part.attribute("templateIdentifier") {
                    let variable = Element::new("qti-template-variable").with("template-identifier", identifier);
                    out.children.push(Node::Element(variable));
                }
            }
            _ => {}
        }
    }
    // The program is the module named as its beginning, else the first; libraries alone have none. Drafts name the file
    // itself.
    if let Some(module) = module.or(first) {
        let is_file = std::path::Path::new(&module).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("js"));
        if is_file && modules.elements().all(|known| known.attribute("id") != Some(&module)) {
            let file = Element::new("qti-interaction-module").with("id", &module).with("primary-path", &module);
            modules.children.push(Node::Element(file));
        }
        add(&mut out, "module", &module);
        // Before the properties, as authors write it.
        let properties = out.attributes.iter().position(|attribute| attribute.name.starts_with("data-"));
        if let Some(place) = properties
            && let Some(module) = out.attributes.pop_if(|attribute| attribute.name == "module")
        {
            out.attributes.insert(place, module);
        }
    }
    if !modules.children.is_empty() {
        out.children.insert(0, Node::Element(modules));
    }
    if let Some(markup) = markup {
        let mut shown = Element::new("qti-interaction-markup");
        shown.children.clone_from(&markup.children);
        plain_names(&mut shown);
        out.children.push(Node::Element(shown));
    }
    out
}

fn add(element: &mut Element, name: &str, value: &str) {
    if element.attribute(name).is_none() && crate::xml::is_name(name) {
        element.attributes.push(Attribute { name: name.to_owned(), value: value.to_owned() });
    }
}

/// A module or a library.
fn module(element: &Element) -> Option<Element> {
    let id = element.attribute("id").or_else(|| element.attribute("name"))?;
    let path = element.attribute("primaryPath").or_else(|| element.attribute("href"));
    let mut out = Element::new("qti-interaction-module")
        .with("id", id)
        .with_some("primary-path", path)
        .with_some("fallback-path", element.attribute("fallbackPath"));
    out.line = element.line;
    Some(out)
}

/// Properties as `data-` attributes; those inside others carry both names.
fn properties(out: &mut Element, list: &Element, prefix: &str, depth: usize) {
    for property in list.elements() {
        let Some(key) = property.attribute("key") else { continue };
        let name = format!("{prefix}{key}");
        if property.elements().next().is_none() {
            add(out, &format!("data-{name}"), property.text().trim());
        } else if depth < MAX_DEPTH {
            properties(out, property, &format!("{name}__"), depth + 1);
        }
    }
}

/// Takes the prefixes of HTML off: markup has its own (`html5:div`), bound to many addresses.
fn plain_names(element: &mut Element) {
    for child in &mut element.children {
        let Node::Element(child) = child else { continue };
        if matches!(child.local_name(), "math" | "svg") {
            continue;
        }
        let local = child.local_name().to_owned();
        if crate::xml::is_name(&local) {
            child.name = local;
        }
        child.attributes.retain(|attribute| attribute.name != "xmlns" && !attribute.name.starts_with("xmlns:"));
        plain_names(child);
    }
}

/// A portable custom interaction in the form of 2.x, and what of it has no place there. The first module is where the
/// program begins.
pub(super) fn lower(element: &Element) -> (Element, Vec<String>) {
    let mut lost = Vec::new();
    let mut outer = Element::new("customInteraction");
    outer.line = element.line;
    let mut inner = Element::new("portableCustomInteraction").with("xmlns", NAMESPACE);
    let mut entry = None;
    for Attribute { name, value } in &element.attributes {
        match name.as_str() {
            "module" => entry = Some(value.as_str()).filter(|module| !module.trim().is_empty()),
            "custom-interaction-type-identifier" => add(&mut inner, "customInteractionTypeIdentifier", value),
            "data-catalog-idref" => lost.push(name.clone()),
            name if name.starts_with("data-") => add(&mut inner, name, value),
            "response-identifier" => add(&mut outer, "responseIdentifier", value),
            "id" | "class" | "label" | "xml:lang" | "xml:base" | "dir" => add(&mut outer, name, value),
            _ => lost.push(name.clone()),
        }
    }
    let mut modules = Element::new("modules");
    let mut rest = Vec::new();
    let mut prompt = None;
    for part in element.elements() {
        match part.name.as_str() {
            "qti-interaction-modules" => {
                for (new, old) in CONFIGURATIONS {
                    if let Some(value) = part.attribute(new) {
                        add(&mut modules, old, value);
                    }
                }
                for known in part.elements().filter(|child| child.name == "qti-interaction-module") {
                    let module = Element::new("module")
                        .with_some("id", known.attribute("id"))
                        .with_some("primaryPath", known.attribute("primary-path"))
                        .with_some("fallbackPath", known.attribute("fallback-path"));
                    modules.children.push(Node::Element(module));
                }
            }
            "qti-template-variable" => {
                let identifier = part.attribute("template-identifier");
                rest.push(Element::new("templateVariableMapping").with_some("templateIdentifier", identifier));
            }
            "qti-interaction-markup" => {
                let mut markup = Element::new("markup");
                markup.children.extend(prompt.take().map(Node::Element));
                markup.children.extend(part.children.iter().cloned());
                for child in &mut markup.children {
                    if let Node::Element(child) = child
                        && child.attribute("xmlns").is_none()
                    {
                        child.attributes.push(Attribute { name: "xmlns".to_owned(), value: XHTML.to_owned() });
                    }
                }
                rest.push(markup);
            }
            // There is no prompt in 2.x; its words begin the markup.
            "qti-prompt" => {
                let mut words = Element::new("div");
                words.children.clone_from(&part.children);
                prompt = Some(words);
            }
            name => lost.push(format!("<{name}>")),
        }
    }
    if let Some(words) = prompt {
        let mut markup = Element::new("markup");
        markup.children.push(Node::Element(words.with("xmlns", XHTML)));
        rest.push(markup);
    }
    if let Some(entry) = entry {
        let is_entry = |node: &Node| matches!(node, Node::Element(module) if module.attribute("id") == Some(entry));
        let first = match modules.children.iter().position(is_entry) {
            Some(place) => modules.children.remove(place),
            None => Node::Element(Element::new("module").with("id", entry)),
        };
        modules.children.insert(0, first);
    }
    if !modules.children.is_empty() || !modules.attributes.is_empty() {
        inner.children.push(Node::Element(modules));
    }
    inner.children.extend(rest.into_iter().map(Node::Element));
    outer.children.push(Node::Element(inner));
    (outer, lost)
}
