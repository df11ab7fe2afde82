//! What a cell keeps: aggregates that can be added and taken away again.
//!
//! Every aggregate is a commutative group: merging does not depend on order, and a fact is taken back by merging its
//! opposite. That is why late and corrected facts adjust cells exactly, and why two orders of arrival give the same
//! cells. Extremes cannot be taken back from an extreme alone, so they are kept as counts of values.

use std::collections::BTreeMap;
use std::fmt::Debug;

/// Contents of a cell.
pub trait Aggregate: Clone + Default + PartialEq + Debug {
    /// Adds another aggregate.
    fn merge(&mut self, other: &Self);
    /// The aggregate that takes this one back.
    #[must_use]
    fn opposite(&self) -> Self;
    /// Nothing is left in it.
    fn is_empty(&self) -> bool;
    /// Some count is below zero: a correction took back what had never arrived.
    fn is_negative(&self) -> bool;
}

/// Counts over the levels of a scale (marks 5, 4, 3, 2), compact: count, sum, sum of squares, extremes and shares all
/// follow from it.
pub type Levels<const N: usize> = [i32; N];

macro_rules! levels {
    ($($width:literal),*) => {$(
        impl Aggregate for Levels<$width> {
            fn merge(&mut self, other: &Self) {
                for (count, more) in self.iter_mut().zip(other) {
                    *count += more;
                }
            }
            fn opposite(&self) -> Self {
                self.map(|count| -count)
            }
            fn is_empty(&self) -> bool {
                self.iter().all(|count| *count == 0)
            }
            fn is_negative(&self) -> bool {
                self.iter().any(|count| *count < 0)
            }
        }
    )*};
}
levels!(4, 8, 16);

/// Count, sum and sum of squares of whole numbers, exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many values.
    pub count: i64,
    /// Their sum.
    pub sum: i128,
    /// Sum of their squares.
    pub squares: i128,
}

impl Tally {
    /// `times` values of `value`.
    pub fn of(value: i64, times: i64) -> Self {
        let (value, count) = (i128::from(value), i128::from(times));
        Self { count: times, sum: value * count, squares: value * value * count }
    }
}

impl Aggregate for Tally {
    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.squares += other.squares;
    }
    fn opposite(&self) -> Self {
        Self { count: -self.count, sum: -self.sum, squares: -self.squares }
    }
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
    fn is_negative(&self) -> bool {
        self.count < 0
    }
}

/// How often each value or person occurs: extremes, median, bands and distinct people, exact.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Occurrences(pub BTreeMap<i64, i64>);

impl Occurrences {
    /// `times` occurrences of one value.
    pub fn of(value: i64, times: i64) -> Self {
        Self(if times == 0 { BTreeMap::new() } else { BTreeMap::from([(value, times)]) })
    }

    /// How many different values occur.
    pub fn distinct(&self) -> i64 {
        self.0.values().map(|times| i64::from(*times > 0)).sum()
    }

    /// Smallest and largest value.
    pub fn extremes(&self) -> Option<(i64, i64)> {
        let mut present = self.0.iter().filter(|(_, times)| **times > 0).map(|(value, _)| *value);
        let lowest = present.next()?;
        Some((lowest, present.next_back().unwrap_or(lowest)))
    }

    /// How many occurrences lie in `lowest..=highest`.
    pub fn between(&self, lowest: i64, highest: i64) -> i64 {
        if lowest > highest { 0 } else { self.0.range(lowest..=highest).map(|(_, times)| times).sum() }
    }

    /// How many occurrences there are.
    pub fn count(&self) -> i64 {
        self.0.values().sum()
    }

    /// Σ value × occurrences.
    pub fn sum(&self) -> i128 {
        self.0.iter().map(|(value, times)| i128::from(*value) * i128::from(*times)).sum()
    }
}

impl Aggregate for Occurrences {
    fn merge(&mut self, other: &Self) {
        for (value, times) in &other.0 {
            let left = self.0.entry(*value).or_insert(0);
            *left += times;
            if *left == 0 {
                self.0.remove(value);
            }
        }
    }
    fn opposite(&self) -> Self {
        Self(self.0.iter().map(|(value, times)| (*value, -times)).collect())
    }
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    fn is_negative(&self) -> bool {
        self.0.values().any(|times| *times < 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_survive_a_correction() {
        let mut cell = Occurrences::default();
        for value in [13, 25, 25, 18] {
            cell.merge(&Occurrences::of(value, 1));
        }
        assert_eq!(cell.extremes(), Some((13, 25)));
        cell.merge(&Occurrences::of(13, 1).opposite());
        assert_eq!((cell.extremes(), cell.count(), cell.distinct(), cell.sum()), (Some((18, 25)), 3, 2, 68));
        assert_eq!((cell.between(19, 25), cell.between(25, 19)), (2, 0));
        cell.merge(&Occurrences::of(30, -1));
        assert!(cell.is_negative() && cell.extremes() == Some((18, 25)));
    }
}
