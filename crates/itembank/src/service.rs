//! Forms and items for those who may have them.

use std::collections::BTreeMap;

use kernel::{Action, Actor, FormId, ItemId, ItemVersionId, Language, Localized};
use qti::render::Program;
use store::sea_orm;
use store::{Database, FromQueryResult, Reading, StoreError, Where, number, text};

use crate::model::{Form, FormItem, Item, ScoringItem, ShownForm, Skill};
use crate::{ItemBankError, content};

#[derive(FromQueryResult)]
struct FormRow {
    id: i64,
    code: String,
    name: String,
    subject: String,
    grade: i64,
    language: String,
}

impl From<FormRow> for Form {
    fn from(row: FormRow) -> Self {
        Self {
            id: FormId(row.id),
            code: row.code,
            name: localized(&row.name),
            subject: row.subject,
            grade: u8::try_from(row.grade).unwrap_or_default(),
            language: row.language.parse().unwrap_or(Language::Kk),
        }
    }
}

fn localized(text: &str) -> Localized {
    serde_json::from_str(text).unwrap_or_else(|_| Localized::same(text))
}

/// One form. Its name and language are no secret.
///
/// # Errors
/// What the database says.
pub async fn form(database: &Database, id: FormId) -> Result<Option<Form>, StoreError> {
    let row: Option<FormRow> = database.read().row("SELECT * FROM form WHERE id = $1", [number(id.0)]).await?;
    Ok(row.map(Form::from))
}

#[derive(FromQueryResult)]
struct FormItemRow {
    position: i64,
    item_version_id: Option<i64>,
    max_score: f64,
    id: i64,
    code: String,
    subject: String,
    grade: i64,
    section: String,
    topic: String,
    criterion: String,
    skill: String,
    parallel_group: Option<String>,
}

impl From<FormItemRow> for FormItem {
    fn from(row: FormItemRow) -> Self {
        let item = Item {
            id: ItemId(row.id),
            code: row.code,
            subject: row.subject,
            grade: u8::try_from(row.grade).unwrap_or_default(),
            section: localized(&row.section),
            topic: localized(&row.topic),
            criterion: localized(&row.criterion),
            skill: Skill::from_code(&row.skill).unwrap_or(Skill::A),
            parallel_group: row.parallel_group,
        };
        Self {
            position: usize::try_from(row.position).unwrap_or_default(),
            item,
            version: row.item_version_id.map(ItemVersionId),
            max_score: row.max_score,
        }
    }
}

/// The items of a form in order, with section, topic, criterion and skill, without content and keys: for reports. The
/// caller has authorised the report.
///
/// # Errors
/// What the database says.
pub async fn form_items(database: &Database, form: FormId) -> Result<Vec<FormItem>, StoreError> {
    let rows: Vec<FormItemRow> = database
        .read()
        .rows(
            "SELECT form_item.position, form_item.item_version_id, form_item.max_score, item.*
             FROM form_item JOIN item ON item.id = form_item.item_id WHERE form_item.form_id = $1
             ORDER BY form_item.position",
            [number(form.0)],
        )
        .await?;
    Ok(rows.into_iter().map(FormItem::from).collect())
}

#[derive(FromQueryResult)]
struct ContentRow {
    position: i64,
    item_id: i64,
    key: Option<String>,
    max_score: f64,
    qti: Option<String>,
}

async fn contents(database: &Database, form: FormId) -> Result<Vec<ContentRow>, StoreError> {
    database
        .read()
        .rows(
            "SELECT form_item.position, form_item.item_id, form_item.key, form_item.max_score, item_version.qti
             FROM form_item LEFT JOIN item_version ON item_version.id = form_item.item_version_id
             WHERE form_item.form_id = $1 ORDER BY form_item.position",
            [number(form.0)],
        )
        .await
}

/// What scoring needs of a form: contents and keys. Only for the program itself: results are scored by a job.
///
/// # Errors
/// [`ItemBankError::Denied`] for everybody who is not the program and may not see items.
pub async fn scoring_items(
    database: &Database,
    actor: &Actor,
    form: FormId,
) -> Result<Vec<ScoringItem>, ItemBankError> {
    access::authorise(actor, Action::SeeItems, &kernel::Place::default())?;
    let rows = contents(database, form).await?;
    let scoring = |row: ContentRow| ScoringItem {
        position: usize::try_from(row.position).unwrap_or_default(),
        item: ItemId(row.item_id),
        key: row.key,
        max_score: row.max_score,
        qti: row.qti,
    };
    Ok(rows.into_iter().map(scoring).collect())
}

