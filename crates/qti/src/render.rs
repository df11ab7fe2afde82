//! Item bodies as clean, accessible HTML.
//!
//! The result is a fragment: no scripts, no styles, no keys. Every interaction is made of ordinary form fields
//! named after its response identifier, so that a plain form submission carries the answer
//! ([`crate::score::Responses::from_form`] reads it); scripts may make it nicer by its classes and `data-`
//! attributes. Only allow-listed elements and attributes come through (see [`sanitise`]).

mod fields;
mod graphics;
mod interactions;
mod objects;
mod pairs;
mod portable;
pub mod sanitise;
mod sheet;
mod spoken;
mod supports;
mod texts;
mod typst;
mod vector;

pub use fields::{FieldKind, FormField, Problem, Uses, fields, read_form};
pub use portable::{Program, program};
pub use sheet::{Field, Mark, sheet};
pub use texts::Texts;
pub use typst::{PREAMBLE as TYPST_PREAMBLE, letter, printed_order, typst};

use crate::catalog::Need;
use crate::interaction::{Interaction, InteractionKind};
use crate::item::Item;
use crate::random::Random;
use crate::score::{DEFAULT_SEED, Outcomes, Responses, Session};
use crate::value::Value;
use crate::xml::{Element, Node, escape_attribute, escape_text};
use std::collections::BTreeMap;

/// How an item is shown.
#[derive(Debug, Clone)]
pub struct RenderOptions {
    /// Language of the words Zerek itself adds (`kk`, `ru`, `en`); the item's own language by default.
    pub language: Option<String>,
    /// Seed of the attempt for drawn orders; `None` keeps the order of the file.
    pub shuffle_seed: Option<u64>,
    /// Seed of the attempt for template variables; must be the one it is scored with.
    pub template_seed: u64,
    /// The answer so far, to be shown again.
    pub response: Responses,
    /// For paper: no form fields, boxes and lines instead.
    pub print: bool,
    /// Fields that cannot be changed any more.
    pub disabled: bool,
    /// Who looks: `candidate`, `scorer`, `author`, `tutor`, `proctor` or `testConstructor`.
    pub view: String,
    /// Outcomes of the last attempt; feedback is shown by them, and none without them but in adaptive items,
    /// whose outcomes then hold their defaults.
    pub outcomes: Option<Outcomes>,
    /// Put before relative addresses of pictures, sounds and films (`/items/17/assets/`).
    pub asset_base: String,
    /// Put before every `id`, so that several items can stand on one page.
    pub id_prefix: String,
    /// Shared stimuli by their `href`: their bodies are shown before the item's.
    pub stimuli: Vec<Element>,
    /// Supports the person is to be offered from the item's catalogs, in the order they are offered.
    pub needs: Vec<Need>,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self {
            language: None,
            shuffle_seed: None,
            template_seed: DEFAULT_SEED,
            response: Responses::new(),
            print: false,
            disabled: false,
            view: "candidate".to_owned(),
            outcomes: None,
            asset_base: String::new(),
            id_prefix: "q".to_owned(),
            stimuli: Vec::new(),
            needs: Vec::new(),
        }
    }
}

/// The item's body as an HTML fragment.
#[must_use]
pub fn html(item: &Item, options: &RenderOptions) -> String {
    let session = Session::start(item, options.template_seed);
    html_of(item, &session, options)
}

/// As [`html()`], for a session that was started before.
#[must_use]
pub fn html_of(item: &Item, session: &Session, options: &RenderOptions) -> String {
    let mut page = Page::new(item, session, options);
    page.open("div", &[("class", "qti-item"), ("lang", item.language.as_deref().unwrap_or(""))]);
    for stimulus in &options.stimuli {
        page.open("section", &[("class", "qti-stimulus")]);
        page.stimulus(stimulus);
        page.close("section");
    }
    page.companions();
    if let Some(body) = &item.body {
        page.open_as("div", "qti-item-body", body, &[]);
        page.nodes(&body.children);
        page.offer(body);
        page.close("div");
    }
    page.support_notes();
    page.close("div");
    page.out
}

/// The modal feedback that the outcomes call for: identifier, title and HTML of each, in order.
#[must_use]
pub fn modal_feedback(item: &Item, outcomes: &Outcomes, options: &RenderOptions) -> Vec<Feedback> {
    let session = Session::start(item, options.template_seed);
    item.modal_feedbacks
        .iter()
        .filter(|feedback| is_feedback_shown(feedback, Some(outcomes)))
        .map(|feedback| {
            let mut page = Page::new(item, &session, options);
            page.nodes(&feedback.children);
            page.offer(feedback);
            page.support_notes();
            Feedback {
                identifier: feedback.attribute("identifier").unwrap_or("").to_owned(),
                title: feedback.attribute("title").unwrap_or("").to_owned(),
                html: page.out,
            }
        })
        .collect()
}

