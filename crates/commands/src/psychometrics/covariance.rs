//! Covariance matrices of item parameters beside an items.csv, for errors of linking and equating.

use std::path::Path;

use psychometrics::linking::{Calibration, values};
use psychometrics::{CalibratedItem, ItemParameters};

use super::input::{self, Table};
use super::output::{Rows, number};
use crate::BadInput;

const FILE: &str = "covariance.csv";

/// Writes covariance.csv: a row and a column for every parameter, named by item and parameter.
pub fn write(names: &[(String, String)], matrix: &[f64], out: &Path) -> Result<(), BadInput> {
    let mut header = vec!["item".to_owned(), "parameter".to_owned()];
    header.extend(names.iter().map(|(item, parameter)| format!("{item}:{parameter}")));
    let mut rows = Rows::new(&header);
    for ((item, parameter), row) in names.iter().zip(matrix.chunks_exact(names.len().max(1))) {
        let cells = [item.clone(), parameter.clone()];
        rows.push(cells.into_iter().chain(row.iter().map(|value| number(Some(*value)))));
    }
    rows.write(&out.join(FILE))
}

/// Writes the matrix of a calibration that was moved; nothing where it is unknown.
pub fn write_moved(calibration: &Calibration, out: &Path) -> Result<(), BadInput> {
    let Some(matrix) = &calibration.covariance else { return Ok(()) };
    let mut names: Vec<(String, String)> = Vec::new();
    for item in &calibration.items {
        let own = match &item.parameters {
            ItemParameters::Logistic { .. } => ["a1", "d", "g", "u"].map(str::to_owned).to_vec(),
            ItemParameters::PartialCredit { intercepts, .. } | ItemParameters::Graded { intercepts, .. } => {
                std::iter::once("a1".to_owned()).chain((1..=intercepts.len()).map(|k| format!("d{k}"))).collect()
            }
            ItemParameters::Nominal { slopes, .. } => {
                let series = |letter: &'static str| (1..=slopes.len()).map(move |k| format!("{letter}{k}"));
                series("a").chain(series("c")).collect()
            }
        };
        let count = values(&item.parameters).len();
        names.extend(own.into_iter().take(count).map(|parameter| (item.name.clone(), parameter)));
    }
    write(&names, matrix, out)
}

/// A calibration with its covariance matrix where the file lies beside the items.
pub fn calibration(path: &Path, name: &str) -> Result<Calibration, BadInput> {
    let items: Vec<CalibratedItem> = input::read_items(path)?.into_iter().map(|(item, _)| item).collect();
    let beside = path.with_file_name(FILE);
    let covariance = if beside.exists() { Some(read(&beside, &items)?) } else { None };
    Ok(Calibration { name: name.to_owned(), items, covariance })
}

fn read(path: &Path, items: &[CalibratedItem]) -> Result<Vec<f64>, BadInput> {
    let table = Table::read(path)?;
    let item = table.column("item")?;
    let mut places: Vec<usize> = Vec::new();
    for known in items {
        let own: Vec<usize> = (0..table.rows.len()).filter(|row| table.rows[*row][item] == *known.name).collect();
        let needed = values(&known.parameters).len();
        // A two-parameter item may carry its fixed asymptotes as further rows.
        if own.len() < needed {
            return Err(BadInput(format!(
                "{}: item {} has {} rows but {needed} parameters; the file does not belong to these items",
                table.path,
                known.name,
                own.len()
            )));
        }
        places.extend(&own[..needed]);
    }
    let mut matrix = Vec::with_capacity(places.len() * places.len());
    for row in &places {
        for column in &places {
            if column + 2 >= table.header.len() {
                return Err(BadInput(format!("{}: the matrix is not square", table.path)));
            }
            let value = table.number(*row, column + 2)?;
            matrix.push(value.ok_or_else(|| BadInput(format!("{}: row {}: a cell is empty", table.path, row + 2)))?);
        }
    }
    Ok(matrix)
}
