//! Correlation between subjects over the same pupils (facts 000b 2.6).

use std::collections::BTreeMap;

use psychometrics::{Correlation, pearson};

/// A square table of correlations.
#[derive(Debug, Clone, PartialEq)]
pub struct Correlations<T> {
    /// The tests, in the order of rows and columns.
    pub tests: Vec<T>,
    /// For every pair the correlation and the pupils behind it; `None` on the diagonal. `r` is `None` where fewer than the
    /// minimum took both.
    pub cells: Vec<Vec<Option<Correlation>>>,
}

/// Correlates percentages: one map from pupil to percent for each test. Pupils who took both tests of a pair count.
pub fn correlations<T: Clone, P: Ord>(tests: &[(T, BTreeMap<P, f64>)], minimum_pairs: u32) -> Correlations<T> {
    let mut cells = vec![vec![None; tests.len()]; tests.len()];
    for row in 0..tests.len() {
        for column in row + 1..tests.len() {
            let (one, other) = (&tests[row].1, &tests[column].1);
            let pairs = one.iter().filter_map(|(pupil, percent)| Some((*percent, *other.get(pupil)?)));
            let mut found = pearson(pairs);
            if found.n < minimum_pairs as usize {
                found.r = None;
            }
            cells[row][column] = Some(found);
            cells[column][row] = Some(found);
        }
    }
    Correlations { tests: tests.iter().map(|test| test.0.clone()).collect(), cells }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pupils_with_both_tests_count() {
        let maths: BTreeMap<u32, f64> = (0..20).map(|pupil| (pupil, f64::from(pupil * 5))).collect();
        let science: BTreeMap<u32, f64> = (8..20).map(|pupil| (pupil, 100.0 - f64::from(pupil * 5))).collect();
        let russian: BTreeMap<u32, f64> = (0..3).map(|pupil| (pupil, 50.0)).collect();
        let found = correlations(&[("maths", maths), ("science", science), ("russian", russian)], 10);
        let pair = found.cells[1][0].unwrap();
        assert_eq!(pair.n, 12);
        assert!((pair.r.unwrap() + 1.0).abs() < 1e-12);
        assert_eq!(found.cells[0][1], found.cells[1][0]);
        assert_eq!(found.cells[2][2], None);
        assert_eq!((found.cells[0][2].unwrap().n, found.cells[0][2].unwrap().r), (3, None));
    }
}
