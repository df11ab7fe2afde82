//! Use cases. One call is one transaction; clock, randomness and actor come in.

mod answer;
mod campaign;
mod cards;
mod files;
mod participation;
mod prepare;
mod replay;
mod school;
mod sit;
mod window;

pub use answer::{Sent, SentFile, Unread};
pub use campaign::{campaign, campaign_by_code, campaigns, create_campaign, create_campaign_in};
pub use cards::{Card, CardSheet, CardsOf, login_cards};
pub use files::{GivenFile, GivenFiles, given_file, given_files, tests_with_files};
pub use participation::{Counts, Dimension, Share, participation};
pub use prepare::{Prepared, prepare_sittings, prepare_sittings_in};
pub use replay::{Recording, replay};
pub use school::{
    LiveFilter, LiveKind, LiveRow, LiveState, SittingSummary, absence_name, live_list, record_absence, reopen,
    sittings, withdraw_absence,
};
pub use sit::{Delivery, Header, Progress, Reached, SignIn, SignInError, SitError, SitPage, Step};
pub use window::{CAMPAIGN_CLOSED, CampaignClosed, close_campaign, end_overdue, move_window, open_campaign};

use kernel::{AttemptId, CampaignId};

use crate::model::Refusal;
use crate::store::LogStoreError;

/// What can go wrong when campaigns and sittings are managed.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The rules do not give it.
    #[error(transparent)]
    Denied(#[from] access::Denied),
    /// The database.
    #[error(transparent)]
    Store(#[from] ::store::StoreError),
    /// The attempt does not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The campaign is not there.
    #[error("there is no campaign {0}")]
    NoCampaign(CampaignId),
    /// The attempt is not there.
    #[error("there is no attempt {0}")]
    NoAttempt(AttemptId),
    /// The attempt's log is broken.
    #[error("{0}")]
    BrokenLog(String),
    /// The last day lies before the first.
    #[error("the window would close on {closes_on}, before it opens on {opens_on}")]
    Window {
        /// First day.
        opens_on: kernel::Date,
        /// Last day.
        closes_on: kernel::Date,
    },
    /// No such time zone.
    #[error("there is no time zone \"{0}\": use a name such as Asia/Almaty")]
    Zone(String),
    /// The campaign does not know this reason of absence.
    #[error("\"{code}\" is no reason of absence in this campaign; there are: {}", known.join(", "))]
    UnknownReason {
        /// What was given.
        code: String,
        /// What there is.
        known: Vec<String>,
    },
    /// A test without a form.
    #[error("test {test} has no form")]
    NoForm {
        /// Its code.
        test: String,
    },
    /// Answers come in faster than the window can be closed: try again.
    #[error("answers came in at the same moment; nothing was changed, try again")]
    Busy,
}

impl From<LogStoreError> for DeliveryError {
    fn from(error: LogStoreError) -> Self {
        match error {
            LogStoreError::Store(error) => error.into(),
            LogStoreError::NoAttempt(attempt) => Self::NoAttempt(attempt),
            LogStoreError::Broken { .. } => Self::BrokenLog(error.to_string()),
        }
    }
}
