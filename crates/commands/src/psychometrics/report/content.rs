//! What the report says: sections in order, in its language.

use documents::report::{AnalysisBody, AnalysisChart, AnalysisColumn, AnalysisSection, Imprint, TestAnalysis};
use kernel::Language;
use psychometrics::classical::{DecisionQuality, greatest_lower_bound, omega};
use psychometrics::irt::Fit;
use psychometrics::scores::empirical_reliability;
use psychometrics::{Classical, Responses, Score};

use super::super::input::Note;
use super::charts;
use super::words::{Words, words};

/// Everything the report is made of.
pub struct Found<'a> {
    pub responses: &'a Responses,
    pub analysis: &'a Classical,
    pub fitted: &'a Fit,
    /// Cut scores with the quality of decisions at them.
    pub decisions: Option<(&'a [f64], &'a DecisionQuality)>,
    pub notes: &'a [Note],
}

/// The report; `source`: name of the data.
pub fn report(found: &Found, language: Language, title: Option<&str>, source: &str) -> TestAnalysis {
    let words = words(language);
    let test = &found.analysis.test;
    let mut models: Vec<String> = found.fitted.models.iter().map(|model| shown_model(model.name())).collect();
    models.sort_unstable();
    models.dedup();
    let lead = words.lead(source, test.persons, test.items, &models.join(", "));
    let charts = |columns: usize, charts: Vec<AnalysisChart>| AnalysisBody::Charts { columns, charts };
    let mut sections = Vec::new();
    let mut add = |heading: &str, note: &str, body: AnalysisBody| {
        sections.push(AnalysisSection { heading: heading.to_owned(), note: note.to_owned(), body });
    };
    add(words.test, "", AnalysisBody::Facts { pairs: facts(found, words) });
    add(words.distribution, "", charts(1, vec![charts::distribution(found, words)]));
    if let Some((cuts, quality)) = found.decisions {
        add(words.decisions, words.decisions_note, decisions(cuts, quality, words));
    }
    add(words.precision, words.precision_note, charts(2, charts::information(found, words)));
    add(words.wright_map, words.map_note, charts(1, vec![charts::wright_map(found, words)]));
    add(words.items, "", items(found, words));
    add(words.curves, "", charts(2, charts::items(found, words)));
    let note = if found.responses.has_choices() { words.answers_note } else { words.scores_note };
    add(words.answers, note, charts(3, charts::answers(found, words)));
    if !found.analysis.options.is_empty() {
        add(words.options, "", options(found, words));
    }
    let warnings: Vec<String> = (found.notes.iter().map(|note| words.note(note)))
        .chain(found.fitted.warnings.iter().map(|warning| words.fit_warning(warning)))
        .collect();
    if !warnings.is_empty() {
        add(words.warnings, "", AnalysisBody::Lines { lines: warnings });
    }
    TestAnalysis {
        imprint: Imprint {
            language,
            campaign: source.to_owned(),
            issuer: "Zerek".to_owned(),
            date: String::new(),
            demonstration: false,
        },
        title: title.unwrap_or(words.title).to_owned(),
        lead,
        sections,
    }
}

/// Abbreviations in capitals, names as names.
fn shown_model(name: &str) -> String {
    match name {
        "rasch" => "Rasch".to_owned(),
        "nominal" => name.to_owned(),
        abbreviation => abbreviation.to_uppercase(),
    }
}

fn facts(found: &Found, words: &Words) -> Vec<(String, String)> {
    let (test, fitted) = (&found.analysis.test, found.fitted);
    let reliability = &test.reliability;
    let covariance = found.analysis.covariance.as_deref();
    let number = |value: Option<f64>, decimals: u32| words.shown(value, decimals);
    let interval = |value: Option<f64>, interval: Option<(f64, f64)>| match interval {
        Some((low, high)) => format!("{} ({}–{})", number(value, 2), number(Some(low), 2), number(Some(high), 2)),
        None => number(value, 2),
    };
    let scores: Vec<Score> =
        (fitted.eap(found.responses.persons()).into_iter().flatten()).map(|(theta, se)| Score { theta, se }).collect();
    let pair = |name: &str, value: String| (name.to_owned(), value);
    vec![
        pair(words.persons, words.count(test.persons)),
        pair(words.items, words.count(test.items)),
        pair(words.mean, format!("{} / {}", number(Some(test.mean), 2), test.max)),
        pair(words.sd, number(test.sd, 2)),
        pair(words.alpha, interval(reliability.alpha, reliability.alpha_interval)),
        pair("λ2", number(reliability.lambda2, 2)),
        pair(words.glb, number(covariance.and_then(|c| greatest_lower_bound(c, test.items)).map(|b| b.value), 2)),
        pair("ω", number(covariance.and_then(|c| omega(c, test.items, &[])).map(|o| o.total), 2)),
        pair(words.sem, number(reliability.sem, 2)),
        pair(words.ability_reliability, number(empirical_reliability(&scores), 2)),
        pair(words.variance, number(Some(fitted.latent[0].variance.value), 2)),
        pair(words.log_likelihood, number(Some(fitted.log_likelihood), 1)),
        pair("AIC", number(Some(fitted.aic()), 1)),
        pair("BIC", number(Some(fitted.bic()), 1)),
    ]
}

