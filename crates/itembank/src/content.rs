//! The content of an item: QTI 3, checked, shown, its key.

use std::collections::BTreeMap;

use kernel::{ItemId, Language};
use qti::catalog::Need;
use qti::interaction::InteractionKind;
use qti::render::{self, RenderOptions};
use qti::score::Responses;

use crate::ItemBankError;
use crate::model::ShownItem;

/// What reading the content of an item brought out. Never shown or logged: it holds the keys.
pub(crate) struct Checked {
    /// Highest score.
    pub max_score: f64,
    /// The right value of each response variable that has one value.
    keys: Vec<String>,
}

fn read(item: ItemId, text: &str) -> Result<qti::Item, ItemBankError> {
    qti::parse_item(text).map_err(|error| ItemBankError::Content { item, findings: vec![error.to_string()] })
}

/// Reads the content of an item and makes sure that it can be sat and scored.
pub(crate) fn check(item: ItemId, text: &str) -> Result<Checked, ItemBankError> {
    let content = read(item, text)?;
    let mut findings = Vec::new();
    let interactions = content.interactions();
    if interactions.is_empty() {
        findings.push("there is nothing to answer".to_owned());
    }
    let mut keys = Vec::new();
    for interaction in &interactions {
        let (name, options) = (interaction.response(), interaction.choices());
        match content.correct_response(name) {
            None if is_open(interaction.kind) => {}
            None => findings.push(format!("{name} has no correct response")),
            Some(correct) => {
                let known = |key: &String| {
                    let is_option = |word: &str| options.iter().any(|option| option.identifier == word);
                    options.is_empty() || key.split_whitespace().all(is_option)
                };
                if !correct.iter().all(known) {
                    findings.push(format!("the correct response of {name} is none of its options"));
                }
                keys.extend(correct);
            }
        }
    }
    let max_score = content.max_score().unwrap_or(0.0);
    if max_score <= 0.0 {
        findings.push("the highest score is not above 0".to_owned());
    }
    if findings.is_empty() { Ok(Checked { max_score, keys }) } else { Err(ItemBankError::Content { item, findings }) }
}

impl Checked {
    /// Whether the key that was stated beside the content is the content's own.
    pub(crate) fn has_key(&self, item: ItemId, stated: &str) -> Result<(), ItemBankError> {
        if self.keys == [stated] {
            return Ok(());
        }
        // The keys themselves stay out of the message: messages are logged.
        let findings = vec!["the stated key is not the correct response of the content".to_owned()];
        Err(ItemBankError::Content { item, findings })
    }
}

/// Interactions whose answer has no key: what is written, drawn, sent, played or made there is scored by its own rules.
fn is_open(kind: InteractionKind) -> bool {
    use InteractionKind as K;
    matches!(kind, K::ExtendedText | K::Drawing | K::Upload | K::Media | K::EndAttempt | K::PortableCustom | K::Custom)
}

/// The one support of an item's catalogs that everybody is offered: what a word means. All others (translation, reading
/// aloud, simpler language) change what is asked of a pupil and wait for a profile of needs.
const FOR_EVERYBODY: &str = "glossary-on-screen";

/// Where the files of an item lie for the page that shows it, and what it offers.
fn options(item: ItemId, language: Language) -> RenderOptions {
    RenderOptions {
        language: Some(language.code().to_owned()),
        asset_base: format!("/sit/items/{item}/"),
        needs: Need::parse(&format!("{FOR_EVERYBODY}:{}", language.code())).into_iter().collect(),
        ..RenderOptions::default()
    }
}

/// The item as pupils see it, and what its form may send.
pub(crate) fn shown(item: ItemId, text: &str, language: Language) -> Result<ShownItem, ItemBankError> {
    let content = read(item, text)?;
    let html = render::html(&content, &options(item, language));
    let is_drawn = content.template_processing.is_some()
        || content.interactions().iter().any(qti::interaction::Interaction::shuffle);
    Ok(ShownItem { item, html, fields: render::fields(&content).into(), is_drawn })
}

/// The item as one attempt sees it: drawn by the attempt's seed, with an answer filled in. The templates' draw must be the
/// one it is scored with; orders are drawn for each item on their own.
pub(crate) fn shown_with(
    item: ItemId,
    text: &str,
    language: Language,
    seed: u64,
    response: BTreeMap<String, Vec<String>>,
) -> Result<String, ItemBankError> {
    let content = read(item, text)?;
    let drawn = RenderOptions {
        shuffle_seed: Some(seed ^ item.0.unsigned_abs()),
        template_seed: seed,
        response: Responses(response),
        ..options(item, language)
    };
    Ok(render::html(&content, &drawn))
}

/// The program of a portable custom interaction, or none when the response is not one.
pub(crate) fn program(item: ItemId, text: &str, response: &str) -> Result<Option<render::Program>, ItemBankError> {
    Ok(render::program(&read(item, text)?, response))
}
