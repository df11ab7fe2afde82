//! The class report: one class, one test, item by pupil (facts 000b 2.5).

use serde::Serialize;

use super::{Imprint, LevelGroup, LevelTable, Mean, Number, Place, Points, PupilLevel, Skill, Status};

/// One class in one test: who can do what, and with whom to sit tomorrow.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassReport {
    /// Language, campaign, issuer, date.
    pub imprint: Imprint,
    /// Name of the school with its place.
    pub school: String,
    /// The class as shown.
    pub class: String,
    /// Subject as shown.
    pub subject: String,
    /// Language of instruction as shown.
    pub language_of_instruction: String,
    /// Teacher of the class; may be empty.
    pub teacher: String,
    /// Pupils in the class.
    pub enrolled: u32,
    /// Mean result of the class in percent, with the pupils who took part.
    pub mean: Mean,
    /// The same for the parallel.
    pub parallel_mean: Option<Mean>,
    /// The same for the whole campaign, in this language of instruction.
    pub campaign_mean: Option<Mean>,
    /// Reliability (coefficient alpha) of the test over the campaign, and the standard error of a score in points.
    pub alpha: Option<Number>,
    /// Standard error of measurement of the raw score, in points.
    pub standard_error: Option<Number>,
    /// The tasks, in the order of the form.
    pub items: Vec<ClassItem>,
    /// Pupils who took part, in the order in which they shall be printed.
    pub pupils: Vec<PupilRow>,
    /// Pupils who did not take part.
    pub absent: Vec<AbsentPupil>,
    /// Share correct by criterion, when a criterion has several tasks; empty when each task has its own.
    pub criteria: Vec<CriterionShare>,
    /// Groups by need for tomorrow's lesson.
    pub groups: Vec<NeedGroup>,
    /// The class on the ability scale, beside its parallel and the campaign.
    pub levels: Option<LevelTable>,
    /// Who stands at which level.
    pub level_groups: Vec<LevelGroup>,
    /// Why there is no scale, in a sentence; empty when there is one.
    pub no_scale: String,
}

/// A task over the class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassItem {
    /// Number in the form, from 1.
    pub number: u32,
    /// Section of the programme.
    pub section: String,
    /// Topic.
    pub topic: String,
    /// Assessment criterion.
    pub criterion: String,
    /// Skill level.
    pub skill: Option<Skill>,
    /// Facility in the class: share of the points possible, in percent.
    pub share: Mean,
    /// Facility over the campaign, in percent.
    pub campaign_share: Option<Mean>,
}

/// A pupil's row of the matrix.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PupilRow {
    /// Name as printed in a narrow column (surname and given name).
    pub name: String,
    /// What became of each task; as many as `items`.
    pub statuses: Vec<Status>,
    /// Points for tasks worth more than one: empty, or as many as `items`.
    pub points: Vec<Option<Points>>,
    /// Raw score.
    pub score: Number,
    /// In percent of the maximum.
    pub percent: Number,
    /// Place in the class.
    pub place: Option<Place>,
    /// On the ability scale.
    pub scale: Option<PupilLevel>,
}

/// A pupil who did not take part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AbsentPupil {
    /// Name.
    pub name: String,
    /// The coded reason in words; may be empty.
    pub reason: String,
}

/// How a criterion was met.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CriterionShare {
    /// The criterion (or section).
    pub criterion: String,
    /// Numbers of the tasks that show it.
    pub items: Vec<u32>,
    /// Share of the points possible in the class, in percent.
    pub share: Mean,
    /// The same over the campaign.
    pub campaign_share: Option<Mean>,
}

/// Pupils who need the same thing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NeedGroup {
    /// What they need: a criterion or a section.
    pub need: String,
    /// Numbers of the tasks behind it.
    pub items: Vec<u32>,
    /// Names of the pupils.
    pub pupils: Vec<String>,
    /// What to do, in one sentence; may be empty.
    pub advice: String,
}
