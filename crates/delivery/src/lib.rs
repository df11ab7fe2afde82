//! Delivery of tests: campaigns, sittings, attempts, and the answer log that is the truth about them.
//!
//! An attempt is its log. Every step appends entries that carry the hash of the one before; the state is a fold over them:
//!
//! ```
//! use delivery::model::{AttemptState, Command, NewStart, Outcome, Policy, Response, fold, record};
//! use kernel::{AttemptId, FormId, ItemId, Timestamp};
//!
//! let (attempt, policy) = (AttemptId(1), Policy::default());
//! let now = Timestamp::from_millisecond(1_668_400_000_000).unwrap();
//! let start = Command::Start(NewStart {
//!     seed: 7, form: FormId(2), items: vec![ItemId(11), ItemId(12)], minutes: 40, opens_at: 0, closes_at: i64::MAX,
//! });
//! let answer = Command::Answer { item: ItemId(11), response: Response::choice("B"), key: None };
//!
//! let mut state = AttemptState::default();
//! let mut log = record(&mut state, attempt, &start, now, &policy).entries;
//! log.extend(record(&mut state, attempt, &answer, now, &policy).entries);
//! assert_eq!(state.current(), Some(ItemId(12)));
//!
//! // The same answer again changes nothing and is acknowledged again.
//! let again = record(&mut state, attempt, &answer, now, &policy);
//! assert_eq!(again.reply.unwrap().outcome, Outcome::Repeated);
//!
//! // The log alone gives the state back, and no byte of it can change unnoticed.
//! assert_eq!(fold(attempt, &log).unwrap(), state);
//! log[1].payload = log[1].payload.replace("\"B\"", "\"C\"");
//! assert!(fold(attempt, &log).is_err());
//! ```
//!
//! Architecture invariants: the log is only ever appended to; an answer is acknowledged after its entry is on disk; the
//! columns of `attempt` that show a state are a projection of the log, written in the same transaction; time is the
//! server's; scoring keys do not pass through this crate.

mod migration;
pub mod model;
mod service;
mod store;
mod writer;

pub use itembank::Problem;
pub use migration::migrations;
pub use service::{
    CAMPAIGN_CLOSED, CampaignClosed, Card, CardSheet, CardsOf, Counts, Delivery, DeliveryError, Dimension, GivenFile,
    GivenFiles, Header, LiveFilter, LiveKind, LiveRow, LiveState, Prepared, Progress, Reached, Recording, Sent,
    SentFile, Share, SignIn, SignInError, SitError, SitPage, SittingSummary, Step, Unread, absence_name, campaign,
    campaign_by_code, campaigns, close_campaign, create_campaign, create_campaign_in, end_overdue, given_file,
    given_files, live_list, login_cards, move_window, open_campaign, participation, prepare_sittings,
    prepare_sittings_in, record_absence, reopen, replay, sittings, tests_with_files, withdraw_absence,
};
pub use store::{VerifyError, log, logs, verify_attempts};
pub use writer::{AnswerWriter, Answered, NotSaved};
