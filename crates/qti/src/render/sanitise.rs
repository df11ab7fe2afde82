//! Allow-lists: which elements and attributes of an item reach a page.

use crate::xml::{Element, Node, escape_attribute, escape_text};

/// An allowed HTML element.
#[derive(Debug, Clone, Copy)]
pub struct Tag {
    /// Name, in lower case.
    pub name: &'static str,
    /// Attributes beyond those every element may have.
    attributes: &'static [&'static str],
    /// Whether it has no end tag.
    pub void: bool,
}

const fn plain(name: &'static str) -> Tag {
    Tag { name, attributes: &[], void: false }
}

const fn with(name: &'static str, attributes: &'static [&'static str]) -> Tag {
    Tag { name, attributes, void: false }
}

const fn void(name: &'static str, attributes: &'static [&'static str]) -> Tag {
    Tag { name, attributes, void: true }
}

/// HTML elements an item may use, sorted by name.
const TAGS: &[Tag] = &[
    with("a", &["href"]),
    plain("abbr"),
    plain("acronym"),
    plain("address"),
    plain("article"),
    plain("aside"),
    with("audio", &["src", "controls"]),
    plain("b"),
    with("bdi", &["dir"]),
    with("bdo", &["dir"]),
    plain("big"),
    with("blockquote", &["cite"]),
    void("br", &[]),
    plain("caption"),
    plain("cite"),
    plain("code"),
    void("col", &["span"]),
    with("colgroup", &["span"]),
    plain("dd"),
    with("details", &["open"]),
    plain("dfn"),
    plain("div"),
    plain("dl"),
    plain("dt"),
    plain("em"),
    plain("figcaption"),
    plain("figure"),
    plain("footer"),
    plain("h1"),
    plain("h2"),
    plain("h3"),
    plain("h4"),
    plain("h5"),
    plain("h6"),
    plain("header"),
    void("hr", &[]),
    plain("i"),
    void("img", &["src", "alt", "width", "height", "longdesc"]),
    plain("kbd"),
    with("label", &[]),
    with("li", &["value"]),
    plain("mark"),
    plain("nav"),
    with("ol", &["start", "type", "reversed"]),
    plain("p"),
    plain("picture"),
    plain("pre"),
    with("q", &["cite"]),
    plain("rb"),
    plain("rp"),
    plain("rt"),
    plain("rtc"),
    plain("ruby"),
    plain("s"),
    plain("samp"),
    plain("section"),
    plain("small"),
    void("source", &["src", "srcset", "type", "media"]),
    plain("span"),
    plain("strong"),
    plain("sub"),
    plain("summary"),
    plain("sup"),
    with("table", &["summary"]),
    plain("tbody"),
    with("td", &["colspan", "rowspan", "headers"]),
    plain("tfoot"),
    with("th", &["colspan", "rowspan", "headers", "scope", "abbr"]),
    plain("thead"),
    with("time", &["datetime"]),
    plain("tr"),
    void("track", &["src", "kind", "srclang", "label", "default"]),
    plain("tt"),
    plain("u"),
    plain("ul"),
    plain("var"),
    with("video", &["src", "controls", "width", "height", "poster"]),
];

/// Attributes every element may have.
const GLOBAL: &[&str] = &["class", "id", "lang", "title", "dir", "role"];

/// Presentation `MathML` (and the annotations' container), sorted by name.
const MATH: &[&str] = &[
    "annotation",
    "maction",
    "math",
    "menclose",
    "merror",
    "mfenced",
    "mfrac",
    "mi",
    "mlabeledtr",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "ms",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "none",
    "semantics",
];

/// Attributes of `MathML` that only change how it looks or how it is read aloud.
const MATH_ATTRIBUTES: &[&str] = &[
    "accent",
    "accentunder",
    "align",
    "alttext",
    "bevelled",
    "class",
    "close",
    "columnalign",
    "columnlines",
    "columnspacing",
    "columnspan",
    "denomalign",
    "depth",
    "dir",
    "display",
    "displaystyle",
    "encoding",
    "equalcolumns",
    "equalrows",
    "fence",
    "form",
    "frame",
    "framespacing",
    "height",
    "indentalign",
    "intent",
    "largeop",
    "length",
    "linebreak",
    "linethickness",
    "lquote",
    "lspace",
    "mathbackground",
    "mathcolor",
    "mathsize",
    "mathvariant",
    "maxsize",
    "minlabelspacing",
    "minsize",
    "movablelimits",
    "notation",
    "numalign",
    "open",
    "rowalign",
    "rowlines",
    "rowspacing",
    "rowspan",
    "rquote",
    "rspace",
    "scriptlevel",
    "separator",
    "separators",
    "stretchy",
    "subscriptshift",
    "superscriptshift",
    "symmetric",
    "voffset",
    "width",
];

/// The allowed element of a name.
#[must_use]
pub fn tag(name: &str) -> Option<&'static Tag> {
    TAGS.binary_search_by(|tag| tag.name.cmp(name)).ok().and_then(|index| TAGS.get(index))
}

/// Elements that go with everything inside them; of other unknown ones the content stays.
#[must_use]
pub fn is_dangerous(name: &str) -> bool {
    matches!(
        name.rsplit(':').next().unwrap_or(name),
        "script"
            | "style"
            | "iframe"
            | "frame"
            | "embed"
            | "applet"
            | "form"
            | "input"
            | "button"
            | "select"
            | "textarea"
            | "option"
            | "link"
            | "meta"
            | "base"
            | "template"
            | "svg"
            | "noscript"
            | "object"
            | "param"
            | "title"
            | "head"
    )
}

/// Whether an element that nobody knows is for a program and not for readers: it names a response, an outcome or a
/// choice. What stands in it (rationales, keys) is left out with it.
#[must_use]
pub fn is_for_programs(element: &Element) -> bool {
    let names = |name: &str| {
        matches!(
            name,
            "identifier"
                | "responseIdentifier"
                | "response-identifier"
                | "outcomeIdentifier"
                | "outcome-identifier"
                | "identifierRef"
                | "identifier-ref"
        )
    };
    crate::support::find(&element.name).is_none() && element.attributes.iter().any(|attribute| names(&attribute.name))
}

/// What QTI elements carry over to the element that shows them: id, language, direction, and what assistive
/// technology is told.
#[must_use]
pub fn marks(element: &Element, id_prefix: &str) -> Vec<(String, String)> {
    const ANY: Tag = plain("div");
    let mut out = attributes(&ANY, element, "", id_prefix);
    out.retain(|(name, value)| {
        !value.is_empty() && (matches!(name.as_str(), "id" | "lang" | "dir") || name.starts_with("aria-"))
    });
    out
}

/// The attributes of an element that may pass, with addresses resolved and ids prefixed.
#[must_use]
pub fn attributes(tag: &Tag, element: &Element, asset_base: &str, id_prefix: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for attribute in &element.attributes {
        let lower = attribute.name.to_ascii_lowercase();
        let name = match attribute.name.as_str() {
            "xml:lang" => "lang",
            // HTML does not mind capitals, and authors write `aria-describedBy`.
            _ if lower.starts_with("aria-") => lower.as_str(),
            name => name,
        };
        if out.iter().any(|(existing, _)| existing == name) {
            continue;
        }
        let aria = name
            .strip_prefix("aria-")
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_lowercase()));
        if !(GLOBAL.contains(&name) || tag.attributes.contains(&name) || aria) {
            continue;
        }
        let value = match name {
            // Inside the item ids have a prefix.
            "href" if attribute.value.trim().starts_with('#') => {
                let id = attribute.value.trim().trim_start_matches('#');
                if id.is_empty() {
                    continue;
                }
                format!("#{id_prefix}-own-{id}")
            }
            "href" => match link(&attribute.value, asset_base) {
                Some(value) => value,
                None => continue,
            },
            "src" if tag.name == "img" => match picture(&attribute.value, asset_base) {
                Some(value) => value,
                None => continue,
            },
            // One address; a list of them for several screens is left to the picture itself.
            "src" | "srcset" | "poster" | "longdesc" | "cite" => match address(&attribute.value, asset_base) {
                Some(value) => value,
                None => continue,
            },
            "id" | "headers" | "aria-labelledby" | "aria-describedby" | "aria-controls" | "aria-owns"
            | "aria-details" => attribute
                .value
                .split_whitespace()
                .map(|id| format!("{id_prefix}-own-{id}"))
                .collect::<Vec<_>>()
                .join(" "),
            // In HTML they hold by being there, in XML by their value.
            "controls" | "reversed" | "default" | "open" if attribute.value == "false" => continue,
            "controls" | "reversed" | "default" | "open" => name.to_owned(),
            _ => attribute.value.clone(),
        };
        out.push((name.to_owned(), value));
    }
    if tag.name == "img" && !out.iter().any(|(name, _)| name == "alt") {
        out.push(("alt".to_owned(), String::new()));
    }
    if matches!(tag.name, "audio" | "video") && !out.iter().any(|(name, _)| name == "controls") {
        out.push(("controls".to_owned(), "controls".to_owned()));
    }
    out
}

