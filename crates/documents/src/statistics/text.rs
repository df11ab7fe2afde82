//! The texts of a table in a language.

use kernel::Language;
use measures::Exact;
use measures::definition::{Averaging, Kind};
use measures::suppress::Mark;
use measures::table::{At, Column, Light, Table};
use serde::Serialize;

use crate::Labels;

/// A number with fixed decimals as a language writes it: decimal comma outside English, a narrow space (in English a
/// comma) between thousands from five digits on, a true minus sign.
///
/// ```
/// use documents::statistics::number_text;
/// use kernel::Language;
/// let exact = |text: &str| text.parse::<measures::Exact>().unwrap();
/// assert_eq!(number_text(exact("-2.50"), 2, Language::Kk), "−2,50");
/// assert_eq!(number_text(exact("150482"), 0, Language::En), "150,482");
/// assert_eq!(number_text(exact("68.25"), 1, Language::Ru), "68,3");
/// ```
pub fn number_text(value: Exact, decimals: u32, language: Language) -> String {
    let fixed = value.fixed(decimals);
    let (sign, digits) = fixed.strip_prefix('-').map_or(("", fixed.as_str()), |digits| ("−", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let separator = if language == Language::En { ',' } else { '\u{202f}' };
    let mut text = sign.to_owned();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && whole.len() > 4 && (whole.len() - place).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(if language == Language::En { '.' } else { ',' });
        text.push_str(fraction);
    }
    text
}

/// A unit as printed behind a heading: `%`; nothing for people, whose number needs no unit.
pub fn unit_text<'a>(unit: &'a str, labels: &'a Labels) -> &'a str {
    match unit {
        "percent" => "%",
        "percentage_points" => labels.text("unit-percentage-points"),
        "points" => labels.text("unit-points"),
        "persons" | "marks" => "",
        other => other,
    }
}

/// A heading over one or several columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Head {
    /// Text.
    pub text: String,
    /// Columns below it.
    pub span: usize,
    /// First column, from 0.
    pub first: usize,
}

/// The lines of headings: the columns' members over the measures. With one measure in all columns the members stand alone
/// and the measure is the second part of the result; without members the measures stand alone.
pub fn heads(table: &Table, language: Language, labels: &Labels) -> (Vec<Vec<Head>>, Option<String>) {
    let measure = |column: &Column| {
        let name = column.heading.in_language(language);
        let unit = column.unit.as_deref().map_or("", |unit| unit_text(unit, labels));
        // Some names carry their unit: "Quality, %".
        if unit.is_empty() || name.contains(unit) { name.to_owned() } else { format!("{name}, {unit}") }
    };
    let single = |first: usize, text: String| Head { text, span: 1, first };
    let over = |column: &Column| column.over.as_ref().map(|over| over.in_language(language).to_owned());
    let measures: Vec<Head> =
        table.columns.iter().enumerate().map(|(index, column)| single(index, measure(column))).collect();
    let Some(first) = table.columns.first().filter(|column| column.over.is_some()) else {
        return (vec![measures], None);
    };
    let mut groups: Vec<Head> = Vec::new();
    let mut code: Option<&str> = None;
    for (index, column) in table.columns.iter().enumerate() {
        match groups.last_mut().filter(|_| code == Some(column.code.as_str())) {
            Some(group) => group.span += 1,
            None => groups.push(single(index, over(column).unwrap_or_default())),
        }
        code = Some(&column.code);
    }
    if table.columns.iter().all(|column| column.measure == first.measure) {
        (vec![groups], Some(measure(first)))
    } else {
        (vec![groups, measures], None)
    }
}

/// A cell's texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellText {
    /// The number, `…` where it is hidden, `–` where nothing is known.
    pub text: String,
    /// Whether it is hidden.
    pub hidden: bool,
    /// Numbers of footnotes, from 1.
    pub notes: Vec<usize>,
    /// "Target 85,0", and how it stands: `reached`, `near`, `missed` with its word.
    pub target: Option<(String, &'static str, String)>,
    /// The same number averaged otherwise: "by schools 87,5".
    pub others: Vec<String>,
}

/// The word for an averaging.
pub(super) fn averaging_text(averaging: Averaging, labels: &Labels) -> &str {
    match averaging {
        Averaging::ByPeople => labels.text("by-people"),
        Averaging::BySchools => labels.text("by-schools"),
        Averaging::OfRoundedValues => labels.text("of-rounded-values"),
    }
}

const fn light_code(light: Light) -> &'static str {
    match light {
        Light::Reached => "reached",
        Light::Near => "near",
        Light::Missed => "missed",
    }
}

/// The texts of a cell.
pub fn cell_text(table: &Table, at: At, language: Language, labels: &Labels) -> CellText {
    let nothing =
        CellText { text: "–".to_owned(), hidden: false, notes: Vec::new(), target: None, others: Vec::new() };
    let (Some(cell), Some(column)) = (table.cell(at), table.columns.get(at.1)) else { return nothing };
    if cell.mark != Mark::Shown {
        return CellText { text: "…".to_owned(), hidden: true, ..nothing };
    }
    let number = |value: Exact| number_text(value, column.decimals, language);
    let signed = |value: Exact| {
        let plus = matches!(column.kind, Kind::Change | Kind::Gap) && value > Exact::ZERO;
        format!("{}{}", if plus { "+" } else { "" }, number(value))
    };
    let target = cell.target.map(|target| {
        let words = format!("{} {}", labels.text("target"), number(target.target));
        (words, light_code(target.light), target.light.word().in_language(language).to_owned())
    });
    let other =
        |(averaging, value): &(Averaging, Exact)| format!("{} {}", averaging_text(*averaging, labels), number(*value));
    CellText {
        text: cell.value.printed.map_or_else(|| "–".to_owned(), signed),
        hidden: false,
        notes: cell.footnotes.iter().map(|note| note + 1).collect(),
        target,
        others: cell.other_averages.iter().map(other).collect(),
    }
}
