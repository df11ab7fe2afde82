//! Groups of pupils on the scale, made from cells that are kept when scores are written.

/// Pupils of a group at one level.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LevelCell {
    /// Pupils.
    pub n: u32,
    /// Sum of their points.
    pub points: f64,
    /// Sum of the squares.
    pub squares: f64,
}

impl LevelCell {
    /// Adds a pupil.
    pub fn add(&mut self, points: f64) {
        self.n += 1;
        self.points += points;
        self.squares += points * points;
    }
}

/// A group on the scale: mean points and pupils at each level.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelSummary {
    /// Pupils with a score on the scale.
    pub n: u32,
    /// Mean points; none without pupils.
    pub mean: Option<f64>,
    /// Standard error of the mean, which holds the error of measurement too: the spread of scores over the root of n. None
    /// below two.
    pub standard_error: Option<f64>,
    /// Pupils at each level, from the lowest.
    pub counts: Vec<u32>,
}

impl LevelSummary {
    /// From cells with their level; levels of no pupil count zero.
    pub fn of(cells: impl IntoIterator<Item = (usize, LevelCell)>, levels: usize) -> Self {
        let mut whole = LevelCell::default();
        let mut counts = vec![0; levels];
        for (level, cell) in cells {
            whole.n += cell.n;
            whole.points += cell.points;
            whole.squares += cell.squares;
            if let Some(count) = counts.get_mut(level) {
                *count += cell.n;
            }
        }
        let n = f64::from(whole.n);
        let mean = (whole.n > 0).then(|| whole.points / n);
        let standard_error = mean.filter(|_| whole.n > 1).map(|mean| {
            let spread = (whole.squares - n * mean * mean).max(0.0) / (n - 1.0);
            (spread / n).sqrt()
        });
        Self { n: whole.n, mean, standard_error, counts }
    }

    /// Percent of the pupils at a level; none without pupils.
    pub fn share(&self, level: usize) -> Option<f64> {
        let count = self.counts.get(level)?;
        (self.n > 0).then(|| 100.0 * f64::from(*count) / f64::from(self.n))
    }

    /// Whether it may be shown: outside its own school a small group shows neither mean nor shares.
    pub fn may_show(&self, inside: bool, minimum: u32) -> bool {
        self.n > 0 && (inside || self.n >= minimum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_the_sum_of_its_cells() {
        let cell = |points: &[f64]| {
            let mut cell = LevelCell::default();
            for own in points {
                cell.add(*own);
            }
            cell
        };
        let group = LevelSummary::of([(0, cell(&[400.0])), (2, cell(&[600.0])), (0, cell(&[500.0]))], 3);
        assert_eq!((group.n, group.mean, group.counts.as_slice()), (3, Some(500.0), &[2, 0, 1][..]));
        assert!((group.standard_error.unwrap() - 100.0 / 3.0_f64.sqrt()).abs() < 1e-9);
        assert_eq!((group.share(1), group.share(3)), (Some(0.0), None));
        assert!(group.may_show(true, 10) && !group.may_show(false, 10));
        let nobody = LevelSummary::of([], 3);
        assert_eq!((nobody.mean, nobody.share(0)), (None, None));
        assert!(!nobody.may_show(true, 10));
    }
}
