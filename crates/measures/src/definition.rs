//! Definitions of measures as data: what a number means, written once, in TOML.
//!
//! ```toml
//! [[measure]]
//! code = "quality"
//! name = { kk = "Білім сапасы", ru = "Качество знаний", en = "Quality of knowledge" }
//! unit = "percent"
//! kind = "share"
//! numerator = { facts = "pupils_by_lowest_mark", levels = ["5", "4"] }
//! denominator = { facts = "pupils_by_lowest_mark" }
//! averaging = "by_people"
//! decimals = 1
//! direction = "more_is_better"
//! ```

use crate::exact::Exact;
use kernel::Localized;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use crate::catalogue::{Catalogue, DefinitionError, FactsDeclared, PeopleCounted};

/// What kind of number a measure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// How many; `of` says of what.
    Count,
    /// `numerator` in percent of `denominator`.
    Share,
    /// `numerator` over `denominator`, times `per`.
    Ratio,
    /// Mean value of the facts in `of`.
    Mean,
    /// `measure` in this period minus `measure` in the period `against`.
    Change,
    /// `measure` minus `to` (or minus itself under `to_where`).
    Gap,
    /// Plain mean of `measure` over the members of `over` (a flat dimension or a level of the places).
    Average,
    /// Place of `measure` among the rows of the table; equal values share a place: 1, 2, 2, 4.
    Rank,
    /// 1 when `measure` meets `condition`, otherwise 0.
    Status,
    /// 1 when anything is recorded in `of`, otherwise 0.
    Event,
}

/// How a value above one school is made of the schools'.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Averaging {
    /// All people together: every person counts once.
    #[default]
    ByPeople,
    /// Mean of the schools' exact values: every school counts once.
    BySchools,
    /// Mean of the schools' values as printed. Published reports do it; the number differs from [`Self::BySchools`].
    OfRoundedValues,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    MoreIsBetter,
    /// Less is better.
    LessIsBetter,
    /// Neither.
    #[default]
    Neutral,
}

/// What is read of the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Read {
    /// How many.
    #[default]
    Count,
    /// Sum of values.
    Sum,
    /// Smallest value.
    Lowest,
    /// Largest value.
    Highest,
    /// How many different people.
    Distinct,
}

/// A quantity of facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operand {
    /// Kind of fact.
    pub facts: String,
    /// Only these levels of its scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<Vec<String>>,
    /// Only values from the first to the second, both included (a band of an examination).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub between: Option<(Exact, Exact)>,
    /// What is read.
    #[serde(default)]
    pub read: Read,
    /// Only these members of flat dimensions.
    #[serde(default, rename = "where", skip_serializing_if = "BTreeMap::is_empty")]
    pub only: BTreeMap<String, Vec<String>>,
}

/// Facts that a measure leaves out, with the footnote that says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExclusionRule {
    /// Members of flat dimensions that are left out together.
    #[serde(default, rename = "where")]
    pub only: BTreeMap<String, Vec<String>>,
    /// Only in these periods; `*-h1` means every period whose code ends in `-h1`.
    #[serde(default)]
    pub periods: Vec<String>,
    /// Only in these places and below.
    #[serde(default)]
    pub places: Vec<String>,
    /// The footnote.
    pub note: Localized,
}

/// A target for a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Code of the period, or the first and the last of a range: `2025-2026..2029-2030`.
    pub period: String,
    /// Value in the measure's unit.
    pub value: Exact,
}

impl Target {
    /// First and last period, the same for a single one.
    pub fn range(&self) -> (&str, &str) {
        self.period.split_once("..").unwrap_or((&self.period, &self.period))
    }

    /// Whether the target holds in a period. Codes of periods sort as they follow each other; a range also holds in the
    /// parts of its periods (`2029-2030-q1`), a single period only in itself.
    pub fn holds_in(&self, period: &str) -> bool {
        let (first, last) = self.range();
        if first == last { period == first } else { first <= period && (period <= last || period.starts_with(last)) }
    }
}

