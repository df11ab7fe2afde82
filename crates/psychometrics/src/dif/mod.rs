//! Differential item functioning: does an item treat equally able persons of two groups alike?
//!
//! Observed-score methods match on the total score (studied item included, as the reference method does) and need
//! persons with a score on every item of the matching test; others are left out and counted.

mod irt;
mod logistic;
mod mantel_haenszel;
mod sibtest;

pub use irt::{GroupsDif, GroupsDifResult, IrtDif, IrtDifResult, IrtDifSettings, IrtDifTest, irt_dif, irt_dif_groups};
pub use logistic::{LogisticDif, logistic_dif};
pub use mantel_haenszel::{EtsClass, MantelHaenszel, mantel_haenszel};
pub use sibtest::{Sibtest, sibtest};

use crate::{Error, MissingTreatment, Responses};

/// The two groups compared, by position in the labels of the groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// Reference group.
    pub reference: usize,
    /// Focal group.
    pub focal: usize,
}

impl Comparison {
    /// From labels; without them the first and second label in sorted order, when there are exactly two.
    ///
    /// # Errors
    /// No groups, a label that does not occur, more than two groups without names.
    pub fn new(responses: &Responses, reference: Option<&str>, focal: Option<&str>) -> Result<Self, Error> {
        let refuse = |what: String| Err(Error::Model { what });
        let Some(groups) = responses.groups() else {
            return refuse("differential item functioning needs a group of every person".to_owned());
        };
        let find = |name: Option<&str>| match name {
            None => Ok(None),
            Some(name) => match groups.labels.iter().position(|label| label == name) {
                Some(place) => Ok(Some(place)),
                None => Err(Error::Model {
                    what: format!("there is no group {name}; the groups are {}", groups.labels.join(", ")),
                }),
            },
        };
        let (reference, focal) = (find(reference)?, find(focal)?);
        match (reference, focal) {
            (Some(reference), Some(focal)) if reference != focal => Ok(Self { reference, focal }),
            (Some(_), Some(_)) => refuse("reference and focal group are the same".to_owned()),
            _ if groups.labels.len() != 2 => {
                refuse(format!("name the reference and the focal group; the groups are {}", groups.labels.join(", ")))
            }
            (Some(reference), None) => Ok(Self { reference, focal: 1 - reference }),
            (None, Some(focal)) => Ok(Self { reference: 1 - focal, focal }),
            (None, None) => Ok(Self { reference: 0, focal: 1 }),
        }
    }
}

/// Complete rows of the two groups: scores and whether the person is focal.
pub(crate) struct Matched {
    pub rows: Vec<Vec<u8>>,
    pub focal: Vec<bool>,
}

pub(crate) fn matched(
    responses: &Responses,
    comparison: Comparison,
    treatment: MissingTreatment,
) -> Result<Matched, Error> {
    let Some(groups) = responses.groups() else {
        return Err(Error::Model { what: "differential item functioning needs a group of every person".to_owned() });
    };
    let items = responses.items().len();
    let mut matched = Matched { rows: Vec::new(), focal: Vec::new() };
    for person in 0..responses.persons() {
        let group = groups.of_person[person] as usize;
        if group != comparison.reference && group != comparison.focal {
            continue;
        }
        let row: Vec<u8> = responses.of_person(person).filter_map(|(_, cell)| treatment.apply(cell)).collect();
        if row.len() == items {
            matched.rows.push(row);
            matched.focal.push(group == comparison.focal);
        }
    }
    let focal = matched.focal.iter().filter(|focal| **focal).count();
    if focal < 2 || matched.rows.len() - focal < 2 {
        return Err(Error::Model {
            what: format!(
                "only {} reference and {focal} focal persons have a score on every item; matching on totals needs complete responses: use lr or wald",
                matched.rows.len() - focal
            ),
        });
    }
    Ok(matched)
}

impl Matched {
    /// Totals over the items that `keep` admits; the studied item always counts.
    pub fn totals(&self, studied: usize, left_out: &[bool]) -> Vec<usize> {
        let counts = |item: usize| item == studied || !left_out[item];
        let total = |row: &Vec<u8>| {
            row.iter().enumerate().filter(|(item, _)| counts(*item)).map(|(_, s)| usize::from(*s)).sum()
        };
        self.rows.iter().map(total).collect()
    }
}

/// Adjusted p-values that control the false discovery rate (Benjamini and Hochberg 1995).
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let n = p.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|x, y| p[*y].total_cmp(&p[*x]).then(x.cmp(y)));
    let mut adjusted = vec![1.0; n];
    let mut least = 1.0_f64;
    for (place, index) in order.into_iter().enumerate() {
        least = least.min(p[index] * n as f64 / (n - place) as f64);
        adjusted[index] = least;
    }
    adjusted
}

/// Adjusted p-values that control the probability of any false rejection (Holm 1979).
pub fn holm(p: &[f64]) -> Vec<f64> {
    let n = p.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|x, y| p[*x].total_cmp(&p[*y]).then(x.cmp(y)));
    let mut adjusted = vec![1.0; n];
    let mut most = 0.0_f64;
    for (place, index) in order.into_iter().enumerate() {
        most = most.max((p[index] * (n - place) as f64).min(1.0));
        adjusted[index] = most;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjusted_p_values() {
        let close = |x: &[f64], y: &[f64]| x.iter().zip(y).all(|(x, y)| (x - y).abs() < 1e-12);
        assert!(close(&benjamini_hochberg(&[0.01, 0.04, 0.03, 0.5]), &[0.04, 0.04 * 4.0 / 3.0, 0.04 * 4.0 / 3.0, 0.5]));
        assert!(close(&holm(&[0.01, 0.04, 0.03, 0.5]), &[0.04, 0.09, 0.09, 0.5]));
    }
}
