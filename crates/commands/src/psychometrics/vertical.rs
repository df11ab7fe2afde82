//! `zerek psychometrics vertical`.

use std::path::{Path, PathBuf};

use psychometrics::linking::{Calibration, Chain, LinkSettings, LinkWeights, bootstrap, chain};
use serde_json::{Value, json};

use super::output::{self, Rows, number};
use super::{covariance, input, link};
use crate::{BadInput, Outcome};

/// Put the calibrations of neighbouring grades on one vertical scale.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// items.csv of each grade, in order; covariance.csv and summary.json of fit --se beside them give errors and spread
    #[arg(required = true, num_args = 2.., value_name = "ITEMS.CSV")]
    grades: Vec<PathBuf>,
    /// Which of them is the base, from 1
    #[arg(long, default_value_t = 1)]
    base: usize,
    /// ms, mm, haebara or stocking-lord
    #[arg(long, default_value = "stocking-lord")]
    method: String,
    /// Draws of a parametric bootstrap beside the delta method
    #[arg(long, value_name = "DRAWS")]
    bootstrap: Option<usize>,
    /// Seed of the bootstrap
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder for scale.csv, growth.csv, scale.json and a folder for each grade with its items on the scale
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, BadInput> {
    let refused = |error: psychometrics::Error| BadInput(error.to_string());
    let method = link::method(&arguments.method)?;
    if arguments.base == 0 || arguments.base > arguments.grades.len() {
        return Err(BadInput(format!("--base {}: give a number from 1 to {}", arguments.base, arguments.grades.len())));
    }
    let base = arguments.base - 1;
    let settings = LinkSettings { weights: LinkWeights::Normal, symmetric: false };
    let names: Vec<String> = arguments.grades.iter().map(|path| name_of(path)).collect();
    let grades: Vec<Calibration> = arguments
        .grades
        .iter()
        .zip(&names)
        .map(|(path, name)| covariance::calibration(path, name))
        .collect::<Result<_, _>>()?;
    let latent: Vec<(f64, f64)> = arguments.grades.iter().map(|path| latent(path)).collect::<Result<_, _>>()?;
    let progress = super::progress("linking grades");
    let scale = chain(&grades, base, method, settings).map_err(refused)?;
    let drawn = arguments
        .bootstrap
        .map(|draws| bootstrap(&grades, base, method, settings, draws, arguments.seed))
        .transpose()
        .map_err(refused)?;
    progress.finish_and_clear();
    let rows = scale_rows(&scale, &grades, &latent, drawn.as_ref().map(|d| d.0.as_slice()));
    rows.write(&arguments.out.join("scale.csv"))?;
    growth_rows(&scale, &grades, &latent).write(&arguments.out.join("growth.csv"))?;
    for (((place, path), placed), grade) in (1..).zip(&arguments.grades).zip(&scale.placed).zip(&grades) {
        let mut items = input::read_items(path)?;
        for (item, _) in &mut items {
            item.parameters = item.parameters.on_scale(placed.link.scale, placed.link.shift);
        }
        let folder = arguments.out.join(format!("{place}-{}", grade.name));
        super::items::write(&items, &folder.join("items.csv"))?;
        covariance::write_moved(&grade.on_scale(placed.link), &folder)?;
    }
    let common: Vec<Value> =
        names.iter().zip(&scale.placed).map(|(name, p)| json!({"grade": name, "common_items": p.common})).collect();
    let summary = json!({
        "method": arguments.method,
        "base": names[base],
        "errors": if scale.covariance.is_some() { "delta method" } else { "unknown: no covariance.csv beside some items.csv" },
        "bootstrap_draws": arguments.bootstrap,
        "bootstrap_failed": drawn.map(|d| d.1),
        "links": common,
        "meaning": "theta_base = A * theta + B",
    });
    output::json(&arguments.out.join("scale.json"), &summary)?;
    Ok(Outcome::Done)
}

/// The folder of an items.csv names the grade; another file name names itself.
fn name_of(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let folder = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    if stem == "items" { folder.unwrap_or(stem) } else { stem }
}

/// Mean and standard deviation of ability from the summary.json beside the items; 0 and 1 without one.
fn latent(path: &Path) -> Result<(f64, f64), BadInput> {
    let beside = path.with_file_name("summary.json");
    let Ok(text) = std::fs::read_to_string(&beside) else { return Ok((0.0, 1.0)) };
    let refused = |what: &str| BadInput(format!("{}: {what}", beside.display()));
    let summary: Value = serde_json::from_str(&text).map_err(|error| refused(&error.to_string()))?;
    let number = |name: &str| summary[name].as_f64().filter(|x| x.is_finite());
    let (mean, variance) = number("latent_mean")
        .zip(number("latent_variance").filter(|v| *v > 0.0))
        .ok_or_else(|| refused("latent_mean or latent_variance is missing; it must be the summary of fit"))?;
    Ok((mean, variance.sqrt()))
}

fn scale_rows(scale: &Chain, grades: &[Calibration], latent: &[(f64, f64)], drawn: Option<&[(f64, f64)]>) -> Rows {
    let header = ["grade", "A", "B", "se_A", "se_B", "mean", "sd", "common_items", "se_A_bootstrap", "se_B_bootstrap"];
    let mut rows = Rows::new(&header);
    for (place, placed) in scale.placed.iter().enumerate() {
        let (mean, sd) = latent[place];
        rows.push([
            grades[place].name.clone(),
            number(Some(placed.link.scale)),
            number(Some(placed.link.shift)),
            number(placed.scale_se),
            number(placed.shift_se),
            number(Some(placed.link.scale * mean + placed.link.shift)),
            number(Some(placed.link.scale * sd)),
            placed.common.len().to_string(),
            number(drawn.map(|d| d[place].0)),
            number(drawn.map(|d| d[place].1)),
        ]);
    }
    rows
}

/// Growth between neighbouring grades, with the error of the difference.
fn growth_rows(scale: &Chain, grades: &[Calibration], latent: &[(f64, f64)]) -> Rows {
    let mut rows = Rows::new(&["from", "to", "growth", "se", "effect_size"]);
    for place in 1..grades.len() {
        let on_scale = |c: usize| {
            let (mean, sd) = latent[c];
            let link = scale.placed[c].link;
            (link.scale * mean + link.shift, link.scale * sd)
        };
        let ((before, sd_before), (after, sd_after)) = (on_scale(place - 1), on_scale(place));
        let mut weights = vec![0.0; 2 * grades.len()];
        for (c, sign) in [(place, 1.0), (place - 1, -1.0)] {
            weights[2 * c] = sign * latent[c].0;
            weights[2 * c + 1] = sign;
        }
        let pooled = (0.5 * (sd_before * sd_before + sd_after * sd_after)).sqrt();
        rows.push([
            grades[place - 1].name.clone(),
            grades[place].name.clone(),
            number(Some(after - before)),
            number(scale.error_of(&weights)),
            number(Some((after - before) / pooled)),
        ]);
    }
    rows
}
