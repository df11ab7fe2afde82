//! The answer log under everything that a school can do to it.

use delivery::model::{
    AttemptState, Command, Entry, FinishedBy, Hash, LogError, NewStart, Outcome, Policy, Recorded, Refusal, Response,
    Status, fold, record,
};
use kernel::{AttemptId, FormId, ItemId, Timestamp};
use proptest::prelude::*;

const ATTEMPT: AttemptId = AttemptId(77);
const START: i64 = 1_668_400_000_000;
const MINUTE: i64 = 60_000;
const CLOSES: i64 = START + 60 * MINUTE;
const POLICY: Policy = Policy { grace: 10_000 };

fn at(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).expect("a time of this century")
}

fn items(count: i64) -> Vec<ItemId> {
    (1..=count).map(|number| ItemId(1_000 + number)).collect()
}

fn start(count: i64) -> Command {
    let items = items(count);
    Command::Start(NewStart { seed: 5, form: FormId(9), items, minutes: 40, opens_at: START, closes_at: CLOSES })
}

fn answer(number: i64, option: &str) -> Command {
    let key = Some(format!("{number}.{option}"));
    Command::Answer { item: ItemId(1_000 + number), response: Response::choice(option), key }
}

fn skip(number: i64) -> Command {
    Command::Skip { item: ItemId(1_000 + number), key: None }
}

fn reopen(added: i64) -> Command {
    Command::Reopen { reason: "no power".to_owned(), added, closes_at: CLOSES, person: None }
}

/// An attempt with its log, driven by commands.
#[derive(Default)]
struct Sitting {
    state: AttemptState,
    log: Vec<Entry>,
}

impl Sitting {
    fn run(&mut self, command: &Command, now: i64) -> Recorded {
        let recorded = record(&mut self.state, ATTEMPT, command, at(now), &POLICY);
        self.log.extend(recorded.entries.iter().cloned());
        recorded
    }

    fn reply(&mut self, command: &Command, now: i64) -> Result<Outcome, Refusal> {
        self.run(command, now).reply.map(|acknowledgement| acknowledgement.outcome)
    }

    fn started(count: i64) -> Self {
        let mut sitting = Self::default();
        assert_eq!(sitting.reply(&start(count), START), Ok(Outcome::Saved));
        sitting
    }
}

#[test]
fn a_whole_test_from_start_to_end() {
    let mut sitting = Sitting::started(3);
    assert_eq!(sitting.reply(&answer(1, "B"), START + 30_000), Ok(Outcome::Saved));
    assert_eq!(sitting.reply(&skip(2), START + 50_000), Ok(Outcome::Saved));
    assert_eq!(sitting.reply(&Command::Finish, START + 50_000), Err(Refusal::NotAtEnd { current: 2, items: 3 }));
    assert_eq!(sitting.reply(&answer(3, "A"), START + 90_000), Ok(Outcome::Saved));
    assert!(sitting.state.may_finish());
    assert_eq!(sitting.state.receipt(), None);
    assert_eq!(sitting.reply(&Command::Finish, START + 95_000), Ok(Outcome::Saved));
    assert_eq!(sitting.reply(&Command::Finish, START + 96_000), Ok(Outcome::Repeated));
    let state = fold(ATTEMPT, &sitting.log).unwrap();
    assert_eq!((state.answered(), state.skipped(), state.position()), (2, 1, 3));
    assert_eq!(state.done.iter().map(|done| done.milliseconds).collect::<Vec<_>>(), [30_000, 20_000, 40_000]);
    assert_eq!(state.status, Status::Finished { by: FinishedBy::Pupil, at: START + 95_000 });
    assert_eq!(state.receipt().unwrap().len(), 9);
    // No second entry.
    let again = sitting.reply(&start(3), START + 99_000);
    assert_eq!(again, Err(Refusal::AlreadyFinished { by: FinishedBy::Pupil, at: START + 95_000 }));
    assert_eq!(sitting.reply(&reopen(MINUTE), START + 99_000), Err(Refusal::NothingLeft));
}

