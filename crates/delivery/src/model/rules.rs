//! The rules of a sitting: what may be done next, what it does to the log, what the pupil is told.
//!
//! Forward only (facts 000b, 2.2): an item is answered or skipped once, in order, and never returned to; the test is ended
//! past its last item and not entered again. The time is the server's.

use kernel::{AttemptId, FormId, ItemId, PersonId, Timestamp};

use super::chain::{Entry, Hash};
use super::event::{Event, FinishedBy, LateBecause, Response};
use super::state::{AttemptState, Status};

/// Longest response, in bytes of names and values.
pub const RESPONSE_MAXIMUM: usize = 32_768;
/// Longest stated reason, in characters.
pub const TEXT_MAXIMUM: usize = 500;

/// What a network may set differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Milliseconds after the deadline in which an answer still counts, for the way from the pupil's machine. The timer
    /// does not show them.
    pub grace: i64,
}

impl Default for Policy {
    fn default() -> Self {
        Self { grace: 10_000 }
    }
}

/// What a start needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStart {
    /// For everything drawn at random.
    pub seed: u64,
    /// The form.
    pub form: FormId,
    /// Its items in the order for this pupil.
    pub items: Vec<ItemId>,
    /// Minutes of the test.
    pub minutes: i64,
    /// When the window opens, milliseconds since 1970.
    pub opens_at: i64,
    /// When the window closes, milliseconds since 1970. No attempt outlasts it.
    pub closes_at: i64,
}

/// What somebody wants to happen in an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The pupil presses Start, or comes again after it.
    Start(NewStart),
    /// The pupil answers an item.
    Answer {
        /// The item that the page showed.
        item: ItemId,
        /// What was answered.
        response: Response,
        /// The client's word for this step.
        key: Option<String>,
    },
    /// The pupil skips an item.
    Skip {
        /// The item that the page showed.
        item: ItemId,
        /// The client's word for this step.
        key: Option<String>,
    },
    /// The pupil ends the test.
    Finish,
    /// Somebody looks at the attempt: if its time is up, it ends.
    CheckTime,
    /// The window closes.
    CloseWindow,
    /// The school lets the pupil go on.
    Reopen {
        /// Why.
        reason: String,
        /// Milliseconds on top of what was left when the attempt ended (or is left now).
        added: i64,
        /// When the window closes, milliseconds since 1970.
        closes_at: i64,
        /// Who does it.
        person: Option<PersonId>,
    },
    /// The pupil is recorded as absent.
    Absent {
        /// Code of the reason.
        reason: String,
        /// Who does it.
        person: Option<PersonId>,
    },
    /// The absence is taken back.
    Present {
        /// Who does it.
        person: Option<PersonId>,
    },
}

/// What became of a command that was not refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Written now.
    Saved,
    /// It was written before; the same acknowledgement again.
    Repeated,
    /// Kept, but it came too late to count.
    Late,
    /// There was nothing to write.
    Unchanged,
}

/// What the sender may rely on once the entries are on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acknowledgement {
    /// What became of it.
    pub outcome: Outcome,
    /// The entry of the log that holds it.
    pub sequence: i64,
}

