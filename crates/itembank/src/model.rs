//! Types of the item bank.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{FormId, ItemId, ItemVersionId, Language, Localized};
use qti::render::{FieldKind, FormField, Problem};
use qti::score::Responses;

/// What an item asks of the pupil (facts 000b, 2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skill {
    /// To know and understand.
    A,
    /// To apply.
    B,
    /// Higher-order skills.
    C,
}

impl Skill {
    /// Letter in tables and reports.
    pub const fn code(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }

    /// The skill with this letter.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::A, Self::B, Self::C].into_iter().find(|skill| skill.code() == code)
    }
}

/// What is known about an item besides its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Id.
    pub id: ItemId,
    /// Short word, unique in the bank: `g4-mathematics-01`.
    pub code: String,
    /// Subject's code.
    pub subject: String,
    /// Grade it is made for.
    pub grade: u8,
    /// Section of the programme.
    pub section: Localized,
    /// Topic.
    pub topic: Localized,
    /// Assessment criterion.
    pub criterion: Localized,
    /// Skill level.
    pub skill: Skill,
    /// Items with the same word are versions of each other that may stand for each other.
    pub parallel_group: Option<String>,
}

/// A form: ordered items given together, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Id.
    pub id: FormId,
    /// Short word, unique in the bank: `g4-mathematics-kk`.
    pub code: String,
    /// Name.
    pub name: Localized,
    /// Subject's code.
    pub subject: String,
    /// Grade.
    pub grade: u8,
    /// Language of the items.
    pub language: Language,
}

/// An item at its place in a form, without content or key: what reports need.
#[derive(Debug, Clone, PartialEq)]
pub struct FormItem {
    /// Place, from 1.
    pub position: usize,
    /// The item.
    pub item: Item,
    /// The version whose content stands in the form; none when the content is not held here.
    pub version: Option<ItemVersionId>,
    /// Highest score.
    pub max_score: f64,
}

/// What scoring needs of an item at its place in a form. It holds the key: it never leaves the server and has no `Debug`
/// that shows it.
#[derive(Clone, PartialEq)]
pub struct ScoringItem {
    /// Place, from 1.
    pub position: usize,
    /// The item.
    pub item: ItemId,
    /// Identifier of the right option, where one is known without the content.
    pub key: Option<String>,
    /// Highest score.
    pub max_score: f64,
    /// The item as QTI 3, when the content is held.
    pub qti: Option<String>,
}

impl std::fmt::Debug for ScoringItem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { position, item, max_score, .. } = self;
        write!(formatter, "ScoringItem {{ position: {position}, item: {item}, max_score: {max_score}, key: … }}")
    }
}

/// A form as pupils meet it: the items in order, as HTML without keys.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownForm {
    /// The form.
    pub form: Form,
    /// Its items.
    pub items: Vec<ShownItem>,
}

/// One item as HTML.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownItem {
    /// The item.
    pub item: ItemId,
    /// Form fields and text, a fragment without scripts, styles and keys.
    pub html: String,
    /// What its form may send; no keys either.
    pub fields: Arc<[FormField]>,
    /// Whether it is another one for each attempt: its order or its numbers are drawn by the attempt's seed.
    pub is_drawn: bool,
}

impl ShownItem {
    /// Whether its form sends files.
    pub fn has_files(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.kind, FieldKind::File(_)))
    }

    /// The field of a response.
    pub fn field(&self, response: &str) -> Option<&FormField> {
        self.fields.iter().find(|field| field.response == response)
    }

    /// Reads what its form sent into values by response variable; see [`qti::render::read_form`].
    ///
    /// # Errors
    /// The first [`Problem`].
    pub fn read<'a>(
        &self,
        sent: impl IntoIterator<Item = (&'a str, &'a str)>,
        complete: bool,
    ) -> Result<BTreeMap<String, Vec<String>>, Problem> {
        qti::render::read_form(&self.fields, sent, complete).map(|responses| responses.0)
    }

    /// What its form sent, unchecked: to fill it in again.
    pub fn filled_in<'a>(&self, sent: impl IntoIterator<Item = (&'a str, &'a str)>) -> BTreeMap<String, Vec<String>> {
        Responses::from_form(sent).0
    }
}
