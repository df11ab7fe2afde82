//! Question formats of other systems, in and out: Moodle XML, GIFT, Aiken, and a plain table.
//!
//! ```
//! let import = qti::neighbours::aiken::read("How many legs has a spider?\nA) six\nB) eight\nANSWER: B\n", "en");
//! assert_eq!(import.items[0].correct_response("RESPONSE"), Some(vec!["B".to_owned()]));
//! assert!(import.losses.is_empty());
//! ```

pub mod aiken;
pub mod gift;
pub(crate) mod html;
pub mod moodle;
pub mod table;

pub use html::nodes as html_nodes;

use crate::convert::Loss;
use crate::declaration::{Declaration, MapEntry, Mapping, Role, ValueList};
use crate::expression::{Expression, Operator, ToleranceMode};
use crate::item::{Item, ResponseProcessing, Source, Version};
use crate::processing::{Action, Branch, Rule};
use crate::value::{BaseType, Cardinality, number_text};
use crate::xml::{Element, Line, Node};

/// What came in, and what could not.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Import {
    /// The items, in order.
    pub items: Vec<Item>,
    /// What could not be carried.
    pub losses: Vec<Loss>,
}

impl Import {
    pub(crate) fn lose(&mut self, line: u32, message: impl Into<String>) {
        self.losses.push(Loss { line, message: message.into() });
    }
}

/// A question on its way into an item.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Question {
    pub(crate) identifier: String,
    pub(crate) title: String,
    pub(crate) language: String,
    pub(crate) stem: Vec<Node>,
    pub(crate) points: f64,
    pub(crate) answer: Answer,
    pub(crate) feedback: Vec<Node>,
    pub(crate) line: u32,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// Options with their share of the points; several may be right.
    Choice { options: Vec<(Vec<Node>, f64)>, many: bool, shuffle: bool },
    /// Texts with their share.
    Text { answers: Vec<(String, f64)>, case_sensitive: bool },
    /// Lower limit, upper limit, share.
    Number(Vec<(f64, f64, f64)>),
    /// Left and right; a right side may stand without a left one.
    Pairs(Vec<(Option<Vec<Node>>, Vec<Node>)>),
    /// Read by people.
    Essay,
    /// Words without a question.
    Nothing,
}

/// Letters for options: A to Z, then A1 and so on.
pub(crate) fn letter(index: usize) -> String {
    let letter = char::from(b'A' + (index % 26) as u8);
    if index < 26 { letter.to_string() } else { format!("{letter}{}", index / 26) }
}

/// A name other systems accept, from any text.
pub(crate) fn identifier(text: &str, number: usize) -> String {
    let mut out: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' })
        .take(40)
        .collect();
    while out.contains("--") {
        out = out.replace("--", "-");
    }
    let out = out.trim_matches('-');
    if out.is_empty() { format!("q{number}") } else { format!("q{number}-{out}") }
}

