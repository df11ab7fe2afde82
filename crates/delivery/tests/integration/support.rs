//! A small network with a campaign, for the tests.

use std::collections::BTreeMap;

use delivery::model::{AbsenceReason, Campaign, NewCampaign, NewTest, Policy, Source};
use delivery::{Delivery, SitPage};
use kernel::{
    Actor, Assignment, AttemptId, CampaignId, ClassId, FormId, Language, Localized, OrgUnitId, PersonId, Role,
    SchoolId, Timestamp,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use roster::{NewClass, NewEnrolment, NewOrgUnit, NewPerson, OrgUnitKind, PersonName, RosterLoad};
use store::testing::TestDatabase;
use store::{By, FromQueryResult, Reading, number, sea_orm};

/// 14 November 2022, nine in the morning in Almaty.
pub const NINE: i64 = 1_668_394_800_000;
pub const MINUTE: i64 = 60_000;
pub const PUPILS_OF_A_CLASS: i64 = 5;

pub fn at(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).expect("a time of this century")
}

/// Two schools with a Kazakh and a Russian class of grade 4 each, and an open campaign with one test.
pub struct Network {
    pub database: TestDatabase,
    pub delivery: Delivery,
    pub campaign: CampaignId,
    pub schools: Vec<SchoolId>,
}

#[derive(FromQueryResult, Clone)]
pub struct Ticket {
    pub id: i64,
    pub person_id: i64,
    pub code: String,
}

impl Ticket {
    pub fn attempt(&self) -> AttemptId {
        AttemptId(self.id)
    }

    pub fn actor(&self) -> Actor {
        Actor { person: Some(PersonId(self.person_id)), attempt: Some(self.attempt()), ..Actor::nobody() }
    }
}

fn roster(ids: &mut impl FnMut() -> i64) -> RosterLoad {
    let mut load = RosterLoad::default();
    let mut node = |kind, parent, code: &str| {
        let id = OrgUnitId(ids());
        load.org_units.push(NewOrgUnit {
            id,
            parent,
            kind,
            code: code.to_owned(),
            name: Localized::same(code),
            short_name: Localized::same(code),
            settlement: Localized::same("Қараөткел"),
            languages: vec![Language::Kk, Language::Ru],
        });
        id
    };
    let root = node(OrgUnitKind::Network, None, "network");
    let schools = [node(OrgUnitKind::School, Some(root), "one"), node(OrgUnitKind::School, Some(root), "two")];
    for school in schools.map(|id| SchoolId(id.0)) {
        for (letter, language) in [("А", Language::Kk), ("Ә", Language::Ru)] {
            let class = ClassId(ids());
            let letter = letter.to_owned();
            load.classes.push(NewClass { id: class, school, school_year: 2022, grade: 4, letter, language });
            for pupil in 0..PUPILS_OF_A_CLASS {
                let person = PersonId(ids());
                let name =
                    PersonName {
                        family: format!("Оқушы{pupil}"), given: "Айсұлу".to_owned(), ..Default::default()
                    };
                load.people.push(NewPerson { id: person, name, sex: None, language: Some(language) });
                let from = kernel::Date::constant(2022, 9, 1);
                load.enrolments.push(NewEnrolment { school, class, person, from });
            }
        }
    }
    load
}

pub fn new_campaign(forms: &BTreeMap<(String, Language), FormId>) -> NewCampaign {
    let form = |language| (language, forms[&("g4-mathematics".to_owned(), language)]);
    let reason = |code: &str| AbsenceReason { code: code.to_owned(), name: Localized::same(code) };
    NewCampaign {
        code: "november".to_owned(),
        name: Localized::same("November"),
        school_year: 2022,
        opens_on: kernel::Date::constant(2022, 11, 14),
        closes_on: kernel::Date::constant(2022, 11, 18),
        zone: "Asia/Almaty".to_owned(),
        demonstration: true,
        source: Source::Zerek,
        absence_reasons: vec![reason("illness"), reason("road")],
        tests: vec![NewTest {
            code: "g4-mathematics".to_owned(),
            name: Localized::same("Mathematics"),
            subject: "mathematics".to_owned(),
            grade: 4,
            audience: None,
            held_on: kernel::Date::constant(2022, 11, 14),
            item_count: 20,
            minutes: 40,
            forms: vec![form(Language::Kk), form(Language::Ru)],
        }],
    }
}

impl Network {
    pub async fn planned() -> Self {
        Self::with(false).await
    }

    /// The test that shows each kind of task, open.
    pub async fn with_kinds() -> Self {
        Self::with(true).await.opened().await
    }

    async fn with(kinds: bool) -> Self {
        let database = store::testing::database(delivery::migrations()).await;
        let by = By::system(at(NINE));
        let load = roster(&mut || database.next_id(at(NINE)));
        let pack = packs::Pack::embedded().expect("the pack is sound");
        let write = database.write(&by, "load").await.expect("a write");
        roster::load(&write, &load).await.expect("a roster");
        let forms = itembank::load_pack(&write, &pack, &pack.campaigns[0]).await.expect("items");
        let mut new = new_campaign(&forms);
        if kinds {
            let forms = itembank::load_kinds(&write, &pack).await.expect("kinds of tasks");
            let test = &mut new.tests[0];
            test.code.clone_from(&pack.kinds.test);
            test.item_count = i64::try_from(pack.kinds.items.len()).expect("a few");
            test.forms = forms.into_iter().map(|((_, language), form)| (language, form)).collect();
        }
        write.commit().await.expect("a commit");
        let (system, now) = (Actor::system(), at(NINE - 60 * MINUTE));
        let campaign = delivery::create_campaign(&database, &system, now, &new).await.expect("made");
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        delivery::prepare_sittings(&database, &system, now, campaign, &mut rng).await.expect("prepared");
        let delivery = Delivery::start_up(database.database.clone(), Policy::default());
        let schools = load.org_units.iter().skip(1).map(|node| SchoolId(node.id.0)).collect();
        Self { database, delivery, campaign, schools }
    }

    pub async fn open() -> Self {
        Self::planned().await.opened().await
    }

    async fn opened(self) -> Self {
        let (system, now) = (Actor::system(), at(NINE - 30 * MINUTE));
        delivery::open_campaign(&self.database, &system, now, self.campaign).await.expect("opened");
        self
    }

    pub async fn tickets(&self) -> Vec<Ticket> {
        let sql = "SELECT id, person_id, code FROM attempt WHERE campaign_id = $1 ORDER BY id";
        self.database.read().rows(sql, [number(self.campaign.0)]).await.expect("attempts")
    }

    pub async fn campaign(&self) -> Campaign {
        delivery::campaign(&self.database, self.campaign).await.expect("a read").expect("the campaign")
    }

    pub fn coordinator(&self, school: usize) -> Actor {
        let school = self.schools[school];
        let assignment = Assignment {
            role: Role::Coordinator,
            org_unit: school.into(),
            whole_network: false,
            schools: vec![school],
            classes: vec![],
        };
        Actor { person: Some(PersonId(1)), assignments: vec![assignment], ..Actor::nobody() }
    }

    pub async fn verify(&self) {
        let attempts: Vec<AttemptId> = self.tickets().await.iter().map(Ticket::attempt).collect();
        delivery::verify_attempts(&self.database, &attempts).await.expect("every log and every row is sound");
    }
}

/// The item that a page shows.
pub fn item_of(page: &SitPage) -> kernel::ItemId {
    let item = match &page.reached {
        delivery::Reached::Item(item) => Some(item.item),
        _ => None,
    };
    item.expect("the page shows an item")
}
