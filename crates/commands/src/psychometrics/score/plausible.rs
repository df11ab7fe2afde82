//! Plausible values, with conditioning on columns of the data where asked for.

use psychometrics::conditioning::{LatentRegression, Likelihoods};
use psychometrics::irt::Covariates;
use psychometrics::simulation::Generator;
use psychometrics::{CalibratedItem, Responses, ScoreSettings};

use super::Arguments;
use crate::BadInput;
use crate::psychometrics::covariates::covariates;

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
    let (mut names_of, mut regression) = (Vec::new(), None);
    if !arguments.condition.is_empty() {
        let Covariates { names, mut rows } = covariates("--condition", &arguments.condition, texts)?;
        for row in &mut rows {
            row.insert(0, 1.0);
        }
        let found = likelihoods.regression(&rows).map_err(BadInput::from)?;
        let predicted = |row: &Vec<f64>| row.iter().zip(&found.coefficients).map(|(x, b)| x * b).sum::<f64>();
        priors = rows.iter().map(|row| (predicted(row), found.residual_sd)).collect();
        (names_of, regression) = (std::iter::once("intercept".to_owned()).chain(names).collect(), Some(found));
    }
    let mut generator = Generator::new(arguments.seed);
    let values = likelihoods.plausible_values(&priors, arguments.plausible, &mut generator).map_err(BadInput::from)?;
    Ok(Draws { values, covariates: names_of, regression })
}
