//! Portable custom interactions: the place on the page, and the program for the frame it runs in.

use super::{Page, RenderOptions, sanitise};
use crate::interaction::{Interaction, InteractionKind};
use crate::item::Item;
use crate::score::Session;
use std::collections::BTreeMap;

/// What a portable custom interaction needs to run (best practice "Portable Custom Interactions", version 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Type of the interaction, by which its module registers itself.
    pub type_identifier: String,
    /// Name of the module that is loaded first.
    pub module: String,
    /// Name of every module in document order, with the paths it may be at: the first that is there counts.
    pub modules: Vec<(String, Vec<String>)>,
    /// Properties (`data-` attributes) by name, `data-` left out.
    pub properties: BTreeMap<String, String>,
    /// Its markup, sanitised.
    pub markup: String,
}

/// The program of a response of an item; none when that is not a portable custom interaction or has no module, and when a
/// module is on another server alone, from which nothing is loaded.
#[must_use]
pub fn program(item: &Item, response: &str) -> Option<Program> {
    let interactions = item.interactions();
    let interaction = interactions.iter().find(|interaction| {
        interaction.kind == InteractionKind::PortableCustom && interaction.response() == response
    })?;
    let element = interaction.element;
    let module = element.attribute("module")?.to_owned();
    let mut modules = Vec::new();
    for listed in element.elements().filter(|child| child.name == "qti-interaction-modules") {
        for one in listed.elements().filter(|child| child.name == "qti-interaction-module") {
            let Some(name) = one.attribute("id") else { continue };
            let named: Vec<&str> =
                ["primary-path", "fallback-path"].into_iter().filter_map(|path| one.attribute(path)).collect();
            let inside: Vec<String> =
                named.iter().filter_map(|path| sanitise::address(path, "")).map(|path| file_of(&path)).collect();
            match (named.is_empty(), inside.is_empty()) {
                (true, _) => {}
                (false, true) => return None,
                (false, false) => modules.push((name.to_owned(), inside)),
            }
        }
    }
    let mut properties = BTreeMap::new();
    for attribute in &element.attributes {
        if let Some(name) = attribute.name.strip_prefix("data-") {
            properties.insert(name.to_owned(), attribute.value.clone());
        }
    }
    let options = RenderOptions::default();
    let session = Session::start(item, options.template_seed);
    let mut page = Page::new(item, &session, &options);
    if let Some(markup) = element.child("qti-interaction-markup") {
        page.nodes(&markup.children);
    }
    let type_identifier = element.attribute("custom-interaction-type-identifier").unwrap_or("").to_owned();
    Some(Program { type_identifier, module, modules, properties, markup: page.out })
}

/// The file of a module's path: loaders of AMD modules add the ending themselves, so items leave it out.
fn file_of(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or("");
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    if matches!(ending.to_ascii_lowercase().as_str(), "js" | "mjs" | "json") {
        path.to_owned()
    } else {
        format!("{path}.js")
    }
}

impl Page<'_> {
    /// A portable custom interaction: its sanitised markup, what its module needs as data, and the field its
    /// answer goes into. The page loads the module into a sandboxed frame; without that the words say so.
    pub(super) fn portable(&mut self, interaction: Interaction<'_>) {
        self.open_group(interaction);
        let get = |name: &str| interaction.element.attribute(name).unwrap_or("");
        let properties: Vec<(&str, &str)> = interaction
            .element
            .attributes
            .iter()
            .filter_map(|a| a.name.strip_prefix("data-").map(|name| (name, a.value.as_str())))
            .collect();
        self.out.push_str("<div class=\"qti-portable\"");
        self.attribute("data-type", get("custom-interaction-type-identifier"));
        let module = sanitise::address(get("module"), "").unwrap_or_default();
        self.attribute("data-module", &module);
        for (name, value) in properties {
            if name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
                self.attribute(&format!("data-property-{name}"), value);
            }
        }
        self.out.push('>');
        if let Some(markup) = interaction.element.child("qti-interaction-markup") {
            self.nodes(&markup.children);
        }
        self.open("p", &[("class", "qti-unsupported")]);
        self.text(self.texts.unsupported);
        self.close("p");
        if !self.options.print {
            let answers = self.answers_or_default(interaction.response());
            self.out.push_str("<input type=\"hidden\"");
            self.attribute("name", interaction.response());
            self.attribute("value", answers.first().map_or("", String::as_str));
            self.out.push('>');
        }
        self.out.push_str("</div>");
        self.close_group();
    }
}
