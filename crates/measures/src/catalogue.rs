//! All definitions together: reading them and checking them against each other.

use crate::cube::{Cube, CubeError, FactKind, Keeps, ScaleLevel};
use crate::definition::{Kind, Measure, Operand, Target, Validity};
use crate::exact::Exact;
use kernel::Localized;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionError {
    /// Not TOML, or not of the shape above.
    #[error("{file}: {message}")]
    Syntax {
        /// File.
        file: String,
        /// What the reader says, with line.
        message: String,
    },
    /// A kind of fact that is none or several of scale, numbers, values and people.
    #[error("facts \"{0}\" need exactly one of scale, numbers, values, people")]
    FactsShape(String),
    /// The same code twice.
    #[error("measure \"{0}\" is defined twice: rename or remove one")]
    Repeated(String),
    /// A field that the kind needs is absent.
    #[error("measure \"{measure}\": a {kind:?} needs \"{field}\"")]
    Missing {
        /// Measure.
        measure: String,
        /// Its kind.
        kind: Kind,
        /// The absent field.
        field: &'static str,
    },
    /// A field that the kind does not use.
    #[error("measure \"{measure}\": a {kind:?} does not use \"{field}\": remove it or change the kind")]
    Unused {
        /// Measure.
        measure: String,
        /// Its kind.
        kind: Kind,
        /// The superfluous field.
        field: &'static str,
    },
    /// A measure that nobody defines.
    #[error("measure \"{measure}\" is made of \"{other}\", which is not defined")]
    UnknownMeasure {
        /// Measure.
        measure: String,
        /// What it names.
        other: String,
    },
    /// The measure is made of itself.
    #[error("measures are made of each other in a circle: {}", path.join(" → "))]
    Circle {
        /// The circle, beginning and ending with the same code.
        path: Vec<String>,
    },
    /// The denominator can never be anything but zero.
    #[error("measure \"{0}\": its denominator takes no level or value, so it would divide by zero")]
    EmptyDenominator(String),
    /// A target, but no unit.
    #[error("measure \"{0}\" has a target but no unit: say what the target counts")]
    TargetWithoutUnit(String),
    /// Two targets for one period.
    #[error("measure \"{measure}\" has two targets for period \"{period}\"")]
    RepeatedTarget {
        /// Measure.
        measure: String,
        /// Period.
        period: String,
    },
    /// Two periods of validity overlap, or one ends before it begins.
    #[error("measure \"{measure}\": the periods from {first} and from {second} overlap")]
    OverlappingPeriods {
        /// Measure.
        measure: String,
        /// First day of one.
        first: String,
        /// First day of the other.
        second: String,
    },
    /// A percentage target over 100.
    #[error("measure \"{measure}\": target {value} for {period} is a share over 100")]
    ShareOverHundred {
        /// Measure.
        measure: String,
        /// Period.
        period: String,
        /// Value.
        value: Exact,
    },
    /// A name without text.
    #[error("measure \"{measure}\" has no name in {language}")]
    NoName {
        /// Measure.
        measure: String,
        /// Language code.
        language: &'static str,
    },
    /// A code that the cube does not know.
    #[error("measure \"{measure}\": {what} \"{code}\" is not known{}", remedy(known))]
    UnknownCode {
        /// Measure.
        measure: String,
        /// What the code names.
        what: &'static str,
        /// The code.
        code: String,
        /// Codes that would be understood.
        known: Vec<String>,
    },
}

fn remedy(known: &[String]) -> String {
    if known.is_empty() { String::new() } else { format!(" (known: {})", known.join(", ")) }
}

/// All measures of an installation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalogue {
    measures: BTreeMap<String, Measure>,
    facts: Vec<FactKind>,
}

/// How different people are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeopleCounted {
    /// Every person is kept: exact, for thousands of people in a cell.
    Exactly,
    /// By sketch: an estimate in the same few kilobytes, for a country's people.
    BySketch,
}

