//! Supports from catalogs and companion materials, offered to whoever needs them.
//!
//! Each support is a button beside the content it belongs to and a note at the end of the item, opened by the
//! browser itself (`popover`), without scripts; a browser that does not know popovers shows the notes as they are.

use super::{Page, sanitise};
use crate::catalog::{Catalogs, Entry, choose};
use crate::companion::{Material, materials};
use crate::xml::Element;

/// What is known of supports while a page is written.
#[derive(Default)]
pub(super) struct Supports<'a> {
    pub(super) catalogs: Catalogs<'a>,
    /// Notes to write at the end: id, heading, language and content.
    notes: Vec<(String, String, Entry<'a>)>,
    /// Buttons that wait for the end of a label: buttons may not stand inside one.
    waiting: Option<Vec<(String, String, String)>>,
}

impl<'a> Page<'a> {
    /// The catalogs that this page may offer from; none when nobody needs them.
    pub(super) fn catalogs(&self) -> Catalogs<'a> {
        if self.options.needs.is_empty() {
            return Catalogs::default();
        }
        let item = self.item;
        Catalogs::of(item.catalogs.iter().chain(&item.body).chain(&item.modal_feedbacks).chain(&self.options.stimuli))
    }

    /// Notes that serve the needs for an element, as heading and entry.
    pub(super) fn offers(&self, element: &Element) -> Vec<(String, Entry<'a>)> {
        if self.supports.catalogs.is_empty() {
            return Vec::new();
        }
        let Some(id) = element.attribute("data-catalog-idref") else { return Vec::new() };
        let cards = self.supports.catalogs.cards(id.trim());
        let mut out = Vec::new();
        for need in &self.options.needs {
            for card in cards.iter().filter(|card| card.support == need.support) {
                if let Some(entry) = choose(card, need) {
                    out.push((self.texts.support(&need.support).to_owned(), entry.clone()));
                }
            }
        }
        out
    }

    /// Writes the buttons for what is offered with an element.
    pub(super) fn offer(&mut self, element: &Element) {
        for (heading, entry) in self.offers(element) {
            if self.supports.notes.len() >= MAX_NOTES {
                return;
            }
            let id = format!("{}-support-{}", self.options.id_prefix, self.supports.notes.len() + 1);
            let about: String =
                element.text().split_whitespace().collect::<Vec<_>>().join(" ").chars().take(60).collect();
            self.supports.notes.push((id.clone(), heading.clone(), entry));
            match &mut self.supports.waiting {
                Some(waiting) => waiting.push((id, heading, about)),
                None => self.support_button(&id, &heading, &about),
            }
        }
    }

    fn support_button(&mut self, id: &str, heading: &str, about: &str) {
        let label = if about.is_empty() { heading.to_owned() } else { format!("{heading}: {about}") };
        self.out.push(' ');
        self.open(
            "button",
            &[("type", "button"), ("class", "qti-support"), ("popovertarget", id), ("aria-label", &label)],
        );
        self.text(heading);
        self.close("button");
    }

    /// Holds buttons back until [`Self::end_label`].
    pub(super) fn begin_label(&mut self) {
        self.supports.waiting = Some(Vec::new());
    }

    /// Writes the buttons that waited, and those of the element the label was for.
    pub(super) fn end_label(&mut self, element: &Element) {
        for (id, heading, about) in self.supports.waiting.take().unwrap_or_default() {
            self.support_button(&id, &heading, &about);
        }
        self.offer(element);
    }

    /// Writes the notes; catalogs may offer supports of their own content, so this goes on until none is new.
    pub(super) fn support_notes(&mut self) {
        let mut written = 0;
        while let Some((id, heading, entry)) = self.supports.notes.get(written).cloned() {
            written += 1;
            if self.is_full() {
                break;
            }
            let language = entry.language.unwrap_or("");
            self.open(
                "div",
                &[
                    ("popover", "auto"),
                    ("id", &id),
                    ("class", "qti-support-note"),
                    ("role", "note"),
                    ("lang", language),
                ],
            );
            self.open("strong", &[("lang", self.texts.language)]);
            self.text(&heading);
            self.close("strong");
            self.entry(&entry);
            self.close("div");
        }
        self.supports.notes.clear();
    }

    fn entry(&mut self, entry: &Entry<'_>) {
        if let Some(html) = entry.html {
            self.open("div", &[]);
            self.nodes(&html.children);
            self.close("div");
        }
        for file in &entry.files {
            let Some(address) = sanitise::address(file.element.text().trim(), &self.options.asset_base) else {
                continue;
            };
            match file.kind.split('/').next().unwrap_or("") {
                "audio" => self.open("audio", &[("src", &address), ("controls", "controls"), ("preload", "none")]),
                "video" => self.open("video", &[("src", &address), ("controls", "controls"), ("preload", "none")]),
                "image" => {
                    self.open("img", &[("src", &address), ("alt", "")]);
                    continue;
                }
                _ => {
                    self.open("a", &[("href", &address), ("download", "download"), ("type", file.kind)]);
                    self.text(address.rsplit('/').next().unwrap_or(&address));
                    self.close("a");
                    continue;
                }
            }
            self.close(if file.kind.starts_with("audio") { "audio" } else { "video" });
        }
    }

    /// The companion materials, before the body.
    pub(super) fn companions(&mut self) {
        let item = self.item;
        let materials = materials(item);
        if materials.is_empty() {
            return;
        }
        self.open("aside", &[("class", "qti-companions"), ("aria-label", self.texts.may_use)]);
        self.open("strong", &[]);
        self.text(self.texts.may_use);
        self.close("strong");
        self.open("ul", &[]);
        for material in materials {
            let (name, kind) = self.material_name(material);
            self.open(
                "li",
                &[("data-material", material.element().name.trim_start_matches("qti-")), ("data-kind", kind)],
            );
            let words = material_words(&name, material);
            match material.file().and_then(|file| sanitise::address(&file, &self.options.asset_base)) {
                Some(address) => {
                    self.open("a", &[("href", &address), ("target", "_blank"), ("rel", "noopener")]);
                    self.text(&words);
                    self.close("a");
                }
                None => self.text(&words),
            }
            self.close("li");
        }
        self.close("ul");
        self.close("aside");
    }

    /// What a material is called, and its kind for scripts.
    pub(super) fn material_name<'m>(&self, material: Material<'m>) -> (String, &'m str) {
        match material {
            Material::Calculator { kind, .. } => {
                let words = self.texts.calculator_kind(kind);
                let name = self.texts.calculator;
                (if words.is_empty() { name.to_owned() } else { format!("{name} ({words})") }, kind)
            }
            Material::Rule(_) => (self.texts.ruler.to_owned(), ""),
            Material::Protractor(_) => (self.texts.protractor.to_owned(), ""),
            Material::Digital(_) | Material::Physical(_) => (self.texts.material.to_owned(), ""),
        }
    }
}

/// Most notes of one item: catalogs that refer to themselves end here.
const MAX_NOTES: usize = 500;

/// A material in words: what it is and what its author says.
pub(super) fn material_words(name: &str, material: Material<'_>) -> String {
    let words = material.words();
    match material {
        Material::Digital(_) | Material::Physical(_) if !words.is_empty() => words,
        _ if words.is_empty() || words.eq_ignore_ascii_case(name) => name.to_owned(),
        _ => format!("{name}: {words}"),
    }
}
