//! A pupil sits a test: from the code on the card to the end page.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use ::store::{Database, FromQueryResult, Reading, StoreError, number, sea_orm, text};
use itembank::{ItemBankError, ShownForm, ShownItem};
use jiff::ZonedDateTime;
use kernel::{
    Action, Actor, AttemptId, CampaignId, ClassId, FormId, ItemId, Language, Localized, PersonId, SchoolId, SittingId,
    TestId, Timestamp,
};

use super::campaign::localized;
use crate::model::{
    Acknowledgement, AttemptState, CampaignState, Code, CodeError, Command, FinishedBy, Hash, NewStart, Policy,
    Refusal, Response, Status, time_zone,
};
use crate::writer::{AnswerWriter, Answered, NotSaved};

/// What does not change about an attempt: who sits what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The attempt.
    pub attempt: AttemptId,
    /// Its campaign.
    pub campaign: CampaignId,
    /// Its test.
    pub test: TestId,
    /// Its sitting.
    pub sitting: SittingId,
    /// Its form.
    pub form: FormId,
    /// School.
    pub school: SchoolId,
    /// School's name.
    pub school_name: Localized,
    /// Class.
    pub class: ClassId,
    /// As people write it: `4 «Ә»`.
    pub class_label: String,
    /// The pupil.
    pub person: PersonId,
    /// Full name.
    pub person_name: String,
    /// Language of instruction, in which the page speaks.
    pub language: Language,
    /// Name of the test.
    pub test_name: Localized,
    /// Minutes of the test.
    pub minutes: i64,
    /// Number of items of the test.
    pub item_count: i64,
    /// Whether the page says that the data are a demonstration.
    pub demonstration: bool,
}

/// How far an attempt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Items left behind; the current item has this place, counted from 0.
    pub position: usize,
    /// Items in all.
    pub items: usize,
    /// Items answered.
    pub answered: usize,
    /// Items skipped.
    pub skipped: usize,
    /// Milliseconds left on the server's clock.
    pub remaining: i64,
    /// Entries of the log: the next one has the sequence after it.
    pub entries: i64,
}

/// What the pupil sees now.
#[derive(Debug, Clone, PartialEq)]
pub enum Reached {
    /// The page before the start.
    Start,
    /// The current item.
    Item(ShownItem),
    /// Past the last item, before "End test" is confirmed.
    AllDone,
    /// The end page.
    Finished {
        /// By whom or what.
        by: FinishedBy,
        /// When, milliseconds since 1970.
        at: i64,
        /// What the pupil may write down.
        receipt: String,
    },
}

/// A page of a sitting.
#[derive(Debug, Clone, PartialEq)]
pub struct SitPage {
    /// Who sits what.
    pub header: Arc<Header>,
    /// How far.
    pub progress: Progress,
    /// What is seen.
    pub reached: Reached,
}

/// What became of a step, and the page after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The acknowledgement, once it is on disk, or why there is none. After a refusal the page shows where the attempt is.
    pub reply: Result<Acknowledgement, Refusal>,
    /// The page to show.
    pub page: SitPage,
}

