//! Ids: 64-bit numbers in the order of their making, one type per kind of thing.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::Timestamp;

/// A text that is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not an id: an id is a positive whole number")]
pub struct IdParseError(pub String);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = IdParseError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text.parse::<i64>() {
                    Ok(number) if number > 0 => Ok(Self(number)),
                    _ => Err(IdParseError(text.to_owned())),
                }
            }
        }
    )*};
}

ids! {
    /// A node of the organisation tree.
    OrgUnitId,
    /// A school: an organisation unit that has classes.
    SchoolId,
    /// A class: grade, letter and language of instruction in one school year.
    ClassId,
    /// One human being.
    PersonId,
    /// A sign-in of a person.
    AccountId,
    /// An item of the bank.
    ItemId,
    /// One version of an item.
    ItemVersionId,
    /// An ordered set of items given together.
    FormId,
    /// One monitoring, selection or examination as a whole.
    CampaignId,
    /// A test of a campaign: a subject in a grade.
    TestId,
    /// One form, one class, one window.
    SittingId,
    /// One person in one sitting.
    AttemptId,
    /// A piece of background work.
    JobId,
}

impl From<SchoolId> for OrgUnitId {
    fn from(school: SchoolId) -> Self {
        Self(school.0)
    }
}

/// Makes ids: milliseconds since 2020, then the node's number, then a counter.
///
/// Ids of one node rise strictly, also when the clock stands still or goes back; several nodes of one network and
/// room servers without a connection make ids that never meet as long as their node numbers (0..=1023) differ.
#[derive(Debug)]
pub struct IdGenerator {
    node: i64,
    /// Milliseconds since the epoch below, shifted left by `COUNTER_BITS`, plus the counter.
    last: AtomicI64,
}

const NODE_BITS: u32 = 10;
const COUNTER_BITS: u32 = 12;
/// 2020-01-01T00:00:00Z in milliseconds.
const EPOCH: i64 = 1_577_836_800_000;

impl IdGenerator {
    /// How many numbers of nodes there are, from 0 on.
    pub const NODES: u16 = 1 << NODE_BITS;

    /// A generator for the node with this number; only its lowest ten bits count.
    pub fn new(node: u16) -> Self {
        Self { node: i64::from(node) & ((1 << NODE_BITS) - 1), last: AtomicI64::new(0) }
    }

    /// The next id at this time.
    pub fn next(&self, now: Timestamp) -> i64 {
        let earliest = (now.as_millisecond() - EPOCH).max(1) << COUNTER_BITS;
        let before = self
            .last
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(earliest.max(last + 1)))
            .unwrap_or_else(|last| last);
        let tick = earliest.max(before + 1);
        let (milliseconds, counter) = (tick >> COUNTER_BITS, tick & ((1 << COUNTER_BITS) - 1));
        (((milliseconds << NODE_BITS) | self.node) << COUNTER_BITS) | counter
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_even_when_the_clock_goes_back() {
        let ids = IdGenerator::new(3);
        let now = Timestamp::from_millisecond(1_700_000_000_000).unwrap();
        let mut last = 0;
        for step in 0..10_000 {
            let at = Timestamp::from_millisecond(now.as_millisecond() - step).unwrap();
            let id = ids.next(at);
            assert!(id > last);
            last = id;
        }
    }

    #[test]
    fn nodes_never_meet() {
        let now = Timestamp::from_millisecond(1_700_000_000_000).unwrap();
        let (one, two) = (IdGenerator::new(1), IdGenerator::new(2));
        let of_one: std::collections::BTreeSet<i64> = (0..5_000).map(|_| one.next(now)).collect();
        assert!((0..5_000).all(|_| !of_one.contains(&two.next(now))));
    }

    #[test]
    fn text_that_is_no_id_is_refused() {
        assert!("12".parse::<PersonId>().is_ok());
        for text in ["", "0", "-4", "12a", "9999999999999999999"] {
            assert!(text.parse::<PersonId>().is_err(), "{text}");
        }
    }
}
