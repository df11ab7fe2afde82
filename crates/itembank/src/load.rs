//! Bringing items and forms into the bank, checked.

use kernel::{FormId, ItemId, ItemVersionId, Language, Localized};
use store::{Value, Write, bytes, number, optional_number, optional_text, real, text};

use crate::model::{Form, Item};
use crate::{ItemBankError, content};

/// The content of an item in a language, to be brought in.
#[derive(Debug, Clone)]
pub struct NewItemVersion {
    /// Id, from [`Write::next_id`].
    pub id: ItemVersionId,
    /// The item.
    pub item: ItemId,
    /// Number, from 1.
    pub version: i64,
    /// Language.
    pub language: Language,
    /// QTI 3.
    pub qti: String,
}

/// An item's place in a form, to be made.
#[derive(Clone)]
pub struct NewFormItem {
    /// The form.
    pub form: FormId,
    /// Place, from 1.
    pub position: usize,
    /// The item.
    pub item: ItemId,
    /// The version, when content is held.
    pub version: Option<ItemVersionId>,
    /// Identifier of the right option, when it is known; checked against the content.
    pub key: Option<String>,
    /// Highest score; what the content says when it is held.
    pub max_score: f64,
}

impl std::fmt::Debug for NewFormItem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "NewFormItem {{ form: {}, position: {}, item: {} }}", self.form, self.position, self.item)
    }
}

/// A file beside the content of an item, to be brought in.
#[derive(Debug, Clone)]
pub struct NewItemFile {
    /// The content it belongs to.
    pub version: ItemVersionId,
    /// Its path as the content names it.
    pub path: String,
    /// Media type.
    pub media_type: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// Everything that is brought in together.
#[derive(Debug, Clone, Default)]
pub struct BankLoad {
    /// Items.
    pub items: Vec<Item>,
    /// Their contents.
    pub versions: Vec<NewItemVersion>,
    /// Files beside them.
    pub files: Vec<NewItemFile>,
    /// Forms.
    pub forms: Vec<Form>,
    /// Items of forms.
    pub form_items: Vec<NewFormItem>,
}

fn json(value: &Localized) -> Value {
    // A struct of three texts always becomes JSON.
    text(serde_json::to_string(value).unwrap_or_default())
}

/// Writes everything as part of a write, with one audit record that counts it. Every content is read and checked first.
///
/// # Errors
/// [`ItemBankError::Content`] with every finding of the first item whose content is not sound, or whose key is not the
/// one stated; [`ItemBankError::Store`] when a code is there already. Nothing is kept then.
pub async fn load(write: &Write, load: &BankLoad) -> Result<(), ItemBankError> {
    let mut versions = Vec::with_capacity(load.versions.len());
    for version in &load.versions {
        let checked = content::check(version.item, &version.qti)?;
        let stated = load.form_items.iter().filter(|place| place.version == Some(version.id));
        for key in stated.filter_map(|place| place.key.as_deref()) {
            checked.has_key(version.item, key)?;
        }
        versions.push(vec![
            number(version.id.0),
            number(version.item.0),
            number(version.version),
            text(version.language.code()),
            text(&version.qti),
            real(checked.max_score),
            text("approved"),
            number(write.now().as_millisecond()),
        ]);
    }
    let items = load.items.iter().map(item_row);
    let columns = ["id", "code", "subject", "grade", "section", "topic", "criterion", "skill", "parallel_group"];
    write.insert("item", &columns, items).await?;
    let columns = ["id", "item_id", "version", "language", "qti", "max_score", "state", "created_at"];
    write.insert("item_version", &columns, versions).await?;
    let files = load.files.iter().map(|file| {
        vec![number(file.version.0), text(&file.path), text(&file.media_type), bytes(file.content.clone())]
    });
    write.insert("item_file", &["item_version_id", "path", "media_type", "content"], files).await?;
    let forms = load.forms.iter().map(form_row);
    write.insert("form", &["id", "code", "name", "subject", "grade", "language"], forms).await?;
    let places = load.form_items.iter().map(form_item_row);
    let columns = ["form_id", "position", "item_id", "item_version_id", "key", "max_score"];
    write.insert("form_item", &columns, places).await?;
    let counts = serde_json::json!({
        "items": load.items.len(), "versions": load.versions.len(), "forms": load.forms.len(),
    });
    write.record("item bank", 0, None, counts);
    Ok(())
}

fn item_row(item: &Item) -> Vec<Value> {
    vec![
        number(item.id.0),
        text(&item.code),
        text(&item.subject),
        number(i64::from(item.grade)),
        json(&item.section),
        json(&item.topic),
        json(&item.criterion),
        text(item.skill.code()),
        optional_text(item.parallel_group.clone()),
    ]
}

fn form_row(form: &Form) -> Vec<Value> {
    vec![
        number(form.id.0),
        text(&form.code),
        json(&form.name),
        text(&form.subject),
        number(i64::from(form.grade)),
        text(form.language.code()),
    ]
}

fn form_item_row(place: &NewFormItem) -> Vec<Value> {
    vec![
        number(place.form.0),
        number(i64::try_from(place.position).unwrap_or(i64::MAX)),
        number(place.item.0),
        optional_number(place.version.map(|version| version.0)),
        optional_text(place.key.clone()),
        real(place.max_score),
    ]
}
