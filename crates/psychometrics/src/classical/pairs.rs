//! Sums over pairs of items, exact, from bit planes.
//!
//! The scores of an item are held as bit planes over persons (one bit of every score per plane) beside a plane
//! that says who has a score. A product sum is then a sum of bit counts: `sum x_i x_j = sum_ab 2^(a+b)
//! |plane_a(i) & plane_b(j)|`, sixty-four persons a step and without rounding.

use rayon::prelude::*;

/// Sums over the persons who have a score on both items of a pair.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct PairSums {
    /// Persons (or their weight).
    pub n: f64,
    /// Sum of the first item's scores.
    pub first: f64,
    /// Sum of the second item's scores.
    pub second: f64,
    /// Sum of products.
    pub product: f64,
}

impl PairSums {
    /// Covariance with n - 1; `None` below two persons.
    pub fn covariance(&self) -> Option<f64> {
        (self.n > 1.0).then(|| (self.product - self.first * self.second / self.n) / (self.n - 1.0))
    }
}

struct Planes {
    present: Vec<u64>,
    bits: Vec<Vec<u64>>,
}

fn planes(column: &[Option<u8>]) -> Planes {
    let words = column.len().div_ceil(64);
    let top = column.iter().flatten().max().copied().unwrap_or(0);
    let count = (8 - top.leading_zeros()) as usize;
    let mut planes = Planes { present: vec![0; words], bits: vec![vec![0; words]; count] };
    for (person, score) in column.iter().enumerate() {
        let Some(score) = score else { continue };
        let (word, bit) = (person / 64, person % 64);
        planes.present[word] |= 1 << bit;
        for (power, plane) in planes.bits.iter_mut().enumerate() {
            plane[word] |= u64::from(score >> power & 1) << bit;
        }
    }
    planes
}

fn common(x: &[u64], y: &[u64]) -> f64 {
    let count: u64 = x.iter().zip(y).map(|(x, y)| u64::from((x & y).count_ones())).sum();
    count as f64
}

fn weighted_sum(bits: &[Vec<u64>], present: &[u64]) -> f64 {
    bits.iter().enumerate().map(|(power, plane)| f64::from(1_u32 << power) * common(plane, present)).sum()
}

/// Sums for every pair `i <= j`, row after row: (0,0), (0,1), ..., (1,1), ...
pub(crate) fn pair_sums(columns: &[Vec<Option<u8>>], weights: Option<&[f64]>) -> Vec<PairSums> {
    let items = columns.len();
    if let Some(weights) = weights {
        let row = |i: usize| (i..items).map(|j| weighted_pair(&columns[i], &columns[j], weights)).collect::<Vec<_>>();
        return (0..items).into_par_iter().map(row).collect::<Vec<_>>().concat();
    }
    let planes: Vec<Planes> = columns.par_iter().map(|column| planes(column)).collect();
    let complete = columns.iter().all(|column| column.iter().all(Option::is_some));
    let own: Vec<f64> = planes.iter().map(|p| weighted_sum(&p.bits, &p.present)).collect();
    let pair = |i: usize, j: usize| {
        let (x, y) = (&planes[i], &planes[j]);
        let product = x
            .bits
            .iter()
            .enumerate()
            .map(|(power, plane)| f64::from(1_u32 << power) * weighted_sum(&y.bits, plane))
            .sum();
        if complete {
            return PairSums { n: columns[i].len() as f64, first: own[i], second: own[j], product };
        }
        let (first, second) = (weighted_sum(&x.bits, &y.present), weighted_sum(&y.bits, &x.present));
        PairSums { n: common(&x.present, &y.present), first, second, product }
    };
    let row = |i: usize| (i..items).map(|j| pair(i, j)).collect::<Vec<_>>();
    (0..items).into_par_iter().map(row).collect::<Vec<_>>().concat()
}

fn weighted_pair(x: &[Option<u8>], y: &[Option<u8>], weights: &[f64]) -> PairSums {
    let mut sums = PairSums::default();
    for ((x, y), weight) in x.iter().zip(y).zip(weights) {
        if let (Some(x), Some(y)) = (x, y) {
            let (x, y) = (f64::from(*x), f64::from(*y));
            sums.n += weight;
            sums.first += weight * x;
            sums.second += weight * y;
            sums.product += weight * x * y;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bit_planes_agree_with_unit_weights() {
        let score =
            |p: usize, i: usize| (!(p * 7 + i * 3).is_multiple_of(11)).then(|| ((p * p + i * 5 + p * i) % 6) as u8);
        let columns: Vec<Vec<Option<u8>>> = (0..5).map(|i| (0..201).map(|p| score(p, i)).collect()).collect();
        assert_eq!(pair_sums(&columns, None), pair_sums(&columns, Some(&[1.0; 201])));
    }
}
