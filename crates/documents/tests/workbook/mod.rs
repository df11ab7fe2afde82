//! Workbooks read back, and their formulas computed again by an evaluator that knows nothing of the engine: binary numbers
//! and the functions as spreadsheets document them.

#![allow(dead_code, reason = "not every test that reads workbooks asks for everything")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]
#![expect(clippy::float_cmp, reason = "rounded numbers are the nearest to their decimals, or wrong")]

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

/// A sheet by the names of its cells.
pub struct Sheet {
    pub name: String,
    pub numbers: BTreeMap<String, f64>,
    pub texts: BTreeMap<String, String>,
    pub formulas: BTreeMap<String, String>,
    /// Cells by row, then column, as they stand in the file.
    pub rows: Vec<Vec<Data>>,
}

/// A workbook.
pub struct Workbook {
    pub sheets: Vec<Sheet>,
}

fn name(row: usize, column: usize) -> String {
    let mut letters = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.insert(0, char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    format!("{letters}{}", row + 1)
}

fn place(name: &str) -> (usize, usize) {
    let digits = name.find(|one: char| one.is_ascii_digit()).unwrap();
    let column = name[..digits].bytes().fold(0, |column, letter| column * 26 + usize::from(letter - b'A') + 1);
    (name[digits..].parse::<usize>().unwrap() - 1, column - 1)
}

impl Workbook {
    pub fn read(bytes: Vec<u8>) -> Self {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let sheets = book.sheet_names().into_iter().map(|sheet| {
            let (range, formulas) = (book.worksheet_range(&sheet).unwrap(), book.worksheet_formula(&sheet).unwrap());
            let start = range.start().map_or((0, 0), |(row, column)| (row as usize, column as usize));
            let mut read = Sheet {
                name: sheet,
                numbers: BTreeMap::new(),
                texts: BTreeMap::new(),
                formulas: BTreeMap::new(),
                rows: range.rows().map(<[Data]>::to_vec).collect(),
            };
            for (row, column, cell) in range.used_cells() {
                let at = name(row + start.0, column + start.1);
                match cell {
                    Data::Float(number) => drop(read.numbers.insert(at, *number)),
                    Data::Int(number) => drop(read.numbers.insert(at, *number as f64)),
                    other => drop(read.texts.insert(at, other.to_string())),
                }
            }
            let start = formulas.start().map_or((0, 0), |(row, column)| (row as usize, column as usize));
            for (row, column, formula) in formulas.used_cells() {
                read.formulas.insert(name(row + start.0, column + start.1), formula.clone());
            }
            read
        });
        Self { sheets: sheets.collect() }
    }
}

impl Sheet {
    pub fn number(&self, at: &str) -> Option<f64> {
        self.numbers.get(at).copied()
    }

    /// Every formula: its cell, the number stored with it, the number that it gives.
    pub fn recalculate(&self) -> Vec<(String, f64, f64)> {
        let value = |(at, formula): (&String, &String)| {
            let mut parser = Parser { sheet: self, rest: formula.trim_start_matches('=') };
            let computed = parser.sum();
            assert_eq!(parser.rest, "", "{formula} is read to its end");
            (at.clone(), self.numbers[at], computed)
        };
        self.formulas.iter().map(value).collect()
    }

    /// The number of a cell: computed again when it is a formula, so that errors travel.
    fn value(&self, at: &str) -> Option<f64> {
        match self.formulas.get(at) {
            Some(formula) => Some(Parser { sheet: self, rest: formula.trim_start_matches('=') }.sum()),
            None => self.numbers.get(at).copied(),
        }
    }
}

struct Parser<'a> {
    sheet: &'a Sheet,
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn take(&mut self, sign: char) -> bool {
        let found = self.rest.strip_prefix(sign);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn word(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|one| !belongs(one)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn sum(&mut self) -> f64 {
        let mut value = self.product();
        loop {
            if self.take('+') {
                value += self.product();
            } else if self.take('-') {
                value -= self.product();
            } else {
                return value;
            }
        }
    }

    fn product(&mut self) -> f64 {
        let mut value = self.one();
        loop {
            if self.take('*') {
                value *= self.one();
            } else if self.take('/') {
                value /= self.one();
            } else {
                return value;
            }
        }
    }

    fn one(&mut self) -> f64 {
        if self.rest.starts_with(|one: char| one.is_ascii_digit()) {
            return self.word(|one| one.is_ascii_digit() || one == '.').parse().unwrap();
        }
        let word = self.word(|one| one.is_ascii_alphanumeric());
        if !self.take('(') {
            return self.sheet.value(word).unwrap_or_else(|| panic!("{word} is not a number"));
        }
        let value = match word {
            "ROUND" => {
                let value = self.sum();
                assert!(self.take(','));
                round(value, self.sum() as usize)
            }
            "SUM" => self.list().iter().sum(),
            "AVERAGE" => {
                let list = self.list();
                list.iter().sum::<f64>() / list.len() as f64
            }
            "RANK" => {
                let value = self.sum();
                assert!(self.take(','));
                let list = if self.take('(') {
                    let list = self.list();
                    assert!(self.take(')'));
                    list
                } else {
                    self.range()
                };
                assert!(self.take(','));
                let ascending = self.sum() != 0.0;
                let before = |other: &&f64| if ascending { **other < value } else { **other > value };
                1.0 + list.iter().filter(before).count() as f64
            }
            other => panic!("function {other}"),
        };
        assert!(self.take(')'));
        value
    }

    /// References and ranges; text in them is passed over, as spreadsheets do.
    fn list(&mut self) -> Vec<f64> {
        let mut all = self.range();
        while self.take(',') {
            all.extend(self.range());
        }
        all
    }

    fn range(&mut self) -> Vec<f64> {
        let first = self.word(|one| one.is_ascii_alphanumeric());
        let last = if self.take(':') { self.word(|one| one.is_ascii_alphanumeric()) } else { first };
        let ((top, left), (bottom, right)) = (place(first), place(last));
        (top..=bottom)
            .flat_map(|row| (left..=right).map(move |column| name(row, column)))
            .filter_map(|at| self.sheet.value(&at))
            .collect()
    }
}

/// Half away from zero in decimal, over the fifteen digits that spreadsheets count with.
fn round(value: f64, decimals: usize) -> f64 {
    let text = format!("{:.14e}", value.abs());
    let (digits, exponent) = text.split_once('e').unwrap();
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let point = exponent.parse::<i64>().unwrap() + 1;
    let keep = point + decimals as i64;
    if keep < 0 {
        return 0.0;
    }
    let keep = keep as usize;
    if keep >= digits.len() {
        return value;
    }
    let up = digits.as_bytes()[keep] >= b'5';
    let kept: u64 = digits[..keep].parse().unwrap_or(0) + u64::from(up);
    let rounded: f64 = format!("{kept}e-{decimals}").parse().unwrap();
    if value < 0.0 { -rounded } else { rounded }
}

#[test]
fn ties_are_rounded_away_from_zero() {
    assert_eq!(round(74.105, 2), 74.11);
    assert_eq!(round(79.845, 2), 79.85);
    assert_eq!(round(79.805, 2), 79.81);
    assert_eq!(round(68.25, 1), 68.3);
    assert_eq!(round(-2.5, 0), -3.0);
    assert_eq!(round(0.04, 1), 0.0);
    assert_eq!(round(99.96, 1), 100.0);
}
