//! DIF by item response models: likelihood-ratio and Wald tests (Thissen, Steinberg and Wainer 1993; Lord 1980).
//!
//! All groups share every item's parameters, every group but the reference has a free mean and variance; then one item
//! at a time has parameters of its own in each of these groups while all others link the scale.

use rayon::prelude::*;

use super::Comparison;
use crate::irt::layout::{EqualRows, Layout, layout};
use crate::irt::problem::Source;
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
    /// Squared differences of the parameters in the metric of their covariance. In tests of more than 60 parameters the
    /// information about the parameters of all other items comes from the calibration with all items common, so that
    /// one information matrix serves every item.
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

/// Result for one item over several groups.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupsDif {
    /// Name of the item.
    pub item: String,
    /// Likelihood ratio or Wald statistic: all groups share the item against every group has its own.
    pub chi_square: f64,
    /// Degrees of freedom: the item's parameters times (groups - 1).
    pub df: usize,
    /// Probability of a larger value.
    pub p: f64,
    /// Parameters in each group, in the order of [`GroupsDifResult::groups`].
    pub parameters: Vec<ItemParameters>,
    /// Unsigned area between the reference curve and each group's, over the group's distribution; 0 for the reference.
    pub unsigned: Vec<f64>,
    /// Whether purification left the item out of the anchor.
    pub left_out: bool,
}

/// A baseline of several groups and the tests of all items.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupsDifResult {
    /// Log-likelihood with all items common (after purification: all anchors common).
    pub log_likelihood: f64,
    /// Label, mean and variance of each group; the reference first, with 0 and 1.
    pub groups: Vec<(String, f64, f64)>,
    /// One per item.
    pub items: Vec<GroupsDif>,
}

/// Tests every item for a difference between two groups.
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
    let analysis = analyse(responses, models, &[comparison.reference, comparison.focal], settings)?;
    let (mean, sd) = analysis.moments[1];
    let one = |test: Tested| {
        let [reference, focal] = [test.parameters[0].clone(), test.parameters[1].clone()];
        let (signed, unsigned) = areas(&reference, &focal, test.moments[1]);
        let Tested { item, chi_square, df, p, left_out, .. } = test;
        IrtDif { item, chi_square, df, p, reference, focal, signed, unsigned, left_out }
    };
    let items = analysis.items.into_iter().map(one).collect();
    Ok(IrtDifResult { log_likelihood: analysis.log_likelihood, focal: (mean, sd * sd), items })
}

/// Tests every item for any difference between all groups of the responses at once.
///
/// `reference`: label of the group with mean 0 and variance 1; without it the first in sorted order.
///
/// # Errors
/// As [`irt_dif`]; no groups or only one, a label that does not occur.
pub fn irt_dif_groups(
    responses: &Responses,
    models: &[Model],
    reference: Option<&str>,
    settings: &IrtDifSettings,
) -> Result<GroupsDifResult, Error> {
    let labels = responses.groups().map_or(&[][..], |groups| groups.labels.as_slice());
    let refuse = |what: String| Err(Error::Model { what });
    if labels.len() < 2 {
        return refuse("differential item functioning needs persons of at least two groups".to_owned());
    }
    let first = match reference {
        None => 0,
        Some(name) => match labels.iter().position(|label| label == name) {
            Some(place) => place,
            None => return refuse(format!("there is no group {name}; the groups are {}", labels.join(", "))),
        },
    };
    let order: Vec<usize> = std::iter::once(first).chain((0..labels.len()).filter(|g| *g != first)).collect();
    let analysis = analyse(responses, models, &order, settings)?;
    let groups =
        order.iter().zip(&analysis.moments).map(|(g, (mean, sd))| (labels[*g].clone(), *mean, sd * sd)).collect();
    let one = |test: Tested| {
        let area = |(group, moments): (&ItemParameters, &(f64, f64))| areas(&test.parameters[0], group, *moments).1;
        let unsigned = test.parameters.iter().zip(&test.moments).map(area).collect();
        let Tested { item, chi_square, df, p, parameters, left_out, .. } = test;
        GroupsDif { item, chi_square, df, p, parameters, unsigned, left_out }
    };
    let items = analysis.items.into_iter().map(one).collect();
    Ok(GroupsDifResult { log_likelihood: analysis.log_likelihood, groups, items })
}

/// Up to this many free parameters a Wald test takes the information of its own calibration.
const SHORT: usize = 60;

/// One item tested; parameters and latent moments by group, the reference first.
struct Tested {
    item: String,
    chi_square: f64,
    df: usize,
    p: f64,
    parameters: Vec<ItemParameters>,
    moments: Vec<(f64, f64)>,
    left_out: bool,
}

