//! McDonald's omega from a factor model fitted by least residuals.
//!
//! Loadings minimise the sum of squared residual correlations off the diagonal ("minres", Harman and Jones 1966) and are
//! carried back to points, so that omega is about the raw total. Sources: McDonald (1999, ch. 6) for omega; Schmid and
//! Leiman (1957) for general and group factors; Zinbarg, Revelle, Yovel and Li (2005) for omega hierarchical.

use crate::linalg::Cholesky;

/// Omega with the model behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Omega {
    /// Share of the variance of the total due to all common factors.
    pub total: f64,
    /// Share due to the general factor alone; equal to `total` with one factor. `None` without subtests.
    pub hierarchical: Option<f64>,
    /// Loading of each item on its factor, on the scale of correlations.
    pub loadings: Vec<f64>,
    /// Loading of each subtest on the general factor; empty without subtests.
    pub general: Vec<f64>,
    /// Root mean square of residual correlations off the diagonal: above about 0.08 the model is not the data's.
    pub residual: f64,
    /// Items whose loading is above 1 (Heywood cases); with any, omega is not to be trusted.
    pub improper: Vec<usize>,
}

/// Omega from the covariance matrix of item scores (`items` rows, row after row).
///
/// `subtest`: the subtest of each item as a position 0, 1, ..., or empty for one factor. With subtests the model is of the
/// second order: an item loads on its subtest's factor, those on a general factor; it is identified with at least three
/// subtests of at least two items. The variance of the total is the observed one.
///
/// `None` when an item does not vary, the model is not identified (fewer than three items; fewer subtests), or the search
/// does not settle.
pub fn omega(covariance: &[f64], items: usize, subtest: &[usize]) -> Option<Omega> {
    let n = items;
    let total: f64 = covariance.iter().sum();
    if n < 3 || covariance.len() != n * n || total <= 0.0 {
        return None;
    }
    let sd: Vec<f64> = (0..n).map(|i| covariance[i * n + i].sqrt()).collect();
    if sd.iter().any(|sd| *sd <= 0.0 || !sd.is_finite()) {
        return None;
    }
    let subtests = if subtest.is_empty() { 0 } else { subtest.iter().max()? + 1 };
    if subtests > 0 {
        let sizes = (0..subtests).map(|s| subtest.iter().filter(|x| **x == s).count());
        if subtest.len() != n || subtests < 3 || sizes.min()? < 2 {
            return None;
        }
    }
    let r: Vec<f64> = (0..n * n).map(|p| covariance[p] / (sd[p / n] * sd[p % n])).collect();
    let model = Minres { r: &r, n, subtest };
    let fitted = model.fit(subtests)?;
    let (loadings, general) = (fitted[..n].to_vec(), fitted[n..].to_vec());
    let raw = |i: usize| sd[i] * loadings[i];
    let of = |i: usize| if subtests > 0 { general[subtest[i]] } else { 1.0 };
    let common: f64 = (0..n).map(|i| raw(i) * of(i)).sum::<f64>();
    let groups: f64 = (0..subtests)
        .map(|s| {
            let sum: f64 = (0..n).filter(|i| subtest[*i] == s).map(raw).sum();
            (1.0 - general[s] * general[s]) * sum * sum
        })
        .sum();
    let pairs = (n * (n - 1) / 2) as f64;
    let improper_item = |i: &usize| loadings[*i].abs() > 1.0 || of(*i).abs() > 1.0;
    Some(Omega {
        total: (common * common + groups) / total,
        hierarchical: (subtests > 0).then(|| common * common / total),
        residual: (model.residual(&fitted) / pairs).sqrt(),
        improper: (0..n).filter(improper_item).collect(),
        loadings,
        general,
    })
}

/// Least squares on the correlations off the diagonal. Parameters: a loading per item, then one per subtest.
struct Minres<'a> {
    r: &'a [f64],
    n: usize,
    subtest: &'a [usize],
}

