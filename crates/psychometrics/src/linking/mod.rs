//! Putting calibrations on one scale by their common items, with errors, and finding items that drifted.
//!
//! The constants carry the new scale to the old: `theta_old = scale * theta_new + shift`, so that
//! `b_old = scale * b_new + shift` and `a_old = a_new / scale`.
//!
//! Sources: Loyd and Hoover (1980) for mean-mean; Marco (1977) for mean-sigma; Haebara (1980); Stocking and Lord
//! (1983); Kolen and Brennan (2014, ch. 6) for the notation; Huynh and Meyer (2010) for the robust z.

mod calibration;
mod chain;

pub(crate) use calibration::with_values;
pub use calibration::{Calibration, values};
pub(crate) use chain::seeds;
pub use chain::{Chain, Placed, bootstrap, chain};

use crate::Error;
use crate::irt::{Curve, Grid, ItemParameters};
use crate::math::{exp, ln};
use crate::ranks::quantile;

/// How the constants are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkMethod {
    /// Ratio of mean slopes, difference of mean difficulties.
    MeanMean,
    /// Ratio of standard deviations of difficulties, difference of their means.
    MeanSigma,
    /// Least squares between item curves.
    Haebara,
    /// Least squares between test curves.
    StockingLord,
}

/// Ability distribution on the old scale over which curves are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LinkWeights {
    /// Standard normal.
    #[default]
    Normal,
    /// Uniform on -4..=4.
    Uniform,
}

/// Choices of [`link`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LinkSettings {
    /// Weights of the curve methods.
    pub weights: LinkWeights,
    /// Whether the curve methods also compare on the new scale, so that exchanging the scales inverts the link.
    pub symmetric: bool,
}

/// Constants of a link.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    /// `A` in `theta_old = A theta_new + B`; above 0.
    pub scale: f64,
    /// `B`.
    pub shift: f64,
    /// Smallest value of the criterion of the curve methods, 0 for the moment methods.
    pub criterion: f64,
}

/// Finds the constants from pairs (old, new) of the common items.
///
/// # Errors
/// Fewer than two pairs, models or numbers of categories that differ within a pair, no spread of difficulties, a
/// slope that is not positive; nominal items for the moment methods.
pub fn link(
    pairs: &[(ItemParameters, ItemParameters)],
    method: LinkMethod,
    settings: LinkSettings,
) -> Result<Link, Error> {
    let refuse = |what: String| Err(Error::Model { what });
    if pairs.len() < 2 {
        return refuse(format!(
            "{} common items; a link needs at least two, and ten or more to be stable",
            pairs.len()
        ));
    }
    for (place, (old, new)) in pairs.iter().enumerate() {
        if std::mem::discriminant(old) != std::mem::discriminant(new) || old.categories() != new.categories() {
            return refuse(format!("common item {}: the two calibrations have different models", place + 1));
        }
    }
    let moments = moments(pairs);
    let start = match (method, moments) {
        (LinkMethod::MeanMean, Some(m)) => return Ok(m.link(m.new.slope / m.old.slope)),
        (LinkMethod::MeanSigma, Some(m)) if m.new.spread > 0.0 && m.old.spread > 0.0 => {
            return Ok(m.link(m.old.spread / m.new.spread));
        }
        (LinkMethod::MeanMean | LinkMethod::MeanSigma, _) => {
            return refuse(
                "moment methods need positive slopes and difficulties that differ; use haebara or stocking-lord"
                    .to_owned(),
            );
        }
        (_, Some(m)) => m.link(m.new.slope / m.old.slope),
        (_, None) => Link { scale: 1.0, shift: 0.0, criterion: 0.0 },
    };
    least_squares(pairs, method, settings, start)
}

