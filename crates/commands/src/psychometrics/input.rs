//! Reading response tables, keys and item files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use psychometrics::{CalibratedItem, Cell, ItemColumn, ItemParameters, Model, Responses, ResponsesBuilder};

use crate::BadInput;

/// Where the responses are and what its columns mean.
#[derive(Debug, clap::Args)]
pub struct DataArguments {
    /// Responses: header of item names, one row per person, empty or NA = missing; .csv or .csv.gz
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
    pub warnings: Vec<String>,
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

impl Table {
    pub fn read(path: &Path) -> Result<Self, BadInput> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| bad(format!("{name}: cannot be opened: {error}")))?;
        let mut plain: Box<dyn Read> = Box::new(BufReader::with_capacity(1 << 16, file));
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz")) {
            plain = Box::new(flate2::read::MultiGzDecoder::new(plain));
        }
        let mut reader = csv::ReaderBuilder::new().flexible(false).trim(csv::Trim::All).from_reader(plain);
        let unreadable = |error: csv::Error| bad(format!("{name}: {error}"));
        let header: Vec<String> =
            reader.headers().map_err(unreadable)?.iter().map(|h| h.trim_start_matches('\u{feff}').to_owned()).collect();
        let mut seen = BTreeSet::new();
        if let Some(twice) = header.iter().find(|h| !seen.insert(h.as_str())) {
            return Err(bad(format!("{name}: column {twice} occurs twice; rename one")));
        }
        let rows = reader.records().collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
        if rows.is_empty() {
            return Err(bad(format!("{name}: there are no rows below the header")));
        }
        Ok(Self { path: name, header, rows })
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

fn is_missing(text: &str) -> bool {
    text.is_empty() || text == "NA"
}

/// Reads the responses.
pub fn read(arguments: &DataArguments) -> Result<Data, BadInput> {
    let table = Table::read(&arguments.data)?;
    let mut warnings = Vec::new();
    let named = |name: &Option<String>| name.as_deref().map(|name| table.column(name)).transpose();
    let (id, group, weight) = (named(&arguments.id)?, named(&arguments.group)?, named(&arguments.weight)?);
    let special = [id, group, weight];
    let mut columns: Vec<usize> = (0..table.header.len()).filter(|c| !special.contains(&Some(*c))).collect();
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
            warnings.push(format!("columns without a key were left out: {}", shown(&without)));
        }
        columns.retain(|c| key.contains_key(&table.header[*c]));
    }
    if columns.is_empty() {
        return Err(bad(format!("{}: no item columns are left", table.path)));
    }
    let mut responses = match &key {
        Some(key) => choices(&table, &columns, key, arguments)?,
        None => scores(&table, &columns, arguments)?,
    };
    if let Some(weight) = weight {
        let missing = |row: usize| bad(format!("{}: row {}: the weight is missing", table.path, row + 2));
        let weights: Vec<f64> = (0..table.rows.len())
            .map(|row| table.number(row, weight)?.ok_or_else(|| missing(row)))
            .collect::<Result<_, _>>()?;
        responses = responses.with_weights(weights).map_err(|error| bad(error.to_string()))?;
    }
    if let Some(group) = group {
        let labels: Vec<String> = table.rows.iter().map(|row| row[group].to_owned()).collect();
        if let Some(row) = labels.iter().position(|label| is_missing(label)) {
            return Err(bad(format!(
                "{}: row {}: the group is missing; give one or leave the person out",
                table.path,
                row + 2
            )));
        }
        responses = responses.with_groups(&labels).map_err(|error| bad(error.to_string()))?;
    }
    let persons: Vec<String> = match id {
        Some(id) => table.rows.iter().map(|row| row[id].to_owned()).collect(),
        None => (1..=table.rows.len()).map(|row| row.to_string()).collect(),
    };
    let mut sorted: Vec<&String> = persons.iter().collect();
    sorted.sort();
    let mut twice: Vec<String> =
        sorted.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone()).collect();
    twice.dedup();
    if !twice.is_empty() {
        warnings.push(format!(
            "{} persons occur more than once: {}; every row counts as a person",
            twice.len(),
            shown(&twice)
        ));
    }
    Ok(Data { responses, persons, warnings })
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

fn cell_code(text: &str, arguments: &DataArguments) -> Option<Cell> {
    let is = |code: &Option<String>| code.as_deref() == Some(text);
    if is(&arguments.skipped) {
        Some(Cell::Skipped)
    } else if is(&arguments.not_reached) {
        Some(Cell::NotReached)
    } else if is_missing(text) || is(&arguments.not_presented) {
        Some(Cell::NotPresented)
    } else {
        None
    }
}