/// Why a command was refused. Nothing is lost: the log is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The window has not opened.
    #[error("the window opens at {opens_at}")]
    TooEarly {
        /// Milliseconds since 1970.
        opens_at: i64,
    },
    /// The centre has not opened the campaign.
    #[error("the campaign has not been opened")]
    NotOpened,
    /// The window has closed.
    #[error("the window closed at {closed_at}")]
    WindowClosed {
        /// Milliseconds since 1970.
        closed_at: i64,
    },
    /// Nobody has pressed Start.
    #[error("the attempt has not been started")]
    NotStarted,
    /// The attempt has been ended: no second entry.
    #[error("the attempt was ended ({by:?}) at {at}")]
    AlreadyFinished {
        /// By whom or what.
        by: FinishedBy,
        /// Milliseconds since 1970.
        at: i64,
    },
    /// The attempt has been started, so the pupil is not absent.
    #[error("the attempt has been started")]
    AlreadyStarted,
    /// The item has another answer already; that one stays.
    #[error("item {} has been answered already", position + 1)]
    AlreadyAnswered {
        /// Its place in the order, from 0.
        position: usize,
    },
    /// The item was skipped and cannot be returned to.
    #[error("item {} has been skipped already", position + 1)]
    AlreadySkipped {
        /// Its place in the order, from 0.
        position: usize,
    },
    /// Another item is the current one.
    #[error("item {} comes next", current + 1)]
    OutOfOrder {
        /// Place of the current item, from 0.
        current: usize,
    },
    /// The item does not belong to this attempt.
    #[error("item {item} is not in this test")]
    UnknownItem {
        /// The item.
        item: ItemId,
    },
    /// There are items left, so the test cannot be ended.
    #[error("item {} of {items} comes next; the test can be ended after the last", current + 1)]
    NotAtEnd {
        /// Place of the current item, from 0.
        current: usize,
        /// How many items there are.
        items: usize,
    },
    /// An answer without an answer in it.
    #[error("nothing was chosen")]
    EmptyResponse,
    /// An answer longer than any item takes.
    #[error("the answer has {size} bytes, at most {RESPONSE_MAXIMUM} are taken")]
    ResponseTooLong {
        /// Its bytes.
        size: usize,
    },
    /// A reason must be stated.
    #[error("a reason must be stated")]
    NoReason,
    /// The reason is too long.
    #[error("the reason has {length} characters, at most {TEXT_MAXIMUM} are taken")]
    ReasonTooLong {
        /// Its characters.
        length: usize,
    },
    /// Every item was answered or skipped: there is nothing to go on with.
    #[error("every item has been answered or skipped, so there is nothing to reopen")]
    NothingLeft,
    /// The attempt would have no time.
    #[error("there is no time left: minutes must be added")]
    NoTime,
    /// The form has no items.
    #[error("the form has no items")]
    EmptyForm,
    /// The pupil is not recorded as absent.
    #[error("the pupil is not recorded as absent")]
    NotAbsent,
}

/// What a command did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// New entries, already in the state. They may exist beside a refusal: an attempt whose time is up ends first.
    pub entries: Vec<Entry>,
    /// What the sender is told once the entries are on disk.
    pub reply: Result<Acknowledgement, Refusal>,
}

/// Carries out a command on an attempt at a time of the server's clock.
pub fn record(
    state: &mut AttemptState,
    attempt: AttemptId,
    command: &Command,
    now: Timestamp,
    policy: &Policy,
) -> Recorded {
    let mut step = Step { state, attempt, now, entries: Vec::new() };
    // Whatever comes: an attempt whose time is up is over. Only a reopening may still find it working, to give more time.
    let overdue = step.state.status == Status::Working
        && now.as_millisecond() > step.state.deadline.saturating_add(policy.grace)
        && !matches!(command, Command::Reopen { .. });
    if overdue {
        step.write(&Event::Finished { by: FinishedBy::Time }, None);
    }
    let reply = step.carry_out(command);
    Recorded { entries: step.entries, reply }
}

struct Step<'a> {
    state: &'a mut AttemptState,
    attempt: AttemptId,
    now: Timestamp,
    entries: Vec<Entry>,
}

type Reply = Result<Acknowledgement, Refusal>;

