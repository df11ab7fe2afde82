//! What every calibration writes: items.csv, covariance.csv, warnings.json, summary.json.

use std::collections::BTreeMap;
use std::path::Path;

use psychometrics::conditional::ConditionalFit;
use psychometrics::irt::Estimate;
use psychometrics::scores::empirical_reliability;
use psychometrics::{Fit, FitSettings, FitWarning, Model, Responses, Score};
use serde_json::{Map, Value, json};

use super::output::{self, Rows, number};
use crate::{BadInput, Outcome};

/// Estimates of items, however they were found.
pub trait Estimates {
    fn model(&self, item: usize) -> Model;
    /// Discrimination, difficulties, asymptotes.
    fn irt_form(&self, item: usize) -> Vec<Estimate>;
    fn slope_intercept(&self, item: usize) -> Vec<Estimate>;
    /// Score of each category.
    fn scores(&self, item: usize) -> Vec<u8>;
    /// Of all slope-intercept parameters, row after row.
    fn covariance(&self) -> Option<Vec<f64>>;
}

impl Estimates for Fit {
    fn model(&self, item: usize) -> Model {
        self.models[item]
    }

    fn irt_form(&self, item: usize) -> Vec<Estimate> {
        self.irt_form(item)
    }

    fn slope_intercept(&self, item: usize) -> Vec<Estimate> {
        self.slope_intercept(item)
    }

    fn scores(&self, item: usize) -> Vec<u8> {
        self.scores[item].clone()
    }

    fn covariance(&self) -> Option<Vec<f64>> {
        self.item_covariance(&(0..self.items.len()).collect::<Vec<_>>())
    }
}

impl Estimates for ConditionalFit {
    fn model(&self, item: usize) -> Model {
        if self.items[item].categories() > 2 { Model::PartialCredit } else { Model::Rasch }
    }

    fn irt_form(&self, item: usize) -> Vec<Estimate> {
        self.irt_form(item)
    }

    fn slope_intercept(&self, item: usize) -> Vec<Estimate> {
        self.slope_intercept(item)
    }

    fn scores(&self, item: usize) -> Vec<u8> {
        (0..self.items[item].categories()).map(|score| score as u8).collect()
    }

    /// Slopes are given: their rows are zero.
    fn covariance(&self) -> Option<Vec<f64>> {
        let mut places: Vec<Option<usize>> = Vec::new();
        let mut next = 0;
        for item in &self.items {
            places.push(None);
            for _ in 1..item.categories() {
                places.push(Some(next));
                next += 1;
            }
        }
        let cell = |x: &Option<usize>, y: &Option<usize>| match (x, y) {
            (Some(x), Some(y)) => self.covariance[x * next + y],
            _ => 0.0,
        };
        Some(places.iter().flat_map(|x| places.iter().map(move |y| (x, y))).map(|(x, y)| cell(x, y)).collect())
    }
}

/// Writes items.csv and, where there are errors, covariance.csv.
pub fn write_items(estimates: &impl Estimates, responses: &Responses, out: &Path) -> Result<(), BadInput> {
    let of_item = |item: usize| -> BTreeMap<(usize, usize), Estimate> {
        let mut all = estimates.irt_form(item);
        // The asymptotes are already there as c and u.
        all.extend(estimates.slope_intercept(item).into_iter().filter(|e| e.name != "g" && e.name != "u"));
        all.into_iter().map(|estimate| (rank(&estimate.name), estimate)).collect()
    };
    let items: Vec<BTreeMap<(usize, usize), Estimate>> = (0..responses.items().len()).map(of_item).collect();
    let mut columns: BTreeMap<(usize, usize), String> = BTreeMap::new();
    for item in &items {
        columns.extend(item.iter().map(|(rank, estimate)| (*rank, estimate.name.clone())));
    }
    let mut header = vec!["item".to_owned(), "model".to_owned()];
    header.extend(columns.values().cloned());
    header.extend(columns.values().map(|name| format!("se_{name}")));
    header.push("scores".to_owned());
    let mut rows = Rows::new(&header);
    for (place, item) in items.iter().enumerate() {
        let mut cells = vec![responses.items()[place].name.clone(), estimates.model(place).name().to_owned()];
        cells.extend(columns.keys().map(|rank| number(item.get(rank).map(|e| e.value))));
        cells.extend(columns.keys().map(|rank| number(item.get(rank).and_then(|e| e.se))));
        cells.push(estimates.scores(place).iter().map(u8::to_string).collect::<Vec<_>>().join(";"));
        rows.push(cells);
    }
    rows.write(&out.join("items.csv"))?;
    let Some(matrix) = estimates.covariance() else { return Ok(()) };
    let parameters = |(place, item): (usize, &psychometrics::ItemColumn)| -> Vec<(String, String)> {
        estimates.slope_intercept(place).into_iter().map(|estimate| (item.name.clone(), estimate.name)).collect()
    };
    let names: Vec<(String, String)> = responses.items().iter().enumerate().flat_map(parameters).collect();
    super::covariance::write(&names, &matrix, out)
}