/// A form as pupils meet it, without keys: for the delivery of a test. The caller has made sure of a right to sit it.
///
/// # Errors
/// [`ItemBankError::NotHeld`] when an item's content is not in the bank; [`ItemBankError::Content`] when it cannot be read.
pub async fn shown_form(database: &Database, id: FormId) -> Result<Option<ShownForm>, ItemBankError> {
    let Some(form) = form(database, id).await? else { return Ok(None) };
    let mut items = Vec::new();
    for row in contents(database, id).await? {
        let item = ItemId(row.item_id);
        let position = usize::try_from(row.position).unwrap_or_default();
        let qti = row.qti.ok_or(ItemBankError::NotHeld { form: id, position })?;
        items.push(content::shown(item, &qti, form.language)?);
    }
    Ok(Some(ShownForm { form, items }))
}

#[derive(FromQueryResult)]
struct TextRow {
    qti: String,
    language: String,
}

async fn text_in(database: &Database, form: FormId, item: ItemId) -> Result<Option<TextRow>, StoreError> {
    let sql = "SELECT item_version.qti, item_version.language FROM form_item
               JOIN item_version ON item_version.id = form_item.item_version_id
               WHERE form_item.form_id = $1 AND form_item.item_id = $2";
    database.read().row(sql, [number(form.0), number(item.0)]).await
}

/// An item of a form as one attempt sees it: what is drawn, by the attempt's seed, and an answer filled in. The caller has
/// made sure of a right to sit it. None when the item is not in the form.
///
/// # Errors
/// [`ItemBankError::Content`] when the content cannot be read, and what the database says.
pub async fn shown_with(
    database: &Database,
    form: FormId,
    item: ItemId,
    seed: u64,
    response: BTreeMap<String, Vec<String>>,
) -> Result<Option<String>, ItemBankError> {
    let Some(row) = text_in(database, form, item).await? else { return Ok(None) };
    let language = row.language.parse().unwrap_or(Language::Kk);
    content::shown_with(item, &row.qti, language, seed, response).map(Some)
}

/// A file that lies beside the content of an item: a picture, a sound, a program.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct ItemFile {
    /// Media type, `audio/wav`.
    pub media_type: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// A file of an item of a form, by its path. The caller has made sure of a right to sit it.
///
/// # Errors
/// What the database says.
pub async fn item_file(
    database: &Database,
    form: FormId,
    item: ItemId,
    path: &str,
) -> Result<Option<ItemFile>, StoreError> {
    let sql = "SELECT item_file.media_type, item_file.content FROM form_item
               JOIN item_file ON item_file.item_version_id = form_item.item_version_id
               WHERE form_item.form_id = $1 AND form_item.item_id = $2 AND item_file.path = $3";
    database.read().row(sql, [number(form.0), number(item.0), text(path)]).await
}

/// A portable custom interaction with the texts of its modules, in order of their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownProgram {
    /// What the item says about it.
    pub program: Program,
    /// Name and text of each module.
    pub modules: Vec<(String, String)>,
}

/// The program of a portable custom interaction in an item of a form. None when there is no such interaction or one of its
/// modules is not held. The caller has made sure of a right to sit it.
///
/// # Errors
/// As [`shown_with`].
pub async fn program(
    database: &Database,
    form: FormId,
    item: ItemId,
    response: &str,
) -> Result<Option<ShownProgram>, ItemBankError> {
    let Some(row) = text_in(database, form, item).await? else { return Ok(None) };
    let Some(program) = content::program(item, &row.qti, response)? else { return Ok(None) };
    let mut modules = Vec::new();
    for (name, paths) in &program.modules {
        let mut source = None;
        for path in paths {
            let file = item_file(database, form, item, path).await?;
            source = file.and_then(|file| String::from_utf8(file.content).ok());
            if source.is_some() {
                break;
            }
        }
        let Some(source) = source else { return Ok(None) };
        modules.push((name.clone(), source));
    }
    Ok(Some(ShownProgram { program, modules }))
}

/// Which forms to list.
#[derive(Debug, Clone, Default)]
pub struct FormFilter {
    /// Only of this subject.
    pub subject: Option<String>,
    /// Only of this grade.
    pub grade: Option<u8>,
}

/// The forms of the bank, for those who may see items.
///
/// # Errors
/// [`ItemBankError::Denied`] when the actor may not.
pub async fn forms(database: &Database, actor: &Actor, filter: &FormFilter) -> Result<Vec<Form>, ItemBankError> {
    access::authorise(actor, Action::SeeItems, &kernel::Place::default())?;
    let mut condition = Where::new();
    if let Some(subject) = &filter.subject {
        condition.and("subject = ?", [text(subject)]);
    }
    if let Some(grade) = filter.grade {
        condition.and("grade = ?", [number(i64::from(grade))]);
    }
    let sql = format!("SELECT * FROM form{} ORDER BY grade, subject, language", condition.sql());
    let rows: Vec<FormRow> = database.read().rows(&sql, condition.values()).await?;
    Ok(rows.into_iter().map(Form::from).collect())
}
