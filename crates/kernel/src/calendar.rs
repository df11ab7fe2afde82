//! Days as people write them in each language.

use crate::{Date, Language};

/// Months as they stand after a day: Russian in the genitive.
const MONTHS: [[&str; 3]; 12] = [
    ["қаңтар", "января", "January"],
    ["ақпан", "февраля", "February"],
    ["наурыз", "марта", "March"],
    ["сәуір", "апреля", "April"],
    ["мамыр", "мая", "May"],
    ["маусым", "июня", "June"],
    ["шілде", "июля", "July"],
    ["тамыз", "августа", "August"],
    ["қыркүйек", "сентября", "September"],
    ["қазан", "октября", "October"],
    ["қараша", "ноября", "November"],
    ["желтоқсан", "декабря", "December"],
];

fn month(date: Date, language: Language) -> &'static str {
    let names = usize::try_from(date.month() - 1).ok().and_then(|index| MONTHS.get(index));
    let [kazakh, russian, english] = names.expect("a date has a month from 1 to 12");
    match language {
        Language::Kk => kazakh,
        Language::Ru => russian,
        Language::En => english,
    }
}

/// `days` is what stands in the place of the day: one, or the first and the last of a month.
fn written(days: &str, of: Date, language: Language) -> String {
    let (month, year) = (month(of, language), of.year());
    match language {
        Language::Kk => format!("{year} жылғы {days} {month}"),
        Language::Ru => format!("{days} {month} {year} года"),
        Language::En => format!("{days} {month} {year}"),
    }
}

/// A day in words: `2022 жылғы 14 қараша`, `14 ноября 2022 года`, `14 November 2022`.
pub fn day_in_words(date: Date, language: Language) -> String {
    written(&date.day().to_string(), date, language)
}

/// Days from the first to the last, as short as the language allows: `14–18 ноября 2022 года`.
///
/// ```
/// use kernel::{Date, Language, days_in_words};
/// let (first, last) = (Date::constant(2022, 11, 14), Date::constant(2022, 11, 18));
/// assert_eq!(days_in_words(first, last, Language::Kk), "2022 жылғы 14–18 қараша");
/// ```
pub fn days_in_words(first: Date, last: Date, language: Language) -> String {
    if first == last {
        day_in_words(last, language)
    } else if (first.year(), first.month()) == (last.year(), last.month()) {
        written(&format!("{}–{}", first.day(), last.day()), last, language)
    } else {
        format!("{} – {}", day_in_words(first, language), day_in_words(last, language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_each_language_does() {
        let (first, last) = (Date::constant(2022, 11, 14), Date::constant(2022, 11, 18));
        let one = Language::ALL.map(|language| day_in_words(first, language));
        assert_eq!(one, ["2022 жылғы 14 қараша", "14 ноября 2022 года", "14 November 2022"]);
        let all = Language::ALL.map(|language| days_in_words(first, last, language));
        assert_eq!(all, ["2022 жылғы 14–18 қараша", "14–18 ноября 2022 года", "14–18 November 2022"]);
        assert_eq!(days_in_words(first, first, Language::Ru), "14 ноября 2022 года");
        let new_year = days_in_words(Date::constant(2022, 12, 30), Date::constant(2023, 1, 2), Language::En);
        assert_eq!(new_year, "30 December 2022 – 2 January 2023");
    }
}
