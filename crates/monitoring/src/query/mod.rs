//! What pages ask for: summaries from cells, lists within what the actor may see.

mod lists;
mod statistics;
mod summary;

pub use lists::{ClassTest, PupilScore, class_tests, pupil_scores};
pub use statistics::{FormStatistics, test_statistics};
pub use summary::{
    CampaignSummary, GradeSummary, Participation, SubjectFindings, TestSummary, campaign_findings, campaign_summary,
    school_findings,
};
