//! Interactions whose answer is one thing at a time: choices, texts, numbers, files.

use super::{Page, sanitise};
use crate::declaration::Declaration;
use crate::interaction::{Choice, ChoiceKind, Interaction, InteractionKind};
use crate::value::{BaseType, Cardinality};
use crate::xml::Element;
use std::collections::BTreeMap;

/// What `qti-hottext` and `qti-gap` mean inside the interaction that is being written.
#[derive(Debug, Clone)]
pub(super) enum Inside {
    /// Words to choose.
    Hottext { response: String, multiple: bool },
    /// Places to fill: value and label of each choice, and by place those that may not go there.
    Gap { response: String, choices: Vec<(String, String)>, refused: BTreeMap<String, Vec<String>> },
}

impl<'a> Page<'a> {
    pub(super) fn interaction(&mut self, interaction: Interaction<'_>) {
        use InteractionKind as K;
        *self.seen.entry(interaction.response().to_owned()).or_default() += 1;
        match interaction.kind {
            K::Choice => self.choice(interaction),
            K::InlineChoice => self.inline_choice(interaction),
            K::TextEntry => self.text_entry(interaction),
            K::ExtendedText => self.extended_text(interaction),
            K::Hottext => self.hottext_interaction(interaction),
            K::Slider => self.slider(interaction),
            K::Upload => self.file(interaction, ""),
            K::Drawing => self.file(interaction, "image/*"),
            K::Media => self.media(interaction),
            K::EndAttempt => self.end_attempt(interaction),
            K::Custom | K::PortableCustom => self.portable(interaction),
            K::Order => self.order(interaction),
            K::Associate => self.associate(interaction),
            K::Match => self.match_table(interaction),
            K::GapMatch => self.gap_match(interaction),
            K::Hotspot => self.hotspot(interaction),
            K::GraphicOrder => self.graphic_order(interaction),
            K::GraphicAssociate => self.graphic_associate(interaction),
            K::GraphicGapMatch => self.graphic_gap_match(interaction),
            K::SelectPoint => self.select_point(interaction),
            K::PositionObject => self.position_object(interaction),
        }
    }

    /// Opens the group of an interaction with its prompt as legend and its limits as data and words.
    pub(super) fn open_group(&mut self, interaction: Interaction<'_>) {
        let name = interaction.element.name.as_str();
        let limit = |attribute: &str| interaction.count(attribute).filter(|n| *n > 0);
        let most = limit("max-choices").or(limit("max-associations"));
        let least = limit("min-choices").or(limit("min-associations"));
        let text = |n: Option<usize>| n.map(|n| n.to_string()).unwrap_or_default();
        self.open_as(
            "fieldset",
            name,
            interaction.element,
            &[
                ("data-response", interaction.response()),
                ("data-min", &text(least)),
                ("data-max", &text(most)),
                ("data-orientation", interaction.element.attribute("orientation").unwrap_or("")),
            ],
        );
        if let Some(prompt) = interaction.prompt().filter(|prompt| says_something(prompt)) {
            self.open_as("legend", "", prompt, &[]);
            self.nodes(&prompt.children);
            self.offer(prompt);
        } else {
            self.out.push_str("<legend>");
            self.out.push_str("<span class=\"qti-unseen\">");
            self.text(self.texts.answer);
            self.out.push_str("</span>");
        }
        self.out.push_str("</legend>");
        let own_words = |name: &str| interaction.element.attribute(name);
        let (at_least, at_most) = (own_words("data-min-selections-message"), own_words("data-max-selections-message"));
        let mut hints = Vec::new();
        let mut hint = |own: Option<&str>, words: &str, n: usize| {
            hints.push(own.map_or_else(|| format!("{words}: {n}."), str::to_owned));
        };
        let (least, most) = (least.filter(|n| *n > 1), most.filter(|n| *n > 1));
        match (least, most) {
            (Some(n), Some(most)) if n == most && at_least.or(at_most).is_none() => {
                hint(None, self.texts.choose_exactly, n);
            }
            _ => {
                if let Some(n) = least {
                    hint(at_least, self.texts.choose_at_least, n);
                }
                if let Some(n) = most {
                    hint(at_most, self.texts.choose_at_most, n);
                }
            }
        }
        if !hints.is_empty() {
            self.open("p", &[("class", "qti-hint")]);
            self.text(&hints.join(" "));
            self.close("p");
        }
    }

