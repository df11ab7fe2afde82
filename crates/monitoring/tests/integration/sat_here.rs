//! A campaign sat here, from answer logs to reports: the sample report of facts 000b 3.13 with peers set up so that its
//! places come out.

use delivery::Delivery;
use delivery::model::{NewCampaign, NewTest, Policy, Response, Source};
use documents::report::{Skill, Status};
use kernel::{
    Actor, Assignment, AttemptId, CampaignId, ClassId, Date, FixedClock, Language, Localized, OrgUnitId, PersonId,
    Role, SchoolId, Timestamp,
};
use monitoring::model::Settings;
use monitoring::{MonitoringError, Watch, query, report};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use roster::{NewClass, NewEnrolment, NewOrgUnit, NewPerson, OrgUnitKind, PersonName, RosterLoad};
use store::testing::TestDatabase;
use store::{By, FromQueryResult, Reading, number, sea_orm};

/// 14 November 2022, nine in the morning in Almaty.
const NINE: i64 = 1_668_394_800_000;

fn at(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap()
}

/// Scores of the two classes: six of the own class and nine of the other are better than 16.
const OWN: [u32; 17] = [20, 19, 19, 18, 17, 17, 16, 16, 16, 15, 14, 12, 12, 11, 9, 8, 5];
const OTHER: [u32; 19] = [20, 20, 19, 18, 18, 18, 17, 17, 17, 16, 16, 15, 13, 12, 11, 10, 8, 7, 6];
/// The incorrect tasks of the sample.
const FAILED: [usize; 4] = [3, 9, 14, 17];

struct Sat {
    database: TestDatabase,
    campaign: CampaignId,
    school: SchoolId,
    classes: Vec<ClassId>,
}

#[derive(FromQueryResult, Clone)]
struct Ticket {
    id: i64,
    person_id: i64,
    class_id: i64,
    form_id: i64,
}

impl Sat {
    /// Everybody but the last pupil of the other class, who was absent, sits and finishes.
    async fn new() -> Self {
        let database = store::testing::database(monitoring::migrations()).await;
        let now = at(NINE - 3_600_000);
        let mut load = RosterLoad::default();
        let mut node = |kind, parent, code: &str| {
            let id = OrgUnitId(database.next_id(now));
            load.org_units.push(NewOrgUnit {
                id,
                parent,
                kind,
                code: code.to_owned(),
                name: Localized::same(code),
                short_name: Localized::same(code),
                settlement: Localized::default(),
                languages: vec![Language::Kk],
            });
            id
        };
        let root = node(OrgUnitKind::Network, None, "network");
        let region = node(OrgUnitKind::Region, Some(root), "region");
        let school = SchoolId(node(OrgUnitKind::School, Some(region), "school").0);
        let mut classes = Vec::new();
        for (letter, pupils) in [("А", OWN.len()), ("Ә", OTHER.len() + 1)] {
            let class = ClassId(database.next_id(now));
            let (letter, language) = (letter.to_owned(), Language::Kk);
            load.classes.push(NewClass { id: class, school, school_year: 2022, grade: 4, letter, language });
            classes.push(class);
            for pupil in 0..pupils {
                let id = PersonId(database.next_id(now));
                let name = PersonName {
                    family: format!("Оқушы{pupil:02}"),
                    given: "Айша".to_owned(),
                    ..PersonName::default()
                };
                load.people.push(NewPerson { id, name, sex: None, language: None });
                load.enrolments.push(NewEnrolment { school, class, person: id, from: Date::constant(2022, 9, 1) });
            }
        }
        let pack = packs::Pack::embedded().unwrap();
        let write = database.write(&By::system(now), "load").await.unwrap();
        roster::load(&write, &load).await.unwrap();
        let forms = itembank::load_pack(&write, &pack, &pack.campaigns[0]).await.unwrap();
        write.commit().await.unwrap();
        let form = |language| (language, forms[&("g4-mathematics".to_owned(), language)]);
        let new = NewCampaign {
            code: "november".to_owned(),
            name: Localized::new("Қараша", "Ноябрь", "November"),
            school_year: 2022,
            opens_on: Date::constant(2022, 11, 14),
            closes_on: Date::constant(2022, 11, 18),
            zone: "Asia/Almaty".to_owned(),
            demonstration: true,
            source: Source::Zerek,
            absence_reasons: vec![],
            tests: vec![NewTest {
                code: "g4-mathematics".to_owned(),
                name: Localized::new("Математика", "Математика", "Mathematics"),
                subject: "mathematics".to_owned(),
                grade: 4,
                audience: None,
                held_on: Date::constant(2022, 11, 14),
                item_count: 20,
                minutes: 40,
                forms: vec![form(Language::Kk), form(Language::Ru)],
            }],
        };
        let system = Actor::system();
        let campaign = delivery::create_campaign(&database, &system, now, &new).await.unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        delivery::prepare_sittings(&database, &system, now, campaign, &mut rng).await.unwrap();
        delivery::open_campaign(&database, &system, now, campaign).await.unwrap();
        let sat = Self { database, campaign, school, classes };
        sat.sit().await;
        sat
    }

