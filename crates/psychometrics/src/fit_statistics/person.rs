//! Person fit: is the pattern of one person likely at their ability?

use crate::math::ln;
use crate::responses::decode;
use crate::{CalibratedItem, MissingTreatment, Responses};

/// Person fit of one person; strongly negative values say that the pattern is unlikely.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PersonFit {
    /// Standardised log-likelihood.
    pub lz: f64,
    /// The same corrected for the estimation of ability by WLE (Snijders 2001); dichotomous items only.
    pub lz_star: Option<f64>,
}

/// Person fit at the abilities given (WLE for `lz_star`), by person; `None` without ability or variation.
pub fn person_fit(
    responses: &Responses,
    items: &[CalibratedItem],
    treatment: MissingTreatment,
    thetas: &[Option<f64>],
) -> Vec<Option<PersonFit>> {
    let mut curves = Vec::new();
    let mut one = |person: usize, theta: f64| {
        let (presented, cells) = responses.raw(person);
        let (mut log, mut expected, mut variance) = (0.0, 0.0, 0.0);
        // Of dichotomous items: P, P', P'', and w = ln(P / Q).
        let mut dichotomous = Some(Vec::new());
        for (item, cell) in presented.iter().zip(cells) {
            let Some(score) = treatment.apply(decode(*cell)) else { continue };
            let item = &items[*item as usize];
            item.parameters.curves(theta, &mut curves);
            let logs: Vec<f64> = curves.iter().map(|c| ln(c.p.max(1e-300))).collect();
            let mean: f64 = curves.iter().zip(&logs).map(|(c, l)| c.p * l).sum();
            let square: f64 = curves.iter().zip(&logs).map(|(c, l)| c.p * l * l).sum();
            let category = item.category(score);
            log += logs[category];
            expected += mean;
            variance += square - mean * mean;
            if curves.len() != 2 {
                dichotomous = None;
            }
            if let Some(list) = &mut dichotomous {
                list.push((category as f64, curves[1], logs[1] - logs[0]));
            }
        }
        if variance <= 0.0 {
            return None;
        }
        let lz = (log - expected) / variance.sqrt();
        let lz_star = dichotomous.and_then(|list| {
            let (mut w_sum, mut top, mut bottom, mut information, mut bias) = (0.0, 0.0, 0.0, 0.0, 0.0);
            for (x, curve, w) in &list {
                let spread = curve.p * (1.0 - curve.p);
                let r = curve.first / spread;
                w_sum += (x - curve.p) * w;
                top += curve.first * w;
                bottom += curve.first * r;
                information += curve.first * curve.first / spread;
                bias += curve.first * curve.second / spread;
            }
            let c = top / bottom;
            let r0 = bias / (2.0 * information);
            let corrected: f64 = list
                .iter()
                .map(|(_, curve, w)| {
                    let spread = curve.p * (1.0 - curve.p);
                    let w = w - c * curve.first / spread;
                    w * w * spread
                })
                .sum();
            (corrected > 0.0).then(|| (w_sum + c * r0) / corrected.sqrt())
        });
        Some(PersonFit { lz, lz_star })
    };
    thetas.iter().enumerate().map(|(person, theta)| theta.and_then(|theta| one(person, theta))).collect()
}
