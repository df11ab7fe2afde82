//! A table with its cells marked: what is wrong, what would be right, what it may be.

use std::collections::BTreeMap;

use measures::audit::{Location, Report, Sheet, agreement_words};

use crate::context::PageCtx;

/// How a cell is marked; the word and the sign say it, the colour only helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mark {
    /// Not at all.
    #[default]
    Plain,
    /// Contradicts a relation.
    Wrong,
    /// Agrees only when read loosely.
    Loose,
    /// Cannot be read, or should not stand there.
    Problem,
}

impl Mark {
    /// Class of the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Wrong => "bad",
            Self::Loose => "accent",
            Self::Problem => "warn",
        }
    }

    /// The sign before the words.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Wrong => "✗",
            Self::Loose => "≈",
            Self::Problem => "!",
        }
    }
}

/// A cell as it is shown.
#[derive(Debug, Clone, Default)]
pub struct MarkedCell {
    /// As printed.
    pub text: String,
    /// Whether it is a number.
    pub number: bool,
    /// Whether it names its row.
    pub label: bool,
    /// How it is marked.
    pub mark: Mark,
    /// What is said of it, a line each.
    pub words: Vec<String>,
}

/// A table as it is shown.
#[derive(Debug)]
pub struct MarkedTable {
    /// Name.
    pub name: String,
    /// Headings, and whether numbers stand below.
    pub columns: Vec<(String, bool)>,
    /// Rows of cells.
    pub rows: Vec<Vec<MarkedCell>>,
    /// What is said of the table, its rows and columns.
    pub remarks: Vec<String>,
    /// How many contradictions are in it, in words.
    pub note: String,
}

type Notes = BTreeMap<(usize, usize), (Mark, Vec<String>)>;

/// The cell that a finding is about; claims of the text have none.
fn cell_of(sheet: &Sheet, at: &Location) -> Option<(usize, usize)> {
    (at.table == sheet.name).then_some(())?;
    Some((at.row_number.checked_sub(1)?, sheet.column(&at.column)?))
}

fn findings(ctx: &PageCtx, sheet: &Sheet, report: &Report, notes: &mut Notes) {
    for finding in &report.findings {
        let Some(cell) = cell_of(sheet, &finding.at) else { continue };
        let mut words = Vec::new();
        if finding.computed.is_empty() {
            words.push(ctx.t("auditor-does-not-hold"));
        } else {
            let computed = as_read(ctx, &finding.computed);
            words.push(ctx.t_with("auditor-would-be", &[("computed", computed.into())]));
        }
        words.extend(finding.causes.first().map(|cause| ctx.l(&cause.words()).to_owned()));
        let note = notes.entry(cell).or_default();
        note.0 = Mark::Wrong;
        note.1.extend(words);
    }
    for one in &report.tolerated {
        let Some(cell) = cell_of(sheet, &one.at) else { continue };
        let note = notes.entry(cell).or_insert((Mark::Loose, Vec::new()));
        note.1.push(format!("{}: {}", as_read(ctx, &one.computed), ctx.l(&agreement_words(one.how))));
    }
}

/// A computed number with the decimal sign of the language.
fn as_read(ctx: &PageCtx, number: &str) -> String {
    if ctx.language == kernel::Language::En { number.to_owned() } else { number.replace('.', ",") }
}

impl MarkedTable {
    /// Marks a table with the findings of a report and the problems of the table itself.
    pub fn new(ctx: &PageCtx, sheet: &Sheet, report: &Report) -> Self {
        let mut notes = Notes::new();
        let mut remarks = Vec::new();
        findings(ctx, sheet, report, &mut notes);
        for problem in &sheet.problems {
            let words = ctx.l(&problem.words()).to_owned();
            let cell = match problem.place() {
                (Some(row), Some(column)) => sheet.column(column).map(|column| (row - 1, column)),
                (Some(row), None) => Some((row - 1, sheet.label_column())),
                _ => None,
            };
            match cell {
                Some(cell) => notes.entry(cell).or_insert((Mark::Problem, Vec::new())).1.push(words),
                None => remarks.push(ctx.l(&problem.sentence()).to_owned()),
            }
        }
        let (numbers, names) = (sheet.number_columns(), sheet.label_column());
        let wrong = notes.values().filter(|(mark, _)| *mark == Mark::Wrong).count();
        let cell = |row: usize, column: usize| {
            let entry = sheet.entry(row, column);
            let (mark, words) = notes.get(&(row, column)).cloned().unwrap_or_default();
            let (number, label) = (entry.number().is_some(), column == names);
            MarkedCell { text: entry.text().to_owned(), number, label, mark, words }
        };
        Self {
            name: sheet.name.clone(),
            columns: sheet.columns.iter().cloned().zip((0..).map(|column| numbers.contains(&column))).collect(),
            rows: (0..sheet.rows.len())
                .map(|row| (0..sheet.columns.len()).map(|column| cell(row, column)).collect())
                .collect(),
            remarks,
            note: ctx.t_with("auditor-table-wrong", &[("count", (wrong as i64).into())]),
        }
    }
}
