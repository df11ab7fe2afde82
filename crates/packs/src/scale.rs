//! The ability scale and its levels: what a network decides about them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{PackError, Text, files};

/// Where the rules stand in the pack.
const PATH: &str = "scale.toml";

/// Model of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScaleModel {
    /// Rasch; partial credit for tasks of several points.
    Rasch,
    /// Two-parameter logistic; generalised partial credit for tasks of several points.
    #[serde(rename = "2pl")]
    TwoParameter,
}

/// How a pupil's ability is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScaleMethod {
    /// Warm's weighted likelihood.
    Wle,
    /// Posterior mean.
    Eap,
}

/// What a missing answer counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counts {
    /// As no points.
    Zero,
    /// Not at all.
    Nothing,
}

/// Treatment of the two kinds of missing answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// Seen and passed over.
    pub skipped: Counts,
    /// Never seen.
    pub not_reached: Counts,
}

/// Treatment when tasks are calibrated and when pupils are scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MissingRules {
    /// Calibration.
    pub calibration: Missing,
    /// Scores.
    pub score: Missing,
}

/// Below these numbers there is no scale, or no comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Minimum {
    /// Results for Rasch.
    pub rasch: u32,
    /// Results for the two-parameter model.
    pub two_parameter: u32,
    /// Results of each language version for their comparison.
    pub language: u32,
    /// Tasks that differ between pupils.
    pub tasks: u32,
}

/// When a task deserves a look.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlagRules {
    /// Infit and outfit outside this range.
    pub mean_square: (f64, f64),
    /// S-X2 with a probability below this …
    pub s_x2_probability: f64,
    /// … and an effect (RMSEA) above this.
    pub s_x2_rmsea: f64,
    /// Difference between language versions at equal points, as a share of the task's points, for tasks of several points.
    pub language_difference: f64,
}

/// The lower border of a level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// The ability at which this percentage of the points of the test is expected, 0 to 100.
    ExpectedPercent(f64),
    /// Points of the scale.
    Points(f64),
}

/// A performance level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Stable word: `basic`.
    pub code: String,
    /// Name as shown.
    pub name: Text,
    /// What it means, as the end of a sentence that a parent understands.
    pub meaning: Text,
    /// Its lower border; none for the lowest level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_percent: Option<f64>,
}

/// What differs for a test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScaleTest {
    /// The test.
    pub code: String,
    /// Another model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ScaleModel>,
    /// Other borders, one for each level but the lowest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cuts: Vec<Cut>,
}

/// The scale of a network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScaleRules {
    /// Its name, shown with scores.
    pub name: Text,
    /// Points at the mean ability of those who took the test.
    pub mean: f64,
    /// Points of one standard deviation of ability, above 0.
    pub sd: f64,
    /// Lowest points given.
    pub lowest: f64,
    /// Highest points given.
    pub highest: f64,
    /// Model, unless a test says otherwise.
    pub model: ScaleModel,
    /// How pupils are scored.
    pub method: ScaleMethod,
    /// Smallest numbers.
    pub minimum: Minimum,
    /// Missing answers.
    pub missing: MissingRules,
    /// Flags.
    pub flags: FlagRules,
    /// Levels from the lowest.
    #[serde(rename = "level")]
    pub levels: Vec<Level>,
    /// Tests that differ.
    #[serde(rename = "test", default)]
    pub tests: Vec<ScaleTest>,
}

impl ScaleRules {
    /// The rules of the pack inside the binary, read and checked.
    pub fn embedded() -> Result<Self, PackError> {
        let rules: Self = files::parse(PATH)?;
        rules.check()?;
        Ok(rules)
    }

    /// Model of a test.
    pub fn model_of(&self, test: &str) -> ScaleModel {
        self.of(test).and_then(|own| own.model).unwrap_or(self.model)
    }

    /// Borders of a test, one for each level but the lowest.
    pub fn cuts_of(&self, test: &str) -> Vec<Cut> {
        match self.of(test) {
            Some(own) if !own.cuts.is_empty() => own.cuts.clone(),
            _ => self.levels.iter().filter_map(|level| level.expected_percent.map(Cut::ExpectedPercent)).collect(),
        }
    }

