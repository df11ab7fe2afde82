//! Presentation `MathML` in Typst's math mode.
//!
//! Signs are single letters or escaped, names and words are string literals: nothing an author writes can be a call.

use super::literal;
use crate::render::sanitise;
use crate::xml::Element;
use std::fmt::Write as _;

/// The formula inside a `math` element.
pub(super) fn source(element: &Element) -> String {
    let mut out = String::new();
    row(element, &mut out);
    or_nothing(&out).to_owned()
}

/// A piece of mathematics, or an empty one: Typst's functions take no missing operands.
fn or_nothing(inner: &str) -> &str {
    let inner = inner.trim();
    if inner.is_empty() { "\"\"" } else { inner }
}

fn part(parts: &[&Element], index: usize) -> String {
    let mut inner = String::new();
    if let Some(part) = parts.get(index) {
        math(part, &mut inner);
    }
    or_nothing(&inner).to_owned()
}

/// What stands in a row; brackets around the whole grow with it.
fn row(element: &Element, out: &mut String) {
    let parts: Vec<&Element> = element.elements().collect();
    let fenced = match parts.as_slice() {
        [first, .., last] => {
            is_sign(first, &["(", "[", "{", "|", "‖", "⟨", "⌊", "⌈"])
                && (is_sign(last, &[")", "]", "}", "|", "‖", "⟩", "⌋", "⌉"]) || last.text().trim().is_empty())
        }
        _ => false,
    };
    if fenced {
        out.push_str("lr(");
    }
    for part in &parts {
        math(part, out);
    }
    if fenced {
        out.push_str(") ");
    }
}

fn is_sign(element: &Element, signs: &[&str]) -> bool {
    element.local_name() == "mo" && signs.contains(&element.text().trim())
}

/// One sign as Typst reads it: marks that mean something there are escaped. `None` for signs that are not seen.
fn sign(c: char) -> Option<String> {
    match c {
        // Function application, invisible times, separator and plus.
        '\u{2061}'..='\u{2064}' => None,
        '-' => Some("−".to_owned()),
        _ if c.is_ascii_punctuation() => Some(format!("\\{c}")),
        _ if c.is_control() || c.is_whitespace() => None,
        _ => Some(c.to_string()),
    }
}

/// A sign, a name or words.
fn token(element: &Element, text: &str, out: &mut String) {
    let mut letters = text.chars();
    let single = letters.next().filter(|_| letters.next().is_none());
    let _ = match (element.local_name(), single) {
        ("mn", _) if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.') => {
            write!(out, "{text} ")
        }
        // Variables are set in the text font's italic cut: it has the Cyrillic ones too.
        ("mi", Some(c)) if c.is_alphabetic() && element.attribute("mathvariant") != Some("normal") => {
            write!(out, "#qti-var({}); ", literal(text))
        }
        ("mo", Some(c)) if !c.is_alphanumeric() => match sign(c) {
            Some(sign) => write!(out, "{sign} "),
            None => Ok(()),
        },
        _ if text.is_empty() => Ok(()),
        // `lim` and `max` take what stands below them there.
        ("mo", None) if text.chars().all(char::is_alphabetic) => write!(out, "op({}) ", literal(text)),
        _ => write!(out, "{} ", literal(text)),
    };
}

