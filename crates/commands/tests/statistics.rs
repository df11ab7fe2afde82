//! `zerek statistics tables`: the published tables rebuilt, and compared with what was printed by reading the files back.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "../../measures/tests/published/mod.rs"]
mod published;
#[path = "../../documents/tests/workbook/mod.rs"]
mod workbook;

use calamine::Data;
use clap::Parser;
use commands::{FileCommand, Outcome, run};
use kernel::Language;
use measures::Exact;
use measures::audit::Sheet;
use published::{DIFFERING, published};
use std::path::{Path, PathBuf};
use workbook::Workbook;

#[derive(Debug, Parser)]
struct Line {
    #[command(subcommand)]
    command: FileCommand,
}

/// A folder of its own for each test, emptied first.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _absent = std::fs::remove_dir_all(&folder);
    folder
}

fn facts() -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/facts/tables"));
    if !path.exists() {
        eprintln!("skipped: {} is absent", path.display());
        return None;
    }
    Some(path)
}

fn statistics(arguments: &[&str]) -> Result<Outcome, String> {
    let line = Line::parse_from(["zerek", "statistics", "tables"].iter().chain(arguments));
    run(line.command).map_err(|error| error.to_string())
}

fn number(cell: &Data) -> Option<Exact> {
    match cell {
        Data::Float(number) => number.to_string().parse().ok(),
        Data::Int(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

/// The rows of the sheet between the headings and the notes: label and numbers.
fn body(rows: &[Vec<Data>], columns: usize) -> Vec<(String, Vec<Option<Exact>>)> {
    let filled = |row: &&Vec<Data>| {
        let cells = row.iter().skip(1).take(columns);
        cells.filter(|cell| number(cell).is_some() || matches!(cell, Data::String(text) if text == "–")).count()
            == columns
    };
    let read = |row: &Vec<Data>| {
        (row[0].to_string(), row.iter().skip(1).take(columns).map(number).collect::<Vec<Option<Exact>>>())
    };
    rows.iter().filter(filled).map(read).collect()
}

/// Cells of a workbook that were compared, and those that differ from what was printed.
fn compare(path: &Path, view: &str, sheet: &Sheet, columns: &[String]) -> (usize, usize, Vec<String>) {
    let book = Workbook::read(std::fs::read(path).unwrap());
    let file = &book.sheets[0];
    let printed_rows = (0..sheet.rows.len()).filter(|row| {
        columns.iter().filter_map(|name| sheet.column(name)).any(|column| sheet.entry(*row, column).number().is_some())
    });
    let (mut compared, mut differing) = (0, Vec::new());
    let rows = body(&file.rows, columns.len());
    // One published table repeats a row (003 2.5 item 4): facts have it once.
    let repeated = usize::from(view == "quality_Offline_Physics");
    assert_eq!(rows.len() + repeated, printed_rows.clone().count(), "{view}: {rows:?}");
    for ((label, ours), row) in rows.iter().zip(printed_rows) {
        for (ours, name) in ours.iter().zip(columns).filter(|(_, name)| *name != "-") {
            let Some(printed) = sheet.entry(row, sheet.column(name).unwrap()).number() else { continue };
            compared += 1;
            if *ours != Some(printed.value) {
                let ours = ours.map_or_else(String::new, |ours| ours.to_string());
                differing.push(format!("{view} {label} {name}: {ours}, printed {}", printed.text));
            }
        }
    }
    let recalculated = file.recalculate();
    for (at, cached, computed) in &recalculated {
        assert!((cached - computed).abs() < 1e-12, "{view} {at}: {cached} stored, {computed} computed");
    }
    (compared, recalculated.len(), differing)
}

#[test]
fn published_tables_are_reproduced_in_the_files() {
    let Some(facts) = facts() else { return };
    let out = folder("published");
    let arguments = ["--out", out.to_str().unwrap()];
    let formats = ["--format", "xlsx", "--format", "csv"];
    assert_eq!(statistics(&[&arguments[..], &formats].concat()), Ok(Outcome::Done));
    // Typesetting takes seconds in an unoptimised build: three forms of table stand for all.
    let views = ["--format", "pdf", "--view", "table27", "--view", "table38_kk", "--view", "quality_Offline_Physics"];
    assert_eq!(statistics(&[&arguments[..], &views].concat()), Ok(Outcome::Done));
    let tables = published();
    let mut lines = Vec::new();
    for language in Language::ALL {
        let (mut compared, mut formulas, mut differing) = (0, 0, Vec::new());
        for (view, table, columns) in &tables {
            let text = std::fs::read_to_string(facts.join(format!("{table}.csv"))).unwrap();
            let file = |ending: &str| out.join(language.code()).join(format!("{view}.{ending}"));
            let (cells, recalculated, others) = compare(&file("xlsx"), view, &Sheet::from_csv(table, &text), columns);
            compared += cells;
            formulas += recalculated;
            differing.extend(others);
            let pdf = std::fs::read(file("pdf"));
            assert_eq!(pdf.is_ok(), views.contains(&view.as_str()), "{view}");
            assert!(pdf.is_err() || pdf.unwrap().starts_with(b"%PDF-1.7"), "{view}");
            let csv = std::fs::read_to_string(file("csv")).unwrap();
            assert!(csv.starts_with('\u{feff}') && csv.lines().count() > 2, "{view}");
        }
        lines.push(format!(
            "{language:8} {:>6} {compared:>7} {:>10} {formulas:>8}",
            tables.len(),
            compared - differing.len()
        ));
        assert_eq!(differing.len(), DIFFERING.len(), "{differing:#?}");
        let known: Vec<&str> = DIFFERING.iter().map(|(cell, _)| *cell).collect();
        for (found, known) in differing.iter().zip(known) {
            // The label is in the file's language; view, column and numbers are the same.
            let ends = |text: &str| text.split_once(": ").map(|(_, numbers)| numbers.to_owned());
            assert!(same_number(&ends(found).unwrap(), &ends(known).unwrap()), "{found} | {known}");
        }
    }
    eprintln!("workbooks read back:\nlanguage tables compared reproduced formulas");
    for line in &lines {
        eprintln!("{line}");
    }
}

/// `0.5, printed 1` is `0.50, printed 1`.
fn same_number(one: &str, other: &str) -> bool {
    let parse = |text: &str| {
        let (ours, printed) = text.split_once(", printed ").unwrap();
        (ours.parse::<Exact>().unwrap(), printed.to_owned())
    };
    parse(one) == parse(other)
}

#[test]
fn what_cannot_be_used_is_named_and_nothing_is_written() {
    let out = folder("refused");
    let out_text = out.to_str().unwrap();
    let error = statistics(&["--out", out_text, "--view", "table99"]).unwrap_err();
    assert!(error.contains("no table \"table99\"") && error.contains("table27"), "{error}");
    let error = statistics(&["--out", out_text, "--facts", "nowhere"]).unwrap_err();
    assert!(error.contains("nowhere"), "{error}");
    let error = statistics(&["--out", out_text, "--content", "nowhere.toml"]).unwrap_err();
    assert!(error.contains("nowhere.toml"), "{error}");
    assert!(!out.exists());
}
