//! `zerek psychometrics ctt`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use psychometrics::classical::{
    DecisionQuality, Subtest, conditional_errors, decision_quality, greatest_lower_bound, omega, subtests,
};
use psychometrics::{Classical, ClassicalSettings, Responses, classical};
use serde_json::{Value, json};

use super::input::{self, DataArguments};
use super::output::{self, Rows, number};
use crate::{BadInput, Outcome};

/// Classical item and test analysis.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// Subtests: columns item,subtest; with three or more also omega hierarchical
    #[arg(long, value_name = "SUBTESTS.CSV")]
    subtests: Option<PathBuf>,
    /// Lowest totals of the levels above the first, for accuracy and consistency of decisions
    #[arg(long, value_name = "POINTS", value_delimiter = ',')]
    cuts: Vec<f64>,
    /// Score groups of the curves
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(2..=20))]
    score_groups: u16,
    /// Folder for items.csv, distractors.csv, curves.csv, score_errors.csv, summary.json, warnings.json
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, BadInput> {
    let started = Instant::now();
    let data = input::read(&arguments.data)?;
    let refused = |error: psychometrics::Error| BadInput(error.to_string());
    let parts = arguments.subtests.as_deref().map(|path| read_subtests(path, &data.responses)).transpose()?;
    let progress = super::progress("analysing items");
    let settings = ClassicalSettings { score_groups: arguments.score_groups.into(), ..ClassicalSettings::default() };
    let analysis = classical(&data.responses, &settings).map_err(refused)?;
    let decisions = decisions(&arguments.cuts, &analysis, &data.responses)?;
    progress.set_message("bounds of reliability");
    let mut summary = summary(&analysis, parts.as_deref());
    summary["decisions"] = decisions.as_ref().map_or(Value::Null, |quality| shown(&arguments.cuts, quality));
    let found =
        parts.map(|parts| subtests(&data.responses, settings.treatment, &parts)).transpose().map_err(refused)?;
    progress.finish_and_clear();
    // Everything is computed before the first file is written.
    let out = &arguments.out;
    items(&analysis).write(&out.join("items.csv"))?;
    options(&analysis).write(&out.join("distractors.csv"))?;
    curves(&analysis).write(&out.join("curves.csv"))?;
    score_errors(&analysis, &data.responses).write(&out.join("score_errors.csv"))?;
    if let Some((parts, pairs)) = found {
        of_subtests(&parts).write(&out.join("subtests.csv"))?;
        let mut rows = Rows::new(&["subtest", "other", "r", "disattenuated"]);
        for pair in pairs {
            let name = |part: usize| parts[part].name.clone();
            rows.push([name(pair.of.0), name(pair.of.1), number(pair.r), number(pair.disattenuated)]);
        }
        rows.write(&out.join("subtest_correlations.csv"))?;
    }
    summary["seconds_total"] = json!(started.elapsed().as_secs_f64());
    summary["peak_memory_mb"] = json!(output::peak_memory_mb());
    output::json(&out.join("summary.json"), &summary)?;
    let mut warnings = data.warnings;
    for item in &analysis.items {
        warnings.extend(item.flags.iter().map(|flag| format!("item {}: {flag}", item.item)));
    }
    output::json(&out.join("warnings.json"), &json!(warnings))?;
    Ok(Outcome::Done)
}

/// Subtest of each item from a file with columns item,subtest.
fn read_subtests(path: &Path, responses: &Responses) -> Result<Vec<Option<String>>, BadInput> {
    let table = input::Table::read(path)?;
    let (item, subtest) = (table.column("item")?, table.column("subtest")?);
    let mut names = vec![None; responses.items().len()];
    for (row, record) in table.rows.iter().enumerate() {
        let place = responses.items().iter().position(|column| column.name == record[item]);
        let place = place.ok_or_else(|| {
            BadInput(format!("{}: row {}: item {} is not in the data", table.path, row + 2, &record[item]))
        })?;
        names[place] = Some(record[subtest].to_owned()).filter(|name| !input::is_missing(name));
    }
    Ok(names)
}

