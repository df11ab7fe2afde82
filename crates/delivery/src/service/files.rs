//! Files that pupils gave as answers, for those who read and score them.

use std::collections::{BTreeMap, BTreeSet};

use ::store::{By, Database, FromQueryResult, Reading, StoreError, number, sea_orm};
use kernel::{
    Action, Actor, AttemptId, CampaignId, ClassId, FormId, Localized, Place, SchoolId, SittingId, TestId, Timestamp,
};

use super::DeliveryError;
use super::campaign::localized;
use super::school::class_label;
use crate::model::{Event, FileReference};

/// A file that a pupil gave as an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenFile {
    /// The attempt it belongs to.
    pub attempt: AttemptId,
    /// Family name and given name.
    pub person_name: String,
    /// Place of the task in the form, from 0.
    pub position: usize,
    /// What was given.
    pub file: FileReference,
    /// When, milliseconds since 1970.
    pub at: i64,
}

/// All files of a sitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenFiles {
    /// The campaign.
    pub campaign: CampaignId,
    /// The test.
    pub test: TestId,
    /// Name of the test.
    pub test_name: Localized,
    /// The class, as people write it.
    pub class_label: String,
    /// The files, by name and task.
    pub files: Vec<GivenFile>,
}

#[derive(FromQueryResult)]
struct SittingRow {
    campaign_id: i64,
    test_id: i64,
    form_id: Option<i64>,
    test_name: String,
    school_id: i64,
    class_id: i64,
    grade: i64,
    letter: String,
}

#[derive(FromQueryResult)]
struct AnswerRow {
    attempt_id: i64,
    family_name: String,
    given_name: String,
    payload: String,
    at: i64,
}

/// The files that an answer names, where the task asks for files: what a pupil writes elsewhere is never one.
fn named(asked: &BTreeMap<i64, Vec<String>>, event: &Event) -> Vec<(usize, FileReference)> {
    let Event::Answered { item, position, response } = event else { return Vec::new() };
    let Some(fields) = asked.get(&item.0) else { return Vec::new() };
    let values = response.0.iter().filter(|(name, _)| fields.contains(name)).flat_map(|(_, values)| values);
    values.filter_map(|value| value.parse().ok()).map(|file| (*position, file)).collect()
}

/// Which response variables of which items of a form are files.
async fn asked(database: &Database, form: FormId) -> Result<BTreeMap<i64, Vec<String>>, DeliveryError> {
    // A form whose content is not in the bank was not sat here, so it has no files.
    let Ok(Some(shown)) = itembank::shown_form(database, form).await else { return Ok(BTreeMap::new()) };
    let fields = |item: &itembank::ShownItem| {
        let files = item.fields.iter().filter(|field| matches!(field.kind, itembank::FieldKind::File(_)));
        files.map(|field| field.response.clone()).collect::<Vec<_>>()
    };
    let items = shown.items.iter().map(|item| (item.item.0, fields(item)));
    Ok(items.filter(|(_, fields)| !fields.is_empty()).collect())
}

#[derive(FromQueryResult)]
struct TestRow {
    test_id: i64,
}

/// The tests of a campaign with a task that asks for a file: an upload or a drawing.
///
/// # Errors
/// What the database says.
pub async fn tests_with_files(database: &Database, campaign: CampaignId) -> Result<BTreeSet<TestId>, StoreError> {
    let sql = "SELECT DISTINCT test_form.test_id FROM test JOIN test_form ON test_form.test_id = test.id
               JOIN form_item ON form_item.form_id = test_form.form_id
               JOIN item_version ON item_version.id = form_item.item_version_id
               WHERE test.campaign_id = $1 AND (item_version.qti LIKE '%<qti-upload-interaction%'
                     OR item_version.qti LIKE '%<qti-drawing-interaction%')";
    let rows: Vec<TestRow> = database.read().rows(sql, [number(campaign.0)]).await?;
    Ok(rows.into_iter().map(|row| TestId(row.test_id)).collect())
}

