//! What an audit found.

use super::cell::Agreement;
use super::rule::{RuleError, RuleKind};
use super::sheet::Problem;
use crate::exact::Exact;
use kernel::{Language, Localized};
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
    pub fn words(&self) -> Localized {
        let say = |kk: String, ru: String, en: String| Localized::new(kk, ru, en);
        match self {
            Self::Misprint => say(
                "қате басылған: бір цифр басқа немесе екі цифр орын ауыстырған".to_owned(),
                "опечатка: одна цифра другая или две переставлены".to_owned(),
                "a misprint: one digit differs or two changed places".to_owned(),
            ),
            Self::Swapped { with } => {
                say(format!("орны ауысқан: {with}"), format!("перепутано: {with}"), format!("swapped with {with}"))
            }
            Self::OtherMethod { method } => say(
                format!("мына тәсілмен шығады: {method}"),
                format!("получается так: {method}"),
                format!("reproduces as {method}"),
            ),
            Self::LeftOut { what } => say(
                format!("мынасыз шығады: {what}"),
                format!("получается без этого: {what}"),
                format!("reproduces with {what} left out"),
            ),
            Self::CountedTwice { what } => say(
                format!("тағы бір рет қосылса шығады: {what}"),
                format!("получается, если посчитать ещё раз: {what}"),
                format!("reproduces with {what} counted once more"),
            ),
            Self::OtherWhole { whole } => say(
                format!("басқа бүтіннің пайызы ретінде шығады: {whole}"),
                format!("получается как процент от другого целого: {whole}"),
                format!("reproduces as a percentage of {whole}"),
            ),
            Self::OtherPart { part } => say(
                format!("саны {part} болса шығады"),
                format!("получилось бы при числе {part}"),
                format!("would reproduce with a count of {part}"),
            ),
            Self::OtherPeriods { later, earlier } => say(
                format!("{later} және {earlier} айырмасы ретінде шығады"),
                format!("получается как {later} минус {earlier}"),
                format!("reproduces as {later} minus {earlier}"),
            ),
            Self::Inherited { from } => say(
                format!("өзі қате саннан есептелген: {from}"),
                format!("посчитано из числа, которое само неверно: {from}"),
                format!("computed from a number that is itself wrong: {from}"),
            ),
            Self::CopiedRow { of } => {
                say(format!("жолдың көшірмесі: {of}"), format!("копия строки: {of}"), format!("a copy of {of}"))
            }
            Self::FalseClaim { instead } => say(
                format!("кестеде басқаша: {instead}"),
                format!("в таблице иначе: {instead}"),
                format!("the table says otherwise: {instead}"),
            ),
            Self::DoesNotFit => say(
                "бөлігі бүтінге сыймайды".to_owned(),
                "часть не помещается в целое".to_owned(),
                "the part does not fit into the whole".to_owned(),
            ),
            Self::Unexplained => say(
                "басылған сан ешқандай тәсілмен шықпады".to_owned(),
                "ничто из испробованного не даёт напечатанного числа".to_owned(),
                "nothing tried gives the printed number".to_owned(),
            ),
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
    /// The place in words.
    pub fn words(&self) -> Localized {
        let Self { table, row, row_number, column } = self;
        if *row_number == 0 {
            Localized::new(
                format!("{table} (мәтін): {column}"),
                format!("{table} (текст): {column}"),
                format!("{table} (text): {column}"),
            )
        } else {
            Localized::new(
                format!("{table}, {row_number}-жол «{row}», «{column}» бағаны"),
                format!("{table}, строка {row_number} «{row}», столбец «{column}»"),
                format!("{table}, row {row_number} \"{row}\", column \"{column}\""),
            )
        }
    }
}

/// How a number agrees, in words.
pub fn agreement_words(how: Agreement) -> Localized {
    match how {
        Agreement::Rounded => Localized::new("дөңгелектелген", "округлено", "rounded"),
        Agreement::RoundedToFewerDigits => Localized::new(
            "басылғаннан аз таңбаға дейін дөңгелектелген",
            "округлено до меньшего числа знаков, чем напечатано",
            "rounded to fewer digits than printed",
        ),
        Agreement::Truncated => {
            Localized::new("дөңгелектелмей кесілген", "отброшено вместо округления", "truncated instead of rounded")
        }
        Agreement::WithinTolerance => {
            Localized::new("ереженің рұқсат шегінде", "в пределах допуска правила", "within the rule's tolerance")
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
    pub fn text(&self, language: Language) -> String {
        let words = |text: Localized| text.in_language(language).to_owned();
        let mut text = String::new();
        let (checked, reproduced, loosely) = (self.checked, self.reproduced, self.tolerated.len());
        let (found, unreadable) = (self.findings.len(), self.unreadable.len());
        let summary = Localized::new(
            format!(
                "{checked} тексерілді, {reproduced} дәл, {loosely} шамалап қана, {found} қайшылық, {unreadable} оқылмайды"
            ),
            format!(
                "{checked} проверено, {reproduced} сходится, {loosely} только приблизительно, {found} противоречий, {unreadable} не читается"
            ),
            format!(
                "{checked} checked, {reproduced} reproduced, {loosely} only when read loosely, {found} contradictions, {unreadable} not readable"
            ),
        );
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", words(summary));
        for finding in &self.findings {
            let line = finding.line.as_ref().map_or_else(String::new, |line| format!(" [{line}]"));
            let _ = writeln!(text, "\n✗ {}{line}", words(finding.at.words()));
            let doubt =
                Localized::new(" (күмәнді деп белгіленген)", " (помечено как сомнительное)", " (marked doubtful)");
            let doubt = if finding.doubtful { words(doubt) } else { String::new() };
            let (printed, computed) = (&finding.printed, &finding.computed);
            let both = if computed.is_empty() {
                Localized::new(
                    format!("басылған: {printed}{doubt}"),
                    format!("напечатано: {printed}{doubt}"),
                    format!("printed {printed}{doubt}"),
                )
            } else {
                Localized::new(
                    format!("басылған: {printed}{doubt}, есептелген: {computed}"),
                    format!("напечатано: {printed}{doubt}, вычислено: {computed}"),
                    format!("printed {printed}{doubt}, computed {computed}"),
                )
            };
            let _ = writeln!(text, "  {}", words(both));
            for cause in &finding.causes {
                let _ = writeln!(text, "  → {}", words(cause.words()));
            }
        }
        for one in &self.tolerated {
            let (at, how) = (words(one.at.words()), words(agreement_words(one.how)));
            let _ = writeln!(text, "\n≈ {at}: {} ~ {}: {how}", one.printed, one.computed);
        }
        for problem in &self.problems {
            let _ = writeln!(text, "\n! {}", words(problem.sentence()));
        }
        for error in &self.rule_errors {
            let _ = writeln!(text, "\n! {}", words(error.words()));
        }
        text
    }
}