    async fn sit(&self) {
        let sql = "SELECT id, person_id, class_id, form_id FROM attempt WHERE campaign_id = $1 ORDER BY class_id, id";
        let tickets: Vec<Ticket> = self.database.read().rows(sql, [number(self.campaign.0)]).await.unwrap();
        let delivery = Delivery::start_up(self.database.database.clone(), Policy::default());
        for (class, scores) in self.classes.iter().zip([&OWN[..], &OTHER[..]]) {
            let own = tickets.iter().filter(|ticket| ticket.class_id == class.0);
            for (index, (ticket, score)) in own.zip(scores).enumerate() {
                self.answer(&delivery, ticket, *score as usize, index).await;
            }
        }
    }

    /// The seventh of the own class is the pupil of the sample; the others fail the last tasks, the second of each class
    /// skips instead, the third does not get there.
    async fn answer(&self, delivery: &Delivery, ticket: &Ticket, score: usize, index: usize) {
        let (attempt, mut now) = (AttemptId(ticket.id), NINE);
        let actor = Actor { person: Some(PersonId(ticket.person_id)), attempt: Some(attempt), ..Actor::nobody() };
        let items =
            itembank::scoring_items(&self.database, &Actor::system(), kernel::FormId(ticket.form_id)).await.unwrap();
        delivery.start(&actor, attempt, at(now), 7).await.unwrap();
        let sample = ticket.class_id == self.classes[0].0 && index == 6;
        for item in items {
            now += 30_000;
            let right = if sample { !FAILED.contains(&item.position) } else { item.position <= score };
            let key = item.key.clone().unwrap();
            let wrong = if key == "A" { "B" } else { "A" };
            if !right && index == 2 && !sample {
                return;
            } else if !right && index == 1 && !sample {
                delivery.skip(&actor, attempt, item.item, None, at(now)).await.unwrap();
            } else {
                let response = Response::choice(if right { key.as_str() } else { wrong });
                delivery.answer(&actor, attempt, item.item, response, None, at(now)).await.unwrap();
            }
        }
        delivery.finish(&actor, attempt, at(now + 1_000)).await.unwrap();
    }

    /// Closes the campaign and runs the job that this puts into the table.
    async fn close(&self) -> serde_json::Value {
        let now = at(NINE + 86_400_000);
        delivery::close_campaign(&self.database, &Actor::system(), now, &Policy::default(), self.campaign)
            .await
            .unwrap();
        let runner = monitoring::handlers(store::jobs::Runner::new(), Settings::default());
        let clock: std::sync::Arc<dyn kernel::Clock> = std::sync::Arc::new(FixedClock::at(now));
        // The scoring, and the news of it for the room of statistics, which has no handler here.
        assert_eq!(runner.run_all(&self.database, &clock).await.unwrap(), 2);
        let jobs = store::jobs::list(&self.database, &store::jobs::JobFilter::default(), 2).await.unwrap();
        assert_eq!(jobs[0].kind, monitoring::CAMPAIGN_SCORED);
        let job = &jobs[1];
        assert_eq!((job.state.as_str(), job.last_error.as_deref()), ("done", None));
        assert_eq!((job.done, job.total), (1, 1));
        serde_json::from_str(job.result.as_deref().unwrap()).unwrap()
    }