/// Standard errors of scale and shift from the choice of common items, by leaving out one at a time (Haberman, Lee and Qian
/// 2009): `var = (n - 1) / n sum (estimate without one - their mean)^2`. Items are taken as a sample of those that could have
/// been common; the sample of persons is not in it.
///
/// # Errors
/// Fewer than three pairs; whatever [`link`] refuses.
pub fn jackknife(
    pairs: &[(ItemParameters, ItemParameters)],
    method: LinkMethod,
    settings: LinkSettings,
) -> Result<(f64, f64), Error> {
    let n = pairs.len();
    if n < 3 {
        return Err(Error::Model { what: format!("{n} common items; leaving one out needs at least three") });
    }
    let without = |left_out: usize| {
        let kept: Vec<_> = pairs.iter().enumerate().filter(|(i, _)| *i != left_out).map(|(_, p)| p.clone()).collect();
        link(&kept, method, settings)
    };
    let links: Vec<Link> = (0..n).map(without).collect::<Result<_, _>>()?;
    let spread = |of: fn(&Link) -> f64| {
        let mean = links.iter().map(of).sum::<f64>() / n as f64;
        let square: f64 = links.iter().map(|link| (of(link) - mean) * (of(link) - mean)).sum();
        ((n - 1) as f64 / n as f64 * square).sqrt()
    };
    Ok((spread(|link| link.scale), spread(|link| link.shift)))
}

#[derive(Debug, Clone, Copy)]
struct Side {
    slope: f64,
    difficulty: f64,
    spread: f64,
}

#[derive(Debug, Clone, Copy)]
struct Moments {
    old: Side,
    new: Side,
}

impl Moments {
    fn link(&self, scale: f64) -> Link {
        Link { scale, shift: self.old.difficulty - scale * self.new.difficulty, criterion: 0.0 }
    }
}

/// Means of slopes and of all difficulties; `None` with nominal items or slopes that are not positive.
fn moments(pairs: &[(ItemParameters, ItemParameters)]) -> Option<Moments> {
    let side = |item: fn(&(ItemParameters, ItemParameters)) -> &ItemParameters| -> Option<Side> {
        let mut difficulties = Vec::new();
        let mut slope = 0.0;
        for pair in pairs {
            let (a, b) = item(pair).difficulties()?;
            if a <= 0.0 {
                return None;
            }
            slope += a / pairs.len() as f64;
            difficulties.extend(b);
        }
        let n = difficulties.len() as f64;
        let mean = difficulties.iter().sum::<f64>() / n;
        let spread = (difficulties.iter().map(|b| (b - mean) * (b - mean)).sum::<f64>() / n).sqrt();
        Some(Side { slope, difficulty: mean, spread })
    };
    Some(Moments { old: side(|p| &p.0)?, new: side(|p| &p.1)? })
}

fn least_squares(
    pairs: &[(ItemParameters, ItemParameters)],
    method: LinkMethod,
    settings: LinkSettings,
    start: Link,
) -> Result<Link, Error> {
    // A step of 0.05 on -4..=4, as the reference engines integrate.
    let grid = Grid::new(161, 4.0);
    let weights: Vec<f64> = match settings.weights {
        LinkWeights::Normal => grid.log_normal_weights(0.0, 1.0).into_iter().map(|w| exp(0.5 * w)).collect(),
        LinkWeights::Uniform => vec![(1.0 / 161.0_f64).sqrt(); 161],
    };
    let residuals = |scale: f64, shift: f64| -> Vec<f64> {
        let mut out = Vec::new();
        let moved: Vec<(ItemParameters, ItemParameters)> =
            pairs.iter().map(|(old, new)| (old.clone(), new.on_scale(scale, shift))).collect();
        compare(&moved, &grid, &weights, method, &mut out);
        if settings.symmetric {
            let back: Vec<(ItemParameters, ItemParameters)> =
                pairs.iter().map(|(old, new)| (old.on_scale(1.0 / scale, -shift / scale), new.clone())).collect();
            compare(&back, &grid, &weights, method, &mut out);
        }
        out
    };
    let square = |r: &[f64]| r.iter().map(|r| r * r).sum::<f64>();
    let (mut scale, mut shift) = (start.scale, start.shift);
    let mut here = residuals(scale, shift);
    let mut value = square(&here);
    let mut damping = 1e-4;
    for _ in 0..200 {
        let h = 1e-6;
        let by = |up: Vec<f64>, down: Vec<f64>| -> Vec<f64> {
            up.iter().zip(&down).map(|(u, d)| (u - d) / (2.0 * h)).collect()
        };
        let by_scale = by(residuals(scale + h, shift), residuals(scale - h, shift));
        let by_shift = by(residuals(scale, shift + h), residuals(scale, shift - h));
        let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
        let (aa, ab, bb) = (dot(&by_scale, &by_scale), dot(&by_scale, &by_shift), dot(&by_shift, &by_shift));
        let (ga, gb) = (dot(&by_scale, &here), dot(&by_shift, &here));
        let mut moved = false;
        for _ in 0..30 {
            let (da, db) = (aa * (1.0 + damping), bb * (1.0 + damping));
            let determinant = da * db - ab * ab;
            let step = [-(db * ga - ab * gb) / determinant, -(da * gb - ab * ga) / determinant];
            let tried = (scale + step[0], shift + step[1]);
            if tried.0 > 0.0 && tried.0.is_finite() && tried.1.is_finite() {
                let next = residuals(tried.0, tried.1);
                let next_value = square(&next);
                if next_value <= value {
                    moved = step[0].abs() + step[1].abs() > 1e-10;
                    (scale, shift, here, value) = (tried.0, tried.1, next, next_value);
                    damping = (damping * 0.1).max(1e-12);
                    break;
                }
            }
            damping *= 10.0;
        }
        if !moved {
            return Ok(Link { scale, shift, criterion: value });
        }
    }
    Err(Error::Model { what: "the link did not converge; check the common items".to_owned() })
}