/// Order of the parameter columns.
fn rank(name: &str) -> (usize, usize) {
    let order = ["a", "b", "c", "u", "a1", "d", "g"];
    let digits = name.trim_start_matches(|c: char| c.is_alphabetic());
    let number = digits.parse().unwrap_or(0);
    let kind = match (name.trim_end_matches(|c: char| c.is_ascii_digit()), number) {
        ("a", 0) => 0,
        ("a", _) => 4,
        ("c", 1..) => 7,
        (letter, _) => order.iter().position(|o| *o == letter).unwrap_or(8),
    };
    (kind, number)
}

/// Writes items.csv, covariance.csv, regression.csv, warnings.json and summary.json of a marginal calibration. `more`
/// goes into the summary beside what all calibrations have.
pub fn write(
    fitted: &Fit,
    responses: &Responses,
    settings: &FitSettings,
    mut warnings: Vec<String>,
    more: Value,
    out: &Path,
) -> Result<Outcome, BadInput> {
    write_items(fitted, responses, out)?;
    regression(fitted, out)?;
    warnings.extend(fitted.warnings.iter().map(ToString::to_string));
    output::json(&out.join("warnings.json"), &json!(warnings))?;
    let latent: Vec<Value> = fitted
        .latent
        .iter()
        .map(|l| json!({"group": l.group, "mean": l.mean.value, "se_mean": l.mean.se, "variance": l.variance.value, "se_variance": l.variance.se}))
        .collect();
    let abilities = fitted.eap(responses.persons()).into_iter().flatten();
    let scores: Vec<Score> = abilities.map(|(theta, se)| Score { theta, se }).collect();
    let common = json!({
        "log_likelihood": fitted.log_likelihood,
        "log_posterior": fitted.log_posterior,
        "iterations": fitted.iterations,
        "evaluations": fitted.evaluations,
        "converged": fitted.converged,
        "peak_memory_mb": output::peak_memory_mb(),
        "persons": responses.persons(),
        "items": responses.items().len(),
        "parameters": fitted.parameters,
        "aic": fitted.aic(),
        "bic": fitted.bic(),
        "latent_mean": fitted.latent[0].mean.value,
        "latent_variance": fitted.latent[0].variance.value,
        "latent": latent,
        "empirical_reliability": empirical_reliability(&scores),
        "explained_variance": fitted.regression.as_ref().map(|regression| regression.explained),
        "nodes": fitted.grid.nodes().len(),
        "range": settings.range,
        "priors": format!("{:?}", settings.priors),
    });
    output::json(&out.join("summary.json"), &joined(common, more))?;
    let marked = fitted.warnings.iter().any(|warning| matches!(warning, FitWarning::NotConverged(_)));
    Ok(if marked { Outcome::Warnings } else { Outcome::Done })
}

/// Two objects as one.
fn joined(common: Value, more: Value) -> Value {
    let entries = |value: Value| match value {
        Value::Object(entries) => entries,
        _ => Map::new(),
    };
    Value::Object(entries(common).into_iter().chain(entries(more)).collect())
}

/// Coefficients of ability on covariates; no file without them.
fn regression(fitted: &Fit, out: &Path) -> Result<(), BadInput> {
    let Some(regression) = &fitted.regression else { return Ok(()) };
    let mut rows = Rows::new(&["covariate", "coefficient", "se"]);
    for estimate in &regression.coefficients {
        rows.push([estimate.name.clone(), number(Some(estimate.value)), number(estimate.se)]);
    }
    rows.write(&out.join("regression.csv"))
}