    fn staff(&self, role: Role, schools: Vec<SchoolId>, classes: Vec<ClassId>) -> Actor {
        let whole_network = role == Role::CentreSpecialist;
        let org_unit = self.school.into();
        let assignment = Assignment { role, org_unit, whole_network, schools, classes };
        Actor { person: Some(PersonId(1)), assignments: vec![assignment], ..Actor::nobody() }
    }
}

#[tokio::test]
async fn the_sample_report_comes_out_of_the_answer_log() {
    let sat = Sat::new().await;
    let scored = sat.close().await;
    assert_eq!(scored["results"], 36);
    let settings = Settings::default();
    let teacher = sat.staff(Role::Teacher, vec![], vec![sat.classes[0]]);
    let test = delivery::campaign(&sat.database, sat.campaign).await.unwrap().unwrap().tests[0].id;
    let pupils = query::pupil_scores(&sat.database, &teacher, test, sat.classes[0]).await.unwrap();
    assert_eq!(pupils.len(), 17);
    // The seventh in the register.
    let sample = &pupils[6];
    let found = report::individual_report(&sat.database, &teacher, sample.attempt, Language::En, &settings)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.tasks, found.correct, found.unattempted), (20, 16, 0));
    let places = [found.class_place.unwrap(), found.parallel_place.unwrap()].map(|place| (place.place, place.of));
    assert_eq!(places, [(7, 17), (16, 36)]);
    assert_eq!((found.class.as_str(), found.subject.as_str()), ("4 «А»", "Mathematics"));
    assert_eq!(found.language_of_instruction, "Kazakh");
    let failed: Vec<u32> =
        found.items.iter().filter(|item| item.status == Status::Incorrect).map(|item| item.number).collect();
    assert_eq!(failed, [3, 9, 14, 17]);
    assert!(found.items.iter().all(|item| !item.section.is_empty() && !item.criterion.is_empty()));
    let skills: Vec<(Option<Skill>, usize)> = [Skill::A, Skill::B, Skill::C]
        .map(|skill| (Some(skill), found.items.iter().filter(|item| item.skill == Some(skill)).count()))
        .to_vec();
    assert_eq!(skills, [(Some(Skill::A), 4), (Some(Skill::B), 12), (Some(Skill::C), 4)]);
    let by_skill: Vec<(&str, &str)> =
        found.skills.iter().map(|skill| (skill.correct.text.as_str(), skill.of.text.as_str())).collect();
    assert_eq!(by_skill, [("3", "4"), ("10", "12"), ("3", "4")]);
    assert_eq!((found.score.raw.text.as_str(), found.score.percent.text.as_str()), ("16", "80.0"));
    let sem = found.score.standard_error.unwrap().value;
    assert!(sem > 0.5 && sem < 3.0, "{sem}");
    assert!(found.score.sentence.contains("of 20"), "{}", found.score.sentence);
    assert!(found.imprint.demonstration);
    // A pupil who skipped and one whose time ran out.
    let report = |index: usize| {
        let attempt = pupils[index].attempt;
        let (database, teacher, settings) = (&sat.database, &teacher, &settings);
        async move { report::individual_report(database, teacher, attempt, Language::Kk, settings).await.unwrap().unwrap() }
    };
    let (skipped, late) = (report(1).await, report(2).await);
    assert_eq!((skipped.correct, skipped.unattempted, skipped.items[19].status), (19, 1, Status::Skipped));
    assert_eq!((late.correct, late.unattempted, late.items[19].status), (19, 1, Status::NotReached));
    sat.database.finish().await;
}

