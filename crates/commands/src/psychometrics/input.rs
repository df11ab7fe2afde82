//! Reading response tables, keys and item files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use psychometrics::{CalibratedItem, ItemParameters, Model, Responses};

use super::cells::Cells;
use super::parquet::ParquetRows;

use crate::BadInput;

/// Where the responses are and what its columns mean.
#[derive(Debug, Clone, clap::Args)]
pub struct DataArguments {
    /// Responses: header of item names, one row per person, empty or NA = missing; .csv, .csv.gz or .parquet
    pub data: PathBuf,
    /// Column with the person's identifier (otherwise the row number)
    #[arg(long, value_name = "COL")]
    pub id: Option<String>,
    /// Column with the person's group
    #[arg(long, value_name = "COL")]
    pub group: Option<String>,
    /// Column with the person's weight
    #[arg(long, value_name = "COL")]
    pub weight: Option<String>,
    /// Key of raw choices: columns item,key; only items with a key are used
    #[arg(long, value_name = "KEY.CSV")]
    pub key: Option<PathBuf>,
    /// Use only these columns as items: names separated by commas, or a prefix followed by *
    #[arg(long, value_name = "NAMES")]
    pub columns: Option<String>,
    /// Maximum scores: columns item,max (otherwise the largest score found)
    #[arg(long, value_name = "MAX.CSV")]
    pub maximum: Option<PathBuf>,
    /// Code of an item that was not in the person's form (besides empty and NA)
    #[arg(long, value_name = "CODE")]
    pub not_presented: Option<String>,
    /// Code of an item seen and left out; counts as zero points
    #[arg(long, value_name = "CODE")]
    pub skipped: Option<String>,
    /// Code of an item not reached; does not count in calibration and counts as zero points in scores
    #[arg(long, value_name = "CODE")]
    pub not_reached: Option<String>,
}

/// Responses with the identifiers of the persons.
pub struct Data {
    pub responses: Responses,
    pub persons: Vec<String>,
    /// What deserves a look, in English for files.
    pub warnings: Vec<String>,
    /// The same for a reader's language.
    pub notes: Vec<Note>,
}

/// A remark about the data.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Note {
    #[error("columns without a key were left out: {0}")]
    WithoutKey(String),
    #[error("{0} persons occur more than once: {1}; every row counts as a person")]
    Repeated(usize, String),
}

/// A text table with named columns.
pub struct Table {
    pub path: String,
    pub header: Vec<String>,
    pub rows: Vec<csv::StringRecord>,
}

fn bad(text: String) -> BadInput {
    BadInput(text)
}

/// Rows one after another, from text or Parquet.
enum RowSource {
    Text(Box<csv::Reader<Box<dyn Read>>>),
    Parquet(Box<ParquetRows>),
}

impl RowSource {
    /// `false` after the last row.
    fn next(&mut self, name: &str, record: &mut csv::StringRecord) -> Result<bool, BadInput> {
        match self {
            Self::Text(reader) => reader.read_record(record).map_err(|error| match error.kind() {
                csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
                    let line = pos.as_ref().map_or(0, csv::Position::line);
                    bad(format!("{name}: line {line} has {len} cells and the header {expected_len}"))
                }
                _ => bad(format!("{name}: {error}")),
            }),
            Self::Parquet(rows) => rows.next(record),
        }
    }
}

impl Table {
    pub fn read(path: &Path) -> Result<Self, BadInput> {
        let (mut table, mut source) = Self::open(path)?;
        let mut record = csv::StringRecord::new();
        while source.next(&table.path, &mut record)? {
            table.rows.push(record.clone());
        }
        if table.rows.is_empty() {
            return Err(bad(format!("{}: there are no rows below the header", table.path)));
        }
        Ok(table)
    }

    /// The header alone, and the source that stands at the first row.
    fn open(path: &Path) -> Result<(Self, RowSource), BadInput> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| bad(format!("{name}: cannot be opened: {error}")))?;
        let (header, source) = if has_extension(path, "parquet") {
            let rows = ParquetRows::open(&name, file)?;
            (rows.header().to_vec(), RowSource::Parquet(Box::new(rows)))
        } else {
            let bytes = file.metadata().map_or(0, |about| about.len());
            let file = super::progress_of_bytes(bytes).wrap_read(file);
            let mut plain: Box<dyn Read> = Box::new(BufReader::with_capacity(1 << 16, file));
            if has_extension(path, "gz") {
                plain = Box::new(flate2::read::MultiGzDecoder::new(plain));
            }
            let mut reader = csv::ReaderBuilder::new().flexible(false).trim(csv::Trim::All).from_reader(plain);
            let unreadable = |error: csv::Error| bad(format!("{name}: {error}"));
            let header = reader.headers().map_err(unreadable)?;
            let header = header.iter().map(|h| h.trim_start_matches('\u{feff}').to_owned()).collect();
            (header, RowSource::Text(Box::new(reader)))
        };
        let mut seen = BTreeSet::new();
        if let Some(twice) = header.iter().find(|h| !seen.insert(h.as_str())) {
            return Err(bad(format!("{name}: column {twice} occurs twice; rename one")));
        }
        Ok((Self { path: name, header, rows: Vec::new() }, source))
    }

    pub fn column(&self, name: &str) -> Result<usize, BadInput> {
        self.find(name).ok_or_else(|| {
            bad(format!("{}: there is no column {name}; its columns are {}", self.path, shown(&self.header)))
        })
    }

    pub fn find(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|h| h == name)
    }

    /// A number, `None` when empty or NA.
    pub fn number(&self, row: usize, column: usize) -> Result<Option<f64>, BadInput> {
        let text = &self.rows[row][column];
        if is_missing(text) {
            return Ok(None);
        }
        let value: Option<f64> = text.parse().ok().filter(|x: &f64| x.is_finite());
        let place =
            || format!("{}: row {}, column {}: {text} is not a finite number", self.path, row + 2, self.header[column]);
        value.map(Some).ok_or_else(|| bad(place()))
    }
}

