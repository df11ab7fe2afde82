//! The greatest lower bound of reliability, with its certificate.
//!
//! Among all splits of the covariance matrix into true and error parts, `C = T + diag(e)` with `T` positive semidefinite and
//! `e >= 0`, the one with most error gives the smallest reliability: `glb = 1 - max sum(e) / sum(C)` (Jackson and Agunwamba
//! 1977; Woodhouse and Jackson 1977). This is a semidefinite programme; its dual is `min <C, X>` over positive semidefinite
//! `X` with `X_ii >= 1`. Both are solved together by a primal-dual interior-point method in the form of Helmberg, Rendl,
//! Vanderbei and Wolkowicz (1996), without random numbers, and the distance of the two values bounds the error.

use crate::linalg::Cholesky;

/// The bound with what proves it.
#[derive(Debug, Clone, PartialEq)]
pub struct GreatestLowerBound {
    /// The bound, at most 1. In small samples it overestimates (ten Berge and Socan 2004): below some 1,000 persons read
    /// it beside alpha and lambda 2, not instead of them.
    pub value: f64,
    /// The true bound lies in `value - uncertainty ..= value`: duality gap over the variance of the total.
    pub uncertainty: f64,
    /// Largest error variances, one per item, in squared points: `C - diag(e)` is positive semidefinite.
    pub errors: Vec<f64>,
    /// The dual matrix, row after row: positive semidefinite with a diagonal of at least 1, and `<C, X>` at most
    /// `uncertainty * sum(C)` above `sum(errors)`.
    pub dual: Vec<f64>,
}

/// Computes the bound from the covariance matrix of item scores (`items` rows, row after row).
///
/// `None` when the matrix is not positive definite (items that repeat each other), the total does not vary, or there are
/// fewer than two items. Cost: about fifteen times `items^3`.
pub fn greatest_lower_bound(covariance: &[f64], items: usize) -> Option<GreatestLowerBound> {
    let n = items;
    let total: f64 = covariance.iter().sum();
    if n < 2 || covariance.len() != n * n || total <= 0.0 {
        return None;
    }
    let scale = (0..n).map(|i| covariance[i * n + i]).sum::<f64>() / n as f64;
    let c: Vec<f64> = covariance.iter().map(|x| x / scale).collect();
    let inverse = Cholesky::new(&c, n)?.inverse();
    // Residual variances given all others are each feasible alone; half their average is feasible inside.
    let mut e: Vec<f64> = (0..n).map(|i| 0.5 / (n as f64 * inverse[i * n + i])).collect();
    let mut z = vec![1.0; n];
    let mut x = vec![0.0; n * n];
    (0..n).for_each(|i| x[i * n + i] = 2.0);
    let target = 1e-10 * total / scale;
    for _ in 0..60 {
        let s = Cholesky::new(&less(&c, &e, n), n)?.inverse();
        let product: f64 = x.iter().zip(less(&c, &e, n)).map(|(x, s)| x * s).sum();
        let gap = product + z.iter().zip(&e).map(|(z, e)| z * e).sum::<f64>();
        if gap < target {
            break;
        }
        let mu = 0.1 * gap / (2 * n) as f64;
        // (X o S^-1 + diag(z / e)) de = 1 - mu diag(S^-1) + mu / e
        let mut matrix: Vec<f64> = x.iter().zip(&s).map(|(x, s)| x * s).collect();
        (0..n).for_each(|i| matrix[i * n + i] += z[i] / e[i]);
        let right: Vec<f64> = (0..n).map(|i| 1.0 - mu * s[i * n + i] + mu / e[i]).collect();
        let de = Cholesky::new(&matrix, n)?.solve(&right);
        let dz: Vec<f64> = (0..n).map(|i| mu / e[i] - z[i] - z[i] / e[i] * de[i]).collect();
        let dx = dual_step(&x, &s, &de, mu, n);
        // Longest steps that stay inside.
        let inside = |from: &[f64], step: &[f64], length: f64| from.iter().zip(step).all(|(x, d)| x + length * d > 0.0);
        let moved = |from: &[f64], step: &[f64], length: f64| -> Vec<f64> {
            from.iter().zip(step).map(|(x, d)| x + length * d).collect()
        };
        let length = |accept: &dyn Fn(f64) -> bool| -> Option<f64> {
            let mut length = 1.0;
            while !accept(length) {
                length *= 0.8;
                if length < 1e-8 {
                    return None;
                }
            }
            Some(if length < 1.0 { 0.95 * length } else { 1.0 })
        };
        let primal = length(&|t| inside(&e, &de, t) && Cholesky::new(&less(&c, &moved(&e, &de, t), n), n).is_some());
        let dual = length(&|t| inside(&z, &dz, t) && Cholesky::new(&moved(&x, &dx, t), n).is_some());
        let (Some(primal), Some(dual)) = (primal, dual) else { break };
        (e, z, x) = (moved(&e, &de, primal), moved(&z, &dz, dual), moved(&x, &dx, dual));
    }
    // Rounding may leave a diagonal entry a little below 1; scaling the whole matrix makes the certificate exact.
    let least = (0..n).map(|i| x[i * n + i]).fold(1.0, f64::min);
    let dual: Vec<f64> = x.iter().map(|x| x / least).collect();
    let bound: f64 = dual.iter().zip(covariance).map(|(x, c)| x * c).sum();
    let errors: Vec<f64> = e.iter().map(|e| e * scale).collect();
    let sum: f64 = errors.iter().sum();
    Some(GreatestLowerBound { value: 1.0 - sum / total, uncertainty: (bound - sum).max(0.0) / total, errors, dual })
}

