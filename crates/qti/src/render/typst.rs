//! Item bodies as Typst source for paper forms.
//!
//! Every text of an item goes in as a string literal, so that nothing an author writes can be markup or code.
//! The source calls a handful of functions (`qti-box`, `qti-line`, ...) that [`PREAMBLE`] defines; a form's
//! template may define its own in their place.

mod math;

use super::{Page, RenderOptions, graphics, objects, sanitise, spoken, supports, texts, vector};
use crate::interaction::{Choice, ChoiceKind, Interaction, InteractionKind};
use crate::item::Item;
use crate::xml::{Element, Node};
use std::fmt::Write as _;

/// Definitions the source rests on; put once before the items of a form.
pub const PREAMBLE: &str = r#"#let qti-choice(letter, body) = grid(columns: (1.6em, 1fr), row-gutter: 0.6em, [#letter], body)
#let qti-tick = box(width: 0.8em, height: 0.8em, stroke: 0.6pt, baseline: 0.1em)
#let qti-line(width) = box(width: width, stroke: (bottom: 0.6pt))[#h(1fr)]
#let qti-lines(count) = for _ in range(count) { v(1.1em); line(length: 100%, stroke: 0.4pt) }
#let qti-image(path, words, width) = image(path, alt: words, width: width)
#let qti-math(words, block, body) = math.equation(alt: words, block: block, body.body)
#let qti-var(name) = text(style: "italic", name)
#let qti-figure(path, words, width, height, areas) = box(width: width, height: height, {
  image(path, alt: words, width: width, height: height)
  for (label, x, y) in areas { place(top + left, dx: x - 0.6em, dy: y - 0.6em, box(width: 1.2em, height: 1.2em, fill: white, stroke: 0.6pt, align(center + horizon, label))) }
})
#let qti-space(height) = rect(width: 100%, height: height, stroke: 0.4pt)
"#;

/// Letters of options on paper, as printed forms here number them.
const LETTERS: [&str; 26] = [
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W",
    "X", "Y", "Z",
];

/// The letter printed before the option at a place (0 for A).
#[must_use]
pub fn letter(place: usize) -> String {
    LETTERS.get(place).map_or_else(|| (place + 1).to_string(), |letter| (*letter).to_owned())
}

/// The order in which a form prints the choices of a choice interaction: identifiers by letter, for the
/// answer sheet and its reading.
#[must_use]
pub fn printed_order(item: &Item, response: &str, options: &RenderOptions) -> Vec<String> {
    let session = crate::score::Session::start(item, options.template_seed);
    let page = Page::new(item, &session, options);
    item.interactions()
        .into_iter()
        .filter(|interaction| interaction.response() == response)
        .flat_map(|interaction| page.shown(interaction, ChoiceKind::SimpleChoice, 0))
        .map(|choice| choice.identifier.to_owned())
        .collect()
}

/// The item's body as Typst source.
#[must_use]
pub fn typst(item: &Item, options: &RenderOptions) -> String {
    let session = crate::score::Session::start(item, options.template_seed);
    let mut writer = Writer {
        page: Page::new(item, &session, options),
        out: String::new(),
        hottexts: 0,
        gaps: 0,
        notes: Vec::new(),
    };
    for stimulus in &options.stimuli {
        if let Some(body) = stimulus.child("qti-stimulus-body") {
            writer.block(&body.children);
        }
    }
    writer.companions();
    if let Some(body) = &item.body {
        writer.nodes(&body.children);
        writer.offer(body);
    }
    writer.supports();
    writer.out
}

struct Writer<'a> {
    page: Page<'a>,
    out: String,
    /// Hot texts so far: they are lettered for the answer sheet.
    hottexts: usize,
    /// Gaps so far: they are numbered for the answer sheet.
    gaps: usize,
    /// Supports in words, for the end of the item: what they are about, what they are, their content.
    notes: Vec<(String, String, crate::catalog::Entry<'a>)>,
}

/// A text as a Typst string literal.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' | '\r' | '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

