use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{Network, PackError, Subject, Text};

/// One monitoring as a whole: its tests, its printed results, what the demonstration data do with them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Campaign {
    /// Code.
    pub code: String,
    /// Code of the network.
    pub network: String,
    /// Name.
    pub name: Text,
    /// Year in which the school year began.
    pub school_year: u16,
    /// First day, ISO 8601.
    pub opens: String,
    /// Last day, ISO 8601.
    pub closes: String,
    /// Tasks of every test.
    pub items: usize,
    /// Minutes for every test.
    pub minutes: u32,
    /// Individual reports that were printed, one per pupil and test taken.
    pub attempts: usize,
    /// Class reports that were printed.
    pub class_reports: usize,
    /// The tests.
    #[serde(rename = "test")]
    pub tests: Vec<Test>,
    /// Why a pupil can be absent.
    #[serde(rename = "absence_reason")]
    pub absence_reasons: Vec<AbsenceReason>,
    /// Results as printed in the source.
    pub printed: Printed,
    /// Where the demonstration data leave them.
    pub model: Model,
}

/// A test of a campaign.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// Code, as in the names of specifications and item folders.
    pub code: String,
    /// Grade.
    pub grade: u8,
    /// Code of the subject.
    pub subject: String,
    /// Languages of instruction whose pupils sit it.
    pub audience: Vec<String>,
    /// Languages in which the form exists.
    pub languages: Vec<String>,
    /// Day, ISO 8601.
    pub date: String,
}

impl Test {
    /// The language of the form that a pupil with this language of instruction gets; `None` when the test is not theirs.
    pub fn form_language(&self, instruction: &str) -> Option<&str> {
        if !self.audience.iter().any(|language| language == instruction) {
            return None;
        }
        self.languages.iter().find(|language| *language == instruction).or(self.languages.first()).map(String::as_str)
    }
}

/// A coded reason of absence.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbsenceReason {
    /// Code.
    pub code: String,
    /// How often in the demonstration data, out of 100.
    pub share: u32,
    /// Name.
    pub name: Text,
}

/// Results as the source prints them, misprints included.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Printed {
    /// Schools by grade.
    pub school_results: Vec<SchoolResult>,
    /// Grade 4 by school and test.
    pub grade4_means: Vec<GradeMeans>,
    /// Who took part.
    pub participants: Vec<Participants>,
    /// Means by test and language of instruction.
    pub subject_results: Vec<SubjectResult>,
    /// Highest and lowest schools named in the text.
    pub named: Vec<Named>,
}

/// A school's two grades.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchoolResult {
    /// Code of the school.
    pub school: String,
    /// Grade 4.
    pub grade4: GradeResult,
    /// Grade 8.
    pub grade8: GradeResult,
}

impl SchoolResult {
    /// The result of a grade; `None` when the campaign has no such grade.
    pub fn grade(&self, grade: u8) -> Option<&GradeResult> {
        match grade {
            4 => Some(&self.grade4),
            8 => Some(&self.grade8),
            _ => None,
        }
    }
}

/// A school's indicator in one grade, in per cent, and its place.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradeResult {
    /// Mean of the school's subject means in the monitoring.
    pub monitoring: f64,
    /// The school's own term assessment.
    pub current: f64,
    /// Printed place among the schools.
    pub rank: u32,
}

/// A school's means by test, per cent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradeMeans {
    /// Code of the school.
    pub school: String,
    /// Mean by test code; absent where the table prints "-".
    pub means: BTreeMap<String, f64>,
}

/// Number of participants.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Participants {
    /// Grade.
    pub grade: u8,
    /// Language of instruction.
    pub language: String,
    /// Pupils.
    pub pupils: u32,
}

/// Mean of a test by language of instruction, per cent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectResult {
    /// Code of the test.
    pub test: String,
    /// All pupils.
    pub overall: f64,
    /// Kazakh-medium pupils.
    pub kk: Option<f64>,
    /// Russian-medium pupils.
    pub ru: Option<f64>,
}

