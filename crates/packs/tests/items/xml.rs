//! Reads the part of a QTI item that the tests look at.

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

#[derive(Debug, Default)]
pub struct Parsed {
    pub identifier: String,
    pub language: String,
    pub key: String,
    pub max_choices: String,
    pub template: String,
    /// Identifier and text of the options.
    pub options: Vec<(String, String)>,
    /// Text of the body without the options.
    pub body: String,
    /// Address and words of every picture.
    pub pictures: Vec<(String, String)>,
    pub elements: BTreeSet<String>,
    pub attributes: BTreeSet<String>,
}

pub fn parse(xml: &str) -> Parsed {
    let mut reader = Reader::from_str(xml);
    let mut parsed = Parsed::default();
    let mut open: Vec<(String, usize)> = Vec::new();
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) => {
                note(&mut parsed, &start);
                if let Some(parent) = open.last_mut() {
                    parent.1 += 1;
                    if parent.0 == "mfrac" && name(&start) == "mrow" {
                        push(&mut parsed, &open, "(");
                    }
                }
                open.push((name(&start), 0));
            }
            Event::Empty(start) => note(&mut parsed, &start),
            Event::End(_) => {
                let closed = open.pop();
                let in_fraction = open.last().is_some_and(|(name, _)| name == "mfrac");
                if in_fraction && closed.is_some_and(|(name, _)| name == "mrow") {
                    push(&mut parsed, &open, ")");
                }
                // The first child of a fraction is the numerator.
                if open.last().is_some_and(|(name, children)| name == "mfrac" && *children == 1) {
                    push(&mut parsed, &open, "/");
                } else if open.last().is_some_and(|(name, _)| matches!(name.as_str(), "tr" | "qti-item-body")) {
                    push(&mut parsed, &open, " ");
                }
            }
            Event::Text(text) => push(&mut parsed, &open, &text),
            Event::Eof => break,
            _ => {}
        }
    }
    parsed
}

fn name(start: &BytesStart<'_>) -> String {
    start.name().as_ref().to_owned()
}

fn note(parsed: &mut Parsed, start: &BytesStart<'_>) {
    let name = name(start);
    if name == "img" {
        parsed.pictures.push((String::new(), String::new()));
    }
    for attribute in start.attributes() {
        let attribute = attribute.expect("a well-formed attribute");
        let key = attribute.key.as_ref().to_owned();
        let value = attribute.value.to_string();
        match (name.as_str(), key.as_str()) {
            ("qti-assessment-item", "identifier") => parsed.identifier = value,
            ("qti-assessment-item", "xml:lang") => parsed.language = value,
            ("qti-choice-interaction", "max-choices") => parsed.max_choices = value,
            ("qti-response-processing", "template") => parsed.template = value,
            ("img", "src") => picture(parsed).0 = value,
            ("img", "alt") => picture(parsed).1 = value,
            ("qti-simple-choice", "identifier") => parsed.options.push((value, String::new())),
            _ => {}
        }
        parsed.attributes.insert(key);
    }
    parsed.elements.insert(name);
}

fn picture(parsed: &mut Parsed) -> &mut (String, String) {
    parsed.pictures.last_mut().expect("pushed when its tag began")
}

fn push(parsed: &mut Parsed, open: &[(String, usize)], text: &str) {
    let inside = |name: &str| open.iter().any(|(element, _)| element == name);
    if inside("qti-correct-response") {
        parsed.key.push_str(text.trim());
    } else if inside("qti-simple-choice") {
        if let Some((_, option)) = parsed.options.last_mut() {
            option.push_str(text);
        }
    } else if inside("qti-item-body") {
        parsed.body.push_str(text);
    }
}
