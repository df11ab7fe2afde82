//! A small XML tree: what the typed model is read from and printed to.
//!
//! Safe by construction: a document type declaration that declares anything is refused and one that only names a DTD is
//! passed over unread (so there are no entities, internal or external, to expand; `&nbsp;` and the other names of HTML
//! stand for single signs), depth, size and node count are limited, and every element knows its line.
//! Comments and processing instructions inside elements are kept; those outside the root are not.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::{resolve_html5_entity, resolve_xml_entity};
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;
use std::fmt::Write as _;

/// Deepest nesting of elements that is read.
pub const MAX_DEPTH: usize = 128;
/// Largest document that is read, in bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Most attributes one element may have; the check for names used twice takes their square.
pub const MAX_ATTRIBUTES: usize = 512;
/// Most nodes (elements and texts) that one document may have.
pub const MAX_NODES: usize = 1_000_000;

/// Most things read leniently that are told of one document.
const MAX_LENIENCIES: usize = 100;

/// The line an element began on, 1-based; 0 where it was made by a program.
///
/// Two lines always compare equal: where a thing stood in its file is not part of what it is, so
/// `parse(print(x)) == x` holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Line(pub u32);

impl PartialEq for Line {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}
impl Eq for Line {}

impl std::fmt::Display for Line {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

/// One attribute, with its name as written (prefix included).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Name with its prefix, for instance `xml:lang`.
    pub name: String,
    /// Value with entities resolved.
    pub value: String,
}

/// An element with its attributes and children.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// Name with its prefix, as written.
    pub name: String,
    /// Attributes in document order.
    pub attributes: Vec<Attribute>,
    /// Children in document order.
    pub children: Vec<Node>,
    /// Where the element began.
    pub line: Line,
}

/// Anything inside an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A child element.
    Element(Element),
    /// Character data with references resolved; CDATA is merged into it.
    Text(String),
    /// A comment, without its marks.
    Comment(String),
    /// A processing instruction, without its marks.
    Instruction(String),
}

/// Why a document could not be read as XML, with the line (1-based).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// Not well-formed.
    #[error("line {line}: not well-formed XML: {message}")]
    IllFormed {
        /// Line of the mistake.
        line: u32,
        /// What the reader says.
        message: String,
    },
    /// A document type declaration with declarations of its own: refused, because entities can read files and exhaust
    /// memory.
    #[error(
        "line {line}: a document type declaration (DOCTYPE) that declares entities or attributes is not allowed; remove \
         it and write characters directly"
    )]
    DocumentType {
        /// Line of the declaration.
        line: u32,
    },
    /// A reference to an entity that neither XML nor HTML defines.
    #[error("line {line}: unknown entity &{entity}; write the character itself or its number")]
    UnknownEntity {
        /// Line of the reference.
        line: u32,
        /// Name of the entity.
        entity: String,
    },
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("line {line}: elements are nested deeper than {MAX_DEPTH}")]
    TooDeep {
        /// Line where the limit was passed.
        line: u32,
    },
    /// Longer than [`MAX_BYTES`] or more than [`MAX_NODES`] nodes.
    #[error("the document is too large ({size}; at most {limit})")]
    TooLarge {
        /// What was found.
        size: usize,
        /// The limit.
        limit: usize,
    },
    /// No element at all.
    #[error("the document has no root element")]
    Empty,
}

impl XmlError {
    /// The line (1-based) the error is about; 1 for the document as a whole.
    #[must_use]
    pub fn line(&self) -> u32 {
        match self {
            Self::IllFormed { line, .. }
            | Self::DocumentType { line }
            | Self::UnknownEntity { line, .. }
            | Self::TooDeep { line } => *line,
            Self::TooLarge { .. } | Self::Empty => 1,
        }
    }
}

/// Counts lines as the reader moves forward, so that the whole costs one pass.
struct LineCounter<'a> {
    bytes: &'a [u8],
    position: usize,
    line: u32,
}

