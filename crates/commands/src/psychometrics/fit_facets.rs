//! `zerek psychometrics fit --model facets`: ratings of persons by raters.

use std::path::Path;
use std::time::Instant;

use psychometrics::facets::{FacetElement, FacetFit, FacetSettings, FacetWarning, Ratings, fit_facets};
use serde_json::json;

use super::input::Table;
use super::output::{self, Rows, number};
use crate::{BadInput, Outcome};

/// Reads person, rater, criterion (optional) and score, one rating a row, and writes raters.csv, criteria.csv, steps.csv,
/// persons.csv, summary.json and warnings.json.
pub fn run(data: &Path, settings: &FacetSettings, out: &Path) -> Result<Outcome, BadInput> {
    let started = Instant::now();
    let ratings = read(data)?;
    let progress = super::progress("calibrating raters");
    let fitted = fit_facets(&ratings, settings).map_err(|error| BadInput(error.to_string()))?;
    progress.finish_and_clear();
    let [persons, raters, criteria] = ratings.names();
    elements("rater", &fitted.raters, &out.join("raters.csv"))?;
    elements("criterion", &fitted.criteria, &out.join("criteria.csv"))?;
    steps(&fitted, criteria, &out.join("steps.csv"))?;
    measures(&fitted, &out.join("persons.csv"))?;
    let warnings: Vec<String> = fitted.warnings.iter().map(ToString::to_string).collect();
    output::json(&out.join("warnings.json"), &json!(warnings))?;
    let summary = json!({
        "model": "facets",
        "log_likelihood": fitted.log_likelihood,
        "iterations": fitted.iterations,
        "converged": fitted.converged,
        "seconds_total": started.elapsed().as_secs_f64(),
        "persons": persons.len(),
        "raters": raters.len(),
        "criteria": criteria.len(),
        "parameters": fitted.parameters,
        "lowest_score": fitted.lowest,
        "mean": fitted.mean.value,
        "se_mean": fitted.mean.se,
        "variance": fitted.variance.value,
        "se_variance": fitted.variance.se,
        "rater_separation": fitted.rater_separation,
    });
    output::json(&out.join("summary.json"), &summary)?;
    let marked = fitted.warnings.iter().any(|warning| matches!(warning, FacetWarning::NotConverged(_)));
    Ok(if marked { Outcome::Warnings } else { Outcome::Done })
}

fn read(path: &Path) -> Result<Ratings, BadInput> {
    let table = Table::read(path)?;
    let (person, rater, score) = (table.column("person")?, table.column("rater")?, table.column("score")?);
    let criterion = table.find("criterion");
    let mut ratings = Vec::with_capacity(table.rows.len());
    for (row, record) in table.rows.iter().enumerate() {
        let text = &record[score];
        if text.is_empty() || text == "NA" {
            continue;
        }
        let score: u8 = text.parse().ok().filter(|score| *score <= 250).ok_or_else(|| {
            BadInput(format!(
                "{}: row {}, column score: {text} is not a whole number from 0 to 250",
                table.path,
                row + 2
            ))
        })?;
        for (column, name) in [(person, "person"), (rater, "rater")] {
            if record[column].is_empty() {
                return Err(BadInput(format!("{}: row {}: no {name}", table.path, row + 2)));
            }
        }
        let of = |column: Option<usize>| column.map_or("all", |c| &record[c]).to_owned();
        ratings.push((of(Some(person)), of(Some(rater)), of(criterion), score));
    }
    Ratings::new(ratings).map_err(|error| BadInput(format!("{}: {error}", table.path)))
}

fn elements(what: &str, elements: &[FacetElement], path: &Path) -> Result<(), BadInput> {
    let header =
        [what, "n", "measure", "se", "observed_average", "fair_average", "infit", "z_infit", "outfit", "z_outfit"];
    let mut rows = Rows::new(&header);
    for e in elements {
        let numbers = [
            Some(e.measure),
            e.se,
            Some(e.observed_average),
            Some(e.fair_average),
            Some(e.infit),
            Some(e.infit_z),
            Some(e.outfit),
            Some(e.outfit_z),
        ];
        rows.push([e.name.clone(), e.n.to_string()].into_iter().chain(numbers.map(number)));
    }
    rows.write(path)
}

fn steps(fitted: &FacetFit, criteria: &[String], path: &Path) -> Result<(), BadInput> {
    let mut rows = Rows::new(&["criterion", "score", "step", "se"]);
    for (place, steps) in fitted.steps.iter().enumerate() {
        let of = if fitted.steps.len() == 1 { "all" } else { &criteria[place] };
        for (k, step) in steps.iter().enumerate() {
            let score = usize::from(fitted.lowest) + k + 1;
            rows.push([of.to_owned(), score.to_string(), number(Some(step.value)), number(step.se)]);
        }
    }
    rows.write(path)
}

fn measures(fitted: &FacetFit, path: &Path) -> Result<(), BadInput> {
    let mut rows = Rows::new(&["person", "n", "theta", "se", "observed_average", "fair_average"]);
    for p in &fitted.persons {
        let numbers = [p.theta, p.se, p.observed_average, p.fair_average].map(|x| number(Some(x)));
        rows.push([p.name.clone(), p.n.to_string()].into_iter().chain(numbers));
    }
    rows.write(path)
}