/// Quality of decisions at the cuts, `None` without any.
pub fn decisions(
    cuts: &[f64],
    analysis: &Classical,
    responses: &Responses,
) -> Result<Option<DecisionQuality>, BadInput> {
    if cuts.is_empty() {
        return Ok(None);
    }
    let refused = |what: &str| BadInput(format!("--cuts: {what}"));
    if !analysis.test.complete {
        return Err(refused("decisions need a score of every person on every item; totals of booklets do not compare"));
    }
    let alpha = analysis.test.reliability.alpha.ok_or_else(|| refused("the test has no alpha"))?;
    let mut counts = vec![0.0; analysis.test.distribution.len()];
    for (person, total) in analysis.totals.iter().enumerate() {
        counts[*total as usize] += responses.weights().map_or(1.0, |weights| weights[person]);
    }
    let quality = decision_quality(&counts, alpha, cuts, &[]);
    quality.map(Some).map_err(|error| refused(&error.to_string()))
}

fn items(analysis: &Classical) -> Rows {
    let mut rows = Rows::new(&[
        "item",
        "n",
        "facility",
        "item_total",
        "item_rest",
        "alpha_if_deleted",
        "mean",
        "sd",
        "max",
        "upper_lower27",
        "presented",
        "skipped",
        "not_reached",
        "item_rest_polyserial",
        "facility_low",
        "facility_high",
        "flags",
    ]);
    for item in &analysis.items {
        let flags: Vec<String> = item.flags.iter().map(ToString::to_string).collect();
        rows.push([
            item.item.clone(),
            item.n.to_string(),
            number(item.facility),
            number(item.item_total),
            number(item.item_rest),
            number(item.alpha_if_deleted),
            number(item.mean),
            number(item.sd),
            item.max.to_string(),
            number(item.upper_lower),
            item.presented.to_string(),
            item.skipped.to_string(),
            item.not_reached.to_string(),
            number(item.item_rest_polyserial),
            number(item.facility_interval.map(|i| i.0)),
            number(item.facility_interval.map(|i| i.1)),
            flags.join("; "),
        ]);
    }
    rows
}

fn truth(value: bool) -> String {
    if value { "TRUE" } else { "FALSE" }.to_owned()
}

fn options(analysis: &Classical) -> Rows {
    let mut rows = Rows::new(&[
        "item",
        "option",
        "is_key",
        "n",
        "prop",
        "pb_total",
        "pb_rest",
        "mean_total",
        "upper27",
        "lower27",
    ]);
    for option in &analysis.options {
        rows.push([
            option.item.clone(),
            option.option.clone(),
            truth(option.is_key),
            option.n.to_string(),
            number(option.share),
            number(option.total_correlation),
            number(option.rest_correlation),
            number(option.mean_total),
            number(option.upper),
            number(option.lower),
        ]);
    }
    rows
}

fn curves(analysis: &Classical) -> Rows {
    let mut rows = Rows::new(&["item", "option", "is_key", "group", "lowest", "highest", "n", "share"]);
    for curve in &analysis.curves {
        for ((group, (low, high)), point) in (1..).zip(&analysis.groups.totals).zip(&curve.points) {
            rows.push([
                curve.item.clone(),
                curve.option.clone(),
                truth(curve.is_key),
                group.to_string(),
                low.to_string(),
                high.to_string(),
                point.n.to_string(),
                number(point.share),
            ]);
        }
    }
    rows
}

fn score_errors(analysis: &Classical, responses: &Responses) -> Rows {
    let test = &analysis.test;
    let variance = test.sd.map_or(0.0, |sd| sd * sd);
    let dichotomous = responses.items().iter().all(|item| item.max == 1);
    let mut rows = Rows::new(&["score", "persons", "sem_binomial", "sem_corrected"]);
    // A total of a booklet is out of another maximum: errors by total exist in complete data only.
    if test.complete {
        for error in conditional_errors(test.max, test.mean, variance, test.reliability.alpha, dichotomous) {
            let persons = test.distribution[error.score as usize];
            rows.push([error.score.to_string(), persons.to_string(), number(error.binomial), number(error.corrected)]);
        }
    }
    rows
}

