//! What became of each task of an attempt, and what the attempt earned.

use serde::{Deserialize, Serialize};

/// What became of a task (facts 000b 2.2: correct, incorrect, not attempted; the last in its two kinds).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemStatus {
    /// All points.
    Correct,
    /// Some points, not all: only in tasks worth more than one.
    Partial,
    /// Answered without a point.
    Incorrect,
    /// Seen and passed over.
    Skipped,
    /// The attempt ended before it.
    NotReached,
}

/// Points as exact numbers: the score of a task in hundredths.
///
/// Scores are sums of what tasks give (whole points, halves, thirds cut to two decimals), so that totals, places and ties
/// do not depend on the order of addition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(from = "f64", into = "f64")]
pub struct Points(i64);

impl Points {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Whole points.
    pub fn whole(points: u32) -> Self {
        Self(i64::from(points) * 100)
    }

    /// Points, to the nearest hundredth.
    pub fn new(points: f64) -> Self {
        Self((points * 100.0).round() as i64)
    }

    /// As a number.
    pub fn value(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// In hundredths.
    pub fn hundredths(self) -> i64 {
        self.0
    }
}

impl From<f64> for Points {
    fn from(points: f64) -> Self {
        Self::new(points)
    }
}

impl From<Points> for f64 {
    fn from(points: Points) -> Self {
        points.value()
    }
}

impl std::ops::Add for Points {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::iter::Sum for Points {
    fn sum<I: Iterator<Item = Self>>(points: I) -> Self {
        points.fold(Self::ZERO, std::ops::Add::add)
    }
}

/// One task of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemOutcome {
    /// Number in the form, from 1.
    pub position: u32,
    /// What was chosen, when known: the option's label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<String>,
    /// What became of it.
    pub status: ItemStatus,
    /// Points earned.
    pub score: Points,
    /// Time on the task, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
}

impl ItemOutcome {
    /// An answered task: the status follows from the points. Points outside `0..=max` are brought to its ends.
    pub fn answered(position: u32, choice: Option<String>, score: Points, max: Points) -> Self {
        let score = score.clamp(Points::ZERO, max);
        let status = match score {
            score if score >= max => ItemStatus::Correct,
            Points::ZERO => ItemStatus::Incorrect,
            _ => ItemStatus::Partial,
        };
        Self { position, choice, status, score, seconds: None }
    }

    /// A task without an answer: skipped or not reached.
    pub fn unanswered(position: u32, status: ItemStatus) -> Self {
        Self { position, choice: None, status, score: Points::ZERO, seconds: None }
    }

    /// The same with the time spent.
    #[must_use]
    pub fn in_seconds(mut self, seconds: Option<u32>) -> Self {
        self.seconds = seconds;
        self
    }
}

/// What a whole attempt earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Tasks with all points.
    pub correct: u32,
    /// Tasks answered with fewer than all points.
    pub incorrect: u32,
    /// Tasks seen and passed over.
    pub skipped: u32,
    /// Tasks never seen.
    pub not_reached: u32,
    /// Points earned.
    pub score: Points,
}

impl Outcome {
    /// Counts tasks.
    ///
    /// ```
    /// use monitoring::model::{ItemOutcome, ItemStatus, Outcome, Points};
    /// let one = Points::whole(1);
    /// let outcome = Outcome::of(&[
    ///     ItemOutcome::answered(1, Some("B".to_owned()), one, one),
    ///     ItemOutcome::answered(2, Some("A".to_owned()), Points::ZERO, one),
    ///     ItemOutcome::unanswered(3, ItemStatus::Skipped),
    /// ]);
    /// assert_eq!((outcome.correct, outcome.incorrect, outcome.unattempted()), (1, 1, 1));
    /// ```
    pub fn of(items: &[ItemOutcome]) -> Self {
        let mut outcome = Self::default();
        for item in items {
            match item.status {
                ItemStatus::Correct => outcome.correct += 1,
                ItemStatus::Partial | ItemStatus::Incorrect => outcome.incorrect += 1,
                ItemStatus::Skipped => outcome.skipped += 1,
                ItemStatus::NotReached => outcome.not_reached += 1,
            }
            outcome.score = outcome.score + item.score;
        }
        outcome
    }

    /// Tasks without an answer, as the individual report counts them (facts 000b 2.3).
    pub fn unattempted(&self) -> u32 {
        self.skipped + self.not_reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_follows_from_points() {
        let four = Points::whole(4);
        let status = |score| ItemOutcome::answered(1, None, score, four).status;
        assert_eq!(status(four), ItemStatus::Correct);
        assert_eq!(status(Points::new(0.5)), ItemStatus::Partial);
        assert_eq!(status(Points::ZERO), ItemStatus::Incorrect);
        assert_eq!(ItemOutcome::answered(1, None, Points::whole(9), four).score, four);
        assert_eq!(ItemOutcome::answered(1, None, Points::new(-1.0), four).score, Points::ZERO);
    }

    #[test]
    fn outcomes_come_back_from_json() {
        let item = ItemOutcome::answered(3, Some("C".to_owned()), Points::new(1.5), Points::whole(2));
        let text = serde_json::to_string(&item).unwrap();
        assert_eq!(text, r#"{"position":3,"choice":"C","status":"partial","score":1.5}"#);
        assert_eq!(serde_json::from_str::<ItemOutcome>(&text).unwrap(), item);
    }
}
