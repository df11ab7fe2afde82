//! Moodle XML, in and out.
//!
//! In: multichoice, truefalse, shortanswer, numerical, essay, matching, description. Out: what items those
//! types can hold. Pictures inside a question travel inside the text.

use super::{Answer, Import, Question, html, identifier};
use crate::convert::Loss;
use crate::declaration::Role;
use crate::interaction::{ChoiceKind, InteractionKind};
use crate::item::Item;
use crate::read::ParseError;
use crate::value::{BaseType, number_text, parse_float};
use crate::xml::{Element, Node, print_fragment};

/// Reads a file of Moodle questions in a language.
///
/// # Errors
/// [`ParseError`] when it is not safe XML or no Moodle quiz.
pub fn read(xml: &str, language: &str) -> Result<Import, ParseError> {
    let root = crate::xml::parse(xml)?;
    if root.name != "quiz" {
        return Err(ParseError::WrongRoot { line: root.line.0, expected: "a Moodle quiz", found: root.name });
    }
    let mut import = Import::default();
    for question in root.elements().filter(|e| e.name == "question") {
        let line = question.line.0;
        let kind = question.attribute("type").unwrap_or("");
        if kind == "category" {
            continue;
        }
        let mut losses = Vec::new();
        match read_question(question, kind, language, import.items.len() + 1, &mut losses) {
            Ok(question) => import.items.push(question.into_item()),
            Err(message) => losses.push(message),
        }
        for message in losses {
            import.lose(line, message);
        }
    }
    Ok(import)
}

fn read_question(
    question: &Element,
    kind: &str,
    language: &str,
    number: usize,
    losses: &mut Vec<String>,
) -> Result<Question, String> {
    let title = question.child("name").map(|name| name.text().trim().to_owned()).unwrap_or_default();
    let grade = field(question, "defaultgrade").and_then(|text| parse_float(&text)).filter(|x| *x > 0.0);
    let stem = question.child("questiontext").map(rich).unwrap_or_default();
    let flag = |name: &str| matches!(field(question, name).as_deref(), Some("1" | "true"));
    let answers: Vec<&Element> = question.elements().filter(|e| e.name == "answer").collect();
    let share = |answer: &Element| {
        answer.attribute("fraction").and_then(|text| parse_float(text.trim())).unwrap_or(0.0) / 100.0
    };
    if answers.iter().any(|answer| answer.child("feedback").is_some_and(|f| !f.text().trim().is_empty())) {
        losses.push("feedback on single answers is left out".to_owned());
    }
    if question.elements().any(|e| e.name == "hint") {
        losses.push("hints are left out".to_owned());
    }
    let answer = match kind {
        "multichoice" => Answer::Choice {
            options: answers.iter().map(|answer| (rich(answer), share(answer))).collect(),
            many: !flag("single"),
            shuffle: flag("shuffleanswers"),
        },
        "truefalse" => Answer::Choice {
            options: answers.iter().map(|answer| (rich(answer), share(answer))).collect(),
            many: false,
            shuffle: false,
        },
        "shortanswer" => {
            let texts: Vec<_> = answers.iter().map(|answer| (words(answer), share(answer))).collect();
            if texts.iter().any(|(text, _)| text.contains('*')) {
                losses.push("an asterisk in an answer stands for itself here, not for any text".to_owned());
            }
            Answer::Text { answers: texts, case_sensitive: flag("usecase") }
        }
        "numerical" => {
            let mut ranges = Vec::new();
            for answer in &answers {
                let tolerance = field(answer, "tolerance").and_then(|t| parse_float(&t)).unwrap_or(0.0).abs();
                match parse_float(&words(answer)) {
                    Some(value) => ranges.push((value - tolerance, value + tolerance, share(answer))),
                    None => losses.push(format!("the answer {:?} is no number", words(answer))),
                }
            }
            if question.child("units").is_some_and(|units| units.elements().next().is_some()) {
                losses.push("units are left out; the number alone is asked for".to_owned());
            }
            Answer::Number(ranges)
        }
        "essay" => Answer::Essay,
        "matching" => Answer::Pairs(
            question
                .elements()
                .filter(|e| e.name == "subquestion")
                .map(|pair| {
                    let left = rich(pair);
                    let right = pair.child("answer").map(words).unwrap_or_default();
                    ((!left.is_empty()).then_some(left), vec![Node::Text(right)])
                })
                .collect(),
        ),
        "description" => Answer::Nothing,
        other => return Err(format!("questions of type {other:?} are not read; {title:?} is left out")),
    };
    Ok(Question {
        identifier: identifier(&title, number),
        title,
        language: language.to_owned(),
        stem,
        points: grade.unwrap_or(1.0),
        answer,
        feedback: question.child("generalfeedback").map(rich).unwrap_or_default(),
        line: question.line.0,
    })
}

