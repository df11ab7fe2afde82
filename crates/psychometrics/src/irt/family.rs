//! The families behind the models: curves on the grid, gradient and information of one item's parameters.
//!
//! Parameters of an item lie flat in a slice:
//! partial credit `[slope, d_1..d_K]` (2PL is the case K = 1), graded `[slope, d_1..d_K]`,
//! nominal `[slope_1..slope_K, c_1..c_K]`, four-parameter logistic `[slope, d, logit lower, logit upper]`.

use super::item::ItemParameters;
use super::simd::dot;
use crate::math::{exp, ln, ln_one_plus_exp, logistic, logit};

/// Beyond this logit an asymptote counts as 0 or 1.
pub(crate) const ASYMPTOTE_OFF: f64 = 700.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Logistic,
    PartialCredit,
    Graded,
    Nominal,
}

/// Curves of one item on the padded grid: category after category.
#[derive(Debug, Clone)]
pub(crate) struct Curves {
    pub log: Vec<f64>,
    pub p: Vec<f64>,
    /// ln of the total, for divide-by-total families; empty otherwise.
    pub log_total: Vec<f64>,
}

/// Expected counts of one item.
#[derive(Debug, Clone)]
pub(crate) enum Counts {
    /// Per category: sum of posterior means of theta of those who responded there; per node: expected persons.
    Linear { theta: Vec<f64>, nodes: Vec<f64> },
    /// Expected persons per category and node.
    Full(Vec<f64>),
}

impl Family {
    /// The family of an item; a 2PL item is partial credit with two categories.
    pub fn of(item: &ItemParameters) -> Self {
        match item {
            ItemParameters::Logistic { .. } if item.is_divide_by_total() => Self::PartialCredit,
            ItemParameters::Logistic { .. } => Self::Logistic,
            ItemParameters::PartialCredit { .. } => Self::PartialCredit,
            ItemParameters::Graded { .. } => Self::Graded,
            ItemParameters::Nominal { .. } => Self::Nominal,
        }
    }

    pub fn is_linear(self) -> bool {
        matches!(self, Self::PartialCredit | Self::Nominal)
    }

    pub fn parameters(self, categories: usize) -> usize {
        match self {
            Self::Logistic => 4,
            Self::PartialCredit | Self::Graded => categories,
            Self::Nominal => 2 * (categories - 1),
        }
    }

    /// Slope of theta and intercept in category `k` of a divide-by-total family.
    pub fn term(self, flat: &[f64], categories: usize, k: usize) -> (f64, f64) {
        if k == 0 {
            return (0.0, 0.0);
        }
        match self {
            Self::Nominal => (flat[k - 1], flat[categories - 1 + k - 1]),
            _ => (k as f64 * flat[0], flat[k]),
        }
    }

    /// Whether the parameters are inside the model's space.
    pub fn allows(self, flat: &[f64]) -> bool {
        flat.iter().all(|x| x.is_finite())
            && (self != Self::Graded || flat[1..].windows(2).all(|pair| pair[0] > pair[1]))
    }

