//! Conditional maximum likelihood for the Rasch and partial credit models (Andersen 1972; Fischer and Ponocny 1994).
//!
//! Sum scores are sufficient for persons, so that items are estimated without any latent distribution. The
//! elementary symmetric functions come from the summation algorithm, which adds positive terms only.

use crate::irt::ItemParameters;
use crate::linalg::Cholesky;
use crate::math::{exp, ln};
use crate::{Error, MissingCounts, MissingTreatment, Responses};

/// Conditional estimates.
#[derive(Debug, Clone, PartialEq)]
pub struct ConditionalFit {
    /// Items with slope 1; their mean step difficulty is 0.
    pub items: Vec<ItemParameters>,
    /// Standard errors of the intercepts `d_1..d_K` per item, under that restriction.
    pub standard_errors: Vec<Vec<f64>>,
    /// Conditional log-likelihood.
    pub log_likelihood: f64,
    /// Free parameters.
    pub parameters: usize,
    /// Newton steps.
    pub iterations: usize,
}

/// Estimates a complete Rasch (or partial credit) data set.
///
/// # Errors
/// Persons without a score on every item (calibrate with `fit` instead), items answered alike or with an empty
/// score, failure to converge.
pub fn conditional_rasch(responses: &Responses) -> Result<ConditionalFit, Error> {
    let items = responses.items();
    if items.len() < 2 {
        return Err(Error::Empty { what: "items" });
    }
    let treatment = MissingTreatment { skipped: MissingCounts::Zero, not_reached: MissingCounts::Zero };
    let tops: Vec<usize> = items.iter().map(|item| usize::from(item.max)).collect();
    let mut counts: Vec<Vec<f64>> = tops.iter().map(|top| vec![0.0; top + 1]).collect();
    let max: usize = tops.iter().sum();
    let mut sums = vec![0.0; max + 1];
    for person in 0..responses.persons() {
        let row: Vec<(usize, u8)> =
            responses.of_person(person).filter_map(|(item, cell)| Some((item, treatment.apply(cell)?))).collect();
        if row.len() != items.len() {
            return Err(Error::Model {
                what: format!(
                    "person {person} has no score on some item; conditional estimation here needs complete data, use fit"
                ),
            });
        }
        let sum: usize = row.iter().map(|(_, score)| usize::from(*score)).sum();
        if sum == 0 || sum == max {
            continue;
        }
        sums[sum] += 1.0;
        for (item, score) in row {
            counts[item][usize::from(score)] += 1.0;
        }
    }
    for (item, counts) in items.iter().zip(&counts) {
        if let Some(empty) = counts.iter().position(|c| *c == 0.0) {
            return Err(Error::Model {
                what: format!(
                    "item {}: nobody with a middling sum has score {empty}; leave the item out or join scores",
                    item.name
                ),
            });
        }
    }
    // Intercepts d_1..d_K of every item; the last of the last item follows from the restriction that the
    // intercepts of the highest scores add to 0, which centres the step difficulties.
    let places: Vec<usize> = tops
        .iter()
        .scan(0, |at, top| {
            let here = *at;
            *at += top;
            Some(here)
        })
        .collect();
    let total: usize = tops.iter().sum();
    let free = total - 1;
    let mut at = vec![0.0; total];
    for (i, counts) in counts.iter().enumerate() {
        for k in 1..=tops[i] {
            at[places[i] + k - 1] = ln(counts[k] / counts[0]);
        }
    }
    centre(&mut at, &places, &tops);
    let mut state = evaluate(&at, &places, &tops, &counts, &sums);
    for iterations in 1..=100 {
        let (value, gradient, information) = &state;
        let (g, h) = restricted(gradient, information, &places, &tops);
        let factor = Cholesky::new(&h, free).ok_or_else(|| Error::Model {
            what: "the conditional information is singular; some items separate the persons".to_owned(),
        })?;
        let step = factor.solve(&g);
        let gain: f64 = step.iter().zip(&g).map(|(s, g)| s * g).sum();
        if gain < 1e-14 * value.abs().max(1.0) {
            let covariance = factor.inverse();
            return Ok(finished(&at, &places, &tops, *value, &covariance, iterations));
        }
        let mut scale = 1.0;
        loop {
            let mut tried = at.clone();
            for (x, s) in tried.iter_mut().zip(&step) {
                *x += scale * s;
            }
            restore(&mut tried, &places, &tops);
            let next = evaluate(&tried, &places, &tops, &counts, &sums);
            if next.0 >= value - 1e-12 * value.abs() || scale < 1e-6 {
                at = tried;
                state = next;
                break;
            }
            scale *= 0.5;
        }
    }
    Err(Error::Model { what: "conditional estimation did not converge".to_owned() })
}

/// Moves all steps by a constant so that the intercepts of the highest scores add to 0.
fn centre(at: &mut [f64], places: &[usize], tops: &[usize]) {
    let sum: f64 = places.iter().zip(tops).map(|(place, top)| at[place + top - 1]).sum();
    let shift = sum / tops.iter().sum::<usize>() as f64;
    for (place, top) in places.iter().zip(tops) {
        for k in 1..=*top {
            at[place + k - 1] -= k as f64 * shift;
        }
    }
}

/// Sets the last intercept from the others.
fn restore(at: &mut [f64], places: &[usize], tops: &[usize]) {
    let last = at.len() - 1;
    at[last] = 0.0;
    at[last] = -places.iter().zip(tops).map(|(place, top)| at[place + top - 1]).sum::<f64>();
}

