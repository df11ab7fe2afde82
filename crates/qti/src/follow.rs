//! Files that name other files of their package: `xi:include`, shared stimuli, pages in an `object`, sections in files
//! of their own, and response processing templates that are no standard ones.
//!
//! Pure: the caller gives the text of a file by its path inside the package. What is not there is left as it is and
//! reported; nothing outside the package is ever asked for.

use crate::check::{Finding, Findings};
use crate::item::{Item, normalise};
use crate::package::resolve;
use crate::processing::read_rules;
use crate::read::ParseError;
use crate::test::{Member, Section, Test};
use crate::xml::{Attribute, Element, Node};

/// Gives the text of a file by its path inside the package; `None` where there is none.
pub type Find<'a> = dyn FnMut(&str) -> Option<String> + 'a;

/// How deep files may name files.
const MAX_DEPTH: usize = 8;
/// How many elements may stand in each other.
const MAX_ELEMENTS: usize = crate::xml::MAX_DEPTH;
/// How many files one document may bring in.
const MAX_FILES: usize = 500;

/// An item with what it needs from other files.
#[derive(Debug, Clone, PartialEq)]
pub struct Followed {
    /// The item; rules of its own template stand in it.
    pub item: Item,
    /// Its stimuli, in order, for [`crate::render::RenderOptions::stimuli`]; their files are named from the item.
    pub stimuli: Vec<Element>,
    /// What could not be followed.
    pub findings: Vec<Finding>,
}

struct Follower<'f, 'a> {
    find: &'f mut Find<'a>,
    left: usize,
    bytes: usize,
    findings: Findings,
}

impl<'f, 'a> Follower<'f, 'a> {
    fn new(find: &'f mut Find<'a>) -> Self {
        Self { find, left: MAX_FILES, bytes: crate::xml::MAX_BYTES, findings: Findings::default() }
    }

    /// The path and text of a file named in a file, or a finding.
    fn file(&mut self, from: &str, href: &str, line: u32, what: &str) -> Option<(String, String)> {
        let path = resolve(from, href);
        let text = match &path {
            Some(path) if self.left > 0 => {
                self.left -= 1;
                (self.find)(path).filter(|text| text.len() <= self.bytes)
            }
            _ => None,
        };
        if let (Some(path), Some(text)) = (path, text) {
            self.bytes -= text.len();
            return Some((path, text));
        }
        self.findings.error(
            "file-missing",
            line,
            format!("<{what}> names {href:?}, which is not in the package, leaves it or is too much"),
            "Put the file into the package, or correct the path.",
        );
        None
    }

    fn tree(&mut self, from: &str, href: &str, line: u32, what: &str) -> Option<(String, Element)> {
        let (path, text) = self.file(from, href, line, what)?;
        match crate::xml::parse(&text) {
            Ok(root) => Some((path, root)),
            Err(error) => {
                self.findings.error(
                    "file-not-read",
                    line,
                    format!("<{what}> names {href:?}, which cannot be read: {error}"),
                    "Correct that file.",
                );
                None
            }
        }
    }

    /// Puts included files in the place of `xi:include`.
    fn include(&mut self, element: &mut Element, path: &str, depth: usize) {
        let mut children = Vec::with_capacity(element.children.len());
        for node in std::mem::take(&mut element.children) {
            match node {
                Node::Element(child) if is_include(&child) => children.extend(self.included(child, path, depth)),
                Node::Element(mut child) => {
                    self.include(&mut child, path, depth);
                    children.push(Node::Element(child));
                }
                other => children.push(other),
            }
        }
        element.children = children;
    }

