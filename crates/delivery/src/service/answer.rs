//! From the form of an item to an answer in the log.

use ::store::StoreError;
use itembank::{Problem, ShownItem};
use kernel::{Actor, AttemptId, ItemId, Timestamp};

use super::sit::{Delivery, Reached, SitError, Step};
use crate::model::{FILE_MAXIMUM, FileReference, Response};

/// What the form of an item sent.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// Name and value of its fields, in order.
    pub fields: Vec<(String, String)>,
    /// Its files.
    pub files: Vec<SentFile>,
    /// Whether the answer has to be complete. When the time is up, what there is counts.
    pub complete: bool,
}

/// A file that a form sent.
#[derive(Debug, Clone)]
pub struct SentFile {
    /// The response variable.
    pub field: String,
    /// Its name on the pupil's machine.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// Why what was sent cannot be an answer. Nothing was written; the pupil can mend it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Unread {
    /// The values do not keep to the rules of the item.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// The file is too large.
    #[error("the file {name} has {size} bytes, at most {FILE_MAXIMUM} are taken")]
    FileTooLarge {
        /// Its name.
        name: String,
        /// Its bytes.
        size: usize,
    },
    /// The item does not take files of this kind.
    #[error("the file {name} is of a kind that the task does not take")]
    FileKind {
        /// Its name.
        name: String,
    },
}

/// An answer with the files that belong to it.
struct Read {
    response: Response,
    files: Vec<(FileReference, Vec<u8>)>,
}

/// Reads the values and files by what the item's form may send.
fn read(item: &ShownItem, sent: Sent) -> Result<Read, Unread> {
    let pairs = sent.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    // A file input without a file sends an empty text in its name; a file's reference is made here and nowhere else.
    let is_file = |name: &str| item.field(name).is_some_and(|field| matches!(field.kind, itembank::FieldKind::File(_)));
    let mut response = Response(item.read(pairs.filter(|(name, _)| !is_file(name)), sent.complete)?);
    let mut files = Vec::new();
    for SentFile { field, name, content } in sent.files {
        if content.len() > FILE_MAXIMUM {
            return Err(Unread::FileTooLarge { name, size: content.len() });
        }
        let known = item.field(&field);
        let reference = FileReference::of(&name, &content)
            .filter(|file| known.is_some_and(|field| field.takes(file.media_type)))
            .ok_or(Unread::FileKind { name })?;
        // One response holds one file; the last one chosen is meant.
        response.0.insert(field, vec![reference.to_string()]);
        files.push((reference, content));
    }
    Ok(Read { response, files })
}

impl Delivery {
    /// The pupil sends the form of an item. With an acknowledgement in the step, the answer and its files are on disk.
    ///
    /// # Errors
    /// [`SitError`]; refusals are in the step, what cannot be read as an answer is an [`Unread`].
    pub async fn answer_form(
        &self,
        actor: &Actor,
        attempt: AttemptId,
        item: ItemId,
        sent: Sent,
        key: Option<&str>,
        now: Timestamp,
    ) -> Result<Result<Step, Unread>, SitError> {
        let Some(shown) = self.shown_item(actor, attempt, item).await? else {
            // Not an item of this form: the rules refuse it by name.
            return self.answer(actor, attempt, item, Response::choice("-"), key, now).await.map(Ok);
        };
        let Read { response, files } = match read(&shown, sent) {
            Ok(read) => read,
            Err(unread) => return Ok(Err(unread)),
        };
        if !files.is_empty() {
            let page = self.page(actor, attempt, now).await?;
            // Only the current item's files are kept, so that nobody can fill the disk with answers that are refused.
            if matches!(&page.reached, Reached::Item(current) if current.item == item) {
                self.keep(attempt, files).await?;
            }
        }
        self.answer(actor, attempt, item, response, key, now).await.map(Ok)
    }

    /// Files first, then the entry that names them: an entry never names what is not there.
    async fn keep(&self, attempt: AttemptId, files: Vec<(FileReference, Vec<u8>)>) -> Result<(), StoreError> {
        let place = self.database().files().clone();
        let written = tokio::task::spawn_blocking(move || {
            files.iter().try_for_each(|(reference, content)| place.put(&reference.path(attempt), content))
        });
        let failed = |error: tokio::task::JoinError| StoreError::File {
            path: format!("answers/{attempt}"),
            reason: error.to_string(),
        };
        written.await.map_err(failed)?
    }
}
