//! What was asked of the auditor: tables from files or from the form that travels, rules, relations that were confirmed.

use documents::table::{ReadError, read_sheets};
use measures::audit::{Problem, Proposal, RuleError, Rules, Sheet, propose_all};
use serde::{Deserialize, Serialize};

use crate::context::PageCtx;
use crate::form::Upload;

/// The most bytes that are read at once.
pub const MOST_BYTES: usize = 8 * 1024 * 1024;
/// The most files.
pub const MOST_FILES: usize = 20;
/// The most cells: all of them are shown.
pub const MOST_CELLS: usize = 60_000;

/// How far the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Tables were read, relations wait to be confirmed.
    Confirm,
    /// The tables are shown with what is wrong.
    Marked,
    /// The findings as CSV.
    Csv,
    /// The findings as PDF.
    Pdf,
}

/// What is wrong with what was sent.
#[derive(Debug)]
pub enum Mistake {
    /// No file.
    NoFile,
    /// Too many files or bytes.
    TooMuch,
    /// Too many cells.
    TooManyCells(usize),
    /// A file that cannot be read.
    File(ReadError),
    /// Two tables of one name.
    SameName(String),
    /// Rules that cannot be read.
    Rules(RuleError),
    /// The form was changed on its way.
    Form,
}

impl Mistake {
    /// In the language of the page.
    pub fn words(&self, ctx: &PageCtx) -> String {
        match self {
            Self::NoFile => ctx.t("auditor-no-file"),
            Self::TooMuch => ctx.t_with(
                "auditor-too-much",
                &[("files", (MOST_FILES as i64).into()), ("megabytes", ((MOST_BYTES / 1024 / 1024) as i64).into())],
            ),
            Self::TooManyCells(cells) => ctx.t_with(
                "auditor-too-many-cells",
                &[("cells", (*cells as i64).into()), ("most", (MOST_CELLS as i64).into())],
            ),
            Self::File(error) => error.message(ctx.language),
            Self::SameName(name) => ctx.t_with("auditor-same-name", &[("name", name.clone().into())]),
            Self::Rules(error) => error.words().in_language(ctx.language).to_owned(),
            Self::Form => ctx.t("auditor-form"),
        }
    }
}

/// A table on its way through the form.
#[derive(Debug, Serialize, Deserialize)]
struct Travelling {
    name: String,
    texts: Vec<Vec<String>>,
    problems: Vec<Problem>,
}

/// What was asked.
#[derive(Debug)]
pub struct Asked {
    /// How far the reader is.
    pub stage: Stage,
    /// Tables.
    pub sheets: Vec<Sheet>,
    /// Text of the file of rules, if one was given.
    pub rules_text: String,
    /// The same, read.
    given: Rules,
    /// Relations that the numbers suggest; none beside given rules.
    pub proposals: Vec<Proposal>,
    /// Which of them are confirmed.
    pub confirmed: Vec<usize>,
}

impl Asked {
    /// Reads what was sent.
    pub fn read(upload: &Upload) -> Result<Self, Vec<Mistake>> {
        let travelling = upload.field("tables");
        let sheets = if travelling.is_empty() { from_files(upload)? } else { from_form(travelling)? };
        let cells: usize = sheets.iter().map(|sheet| (sheet.rows.len() + 1) * sheet.columns.len()).sum();
        if cells > MOST_CELLS {
            return Err(vec![Mistake::TooManyCells(cells)]);
        }
        let file = upload.file("rules").map(|(_, content)| String::from_utf8_lossy(content).into_owned());
        let rules_text = file.unwrap_or_else(|| upload.field("rules-text").to_owned());
        let rules_text = rules_text.trim_start_matches('\u{feff}').to_owned();
        let given = Rules::from_toml("TOML", &rules_text).map_err(|error| vec![Mistake::Rules(error)])?;
        let with_rules = !rules_text.trim().is_empty();
        let proposals: Vec<Proposal> = if with_rules { Vec::new() } else { propose_all(&sheets) };
        let confirmed = upload.fields.iter().filter(|(name, _)| name == "relation");
        let confirmed = confirmed.filter_map(|(_, value)| value.parse().ok()).collect();
        let stage = match upload.field("show") {
            "csv" => Stage::Csv,
            "pdf" => Stage::Pdf,
            "marked" => Stage::Marked,
            _ if with_rules => Stage::Marked,
            _ => Stage::Confirm,
        };
        Ok(Self { stage, sheets, rules_text, given, proposals, confirmed })
    }

    /// The rules that are checked: those given, or the relations that were confirmed.
    pub fn rules(&self) -> Rules {
        let confirmed = self.confirmed.iter().filter_map(|index| self.proposals.get(*index));
        let mut rules = self.given.clone();
        rules.rules.extend(confirmed.map(|proposal| proposal.rule.clone()));
        rules
    }

    /// The tables as the form carries them.
    pub fn travelling(&self) -> Result<String, serde_json::Error> {
        let tables: Vec<Travelling> = self
            .sheets
            .iter()
            .map(|sheet| {
                let rows = sheet.rows.iter().map(|row| row.iter().map(|entry| entry.text().to_owned()).collect());
                let texts = std::iter::once(sheet.columns.clone()).chain(rows).collect();
                Travelling { name: sheet.name.clone(), texts, problems: sheet.problems.clone() }
            })
            .collect();
        serde_json::to_string(&tables)
    }
}

fn from_form(text: &str) -> Result<Vec<Sheet>, Vec<Mistake>> {
    let tables: Vec<Travelling> = serde_json::from_str(text).map_err(|_changed| vec![Mistake::Form])?;
    let sheet = |table: Travelling| Sheet { problems: table.problems, ..Sheet::from_texts(&table.name, table.texts) };
    Ok(tables.into_iter().map(sheet).collect())
}

fn from_files(upload: &Upload) -> Result<Vec<Sheet>, Vec<Mistake>> {
    let files: Vec<_> = upload.files.iter().filter(|(field, ..)| field == "files").collect();
    if files.is_empty() {
        return Err(vec![Mistake::NoFile]);
    }
    if files.len() > MOST_FILES || files.iter().map(|(_, _, content)| content.len()).sum::<usize>() > MOST_BYTES {
        return Err(vec![Mistake::TooMuch]);
    }
    let (mut sheets, mut mistakes) = (Vec::<Sheet>::new(), Vec::new());
    for (_, name, content) in files {
        match read_sheets(content, name) {
            Ok(found) => sheets.extend(found),
            Err(error) => mistakes.push(Mistake::File(error)),
        }
    }
    for (index, sheet) in sheets.iter().enumerate() {
        if sheets.iter().take(index).any(|earlier| earlier.name == sheet.name) {
            mistakes.push(Mistake::SameName(sheet.name.clone()));
        }
    }
    if mistakes.is_empty() { Ok(sheets) } else { Err(mistakes) }
}