fn paragraph(nodes: &[Node]) -> Vec<Node> {
    let has_block = nodes.iter().any(|node| {
        matches!(node, Node::Element(e) if matches!(e.name.as_str(),
            "p" | "div" | "ul" | "ol" | "table" | "pre" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" | "figure"))
    });
    if has_block || nodes.is_empty() {
        return nodes.to_vec();
    }
    vec![Node::Element(Element { name: "p".to_owned(), children: nodes.to_vec(), ..Element::default() })]
}

fn element(name: &str, children: Vec<Node>) -> Element {
    Element { name: name.to_owned(), children, ..Element::default() }
}

/// Brings a tree into the form in which it would be read again: texts that touch are one, empty ones are none.
fn settle(element: &mut Element) {
    let mut children: Vec<Node> = Vec::with_capacity(element.children.len());
    for mut node in std::mem::take(&mut element.children) {
        match (&mut node, children.last_mut()) {
            (Node::Text(text), _) if text.is_empty() => continue,
            (Node::Text(text), Some(Node::Text(before))) => {
                before.push_str(text);
                continue;
            }
            (Node::Element(child), _) => settle(child),
            _ => {}
        }
        children.push(node);
    }
    element.children = children;
}

fn mapping(entries: Vec<(String, f64)>, points: f64, case_sensitive: bool) -> Mapping {
    Mapping {
        lower_bound: Some(0.0),
        upper_bound: Some(points),
        default_value: 0.0,
        entries: entries
            .into_iter()
            .filter(|(_, value)| *value != 0.0)
            .map(|(key, value)| MapEntry { key, value, case_sensitive, extra: Vec::new() })
            .collect(),
        extra: Vec::new(),
    }
}

const TEMPLATES: &str = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/";

impl Question {
    /// The item this question is.
    pub(crate) fn into_item(self) -> Item {
        let mut score = Declaration::new(Role::Outcome, "SCORE", Cardinality::Single, BaseType::Float);
        let mut extra =
            vec![crate::xml::Attribute { name: "normal-maximum".to_owned(), value: number_text(self.points) }];
        let mut response = None;
        let mut processing = ResponseProcessing::default();
        let template = |name: &str| Some(format!("{TEMPLATES}{name}.xml"));
        let prompt = element("qti-prompt", self.stem.clone());
        let mut body = Vec::new();
        match &self.answer {
            Answer::Choice { options, many, shuffle } => {
                let cardinality = if *many { Cardinality::Multiple } else { Cardinality::Single };
                let mut declaration = Declaration::new(Role::Response, "RESPONSE", cardinality, BaseType::Identifier);
                let best = options.iter().map(|(_, share)| *share).fold(0.0, f64::max);
                let right: Vec<String> = options
                    .iter()
                    .enumerate()
                    .filter(|(_, (_, share))| if *many { *share > 0.0 } else { *share >= best && best > 0.0 })
                    .map(|(index, _)| letter(index))
                    .take(if *many { usize::MAX } else { 1 })
                    .collect();
                if !right.is_empty() {
                    declaration.correct_response = Some(ValueList::of(right));
                }
                let entries =
                    options.iter().enumerate().map(|(i, (_, share))| (letter(i), share * self.points)).collect();
                declaration.mapping = Some(mapping(entries, self.points, true));
                response = Some(declaration);
                processing.template = template("map_response");
                let mut interaction = Element::new("qti-choice-interaction")
                    .with("response-identifier", "RESPONSE")
                    .with("shuffle", shuffle.to_string())
                    .with("max-choices", if *many { "0" } else { "1" });
                interaction.children.push(Node::Element(prompt));
                for (index, (content, _)) in options.iter().enumerate() {
                    let mut choice = Element::new("qti-simple-choice").with("identifier", letter(index));
                    choice.children.clone_from(content);
                    interaction.children.push(Node::Element(choice));
                }
                body.push(Node::Element(interaction));
            }
            Answer::Text { answers, case_sensitive } => {
                let mut declaration =
                    Declaration::new(Role::Response, "RESPONSE", Cardinality::Single, BaseType::String);
                declaration.correct_response = answers.first().map(|(text, _)| ValueList::of([text.clone()]));
                let entries = answers.iter().map(|(text, share)| (text.clone(), share * self.points)).collect();
                declaration.mapping = Some(mapping(entries, self.points, *case_sensitive));
                response = Some(declaration);
                processing.template = template("map_response");
                body.extend(paragraph(&self.stem));
                body.push(Node::Element(entry()));
            }
            Answer::Number(ranges) => {
                let mut declaration =
                    Declaration::new(Role::Response, "RESPONSE", Cardinality::Single, BaseType::Float);
                declaration.correct_response =
                    ranges.first().map(|(low, high, _)| ValueList::of([number_text(f64::midpoint(*low, *high))]));
                response = Some(declaration);
                processing.rules = vec![number_rule(ranges, self.points)];
                body.extend(paragraph(&self.stem));
                body.push(Node::Element(entry()));
            }
            Answer::Pairs(pairs) => {
                let (declaration, interaction) = matching(pairs, self.points, prompt);
                response = Some(declaration);
                processing.template = template("map_response");
                body.push(Node::Element(interaction));
            }
            Answer::Essay => {
                response = Some(Declaration::new(Role::Response, "RESPONSE", Cardinality::Single, BaseType::String));
                extra.push(crate::xml::Attribute { name: "external-scored".to_owned(), value: "human".to_owned() });
                let mut interaction =
                    Element::new("qti-extended-text-interaction").with("response-identifier", "RESPONSE");
                interaction.children.push(Node::Element(prompt));
                body.push(Node::Element(interaction));
            }
            Answer::Nothing => body.extend(paragraph(&self.stem)),
        }
        score.extra = extra;
        let scored = processing.template.is_some() || !processing.rules.is_empty();
        let mut declarations: Vec<_> = response.into_iter().collect();
        if !matches!(self.answer, Answer::Nothing) {
            declarations.push(score);
        }
        let mut modal_feedbacks = Vec::new();
        if !self.feedback.is_empty() && !matches!(self.answer, Answer::Nothing) {
            // General feedback comes after the attempt, whatever the answer.
            let content = element("qti-content-body", paragraph(&self.feedback));
            modal_feedbacks.push(
                Element::new("qti-modal-feedback")
                    .with("outcome-identifier", "completionStatus")
                    .with("identifier", "completed")
                    .with("show-hide", "show")
                    .with_children([content]),
            );
        }
        let mut body = element("qti-item-body", body);
        for part in modal_feedbacks.iter_mut().chain([&mut body]) {
            settle(part);
            crate::names::strip(part);
        }
        Item {
            identifier: self.identifier,
            title: self.title,
            language: Some(self.language).filter(|language| !language.is_empty()),
            adaptive: false,
            time_dependent: false,
            extra: Vec::new(),
            declarations,
            template_processing: None,
            before_body: Vec::new(),
            body: Some(body),
            catalogs: None,
            response_processing: scored.then_some(processing),
            outcome_processing: None,
            modal_feedbacks,
            unknown: Vec::new(),
            source: Source(Version::V30),
            line: Line(self.line),
        }
    }
}

fn entry() -> Element {
    let field = Element::new("qti-text-entry-interaction")
        .with("response-identifier", "RESPONSE")
        .with("expected-length", "20");
    Element::new("p").with_children([field])
}

/// The first range that holds the number gives its share.
fn number_rule(ranges: &[(f64, f64, f64)], points: f64) -> Rule {
    let response = || Expression::variable("RESPONSE");
    let limit = |x: f64| Expression::constant(BaseType::Float, &number_text(x));
    let mut branches: Vec<Branch> = ranges
        .iter()
        .map(|(low, high, share)| {
            #[expect(clippy::float_cmp, reason = "a range of one number was written as one number")]
            let condition = if low == high {
                let exact = Operator::Equal {
                    mode: ToleranceMode::Exact,
                    tolerance: None,
                    include_lower: true,
                    include_upper: true,
                };
                Expression::new(exact, vec![response(), limit(*low)])
            } else {
                let at_least = Expression::new(Operator::Gte, vec![response(), limit(*low)]);
                let at_most = Expression::new(Operator::Lte, vec![response(), limit(*high)]);
                Expression::new(Operator::And, vec![at_least, at_most])
            };
            Branch {
                condition: Some(condition),
                rules: vec![Rule::set_outcome("SCORE", limit(share * points))],
                line: Line::default(),
            }
        })
        .collect();
    branches.push(Branch {
        condition: None,
        rules: vec![Rule::set_outcome("SCORE", limit(0.0))],
        line: Line::default(),
    });
    Rule::new(Action::Condition(branches))
}

fn matching(pairs: &[(Option<Vec<Node>>, Vec<Node>)], points: f64, prompt: Element) -> (Declaration, Element) {
    let lefts: Vec<_> = pairs.iter().filter(|(left, _)| left.is_some()).collect();
    // The same right side may serve several left ones.
    let mut rights: Vec<&Vec<Node>> = Vec::new();
    for (_, right) in pairs {
        if !rights.contains(&right) {
            rights.push(right);
        }
    }
    let place = |right: &Vec<Node>| rights.iter().position(|other| *other == right).unwrap_or(0) + 1;
    let keys: Vec<String> =
        lefts.iter().enumerate().map(|(index, (_, right))| format!("L{} R{}", index + 1, place(right))).collect();
    let mut declaration = Declaration::new(Role::Response, "RESPONSE", Cardinality::Multiple, BaseType::DirectedPair);
    declaration.correct_response = Some(ValueList::of(keys.clone()));
    let share = points / (lefts.len().max(1) as f64);
    declaration.mapping = Some(mapping(keys.into_iter().map(|key| (key, share)).collect(), points, true));
    let choice = |name: String, most: usize, content: &[Node]| {
        let mut choice =
            Element::new("qti-simple-associable-choice").with("identifier", name).with("match-max", most.to_string());
        choice.children = content.to_vec();
        choice
    };
    let left = Element::new("qti-simple-match-set").with_children(
        lefts
            .iter()
            .enumerate()
            .map(|(index, (left, _))| choice(format!("L{}", index + 1), 1, left.as_deref().unwrap_or_default())),
    );
    let right = Element::new("qti-simple-match-set")
        .with_children(rights.iter().enumerate().map(|(index, content)| choice(format!("R{}", index + 1), 0, content)));
    let interaction = Element::new("qti-match-interaction")
        .with("response-identifier", "RESPONSE")
        .with("shuffle", "true")
        .with("max-associations", lefts.len().to_string())
        .with_children([prompt, left, right]);
    (declaration, interaction)
}