/// The address of a picture, sound or film: relative ones below the base and pictures inside the text.
/// Addresses of other servers are refused, because a page that loads them tells them who sits a test.
#[must_use]
pub fn address(text: &str, asset_base: &str) -> Option<String> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    if ["data:image/png;", "data:image/jpeg;", "data:image/gif;", "data:image/webp;"]
        .iter()
        .any(|kind| lower.starts_with(kind))
    {
        return Some(text.to_owned());
    }
    if text.is_empty() || text.chars().any(|c| c.is_control() || c == '\\') {
        return None;
    }
    let before_path = lower.split(['/', '?', '#']).next().unwrap_or("");
    if before_path.contains(':') || text.starts_with('/') {
        return None;
    }
    let path = text.split(['?', '#']).next().unwrap_or("");
    let decoded = path.to_ascii_lowercase().replace("%2e", ".").replace("%2f", "/").replace("%5c", "\\");
    let mut depth = 0_i32;
    for part in decoded.split(['/', '\\']) {
        match part {
            ".." => depth -= 1,
            "" | "." => {}
            _ => depth += 1,
        }
        // Items in folders reach shared files by `../`; the server that owns the base decides how far. With a
        // base of its own nothing may leave it.
        if depth < 0 && !asset_base.is_empty() {
            return None;
        }
    }
    Some(format!("{asset_base}{text}"))
}

