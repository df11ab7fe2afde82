//! Plausible values, with conditioning on columns of the data where asked for.

use psychometrics::conditioning::{LatentRegression, Likelihoods};
use psychometrics::simulation::Generator;
use psychometrics::{CalibratedItem, Responses, ScoreSettings};

use super::Arguments;
use crate::BadInput;
use crate::psychometrics::input::is_missing;

/// Draws with the regression that conditioned them.
pub struct Draws {
    /// Person after person.
    pub values: Vec<Vec<f64>>,
    /// Names of the coefficients.
    pub covariates: Vec<String>,
    pub regression: Option<LatentRegression>,
}

pub fn draw(
    arguments: &Arguments,
    responses: &Responses,
    items: &[CalibratedItem],
    settings: &ScoreSettings,
    texts: &[Vec<String>],
) -> Result<Draws, BadInput> {
    let likelihoods = Likelihoods::new(responses, items, settings.treatment, &settings.grid).map_err(BadInput::from)?;
    let mut priors = vec![(settings.mean, settings.sd); responses.persons()];
    let (mut covariates, mut regression) = (Vec::new(), None);
    if !arguments.condition.is_empty() {
        let (names, rows) = design(&arguments.condition, texts)?;
        let found = likelihoods.regression(&rows).map_err(BadInput::from)?;
        let predicted = |row: &Vec<f64>| row.iter().zip(&found.coefficients).map(|(x, b)| x * b).sum::<f64>();
        priors = rows.iter().map(|row| (predicted(row), found.residual_sd)).collect();
        (covariates, regression) = (names, Some(found));
    }
    let mut generator = Generator::new(arguments.seed);
    let values = likelihoods.plausible_values(&priors, arguments.plausible, &mut generator).map_err(BadInput::from)?;
    Ok(Draws { values, covariates, regression })
}

/// An intercept, numbers as they are, and a column of 0 and 1 for every category of a text but the first in sorted order.
fn design(names: &[String], texts: &[Vec<String>]) -> Result<(Vec<String>, Vec<Vec<f64>>), BadInput> {
    let mut heads = vec!["intercept".to_owned()];
    let mut rows = vec![vec![1.0]; texts.len()];
    for (column, name) in names.iter().enumerate() {
        if let Some(row) = texts.iter().position(|row| is_missing(&row[column])) {
            return Err(BadInput(format!(
                "--condition {name}: row {} is empty; give a value or a category for missing ones",
                row + 2
            )));
        }
        let numbers: Option<Vec<f64>> =
            texts.iter().map(|row| row[column].parse().ok().filter(|x: &f64| x.is_finite())).collect();
        if let Some(numbers) = numbers {
            heads.push(name.clone());
            rows.iter_mut().zip(numbers).for_each(|(row, value)| row.push(value));
            continue;
        }
        let mut categories: Vec<&String> = texts.iter().map(|row| &row[column]).collect();
        categories.sort();
        categories.dedup();
        if categories.len() > 50 {
            return Err(BadInput(format!("--condition {name}: {} categories; at most 50", categories.len())));
        }
        for category in categories.into_iter().skip(1) {
            heads.push(format!("{name}={category}"));
            for (row, text) in rows.iter_mut().zip(texts) {
                row.push(f64::from(u8::from(&text[column] == category)));
            }
        }
    }
    Ok((heads, rows))
}