/// Why a code does not open a test.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// What was typed cannot be a code.
    #[error(transparent)]
    NotACode(#[from] CodeError),
    /// Nobody has this code.
    #[error("there is no test with this code")]
    Unknown,
    /// The test was ended: no second entry.
    #[error("the test with this code was ended at {finished_at}")]
    Used {
        /// When, by the campaign's clock.
        finished_at: ZonedDateTime,
    },
    /// The window opens later.
    #[error("the window opens at {opens_at}")]
    TooEarly {
        /// When, by the campaign's clock.
        opens_at: ZonedDateTime,
    },
    /// It is time, but the centre has not opened the campaign.
    #[error("the campaign has not been opened")]
    NotOpened,
    /// The window has closed.
    #[error("the window has closed")]
    Closed {
        /// When it closed by the calendar and the campaign's clock; none when the centre closed it before.
        closed_at: Option<ZonedDateTime>,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whom a code belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignIn {
    /// The attempt that the code opens.
    pub attempt: AttemptId,
    /// The pupil.
    pub person: PersonId,
    /// Language of instruction.
    pub language: Language,
}

/// What can go wrong in a sitting besides a refusal.
#[derive(Debug, thiserror::Error)]
pub enum SitError {
    /// The attempt is somebody else's.
    #[error(transparent)]
    Denied(#[from] access::Denied),
    /// The attempt is not there.
    #[error("there is no attempt {0}")]
    NoAttempt(AttemptId),
    /// Nothing was written; sending again is right.
    #[error(transparent)]
    NotSaved(#[from] NotSaved),
    /// The form cannot be shown.
    #[error(transparent)]
    Form(#[from] ItemBankError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Forms and headers kept in memory at most, each.
const KEPT_AT_MOST: usize = 20_000;

#[derive(Debug)]
struct Kept<K, V>(Mutex<BTreeMap<K, Arc<V>>>);

impl<K: Ord + Copy, V> Kept<K, V> {
    fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    fn get(&self, key: K) -> Option<Arc<V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()
    }

    fn put(&self, key: K, value: V) -> Arc<V> {
        let value = Arc::new(value);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_AT_MOST {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&value));
        value
    }
}

#[derive(Debug)]
struct Inner {
    database: Database,
    writer: AnswerWriter,
    policy: Policy,
    forms: Kept<FormId, ShownForm>,
    headers: Kept<AttemptId, Header>,
    seeds: Kept<AttemptId, u64>,
}

/// Everything pupils do, with the task that writes their answers and the forms in memory. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Delivery(Arc<Inner>);

#[derive(FromQueryResult)]
struct CodeRow {
    id: i64,
    person_id: i64,
    language: String,
    state: String,
    deadline: Option<i64>,
    finished_at: Option<i64>,
    opens_at: i64,
    closes_at: i64,
    campaign_state: String,
    zone: String,
}

#[derive(FromQueryResult)]
struct WindowRow {
    opens_at: i64,
    closes_at: i64,
    campaign_state: String,
}

#[derive(FromQueryResult)]
struct StateRow {
    form_id: i64,
    state: String,
    deadline: Option<i64>,
    finished_at: Option<i64>,
    position: i64,
    answered: i64,
    skipped: i64,
    entries: i64,
    head: Option<Vec<u8>>,
}

#[derive(FromQueryResult)]
struct HeaderRow {
    campaign_id: i64,
    test_id: i64,
    sitting_id: i64,
    form_id: i64,
    school_id: i64,
    school_name: String,
    class_id: i64,
    grade: i64,
    letter: String,
    person_id: i64,
    family_name: String,
    given_name: String,
    patronymic: String,
    language: String,
    test_name: String,
    minutes: i64,
    item_count: i64,
    demonstration: bool,
}

fn small(value: i64) -> usize {
    usize::try_from(value).unwrap_or_default()
}

impl Delivery {
    /// Starts the task that writes answers, on the current run time.
    pub fn start_up(database: Database, policy: Policy) -> Self {
        let writer = AnswerWriter::start(database.clone(), policy);
        let (forms, headers, seeds) = (Kept::new(), Kept::new(), Kept::new());
        Self(Arc::new(Inner { database, writer, policy, forms, headers, seeds }))
    }

    /// The rules that a network may set differently.
    pub fn policy(&self) -> &Policy {
        &self.0.policy
    }

    /// Finds the attempt of a code as it was typed. The caller limits tries and begins the session.
    ///
    /// # Errors
    /// Why the code does not open a test.
    pub async fn sign_in(&self, typed: &str, now: Timestamp) -> Result<SignIn, SignInError> {
        let code: Code = typed.parse()?;
        let row: Option<CodeRow> = self
            .0
            .database
            .read()
            .row(
                "SELECT attempt.id, attempt.person_id, attempt.language, attempt.state, attempt.deadline,
                        attempt.finished_at, sitting.opens_at, sitting.closes_at, campaign.state AS campaign_state,
                        campaign.zone
                 FROM attempt JOIN sitting ON sitting.id = attempt.sitting_id
                 JOIN campaign ON campaign.id = attempt.campaign_id WHERE attempt.code = $1",
                [text(code.as_str())],
            )
            .await?;
        let row = row.ok_or(SignInError::Unknown)?;
        let now_ms = now.as_millisecond();
        // An attempt whose time ran out unseen has ended, although nobody has written it down yet.
        let overdue = row.state == "working" && row.deadline.is_some_and(|end| end + self.0.policy.grace < now_ms);
        let moment = |milliseconds: i64| {
            let moment = Timestamp::from_millisecond(milliseconds).unwrap_or_default();
            moment.to_zoned_datetime(time_zone(&row.zone))
        };
        match (row.finished_at, row.deadline) {
            (Some(at), _) => return Err(SignInError::Used { finished_at: moment(at) }),
            (None, Some(at)) if overdue => return Err(SignInError::Used { finished_at: moment(at) }),
            _ => {}
        }
        let campaign = CampaignState::from_code(&row.campaign_state).unwrap_or(CampaignState::Closed);
        if now_ms >= row.closes_at {
            return Err(SignInError::Closed { closed_at: Some(moment(row.closes_at)) });
        }
        if campaign == CampaignState::Closed {
            return Err(SignInError::Closed { closed_at: None });
        }
        if now_ms < row.opens_at {
            return Err(SignInError::TooEarly { opens_at: moment(row.opens_at) });
        }
        if campaign == CampaignState::Planned {
            return Err(SignInError::NotOpened);
        }
        let language = row.language.parse().unwrap_or(Language::Kk);
        Ok(SignIn { attempt: AttemptId(row.id), person: PersonId(row.person_id), language })
    }

    fn authorise(actor: &Actor, attempt: AttemptId) -> Result<(), SitError> {
        if actor.system || actor.attempt == Some(attempt) {
            Ok(())
        } else {
            Err(access::Denied { action: Action::SitTest }.into())
        }
    }

    /// The page that the pupil sees now, whatever happened before: after a reload, a lost connection, on another computer.
    ///
    /// # Errors
    /// [`SitError`].
    pub async fn page(&self, actor: &Actor, attempt: AttemptId, now: Timestamp) -> Result<SitPage, SitError> {
        Self::authorise(actor, attempt)?;
        let header = self.header(attempt).await?;
        let row: Option<StateRow> = self
            .0
            .database
            .read()
            .row(
                "SELECT form_id, state, deadline, finished_at, position, answered, skipped, entries, head
                 FROM attempt WHERE id = $1",
                [number(attempt.0)],
            )
            .await?;
        let row = row.ok_or(SitError::NoAttempt(attempt))?;
        let deadline = row.deadline.unwrap_or_default();
        let overdue = deadline + self.0.policy.grace < now.as_millisecond();
        if row.state == "finished" || (row.state == "working" && overdue) {
            // The end is rare and its page names who ended it, which only the log knows.
            let answered = self.0.writer.submit(attempt, Command::CheckTime, now).await?;
            return self.page_of(header, &answered.state, now).await;
        }
        let form = self.form(FormId(row.form_id)).await?;
        let working = row.state == "working";
        let progress = Progress {
            position: small(row.position),
            items: form.items.len(),
            answered: small(row.answered),
            skipped: small(row.skipped),
            remaining: if working { (deadline - now.as_millisecond()).max(0) } else { 0 },
            entries: row.entries,
        };
        let reached = match form.items.get(progress.position) {
            _ if !working => Reached::Start,
            Some(item) => Reached::Item(self.shown(&header, item, None).await?),
            None => Reached::AllDone,
        };
        debug_assert!(row.finished_at.is_none() && (row.head.is_some() || row.entries == 0));
        Ok(SitPage { header, progress, reached })
    }

    /// The pupil presses Start, or comes again.
    ///
    /// # Errors
    /// [`SitError`]; refusals are in the step.
    pub async fn start(&self, actor: &Actor, attempt: AttemptId, now: Timestamp, seed: u64) -> Result<Step, SitError> {
        Self::authorise(actor, attempt)?;
        let header = self.header(attempt).await?;
        let window: Option<WindowRow> = self
            .0
            .database
            .read()
            .row(
                "SELECT sitting.opens_at, sitting.closes_at, campaign.state AS campaign_state FROM sitting
                 JOIN campaign ON campaign.id = sitting.campaign_id WHERE sitting.id = $1",
                [number(header.sitting.0)],
            )
            .await?;
        let window = window.ok_or(SitError::NoAttempt(attempt))?;
        let refusal = match CampaignState::from_code(&window.campaign_state) {
            Some(CampaignState::Open) => None,
            Some(CampaignState::Planned) if now.as_millisecond() < window.opens_at => {
                Some(Refusal::TooEarly { opens_at: window.opens_at })
            }
            Some(CampaignState::Planned) => Some(Refusal::NotOpened),
            Some(CampaignState::Closed) | None => {
                Some(Refusal::WindowClosed { closed_at: window.closes_at.min(now.as_millisecond()) })
            }
        };
        if let Some(refusal) = refusal {
            return Ok(Step { reply: Err(refusal), page: self.page(actor, attempt, now).await? });
        }
        let form = self.form(header.form).await?;
        let start = NewStart {
            seed,
            form: header.form,
            items: form.items.iter().map(|item| item.item).collect(),
            minutes: header.minutes,
            opens_at: window.opens_at,
            closes_at: window.closes_at,
        };
        self.step(actor, attempt, Command::Start(start), now).await
    }

    /// The pupil answers an item. When this comes back with an acknowledgement, the answer is on disk.
    ///
    /// # Errors
    /// [`SitError`]; refusals are in the step.
    pub async fn answer(
        &self,
        actor: &Actor,
        attempt: AttemptId,
        item: ItemId,
        response: Response,
        key: Option<&str>,
        now: Timestamp,
    ) -> Result<Step, SitError> {
        let key = key.filter(|key| is_key(key)).map(str::to_owned);
        self.step(actor, attempt, Command::Answer { item, response, key }, now).await
    }

    /// The pupil skips an item, having been told that there is no way back.
    ///
    /// # Errors
    /// [`SitError`]; refusals are in the step.
    pub async fn skip(
        &self,
        actor: &Actor,
        attempt: AttemptId,
        item: ItemId,
        key: Option<&str>,
        now: Timestamp,
    ) -> Result<Step, SitError> {
        let key = key.filter(|key| is_key(key)).map(str::to_owned);
        self.step(actor, attempt, Command::Skip { item, key }, now).await
    }

    /// The pupil ends the test, having been told how many items are unanswered.
    ///
    /// # Errors
    /// [`SitError`]; refusals are in the step.
    pub async fn finish(&self, actor: &Actor, attempt: AttemptId, now: Timestamp) -> Result<Step, SitError> {
        self.step(actor, attempt, Command::Finish, now).await
    }

    async fn step(
        &self,
        actor: &Actor,
        attempt: AttemptId,
        command: Command,
        now: Timestamp,
    ) -> Result<Step, SitError> {
        Self::authorise(actor, attempt)?;
        let Answered { reply, state } = self.0.writer.submit(attempt, command, now).await?;
        let header = self.header(attempt).await?;
        Ok(Step { reply, page: self.page_of(header, &state, now).await? })
    }

    async fn page_of(&self, header: Arc<Header>, state: &AttemptState, now: Timestamp) -> Result<SitPage, SitError> {
        let form = self.form(state.form.unwrap_or(header.form)).await?;
        let items = if state.items.is_empty() { form.items.len() } else { state.items.len() };
        let progress = Progress {
            position: state.position(),
            items,
            answered: state.answered(),
            skipped: state.skipped(),
            remaining: state.remaining(now),
            entries: state.entries,
        };
        let reached = match (&state.status, state.current()) {
            (Status::NotStarted | Status::Absent { .. }, _) => Reached::Start,
            (Status::Finished { by, at }, _) => {
                Reached::Finished { by: *by, at: *at, receipt: Hash::receipt(&state.head) }
            }
            (Status::Working, None) => Reached::AllDone,
            (Status::Working, Some(current)) => match form.items.iter().find(|item| item.item == current) {
                Some(item) => Reached::Item(self.shown(&header, item, Some(state.seed)).await?),
                None => return Err(ItemBankError::NotHeld { form: header.form, position: state.position() + 1 }.into()),
            },
        };
        Ok(SitPage { header, progress, reached })
    }

    pub(super) fn database(&self) -> &Database {
        &self.0.database
    }

    /// An item of the form of an attempt; none when it is not in it.
    pub(super) async fn shown_item(
        &self,
        actor: &Actor,
        attempt: AttemptId,
        item: ItemId,
    ) -> Result<Option<ShownItem>, SitError> {
        Self::authorise(actor, attempt)?;
        let header = self.header(attempt).await?;
        let form = self.form(header.form).await?;
        Ok(form.items.iter().find(|shown| shown.item == item).cloned())
    }

    /// The current item with what was filled in, for a page that says what is wrong with it.
    ///
    /// # Errors
    /// [`SitError`].
    pub async fn page_with(
        &self,
        actor: &Actor,
        attempt: AttemptId,
        sent: &[(String, String)],
        now: Timestamp,
    ) -> Result<SitPage, SitError> {
        let mut page = self.page(actor, attempt, now).await?;
        if let Reached::Item(item) = &mut page.reached {
            let response = item.filled_in(sent.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            item.html = self.drawn(&page.header, item, None, response).await?;
        }
        Ok(page)
    }

    async fn shown(&self, header: &Header, item: &ShownItem, seed: Option<u64>) -> Result<ShownItem, SitError> {
        let mut shown = item.clone();
        if item.is_drawn {
            shown.html = self.drawn(header, item, seed, BTreeMap::new()).await?;
        }
        Ok(shown)
    }

    /// An item as this attempt sees it. Its seed stands in the log and is kept in memory.
    async fn drawn(
        &self,
        header: &Header,
        item: &ShownItem,
        seed: Option<u64>,
        response: BTreeMap<String, Vec<String>>,
    ) -> Result<String, SitError> {
        let known = seed.or_else(|| self.0.seeds.get(header.attempt).map(|seed| *seed));
        let seed = if let Some(seed) = known {
            seed
        } else {
            let log = crate::store::log(&self.0.database, header.attempt).await?;
            let state = crate::model::fold(header.attempt, &log)
                .map_err(|error| SitError::NotSaved(NotSaved::Broken(error.to_string())))?;
            *self.0.seeds.put(header.attempt, state.seed)
        };
        let html = itembank::shown_with(&self.0.database, header.form, item.item, seed, response).await?;
        Ok(html.unwrap_or_else(|| item.html.clone()))
    }

    /// A file of the current item: a picture, a sound. None for every other item, so that nobody looks ahead.
    ///
    /// # Errors
    /// [`SitError`].
    pub async fn item_file(
        &self,
        actor: &Actor,
        attempt: AttemptId,
        (item, path): (ItemId, &str),
        now: Timestamp,
    ) -> Result<Option<itembank::ItemFile>, SitError> {
        let page = self.page(actor, attempt, now).await?;
        match page.reached {
            Reached::Item(current) if current.item == item => {
                Ok(itembank::item_file(&self.0.database, page.header.form, item, path).await?)
            }
            _ => Ok(None),
        }
    }

    /// The program of a portable custom interaction of the current item.
    ///
    /// # Errors
    /// [`SitError`].
    pub async fn program(
        &self,
        actor: &Actor,
        attempt: AttemptId,
        (item, response): (ItemId, &str),
        now: Timestamp,
    ) -> Result<Option<itembank::ShownProgram>, SitError> {
        let page = self.page(actor, attempt, now).await?;
        match page.reached {
            Reached::Item(current) if current.item == item => {
                Ok(itembank::program(&self.0.database, page.header.form, item, response).await?)
            }
            _ => Ok(None),
        }
    }

    async fn form(&self, id: FormId) -> Result<Arc<ShownForm>, SitError> {
        if let Some(form) = self.0.forms.get(id) {
            return Ok(form);
        }
        let form = itembank::shown_form(&self.0.database, id).await?;
        let form = form.ok_or(ItemBankError::NotHeld { form: id, position: 0 })?;
        Ok(self.0.forms.put(id, form))
    }

    /// Who sits what.
    ///
    /// # Errors
    /// [`SitError::NoAttempt`] and what the database says.
    async fn header(&self, attempt: AttemptId) -> Result<Arc<Header>, SitError> {
        if let Some(header) = self.0.headers.get(attempt) {
            return Ok(header);
        }
        let row: Option<HeaderRow> = self
            .0
            .database
            .read()
            .row(
                "SELECT attempt.campaign_id, attempt.test_id, attempt.sitting_id, attempt.form_id, attempt.school_id,
                        org_unit.name AS school_name, attempt.class_id, school_class.grade, school_class.letter,
                        attempt.person_id, person.family_name, person.given_name, person.patronymic, attempt.language,
                        test.name AS test_name, test.minutes, test.item_count, campaign.demonstration
                 FROM attempt JOIN org_unit ON org_unit.id = attempt.school_id
                 JOIN school_class ON school_class.id = attempt.class_id JOIN person ON person.id = attempt.person_id
                 JOIN test ON test.id = attempt.test_id JOIN campaign ON campaign.id = attempt.campaign_id
                 WHERE attempt.id = $1",
                [number(attempt.0)],
            )
            .await?;
        let row = row.ok_or(SitError::NoAttempt(attempt))?;
        let name = roster::PersonName { family: row.family_name, given: row.given_name, patronymic: row.patronymic };
        let header = Header {
            attempt,
            campaign: CampaignId(row.campaign_id),
            test: TestId(row.test_id),
            sitting: SittingId(row.sitting_id),
            form: FormId(row.form_id),
            school: SchoolId(row.school_id),
            school_name: localized(&row.school_name),
            class: ClassId(row.class_id),
            class_label: super::school::class_label(row.grade, &row.letter),
            person: PersonId(row.person_id),
            person_name: name.full(),
            language: row.language.parse().unwrap_or(Language::Kk),
            test_name: localized(&row.test_name),
            minutes: row.minutes,
            item_count: row.item_count,
            demonstration: row.demonstration,
        };
        Ok(self.0.headers.put(attempt, header))
    }
}

/// Whether a client's word for a step may stand in the log: short and of plain signs. Anything else is left out; the rules
/// do not need it.
fn is_key(key: &str) -> bool {
    (1..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
}
