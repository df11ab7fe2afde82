//! What an audit found.

use super::cell::Agreement;
use super::rule::{RuleError, RuleKind};
use super::sheet::Problem;
use crate::exact::Exact;
use serde::Serialize;
use std::fmt::Write;

/// Likely cause of a contradiction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum Cause {
    /// One digit differs, or two neighbouring digits changed places.
    Misprint,
    /// The value belongs to another row or column.
    Swapped {
        /// The other row or column.
        with: String,
    },
    /// Another averaging or formula gives the printed number.
    OtherMethod {
        /// The method.
        method: String,
    },
    /// One element was left out.
    LeftOut {
        /// Which.
        what: String,
    },
    /// One element was counted twice or does not belong there.
    CountedTwice {
        /// Which.
        what: String,
    },
    /// A percentage of another whole.
    OtherWhole {
        /// Which whole.
        whole: String,
    },
    /// A neighbouring count gives the printed percentage.
    OtherPart {
        /// That count.
        part: Exact,
    },
    /// The difference of other columns.
    OtherPeriods {
        /// Later column.
        later: String,
        /// Earlier column.
        earlier: String,
    },
    /// A number it is computed from contradicts its own rule.
    Inherited {
        /// Where.
        from: String,
    },
    /// The same row occurs twice.
    CopiedRow {
        /// The row it repeats.
        of: String,
    },
    /// The claim does not hold.
    FalseClaim {
        /// What holds instead.
        instead: String,
    },
    /// Parts do not fit into their whole.
    DoesNotFit,
    /// Nothing tried gives the printed number.
    Unexplained,
}

impl Cause {
    /// The cause in words.
    pub fn words(&self) -> String {
        match self {
            Self::Misprint => "a misprint: one digit differs or two changed places".to_owned(),
            Self::Swapped { with } => format!("swapped with {with}"),
            Self::OtherMethod { method } => format!("reproduces as {method}"),
            Self::LeftOut { what } => format!("reproduces with {what} left out"),
            Self::CountedTwice { what } => format!("reproduces with {what} counted once more"),
            Self::OtherWhole { whole } => format!("reproduces as a percentage of {whole}"),
            Self::OtherPart { part } => format!("would reproduce with a count of {part}"),
            Self::OtherPeriods { later, earlier } => format!("reproduces as {later} minus {earlier}"),
            Self::Inherited { from } => format!("computed from a number that is itself wrong: {from}"),
            Self::CopiedRow { of } => format!("a copy of {of}"),
            Self::FalseClaim { instead } => format!("the table says otherwise: {instead}"),
            Self::DoesNotFit => "the part does not fit into the whole".to_owned(),
            Self::Unexplained => "nothing tried gives the printed number".to_owned(),
        }
    }
}

/// Where a checked number stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Location {
    /// Table.
    pub table: String,
    /// Row label; empty for claims of the text.
    pub row: String,
    /// Row, counted from 1 without the heading; 0 for claims of the text.
    pub row_number: usize,
    /// Column, or the claim.
    pub column: String,
}

impl Location {
    fn words(&self) -> String {
        if self.row_number == 0 {
            format!("{} (text): {}", self.table, self.column)
        } else {
            format!("{}, row {} \"{}\", column \"{}\"", self.table, self.row_number, self.row, self.column)
        }
    }
}

/// A number that does not agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Where.
    pub at: Location,
    /// Relation that fails.
    pub kind: RuleKind,
    /// As printed.
    pub printed: String,
    /// What the relation gives, to one digit more than printed; empty for claims that are not numbers.
    pub computed: String,
    /// Marked as doubtful in the table.
    pub doubtful: bool,
    /// Likely causes, likeliest first.
    pub causes: Vec<Cause>,
    /// Line of the text that makes the claim.
    pub line: Option<String>,
}

/// A number that agrees only under a looser reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tolerated {
    /// Where.
    pub at: Location,
    /// As printed.
    pub printed: String,
    /// What the relation gives.
    pub computed: String,
    /// How it agrees.
    pub how: Agreement,
}

/// Result of an audit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    /// Numbers compared.
    pub checked: usize,
    /// Agreed to the digit.
    pub reproduced: usize,
    /// Agreed when read loosely: truncated, rounded to fewer digits, within a stated tolerance.
    pub tolerated: Vec<Tolerated>,
    /// Contradictions.
    pub findings: Vec<Finding>,
    /// Numbers that could not be compared because a cell is empty or unreadable.
    pub unreadable: Vec<Location>,
    /// Problems of the tables themselves.
    pub problems: Vec<Problem>,
    /// Rules that do not fit the tables.
    pub rule_errors: Vec<RuleError>,
}

impl Report {
    /// As plain text for a terminal.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{} checked, {} reproduced, {} only when read loosely, {} contradictions, {} not readable",
            self.checked,
            self.reproduced,
            self.tolerated.len(),
            self.findings.len(),
            self.unreadable.len()
        );
        for finding in &self.findings {
            let doubt = if finding.doubtful { " (marked doubtful)" } else { "" };
            let line = finding.line.as_ref().map_or_else(String::new, |line| format!(" [{line}]"));
            let _ = writeln!(text, "\n✗ {}{line}", finding.at.words());
            let computed =
                if finding.computed.is_empty() { String::new() } else { format!(", computed {}", finding.computed) };
            let _ = writeln!(text, "  printed {}{doubt}{computed}", finding.printed);
            for cause in &finding.causes {
                let _ = writeln!(text, "  → {}", cause.words());
            }
        }
        for one in &self.tolerated {
            let how = match one.how {
                Agreement::Rounded => "rounded",
                Agreement::RoundedToFewerDigits => "rounded to fewer digits than printed",
                Agreement::Truncated => "truncated instead of rounded",
                Agreement::WithinTolerance => "within the rule's tolerance",
            };
            let _ = writeln!(text, "\n≈ {}: printed {}, computed {}: {how}", one.at.words(), one.printed, one.computed);
        }
        for problem in &self.problems {
            let _ = writeln!(text, "\n! {problem}");
        }
        for error in &self.rule_errors {
            let _ = writeln!(text, "\n! rule: {error}");
        }
        text
    }
}
