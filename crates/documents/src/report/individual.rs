//! The individual report: one pupil, one test (facts 000b 2.4, 3.13).

use serde::Serialize;

use super::{Imprint, Number, Place, Points, ScaleResult, Skill, Standing, Status};

/// One pupil's result in one test, and what to do next.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndividualReport {
    /// Language, campaign, issuer, date.
    pub imprint: Imprint,
    /// Name of the school with its place.
    pub school: String,
    /// The class as shown ("4 «А»").
    pub class: String,
    /// Full name of the pupil.
    pub pupil: String,
    /// Subject as shown.
    pub subject: String,
    /// Language of instruction as shown.
    pub language_of_instruction: String,
    /// Number of tasks in the test.
    pub tasks: u32,
    /// Tasks done correctly.
    pub correct: u32,
    /// Tasks without an answer: skipped and not reached.
    pub unattempted: u32,
    /// Place in the class; `None` when there is nobody to compare with.
    pub class_place: Option<Place>,
    /// Place in the parallel.
    pub parallel_place: Option<Place>,
    /// One row for each task, in the order of the form.
    pub items: Vec<ItemRow>,
    /// Result by skill level A, B, C.
    pub skills: Vec<SkillResult>,
    /// Result by section, in the order in which they shall be read.
    pub sections: Vec<SectionResult>,
    /// The score with its standard error.
    pub score: Score,
    /// One or two sentences for the parent about the whole result; may be empty.
    pub summary: String,
    /// The result on the ability scale.
    pub scale: Option<ScaleResult>,
    /// Why there is none, in a sentence; empty when there is one.
    pub no_scale: String,
}

/// One task of the test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemRow {
    /// Number in the form, from 1.
    pub number: u32,
    /// Section of the programme.
    pub section: String,
    /// Topic.
    pub topic: String,
    /// Assessment criterion.
    pub criterion: String,
    /// Skill level; `None` when the test does not name them.
    pub skill: Option<Skill>,
    /// What became of it.
    pub status: Status,
    /// For tasks worth more than one point: shown beside the status.
    pub points: Option<Points>,
}

/// Result of one skill level.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SkillResult {
    /// The level.
    pub skill: Skill,
    /// Points (or tasks) earned.
    pub correct: Number,
    /// Points (or tasks) possible.
    pub of: Number,
}

/// Result of one section, and what to do about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SectionResult {
    /// Name of the section.
    pub section: String,
    /// Points (or tasks) earned.
    pub correct: Number,
    /// Points (or tasks) possible.
    pub of: Number,
    /// How it stands.
    pub standing: Standing,
    /// What to do next, in words a parent understands: usually the criteria that failed. May be empty.
    pub advice: String,
}

/// A score with its precision.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// Points earned.
    pub raw: Number,
    /// Points possible.
    pub maximum: Number,
    /// In percent of the maximum.
    pub percent: Number,
    /// Standard error of the raw score, in points; `None` when it could not be computed.
    pub standard_error: Option<Number>,
    /// Lower end of the range shown (one standard error below, not under 0).
    pub low: Option<Number>,
    /// Upper end of the range shown (one standard error above, not over the maximum).
    pub high: Option<Number>,
    /// The sentence that says it ("With similar tasks the score would most likely lie between 14 and 18 of 20.");
    /// [`crate::sentence`] makes it. Empty without a standard error.
    pub sentence: String,
}