/// Declaration of a kind of fact: exactly one of `scale`, `numbers`, `values` and `people`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactsDeclared {
    /// Code.
    pub code: String,
    /// Name.
    pub name: Localized,
    /// Levels of a scale, best first: codes; a code that is a whole number is also the level's value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scale: Vec<String>,
    /// Numbers with so many decimals: sums and means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbers: Option<u32>,
    /// Numbers with so many decimals: also bands and extremes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<u32>,
    /// People: how many different ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<PeopleCounted>,
    /// Facts of a term also count for its year.
    #[serde(default)]
    pub over_periods: bool,
}

impl FactsDeclared {
    fn kind(&self) -> Option<FactKind> {
        let level = |code: &String| ScaleLevel { code: code.clone(), value: code.parse().ok() };
        let keeps = match (self.scale.is_empty(), self.numbers, self.values, self.people) {
            (false, None, None, None) => Keeps::Scale(self.scale.iter().map(level).collect()),
            (true, Some(decimals), None, None) => Keeps::Numbers { decimals },
            (true, None, Some(decimals), None) => Keeps::Values { decimals },
            (true, None, None, Some(PeopleCounted::Exactly)) => Keeps::People,
            (true, None, None, Some(PeopleCounted::BySketch)) => Keeps::SketchedPeople,
            _ => return None,
        };
        Some(FactKind { code: self.code.clone(), name: self.name.clone(), keeps, over_periods: self.over_periods })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    facts: Vec<FactsDeclared>,
    #[serde(default)]
    measure: Vec<Measure>,
}

impl Catalogue {
    /// Reads files given as (name, TOML text) and checks all definitions together.
    ///
    /// # Errors
    /// Every problem found, not only the first.
    pub fn from_toml<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Vec<DefinitionError>> {
        let mut errors = Vec::new();
        let mut measures = BTreeMap::new();
        let mut facts: Vec<FactKind> = Vec::new();
        for (file, text) in files {
            match toml::from_str::<File>(text) {
                Ok(read) => {
                    for declared in read.facts {
                        match declared.kind() {
                            Some(kind) if facts.iter().all(|earlier| earlier.code != kind.code) => facts.push(kind),
                            Some(kind) => errors.push(DefinitionError::Repeated(kind.code)),
                            None => errors.push(DefinitionError::FactsShape(declared.code)),
                        }
                    }
                    for measure in read.measure {
                        if measures.contains_key(&measure.code) {
                            errors.push(DefinitionError::Repeated(measure.code));
                        } else {
                            measures.insert(measure.code.clone(), measure);
                        }
                    }
                }
                Err(error) => {
                    errors.push(DefinitionError::Syntax { file: file.to_owned(), message: error.to_string() });
                }
            }
        }
        let catalogue = Self { measures, facts };
        for measure in catalogue.measures.values() {
            check_measure(measure, &mut errors);
            for other in measure.made_of().filter(|other| !catalogue.measures.contains_key(*other)) {
                errors.push(DefinitionError::UnknownMeasure { measure: measure.code.clone(), other: other.to_owned() });
            }
        }
        catalogue.find_circles(&mut errors);
        if errors.is_empty() { Ok(catalogue) } else { Err(errors) }
    }

    /// Declares every kind of fact of the files in a cube.
    pub fn declare_facts(&self, cube: &mut Cube) -> Result<(), CubeError> {
        self.facts.iter().try_for_each(|kind| cube.declare(kind.clone()).map(|_id| ()))
    }

    /// The same definitions without minimum groups, for readers who may see every record behind the numbers.
    #[must_use]
    pub fn without_minimum_groups(&self) -> Self {
        let mut open = self.clone();
        open.measures.values_mut().for_each(|measure| measure.minimum_group = 0);
        open
    }

    /// A measure by its code.
    pub fn get(&self, code: &str) -> Option<&Measure> {
        self.measures.get(code)
    }