#[tokio::test]
async fn classes_schools_and_the_campaign_are_seen_by_those_who_may() {
    let sat = Sat::new().await;
    sat.close().await;
    let settings = Settings::default();
    let (database, language) = (&sat.database, Language::En);
    let campaign = delivery::campaign(database, sat.campaign).await.unwrap().unwrap();
    let test = campaign.tests[0].id;
    let teacher = sat.staff(Role::Teacher, vec![], vec![sat.classes[0]]);
    let coordinator = sat.staff(Role::Coordinator, vec![sat.school], vec![]);
    let stranger = sat.staff(Role::Coordinator, vec![SchoolId(5)], vec![]);
    let centre = sat.staff(Role::CentreSpecialist, vec![], vec![]);
    let pupil = query::pupil_scores(database, &coordinator, test, sat.classes[1]).await.unwrap()[0].attempt;
    for (actor, may) in [(&teacher, false), (&coordinator, true), (&stranger, false), (&centre, true)] {
        let found = report::individual_report(database, actor, pupil, language, &settings).await;
        assert_eq!(found.is_ok(), may);
        assert!(may || matches!(found, Err(MonitoringError::Denied(_))));
        let found = report::class_report(database, actor, test, sat.classes[1], language, &settings).await;
        assert_eq!(found.is_ok(), may);
    }
    assert_eq!(query::class_tests(database, &teacher, sat.campaign, None, None).await.unwrap().len(), 1);
    assert_eq!(query::class_tests(database, &coordinator, sat.campaign, None, None).await.unwrap().len(), 2);
    assert!(query::class_tests(database, &stranger, sat.campaign, None, None).await.unwrap().is_empty());
    assert!(query::pupil_scores(database, &teacher, test, sat.classes[1]).await.unwrap().is_empty());

    let class =
        report::class_report(database, &teacher, test, sat.classes[0], language, &settings).await.unwrap().unwrap();
    assert_eq!((class.enrolled, class.pupils.len(), class.items.len()), (17, 17, 20));
    // 244 of 340 points.
    assert_eq!(OWN.iter().sum::<u32>(), 244);
    assert_eq!(class.mean.value.unwrap().text, "71.8");
    assert_eq!(class.parallel_mean.unwrap().n, 36);
    assert_eq!(class.items[0].share.value.as_ref().unwrap().text, "100.0");
    // The last task: one pupil of the class scored 20; the sample did it too.
    assert_eq!(class.items[19].share.value.as_ref().unwrap().text, "11.8");
    assert_eq!(class.items[19].share.n, 17);
    assert!(!class.groups.is_empty() && class.groups.iter().all(|group| !group.advice.is_empty()));
    let other = report::class_report(database, &coordinator, test, sat.classes[1], language, &settings).await;
    let other = other.unwrap().unwrap();
    assert_eq!((other.enrolled, other.pupils.len(), other.absent.len()), (20, 19, 1));

    assert!(query::campaign_summary(database, &teacher, sat.campaign, &settings).await.is_err());
    let summary = query::campaign_summary(database, &centre, sat.campaign, &settings).await.unwrap().unwrap();
    assert_eq!((summary.results, summary.tests[0].mean.n, summary.grades[0].ranked), (36, 36, 1));
    let sum = f64::from(OWN.iter().chain(&OTHER).sum::<u32>());
    assert_eq!(summary.tests[0].mean.percent, Some(100.0 * sum / 720.0));
    let participation = summary.participation[0];
    assert_eq!((participation.enrolled, participation.took_part), (37, 36));
    let own = query::campaign_summary(database, &stranger, sat.campaign, &settings).await.unwrap().unwrap();
    assert!(own.grades[0].schools.is_empty() && own.participation.is_empty() && !own.whole_network);
    let findings = query::campaign_findings(database, &centre, &campaign, language, &settings).await.unwrap();
    assert!(!findings[0].findings.well.is_empty() && !findings[0].findings.badly.is_empty());
    let shown = report::build_presentation(&summary, &findings, language, &settings);
    assert_eq!((shown.schools, shown.enrolled, shown.took_part, shown.attempts), (1, 37, 36, 36));
    assert_eq!(shown.period, "14–18 November 2022");
    let of_school = query::school_findings(database, &coordinator, &campaign, sat.school, language, &settings);
    let classes = query::class_tests(database, &coordinator, sat.campaign, Some(sat.school), None).await.unwrap();
    let shown = report::build_school(&summary, sat.school, &of_school.await.unwrap(), &classes, language, &settings);
    assert_eq!((shown.subjects.len(), shown.classes.len(), shown.participation.len()), (1, 2, 1));
    assert_eq!(shown.subjects[0].place.unwrap().place, 1);
    let denied = query::school_findings(database, &stranger, &campaign, sat.school, language, &settings).await;
    assert!(denied.is_err());
    sat.database.finish().await;
}

