//! A school of any size with an open campaign, for measurements and for tests of the whole system.

use delivery::model::{NewCampaign, NewTest, Source};
use kernel::{Actor, AttemptId, ClassId, Language, Localized, OrgUnitId, PersonId, SchoolId, Timestamp};
use packs::Pack;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use roster::{NewClass, NewEnrolment, NewOrgUnit, NewPerson, OrgUnitKind, PersonName, RosterLoad};
use store::{By, Database, FromQueryResult, Reading, number, sea_orm};

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum SchoolError {
    /// The pack.
    #[error(transparent)]
    Pack(#[from] packs::PackError),
    /// The item bank.
    #[error(transparent)]
    Bank(#[from] itembank::ItemBankError),
    /// Delivery.
    #[error(transparent)]
    Delivery(#[from] delivery::DeliveryError),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::StoreError),
}

/// A pupil's way in.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Ticket {
    /// The attempt.
    pub id: i64,
    /// Its code.
    pub code: String,
}

impl Ticket {
    /// The attempt.
    pub fn attempt(&self) -> AttemptId {
        AttemptId(self.id)
    }
}

/// Pupils of a class.
const CLASS: usize = 25;
/// The test of the pack that is sat.
const TEST: &str = "g4-mathematics";

fn roster(database: &Database, now: Timestamp, pupils: usize, school_year: i16) -> RosterLoad {
    let mut load = RosterLoad::default();
    let (root, school) = (OrgUnitId(database.next_id(now)), SchoolId(database.next_id(now)));
    for (id, parent, kind, code) in
        [(root, None, OrgUnitKind::Network, "network"), (school.into(), Some(root), OrgUnitKind::School, "school")]
    {
        let name = Localized::same(code);
        let (short_name, settlement) = (name.clone(), name.clone());
        let code = code.to_owned();
        load.org_units.push(NewOrgUnit {
            id,
            parent,
            kind,
            code,
            name,
            short_name,
            settlement,
            languages: vec![Language::Kk],
        });
    }
    let today = now.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    for pupil in 0..pupils {
        if pupil % CLASS == 0 {
            let (id, letter) = (ClassId(database.next_id(now)), format!("{}", pupil / CLASS + 1));
            load.classes.push(NewClass { id, school, school_year, grade: 4, letter, language: Language::Kk });
        }
        let Some(class) = load.classes.last().map(|class| class.id) else { continue };
        let person = PersonId(database.next_id(now));
        let name = PersonName {
            family: format!("Оқушы {pupil}"), given: "Айсұлу".to_owned(), ..Default::default()
        };
        load.people.push(NewPerson { id: person, name, sex: None, language: None });
        load.enrolments.push(NewEnrolment { school, class, person, from: today });
    }
    load
}

/// Makes the school with an open campaign of one test of 20 tasks, around this time, in an empty database.
///
/// # Errors
/// [`SchoolError`]
pub async fn prepare(database: &Database, now: Timestamp, pupils: usize) -> Result<Vec<Ticket>, SchoolError> {
    let today = now.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    let school_year = kernel::school_year_of(today);
    let pack = Pack::embedded()?;
    let mut campaign = pack.campaigns[0].clone();
    campaign.tests.retain(|test| test.code == TEST);
    let write = database.write(&By::system(now), "prepare measurement").await?;
    roster::load(&write, &roster(database, now, pupils, school_year)).await?;
    let forms = itembank::load_pack(&write, &pack, &campaign).await?;
    write.commit().await?;
    let forms = forms.into_iter().map(|((_, language), form)| (language, form)).collect();
    let new = NewCampaign {
        code: "measurement".to_owned(),
        name: Localized::same("Measurement"),
        school_year,
        opens_on: today.saturating_sub(jiff::Span::new().days(1)),
        closes_on: today.saturating_add(jiff::Span::new().days(1)),
        zone: "UTC".to_owned(),
        demonstration: true,
        source: Source::Zerek,
        absence_reasons: Vec::new(),
        tests: vec![NewTest {
            code: TEST.to_owned(),
            name: Localized::same("Mathematics"),
            subject: "mathematics".to_owned(),
            grade: 4,
            audience: None,
            held_on: today,
            item_count: 20,
            minutes: 40,
            forms,
        }],
    };
    let system = Actor::system();
    let id = delivery::create_campaign(database, &system, now, &new).await?;
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    delivery::prepare_sittings(database, &system, now, id, &mut rng).await?;
    delivery::open_campaign(database, &system, now, id).await?;
    let sql = "SELECT id, code FROM attempt WHERE campaign_id = $1 AND code IS NOT NULL ORDER BY id";
    Ok(database.read().rows(sql, [number(id.0)]).await?)
}
