//! Tables as text: CSV, JSON, SDMX-JSON 2.1 and DHIS2 data value sets. Strings only; files are the caller's.

use crate::evaluate::Absent;
use crate::suppress::Mark;
use crate::table::{Cell, Table};
use kernel::{Language, Localized};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// CSV with a heading line: row label, then columns; hidden cells as `…`, absent ones empty.
///
/// # Errors
/// Only when the text cannot be written, which memory does not refuse.
pub fn csv(table: &Table, language: Language) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let over = |column: &crate::table::Column| match &column.over {
        Some(over) => format!("{}: {}", over.in_language(language), column.heading.in_language(language)),
        None => column.heading.in_language(language).to_owned(),
    };
    writer.write_record(
        std::iter::once(table.title.in_language(language).to_owned()).chain(table.columns.iter().map(over)),
    )?;
    for (row, line) in table.rows.iter().enumerate() {
        let texts = (0..table.columns.len()).map(|column| {
            let text = table.text((row, column));
            if text == "–" { String::new() } else { text }
        });
        writer.write_record(std::iter::once(line.label.in_language(language).to_owned()).chain(texts))?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The whole structure as JSON: everything that a page shows.
///
/// # Errors
/// Never for tables of this crate; the error of the writer is passed on.
pub fn json(table: &Table) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(table)
}

/// Who sends a message and when; both come from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message<'a> {
    /// Unique id of the message: letters, digits, `_@$-`.
    pub id: &'a str,
    /// Time of preparation, ISO 8601 with zone.
    pub prepared: &'a str,
    /// Id of the sender.
    pub sender: &'a str,
    /// URN of the data flow or structure, if registered.
    pub structure_urn: Option<&'a str>,
}

fn texts(name: &Localized) -> Value {
    json!({ "kk": name.in_language(Language::Kk), "ru": name.in_language(Language::Ru), "en": name.in_language(Language::En) })
}

/// Ids that SDMX allows for values (`[A-Za-z0-9_@$-]+`), unique in their list.
fn ids(codes: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    codes
        .into_iter()
        .map(|code| {
            let allowed = |one: char| if one.is_ascii_alphanumeric() || "_@$-".contains(one) { one } else { '_' };
            let plain: String = if code.is_empty() { "_T".to_owned() } else { code.chars().map(allowed).collect() };
            let mut id = plain.clone();
            let mut number = 1;
            while !taken.insert(id.clone()) {
                number += 1;
                id = format!("{plain}_{number}");
            }
            id
        })
        .collect()
}

fn values(codes: Vec<String>, names: Vec<Localized>, language: Language) -> Vec<Value> {
    let name = |name: &Localized| name.in_language(language).to_owned();
    ids(codes)
        .into_iter()
        .zip(names)
        .map(|(id, one)| json!({ "id": id, "name": name(&one), "names": texts(&one) }))
        .collect()
}

