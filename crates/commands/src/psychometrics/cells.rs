//! Cells of a response table while it is read: one byte each, so that a large table never stands in memory as text.

use std::collections::BTreeMap;
use std::path::Path;

use psychometrics::{Cell, ItemColumn, Responses, ResponsesBuilder};

use super::input::{DataArguments, Table, is_missing};
use crate::BadInput;

const NOT_PRESENTED: u8 = 251;
const SKIPPED: u8 = 252;
const NOT_REACHED: u8 = 253;
/// Highest score, or number of different answers to an item.
const MOST: usize = 250;

/// The item columns read so far.
pub struct Cells<'a> {
    arguments: &'a DataArguments,
    path: String,
    columns: Vec<usize>,
    names: Vec<String>,
    bytes: Vec<u8>,
    rows: usize,
    /// With a key: the labels of each column in the order met.
    labels: Option<Vec<Vec<String>>>,
    highest: Vec<u8>,
}

impl<'a> Cells<'a> {
    pub fn new(arguments: &'a DataArguments, table: &Table, columns: Vec<usize>, keyed: bool) -> Self {
        let names: Vec<String> = columns.iter().map(|c| table.header[*c].clone()).collect();
        let labels = keyed.then(|| vec![Vec::new(); columns.len()]);
        let highest = vec![1; columns.len()];
        Self { arguments, path: table.path.clone(), columns, names, bytes: Vec::new(), rows: 0, labels, highest }
    }

    pub fn push(&mut self, record: &csv::StringRecord) -> Result<(), BadInput> {
        self.rows += 1;
        for place in 0..self.columns.len() {
            let text = &record[self.columns[place]];
            let byte = match self.code(text) {
                Some(byte) => byte,
                None => self.answer(place, text)?,
            };
            self.bytes.push(byte);
        }
        Ok(())
    }

    fn code(&self, text: &str) -> Option<u8> {
        let is = |code: &Option<String>| code.as_deref() == Some(text);
        if is(&self.arguments.skipped) {
            Some(SKIPPED)
        } else if is(&self.arguments.not_reached) {
            Some(NOT_REACHED)
        } else if is_missing(text) || is(&self.arguments.not_presented) {
            Some(NOT_PRESENTED)
        } else {
            None
        }
    }

    fn answer(&mut self, place: usize, text: &str) -> Result<u8, BadInput> {
        if let Some(labels) = &mut self.labels {
            let known = &mut labels[place];
            let at = known.iter().position(|label| label == text).unwrap_or_else(|| {
                known.push(text.to_owned());
                known.len() - 1
            });
            if at >= MOST {
                let what = format!("{}: item {} has more than {MOST} different answers", self.path, self.names[place]);
                return Err(BadInput(what));
            }
            return Ok(at as u8);
        }
        let score = parse_score(text).ok_or_else(|| {
            BadInput(format!(
                "{}: row {}, column {}: {text} is not a whole score from 0 to {MOST}; name the item columns with --columns, or missing codes with --skipped, --not-reached, --not-presented",
                self.path,
                self.rows + 1,
                self.names[place]
            ))
        })?;
        self.highest[place] = self.highest[place].max(score);
        Ok(score)
    }

    /// The responses; `key` by item name when the cells are raw choices.
    pub fn finish(self, key: Option<&BTreeMap<String, Vec<String>>>) -> Result<Responses, BadInput> {
        match (&self.labels, key) {
            (Some(labels), Some(key)) => self.choices(labels, key),
            _ => self.scores(),
        }
    }

    fn scores(&self) -> Result<Responses, BadInput> {
        let mut highest = self.highest.clone();
        if let Some(path) = &self.arguments.maximum {
            maxima(path, &self.names, &mut highest)?;
        }
        let items = self.names.iter().zip(&highest).map(|(name, max)| ItemColumn::scored(name.clone(), *max)).collect();
        let mut builder = ResponsesBuilder::new(items).map_err(|error| self.refused(&error))?;
        let mut row = Vec::with_capacity(self.columns.len());
        for bytes in self.bytes.chunks_exact(self.columns.len()) {
            row.clear();
            row.extend(bytes.iter().map(|byte| special(*byte).unwrap_or(Cell::Score(*byte))));
            builder.push(&row).map_err(|error| self.refused(&error))?;
        }
        Ok(builder.finish())
    }

    fn choices(&self, labels: &[Vec<String>], key: &BTreeMap<String, Vec<String>>) -> Result<Responses, BadInput> {
        let mut items = Vec::with_capacity(self.names.len());
        // Position among the sorted options of every label as met.
        let mut places: Vec<Vec<u8>> = Vec::with_capacity(self.names.len());
        for (name, met) in self.names.iter().zip(labels) {
            let right = key.get(name).cloned().unwrap_or_default();
            let mut options: Vec<String> = met.iter().chain(&right).cloned().collect();
            options.sort();
            options.dedup();
            let find = |label: &String| options.binary_search(label).unwrap_or_default() as u8;
            places.push(met.iter().map(find).collect());
            let key = right.iter().map(find).collect();
            items.push(ItemColumn { name: name.clone(), max: 1, options, key });
        }
        let mut builder = ResponsesBuilder::new(items.clone()).map_err(|error| self.refused(&error))?;
        for bytes in self.bytes.chunks_exact(self.columns.len()) {
            let choice =
                |(place, byte): (usize, &u8)| special(*byte).is_none().then(|| places[place][usize::from(*byte)]);
            let chosen: Vec<Option<u8>> = bytes.iter().enumerate().map(choice).collect();
            let cell = |((byte, choice), item): ((&u8, &Option<u8>), &ItemColumn)| {
                special(*byte).unwrap_or(Cell::Score(u8::from(choice.is_some_and(|choice| item.key.contains(&choice)))))
            };
            let cells: Vec<Cell> = bytes.iter().zip(&chosen).zip(&items).map(cell).collect();
            builder.push_with_choices(&cells, &chosen).map_err(|error| self.refused(&error))?;
        }
        Ok(builder.finish())
    }

    fn refused(&self, error: &psychometrics::Error) -> BadInput {
        BadInput(format!("{}: {error}", self.path))
    }
}

fn special(byte: u8) -> Option<Cell> {
    match byte {
        NOT_PRESENTED => Some(Cell::NotPresented),
        SKIPPED => Some(Cell::Skipped),
        NOT_REACHED => Some(Cell::NotReached),
        _ => None,
    }
}

fn parse_score(text: &str) -> Option<u8> {
    let whole = text.parse::<u8>().ok().or_else(|| {
        let value = text.parse::<f64>().ok()?;
        (value.fract() == 0.0 && (0.0..=250.0).contains(&value)).then_some(value as u8)
    });
    whole.filter(|score| usize::from(*score) <= MOST)
}

/// Maximum scores from a file with columns item,max.
fn maxima(path: &Path, names: &[String], highest: &mut [u8]) -> Result<(), BadInput> {
    let table = Table::read(path)?;
    let (item, max) = (table.column("item")?, table.column("max")?);
    for row in 0..table.rows.len() {
        let name = &table.rows[row][item];
        let value = table.number(row, max)?.filter(|m| m.fract() == 0.0 && (1.0..=250.0).contains(m));
        let value = value.ok_or_else(|| {
            BadInput(format!("{}: item {name}: the maximum is not a whole number from 1 to 250", table.path))
        })?;
        if let Some(place) = names.iter().position(|n| n == name) {
            highest[place] = value as u8;
        }
    }
    Ok(())
}
