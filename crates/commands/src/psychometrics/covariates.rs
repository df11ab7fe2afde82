//! Columns of the data as covariates of ability.

use psychometrics::irt::Covariates;

use super::input::is_missing;
use crate::BadInput;

/// Most categories of one column.
const MOST_CATEGORIES: usize = 50;

/// Numbers as they are, and a column of 0 and 1 for every category of a text but the first in sorted order. `names` are
/// the columns that `option` asked for, `texts` their cells person by person.
pub fn covariates(option: &str, names: &[String], texts: &[Vec<String>]) -> Result<Covariates, BadInput> {
    let mut made = Covariates { names: Vec::new(), rows: vec![Vec::new(); texts.len()] };
    for (column, name) in names.iter().enumerate() {
        if let Some(row) = texts.iter().position(|row| is_missing(&row[column])) {
            return Err(BadInput(format!(
                "{option} {name}: row {} is empty; give a value or a category for missing ones",
                row + 2
            )));
        }
        let numbers: Option<Vec<f64>> =
            texts.iter().map(|row| row[column].parse().ok().filter(|x: &f64| x.is_finite())).collect();
        if let Some(numbers) = numbers {
            made.names.push(name.clone());
            made.rows.iter_mut().zip(numbers).for_each(|(row, value)| row.push(value));
            continue;
        }
        let mut categories: Vec<&String> = texts.iter().map(|row| &row[column]).collect();
        categories.sort();
        categories.dedup();
        match categories.len() {
            1 => {
                return Err(BadInput(format!("{option} {name}: all persons have {}; it says nothing", categories[0])));
            }
            n if n > MOST_CATEGORIES => {
                return Err(BadInput(format!("{option} {name}: {n} categories; at most {MOST_CATEGORIES}")));
            }
            _ => {}
        }
        for category in categories.into_iter().skip(1) {
            made.names.push(format!("{name}={category}"));
            for (row, text) in made.rows.iter_mut().zip(texts) {
                row.push(f64::from(u8::from(&text[column] == category)));
            }
        }
    }
    Ok(made)
}
