//! Averages and fit of raters, criteria and persons.

use super::{FacetElement, FacetPerson, Ratings};
use crate::fit_statistics::cube_root_z;
use crate::irt::{Curve, ItemParameters};
use crate::math::ln;

/// Estimates the descriptions rest on.
pub(super) struct Estimated {
    pub raters: Vec<f64>,
    pub criteria: Vec<f64>,
    pub steps: Vec<Vec<f64>>,
    pub mean: f64,
    pub lowest: u8,
}

impl Estimated {
    /// The curve of a rating by a rater of this severity on a criterion.
    fn item(&self, severity: f64, criterion: usize, difficulty: f64) -> ItemParameters {
        let steps = self.steps.get(criterion).unwrap_or(&self.steps[0]);
        let mut sum = 0.0;
        let intercept = |(k, step): (usize, &f64)| {
            sum += step;
            -((k + 1) as f64) * (severity + difficulty) - sum
        };
        ItemParameters::PartialCredit { slope: 1.0, intercepts: steps.iter().enumerate().map(intercept).collect() }
    }

    /// Expected points with the other facets at 0; over the criteria's own steps where they have some.
    fn fair(&self, theta: f64, severity: f64) -> f64 {
        let scales = self.steps.len();
        let at = |criterion: usize| {
            let difficulty = if scales > 1 { self.criteria[criterion] } else { 0.0 };
            self.item(severity, criterion, difficulty).expected_score(theta)
        };
        (0..scales).map(at).sum::<f64>() / scales as f64 + f64::from(self.lowest)
    }
}

/// A described element and, when its ratings are all alike, their score.
pub(super) struct Element {
    pub described: FacetElement,
    pub only_score: Option<u8>,
}

pub(super) struct Described {
    pub raters: Vec<Element>,
    pub criteria: Vec<Element>,
    pub persons: Vec<FacetPerson>,
}

#[derive(Clone, Default)]
struct Sums {
    n: usize,
    points: f64,
    scores: Option<(u8, u8)>,
    square: f64,
    variance: f64,
    ratio: f64,
    kurtosis: f64,
    spread: f64,
}

/// One rating under the model: residual and moments averaged over the person's posterior.
struct Fit {
    square: f64,
    ratio: f64,
    variance: f64,
    kurtosis: f64,
    fourth_less: f64,
}

impl Sums {
    fn add(&mut self, score: u8, fit: &Fit) {
        self.n += 1;
        self.points += f64::from(score);
        let (low, high) = self.scores.unwrap_or((score, score));
        self.scores = Some((low.min(score), high.max(score)));
        self.square += fit.square;
        self.variance += fit.variance;
        self.ratio += fit.ratio;
        self.kurtosis += fit.kurtosis;
        self.spread += fit.fourth_less;
    }

    fn element(&self, measure: f64, fair_average: f64) -> Element {
        let n = self.n.max(1) as f64;
        let (infit, outfit) = (self.square / self.variance.max(1e-300), self.ratio / n);
        let infit_q = self.spread.max(0.0).sqrt() / self.variance.max(1e-300);
        let outfit_q = (self.kurtosis / (n * n) - 1.0 / n).max(0.0).sqrt();
        let described = FacetElement {
            name: String::new(),
            n: self.n,
            measure,
            se: None,
            observed_average: self.points / n,
            fair_average,
            infit,
            infit_z: cube_root_z(infit, infit_q),
            outfit,
            outfit_z: cube_root_z(outfit, outfit_q),
        };
        Element { described, only_score: self.scores.filter(|(low, high)| low == high).map(|(low, _)| low) }
    }
}

/// Curves of a rater and criterion over the nodes, computed once.
type Table = Vec<Vec<Curve>>;

