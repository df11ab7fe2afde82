//! Errors of all item parameters together.

use super::errors;
use super::fit::Fit;
use crate::math::logistic;

use super::family::Family;

impl Fit {
    /// Covariance matrix of the slope-intercept parameters of these items, row after row, item after item in the order of
    /// [`Fit::slope_intercept`] (a1, d or d1..., g, u; nominal a1..., c1...). Rows of fixed parameters are zero unless
    /// [`crate::FitSettings::fixed_covariance`] gives their errors. `None` without standard errors.
    ///
    /// Parameters of different items are correlated, because the sample of persons moves all of them together; errors of
    /// linking and equating need these covariances.
    pub fn item_covariance(&self, items: &[usize]) -> Option<Vec<f64>> {
        let covariance = self.covariance()?;
        let free = self.errors_size;
        let flats = self.problem.flats(&self.free);
        // Each parameter as a weighted sum of free ones.
        let mut rows: Vec<Vec<(usize, f64)>> = Vec::new();
        for item in items {
            let problem = &self.items_with_errors()[*item];
            let names = errors::slope_intercept(problem, &flats[*item], None, free).len();
            for (parameter, source) in problem.sources.iter().take(names).enumerate() {
                let asymptote = problem.family == Family::Logistic && parameter >= 2;
                let by = if asymptote {
                    let flat = flats[*item][parameter];
                    logistic(flat) * logistic(-flat)
                } else {
                    1.0
                };
                rows.push(source.terms.iter().map(|(place, weight)| (*place, by * weight)).collect());
            }
        }
        let n = rows.len();
        let mut matrix = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..=i {
                let mut sum = 0.0;
                for (p, x) in &rows[i] {
                    sum += rows[j].iter().map(|(q, y)| x * y * covariance[p * free + q]).sum::<f64>();
                }
                matrix[i * n + j] = sum;
                matrix[j * n + i] = sum;
            }
        }
        Some(matrix)
    }
}