/// When the definition holds; dates as `2024-09-01`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// First day.
    pub from: String,
    /// Last day; open when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Condition of a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Value ≥ bound.
    AtLeast(Exact),
    /// Value > bound.
    Above(Exact),
    /// Value ≤ bound.
    AtMost(Exact),
    /// Value < bound.
    Below(Exact),
}

/// Period that a change is measured against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// The one before it at the same level.
    Previous,
    /// The first of the same parent (quarter 1 of the year).
    First,
    /// The same place in the year before (quarter 2 against quarter 2).
    YearBefore,
    /// A named period.
    Period(String),
}

/// Whether exact or printed values enter a derived measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// Exact values, rounded once at the end.
    #[default]
    Exact,
    /// Values as printed, so that a reader can redo the sum.
    Rounded,
}

fn one() -> Exact {
    Exact::ONE
}

/// A measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Code, unique.
    pub code: String,
    /// Name.
    pub name: Localized,
    /// What it says and how to read it.
    #[serde(default)]
    pub description: Localized,
    /// Unit: `percent`, `percentage_points`, `persons`, `points`, ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Kind.
    pub kind: Kind,
    /// Facts of a count, mean or event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Operand>,
    /// Numerator of a share or ratio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numerator: Option<Operand>,
    /// Denominator of a share or ratio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<Operand>,
    /// The people behind the number, where its own facts are not people: pupils of attempts, attempts of points. The
    /// denominator's facts, or those of a count or mean, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Operand>,
    /// A ratio is given per so many.
    #[serde(default = "one")]
    pub per: Exact,
    /// Measure that a change, gap, average, rank or status is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    /// Other measure of a gap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Members of flat dimensions for the first side of a gap.
    #[serde(default, rename = "where", skip_serializing_if = "BTreeMap::is_empty")]
    pub only: BTreeMap<String, Vec<String>>,
    /// Members of flat dimensions for the second side of a gap.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub to_where: BTreeMap<String, Vec<String>>,
    /// Period that a change is measured against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
    /// Dimension, or level of the places, that an average runs over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<String>,
    /// Exact or printed values enter a change, gap, average or status.
    #[serde(default)]
    pub values: Of,
    /// Condition of a status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// How values above one school are made.
    #[serde(default)]
    pub averaging: Averaging,
    /// Level of the places that counts as one in averages.
    #[serde(default = "school")]
    pub averaging_level: String,
    /// Places that averages leave out, by code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub averaging_without: Vec<String>,
    /// Digits behind the point when printed, half-up.
    #[serde(default)]
    pub decimals: u32,
    /// Groups of fewer people are not shown.
    #[serde(default)]
    pub minimum_group: i64,
    /// Which way is better.
    #[serde(default)]
    pub direction: Direction,
    /// What is left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<ExclusionRule>,
    /// Targets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
    /// Below a target by no more than this is "near".
    #[serde(default)]
    pub near: Exact,
    /// When the definition holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub valid: Vec<Validity>,
    /// Where the definition comes from.
    #[serde(default)]
    pub source: String,
    /// Who enters the facts.
    #[serde(default)]
    pub enters: String,
    /// Who approves them.
    #[serde(default)]
    pub approves: String,
}

fn school() -> String {
    "school".to_owned()
}

impl Measure {
    /// The operands it reads itself.
    pub fn operands(&self) -> impl Iterator<Item = &Operand> {
        self.of.iter().chain(&self.numerator).chain(&self.denominator).chain(&self.group)
    }

    /// The facts that are the group behind a number.
    pub fn people(&self) -> Option<&Operand> {
        self.group.as_ref().or(self.denominator.as_ref()).or(self.of.as_ref())
    }

    /// The measures it is made of.
    pub fn made_of(&self) -> impl Iterator<Item = &str> {
        self.measure.iter().chain(&self.to).map(String::as_str)
    }
}
