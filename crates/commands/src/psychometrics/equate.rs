//! `zerek psychometrics equate`.

use std::path::{Path, PathBuf};

use psychometrics::CalibratedItem;
use psychometrics::equating::{
    Joint, Method, NeatMethod, ScoreDistribution, equate, irt_observed_score, irt_true_score, log_linear, neat,
};
use psychometrics::irt::Grid;

use super::input::{self, Table};
use super::output::{Rows, number};
use crate::{BadInput, Outcome};

/// Equate scores of form X to form Y.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Form X: score,count; with an anchor total,anchor (one row per person); for irt-* an items.csv on the common scale
    x: PathBuf,
    /// Form Y, likewise
    y: PathBuf,
    /// mean, linear, equipercentile, kernel, circle; tucker, levine, braun-holland, chained-linear,
    /// frequency-estimation, chained-equipercentile; irt-true, irt-observed
    #[arg(long, default_value = "equipercentile")]
    method: String,
    /// Degree of log-linear presmoothing (random groups)
    #[arg(long, value_name = "DEGREE")]
    smooth: Option<usize>,
    /// Bandwidth of the kernel, in points
    #[arg(long, default_value_t = 0.6)]
    bandwidth: f64,
    /// Weight of the group of form X in the synthetic population (anchor designs)
    #[arg(long, default_value_t = 1.0)]
    x_weight: f64,
    /// File for score,equivalent
    #[arg(long, value_name = "TABLE.CSV")]
    out: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, BadInput> {
    let refused = |error: psychometrics::Error| BadInput(error.to_string());
    let anchor = match arguments.method.as_str() {
        "tucker" => Some(NeatMethod::Tucker),
        "levine" => Some(NeatMethod::Levine),
        "braun-holland" => Some(NeatMethod::BraunHolland),
        "chained-linear" => Some(NeatMethod::ChainedLinear),
        "frequency-estimation" => Some(NeatMethod::FrequencyEstimation),
        "chained-equipercentile" => Some(NeatMethod::ChainedEquipercentile),
        _ => None,
    };
    let equivalents: Vec<f64> = if let Some(method) = anchor {
        let (x, y) = (pairs(&arguments.x)?, pairs(&arguments.y)?);
        let most =
            |pairs: &[(usize, usize)], part: fn(&(usize, usize)) -> usize| pairs.iter().map(part).max().unwrap_or(0);
        let anchor_max = most(&x, |p| p.1).max(most(&y, |p| p.1));
        let joint = |pairs: Vec<(usize, usize)>| {
            let max = most(&pairs, |p| p.0);
            Joint::new(pairs, max, anchor_max).map_err(refused)
        };
        neat(&joint(x)?, &joint(y)?, method, arguments.x_weight).map_err(refused)?
    } else if arguments.method.starts_with("irt-") {
        let items = |path: &Path| -> Result<Vec<CalibratedItem>, BadInput> {
            Ok(input::read_items(path)?.into_iter().map(|(item, _)| item).collect())
        };
        let (x, y) = (items(&arguments.x)?, items(&arguments.y)?);
        match arguments.method.as_str() {
            "irt-true" => irt_true_score(&x, &y).map_err(refused)?.into_iter().map(|(_, y)| y).collect(),
            "irt-observed" => irt_observed_score(&x, &y, &[(0.0, 1.0, 1.0)], &Grid::new(61, 6.0)).map_err(refused)?,
            other => return Err(BadInput(format!("--method {other}: use irt-true or irt-observed"))),
        }
    } else {
        let method = match arguments.method.as_str() {
            "mean" => Method::Mean,
            "linear" => Method::Linear,
            "equipercentile" => Method::Equipercentile,
            "kernel" => Method::Kernel { bandwidth: arguments.bandwidth },
            "circle" => Method::CircleArc,
            other => return Err(BadInput(format!("--method {other} is not known; see --help"))),
        };
        let (mut x, mut y) = (counts(&arguments.x)?, counts(&arguments.y)?);
        if let Some(degree) = arguments.smooth {
            x = log_linear(&x, degree).map_err(refused)?;
            y = log_linear(&y, degree).map_err(refused)?;
        }
        equate(&x, &y, method).map_err(refused)?
    };
    let mut rows = Rows::new(&["score", "equivalent"]);
    for (score, equivalent) in equivalents.iter().enumerate() {
        rows.push([score.to_string(), number(Some(*equivalent))]);
    }
    rows.write(&arguments.out)?;
    Ok(Outcome::Done)
}

/// A whole number in a cell.
fn whole(table: &Table, row: usize, column: usize) -> Result<usize, BadInput> {
    let value = table.number(row, column)?.filter(|x| x.fract() == 0.0 && (0.0..=100_000.0).contains(x));
    value.map(|x| x as usize).ok_or_else(|| {
        BadInput(format!("{}: row {}, column {}: a whole score is needed", table.path, row + 2, table.header[column]))
    })
}

fn pairs(path: &Path) -> Result<Vec<(usize, usize)>, BadInput> {
    let table = Table::read(path)?;
    let (total, anchor) = (table.column("total")?, table.column("anchor")?);
    (0..table.rows.len()).map(|row| Ok((whole(&table, row, total)?, whole(&table, row, anchor)?))).collect()
}

fn counts(path: &Path) -> Result<ScoreDistribution, BadInput> {
    let table = Table::read(path)?;
    let (score, count) = (table.column("score")?, table.column("count")?);
    let mut weights: Vec<f64> = Vec::new();
    for row in 0..table.rows.len() {
        let score = whole(&table, row, score)?;
        if weights.len() <= score {
            weights.resize(score + 1, 0.0);
        }
        weights[score] += table.number(row, count)?.unwrap_or(0.0);
    }
    ScoreDistribution::new(weights).map_err(|error| BadInput(format!("{}: {error}", table.path)))
}