#[test]
fn nothing_is_returned_to() {
    let mut sitting = Sitting::started(3);
    assert_eq!(sitting.reply(&skip(1), START), Ok(Outcome::Saved));
    assert_eq!(sitting.reply(&answer(1, "B"), START), Err(Refusal::AlreadySkipped { position: 0 }));
    assert_eq!(sitting.reply(&answer(3, "B"), START), Err(Refusal::OutOfOrder { current: 1 }));
    assert_eq!(sitting.reply(&answer(2, "B"), START), Ok(Outcome::Saved));
    assert_eq!(sitting.reply(&answer(2, "C"), START), Err(Refusal::AlreadyAnswered { position: 1 }));
    assert_eq!(sitting.reply(&skip(2), START), Err(Refusal::AlreadyAnswered { position: 1 }));
    assert_eq!(sitting.reply(&answer(9, "C"), START), Err(Refusal::UnknownItem { item: ItemId(1_009) }));
    let nothing = Command::Answer { item: ItemId(1_003), response: Response::default(), key: None };
    assert_eq!(sitting.reply(&nothing, START), Err(Refusal::EmptyResponse));
    let much = "x".repeat(40_000);
    assert_eq!(sitting.reply(&answer(3, &much), START), Err(Refusal::ResponseTooLong { size: 40_008 }));
}

#[test]
fn the_window_holds() {
    let mut sitting = Sitting::default();
    assert_eq!(sitting.reply(&answer(1, "A"), START), Err(Refusal::NotStarted));
    assert_eq!(sitting.reply(&start(2), START - 1), Err(Refusal::TooEarly { opens_at: START }));
    assert_eq!(sitting.reply(&start(2), CLOSES), Err(Refusal::WindowClosed { closed_at: CLOSES }));
    // Half an hour before the window closes, forty minutes are thirty.
    assert_eq!(sitting.reply(&start(2), CLOSES - 30 * MINUTE), Ok(Outcome::Saved));
    assert_eq!(sitting.state.remaining(at(CLOSES - 30 * MINUTE)), 30 * MINUTE);
    assert_eq!(sitting.state.remaining(at(CLOSES + MINUTE)), 0);
}

#[test]
fn late_answers_are_kept_and_do_not_count() {
    let mut sitting = Sitting::started(3);
    let deadline = START + 40 * MINUTE;
    assert_eq!(sitting.reply(&answer(1, "A"), deadline + POLICY.grace), Ok(Outcome::Saved));
    assert_eq!(sitting.reply(&answer(2, "A"), deadline + POLICY.grace + 1), Ok(Outcome::Late));
    assert_eq!(sitting.reply(&answer(2, "A"), deadline + MINUTE), Ok(Outcome::Late));
    assert_eq!(sitting.reply(&answer(2, "B"), deadline + MINUTE), Err(Refusal::AlreadyAnswered { position: 1 }));
    let state = fold(ATTEMPT, &sitting.log).unwrap();
    assert_eq!(state.status, Status::Finished { by: FinishedBy::Time, at: deadline + POLICY.grace + 1 });
    assert_eq!((state.answered(), state.late.len(), state.entries), (1, 1, 4));
}

#[test]
fn a_reopened_attempt_goes_on_where_it_was() {
    let mut sitting = Sitting::started(3);
    assert_eq!(sitting.reply(&answer(1, "A"), START + MINUTE), Ok(Outcome::Saved));
    assert_eq!(sitting.reply(&Command::CloseWindow, START + 30 * MINUTE), Ok(Outcome::Saved));
    assert_eq!(sitting.reply(&answer(2, "D"), START + 31 * MINUTE), Ok(Outcome::Late));
    let no_reason = Command::Reopen { reason: "  ".to_owned(), added: 0, closes_at: CLOSES, person: None };
    assert_eq!(sitting.reply(&no_reason, START + 32 * MINUTE), Err(Refusal::NoReason));
    // Ten minutes were left; five more are given.
    assert_eq!(sitting.reply(&reopen(5 * MINUTE), START + 33 * MINUTE), Ok(Outcome::Saved));
    assert_eq!(sitting.state.remaining(at(START + 33 * MINUTE)), 15 * MINUTE);
    assert_eq!(sitting.state.current(), Some(ItemId(1_002)));
    assert_eq!(sitting.reply(&answer(2, "B"), START + 34 * MINUTE), Ok(Outcome::Saved));
    let state = fold(ATTEMPT, &sitting.log).unwrap();
    assert_eq!((state.reopened, state.answered(), state.done[1].milliseconds), (1, 2, MINUTE));
    // The window stays the limit, whatever is added.
    assert_eq!(sitting.reply(&reopen(500 * MINUTE), START + 35 * MINUTE), Ok(Outcome::Saved));
    assert_eq!(sitting.state.deadline, CLOSES);
    assert_eq!(sitting.reply(&reopen(MINUTE), CLOSES), Err(Refusal::WindowClosed { closed_at: CLOSES }));
}