fn shown(names: &[String]) -> String {
    let first: Vec<&str> = names.iter().take(12).map(String::as_str).collect();
    let more = if names.len() > 12 { ", ..." } else { "" };
    format!("{}{more}", first.join(", "))
}

pub fn is_missing(text: &str) -> bool {
    text.is_empty() || text == "NA"
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|own| own.eq_ignore_ascii_case(extension))
}

/// Reads the responses.
pub fn read(arguments: &DataArguments) -> Result<Data, BadInput> {
    read_with(arguments, &[]).map(|(data, _)| data)
}

/// Reads the responses and, person by person, the texts of other columns.
pub fn read_with(arguments: &DataArguments, others: &[String]) -> Result<(Data, Vec<Vec<String>>), BadInput> {
    let (table, mut source) = Table::open(&arguments.data)?;
    let mut notes = Vec::new();
    let named = |name: &Option<String>| name.as_deref().map(|name| table.column(name)).transpose();
    let (id, group, weight) = (named(&arguments.id)?, named(&arguments.group)?, named(&arguments.weight)?);
    let others = others.iter().map(|name| table.column(name)).collect::<Result<Vec<_>, _>>()?;
    let special = [id, group, weight];
    let is_item = |c: &usize| !special.contains(&Some(*c)) && !others.contains(c);
    let mut columns: Vec<usize> = (0..table.header.len()).filter(is_item).collect();
    if let Some(names) = &arguments.columns {
        columns = chosen(&table, names)?;
    }
    let key = arguments.key.as_deref().map(read_key).transpose()?;
    if let Some(key) = &key {
        for item in key.keys() {
            if table.find(item).is_none() {
                return Err(bad(format!(
                    "the key names item {item}, which is no column of {}; correct the key",
                    table.path
                )));
            }
        }
        let without: Vec<String> =
            columns.iter().map(|c| table.header[*c].clone()).filter(|name| !key.contains_key(name)).collect();
        if !without.is_empty() {
            notes.push(Note::WithoutKey(shown(&without)));
        }
        columns.retain(|c| key.contains_key(&table.header[*c]));
    }
    if columns.is_empty() {
        return Err(bad(format!("{}: no item columns are left", table.path)));
    }
    let mut cells = Cells::new(arguments, &table, columns, key.is_some());
    let (mut persons, mut weights, mut labels, mut texts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut record = csv::StringRecord::new();
    while source.next(&table.path, &mut record)? {
        texts.push(others.iter().map(|column| record[*column].to_owned()).collect());
        let row = persons.len() + 2;
        cells.push(&record)?;
        persons.push(id.map_or_else(|| (row - 1).to_string(), |id| record[id].to_owned()));
        if let Some(weight) = weight {
            let value = record[weight].parse::<f64>().ok().filter(|w| w.is_finite());
            weights.push(value.filter(|weight| *weight >= 0.0).ok_or_else(|| {
                let text = &record[weight];
                bad(format!("{}: row {row}: the weight {text} is not a number from 0 on", table.path))
            })?);
        }
        if let Some(group) = group {
            if is_missing(&record[group]) {
                return Err(bad(format!(
                    "{}: row {row}: the group is missing; give one or leave the person out",
                    table.path
                )));
            }
            labels.push(record[group].to_owned());
        }
    }
    if persons.is_empty() {
        return Err(bad(format!("{}: there are no rows below the header", table.path)));
    }
    let mut responses = cells.finish(key.as_ref())?;
    if weight.is_some() {
        responses = responses.with_weights(weights).map_err(|error| bad(error.to_string()))?;
    }
    if group.is_some() {
        responses = responses.with_groups(&labels).map_err(|error| bad(error.to_string()))?;
    }
    let mut sorted: Vec<&String> = persons.iter().collect();
    sorted.sort();
    let mut twice: Vec<String> =
        sorted.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone()).collect();
    twice.dedup();
    if !twice.is_empty() {
        notes.push(Note::Repeated(twice.len(), shown(&twice)));
    }
    let warnings = notes.iter().map(ToString::to_string).collect();
    Ok((Data { responses, persons, warnings, notes }, texts))
}

