//! SVG that stands in a body: shown as a picture, in which nothing runs and nothing is loaded.

use super::sanitise;
use crate::xml::{Attribute, Element, Node, print_fragment};
use std::fmt::Write as _;

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";

/// Parts that are left out even so, whatever their prefix.
const LEFT_OUT: [&str; 4] = ["script", "foreignObject", "handler", "listener"];

/// The drawing as the address of a picture.
pub(super) fn address(element: &Element) -> String {
    let mut drawing = element.clone();
    clean(&mut drawing);
    let declare = |drawing: &mut Element, name: &str, value: &str| {
        if drawing.attribute(name).is_none() {
            drawing.attributes.push(Attribute { name: name.to_owned(), value: value.to_owned() });
        }
    };
    match element.name.split_once(':') {
        Some((prefix, _)) => declare(&mut drawing, &format!("xmlns:{prefix}"), SVG),
        None => declare(&mut drawing, "xmlns", SVG),
    }
    declare(&mut drawing, "xmlns:xlink", XLINK);
    let mut out = String::from("data:image/svg+xml,");
    for byte in print_fragment(&drawing).bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b' ' | b'=' | b'/' | b':' | b',' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

fn clean(element: &mut Element) {
    element.attributes.retain(|attribute| {
        let local = attribute.name.rsplit(':').next().unwrap_or("");
        let value = attribute.value.trim();
        let is_link = matches!(local, "href" | "src");
        !local.to_ascii_lowercase().starts_with("on")
            && (!is_link
                || value.starts_with('#')
                || sanitise::address(value, "").is_some_and(|a| a.starts_with("data:")))
    });
    element.children.retain(|node| match node {
        Node::Element(child) => !LEFT_OUT.contains(&child.local_name()),
        Node::Instruction(_) => false,
        Node::Text(_) | Node::Comment(_) => true,
    });
    for child in &mut element.children {
        if let Node::Element(child) = child {
            clean(child);
        }
    }
}

/// What the drawing says of itself: its label, title or description.
pub(super) fn words(element: &Element) -> String {
    let part = |name: &str| element.elements().find(|child| child.local_name() == name).map(Element::text);
    let words = element.attribute("aria-label").map(str::to_owned).or_else(|| part("title")).or_else(|| part("desc"));
    words.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}