/// Files of answers of the ended attempts of a sitting. That the list was read stands in the audit log. `None`: there is
/// no such sitting.
///
/// # Errors
/// [`DeliveryError::Denied`] when the actor may not see results of these pupils.
pub async fn given_files(
    database: &Database,
    actor: &Actor,
    now: Timestamp,
    sitting: SittingId,
) -> Result<Option<GivenFiles>, DeliveryError> {
    let sql = "SELECT sitting.campaign_id, sitting.test_id, sitting.school_id, sitting.class_id,
                      (SELECT MIN(attempt.form_id) FROM attempt WHERE attempt.sitting_id = sitting.id) AS form_id,
                      test.name AS test_name, school_class.grade, school_class.letter
               FROM sitting JOIN test ON test.id = sitting.test_id
               JOIN school_class ON school_class.id = sitting.class_id WHERE sitting.id = $1";
    let row: Option<SittingRow> = database.read().row(sql, [number(sitting.0)]).await?;
    let Some(row) = row else { return Ok(None) };
    let (school, class) = (SchoolId(row.school_id), ClassId(row.class_id));
    access::authorise(actor, Action::SeeResults, &Place { school: Some(school), class: Some(class), person: None })?;
    let mut files = Vec::new();
    if let Some(form) = row.form_id {
        let asked = asked(database, FormId(form)).await?;
        files = of_sitting(database, sitting, &asked).await?;
    }
    let write = database.write(&By::actor(actor, now), "list files of answers").await?;
    write.record("sitting", sitting.0, Some(school), serde_json::json!({ "files": files.len() }));
    write.commit().await?;
    Ok(Some(GivenFiles {
        campaign: CampaignId(row.campaign_id),
        test: TestId(row.test_id),
        test_name: localized(&row.test_name),
        class_label: class_label(row.grade, &row.letter),
        files,
    }))
}

async fn of_sitting(
    database: &Database,
    sitting: SittingId,
    asked: &BTreeMap<i64, Vec<String>>,
) -> Result<Vec<GivenFile>, DeliveryError> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let items = asked.keys().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT answer_log.attempt_id, person.family_name, person.given_name, answer_log.payload, answer_log.at
         FROM answer_log JOIN attempt ON attempt.id = answer_log.attempt_id
         JOIN person ON person.id = attempt.person_id
         WHERE attempt.sitting_id = $1 AND attempt.state = 'finished' AND answer_log.kind = 'answered'
               AND answer_log.item_id IN ({items})
         ORDER BY person.sort_name, person.id, answer_log.sequence"
    );
    let rows: Vec<AnswerRow> = database.read().rows(&sql, [number(sitting.0)]).await?;
    let mut files = Vec::new();
    for row in rows {
        let event: Event =
            serde_json::from_str(&row.payload).map_err(|error| DeliveryError::BrokenLog(error.to_string()))?;
        let name = roster::PersonName { family: row.family_name, given: row.given_name, ..Default::default() }.short();
        files.extend(named(asked, &event).into_iter().map(|(position, file)| GivenFile {
            attempt: AttemptId(row.attempt_id),
            person_name: name.clone(),
            position,
            file,
            at: row.at,
        }));
    }
    Ok(files)
}

#[derive(FromQueryResult)]
struct AttemptRow {
    sitting: i64,
    form: i64,
    school: i64,
    class: i64,
}

/// A file of an answer of an ended attempt, by the hash that the log names, with its bytes. That it was opened stands in
/// the audit log. `None`: the log names no such file, or its bytes are not there.
///
/// # Errors
/// [`DeliveryError::Denied`] when the actor may not see results of this pupil.
pub async fn given_file(
    database: &Database,
    actor: &Actor,
    now: Timestamp,
    attempt: AttemptId,
    hash: &str,
) -> Result<Option<(FileReference, Vec<u8>)>, DeliveryError> {
    let sql = "SELECT sitting_id AS sitting, form_id AS form, school_id AS school, class_id AS class FROM attempt
               WHERE id = $1";
    let row: Option<AttemptRow> = database.read().row(sql, [number(attempt.0)]).await?;
    let Some(row) = row else { return Ok(None) };
    let (school, class) = (SchoolId(row.school), ClassId(row.class));
    access::authorise(actor, Action::SeeResults, &Place { school: Some(school), class: Some(class), person: None })?;
    let asked = asked(database, FormId(row.form)).await?;
    let files = of_sitting(database, SittingId(row.sitting), &asked).await?;
    let known = files.into_iter().find(|given| given.attempt == attempt && given.file.hash == hash);
    let Some(GivenFile { file, .. }) = known else { return Ok(None) };
    let Some(content) = database.files().get(&file.path(attempt))? else { return Ok(None) };
    let write = database.write(&By::actor(actor, now), "open file of answer").await?;
    write.record("attempt", attempt.0, Some(school), serde_json::json!({ "file": file.hash }));
    write.commit().await?;
    Ok(Some((file, content)))
}
