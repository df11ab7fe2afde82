//! Parts of a test: reliability of each and correlations between them.

use super::reliability::reliability;
use super::sums::{Moments, weighted_correlation};
use super::{Data, covariances, disattenuated_correlation, pairs};
use crate::{Error, MissingTreatment, Responses};

/// One subtest.
#[derive(Debug, Clone, PartialEq)]
pub struct Subtest {
    /// Name.
    pub name: String,
    /// Number of items.
    pub items: usize,
    /// Largest total.
    pub max: u32,
    /// Mean total.
    pub mean: f64,
    /// Standard deviation of totals.
    pub sd: Option<f64>,
    /// Cronbach's alpha; `None` for one item.
    pub alpha: Option<f64>,
    /// Standard error of measurement, in points.
    pub sem: Option<f64>,
}

/// Correlation of two subtests.
#[derive(Debug, Clone, PartialEq)]
pub struct SubtestCorrelation {
    /// Positions of the two subtests.
    pub of: (usize, usize),
    /// Correlation of totals.
    pub r: Option<f64>,
    /// The same corrected for unreliability (Spearman 1904), with the alphas; may exceed 1, which says that an alpha is
    /// too low.
    pub disattenuated: Option<f64>,
}

/// Subtests with their correlations, first with second, first with third, and so on.
///
/// `names`: the subtest of each item, `None` for items that belong to none; subtests stand in the order met.
///
/// # Errors
/// Another number of names than items; no subtest; no persons.
pub fn subtests(
    responses: &Responses,
    treatment: MissingTreatment,
    names: &[Option<String>],
) -> Result<(Vec<Subtest>, Vec<SubtestCorrelation>), Error> {
    let columns = responses.items();
    if names.len() != columns.len() {
        return Err(Error::Length { what: "subtests of items", found: names.len(), expected: columns.len() });
    }
    if responses.persons() == 0 {
        return Err(Error::Empty { what: "persons" });
    }
    let mut order: Vec<&String> = Vec::new();
    for name in names.iter().flatten() {
        if !order.contains(&name) {
            order.push(name);
        }
    }
    if order.is_empty() {
        return Err(Error::Empty { what: "subtests" });
    }
    let data = Data::new(responses, treatment);
    let mut all = Vec::new();
    let mut totals: Vec<Vec<f64>> = Vec::new();
    for name in order {
        let items: Vec<usize> = (0..names.len()).filter(|i| names[*i].as_ref() == Some(name)).collect();
        let own: Vec<Vec<Option<u8>>> = items.iter().map(|i| data.columns[*i].clone()).collect();
        let of_person = |person: usize| own.iter().map(|c| f64::from(c[person].unwrap_or(0))).sum::<f64>();
        let sums: Vec<f64> = (0..responses.persons()).map(of_person).collect();
        let matrix = covariances(&pairs::pair_sums(&own, responses.weights()), items.len());
        let found = reliability(matrix.as_deref(), items.len(), None);
        let moments = Moments::new(&sums, &data.weights);
        all.push(Subtest {
            name: name.clone(),
            items: items.len(),
            max: items.iter().map(|i| u32::from(columns[*i].max)).sum(),
            mean: moments.mean,
            sd: moments.sd,
            alpha: found.alpha,
            sem: found.sem,
        });
        totals.push(sums);
    }
    let mut correlations = Vec::new();
    for i in 0..all.len() {
        for j in i + 1..all.len() {
            let r = weighted_correlation(&totals[i], &totals[j], &data.weights);
            let alphas = all[i].alpha.zip(all[j].alpha);
            let disattenuated = r.zip(alphas).and_then(|(r, (x, y))| disattenuated_correlation(r, x, y));
            correlations.push(SubtestCorrelation { of: (i, j), r, disattenuated });
        }
    }
    Ok((all, correlations))
}