fn scores(table: &Table, columns: &[usize], arguments: &DataArguments) -> Result<Responses, BadInput> {
    let mut cells = vec![Cell::NotPresented; table.rows.len() * columns.len()];
    let mut highest = vec![1_u8; columns.len()];
    for (row, record) in table.rows.iter().enumerate() {
        for (place, column) in columns.iter().enumerate() {
            let text = &record[*column];
            let cell = if let Some(cell) = cell_code(text, arguments) {
                cell
            } else {
                {
                    let score = parse_score(text).ok_or_else(|| {
                        bad(format!(
                            "{}: row {}, column {}: {text} is not a whole score from 0 to 250; name the item columns with --columns, or missing codes with --skipped, --not-reached, --not-presented",
                            table.path, row + 2, table.header[*column]
                        ))
                    })?;
                    highest[place] = highest[place].max(score);
                    Cell::Score(score)
                }
            };
            cells[row * columns.len() + place] = cell;
        }
    }
    if let Some(path) = &arguments.maximum {
        let table_of_max = Table::read(path)?;
        let (item, max) = (table_of_max.column("item")?, table_of_max.column("max")?);
        for row in 0..table_of_max.rows.len() {
            let name = &table_of_max.rows[row][item];
            let value = table_of_max.number(row, max)?.filter(|m| m.fract() == 0.0 && (1.0..=250.0).contains(m));
            let value = value.ok_or_else(|| {
                bad(format!("{}: item {name}: the maximum is not a whole number from 1 to 250", table_of_max.path))
            })?;
            if let Some(place) = columns.iter().position(|c| table.header[*c] == name) {
                highest[place] = value as u8;
            }
        }
    }
    let items =
        columns.iter().zip(&highest).map(|(c, max)| ItemColumn::scored(table.header[*c].clone(), *max)).collect();
    let refused = |error: psychometrics::Error| bad(format!("{}: {error}", table.path));
    let mut builder = ResponsesBuilder::new(items).map_err(refused)?;
    for row in cells.chunks_exact(columns.len()) {
        builder.push(row).map_err(refused)?;
    }
    Ok(builder.finish())
}

fn parse_score(text: &str) -> Option<u8> {
    let whole = text.parse::<u8>().ok().or_else(|| {
        let value = text.parse::<f64>().ok()?;
        (value.fract() == 0.0 && (0.0..=250.0).contains(&value)).then_some(value as u8)
    });
    whole.filter(|score| *score <= 250)
}

fn choices(
    table: &Table,
    columns: &[usize],
    key: &BTreeMap<String, Vec<String>>,
    arguments: &DataArguments,
) -> Result<Responses, BadInput> {
    let mut items = Vec::with_capacity(columns.len());
    for column in columns {
        let name = &table.header[*column];
        let right = key.get(name).cloned().unwrap_or_default();
        let mut options: Vec<String> = table
            .rows
            .iter()
            .map(|row| row[*column].to_owned())
            .filter(|text| cell_code(text, arguments).is_none())
            .chain(right.clone())
            .collect();
        options.sort();
        options.dedup();
        if options.len() > 250 {
            return Err(bad(format!(
                "{}: item {name} has {} different answers; raw choices allow 250",
                table.path,
                options.len()
            )));
        }
        let key = right.iter().filter_map(|label| options.binary_search(label).ok()).map(|place| place as u8).collect();
        items.push(ItemColumn { name: name.clone(), max: 1, options, key });
    }
    let refused = |error: psychometrics::Error| bad(format!("{}: {error}", table.path));
    let mut builder = ResponsesBuilder::new(items.clone()).map_err(refused)?;
    for record in &table.rows {
        let mut cells = Vec::with_capacity(columns.len());
        let mut chosen = Vec::with_capacity(columns.len());
        for (item, column) in items.iter().zip(columns) {
            let text = record[*column].to_owned();
            let code = cell_code(&text, arguments);
            let choice =
                if code.is_none() { item.options.binary_search(&text).ok().map(|place| place as u8) } else { None };
            cells.push(code.unwrap_or(Cell::Score(u8::from(choice.is_some_and(|choice| item.key.contains(&choice))))));
            chosen.push(choice);
        }
        builder.push_with_choices(&cells, &chosen).map_err(refused)?;
    }
    Ok(builder.finish())
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