/// SDMX-JSON 2.1.0 data message, flat, one observation per shown, hidden or missing cell.
///
/// Dimensions are the table's rows, its columns if it has any, and the measure. Hidden cells carry no value and the
/// status "Q" (suppressed), confidentiality "C"; which of them were small and which only protect others is not said.
///
/// # Errors
/// Never for tables of this crate; the error of the writer is passed on.
pub fn sdmx_json(table: &Table, message: &Message<'_>, language: Language) -> Result<String, serde_json::Error> {
    let mut groups: Vec<(String, Localized)> = Vec::new();
    let mut measures: Vec<(String, Localized)> = Vec::new();
    let position = |list: &mut Vec<(String, Localized)>, code: &str, name: &Localized| {
        list.iter().position(|(known, _)| known == code).unwrap_or_else(|| {
            list.push((code.to_owned(), name.clone()));
            list.len() - 1
        })
    };
    let places: Vec<(usize, usize)> = table
        .columns
        .iter()
        .map(|column| {
            let over = column.over.clone().unwrap_or_default();
            (position(&mut groups, &column.code, &over), position(&mut measures, &column.measure, &column.heading))
        })
        .collect();
    let mut dimensions = Vec::new();
    let mut dimension = |id: &str, name: &str, list: Vec<Value>| {
        dimensions.push(json!({ "id": id, "name": name, "keyPosition": dimensions.len(), "values": list }));
    };
    let split = |list: Vec<(String, Localized)>| -> (Vec<String>, Vec<Localized>) { list.into_iter().unzip() };
    let rows = table.rows.iter().map(|line| (line.code.clone(), line.label.clone())).collect();
    let (codes, names) = split(rows);
    dimension(&identifier(&table.row_dimension), &table.row_dimension, values(codes, names, language));
    if let Some(column_dimension) = &table.column_dimension {
        let (codes, names) = split(groups);
        dimension(&identifier(column_dimension), column_dimension, values(codes, names, language));
    }
    let (codes, names) = split(measures);
    dimension("MEASURE", "measure", values(codes, names, language));

    let mut observations = Map::new();
    for (row, cells) in table.cells.iter().enumerate() {
        for (cell, (group, measure)) in cells.iter().zip(&places) {
            let key = match table.column_dimension {
                Some(_) => format!("{row}:{group}:{measure}"),
                None => format!("{row}:{measure}"),
            };
            let (value, status) = match (cell.mark, cell.value.printed) {
                (Mark::Shown, Some(printed)) => (number(&printed.to_string()), 0),
                (Mark::Shown, None) => (Value::Null, 1),
                _ => (Value::Null, 2),
            };
            let confidentiality = i32::from(cell.mark != Mark::Shown);
            observations.insert(key, json!([value, status, confidentiality]));
        }
    }
    let links = message.structure_urn.map_or_else(Vec::new, |urn| vec![json!({ "urn": urn, "rel": "dataflow" })]);
    let attribute = |id: &str, list: &[(&str, &str)]| {
        let values: Vec<Value> = list.iter().map(|(id, name)| json!({ "id": id, "name": name })).collect();
        json!({ "id": id, "relationship": { "observation": {} }, "values": values })
    };
    let structure = json!({
        "dataSets": [0],
        "name": table.title.in_language(language),
        "names": texts(&table.title),
        "dimensions": { "observation": dimensions },
        "measures": { "observation": [{ "id": "OBS_VALUE", "format": { "dataType": "Decimal" } }] },
        "attributes": { "observation": [
            attribute("OBS_STATUS", &[("A", "Normal value"), ("M", "Missing value"), ("Q", "Missing value; suppressed")]),
            attribute("CONF_STATUS", &[("F", "Free"), ("C", "Confidential")]),
        ] },
    });
    serde_json::to_string_pretty(&json!({
        "meta": {
            "schema": "https://json.sdmx.org/2.1.0/sdmx-json-data-schema.json",
            "id": message.id,
            "prepared": message.prepared,
            "contentLanguages": [language.code()],
            "sender": { "id": message.sender },
        },
        "data": {
            "structures": [structure],
            "dataSets": [{ "structure": 0, "action": "Replace", "links": links, "observations": observations }],
        },
    }))
}

fn identifier(dimension: &str) -> String {
    let id: String =
        dimension.chars().map(|one| if one.is_ascii_alphanumeric() { one.to_ascii_uppercase() } else { '_' }).collect();
    if id.starts_with(|one: char| one.is_ascii_alphabetic()) { id } else { format!("D_{id}") }
}

fn number(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_never| Value::String(text.to_owned()))
}

/// How codes are called in a DHIS2 installation; a code without an entry is sent as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dhis2Names {
    /// Measure → data element.
    pub data_elements: BTreeMap<String, String>,
    /// Place → organisation unit.
    pub organisation_units: BTreeMap<String, String>,
    /// Period → DHIS2 period (`2024Q1`).
    pub periods: BTreeMap<String, String>,
    /// Members of flat dimensions, joined by `,` in the order of the cell → category option combination.
    pub category_option_combinations: BTreeMap<String, String>,
}

/// DHIS2 `dataValueSets` of the shown cells. Hidden and missing cells, and cells over several places or periods taken
/// together, are left out; their number is the second part of the result.
///
/// # Errors
/// Never for tables of this crate; the error of the writer is passed on.
pub fn dhis2(table: &Table, names: &Dhis2Names) -> Result<(String, usize), serde_json::Error> {
    let called =
        |list: &BTreeMap<String, String>, code: &str| list.get(code).cloned().unwrap_or_else(|| code.to_owned());
    let mut sent = Vec::new();
    let mut left_out = 0;
    for cells in &table.cells {
        for (cell, column) in cells.iter().zip(&table.columns) {
            let Cell { mark: Mark::Shown, value, opens, .. } = cell else {
                left_out += 1;
                continue;
            };
            let ([place], [period], Some(printed)) = (opens.places.as_slice(), opens.periods.as_slice(), value.printed)
            else {
                left_out += usize::from(value.absent != Some(Absent::NothingRecorded));
                continue;
            };
            let mut one = json!({
                "dataElement": called(&names.data_elements, &column.measure),
                "orgUnit": called(&names.organisation_units, place),
                "period": called(&names.periods, period),
                "value": printed.fixed(column.decimals),
            });
            let members: Vec<String> = opens.only.iter().map(|(_, codes)| codes.join("+")).collect();
            if let (false, Some(object)) = (members.is_empty(), one.as_object_mut()) {
                let combination = called(&names.category_option_combinations, &members.join(","));
                object.insert("categoryOptionCombo".to_owned(), Value::String(combination));
            }
            sent.push(one);
        }
    }
    Ok((serde_json::to_string_pretty(&json!({ "dataValues": sent }))?, left_out))
}