#[test]
fn time_that_ran_out_needs_more_time() {
    let mut sitting = Sitting::started(2);
    let later = START + 41 * MINUTE;
    assert_eq!(sitting.reply(&Command::CheckTime, later), Ok(Outcome::Unchanged));
    assert!(matches!(sitting.state.status, Status::Finished { by: FinishedBy::Time, .. }));
    assert_eq!(sitting.reply(&reopen(0), later), Err(Refusal::NoTime));
    assert_eq!(sitting.reply(&reopen(MINUTE), later), Ok(Outcome::Saved));
    assert_eq!(sitting.state.remaining(at(later)), MINUTE);
}

#[test]
fn absence_and_coming_after_all() {
    let mut sitting = Sitting::default();
    let absent = |reason: &str| Command::Absent { reason: reason.to_owned(), person: None };
    assert_eq!(sitting.reply(&Command::Present { person: None }, START), Err(Refusal::NotAbsent));
    assert_eq!(sitting.reply(&absent("illness"), START), Ok(Outcome::Saved));
    assert_eq!(sitting.reply(&absent("illness"), START), Ok(Outcome::Repeated));
    assert_eq!(sitting.reply(&absent("road"), START), Ok(Outcome::Saved));
    assert_eq!(sitting.state.status, Status::Absent { reason: "road".to_owned() });
    assert_eq!(sitting.reply(&start(2), START), Ok(Outcome::Saved));
    assert_eq!(sitting.reply(&absent("illness"), START), Err(Refusal::AlreadyStarted));
    assert_eq!(fold(ATTEMPT, &sitting.log).unwrap(), sitting.state);
}

#[test]
fn a_log_belongs_to_one_attempt() {
    let sitting = Sitting::started(2);
    assert_eq!(fold(AttemptId(78), &sitting.log), Err(LogError::Hash { sequence: 1 }));
}

/// The format is fixed: a log written by this version is read by every later one.
#[test]
fn the_canonical_bytes_do_not_change() {
    let mut sitting = Sitting::started(2);
    sitting.run(&answer(1, "B"), START + 1);
    let heads: Vec<String> = sitting.log.iter().map(|entry| entry.hash.to_string()).collect();
    assert_eq!(
        heads,
        [
            "8bf67c5e5a5aea978b70ac7420239f84910c0f2befbd63cf2515bb971ead65f0",
            "99115873b5b26f95a3b186f0b898655592523acd689dcc1ff6bd36de46d15bbc"
        ]
    );
}

fn any_command() -> impl Strategy<Value = Command> {
    let option = prop_oneof!["A", "B"];
    prop_oneof![
        2 => Just(start(5)),
        8 => (1..=6_i64, option).prop_map(|(number, option)| answer(number, &option)),
        3 => (1..=6_i64).prop_map(skip),
        1 => Just(Command::Finish),
        1 => Just(Command::CheckTime),
        1 => Just(Command::CloseWindow),
        1 => (0..20 * MINUTE).prop_map(reopen),
        1 => Just(Command::Absent { reason: "illness".to_owned(), person: None }),
        1 => Just(Command::Present { person: None }),
    ]
}

fn any_story() -> impl Strategy<Value = Vec<(Command, i64)>> {
    // The clock may also be set back a little between two commands.
    prop::collection::vec((any_command(), -5_000..4 * MINUTE), 1..40)
}

