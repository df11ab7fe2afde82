//! Reading reference files.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use psychometrics::Responses;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/psy");

/// The path of a reference file, or `None` (with a note) where the reference data are absent.
pub fn file(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(ROOT).join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {name} is not here");
    None
}

/// A table of text with named columns.
pub struct Table {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub fn read(name: &str) -> Option<Self> {
        let path = file(name)?;
        let mut bytes = Vec::new();
        File::open(&path).unwrap().read_to_end(&mut bytes).unwrap();
        if path.extension().is_some_and(|e| e == "gz") {
            let mut plain = Vec::new();
            flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).unwrap();
            bytes = plain;
        }
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        Some(Self { header, rows })
    }

    pub fn column(&self, name: &str) -> usize {
        self.header.iter().position(|h| h == name).unwrap_or_else(|| panic!("no column {name}"))
    }

    pub fn number(&self, row: usize, column: &str) -> Option<f64> {
        self.rows[row][self.column(column)].parse().ok()
    }

    /// Columns with these names as scores; the maximum of an item is its largest score.
    pub fn scores(&self, names: &[String]) -> Responses {
        let columns: Vec<usize> = names.iter().map(|name| self.column(name)).collect();
        let score = |row: &Vec<String>, c: usize| row[c].parse::<u8>().ok();
        let max = |c: usize| self.rows.iter().filter_map(|row| score(row, c)).max().unwrap();
        let items: Vec<(String, u8)> = names.iter().zip(&columns).map(|(name, c)| (name.clone(), max(*c))).collect();
        Responses::from_scores(items, self.rows.iter().map(|row| columns.iter().map(|c| score(row, *c)).collect()))
            .unwrap()
    }
}

/// A reference file of named values.
pub fn json(name: &str) -> Option<serde_json::Value> {
    Some(serde_json::from_reader(File::open(file(name)?).unwrap()).unwrap())
}

/// Data of an oracle set; `None` where absent.
pub fn set(name: &str) -> Option<Responses> {
    let (path, prefix) = match name {
        "HCI" => ("real/HCI_scored.csv", "Item"),
        "CZmaturaS" => ("real/CZmaturaS.csv", "b"),
        "LSAT6" => ("real/LSAT6.csv", ""),
        "LSAT7" => ("real/LSAT7.csv", ""),
        "Science" => ("real/Science.csv", ""),
        "data.read" => ("real/data.read.csv", ""),
        "sim_a" => ("sim/a_2pl_10000x50.csv.gz", "I"),
        "sim_b" => ("sim/b_3pl_10000x50.csv.gz", "I"),
        "sim_c" => ("sim/c_rasch_100000x40.csv.gz", "I"),
        "sim_d" => ("sim/d_2pl_100000x40.csv.gz", "I"),
        "sim_e" => ("sim/e_gpcm_5000x20.csv", "I"),
        "sim_f" => ("sim/f_grm_5000x20.csv", "I"),
        "sim_g" => ("sim/g_2pl_sparse_50000x300.csv.gz", "I"),
        other => panic!("no set {other}"),
    };
    let mut table = Table::read(path)?;
    if name == "Science" {
        for cell in table.rows.iter_mut().flatten() {
            *cell = (cell.parse::<u8>().unwrap() - 1).to_string();
        }
    }
    let names: Vec<String> = table.header.iter().filter(|h| h.starts_with(prefix)).cloned().collect();
    Some(table.scores(&names))
}

/// Asserts agreement within an absolute tolerance.
#[track_caller]
pub fn close(what: &str, ours: f64, theirs: f64, tolerance: f64) {
    assert!((ours - theirs).abs() <= tolerance, "{what}: {ours} against {theirs}, off by {:e}", ours - theirs);
}
