//! `object`: what is in a file that HTML has no element of its own for, or one that depends on the kind of file.

use super::{Page, sanitise};
use crate::xml::{Element, Node};

/// What a browser makes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    Picture,
    Sound,
    Film,
    /// Something that is opened, not shown in its place.
    Other,
}

/// The kind of an object's file: by its media type, or by its name where no type is given.
pub(super) fn media(element: &Element) -> Media {
    let kind = element.attribute("type").unwrap_or("").trim().to_ascii_lowercase();
    let file = element.attribute("data").unwrap_or("").split(['?', '#']).next().unwrap_or("").to_ascii_lowercase();
    let ending = file.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, ending)| ending);
    match kind.split_once('/') {
        Some(("audio", _)) => Media::Sound,
        Some(("video", _)) => Media::Film,
        // Pictures of print shops and drawing programs are no pictures to a browser.
        Some(("image", "eps" | "x-eps" | "tiff" | "x-tiff" | "x-photoshop" | "vnd.dwg" | "vnd.dxf")) => Media::Other,
        Some(("image", _)) => Media::Picture,
        Some(_) => Media::Other,
        None => match ending {
            "mp3" | "m4a" | "oga" | "ogg" | "wav" | "aac" | "flac" | "opus" => Media::Sound,
            "mp4" | "m4v" | "ogv" | "webm" | "mov" => Media::Film,
            "htm" | "html" | "xhtml" | "pdf" | "swf" | "eps" | "tif" | "tiff" | "txt" | "xml" => Media::Other,
            _ => Media::Picture,
        },
    }
}

/// What an object says of itself: its label, its content in words, its title.
pub(super) fn words(page: &Page<'_>, element: &Element) -> String {
    let own = |name: &str| element.attribute(name).map(str::trim).filter(|words| !words.is_empty());
    if let Some(words) = own("aria-label") {
        return words.to_owned();
    }
    let mut text = String::new();
    page.plain(element, &mut text);
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.is_empty() { own("title").unwrap_or("").to_owned() } else { folded }
}

/// Whether there are elements in it that are shown where the file is not.
fn has_parts(element: &Element) -> bool {
    element.elements().any(|child| child.name != "param")
}

impl Page<'_> {
    /// `object` by its kind of file: pictures, sounds and films become their own elements. Of others the content
    /// stands in their place, as HTML has it; where that is words alone, they lead to the file.
    pub(super) fn object(&mut self, element: &Element) {
        let data = element.attribute("data").unwrap_or("");
        let attribute = |name: &str| element.attribute(name).unwrap_or("");
        let id = match attribute("id") {
            "" => String::new(),
            id => format!("{}-own-{id}", self.options.id_prefix),
        };
        let kind = media(element);
        let address = match kind {
            Media::Picture => sanitise::picture(data, &self.options.asset_base),
            _ => sanitise::address(data, &self.options.asset_base),
        };
        let common = [
            ("id", id.as_str()),
            ("class", attribute("class")),
            ("lang", attribute("xml:lang")),
            ("dir", attribute("dir")),
            ("width", attribute("width")),
            ("height", attribute("height")),
        ];
        match (kind, address) {
            (Media::Picture, Some(address)) => {
                let alt = words(self, element);
                let mut attributes = vec![("src", address.as_str()), ("alt", alt.as_str())];
                attributes.extend(common);
                self.open("img", &attributes);
            }
            (Media::Sound | Media::Film, Some(address)) => {
                let tag = if kind == Media::Sound { "audio" } else { "video" };
                let mut attributes = vec![("src", address.as_str()), ("controls", "controls")];
                attributes.push(("aria-label", attribute("aria-label")));
                attributes.extend(common);
                self.open(tag, &attributes);
                self.nodes(&element.children);
                self.close(tag);
            }
            _ if has_parts(element) => self.nodes(&element.children),
            _ => {
                let words = words(self, element);
                let Some(address) = sanitise::link(data, &self.options.asset_base) else {
                    self.text(&words);
                    return;
                };
                self.open("a", &[("href", &address), ("target", "_blank"), ("rel", "noopener"), common[0]]);
                self.text(if words.is_empty() { data } else { &words });
                self.close("a");
            }
        }
    }
}

/// The files that a sound or a film can be played from, in the author's order.
fn sources(element: &Element) -> impl Iterator<Item = &str> {
    let own = element.attribute("src").into_iter();
    own.chain(element.elements().filter(|child| child.name == "source").filter_map(|child| child.attribute("src")))
}

impl Page<'_> {
    /// Whether a sound or a film has files on other servers alone.
    pub(super) fn is_elsewhere(&self, element: &Element) -> bool {
        sources(element).any(|source| source.trim().to_ascii_lowercase().starts_with("https://"))
            && !sources(element).any(|source| sanitise::address(source, &self.options.asset_base).is_some())
    }

    /// A link to the first of them: nothing is loaded before somebody asks for it.
    pub(super) fn link_elsewhere(&mut self, element: &Element) {
        let Some(address) = sources(element).find_map(|source| sanitise::link(source, &self.options.asset_base)) else {
            return;
        };
        let words = words(self, element);
        self.open("a", &[("href", &address), ("target", "_blank"), ("rel", "noopener")]);
        self.text(if words.is_empty() { &address } else { &words });
        self.close("a");
    }
}

/// The nearest picture of an object: its own, or one in its content.
pub(super) fn picture(element: &Element) -> Option<&Element> {
    if element.name == "object" {
        if media(element) == Media::Picture {
            return Some(element);
        }
        return element.children.iter().find_map(|node| match node {
            Node::Element(child) => picture(child),
            _ => None,
        });
    }
    if element.name == "img" { Some(element) } else { element.elements().find_map(picture) }
}
