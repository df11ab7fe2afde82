//! Portable custom interactions of 2.x: there they are a part of a custom interaction, in a namespace of their own, with
//! modules, properties and markup as elements (best practice "Portable Custom Interactions", version 1). In 3.0 they are
//! one element, properties are `data-` attributes, and names begin with `qti-`.

use crate::xml::{Attribute, Element, Node};

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
                for (old, new) in [
                    ("primaryConfiguration", "primary-configuration"),
                    ("fallbackConfiguration", "secondary-configuration"),
                ] {
                    if let Some(value) = part.attribute(old) {
                        add(&mut modules, new, value);
                    }
                }
                modules.children.extend(part.elements().filter_map(self::module).map(Node::Element));
                first = modules.elements().next().and_then(|module| module.attribute("id")).map(str::to_owned);
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
        child.name = local;
        child.attributes.retain(|attribute| attribute.name != "xmlns" && !attribute.name.starts_with("xmlns:"));
        plain_names(child);
    }
}
