//! Conditional maximum likelihood for the Rasch and partial credit models (Andersen 1972; Fischer and Ponocny 1994).
//!
//! Sum scores are sufficient for persons, so that items are estimated without any latent distribution. The
//! elementary symmetric functions come from the summation algorithm, which adds positive terms only. Persons who
//! answered other items have symmetric functions of their own, and the conditional likelihoods multiply.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::irt::{Estimate, ItemParameters};
use crate::linalg::Cholesky;
use crate::math::{exp, ln};
use crate::{Error, ItemColumn, MissingTreatment, Responses};

/// Conditional estimates.
#[derive(Debug, Clone, PartialEq)]
pub struct ConditionalFit {
    /// Items with slope 1; their mean step difficulty is 0.
    pub items: Vec<ItemParameters>,
    /// Covariance matrix of the intercepts `d_1..d_K` of item after item, row after row, under that restriction (which
    /// makes it singular).
    pub covariance: Vec<f64>,
    /// Conditional log-likelihood: the sum over persons of ln P(answers | sum, items answered).
    pub log_likelihood: f64,
    /// Free parameters.
    pub parameters: usize,
    /// Newton steps.
    pub iterations: usize,
    /// Weight of persons who tell something about the items: those with neither no nor all points.
    pub persons: f64,
    /// Persons left out because they have no or all points on what they answered, by position.
    pub extreme: Vec<usize>,
}

impl ConditionalFit {
    /// Intercepts of an item, and where the first of them stands in the covariance matrix.
    fn intercepts(&self, item: usize) -> (Vec<f64>, usize) {
        let of = |item: &ItemParameters| match item {
            ItemParameters::PartialCredit { intercepts, .. } => intercepts.clone(),
            // Slope 1.
            other => other.difficulties().map(|(_, b)| b.into_iter().map(|b| -b).collect()).unwrap_or_default(),
        };
        (of(&self.items[item]), self.items[..item].iter().map(|before| before.categories() - 1).sum())
    }

    fn size(&self) -> usize {
        self.items.iter().map(|item| item.categories() - 1).sum()
    }

    fn se(&self, weights: &[(usize, f64)]) -> Option<f64> {
        let size = self.size();
        let cell = |(i, x): &(usize, f64), (j, y): &(usize, f64)| x * y * self.covariance[i * size + j];
        let variance: f64 =
            weights.iter().map(|first| weights.iter().map(|other| cell(first, other)).sum::<f64>()).sum();
        (variance >= 0.0).then(|| variance.sqrt())
    }

    /// Slope 1 and intercepts with their standard errors: a1, d or d1...
    pub fn slope_intercept(&self, item: usize) -> Vec<Estimate> {
        let (intercepts, first) = self.intercepts(item);
        let single = intercepts.len() == 1;
        let one = |(k, value): (usize, &f64)| Estimate {
            name: if single { "d".to_owned() } else { format!("d{}", k + 1) },
            value: *value,
            se: self.se(&[(first + k, 1.0)]),
        };
        let slope = Estimate { name: "a1".to_owned(), value: 1.0, se: None };
        std::iter::once(slope).chain(intercepts.iter().enumerate().map(one)).collect()
    }

    /// Slope 1 and difficulties of the steps with their standard errors: a, b or b1...
    pub fn irt_form(&self, item: usize) -> Vec<Estimate> {
        let (intercepts, first) = self.intercepts(item);
        let single = intercepts.len() == 1;
        let one = |k: usize| {
            let before = if k == 0 { 0.0 } else { intercepts[k - 1] };
            let mut weights = vec![(first + k, -1.0)];
            weights.extend((k > 0).then(|| (first + k - 1, 1.0)));
            let name = if single { "b".to_owned() } else { format!("b{}", k + 1) };
            Estimate { name, value: before - intercepts[k], se: self.se(&weights) }
        };
        let slope = Estimate { name: "a".to_owned(), value: 1.0, se: None };
        std::iter::once(slope).chain((0..intercepts.len()).map(one)).collect()
    }
}