    pub(super) fn close_group(&mut self) {
        self.close("fieldset");
    }

    /// A radio button or checkbox; on paper a box.
    pub(super) fn tick(&mut self, id: &str, multiple: bool, name: &str, value: &str, checked: bool) {
        self.named_tick(id, multiple, name, value, checked, None);
    }

    /// The same with a name of its own, where the label beside it has no words that assistive technology reads (MathML).
    pub(super) fn named_tick(
        &mut self,
        id: &str,
        multiple: bool,
        name: &str,
        value: &str,
        checked: bool,
        spoken: Option<&str>,
    ) {
        if self.options.print {
            self.out.push_str("<span class=\"qti-box\" aria-hidden=\"true\">");
            self.out.push_str(if multiple { "☐" } else { "○" });
            self.out.push_str("</span> ");
            return;
        }
        self.out.push_str("<input");
        self.attribute("type", if multiple { "checkbox" } else { "radio" });
        self.attribute("id", id);
        self.attribute("name", name);
        self.attribute("value", value);
        if let Some(spoken) = spoken {
            self.attribute("aria-label", spoken);
        }
        if checked {
            self.out.push_str(" checked");
        }
        self.finish_field();
    }

    pub(super) fn finish_field(&mut self) {
        if self.options.disabled {
            self.out.push_str(" disabled");
        }
        self.out.push('>');
    }

    /// A list to choose from; on paper a line. `options` are value and label.
    pub(super) fn select(&mut self, name: &str, label: &str, options: &[(String, String)], chosen: &str) {
        self.select_from(self.texts.choose, name, label, options, chosen, &[]);
    }

    /// The same with words of its own for "nothing chosen yet", and with values that cannot be chosen. Those stay in the
    /// list, so that all lists of an interaction are alike.
    pub(super) fn select_from(
        &mut self,
        empty: &str,
        name: &str,
        label: &str,
        options: &[(String, String)],
        chosen: &str,
        refused: &[String],
    ) {
        if self.is_full() {
            return;
        }
        if self.options.print {
            self.out.push_str("<span class=\"qti-line\">________</span>");
            return;
        }
        self.out.push_str("<select");
        self.attribute("name", name);
        self.attribute("aria-label", label);
        self.finish_field();
        self.open("option", &[("value", "")]);
        self.text(empty);
        self.close("option");
        for (value, label) in options {
            self.out.push_str("<option");
            self.attribute("value", value);
            if value == chosen {
                self.out.push_str(" selected");
            }
            if refused.contains(value) {
                self.out.push_str(" disabled");
            }
            self.out.push('>');
            self.text(label);
            self.out.push_str("</option>");
        }
        self.close("select");
    }