impl LineCounter<'_> {
    fn at(&mut self, position: u64) -> u32 {
        let position = usize::try_from(position).unwrap_or(usize::MAX).min(self.bytes.len());
        if position > self.position {
            let passed = self.bytes[self.position..position].split(|b| *b == b'\n').count() - 1;
            self.line = self.line.saturating_add(u32::try_from(passed).unwrap_or(u32::MAX));
            self.position = position;
        }
        self.line
    }
}

/// Something that was read although XML alone does not allow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leniency {
    /// A document type declaration that only names a DTD; it is not read.
    DocumentType,
    /// An entity that HTML defines and XML does not, by name.
    HtmlEntity(String),
}

/// Reads one document into its root element.
///
/// # Errors
/// [`XmlError`] for anything that is not well-formed, a DOCTYPE that declares something, or a document beyond the limits.
pub fn parse(xml: &str) -> Result<Element, XmlError> {
    read(xml).map(|(root, _)| root)
}

/// As [`parse`], with what was read leniently and its lines.
///
/// # Errors
/// As [`parse`].
pub fn read(xml: &str) -> Result<(Element, Vec<(u32, Leniency)>), XmlError> {
    let xml = xml.strip_prefix('\u{feff}').unwrap_or(xml);
    if xml.len() > MAX_BYTES {
        return Err(XmlError::TooLarge { size: xml.len(), limit: MAX_BYTES });
    }
    let mut reader = Reader::from_str(xml);
    let mut lines = LineCounter { bytes: xml.as_bytes(), position: 0, line: 1 };
    let mut open: Vec<Element> = Vec::new();
    let mut root: Option<Element> = None;
    let mut nodes = 0_usize;
    let mut lenient: Vec<(u32, Leniency)> = Vec::new();
    loop {
        let line = lines.at(reader.buffer_position());
        let event = reader.read_event().map_err(|error| XmlError::IllFormed {
            line: lines.at(reader.error_position()),
            message: error.to_string(),
        })?;
        nodes += 1;
        if nodes > MAX_NODES {
            return Err(XmlError::TooLarge { size: nodes, limit: MAX_NODES });
        }
        match event {
            Event::Start(start) => {
                if open.len() >= MAX_DEPTH {
                    return Err(XmlError::TooDeep { line });
                }
                if open.is_empty() && root.is_some() {
                    return Err(second_root(line));
                }
                open.push(element(&start, line, &mut lenient)?);
            }
            Event::Empty(start) => {
                let element = element(&start, line, &mut lenient)?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(Node::Element(element)),
                    None if root.is_none() => root = Some(element),
                    None => return Err(second_root(line)),
                }
            }
            Event::End(_) => {
                if let Some(element) = open.pop() {
                    match open.last_mut() {
                        Some(parent) => parent.children.push(Node::Element(element)),
                        None => root = Some(element),
                    }
                }
            }
            Event::Text(text) => push_text(&mut open, &text.xml10_content(), line)?,
            Event::CData(text) => push_text(&mut open, &text.xml10_content(), line)?,
            Event::GeneralRef(reference) => {
                let content = reference.xml10_content();
                if reference.is_char_ref() {
                    let character = reference.resolve_char_ref().ok().flatten().filter(|c| is_xml_char(*c));
                    let Some(character) = character else {
                        return Err(XmlError::UnknownEntity { line, entity: content.into_owned() });
                    };
                    push_text(&mut open, character.encode_utf8(&mut [0; 4]), line)?;
                } else {
                    let Some(text) = resolve(&content, line, &mut lenient) else {
                        return Err(XmlError::UnknownEntity { line, entity: content.into_owned() });
                    };
                    push_text(&mut open, text, line)?;
                }
            }
            Event::Comment(text) => {
                only_legal(&text, line)?;
                if let Some(parent) = open.last_mut() {
                    parent.children.push(Node::Comment(text.into_inner().into_owned()));
                }
            }
            Event::PI(instruction) => {
                only_legal(&instruction, line)?;
                if let Some(parent) = open.last_mut() {
                    parent.children.push(Node::Instruction(instruction.into_inner().into_owned()));
                }
            }
            Event::DocType(declaration) if declaration.contains('[') => return Err(XmlError::DocumentType { line }),
            Event::DocType(_) => tell(&mut lenient, line, Leniency::DocumentType),
            Event::Decl(_) => {}
            Event::Eof => break,
        }
    }
    if let Some(unclosed) = open.pop() {
        return Err(XmlError::IllFormed {
            line: unclosed.line.0,
            message: format!("<{}> is never closed", unclosed.name),
        });
    }
    root.map(|root| (root, lenient)).ok_or(XmlError::Empty)
}

