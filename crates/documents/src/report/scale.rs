//! Results on the ability scale: one pupil's, and those of groups.

use serde::Serialize;

use super::Number;

/// A pupil's result on the ability scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScaleResult {
    /// Points, whole.
    pub points: Number,
    /// Their standard error.
    pub error: Number,
    /// One standard error below and above, within the ends.
    pub range: (f64, f64),
    /// Lowest and highest points of the scale.
    pub ends: (f64, f64),
    /// Levels from the lowest.
    pub levels: Vec<LevelZone>,
    /// The pupil's level, from 0.
    pub level: usize,
    /// What it means, in words a parent understands; [`crate::sentence`] makes it.
    pub sentence: String,
    /// How sure it is, in words.
    pub certainty: String,
}

/// A level on the scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LevelZone {
    /// Its name.
    pub name: String,
    /// Lowest points; `None` for the lowest level.
    pub from: Option<Number>,
    /// How likely it is that the pupil's true level is this one, in percent.
    pub chance: Number,
}

/// A pupil's result in a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PupilLevel {
    /// Points, whole.
    pub points: Number,
    /// Their standard error.
    pub error: Number,
    /// Name of the level.
    pub level: String,
    /// The level, from 0.
    pub index: usize,
}

/// Groups on the scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LevelTable {
    /// What it is about ("Grade 4").
    pub title: String,
    /// Names of the levels, from the lowest.
    pub levels: Vec<String>,
    /// The groups.
    pub rows: Vec<LevelRow>,
    /// What the points mean; may be empty.
    pub note: String,
}

/// A group on the scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LevelRow {
    /// Its name.
    pub name: String,
    /// Pupils behind it.
    pub n: u32,
    /// Mean points; `None` when it is held back.
    pub mean: Option<Number>,
    /// Standard error of the mean.
    pub error: Option<Number>,
    /// Percent at each level; empty when it is held back.
    pub shares: Vec<Number>,
    /// Pupils at each level; empty when it is held back.
    pub counts: Vec<u32>,
}

/// The pupils of a class at a level.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LevelGroup {
    /// Name of the level.
    pub level: String,
    /// What it means.
    pub meaning: String,
    /// Names of the pupils, those with the fewest points first.
    pub pupils: Vec<String>,
}
