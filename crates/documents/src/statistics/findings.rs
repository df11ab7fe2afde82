//! What an audit found, on paper and as rows for a spreadsheet.

use kernel::Language;
use measures::audit::{Finding, Report, agreement_words};
use serde::Serialize;

use crate::report::Imprint;
use crate::table::{Cell, Sheet, SheetColumn};
use crate::{Document, Labels, Template};

/// A line of the findings: where, what is printed, what the relation gives, what it may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindingLine {
    /// Where.
    pub place: String,
    /// As printed.
    pub printed: String,
    /// What the relation gives; empty for claims that are not numbers.
    pub computed: String,
    /// Likely causes, likeliest first; for a loose agreement how it agrees.
    pub causes: Vec<String>,
}

/// The findings of an audit as its template reads them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FindingsDocument {
    imprint: Imprint,
    checked: usize,
    reproduced: usize,
    findings: Vec<FindingLine>,
    tolerated: Vec<FindingLine>,
    problems: Vec<String>,
    unreadable: Vec<String>,
}

/// The contradictions of a report in words.
pub fn finding_lines(report: &Report, language: Language) -> Vec<FindingLine> {
    let line = |finding: &Finding| FindingLine {
        place: finding.at.words().in_language(language).to_owned(),
        printed: finding.printed.clone(),
        computed: finding.computed.clone(),
        causes: finding.causes.iter().map(|cause| cause.words().in_language(language).to_owned()).collect(),
    };
    report.findings.iter().map(line).collect()
}

impl FindingsDocument {
    /// The findings in a language, with the date of the audit.
    pub fn new(report: &Report, language: Language, date: &str) -> Self {
        let labels = Labels::built_in(language);
        let tolerated = report.tolerated.iter().map(|one| FindingLine {
            place: one.at.words().in_language(language).to_owned(),
            printed: one.printed.clone(),
            computed: one.computed.clone(),
            causes: vec![agreement_words(one.how).in_language(language).to_owned()],
        });
        Self {
            imprint: Imprint {
                language,
                campaign: labels.text("findings-title").to_owned(),
                issuer: String::new(),
                date: date.to_owned(),
                demonstration: false,
            },
            checked: report.checked,
            reproduced: report.reproduced,
            findings: finding_lines(report, language),
            tolerated: tolerated.collect(),
            problems: report.problems.iter().map(|one| one.sentence().in_language(language).to_owned()).collect(),
            unreadable: report.unreadable.iter().map(|one| one.words().in_language(language).to_owned()).collect(),
        }
    }
}

impl Document for FindingsDocument {
    const TEMPLATE: Template = Template::Findings;

    fn language(&self) -> Language {
        self.imprint.language
    }

    fn title(&self, labels: &Labels) -> String {
        labels.text("findings-title").to_owned()
    }

    fn author(&self) -> &str {
        &self.imprint.issuer
    }
}

/// The findings as a table for a spreadsheet: contradictions first, then loose agreements and problems of the tables.
pub fn findings_sheet(report: &Report, language: Language) -> Sheet {
    let labels = Labels::built_in(language);
    let document = FindingsDocument::new(report, language, "");
    let row = |kind: &str, line: &FindingLine| -> Vec<Cell> {
        [labels.text(kind), &line.place, &line.printed, &line.computed, &line.causes.join("; ")]
            .map(Cell::from)
            .to_vec()
    };
    let plain =
        |kind: &str, place: &str| -> Vec<Cell> { [labels.text(kind), place, "", "", ""].map(Cell::from).to_vec() };
    let mut rows: Vec<Vec<Cell>> = document.findings.iter().map(|line| row("finding", line)).collect();
    rows.extend(document.tolerated.iter().map(|line| row("finding-loose", line)));
    rows.extend(document.problems.iter().map(|problem| plain("finding-problem", problem)));
    rows.extend(document.unreadable.iter().map(|place| plain("finding-unreadable", place)));
    let heads = ["finding-kind", "finding-place", "finding-printed", "finding-computed", "finding-cause"];
    Sheet {
        name: labels.text("findings-title").to_owned(),
        title: labels.text("findings-title").to_owned(),
        notes: Vec::new(),
        columns: heads.iter().map(|key| SheetColumn::new(labels.text(key))).collect(),
        rows,
    }
}
