//! Dates, names and numbers as a reader expects them.

use documents::report::{Imprint, Mean as ShownMean, Number};
use kernel::{Date, Language};
use roster::{OrgTree, OrgUnitKind, SchoolClass};

use crate::model::{Mean, Settings};
use delivery::model::Campaign;

const MONTHS: [[&str; 12]; 3] = [
    [
        "қаңтар",
        "ақпан",
        "наурыз",
        "сәуір",
        "мамыр",
        "маусым",
        "шілде",
        "тамыз",
        "қыркүйек",
        "қазан",
        "қараша",
        "желтоқсан",
    ],
    [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
];

fn month(date: Date, language: Language) -> &'static str {
    let of_language = match language {
        Language::Kk => &MONTHS[0],
        Language::Ru => &MONTHS[1],
        Language::En => &MONTHS[2],
    };
    let index = usize::try_from(date.month() - 1).unwrap_or(0);
    of_language.get(index).copied().unwrap_or_default()
}

/// A day as written in a document: `18 қараша 2022 ж.`, `18 ноября 2022 г.`, `18 November 2022`.
pub(crate) fn day(date: Date, language: Language) -> String {
    let (day, month, year) = (date.day(), month(date, language), date.year());
    match language {
        Language::Kk => format!("{day} {month} {year} ж."),
        Language::Ru => format!("{day} {month} {year} г."),
        Language::En => format!("{day} {month} {year}"),
    }
}

/// Days of a campaign: one day, or the first and the last.
pub(crate) fn period(campaign: &Campaign, language: Language) -> String {
    let (first, last) = (campaign.opens_on, campaign.closes_on);
    if first == last {
        day(last, language)
    } else if (first.year(), first.month()) == (last.year(), last.month()) {
        format!("{}–{}", first.day(), day(last, language))
    } else {
        format!("{} – {}", day(first, language), day(last, language))
    }
}

/// What every document of a campaign carries.
pub(crate) fn imprint(campaign: &Campaign, tree: &OrgTree, language: Language) -> Imprint {
    let root = tree.all().find(|node| node.kind == OrgUnitKind::Network);
    let issuer = root.map_or_else(String::new, |root| {
        let parts = [root.name.in_language(language), root.settlement.in_language(language)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    });
    Imprint {
        language,
        campaign: campaign.name.in_language(language).to_owned(),
        issuer,
        date: day(campaign.closes_on, language),
        demonstration: campaign.demonstration,
    }
}

/// Name of a school with its place.
pub(crate) fn school_name(tree: &OrgTree, school: kernel::SchoolId, language: Language) -> String {
    tree.school(school).map_or_else(String::new, |node| {
        let parts = [node.name.in_language(language), node.settlement.in_language(language)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    })
}

/// A class as shown. Classes of imported tests have no grade, perhaps no name either.
pub(crate) fn class_name(class: &SchoolClass) -> String {
    match (class.grade, class.letter.as_str()) {
        (0, "") => "–".to_owned(),
        (0, letter) => letter.to_owned(),
        _ => class.label(),
    }
}

const LANGUAGES: [[&str; 3]; 3] =
    [["қазақ", "орыс", "ағылшын"], ["казахский", "русский", "английский"], ["Kazakh", "Russian", "English"]];

/// Name of a language of instruction.
pub(crate) fn language_name(of: Language, language: Language) -> &'static str {
    let index = |language| match language {
        Language::Kk => 0,
        Language::Ru => 1,
        Language::En => 2,
    };
    LANGUAGES[index(language)][index(of)]
}

/// Points: whole where they are whole.
pub(crate) fn points(value: f64, language: Language) -> Number {
    let decimals = if (value - value.round()).abs() < 1e-9 { 0 } else { 2 };
    Number::new(value, decimals, language)
}

/// Percent with the decimals of the settings.
pub(crate) fn percent(value: f64, language: Language, settings: &Settings) -> Number {
    Number::new(value, settings.decimals, language)
}

/// A mean as it may be shown.
pub(crate) fn shown(mean: &Mean, inside: bool, language: Language, settings: &Settings) -> ShownMean {
    let value = mean.shown(inside, settings.minimum_group).percent();
    ShownMean::new(value.map(|value| percent(value, language, settings)), mean.n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_each_language_does() {
        let date = Date::constant(2022, 11, 18);
        let written = Language::ALL.map(|language| day(date, language));
        assert_eq!(written, ["18 қараша 2022 ж.", "18 ноября 2022 г.", "18 November 2022"]);
        assert_eq!(points(16.0, Language::Kk).text, "16");
        assert_eq!(points(16.25, Language::Kk).text, "16,25");
    }
}
