//! `zerek psychometrics score`.

use std::path::PathBuf;

use psychometrics::irt::Grid;
use psychometrics::{CalibratedItem, Cell, ItemColumn, Method, Responses, ResponsesBuilder, ScoreSettings};

use super::input::{self, Data, DataArguments};
use super::output::{Rows, number};
use crate::{BadInput, Outcome};

/// Score persons with calibrated items.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// Calibrated items, as written by fit
    #[arg(long, value_name = "ITEMS.CSV")]
    items: PathBuf,
    /// eap, map, ml, wle or eapsum
    #[arg(long, default_value = "eap")]
    method: String,
    /// Mean of the prior
    #[arg(long, default_value_t = 0.0, allow_hyphen_values = true)]
    mean: f64,
    /// Standard deviation of the prior
    #[arg(long, default_value_t = 1.0)]
    sd: f64,
    /// Quadrature nodes
    #[arg(long, default_value_t = 61)]
    nodes: usize,
    /// The nodes reach from -RANGE to RANGE
    #[arg(long, default_value_t = 6.0)]
    range: f64,
    /// File for person,theta,se
    #[arg(long, value_name = "SCORES.CSV")]
    out: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, BadInput> {
    let method = match arguments.method.as_str() {
        "eap" => Method::Eap,
        "map" => Method::Map,
        "ml" => Method::Ml,
        "wle" => Method::Wle,
        "eapsum" => Method::EapSum,
        other => return Err(BadInput(format!("--method {other}: use eap, map, ml, wle or eapsum"))),
    };
    let known: Vec<CalibratedItem> = input::read_items(&arguments.items)?.into_iter().map(|(item, _)| item).collect();
    let data = input::read(&arguments.data)?;
    let (responses, items) = matched(&data, &known)?;
    let settings = ScoreSettings {
        mean: arguments.mean,
        sd: arguments.sd,
        grid: Grid::new(arguments.nodes, arguments.range),
        ..ScoreSettings::default()
    };
    let scores =
        psychometrics::score(&responses, &items, method, &settings).map_err(|error| BadInput(error.to_string()))?;
    let mut rows = Rows::new(&["person", "theta", "se"]);
    let mut without = 0;
    for (person, score) in data.persons.iter().zip(&scores) {
        without += usize::from(score.is_none());
        rows.push([person.clone(), number(score.map(|s| s.theta)), number(score.map(|s| s.se))]);
    }
    rows.write(&arguments.out)?;
    for warning in &data.warnings {
        eprintln!("{warning}");
    }
    if without > 0 {
        eprintln!(
            "{without} persons have no {} score (no responses, or all or nothing right); their cells are empty",
            arguments.method
        );
    }
    Ok(Outcome::Done)
}

/// The columns of the data that are calibrated, with their items.
fn matched(data: &Data, known: &[CalibratedItem]) -> Result<(Responses, Vec<CalibratedItem>), BadInput> {
    let columns = data.responses.items();
    let find = |column: &ItemColumn| known.iter().find(|item| item.name == column.name);
    let kept: Vec<(usize, &CalibratedItem)> =
        columns.iter().enumerate().filter_map(|(i, column)| Some((i, find(column)?))).collect();
    if kept.is_empty() {
        return Err(BadInput("no column of the data is in the file of items; check the names".to_owned()));
    }
    let left: Vec<&str> =
        columns.iter().filter(|column| find(column).is_none()).map(|column| column.name.as_str()).collect();
    if !left.is_empty() {
        eprintln!("columns that are not calibrated were left out: {}", left.join(", "));
    }
    let refused = |error: psychometrics::Error| BadInput(error.to_string());
    let mut items = Vec::new();
    for (place, item) in &kept {
        let top = item.scores.last().copied().unwrap_or(1);
        if columns[*place].max > top {
            return Err(BadInput(format!(
                "item {}: the data have score {} but the calibration ends at {top}",
                item.name, columns[*place].max
            )));
        }
        items.push(ItemColumn { max: top, ..columns[*place].clone() });
    }
    let mut builder = ResponsesBuilder::new(items).map_err(refused)?;
    for person in 0..data.responses.persons() {
        let row: Vec<Cell> = kept.iter().map(|(place, _)| data.responses.cell(person, *place)).collect();
        builder.push(&row).map_err(refused)?;
    }
    Ok((builder.finish(), kept.into_iter().map(|(_, item)| item.clone()).collect()))
}
