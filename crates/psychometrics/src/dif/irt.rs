//! DIF by item response models: likelihood-ratio and Wald tests (Thissen, Steinberg and Wainer 1993; Lord 1980).
//!
//! Both groups share every item's parameters, the focal group has a free mean and variance; then one item at a
//! time has parameters of its own in the focal group while all others link the scale.

use rayon::prelude::*;

use super::Comparison;
use crate::irt::layout::{Layout, layout};
use crate::irt::solve::{Solved, solve};
use crate::irt::{FitSettings, ItemParameters, LatentChoice, Model};
use crate::linalg::Cholesky;
use crate::math::chi_square_upper;
use crate::{Error, Responses};

/// Which test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IrtDifTest {
    /// Twice the gain in log-likelihood.
    LikelihoodRatio,
    /// Squared differences of the parameters in the metric of their covariance.
    Wald,
}

/// Choices of [`irt_dif`].
#[derive(Debug, Clone, PartialEq)]
pub struct IrtDifSettings {
    /// The test.
    pub test: IrtDifTest,
    /// Calibration.
    pub fit: FitSettings,
    /// Leave items with p below this out of the anchor and test again, until the set is stable; 0 for no
    /// purification.
    pub purify: f64,
}

impl Default for IrtDifSettings {
    fn default() -> Self {
        Self {
            test: IrtDifTest::LikelihoodRatio,
            fit: FitSettings { tolerance: 1e-5, ..FitSettings::default() },
            purify: 0.0,
        }
    }
}

/// Result for one item.
#[derive(Debug, Clone, PartialEq)]
pub struct IrtDif {
    /// Name of the item.
    pub item: String,
    /// Likelihood ratio or Wald statistic.
    pub chi_square: f64,
    /// Degrees of freedom: the item's parameters.
    pub df: usize,
    /// Probability of a larger value.
    pub p: f64,
    /// Parameters in the reference group.
    pub reference: ItemParameters,
    /// Parameters in the focal group.
    pub focal: ItemParameters,
    /// Signed area: mean difference of expected points (focal minus reference curve) over the focal distribution.
    pub signed: f64,
    /// The same with absolute values.
    pub unsigned: f64,
    /// Whether purification left the item out of the anchor.
    pub left_out: bool,
}

/// A baseline and the tests of all items.
#[derive(Debug, Clone, PartialEq)]
pub struct IrtDifResult {
    /// Log-likelihood with all items common (after purification: all anchors common).
    pub log_likelihood: f64,
    /// Mean and variance of the focal group (reference 0 and 1).
    pub focal: (f64, f64),
    /// One per item.
    pub items: Vec<IrtDif>,
}

/// Tests every item.
///
/// `models`: one per item, each with a free slope (2PL, 3PL, GPCM, GRM, nominal) or Rasch.
///
/// # Errors
/// As [`fit`](crate::fit); items without variation in one of the groups.
pub fn irt_dif(
    responses: &Responses,
    models: &[Model],
    comparison: Comparison,
    settings: &IrtDifSettings,
) -> Result<IrtDifResult, Error> {
    let Some(groups) = responses.groups() else {
        return Err(Error::Model { what: "differential item functioning needs a group of every person".to_owned() });
    };
    if models.len() != responses.items().len() {
        return Err(Error::Length { what: "models", found: models.len(), expected: responses.items().len() });
    }
    let fit = FitSettings { latent: LatentChoice::Auto, fixed: Vec::new(), start: Vec::new(), ..settings.fit.clone() };
    // Reference first; persons of other groups do not take part.
    let code = |group: u32| match group as usize {
        g if g == comparison.reference => 0,
        g if g == comparison.focal => 1,
        _ => 2,
    };
    let codes: Vec<u32> = groups.of_person.iter().map(|g| code(*g)).collect();
    let mut base = layout(responses, fit.treatment, 3, &codes)?;
    base.keep_groups(2);
    let names: Vec<String> = responses.items().iter().map(|item| item.name.clone()).collect();
    for item in 0..names.len() {
        base.drop_empty_scores(item);
    }
    let mut left_out = vec![false; names.len()];
    let mut result = tests(&base, &names, models, &fit, settings.test, &left_out)?;
    for _ in 0..if settings.purify > 0.0 { 8 } else { 0 } {
        let flagged: Vec<bool> = result.items.iter().map(|item| item.p < settings.purify).collect();
        if flagged == left_out || flagged.iter().filter(|f| !**f).count() < 2 {
            break;
        }
        left_out = flagged;
        result = tests(&base, &names, models, &fit, settings.test, &left_out)?;
    }
    Ok(result)
}