    /// All measures in order of code.
    pub fn measures(&self) -> impl Iterator<Item = &Measure> {
        self.measures.values()
    }

    fn find_circles(&self, errors: &mut Vec<DefinitionError>) {
        let mut done = BTreeSet::new();
        for start in self.measures.keys() {
            let mut path = Vec::new();
            self.walk(start, &mut path, &mut done, errors);
        }
    }

    fn walk<'a>(
        &'a self,
        code: &'a str,
        path: &mut Vec<&'a str>,
        done: &mut BTreeSet<&'a str>,
        errors: &mut Vec<DefinitionError>,
    ) {
        if let Some(start) = path.iter().position(|earlier| *earlier == code) {
            let circle = path.iter().skip(start).chain([&code]).map(|code| (*code).to_owned());
            errors.push(DefinitionError::Circle { path: circle.collect() });
            return;
        }
        if done.contains(code) {
            return;
        }
        path.push(code);
        if let Some(measure) = self.measures.get(code) {
            for other in measure.made_of() {
                self.walk(other, path, done, errors);
            }
        }
        path.pop();
        done.insert(code);
    }
}

fn check_measure(measure: &Measure, errors: &mut Vec<DefinitionError>) {
    let code = || measure.code.clone();
    for (language, text) in [("kk", &measure.name.kk), ("ru", &measure.name.ru), ("en", &measure.name.en)] {
        if text.is_empty() {
            errors.push(DefinitionError::NoName { measure: code(), language });
        }
    }
    let given = [
        ("of", measure.of.is_some()),
        ("numerator", measure.numerator.is_some()),
        ("denominator", measure.denominator.is_some()),
        ("measure", measure.measure.is_some()),
        ("against", measure.against.is_some()),
        ("over", measure.over.is_some()),
        ("condition", measure.condition.is_some()),
    ];
    let needed: &[&str] = match measure.kind {
        Kind::Count | Kind::Mean | Kind::Event => &["of"],
        Kind::Share | Kind::Ratio => &["numerator", "denominator"],
        Kind::Change => &["measure", "against"],
        Kind::Gap | Kind::Rank => &["measure"],
        Kind::Average => &["measure", "over"],
        Kind::Status => &["measure", "condition"],
    };
    for (field, present) in given {
        match (present, needed.contains(&field)) {
            (false, true) => errors.push(DefinitionError::Missing { measure: code(), kind: measure.kind, field }),
            (true, false) => errors.push(DefinitionError::Unused { measure: code(), kind: measure.kind, field }),
            _ => {}
        }
    }
    if measure.group.is_some() && !matches!(measure.kind, Kind::Share | Kind::Ratio | Kind::Count | Kind::Mean) {
        errors.push(DefinitionError::Unused { measure: code(), kind: measure.kind, field: "group" });
    }
    if measure.kind == Kind::Gap && measure.to.is_none() && measure.to_where.is_empty() {
        errors.push(DefinitionError::Missing { measure: code(), kind: measure.kind, field: "to" });
    }
    if measure.kind != Kind::Gap && measure.to.is_some() {
        errors.push(DefinitionError::Unused { measure: code(), kind: measure.kind, field: "to" });
    }
    let takes_nothing = |operand: &Operand| {
        operand.levels.as_ref().is_some_and(Vec::is_empty)
            || operand.between.is_some_and(|(lowest, highest)| lowest > highest)
    };
    if measure.denominator.as_ref().is_some_and(takes_nothing) {
        errors.push(DefinitionError::EmptyDenominator(code()));
    }
    if measure.unit.is_none() && !measure.targets.is_empty() {
        errors.push(DefinitionError::TargetWithoutUnit(code()));
    }
    for (index, target) in measure.targets.iter().enumerate() {
        let (first, last) = target.range();
        if first > last {
            let (first, second) = (first.to_owned(), last.to_owned());
            errors.push(DefinitionError::OverlappingPeriods { measure: code(), first, second });
        }
        let meets = |other: &Target| other.holds_in(first) || target.holds_in(other.range().0);
        if measure.targets.iter().take(index).any(meets) {
            errors.push(DefinitionError::RepeatedTarget { measure: code(), period: target.period.clone() });
        }
        if measure.kind == Kind::Share && (target.value > Exact::HUNDRED || target.value.is_negative()) {
            let (period, value) = (target.period.clone(), target.value);
            errors.push(DefinitionError::ShareOverHundred { measure: code(), period, value });
        }
    }
    let mut valid: Vec<&Validity> = measure.valid.iter().collect();
    valid.sort_by(|a, b| a.from.cmp(&b.from));
    // Dates written as 2024-09-01 compare as text.
    for (index, one) in valid.iter().enumerate() {
        let ends_early = one.to.as_ref().is_some_and(|to| *to < one.from);
        let next = valid.get(index + 1).filter(|next| one.to.as_ref().is_none_or(|to| *to >= next.from));
        if ends_early || next.is_some() {
            let second = next.map_or(&one.from, |next| &next.from).clone();
            errors.push(DefinitionError::OverlappingPeriods { measure: code(), first: one.from.clone(), second });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(text: &str) -> Vec<String> {
        let named = text.replace("NAME", "name = { kk = \"а\", ru = \"а\", en = \"a\" }");
        Catalogue::from_toml([("test.toml", named.as_str())]).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn problems_are_named() {
        let circle = "[[measure]]\ncode='a'\nNAME\nkind='rank'\nmeasure='b'\n[[measure]]\ncode='b'\nNAME\nkind='gap'\nmeasure='a'\nto='a'";
        assert!(errors(circle).contains(&"measures are made of each other in a circle: a → b → a".to_owned()));
        let own = "[[measure]]\ncode='a'\nNAME\nkind='rank'\nmeasure='a'";
        assert_eq!(errors(own), ["measures are made of each other in a circle: a → a"]);
        let zero =
            "[[measure]]\ncode='a'\nNAME\nkind='share'\nnumerator={facts='f'}\ndenominator={facts='f',levels=[]}";
        assert!(errors(zero)[0].contains("divide by zero"));
        let target = "[[measure]]\ncode='a'\nNAME\nkind='count'\nof={facts='f'}\ntargets=[{period='2025',value='5'},{period='2025',value='6'}]";
        let found = errors(target);
        assert!(found[0].contains("no unit") && found[1].contains("two targets"), "{found:?}");
        let ranges = "[[measure]]\ncode='a'\nNAME\nunit='persons'\nkind='count'\nof={facts='f'}\ntargets=[{period='2025..2030',value='5'},{period='2029',value='6'},{period='2031..2030',value='7'}]";
        let found = errors(ranges);
        assert!(found[0].contains("two targets for period \"2029\"") && found[1].contains("overlap"), "{found:?}");
        let overlap = "[[measure]]\ncode='a'\nNAME\nkind='count'\nof={facts='f'}\nvalid=[{from='2020-09-01'},{from='2024-09-01'}]";
        assert!(errors(overlap)[0].contains("overlap"));
        let unknown = "[[measure]]\ncode='a'\nNAME\nkind='rank'\nmeasure='z'\nagainst='previous'";
        let found = errors(unknown);
        assert!(found[0].contains("does not use \"against\"") && found[1].contains("not defined"), "{found:?}");
        let field = "[[measure]]\ncode='a'\nNAME\nkind='count'\nof={facts='f'}\ncolour='red'";
        assert!(errors(field)[0].contains("colour"));
        let share = "[[measure]]\ncode='a'\nNAME\nunit='percent'\nkind='share'\nnumerator={facts='f'}\ndenominator={facts='f'}\ntargets=[{period='2025',value='105'}]";
        assert!(errors(share)[0].contains("over 100"));
        let name = "[[measure]]\ncode='a'\nname={en='a'}\nkind='count'\nof={facts='f'}";
        assert_eq!(errors(name).len(), 2);
    }
}
