//! What can go wrong with results.

use kernel::{AttemptId, CampaignId, FormId, ItemId};

use crate::import::Rejected;
use crate::model::StatisticsError;

/// What can go wrong with results.
#[derive(Debug, thiserror::Error)]
pub enum MonitoringError {
    /// The rules do not give it.
    #[error(transparent)]
    Denied(#[from] access::Denied),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The item bank.
    #[error(transparent)]
    ItemBank(#[from] itembank::ItemBankError),
    /// Delivery.
    #[error(transparent)]
    Delivery(#[from] delivery::DeliveryError),
    /// A file was refused; nothing of it is kept.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// A file is no table, or not one that can be read without a choice.
    #[error(transparent)]
    Table(#[from] documents::table::ReadError),
    /// The statistics of a test.
    #[error(transparent)]
    Statistics(#[from] StatisticsError),
    /// The campaign is not there.
    #[error("there is no campaign {0}")]
    NoCampaign(CampaignId),
    /// A campaign with this name is there already.
    #[error("there is a test called \"{0}\" already: choose another name")]
    NameTaken(String),
    /// An item can neither be scored by its content nor by a key.
    #[error("item {item} at place {position} of form {form} has neither content nor key: it cannot be scored")]
    NoKey {
        /// Form.
        form: FormId,
        /// Place in it.
        position: usize,
        /// Item.
        item: ItemId,
    },
    /// The content of an item cannot be read or scored.
    #[error("item {item} cannot be scored: {reason}")]
    Unscorable {
        /// Item.
        item: ItemId,
        /// Why.
        reason: String,
    },
    /// An attempt without an answer log has no results that were brought in either.
    #[error("attempt {0} is finished but has neither an answer log nor a result")]
    NoAnswers(AttemptId),
    /// A stored structure cannot be read.
    #[error("stored {what} cannot be read: {source}")]
    Stored {
        /// Which.
        what: &'static str,
        /// What the reader said.
        source: serde_json::Error,
    },
    /// Work beside the pages was broken off.
    #[error("{what} was broken off: {reason}; start it again")]
    Interrupted {
        /// Which.
        what: &'static str,
        /// What happened.
        reason: String,
    },
    /// A file could not be written or read.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A document could not be made.
    #[error("the document {name} could not be made: {reason}")]
    Document {
        /// Which.
        name: String,
        /// Why.
        reason: String,
    },
}