fn tests(
    base: &Layout,
    names: &[String],
    models: &[Model],
    fit: &FitSettings,
    test: IrtDifTest,
    left_out: &[bool],
) -> Result<IrtDifResult, Error> {
    let studied: Vec<usize> = (0..names.len()).filter(|item| left_out[*item]).collect();
    let common = Run::new(base, names, models, fit, &studied, None)?;
    let one = |item: usize| -> Result<IrtDif, Error> {
        // An item outside the anchor is already free: its test restrains it.
        let (restrained, free);
        let (small, large) = if left_out[item] {
            let others: Vec<usize> = studied.iter().copied().filter(|i| *i != item).collect();
            restrained = Run::new(base, names, models, fit, &others, Some(&common))?;
            (&restrained, &common)
        } else {
            let mut all = studied.clone();
            all.push(item);
            all.sort_unstable();
            free = Run::new(base, names, models, fit, &all, Some(&common))?;
            (&common, &free)
        };
        let (reference, focal) = large.pair(item);
        let df = large.solved.problem.free - small.solved.problem.free;
        let chi_square = match test {
            IrtDifTest::LikelihoodRatio => 2.0 * (large.value() - small.value()),
            IrtDifTest::Wald => large.wald(item).ok_or_else(|| Error::Model {
                what: format!(
                    "item {}: its parameters are not determined in both groups; use the likelihood ratio",
                    names[item]
                ),
            })?,
        }
        .max(0.0);
        let (signed, unsigned) = areas(&reference, &focal, large.focal_moments());
        let p = chi_square_upper(chi_square, df as f64);
        Ok(IrtDif {
            item: names[item].clone(),
            chi_square,
            df,
            p,
            reference,
            focal,
            signed,
            unsigned,
            left_out: left_out[item],
        })
    };
    let items = (0..names.len()).into_par_iter().map(one).collect::<Result<Vec<_>, _>>()?;
    let (mean, sd) = common.focal_moments();
    Ok(IrtDifResult { log_likelihood: common.solved.parts.log_likelihood, focal: (mean, sd * sd), items })
}

/// One calibration in which `split` items have parameters of their own in the focal group.
struct Run {
    solved: Solved,
    split: Vec<usize>,
    items: usize,
}

impl Run {
    fn new(
        base: &Layout,
        names: &[String],
        models: &[Model],
        fit: &FitSettings,
        split: &[usize],
        start: Option<&Run>,
    ) -> Result<Self, Error> {
        let mut layout = base.split(split, 1);
        let mut names = names.to_vec();
        let mut models = models.to_vec();
        for item in split {
            names.push(format!("{} (focal)", names[*item]));
            models.push(models[*item]);
        }
        let mut settings = fit.clone();
        let mut latent = Vec::new();
        if let Some(start) = start {
            let parameters = start.parameters();
            settings.start = parameters[..start.items].iter().cloned().map(Some).collect();
            settings.start.extend(split.iter().map(|item| {
                let place = start.split.iter().position(|s| s == item).map_or(*item, |place| start.items + place);
                Some(parameters[place].clone())
            }));
            latent = start.solved.problem.latent_moments(&start.solved.ended.at);
        }
        let solved = solve(&mut layout, &names, &models, &settings, &latent)?;
        if !solved.ended.converged {
            return Err(Error::Model {
                what: format!(
                    "the calibration with {} free did not converge",
                    names.last().cloned().unwrap_or_default()
                ),
            });
        }
        Ok(Self { solved, split: split.to_vec(), items: base.categories.len() })
    }

    fn value(&self) -> f64 {
        self.solved.parts.log_likelihood + self.solved.parts.log_prior
    }

    fn parameters(&self) -> Vec<ItemParameters> {
        let flats = self.solved.problem.flats(&self.solved.ended.at);
        self.solved.problem.items.iter().zip(flats).map(|(item, flat)| item.family.item(&flat)).collect()
    }

    fn focal_moments(&self) -> (f64, f64) {
        self.solved.problem.latent_moments(&self.solved.ended.at)[1]
    }

    fn pair(&self, item: usize) -> (ItemParameters, ItemParameters) {
        let parameters = self.parameters();
        let place = self.split.iter().position(|s| *s == item).map_or(item, |place| self.items + place);
        (parameters[item].clone(), parameters[place].clone())
    }

    fn wald(&self, item: usize) -> Option<f64> {
        let problem = &self.solved.problem;
        let covariance = crate::irt::errors::covariance(problem, &self.solved.ended.at)?;
        let place = self.items + self.split.iter().position(|s| *s == item)?;
        let own = |item: usize| -> Vec<usize> {
            problem.items[item].sources.iter().filter_map(|s| s.terms.first().map(|(place, _)| *place)).collect()
        };
        let (reference, focal) = (own(item), own(place));
        let n = reference.len();
        let at = &self.solved.ended.at;
        let difference: Vec<f64> = (0..n).map(|i| at[focal[i]] - at[reference[i]]).collect();
        let c = |x: usize, y: usize| covariance[x * problem.free + y];
        let mut metric = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..n {
                let (ri, rj, fi, fj) = (reference[i], reference[j], focal[i], focal[j]);
                metric[i * n + j] = c(ri, rj) + c(fi, fj) - c(ri, fj) - c(fi, rj);
            }
        }
        let solved = Cholesky::new(&metric, n)?.solve(&difference);
        Some(difference.iter().zip(&solved).map(|(d, s)| d * s).sum())
    }
}

fn areas(reference: &ItemParameters, focal: &ItemParameters, (mean, sd): (f64, f64)) -> (f64, f64) {
    let grid = crate::irt::Grid::new(81, 5.0);
    let (mut signed, mut unsigned) = (0.0, 0.0);
    for (z, log) in grid.nodes().iter().zip(grid.log_normal_weights(0.0, 1.0)) {
        let theta = mean + sd * z;
        let difference = focal.expected_score(theta) - reference.expected_score(theta);
        let weight = crate::math::exp(log);
        signed += weight * difference;
        unsigned += weight * difference.abs();
    }
    (signed, unsigned)
}