struct Analysis {
    log_likelihood: f64,
    moments: Vec<(f64, f64)>,
    items: Vec<Tested>,
}

/// `order`: codes of the groups that take part, the reference first.
fn analyse(
    responses: &Responses,
    models: &[Model],
    order: &[usize],
    settings: &IrtDifSettings,
) -> Result<Analysis, Error> {
    let Some(groups) = responses.groups() else {
        return Err(Error::Model { what: "differential item functioning needs a group of every person".to_owned() });
    };
    if models.len() != responses.items().len() {
        return Err(Error::Length { what: "models", found: models.len(), expected: responses.items().len() });
    }
    if settings.fit.regression.is_some() {
        let what = "tests for differences between groups take no covariates of ability; leave the regression out";
        return Err(Error::Model { what: what.to_owned() });
    }
    // Persons of other groups do not take part.
    let code = |group: u32| order.iter().position(|g| *g == group as usize).unwrap_or(order.len()) as u32;
    let codes: Vec<u32> = groups.of_person.iter().map(|g| code(*g)).collect();
    let mut layout = layout(responses, settings.fit.treatment, order.len() + 1, &codes, EqualRows::Join)?;
    layout.keep_groups(order.len());
    let names: Vec<String> = responses.items().iter().map(|item| item.name.clone()).collect();
    for item in 0..names.len() {
        layout.drop_empty_scores(item);
    }
    let base = Base {
        layout,
        names,
        labels: order.iter().map(|g| groups.labels[*g].clone()).collect(),
        models: models.to_vec(),
        fit: FitSettings {
            latent: LatentChoice::Auto,
            fixed: Vec::new(),
            fixed_covariance: None,
            regression: None,
            start: Vec::new(),
            equal: Vec::new(),
            ..settings.fit.clone()
        },
        test: settings.test,
    };
    let mut left_out = vec![false; base.names.len()];
    let mut result = tests(&base, &left_out)?;
    for _ in 0..if settings.purify > 0.0 { 8 } else { 0 } {
        let flagged: Vec<bool> = result.items.iter().map(|item| item.p < settings.purify).collect();
        if flagged == left_out || flagged.iter().filter(|f| !**f).count() < 2 {
            break;
        }
        left_out = flagged;
        result = tests(&base, &left_out)?;
    }
    Ok(result)
}

/// What all calibrations of an analysis share.
struct Base {
    layout: Layout,
    names: Vec<String>,
    labels: Vec<String>,
    models: Vec<Model>,
    fit: FitSettings,
    test: IrtDifTest,
}

fn tests(base: &Base, left_out: &[bool]) -> Result<Analysis, Error> {
    let names = &base.names;
    let studied: Vec<usize> = (0..names.len()).filter(|item| left_out[*item]).collect();
    let common = Run::new(base, &studied, None)?;
    let undetermined = |item: &str| Error::Model {
        what: format!("{item}: parameters are not determined in every group; use the likelihood ratio"),
    };
    // One information matrix serves the Wald tests of all items.
    let information = match base.test {
        IrtDifTest::LikelihoodRatio => None,
        IrtDifTest::Wald => Some(common.information().ok_or_else(|| undetermined("the items common to all groups"))?),
    };
    let one = |item: usize| -> Result<Tested, Error> {
        // An item outside the anchor is already free: its test restrains it.
        let (restrained, free);
        let (small, large) = if left_out[item] {
            let others: Vec<usize> = studied.iter().copied().filter(|i| *i != item).collect();
            restrained = Run::new(base, &others, Some(&common))?;
            (&restrained, &common)
        } else {
            let mut all = studied.clone();
            all.push(item);
            all.sort_unstable();
            free = Run::new(base, &all, Some(&common))?;
            (&common, &free)
        };
        let df = large.solved.problem.free - small.solved.problem.free;
        let chi_square = match &information {
            None => Some(2.0 * (large.value() - small.value())),
            Some(information) if left_out[item] => large.wald_within(item, information),
            // A short test has few anchors to share a matrix by, and a matrix of its own costs little.
            Some(_) if large.solved.problem.free <= SHORT => large.wald_alone(item),
            Some(information) => large.wald(item, &common, information).or_else(|| large.wald_alone(item)),
        };
        let chi_square = chi_square.ok_or_else(|| undetermined(&format!("item {}", names[item])))?.max(0.0);
        Ok(Tested {
            item: names[item].clone(),
            chi_square,
            df,
            p: chi_square_upper(chi_square, df as f64),
            parameters: large.of_groups(item),
            moments: large.moments(),
            left_out: left_out[item],
        })
    };
    let items = (0..names.len()).into_par_iter().map(one).collect::<Result<Vec<_>, _>>()?;
    Ok(Analysis { log_likelihood: common.solved.parts.log_likelihood, moments: common.moments(), items })
}

