//! Ranks with ties, percentiles and Pearson's correlation.

/// Competition ranks, the highest value first: values 9, 7, 7, 5 give 1, 2, 2, 4.
///
/// Returns one rank per value, in the order given. Values compare by `f64::total_cmp`; `-0.0` counts as `0.0`.
pub fn competition_ranks(values: &[f64]) -> Vec<usize> {
    let key = |i: usize| values[i] + 0.0;
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|x, y| key(*y).total_cmp(&key(*x)).then(x.cmp(y)));
    let mut ranks = vec![0; values.len()];
    let mut rank = 1;
    for (place, &index) in order.iter().enumerate() {
        if place > 0 && key(order[place - 1]).total_cmp(&key(index)).is_ne() {
            rank = place + 1;
        }
        ranks[index] = rank;
    }
    ranks
}

/// A correlation with the number of pairs it stands on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correlation {
    /// Number of pairs.
    pub n: usize,
    /// Pearson's r in -1..=1; `None` with fewer than two pairs or when either side does not vary.
    pub r: Option<f64>,
}

/// Pearson's product-moment correlation over pairs; a pair with a value that is not finite is left out.
pub fn pearson(pairs: impl IntoIterator<Item = (f64, f64)>) -> Correlation {
    let pairs: Vec<(f64, f64)> = pairs.into_iter().filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
    let n = pairs.len();
    let count = n as f64;
    let mean = |sum: f64| if n == 0 { 0.0 } else { sum / count };
    let mean_x = mean(pairs.iter().map(|p| p.0).sum());
    let mean_y = mean(pairs.iter().map(|p| p.1).sum());
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in &pairs {
        let (dx, dy) = (x - mean_x, y - mean_y);
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    // A constant column leaves only rounding in its sum of squares.
    let negligible =
        |sum: f64, mean: f64| sum <= count * (f64::EPSILON * mean.abs()) * (f64::EPSILON * mean.abs()) * 16.0;
    let defined = n >= 2 && !negligible(xx, mean_x) && !negligible(yy, mean_y);
    Correlation { n, r: defined.then(|| (xy / (xx * yy).sqrt()).clamp(-1.0, 1.0)) }
}

/// Quantile of sorted values by linear interpolation between order statistics (Hyndman and Fan 1996, type 7).
///
/// `share` in 0..=1. Returns `None` for an empty list.
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = share.clamp(0.0, 1.0) * last as f64;
    let low = place.floor() as usize;
    let high = (low + 1).min(last);
    Some(sorted[low] + (place - low as f64) * (sorted[high] - sorted[low]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_the_better_rank() {
        assert_eq!(competition_ranks(&[7.0, 9.0, 5.0, 7.0]), [2, 1, 4, 2]);
        assert_eq!(competition_ranks(&[0.0, -0.0]), [1, 1]);
        assert!(competition_ranks(&[]).is_empty());
    }

    #[test]
    fn a_constant_column_has_no_correlation() {
        let constant = pearson([(1.1, 2.0), (1.1, 3.0), (1.1, 4.0)]);
        assert_eq!((constant.n, constant.r), (3, None));
        let line = pearson([(1.0, 2.0), (2.0, 4.0), (3.0, 6.0), (f64::NAN, 1.0)]);
        assert_eq!(line.n, 3);
        assert!((line.r.unwrap() - 1.0).abs() < 1e-15);
    }
}