/// What an entity stands for, in XML or else in HTML.
fn resolve(entity: &str, line: u32, lenient: &mut Vec<(u32, Leniency)>) -> Option<&'static str> {
    if let Some(text) = resolve_xml_entity(entity) {
        return Some(text);
    }
    let text = resolve_html5_entity(entity)?;
    tell(lenient, line, Leniency::HtmlEntity(entity.to_owned()));
    Some(text)
}

/// Each thing is told once; the hundredth `&nbsp;` says nothing new.
fn tell(lenient: &mut Vec<(u32, Leniency)>, line: u32, found: Leniency) {
    if lenient.len() < MAX_LENIENCIES && !lenient.iter().any(|(_, other)| *other == found) {
        lenient.push((line, found));
    }
}

fn second_root(line: u32) -> XmlError {
    XmlError::IllFormed { line, message: "a second root element".to_owned() }
}

/// Characters XML 1.0 allows (section 2.2, production 2).
pub(crate) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}

/// A text without the characters that XML cannot hold.
pub(crate) fn legal(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_xml_char) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| is_xml_char(*c)).collect())
}

fn only_legal(text: &str, line: u32) -> Result<(), XmlError> {
    text.chars().find(|c| !is_xml_char(*c)).map_or(Ok(()), |bad| {
        let message = format!("the character U+{:04X} is not allowed in XML", u32::from(bad));
        Err(XmlError::IllFormed { line, message })
    })
}

fn push_text(open: &mut [Element], text: &str, line: u32) -> Result<(), XmlError> {
    only_legal(text, line)?;
    match open.last_mut() {
        Some(parent) => {
            if let Some(Node::Text(existing)) = parent.children.last_mut() {
                existing.push_str(text);
            } else if !text.is_empty() {
                parent.children.push(Node::Text(text.to_owned()));
            }
            Ok(())
        }
        None if text.trim().is_empty() => Ok(()),
        None => Err(XmlError::IllFormed { line, message: "text outside the root element".to_owned() }),
    }
}

fn element(start: &BytesStart<'_>, line: u32, lenient: &mut Vec<(u32, Leniency)>) -> Result<Element, XmlError> {
    let name = start.name().as_ref().to_owned();
    if !is_name(&name) {
        return Err(XmlError::IllFormed { line, message: format!("<{name}> is not a name") });
    }
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        if attributes.len() >= MAX_ATTRIBUTES {
            return Err(XmlError::TooLarge { size: attributes.len() + 1, limit: MAX_ATTRIBUTES });
        }
        let attribute = attribute.map_err(|error| XmlError::IllFormed { line, message: error.to_string() })?;
        let value = attribute
            .normalized_value_with(XmlVersion::Explicit1_0, 1, |entity| resolve(entity, line, lenient))
            .map_err(|error| XmlError::IllFormed { line, message: error.to_string() })?;
        only_legal(&value, line)?;
        let name = attribute.key.as_ref();
        if !is_name(name) {
            return Err(XmlError::IllFormed { line, message: format!("{name:?} is not a name") });
        }
        attributes.push(Attribute { name: name.to_owned(), value: value.into_owned() });
    }
    Ok(Element { name, attributes, children: Vec::new(), line: Line(line) })
}