/// Weighted differences of curves at every node.
fn compare(
    pairs: &[(ItemParameters, ItemParameters)],
    grid: &Grid,
    weights: &[f64],
    method: LinkMethod,
    out: &mut Vec<f64>,
) {
    let (mut old_curves, mut new_curves): (Vec<Curve>, Vec<Curve>) = (Vec::new(), Vec::new());
    for (theta, weight) in grid.nodes().iter().zip(weights) {
        let mut test = 0.0;
        for (old, new) in pairs {
            old.curves(*theta, &mut old_curves);
            new.curves(*theta, &mut new_curves);
            for (k, (old, new)) in old_curves.iter().zip(&new_curves).enumerate().skip(1) {
                let difference = old.p - new.p;
                match method {
                    LinkMethod::Haebara => out.push(weight * difference),
                    _ => test += k as f64 * difference,
                }
            }
            if method == LinkMethod::Haebara && old_curves.len() > 2 {
                out.push(weight * (old_curves[0].p - new_curves[0].p));
            }
        }
        if method != LinkMethod::Haebara {
            out.push(weight * test);
        }
    }
}

/// How far a common item is from where the link puts it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// Mean difficulty on the old scale minus that of the new calibration after the link.
    pub difficulty: f64,
    /// Robust z of it: distance from the median in units of 0.74 times the interquartile range.
    pub difficulty_z: f64,
    /// ln of the old slope over the linked new slope.
    pub log_slope: f64,
    /// Robust z of it.
    pub slope_z: f64,
}

impl Drift {
    /// Whether either robust z is beyond the limit (1.645 flags about one stable item in ten).
    pub fn is_beyond(&self, limit: f64) -> bool {
        self.difficulty_z.abs() > limit || self.slope_z.abs() > limit
    }
}

/// Drift of every pair (old, new) under a link; `None` for nominal items.
pub fn drift(pairs: &[(ItemParameters, ItemParameters)], link: Link) -> Vec<Option<Drift>> {
    let differences: Vec<Option<(f64, f64)>> = pairs
        .iter()
        .map(|(old, new)| {
            let (old_slope, old_b) = old.difficulties()?;
            let (new_slope, new_b) = new.on_scale(link.scale, link.shift).difficulties()?;
            let mean = |b: &[f64]| b.iter().sum::<f64>() / b.len() as f64;
            (old_slope > 0.0 && new_slope > 0.0).then(|| (mean(&old_b) - mean(&new_b), ln(old_slope / new_slope)))
        })
        .collect();
    let robust = |part: fn(&(f64, f64)) -> f64| {
        let mut sorted: Vec<f64> = differences.iter().flatten().map(part).collect();
        sorted.sort_by(f64::total_cmp);
        let at = |share| quantile(&sorted, share).unwrap_or(0.0);
        let (middle, spread) = (at(0.5), 0.74 * (at(0.75) - at(0.25)));
        move |x: f64| if spread > 0.0 { (x - middle) / spread } else { 0.0 }
    };
    let (z_b, z_a) = (robust(|d| d.0), robust(|d| d.1));
    let one = |d: &Option<(f64, f64)>| {
        d.map(|(b, a)| Drift { difficulty: b, difficulty_z: z_b(b), log_slope: a, slope_z: z_a(a) })
    };
    differences.iter().map(one).collect()
}
