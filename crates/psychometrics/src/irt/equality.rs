//! Equality constraints: one free parameter in several items.

use super::family::Family;
use super::problem::{ProblemItem, Source};
use crate::Error;

/// Parameters of several items that are one parameter.
///
/// Names are those of the slope-intercept form: `a1`, `d` (or `d1`, `d2`, ...), `g` and `u` (equal on the logit, hence
/// equal); of the nominal model `a1`... and `c1`...
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equality {
    /// Name of the parameter.
    pub parameter: String,
    /// Positions of the items, at least two.
    pub items: Vec<usize>,
}

/// Position of a named parameter in the flat parameters of an item.
fn place_of(item: &ProblemItem, name: &str) -> Option<usize> {
    let (letter, digits) = name.split_at_checked(1)?;
    let number: Option<usize> = if digits.is_empty() { None } else { Some(digits.parse().ok()?) };
    let top = item.categories - 1;
    let within = |k: usize| (1..=top).contains(&k).then_some(k);
    match (item.family, letter) {
        (Family::Nominal, "a") => within(number?).map(|k| k - 1),
        (Family::Nominal, "c") => within(number?).map(|k| top + k - 1),
        (Family::Logistic, "g") => Some(2),
        (Family::Logistic, "u") => Some(3),
        (Family::Nominal, _) => None,
        (_, "a") => (number.unwrap_or(1) == 1).then_some(0),
        (_, "d") => within(number.unwrap_or(1)),
        _ => None,
    }
}

/// Joins free parameters as the equalities ask; `start` loses the places that are no longer needed. A prior on a
/// joined parameter counts once.
pub(crate) fn join(
    items: &mut [ProblemItem],
    start: &mut Vec<f64>,
    equalities: &[Equality],
    names: &[String],
) -> Result<(), Error> {
    let refuse = |what: String| Err(Error::Model { what });
    let mut target: Vec<usize> = (0..start.len()).collect();
    for equality in equalities {
        let mut first: Option<usize> = None;
        if equality.items.len() < 2 {
            return refuse(format!("equality of {}: name at least two items", equality.parameter));
        }
        for item in &equality.items {
            let Some(name) = names.get(*item) else {
                return refuse(format!("equality of {}: there is no item number {item}", equality.parameter));
            };
            let Some(p) = place_of(&items[*item], &equality.parameter) else {
                return refuse(format!("equality: item {name} has no parameter {}", equality.parameter));
            };
            let source = &items[*item].sources[p];
            let [(place, 1.0)] = source.terms[..] else {
                return refuse(format!(
                    "equality: parameter {} of item {name} is given by its model; leave the item out of the equality",
                    equality.parameter
                ));
            };
            let place = root(&target, place);
            match first {
                None => first = Some(place),
                Some(kept) if kept != place => {
                    let kept = root(&target, kept);
                    target[kept.max(place)] = kept.min(place);
                    first = Some(kept.min(place));
                    items[*item].priors[p] = None;
                }
                Some(_) => {}
            }
        }
    }
    // Each joined parameter begins from the mean of its starting values.
    let roots: Vec<usize> = (0..target.len()).map(|place| root(&target, place)).collect();
    let kept: Vec<usize> = (0..roots.len()).filter(|place| roots[*place] == *place).collect();
    let mut sums = vec![(0.0, 0.0); kept.len()];
    let new: Vec<usize> = roots.iter().map(|place| kept.binary_search(place).unwrap_or_default()).collect();
    for (old, place) in new.iter().enumerate() {
        sums[*place].0 += start[old];
        sums[*place].1 += 1.0;
    }
    *start = sums.into_iter().map(|(sum, n)| sum / n).collect();
    for source in items.iter_mut().flat_map(|item| item.sources.iter_mut()) {
        let renumber = |(place, c): &(usize, f64)| (new[*place], *c);
        *source = Source { constant: source.constant, terms: source.terms.iter().map(renumber).collect() };
    }
    Ok(())
}

fn root(target: &[usize], mut place: usize) -> usize {
    while target[place] != place {
        place = target[place];
    }
    place
}