fn field(element: &Element, name: &str) -> Option<String> {
    element.child(name).map(|child| child.text().trim().to_owned())
}

fn words(element: &Element) -> String {
    element.child("text").map(Element::text).unwrap_or_default().trim().to_owned()
}

/// The text of an element as nodes, with its pictures put inside.
fn rich(element: &Element) -> Vec<Node> {
    let text = words(element);
    if element.attribute("format") == Some("plain_text") {
        return if text.is_empty() { Vec::new() } else { vec![Node::Text(text)] };
    }
    let mut nodes = html::nodes(&text);
    for file in element.elements().filter(|e| e.name == "file") {
        let name = file.attribute("name").unwrap_or("");
        let kind = match name.rsplit('.').next().unwrap_or("").to_ascii_lowercase().as_str() {
            "png" => "png",
            "gif" => "gif",
            "jpg" | "jpeg" => "jpeg",
            "webp" => "webp",
            _ => continue,
        };
        let data: String = file.text().split_whitespace().collect();
        let address = format!("data:image/{kind};base64,{data}");
        for node in &mut nodes {
            replace(node, name, &address);
        }
    }
    nodes
}

fn replace(node: &mut Node, name: &str, address: &str) {
    let Node::Element(element) = node else { return };
    for attribute in &mut element.attributes {
        if attribute.name == "src"
            && attribute.value.strip_prefix("@@PLUGINFILE@@/").is_some_and(|file| file.replace("%20", " ") == name)
        {
            address.clone_into(&mut attribute.value);
        }
    }
    for child in &mut element.children {
        replace(child, name, address);
    }
}

/// Writes items as Moodle questions; what Moodle cannot hold is left out and said.
#[must_use]
pub fn write(items: &[Item]) -> (String, Vec<Loss>) {
    let mut losses = Vec::new();
    let mut questions = Vec::new();
    for item in items {
        match write_item(item, &mut losses) {
            Ok(question) => questions.push(question),
            Err(message) => {
                losses.push(Loss { line: item.line.0, message: format!("{} is left out: {message}", item.identifier) });
            }
        }
    }
    let quiz = Element::new("quiz").with_children(questions);
    (crate::xml::print(&quiz), losses)
}

fn text_element(name: &str, text: &str) -> Element {
    Element::new(name).with_children([Element::new("text").with_text(text)])
}

fn html_element(name: &str, nodes: &[Node]) -> Element {
    text_element(name, &inner(nodes)).with("format", "html")
}

/// Nodes as HTML text, without interactions.
fn inner(nodes: &[Node]) -> String {
    let mut out = String::new();
    for node in nodes {
        match node {
            Node::Element(element) if element.name.starts_with("qti-") => {
                if InteractionKind::from_name(&element.name).is_none() {
                    out.push_str(&inner(&element.children));
                }
            }
            Node::Element(element) => {
                let holds_interaction = {
                    let mut found = false;
                    element.walk(&mut |e| found |= e.name.starts_with("qti-"));
                    found
                };
                if holds_interaction {
                    out.push_str(&inner(&element.children));
                } else {
                    out.push_str(&print_fragment(element));
                }
            }
            Node::Text(text) => crate::xml::escape_text(text, &mut out),
            Node::Comment(_) | Node::Instruction(_) => {}
        }
    }
    out.trim().to_owned()
}

