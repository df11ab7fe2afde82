//! Links over several calibrations with their errors: two forms, or the grades of a vertical scale.
//!
//! Each calibration is linked to its neighbour by the items both have, and the links are multiplied up to a base. Errors
//! come by the delta method from the covariance matrices of the calibrations (Ogasawara 2000, 2001 for one link): every link
//! is differenced by every parameter of its common items, so that a calibration in the middle of a chain, which two links
//! share, counts with its covariance in both. The bootstrap draws all parameters from their normal distribution instead.

use rayon::prelude::*;

use super::calibration::{Calibration, values, with_values};
use super::{Link, LinkMethod, LinkSettings, link};
use crate::Error;
use crate::irt::ItemParameters;
use crate::linalg::Cholesky;
use crate::scores::CalibratedItem;
use crate::simulation::Generator;

/// Where one calibration stands on the scale of the base.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// Constants: `theta_base = scale * theta + shift`; 1 and 0 for the base.
    pub link: Link,
    /// Standard error of `scale`; `None` when some covariance matrix is unknown.
    pub scale_se: Option<f64>,
    /// Standard error of `shift`.
    pub shift_se: Option<f64>,
    /// Items common with the neighbour towards the base; empty for the base.
    pub common: Vec<String>,
}

/// A chain of links.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// One per calibration, in order.
    pub placed: Vec<Placed>,
    /// Covariance matrix of scale and shift of the first, of the second, ..., row after row; `None` when unknown.
    pub covariance: Option<Vec<f64>>,
}

impl Chain {
    /// Standard error of a weighted sum of the constants (scale and shift of the first, of the second, ...).
    pub fn error_of(&self, weights: &[f64]) -> Option<f64> {
        let covariance = self.covariance.as_ref()?;
        let n = 2 * self.placed.len();
        let row = |i: usize| (0..n).map(|j| weights[i] * weights[j] * covariance[i * n + j]).sum::<f64>();
        Some((0..n).map(row).sum::<f64>().max(0.0).sqrt())
    }
}

/// Links neighbours by their common items and puts all calibrations on the scale of the one at `base`.
///
/// # Errors
/// No calibrations, a base outside, neighbours with fewer than two common items, items of another model, a covariance matrix
/// of another size, and whatever [`link`] refuses.
pub fn chain(
    calibrations: &[Calibration],
    base: usize,
    method: LinkMethod,
    settings: LinkSettings,
) -> Result<Chain, Error> {
    let steps = Steps::new(calibrations, base, method, settings)?;
    let links = steps.links(calibrations)?;
    let covariance = if calibrations.iter().all(|c| c.covariance.is_some()) {
        Some(steps.delta(calibrations, &links)?)
    } else {
        None
    };
    let n = 2 * calibrations.len();
    let se = |place: usize| covariance.as_ref().map(|c| c[place * n + place].max(0.0).sqrt());
    let placed = (steps.compose(&links).into_iter().enumerate())
        .map(|(c, link)| Placed {
            link,
            scale_se: se(2 * c),
            shift_se: se(2 * c + 1),
            common: steps.names(calibrations, c),
        })
        .collect();
    Ok(Chain { placed, covariance })
}

