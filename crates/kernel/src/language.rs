//! The three languages of the interface and of instruction, and texts in them.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A language of the interface or of instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Kazakh.
    Kk,
    /// Russian.
    Ru,
    /// English.
    En,
}

/// A language code that is none of `kk`, `ru`, `en`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown language \"{0}\": use kk, ru or en")]
pub struct UnknownLanguage(pub String);

impl Language {
    /// All languages, in the order in which the interface offers them.
    pub const ALL: [Self; 3] = [Self::Kk, Self::Ru, Self::En];

    /// BCP 47 tag: `kk`, `ru` or `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Kk => "kk",
            Self::Ru => "ru",
            Self::En => "en",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "kk" => Ok(Self::Kk),
            "ru" => Ok(Self::Ru),
            "en" => Ok(Self::En),
            _ => Err(UnknownLanguage(text.to_owned())),
        }
    }
}

/// A text in the three languages. An empty text falls back: kk → ru → en, ru → kk → en, en → ru → kk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Localized {
    /// Kazakh.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kk: String,
    /// Russian.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ru: String,
    /// English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub en: String,
}

impl Localized {
    /// A text in all three languages.
    pub fn new(kk: impl Into<String>, ru: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kk: kk.into(), ru: ru.into(), en: en.into() }
    }

    /// The same text whatever the language, as for an imported name.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { kk: text.clone(), ru: text.clone(), en: text }
    }

    /// The text in a language, or in the nearest one that has it.
    pub fn in_language(&self, language: Language) -> &str {
        let order = match language {
            Language::Kk => [&self.kk, &self.ru, &self.en],
            Language::Ru => [&self.ru, &self.kk, &self.en],
            Language::En => [&self.en, &self.ru, &self.kk],
        };
        order.into_iter().find(|text| !text.is_empty()).map_or("", String::as_str)
    }
}