/// `C - diag(e)`.
fn less(c: &[f64], e: &[f64], n: usize) -> Vec<f64> {
    let mut s = c.to_vec();
    (0..n).for_each(|i| s[i * n + i] -= e[i]);
    s
}

/// `mu S^-1 - X + X diag(de) S^-1`, made symmetric.
fn dual_step(x: &[f64], s: &[f64], de: &[f64], mu: f64, n: usize) -> Vec<f64> {
    let mut step = vec![0.0; n * n];
    for i in 0..n {
        let row = &mut step[i * n..(i + 1) * n];
        for k in 0..n {
            let by = x[i * n + k] * de[k];
            row.iter_mut().zip(&s[k * n..(k + 1) * n]).for_each(|(out, s)| *out += by * s);
        }
    }
    for i in 0..n {
        for j in 0..=i {
            let both = 0.5 * (step[i * n + j] + step[j * n + i]) + mu * s[i * n + j] - x[i * n + j];
            step[i * n + j] = both;
            step[j * n + i] = both;
        }
    }
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_factor(loadings: &[f64], errors: &[f64]) -> Vec<f64> {
        let n = loadings.len();
        let entry = |i: usize, j: usize| loadings[i] * loadings[j] + if i == j { errors[i] } else { 0.0 };
        (0..n * n).map(|place| entry(place / n, place % n)).collect()
    }

    fn certified(covariance: &[f64], n: usize) -> GreatestLowerBound {
        let bound = greatest_lower_bound(covariance, n).unwrap();
        let total: f64 = covariance.iter().sum();
        // The proof, without the solver: both sides feasible, values together.
        assert!(bound.errors.iter().all(|e| *e >= 0.0));
        assert!(Cholesky::new(&less(covariance, &bound.errors, n), n).is_some());
        assert!((0..n).all(|i| bound.dual[i * n + i] >= 1.0));
        assert!(Cholesky::new(&bound.dual, n).is_some());
        let above: f64 = bound.dual.iter().zip(covariance).map(|(x, c)| x * c).sum();
        let below: f64 = bound.errors.iter().sum();
        assert!(above - below < 1e-8 * total, "gap {}", (above - below) / total);
        bound
    }

    /// With one factor and balanced loadings (none above the sum of the others) the smallest trace is that of the factor
    /// (Saunderson, Chandrasekaran, Parrilo and Willsky 2012), so the bound is McDonald's omega.
    #[test]
    fn one_balanced_factor_gives_omega() {
        let (loadings, errors) = ([0.9, 0.7, 0.5, 0.8, 0.6], [0.4, 0.5, 0.8, 0.3, 0.9]);
        let bound = certified(&one_factor(&loadings, &errors), 5);
        let (sum, unique): (f64, f64) = (loadings.iter().sum(), errors.iter().sum());
        assert!((bound.value - sum * sum / (sum * sum + unique)).abs() < 1e-8, "{}", bound.value);
    }

    #[test]
    fn an_unbalanced_factor_and_many_items_are_certified() {
        let bound = certified(&one_factor(&[3.0, 0.5, 0.6], &[1.0, 1.0, 1.0]), 3);
        assert!(bound.value < 4.1 * 4.1 / (4.1 * 4.1 + 3.0));
        let loading = |i: usize| 0.3 + 0.5 * ((i * 7919 % 101) as f64) / 100.0;
        let n = 40;
        let mut covariance = one_factor(&(0..n).map(loading).collect::<Vec<_>>(), &vec![0.7; n]);
        for i in 0..n / 2 {
            for j in 0..n / 2 {
                covariance[i * n + j] += 0.2;
            }
        }
        certified(&covariance, n);
        assert_eq!(greatest_lower_bound(&[1.0, 1.0, 1.0, 1.0], 2), None);
    }
}