impl Writer<'_> {
    /// Text in markup: a string, ended so that what follows cannot become a call.
    fn text(&mut self, text: &str) {
        if text.trim().is_empty() {
            if !text.is_empty() && !self.out.ends_with([' ', '\n']) {
                self.out.push(' ');
            }
            return;
        }
        // White space is folded as in HTML; a space at the ends stays.
        let mut folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.starts_with(char::is_whitespace) {
            folded.insert(0, ' ');
        }
        if text.ends_with(char::is_whitespace) {
            folded.push(' ');
        }
        let _ = write!(self.out, "#{};", literal(&folded));
    }

    fn block(&mut self, nodes: &[Node]) {
        self.out.push_str("#block[");
        self.nodes(nodes);
        self.out.push_str("]\n");
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

    fn wrapped(&mut self, function: &str, element: &Element) {
        let _ = write!(self.out, "#{function}[");
        self.nodes(&element.children);
        self.out.push_str("];");
    }

    /// Notes what is offered with an element, for the end of the item.
    fn offer(&mut self, element: &Element) {
        for (heading, entry) in self.page.offers(element) {
            let about = element.text().split_whitespace().collect::<Vec<_>>().join(" ");
            self.notes.push((about, heading, entry));
        }
    }

    /// The supports in words and pictures; sounds and films have no place on paper.
    fn supports(&mut self) {
        for (about, heading, entry) in std::mem::take(&mut self.notes) {
            let pictures: Vec<_> = entry.files.iter().filter(|file| file.kind.starts_with("image/")).collect();
            if entry.html.is_none() && pictures.is_empty() {
                continue;
            }
            self.out.push_str("#block[#strong[");
            let about = if about.chars().count() > 60 { "" } else { about.as_str() };
            self.text(&if about.is_empty() { format!("{heading}: ") } else { format!("{heading} ({about}): ") });
            self.out.push_str("];");
            if let Some(html) = entry.html {
                self.nodes(&html.children);
            }
            for picture in pictures {
                let address = picture.element.text();
                self.image(picture.element, Some(address.trim()), &heading);
            }
            self.out.push_str("]\n");
        }
    }

    fn companions(&mut self) {
        let materials = crate::companion::materials(self.page.item);
        if materials.is_empty() {
            return;
        }
        let words: Vec<_> = materials
            .into_iter()
            .map(|material| supports::material_words(&self.page.material_name(material).0, material))
            .collect();
        self.out.push_str("#block(sticky: true)[#emph[");
        let text = format!("{}: {}.", self.page.texts.may_use, words.join("; ").trim_end_matches('.'));
        self.text(&text);
        self.out.push_str("]]\n");
    }

    fn element(&mut self, element: &Element) {
        self.part(element);
        self.offer(element);
    }

    fn part(&mut self, element: &Element) {
        if let Some(interaction) = Interaction::of(element) {
            self.interaction(interaction);
            return;
        }
        match element.name.as_str() {
            "b" | "strong" => self.wrapped("strong", element),
            "i" | "em" | "var" | "cite" | "dfn" => self.wrapped("emph", element),
            "u" => self.wrapped("underline", element),
            "s" => self.wrapped("strike", element),
            "sub" => self.wrapped("sub", element),
            "sup" => self.wrapped("super", element),
            "small" => self.wrapped("text.with(size: 0.85em)", element),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.out.push_str("#block(strong[");
                self.nodes(&element.children);
                self.out.push_str("]);\n");
            }
            "br" => self.out.push_str("#linebreak();"),
            "hr" => self.out.push_str("#line(length: 100%);\n"),
            "ul" | "ol" => {
                self.out.push_str(if element.name == "ul" { "#list(" } else { "#enum(" });
                for li in element.elements().filter(|e| e.name == "li") {
                    self.out.push('[');
                    self.nodes(&li.children);
                    self.out.push_str("], ");
                }
                self.out.push_str(");\n");
            }
            "table" => self.table(element),
            "img" => self.image(element, element.attribute("src"), element.attribute("alt").unwrap_or("")),
            "object" => {
                let words = objects::words(&self.page, element);
                match objects::picture(element) {
                    Some(picture) => {
                        let source = picture.attribute("data").or_else(|| picture.attribute("src"));
                        self.image(picture, source, &words);
                    }
                    None => self.text(&words),
                }
            }
            "qti-printed-variable" => {
                let value = self.page.session.values.get(element.attribute("identifier").unwrap_or(""));
                let text = texts::printed(element, value.unwrap_or(&crate::value::Value::Null));
                self.text(&text);
            }
            "qti-template-inline" | "qti-template-block" => {
                if self.page.is_template_shown(element) {
                    self.nodes(&element.children);
                }
            }
            "qti-rubric-block" => {
                let views = element.attribute("view").unwrap_or("candidate");
                if views.split_whitespace().any(|view| view == self.page.options.view) {
                    self.block(&element.children);
                }
            }
            "qti-feedback-inline" if self.page.is_feedback_visible(element) => self.nodes(&element.children),
            "qti-feedback-block" if self.page.is_feedback_visible(element) => self.block(&element.children),
            "qti-feedback-inline" | "qti-feedback-block" | "qti-prompt" | "qti-catalog-info" | "qti-stylesheet" => {}
            "qti-hottext" => {
                self.hottexts += 1;
                let label = format!("({}) ", letter(self.hottexts - 1));
                self.out.push_str("#qti-tick;");
                self.text(&label);
                self.nodes(&element.children);
            }
            "qti-gap" => {
                self.gaps += 1;
                let _ = write!(self.out, "#qti-line(6em);");
                let label = format!(" ({})", self.gaps);
                self.text(&label);
            }
            "qti-position-object-stage" => self.nodes(&element.children),
            "p" | "div" | "section" | "article" | "blockquote" | "figure" | "figcaption" | "pre" | "dl" | "dt"
            | "dd" | "header" | "footer" | "aside" | "address" => self.block(&element.children),
            name if element.local_name() == "math" && !name.is_empty() => {
                let tree = self.page.with_template_values(element);
                let block = element.attribute("display") == Some("block");
                let mut words = String::new();
                spoken::mathematics(&tree, &mut words);
                let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
                let _ = write!(self.out, "#qti-math({}, {block}, ${}$);", literal(&words), math::source(&tree));
            }
            // Drawings in the text are not among the pictures of a form: their words stand in their place.
            _ if element.local_name() == "svg" => self.text(&vector::words(element)),
            name if sanitise::is_dangerous(name) => {}
            name if sanitise::tag(name).is_none() && sanitise::is_for_programs(element) => {}
            _ => self.nodes(&element.children),
        }
    }

    fn image(&mut self, element: &Element, source: Option<&str>, words: &str) {
        let Some(address) = source.and_then(|s| sanitise::address(s, &self.page.options.asset_base)) else {
            self.text(words);
            return;
        };
        // Pixels of a screen at 96 per inch become points at 72 per inch.
        let width = element
            .attribute("width")
            .and_then(|w| crate::value::parse_float(w.trim_end_matches("px")))
            .map_or_else(|| "auto".to_owned(), |w| format!("{}pt", crate::value::number_text(w * 0.75)));
        let _ = writeln!(self.out, "#qti-image({}, {}, {width});", literal(&address), literal(words));
    }

    /// A picture with its areas, lettered in their order at their upper edge, so that what is in them can be read. Gaps are
    /// numbered: letters are what goes into them.
    fn figure(&mut self, interaction: Interaction<'_>) {
        let Some(media) = interaction.media() else { return };
        let image = if media.name == "picture" { media.child("img").unwrap_or(media) } else { media };
        let size = |name: &str| {
            image.attribute(name).and_then(|text| crate::value::parse_float(text.trim().trim_end_matches("px")))
        };
        let source = image.attribute("src").or_else(|| image.attribute("data"));
        let address = source.and_then(|s| sanitise::address(s, &self.page.options.asset_base));
        let (Some(width), Some(height), Some(address)) = (size("width"), size("height"), address) else {
            self.element(media);
            return;
        };
        let words = image.attribute("alt").map_or_else(|| image.text(), str::to_owned);
        let point = |x: f64| format!("{}pt", crate::value::number_text(x * 0.75));
        let _ = write!(
            self.out,
            "#qti-figure({}, {}, {}, {}, (",
            literal(&address),
            literal(words.trim()),
            point(width),
            point(height)
        );
        let areas = interaction
            .choices()
            .into_iter()
            .filter(|choice| matches!(choice.kind, ChoiceKind::HotspotChoice | ChoiceKind::AssociableHotspot));
        let gaps = interaction.kind == InteractionKind::GraphicGapMatch;
        for (place, choice) in areas.enumerate() {
            if let Some((x, y)) = choice.area().and_then(|area| graphics::above(&area)) {
                let label = if gaps { (place + 1).to_string() } else { letter(place) };
                let _ = write!(self.out, "({}, {}, {}), ", literal(&label), point(x), point(y));
            }
        }
        self.out.push_str("));\n");
    }

    fn table(&mut self, table: &Element) {
        let mut rows: Vec<Vec<&Element>> = Vec::new();
        collect_rows(table, &mut rows);
        let columns =
            rows.iter().map(|row| row.iter().map(|cell| span(cell, "colspan")).sum::<usize>()).max().unwrap_or(1);
        let _ = write!(self.out, "#table(columns: {columns}, ");
        for cell in rows.into_iter().flatten() {
            let _ =
                write!(self.out, "table.cell(colspan: {}, rowspan: {})[", span(cell, "colspan"), span(cell, "rowspan"));
            self.nodes(&cell.children);
            self.out.push_str("], ");
        }
        self.out.push_str(");\n");
    }

    fn prompt(&mut self, interaction: Interaction<'_>) {
        if let Some(prompt) = interaction.prompt() {
            // Not alone at the foot of a page.
            self.out.push_str("#block(sticky: true)[");
            self.nodes(&prompt.children);
            self.out.push_str("]\n");
            self.offer(prompt);
        }
    }

    fn listed(&mut self, choices: &[Choice<'_>]) {
        for (place, choice) in choices.iter().enumerate() {
            let _ = write!(self.out, "#qti-choice({}, [", literal(&format!("{})", letter(place))));
            self.nodes(&choice.element.children);
            self.out.push_str("]);\n");
            self.offer(choice.element);
        }
    }

    fn interaction(&mut self, interaction: Interaction<'_>) {
        use InteractionKind as K;
        match interaction.kind {
            K::TextEntry => {
                let length = interaction.count("expected-length").unwrap_or(10).clamp(4, 60);
                let _ = write!(self.out, "#qti-line({}em);", length / 2 + 2);
            }
            K::InlineChoice => {
                if let Some(label) = interaction.element.child("qti-label") {
                    self.nodes(&label.children);
                    self.text(" ");
                }
                let choices = self.page.shown(interaction, ChoiceKind::InlineChoice, 0);
                let labels: Vec<_> = choices.iter().map(|c| self.page.label(c.element)).collect();
                self.text(&format!("[ {} ]", labels.join(" / ")));
            }
            K::EndAttempt => {}
            K::Choice => {
                self.prompt(interaction);
                let choices = self.page.shown(interaction, ChoiceKind::SimpleChoice, 0);
                self.listed(&choices);
            }
            K::Order => {
                self.prompt(interaction);
                let choices = self.page.shown(interaction, ChoiceKind::SimpleChoice, 0);
                self.listed(&choices);
                self.places(choices.len());
            }
            K::ExtendedText => {
                self.prompt(interaction);
                let lines = interaction.count("expected-lines").unwrap_or(5).clamp(1, 60);
                let _ = writeln!(self.out, "#qti-lines({lines});");
            }
            K::Match => {
                self.prompt(interaction);
                let sets = interaction.match_sets();
                let (rows, columns) =
                    (sets.first().cloned().unwrap_or_default(), sets.get(1).cloned().unwrap_or_default());
                let _ = write!(self.out, "#table(columns: {}, [", columns.len() + 1);
                self.text(interaction.element.attribute("data-first-column-header").unwrap_or(""));
                self.out.push_str("], ");
                for column in &columns {
                    self.cell(column.element);
                }
                for row in &rows {
                    self.cell(row.element);
                    for _ in &columns {
                        self.out.push_str("align(center, qti-tick), ");
                    }
                }
                self.out.push_str(");\n");
            }
            K::Associate => {
                self.prompt(interaction);
                let choices = self.page.shown(interaction, ChoiceKind::SimpleAssociableChoice, 0);
                self.listed(&choices);
                self.places(choices.len() / 2);
            }
            K::GapMatch => {
                self.prompt(interaction);
                self.gap_choices(interaction);
                for child in &interaction.element.children {
                    let is_choice = matches!(child, Node::Element(e)
                        if matches!(e.name.as_str(), "qti-gap-text" | "qti-gap-img" | "qti-prompt"));
                    if !is_choice {
                        self.nodes(std::slice::from_ref(child));
                    }
                }
            }
            K::Hottext => {
                self.prompt(interaction);
                self.nodes(&interaction.element.children);
            }
            K::Slider => {
                self.prompt(interaction);
                let get = |name: &str| interaction.element.attribute(name).unwrap_or("");
                self.text(&format!("{} – {}: ", get("lower-bound"), get("upper-bound")));
                self.out.push_str("#qti-line(5em);");
            }
            K::Drawing | K::Upload => {
                self.prompt(interaction);
                if let Some(media) = interaction.media() {
                    self.element(media);
                }
                // What there is to draw on is the place to draw.
                if interaction.kind == K::Upload || interaction.media().is_none() {
                    self.out.push_str("#qti-space(6cm);\n");
                }
            }
            K::Hotspot
            | K::GraphicOrder
            | K::GraphicAssociate
            | K::GraphicGapMatch
            | K::SelectPoint
            | K::PositionObject => {
                self.prompt(interaction);
                self.figure(interaction);
                self.gap_choices(interaction);
            }
            K::Media | K::Custom | K::PortableCustom => {
                self.prompt(interaction);
                let words = self.page.texts.unsupported;
                self.text(words);
            }
        }
    }

    /// What goes into gaps, lettered for the answer sheet, in a box.
    fn gap_choices(&mut self, interaction: Interaction<'_>) {
        let choices = self.page.gap_choices(interaction);
        if choices.is_empty() {
            return;
        }
        self.out.push_str("#block(stroke: 0.4pt, inset: 0.5em)[");
        for (place, choice) in choices.iter().enumerate() {
            self.out.push_str(if place > 0 { "#h(1.5em)#box[" } else { "#box[" });
            self.text(&format!("{}) ", letter(place)));
            self.nodes(&choice.element.children);
            self.out.push_str("];");
        }
        self.out.push_str("]\n");
    }

    fn cell(&mut self, element: &Element) {
        self.out.push('[');
        self.nodes(&element.children);
        self.out.push_str("], ");
    }

    fn places(&mut self, count: usize) {
        self.out.push_str("#block[");
        for place in 1..=count {
            self.text(&format!("{place}. "));
            self.out.push_str("#qti-line(2.5em);#h(1em)");
        }
        self.out.push_str("]\n");
    }
}

fn span(cell: &Element, name: &str) -> usize {
    cell.attribute(name).and_then(|n| n.trim().parse::<usize>().ok()).unwrap_or(1).clamp(1, 100)
}

fn collect_rows<'e>(element: &'e Element, rows: &mut Vec<Vec<&'e Element>>) {
    for child in element.elements() {
        match child.name.as_str() {
            "tr" => rows.push(child.elements().filter(|e| matches!(e.name.as_str(), "td" | "th")).collect()),
            "thead" | "tbody" | "tfoot" => collect_rows(child, rows),
            _ => {}
        }
    }
}
