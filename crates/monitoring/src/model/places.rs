//! Places: ties share the better one.

use psychometrics::competition_ranks;
use serde::{Deserialize, Serialize};

/// A place among those who took part; 1 is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The place.
    pub place: u32,
    /// How many took part.
    pub of: u32,
}

/// A pupil's two places (facts 000b 2.3, L9206-9212).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standings {
    /// In the class.
    pub class: Place,
    /// In the parallel: all classes of the grade in the school that took this test.
    pub parallel: Place,
}

/// The place of each value, highest first: values 9, 7, 7, 5 give 1, 2, 2, 4, each of 4.
pub fn places(values: &[f64]) -> Vec<Place> {
    let of = values.len() as u32;
    competition_ranks(values).into_iter().map(|place| Place { place: place as u32, of }).collect()
}

/// The two places of everybody who took a test in one school: `(class, score)` in, one [`Standings`] for each out, in the
/// same order.
///
/// ```
/// let standings = monitoring::model::places_within(&[("A", 9.0), ("B", 7.0), ("A", 7.0), ("A", 5.0)]);
/// assert_eq!((standings[1].class.place, standings[1].class.of), (1, 1));
/// assert_eq!((standings[1].parallel.place, standings[3].parallel.place), (2, 4));
/// ```
pub fn places_within<C: Ord + Copy>(pupils: &[(C, f64)]) -> Vec<Standings> {
    let parallel = places(&pupils.iter().map(|pupil| pupil.1).collect::<Vec<_>>());
    let mut standings: Vec<Standings> =
        parallel.into_iter().map(|parallel| Standings { class: parallel, parallel }).collect();
    let mut order: Vec<usize> = (0..pupils.len()).collect();
    order.sort_by_key(|index| pupils[*index].0);
    for class in order.chunk_by(|one, other| pupils[*one].0 == pupils[*other].0) {
        let scores: Vec<f64> = class.iter().map(|index| pupils[*index].1).collect();
        for (index, place) in class.iter().zip(places(&scores)) {
            standings[*index].class = place;
        }
    }
    standings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_the_better_place() {
        let found: Vec<u32> = places(&[5.0, 9.0, 7.0, 7.0]).iter().map(|place| place.place).collect();
        assert_eq!(found, [4, 1, 2, 2]);
        assert!(places(&[]).is_empty());
    }

    #[test]
    fn classes_are_ranked_apart_and_together() {
        let pupils = [(2, 10.0), (1, 12.0), (2, 15.0), (1, 12.0), (3, 1.0)];
        let standings = places_within(&pupils);
        let found: Vec<_> = standings.iter().map(|s| (s.class.place, s.class.of, s.parallel.place)).collect();
        assert_eq!(found, [(2, 2, 4), (1, 2, 2), (1, 2, 1), (1, 2, 2), (1, 1, 5)]);
        assert!(standings.iter().all(|s| s.parallel.of == 5));
    }
}
