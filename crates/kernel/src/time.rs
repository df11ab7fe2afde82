//! The clock, as a parameter, and the school calendar.

pub use jiff::Timestamp;
pub use jiff::civil::Date;

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};

/// Tells the time. Services take the time as a parameter; only the edges of the program hold a clock.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands where it is put: for tests and for loading data with dates of their own.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that shows this time until it is moved.
    pub fn at(time: Timestamp) -> Self {
        Self(AtomicI64::new(time.as_millisecond()))
    }

    /// Moves the clock by a number of milliseconds, forward or back.
    pub fn move_by(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// The school year that a date belongs to, named by the year in which it begins: 2022 for 2022-09-01 to 2023-08-31.
pub fn school_year_of(date: Date) -> i16 {
    if date.month() >= 9 { date.year() } else { date.year() - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn school_year_turns_on_the_first_of_september() {
        assert_eq!(school_year_of(date(2022, 8, 31)), 2021);
        assert_eq!(school_year_of(date(2022, 9, 1)), 2022);
        assert_eq!(school_year_of(date(2023, 1, 15)), 2022);
    }
}
