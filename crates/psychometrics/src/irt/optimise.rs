//! Maximisation: EM-gradient steps accelerated by a limited-memory quasi-Newton update.
//!
//! The complete-data information is the metric, so the first step is one of Lange's (1995) EM gradient algorithm;
//! the pairs of changes in parameters and gradients then correct it for the missing information (L-BFGS,
//! Nocedal 1980, with the metric in place of the scaled identity). A backtracking search keeps it ascending.

use super::arrow::Arrow;

/// Value, gradient and metric at one point.
#[derive(Debug)]
pub(crate) struct Point {
    pub value: f64,
    pub gradient: Vec<f64>,
    pub metric: Arrow,
}

/// Where the search ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub at: Vec<f64>,
    pub iterations: usize,
    pub evaluations: usize,
    pub converged: bool,
    /// Estimated distance to the maximum, in log-likelihood.
    pub decrement: f64,
}

/// Changes of parameters and gradients seen so far: the memory of the quasi-Newton update.
pub(crate) type Memory = Vec<(Vec<f64>, Vec<f64>, f64)>;

const MEMORY: usize = 24;
const LONGEST_STEP: f64 = 2.0;

/// Maximises, beginning with what `pairs` remembers and adding to it; `evaluate` returns `None` outside the parameter space. The caller must have a point at `start`.
pub(crate) fn maximise<E>(
    start: Vec<f64>,
    tolerance: f64,
    limit: usize,
    pairs: &mut Memory,
    mut evaluate: impl FnMut(&[f64]) -> Option<(Point, E)>,
) -> Option<(Ended, Point, E)> {
    let mut at = start;
    let (mut point, mut extra) = evaluate(&at)?;
    let mut ended = Ended { at: Vec::new(), iterations: 0, evaluations: 1, converged: false, decrement: f64::INFINITY };
    while ended.iterations < limit {
        ended.iterations += 1;
        let mut direction = two_loops(&point, pairs);
        let mut slope = dot(&direction, &point.gradient);
        if slope <= 0.0 {
            pairs.clear();
            direction = point.metric.solve(&point.gradient);
            slope = dot(&direction, &point.gradient);
        }
        ended.decrement = 0.5 * slope;
        if slope.is_nan() || ended.decrement < tolerance {
            ended.converged = !slope.is_nan();
            break;
        }
        let longest = direction.iter().fold(0.0_f64, |top, d| top.max(d.abs()));
        let mut step = if longest > LONGEST_STEP { LONGEST_STEP / longest } else { 1.0 };
        let mut found = None;
        for _ in 0..40 {
            let tried: Vec<f64> = at.iter().zip(&direction).map(|(x, d)| x + step * d).collect();
            ended.evaluations += 1;
            let Some((next, next_extra)) = evaluate(&tried).filter(|(next, _)| next.value.is_finite()) else {
                step *= 0.5;
                continue;
            };
            let gain = next.value - point.value;
            if gain >= 1e-4 * step * slope - 1e-13 * point.value.abs() {
                found = Some((tried, next, next_extra));
                break;
            }
            // Maximum of the parabola through value, slope and the value tried.
            let curve = step * slope - gain;
            step *= (0.5 * step * slope / curve).clamp(0.1, 0.5);
        }
        let Some((tried, next, next_extra)) = found else {
            if pairs.is_empty() {
                // Rounding hides any further gain.
                ended.converged = ended.decrement < 1e3 * tolerance;
                break;
            }
            pairs.clear();
            continue;
        };
        let moved: Vec<f64> = tried.iter().zip(&at).map(|(x, y)| x - y).collect();
        let fall: Vec<f64> = point.gradient.iter().zip(&next.gradient).map(|(x, y)| x - y).collect();
        let curvature = dot(&moved, &fall);
        if curvature > 1e-12 * dot(&moved, &moved).sqrt() * dot(&fall, &fall).sqrt() {
            if pairs.len() == MEMORY {
                pairs.remove(0);
            }
            pairs.push((moved, fall, 1.0 / curvature));
        }
        (at, point, extra) = (tried, next, next_extra);
    }
    ended.at = at;
    Some((ended, point, extra))
}

fn two_loops(point: &Point, pairs: &[(Vec<f64>, Vec<f64>, f64)]) -> Vec<f64> {
    let mut q = point.gradient.clone();
    let mut kept = vec![0.0; pairs.len()];
    for (i, (moved, fall, inverse)) in pairs.iter().enumerate().rev() {
        kept[i] = inverse * dot(moved, &q);
        q.iter_mut().zip(fall).for_each(|(q, fall)| *q -= kept[i] * fall);
    }
    let mut r = point.metric.solve(&q);
    for (i, (moved, fall, inverse)) in pairs.iter().enumerate() {
        let back = inverse * dot(fall, &r);
        r.iter_mut().zip(moved).for_each(|(r, moved)| *r += (kept[i] - back) * moved);
    }
    r
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}
