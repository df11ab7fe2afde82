//! The campaign of November 2022: tests, sittings, and every attempt as its pupil would have made it.

use std::collections::BTreeMap;

use delivery::Recording;
use delivery::model::{
    AbsenceReason, Campaign, Command, NewCampaign, NewStart, NewTest, Policy, Response, Source, Test,
};
use indicatif::ProgressBar;
use itembank::PackForms;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::{Actor, AttemptId, Clock, FormId, ItemId, PersonId, TestId, Timestamp};
use monitoring::NewMark;
use packs::demo::{Answer, Attempt, Demo, Status};
use packs::{Campaign as PackCampaign, Pack};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use store::sea_orm;
use store::{By, Database, FromQueryResult, Reading, number, text};

use super::DemoError;
use super::people::{Ids, localized};

/// The time zone in which the demonstration's windows open and close.
pub const ZONE: &str = "Asia/Almaty";
/// Attempts written in one transaction.
const AT_ONCE: usize = 1_500;
const OPTIONS: [&str; 4] = ["A", "B", "C", "D"];

/// What the campaign of a pack becomes, with the tests that `keep` keeps.
pub fn new_campaign(
    pack: &Pack,
    campaign: &PackCampaign,
    forms: &PackForms,
    keep: impl Fn(&packs::Test) -> bool,
) -> Result<NewCampaign, DemoError> {
    let mut tests = Vec::new();
    for test in campaign.tests.iter().filter(|test| keep(test)) {
        let of_test = forms.iter().filter(|((code, _), _)| *code == test.code);
        tests.push(NewTest {
            code: test.code.clone(),
            name: itembank::test_name(pack, test),
            subject: test.subject.clone(),
            grade: test.grade,
            audience: if test.audience.len() == 1 { test.audience[0].parse().ok() } else { None },
            held_on: test.date.parse::<Date>()?,
            item_count: i64::try_from(campaign.items).unwrap_or_default(),
            minutes: i64::from(campaign.minutes),
            forms: of_test.map(|((_, language), form)| (*language, *form)).collect(),
        });
    }
    let reason =
        |reason: &packs::AbsenceReason| AbsenceReason { code: reason.code.clone(), name: localized(&reason.name) };
    Ok(NewCampaign {
        code: campaign.code.clone(),
        name: localized(&campaign.name),
        school_year: i16::try_from(campaign.school_year).unwrap_or_default(),
        opens_on: campaign.opens.parse()?,
        closes_on: campaign.closes.parse()?,
        zone: ZONE.to_owned(),
        demonstration: true,
        source: Source::Zerek,
        absence_reasons: campaign.absence_reasons.iter().map(reason).collect(),
        tests,
    })
}

/// Loads bank, campaign, sittings and attempts, opens the window and closes it as it was.
pub async fn load(
    database: &Database,
    clock: &dyn Clock,
    pack: &Pack,
    campaign: &PackCampaign,
    demo: &Demo,
    ids: &Ids,
    bar: &ProgressBar,
) -> Result<PackForms, DemoError> {
    let write = database.write(&By::system(clock.now()), "load demonstration campaign").await?;
    let forms = itembank::load_pack(&write, pack, campaign).await?;
    drawn_keys(&write, campaign, demo, &forms).await?;
    let id = delivery::create_campaign_in(&write, &new_campaign(pack, campaign, &forms, |_| true)?).await?;
    write.commit().await?;
    let (system, mut rng) = (Actor::system(), ChaCha20Rng::seed_from_u64(packs::demo::SEED));
    let first = start_of(&campaign.opens)?;
    delivery::prepare_sittings(database, &system, first, id, &mut rng).await?;
    delivery::open_campaign(database, &system, first, id).await?;

    let made = delivery::campaign(database, id).await?.ok_or(delivery::DeliveryError::NoCampaign(id))?;
    let loader = Loader::read(database, &made, campaign, ids).await?;
    let mut recordings = Vec::with_capacity(AT_ONCE);
    for absence in &demo.absences {
        recordings.extend(loader.absence(absence)?);
    }
    for attempt in &demo.attempts {
        recordings.extend(loader.attempt(attempt)?);
        if recordings.len() >= AT_ONCE {
            write_recordings(database, clock, &mut recordings, bar).await?;
        }
    }
    write_recordings(database, clock, &mut recordings, bar).await?;
    let write = database.write(&By::system(clock.now()), "load demonstration marks").await?;
    monitoring::load_marks(&write, id, &loader.marks(demo)).await?;
    write.commit().await?;
    let last = Timestamp::from_millisecond(start_of(&campaign.closes)?.as_millisecond() + 24 * 3_600_000)?;
    delivery::close_campaign(database, &system, last, &Policy::default(), id).await?;
    Ok(forms)
}

/// Tests whose items are not in the pack have results only: their tasks are scored by the keys that were drawn.
async fn drawn_keys(
    write: &store::Write,
    campaign: &PackCampaign,
    demo: &Demo,
    forms: &PackForms,
) -> Result<(), DemoError> {
    for (test, keys) in campaign.tests.iter().zip(&demo.keys) {
        for (_, form) in forms.iter().filter(|((code, _), _)| *code == test.code) {
            for (index, key) in keys.iter().enumerate() {
                let sql = "UPDATE form_item SET key = $1 WHERE form_id = $2 AND position = $3 AND key IS NULL";
                let option = OPTIONS.get(usize::from(*key)).copied().unwrap_or_default();
                write.execute(sql, [text(option), number(form.0), number(index as i64 + 1)]).await?;
            }
        }
    }
    Ok(())
}

