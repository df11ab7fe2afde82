use serde::Deserialize;

use crate::{PackError, Text, file, text_file};

/// The demonstration test "Kinds of tasks": one task for each kind that can be shown. It stands beside the campaign's tests:
/// it measures nothing and shows what there is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kinds {
    /// Code of the test.
    pub test: String,
    /// Grade whose pupils may sit it.
    pub grade: u8,
    /// Code of its subject.
    pub subject: String,
    /// Minutes for it.
    pub minutes: u32,
    /// Languages of the parallel versions.
    pub languages: Vec<String>,
    /// Its name.
    pub name: Text,
    /// Its tasks in order.
    #[serde(rename = "item")]
    pub items: Vec<Kind>,
}

/// One task of the demonstration test.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Number in the form, from 1.
    pub number: usize,
    /// The kind, by its word in QTI: `graphic-gap-match`.
    pub kind: String,
    /// What it is called.
    pub name: Text,
    /// An answer that earns its point, as values of `RESPONSE`; for files, a name.
    pub response: Vec<String>,
    /// Files beside its content.
    #[serde(default)]
    pub files: Vec<String>,
    /// Comparisons of exact numbers that make the key right, where it can be computed.
    #[serde(default)]
    pub proof: Vec<String>,
}

impl Kinds {
    /// The QTI XML of a task in a language.
    ///
    /// # Errors
    /// [`PackError::Missing`].
    pub fn xml(&self, language: &str, kind: &Kind) -> Result<&'static str, PackError> {
        text_file(&format!("kinds/{language}/{:02}-{}.xml", kind.number, kind.kind))
    }

    /// A file beside the contents, with its media type.
    ///
    /// # Errors
    /// [`PackError::Missing`].
    pub fn file(name: &str) -> Result<(&'static str, &'static [u8]), PackError> {
        let path = format!("kinds/files/{name}");
        let media_type = match name.rsplit('.').next() {
            Some("png") => "image/png",
            Some("wav") => "audio/wav",
            Some("js") => "text/javascript",
            _ => "application/octet-stream",
        };
        match file(&path) {
            Some(bytes) => Ok((media_type, bytes)),
            None => Err(PackError::Missing { path }),
        }
    }

    pub(crate) fn check(&self) -> Result<(), PackError> {
        for (index, item) in self.items.iter().enumerate() {
            if item.number != index + 1 {
                let reason = format!("item {} has the number {}", index + 1, item.number);
                return Err(PackError::Value { place: "kinds/kinds.toml".to_owned(), reason });
            }
            for language in &self.languages {
                self.xml(language, item)?;
            }
            for name in &item.files {
                Self::file(name)?;
            }
        }
        Ok(())
    }
}
