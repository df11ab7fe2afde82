//! `zerek audit`: numbers in tables that do not agree with each other.

mod files;

use crate::{BadInput, Outcome};
use kernel::{Language, Localized};
use measures::audit::{Proposal, Report, Rules, audit, propose_all};
use std::fmt::Write as _;
use std::path::PathBuf;

/// Arguments of `zerek audit`.
///
/// Exit status: 0 when every number agrees, 2 when something does not, 1 when a file or rule cannot be read.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Tables to check: CSV, XLSX (each sheet is a table) or Markdown files, or folders of them. Rules call a table by
    /// its file's name without ending, a sheet by `file_sheet`, a Markdown table by `file_` and the first word of its heading.
    #[arg(required = true, value_name = "TABLES")]
    tables: Vec<PathBuf>,
    /// Relations that should hold (TOML); may be given several times. Without it, relations are guessed from the numbers.
    #[arg(long, value_name = "FILE")]
    rules: Vec<PathBuf>,
    /// Language of the report: kk, ru or en.
    #[arg(long, default_value = "en")]
    language: Language,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
    /// Only print the relations that the numbers suggest, as rules to confirm and keep.
    #[arg(long, conflicts_with = "rules")]
    propose: bool,
}

#[derive(serde::Serialize)]
struct Json<'a> {
    report: &'a Report,
    proposals: &'a [Proposal],
}

/// Runs the subcommand.
///
/// # Errors
/// [`BadInput`] when the arguments or files cannot be used.
pub fn run(arguments: Arguments) -> Result<Outcome, BadInput> {
    let Arguments { tables, rules: rule_files, language, json, propose: only_propose } = arguments;
    let sheets = files::read_tables(&tables)?;
    let mut rules = Rules::default();
    let mut proposals = Vec::new();
    if rule_files.is_empty() {
        proposals = propose_all(&sheets);
        rules.rules = proposals.iter().map(|proposal| proposal.rule.clone()).collect();
    } else {
        for file in &rule_files {
            let text = files::read_text(file)?;
            let read = Rules::from_toml(&file.display().to_string(), &text);
            rules.extend(read.map_err(|error| BadInput(format!("zerek audit: {error}")))?);
        }
    }
    if only_propose {
        print!("{}", proposed_rules(&rules, &proposals, language)?);
        return Ok(Outcome::Done);
    }
    let report = audit(&sheets, &rules);
    if json {
        let whole = Json { report: &report, proposals: &proposals };
        let text = serde_json::to_string_pretty(&whole).map_err(|error| BadInput(format!("zerek audit: {error}")))?;
        crate::say(|out| writeln!(out, "{text}"))?;
    } else {
        crate::say(|out| out.write_all(report_text(&report, &proposals, language).as_bytes()))?;
    }
    if let Some(error) = report.rule_errors.first() {
        return Err(BadInput(format!("zerek audit: a rule does not fit the tables: {error}")));
    }
    let clean = report.findings.is_empty() && report.problems.is_empty();
    Ok(if clean { Outcome::Done } else { Outcome::Warnings })
}

fn report_text(report: &Report, proposals: &[Proposal], language: Language) -> String {
    let mut text = String::new();
    if !proposals.is_empty() {
        // Writing to a string cannot fail.
        let heading = Localized::new(
            "Сандар болжататын байланыстар (растап, --propose арқылы сақтаңыз):",
            "Отношения, на которые указывают числа (подтвердите и сохраните через --propose):",
            "Relations suggested by the numbers (confirm them and keep them with --propose):",
        );
        let _ = writeln!(text, "{}", heading.in_language(language));
        for one in proposals {
            let table = one.rule.tables.first().map_or("", String::as_str);
            let words = one.words.in_language(language);
            let _ = writeln!(text, "  {table}: {words} ({}/{})", one.holds, one.tried);
        }
        text.push('\n');
    }
    text.push_str(&report.text(language));
    text
}

fn proposed_rules(rules: &Rules, proposals: &[Proposal], language: Language) -> Result<String, BadInput> {
    let mut text = String::from("# Proposed from the numbers; delete what is not meant.\n");
    for (rule, proposal) in rules.rules.iter().zip(proposals) {
        let words = proposal.words.in_language(language);
        let _ = write!(text, "\n# {words} ({}/{})\n[[rule]]\n", proposal.holds, proposal.tried);
        let rule = toml::to_string(rule).map_err(|error| BadInput(format!("zerek audit: {error}")))?;
        text.push_str(&rule);
    }
    Ok(text)
}