fn decisions(cuts: &[f64], quality: &DecisionQuality, words: &Words) -> AnalysisBody {
    let columns = vec![
        AnalysisColumn::text(words.cut, 1),
        AnalysisColumn::numbers(words.accuracy),
        AnalysisColumn::numbers(words.consistency),
        AnalysisColumn::numbers("κ"),
    ];
    let number = |value: Option<f64>| words.shown(value, 3);
    let row = |(cut, (accuracy, consistency)): (&f64, &(f64, f64))| {
        vec![
            words.shown(Some(*cut), u32::from(cut.fract() != 0.0)),
            number(Some(*accuracy)),
            number(Some(*consistency)),
            String::new(),
        ]
    };
    let mut rows: Vec<Vec<String>> = cuts.iter().zip(&quality.at_cuts).map(row).collect();
    let whole = [Some(quality.accuracy), Some(quality.consistency), quality.kappa].map(number);
    rows.push(std::iter::once(words.all_levels.to_owned()).chain(whole).collect());
    AnalysisBody::Table { columns, rows }
}

fn items(found: &Found, words: &Words) -> AnalysisBody {
    let head = |text: &str| AnalysisColumn::numbers(text);
    let columns = vec![
        AnalysisColumn::text(words.item, 2),
        head("n"),
        head(words.facility),
        head(words.item_rest),
        head(words.without),
        head(words.slope),
        head(words.difficulty),
        AnalysisColumn::text(words.flags, 3),
    ];
    let number = |value: Option<f64>| words.shown(value, 2);
    let row = |(place, item): (usize, &psychometrics::ItemStatistics)| {
        let form = found.fitted.irt_form(place);
        let with_error = |name: &str| -> String {
            let of_name = form.iter().filter(|estimate| estimate.name.starts_with(name));
            let shown = |e: &psychometrics::irt::Estimate| match e.se {
                Some(se) => format!("{} ({})", number(Some(e.value)), number(Some(se))),
                None => number(Some(e.value)),
            };
            of_name.map(shown).collect::<Vec<_>>().join("\n")
        };
        let flags: Vec<String> = item.flags.iter().map(|flag| words.flag(flag)).collect();
        vec![
            item.item.clone(),
            words.count(item.n),
            number(item.facility),
            number(item.item_rest),
            number(item.alpha_if_deleted),
            with_error("a"),
            with_error("b"),
            flags.join("\n"),
        ]
    };
    AnalysisBody::Table { columns, rows: found.analysis.items.iter().enumerate().map(row).collect() }
}

fn options(found: &Found, words: &Words) -> AnalysisBody {
    let columns = vec![
        AnalysisColumn::text(words.item, 2),
        AnalysisColumn::text(words.option, 2),
        AnalysisColumn::numbers("n"),
        AnalysisColumn::numbers(words.share),
        AnalysisColumn::numbers(words.item_rest),
        AnalysisColumn::numbers(words.mean_of_choosers),
    ];
    let row = |option: &psychometrics::OptionStatistics| {
        vec![
            option.item.clone(),
            if option.is_key { format!("{} ({})", option.option, words.key) } else { option.option.clone() },
            words.count(option.n),
            words.shown(option.share, 2),
            words.shown(option.rest_correlation, 2),
            words.shown(option.mean_total, 1),
        ]
    };
    AnalysisBody::Table { columns, rows: found.analysis.options.iter().map(row).collect() }
}
