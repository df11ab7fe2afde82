//! From answer logs to results: scored, ranked, counted, with statistics.
//!
//! Each school of each test is one write: its results, places and cells go out and come in together, so that a job that was
//! stopped goes on by doing the same again and readers never see half of a school.

mod campaign;
mod form;
mod rows;
mod scale;
mod school;

pub use campaign::{Scored, StoredCorrelations, StoredPair, score_campaign};
pub use form::{PreparedForm, prepare_form};
pub use rows::{NewResult, load_results};

pub(crate) use campaign::{FormStatistics, StoredParticipation, write_campaign_statistics, write_statistics};
pub(crate) use rows::{ResultRow, read_responses, stored_place};
pub(crate) use scale::ScaleWork;
pub(crate) use school::{Taken, write_school};
