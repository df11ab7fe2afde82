//! What every room shares: ids, languages and localized text, the clock, decimal rounding, and who acts
//! and how far they reach. No input or output.
//!
//! ```
//! use kernel::{Language, Localized, share_in_percent};
//!
//! let name = Localized::new("Математика", "Математика", "Mathematics");
//! assert_eq!(name.in_language(Language::En), "Mathematics");
//! // Shares are rounded half-up in decimal, never through a binary fraction: 1,365 of 2,000 is 68.3, not 68.2.
//! assert_eq!(share_in_percent(1365, 2000, 1).unwrap().to_string(), "68.3");
//! ```
//!
//! Architecture invariant: this crate depends on no runtime, database or HTTP.

mod actor;
mod calendar;
mod id;
mod language;
mod number;
mod time;

pub use actor::{Action, Actor, Assignment, Place, Role, Scope};
pub use calendar::{day_in_words, days_in_words};
pub use id::{
    AccountId, AttemptId, CampaignId, ClassId, FormId, IdGenerator, IdParseError, ItemId, ItemVersionId, JobId,
    OrgUnitId, PersonId, SchoolId, SittingId, TestId,
};
pub use language::{Language, Localized, UnknownLanguage};
pub use number::{Decimal, round_half_up, share_in_percent};
pub use time::{Clock, Date, FixedClock, SystemClock, Timestamp, school_year_of};
