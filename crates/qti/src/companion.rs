//! Companion materials: what a person may use beside an item (information model 3.0, "Companion Materials Info").

use crate::item::Item;
use crate::xml::Element;

/// One material.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Material<'a> {
    /// A calculator of a kind (`basic`, `standard`, `scientific`, `graphing`), with a file of its own or without.
    Calculator {
        /// Its kind.
        kind: &'a str,
        /// The element it was read from.
        element: &'a Element,
    },
    /// A ruler.
    Rule(&'a Element),
    /// A protractor.
    Protractor(&'a Element),
    /// A file to look at.
    Digital(&'a Element),
    /// A thing to have at hand.
    Physical(&'a Element),
}

/// Kinds of calculators.
pub const CALCULATORS: [&str; 4] = ["basic", "standard", "scientific", "graphing"];

fn kind_of(element: &Element) -> &str {
    element
        .child("qti-calculator-type")
        .and_then(|child| child.children.first())
        .and_then(|node| match node {
            crate::xml::Node::Text(text) => Some(text.trim()),
            _ => None,
        })
        .unwrap_or("")
}

/// The materials of an item, in order.
#[must_use]
pub fn materials(item: &Item) -> Vec<Material<'_>> {
    item.before_body
        .iter()
        .filter(|element| element.name == "qti-companion-materials-info")
        .flat_map(Element::elements)
        .filter_map(|element| match element.name.as_str() {
            "qti-calculator" => Some(Material::Calculator { kind: kind_of(element), element }),
            "qti-rule" => Some(Material::Rule(element)),
            "qti-protractor" => Some(Material::Protractor(element)),
            "qti-digital-material" => Some(Material::Digital(element)),
            "qti-physical-material" => Some(Material::Physical(element)),
            _ => None,
        })
        .collect()
}

impl<'a> Material<'a> {
    /// The element it was read from.
    #[must_use]
    pub fn element(self) -> &'a Element {
        match self {
            Self::Calculator { element, .. } => element,
            Self::Rule(element) | Self::Protractor(element) | Self::Digital(element) | Self::Physical(element) => {
                element
            }
        }
    }

    /// What its author says of it: the description, the label, or the text itself.
    #[must_use]
    pub fn words(self) -> String {
        let element = self.element();
        let text = match self {
            Self::Physical(_) => element.text(),
            Self::Digital(_) => element.attribute("label").unwrap_or("").to_owned(),
            _ => element.child("qti-description").map(Element::text).unwrap_or_default(),
        };
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The address of its file, seen from the item.
    #[must_use]
    pub fn file(self) -> Option<String> {
        let holder = match self {
            Self::Digital(element) => element,
            Self::Calculator { element, .. } => element.child("qti-calculator-info")?,
            _ => return None,
        };
        let address = holder.child("qti-file-href")?.text().trim().to_owned();
        (!address.is_empty()).then_some(address)
    }
}
