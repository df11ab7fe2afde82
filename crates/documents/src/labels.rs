//! The fixed wording of the documents, from `locales/{kk,ru,en}/documents.ftl`.
//!
//! Keys without arguments make up [`Labels`] and reach the templates as `labels.<key>`; keys with arguments become
//! ready sentences through [`sentence`] before they are put into the data. [`KEYS`] and [`SENTENCES`] list them all;
//! a test holds the three files to these lists.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use kernel::Language;
use serde::Serialize;

/// Every message in the files is called this plus a key below.
pub const PREFIX: &str = "documents-";

/// Labels that the templates use, without [`PREFIX`].
pub const KEYS: &[&str] = &[
    "demonstration",
    "demonstration-note",
    "page",
    "school",
    "class",
    "grade",
    "pupil",
    "teacher",
    "subject",
    "region",
    "language-of-instruction",
    "campaign",
    "date",
    "tasks",
    "correct",
    "unattempted",
    "class-took-part",
    "class-place",
    "parallel-took-part",
    "parallel-place",
    "place",
    "result",
    "score",
    "points",
    "standard-error",
    "percent",
    "number",
    "task",
    "section",
    "topic",
    "criterion",
    "skill",
    "status",
    "status-correct",
    "status-partial",
    "status-incorrect",
    "status-skipped",
    "status-not-reached",
    "status-not-given",
    "skill-a",
    "skill-b",
    "skill-c",
    "individual-title",
    "by-task",
    "by-section",
    "by-skill",
    "what-next",
    "strong",
    "middle",
    "weak",
    "how-sure",
    "next-steps",
    "class-title",
    "matrix",
    "class-share",
    "campaign-share",
    "share-correct",
    "by-criterion",
    "groups",
    "group-pupils",
    "need",
    "group-tasks",
    "absent",
    "took-part",
    "enrolled",
    "mean",
    "mean-percent",
    "class-mean",
    "parallel-mean",
    "campaign-mean",
    "alpha",
    "standard-error-points",
    "legend",
    "no-groups",
    "held-back",
    "small-is-n",
    "school-title",
    "participation",
    "results-by-subject",
    "results-by-class",
    "marks",
    "gap",
    "gap-note",
    "lowest",
    "highest",
    "done-well",
    "done-badly",
    "advice",
    "campaign-line",
    "standard-error-bar",
    "presentation-title",
    "overview",
    "schools",
    "pupils",
    "tests",
    "attempts",
    "share-took-part",
    "means-by-subject",
    "means-by-language",
    "kazakh-medium",
    "russian-medium",
    "difference",
    "places",
    "places-note",
    "place-difference",
    "marks-and-monitoring",
    "monitoring",
    "term-marks",
    "equal-line",
    "fewest",
    "correlations",
    "findings",
    "not-taken",
    "scale-score",
    "level",
    "levels",
    "levels-by-subject",
    "levels-by-language",
    "levels-pupils",
    "level-from",
    "level-chance",
    "scale-title",
    "scale-mean",
    "scale-range-note",
    "district",
    "breakdown",
    "group",
    "cards-title",
    "card-code",
    "card-address",
    "card-when",
    "card-help",
    "card-cut",
    "source",
    "not-known",
    "target",
    "target-state",
    "by-people",
    "by-schools",
    "of-rounded-values",
    "unit-percentage-points",
    "unit-points",
    "chart",
    "chart-bars",
    "chart-dots",
    "chart-lines",
    "chart-distribution",
    "chart-multiples",
    "chart-map",
    "interval-from",
    "interval-to",
    "period",
    "paper-date",
    "paper-sheet",
    "paper-help",
    "paper-on-page",
    "paper-picture",
    "findings-title",
    "finding",
    "finding-none",
    "finding-checked",
    "finding-reproduced",
    "finding-loose",
    "finding-problem",
    "finding-unreadable",
    "finding-kind",
    "finding-place",
    "finding-printed",
    "finding-computed",
    "finding-cause",
];

/// Sentences with the arguments they take, without [`PREFIX`].
pub const SENTENCES: &[(&str, &[&str])] = &[
    ("score-range", &["low", "high", "maximum"]),
    ("grade-name", &["grade"]),
    ("practise", &["topics"]),
    ("keep", &["topics"]),
    ("chart-range", &["low", "low-at", "high", "high-at"]),
    ("scale-sentence", &["points", "error", "level", "meaning"]),
    ("scale-certain", &["chance"]),
    ("scale-note", &["mean", "low", "high"]),
    ("scale-between", &["chance", "other", "other-chance"]),
    ("scale-too-few-results", &["n", "minimum"]),
    ("scale-too-few-tasks", &["tasks", "minimum"]),
    ("scale-too-many-steps", &["number"]),
    ("scale-not-connected", &[]),
    ("scale-not-converged", &[]),
    ("scale-cuts", &[]),
    ("scale-refused", &["said"]),
    ("scale-by-district", &["grade"]),
    ("means-by-region", &["grade"]),
    ("highlight-subjects", &["grade", "best", "highest", "worst", "lowest"]),
    ("highlight-schools", &["grade", "low", "high"]),
    ("highlight-marks", &["low", "high"]),
    ("read-not-a-table", &["file"]),
    ("read-damaged", &["file", "detail"]),
    ("read-too-large", &["file", "megabytes"]),
    ("read-too-many-cells", &["file", "cells", "most"]),
    ("read-several-sheets", &["file", "sheets"]),
    ("read-no-such-sheet", &["sheet", "sheets"]),
    ("read-empty", &["file"]),
    ("read-merged", &["cells"]),
    ("read-no-column", &["column", "columns"]),
    ("read-column-twice", &["column", "columns"]),
    ("address-row", &["row"]),
    ("address-cell", &["row", "column", "head"]),
    ("problem-not-a-number", &["place", "found"]),
    ("problem-not-whole", &["place", "found"]),
    ("problem-out-of-range", &["place", "found", "low", "high"]),
    ("problem-missing", &["place"]),
    ("problem-not-one-of", &["place", "found", "allowed"]),
    ("problem-too-many-cells", &["place", "found", "columns"]),
];

