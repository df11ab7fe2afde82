//! Numbers and dates as each language writes them.

use jiff::tz::TimeZone;
use kernel::{Date, Decimal, Language, Timestamp, round_half_up};

/// A whole number with a narrow space between thousands: `12 387`.
pub fn whole(language: Language, value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let separator = if language == Language::En { ',' } else { '\u{202f}' };
    let mut text = String::new();
    if value < 0 {
        text.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        // Four digits stand together, as in Russian and Kazakh print.
        if place > 0 && digits.len() > 4 && (digits.len() - place).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// A decimal number with the language's decimal mark.
pub fn decimal(language: Language, value: Decimal) -> String {
    let text = value.to_string().replace('-', "−");
    if language == Language::En { text } else { text.replace('.', ",") }
}

/// A number rounded half-up to this many decimals.
pub fn rounded(language: Language, value: f64, decimals: u32) -> String {
    round_half_up(value, decimals).map_or_else(|| "—".to_owned(), |number| decimal(language, number))
}

/// A share in percent: `60,5 %`, in English `60.5%`.
pub fn percent(language: Language, value: f64, decimals: u32) -> String {
    let number = rounded(language, value, decimals);
    if language == Language::En { format!("{number}%") } else { format!("{number}\u{a0}%") }
}

const MONTHS_KK: [&str; 12] = [
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
];
const MONTHS_RU: [&str; 12] = [
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
];
const MONTHS_EN: [&str; 12] = [
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
];

/// A date in words: `2022 жылғы 14 қараша`, `14 ноября 2022 года`, `14 November 2022`.
pub fn date(language: Language, date: Date) -> String {
    let month = usize::try_from(date.month() - 1).unwrap_or(0).min(11);
    let (day, year) = (date.day(), date.year());
    match language {
        Language::Kk => format!("{year} жылғы {day} {}", MONTHS_KK[month]),
        Language::Ru => format!("{day} {} {year} года", MONTHS_RU[month]),
        Language::En => format!("{day} {} {year}", MONTHS_EN[month]),
    }
}

/// A date for tables: `14.11.2022`.
pub fn short_date(date: Date) -> String {
    format!("{:02}.{:02}.{}", date.day(), date.month(), date.year())
}

/// A point in time in the network's time zone: `14.11.2022 09:05`.
pub fn date_time(time: Timestamp, zone: &TimeZone) -> String {
    let here = time.to_zoned_datetime(zone.clone());
    format!("{} {:02}:{:02}", short_date(here.date()), here.hour(), here.minute())
}

/// A time of day in the network's time zone: `09:05:07`.
pub fn clock_time(time: Timestamp, zone: &TimeZone) -> String {
    let here = time.to_zoned_datetime(zone.clone());
    format!("{:02}:{:02}:{:02}", here.hour(), here.minute(), here.second())
}

/// Milliseconds since 1970 as a point in time.
pub fn from_milliseconds(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The time zone of the network. Kazakhstan has one since 1 March 2024.
pub fn zone() -> TimeZone {
    TimeZone::get("Asia/Almaty").unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_language() {
        assert_eq!(whole(Language::Kk, 11_899), "11\u{202f}899");
        assert_eq!(whole(Language::En, 1_392), "1392");
        assert_eq!(percent(Language::Ru, 68.25, 1), "68,3\u{a0}%");
        assert_eq!(rounded(Language::En, -3.05, 1), "−3.1");
    }

    #[test]
    fn dates_follow_the_language() {
        let day: Date = "2022-11-14".parse().unwrap();
        assert_eq!(date(Language::Kk, day), "2022 жылғы 14 қараша");
        assert_eq!(date(Language::Ru, day), "14 ноября 2022 года");
    }
}
