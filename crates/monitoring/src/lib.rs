//! Results of a campaign: scoring, statistics, places, comparisons, reports.
//!
//! The rules are pure and stand in [`model`]:
//!
//! ```
//! use monitoring::model::{ItemOutcome, ItemStatus, Outcome, Points, places};
//!
//! let one = Points::whole(1);
//! let answers = [
//!     ItemOutcome::answered(1, Some("C".to_owned()), one, one),
//!     ItemOutcome::unanswered(2, ItemStatus::Skipped),
//! ];
//! assert_eq!(Outcome::of(&answers).unattempted(), 1);
//! // Ties share the better place.
//! let found: Vec<u32> = places(&[16.0, 18.0, 16.0, 12.0]).iter().map(|place| place.place).collect();
//! assert_eq!(found, [2, 1, 2, 4]);
//! ```
//!
//! Architecture invariants: every mean carries its n and says whether pupils or schools weigh the same; summaries come from
//! cells that are kept when results are written, never from the answer log; scoring again gives the same rows.

mod error;
pub mod import;
mod jobs;
mod marks;
mod migration;
pub mod model;
mod publish;
pub mod query;
pub mod report;
mod scoring;
mod watch;

pub use error::MonitoringError;
pub use jobs::{
    CAMPAIGN_REPORTS, CAMPAIGN_SCORED, CampaignReports, CampaignScored, handlers, report_handlers, request_reports,
    request_scoring,
};
pub use marks::{MarksFile, MarksPreview, NewMark, import_marks, load_marks, preview_marks};
pub use migration::migrations;
pub use publish::{Published, Typeset, publish_campaign, reports_folder, school_documents};
pub use scoring::{
    NewResult, PreparedForm, Scored, StoredCorrelations, StoredPair, load_results, prepare_form, score_campaign,
};
pub use watch::Watch;
