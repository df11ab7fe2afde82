use psychometrics::irt::{Covariates, Estimate};
use psychometrics::simulation::{Generator, simulate};
use psychometrics::{Fit, FitSettings, ItemParameters, Model, Responses, fit};

use crate::plain::{answers, close, named, normal, probabilities, two_pl, without};
use crate::sandwich::inverse;

/// A small data set with two covariates, and how a vector of numbers makes items of it.
struct Case {
    models: Vec<Model>,
    items: fn(&[f64]) -> Vec<ItemParameters>,
    /// Whether the residual deviation is free; its logarithm then stands after the items.
    free_sd: bool,
    responses: Responses,
    covariates: Vec<Vec<f64>>,
}

const NAMES: [&str; 2] = ["girl", "income"];

impl Case {
    fn new(models: Vec<Model>, items: fn(&[f64]) -> Vec<ItemParameters>, free_sd: bool, truth: &[f64]) -> Self {
        let mut generator = Generator::new(5);
        let covariates: Vec<Vec<f64>> =
            (0..260).map(|p| vec![f64::from(p % 2), 900.0 + 300.0 * generator.normal()]).collect();
        let theta = |row: &Vec<f64>| 0.5 * (row[0] - 0.5) + 0.001 * (row[1] - 900.0);
        let thetas: Vec<f64> = covariates.iter().map(|row| theta(row) + 0.9 * generator.normal()).collect();
        let responses = simulate(&named(&items(truth)), &thetas, &mut generator).unwrap();
        Self { models, items, free_sd, responses, covariates }
    }

    fn weights(&self) -> Vec<f64> {
        let weight = |person: usize| self.responses.weights().map_or(1.0, |weights| weights[person]);
        (0..self.responses.persons()).map(weight).collect()
    }

    /// ln of every person's marginal probability by its definition. The coefficients come last.
    fn logs(&self, at: &[f64]) -> Vec<f64> {
        let (at, coefficients) = at.split_at(at.len() - 2);
        let (at, sd) = if self.free_sd { (&at[..at.len() - 1], at[at.len() - 1].exp()) } else { (at, 1.0) };
        let items = (self.items)(at);
        let weights = self.weights();
        let mean = |column: usize| {
            let sum: f64 = weights.iter().zip(&self.covariates).map(|(w, row)| w * row[column]).sum();
            sum / weights.iter().sum::<f64>()
        };
        let centres = [mean(0), mean(1)];
        let nodes: Vec<f64> = normal(0.0, 1.0).into_iter().map(|(theta, _)| theta).collect();
        let table: Vec<Vec<Vec<f64>>> =
            items.iter().map(|item| nodes.iter().map(|theta| probabilities(item, *theta)).collect()).collect();
        let one = |person: usize| {
            let row = &self.covariates[person];
            let centre: f64 = (0..2).map(|j| coefficients[j] * (row[j] - centres[j])).sum();
            let given = answers(&self.responses, person);
            let at = |(q, (_, weight)): (usize, (f64, f64))| {
                weight * given.iter().map(|(item, k)| table[*item][q][*k]).product::<f64>()
            };
            normal(centre, sd).into_iter().enumerate().map(at).sum::<f64>().ln()
        };
        (0..self.responses.persons()).map(one).collect()
    }

    fn value(&self, at: &[f64]) -> f64 {
        self.logs(at).iter().zip(self.weights()).map(|(log, w)| w * log).sum()
    }

    /// Steps of differencing: a coefficient per unit of income is a thousand times smaller than others.
    fn steps(n: usize) -> Vec<f64> {
        (0..n).map(|i| if i + 1 == n { 1e-6 } else { 1e-3 }).collect()
    }

    fn gradient(&self, at: &[f64]) -> Vec<f64> {
        let steps = Self::steps(at.len());
        let moved = |i: usize, by: f64| {
            let mut x = at.to_vec();
            x[i] += by;
            self.value(&x)
        };
        (0..at.len()).map(|i| (moved(i, steps[i]) - moved(i, -steps[i])) / (2.0 * steps[i])).collect()
    }

