//! `zerek psychometrics equate`.

use std::path::{Path, PathBuf};

use psychometrics::equating::{
    Anchor, CountTable, Joint, Method, NeatMethod, ScoreDistribution, bootstrap_errors, delta_errors, equate,
    irt_observed_score, irt_true_score, item_errors, log_linear, neat,
};
use psychometrics::irt::Grid;
use psychometrics::linking::{LinkMethod, LinkSettings, link};
use psychometrics::{CalibratedItem, Error};

use super::covariance;
use super::input::Table;
use super::output::{Rows, number};
use crate::{BadInput, Outcome};

/// Equate scores of form X to form Y.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Form X: score,count; with an anchor total,anchor (one row per person); for irt-* an items.csv on the common scale
    x: PathBuf,
    /// Form Y, likewise
    y: PathBuf,
    /// mean, linear, equipercentile, kernel, circle; tucker, levine, levine-true, braun-holland, chained-linear,
    /// frequency-estimation, chained-equipercentile; irt-true, irt-observed
    #[arg(long, default_value = "equipercentile")]
    method: String,
    /// Degree of log-linear presmoothing (random groups)
    #[arg(long, value_name = "DEGREE")]
    smooth: Option<usize>,
    /// Bandwidth of the kernel, in points
    #[arg(long, default_value_t = 0.6)]
    bandwidth: f64,
    /// levine and levine-true: whether the anchor's points count in the total
    #[arg(long, value_enum, default_value_t = AnchorPlace::Internal)]
    anchor: AnchorPlace,
    /// Weight of the group of form X in the synthetic population (anchor designs)
    #[arg(long, default_value_t = 1.0)]
    x_weight: f64,
    /// irt-*: link X to Y by their common items first (ms, mm, haebara, stocking-lord); the errors take the link in
    #[arg(long, value_name = "METHOD")]
    link: Option<String>,
    /// Draws of a bootstrap of persons beside the delta method (not for irt-*)
    #[arg(long, value_name = "DRAWS")]
    bootstrap: Option<usize>,
    /// Seed of the bootstrap
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// File for score,equivalent,se,se_bootstrap
    #[arg(long, value_name = "TABLE.CSV")]
    out: PathBuf,
}

/// Where the points of an anchor count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum AnchorPlace {
    /// In the total
    Internal,
    /// Beside the total
    External,
}