    fn of(&self, test: &str) -> Option<&ScaleTest> {
        self.tests.iter().find(|own| own.code == test)
    }

    fn check(&self) -> Result<(), PackError> {
        let wrong = |what: &str, reason: String| Err(PackError::Value { place: format!("{PATH}, {what}"), reason });
        if !(self.sd > 0.0 && self.lowest < self.mean && self.mean < self.highest) {
            return wrong("scale", "needs sd above 0 and lowest < mean < highest".to_owned());
        }
        if self.levels.len() < 2 {
            return wrong("levels", format!("needs at least two, has {}", self.levels.len()));
        }
        let mut codes = BTreeSet::new();
        for (place, level) in self.levels.iter().enumerate() {
            if !codes.insert(&level.code) {
                return Err(PackError::Twice { place: PATH.to_owned(), code: level.code.clone() });
            }
            if level.expected_percent.is_none() != (place == 0) {
                return wrong(&level.code, "every level but the lowest has an expected_percent".to_owned());
            }
        }
        let default = self.cuts_of("");
        for (what, cuts) in
            std::iter::once(("levels", &default)).chain(self.tests.iter().map(|test| (test.code.as_str(), &test.cuts)))
        {
            if !cuts.is_empty() && cuts.len() + 1 != self.levels.len() {
                return wrong(what, format!("{} cuts for {} levels", cuts.len(), self.levels.len()));
            }
            let outside = |cut: &Cut| match cut {
                Cut::ExpectedPercent(percent) => !(*percent > 0.0 && *percent < 100.0),
                Cut::Points(points) => !(*points > self.lowest && *points < self.highest),
            };
            if cuts.iter().any(outside) {
                return wrong(what, "a cut is outside 0 to 100 percent or outside the scale".to_owned());
            }
            let falls = |pair: &[Cut]| match pair {
                [Cut::ExpectedPercent(one), Cut::ExpectedPercent(other)] | [Cut::Points(one), Cut::Points(other)] => {
                    one >= other
                }
                _ => false,
            };
            if cuts.windows(2).any(falls) {
                return wrong(what, "cuts must rise".to_owned());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(change: impl Fn(&mut ScaleRules)) -> Result<(), PackError> {
        let mut rules = ScaleRules::embedded()?;
        change(&mut rules);
        rules.check()
    }

    #[test]
    fn the_pack_has_three_levels_and_its_mistakes_are_found() {
        let rules = ScaleRules::embedded().expect("the pack reads");
        let codes: Vec<&str> = rules.levels.iter().map(|level| level.code.as_str()).collect();
        assert_eq!(codes, ["basic", "progressing", "high"]);
        assert_eq!(rules.cuts_of("g4-mathematics"), [Cut::ExpectedPercent(50.0), Cut::ExpectedPercent(75.0)]);
        assert!(changed(|rules| rules.sd = 0.0).is_err());
        assert!(changed(|rules| rules.levels[1].expected_percent = Some(80.0)).is_err());
        assert!(changed(|rules| rules.levels[0].expected_percent = Some(10.0)).is_err());
        assert!(changed(|rules| rules.levels[2].code = "basic".to_owned()).is_err());
        let own = |cuts: &[Cut]| ScaleTest { code: "g4".to_owned(), model: None, cuts: cuts.to_vec() };
        assert!(changed(|rules| rules.tests.push(own(&[Cut::Points(450.0)]))).is_err());
        assert!(changed(|rules| rules.tests.push(own(&[Cut::Points(450.0), Cut::Points(950.0)]))).is_err());
        assert!(changed(|rules| rules.tests.push(own(&[Cut::ExpectedPercent(45.0), Cut::Points(590.0)]))).is_ok());
    }

    #[test]
    fn a_test_may_differ() {
        let mut rules = ScaleRules::embedded().expect("the pack reads");
        let cuts = vec![Cut::Points(450.0), Cut::Points(600.0)];
        rules.tests.push(ScaleTest {
            code: "g4".to_owned(),
            model: Some(ScaleModel::TwoParameter),
            cuts: cuts.clone(),
        });
        assert_eq!((rules.model_of("g4"), rules.model_of("g8")), (ScaleModel::TwoParameter, ScaleModel::Rasch));
        assert_eq!(rules.cuts_of("g4"), cuts);
    }
}