impl Minres<'_> {
    /// Parameters of a pair and how its correlation depends on them: value, and (place, derivative) for each.
    fn pair(&self, at: &[f64], i: usize, j: usize) -> (f64, [(usize, f64); 4]) {
        let (x, y) = (at[i], at[j]);
        if self.subtest.is_empty() || self.subtest[i] == self.subtest[j] {
            return (x * y, [(i, y), (j, x), (i, 0.0), (i, 0.0)]);
        }
        let (s, t) = (self.n + self.subtest[i], self.n + self.subtest[j]);
        let between = at[s] * at[t];
        (x * y * between, [(i, y * between), (j, x * between), (s, x * y * at[t]), (t, x * y * at[s])])
    }

    fn residual(&self, at: &[f64]) -> f64 {
        let n = self.n;
        let row = |i: usize| (0..i).map(move |j| (self.r[i * n + j] - self.pair(at, i, j).0).powi(2)).sum::<f64>();
        (0..n).map(row).sum()
    }

    /// Levenberg and Marquardt from the centroid solution.
    fn fit(&self, subtests: usize) -> Option<Vec<f64>> {
        let n = self.n;
        let sums: Vec<f64> = (0..n).map(|i| self.r[i * n..(i + 1) * n].iter().sum()).collect();
        let all = sums.iter().sum::<f64>();
        if all <= 0.0 {
            return None;
        }
        let mut at: Vec<f64> = sums.iter().map(|s| (s / all.sqrt()).clamp(-0.95, 0.95)).collect();
        at.extend(vec![0.8; subtests]);
        let p = at.len();
        let mut value = self.residual(&at);
        let mut damping = 1e-3;
        for _ in 0..500 {
            let (mut hessian, mut gradient) = (vec![0.0; p * p], vec![0.0; p]);
            for i in 0..n {
                for j in 0..i {
                    let (fitted, parts) = self.pair(&at, i, j);
                    let away = self.r[i * n + j] - fitted;
                    for (a, da) in parts {
                        gradient[a] += da * away;
                        for (b, db) in parts {
                            hessian[a * p + b] += da * db;
                        }
                    }
                }
            }
            if gradient.iter().all(|g| g.abs() < 1e-11) {
                return Some(at);
            }
            let mut better = false;
            while damping < 1e12 {
                let mut matrix = hessian.clone();
                (0..p).for_each(|a| matrix[a * p + a] += damping * (hessian[a * p + a] + 1e-9));
                if let Some(factor) = Cholesky::new(&matrix, p) {
                    let tried: Vec<f64> = at.iter().zip(factor.solve(&gradient)).map(|(x, d)| x + d).collect();
                    let next = self.residual(&tried);
                    if next < value {
                        (at, value, better) = (tried, next, true);
                        damping = (damping * 0.1).max(1e-12);
                        break;
                    }
                }
                damping *= 10.0;
            }
            if !better {
                // Rounding ends the search; the gradient says whether at a minimum.
                return gradient.iter().all(|g| g.abs() < 1e-7).then_some(at);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_factor_is_found_again() {
        let (loadings, errors) = ([0.9, 1.4, 0.5, 0.8], [0.4, 1.1, 0.8, 0.3]);
        let entry = |i: usize, j: usize| loadings[i] * loadings[j] + if i == j { errors[i] } else { 0.0 };
        let covariance: Vec<f64> = (0..16).map(|p| entry(p / 4, p % 4)).collect();
        let found = omega(&covariance, 4, &[]).unwrap();
        let (sum, unique): (f64, f64) = (loadings.iter().sum(), errors.iter().sum());
        assert!((found.total - sum * sum / (sum * sum + unique)).abs() < 1e-9);
        assert!(found.residual < 1e-9 && found.improper.is_empty() && found.hierarchical.is_none());
    }

    #[test]
    fn general_and_group_factors_are_told_apart() {
        let general = [0.9, 0.7, 0.5];
        let loading = |i: usize| 0.5 + 0.04 * i as f64;
        let subtest: Vec<usize> = (0..9).map(|i| i / 3).collect();
        let entry = |i: usize, j: usize| match (i == j, subtest[i] == subtest[j]) {
            (true, _) => 1.0,
            (false, true) => loading(i) * loading(j),
            _ => loading(i) * loading(j) * general[subtest[i]] * general[subtest[j]],
        };
        let covariance: Vec<f64> = (0..81).map(|p| entry(p / 9, p % 9)).collect();
        let found = omega(&covariance, 9, &subtest).unwrap();
        for (ours, truth) in found.general.iter().zip(general) {
            assert!((ours.abs() - truth).abs() < 1e-7, "{ours} {truth}");
        }
        let total: f64 = covariance.iter().sum();
        let common: f64 = (0..9).map(|i| loading(i) * general[subtest[i]]).sum();
        let unique: f64 = (0..9).map(|i| 1.0 - loading(i) * loading(i)).sum();
        assert!((found.hierarchical.unwrap() - common * common / total).abs() < 1e-7);
        assert!((found.total - (1.0 - unique / total)).abs() < 1e-7);
        assert_eq!(omega(&covariance, 9, &[0, 0, 0, 0, 0, 1, 1, 1, 1]), None);
    }

    /// An independent route to the same minimum: principal axes of the reduced correlation matrix, repeated.
    #[test]
    fn minres_is_the_fixed_point_of_principal_axes() {
        let r = [
            1.0, 0.42, 0.31, 0.25, 0.33, 0.42, 1.0, 0.28, 0.37, 0.21, 0.31, 0.28, 1.0, 0.19, 0.4, 0.25, 0.37, 0.19,
            1.0, 0.16, 0.33, 0.21, 0.4, 0.16, 1.0,
        ];
        let mut loadings = [0.5_f64; 5];
        for _ in 0..20_000 {
            let mut vector = loadings;
            for _ in 0..3 {
                let reduced = |i: usize, j: usize| if i == j { loadings[i] * loadings[i] } else { r[i * 5 + j] };
                let next: Vec<f64> = (0..5).map(|i| (0..5).map(|j| reduced(i, j) * vector[j]).sum()).collect();
                let size = next.iter().map(|x| x * x).sum::<f64>().sqrt();
                let value =
                    (0..5).map(|i| vector[i] * next[i]).sum::<f64>() / vector.iter().map(|x| x * x).sum::<f64>();
                (0..5).for_each(|i| vector[i] = next[i] / size * value.sqrt());
            }
            loadings = vector;
        }
        let found = omega(&r, 5, &[]).unwrap();
        for (ours, theirs) in found.loadings.iter().zip(loadings) {
            assert!((ours - theirs).abs() < 1e-8, "{ours} {theirs}");
        }
    }
}
