//! Distinct people by sketch: an estimate in a few kilobytes, however many people there are.
//!
//! A person's number is hashed to a slot: one of [`BUCKETS`] buckets, and in it a level that half of the people reach, a
//! quarter, and so on (Flajolet and Martin 1985, probabilistic counting with stochastic averaging). A cell keeps how often
//! each slot occurs, not only whether: so sketches are added and taken away like every other aggregate, a correction
//! leaves no trace, and the order of arrival makes no difference. Sketches of well-known libraries forget what they drop
//! and cannot take a person back.
//!
//! How many people there are is the maximum of the likelihood of the slots being occupied or empty. Its standard error
//! is 1 / √(2.373 × buckets), the bound that no estimate from these slots can beat (Pettie and Wang 2021, information
//! theoretic limits of cardinality estimation); small groups are counted almost exactly, because few share a slot.

use crate::aggregate::Occurrences;

const BUCKET_BITS: u32 = 11;
/// Buckets of a sketch.
const BUCKETS: u32 = 1 << BUCKET_BITS;
/// Levels of a bucket: 2^32 people for each bucket are more than there are.
const LEVELS: u32 = 32;

/// Standard error of an estimate, in percent of it: two estimates in three lie within it, nineteen in twenty within twice
/// as much.
pub const ESTIMATE_ERROR: f64 = 1.5;

/// Mixes the bits of a number (the finaliser of SplitMix64, Steele, Lea and Flood 2014).
const fn mixed(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// The slot of a person.
pub(crate) fn slot(person: i64) -> i64 {
    let bits = mixed(person.cast_unsigned());
    let bucket = bits >> (u64::BITS - BUCKET_BITS);
    let level = (bits << BUCKET_BITS).leading_zeros().min(LEVELS - 1);
    (bucket * u64::from(LEVELS) + u64::from(level)).cast_signed()
}

/// How many different people are in a sketch, to whole people.
pub(crate) fn estimate(sketch: &Occurrences) -> i64 {
    let mut occupied = [0_u32; LEVELS as usize];
    for (slot, times) in &sketch.0 {
        let level = (slot % i64::from(LEVELS)) as usize;
        if let Some(count) = occupied.get_mut(level).filter(|_| *times > 0) {
            *count += 1;
        }
    }
    let levels: Vec<(f64, f64)> = (0_i32..)
        .zip(occupied)
        .map(|(level, count)| {
            // The last level takes everything beyond it.
            let halvings = (level + 1).min(LEVELS as i32 - 1);
            (libm::scalbn(1.0 / f64::from(BUCKETS), -halvings), f64::from(count))
        })
        .collect();
    if occupied.iter().all(|count| *count == 0) {
        return 0;
    }
    // Derivative of the logarithm of the likelihood; it falls, so its zero is found by halving.
    let slope = |people: f64| -> f64 {
        let term = |(chance, count): &(f64, f64)| {
            chance * (count / libm::expm1(people * chance) - (f64::from(BUCKETS) - count))
        };
        levels.iter().map(term).sum()
    };
    let (mut low, mut high) = (0.5, libm::scalbn(f64::from(BUCKETS), LEVELS as i32));
    for _ in 0..96 {
        let middle = f64::midpoint(low, high);
        if slope(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    libm::round(high) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::Aggregate;

    fn sketch(people: impl Iterator<Item = i64>) -> Occurrences {
        let mut cell = Occurrences::default();
        people.for_each(|person| cell.merge(&Occurrences::of(slot(person), 1)));
        cell
    }

    #[test]
    fn the_error_is_what_is_stated() {
        // 60 sketches of different people at each size: their spread is the stated error, and they do not lean.
        for size in [100_i64, 2_000, 30_000] {
            let errors: Vec<f64> = (0..60)
                .map(|start| {
                    let first = start * 1_000_003;
                    let found = estimate(&sketch(first..first + size));
                    100.0 * (found - size) as f64 / size as f64
                })
                .collect();
            let mean = errors.iter().sum::<f64>() / 60.0;
            let spread = (errors.iter().map(|error| error * error).sum::<f64>() / 60.0).sqrt();
            println!("{size} people: error {spread:.2} %, mean {mean:+.2} %");
            assert!(spread < ESTIMATE_ERROR * 1.2, "{size}: {spread}");
            assert!(mean.abs() < ESTIMATE_ERROR * 0.4, "{size}: {mean}");
        }
    }

    #[test]
    fn small_groups_are_counted_and_nobody_is_zero() {
        for size in 0..40 {
            let found = estimate(&sketch((0..size).map(|person| person * 7_919)));
            assert!((found - size).abs() <= 1, "{size}: {found}");
        }
    }

    #[test]
    fn who_is_taken_back_leaves_no_trace() {
        let kept = sketch(0..5_000);
        let mut cell = sketch(0..9_000);
        // A person who was recorded twice is still there after one is taken back.
        cell.merge(&sketch(0..100));
        cell.merge(&sketch((5_000..9_000).chain(0..100)).opposite());
        assert_eq!(cell, kept);
        let million = sketch(0..300_000);
        assert!(million.0.len() < 20_000, "{} slots", million.0.len());
    }
}