/// Equivalents with their standard errors by the delta method and by the bootstrap, where known.
struct Equated {
    equivalents: Vec<f64>,
    delta: Option<Vec<f64>>,
    drawn: Option<Vec<f64>>,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, BadInput> {
    if arguments.link.is_some() && !arguments.method.starts_with("irt-") {
        return Err(BadInput(format!("--link is for irt-true and irt-observed, not for {}", arguments.method)));
    }
    if arguments.anchor == AnchorPlace::External && !arguments.method.starts_with("levine") {
        return Err(BadInput(format!(
            "--anchor external is for levine and levine-true; {} is the same for both",
            arguments.method
        )));
    }
    let progress = super::progress("equating");
    let equated = if let Some(method) = with_anchor(arguments) {
        let (x, y) = joints(arguments)?;
        observed(arguments, &x, &y, |x, y| neat(x, y, method, arguments.x_weight))?
    } else if arguments.method.starts_with("irt-") {
        by_model(arguments)?
    } else {
        let method = without_anchor(arguments)?;
        let smooth = |d: &ScoreDistribution| match arguments.smooth {
            Some(degree) => log_linear(d, degree),
            None => Ok(d.clone()),
        };
        let (x, y) = (counts(&arguments.x)?, counts(&arguments.y)?);
        observed(arguments, &x, &y, |x, y| equate(&smooth(x)?, &smooth(y)?, method))?
    };
    progress.finish_and_clear();
    let mut rows = Rows::new(&["score", "equivalent", "se", "se_bootstrap"]);
    for (score, equivalent) in equated.equivalents.iter().enumerate() {
        let of = |errors: &Option<Vec<f64>>| number(errors.as_ref().map(|e| e[score]));
        rows.push([score.to_string(), number(Some(*equivalent)), of(&equated.delta), of(&equated.drawn)]);
    }
    rows.write(&arguments.out)?;
    Ok(Outcome::Done)
}

fn with_anchor(arguments: &Arguments) -> Option<NeatMethod> {
    let anchor = match arguments.anchor {
        AnchorPlace::Internal => Anchor::Internal,
        AnchorPlace::External => Anchor::External,
    };
    match arguments.method.as_str() {
        "tucker" => Some(NeatMethod::Tucker),
        "levine" => Some(NeatMethod::Levine(anchor)),
        "levine-true" => Some(NeatMethod::LevineTrue(anchor)),
        "braun-holland" => Some(NeatMethod::BraunHolland),
        "chained-linear" => Some(NeatMethod::ChainedLinear),
        "frequency-estimation" => Some(NeatMethod::FrequencyEstimation),
        "chained-equipercentile" => Some(NeatMethod::ChainedEquipercentile),
        _ => None,
    }
}

fn without_anchor(arguments: &Arguments) -> Result<Method, BadInput> {
    match arguments.method.as_str() {
        "mean" => Ok(Method::Mean),
        "linear" => Ok(Method::Linear),
        "equipercentile" => Ok(Method::Equipercentile),
        "kernel" => Ok(Method::Kernel { bandwidth: arguments.bandwidth }),
        "circle" => Ok(Method::CircleArc),
        other => Err(BadInput(format!("--method {other} is not known; see --help"))),
    }
}

/// From counts of persons.
fn observed<T: CountTable>(
    arguments: &Arguments,
    x: &T,
    y: &T,
    equate: impl Fn(&T, &T) -> Result<Vec<f64>, Error> + Sync,
) -> Result<Equated, BadInput> {
    let equivalents = equate(x, y).map_err(BadInput::from)?;
    // Shares instead of numbers of persons have no sampling error to speak of.
    let persons = |table: &T| table.counts().iter().sum::<f64>() > 1.5;
    if !(persons(x) && persons(y)) {
        return Ok(Equated { equivalents, delta: None, drawn: None });
    }
    let delta = delta_errors(x, y, &equate).map_err(BadInput::from)?;
    let drawn = arguments
        .bootstrap
        .map(|draws| bootstrap_errors(x, y, &equate, draws, arguments.seed))
        .transpose()
        .map_err(BadInput::from)?
        .map(|(errors, failed)| {
            if failed > 0 {
                eprintln!("{failed} bootstrap draws could not be equated and were left out");
            }
            errors
        });
    Ok(Equated { equivalents, delta: Some(delta), drawn })
}

fn joints(arguments: &Arguments) -> Result<(Joint, Joint), BadInput> {
    let (x, y) = (pairs(&arguments.x)?, pairs(&arguments.y)?);
    let most = |pairs: &[(usize, usize)], part: fn(&(usize, usize)) -> usize| pairs.iter().map(part).max().unwrap_or(0);
    let anchor_max = most(&x, |p| p.1).max(most(&y, |p| p.1));
    let joint = |pairs: Vec<(usize, usize)>| {
        let max = most(&pairs, |p| p.0);
        Joint::new(pairs, max, anchor_max).map_err(BadInput::from)
    };
    Ok((joint(x)?, joint(y)?))
}

/// From calibrated items on one scale; errors where covariance.csv lies beside both.
fn by_model(arguments: &Arguments) -> Result<Equated, BadInput> {
    if arguments.bootstrap.is_some() {
        return Err(BadInput(
            "--bootstrap draws persons, which irt-* does not have; its errors are by the delta method".to_owned(),
        ));
    }
    let (x, y) = (covariance::calibration(&arguments.x, "x")?, covariance::calibration(&arguments.y, "y")?);
    let grid = Grid::new(61, 6.0);
    let method = arguments.link.as_deref().map(super::link::method).transpose()?;
    let equate = |x: &[CalibratedItem], y: &[CalibratedItem]| {
        let linked = method.map(|method| on_scale_of(x, y, method)).transpose()?;
        let x = linked.as_deref().unwrap_or(x);
        match arguments.method.as_str() {
            "irt-true" => Ok(irt_true_score(x, y)?.into_iter().map(|(_, y)| y).collect()),
            "irt-observed" => irt_observed_score(x, y, &[(0.0, 1.0, 1.0)], &grid),
            other => Err(Error::Model { what: format!("--method {other}: use irt-true or irt-observed") }),
        }
    };
    let equivalents = equate(&x.items, &y.items).map_err(BadInput::from)?;
    let delta = match (&x.covariance, &y.covariance) {
        (Some(of_x), Some(of_y)) => {
            Some(item_errors((&x.items, of_x), (&y.items, of_y), equate).map_err(BadInput::from)?)
        }
        _ => None,
    };
    Ok(Equated { equivalents, delta, drawn: None })
}

/// The items of X on the scale of Y.
fn on_scale_of(x: &[CalibratedItem], y: &[CalibratedItem], method: LinkMethod) -> Result<Vec<CalibratedItem>, Error> {
    let common = |new: &CalibratedItem| {
        let old = y.iter().find(|old| old.name == new.name)?;
        Some((old.parameters.clone(), new.parameters.clone()))
    };
    let pairs: Vec<_> = x.iter().filter_map(common).collect();
    let constants = link(&pairs, method, LinkSettings::default())?;
    let moved = |item: &CalibratedItem| CalibratedItem {
        parameters: item.parameters.on_scale(constants.scale, constants.shift),
        ..item.clone()
    };
    Ok(x.iter().map(moved).collect())
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
