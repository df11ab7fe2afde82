//! The school report: all subjects of one school against the campaign and against its own marks.

use serde::Serialize;

use super::{Finding, Imprint, LevelTable, Mean, Number, Place};

/// One school in a campaign.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SchoolReport {
    /// Language, campaign, issuer, date.
    pub imprint: Imprint,
    /// Name of the school.
    pub school: String,
    /// Region and district as shown.
    pub region: String,
    /// Participation by grade and language of instruction.
    pub participation: Vec<ParticipationRow>,
    /// One row for each test of the school.
    pub subjects: Vec<SchoolSubjectRow>,
    /// One row for each class and test.
    pub classes: Vec<SchoolClassRow>,
    /// On the ability scale: subjects, one table for each grade.
    pub levels: Vec<LevelTable>,
    /// What was done well and badly, by subject.
    pub findings: Vec<Finding>,
    /// Sentences that sum up; may be empty.
    pub summary: Vec<String>,
}

/// Who took part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ParticipationRow {
    /// Grade.
    pub grade: u32,
    /// Language of instruction as shown.
    pub language: String,
    /// Pupils on the roster.
    pub enrolled: u32,
    /// Pupils who took at least one test.
    pub took_part: u32,
    /// Share in percent.
    pub percent: Option<Number>,
}

/// A test of the school.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SchoolSubjectRow {
    /// Grade.
    pub grade: u32,
    /// Subject as shown.
    pub subject: String,
    /// Mean of the school in percent.
    pub mean: Mean,
    /// Standard error of the school's mean, in percentage points.
    pub standard_error: Option<Number>,
    /// Mean of the campaign.
    pub campaign_mean: Mean,
    /// Place among the schools that took this test.
    pub place: Option<Place>,
    /// The school's own marks of the term, in percent.
    pub marks: Option<Number>,
    /// Marks minus monitoring, in percentage points.
    pub gap: Option<Number>,
}

/// A class in a test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SchoolClassRow {
    /// The class as shown.
    pub class: String,
    /// Subject as shown.
    pub subject: String,
    /// Mean in percent.
    pub mean: Mean,
    /// Lowest and highest result in percent.
    pub lowest: Option<Number>,
    /// Highest result in percent.
    pub highest: Option<Number>,
}