    fn included(&mut self, element: Element, path: &str, depth: usize) -> Vec<Node> {
        let href = element.attribute("href").unwrap_or("").to_owned();
        let line = element.line.0;
        if depth >= MAX_DEPTH || element.attribute("xpointer").is_some() {
            self.findings.error(
                "include-refused",
                line,
                "an include that points into a file, or files that include each other, are not followed".to_owned(),
                "Include a whole file, or write its content out.",
            );
            return vec![Node::Element(element)];
        }
        let before = self.findings.0.len();
        let found = if element.attribute("parse") == Some("text") {
            self.file(path, &href, line, "xi:include").map(|(_, text)| Node::Text(text))
        } else {
            self.tree(path, &href, line, "xi:include").map(|(inner, mut root)| {
                self.include(&mut root, &inner, depth + 1);
                rebase(&mut root, &inner, path);
                crate::names::unprefix(&mut root);
                root.attributes.retain(|attribute| !crate::item::is_schema_attribute(attribute));
                Node::Element(root)
            })
        };
        if let Some(node) = found {
            return vec![node];
        }
        let fallback = element.elements().find(|child| child.local_name() == "fallback").cloned();
        let Some(mut fallback) = fallback else { return vec![Node::Element(element)] };
        self.findings.0.truncate(before);
        self.include(&mut fallback, path, depth);
        fallback.children
    }
}

/// Pages that stand in an `object`: the way 2.x packages share a text between items.
impl Follower<'_, '_> {
    /// Puts what is on such pages into their objects, so that it is shown with the item. `left` is how many levels
    /// the document may still have.
    fn embed(&mut self, element: &mut Element, path: &str, left: usize) {
        for child in &mut element.children {
            let Node::Element(child) = child else { continue };
            if is_page(child) {
                self.page(child, path, left.saturating_sub(2));
            } else {
                self.embed(child, path, left.saturating_sub(1));
            }
        }
    }

    fn page(&mut self, object: &mut Element, path: &str, left: usize) {
        let href = object.attribute("data").unwrap_or("").to_owned();
        let Some((inner, text)) = self.file(path, &href, object.line.0, "object") else { return };
        let mut page = Element { children: crate::neighbours::html::nodes(&text), ..Element::default() };
        for part in ["html", "body"] {
            if let Some(found) = page.child(part) {
                page = found.clone();
            }
        }
        page.children.retain(|node| !matches!(node, Node::Element(child) if child.name == "head"));
        if depth(&page) > left {
            self.findings.warning(
                "page-too-deep",
                object.line.0,
                format!("{href:?} is nested too deeply to be shown in its place; a link leads to it"),
                "Simplify that page.",
            );
            return;
        }
        rebase(&mut page, &inner, path);
        object.children = page.children;
    }
}

fn depth(element: &Element) -> usize {
    element.elements().map(|child| 1 + depth(child)).max().unwrap_or(0)
}

/// Whether an element is a page of the package.
fn is_page(element: &Element) -> bool {
    let data = element.attribute("data").unwrap_or("").trim();
    let path = data.split(['?', '#']).next().unwrap_or("").to_ascii_lowercase();
    element.name == "object"
        && is_inside(data)
        && match element.attribute("type").map(str::trim) {
            Some(kind) => matches!(kind.to_ascii_lowercase().as_str(), "text/html" | "application/xhtml+xml"),
            None => [".html", ".htm", ".xhtml"].iter().any(|ending| path.ends_with(ending)),
        }
}

fn is_include(element: &Element) -> bool {
    element.local_name() == "include"
        && (element.name == "xi:include"
            || element.attributes.iter().any(|a| a.name.starts_with("xmlns") && a.value.ends_with("/XInclude")))
}