/// The address of a picture that is only looked at: as [`address`], and drawings inside the text, for in a picture nothing
/// of a drawing runs and nothing it names is loaded.
#[must_use]
pub fn picture(text: &str, asset_base: &str) -> Option<String> {
    let text = text.trim();
    let drawing =
        text.get(.."data:image/svg+xml".len()).is_some_and(|start| start.eq_ignore_ascii_case("data:image/svg+xml"));
    if drawing && !text.chars().any(char::is_control) { Some(text.to_owned()) } else { address(text, asset_base) }
}

/// Whether an address names a file of another server.
pub fn is_of_the_web(address: &str) -> bool {
    let lower = address.trim().to_ascii_lowercase();
    ["https://", "http://", "//"].iter().any(|start| lower.starts_with(start))
}

/// A link: to a file of the item, or to the web by https.
pub(super) fn link(text: &str, asset_base: &str) -> Option<String> {
    let text = text.trim();
    if text.starts_with('#') {
        return None;
    }
    if text.to_ascii_lowercase().starts_with("https://") {
        return Some(text.to_owned());
    }
    address(text, asset_base)
}

/// Writes `MathML` that may pass, without prefixes.
pub fn math(element: &Element, out: &mut String) {
    let local = element.local_name();
    if local == "annotation-xml" || is_dangerous(local) {
        return;
    }
    let allowed = MATH.binary_search(&local).is_ok();
    if allowed {
        out.push('<');
        out.push_str(local);
        if local == "math" {
            out.push_str(" xmlns=\"http://www.w3.org/1998/Math/MathML\"");
        }
        for attribute in &element.attributes {
            if MATH_ATTRIBUTES.binary_search(&attribute.name.as_str()).is_ok() {
                out.push(' ');
                out.push_str(&attribute.name);
                out.push_str("=\"");
                escape_attribute(&attribute.value, out);
                out.push('"');
            }
        }
        out.push('>');
    }
    for child in &element.children {
        match child {
            Node::Text(text) => escape_text(text, out),
            Node::Element(child) => math(child, out),
            Node::Comment(_) | Node::Instruction(_) => {}
        }
    }
    if allowed {
        out.push_str("</");
        out.push_str(local);
        out.push('>');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_so_that_they_can_be_searched() {
        assert!(TAGS.windows(2).all(|w| w[0].name < w[1].name));
        assert!(MATH.windows(2).all(|w| w[0] < w[1]));
        assert!(MATH_ATTRIBUTES.windows(2).all(|w| w[0] < w[1]));
    }

    #[test]
    fn addresses_stay_inside() {
        assert_eq!(address("images/a.png", "/i/1/"), Some("/i/1/images/a.png".to_owned()));
        for bad in [
            "javascript:alert(1)",
            " JaVaScript:alert(1)",
            "java\nscript:alert(1)",
            "//evil.example/x.png",
            "http://evil.example/x.png",
            "/etc/passwd",
            "../../secret.png",
            "a/%2e%2e/%2e%2e/secret.png",
            "data:text/html;base64,AAAA",
            "data:image/svg+xml;base64,AAAA",
            "\\\\server\\share",
        ] {
            assert_eq!(address(bad, "/i/1/"), None, "{bad}");
        }
    }
}
