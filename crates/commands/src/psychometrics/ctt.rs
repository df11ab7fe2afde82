//! `zerek psychometrics ctt`.

use std::path::PathBuf;
use std::time::Instant;

use psychometrics::{ClassicalSettings, classical};
use serde_json::json;

use super::input::{self, DataArguments};
use super::output::{self, Rows, number};
use crate::{BadInput, Outcome};

/// Classical item and test analysis.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// Folder for items.csv, distractors.csv, summary.json, warnings.json
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, BadInput> {
    let started = Instant::now();
    let data = input::read(&arguments.data)?;
    let analysis =
        classical(&data.responses, &ClassicalSettings::default()).map_err(|error| BadInput(error.to_string()))?;
    let header = [
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
        "flags",
    ];
    let mut items = Rows::new(&header);
    for item in &analysis.items {
        let flags: Vec<String> = item.flags.iter().map(ToString::to_string).collect();
        items.push([
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
            flags.join("; "),
        ]);
    }
    items.write(&arguments.out.join("items.csv"))?;
    let mut options = Rows::new(&[
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
        options.push([
            option.item.clone(),
            option.option.clone(),
            if option.is_key { "TRUE" } else { "FALSE" }.to_owned(),
            option.n.to_string(),
            number(option.share),
            number(option.total_correlation),
            number(option.rest_correlation),
            number(option.mean_total),
            number(option.upper),
            number(option.lower),
        ]);
    }
    options.write(&arguments.out.join("distractors.csv"))?;
    let test = &analysis.test;
    let reliability = &test.reliability;
    let summary = json!({
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
        "lambda2": reliability.lambda2,
        "lambda6": reliability.lambda6,
        "split_half": reliability.split_half,
        "kr21": reliability.kr21,
        "sem": reliability.sem,
        "distribution": test.distribution,
        "seconds_total": started.elapsed().as_secs_f64(),
        "peak_memory_mb": output::peak_memory_mb(),
    });
    output::json(&arguments.out.join("summary.json"), &summary)?;
    let mut warnings = data.warnings;
    for item in &analysis.items {
        warnings.extend(item.flags.iter().map(|flag| format!("item {}: {flag}", item.item)));
    }
    output::json(&arguments.out.join("warnings.json"), &json!(warnings))?;
    Ok(Outcome::Done)
}