    pub fn curves(self, flat: &[f64], categories: usize, nodes: &[f64]) -> Curves {
        let q = nodes.len();
        let mut curves = Curves { log: vec![0.0; categories * q], p: vec![0.0; categories * q], log_total: Vec::new() };
        match self {
            Self::PartialCredit | Self::Nominal => {
                let mut top = vec![0.0_f64; q];
                for k in 1..categories {
                    let (slope, d) = self.term(flat, categories, k);
                    for ((log, top), theta) in curves.log[k * q..(k + 1) * q].iter_mut().zip(&mut top).zip(nodes) {
                        *log = slope * theta + d;
                        *top = if *log > *top { *log } else { *top };
                    }
                }
                let mut total = vec![0.0; q];
                for k in 0..categories {
                    let (log, p) = (&curves.log[k * q..(k + 1) * q], &mut curves.p[k * q..(k + 1) * q]);
                    for (((log, p), top), total) in log.iter().zip(p).zip(&top).zip(&mut total) {
                        *p = exp(log - top);
                        *total += *p;
                    }
                }
                let log_total: Vec<f64> = total.iter().zip(&top).map(|(total, top)| ln(*total) + top).collect();
                for k in 0..categories {
                    for i in 0..q {
                        curves.p[k * q + i] /= total[i];
                        curves.log[k * q + i] -= log_total[i];
                    }
                }
                curves.log_total = log_total;
            }
            Self::Graded => {
                let above = |k: usize, theta: f64| -ln_one_plus_exp(-(flat[0] * theta + flat[k]));
                let below = |k: usize, theta: f64| -ln_one_plus_exp(flat[0] * theta + flat[k]);
                for k in 0..categories {
                    let inner = k > 0 && k + 1 < categories;
                    let gap = if inner { ln(-libm::expm1(flat[k + 1] - flat[k])) } else { 0.0 };
                    for (i, theta) in nodes.iter().enumerate() {
                        let mut log = gap;
                        if k > 0 {
                            log += above(k, *theta);
                        }
                        if k + 1 < categories {
                            log += below(k + 1, *theta);
                        }
                        curves.log[k * q + i] = log;
                        curves.p[k * q + i] = exp(log);
                    }
                }
            }
            Self::Logistic => {
                let (lower, upper) = (logistic(flat[2]), logistic(flat[3]));
                let rest = logistic(-flat[3]);
                for (i, theta) in nodes.iter().enumerate() {
                    let x = flat[0] * theta + flat[1];
                    let one = lower + (upper - lower) * logistic(x);
                    let zero = rest + (upper - lower) * logistic(-x);
                    (curves.p[i], curves.p[q + i]) = (zero, one);
                    (curves.log[i], curves.log[q + i]) = (ln(zero.max(1e-300)), ln(one.max(1e-300)));
                }
            }
        }
        curves
    }

    /// Gradient of the expected complete-data log-likelihood and its expected information (row after row).
    ///
    /// By Fisher's identity the gradient is also that of the observed log-likelihood.
    pub fn derivatives(
        self,
        flat: &[f64],
        nodes: &[f64],
        curves: &Curves,
        counts: &Counts,
        category_counts: &[f64],
    ) -> (Vec<f64>, Vec<f64>) {
        match self {
            Self::PartialCredit | Self::Nominal => self.linear_derivatives(nodes, curves, counts, category_counts),
            Self::Graded => graded_derivatives(flat, nodes, curves, counts, category_counts.len()),
            Self::Logistic => logistic_derivatives(flat, nodes, curves, counts),
        }
    }