impl SubjectResult {
    /// Mean of a language of instruction.
    pub fn language(&self, language: &str) -> Option<f64> {
        match language {
            "kk" => self.kk,
            "ru" => self.ru,
            _ => None,
        }
    }
}

/// Schools that the text names.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Code of the test.
    pub test: String,
    /// Codes of the highest schools.
    pub highest: Vec<String>,
    /// Codes of the lowest schools.
    pub lowest: Vec<String>,
}

/// What the demonstration data do besides following the printed results.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Printed school means that are not followed.
    #[serde(rename = "correction")]
    pub corrections: Vec<Correction>,
    /// Tasks that the report found well or badly done.
    #[serde(rename = "finding", default)]
    pub findings: Vec<Finding>,
}

/// A printed school mean that the demonstration data replace.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Code of the school.
    pub school: String,
    /// Code of the test.
    pub test: String,
    /// Mean that is used; `None` where the school does not have the test.
    #[serde(rename = "use")]
    pub used: Option<f64>,
    /// Why.
    pub reason: String,
}

/// Tasks of a test that the report found well or badly done (facts 6.2).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Code of the test.
    pub test: String,
    /// Numbers of tasks that were done well.
    pub well: Vec<usize>,
    /// Numbers of tasks that were hard.
    pub badly: Vec<usize>,
}

impl Campaign {
    /// A test and its place in the list by code.
    pub fn test(&self, code: &str) -> Option<(usize, &Test)> {
        self.tests.iter().enumerate().find(|(_, test)| test.code == code)
    }

    /// The mean (per cent) that the demonstration data aim at for a school and a grade 4 test.
    pub fn grade4_mean(&self, school: &str, test: &str) -> Option<f64> {
        if let Some(correction) =
            self.model.corrections.iter().find(|correction| correction.school == school && correction.test == test)
        {
            return correction.used;
        }
        let row = self.printed.grade4_means.iter().find(|row| row.school == school)?;
        row.means.get(test).copied()
    }

    pub(crate) fn check(&self, network: &Network, subjects: &[Subject]) -> Result<(), PackError> {
        let place = format!("campaigns/{}.toml", self.code);
        let unknown = |kind, code: &str| PackError::Unknown { place: place.clone(), kind, code: code.to_owned() };
        for test in &self.tests {
            if !subjects.iter().any(|subject| subject.code == test.subject) {
                return Err(unknown("subject", &test.subject));
            }
            if test.languages.is_empty() || test.audience.is_empty() {
                return Err(PackError::Value {
                    place: format!("{place}, {}", test.code),
                    reason: "a test needs an audience and a language".to_owned(),
                });
            }
        }
        let tests = (self.printed.grade4_means.iter())
            .flat_map(|row| row.means.keys())
            .chain(self.printed.subject_results.iter().map(|row| &row.test))
            .chain(self.printed.named.iter().map(|row| &row.test))
            .chain(self.model.corrections.iter().map(|row| &row.test))
            .chain(self.model.findings.iter().map(|row| &row.test));
        for test in tests {
            if self.test(test).is_none() {
                return Err(unknown("test", test));
            }
        }
        let schools = (self.printed.grade4_means.iter().map(|row| &row.school))
            .chain(self.printed.school_results.iter().map(|row| &row.school))
            .chain((self.printed.named.iter()).flat_map(|row| row.highest.iter().chain(&row.lowest)))
            .chain(self.model.corrections.iter().map(|row| &row.school));
        for school in schools {
            if network.school(school).is_none() {
                return Err(unknown("school", school));
            }
        }
        let numbers = (self.model.findings.iter()).flat_map(|finding| finding.well.iter().chain(&finding.badly));
        for number in numbers {
            if !(1..=self.items).contains(number) {
                return Err(PackError::Value { place, reason: format!("there is no task {number}") });
            }
        }
        Ok(())
    }
}
