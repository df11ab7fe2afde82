//! Means with the number of people behind them, made from cells that are kept when results are written.

use serde::{Deserialize, Serialize};

/// How a mean over several groups weighs them. Published tables mix the two, so every mean names its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Averaging {
    /// Every pupil counts the same. The subject means of the source are of this kind (facts 000b 2.3).
    Pupils,
    /// Every school (or subject) counts the same. A school's indicator is of this kind (facts 000b 2.3).
    Schools,
}

/// Results of a group in one test, enough for its mean and spread: the smallest thing kept, of which everything above is
/// a sum.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cell {
    /// Results.
    pub n: u32,
    /// Sum of the raw scores.
    pub score: f64,
    /// Sum of the squares of the raw scores.
    pub score_squares: f64,
    /// Highest possible raw score of one result.
    pub max_score: f64,
}

impl Cell {
    /// A cell of one result.
    pub fn one(score: f64, max_score: f64) -> Self {
        Self { n: 1, score, score_squares: score * score, max_score }
    }

    /// Adds another cell of the same highest score.
    pub fn add(&mut self, other: &Self) {
        self.n += other.n;
        self.score += other.score;
        self.score_squares += other.score_squares;
        self.max_score = other.max_score;
    }
}

/// A mean in percent of the points possible.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    /// The mean, 0..=100; `None` when nobody took part.
    pub percent: Option<f64>,
    /// Standard error of the mean in percentage points; `None` below two results.
    pub standard_error: Option<f64>,
    /// Results behind it.
    pub n: u32,
    /// How groups were weighed.
    pub averaging: Averaging,
}

/// What may be shown of a mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shown {
    /// The mean, in percent.
    Percent(f64),
    /// The group is too small to be shown here.
    HeldBack,
    /// Nobody took part.
    Nobody,
}

impl Shown {
    /// The mean, if it may be shown.
    pub fn percent(self) -> Option<f64> {
        match self {
            Self::Percent(percent) => Some(percent),
            Self::HeldBack | Self::Nobody => None,
        }
    }
}

impl Mean {
    /// Nobody.
    pub const fn nobody(averaging: Averaging) -> Self {
        Self { percent: None, standard_error: None, n: 0, averaging }
    }

    /// What may be shown. Inside its own school every group is shown; outside none below `minimum` people.
    pub fn shown(&self, inside_own_school: bool, minimum: u32) -> Shown {
        match self.percent {
            None => Shown::Nobody,
            Some(_) if !inside_own_school && self.n < minimum => Shown::HeldBack,
            Some(percent) => Shown::Percent(percent),
        }
    }
}

/// The mean over all pupils of some cells, every pupil weighing the same.
///
/// While all cells have the same highest score, as in one test, the mean is a quotient of two sums of raw points and so
/// exact before rounding. The standard error is that of the mean of `n` independent results, without a correction for a
/// finite population: a campaign is read as a sample of what these pupils can do.
pub fn pupil_mean<'a>(cells: impl IntoIterator<Item = &'a Cell>) -> Mean {
    let mut groups: Vec<Cell> = Vec::new();
    for cell in cells {
        if cell.n == 0 || cell.max_score <= 0.0 {
            continue;
        }
        match groups.iter_mut().find(|group| group.max_score.total_cmp(&cell.max_score).is_eq()) {
            Some(group) => group.add(cell),
            None => groups.push(*cell),
        }
    }
    groups.sort_by(|one, other| one.max_score.total_cmp(&other.max_score));
    let n: u32 = groups.iter().map(|group| group.n).sum();
    if n == 0 {
        return Mean::nobody(Averaging::Pupils);
    }
    let count = f64::from(n);
    let percent = match groups.as_slice() {
        [group] => 100.0 * group.score / (count * group.max_score),
        _ => 100.0 * groups.iter().map(|group| group.score / group.max_score).sum::<f64>() / count,
    };
    let squares: f64 = groups.iter().map(|group| group.score_squares / (group.max_score * group.max_score)).sum();
    let share = percent / 100.0;
    let standard_error = (n >= 2).then(|| {
        let variance = ((squares - count * share * share) / (count - 1.0)).max(0.0);
        100.0 * (variance / count).sqrt()
    });
    Mean { percent: Some(percent), standard_error, n, averaging: Averaging::Pupils }
}

/// The simple mean of the means that exist, every school (or subject) weighing the same; `n` sums the people.
///
/// Its standard error is left out: it would say how much schools differ, not how sure the mean is.
pub fn mean_of_schools<'a>(means: impl IntoIterator<Item = &'a Mean>) -> Mean {
    let (mut sum, mut count, mut n) = (0.0, 0_u32, 0);
    for mean in means {
        if let Some(percent) = mean.percent {
            sum += percent;
            count += 1;
            n += mean.n;
        }
    }
    let percent = (count > 0).then(|| sum / f64::from(count));
    Mean { percent, standard_error: None, n, averaging: Averaging::Schools }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(scores: &[f64], max: f64) -> Cell {
        let mut cell = Cell { max_score: max, ..Cell::default() };
        for score in scores {
            cell.add(&Cell::one(*score, max));
        }
        cell
    }

    #[test]
    fn pupils_and_schools_weigh_differently() {
        let (small, large) = (cell(&[20.0], 20.0), cell(&[10.0, 10.0, 10.0], 20.0));
        let pupils = pupil_mean([&small, &large]);
        assert_eq!((pupils.percent, pupils.n, pupils.averaging), (Some(62.5), 4, Averaging::Pupils));
        let schools = mean_of_schools([&pupil_mean([&small]), &pupil_mean([&large])]);
        assert_eq!((schools.percent, schools.n, schools.averaging), (Some(75.0), 4, Averaging::Schools));
    }

    #[test]
    fn the_standard_error_is_that_of_single_results() {
        // 60, 70, 80 %: standard deviation 10, standard error 10 / sqrt(3).
        let mean = pupil_mean([&cell(&[12.0, 14.0], 20.0), &cell(&[16.0], 20.0)]);
        assert_eq!(mean.percent, Some(70.0));
        assert!((mean.standard_error.unwrap() - 10.0 / 3.0_f64.sqrt()).abs() < 1e-9);
        assert_eq!(pupil_mean([&cell(&[12.0], 20.0)]).standard_error, None);
        assert_eq!(pupil_mean([]).percent, None);
        // Tests of different length meet in percent.
        assert_eq!(pupil_mean([&cell(&[10.0], 20.0), &cell(&[30.0], 40.0)]).percent, Some(62.5));
    }

    #[test]
    fn a_small_group_stays_in_its_school() {
        let mean = pupil_mean([&cell(&[10.0; 9], 20.0)]);
        assert_eq!(mean.shown(false, 10), Shown::HeldBack);
        assert_eq!(mean.shown(true, 10), Shown::Percent(50.0));
        assert_eq!(pupil_mean([&cell(&[10.0; 10], 20.0)]).shown(false, 10), Shown::Percent(50.0));
        assert_eq!(Mean::nobody(Averaging::Pupils).shown(false, 10), Shown::Nobody);
    }
}