impl Step<'_> {
    fn write(&mut self, event: &Event, key: Option<String>) -> Acknowledgement {
        let entry = Entry::seal(self.state, self.attempt, event, key, self.now);
        let applied = self.state.apply(self.attempt, &entry);
        debug_assert!(applied.is_ok(), "the rules wrote what the fold refuses: {applied:?}");
        let sequence = entry.sequence;
        self.entries.push(entry);
        Acknowledgement { outcome: Outcome::Saved, sequence }
    }

    fn unchanged(&self) -> Acknowledgement {
        Acknowledgement { outcome: Outcome::Unchanged, sequence: self.state.entries }
    }

    fn repeated(sequence: i64) -> Acknowledgement {
        Acknowledgement { outcome: Outcome::Repeated, sequence }
    }

    fn carry_out(&mut self, command: &Command) -> Reply {
        match command {
            Command::Start(start) => self.start(start),
            Command::Answer { item, response, key } => self.answer(*item, response, key.as_deref()),
            Command::Skip { item, key } => self.skip(*item, key.as_deref()),
            Command::Finish => self.finish(),
            Command::CheckTime => Ok(self.unchanged()),
            Command::CloseWindow => match self.state.status {
                Status::Working => Ok(self.write(&Event::Finished { by: FinishedBy::Window }, None)),
                _ => Ok(self.unchanged()),
            },
            Command::Reopen { reason, added, closes_at, person } => self.reopen(reason, *added, *closes_at, *person),
            Command::Absent { reason, person } => self.absent(reason, *person),
            Command::Present { person } => match self.state.status {
                Status::Absent { .. } => Ok(self.write(&Event::Present { person: *person }, None)),
                _ => Err(Refusal::NotAbsent),
            },
        }
    }

    fn start(&mut self, start: &NewStart) -> Reply {
        match self.state.status {
            // Another computer, a reload: the same attempt goes on.
            Status::Working => return Ok(Self::repeated(self.state.started_in)),
            Status::Finished { by, at } => return Err(Refusal::AlreadyFinished { by, at }),
            // A pupil who was recorded as absent and comes after all may start.
            Status::NotStarted | Status::Absent { .. } => {}
        }
        let now = self.now.as_millisecond();
        if now < start.opens_at {
            return Err(Refusal::TooEarly { opens_at: start.opens_at });
        }
        if now >= start.closes_at {
            return Err(Refusal::WindowClosed { closed_at: start.closes_at });
        }
        if start.items.is_empty() {
            return Err(Refusal::EmptyForm);
        }
        let deadline = now.saturating_add(start.minutes.saturating_mul(60_000)).min(start.closes_at);
        let event = Event::Started { seed: start.seed, form: start.form, items: start.items.clone(), deadline };
        Ok(self.write(&event, None))
    }

    /// What is known about an item that somebody wants to leave: its place if it is the current one.
    fn place_of(&self, item: ItemId) -> Result<usize, Option<Refusal>> {
        let Some(position) = self.state.items.iter().position(|other| *other == item) else {
            return Err(Some(match self.state.status {
                Status::NotStarted | Status::Absent { .. } => Refusal::NotStarted,
                _ => Refusal::UnknownItem { item },
            }));
        };
        match position.cmp(&self.state.position()) {
            std::cmp::Ordering::Less => Err(None),
            std::cmp::Ordering::Equal => Ok(position),
            std::cmp::Ordering::Greater => Err(Some(Refusal::OutOfOrder { current: self.state.position() })),
        }
    }

    /// An item already left: the same again is acknowledged again, something else is refused.
    fn again(&self, item: ItemId, response: Option<&Response>) -> Reply {
        let position = self.state.items.iter().position(|other| *other == item).unwrap_or_default();
        let Some(done) = self.state.done.get(position) else { return Err(Refusal::UnknownItem { item }) };
        match (&done.response, response) {
            (before, now) if before.as_ref() == now => Ok(Self::repeated(done.sequence)),
            (Some(_), _) => Err(Refusal::AlreadyAnswered { position }),
            (None, _) => Err(Refusal::AlreadySkipped { position }),
        }
    }

    fn answer(&mut self, item: ItemId, response: &Response, key: Option<&str>) -> Reply {
        if response.is_empty() {
            return Err(Refusal::EmptyResponse);
        }
        if response.size() > RESPONSE_MAXIMUM {
            return Err(Refusal::ResponseTooLong { size: response.size() });
        }
        let position = match self.place_of(item) {
            Ok(position) => position,
            Err(Some(refusal)) => return Err(refusal),
            Err(None) => return self.again(item, Some(response)),
        };
        let response = response.clone();
        let Status::Finished { by, .. } = self.state.status else {
            return Ok(self.write(&Event::Answered { item, position, response }, key.map(str::to_owned)));
        };
        // Too late to count. The first such answer is kept, for an appeal.
        if let Some(late) = self.state.late.iter().find(|late| late.item == item) {
            let (same, sequence) = (late.response == response, late.sequence);
            let again = Acknowledgement { outcome: Outcome::Late, sequence };
            return if same { Ok(again) } else { Err(Refusal::AlreadyAnswered { position }) };
        }
        let because = if by == FinishedBy::Time { LateBecause::Time } else { LateBecause::Finished };
        let written = self.write(&Event::Late { item, position, response, because }, key.map(str::to_owned));
        Ok(Acknowledgement { outcome: Outcome::Late, ..written })
    }

    fn skip(&mut self, item: ItemId, key: Option<&str>) -> Reply {
        let position = match self.place_of(item) {
            Ok(position) => position,
            Err(Some(refusal)) => return Err(refusal),
            Err(None) => return self.again(item, None),
        };
        if let Status::Finished { by, at } = self.state.status {
            return Err(Refusal::AlreadyFinished { by, at });
        }
        Ok(self.write(&Event::Skipped { item, position }, key.map(str::to_owned)))
    }

    fn finish(&mut self) -> Reply {
        match self.state.status {
            Status::NotStarted | Status::Absent { .. } => Err(Refusal::NotStarted),
            Status::Finished { .. } => Ok(Self::repeated(self.state.entries)),
            Status::Working if self.state.all_done() => {
                Ok(self.write(&Event::Finished { by: FinishedBy::Pupil }, None))
            }
            Status::Working => Err(Refusal::NotAtEnd { current: self.state.position(), items: self.state.items.len() }),
        }
    }

    fn reopen(&mut self, reason: &str, added: i64, closes_at: i64, person: Option<PersonId>) -> Reply {
        let reason = stated(reason)?;
        let now = self.now.as_millisecond();
        // What was left when the attempt ended, or is left now.
        let left = match self.state.status {
            Status::NotStarted | Status::Absent { .. } => return Err(Refusal::NotStarted),
            Status::Working => self.state.deadline - now,
            Status::Finished { at, .. } => self.state.deadline - at,
        };
        if self.state.all_done() {
            return Err(Refusal::NothingLeft);
        }
        if now >= closes_at {
            return Err(Refusal::WindowClosed { closed_at: closes_at });
        }
        let added = added.max(0);
        let deadline = now.saturating_add(left.max(0)).saturating_add(added).min(closes_at);
        if deadline <= now {
            return Err(Refusal::NoTime);
        }
        Ok(self.write(&Event::Reopened { reason, added, deadline, person }, None))
    }

    fn absent(&mut self, reason: &str, person: Option<PersonId>) -> Reply {
        let reason = stated(reason)?;
        match &self.state.status {
            Status::NotStarted => {}
            Status::Absent { reason: before } if *before == reason => return Ok(Self::repeated(self.state.entries)),
            Status::Absent { .. } => {
                self.write(&Event::Present { person }, None);
            }
            Status::Working | Status::Finished { .. } => return Err(Refusal::AlreadyStarted),
        }
        Ok(self.write(&Event::Absent { reason, person }, None))
    }
}

fn stated(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    let length = reason.chars().count();
    match length {
        0 => Err(Refusal::NoReason),
        length if length > TEXT_MAXIMUM => Err(Refusal::ReasonTooLong { length }),
        _ => Ok(reason.to_owned()),
    }
}

/// The receipt of a finished attempt, for the pupil's end page and the coordinator's list.
impl AttemptState {
    /// See [`Hash::receipt`]; `None` until the attempt has ended.
    pub fn receipt(&self) -> Option<String> {
        matches!(self.status, Status::Finished { .. }).then(|| Hash::receipt(&self.head))
    }
}