    fn linear_derivatives(
        self,
        nodes: &[f64],
        curves: &Curves,
        counts: &Counts,
        category_counts: &[f64],
    ) -> (Vec<f64>, Vec<f64>) {
        let (q, k) = (nodes.len(), category_counts.len());
        let (by_category, persons): (Vec<f64>, Vec<f64>) = match counts {
            Counts::Linear { theta, nodes } => (theta.clone(), nodes.clone()),
            Counts::Full(r) => {
                let persons = (0..q).map(|i| (0..k).map(|c| r[c * q + i]).sum()).collect();
                ((0..k).map(|c| dot(&r[c * q..(c + 1) * q], nodes)).collect(), persons)
            }
        };
        let mut weighted = vec![0.0; k * q];
        for c in 0..k {
            for i in 0..q {
                weighted[c * q + i] = persons[i] * curves.p[c * q + i];
            }
        }
        let first: Vec<f64> = nodes.to_vec();
        let second: Vec<f64> = nodes.iter().map(|theta| theta * theta).collect();
        // Sums over nodes of persons times P_c theta^m, and of persons times P_c P_e theta^m.
        let one = |c: usize, m: &[f64]| dot(&weighted[c * q..(c + 1) * q], m);
        let ones = vec![1.0; q];
        let powers = [ones.as_slice(), first.as_slice(), second.as_slice()];
        let mut single = vec![[0.0; 3]; k];
        let mut double = vec![[0.0; 3]; k * k];
        for c in 0..k {
            for (m, power) in powers.iter().enumerate() {
                single[c][m] = one(c, power);
            }
            for e in 1..=c {
                let product: Vec<f64> = (0..q).map(|i| weighted[c * q + i] * curves.p[e * q + i]).collect();
                for (m, power) in powers.iter().enumerate() {
                    let value = dot(&product, power);
                    double[c * k + e][m] = value;
                    double[e * k + c][m] = value;
                }
            }
        }
        let covariance =
            |c: usize, e: usize, m: usize| (if c == e { single[c][m] } else { 0.0 }) - double[c * k + e][m];
        if self == Self::Nominal {
            let half = k - 1;
            let n = 2 * half;
            let mut gradient = vec![0.0; n];
            let mut information = vec![0.0; n * n];
            for c in 1..k {
                gradient[c - 1] = by_category[c] - single[c][1];
                gradient[half + c - 1] = category_counts[c] - single[c][0];
                for e in 1..k {
                    information[(c - 1) * n + e - 1] = covariance(c, e, 2);
                    information[(c - 1) * n + half + e - 1] = covariance(c, e, 1);
                    information[(half + c - 1) * n + e - 1] = covariance(c, e, 1);
                    information[(half + c - 1) * n + half + e - 1] = covariance(c, e, 0);
                }
            }
            return (gradient, information);
        }
        let mut gradient = vec![0.0; k];
        let mut information = vec![0.0; k * k];
        for c in 1..k {
            gradient[0] += c as f64 * (by_category[c] - single[c][1]);
            gradient[c] = category_counts[c] - single[c][0];
            for e in 1..k {
                information[0] += (c * e) as f64 * covariance(c, e, 2);
                information[c * k] += e as f64 * covariance(c, e, 1);
                information[c * k + e] = covariance(c, e, 0);
            }
            information[c] = information[c * k];
        }
        (gradient, information)
    }

    /// Flat parameters of an item; `None` when the item is of another family.
    pub fn flatten(self, item: &ItemParameters) -> Option<Vec<f64>> {
        let join = |slope: f64, rest: &[f64]| std::iter::once(slope).chain(rest.iter().copied()).collect();
        let asymptote = |p: f64| logit(p).clamp(-ASYMPTOTE_OFF, ASYMPTOTE_OFF);
        match (self, item) {
            (Self::Logistic, ItemParameters::Logistic { slope, intercept, lower, upper }) => {
                Some(vec![*slope, *intercept, asymptote(*lower), asymptote(*upper)])
            }
            (Self::PartialCredit, ItemParameters::Logistic { slope, intercept, lower, upper })
                if *lower == 0.0 && *upper == 1.0 =>
            {
                Some(vec![*slope, *intercept])
            }
            (Self::PartialCredit, ItemParameters::PartialCredit { slope, intercepts })
            | (Self::Graded, ItemParameters::Graded { slope, intercepts }) => Some(join(*slope, intercepts)),
            (Self::Nominal, ItemParameters::Nominal { slopes, intercepts }) => {
                Some(slopes.iter().chain(intercepts).copied().collect())
            }
            _ => None,
        }
    }

