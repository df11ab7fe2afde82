//! Catalogs: supports that stand ready beside the content for those who need them (information model 3.0, "Catalog
//! Info"): glossaries, translations, text to be read aloud, sign language, and so on.
//!
//! ```
//! use qti::catalog::{Catalogs, Need, choose};
//! let info = qti::xml::parse(r#"<qti-catalog-info><qti-catalog id="word">
//!   <qti-card support="keyword-translation">
//!     <qti-card-entry xml:lang="ru"><qti-html-content>дельта</qti-html-content></qti-card-entry>
//!     <qti-card-entry xml:lang="kk"><qti-html-content>атырау</qti-html-content></qti-card-entry>
//!   </qti-card></qti-catalog></qti-catalog-info>"#)?;
//! let cards = Catalogs::of([&info]).cards("word");
//! let entry = choose(&cards[0], &Need::parse("keyword-translation:kk").expect("a need")).expect("an entry");
//! assert_eq!(entry.html.expect("text").text(), "атырау");
//! # Ok::<(), qti::xml::XmlError>(())
//! ```

use crate::xml::Element;
use std::collections::BTreeMap;

/// The supports that 3.0.1 names; others begin with `ext:`.
pub const SUPPORTS: [&str; 15] = [
    "additional-directions",
    "audio-description",
    "braille",
    "glossary-on-screen",
    "high-contrast",
    "keyboard-directions",
    "keyword-translation",
    "linguistic-guidance",
    "long-description",
    "sign-language",
    "simplified-graphics",
    "simplified-language-portions",
    "spoken",
    "tactile",
    "transcript",
];

/// Whether a word may stand in the `support` of a card.
#[must_use]
pub fn is_support(name: &str) -> bool {
    SUPPORTS.contains(&name) || name.strip_prefix("ext:").is_some_and(|own| !own.is_empty())
}

/// One support a person is to be offered (a line of their needs and preferences profile).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The support, as cards name it.
    pub support: String,
    /// The language it is wanted in (BCP 47), where that matters.
    pub language: Option<String>,
}

impl Need {
    /// Reads `glossary-on-screen` or `keyword-translation:ru`; `None` for what is no support.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // `ext:` is a part of the name.
        let begin = if text.starts_with("ext:") { 4 } else { 0 };
        let (support, language) = match text[begin..].split_once(':') {
            Some((name, language)) => (&text[..begin + name.len()], Some(language)),
            None => (text, None),
        };
        let language = language.filter(|language| !language.is_empty()).map(str::to_owned);
        is_support(support).then(|| Self { support: support.to_owned(), language })
    }
}

/// A file of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File<'a> {
    /// Its media type; may be empty.
    pub kind: &'a str,
    /// The element whose text is its address.
    pub element: &'a Element,
}

/// One version of a support.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<'a> {
    /// Its language, its card's where it has none.
    pub language: Option<&'a str>,
    /// Whether it is the one for those who ask for nothing in particular.
    pub is_default: bool,
    /// Content for the page.
    pub html: Option<&'a Element>,
    /// Files.
    pub files: Vec<File<'a>>,
}

/// All versions of one support.
#[derive(Debug, Clone, PartialEq)]
pub struct Card<'a> {
    /// The support.
    pub support: &'a str,
    /// Its versions; a card with content of its own has one.
    pub entries: Vec<Entry<'a>>,
    /// The element it was read from.
    pub element: &'a Element,
}

impl<'a> Card<'a> {
    fn of(element: &'a Element) -> Self {
        let language = element.attribute("xml:lang");
        let entry = |element: &'a Element| Entry {
            language: element.attribute("xml:lang").or(language),
            is_default: matches!(element.attribute("default"), Some("true" | "1")),
            html: element.child("qti-html-content"),
            files: element
                .elements()
                .filter(|child| child.name == "qti-file-href")
                .map(|child| File { kind: child.attribute("mime-type").unwrap_or(""), element: child })
                .collect(),
        };
        let mut entries: Vec<_> =
            element.elements().filter(|child| child.name == "qti-card-entry").map(entry).collect();
        let own = entry(element);
        if own.html.is_some() || !own.files.is_empty() {
            entries.insert(0, own);
        }
        Self { support: element.attribute("support").unwrap_or(""), entries, element }
    }
}

