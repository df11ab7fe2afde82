use serde::Deserialize;

use crate::{PackError, text_file};

/// The items of one test: what stands beside their QTI files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemSet {
    /// Code of the test.
    pub test: String,
    /// Languages of the parallel versions.
    pub languages: Vec<String>,
    /// Items in the order of the form.
    #[serde(rename = "item")]
    pub items: Vec<Item>,
}

/// One item in all its language versions. Section, topic, criterion and skill are the row of the same number in the
/// specification.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Number in the form, from 1.
    pub number: usize,
    /// Identifier of the option that is right: `A` to `D`, in every language.
    pub key: String,
    /// Why it is right.
    pub rationale: String,
    /// What each wrong option comes from, in the order of the options without the key.
    pub distractors: Vec<String>,
    /// How the key is proved by a test, where it can be computed.
    #[serde(default)]
    pub proof: Option<Proof>,
}

/// A machine-readable proof of a key: the test of this crate evaluates it and compares all options with it.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "check", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Proof {
    /// An expression over exact rational numbers gives the number in the option.
    Value {
        /// For example `7/8 + 1/8`, `mod(743, 6)`, `30*60`.
        expression: String,
        /// Position of the number among those in the option's text, from 1; one is expected otherwise.
        #[serde(default)]
        part: Option<usize>,
    },
    /// Several expressions give the numbers of the option in their order.
    Values {
        /// One expression per number.
        expressions: Vec<String>,
    },
    /// The option is itself an expression and has the value of this one.
    Evaluates {
        /// The value that the key must have.
        expression: String,
    },
    /// The option's numbers, called `a`, `b`, `c` in their order, make all conditions true.
    Holds {
        /// Comparisons with `=`, `<` or `>`, for example `a^2 = 2*10*5`.
        conditions: Vec<String>,
    },
    /// The option is an expression, or an equation `y = ...`, that equals this one for every value of its letters.
    Identity {
        /// For example `(x - 3)/x`.
        expression: String,
    },
    /// All numbers of the option belong to this set.
    Subset {
        /// The set.
        of: Vec<i64>,
    },
}

impl ItemSet {
    /// Path inside the pack of an item's QTI file in a language.
    pub fn path(&self, language: &str, number: usize) -> String {
        format!("items/{}/{language}/{number:02}.xml", self.test)
    }

    /// The QTI XML of an item in a language.
    pub fn xml(&self, language: &str, number: usize) -> Result<&'static str, PackError> {
        text_file(&self.path(language, number))
    }

    pub(crate) fn check(&self, items: usize) -> Result<(), PackError> {
        let place = format!("items/{}/items.toml", self.test);
        if self.items.len() != items {
            return Err(PackError::Count { place, found: self.items.len(), expected: items });
        }
        for (index, item) in self.items.iter().enumerate() {
            let reason = if item.number != index + 1 {
                format!("item {} has the number {}", index + 1, item.number)
            } else if !["A", "B", "C", "D"].contains(&item.key.as_str()) {
                format!("item {}: the key {} is not A to D", item.number, item.key)
            } else if item.distractors.len() != 3 {
                format!("item {} must explain three wrong options", item.number)
            } else {
                continue;
            };
            return Err(PackError::Value { place, reason });
        }
        for language in &self.languages {
            for item in &self.items {
                self.xml(language, item.number)?;
            }
        }
        Ok(())
    }
}
