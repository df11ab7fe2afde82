//! Interactions whose answer is an order or pairs: order, associate, match, gap match.
//!
//! The click path of each is made of selects and checkboxes; dragging is what a script may add.

use super::Page;
use super::interactions::Inside;
use crate::interaction::{Choice, ChoiceKind, Interaction};
use crate::xml::Element;

/// Rows offered where an item sets no limit to the number of pairs.
const FREE_ROWS: usize = 12;

impl Page<'_> {
    /// The choices as people see them before they put them somewhere.
    pub(super) fn bank(&mut self, choices: &[Choice<'_>], class: &str) {
        self.open("ul", &[("class", class)]);
        for choice in choices {
            let more = [("data-choice", choice.identifier), ("data-uses", &uses(choice))];
            self.open_as("li", "", choice.element, &more);
            self.nodes(&choice.element.children);
            self.offer(choice.element);
            self.close("li");
        }
        self.close("ul");
    }

    pub(super) fn order(&mut self, interaction: Interaction<'_>) {
        self.open_group(interaction);
        let choices = self.shown(interaction, ChoiceKind::SimpleChoice, 0);
        self.bank(&choices, "qti-order-choices");
        let options: Vec<_> =
            choices.iter().map(|choice| (choice.identifier.to_owned(), self.label(choice.element))).collect();
        self.places(interaction, &options);
        self.close_group();
    }

    /// One select per place of an order.
    pub(super) fn places(&mut self, interaction: Interaction<'_>, options: &[(String, String)]) {
        let answers = self.answers_or_default(interaction.response());
        let most = match interaction.count("max-choices") {
            Some(n) if n > 0 => n.min(options.len()),
            _ => options.len(),
        };
        self.open("ol", &[("class", "qti-places")]);
        for place in 0..most {
            self.out.push_str("<li>");
            let name = format!("{}:{}", interaction.response(), place + 1);
            let label = format!("{} {}", self.texts.place, place + 1);
            let chosen = answers.get(place).map_or("", |answer| answer.trim());
            self.select(&name, &label, options, chosen);
            self.out.push_str("</li>");
        }
        self.close("ol");
    }

    pub(super) fn associate(&mut self, interaction: Interaction<'_>) {
        self.open_group(interaction);
        let choices = self.shown(interaction, ChoiceKind::SimpleAssociableChoice, 0);
        self.bank(&choices, "qti-associate-choices");
        let options: Vec<_> =
            choices.iter().map(|choice| (choice.identifier.to_owned(), self.label(choice.element))).collect();
        self.pair_rows(interaction, &options);
        self.close_group();
    }

    /// Two selects per pair.
    pub(super) fn pair_rows(&mut self, interaction: Interaction<'_>, options: &[(String, String)]) {
        let answers = self.answers_or_default(interaction.response());
        let rows = match interaction.most(self.declaration(interaction.response())) {
            0 => (options.len() * options.len().saturating_sub(1) / 2).min(FREE_ROWS),
            n => n.min(100),
        };
        self.open("ol", &[("class", "qti-pairs")]);
        for row in 0..rows {
            let answer = answers.get(row).cloned().unwrap_or_default();
            let mut ends = answer.split_whitespace();
            self.out.push_str("<li>");
            for (half, word) in [("a", self.texts.first), ("b", self.texts.second)] {
                let name = format!("{}:{}:{half}", interaction.response(), row + 1);
                let label = format!("{} {}, {word}", self.texts.pair, row + 1);
                self.select(&name, &label, options, ends.next().unwrap_or(""));
                self.out.push(' ');
            }
            self.out.push_str("</li>");
        }
        self.close("ol");
    }

    pub(super) fn match_table(&mut self, interaction: Interaction<'_>) {
        self.open_group(interaction);
        let sets = interaction.match_sets();
        let set = |page: &Self, index: usize| {
            let choices: Vec<_> = sets
                .get(index)
                .map(Vec::as_slice)
                .unwrap_or_default()
                .iter()
                .filter(|choice| page.is_choice_shown(choice.element))
                .copied()
                .collect();
            page.shuffled(&interaction, index, &choices, Choice::is_fixed)
        };
        let (rows, columns) = (set(self, 0), set(self, 1));
        let all = interaction.choices();
        let answers = self.answers_or_default(interaction.response());
        let multiple = true;
        self.open("table", &[("class", "qti-match-table")]);
        self.out.push_str("<thead><tr>");
        // Shared vocabulary: what the rows are, above them.
        match interaction.element.attribute("data-first-column-header").map(str::trim).filter(|head| !head.is_empty()) {
            Some(head) => {
                self.open("th", &[("scope", "col")]);
                self.text(head);
                self.close("th");
            }
            None => self.out.push_str("<td></td>"),
        }
        for column in &columns {
            let more = [("scope", "col"), ("data-choice", column.identifier), ("data-uses", &uses(column))];
            self.open_as("th", "", column.element, &more);
            self.nodes(&column.element.children);
            self.offer(column.element);
            self.close("th");
        }
        self.out.push_str("</tr></thead><tbody>");
        for row in &rows {
            self.out.push_str("<tr>");
            let more = [("scope", "row"), ("data-choice", row.identifier), ("data-uses", &uses(row))];
            self.open_as("th", "", row.element, &more);
            self.nodes(&row.element.children);
            self.offer(row.element);
            self.close("th");
            for column in &columns {
                if self.is_full() {
                    break;
                }
                if !row.may_pair(column, &all) {
                    self.out.push_str("<td></td>");
                    continue;
                }
                let value = format!("{} {}", row.identifier, column.identifier);
                let checked = answers.iter().any(|answer| same_words(answer, &value));
                let id = self.id();
                self.out.push_str("<td>");
                self.tick(&id, multiple, interaction.response(), &value, checked);
                if !self.options.print {
                    let label = format!("{} – {}", self.label(row.element), self.label(column.element));
                    self.open("label", &[("for", &id), ("class", "qti-unseen")]);
                    self.text(&label);
                    self.close("label");
                }
                self.out.push_str("</td>");
            }
            self.out.push_str("</tr>");
        }
        self.out.push_str("</tbody>");
        self.close("table");
        self.close_group();
    }

    /// Texts and pictures that go into gaps, in the order they are shown.
    pub(super) fn gap_choices<'e>(&self, interaction: Interaction<'e>) -> Vec<Choice<'e>> {
        let choices: Vec<_> = interaction
            .choices()
            .into_iter()
            .filter(|choice| matches!(choice.kind, ChoiceKind::GapText | ChoiceKind::GapImg))
            .filter(|choice| self.is_choice_shown(choice.element))
            .collect();
        self.shuffled(&interaction, 0, &choices, Choice::is_fixed)
    }

    pub(super) fn gap_match(&mut self, interaction: Interaction<'_>) {
        self.open_group(interaction);
        let choices = self.gap_choices(interaction);
        self.bank(&choices, "qti-gap-choices");
        let all = interaction.choices();
        let gaps = interaction.choices_of(ChoiceKind::Gap).into_iter();
        let refused = gaps.map(|gap| (gap.identifier.to_owned(), refused(&gap, &choices, &all))).collect();
        let choices = choices.iter().map(|choice| (choice.identifier.to_owned(), self.label(choice.element))).collect();
        let response = interaction.response().to_owned();
        let before = self.inside.replace(Inside::Gap { response, choices, refused });
        for child in &interaction.element.children {
            let is_choice = matches!(child, crate::xml::Node::Element(e)
                if matches!(e.name.as_str(), "qti-gap-text" | "qti-gap-img" | "qti-prompt"));
            if !is_choice {
                self.nodes(std::slice::from_ref(child));
            }
        }
        self.inside = before;
        self.close_group();
    }

    pub(super) fn gap(&mut self, element: &Element) {
        if self.is_full() {
            return;
        }
        let identifier = element.attribute("identifier").unwrap_or("");
        let Some(Inside::Gap { response, choices, refused }) = self.inside.clone() else {
            return;
        };
        if !self.is_choice_shown(element) {
            return;
        }
        self.gap_number += 1;
        let label = element
            .attribute("aria-label")
            .map_or_else(|| format!("{} {}", self.texts.gap, self.gap_number), str::to_owned);
        let refused = refused.get(identifier).map(Vec::as_slice).unwrap_or_default();
        self.gap_select(&response, identifier, &label, &choices, refused);
    }

    /// The select of one gap: each option's value is the whole pair.
    pub(super) fn gap_select(
        &mut self,
        response: &str,
        gap: &str,
        label: &str,
        choices: &[(String, String)],
        refused: &[String],
    ) {
        let options: Vec<_> =
            choices.iter().map(|(choice, label)| (format!("{choice} {gap}"), label.clone())).collect();
        let answers = self.answers_or_default(response);
        let chosen = options
            .iter()
            .map(|(value, _)| value.as_str())
            .find(|value| answers.iter().any(|answer| same_words(answer, value)))
            .unwrap_or("");
        let chosen = chosen.to_owned();
        self.select_from(self.texts.choose, response, label, &options, &chosen, refused);
    }
}

/// The pairs of choices with a gap or an area that their groups do not allow.
pub(super) fn refused(place: &Choice<'_>, choices: &[Choice<'_>], all: &[Choice<'_>]) -> Vec<String> {
    let never = choices.iter().filter(|choice| !choice.may_pair(place, all));
    never.map(|choice| format!("{} {}", choice.identifier, place.identifier)).collect()
}

/// How often a choice may be used, for scripts that say so before the server does; empty for an order.
fn uses(choice: &Choice<'_>) -> String {
    if choice.kind == ChoiceKind::SimpleChoice { String::new() } else { choice.match_max().to_string() }
}

fn same_words(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}
