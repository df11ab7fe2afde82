//! Entries of the answer log and the chain of hashes through them.

use std::fmt;

use kernel::{AttemptId, Timestamp};
use sha2::{Digest, Sha256};

use super::event::Event;
use super::state::AttemptState;

/// SHA-256 of an entry and everything before it.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Hash(pub [u8; 32]);

impl fmt::Debug for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Hash({self})")
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl Hash {
    /// The hash in a column; `None` when it has another length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// What a pupil can write down: the first eight hexadecimal digits in two groups. Whoever holds it can see later that
    /// nothing was taken from the end of the log, which the chain alone cannot show.
    pub fn receipt(&self) -> String {
        let [a, b, c, d, ..] = self.0;
        format!("{a:02x}{b:02x}-{c:02x}{d:02x}")
    }
}

/// One entry of the log, as it lies in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Place in the attempt's log, from 1 without gaps.
    pub sequence: i64,
    /// Word for what happened, the same as in the payload.
    pub kind: String,
    /// The item, the same as in the payload.
    pub item: Option<i64>,
    /// The event as JSON, byte for byte as it was hashed.
    pub payload: String,
    /// What the client called this step, so that a repetition is known as one.
    pub key: Option<String>,
    /// Milliseconds since 1970 on the server's clock.
    pub at: i64,
    /// Hash of all this and of the entry before.
    pub hash: Hash,
}

/// The log of an attempt is not what was once written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// An entry is missing or there twice.
    #[error("entry {found} stands where entry {expected} should be")]
    Gap {
        /// The sequence that should come.
        expected: i64,
        /// The sequence that came.
        found: i64,
    },
    /// An entry or one before it was changed.
    #[error("entry {sequence} does not have the hash that its content gives")]
    Hash {
        /// Where the chain breaks first.
        sequence: i64,
    },
    /// The payload is no event.
    #[error("entry {sequence} cannot be read: {reason}")]
    Unreadable {
        /// Which entry.
        sequence: i64,
        /// What the reader said.
        reason: String,
    },
    /// The event cannot follow on those before it.
    #[error("entry {sequence} ({kind}) cannot follow on the entries before it")]
    Illegal {
        /// Which entry.
        sequence: i64,
        /// What it says.
        kind: String,
    },
}

/// Canonical bytes of an entry after another: fields in fixed order, texts with their length in front, numbers as eight
/// bytes with the highest first. No two different entries have the same bytes.
fn hash(before: Hash, attempt: AttemptId, entry: &Entry) -> Hash {
    let mut digest = Sha256::new();
    digest.update(b"zerek answer log 1\n");
    digest.update(before.0);
    digest.update(attempt.0.to_be_bytes());
    digest.update(entry.sequence.to_be_bytes());
    let mut text = |text: &str| {
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text.as_bytes());
    };
    text(&entry.kind);
    text(&entry.item.map_or_else(String::new, |item| item.to_string()));
    text(&entry.payload);
    // An absent key and an empty one differ by the byte in front.
    text(&entry.key.as_ref().map_or_else(String::new, |key| format!("+{key}")));
    digest.update(entry.at.to_be_bytes());
    Hash(digest.finalize().into())
}

impl Entry {
    /// The next entry after a state.
    pub(super) fn seal(
        state: &AttemptState,
        attempt: AttemptId,
        event: &Event,
        key: Option<String>,
        now: Timestamp,
    ) -> Self {
        let mut entry = Self {
            sequence: state.entries + 1,
            kind: event.kind().to_owned(),
            item: event.item().map(|item| item.0),
            // An event is numbers, texts and lists of them: JSON can hold it all.
            payload: serde_json::to_string(event).unwrap_or_default(),
            key,
            at: now.as_millisecond(),
            hash: Hash::default(),
        };
        entry.hash = hash(state.head, attempt, &entry);
        entry
    }

    /// The event, once the entry is known to be the one that follows on `before`.
    pub(super) fn open(&self, attempt: AttemptId, expected: i64, before: Hash) -> Result<Event, LogError> {
        let sequence = self.sequence;
        if sequence != expected {
            return Err(LogError::Gap { expected, found: sequence });
        }
        if hash(before, attempt, self) != self.hash {
            return Err(LogError::Hash { sequence });
        }
        let event: Event = serde_json::from_str(&self.payload)
            .map_err(|error| LogError::Unreadable { sequence, reason: error.to_string() })?;
        if event.kind() != self.kind || event.item().map(|item| item.0) != self.item {
            let reason = "the columns say something else than the payload".to_owned();
            return Err(LogError::Unreadable { sequence, reason });
        }
        Ok(event)
    }
}

/// Checks every entry of an attempt's log, in order, and gives the hash of the last one.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(attempt: AttemptId, log: &[Entry]) -> Result<Hash, LogError> {
    super::state::fold(attempt, log).map(|state| state.head)
}