/// One calibration in which `split` items have parameters of their own in every group but the first.
struct Run {
    solved: Solved,
    split: Vec<usize>,
    items: usize,
    groups: usize,
}

impl Run {
    fn new(base: &Base, split: &[usize], start: Option<&Run>) -> Result<Self, Error> {
        let groups = base.labels.len();
        let mut layout = base.layout.clone();
        let mut names = base.names.clone();
        let mut models = base.models.clone();
        for group in 1..groups {
            layout = layout.split(split, group);
            for item in split {
                names.push(format!("{} in group {}", base.names[*item], base.labels[group]));
                models.push(base.models[*item]);
            }
        }
        let mut settings = base.fit.clone();
        let mut latent = Vec::new();
        if let Some(start) = start {
            let parameters = start.parameters();
            settings.start = parameters[..start.items].iter().cloned().map(Some).collect();
            for group in 1..groups {
                let of_group = |item: &usize| Some(parameters[start.place(*item, group)].clone());
                settings.start.extend(split.iter().map(of_group));
            }
            latent = start.moments();
        }
        let solved = solve(&mut layout, &names, &models, &settings, None, &latent)?;
        if !solved.ended.converged {
            let what = names.last().cloned().unwrap_or_default();
            return Err(Error::Model { what: format!("the calibration with {what} free did not converge") });
        }
        Ok(Self { solved, split: split.to_vec(), items: base.names.len(), groups })
    }

    fn value(&self) -> f64 {
        self.solved.parts.log_likelihood + self.solved.parts.log_prior
    }

    fn parameters(&self) -> Vec<ItemParameters> {
        let flats = self.solved.problem.flats(&self.solved.ended.at);
        self.solved.problem.items.iter().zip(flats).map(|(item, flat)| item.family.item(&flat)).collect()
    }

    /// Mean and standard deviation per group.
    fn moments(&self) -> Vec<(f64, f64)> {
        self.solved.problem.latent_moments(&self.solved.ended.at)
    }

    /// Position of the item that stands for `item` in `group`.
    fn place(&self, item: usize, group: usize) -> usize {
        match self.split.iter().position(|split| *split == item) {
            Some(place) if group > 0 => self.items + (group - 1) * self.split.len() + place,
            _ => item,
        }
    }

    fn of_groups(&self, item: usize) -> Vec<ItemParameters> {
        let parameters = self.parameters();
        (0..self.groups).map(|group| parameters[self.place(item, group)].clone()).collect()
    }

    /// Observed information.
    fn information(&self) -> Option<Vec<f64>> {
        crate::irt::errors::information(&self.solved.problem, &self.solved.ended.at)
    }

