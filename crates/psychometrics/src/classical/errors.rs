//! Standard error of measurement at each score.

/// Standard error of measurement of persons with one total score, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConditionalError {
    /// Total score.
    pub score: u32,
    /// Lord's (1955) binomial error `sqrt(x (m - x) / (m - 1))`: persons answer a random sample of items of one point.
    /// `None` when some item has more than one point.
    pub binomial: Option<f64>,
    /// Keats's (1957) correction: the binomial error times `sqrt((1 - reliability) / (1 - KR21))`, so that the mean error
    /// variance is the one the reliability says. For items of several points it takes points for items.
    pub corrected: Option<f64>,
}

/// Errors at scores 0..=`max`.
///
/// `max`: largest total; `mean`, `variance` of totals in points; `reliability`, usually alpha; `dichotomous`: whether every
/// item has one point. The error is 0 at both ends of the scale, where a binomial cannot vary; read those with care.
pub fn conditional_errors(
    max: u32,
    mean: f64,
    variance: f64,
    reliability: Option<f64>,
    dichotomous: bool,
) -> Vec<ConditionalError> {
    let m = f64::from(max);
    if max < 2 {
        return Vec::new();
    }
    // 1 - KR21 in its plain form.
    let unexplained = (mean * (m - mean) - variance) / ((m - 1.0) * variance);
    let correction = reliability
        .filter(|r| *r < 1.0 && variance > 0.0 && unexplained > 0.0)
        .map(|reliability| (1.0 - reliability) / unexplained);
    let one = |score: u32| {
        let x = f64::from(score);
        let square = x * (m - x) / (m - 1.0);
        ConditionalError {
            score,
            binomial: dichotomous.then(|| square.sqrt()),
            corrected: correction.map(|factor| (square * factor).sqrt()),
        }
    };
    (0..=max).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corrected_errors_average_to_the_error_of_the_test() {
        let counts = [1.0, 3.0, 7.0, 9.0, 6.0, 4.0];
        let n: f64 = counts.iter().sum();
        let mean = counts.iter().enumerate().map(|(x, c)| x as f64 * c).sum::<f64>() / n;
        let variance =
            counts.iter().enumerate().map(|(x, c)| c * (x as f64 - mean) * (x as f64 - mean)).sum::<f64>() / n;
        let errors = conditional_errors(5, mean, variance, Some(0.6), true);
        let average: f64 = errors.iter().zip(&counts).map(|(e, c)| c * e.corrected.unwrap().powi(2)).sum::<f64>() / n;
        assert!((average - variance * 0.4).abs() < 1e-12);
        // Lord: five items, two right: sqrt(2 * 3 / 4).
        assert!((errors[2].binomial.unwrap() - 1.5_f64.sqrt()).abs() < 1e-15);
        assert_eq!(conditional_errors(5, mean, variance, None, false)[2].corrected, None);
    }
}
