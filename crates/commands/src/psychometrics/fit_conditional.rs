//! `zerek psychometrics fit --estimation conditional`: items without a distribution of ability.

use std::time::Instant;

use psychometrics::MissingTreatment;
use psychometrics::conditional::conditional_rasch;
use serde_json::{Value, json};

use super::calibration;
use super::fit::Arguments;
use super::input;
use super::output::{self, Rows};
use crate::{BadInput, Outcome};

/// Persons named in the warning about those without information.
const NAMED: usize = 12;

pub fn run(arguments: &Arguments) -> Result<Outcome, BadInput> {
    let started = Instant::now();
    refuse_marginal_options(arguments)?;
    let data = input::read(&arguments.data)?;
    let fit_started = Instant::now();
    let progress = super::progress("calibrating");
    let fitted = conditional_rasch(&data.responses, MissingTreatment::default()).map_err(BadInput::from)?;
    progress.finish_and_clear();
    let seconds_fit = fit_started.elapsed().as_secs_f64();
    let out = &arguments.out;
    calibration::write_items(&fitted, &data.responses, out)?;
    let mut rows = Rows::new(&["item"]);
    data.responses.items().iter().for_each(|item| rows.push([item.name.clone()]));
    rows.write(&out.join("fit.csv"))?;
    let mut warnings = data.warnings;
    if !fitted.extreme.is_empty() {
        let names: Vec<&str> = fitted.extreme.iter().take(NAMED).map(|person| data.persons[*person].as_str()).collect();
        let more = if fitted.extreme.len() > NAMED { ", ..." } else { "" };
        warnings.push(format!(
            "{} persons have no or all points on what they answered and say nothing about the items: {}{more}",
            fitted.extreme.len(),
            names.join(", ")
        ));
    }
    if data.responses.groups().is_some() {
        warnings.push("conditional estimation needs no distribution of ability; the groups were not used".to_owned());
    }
    output::json(&out.join("warnings.json"), &json!(warnings))?;
    let parameters = fitted.parameters as f64;
    let summary = json!({
        "estimation": "conditional",
        "log_likelihood": fitted.log_likelihood,
        "log_posterior": Value::Null,
        "iterations": fitted.iterations,
        "converged": true,
        "seconds_fit": seconds_fit,
        "seconds_total": started.elapsed().as_secs_f64(),
        "peak_memory_mb": output::peak_memory_mb(),
        "persons": data.responses.persons(),
        "persons_counting": fitted.persons,
        "items": data.responses.items().len(),
        "parameters": fitted.parameters,
        "aic": 2.0 * parameters - 2.0 * fitted.log_likelihood,
        "bic": fitted.persons.ln() * parameters - 2.0 * fitted.log_likelihood,
        "latent_mean": Value::Null,
        "latent_variance": Value::Null,
        "nodes": Value::Null,
    });
    output::json(&out.join("summary.json"), &summary)?;
    Ok(Outcome::Done)
}

/// Options that speak of what conditional estimation does without.
fn refuse_marginal_options(arguments: &Arguments) -> Result<(), BadInput> {
    if !["rasch", "pcm"].iter().any(|model| arguments.model.eq_ignore_ascii_case(model)) {
        return Err(BadInput(format!(
            "--estimation conditional is for --model rasch and pcm, where sum scores tell all; not for {}",
            arguments.model
        )));
    }
    let given = [
        ("--model-file", arguments.model_file.is_some()),
        ("--adaptive", arguments.adaptive),
        ("--prior", !arguments.prior.is_empty()),
        ("--equal", !arguments.equal.is_empty()),
        ("--latent", arguments.latent != "auto"),
        ("--regress", !arguments.regress.is_empty()),
        ("--intervals", arguments.intervals),
        ("--sandwich", arguments.sandwich),
        ("--fit-statistics", arguments.fit_statistics),
    ];
    match given.iter().find(|(_, given)| *given) {
        Some((option, _)) => Err(BadInput(format!("{option} is for --estimation marginal; leave one of them out"))),
        None => Ok(()),
    }
}
