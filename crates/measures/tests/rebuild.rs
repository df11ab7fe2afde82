//! The published tables rebuilt from facts by the views of packs/kz/measures/content, compared cell by cell.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod published;

use kernel::Language;
use measures::audit::{Sheet, is_total};
use measures::definition::Catalogue;
use measures::evaluate::Evaluation;
use measures::view::Content;
use measures::{Cube, write};
use published::{DIFFERING, published};
use std::path::{Path, PathBuf};

fn read(folder: &Path, table: &str) -> Sheet {
    Sheet::from_csv(table, &std::fs::read_to_string(folder.join(format!("{table}.csv"))).unwrap())
}

#[test]
fn published_tables_are_rebuilt_from_facts() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/facts/tables"));
    if !folder.exists() {
        eprintln!("skipped: {} is absent", folder.display());
        return;
    }
    let pack = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/kz/measures"));
    let mut files: Vec<PathBuf> = std::fs::read_dir(pack).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.is_file());
    files.sort();
    let texts: Vec<String> = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let catalogue = Catalogue::from_toml(texts.iter().map(|text| ("pack", text.as_str())))
        .unwrap_or_else(|errors| panic!("{errors:#?}"));
    let content = std::fs::read_to_string(pack.join("content/annual_report_2011.toml")).unwrap();
    let content = Content::from_toml(&content).unwrap_or_else(|error| panic!("{error}"));
    let mut cube = Cube::new(content.schema().unwrap());
    catalogue.declare_facts(&mut cube).unwrap();
    let mut facts = 0;
    for load in &content.loads {
        facts += load
            .record(&read(&pack.join("content/tables"), &load.table), &mut cube)
            .unwrap_or_else(|error| panic!("{error}"));
    }
    let evaluation = Evaluation { cube: &cube, catalogue: &catalogue };
    let tables = published();
    assert_eq!(tables.len(), content.views.len(), "every view is compared");
    let (mut compared, mut differing) = (0, Vec::new());
    for (code, name, columns) in &tables {
        let view = content.views.iter().find(|view| view.code == *code).unwrap();
        let table = evaluation.table(&view.request(&cube.schema).unwrap()).unwrap();
        let sheet = read(&folder, name);
        assert_eq!(columns.len(), table.columns.len(), "{code}");
        // Rows of the printed table in order; its total is the row of our total that has numbers in our columns.
        let printed_rows: Vec<usize> = (0..sheet.rows.len())
            .filter(|row| {
                columns
                    .iter()
                    .filter_map(|name| sheet.column(name))
                    .any(|column| sheet.entry(*row, column).number().is_some())
            })
            .collect();
        for (row, line) in table.rows.iter().enumerate() {
            let printed_row = *printed_rows.get(row).unwrap_or_else(|| panic!("{code}: no row {row}"));
            assert_eq!(
                line.parts.is_empty(),
                !sheet.row_is_total(printed_row),
                "{code} {} {:?}",
                line.code,
                is_total(&line.code)
            );
            for (column, name) in columns.iter().enumerate().filter(|(_, name)| *name != "-") {
                let ours = table.text((row, column));
                match sheet.entry(printed_row, sheet.column(name).unwrap()).number() {
                    Some(printed) => {
                        compared += 1;
                        let same = ours.parse::<measures::Exact>().is_ok_and(|ours| ours == printed.value);
                        if !same {
                            differing.push(format!("{code} {} {name}: {ours}, printed {}", line.code, printed.text));
                        }
                    }
                    // What the report leaves empty, we leave empty or write as zero.
                    None => assert!(ours == "–" || ours == "0", "{code} {} {name}: {ours}", line.code),
                }
            }
        }
        for language in Language::ALL {
            let text = write::csv(&table, language).unwrap();
            assert_eq!(text.lines().count(), table.rows.len() + 1, "{code} in {language}");
        }
    }
    eprintln!(
        "{facts} facts loaded; {} tables rebuilt in three languages, {compared} cells compared, {} differ:",
        tables.len(),
        differing.len()
    );
    for line in &differing {
        let reason = DIFFERING.iter().find(|(cell, _)| cell == line).map_or("no reason known", |(_, reason)| reason);
        eprintln!("  {line} ({reason})");
    }
    let known: Vec<&str> = DIFFERING.iter().map(|(cell, _)| *cell).collect();
    assert_eq!(differing, known);
}