#[tokio::test]
async fn a_broken_log_is_named_and_scored_by_nobody() {
    let sat = Sat::new().await;
    sat.close().await;
    let attempt = sat.database.read().count("SELECT MIN(id) FROM attempt", []).await.unwrap();
    let write = sat.database.write(&By::system(at(NINE)), "tamper").await.unwrap();
    let sql = "UPDATE answer_log SET payload = REPLACE(payload, '\"A\"', '\"C\"') WHERE attempt_id = $1";
    assert!(write.execute(sql, [number(attempt)]).await.unwrap() > 0);
    write.commit().await.unwrap();
    let scored = monitoring::score_campaign(
        &sat.database,
        &Actor::system(),
        at(NINE),
        sat.campaign,
        &Settings::default(),
        &Watch::nobody(),
    )
    .await
    .unwrap();
    assert_eq!(scored.results, 35);
    assert_eq!(scored.broken.len(), 1);
    assert_eq!(scored.broken[0].0, AttemptId(attempt));
    assert!(scored.broken[0].1.contains("hash"), "{}", scored.broken[0].1);
    sat.database.finish().await;
}

/// Writes the data as JSON: what a folder holds and when it is made anew does not depend on typesetting.
struct AsJson;

fn json(report: &impl serde::Serialize) -> Result<Vec<u8>, String> {
    serde_json::to_vec(report).map_err(|error| error.to_string())
}

impl monitoring::Typeset for AsJson {
    fn ending(&self) -> &'static str {
        "json"
    }
    fn individual(&self, report: &documents::report::IndividualReport) -> Result<Vec<u8>, String> {
        json(report)
    }
    fn class(&self, report: &documents::report::ClassReport) -> Result<Vec<u8>, String> {
        json(report)
    }
    fn school(&self, report: &documents::report::SchoolReport) -> Result<Vec<u8>, String> {
        json(report)
    }
    fn presentation(&self, report: &documents::report::CampaignPresentation) -> Result<Vec<u8>, String> {
        json(report)
    }
}

#[tokio::test]
async fn every_document_is_written_once_and_a_half_folder_is_finished() {
    let sat = Sat::new().await;
    sat.close().await;
    let folder = std::env::temp_dir().join(format!("zerek-publish-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let typeset: std::sync::Arc<dyn monitoring::Typeset> = std::sync::Arc::new(AsJson);
    let centre = sat.staff(Role::CentreSpecialist, vec![], vec![]);
    let settings = Settings::default();
    let publish = |actor: Actor| {
        let (database, folder, typeset, settings) = (&sat.database, &folder, &typeset, &settings);
        async move {
            let (campaign, language) = (sat.campaign, Language::Ru);
            let watch = Watch::nobody();
            monitoring::publish_campaign(database, &actor, campaign, folder, language, typeset, settings, &watch).await
        }
    };
    let denied = publish(sat.staff(Role::Coordinator, vec![sat.school], vec![])).await;
    assert!(matches!(denied, Err(MonitoringError::Denied(_))));
    let first = publish(centre.clone()).await.unwrap();
    assert_eq!((first.individual, first.classes, first.schools, first.kept), (36, 2, 1, 0));
    let school = folder.join("school");
    let class =
        std::fs::read_dir(&school).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.is_dir()).unwrap();
    let of_test = class.join("g4-mathematics");
    let names: Vec<String> =
        std::fs::read_dir(&of_test).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.len() == 18 || names.len() == 20, "{names:?}");
    assert!(names.contains(&"01 Оқушы00 Айша.json".to_owned()), "{names:?}");
    let workbook = std::fs::read(folder.join("campaign.xlsx")).unwrap();
    assert!(workbook.starts_with(b"PK"));
    let head = documents::table::ReadOptions { sheet: Some("Места школ".to_owned()), head_row: None };
    let places = documents::table::read_table_with(&workbook, "campaign.xlsx", &head).unwrap();
    assert_eq!(places.rows.len(), 1);
    // A document that got lost is made again, the others stay.
    std::fs::remove_file(of_test.join("01 Оқушы00 Айша.json")).unwrap();
    let second = publish(centre.clone()).await.unwrap();
    assert_eq!((second.individual, second.classes, second.kept), (1, 0, 37));
    // Other results: everything anew.
    let write = sat.database.write(&By::system(at(NINE)), "change").await.unwrap();
    write.execute("UPDATE result SET score = score - 1 WHERE class_place = 1", []).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(publish(centre).await.unwrap().individual, 36);
    std::fs::remove_dir_all(&folder).unwrap();
    sat.database.finish().await;
}
