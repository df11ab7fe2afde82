//! HTML as people and editors write it, into nodes: unclosed and crossed tags, bare ampersands, entities.

use crate::xml::{Attribute, Element, MAX_DEPTH, Node, is_xml_char};
use quick_xml::escape::resolve_html5_entity;
use std::borrow::Cow;

const VOID: [&str; 14] =
    ["br", "hr", "img", "col", "source", "track", "wbr", "input", "meta", "link", "base", "param", "area", "embed"];

/// Elements that end an open paragraph.
const BLOCK: [&str; 14] =
    ["p", "div", "ul", "ol", "li", "table", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"];

/// Reads a piece of HTML. Nothing is refused: what cannot be a tag is text.
#[must_use]
pub fn nodes(html: &str) -> Vec<Node> {
    let mut open: Vec<Element> = vec![Element::default()];
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text(&mut open, &rest[..at]);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let Some((tag, after)) = tag(rest) else {
            text(&mut open, "<");
            rest = &rest[1..];
            continue;
        };
        rest = after;
        match tag {
            Tag::Open(element, closed) => {
                // Script and style hold no markup; they go with all they hold.
                if matches!(element.name.as_str(), "script" | "style") {
                    let end = format!("</{}", element.name);
                    let lower = rest.to_ascii_lowercase();
                    rest = lower.find(&end).map_or("", |at| rest[at..].split_once('>').map_or("", |(_, after)| after));
                    continue;
                }
                if BLOCK.contains(&element.name.as_str()) && open.last().is_some_and(|e| e.name == "p") {
                    close(&mut open);
                }
                if closed || VOID.contains(&element.name.as_str()) || open.len() >= MAX_DEPTH {
                    push(&mut open, Node::Element(element));
                } else {
                    open.push(element);
                }
            }
            Tag::Close(name) => {
                if open.iter().skip(1).any(|element| element.name == name) {
                    while open.len() > 1 {
                        let found = open.last().is_some_and(|element| element.name == name);
                        close(&mut open);
                        if found {
                            break;
                        }
                    }
                }
            }
            Tag::Other => {}
        }
    }
    text(&mut open, rest);
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().map(|root| root.children).unwrap_or_default()
}

/// Longest name of an entity with its marks (`&CounterClockwiseContourIntegral;`).
const MAX_ENTITY: usize = 34;

enum Tag {
    Open(Element, bool),
    Close(String),
    Other,
}

fn push(open: &mut [Element], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(node);
    }
}

fn close(open: &mut Vec<Element>) {
    if let Some(element) = open.pop() {
        push(open, Node::Element(element));
    }
}

fn text(open: &mut [Element], raw: &str) {
    if raw.is_empty() {
        return;
    }
    let text = entities(raw);
    if let Some(parent) = open.last_mut() {
        if let Some(Node::Text(before)) = parent.children.last_mut() {
            before.push_str(&text);
        } else {
            parent.children.push(Node::Text(text));
        }
    }
}

/// A tag at the start of a text, and what follows it.
fn tag(text: &str) -> Option<(Tag, &str)> {
    let inner = text.strip_prefix('<')?;
    if let Some(declaration) = inner.strip_prefix(['!', '?']) {
        return Some((Tag::Other, declaration.split_once('>').map_or("", |(_, after)| after)));
    }
    let (closing, inner) = match inner.strip_prefix('/') {
        Some(inner) => (true, inner),
        None => (false, inner),
    };
    let length = inner.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ':' | '-'))).unwrap_or(inner.len());
    let name = inner[..length].to_ascii_lowercase();
    if !crate::xml::is_name(&name) {
        return None;
    }
    let mut rest = &inner[length..];
    let mut element = Element::new(&name);
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>") {
            return Some((if closing { Tag::Close(name) } else { Tag::Open(element, true) }, after));
        }
        if let Some(after) = rest.strip_prefix('>') {
            return Some((if closing { Tag::Close(name) } else { Tag::Open(element, false) }, after));
        }
        if rest.is_empty() {
            return None;
        }
        if let Some(after) = rest.strip_prefix('/') {
            rest = after;
            continue;
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/')).unwrap_or(rest.len());
        let key = rest[..end].to_ascii_lowercase();
        if end == 0 {
            // A stray equals sign or quote.
            let mut characters = rest.chars();
            characters.next();
            rest = characters.as_str();
            continue;
        }
        rest = rest[end..].trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (raw, after) = if let Some(quote) = quote {
                after[1..].split_once(quote)?
            } else {
                let end = after.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(after.len());
                after.split_at(end)
            };
            value = entities(raw);
            rest = after;
        }
        if crate::xml::is_name(&key) && element.attribute(&key).is_none() {
            element.attributes.push(Attribute { name: key, value });
        }
    }
}

/// Resolves entities; what is none stays as it is written.
pub(super) fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.char_indices().take(MAX_ENTITY).find(|(_, c)| *c == ';').map(|(index, _)| index);
        let signs = end.and_then(|end| entity(&rest[1..end]));
        if let (Some(signs), Some(end)) = (signs, end) {
            out.push_str(&signs);
            rest = &rest[end + 1..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out.retain(|c| is_xml_char(c) && (matches!(c, '\t' | '\n') || !c.is_control()));
    out
}

fn entity(name: &str) -> Option<Cow<'static, str>> {
    let Some(number) = name.strip_prefix('#') else { return resolve_html5_entity(name).map(Cow::Borrowed) };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).filter(|c| !c.is_control()).map(|c| Cow::Owned(c.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::print_fragment;

    fn shown(html: &str) -> String {
        print_fragment(&Element { name: "x".to_owned(), children: nodes(html), ..Element::default() })
    }

    #[test]
    fn html_of_editors_becomes_well_formed() {
        for (html, expected) in [
            ("a <b>b", "<x>a <b>b</b></x>"),
            ("<p>one<p>two", "<x><p>one</p><p>two</p></x>"),
            ("a<br>b", "<x>a<br/>b</x>"),
            ("<b><i>x</b>y</i>", "<x><b><i>x</i></b>y</x>"),
            ("1 < 2 &amp; 3 & 4 &nbsp;", "<x>1 &lt; 2 &amp; 3 &amp; 4 \u{a0}</x>"),
            ("<img src=a.png alt='x \"y\"'>", "<x><img src=\"a.png\" alt=\"x &quot;y&quot;\"/></x>"),
            ("<script>if (a<b) {}</script>z", "<x>z</x>"),
            ("</p>x<", "<x>x&lt;</x>"),
            ("<!-- c --><?php ?>t", "<x>t</x>"),
            ("<a b", "<x>&lt;a b</x>"),
        ] {
            assert_eq!(shown(html), expected, "{html}");
        }
    }
}