/// One `MathML` element.
fn math(element: &Element, out: &mut String) {
    let text = element.text();
    let text = text.trim();
    let parts: Vec<&Element> = element.elements().collect();
    let part = |index: usize| part(&parts, index);
    let _ = match element.local_name() {
        "mi" | "mn" | "mo" | "mtext" | "ms" => {
            token(element, text, out);
            Ok(())
        }
        // A fraction without its line is one thing above another.
        "mfrac" if is_nothing(element.attribute("linethickness")) => {
            write!(out, "mat(delim: #none, {}; {}) ", part(0), part(1))
        }
        "mfrac" => write!(out, "frac({}, {}) ", part(0), part(1)),
        "msup" => write!(out, "attach({}, t: {}) ", part(0), part(1)),
        "msub" => write!(out, "attach({}, b: {}) ", part(0), part(1)),
        "msubsup" => write!(out, "attach({}, b: {}, t: {}) ", part(0), part(1), part(2)),
        "mover" => match mark(parts.get(1), true) {
            Some(name) => write!(out, "{name}({}) ", part(0)),
            None => write!(out, "attach(limits({}), t: {}) ", part(0), part(1)),
        },
        "munder" => match mark(parts.get(1), false) {
            Some(name) => write!(out, "{name}({}) ", part(0)),
            None => write!(out, "attach(limits({}), b: {}) ", part(0), part(1)),
        },
        "munderover" => write!(out, "attach(limits({}), b: {}, t: {}) ", part(0), part(1), part(2)),
        "mmultiscripts" => {
            multiscripts(&parts, out);
            Ok(())
        }
        "mroot" => write!(out, "root({}, {}) ", part(1), part(0)),
        "msqrt" => write!(out, "sqrt({}) ", source(element)),
        "mphantom" => write!(out, "#hide(${}$); ", source(element)),
        "menclose" if element.attribute("notation").is_some_and(|notation| notation.contains("strike")) => {
            write!(out, "cancel({}) ", source(element))
        }
        "menclose" if element.attribute("notation").is_some_and(|notation| notation.contains("box")) => {
            write!(out, "#box(stroke: 0.5pt, inset: 3pt, ${}$); ", source(element))
        }
        "mspace" => write!(out, "space "),
        "mfenced" => {
            fenced(element, &parts, out);
            Ok(())
        }
        "mtable" => {
            table(element, out);
            Ok(())
        }
        // The same twice: what is shown, and what else it may be read as.
        "semantics" => {
            if let Some(shown) = parts.first() {
                math(shown, out);
            }
            Ok(())
        }
        "annotation" | "annotation-xml" => Ok(()),
        name if sanitise::is_dangerous(name) => Ok(()),
        _ => {
            row(element, out);
            Ok(())
        }
    };
}

fn is_nothing(thickness: Option<&str>) -> bool {
    thickness.is_some_and(|text| text.trim().starts_with('0') && !text.contains(|c: char| ('1'..='9').contains(&c)))
}

/// The function that sets what stands over or under a base as a line, a brace or an accent of it.
fn mark(element: Option<&&Element>, over: bool) -> Option<&'static str> {
    let text = element.filter(|element| element.local_name() == "mo")?.text();
    Some(match (text.trim(), over) {
        ("¯" | "‾" | "_" | "ˉ" | "\u{305}" | "―", true) => "overline",
        ("¯" | "‾" | "_" | "\u{332}" | "―", false) => "underline",
        ("⏞", true) => "overbrace",
        ("⏟", false) => "underbrace",
        ("→" | "\u{20d7}" | "⇀", true) => "arrow",
        ("^" | "ˆ" | "\u{302}", true) => "hat",
        ("~" | "˜" | "\u{303}", true) => "tilde",
        ("." | "˙" | "\u{307}", true) => "dot",
        ("¨" | "\u{308}", true) => "dot.double",
        _ => return None,
    })
}

/// Indices on both sides of a base.
fn multiscripts(parts: &[&Element], out: &mut String) {
    let before = parts.iter().position(|part| part.local_name() == "mprescripts").unwrap_or(parts.len());
    let mut named = Vec::new();
    for (begin, names) in [(1, ["b", "t"]), (before + 1, ["bl", "tl"])] {
        for (offset, name) in names.into_iter().enumerate() {
            let place = begin + offset;
            let inside = if begin == 1 { place < before } else { place < parts.len() };
            if inside && parts.get(place).is_some_and(|part| part.local_name() != "none") {
                named.push((name, place));
            }
        }
    }
    let _ = write!(out, "attach({}", part(parts, 0));
    for (name, place) in named {
        let _ = write!(out, ", {name}: {}", part(parts, place));
    }
    out.push_str(") ");
}

fn fenced(element: &Element, parts: &[&Element], out: &mut String) {
    let signs = |text: &str| text.trim().chars().filter_map(sign).collect::<String>();
    let separators: Vec<char> = element.attribute("separators").unwrap_or(",").chars().collect();
    let separators: Vec<char> = separators.into_iter().filter(|c| !c.is_whitespace()).collect();
    let _ = write!(out, "lr({} ", signs(element.attribute("open").unwrap_or("(")));
    for (index, part) in parts.iter().enumerate() {
        // The last separator stands for those that are not given.
        let separator = index.checked_sub(1).and_then(|index| separators.get(index).or(separators.last()));
        if let Some(separator) = separator.and_then(|c| sign(*c)) {
            let _ = write!(out, "{separator} ");
        }
        math(part, out);
    }
    let _ = write!(out, "{}) ", signs(element.attribute("close").unwrap_or(")")));
}

fn table(element: &Element, out: &mut String) {
    out.push_str("mat(delim: #none, ");
    for row in element.elements() {
        let cells: Vec<_> = row.elements().map(source).collect();
        let _ = write!(out, "{}; ", or_nothing(&cells.join(", ")));
    }
    out.push_str(") ");
}
