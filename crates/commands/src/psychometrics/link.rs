//! `zerek psychometrics link`.

use std::path::PathBuf;

use psychometrics::ItemParameters;
use psychometrics::linking::{
    Calibration, LinkMethod, LinkSettings, LinkWeights, bootstrap, chain, drift, jackknife, link,
};
use serde_json::{Value, json};

use super::output::{self, Rows, number};
use super::{covariance, input};
use crate::{BadInput, Outcome};

/// Put a new calibration on the scale of an old one by their common items.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Items of the old calibration (items.csv)
    old: PathBuf,
    /// Items of the new calibration (items.csv)
    new: PathBuf,
    /// ms, mm, haebara or stocking-lord
    #[arg(long, default_value = "stocking-lord")]
    method: String,
    /// Compare curves uniformly on -4..4 instead of by the standard normal distribution
    #[arg(long)]
    uniform: bool,
    /// Compare curves on both scales
    #[arg(long)]
    symmetric: bool,
    /// Leave out common items with a robust z beyond this, one at a time, and link again
    #[arg(long, value_name = "Z")]
    drop_drifted: Option<f64>,
    /// Draws of a parametric bootstrap beside the delta method; both need covariance.csv of fit --se beside the items
    #[arg(long, value_name = "DRAWS")]
    bootstrap: Option<usize>,
    /// Seed of the bootstrap
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder for link.json, common.csv and the new items on the old scale with their covariance.csv (otherwise the constants
    /// are printed)
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// The method of a name.
pub fn method(name: &str) -> Result<LinkMethod, BadInput> {
    match name {
        "ms" => Ok(LinkMethod::MeanSigma),
        "mm" => Ok(LinkMethod::MeanMean),
        "haebara" => Ok(LinkMethod::Haebara),
        "stocking-lord" | "sl" => Ok(LinkMethod::StockingLord),
        other => Err(BadInput(format!("--method {other}: use ms, mm, haebara or stocking-lord"))),
    }
}

pub fn run(arguments: &Arguments) -> Result<Outcome, BadInput> {
    let method = method(&arguments.method)?;
    let weights = if arguments.uniform { LinkWeights::Uniform } else { LinkWeights::Normal };
    let settings = LinkSettings { weights, symmetric: arguments.symmetric };
    let (old, new) = (input::read_items(&arguments.old)?, input::read_items(&arguments.new)?);
    let mut names = Vec::new();
    let mut pairs: Vec<(ItemParameters, ItemParameters)> = Vec::new();
    for (item, _) in &old {
        if let Some((other, _)) = new.iter().find(|(other, _)| other.name == item.name) {
            names.push(item.name.clone());
            pairs.push((item.parameters.clone(), other.parameters.clone()));
        }
    }
    let refused = |error: psychometrics::Error| BadInput(error.to_string());
    let mut constants = link(&pairs, method, settings).map_err(refused)?;
    let mut dropped = Vec::new();
    while let Some(limit) = arguments.drop_drifted {
        let worst = drift(&pairs, constants)
            .into_iter()
            .enumerate()
            .filter_map(|(place, drift)| Some((place, drift.filter(|d| d.is_beyond(limit))?)))
            .max_by(|x, y| {
                x.1.difficulty_z.abs().max(x.1.slope_z.abs()).total_cmp(&y.1.difficulty_z.abs().max(y.1.slope_z.abs()))
            });
        let Some((place, _)) = worst.filter(|_| pairs.len() > 3) else { break };
        dropped.push(names.remove(place));
        pairs.remove(place);
        constants = link(&pairs, method, settings).map_err(refused)?;
    }
    let errors = errors(arguments, method, settings, &names)?;
    let of_items = if pairs.len() < 3 { None } else { Some(jackknife(&pairs, method, settings).map_err(refused)?) };
    let summary = json!({
        "method": arguments.method,
        "A": constants.scale,
        "B": constants.shift,
        "se_A": errors["se_A"],
        "se_B": errors["se_B"],
        "se_A_bootstrap": errors["se_A_bootstrap"],
        "se_B_bootstrap": errors["se_B_bootstrap"],
        "bootstrap_failed": errors["bootstrap_failed"],
        "se_A_items": of_items.map(|se| se.0),
        "se_B_items": of_items.map(|se| se.1),
        "criterion": constants.criterion,
        "common_items": names,
        "dropped_items": dropped,
        "meaning": "theta_old = A * theta_new + B; b_old = A * b_new + B; a_old = a_new / A",
    });
    let Some(out) = &arguments.out else {
        let text = serde_json::to_string_pretty(&summary).map_err(|error| BadInput(error.to_string()))?;
        crate::say(|out| writeln!(out, "{text}"))?;
        return Ok(Outcome::Done);
    };
    output::json(&out.join("link.json"), &summary)?;
    let mut common = Rows::new(&["item", "difficulty_difference", "difficulty_z", "log_slope_difference", "slope_z"]);
    for (name, drift) in names.iter().zip(drift(&pairs, constants)) {
        common.push([
            name.clone(),
            number(drift.map(|d| d.difficulty)),
            number(drift.map(|d| d.difficulty_z)),
            number(drift.map(|d| d.log_slope)),
            number(drift.map(|d| d.slope_z)),
        ]);
    }
    common.write(&out.join("common.csv"))?;
    let moved: Vec<_> = new
        .into_iter()
        .map(|(mut item, model)| {
            item.parameters = item.parameters.on_scale(constants.scale, constants.shift);
            (item, model)
        })
        .collect();
    super::items::write(&moved, &out.join("items.csv"))?;
    covariance::write_moved(&covariance::calibration(&arguments.new, "new")?.on_scale(constants), out)?;
    Ok(Outcome::Done)
}

/// Errors of the constants over the common items that were kept; null without covariance matrices.
fn errors(
    arguments: &Arguments,
    method: LinkMethod,
    settings: LinkSettings,
    kept: &[String],
) -> Result<Value, BadInput> {
    let refused = |error: psychometrics::Error| BadInput(error.to_string());
    let read = |path: &std::path::Path, name: &str| covariance::calibration(path, name).map(|c| c.only(kept));
    let both: [Calibration; 2] = [read(&arguments.old, "old")?, read(&arguments.new, "new")?];
    if both.iter().any(|c| c.covariance.is_none()) {
        if arguments.bootstrap.is_some() {
            return Err(BadInput(
                "--bootstrap needs covariance.csv beside both items.csv; fit --se writes it".to_owned(),
            ));
        }
        return Ok(json!({}));
    }
    let linked = chain(&both, 0, method, settings).map_err(refused)?;
    let drawn = arguments
        .bootstrap
        .map(|draws| bootstrap(&both, 0, method, settings, draws, arguments.seed))
        .transpose()
        .map_err(refused)?;
    Ok(json!({
        "se_A": linked.placed[1].scale_se,
        "se_B": linked.placed[1].shift_se,
        "se_A_bootstrap": drawn.as_ref().map(|d| d.0[1].0),
        "se_B_bootstrap": drawn.as_ref().map(|d| d.0[1].1),
        "bootstrap_failed": drawn.map(|d| d.1),
    }))
}
