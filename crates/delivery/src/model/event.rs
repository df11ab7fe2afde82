//! What can happen in an attempt.

use std::collections::BTreeMap;

use kernel::{FormId, ItemId, PersonId};
use serde::{Deserialize, Serialize};

/// What was answered: the values of each response variable of the item (QTI 3, 5.128), in the order given.
///
/// A choice item has one variable, by custom `RESPONSE`, with the identifiers of the chosen options.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Response(pub BTreeMap<String, Vec<String>>);

impl Response {
    /// One chosen option of the variable `RESPONSE`.
    pub fn choice(option: impl Into<String>) -> Self {
        Self(BTreeMap::from([("RESPONSE".to_owned(), vec![option.into()])]))
    }

    /// Whether nothing was answered at all.
    pub fn is_empty(&self) -> bool {
        self.0.values().all(|values| values.iter().all(String::is_empty))
    }

    /// Bytes of names and values.
    pub fn size(&self) -> usize {
        self.0.iter().map(|(name, values)| name.len() + values.iter().map(String::len).sum::<usize>()).sum()
    }
}

/// Who or what ended an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FinishedBy {
    /// The pupil pressed "End test".
    Pupil,
    /// The minutes of the test ran out.
    Time,
    /// The window of the sitting or of the campaign closed.
    Window,
}

/// Why an answer was kept but not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LateBecause {
    /// The minutes of the test had run out.
    Time,
    /// The attempt had been ended.
    Finished,
}

/// One thing that happened in an attempt. Its JSON, in the order of the fields here, is the payload of a log entry.
///
/// Times inside are milliseconds since 1970; positions count from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Event {
    /// The pupil pressed Start. The items stand here in the order in which this pupil meets them, so that the log alone
    /// says what happened.
    Started {
        /// For everything that is drawn at random in this attempt.
        seed: u64,
        /// The form.
        form: FormId,
        /// Its items in order.
        items: Vec<ItemId>,
        /// When the time is up.
        deadline: i64,
    },
    /// An answer that counts.
    Answered {
        /// The item.
        item: ItemId,
        /// Its place in the order.
        position: usize,
        /// What was answered.
        response: Response,
    },
    /// The pupil went on without an answer and cannot come back.
    Skipped {
        /// The item.
        item: ItemId,
        /// Its place in the order.
        position: usize,
    },
    /// An answer that came too late: kept, not counted.
    Late {
        /// The item.
        item: ItemId,
        /// Its place in the order.
        position: usize,
        /// What was answered.
        response: Response,
        /// Why it does not count.
        because: LateBecause,
    },
    /// The attempt ended.
    Finished {
        /// Who or what ended it.
        by: FinishedBy,
    },
    /// The school let the pupil go on.
    Reopened {
        /// Why, in the coordinator's words.
        reason: String,
        /// Milliseconds given on top.
        added: i64,
        /// When the time is up now.
        deadline: i64,
        /// Who did it; none for the program itself.
        person: Option<PersonId>,
    },
    /// The pupil did not come.
    Absent {
        /// Code of the reason.
        reason: String,
        /// Who recorded it.
        person: Option<PersonId>,
    },
    /// The absence was a mistake.
    Present {
        /// Who recorded it.
        person: Option<PersonId>,
    },
}

impl Event {
    /// The word that stands in the log's column for the kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Started { .. } => "started",
            Self::Answered { .. } => "answered",
            Self::Skipped { .. } => "skipped",
            Self::Late { .. } => "late",
            Self::Finished { .. } => "finished",
            Self::Reopened { .. } => "reopened",
            Self::Absent { .. } => "absent",
            Self::Present { .. } => "present",
        }
    }

    /// The item that it is about.
    pub const fn item(&self) -> Option<ItemId> {
        match self {
            Self::Answered { item, .. } | Self::Skipped { item, .. } | Self::Late { item, .. } => Some(*item),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_in_the_payload_is_the_kind_in_the_column() {
        let events = [
            Event::Started { seed: 1, form: FormId(2), items: vec![ItemId(3)], deadline: 4 },
            Event::Answered { item: ItemId(3), position: 0, response: Response::choice("B") },
            Event::Skipped { item: ItemId(3), position: 0 },
            Event::Late {
                item: ItemId(3),
                position: 0,
                response: Response::choice("B"),
                because: LateBecause::Finished,
            },
            Event::Finished { by: FinishedBy::Window },
            Event::Reopened { reason: "no power".to_owned(), added: 1, deadline: 2, person: Some(PersonId(9)) },
            Event::Absent { reason: "illness".to_owned(), person: None },
            Event::Present { person: None },
        ];
        for event in events {
            let json = serde_json::to_value(&event).unwrap();
            assert_eq!(json["kind"], event.kind());
            assert_eq!(serde_json::from_value::<Event>(json).unwrap(), event);
        }
    }

    #[test]
    fn the_payload_has_one_way_to_be_written() {
        let event = Event::Answered { item: ItemId(3), position: 0, response: Response::choice("B") };
        let payload = serde_json::to_string(&event).unwrap();
        assert_eq!(payload, r#"{"kind":"answered","item":3,"position":0,"response":{"RESPONSE":["B"]}}"#);
    }
}
