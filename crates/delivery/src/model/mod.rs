//! The answer log and its rules, without database, clock or network.

mod campaign;
mod chain;
mod code;
mod event;
mod file;
mod rules;
mod state;

pub(crate) use campaign::time_zone;
pub use campaign::{AbsenceReason, Campaign, CampaignState, NewCampaign, NewTest, Source, Test};
pub use chain::{Entry, Hash, LogError, verify};
pub use code::{CODE_LENGTH, Code, CodeError};
pub use event::{Event, FinishedBy, LateBecause, Response};
pub use file::{FILE_MAXIMUM, FileReference, NotAReference};
pub use rules::{
    Acknowledgement, Command, NewStart, Outcome, Policy, RESPONSE_MAXIMUM, Recorded, Refusal, TEXT_MAXIMUM, record,
};
pub use state::{AttemptState, Done, LateAnswer, Status, fold};