fn of_subtests(parts: &[Subtest]) -> Rows {
    let mut rows = Rows::new(&["subtest", "items", "max", "mean", "sd", "alpha", "sem"]);
    for part in parts {
        rows.push([
            part.name.clone(),
            part.items.to_string(),
            part.max.to_string(),
            number(Some(part.mean)),
            number(part.sd),
            number(part.alpha),
            number(part.sem),
        ]);
    }
    rows
}

fn summary(analysis: &Classical, parts: Option<&[Option<String>]>) -> Value {
    let test = &analysis.test;
    let reliability = &test.reliability;
    let bound = analysis.covariance.as_ref().and_then(|c| greatest_lower_bound(c, test.items));
    let factor = analysis.covariance.as_ref().and_then(|c| omega(c, test.items, &[]));
    let groups = analysis.covariance.as_ref().zip(parts.and_then(places)).and_then(|(c, s)| omega(c, test.items, &s));
    json!({
        "persons": test.persons,
        "items": test.items,
        "complete": test.complete,
        "max": test.max,
        "mean": test.mean,
        "sd": test.sd,
        "skewness": test.skewness,
        "lowest": test.lowest,
        "highest": test.highest,
        "alpha": reliability.alpha,
        "alpha_low": reliability.alpha_interval.map(|i| i.0),
        "alpha_high": reliability.alpha_interval.map(|i| i.1),
        "lambda2": reliability.lambda2,
        "lambda6": reliability.lambda6,
        "glb": bound.as_ref().map(|b| b.value),
        "glb_uncertainty": bound.as_ref().map(|b| b.uncertainty),
        "omega": factor.as_ref().map(|o| o.total),
        "omega_residual": factor.as_ref().map(|o| o.residual),
        "omega_improper_items": factor.map(|o| names(analysis, &o.improper)),
        "omega_subtests": groups.as_ref().map(|o| o.total),
        "omega_hierarchical": groups.as_ref().and_then(|o| o.hierarchical),
        "omega_subtests_residual": groups.as_ref().map(|o| o.residual),
        "omega_subtests_improper_items": groups.map(|o| names(analysis, &o.improper)),
        "split_half": reliability.split_half,
        "kr21": reliability.kr21,
        "sem": reliability.sem,
        "distribution": test.distribution,
    })
}

fn names(analysis: &Classical, items: &[usize]) -> Vec<String> {
    items.iter().map(|item| analysis.items[*item].item.clone()).collect()
}

/// Positions of subtests when every item is in one.
fn places(parts: &[Option<String>]) -> Option<Vec<usize>> {
    let mut order: Vec<&String> = Vec::new();
    parts
        .iter()
        .map(|part| {
            let part = part.as_ref()?;
            Some(order.iter().position(|name| *name == part).unwrap_or_else(|| {
                order.push(part);
                order.len() - 1
            }))
        })
        .collect()
}

fn shown(cuts: &[f64], quality: &DecisionQuality) -> Value {
    let levels = cuts.len() + 1;
    let matrix = |cells: &[f64]| -> Vec<Vec<f64>> { cells.chunks_exact(levels).map(<[f64]>::to_vec).collect() };
    let at = |(cut, (accuracy, consistency)): (&f64, &(f64, f64))| json!({"cut": cut, "accuracy": accuracy, "consistency": consistency});
    json!({
        "cuts": cuts,
        "accuracy": quality.accuracy,
        "consistency": quality.consistency,
        "kappa": quality.kappa,
        "effective_length": quality.length,
        "true_scores": {
            "alpha": quality.true_scores.alpha,
            "beta": quality.true_scores.beta,
            "lower": quality.true_scores.lower,
            "upper": quality.true_scores.upper,
            "moments": quality.true_scores.moments,
        },
        "true_by_observed": matrix(&quality.confusion),
        "form_by_parallel_form": matrix(&quality.agreement),
        "at_cuts": cuts.iter().zip(&quality.at_cuts).map(at).collect::<Vec<_>>(),
    })
}
