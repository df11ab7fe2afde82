//! Standard errors of equating functions.
//!
//! The delta method differences an equating function, whatever it does in between (presmoothing, chaining, kernels), by
//! every count of both samples, which are multinomial: `var e = sum c_j g_j^2 - (sum c_j g_j)^2 / n` with `g_j` the
//! derivative by the count of cell `j` (Rao 1973, 6a.2; Lord 1982 worked it out by hand for the equipercentile function).
//! The bootstrap draws both samples anew (Efron 1979; Kolen and Brennan 2014, ch. 7).

use rayon::prelude::*;

use super::{Joint, ScoreDistribution};
use crate::Error;
use crate::linking::{seeds, values, with_values};
use crate::scores::CalibratedItem;
use crate::simulation::Generator;

/// Counts of persons in the cells of a table: by score, or by total and anchor.
pub trait CountTable: Clone + Sync {
    /// Persons in each cell.
    fn counts(&self) -> &[f64];
    /// The same table with other counts.
    #[must_use]
    fn with_counts(&self, counts: Vec<f64>) -> Self;
}

impl CountTable for ScoreDistribution {
    fn counts(&self) -> &[f64] {
        &self.weights
    }

    fn with_counts(&self, weights: Vec<f64>) -> Self {
        Self { weights }
    }
}

impl CountTable for Joint {
    fn counts(&self) -> &[f64] {
        &self.counts
    }

    fn with_counts(&self, counts: Vec<f64>) -> Self {
        Self { counts, anchor: self.anchor }
    }
}

/// Standard errors of the equivalents that `equate` gives, by the delta method. `x` and `y` hold numbers of persons, not
/// shares.
///
/// # Errors
/// Whatever `equate` refuses.
pub fn delta_errors<T: CountTable>(
    x: &T,
    y: &T,
    equate: impl Fn(&T, &T) -> Result<Vec<f64>, Error> + Sync,
) -> Result<Vec<f64>, Error> {
    let mut variance: Vec<f64> = vec![0.0; equate(x, y)?.len()];
    for of_x in [true, false] {
        let own = if of_x { x } else { y };
        let n: f64 = own.counts().iter().sum();
        let cells: Vec<usize> = (0..own.counts().len()).filter(|cell| own.counts()[*cell] > 0.0).collect();
        let derivative = |cell: &usize| -> Result<Vec<f64>, Error> {
            // A hundredth of the standard error of the count.
            let h = 0.01 * own.counts()[*cell].sqrt();
            let at = |by: f64| {
                let mut counts = own.counts().to_vec();
                counts[*cell] += by;
                let moved = own.with_counts(counts);
                if of_x { equate(&moved, y) } else { equate(x, &moved) }
            };
            let (high, low) = (at(h)?, at(-h)?);
            Ok(high.iter().zip(&low).map(|(high, low)| (high - low) / (2.0 * h)).collect())
        };
        let gradients: Vec<Vec<f64>> = cells.par_iter().map(derivative).collect::<Result<_, _>>()?;
        for (score, variance) in variance.iter_mut().enumerate() {
            let (mut square, mut sum) = (0.0, 0.0);
            for (cell, gradient) in cells.iter().zip(&gradients) {
                let count = own.counts()[*cell];
                square += count * gradient[score] * gradient[score];
                sum += count * gradient[score];
            }
            *variance += square - sum * sum / n;
        }
    }
    Ok(variance.into_iter().map(|v| v.max(0.0).sqrt()).collect())
}

