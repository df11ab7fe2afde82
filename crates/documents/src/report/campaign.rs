//! The campaign as a presentation: slides 16:9 (facts 000b 2.6).

use serde::Serialize;

use super::{CriterionShare, Imprint, LevelTable, Mean, Number};

/// A campaign for the people who decide.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CampaignPresentation {
    /// Language, campaign, issuer, date.
    pub imprint: Imprint,
    /// When it was held, as shown.
    pub period: String,
    /// Schools that took part.
    pub schools: u32,
    /// Pupils on the roster.
    pub enrolled: u32,
    /// Pupils who took at least one test.
    pub took_part: u32,
    /// Tests, and attempts in them.
    pub tests: u32,
    /// Attempts with a result.
    pub attempts: u32,
    /// Two to five sentences for the first slide after the title; may be empty.
    pub highlights: Vec<String>,
    /// Means by grade and subject.
    pub subjects: Vec<SubjectMean>,
    /// Any further breakdown: by district, by kind of school.
    pub breakdowns: Vec<BreakdownTable>,
    /// Places of the schools, in the order in which they shall be printed.
    pub places: Vec<SchoolPlace>,
    /// Grades that [`SchoolPlace::grades`] lists, in order.
    pub grades: Vec<u32>,
    /// Correlation between subjects, one table for each grade.
    pub correlations: Vec<CorrelationTable>,
    /// What was done well and badly, by subject.
    pub findings: Vec<Finding>,
    /// On the ability scale by subject, one table for each of [`Self::grades`] that has one.
    pub levels: Vec<LevelTable>,
    /// The same by subject and language of instruction.
    pub levels_by_language: Vec<LevelTable>,
    /// Mean points by district, one table for each grade.
    pub scale_by_district: Vec<BreakdownTable>,
}

/// A subject in a grade over the campaign.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SubjectMean {
    /// Grade.
    pub grade: u32,
    /// Subject as shown.
    pub subject: String,
    /// Mean in percent.
    pub mean: Mean,
    /// Standard error of the mean, in percentage points.
    pub standard_error: Option<Number>,
    /// Mean in classes with Kazakh as language of instruction.
    pub kazakh: Option<Mean>,
    /// Mean in classes with Russian as language of instruction.
    pub russian: Option<Mean>,
    /// Reliability (coefficient alpha) of the test.
    pub alpha: Option<Number>,
}

/// Means by some dimension.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BreakdownTable {
    /// What it breaks down by ("By region, grade 4").
    pub title: String,
    /// Heads of the value columns (subjects).
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<BreakdownRow>,
}

/// A row of a breakdown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BreakdownRow {
    /// Its name.
    pub name: String,
    /// As many means as there are columns; `None` where the test was not taken.
    pub means: Vec<Option<Mean>>,
}

/// A school among the schools.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SchoolPlace {
    /// Short name (region or settlement).
    pub school: String,
    /// One entry for each of [`CampaignPresentation::grades`]; `None` where the grade did not take part.
    pub grades: Vec<Option<GradeResult>>,
    /// Place in the first grade minus place in the last grade.
    pub difference: Option<i32>,
}

/// A school's result in a grade.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GradeResult {
    /// Mean of its subjects in percent, with the pupils behind it.
    pub mean: Mean,
    /// Place among the schools.
    pub place: Option<u32>,
    /// The school's own marks, in percent.
    pub marks: Option<Number>,
    /// Marks minus monitoring, in percentage points.
    pub gap: Option<Number>,
}

/// Correlation between the subjects of a grade.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CorrelationTable {
    /// Grade.
    pub grade: u32,
    /// Subjects, short.
    pub subjects: Vec<String>,
    /// Square table; `None` on the diagonal and where fewer than 10 pupils took both.
    pub cells: Vec<Vec<Option<Number>>>,
    /// Smallest number of pupils behind a cell.
    pub n: u32,
}

/// What was done well and badly in a subject.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Grade.
    pub grade: u32,
    /// Subject as shown.
    pub subject: String,
    /// Best met criteria.
    pub done_well: Vec<CriterionShare>,
    /// Worst met criteria.
    pub done_badly: Vec<CriterionShare>,
    /// What to do, in one sentence; may be empty.
    pub advice: String,
}