/// Persons who answered the same items.
#[derive(Debug, Clone, PartialEq)]
struct Set {
    items: Vec<usize>,
    /// Weight of persons by sum of points.
    sums: Vec<f64>,
}

/// Estimates a Rasch (or partial credit) data set, complete or not: a person counts with the items that `treatment`
/// leaves them, given the sum over these (Fischer 1981; Molenaar 1995, ch. 3.4 of Fischer and Molenaar).
///
/// Cost: sets of items answered x items squared x largest sum, at every Newton step.
///
/// # Errors
/// Fewer than two items, scores that nobody with a middling sum has, sets of items that no such person links (named),
/// failure to converge.
pub fn conditional_rasch(responses: &Responses, treatment: MissingTreatment) -> Result<ConditionalFit, Error> {
    let items = responses.items();
    if items.len() < 2 {
        return Err(Error::Empty { what: "items" });
    }
    let tops: Vec<usize> = items.iter().map(|item| usize::from(item.max)).collect();
    let mut counts: Vec<Vec<f64>> = tops.iter().map(|top| vec![0.0; top + 1]).collect();
    let mut known: BTreeMap<Vec<usize>, Vec<f64>> = BTreeMap::new();
    let mut extreme = Vec::new();
    let mut persons = 0.0;
    for person in 0..responses.persons() {
        let weight = responses.weights().map_or(1.0, |weights| weights[person]);
        let (set, scores): (Vec<usize>, Vec<u8>) =
            responses.of_person(person).filter_map(|(item, cell)| Some((item, treatment.apply(cell)?))).unzip();
        if set.is_empty() {
            continue;
        }
        let sum: usize = scores.iter().map(|score| usize::from(*score)).sum();
        let max: usize = set.iter().map(|item| tops[*item]).sum();
        if sum == 0 || sum == max {
            extreme.push(person);
            continue;
        }
        if weight <= 0.0 {
            continue;
        }
        for (item, score) in set.iter().zip(scores) {
            counts[*item][usize::from(score)] += weight;
        }
        persons += weight;
        known.entry(set).or_insert_with(|| vec![0.0; max + 1])[sum] += weight;
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
    let sets: Vec<Set> = known.into_iter().map(|(items, sums)| Set { items, sums }).collect();
    check_connected(&sets, items)?;
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
    let mut state = evaluate(&at, &places, &tops, &counts, &sets);
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
            let fit = finished(&at, &places, &tops, *value, &covariance, iterations);
            return Ok(ConditionalFit { persons, extreme, ..fit });
        }
        let mut scale = 1.0;
        loop {
            let mut tried = at.clone();
            for (x, s) in tried.iter_mut().zip(&step) {
                *x += scale * s;
            }
            restore(&mut tried, &places, &tops);
            let next = evaluate(&tried, &places, &tops, &counts, &sets);
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

/// Items that no person with a middling sum links have no common scale.
fn check_connected(sets: &[Set], items: &[ItemColumn]) -> Result<(), Error> {
    let mut part: Vec<usize> = (0..items.len()).collect();
    loop {
        let before = part.clone();
        for set in sets {
            let least = set.items.iter().map(|item| part[*item]).min().unwrap_or(0);
            set.items.iter().for_each(|item| part[*item] = least);
        }
        if part == before {
            break;
        }
    }
    if part.iter().all(|p| *p == 0) {
        return Ok(());
    }
    let mut roots = part.clone();
    roots.sort_unstable();
    roots.dedup();
    let names = |root: &usize| -> String {
        let of_part: Vec<&str> =
            items.iter().zip(&part).filter(|(_, p)| *p == root).map(|(item, _)| item.name.as_str()).collect();
        format!("{{{}}}", of_part.join(", "))
    };
    let sets: Vec<String> = roots.iter().map(names).collect();
    Err(Error::Model {
        what: format!(
            "the design is not connected: no person links the sets of items {}; calibrate each set by itself or use fit, which links them by the latent distribution",
            sets.join(", ")
        ),
    })
}

/// Conditional log-likelihood, gradient and information over all intercepts.
fn evaluate(at: &[f64], places: &[usize], tops: &[usize], counts: &[Vec<f64>], sets: &[Set]) -> State {
    let epsilon: Vec<Vec<f64>> = places
        .iter()
        .zip(tops)
        .map(|(place, top)| std::iter::once(1.0).chain((1..=*top).map(|k| exp(at[place + k - 1]))).collect())
        .collect();
    let mut value = 0.0;
    let mut gradient = vec![0.0; at.len()];
    for (i, counts) in counts.iter().enumerate() {
        for k in 1..=tops[i] {
            value += counts[k] * at[places[i] + k - 1];
            gradient[places[i] + k - 1] += counts[k];
        }
    }
    let total = at.len();
    let mut information = vec![0.0; total * total];
    let parts: Vec<State> = sets.par_iter().map(|set| of_set(set, &epsilon, tops)).collect();
    for (set, (taken, slope, inner)) in sets.iter().zip(parts) {
        let own: Vec<usize> = set.items.iter().flat_map(|i| places[*i]..places[*i] + tops[*i]).collect();
        value -= taken;
        for (x, place) in own.iter().enumerate() {
            gradient[*place] -= slope[x];
            for (y, other) in own.iter().enumerate() {
                information[place * total + other] += inner[x * own.len() + y];
            }
        }
    }
    (value, gradient, information)
}

/// Of one set of items: `sum of n_r ln gamma_r`, its gradient and its second derivatives over the intercepts of the
/// set's items, in order.
fn of_set(set: &Set, epsilon: &[Vec<f64>], tops: &[usize]) -> State {
    let epsilon: Vec<&Vec<f64>> = set.items.iter().map(|item| &epsilon[*item]).collect();
    let tops: Vec<usize> = set.items.iter().map(|item| tops[*item]).collect();
    let gamma = symmetric(&epsilon, &[]);
    let sums = &set.sums;
    let value = sums.iter().zip(&gamma).filter(|(n, _)| **n > 0.0).map(|(n, gamma)| n * ln(*gamma)).sum();
    // P(item i has k | sum r) for every r, then pairs.
    let mut single: Vec<Vec<f64>> = Vec::new();
    let mut first = Vec::with_capacity(tops.len());
    for (i, top) in tops.iter().enumerate() {
        let rest = symmetric(&epsilon, &[i]);
        first.push(single.len());
        for k in 1..=*top {
            let p = |r: usize| if r >= k && r - k < rest.len() { epsilon[i][k] * rest[r - k] / gamma[r] } else { 0.0 };
            single.push((0..sums.len()).map(p).collect());
        }
    }
    let total = single.len();
    let gradient = single.iter().map(|p| sums.iter().zip(p).map(|(n, p)| n * p).sum::<f64>()).collect();
    let mut information = vec![0.0; total * total];
    for i in 0..tops.len() {
        for j in 0..=i {
            let rest = symmetric(&epsilon, &[i, j]);
            for k in 1..=tops[i] {
                for l in 1..=tops[j] {
                    let (x, y) = (first[i] + k - 1, first[j] + l - 1);
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
fn symmetric(epsilon: &[&Vec<f64>], left_out: &[usize]) -> Vec<f64> {
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
    let (total, free) = (at.len(), at.len() - 1);
    // The last intercept is minus the sum of the other highest ones.
    let highest: Vec<usize> =
        places.iter().zip(tops).map(|(place, top)| place + top - 1).filter(|x| *x < free).collect();
    let terms = |x: usize| if x < free { (vec![x], 1.0) } else { (highest.clone(), -1.0) };
    let cell = |x: usize, y: usize| -> f64 {
        let ((of_x, by_x), (of_y, by_y)) = (terms(x), terms(y));
        by_x * by_y * of_x.iter().map(|i| of_y.iter().map(|j| covariance[i * free + j]).sum::<f64>()).sum::<f64>()
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
        covariance: (0..total).flat_map(|x| (0..total).map(move |y| (x, y))).map(|(x, y)| cell(x, y)).collect(),
        log_likelihood,
        parameters: free,
        iterations,
        persons: 0.0,
        extreme: Vec::new(),
    }
}
