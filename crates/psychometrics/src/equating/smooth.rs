//! Log-linear presmoothing of a score distribution.

use super::ScoreDistribution;
use crate::Error;
use crate::linalg::Cholesky;
use crate::math::{exp, ln};

/// Fits `ln p(x) = b0 + b1 x + ... + b_degree x^degree` by maximum likelihood (Holland and Thayer 2000); the first
/// `degree` moments of the counts are kept. Returns shares.
///
/// # Errors
/// A degree of 0 or above 10, or not below the number of scores; a fit that does not converge.
pub fn log_linear(counts: &ScoreDistribution, degree: usize) -> Result<ScoreDistribution, Error> {
    let n = counts.max() + 1;
    if degree == 0 || degree > 10 || degree + 1 >= n {
        return Err(Error::Model {
            what: format!("log-linear smoothing of degree {degree} is not possible for {n} scores"),
        });
    }
    let shares = counts.shares();
    // Orthogonal polynomials keep the information matrix near the identity.
    let basis = orthogonal(n, degree);
    let target: Vec<f64> = basis.iter().map(|b| b.iter().zip(&shares).map(|(b, p)| b * p).sum()).collect();
    let model = |beta: &[f64]| -> (Vec<f64>, f64) {
        let eta: Vec<f64> = (0..n).map(|x| beta.iter().zip(&basis).map(|(c, b)| c * b[x]).sum()).collect();
        let top = eta.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = eta.iter().map(|e| exp(e - top)).sum();
        let value = beta.iter().zip(&target).map(|(c, t)| c * t).sum::<f64>() - ln(total) - top;
        (eta.iter().map(|e| exp(e - top) / total).collect(), value)
    };
    let mut beta = vec![0.0; degree];
    let (mut p, mut value) = model(&beta);
    for _ in 0..200 {
        let expected: Vec<f64> = basis.iter().map(|b| b.iter().zip(&p).map(|(b, p)| b * p).sum()).collect();
        let gradient: Vec<f64> = target.iter().zip(&expected).map(|(t, e)| t - e).collect();
        let mut information = vec![0.0; degree * degree];
        for i in 0..degree {
            for j in 0..degree {
                let cross: f64 = (0..n).map(|x| basis[i][x] * basis[j][x] * p[x]).sum();
                information[i * degree + j] = cross - expected[i] * expected[j];
            }
        }
        let Some(factor) = Cholesky::new(&information, degree) else { break };
        let step = factor.solve(&gradient);
        let gain: f64 = step.iter().zip(&gradient).map(|(s, g)| s * g).sum();
        if gain < 1e-20 {
            return ScoreDistribution::new(p);
        }
        let mut scale = 1.0;
        loop {
            let tried: Vec<f64> = beta.iter().zip(&step).map(|(b, s)| b + scale * s).collect();
            let (next_p, next_value) = model(&tried);
            if next_value >= value - 1e-15 || scale < 1e-6 {
                (beta, p, value) = (tried, next_p, next_value);
                break;
            }
            scale *= 0.5;
        }
    }
    Err(Error::Model { what: format!("log-linear smoothing of degree {degree} did not converge; use a lower degree") })
}

/// Powers 1..=degree of the score, made orthonormal to each other and to the constant.
fn orthogonal(n: usize, degree: usize) -> Vec<Vec<f64>> {
    let mut basis: Vec<Vec<f64>> = vec![vec![1.0 / (n as f64).sqrt(); n]];
    for _ in 0..degree {
        let last = &basis[basis.len() - 1];
        let mut next: Vec<f64> =
            last.iter().enumerate().map(|(x, b)| b * (2.0 * x as f64 / (n - 1) as f64 - 1.0)).collect();
        for _ in 0..2 {
            for known in &basis {
                let dot: f64 = known.iter().zip(&next).map(|(k, x)| k * x).sum();
                next.iter_mut().zip(known).for_each(|(x, k)| *x -= dot * k);
            }
        }
        let size = next.iter().map(|x| x * x).sum::<f64>().sqrt();
        for x in &mut next {
            *x /= size;
        }
        basis.push(next);
    }
    // Scaled so that entries are of order one.
    basis.into_iter().skip(1).map(|b| b.into_iter().map(|x| x * (n as f64).sqrt()).collect()).collect()
}
