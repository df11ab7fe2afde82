//! What the documents say, as plain data. `monitoring` fills these; a template shows them.
//!
//! Everything a reader sees is either ready text in the document's language (names, topics, advice), a count, or a
//! [`Number`] that carries both its text and its value. Fixed wording (column heads, captions) is not here: it comes
//! from [`crate::Labels`].

mod analysis;
mod campaign;
mod cards;
mod class;
mod individual;
mod number;
mod paper;
mod scale;
mod school;

pub use analysis::{AnalysisBody, AnalysisChart, AnalysisColumn, AnalysisSection, TestAnalysis};
pub use campaign::{
    BreakdownRow, BreakdownTable, CampaignPresentation, CorrelationTable, Finding, GradeResult, SchoolPlace,
    SubjectMean,
};
pub use cards::{LoginCard, LoginCards};
pub use class::{AbsentPupil, ClassItem, ClassReport, CriterionShare, NeedGroup, PupilRow};
pub use individual::{IndividualReport, ItemRow, Score, SectionResult, SkillResult};
pub use number::{Mean, Number};
pub use paper::{PaperField, PaperForm, PaperPicture, PaperTask};
pub use scale::{LevelGroup, LevelRow, LevelTable, LevelZone, PupilLevel, ScaleResult};
pub use school::{ParticipationRow, SchoolClassRow, SchoolReport, SchoolSubjectRow};

use kernel::Language;
use serde::Serialize;

/// What every document carries besides its content.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Imprint {
    /// Language of the document: of its labels, its hyphenation and its PDF metadata.
    pub language: Language,
    /// Name of the campaign as shown.
    pub campaign: String,
    /// Who issues the document, with the town, as shown in the footer.
    pub issuer: String,
    /// The date as shown ("18 қараша 2022 ж.").
    pub date: String,
    /// Whether the results are generated for demonstration: then every page says so.
    pub demonstration: bool,
}

/// What became of an item in an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Full points.
    Correct,
    /// Some, not all points.
    Partial,
    /// Answered, no points.
    Incorrect,
    /// Seen and passed over.
    Skipped,
    /// Never seen.
    NotReached,
    /// Not part of this pupil's form or not valid.
    NotGiven,
}

/// Skill level of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Skill {
    /// Knowledge and understanding.
    A,
    /// Application.
    B,
    /// Higher-order skills.
    C,
}

/// A place among those who took part. Ties share the better place; that rule is applied by whoever fills this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The place, 1 is best.
    pub place: u32,
    /// How many took part.
    pub of: u32,
}

/// Points earned of the points possible, for items that give more than one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Points {
    /// Earned.
    pub earned: Number,
    /// Possible.
    pub of: Number,
}

/// How a section stands for a pupil or a class. Where the borders lie is the caller's rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Done well.
    Strong,
    /// In between.
    Middle,
    /// Needs work.
    Weak,
}
