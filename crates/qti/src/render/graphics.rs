//! Interactions on a picture. The picture carries numbered areas; the same numbers stand before the fields
//! beside it, so that keyboard, touch and screen readers need no aim, and scripts can make areas clickable.

use super::{Page, sanitise, vector};
use crate::expression::{Area, Shape};
use crate::interaction::{Choice, ChoiceKind, Interaction};
use crate::value::{number_text, parse_float};
use crate::xml::Element;

/// Points offered where an item sets no limit.
const FREE_POINTS: usize = 5;

impl Page<'_> {
    fn areas<'e>(&self, interaction: Interaction<'e>) -> Vec<Choice<'e>> {
        interaction
            .choices()
            .into_iter()
            .filter(|c| matches!(c.kind, ChoiceKind::HotspotChoice | ChoiceKind::AssociableHotspot))
            .filter(|choice| self.is_choice_shown(choice.element))
            .collect()
    }

    /// The picture with its numbered areas.
    fn picture(&mut self, media: Option<&Element>, areas: &[Choice<'_>]) {
        let Some(media) = media else { return };
        let (image, text) = image_of(media);
        let source = image.attribute("data").or_else(|| image.attribute("src")).unwrap_or("");
        let file = sanitise::picture(source, &self.options.asset_base);
        // An object without a file may hold its drawing.
        let drawing = if file.is_none() { image.elements().find(|e| e.local_name() == "svg") } else { None };
        let size = |name: &str| {
            let own = image.attribute(name).or_else(|| drawing.and_then(|drawing| drawing.attribute(name)));
            own.unwrap_or("").trim_end_matches("px").to_owned()
        };
        let (width, height) = (size("width"), size("height"));
        let Some(address) = file.or_else(|| drawing.map(vector::address)) else {
            // What cannot be shown is at least said.
            if !text.is_empty() {
                self.open("p", &[("class", "qti-picture")]);
                self.text(&text);
                self.close("p");
            }
            return;
        };
        self.open("div", &[("class", "qti-picture")]);
        self.open("img", &[("src", &address), ("alt", &text), ("width", &width), ("height", &height)]);
        if !areas.is_empty() {
            // Without its size, the areas lie over the picture as large as it is; scripts learn it and say it here.
            let is_sized = parse_float(&width).is_some() && parse_float(&height).is_some();
            let view = if is_sized { format!("0 0 {width} {height}") } else { String::new() };
            let (width, height) = if is_sized { (width.as_str(), height.as_str()) } else { ("100%", "100%") };
            self.open(
                "svg",
                &[
                    ("class", "qti-areas"),
                    ("viewBox", &view),
                    ("width", width),
                    ("height", height),
                    ("aria-hidden", "true"),
                ],
            );
            for (index, choice) in areas.iter().enumerate() {
                self.shape(choice, index + 1, width, height);
            }
            self.close("svg");
        }
        self.close("div");
    }

    fn shape(&mut self, choice: &Choice<'_>, number: usize, width: &str, height: &str) {
        let Some(area) = choice.area() else { return };
        let c = area.numbers().unwrap_or_default();
        let t = |x: f64| number_text(x);
        let middle = match (area.shape, c.as_slice()) {
            (Shape::Circle, [x, y, r]) => {
                let (cx, cy, radius) = (t(*x), t(*y), t(*r));
                self.open("circle", &[("data-choice", choice.identifier), ("cx", &cx), ("cy", &cy), ("r", &radius)]);
                self.close("circle");
                (*x, *y)
            }
            (Shape::Ellipse, [x, y, h, v]) => {
                let (cx, cy, rx, ry) = (t(*x), t(*y), t(*h), t(*v));
                self.open(
                    "ellipse",
                    &[("data-choice", choice.identifier), ("cx", &cx), ("cy", &cy), ("rx", &rx), ("ry", &ry)],
                );
                self.close("ellipse");
                (*x, *y)
            }
            (Shape::Rect, [a, b, c, d]) => {
                let (left, top) = (a.min(*c), b.min(*d));
                let (w, h) = (t((c - a).abs()), t((d - b).abs()));
                self.open(
                    "rect",
                    &[
                        ("data-choice", choice.identifier),
                        ("x", &t(left)),
                        ("y", &t(top)),
                        ("width", &w),
                        ("height", &h),
                    ],
                );
                self.close("rect");
                (f64::midpoint(*a, *c), f64::midpoint(*b, *d))
            }
            (Shape::Poly, corners) if corners.len() >= 6 => {
                let points: Vec<_> = corners.chunks_exact(2).map(|p| format!("{},{}", t(p[0]), t(p[1]))).collect();
                self.open("polygon", &[("data-choice", choice.identifier), ("points", &points.join(" "))]);
                self.close("polygon");
                let n = points.len() as f64;
                let sum = corners.chunks_exact(2).fold((0.0, 0.0), |a, p| (a.0 + p[0], a.1 + p[1]));
                (sum.0 / n, sum.1 / n)
            }
            (Shape::Default, _) => {
                self.open(
                    "rect",
                    &[("data-choice", choice.identifier), ("x", "0"), ("y", "0"), ("width", width), ("height", height)],
                );
                self.close("rect");
                let size = |text: &str| parse_float(text).unwrap_or_default();
                (size(width) / 2.0, size(height) / 2.0)
            }
            _ => return,
        };
        let Some((x, y)) = above(&area) else { return };
        let middle = format!("{} {}", t(middle.0), t(middle.1));
        self.open("text", &[("x", &t(x)), ("y", &t(y)), ("data-middle", &middle)]);
        self.text(&number.to_string());
        self.close("text");
    }

    /// Words for an area: its number and what the author calls it.
    fn area_label(&self, choice: &Choice<'_>, number: usize) -> String {
        let own = ["hotspot-label", "aria-label", "label"]
            .iter()
            .find_map(|name| choice.element.attribute(name))
            .filter(|text| !text.is_empty());
        match own {
            Some(text) => format!("{number}. {text}"),
            None => format!("{} {number}", self.texts.area),
        }
    }

    fn area_options(&self, areas: &[Choice<'_>]) -> Vec<(String, String)> {
        areas
            .iter()
            .enumerate()
            .map(|(index, choice)| (choice.identifier.to_owned(), self.area_label(choice, index + 1)))
            .collect()
    }

    pub(super) fn hotspot(&mut self, interaction: Interaction<'_>) {
        self.open_group(interaction);
        let areas = self.areas(interaction);
        self.picture(interaction.media(), &areas);
        let multiple = self.is_multiple(interaction);
        let answers = self.answers_or_default(interaction.response());
        for (value, label) in self.area_options(&areas) {
            let id = self.id();
            self.open("div", &[("class", "qti-hotspot-choice")]);
            let checked = answers.iter().any(|answer| answer.trim() == value);
            self.tick(&id, multiple, interaction.response(), &value, checked);
            self.open("label", &[("for", &id)]);
            self.text(&label);
            self.close("label");
            self.close("div");
        }
        self.close_group();
    }

    pub(super) fn graphic_order(&mut self, interaction: Interaction<'_>) {
        self.open_group(interaction);
        let areas = self.areas(interaction);
        self.picture(interaction.media(), &areas);
        let options = self.area_options(&areas);
        self.places(interaction, &options);
        self.close_group();
    }

    pub(super) fn graphic_associate(&mut self, interaction: Interaction<'_>) {
        self.open_group(interaction);
        let areas = self.areas(interaction);
        self.picture(interaction.media(), &areas);
        let options = self.area_options(&areas);
        self.pair_rows(interaction, &options);
        self.close_group();
    }

    pub(super) fn graphic_gap_match(&mut self, interaction: Interaction<'_>) {
        self.open_group(interaction);
        let areas = self.areas(interaction);
        self.picture(interaction.media(), &areas);
        let choices = self.gap_choices(interaction);
        self.bank(&choices, "qti-gap-choices");
        let all = interaction.choices();
        let options: Vec<_> =
            choices.iter().map(|choice| (choice.identifier.to_owned(), self.label(choice.element))).collect();
        self.open("ol", &[("class", "qti-places")]);
        for (area, (value, label)) in areas.iter().zip(self.area_options(&areas)) {
            let refused = super::pairs::refused(area, &choices, &all);
            self.out.push_str("<li>");
            self.text(&label);
            self.out.push(' ');
            self.gap_select(interaction.response(), &value, &label, &options, &refused);
            self.out.push_str("</li>");
        }
        self.close("ol");
        self.close_group();
    }

    pub(super) fn select_point(&mut self, interaction: Interaction<'_>) {
        self.open_group(interaction);
        self.picture(interaction.media(), &[]);
        self.points(interaction, interaction.media().map(image_of).map(|(image, _)| image));
        self.close_group();
    }

    /// The stage of position object interactions is written by [`Page::stage`]; here stands what is placed.
    pub(super) fn position_object(&mut self, interaction: Interaction<'_>) {
        self.open_group(interaction);
        self.picture(interaction.media(), &[]);
        self.points(interaction, None);
        self.close_group();
    }

    /// The picture on which position object interactions place things, then those interactions.
    pub(super) fn stage(&mut self, stage: &Element) {
        self.open("div", &[("class", "qti-position-object-stage")]);
        let media = stage.elements().find(|e| matches!(e.name.as_str(), "object" | "img" | "picture"));
        self.picture(media, &[]);
        for child in stage.elements().filter(|e| e.name.starts_with("qti-")) {
            self.element(child);
        }
        self.close("div");
    }

    /// Two number fields per point, each with its way across or down the picture.
    fn points(&mut self, interaction: Interaction<'_>, image: Option<&Element>) {
        if self.options.print {
            return;
        }
        let within = |words: &str, side: &str| {
            let most = image.and_then(|image| parse_float(image.attribute(side)?.trim_end_matches("px")));
            most.map_or_else(|| words.to_owned(), |most| format!("{words} (0–{most})"))
        };
        let ways = [("a", within(self.texts.across, "width")), ("b", within(self.texts.down, "height"))];
        let answers = self.answers_or_default(interaction.response());
        let rows = match interaction.most(self.declaration(interaction.response())) {
            0 => FREE_POINTS,
            n => n.min(100),
        };
        self.open("ol", &[("class", "qti-points")]);
        for row in 0..rows {
            let answer = answers.get(row).cloned().unwrap_or_default();
            let mut ends = answer.split_whitespace();
            self.out.push_str("<li>");
            for (half, word) in &ways {
                self.out.push_str("<label>");
                self.text(word);
                self.out.push_str(" <input type=\"number\" step=\"any\"");
                self.attribute("name", &format!("{}:{}:{half}", interaction.response(), row + 1));
                self.attribute("aria-label", &format!("{} {}, {word}", self.texts.point, row + 1));
                self.attribute("value", ends.next().unwrap_or(""));
                self.finish_field();
                self.out.push_str("</label> ");
            }
            self.out.push_str("</li>");
        }
        self.close("ol");
    }
}

/// The picture itself inside `picture`, and its words.
fn image_of(media: &Element) -> (&Element, String) {
    let image = if media.name == "picture" { media.child("img").unwrap_or(media) } else { media };
    let text = match image.attribute("alt").or_else(|| image.attribute("aria-label")) {
        Some(words) => words.to_owned(),
        None => image.text().split_whitespace().collect::<Vec<_>>().join(" "),
    };
    (image, text)
}

/// Where the number of an area stands without hiding what is in it: at its upper edge, and inside the picture.
pub(super) fn above(area: &Area) -> Option<(f64, f64)> {
    let (x, y) = match (area.shape, area.numbers().unwrap_or_default().as_slice()) {
        (Shape::Circle, [x, y, up]) | (Shape::Ellipse, [x, y, _, up]) => (*x, y - up),
        (Shape::Rect, [a, b, c, d]) => (a.min(*c), b.min(*d)),
        (Shape::Poly, corners) if corners.len() >= 6 => {
            let first = corners.chunks_exact(2).min_by(|a, b| a[1].total_cmp(&b[1]))?;
            (first[0], first[1])
        }
        (Shape::Default, _) => (0.0, 0.0),
        _ => return None,
    };
    Some((x.max(8.0), y.max(10.0)))
}