fn play(story: &[(Command, i64)]) -> Sitting {
    let (mut sitting, mut now) = (Sitting::default(), START);
    for (command, passed) in story {
        now += passed;
        sitting.run(command, now);
    }
    sitting
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever happens, the log alone gives the state.
    #[test]
    fn the_state_is_a_fold_over_the_log(story in any_story()) {
        let sitting = play(&story);
        prop_assert_eq!(fold(ATTEMPT, &sitting.log).unwrap(), sitting.state);
    }

    /// A command that is sent again at once writes nothing and gets the acknowledgement of the first.
    #[test]
    fn a_duplicate_changes_nothing(story in any_story()) {
        let (mut sitting, mut now) = (Sitting::default(), START);
        for (command, passed) in &story {
            now += passed;
            let first = sitting.run(command, now);
            if matches!(command, Command::Reopen { .. }) {
                continue;
            }
            let second = sitting.run(command, now);
            prop_assert!(second.entries.is_empty(), "{:?} wrote twice", command);
            if let (Ok(first), Ok(second)) = (&first.reply, &second.reply) {
                prop_assert_eq!(first.sequence, second.sequence);
            }
            if matches!(command, Command::Answer { .. } | Command::Skip { .. }) {
                prop_assert_eq!(first.reply.is_ok(), second.reply.is_ok());
            }
        }
    }

    /// What was once answered or skipped stays, and never changes.
    #[test]
    fn what_is_done_stays_done(story in any_story()) {
        let (mut sitting, mut now) = (Sitting::default(), START);
        for (command, passed) in &story {
            now += passed;
            let before = sitting.state.done.clone();
            sitting.run(command, now);
            prop_assert!(sitting.state.done.starts_with(&before));
            prop_assert!(sitting.state.deadline <= CLOSES);
        }
    }

    /// Nothing counts after the deadline and the grace.
    #[test]
    fn nothing_counts_after_time(number in 1..=5_i64, after in 1..100 * MINUTE) {
        let mut sitting = Sitting::started(5);
        for earlier in 1..number {
            sitting.run(&answer(earlier, "A"), START);
        }
        let reply = sitting.reply(&answer(number, "B"), START + 40 * MINUTE + POLICY.grace + after);
        prop_assert_eq!(reply, Ok(Outcome::Late));
        prop_assert_eq!(sitting.state.answered() + 1, usize::try_from(number).unwrap_or(0));
    }

    /// Answers that arrive in any order, each sent until it is taken, give the same as answers in order.
    #[test]
    fn reordering_ends_the_same(
        order in Just((1..=8_i64).collect::<Vec<_>>()).prop_shuffle(),
        options in prop::collection::vec("[A-D]", 8),
    ) {
        let mut sitting = Sitting::started(8);
        let mut waiting = order;
        while !waiting.is_empty() {
            waiting.retain(|number| {
                let command = answer(*number, &options[*number as usize - 1]);
                sitting.reply(&command, START + MINUTE).is_err()
            });
        }
        let answered: Vec<Option<Response>> = sitting.state.done.iter().map(|done| done.response.clone()).collect();
        prop_assert_eq!(answered, options.iter().map(|option| Some(Response::choice(option))).collect::<Vec<_>>());
    }

    /// No bit of any entry can change, and no entry can go, come twice or change places unnoticed.
    #[test]
    fn tampering_breaks_the_chain(story in any_story(), place in any::<prop::sample::Index>(), bit in 0..8_u8, field in 0..7_u8) {
        let sitting = play(&story);
        let log = &sitting.log;
        prop_assume!(!log.is_empty());
        let index = place.index(log.len());
        let flip = |text: &str| {
            let mut bytes = text.as_bytes().to_vec();
            let at = place.index(bytes.len().max(1));
            if bytes.is_empty() { bytes.push(b'x') } else { bytes[at] ^= 1 << (bit % 7) }
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let mut changed = log.clone();
        let entry = &mut changed[index];
        match field {
            0 => entry.payload = flip(&entry.payload),
            1 => entry.kind = flip(&entry.kind),
            2 => entry.item = Some(entry.item.unwrap_or(1) ^ (1 << bit)),
            3 => entry.at ^= 1 << bit,
            4 => entry.sequence ^= 1 << bit,
            5 => entry.key = entry.key.as_deref().map(flip).or(Some(String::new())),
            _ => entry.hash.0[usize::from(bit)] ^= 1 << bit,
        }
        prop_assert!(fold(ATTEMPT, &changed).is_err());

        let mut missing = log.clone();
        missing.remove(index);
        // Without its last entry a log is a shorter log; the hash of the end, kept elsewhere, tells.
        match fold(ATTEMPT, &missing) {
            Ok(state) => {
                prop_assert_eq!(index, log.len() - 1);
                prop_assert_ne!(state.head, sitting.state.head);
            }
            Err(_) => prop_assert!(index < log.len() - 1),
        }
        let mut twice = log.clone();
        twice.insert(index, log[index].clone());
        prop_assert!(fold(ATTEMPT, &twice).is_err());
        if index + 1 < log.len() {
            let mut swapped = log.clone();
            swapped.swap(index, index + 1);
            prop_assert!(fold(ATTEMPT, &swapped).is_err());
        }
    }
}

#[test]
fn an_empty_log_is_an_attempt_nobody_started() {
    let state = fold(ATTEMPT, &[]).unwrap();
    assert_eq!((state.status, state.head, state.entries), (Status::NotStarted, Hash::default(), 0));
}
