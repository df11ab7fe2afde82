//! What is wrong in a file, in the language of the page.

use fluent_bundle::FluentValue;
use monitoring::import::{File, Finding, Problem};

use crate::context::PageCtx;

/// The file, and the row and column where there are some: for lists without columns of their own.
pub fn place(ctx: &PageCtx, finding: &Finding) -> String {
    let mut parts = vec![match finding.file {
        File::Responses => ctx.t("import-in-responses"),
        File::Key => ctx.t("import-in-key"),
        File::Marks => ctx.t("import-in-marks"),
    }];
    parts.extend(finding.row.map(|row| ctx.t_with("import-in-row", &[("row", i64::from(row).into())])));
    let column = finding.column.as_ref();
    parts.extend(column.map(|column| ctx.t_with("import-in-column", &[("column", column.to_string().into())])));
    parts.join(", ")
}

/// What is wrong and what to do.
pub fn words(ctx: &PageCtx, problem: &Problem) -> String {
    let with = |key: &str, arguments: &[(&str, &str)]| {
        let arguments: Vec<(&str, FluentValue<'_>)> =
            arguments.iter().map(|(name, value)| (*name, FluentValue::from(*value))).collect();
        crate::text::text_with(ctx.language, key, &arguments)
    };
    let n = |number: &dyn std::fmt::Display| number.to_string();
    match problem {
        Problem::Empty => ctx.t("problem-empty"),
        Problem::NotText => ctx.t("problem-not-text"),
        Problem::Unreadable { reason } => with("problem-unreadable", &[("reason", reason)]),
        Problem::RowLength { found, expected } => {
            with("problem-row-length", &[("found", &n(found)), ("expected", &n(expected))])
        }
        Problem::DuplicateColumn { name } => with("problem-duplicate-column", &[("name", name)]),
        Problem::NoColumn { name, known } => with("problem-no-column", &[("name", name), ("known", known)]),
        Problem::WhichItems { known, example } => {
            with("problem-which-items", &[("known", known), ("example", example)])
        }
        Problem::KeyLength { key, columns, left_over, without } => {
            let mut text = with("problem-key-length", &[("key", &n(key)), ("columns", &n(columns))]);
            for (key, names) in [("problem-key-left-over", left_over), ("problem-key-without", without)] {
                if !names.is_empty() {
                    text = format!("{text} {}", with(key, &[("names", names)]));
                }
            }
            text
        }
        Problem::DuplicateKey { item } => with("problem-duplicate-key", &[("item", item)]),
        Problem::IncompleteKey => ctx.t("problem-incomplete-key"),
        Problem::Skill { value } => with("problem-skill", &[("value", value)]),
        Problem::NotAScore { value } => with("problem-not-a-score", &[("value", value)]),
        Problem::AboveMaximum { value, maximum } => {
            with("problem-above-maximum", &[("value", &n(value)), ("maximum", &n(maximum))])
        }
        Problem::ReadAs { value, known } => with("problem-read-as", &[("value", value), ("known", known)]),
        Problem::OddChoice { value, usual } => with("problem-odd-choice", &[("value", value), ("usual", usual)]),
        Problem::KeyAgainstScore { choice, score, key } => {
            with("problem-key-against-score", &[("choice", choice), ("score", &n(score)), ("key", key)])
        }
        Problem::Total { found, computed } => with("problem-total", &[("found", found), ("computed", &n(computed))]),
        Problem::DuplicatePerson { id, first } => with("problem-duplicate-person", &[("id", id), ("first", &n(first))]),
        Problem::NoAnswers => ctx.t("problem-no-answers"),
        Problem::Sheets { count, names } => with("problem-sheets", &[("count", &n(count)), ("names", names)]),
        Problem::UnknownPupil { name, class, nearest } => {
            let text = with("problem-unknown-pupil", &[("name", name), ("class", class)]);
            match nearest {
                Some(nearest) => format!("{text} {}", with("problem-nearest", &[("name", nearest)])),
                None => text,
            }
        }
        Problem::AmbiguousPupil { name, class, count } => {
            with("problem-ambiguous-pupil", &[("name", name), ("class", class), ("count", &n(count))])
        }
        Problem::UnknownClass { class, known } => with("problem-unknown-class", &[("class", class), ("known", known)]),
        Problem::UnknownSchool { school } => with("problem-unknown-school", &[("school", school)]),
        Problem::UnknownSubject { subject, known } => {
            with("problem-unknown-subject", &[("subject", subject), ("known", known)])
        }
        Problem::NotAPercent { value } => with("problem-not-a-percent", &[("value", value)]),
        Problem::DuplicateMark { name, subject, first } => {
            with("problem-duplicate-mark", &[("name", name), ("subject", subject), ("first", &n(first))])
        }
        // Problems that are added later are told in the words of the command line until they have their own.
        other => other.to_string(),
    }
}