/// Standard errors by drawing both samples anew, person by person, `draws` times. The same seed gives the same bytes on any
/// number of threads. Draws that cannot be equated are left out and counted.
///
/// # Errors
/// Fewer than two draws that could be equated.
pub fn bootstrap_errors<T: CountTable>(
    x: &T,
    y: &T,
    equate: impl Fn(&T, &T) -> Result<Vec<f64>, Error> + Sync,
    draws: usize,
    seed: u64,
) -> Result<(Vec<f64>, usize), Error> {
    let one = |seed: &u64| {
        let mut generator = Generator::new(*seed);
        let (x, y) = (resampled(x, &mut generator), resampled(y, &mut generator));
        equate(&x, &y).ok()
    };
    let drawn: Vec<Vec<f64>> =
        seeds(seed, draws).par_iter().map(one).collect::<Vec<_>>().into_iter().flatten().collect();
    if drawn.len() < 2 {
        return Err(Error::Model { what: "fewer than two bootstrap draws could be equated".to_owned() });
    }
    let n = drawn.len() as f64;
    let spread = |score: usize| {
        let mean = drawn.iter().map(|e| e[score]).sum::<f64>() / n;
        (drawn.iter().map(|e| (e[score] - mean) * (e[score] - mean)).sum::<f64>() / (n - 1.0)).sqrt()
    };
    Ok(((0..drawn[0].len()).map(spread).collect(), draws - drawn.len()))
}

/// As many persons as in the table, each from a random one of its persons.
fn resampled<T: CountTable>(table: &T, generator: &mut Generator) -> T {
    let mut upto = Vec::with_capacity(table.counts().len());
    let mut sum = 0.0;
    for count in table.counts() {
        sum += count;
        upto.push(sum);
    }
    let mut counts = vec![0.0; upto.len()];
    for _ in 0..sum.round() as u64 {
        let at = generator.uniform() * sum;
        counts[upto.partition_point(|upto| *upto <= at).min(upto.len() - 1)] += 1.0;
    }
    table.with_counts(counts)
}

/// Items with the covariance matrix of their parameters, row after row, in the order of [`crate::linking::values`].
pub type ItemsWithErrors<'a> = (&'a [CalibratedItem], &'a [f64]);

/// Standard errors of equating through item response models by the delta method: `equate` is differenced by every item
/// parameter of both forms, whose errors are independent between the forms.
///
/// # Errors
/// A covariance matrix of another size; whatever `equate` refuses.
pub fn item_errors(
    x: ItemsWithErrors,
    y: ItemsWithErrors,
    equate: impl Fn(&[CalibratedItem], &[CalibratedItem]) -> Result<Vec<f64>, Error> + Sync,
) -> Result<Vec<f64>, Error> {
    let mut variance = vec![0.0; equate(x.0, y.0)?.len()];
    for of_x in [true, false] {
        let (items, covariance) = if of_x { x } else { y };
        let mut places: Vec<(usize, usize)> = Vec::new();
        for (i, item) in items.iter().enumerate() {
            places.extend((0..values(&item.parameters).len()).map(|k| (i, k)));
        }
        let size = places.len();
        if covariance.len() != size * size {
            let what = "entries of the covariance matrix of a form";
            return Err(Error::Length { what, found: covariance.len(), expected: size * size });
        }
        let derivative = |(place, &(i, k)): (usize, &(usize, usize))| -> Result<Vec<f64>, Error> {
            if covariance[place * size + place] <= 0.0 {
                return Ok(vec![0.0; variance.len()]);
            }
            let own = values(&items[i].parameters);
            let h = 1e-4 * own[k].abs().max(1.0);
            let at = |by: f64| {
                let mut moved = items.to_vec();
                let mut new = own.clone();
                new[k] += by;
                moved[i].parameters = with_values(&items[i].parameters, &new);
                if of_x { equate(&moved, y.0) } else { equate(x.0, &moved) }
            };
            let (high, low) = (at(h)?, at(-h)?);
            Ok(high.iter().zip(&low).map(|(high, low)| (high - low) / (2.0 * h)).collect())
        };
        let gradients: Vec<Vec<f64>> = places.par_iter().enumerate().map(derivative).collect::<Result<_, _>>()?;
        for (score, variance) in variance.iter_mut().enumerate() {
            for (i, x) in gradients.iter().enumerate() {
                *variance += gradients
                    .iter()
                    .enumerate()
                    .map(|(j, y)| x[score] * y[score] * covariance[i * size + j])
                    .sum::<f64>();
            }
        }
    }
    Ok(variance.into_iter().map(|v| v.max(0.0).sqrt()).collect())
}