/// The path of a file as another file names it.
fn relative(path: &str, from: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    let folders = from.len() - 1;
    let same = from[..folders].iter().zip(&path[..path.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", folders - same);
    up.chain(path[same..].iter().copied()).collect::<Vec<_>>().join("/")
}

/// Whether an attribute names a file of the package.
fn names_file(element: &Element, attribute: &Attribute) -> bool {
    let named = match attribute.name.as_str() {
        "src" | "data" | "href" | "poster" | "template-location" => true,
        "primary-path" | "fallback-path" | "primary-configuration" | "secondary-configuration" => true,
        "template" => element.name == "qti-response-processing",
        _ => false,
    };
    named && is_inside(&attribute.value)
}

/// Whether an address is a path, and no address of a server, of a place in the document or of the data themselves.
fn is_inside(address: &str) -> bool {
    let address = address.trim();
    !address.is_empty() && !address.contains(':') && !address.starts_with(['#', '/'])
}

/// The files that a document names, as it names them, each once.
#[must_use]
pub fn files(root: &Element) -> Vec<String> {
    let mut files = Vec::new();
    let mut add = |address: &str| {
        if is_inside(address) {
            files.push(address.trim().to_owned());
        }
    };
    root.walk(&mut |element| {
        for attribute in &element.attributes {
            match attribute.name.as_str() {
                // A list of pictures, each with its width or density.
                "srcset" => attribute.value.split(',').for_each(|one| add(one.split_whitespace().next().unwrap_or(""))),
                _ if names_file(element, attribute) => add(&attribute.value),
                _ => {}
            }
        }
        if holds_path(element) {
            add(&element.text());
        }
    });
    files.sort();
    files.dedup();
    files
}

/// Whether an element's text is the path of a file.
fn holds_path(element: &Element) -> bool {
    element.name.ends_with("file-href") || element.name == "fileHref"
}

/// Rewrites the paths in a tree that stood in one file for the file it is put into.
fn rebase(element: &mut Element, was: &str, now: &str) {
    let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    if folder(was) == folder(now) {
        return;
    }
    let moved = |address: &str| {
        let path = is_inside(address).then(|| resolve(was, address)).flatten();
        path.map_or_else(|| address.to_owned(), |path| relative(&path, now))
    };
    let names: Vec<bool> = element.attributes.iter().map(|attribute| names_file(element, attribute)).collect();
    for (attribute, names) in element.attributes.iter_mut().zip(names) {
        if names {
            attribute.value = moved(&attribute.value);
        } else if attribute.name == "srcset" {
            let one = |one: &str| match one.trim().split_once(char::is_whitespace) {
                Some((address, width)) => format!("{} {}", moved(address), width.trim()),
                None => moved(one.trim()),
            };
            attribute.value = attribute.value.split(',').map(one).collect::<Vec<_>>().join(", ");
        }
    }
    if holds_path(element) {
        let text = element.text();
        if let Some(path) = resolve(was, text.trim()) {
            element.children = vec![Node::Text(relative(&path, now))];
        }
    }
    for child in &mut element.children {
        if let Node::Element(child) = child {
            rebase(child, was, now);
        }
    }
}

/// Reads an item and follows what it names. `path` is the item's own path inside the package.
///
/// # Errors
/// [`ParseError`] for the item itself; files it names that cannot be read are findings.
pub fn item(xml: &str, path: &str, find: &mut Find<'_>) -> Result<Followed, ParseError> {
    let mut follower = Follower::new(find);
    let mut root = crate::xml::parse(xml)?;
    follower.include(&mut root, path, 0);
    let mut item = Item::read(root)?;
    if let Some(body) = &mut item.body {
        follower.embed(body, path, MAX_ELEMENTS - 1);
    }
    let mut stimuli = Vec::new();
    for reference in item.before_body.iter().filter(|element| element.name == "qti-assessment-stimulus-ref") {
        let (line, href) = (reference.line.0, reference.attribute("href").unwrap_or(""));
        let Some((inner, mut root)) = follower.tree(path, href, line, &reference.name) else { continue };
        follower.include(&mut root, &inner, 1);
        normalise(&mut root);
        follower.embed(&mut root, &inner, MAX_ELEMENTS);
        rebase(&mut root, &inner, path);
        if root.name == "qti-assessment-stimulus" {
            stimuli.push(root);
        } else {
            follower.findings.error(
                "stimulus-expected",
                line,
                format!("{href:?} holds <{}>, not a stimulus", root.name),
                "Name a file with <qti-assessment-stimulus>.",
            );
        }
    }
    template(&mut item, path, &mut follower)?;
    Ok(Followed { item, stimuli, findings: follower.findings.0 })
}

/// Rules of a response processing template in a file of the package.
fn template(item: &mut Item, path: &str, follower: &mut Follower<'_, '_>) -> Result<(), ParseError> {
    let Some(processing) = &mut item.response_processing else { return Ok(()) };
    if !processing.rules.is_empty() || crate::score::template_rules(processing).is_ok() {
        return Ok(());
    }
    let location = processing.extra.iter().find(|a| a.name == "template-location").map(|a| a.value.clone());
    let named = processing.template.clone().into_iter().chain(location).find(|href| !href.contains(':'));
    let Some(href) = named else { return Ok(()) };
    let line = processing.line.0;
    let Some((inner, mut root)) = follower.tree(path, &href, line, "qti-response-processing") else { return Ok(()) };
    follower.include(&mut root, &inner, 1);
    normalise(&mut root);
    if root.name == "qti-response-processing" {
        processing.rules = read_rules(&root)?;
    }
    Ok(())
}

/// Reads a test and puts sections from other files in the place of their references. Branch rules see a section by the
/// identifier of its reference. Files that its items are in are named from the test.
///
/// # Errors
/// [`ParseError`] for the test itself; sections that cannot be read are findings and stay references.
pub fn test(xml: &str, path: &str, find: &mut Find<'_>) -> Result<(Test, Vec<Finding>), ParseError> {
    let mut follower = Follower::new(find);
    let mut root = crate::xml::parse(xml)?;
    follower.include(&mut root, path, 0);
    let mut test = crate::test::read_test(root)?;
    for part in &mut test.parts {
        sections(&mut part.members, path, 0, &mut follower);
    }
    Ok((test, follower.findings.0))
}

fn sections(members: &mut [Member], path: &str, depth: usize, follower: &mut Follower<'_, '_>) {
    for member in members {
        match member {
            Member::Section(section) => sections(&mut section.members, path, depth, follower),
            Member::Item(_) => {}
            Member::Reference(reference) => {
                let (line, href) = (reference.common.line.0, reference.href.clone());
                if depth >= MAX_DEPTH {
                    follower.findings.error(
                        "section-too-deep",
                        line,
                        format!("the section {} is in files that name each other", reference.identifier),
                        "Break the circle.",
                    );
                    continue;
                }
                let name = "qti-assessment-section-ref";
                let Some((inner, mut root)) = follower.tree(path, &href, line, name) else { continue };
                follower.include(&mut root, &inner, depth + 1);
                rebase(&mut root, &inner, path);
                match crate::test::read_section(root) {
                    Ok(mut section) => {
                        // Paths in it are now seen from the test.
                        sections(&mut section.members, path, depth + 1, follower);
                        adopt(&mut section, reference);
                        *member = Member::Section(Box::new(section));
                    }
                    Err(error) => follower.findings.error(
                        "section-not-read",
                        line,
                        format!("the section in {href:?} cannot be read: {error}"),
                        "Correct that file.",
                    ),
                }
            }
        }
    }
}

/// What a reference says of the section it stands for.
fn adopt(section: &mut Section, reference: &crate::test::SectionRef) {
    section.identifier.clone_from(&reference.identifier);
    section.required |= reference.required;
    section.fixed |= reference.fixed;
    let common = &mut section.common;
    common.pre_conditions.splice(0..0, reference.common.pre_conditions.iter().cloned());
    common.branch_rules.splice(0..0, reference.common.branch_rules.iter().cloned());
    common.control = common.control.within(&reference.common.control);
    if common.time_limits.is_none() {
        common.time_limits.clone_from(&reference.common.time_limits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_another_file() {
        assert_eq!(relative("a/b/c.png", "a/i.xml"), "b/c.png");
        assert_eq!(relative("a/c.png", "a/b/i.xml"), "../c.png");
        assert_eq!(relative("c.png", "i.xml"), "c.png");
        assert_eq!(relative("x/c.png", "a/b/i.xml"), "../../x/c.png");
    }
}