fn chosen(table: &Table, names: &str) -> Result<Vec<usize>, BadInput> {
    let mut columns = Vec::new();
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        match name.strip_suffix('*') {
            Some(prefix) => columns.extend((0..table.header.len()).filter(|c| table.header[*c].starts_with(prefix))),
            None => columns.push(table.column(name)?),
        }
    }
    columns.sort_unstable();
    columns.dedup();
    Ok(columns)
}

/// Keys by item; several keys of one item are separated by `|`.
fn read_key(path: &Path) -> Result<BTreeMap<String, Vec<String>>, BadInput> {
    let table = Table::read(path)?;
    let (item, key) = (table.column("item")?, table.column("key")?);
    let mut keys = BTreeMap::new();
    for (row, record) in table.rows.iter().enumerate() {
        let right: Vec<String> =
            record[key].split('|').map(str::trim).filter(|k| !k.is_empty()).map(str::to_owned).collect();
        if right.is_empty() {
            return Err(bad(format!("{}: row {}: item {} has no key", table.path, row + 2, &record[item])));
        }
        if keys.insert(record[item].to_owned(), right).is_some() {
            return Err(bad(format!(
                "{}: item {} has two keys; write them in one row, separated by |",
                table.path, &record[item]
            )));
        }
    }
    Ok(keys)
}

/// Items of an items.csv: slope-intercept columns when present, else a, b (or b1...), c, u.
pub fn read_items(path: &Path) -> Result<Vec<(CalibratedItem, Option<Model>)>, BadInput> {
    let table = Table::read(path)?;
    let name = table.column("item")?;
    let model_column = table.find("model");
    let mut items = Vec::with_capacity(table.rows.len());
    for row in 0..table.rows.len() {
        let item = table.rows[row][name].to_owned();
        let get = |column: &str| table.find(column).map_or(Ok(None), |c| table.number(row, c));
        let series = |prefix: &str| -> Result<Vec<f64>, BadInput> {
            let mut values = Vec::new();
            while let Some(value) = get(&format!("{prefix}{}", values.len() + 1))? {
                values.push(value);
            }
            Ok(values)
        };
        let model_name = model_column.map(|c| table.rows[row][c].to_owned());
        let model = match &model_name {
            Some(text) => Some(
                model_from(text, get("slope")?)
                    .ok_or_else(|| bad(format!("{}: item {item}: model {text} is not known", table.path)))?,
            ),
            None => None,
        };
        let incomplete = || {
            bad(format!(
                "{}: item {item}: parameters are missing; give a1 and d (or d1...), or a and b (or b1...)",
                table.path
            ))
        };
        let asymptote = |value: Option<f64>, other: Option<f64>, none: f64| value.or(other).unwrap_or(none);
        let parameters = if model == Some(Model::Nominal) {
            let (slopes, intercepts) = (series("a")?, series("c")?);
            if slopes.is_empty() || slopes.len() != intercepts.len() {
                return Err(incomplete());
            }
            ItemParameters::Nominal { slopes, intercepts }
        } else {
            let slope = get("a1")?.or(get("a")?).ok_or_else(incomplete)?;
            let (steps, difficulties) = (series("d")?, series("b")?);
            let graded = model == Some(Model::Graded);
            if let Some(intercept) =
                get("d")?.or(get("b")?.map(|b| -slope * b)).filter(|_| steps.is_empty() && difficulties.is_empty())
            {
                if graded {
                    ItemParameters::Graded { slope, intercepts: vec![intercept] }
                } else {
                    let (lower, upper) = (asymptote(get("c")?, get("g")?, 0.0), asymptote(get("u")?, None, 1.0));
                    ItemParameters::Logistic { slope, intercept, lower, upper }
                }
            } else {
                let mut intercepts = steps;
                if intercepts.is_empty() {
                    let mut sum = 0.0;
                    for b in difficulties {
                        sum = if graded { -slope * b } else { sum - slope * b };
                        intercepts.push(sum);
                    }
                }
                if intercepts.is_empty() {
                    return Err(incomplete());
                }
                if graded {
                    ItemParameters::Graded { slope, intercepts }
                } else {
                    ItemParameters::PartialCredit { slope, intercepts }
                }
            }
        };
        let mut calibrated = CalibratedItem::new(item, parameters);
        if let Some(scores) = table.find("scores").map(|c| &table.rows[row][c]).filter(|text| !text.is_empty()) {
            let listed: Option<Vec<u8>> = scores.split(';').map(|s| s.trim().parse().ok()).collect();
            calibrated.scores = listed.filter(|s| s.len() == calibrated.scores.len()).ok_or_else(|| {
                bad(format!(
                    "{}: item {}: scores {scores} do not fit the number of categories",
                    table.path, calibrated.name
                ))
            })?;
        }
        items.push((calibrated, model));
    }
    Ok(items)
}

/// A model by its name; OPLM takes its whole slope from the file.
pub fn model_from(name: &str, slope: Option<f64>) -> Option<Model> {
    if name.eq_ignore_ascii_case("oplm") {
        return slope.filter(|s| s.fract() == 0.0 && (1.0..=64.0).contains(s)).map(|s| Model::Oplm(s as u8));
    }
    Model::from_name(name)
}