/// Gradient and information of the free parameters: the last one is minus the sum of the other highest intercepts.
fn restricted(gradient: &[f64], information: &[f64], places: &[usize], tops: &[usize]) -> (Vec<f64>, Vec<f64>) {
    let total = gradient.len();
    let free = total - 1;
    let mut pull = vec![0.0; free];
    for (place, top) in places.iter().zip(tops) {
        if place + top - 1 < free {
            pull[place + top - 1] = -1.0;
        }
    }
    let g = (0..free).map(|i| gradient[i] + pull[i] * gradient[free]).collect();
    let at = |i: usize, j: usize| information[i * total + j];
    let mut h = vec![0.0; free * free];
    for i in 0..free {
        for j in 0..free {
            h[i * free + j] =
                at(i, j) + pull[i] * at(free, j) + pull[j] * at(i, free) + pull[i] * pull[j] * at(free, free);
        }
    }
    (g, h)
}

type State = (f64, Vec<f64>, Vec<f64>);

/// Conditional log-likelihood, gradient and information over all intercepts.
fn evaluate(at: &[f64], places: &[usize], tops: &[usize], counts: &[Vec<f64>], sums: &[f64]) -> State {
    let epsilon: Vec<Vec<f64>> = places
        .iter()
        .zip(tops)
        .map(|(place, top)| std::iter::once(1.0).chain((1..=*top).map(|k| exp(at[place + k - 1]))).collect())
        .collect();
    let gamma = symmetric(&epsilon, &[]);
    let mut value = 0.0;
    let mut gradient = vec![0.0; at.len()];
    for (i, counts) in counts.iter().enumerate() {
        for k in 1..=tops[i] {
            value += counts[k] * at[places[i] + k - 1];
            gradient[places[i] + k - 1] += counts[k];
        }
    }
    for (n, gamma) in sums.iter().zip(&gamma).filter(|(n, _)| **n > 0.0) {
        value -= n * ln(*gamma);
    }
    let total = at.len();
    let mut information = vec![0.0; total * total];
    // P(item i has k | sum r) for every r, then pairs.
    let mut single: Vec<Vec<f64>> = Vec::with_capacity(total);
    for i in 0..tops.len() {
        let rest = symmetric(&epsilon, &[i]);
        for k in 1..=tops[i] {
            let p = |r: usize| if r >= k && r - k < rest.len() { epsilon[i][k] * rest[r - k] / gamma[r] } else { 0.0 };
            single.push((0..sums.len()).map(p).collect());
        }
    }
    for (x, p) in single.iter().enumerate() {
        gradient[x] -= sums.iter().zip(p).map(|(n, p)| n * p).sum::<f64>();
    }
    for i in 0..tops.len() {
        for j in 0..=i {
            let rest = symmetric(&epsilon, &[i, j]);
            for k in 1..=tops[i] {
                for l in 1..=tops[j] {
                    let (x, y) = (places[i] + k - 1, places[j] + l - 1);
                    let joint = |r: usize| {
                        if i == j {
                            return if k == l { single[x][r] } else { 0.0 };
                        }
                        if r >= k + l && r - k - l < rest.len() {
                            epsilon[i][k] * epsilon[j][l] * rest[r - k - l] / gamma[r]
                        } else {
                            0.0
                        }
                    };
                    let h: f64 = (0..sums.len())
                        .filter(|r| sums[*r] > 0.0)
                        .map(|r| sums[r] * (joint(r) - single[x][r] * single[y][r]))
                        .sum();
                    information[x * total + y] = h;
                    information[y * total + x] = h;
                }
            }
        }
    }
    (value, gradient, information)
}

/// Elementary symmetric functions of all items but those left out, by sum score.
fn symmetric(epsilon: &[Vec<f64>], left_out: &[usize]) -> Vec<f64> {
    let mut gamma = vec![1.0];
    for (_, item) in epsilon.iter().enumerate().filter(|(i, _)| !left_out.contains(i)) {
        let mut next = vec![0.0; gamma.len() + item.len() - 1];
        for (k, e) in item.iter().enumerate() {
            for (r, g) in gamma.iter().enumerate() {
                next[r + k] += e * g;
            }
        }
        gamma = next;
    }
    gamma
}

fn finished(
    at: &[f64],
    places: &[usize],
    tops: &[usize],
    log_likelihood: f64,
    covariance: &[f64],
    iterations: usize,
) -> ConditionalFit {
    let free = at.len() - 1;
    let variance = |x: usize| -> f64 {
        if x < free {
            return covariance[x * free + x];
        }
        let highest: Vec<usize> =
            places.iter().zip(tops).map(|(place, top)| place + top - 1).filter(|x| *x < free).collect();
        highest.iter().map(|i| highest.iter().map(|j| covariance[i * free + j]).sum::<f64>()).sum()
    };
    let item = |(place, top): (&usize, &usize)| {
        if *top == 1 {
            ItemParameters::Logistic { slope: 1.0, intercept: at[*place], lower: 0.0, upper: 1.0 }
        } else {
            ItemParameters::PartialCredit { slope: 1.0, intercepts: at[*place..place + top].to_vec() }
        }
    };
    ConditionalFit {
        items: places.iter().zip(tops).map(item).collect(),
        standard_errors: places
            .iter()
            .zip(tops)
            .map(|(place, top)| (*place..place + top).map(|x| variance(x).sqrt()).collect())
            .collect(),
        log_likelihood,
        parameters: free,
        iterations,
    }
}
