//! pairs.csv, points.csv, information.csv, latent.csv and intervals.csv of `zerek psychometrics fit`: what plots and checks of local
//! dependence need.

use std::path::Path;

use psychometrics::fit_statistics::{information_curves, local_dependence, residual_points};
use psychometrics::irt::{Estimate, ProfileInterval};
use psychometrics::{Fit, MissingTreatment, Responses};

use super::output::{Rows, number};
use crate::BadInput;

/// Groups of persons of like ability in points.csv.
const GROUPS: usize = 10;

/// Writes all but latent.csv; `abilities` one per person.
pub fn write(fitted: &Fit, responses: &Responses, abilities: &[Option<f64>], out: &Path) -> Result<(), BadInput> {
    let treatment = MissingTreatment::default();
    let names: Vec<&str> = responses.items().iter().map(|item| item.name.as_str()).collect();
    let mut pairs = Rows::new(&["item", "other_item", "n", "ld_x2", "ld_g2", "df", "p", "standardised", "cramer_v"]);
    for pair in local_dependence(fitted, responses, treatment) {
        let (i, j) = pair.items;
        pairs.push([
            names[i].to_owned(),
            names[j].to_owned(),
            number(Some(pair.n)),
            number(Some(pair.x2)),
            number(Some(pair.g2)),
            pair.df.to_string(),
            number(Some(pair.p)),
            number(Some(pair.standardised)),
            number(Some(pair.v)),
        ]);
    }
    pairs.write(&out.join("pairs.csv"))?;
    let mut points = Rows::new(&["item", "theta", "n", "observed", "expected", "lower", "upper", "residual"]);
    let all = residual_points(fitted, responses, treatment, abilities, GROUPS);
    for (name, of_item) in names.iter().zip(all) {
        for p in of_item {
            let numbers = [p.theta, p.n, p.observed, p.expected, p.limits.0, p.limits.1, p.residual];
            points.push(std::iter::once((*name).to_owned()).chain(numbers.map(|x| number(Some(x)))));
        }
    }
    points.write(&out.join("points.csv"))?;
    let thetas: Vec<f64> = (-40..=40).map(|step| f64::from(step) * 0.1).collect();
    let header = ["theta", "test", "se"].into_iter().chain(names.iter().copied()).collect::<Vec<_>>();
    let mut information = Rows::new(&header);
    for point in information_curves(&fitted.calibrated(responses), &thetas) {
        let numbers = [point.theta, point.test, point.se].into_iter().chain(point.items);
        information.push(numbers.map(|x| number(Some(x))));
    }
    information.write(&out.join("information.csv"))
}

/// Weights of a free latent distribution; no file when it is normal.
pub fn latent(fitted: &Fit, out: &Path) -> Result<(), BadInput> {
    if fitted.latent.iter().all(|latent| latent.weights.is_none()) {
        return Ok(());
    }
    let mut rows = Rows::new(&["group", "theta", "weight"]);
    for latent in &fitted.latent {
        for (theta, weight) in fitted.grid.nodes().iter().zip(latent.weights.iter().flatten()) {
            rows.push([latent.group.clone(), number(Some(*theta)), number(Some(*weight))]);
        }
    }
    rows.write(&out.join("latent.csv"))
}

/// Intervals of all estimated item parameters by the profile of the posterior; a bound that does not exist is empty.
pub fn intervals(fitted: &Fit, responses: &Responses, out: &Path) -> Result<(), BadInput> {
    const SHARE: f64 = 0.95;
    let free = |(place, item): (usize, &psychometrics::ItemColumn)| -> Vec<(usize, String, Estimate)> {
        let estimated = fitted.slope_intercept(place).into_iter().filter(|estimate| estimate.se.is_some());
        estimated.map(|estimate| (place, item.name.clone(), estimate)).collect()
    };
    let parameters: Vec<(usize, String, Estimate)> = responses.items().iter().enumerate().flat_map(free).collect();
    let mut rows = Rows::new(&["item", "parameter", "estimate", "low", "high"]);
    for (place, item, estimate) in parameters {
        let interval = fitted.profile_interval(place, &estimate.name, SHARE);
        let bound = |of: fn(ProfileInterval) -> Option<f64>| number(interval.and_then(of));
        let (low, high) = (bound(|interval| interval.low), bound(|interval| interval.high));
        rows.push([item, estimate.name, number(Some(estimate.value)), low, high]);
    }
    rows.write(&out.join("intervals.csv"))
}
