//! The state of an attempt: a fold over its log.

use kernel::{AttemptId, FormId, ItemId, Timestamp};

use super::chain::{Entry, Hash, LogError};
use super::event::{Event, FinishedBy, LateBecause, Response};

/// Where an attempt is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Status {
    /// Nobody has pressed Start.
    #[default]
    NotStarted,
    /// Recorded as absent, with the code of the reason.
    Absent {
        /// Code of the reason.
        reason: String,
    },
    /// Started and not ended.
    Working,
    /// Ended.
    Finished {
        /// By whom or what.
        by: FinishedBy,
        /// When, milliseconds since 1970.
        at: i64,
    },
}

/// An item that the pupil has left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// What was answered; `None`: skipped.
    pub response: Option<Response>,
    /// The entry of the log that says so.
    pub sequence: i64,
    /// Milliseconds since the item came up: since the item before was left, or since the start or reopening.
    pub milliseconds: i64,
}

/// An answer that was kept but does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateAnswer {
    /// The item.
    pub item: ItemId,
    /// What was answered.
    pub response: Response,
    /// Why it does not count.
    pub because: LateBecause,
    /// The entry of the log.
    pub sequence: i64,
}

/// Everything that follows from an attempt's log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttemptState {
    /// Where the attempt is.
    pub status: Status,
    /// The form, once started.
    pub form: Option<FormId>,
    /// For everything drawn at random.
    pub seed: u64,
    /// Items in the order of this attempt; empty before the start.
    pub items: Vec<ItemId>,
    /// Items left behind, in order. The first item that is not among them is the current one.
    pub done: Vec<Done>,
    /// When the time is up, milliseconds since 1970.
    pub deadline: i64,
    /// When Start was pressed, milliseconds since 1970.
    pub started_at: Option<i64>,
    /// The entry of the log that holds the start; 0 before it.
    pub started_in: i64,
    /// Answers that do not count.
    pub late: Vec<LateAnswer>,
    /// How often the attempt was reopened.
    pub reopened: u32,
    /// Number of entries, which is the sequence of the last one.
    pub entries: i64,
    /// Hash of the last entry; zeros before the first.
    pub head: Hash,
    /// When the item that is current came up.
    came_up: i64,
}

impl AttemptState {
    /// Place of the current item in the order, from 0; the number of items once all are left behind.
    pub fn position(&self) -> usize {
        self.done.len()
    }

    /// The item that the pupil sees now.
    pub fn current(&self) -> Option<ItemId> {
        self.items.get(self.done.len()).copied()
    }

    /// How many items were answered in time.
    pub fn answered(&self) -> usize {
        self.done.iter().filter(|done| done.response.is_some()).count()
    }

    /// How many items were skipped.
    pub fn skipped(&self) -> usize {
        self.done.len() - self.answered()
    }

    /// Whether every item was answered or skipped.
    pub fn all_done(&self) -> bool {
        !self.items.is_empty() && self.done.len() == self.items.len()
    }

    /// Whether "End test" may be pressed: only past the last item (facts 000b, 2.2 rule 6).
    pub fn may_finish(&self) -> bool {
        self.status == Status::Working && self.all_done()
    }

    /// Milliseconds left, never below 0; 0 unless the attempt is being worked on.
    pub fn remaining(&self, now: Timestamp) -> i64 {
        if self.status == Status::Working { (self.deadline - now.as_millisecond()).max(0) } else { 0 }
    }

    /// Adds the next entry.
    ///
    /// # Errors
    /// When the entry does not follow on this state; the state is unchanged then.
    pub fn apply(&mut self, attempt: AttemptId, entry: &Entry) -> Result<(), LogError> {
        let event = entry.open(attempt, self.entries + 1, self.head)?;
        if !self.follows(&event) {
            return Err(LogError::Illegal { sequence: entry.sequence, kind: entry.kind.clone() });
        }
        self.take(event, entry);
        self.entries = entry.sequence;
        self.head = entry.hash;
        Ok(())
    }

    /// Whether an event can come next. The log never holds anything else, whoever wrote it.
    fn follows(&self, event: &Event) -> bool {
        let current = |position: usize, item: ItemId| position == self.position() && Some(item) == self.current();
        match (event, &self.status) {
            (Event::Started { items, .. }, Status::NotStarted | Status::Absent { .. }) => !items.is_empty(),
            (Event::Answered { item, position, .. } | Event::Skipped { item, position }, Status::Working)
            | (Event::Late { item, position, .. }, Status::Finished { .. }) => current(*position, *item),
            (Event::Finished { by: FinishedBy::Pupil }, Status::Working) => self.all_done(),
            (Event::Finished { .. }, Status::Working)
            | (Event::Reopened { .. }, Status::Working | Status::Finished { .. })
            | (Event::Absent { .. }, Status::NotStarted)
            | (Event::Present { .. }, Status::Absent { .. }) => true,
            _ => false,
        }
    }

    fn take(&mut self, event: Event, entry: &Entry) {
        let (sequence, at) = (entry.sequence, entry.at);
        match event {
            Event::Started { seed, form, items, deadline } => {
                self.status = Status::Working;
                (self.seed, self.form, self.items, self.deadline) = (seed, Some(form), items, deadline);
                (self.started_at, self.started_in) = (Some(at), sequence);
                self.came_up = at;
            }
            Event::Answered { response, .. } => self.leave(Some(response), sequence, at),
            Event::Skipped { .. } => self.leave(None, sequence, at),
            Event::Late { item, response, because, .. } => {
                self.late.push(LateAnswer { item, response, because, sequence });
            }
            Event::Finished { by } => self.status = Status::Finished { by, at },
            Event::Reopened { deadline, .. } => {
                self.status = Status::Working;
                self.deadline = deadline;
                self.reopened += 1;
                self.came_up = at;
            }
            Event::Absent { reason, .. } => self.status = Status::Absent { reason },
            Event::Present { .. } => self.status = Status::NotStarted,
        }
    }

    fn leave(&mut self, response: Option<Response>, sequence: i64, at: i64) {
        // The server's clock may have been set back in between: then no time has passed.
        let milliseconds = (at - self.came_up).max(0);
        self.done.push(Done { response, sequence, milliseconds });
        self.came_up = at;
    }
}

/// The state after a whole log, with its chain checked.
///
/// # Errors
/// The first thing in the log that is wrong.
pub fn fold<'a>(attempt: AttemptId, log: impl IntoIterator<Item = &'a Entry>) -> Result<AttemptState, LogError> {
    let mut state = AttemptState::default();
    for entry in log {
        state.apply(attempt, entry)?;
    }
    Ok(state)
}