    pub(super) fn declaration(&self, response: &str) -> Option<&'a Declaration> {
        self.item.declaration(response)
    }

    /// Whether several values may be given: by the declaration, else by the limit.
    pub(super) fn is_multiple(&self, interaction: Interaction<'_>) -> bool {
        match self.declaration(interaction.response()) {
            Some(declaration) => declaration.cardinality != Cardinality::Single,
            None => interaction.max_choices() != 1,
        }
    }

    /// The choices that are there, in the order they are shown.
    pub(super) fn shown<'e>(&self, interaction: Interaction<'e>, kind: ChoiceKind, salt: usize) -> Vec<Choice<'e>> {
        let choices: Vec<_> =
            interaction.choices_of(kind).into_iter().filter(|choice| self.is_choice_shown(choice.element)).collect();
        self.shuffled(&interaction, salt, &choices, Choice::is_fixed)
    }

    fn choice(&mut self, interaction: Interaction<'_>) {
        self.open_group(interaction);
        let multiple = self.is_multiple(interaction);
        let answers = self.answers_or_default(interaction.response());
        for (place, choice) in self.shown(interaction, ChoiceKind::SimpleChoice, 0).into_iter().enumerate() {
            let id = self.id();
            self.open_as("div", "qti-simple-choice", choice.element, &[]);
            let checked = answers.iter().any(|answer| answer.trim() == choice.identifier);
            let mut has_mathematics = false;
            choice.element.walk(&mut |element| has_mathematics |= element.local_name() == "math");
            let mut words = String::new();
            self.plain(choice.element, &mut words);
            let own = choice.element.attribute("aria-label").filter(|words| !words.trim().is_empty());
            // A choice of pictures without words is called by its place, never by its identifier, which may tell.
            let spoken = match own {
                Some(own) => Some(own.to_owned()),
                None if words.trim().is_empty() => Some(super::letter(place)),
                None => has_mathematics.then(|| words.split_whitespace().collect::<Vec<_>>().join(" ")),
            };
            self.named_tick(&id, multiple, interaction.response(), choice.identifier, checked, spoken.as_deref());
            self.open("label", &[("for", &id)]);
            self.begin_label();
            self.nodes(&choice.element.children);
            self.close("label");
            self.end_label(choice.element);
            self.close("div");
        }
        self.close_group();
    }

    fn inline_choice(&mut self, interaction: Interaction<'_>) {
        let answers = self.answers_or_default(interaction.response());
        let options: Vec<_> = self
            .shown(interaction, ChoiceKind::InlineChoice, 0)
            .into_iter()
            .map(|choice| (choice.identifier.to_owned(), self.label(choice.element)))
            .collect();
        self.open_as("span", "qti-inline-choice-interaction", interaction.element, &[]);
        if let Some(label) = interaction.element.child("qti-label") {
            self.open_as("span", "qti-label", label, &[]);
            self.nodes(&label.children);
            self.close("span");
            self.out.push(' ');
        }
        if self.options.print {
            let labels: Vec<_> = options.iter().map(|(_, label)| label.as_str()).collect();
            self.text(&format!("[ {} ]", labels.join(" / ")));
        } else {
            let label = self.label_of(interaction);
            let chosen = answers.first().map_or("", |answer| answer.trim());
            let prompt = interaction.element.attribute("data-prompt").filter(|words| !words.trim().is_empty());
            let empty = prompt.unwrap_or(self.texts.choose);
            self.select_from(empty, interaction.response(), &label, &options, chosen, &[]);
        }
        self.close("span");
    }

    /// What a screen reader calls a field without a visible label.
    fn label_of(&self, interaction: Interaction<'_>) -> String {
        let own = ["aria-label", "label", "placeholder-text"]
            .iter()
            .find_map(|name| interaction.element.attribute(name).filter(|words| !words.trim().is_empty()))
            .map(str::to_owned);
        // Words around the field name it too.
        let beside = interaction.element.child("qti-label").map(|label| self.label(label));
        let around = self.labels.last().cloned();
        let number = self.seen.len();
        own.or(beside)
            .or(around)
            .filter(|words| !words.is_empty())
            .unwrap_or_else(|| format!("{} {number}", self.texts.answer))
    }

    /// A choice as plain text, for places where markup cannot stand: text, else the words for its picture.
    pub(super) fn label(&self, element: &Element) -> String {
        let mut text = String::new();
        self.plain(element, &mut text);
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if folded.is_empty() {
            let own = ["aria-label", "object-label", "hotspot-label", "label"]
                .iter()
                .find_map(|name| element.attribute(name).filter(|words| !words.trim().is_empty()));
            return own.or_else(|| element.attribute("identifier")).unwrap_or("").to_owned();
        }
        folded
    }

    pub(super) fn plain(&self, element: &Element, out: &mut String) {
        for child in &element.children {
            match child {
                crate::xml::Node::Text(text) => out.push_str(text),
                crate::xml::Node::Element(child) => match child.name.as_str() {
                    "qti-printed-variable" => {
                        let identifier = child.attribute("identifier").unwrap_or("");
                        if let Some(value) = self.session.values.get(identifier) {
                            out.push_str(&super::texts::printed(child, value));
                        }
                    }
                    "qti-feedback-inline" | "qti-feedback-block" if !self.is_feedback_visible(child) => {}
                    "qti-template-inline" | "qti-template-block" if !self.is_template_shown(child) => {}
                    "img" => out.push_str(child.attribute("alt").unwrap_or("")),
                    _ if child.local_name() == "math" => super::spoken::mathematics(child, out),
                    name if sanitise::is_dangerous(name) && name != "object" => {}
                    name if sanitise::tag(name).is_none() && sanitise::is_for_programs(child) => {}
                    _ => self.plain(child, out),
                },
                _ => {}
            }
        }
    }

    fn text_entry(&mut self, interaction: Interaction<'_>) {
        let answers = self.answers_or_default(interaction.response());
        let length = interaction.count("expected-length").unwrap_or(10).clamp(2, 80);
        if self.options.print {
            self.open("span", &[("class", "qti-line")]);
            self.text(&"_".repeat(length.max(8)));
            self.close("span");
            return;
        }
        let numeric = crate::score::base_of(interaction) == 10
            && self
                .declaration(interaction.response())
                .and_then(|declaration| declaration.base_type)
                .is_some_and(BaseType::is_numeric);
        let class = format!("qti-text-entry-interaction {}", interaction.element.attribute("class").unwrap_or(""));
        let label = self.label_of(interaction);
        self.out.push_str("<input type=\"text\"");
        self.attribute("class", class.trim());
        for (name, value) in sanitise::marks(interaction.element, &self.options.id_prefix) {
            if name != "aria-label" {
                self.attribute(&name, &value);
            }
        }
        self.attribute("name", interaction.response());
        self.attribute("size", &length.to_string());
        self.attribute("aria-label", &label);
        // A decimal keyboard on a phone, but no number field: those swallow a decimal comma.
        if numeric {
            self.attribute("inputmode", "decimal");
        }
        for (from, to) in [("placeholder-text", "placeholder"), ("pattern-mask", "pattern")] {
            if let Some(value) = interaction.element.attribute(from) {
                self.attribute(to, value);
            }
        }
        self.out.push_str(" autocomplete=\"off\" spellcheck=\"false\"");
        self.attribute("value", answers.first().map_or("", String::as_str));
        self.finish_field();
    }

    fn extended_text(&mut self, interaction: Interaction<'_>) {
        self.open_group(interaction);
        let answers = self.answers_or_default(interaction.response());
        let single = self
            .declaration(interaction.response())
            .is_none_or(|declaration| declaration.cardinality == Cardinality::Single);
        let fields = if single { 1 } else { interaction.count("max-strings").unwrap_or(3).clamp(1, 50) };
        let lines = interaction
            .count("expected-lines")
            .unwrap_or_else(|| interaction.count("expected-length").map_or(5, |length| length.div_ceil(60)));
        let lines = lines.clamp(1, 60);
        for index in 0..fields {
            if self.options.print {
                for _ in 0..lines {
                    self.out.push_str("<div class=\"qti-writing-line\"></div>");
                }
                continue;
            }
            let label =
                if fields > 1 { format!("{} {}", self.texts.answer, index + 1) } else { self.texts.answer.to_owned() };
            self.out.push_str("<textarea");
            self.attribute("name", interaction.response());
            self.attribute("rows", &lines.to_string());
            self.attribute("aria-label", &label);
            if let Some(text) = interaction.element.attribute("placeholder-text") {
                self.attribute("placeholder", text);
            }
            for (from, to) in [("format", "data-format"), ("expected-length", "data-expected-length")] {
                if let Some(value) = interaction.element.attribute(from) {
                    self.attribute(to, value);
                }
            }
            self.finish_field();
            // HTML drops one line feed right after the start tag.
            let answer = answers.get(index).map_or("", String::as_str);
            if answer.starts_with('\n') {
                self.out.push('\n');
            }
            self.text(answer);
            self.close("textarea");
        }
        self.close_group();
    }

    fn hottext_interaction(&mut self, interaction: Interaction<'_>) {
        self.open_group(interaction);
        let multiple = self.is_multiple(interaction);
        let before = self.inside.replace(Inside::Hottext { response: interaction.response().to_owned(), multiple });
        self.nodes(&interaction.element.children);
        self.inside = before;
        self.close_group();
    }

    pub(super) fn hottext(&mut self, element: &Element) {
        let Some(Inside::Hottext { response, multiple }) = self.inside.clone() else {
            self.nodes(&element.children);
            return;
        };
        if !self.is_choice_shown(element) {
            return;
        }
        let identifier = element.attribute("identifier").unwrap_or("");
        let checked = self.answers_or_default(&response).iter().any(|a| a.trim() == identifier);
        let id = self.id();
        self.open_as("span", "qti-hottext", element, &[]);
        self.tick(&id, multiple, &response, identifier, checked);
        self.open("label", &[("for", &id)]);
        self.begin_label();
        self.nodes(&element.children);
        self.close("label");
        self.end_label(element);
        self.close("span");
    }

    /// A number field: it can stay empty, which a slider cannot; scripts show the slider.
    fn slider(&mut self, interaction: Interaction<'_>) {
        self.open_group(interaction);
        let attribute = |name: &str| interaction.element.attribute(name).unwrap_or("").trim().to_owned();
        let (low, high) = (attribute("lower-bound"), attribute("upper-bound"));
        let integer = self
            .declaration(interaction.response())
            .is_some_and(|declaration| declaration.base_type == Some(BaseType::Integer));
        let step = match attribute("step") {
            step if !step.is_empty() => step,
            _ if integer => "1".to_owned(),
            _ => "any".to_owned(),
        };
        let answers = self.answers_or_default(interaction.response());
        if self.options.print {
            self.open("p", &[("class", "qti-slider-scale")]);
            self.text(&format!("{low} ├──────────────────┤ {high}"));
            self.close("p");
        } else {
            self.open("span", &[("class", "qti-slider-bounds"), ("aria-hidden", "true")]);
            self.text(&format!("{low} – {high}"));
            self.close("span");
            self.out.push_str("<input type=\"number\" class=\"qti-slider\"");
            self.attribute("name", interaction.response());
            self.attribute("min", &low);
            self.attribute("max", &high);
            self.attribute("step", &step);
            self.attribute("aria-label", &format!("{} {low} – {high}", self.texts.answer));
            for name in ["orientation", "reverse", "step-label"] {
                if let Some(value) = interaction.element.attribute(name) {
                    self.attribute(&format!("data-{name}"), value);
                }
            }
            self.attribute("value", answers.first().map_or("", |answer| answer.trim()));
            self.finish_field();
        }
        self.close_group();
    }

    fn file(&mut self, interaction: Interaction<'_>, accept: &str) {
        self.open_group(interaction);
        if let Some(media) = interaction.media() {
            self.element(media);
        }
        if self.options.print {
            self.out.push_str("<div class=\"qti-drawing-space\"></div>");
        } else {
            let id = self.id();
            let words = if accept.is_empty() { self.texts.file } else { self.texts.drawing };
            self.open("label", &[("for", &id)]);
            self.text(words);
            self.close("label");
            self.out.push_str("<input type=\"file\"");
            self.attribute("id", &id);
            self.attribute("name", interaction.response());
            let kinds = interaction.element.attribute("type").unwrap_or(accept);
            if !kinds.is_empty() {
                self.attribute("accept", &kinds.split_whitespace().collect::<Vec<_>>().join(","));
            }
            self.finish_field();
        }
        self.close_group();
    }

    fn media(&mut self, interaction: Interaction<'_>) {
        self.open_group(interaction);
        if let Some(media) = interaction.media() {
            self.element(media);
        }
        if !self.options.print {
            let answers = self.answers_or_default(interaction.response());
            self.out.push_str("<input type=\"hidden\" class=\"qti-plays\"");
            self.attribute("name", interaction.response());
            for name in ["min-plays", "max-plays", "autostart", "loop"] {
                if let Some(value) = interaction.element.attribute(name) {
                    self.attribute(&format!("data-{name}"), value);
                }
            }
            self.attribute("value", answers.first().map_or("", |answer| answer.trim()));
            self.out.push('>');
        }
        self.close_group();
    }

    fn end_attempt(&mut self, interaction: Interaction<'_>) {
        if self.options.print {
            return;
        }
        let class = format!("qti-end-attempt-interaction {}", interaction.element.attribute("class").unwrap_or(""));
        self.out.push_str("<button type=\"submit\"");
        self.attribute("class", class.trim());
        self.attribute("name", interaction.response());
        self.attribute("value", "true");
        self.finish_field();
        let title = interaction.element.attribute("title").unwrap_or(self.texts.end_attempt);
        self.text(title);
        self.close("button");
    }
}

/// Whether there is anything in an element: words, or something that is no words.
fn says_something(element: &Element) -> bool {
    let mut said = !element.text().trim().is_empty();
    element.walk(&mut |part| {
        said |= matches!(part.name.as_str(), "img" | "picture" | "object" | "audio" | "video" | "qti-printed-variable")
            || matches!(part.local_name(), "math" | "svg");
    });
    said
}