    /// Free parameters of an item's copies with the reference item's beside them.
    fn pairs(&self, item: usize) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        for group in 1..self.groups {
            let items = &self.solved.problem.items;
            let (own, copy) = (&items[item].sources, &items[self.place(item, group)].sources);
            for (own, copy) in own.iter().zip(copy) {
                for ((own, _), (copy, _)) in own.terms.iter().zip(&copy.terms) {
                    if own != copy && !pairs.contains(&(*copy, *own)) {
                        pairs.push((*copy, *own));
                    }
                }
            }
        }
        pairs
    }

    /// Squared differences of the copies from the reference item in the metric of `covariance`, which stands over
    /// `places`.
    fn squared_distance(&self, pairs: &[(usize, usize)], places: &[usize], covariance: &[f64]) -> Option<f64> {
        let at = &self.solved.ended.at;
        let (n, size) = (pairs.len(), places.len());
        let place = |free: usize| places.iter().position(|p| *p == free).unwrap_or_default();
        let cell = |x: usize, y: usize| covariance[place(x) * size + place(y)];
        let difference: Vec<f64> = pairs.iter().map(|(copy, own)| at[*copy] - at[*own]).collect();
        let mut metric = vec![0.0; n * n];
        for (i, (copy, own)) in pairs.iter().enumerate() {
            for (j, (other_copy, other_own)) in pairs.iter().enumerate() {
                metric[i * n + j] = cell(*copy, *other_copy) + cell(*own, *other_own)
                    - cell(*copy, *other_own)
                    - cell(*own, *other_copy);
            }
        }
        let solved = Cholesky::new(&metric, n)?.solve(&difference);
        Some(difference.iter().zip(&solved).map(|(d, s)| d * s).sum())
    }

    /// Wald statistic of an item that this calibration already has free, from the calibration's own information.
    fn wald_within(&self, item: usize, information: &[f64]) -> Option<f64> {
        let free = self.solved.problem.free;
        let places: Vec<usize> = (0..free).collect();
        self.squared_distance(&self.pairs(item), &places, &Cholesky::new(information, free)?.inverse())
    }

    /// The same from scratch.
    fn wald_alone(&self, item: usize) -> Option<f64> {
        self.wald_within(item, &self.information()?)
    }

    /// Wald statistic of `item`, free here and common in `common`, whose information is `shared`.
    ///
    /// The information about the item's own parameters u, in every group, is `H_uu - H_uo H_oo^-1 H_ou` with o all
    /// others. Rows of u are differenced here; `H_oo` is taken from the calibration with the item common, so that an
    /// item costs two evaluations per parameter of its own and no matrix of its own is differenced.
    fn wald(&self, item: usize, common: &Run, shared: &[f64]) -> Option<f64> {
        let pairs = self.pairs(item);
        let mut own: Vec<usize> = pairs.iter().flat_map(|(copy, own)| [*copy, *own]).collect();
        own.sort_unstable();
        own.dedup();
        let rows = crate::irt::errors::information_rows(&self.solved.problem, &self.solved.ended.at, &own)?;
        // The same parameter there and here, for all but the item's.
        let mut others: Vec<(usize, usize)> = Vec::new();
        let mut join = |theirs: &Source, ours: &Source| {
            for ((their, _), (our, _)) in theirs.terms.iter().zip(&ours.terms) {
                if !own.contains(our) && !others.contains(&(*their, *our)) {
                    others.push((*their, *our));
                }
            }
        };
        for other in 0..self.items {
            for group in 0..self.groups {
                let theirs = &common.solved.problem.items[common.place(other, group)].sources;
                let ours = &self.solved.problem.items[self.place(other, group)].sources;
                theirs.iter().zip(ours).for_each(|(their, our)| join(their, our));
            }
        }
        for (theirs, ours) in common.solved.problem.latent.iter().zip(&self.solved.problem.latent) {
            join(&theirs.mean, &ours.mean);
            join(&theirs.log_sd, &ours.log_sd);
        }
        let (n, m, free) = (own.len(), others.len(), common.solved.problem.free);
        let mut inner = vec![0.0; m * m];
        for (i, (x, _)) in others.iter().enumerate() {
            for (j, (y, _)) in others.iter().enumerate() {
                inner[i * m + j] = shared[x * free + y];
            }
        }
        let inner = Cholesky::new(&inner, m)?;
        let strips: Vec<Vec<f64>> = rows.iter().map(|row| others.iter().map(|(_, our)| row[*our]).collect()).collect();
        let solved: Vec<Vec<f64>> = strips.iter().map(|strip| inner.solve(strip)).collect();
        let mut known = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..n {
                let taken: f64 = strips[i].iter().zip(&solved[j]).map(|(x, y)| x * y).sum();
                known[i * n + j] = 0.5 * (rows[i][own[j]] + rows[j][own[i]]) - taken;
            }
        }
        self.squared_distance(&pairs, &own, &Cholesky::new(&known, n)?.inverse())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CalibratedItem;
    use crate::simulation::{Generator, simulate};

    #[test]
    fn one_information_matrix_is_close_to_one_of_each_item() {
        let items: Vec<CalibratedItem> = (0..16)
            .map(|i| {
                let intercept = 0.15 * f64::from(i) - 1.2;
                let parameters = ItemParameters::Logistic { slope: 1.2, intercept, lower: 0.0, upper: 1.0 };
                CalibratedItem::new(format!("i{i}"), parameters)
            })
            .collect();
        let mut generator = Generator::new(4);
        let thetas: Vec<f64> = (0..1500).map(|_| generator.normal()).collect();
        let labels: Vec<String> = (0..1500).map(|p| ["a", "b", "c"][p % 3].to_owned()).collect();
        let responses = simulate(&items, &thetas, &mut generator).unwrap().with_groups(&labels).unwrap();
        let groups = responses.groups().unwrap();
        let base = Base {
            layout: layout(&responses, crate::MissingTreatment::default(), 3, &groups.of_person, EqualRows::Join)
                .unwrap(),
            names: items.iter().map(|item| item.name.clone()).collect(),
            labels: groups.labels.clone(),
            models: vec![Model::TwoPl; 16],
            fit: FitSettings::default(),
            test: IrtDifTest::Wald,
        };
        let common = Run::new(&base, &[], None).unwrap();
        let information = common.information().unwrap();
        for item in [0, 3, 8, 15] {
            let free = Run::new(&base, &[item], Some(&common)).unwrap();
            let quick = free.wald(item, &common, &information).unwrap();
            let alone = free.wald_alone(item).unwrap();
            assert!((quick - alone).abs() < 0.03 * alone + 0.03, "item {item}: {quick} {alone}");
        }
    }
}
