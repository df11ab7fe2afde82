//! What pages ask for: summaries from cells, lists within what the actor may see.

mod lines;
mod lists;
mod scale;
mod statistics;
mod summary;

pub use lines::{ResultLine, mark_lines, result_lines};
pub use lists::{ClassTest, PupilScore, class_tests, pupil_scores};
pub use scale::{
    ContextScale, CurrentCalibration, LevelFilter, LevelPupil, TestScale, level_pupils, scale_points, test_calibration,
};
pub(crate) use scale::{context_scale, stored_scale};
pub use statistics::{FormStatistics, TaskStatistics, form_statistics};
pub use summary::{
    CampaignSummary, GradeSummary, Participation, SubjectFindings, TestSummary, campaign_findings, campaign_summary,
    school_findings,
};
