//! Dates, names and numbers as a reader expects them.

use documents::report::{Imprint, Mean as ShownMean, Number};
use documents::sentence;
use kernel::{Language, day_in_words, days_in_words};
use roster::{OrgTree, OrgUnitKind, SchoolClass};

use crate::model::{Mean, Settings};
use delivery::model::{Campaign, Test};

/// Days of a campaign.
pub(crate) fn period(campaign: &Campaign, language: Language) -> String {
    days_in_words(campaign.opens_on, campaign.closes_on, language)
}

/// What every document of a campaign carries.
pub fn imprint(campaign: &Campaign, tree: &OrgTree, language: Language) -> Imprint {
    let root = tree.all().find(|node| node.kind == OrgUnitKind::Network);
    let issuer = root.map_or_else(String::new, |root| {
        let parts = [root.name.in_language(language), root.settlement.in_language(language)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    });
    Imprint {
        language,
        campaign: campaign.name.in_language(language).to_owned(),
        issuer,
        date: day_in_words(campaign.closes_on, language),
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

/// Name of a test below its grade, which need not be said again: "Физика" of "Физика, 8 класс".
pub(crate) fn name_in_grade(test: &Test, language: Language) -> String {
    let name = test.name.in_language(language);
    let grade = sentence(language, "grade-name", &[("grade", &test.grade.to_string())]);
    name.strip_suffix(&grade).and_then(|short| short.strip_suffix(", ")).unwrap_or(name).to_owned()
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
    fn points_are_whole_where_they_can_be() {
        assert_eq!(points(16.0, Language::Kk).text, "16");
        assert_eq!(points(16.25, Language::Kk).text, "16,25");
    }
}