async fn write_recordings(
    database: &Database,
    clock: &dyn Clock,
    recordings: &mut Vec<Recording>,
    bar: &ProgressBar,
) -> Result<(), DemoError> {
    let write = database.write(&By::system(clock.now()), "load demonstration attempts").await?;
    delivery::replay(&write, recordings, &Policy::default()).await?;
    write.commit().await?;
    bar.inc(recordings.len() as u64);
    recordings.clear();
    Ok(())
}

fn start_of(date: &str) -> Result<Timestamp, DemoError> {
    let zone = TimeZone::get(ZONE)?;
    Ok(date.parse::<Date>()?.to_zoned_datetime(zone)?.timestamp())
}

#[derive(FromQueryResult)]
struct AttemptRow {
    id: i64,
    person_id: i64,
    test_id: i64,
    form_id: i64,
}

/// What turns the drawn attempts into steps.
struct Loader<'a> {
    ids: &'a Ids,
    pack: &'a PackCampaign,
    tests: Vec<&'a Test>,
    attempts: BTreeMap<(PersonId, TestId), (AttemptId, FormId)>,
    items: BTreeMap<FormId, Vec<ItemId>>,
    window: (i64, i64),
}

impl<'a> Loader<'a> {
    async fn read(
        database: &Database,
        made: &'a Campaign,
        pack: &'a PackCampaign,
        ids: &'a Ids,
    ) -> Result<Self, DemoError> {
        let sql = "SELECT id, person_id, test_id, form_id FROM attempt WHERE campaign_id = $1";
        let rows: Vec<AttemptRow> = database.read().rows(sql, [number(made.id.0)]).await?;
        let attempts = rows
            .iter()
            .map(|row| ((PersonId(row.person_id), TestId(row.test_id)), (AttemptId(row.id), FormId(row.form_id))));
        let mut items = BTreeMap::new();
        for row in &rows {
            let form = FormId(row.form_id);
            if let std::collections::btree_map::Entry::Vacant(place) = items.entry(form) {
                let of_form = itembank::form_items(database, form).await?;
                place.insert(of_form.into_iter().map(|item| item.item.id).collect());
            }
        }
        let by_code = |test: &packs::Test| made.tests.iter().find(|made| made.code == test.code);
        let window =
            (start_of(&pack.opens)?.as_millisecond(), start_of(&pack.closes)?.as_millisecond() + 24 * 3_600_000);
        Ok(Self {
            ids,
            pack,
            tests: pack.tests.iter().filter_map(by_code).collect(),
            attempts: attempts.collect(),
            items,
            window,
        })
    }

    fn marks(&self, demo: &Demo) -> Vec<NewMark> {
        let mark = |mark: &packs::demo::TermMark| {
            let class = demo.pupils[mark.pupil].class;
            NewMark {
                school: self.ids.schools[demo.classes[class].school],
                class: self.ids.classes[class],
                person: self.ids.pupils[mark.pupil],
                subject: self.pack.tests[mark.test].subject.clone(),
                percent: f64::from(mark.percent),
            }
        };
        demo.marks.iter().map(mark).collect()
    }

    fn find(&self, pupil: usize, test: usize) -> Option<(AttemptId, FormId)> {
        self.attempts.get(&(self.ids.pupils[pupil], self.tests.get(test)?.id)).copied()
    }

    fn absence(&self, absence: &packs::demo::Absence) -> Result<Option<Recording>, DemoError> {
        let Some((attempt, _)) = self.find(absence.pupil, absence.test) else { return Ok(None) };
        let reason = self.pack.absence_reasons[absence.reason].code.clone();
        let at = start_of(&self.pack.tests[absence.test].date)?;
        Ok(Some(Recording { attempt, steps: vec![(Command::Absent { reason, person: None }, at)] }))
    }

    fn attempt(&self, drawn: &Attempt) -> Result<Option<Recording>, DemoError> {
        let Some((attempt, form)) = self.find(drawn.pupil, drawn.test) else { return Ok(None) };
        let minutes = i64::from(self.pack.minutes);
        let start = start_of(&self.pack.tests[drawn.test].date)?.as_millisecond() + i64::from(drawn.started) * 1_000;
        let items = self.items.get(&form).cloned().unwrap_or_default();
        let started = Command::Start(NewStart {
            seed: packs::demo::SEED ^ attempt.0.unsigned_abs(),
            form,
            items: items.clone(),
            minutes,
            opens_at: self.window.0,
            closes_at: self.window.1,
        });
        let at = |milliseconds: i64| Timestamp::from_millisecond(milliseconds);
        let mut steps = vec![(started, at(start)?)];
        let mut now = start;
        for (item, Answer { choice, status, seconds }) in items.into_iter().zip(&drawn.answers) {
            if *status == Status::NotReached {
                break;
            }
            now += i64::from(*seconds) * 1_000;
            let step = match choice.and_then(|choice| OPTIONS.get(usize::from(choice))) {
                Some(option) => Command::Answer { item, response: Response::choice(*option), key: None },
                None => Command::Skip { item, key: None },
            };
            steps.push((step, at(now)?));
        }
        if steps.len() == drawn.answers.len() + 1 {
            steps.push((Command::Finish, at(now + 2_000)?));
        } else {
            // The pupil did not get through: the time ran out.
            steps.push((Command::CheckTime, at(start + minutes * 60_000 + 60_000)?));
        }
        Ok(Some(Recording { attempt, steps }))
    }
}

/// The languages in which a test of the pack has its items' texts.
pub fn has_items(pack: &Pack, test: &packs::Test) -> bool {
    let languages = |set: &packs::ItemSet| test.languages.iter().all(|language| set.languages.contains(language));
    pack.items.get(&test.code).is_some_and(languages)
}