/// One modal feedback to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// Its identifier.
    pub identifier: String,
    /// Its title; may be empty.
    pub title: String,
    /// Its content as HTML.
    pub html: String,
}

/// Whether feedback is to be seen: `show` when the outcome holds its identifier, `hide` when it does not.
pub(crate) fn is_feedback_shown(element: &Element, outcomes: Option<&Outcomes>) -> bool {
    outcomes.is_some_and(|outcomes| is_called_for(element, outcomes.value(outcome_of(element))))
}

fn outcome_of(feedback: &Element) -> &str {
    feedback.attribute("outcome-identifier").unwrap_or("")
}

fn is_called_for(feedback: &Element, value: &Value) -> bool {
    holds(value, feedback.attribute("identifier").unwrap_or("")) != (feedback.attribute("show-hide") == Some("hide"))
}

fn holds(value: &Value, identifier: &str) -> bool {
    value.scalars().iter().any(|scalar| scalar.to_string() == identifier)
}

/// A fragment being written.
pub(crate) struct Page<'a> {
    item: &'a Item,
    session: &'a Session,
    options: &'a RenderOptions,
    texts: &'static Texts,
    out: String,
    counter: usize,
    gap_number: usize,
    /// The interaction that hot texts and gaps belong to.
    inside: Option<interactions::Inside>,
    /// How often each response has been met: an item may hold several interactions for one.
    seen: BTreeMap<String, usize>,
    /// Words of the `label` elements that are open.
    labels: Vec<String>,
    /// Supports that are offered.
    supports: supports::Supports<'a>,
}

/// Longest fragment, in bytes: a few thousand choices in a few thousand gaps would make millions of options.
const MAX_OUTPUT: usize = 32 * 1024 * 1024;

impl<'a> Page<'a> {
    fn new(item: &'a Item, session: &'a Session, options: &'a RenderOptions) -> Self {
        let language = options.language.as_deref().or(item.text_language()).unwrap_or("");
        let mut page = Self {
            item,
            session,
            options,
            texts: Texts::of(language),
            out: String::with_capacity(4096),
            counter: 0,
            gap_number: 0,
            inside: None,
            seen: BTreeMap::new(),
            labels: Vec::new(),
            supports: supports::Supports::default(),
        };
        page.supports.catalogs = page.catalogs();
        page
    }

    /// Whether no more is written: what would go on and on ends here.
    fn is_full(&self) -> bool {
        self.out.len() > MAX_OUTPUT
    }

