//! A campaign that is open now, so that cards can be printed, tests sat and the live list watched.

use delivery::model::NewTest;
use itembank::PackForms;
use jiff::civil::Date;
use kernel::{Actor, Clock, Localized, school_year_of};
use packs::{Campaign as PackCampaign, Pack};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use store::{By, Database, Write};

use super::DemoError;
use super::campaign::{ZONE, has_items, new_campaign};
use super::people::localized;

/// Days for which the rehearsal stays open.
const DAYS: i64 = 60;
/// Code of the rehearsal.
pub const CODE: &str = "rehearsal";
/// Subject of the test that shows each kind of task.
pub const KINDS: &str = "kinds-of-tasks";

/// The test that shows each kind of task.
async fn kinds(write: &Write, pack: &Pack, today: Date) -> Result<NewTest, DemoError> {
    let (kinds, forms) = (&pack.kinds, itembank::load_kinds(write, pack).await?);
    Ok(NewTest {
        code: kinds.test.clone(),
        name: localized(&kinds.name),
        subject: kinds.subject.clone(),
        grade: kinds.grade,
        audience: None,
        held_on: today,
        item_count: i64::try_from(kinds.items.len()).unwrap_or_default(),
        minutes: i64::from(kinds.minutes),
        forms: forms.into_iter().map(|((_, language), form)| (language, form)).collect(),
    })
}

/// Makes the rehearsal from the tests whose items are in the pack, and opens it.
pub async fn load(
    database: &Database,
    clock: &dyn Clock,
    pack: &Pack,
    campaign: &PackCampaign,
    forms: &PackForms,
) -> Result<(), DemoError> {
    let now = clock.now();
    let today: Date = now.in_tz(ZONE)?.date();
    let mut rehearsal = new_campaign(pack, campaign, forms, |test| has_items(pack, test))?;
    CODE.clone_into(&mut rehearsal.code);
    rehearsal.name = Localized::new("Мониторингке дайындық", "Репетиция мониторинга", "Rehearsal of the monitoring");
    rehearsal.opens_on = today;
    rehearsal.closes_on = today.checked_add(jiff::Span::new().days(DAYS))?;
    // Classes are those of the campaign's year, so the rehearsal is held in that year whatever the date is.
    rehearsal.school_year = i16::try_from(campaign.school_year).unwrap_or_else(|_| school_year_of(today));
    for test in &mut rehearsal.tests {
        test.held_on = today;
    }
    let write = database.write(&By::system(now), "load rehearsal").await?;
    rehearsal.tests.push(kinds(&write, pack, today).await?);
    let id = delivery::create_campaign_in(&write, &rehearsal).await?;
    write.commit().await?;
    let mut rng = ChaCha20Rng::seed_from_u64(packs::demo::SEED + 1);
    delivery::prepare_sittings(database, &Actor::system(), now, id, &mut rng).await?;
    delivery::open_campaign(database, &Actor::system(), now, id).await?;
    Ok(())
}
