//! `zerek audit` from files to exit status.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use clap::Parser;
use commands::{FileCommand, Outcome, run};
use std::path::{Path, PathBuf};

#[derive(Debug, Parser)]
struct Line {
    #[command(subcommand)]
    command: FileCommand,
}

/// A folder of its own for each test, emptied first.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _absent = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn audit(arguments: &[&Path]) -> Result<Outcome, String> {
    let words = ["zerek", "audit"].map(Path::new);
    let line = Line::parse_from(words.iter().chain(arguments).map(|word| word.as_os_str()));
    run(line.command).map_err(|error| error.to_string())
}

const GOOD: &str = "school,pupils,with_5,share_5\nA,40,10,25.0\nB,30,15,50.0\nC,60,15,25.0\nTOTAL,130,40,30.8\n";

#[test]
fn agreement_contradiction_and_bad_input_have_their_own_status() {
    let folder = folder("status");
    let good = folder.join("good.csv");
    std::fs::write(&good, format!("\u{feff}{GOOD}")).unwrap();
    assert_eq!(audit(&[&good]), Ok(Outcome::Done));

    let bad = folder.join("bad.csv");
    std::fs::write(&bad, GOOD.replace("30,15,50.0", "30,15,55.0")).unwrap();
    let rules = folder.join("rules.toml");
    let share = "[[rule]]\nkind = 'share'\ntables = ['bad']\nrows = 'all'\ntarget = 'share_5'\npart = '[with_5]'\nwhole = '[pupils]'\n";
    std::fs::write(&rules, share).unwrap();
    assert_eq!(audit(&[&bad, Path::new("--rules"), &rules]), Ok(Outcome::Warnings));
    assert_eq!(audit(&[&bad, Path::new("--rules"), &rules, Path::new("--json")]), Ok(Outcome::Warnings));

    std::fs::write(&rules, share.replace("with_5", "with_6")).unwrap();
    let error = audit(&[&bad, Path::new("--rules"), &rules]).unwrap_err();
    assert!(error.contains("table \"bad\" has no column \"with_6\""), "{error}");
    std::fs::write(&rules, "[[rule]]\nkind = 'guess'\n").unwrap();
    let error = audit(&[&bad, Path::new("--rules"), &rules]).unwrap_err();
    assert!(error.contains("rules.toml") && error.contains("guess"), "{error}");
    let error = audit(&[&folder.join("absent.csv")]).unwrap_err();
    assert!(error.contains("absent.csv"), "{error}");
    let old = folder.join("old.csv");
    std::fs::write(&old, b"school,n\nAstan\xe0,1\nSemey,2\n").unwrap();
    assert_eq!(audit(&[&old]), Ok(Outcome::Done), "windows-1251 is read");
    let picture = folder.join("picture.csv");
    std::fs::write(&picture, b"\x89PNG\r\n\x1a\n\0\0").unwrap();
    assert!(audit(&[&picture]).unwrap_err().contains("is not a table"));
}

#[test]
fn workbooks_and_folders_are_read() {
    let folder = folder("workbook");
    let path = folder.join("report.xlsx");
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("marks").unwrap();
    sheet.write(0, 0, "Marks of the year").unwrap();
    for (row, line) in GOOD.lines().enumerate() {
        for (column, text) in line.split(',').enumerate() {
            let at = (row as u32 + 2, column as u16);
            match text.parse::<f64>() {
                Ok(number) => sheet.write(at.0, at.1, number).unwrap(),
                Err(_) => sheet.write(at.0, at.1, text).unwrap(),
            };
        }
    }
    workbook.save(&path).unwrap();
    let rules = folder.join("rules.toml");
    let sum = "[[rule]]\nkind = 'sum'\ntables = ['report_marks']\nrows = 'TOTAL'\ncolumns = ['pupils', 'with_5']\nof = '[{}@*]'\n";
    std::fs::write(&rules, sum).unwrap();
    assert_eq!(audit(&[&path, Path::new("--rules"), &rules]), Ok(Outcome::Done));
    assert_eq!(audit(&[&folder, Path::new("--rules"), &rules]), Ok(Outcome::Done), "a folder is its tables");
    assert_eq!(audit(&[&folder, Path::new("--propose")]), Ok(Outcome::Done));
}