/// Ready texts in one language, by key without prefix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Labels(BTreeMap<String, String>);

impl Labels {
    /// The labels as the files in `locales` have them.
    pub fn built_in(language: Language) -> Self {
        Self(KEYS.iter().map(|key| ((*key).to_owned(), sentence(language, key, &[]))).collect())
    }

    /// The text of a label; the key itself when there is none.
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key).map_or(key, String::as_str)
    }

    /// Replaces a text, as a network that words things its own way does.
    #[must_use]
    pub fn with(mut self, key: &str, text: impl Into<String>) -> Self {
        self.0.insert(key.to_owned(), text.into());
        self
    }
}

/// A message with its arguments filled in; the key itself when there is no such message.
///
/// ```
/// use kernel::Language;
/// let text = documents::sentence(Language::En, "score-range", &[("low", "14"), ("high", "18"), ("maximum", "20")]);
/// assert_eq!(text, "With similar tasks the score would most likely lie between 14 and 18 of 20.");
/// ```
pub fn sentence(language: Language, key: &str, arguments: &[(&str, &str)]) -> String {
    let bundle = bundle(language);
    let Some(pattern) = bundle.get_message(&format!("{PREFIX}{key}")).and_then(|message| message.value()) else {
        return key.to_owned();
    };
    let mut args = FluentArgs::new();
    for (name, value) in arguments {
        args.set(*name, *value);
    }
    bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
}

type Bundle = FluentBundle<FluentResource>;

fn bundle(language: Language) -> &'static Bundle {
    static KAZAKH: LazyLock<Bundle> =
        LazyLock::new(|| load(Language::Kk, include_str!("../../../locales/kk/documents.ftl")));
    static RUSSIAN: LazyLock<Bundle> =
        LazyLock::new(|| load(Language::Ru, include_str!("../../../locales/ru/documents.ftl")));
    static ENGLISH: LazyLock<Bundle> =
        LazyLock::new(|| load(Language::En, include_str!("../../../locales/en/documents.ftl")));
    match language {
        Language::Kk => &KAZAKH,
        Language::Ru => &RUSSIAN,
        Language::En => &ENGLISH,
    }
}

/// A bundle of one embedded file. The tests below prove that the files have no errors and no message twice, so what
/// the parser could not read is left out instead of stopping the program.
fn load(language: Language, text: &str) -> Bundle {
    let tag = language.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Isolation marks (U+2068, U+2069) would be printed as boxes.
    bundle.set_use_isolating(false);
    let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(partial, _)| partial);
    if bundle.add_resource(resource).is_err() {
        // The first of two equal keys stays.
    }
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const FILES: [(Language, &str); 3] = [
        (Language::Kk, include_str!("../../../locales/kk/documents.ftl")),
        (Language::Ru, include_str!("../../../locales/ru/documents.ftl")),
        (Language::En, include_str!("../../../locales/en/documents.ftl")),
    ];

    #[test]
    fn every_file_has_every_key_once_and_no_other() {
        let expected: BTreeSet<String> = KEYS
            .iter()
            .copied()
            .chain(SENTENCES.iter().map(|(key, _)| *key))
            .map(|key| format!("{PREFIX}{key}"))
            .collect();
        for (language, text) in FILES {
            assert!(FluentResource::try_new(text.to_owned()).is_ok(), "{language}: syntax");
            let keys: Vec<String> = text
                .lines()
                .filter(|line| line.starts_with(PREFIX))
                .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
                .collect();
            let set: BTreeSet<String> = keys.iter().cloned().collect();
            assert_eq!(keys.len(), set.len(), "{language}: a key occurs twice");
            assert_eq!(set, expected, "{language}");
        }
    }

    #[test]
    fn sentences_use_exactly_their_arguments() {
        for (language, text) in FILES {
            for (key, arguments) in SENTENCES {
                let line = text.lines().find(|line| line.starts_with(&format!("{PREFIX}{key} ="))).unwrap();
                for argument in *arguments {
                    assert!(line.contains(&format!("{{ ${argument} }}")), "{language} {key}: no ${argument}");
                }
                assert_eq!(line.matches('$').count(), arguments.len(), "{language} {key}");
            }
            for key in KEYS {
                let line = text.lines().find(|line| line.starts_with(&format!("{PREFIX}{key} ="))).unwrap();
                assert!(!line.contains('$'), "{language} {key}: a label takes no arguments");
            }
        }
    }

    #[test]
    fn labels_are_texts_not_keys() {
        for language in Language::ALL {
            let labels = Labels::built_in(language);
            for key in KEYS {
                assert_ne!(labels.text(key), *key, "{language} {key}");
            }
        }
        assert_eq!(Labels::built_in(Language::En).with("school", "Lyceum").text("school"), "Lyceum");
    }
}
