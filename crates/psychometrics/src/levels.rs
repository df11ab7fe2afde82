//! Performance levels from cut scores, with the probability of each level and the accuracy of the decision.
//!
//! Sources: Rudner (2001, 2005) for probabilities and accuracy from normal errors of ability; Angoff (1971).

use crate::math::normal_cdf;
use crate::ranks::quantile;
use crate::{Error, Score};

/// Cut scores on the scale of theta, ascending; `n` cuts make `n + 1` levels, from the lowest.
#[derive(Debug, Clone, PartialEq)]
pub struct CutScores {
    cuts: Vec<f64>,
}

/// Level of one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// Position of the level that the score falls into, from 0; a score equal to a cut belongs to the higher level.
    pub level: usize,
    /// Probability of every level given score and error; adds to one.
    pub probabilities: Vec<f64>,
}

/// Quality of the decisions over a group of persons.
#[derive(Debug, Clone, PartialEq)]
pub struct Classification {
    /// Expected share of persons whose true level is the one given.
    pub accuracy: f64,
    /// Expected share that a parallel test would give the same level.
    pub consistency: f64,
    /// Number of persons per level.
    pub counts: Vec<usize>,
}

impl CutScores {
    /// From cut scores.
    ///
    /// # Errors
    /// None, one that is not finite, or not strictly ascending.
    pub fn new(cuts: Vec<f64>) -> Result<Self, Error> {
        if cuts.is_empty() {
            return Err(Error::Empty { what: "cut scores" });
        }
        if let Some(value) = cuts.iter().find(|c| !c.is_finite()) {
            return Err(Error::NotFinite { what: "a cut score".to_owned(), value: *value });
        }
        if cuts.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(Error::Model { what: "cut scores must ascend".to_owned() });
        }
        Ok(Self { cuts })
    }

    /// The cut scores.
    pub fn cuts(&self) -> &[f64] {
        &self.cuts
    }

    /// Level and probabilities of one score (errors taken as normal).
    pub fn level(&self, score: Score) -> Level {
        let level = self.cuts.partition_point(|cut| *cut <= score.theta);
        let mut below = 0.0;
        let mut probabilities = Vec::with_capacity(self.cuts.len() + 1);
        for cut in &self.cuts {
            let next = if score.se > 0.0 {
                normal_cdf((cut - score.theta) / score.se)
            } else {
                f64::from(u8::from(*cut > score.theta))
            };
            probabilities.push(next - below);
            below = next;
        }
        probabilities.push(1.0 - below);
        Level { level, probabilities }
    }

    /// Accuracy and consistency over persons; `None` without any.
    pub fn classification(&self, scores: &[Score]) -> Option<Classification> {
        if scores.is_empty() {
            return None;
        }
        let n = scores.len() as f64;
        let mut result = Classification { accuracy: 0.0, consistency: 0.0, counts: vec![0; self.cuts.len() + 1] };
        for score in scores {
            let level = self.level(*score);
            result.counts[level.level] += 1;
            result.accuracy += level.probabilities[level.level] / n;
            result.consistency += level.probabilities.iter().map(|p| p * p).sum::<f64>() / n;
        }
        Some(result)
    }
}

/// A scale for reports: `reported = slope * theta + intercept`, bounded and rounded half up.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedScale {
    /// Name shown with every value.
    pub name: String,
    /// Points per unit of theta, above 0.
    pub slope: f64,
    /// Points at theta 0.
    pub intercept: f64,
    /// Lowest and highest value reported.
    pub bounds: (f64, f64),
}

impl ReportedScale {
    /// Score and error on the scale, not rounded.
    pub fn of(&self, score: Score) -> Score {
        let value = (self.slope * score.theta + self.intercept).clamp(self.bounds.0, self.bounds.1);
        Score { theta: value, se: self.slope * score.se }
    }
}

/// One round of Angoff judgements: cut score of the panel with its spread.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelRound {
    /// Cut of each judge, in the unit of the judgements.
    pub judges: Vec<f64>,
    /// Mean of the judges.
    pub mean: f64,
    /// Median of the judges (customary for bookmark rounds).
    pub median: f64,
    /// Standard error of the mean; `None` with one judge.
    pub se: Option<f64>,
}

fn panel(judges: Vec<f64>) -> Result<PanelRound, Error> {
    if judges.is_empty() {
        return Err(Error::Empty { what: "judges" });
    }
    if let Some(value) = judges.iter().find(|x| !x.is_finite()) {
        return Err(Error::NotFinite { what: "a judgement".to_owned(), value: *value });
    }
    let n = judges.len() as f64;
    let mean = judges.iter().sum::<f64>() / n;
    let square: f64 = judges.iter().map(|x| (x - mean) * (x - mean)).sum();
    let mut sorted = judges.clone();
    sorted.sort_by(f64::total_cmp);
    let median = quantile(&sorted, 0.5).unwrap_or(mean);
    Ok(PanelRound { judges, mean, median, se: (n > 1.0).then(|| (square / (n - 1.0) / n).sqrt()) })
}

/// Angoff round: `judgements` are rows of judges with the expected points of a borderline person on every item.
///
/// # Errors
/// No judges, rows of different length, a judgement that is not finite.
pub fn angoff(judgements: &[Vec<f64>]) -> Result<PanelRound, Error> {
    let items = judgements.first().map_or(0, Vec::len);
    if let Some((person, row)) = judgements.iter().enumerate().find(|(_, row)| row.len() != items) {
        return Err(Error::RowLength { person, found: row.len(), expected: items });
    }
    panel(judgements.iter().map(|row| row.iter().sum()).collect())
}

/// Bookmark round: `ordered` are item locations in ascending order (theta at the response probability chosen), and
/// each judge marks how many items a borderline person masters. The cut is the location of the last mastered item.
///
/// # Errors
/// No judges, a bookmark of 0 or beyond the booklet.
pub fn bookmark(ordered: &[f64], bookmarks: &[usize]) -> Result<PanelRound, Error> {
    if let Some(mark) = bookmarks.iter().find(|mark| **mark == 0 || **mark > ordered.len()) {
        return Err(Error::Model { what: format!("bookmark {mark} is outside 1..={}", ordered.len()) });
    }
    panel(bookmarks.iter().map(|mark| ordered[mark - 1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_add_to_one_and_follow_the_error() {
        let cuts = CutScores::new(vec![-0.5, 0.8]).unwrap();
        let level = cuts.level(Score { theta: 0.8, se: 0.4 });
        assert_eq!(level.level, 2);
        assert!((level.probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        assert!((level.probabilities[2] - 0.5).abs() < 1e-15);
        let sure = cuts.level(Score { theta: 0.0, se: 0.0 });
        assert_eq!(sure.probabilities, [0.0, 1.0, 0.0]);
        assert!(CutScores::new(vec![1.0, 1.0]).is_err());
    }

    #[test]
    fn panels() {
        let round = angoff(&[vec![0.5, 0.7], vec![0.4, 0.6], vec![0.8, 0.9]]).unwrap();
        assert!((round.mean - 1.3).abs() < 1e-12 && (round.median - 1.2).abs() < 1e-12);
        assert!((bookmark(&[-1.0, 0.0, 0.7], &[2, 3, 3]).unwrap().median - 0.7).abs() < 1e-12);
    }
}