    /// The item of flat parameters; a partial credit item with two categories is a 2PL item.
    pub fn item(self, flat: &[f64]) -> ItemParameters {
        match self {
            Self::Logistic => ItemParameters::Logistic {
                slope: flat[0],
                intercept: flat[1],
                lower: if flat[2] <= -ASYMPTOTE_OFF { 0.0 } else { logistic(flat[2]) },
                upper: if flat[3] >= ASYMPTOTE_OFF { 1.0 } else { logistic(flat[3]) },
            },
            Self::PartialCredit if flat.len() == 2 => {
                ItemParameters::Logistic { slope: flat[0], intercept: flat[1], lower: 0.0, upper: 1.0 }
            }
            Self::PartialCredit => ItemParameters::PartialCredit { slope: flat[0], intercepts: flat[1..].to_vec() },
            Self::Graded => ItemParameters::Graded { slope: flat[0], intercepts: flat[1..].to_vec() },
            Self::Nominal => {
                let half = flat.len() / 2;
                ItemParameters::Nominal { slopes: flat[..half].to_vec(), intercepts: flat[half..].to_vec() }
            }
        }
    }
}

fn full(counts: &Counts) -> &[f64] {
    match counts {
        Counts::Full(r) => r,
        Counts::Linear { .. } => &[],
    }
}

fn graded_derivatives(flat: &[f64], nodes: &[f64], curves: &Curves, counts: &Counts, k: usize) -> (Vec<f64>, Vec<f64>) {
    let q = nodes.len();
    let r = full(counts);
    let mut gradient = vec![0.0; k];
    let mut information = vec![0.0; k * k];
    let mut density = vec![0.0; k + 1];
    let mut row = vec![0.0; k];
    for (i, theta) in nodes.iter().enumerate() {
        let persons: f64 = (0..k).map(|c| r[c * q + i]).sum();
        if persons <= 0.0 {
            continue;
        }
        for c in 1..k {
            let l = logistic(flat[0] * theta + flat[c]);
            density[c] = l * logistic(-(flat[0] * theta + flat[c]));
        }
        for c in 0..k {
            let p = curves.p[c * q + i];
            if p <= 0.0 {
                continue;
            }
            // Derivatives of P_c by slope and intercepts: boundary c raises it, boundary c + 1 lowers it.
            row.fill(0.0);
            let (up, down) = (density[c], density[c + 1]);
            row[0] = theta * (up - down);
            if c > 0 {
                row[c] += up;
            }
            if c + 1 < k {
                row[c + 1] -= down;
            }
            let (ratio, weight) = (r[c * q + i] / p, persons / p);
            let used = [0, c, (c + 1).min(k - 1)];
            for (place, x) in used.iter().enumerate() {
                if used[..place].contains(x) {
                    continue;
                }
                gradient[*x] += ratio * row[*x];
                for (place, y) in used.iter().enumerate() {
                    if !used[..place].contains(y) {
                        information[x * k + y] += weight * row[*x] * row[*y];
                    }
                }
            }
        }
    }
    (gradient, information)
}

fn logistic_derivatives(flat: &[f64], nodes: &[f64], curves: &Curves, counts: &Counts) -> (Vec<f64>, Vec<f64>) {
    let q = nodes.len();
    let r = full(counts);
    let (lower, upper) = (logistic(flat[2]), logistic(flat[3]));
    let (lower_slope, upper_slope) = (lower * (1.0 - lower), upper * logistic(-flat[3]));
    let mut gradient = vec![0.0; 4];
    let mut information = vec![0.0; 16];
    for (i, theta) in nodes.iter().enumerate() {
        let (zero, one) = (r[i], r[q + i]);
        if zero + one <= 0.0 {
            continue;
        }
        let x = flat[0] * theta + flat[1];
        let (l, below) = (logistic(x), logistic(-x));
        let by_predictor = (upper - lower) * l * below;
        let row = [by_predictor * theta, by_predictor, below * lower_slope, l * upper_slope];
        let (p0, p1) = (curves.p[i].max(1e-300), curves.p[q + i].max(1e-300));
        let ratio = one / p1 - zero / p0;
        let weight = (zero + one) / (p0 * p1);
        for x in 0..4 {
            gradient[x] += ratio * row[x];
            for y in 0..4 {
                information[x * 4 + y] += weight * row[x] * row[y];
            }
        }
    }
    (gradient, information)
}