/// Names XML 1.0 allows, told apart by their first character and by marks that would break markup.
pub(crate) fn is_name(name: &str) -> bool {
    let starts_well = name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_' || c == ':');
    starts_well && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.' | '\u{b7}'))
}

impl Element {
    /// An element without attributes or children.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Adds an attribute.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.attributes.push(Attribute { name: name.to_owned(), value: value.into() });
        self
    }

    /// Adds an attribute when there is a value.
    #[must_use]
    pub fn with_some(self, name: &str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds child elements.
    #[must_use]
    pub fn with_children(mut self, children: impl IntoIterator<Item = Element>) -> Self {
        self.children.extend(children.into_iter().map(Node::Element));
        self
    }

    /// Adds one text child.
    #[must_use]
    pub fn with_text(mut self, text: &str) -> Self {
        if !text.is_empty() {
            self.children.push(Node::Text(text.to_owned()));
        }
        self
    }

    /// Name without its prefix.
    #[must_use]
    pub fn local_name(&self) -> &str {
        self.name.rsplit_once(':').map_or(self.name.as_str(), |(_, local)| local)
    }

    /// Value of an attribute by its exact name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.name == name).map(|a| a.value.as_str())
    }

    /// Takes an attribute out, so that what is left are those nobody knows.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let index = self.attributes.iter().position(|a| a.name == name)?;
        Some(self.attributes.remove(index).value)
    }

    /// Child elements in order.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            _ => None,
        })
    }

    /// First child element of a name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// All text below, in order, without markup.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        collect_text(&self.children, &mut out);
        out
    }

    /// Every element below and including this one, in document order.
    pub fn walk(&self, visit: &mut dyn FnMut(&Element)) {
        visit(self);
        for child in self.elements() {
            child.walk(visit);
        }
    }
}

fn collect_text(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) => out.push_str(text),
            Node::Element(element) => collect_text(&element.children, out),
            Node::Comment(_) | Node::Instruction(_) => {}
        }
    }
}

/// Escapes character data.
pub fn escape_text(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A bare carriage return would be read back as a line feed (XML 1.0, section 2.11).
            '\r' => out.push_str("&#13;"),
            _ => out.push(c),
        }
    }
}

/// Escapes an attribute value for double quotes.
pub fn escape_attribute(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            // White space would be normalised to a space on the way in (XML 1.0, section 3.3.3).
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            _ => out.push(c),
        }
    }
}

/// Prints an element. Elements whose children are elements alone are indented; mixed content is left as it is.
#[must_use]
pub fn print(element: &Element) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    print_element(element, 0, true, &mut out);
    out.push('\n');
    out
}

/// Prints an element without declaration and without adding any white space.
#[must_use]
pub fn print_fragment(element: &Element) -> String {
    let mut out = String::new();
    print_element(element, 0, false, &mut out);
    out
}

/// Elements whose white space means nothing, so that they may be indented when printed and stripped when read.
fn is_structural(name: &str) -> bool {
    crate::names::is_structural(name)
}

fn print_element(element: &Element, depth: usize, indent: bool, out: &mut String) {
    out.push('<');
    out.push_str(&element.name);
    for attribute in &element.attributes {
        let _ = write!(out, " {}=\"", attribute.name);
        escape_attribute(&attribute.value, out);
        out.push('"');
    }
    if element.children.is_empty() {
        out.push_str("/>");
        return;
    }
    out.push('>');
    let indent =
        indent && is_structural(&element.name) && !element.children.iter().any(|node| matches!(node, Node::Text(_)));
    for child in &element.children {
        if indent {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", depth + 1));
        }
        match child {
            Node::Element(child) => print_element(child, depth + 1, indent, out),
            Node::Text(text) => escape_text(text, out),
            Node::Comment(text) => {
                let _ = write!(out, "<!--{text}-->");
            }
            Node::Instruction(text) => {
                let _ = write!(out, "<?{text}?>");
            }
        }
    }
    if indent {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    }
    let _ = write!(out, "</{}>", element.name);
}