    fn hessian(&self, at: &[f64]) -> Vec<Vec<f64>> {
        let steps = Self::steps(at.len());
        let moved = |i: usize, by: f64| {
            let mut x = at.to_vec();
            x[i] += by;
            self.gradient(&x)
        };
        let row = |i: usize| -> Vec<f64> {
            let (high, low) = (moved(i, steps[i]), moved(i, -steps[i]));
            high.iter().zip(&low).map(|(high, low)| (high - low) / (2.0 * steps[i])).collect()
        };
        (0..at.len()).map(row).collect()
    }

    /// Newton's method with everything differenced, halving steps that do not rise; the maximum and minus the inverse
    /// of the Hessian there.
    fn maximum(&self, start: Vec<f64>) -> (Vec<f64>, Vec<Vec<f64>>) {
        let mut at = start;
        for _ in 0..60 {
            let gradient = self.gradient(&at);
            let negative = |row: Vec<f64>| row.into_iter().map(|h| -h).collect();
            let covariance = inverse(self.hessian(&at).into_iter().map(negative).collect());
            let product = |row: &Vec<f64>| row.iter().zip(&gradient).map(|(c, g)| c * g).sum::<f64>();
            let mut step: Vec<f64> = covariance.iter().map(product).collect();
            let gain: f64 = step.iter().zip(&gradient).map(|(s, g)| s * g).sum();
            if (0.0..1e-8).contains(&gain) {
                return (at, covariance);
            }
            if gain < 0.0 {
                // Not concave here: go up the gradient.
                step = gradient.iter().map(|g| 0.01 * g / (1.0 + g.abs())).collect();
            }
            let before = self.value(&at);
            let next = |scale: f64| -> Vec<f64> { at.iter().zip(&step).map(|(x, s)| x + scale * s).collect() };
            let scale = (0..30).map(|k| 0.5_f64.powi(k)).find(|scale| self.value(&next(*scale)) > before).unwrap();
            at = next(scale);
        }
        panic!("the plain search did not end");
    }

    fn settings(&self, sandwich: bool) -> FitSettings {
        let names = NAMES.map(str::to_owned).to_vec();
        let regression = Some(Covariates { names, rows: self.covariates.clone() });
        FitSettings { regression, standard_errors: true, sandwich, tolerance: 1e-9, ..FitSettings::default() }
    }

    /// Our estimates in the order of the plain search.
    fn estimates(&self, fitted: &Fit) -> Vec<Estimate> {
        let free = |estimate: &Estimate| estimate.se.is_some();
        let mut all: Vec<Estimate> =
            (0..self.models.len()).flat_map(|item| fitted.slope_intercept(item)).filter(free).collect();
        if self.free_sd {
            let variance = &fitted.latent[0].variance;
            let se = variance.se.map(|se| 0.5 * se / variance.value);
            all.push(Estimate { name: "ln sd".to_owned(), value: 0.5 * variance.value.ln(), se });
        }
        all.extend(fitted.regression.clone().unwrap().coefficients);
        all
    }

    fn check(&self, start: Vec<f64>) {
        let fitted = fit(&self.responses, &self.models, &self.settings(false)).unwrap();
        assert!(fitted.converged && fitted.warnings.is_empty(), "{:?}", fitted.warnings);
        let ours = self.estimates(&fitted);
        let (plain, covariance) = self.maximum(start);
        assert_eq!(ours.len(), plain.len());
        close("log-likelihood", fitted.log_likelihood, self.value(&plain), 1e-6);
        for (i, (ours, plain)) in ours.iter().zip(&plain).enumerate() {
            let se = covariance[i][i].sqrt();
            close(&ours.name, ours.value, *plain, 1e-3 * se);
            close(&format!("error of {}", ours.name), ours.se.unwrap(), se, 2e-3 * se);
        }
        // Scores of the persons, differenced, make the sandwich.
        let robust = self.estimates(&fit(&self.responses, &self.models, &self.settings(true)).unwrap());
        let (n, steps, weights) = (plain.len(), Self::steps(plain.len()), self.weights());
        let scores: Vec<Vec<f64>> = (0..n)
            .map(|i| {
                let moved = |by: f64| {
                    let mut x = plain.clone();
                    x[i] += by;
                    self.logs(&x)
                };
                let (high, low) = (moved(steps[i]), moved(-steps[i]));
                high.iter().zip(&low).zip(&weights).map(|((h, l), w)| w * (h - l) / (2.0 * steps[i])).collect()
            })
            .collect();
        for i in 0..n {
            let influence = |p: usize| -> f64 { (0..n).map(|k| covariance[i][k] * scores[k][p]).sum() };
            let se = (0..weights.len()).map(|p| influence(p).powi(2)).sum::<f64>().sqrt();
            close(&format!("sandwich of {}", robust[i].name), robust[i].se.unwrap(), se, 3e-3 * se);
        }
    }
}

