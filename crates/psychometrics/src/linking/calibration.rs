//! Calibrated items with the covariance matrix of their parameters.

use super::Link;
use crate::irt::ItemParameters;
use crate::scores::CalibratedItem;

/// A calibration to be linked.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Name, for messages.
    pub name: String,
    /// Its items.
    pub items: Vec<CalibratedItem>,
    /// Covariance matrix of all parameters, row after row, in the order of [`values`] of item after item; `None` where
    /// unknown. See [`crate::Fit::item_covariance`].
    pub covariance: Option<Vec<f64>>,
}

impl Calibration {
    /// The same with these items only, in the order of `names`; names that are not here are passed over.
    #[must_use]
    pub fn only(&self, names: &[String]) -> Self {
        let mut firsts = Vec::with_capacity(self.items.len());
        let mut size = 0;
        for item in &self.items {
            firsts.push(size);
            size += values(&item.parameters).len();
        }
        let (mut kept, mut items) = (Vec::new(), Vec::new());
        for name in names {
            if let Some(place) = self.items.iter().position(|item| &item.name == name) {
                kept.extend(firsts[place]..firsts[place] + values(&self.items[place].parameters).len());
                items.push(self.items[place].clone());
            }
        }
        let of = |c: &Vec<f64>| kept.iter().flat_map(|i| kept.iter().map(move |j| c[i * size + j])).collect();
        Self { name: self.name.clone(), items, covariance: self.covariance.as_ref().map(of) }
    }
}

impl Calibration {
    /// The same on the scale of the base of a link, `theta' = scale * theta + shift`. Errors are those given the constants:
    /// the uncertainty of the link itself is not in them.
    #[must_use]
    pub fn on_scale(&self, link: Link) -> Self {
        let moved = |item: &ItemParameters| item.on_scale(link.scale, link.shift);
        // New parameters are linear in the old ones, so that a step of any length gives the derivative.
        let mut rows: Vec<Vec<(usize, f64)>> = Vec::new();
        let mut place = 0;
        for item in &self.items {
            let own = values(&item.parameters);
            let here = values(&moved(&item.parameters));
            let mut jacobian = vec![Vec::new(); own.len()];
            for k in 0..own.len() {
                // Inwards for an asymptote at its border.
                let step = if own[k] < 0.5 { 0.25 } else { -0.25 };
                let mut near = own.clone();
                near[k] += step;
                let there = values(&moved(&with_values(&item.parameters, &near)));
                for (row, (there, here)) in jacobian.iter_mut().zip(there.iter().zip(&here)) {
                    row.push((place + k, (there - here) / step));
                }
            }
            rows.extend(jacobian);
            place += own.len();
        }
        let size = place;
        let between = |c: &Vec<f64>, x: &[(usize, f64)], y: &[(usize, f64)]| -> f64 {
            x.iter().map(|(p, a)| y.iter().map(|(q, b)| a * b * c[p * size + q]).sum::<f64>()).sum()
        };
        let of = |c: &Vec<f64>| rows.iter().flat_map(|x| rows.iter().map(move |y| between(c, x, y))).collect();
        let mut items = self.items.clone();
        for item in &mut items {
            item.parameters = moved(&item.parameters);
        }
        Self { name: self.name.clone(), items, covariance: self.covariance.as_ref().map(of) }
    }
}

/// Parameters of an item in the order of covariance matrices: a1, d (and g, u with an asymptote); a1, d1...; nominal a1...,
/// c1...
pub fn values(item: &ItemParameters) -> Vec<f64> {
    match item {
        ItemParameters::Logistic { slope, intercept, lower, upper } => {
            if item.is_divide_by_total() {
                vec![*slope, *intercept]
            } else {
                vec![*slope, *intercept, *lower, *upper]
            }
        }
        ItemParameters::PartialCredit { slope, intercepts } | ItemParameters::Graded { slope, intercepts } => {
            std::iter::once(*slope).chain(intercepts.iter().copied()).collect()
        }
        ItemParameters::Nominal { slopes, intercepts } => slopes.iter().chain(intercepts).copied().collect(),
    }
}

/// The item with other parameters, in the order of [`values`].
pub(crate) fn with_values(item: &ItemParameters, new: &[f64]) -> ItemParameters {
    match item {
        ItemParameters::Logistic { lower, upper, .. } => ItemParameters::Logistic {
            slope: new[0],
            intercept: new[1],
            lower: new.get(2).copied().unwrap_or(*lower).clamp(0.0, 1.0),
            upper: new.get(3).copied().unwrap_or(*upper).clamp(0.0, 1.0),
        },
        ItemParameters::PartialCredit { .. } => {
            ItemParameters::PartialCredit { slope: new[0], intercepts: new[1..].to_vec() }
        }
        ItemParameters::Graded { .. } => ItemParameters::Graded { slope: new[0], intercepts: new[1..].to_vec() },
        ItemParameters::Nominal { slopes, .. } => {
            ItemParameters::Nominal { slopes: new[..slopes.len()].to_vec(), intercepts: new[slopes.len()..].to_vec() }
        }
    }
}