/// Standard errors of scale and shift of every calibration by a parametric bootstrap: `draws` times all parameters are drawn
/// from the normal distribution of their covariance matrix and linked anew. The same seed gives the same bytes on any number
/// of threads. Draws that cannot be linked (a slope below zero) are left out and counted.
///
/// # Errors
/// As [`chain`]; an unknown covariance matrix; fewer than two draws that could be linked.
pub fn bootstrap(
    calibrations: &[Calibration],
    base: usize,
    method: LinkMethod,
    settings: LinkSettings,
    draws: usize,
    seed: u64,
) -> Result<(Vec<(f64, f64)>, usize), Error> {
    let steps = Steps::new(calibrations, base, method, settings)?;
    let factors: Vec<Factor> = calibrations.iter().map(Factor::new).collect::<Result<_, _>>()?;
    let seeds = seeds(seed, draws);
    let one = |seed: &u64| -> Option<Vec<Link>> {
        let mut generator = Generator::new(*seed);
        let drawn: Vec<Calibration> =
            calibrations.iter().zip(&factors).map(|(c, factor)| factor.draw(c, &mut generator)).collect();
        steps.links(&drawn).ok().map(|links| steps.compose(&links))
    };
    let linked: Vec<Vec<Link>> = seeds.par_iter().map(one).collect::<Vec<_>>().into_iter().flatten().collect();
    let failed = draws - linked.len();
    if linked.len() < 2 {
        return Err(Error::Model { what: "fewer than two bootstrap draws could be linked".to_owned() });
    }
    let spread = |of: &dyn Fn(&Vec<Link>) -> f64| {
        let n = linked.len() as f64;
        let mean = linked.iter().map(of).sum::<f64>() / n;
        (linked.iter().map(|l| (of(l) - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()
    };
    let of = |c: usize| (spread(&|l: &Vec<Link>| l[c].scale), spread(&|l: &Vec<Link>| l[c].shift));
    Ok(((0..calibrations.len()).map(of).collect(), failed))
}

/// Independent seeds for `draws` parallel streams.
pub(crate) fn seeds(seed: u64, draws: usize) -> Vec<u64> {
    let mut generator = Generator::new(seed);
    let mut half = || (generator.uniform() * 4_294_967_296.0) as u64;
    (0..draws).map(|_| half() << 32 | half()).collect()
}

/// Pairs of places (towards the base, away from it) of the common items of every step.
struct Steps {
    base: usize,
    method: LinkMethod,
    settings: LinkSettings,
    /// Step `s` is between calibrations `s` and `s + 1`: places of the common items in both.
    pairs: Vec<Vec<(usize, usize)>>,
}

impl Steps {
    fn new(
        calibrations: &[Calibration],
        base: usize,
        method: LinkMethod,
        settings: LinkSettings,
    ) -> Result<Self, Error> {
        if base >= calibrations.len() {
            return Err(Error::Empty { what: "calibrations at the place of the base" });
        }
        for c in calibrations {
            let expected = c.items.iter().map(|item| values(&item.parameters).len()).sum::<usize>();
            let found = c.covariance.as_ref().map_or(expected * expected, Vec::len);
            if found != expected * expected {
                let what = "entries of the covariance matrix of a calibration";
                return Err(Error::Length { what, found, expected: expected * expected });
            }
        }
        let common = |pair: &[Calibration]| -> Result<Vec<(usize, usize)>, Error> {
            let find = |item: &CalibratedItem| pair[1].items.iter().position(|other| other.name == item.name);
            let all: Vec<(usize, usize)> =
                pair[0].items.iter().enumerate().filter_map(|(i, item)| Some((i, find(item)?))).collect();
            if all.len() < 2 {
                return Err(Error::Model {
                    what: format!(
                        "{} and {} have {} common items; a link needs at least two, and ten or more to be stable",
                        pair[0].name,
                        pair[1].name,
                        all.len()
                    ),
                });
            }
            Ok(all)
        };
        let pairs = calibrations.windows(2).map(common).collect::<Result<_, _>>()?;
        Ok(Self { base, method, settings, pairs })
    }

    fn names(&self, calibrations: &[Calibration], c: usize) -> Vec<String> {
        let of =
            |step: usize| self.pairs[step].iter().map(|(i, _)| calibrations[step].items[*i].name.clone()).collect();
        match c.cmp(&self.base) {
            std::cmp::Ordering::Less => of(c),
            std::cmp::Ordering::Equal => Vec::new(),
            std::cmp::Ordering::Greater => of(c - 1),
        }
    }

    /// The link of step `s`, which carries the side away from the base to the side towards it.
    fn link(&self, calibrations: &[Calibration], s: usize) -> Result<Link, Error> {
        let (left, right) = (&calibrations[s].items, &calibrations[s + 1].items);
        let pair = |(i, j): &(usize, usize)| {
            let (x, y) = (left[*i].parameters.clone(), right[*j].parameters.clone());
            if s >= self.base { (x, y) } else { (y, x) }
        };
        let pairs: Vec<(ItemParameters, ItemParameters)> = self.pairs[s].iter().map(pair).collect();
        link(&pairs, self.method, self.settings).map_err(|error| {
            let what = format!("{} and {}: {error}", calibrations[s].name, calibrations[s + 1].name);
            Error::Model { what }
        })
    }

    fn links(&self, calibrations: &[Calibration]) -> Result<Vec<Link>, Error> {
        (0..self.pairs.len()).map(|s| self.link(calibrations, s)).collect()
    }

    /// Constants of every calibration to the base.
    fn compose(&self, links: &[Link]) -> Vec<Link> {
        let same = Link { scale: 1.0, shift: 0.0, criterion: 0.0 };
        let mut all = vec![same; links.len() + 1];
        let joined = |to_base: Link, step: Link| Link {
            scale: to_base.scale * step.scale,
            shift: to_base.scale * step.shift + to_base.shift,
            criterion: step.criterion,
        };
        for c in self.base + 1..all.len() {
            all[c] = joined(all[c - 1], links[c - 1]);
        }
        for c in (0..self.base).rev() {
            all[c] = joined(all[c + 1], links[c]);
        }
        all
    }

    /// Covariance matrix of all constants.
    fn delta(&self, calibrations: &[Calibration], links: &[Link]) -> Result<Vec<f64>, Error> {
        let n = 2 * calibrations.len();
        let mut total = vec![0.0; n * n];
        for (c, calibration) in calibrations.iter().enumerate() {
            let Some(covariance) = &calibration.covariance else { continue };
            let steps: Vec<usize> =
                [c.checked_sub(1), Some(c)].into_iter().flatten().filter(|s| *s < links.len()).collect();
            // Derivatives by the parameters of the items that some step uses.
            let mut parameters: Vec<(usize, usize, usize)> = Vec::new();
            let mut place = 0;
            for (i, item) in calibration.items.iter().enumerate() {
                let count = values(&item.parameters).len();
                let used =
                    steps.iter().any(|s| self.pairs[*s].iter().any(|(x, y)| (if *s == c { x } else { y }) == &i));
                if used {
                    parameters.extend((0..count).map(|k| (place + k, i, k)));
                }
                place += count;
            }
            let size = place;
            let derivative = |&(_, i, k): &(usize, usize, usize)| -> Result<Vec<f64>, Error> {
                let mut near = calibrations.to_vec();
                let own = values(&calibration.items[i].parameters);
                let h = 1e-4 * own[k].abs().max(1.0);
                let mut at = |by: f64| -> Result<Vec<Link>, Error> {
                    let mut moved = own.clone();
                    moved[k] += by;
                    near[c].items[i].parameters = with_values(&calibration.items[i].parameters, &moved);
                    let mut all = links.to_vec();
                    for s in &steps {
                        all[*s] = self.link(&near, *s)?;
                    }
                    Ok(self.compose(&all))
                };
                let (high, low) = (at(h)?, at(-h)?);
                let by = |(high, low): (&Link, &Link)| {
                    [high.scale - low.scale, high.shift - low.shift].map(|d| d / (2.0 * h))
                };
                Ok(high.iter().zip(&low).flat_map(by).collect())
            };
            // A parameter without error (a fixed asymptote) needs no derivative.
            parameters.retain(|(place, ..)| covariance[place * size + place] > 0.0);
            let jacobian: Vec<Vec<f64>> = parameters.par_iter().map(derivative).collect::<Result<_, _>>()?;
            for ((p, ..), x) in parameters.iter().zip(&jacobian) {
                for ((q, ..), y) in parameters.iter().zip(&jacobian) {
                    let between = covariance[p * size + q];
                    for i in 0..n {
                        for j in 0..n {
                            total[i * n + j] += x[i] * between * y[j];
                        }
                    }
                }
            }
        }
        Ok(total)
    }
}

/// Draws parameters of one calibration.
struct Factor {
    /// Places of parameters with an error.
    places: Vec<usize>,
    lower: Cholesky,
}

impl Factor {
    fn new(calibration: &Calibration) -> Result<Self, Error> {
        let refuse = |what: &str| Error::Model { what: format!("{}: {what}", calibration.name) };
        let covariance = calibration.covariance.as_ref().ok_or_else(|| {
            refuse("the covariance matrix of its parameters is not known; calibrate with standard errors")
        })?;
        let size = (covariance.len() as f64).sqrt().round() as usize;
        let places: Vec<usize> = (0..size).filter(|p| covariance[p * size + p] > 0.0).collect();
        let m = places.len();
        let mut matrix = vec![0.0; m * m];
        for (i, p) in places.iter().enumerate() {
            for (j, q) in places.iter().enumerate() {
                matrix[i * m + j] = covariance[p * size + q];
            }
            // Parameters bound to each other (one slope for all items) leave the matrix singular; the ridge is far below any error.
            matrix[i * m + i] *= 1.0 + 1e-9;
        }
        let lower =
            Cholesky::new(&matrix, m).ok_or_else(|| refuse("its covariance matrix is not positive definite"))?;
        Ok(Self { places, lower })
    }

    fn draw(&self, calibration: &Calibration, generator: &mut Generator) -> Calibration {
        let normal: Vec<f64> = self.places.iter().map(|_| generator.normal()).collect();
        let moves = self.lower.times(&normal);
        let mut all: Vec<f64> = calibration.items.iter().flat_map(|item| values(&item.parameters)).collect();
        for (place, by) in self.places.iter().zip(moves) {
            all[*place] += by;
        }
        let mut left = all.as_slice();
        let mut items = calibration.items.clone();
        for item in &mut items {
            let (own, rest) = left.split_at(values(&item.parameters).len());
            item.parameters = with_values(&item.parameters, own);
            left = rest;
        }
        Calibration { name: calibration.name.clone(), items, covariance: None }
    }
}