fn write_item(item: &Item, losses: &mut Vec<Loss>) -> Result<Element, String> {
    let mut lose = |message: &str| {
        losses.push(Loss { line: item.line.0, message: format!("{}: {message}", item.identifier) });
    };
    if item.template_processing.is_some() {
        return Err("it has template variables".to_owned());
    }
    if item.adaptive {
        return Err("it is adaptive".to_owned());
    }
    if !item.modal_feedbacks.is_empty() {
        lose("feedback is left out");
    }
    let interactions = item.interactions();
    let body = item.body.as_ref().map(|body| body.children.as_slice()).unwrap_or_default();
    let points = item.max_score().filter(|x| *x > 0.0).unwrap_or(1.0);
    let [interaction] = interactions.as_slice() else {
        if interactions.is_empty() {
            return Ok(question("description", item, &inner(body), 0.0));
        }
        return Err(format!("it has {} interactions and a question holds one", interactions.len()));
    };
    let declaration = item.declaration(interaction.response()).ok_or("its response is not declared")?;
    let mut stem = inner(body);
    if let Some(prompt) = interaction.prompt() {
        stem.push_str(&inner(&prompt.children));
    }
    let key = item.correct_response(interaction.response()).unwrap_or_default();
    let share = |value: &str| -> f64 {
        match &declaration.mapping {
            Some(mapping) => mapping.entries.iter().find(|e| e.key == value).map_or(0.0, |e| e.value) / points,
            None if key.iter().any(|k| k == value) => 1.0 / key.len() as f64,
            None => 0.0,
        }
    };
    let percent = |share: f64| number_text((share * 1e7).round() / 1e5);
    match interaction.kind {
        InteractionKind::Choice | InteractionKind::InlineChoice => {
            let kind = if interaction.kind == InteractionKind::Choice {
                ChoiceKind::SimpleChoice
            } else {
                ChoiceKind::InlineChoice
            };
            let single = declaration.cardinality == crate::value::Cardinality::Single;
            if !single && declaration.mapping.is_none() {
                lose("all or nothing becomes points for each right choice");
            }
            let choices = interaction.choices_of(kind);
            if choices.iter().any(crate::interaction::Choice::is_fixed) {
                lose("fixed places of choices are left out");
            }
            Ok(question("multichoice", item, &stem, points)
                .with_children([
                    Element::new("single").with_text(if single { "true" } else { "false" }),
                    Element::new("shuffleanswers").with_text(if interaction.shuffle() { "1" } else { "0" }),
                ])
                .with_children(choices.iter().map(|choice| {
                    html_element("answer", &choice.element.children).with("fraction", percent(share(choice.identifier)))
                })))
        }
        InteractionKind::TextEntry if declaration.base_type == Some(BaseType::String) => {
            let mut answers: Vec<(String, f64)> = match &declaration.mapping {
                Some(mapping) => mapping.entries.iter().map(|e| (e.key.clone(), e.value / points)).collect(),
                None => Vec::new(),
            };
            if answers.is_empty() {
                answers = key.iter().map(|text| (text.clone(), 1.0)).collect();
            }
            let case = declaration.mapping.as_ref().is_none_or(|m| m.entries.iter().any(|e| e.case_sensitive));
            Ok(question("shortanswer", item, &stem, points)
                .with_children([Element::new("usecase").with_text(if case { "1" } else { "0" })])
                .with_children(answers.iter().map(|(text, share)| {
                    text_element("answer", text).with("fraction", percent(*share)).with("format", "plain_text")
                })))
        }
        InteractionKind::TextEntry if declaration.base_type.is_some_and(BaseType::is_numeric) => {
            if item.response_processing.as_ref().is_some_and(|p| !p.rules.is_empty()) {
                lose("rules about the number (tolerances) are left out; the key alone is carried");
            }
            Ok(question("numerical", item, &stem, points).with_children(key.iter().map(|value| {
                text_element("answer", value)
                    .with("fraction", "100")
                    .with("format", "plain_text")
                    .with_children([Element::new("tolerance").with_text("0")])
            })))
        }
        InteractionKind::ExtendedText => Ok(question("essay", item, &stem, points)),
        InteractionKind::Match => {
            let sets = interaction.match_sets();
            let [lefts, rights] = sets.as_slice() else { return Err("it has no two sets".to_owned()) };
            let pairs: Vec<String> = match &declaration.mapping {
                Some(mapping) => mapping.entries.iter().filter(|e| e.value > 0.0).map(|e| e.key.clone()).collect(),
                None => key,
            };
            let right_of = |left: &str| {
                pairs
                    .iter()
                    .filter_map(|pair| pair.split_once(' '))
                    .find(|(l, _)| *l == left)
                    .map(|(_, r)| r.to_owned())
            };
            let mut used = Vec::new();
            let mut subquestions = Vec::new();
            for left in lefts {
                let right = right_of(left.identifier).ok_or("a left side has no partner")?;
                let words = rights.iter().find(|r| r.identifier == right).map(crate::interaction::Choice::text);
                subquestions.push(
                    html_element("subquestion", &left.element.children)
                        .with_children([text_element("answer", &words.unwrap_or_default())]),
                );
                used.push(right);
            }
            for right in rights.iter().filter(|r| !used.iter().any(|u| u == r.identifier)) {
                subquestions
                    .push(html_element("subquestion", &[]).with_children([text_element("answer", &right.text())]));
            }
            Ok(question("matching", item, &stem, points).with_children(subquestions))
        }
        kind => Err(format!("Moodle has nothing like <{}>", kind.name())),
    }
}

fn question(kind: &str, item: &Item, stem: &str, points: f64) -> Element {
    let title = if item.title.is_empty() { &item.identifier } else { &item.title };
    // Responses are declared before anything of this is asked for, so the count tells items from texts.
    let scored = item.declarations_of(Role::Response).next().is_some();
    Element::new("question").with("type", kind).with_children([
        text_element("name", title),
        text_element("questiontext", stem).with("format", "html"),
        Element::new("defaultgrade").with_text(&number_text(if scored { points } else { 0.0 })),
    ])
}