    fn open(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            if !value.is_empty() || *name == "alt" || *name == "value" {
                self.attribute(name, value);
            }
        }
        self.out.push('>');
    }

    /// Opens an element for one of the item: with a class beside its own, and with its marks.
    fn open_as(&mut self, tag: &str, class: &str, element: &Element, more: &[(&str, &str)]) {
        let class = format!("{class} {}", element.attribute("class").unwrap_or(""));
        let marks = sanitise::marks(element, &self.options.id_prefix);
        let mut attributes = vec![("class", class.trim())];
        attributes.extend(marks.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        attributes.extend(more);
        self.open(tag, &attributes);
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape_attribute(value, &mut self.out);
        self.out.push('"');
    }

    fn close(&mut self, tag: &str) {
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
    }

    fn text(&mut self, text: &str) {
        escape_text(text, &mut self.out);
    }

    fn id(&mut self) -> String {
        self.counter += 1;
        format!("{}-{}", self.options.id_prefix, self.counter)
    }

    /// Texts of the answer so far.
    fn answers(&self, response: &str) -> &'a [String] {
        if let Some(texts) = self.options.response.0.get(response) {
            return texts;
        }
        &[]
    }

    /// The answer so far, or the default that is shown before any answer.
    fn answers_or_default(&self, response: &str) -> Vec<String> {
        if self.options.response.0.contains_key(response) {
            return self.answers(response).to_vec();
        }
        self.session
            .values
            .get(response)
            .map(|value| value.scalars().iter().map(ToString::to_string).collect())
            .unwrap_or_default()
    }

    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Text(text) => self.text(text),
                Node::Element(element) => self.element(element),
                Node::Comment(_) | Node::Instruction(_) => {}
            }
        }
    }

    fn element(&mut self, element: &Element) {
        if let Some(interaction) = Interaction::of(element) {
            self.interaction(interaction);
            self.offer(element);
            return;
        }
        match element.name.as_str() {
            "qti-printed-variable" => self.printed_variable(element),
            "qti-feedback-inline" | "qti-feedback-block" => {
                if self.is_feedback_visible(element) {
                    let tag = if element.name.ends_with("inline") { "span" } else { "div" };
                    // Only what an attempt brought is news.
                    let role = if self.options.outcomes.is_some() { "status" } else { "" };
                    self.open_as(tag, "qti-feedback", element, &[("role", role)]);
                    self.nodes(&element.children);
                    self.offer(element);
                    self.close(tag);
                }
            }
            "qti-template-inline" | "qti-template-block" => {
                if self.is_template_shown(element) {
                    let tag = if element.name.ends_with("inline") { "span" } else { "div" };
                    self.open_as(tag, "", element, &[]);
                    self.nodes(&element.children);
                    self.offer(element);
                    self.close(tag);
                }
            }
            "qti-rubric-block" => {
                let mut views = element.attribute("view").unwrap_or("candidate").split_whitespace();
                if views.any(|view| view == self.options.view) {
                    let use_class = element.attribute("use").unwrap_or("instructions");
                    let class = format!("qti-rubric-block qti-use-{use_class}");
                    self.open_as("div", &class, element, &[]);
                    self.nodes(&element.children);
                    self.offer(element);
                    self.close("div");
                }
            }
            "qti-content-body" | "qti-stimulus-body" => self.nodes(&element.children),
            "qti-stylesheet" | "qti-catalog-info" | "qti-prompt" => {}
            "qti-hottext" => self.hottext(element),
            "qti-gap" => self.gap(element),
            "qti-position-object-stage" => self.stage(element),
            // An information control (2.x) is a disclosure.
            "qti-info-control" => {
                self.open("details", &[("class", "qti-info-control")]);
                self.out.push_str("<summary>");
                let title = element.attribute("title").unwrap_or(self.texts.more);
                self.text(title);
                self.out.push_str("</summary>");
                self.nodes(&element.children);
                self.close("details");
            }
            _ if element.local_name() == "math" => {
                let tree = self.with_template_values(element);
                sanitise::math(&tree, &mut self.out);
                self.offer(element);
            }
            _ if element.local_name() == "svg" => {
                let (address, words) = (vector::address(element), vector::words(element));
                let size = |name: &str| element.attribute(name).map_or("", |size| size.trim_end_matches("px"));
                let (width, height) = (size("width"), size("height"));
                self.open("img", &[("src", &address), ("alt", &words), ("width", width), ("height", height)]);
                self.offer(element);
            }
            "object" => {
                self.object(element);
                self.offer(element);
            }
            "audio" | "video" if self.is_elsewhere(element) => {
                self.link_elsewhere(element);
                self.offer(element);
            }
            name => {
                // Unknown QTI and foreign elements are left out, what is inside them stays.
                let Some(allowed) = sanitise::tag(name) else {
                    if !sanitise::is_dangerous(name) && !sanitise::is_for_programs(element) {
                        self.nodes(&element.children);
                    }
                    return;
                };
                // HTML ends a paragraph at the first block in it, and what follows would stand outside.
                let tag = if allowed.name == "p" && holds_block(element) { "div" } else { allowed.name };
                self.out.push('<');
                self.out.push_str(tag);
                for (name, value) in
                    sanitise::attributes(allowed, element, &self.options.asset_base, &self.options.id_prefix)
                {
                    self.attribute(&name, &value);
                }
                self.out.push('>');
                if allowed.void {
                    self.offer(element);
                } else {
                    let is_label = allowed.name == "label";
                    if is_label {
                        let mut words = String::new();
                        self.plain(element, &mut words);
                        self.labels.push(words.split_whitespace().collect::<Vec<_>>().join(" "));
                    }
                    self.nodes(&element.children);
                    if is_label {
                        self.labels.pop();
                    }
                    // A list or a table holds nothing but its parts.
                    let outside = matches!(allowed.name, "ul" | "ol" | "dl" | "table" | "tr" | "tbody" | "thead");
                    if !outside {
                        self.offer(element);
                    }
                    self.close(tag);
                    if matches!(allowed.name, "ul" | "ol" | "dl" | "table") {
                        self.offer(element);
                    }
                }
            }
        }
    }

    fn stimulus(&mut self, root: &Element) {
        if let Some(body) = root.child("qti-stimulus-body") {
            self.nodes(&body.children);
            self.offer(body);
        }
    }

    /// Whether feedback in the body is to be seen. In an adaptive item it is part of the task from the start: before
    /// the first attempt its outcomes hold their defaults.
    fn is_feedback_visible(&self, element: &Element) -> bool {
        if self.options.outcomes.is_none() && self.item.adaptive {
            return is_called_for(element, self.session.values.get(outcome_of(element)).unwrap_or(&Value::Null));
        }
        is_feedback_shown(element, self.options.outcomes.as_ref())
    }

    fn is_template_shown(&self, element: &Element) -> bool {
        let value =
            self.session.values.get(element.attribute("template-identifier").unwrap_or("")).unwrap_or(&Value::Null);
        holds(value, element.attribute("identifier").unwrap_or("")) != (element.attribute("show-hide") == Some("hide"))
    }

    /// Whether a choice is there at all: its template variable may hide it.
    fn is_choice_shown(&self, element: &Element) -> bool {
        element.attribute("template-identifier").is_none() || self.is_template_shown(element)
    }

    /// `MathML` with the values of math variables put in place of their names (`mi` and `ci`).
    fn with_template_values(&self, element: &Element) -> Element {
        let mut copy = element.clone();
        self.put_values(&mut copy);
        copy
    }

    fn put_values(&self, element: &mut Element) {
        let local = element.local_name();
        if matches!(local, "mi" | "ci") {
            let name = element.text();
            let known =
                self.item.declaration(name.trim()).is_some_and(crate::declaration::Declaration::is_math_variable);
            if known && let Some(value) = self.session.values.get(name.trim()) {
                let prefix = element.name.rsplit_once(':').map(|(prefix, _)| prefix.to_owned());
                let tag = if local == "mi" { "mn" } else { "cn" };
                element.name = prefix.map_or_else(|| tag.to_owned(), |p| format!("{p}:{tag}"));
                element.children = vec![Node::Text(value.text())];
                return;
            }
        }
        for child in &mut element.children {
            if let Node::Element(child) = child {
                self.put_values(child);
            }
        }
    }

    fn printed_variable(&mut self, element: &Element) {
        let identifier = element.attribute("identifier").unwrap_or("");
        let value = self
            .options
            .outcomes
            .as_ref()
            .and_then(|outcomes| outcomes.values.get(identifier))
            .or_else(|| self.session.values.get(identifier))
            .unwrap_or(&Value::Null);
        let text = texts::printed(element, value);
        self.text(&text);
    }

    /// Choices in the order they are shown: drawn by the attempt's seed, fixed ones in their places.
    fn shuffled<T: Clone>(
        &self,
        interaction: &Interaction<'_>,
        salt: usize,
        choices: &[T],
        is_fixed: impl Fn(&T) -> bool,
    ) -> Vec<T> {
        match self.options.shuffle_seed {
            Some(seed) if interaction.shuffle() => shuffled(seed, interaction.response(), salt, choices, is_fixed),
            _ => choices.to_vec(),
        }
    }
}

