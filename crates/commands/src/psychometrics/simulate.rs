//! `zerek psychometrics simulate`.

use std::path::PathBuf;

use psychometrics::CalibratedItem;
use psychometrics::simulation::{Generator, simulate};

use super::input;
use super::output::{Rows, number};
use crate::{BadInput, Outcome};

/// Simulate responses of persons with normal abilities.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Items, as written by fit
    #[arg(long, value_name = "ITEMS.CSV")]
    items: PathBuf,
    /// Number of persons
    #[arg(long, default_value_t = 1000)]
    persons: usize,
    /// Mean ability
    #[arg(long, default_value_t = 0.0, allow_hyphen_values = true)]
    mean: f64,
    /// Standard deviation of ability
    #[arg(long, default_value_t = 1.0)]
    sd: f64,
    /// Seed: the same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// File for the abilities (person,theta)
    #[arg(long, value_name = "CSV")]
    abilities: Option<PathBuf>,
    /// File for the responses
    #[arg(long, value_name = "DATA.CSV")]
    out: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, BadInput> {
    if !(arguments.sd >= 0.0 && arguments.sd.is_finite() && arguments.mean.is_finite()) {
        return Err(BadInput("--mean and --sd must be finite and --sd not negative".to_owned()));
    }
    if arguments.persons == 0 {
        return Err(BadInput("--persons: at least one".to_owned()));
    }
    let items: Vec<CalibratedItem> = input::read_items(&arguments.items)?.into_iter().map(|(item, _)| item).collect();
    let mut generator = Generator::new(arguments.seed);
    let thetas: Vec<f64> = (0..arguments.persons).map(|_| arguments.mean + arguments.sd * generator.normal()).collect();
    let responses = simulate(&items, &thetas, &mut generator).map_err(|error| BadInput(error.to_string()))?;
    let names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
    let mut rows = Rows::new(&names);
    for person in 0..responses.persons() {
        rows.push(responses.of_person(person).map(|(_, cell)| match cell {
            psychometrics::Cell::Score(score) => score.to_string(),
            _ => String::new(),
        }));
    }
    rows.write(&arguments.out)?;
    if let Some(path) = &arguments.abilities {
        let mut rows = Rows::new(&["person", "theta"]);
        for (person, theta) in thetas.iter().enumerate() {
            rows.push([(person + 1).to_string(), number(Some(*theta))]);
        }
        rows.write(path)?;
    }
    Ok(Outcome::Done)
}