/// The catalogs of an item by their id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalogs<'a>(BTreeMap<&'a str, &'a Element>);

impl<'a> Catalogs<'a> {
    /// The catalogs in and below elements; of two with one id the first counts.
    #[must_use]
    pub fn of(roots: impl IntoIterator<Item = &'a Element>) -> Self {
        let mut out = Self::default();
        for root in roots {
            out.collect(root);
        }
        out
    }

    fn collect(&mut self, element: &'a Element) {
        if element.name == "qti-catalog"
            && let Some(id) = element.attribute("id")
        {
            self.0.entry(id).or_insert(element);
        }
        element.elements().for_each(|child| self.collect(child));
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there is a catalog of an id.
    #[must_use]
    pub fn contains(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// The cards of a catalog, in order; none for an id that is not there.
    #[must_use]
    pub fn cards(&self, id: &str) -> Vec<Card<'a>> {
        self.0
            .get(id)
            .map(|catalog| catalog.elements().filter(|child| child.name == "qti-card").map(Card::of).collect())
            .unwrap_or_default()
    }
}

fn same_language(a: &str, b: &str) -> bool {
    let primary = |text: &str| text.split(['-', '_']).next().unwrap_or("").to_ascii_lowercase();
    primary(a) == primary(b)
}

/// The version of a card that serves a need; `None` when the card is for another need or speaks no language asked for.
///
/// A wanted language is looked for first; without it the default version counts, then one in no language at all.
/// Without a wanted language it is the default version, then the first.
#[must_use]
pub fn choose<'c, 'a>(card: &'c Card<'a>, need: &Need) -> Option<&'c Entry<'a>> {
    if card.support != need.support {
        return None;
    }
    let default = || card.entries.iter().find(|entry| entry.is_default);
    match &need.language {
        Some(wanted) => card
            .entries
            .iter()
            .find(|entry| entry.language.is_some_and(|language| same_language(language, wanted)))
            .or_else(default)
            .or_else(|| card.entries.iter().find(|entry| entry.language.is_none())),
        None => default().or_else(|| card.entries.first()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_are_read_with_their_language() {
        let need = Need::parse("keyword-translation:kk").expect("a need");
        assert_eq!((need.support.as_str(), need.language.as_deref()), ("keyword-translation", Some("kk")));
        let own = Need::parse("ext:big-letters:ru").expect("a need");
        assert_eq!((own.support.as_str(), own.language.as_deref()), ("ext:big-letters", Some("ru")));
        assert_eq!(Need::parse("ext:big-letters").and_then(|need| need.language), None);
        for bad in ["", "glossary", "ext:", "translation:ru"] {
            assert_eq!(Need::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_default_serves_whoever_asks_for_nothing_else() {
        let info = crate::xml::parse(
            r#"<qti-catalog-info><qti-catalog id="c"><qti-card support="spoken">
                 <qti-card-entry xml:lang="en"><qti-html-content>one</qti-html-content></qti-card-entry>
                 <qti-card-entry xml:lang="ru" default="true"><qti-html-content>два</qti-html-content></qti-card-entry>
               </qti-card><qti-card support="braille" xml:lang="en"><qti-file-href mime-type="text/x">a.brf</qti-file-href>
               </qti-card></qti-catalog></qti-catalog-info>"#,
        )
        .expect("well-formed");
        let cards = Catalogs::of([&info]).cards("c");
        let text = |need: &str| {
            let need = Need::parse(need).expect("a need");
            cards.iter().find_map(|card| choose(card, &need)).and_then(|entry| entry.html).map(Element::text)
        };
        assert_eq!(text("spoken").as_deref(), Some("два"));
        assert_eq!(text("spoken:en-GB").as_deref(), Some("one"));
        assert_eq!(text("spoken:kk").as_deref(), Some("два"), "the default");
        assert_eq!(text("tactile"), None);
        assert!(choose(&cards[1], &Need::parse("braille:kk").expect("a need")).is_none(), "another language");
        assert_eq!(cards[1].entries[0].files[0].kind, "text/x");
    }
}