pub(super) fn describe(ratings: &Ratings, model: &Estimated, nodes: &[f64], weights: &[f64]) -> Described {
    let mut raters = vec![Sums::default(); ratings.raters.len()];
    let mut criteria = vec![Sums::default(); ratings.criteria.len()];
    let mut persons = Vec::with_capacity(ratings.persons.len());
    let mut tables: Vec<Option<Table>> = vec![None; ratings.raters.len() * ratings.criteria.len()];
    let table = |rater: usize, criterion: usize| -> Table {
        let item = model.item(model.raters[rater], criterion, model.criteria[criterion]);
        let at = |theta: &f64| {
            let mut curves = Vec::new();
            item.curves(*theta, &mut curves);
            curves
        };
        nodes.iter().map(at).collect()
    };
    for (person, cells) in ratings.cells.chunk_by(|x, y| x.person == y.person).enumerate() {
        let place = |cell: &super::Rating| cell.rater as usize * ratings.criteria.len() + cell.criterion as usize;
        let places: Vec<usize> = cells.iter().map(place).collect();
        for (place, cell) in places.iter().zip(cells) {
            tables[*place].get_or_insert_with(|| table(cell.rater as usize, cell.criterion as usize));
        }
        let curves = |place: usize| tables[place].as_deref().unwrap_or_default();
        let mut log: Vec<f64> = weights.iter().map(|w| ln(w.max(1e-300))).collect();
        for (place, cell) in places.iter().zip(cells) {
            for (log, curves) in log.iter_mut().zip(curves(*place)) {
                *log += ln(curves[usize::from(cell.score - model.lowest)].p.max(1e-300));
            }
        }
        let posterior = normalised(&log);
        let theta: f64 = posterior.iter().zip(nodes).map(|(p, t)| p * t).sum();
        let variance: f64 = posterior.iter().zip(nodes).map(|(p, t)| p * (t - theta) * (t - theta)).sum();
        let mut points = 0.0;
        for (place, cell) in places.iter().zip(cells) {
            let fit = rating_fit(curves(*place), &posterior, usize::from(cell.score - model.lowest));
            raters[cell.rater as usize].add(cell.score, &fit);
            criteria[cell.criterion as usize].add(cell.score, &fit);
            points += f64::from(cell.score);
        }
        persons.push(FacetPerson {
            name: ratings.persons[person].clone(),
            n: cells.len(),
            theta,
            se: variance.max(0.0).sqrt(),
            observed_average: points / cells.len() as f64,
            fair_average: model.fair(theta, 0.0),
        });
    }
    let of_rater = |(sums, severity): (&Sums, &f64)| sums.element(*severity, model.fair(model.mean, *severity));
    let of_criterion = |(place, (sums, difficulty)): (usize, (&Sums, &f64))| {
        let item = model.item(0.0, place, *difficulty);
        sums.element(*difficulty, item.expected_score(model.mean) + f64::from(model.lowest))
    };
    Described {
        raters: raters.iter().zip(&model.raters).map(of_rater).collect(),
        criteria: criteria.iter().zip(&model.criteria).enumerate().map(of_criterion).collect(),
        persons,
    }
}

fn normalised(log: &[f64]) -> Vec<f64> {
    let top = log.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = log.iter().map(|l| crate::math::exp(l - top)).collect();
    let total: f64 = weights.iter().sum();
    weights.into_iter().map(|w| w / total).collect()
}

/// If the model holds, a draw of ability from the posterior and the rating itself are distributed as the true ability
/// and the rating, so that squared residuals averaged over the posterior have the model's variance as expectation.
fn rating_fit(curves: &[Vec<Curve>], posterior: &[f64], k: usize) -> Fit {
    let mut fit = Fit { square: 0.0, ratio: 0.0, variance: 0.0, kurtosis: 0.0, fourth_less: 0.0 };
    for (curves, p) in curves.iter().zip(posterior).filter(|(_, p)| **p > 1e-12) {
        let mean: f64 = curves.iter().enumerate().map(|(k, c)| k as f64 * c.p).sum();
        let (mut variance, mut fourth) = (0.0, 0.0);
        for (k, c) in curves.iter().enumerate() {
            let square = (k as f64 - mean) * (k as f64 - mean);
            variance += square * c.p;
            fourth += square * square * c.p;
        }
        let square = (k as f64 - mean) * (k as f64 - mean);
        let variance = variance.max(1e-12);
        fit.square += p * square;
        fit.ratio += p * square / variance;
        fit.variance += p * variance;
        fit.kurtosis += p * fourth / (variance * variance);
        fit.fourth_less += p * (fourth - variance * variance);
    }
    fit
}

/// Variance of the measures less their mean squared error, over their variance.
pub(super) fn separation(elements: &[FacetElement]) -> Option<f64> {
    let n = elements.len() as f64;
    if elements.len() < 2 {
        return None;
    }
    let spread = elements.iter().map(|e| e.measure * e.measure).sum::<f64>() / (n - 1.0);
    let error = elements.iter().map(|e| e.se.map(|se| se * se)).sum::<Option<f64>>()? / n;
    (spread > 0.0).then(|| ((spread - error) / spread).max(0.0))
}