/// The drawn order of choices; the response's name is part of the seed, so that two interactions of an item
/// are not shuffled alike.
pub(crate) fn shuffled<T: Clone>(
    seed: u64,
    response: &str,
    salt: usize,
    choices: &[T],
    is_fixed: impl Fn(&T) -> bool,
) -> Vec<T> {
    let mut mixed = seed ^ (salt as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for byte in response.bytes() {
        mixed = (mixed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let mut random = Random::new(mixed);
    let mut moving: Vec<T> = choices.iter().filter(|choice| !is_fixed(choice)).cloned().collect();
    random.shuffle(&mut moving);
    let mut moving = moving.into_iter();
    choices.iter().filter_map(|choice| if is_fixed(choice) { Some(choice.clone()) } else { moving.next() }).collect()
}

/// Whether something stands in an element that is a block in HTML.
fn holds_block(element: &Element) -> bool {
    const INLINE: [InteractionKind; 3] =
        [InteractionKind::TextEntry, InteractionKind::InlineChoice, InteractionKind::EndAttempt];
    const BLOCKS: [&str; 25] = [
        "address",
        "article",
        "aside",
        "blockquote",
        "details",
        "div",
        "dl",
        "fieldset",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "ul",
    ];
    element.elements().any(|child| {
        let name = child.name.as_str();
        BLOCKS.contains(&name)
            || (name.starts_with("qti-") && (name.ends_with("-block") || name.ends_with("-stage")))
            || Interaction::of(child).is_some_and(|interaction| !INLINE.contains(&interaction.kind))
            || holds_block(child)
    })
}