fn pairs(at: &[f64]) -> Vec<ItemParameters> {
    at.chunks(2).map(|pair| two_pl(pair[0], pair[1])).collect()
}

#[test]
fn items_and_regression_in_one_likelihood() {
    let truth = [1.0, -0.8, 1.4, -0.2, 0.9, 0.3, 1.2, 0.8];
    Case::new(vec![Model::TwoPl; 4], pairs, false, &truth).check([&truth[..], &[0.0, 0.0]].concat());
}

#[test]
fn a_rasch_model_leaves_the_residual_variance_free() {
    let items = |at: &[f64]| at.iter().map(|d| two_pl(1.0, *d)).collect();
    let truth = [-0.8, -0.2, 0.3, 0.9];
    let case = Case::new(vec![Model::Rasch; 4], items, true, &truth);
    case.check([&truth[..], &[0.0, 0.0, 0.0]].concat());
    // Weights, and every third person without one of the items.
    let weights = (0..260).map(|p| 0.5 + 0.25 * f64::from(p % 5)).collect();
    let responses = without(&case.responses, |person, item| person % 3 == 0 && item == person % 4);
    Case { responses: responses.with_weights(weights).unwrap(), ..case }.check([&truth[..], &[0.0, 0.0, 0.0]].concat());
}

#[test]
fn graded_items_take_covariates_too() {
    let items = |at: &[f64]| {
        at.chunks(3).map(|p| ItemParameters::Graded { slope: p[0], intercepts: p[1..].to_vec() }).collect()
    };
    let truth = [1.2, 0.9, -0.8, 0.9, 0.5, -1.2, 1.5, 1.2, -0.3];
    Case::new(vec![Model::Graded; 3], items, false, &truth).check([&truth[..], &[0.0, 0.0]].concat());
}

#[test]
fn covariates_that_cannot_be_used_are_named() {
    let case = Case::new(vec![Model::TwoPl; 4], pairs, false, &[1.0, -0.8, 1.4, -0.2, 0.9, 0.3, 1.2, 0.8]);
    let refused = |change: &dyn Fn(&mut FitSettings)| {
        let mut settings = case.settings(false);
        change(&mut settings);
        fit(&case.responses, &case.models, &settings).unwrap_err().to_string()
    };
    let row = |change: fn(&mut Vec<f64>)| {
        refused(&move |settings| settings.regression.as_mut().unwrap().rows.iter_mut().for_each(change))
    };
    assert!(row(|row| row[1] = 3.0).contains("covariate income is the same for all persons"));
    assert!(row(|row| row[1] = 7.0 - 2.0 * row[0]).contains("covariate income follows from the others"));
    assert!(row(|row| row[0] = f64::NAN).contains("covariate girl of person 0"));
    assert!(row(|row| row.truncate(1)).contains("person 0"));
    assert!(refused(&|settings| settings.latent = psychometrics::LatentChoice::Histogram).contains("histogram"));
    let labels: Vec<String> = (0..260).map(|p| ["a", "b"][p % 2].to_owned()).collect();
    let grouped = case.responses.clone().with_groups(&labels).unwrap();
    let wrong = fit(&grouped, &case.models, &case.settings(false)).unwrap_err().to_string();
    assert!(wrong.contains("make the group a covariate"), "{wrong}");
}
