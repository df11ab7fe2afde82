//! Numbers and dates as each language writes them.

use jiff::ZonedDateTime;
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

/// A date for tables: `14.11.2022`.
pub fn short_date(date: Date) -> String {
    format!("{:02}.{:02}.{}", date.day(), date.month(), date.year())
}

/// A point in time on its own clock: `14.11.2022 09:05`.
pub fn date_time(here: &ZonedDateTime) -> String {
    format!("{} {:02}:{:02}", short_date(here.date()), here.hour(), here.minute())
}

/// A time of day on its own clock: `09:05:07`.
pub fn clock_time(here: &ZonedDateTime) -> String {
    format!("{:02}:{:02}:{:02}", here.hour(), here.minute(), here.second())
}

/// Milliseconds since 1970 as a clock in this zone shows them.
pub fn moment(milliseconds: i64, zone: &TimeZone) -> ZonedDateTime {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned_datetime(zone.clone())
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
}
