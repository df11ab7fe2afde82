//! Measures a campaign of 11,900 attempts: scoring from answer logs, summaries, reports. One JSON line for each figure.
//!
//! `cargo run --release -p monitoring --example measure [--features pdf]`

#![expect(clippy::unwrap_used, reason = "a measurement that cannot be made stops")]

use std::time::Instant;

use delivery::model::{AttemptState, Command, NewCampaign, NewStart, NewTest, Policy, Response, Source, record};
use kernel::{Actor, AttemptId, ClassId, Date, FormId, Language, Localized, OrgUnitId, PersonId, SchoolId, Timestamp};
use monitoring::model::Settings;
use monitoring::{Watch, query, report};
use roster::{NewClass, NewEnrolment, NewOrgUnit, NewPerson, OrgUnitKind, PersonName, RosterLoad};
use store::{By, Database, FromQueryResult, Location, Reading, Value, bytes, number, optional_number, sea_orm, text};

const SCHOOLS: usize = 17;
const CLASSES: usize = 4;
const PUPILS: usize = 25;
const TESTS: usize = 7;

#[derive(FromQueryResult)]
struct Ticket {
    id: i64,
    form_id: i64,
    school_id: i64,
    person_id: i64,
}

fn say(figure: &str, value: f64, unit: &str) {
    println!("{}", serde_json::json!({ "figure": figure, "value": value, "unit": unit }));
}

fn since(start: Instant) -> f64 {
    (start.elapsed().as_secs_f64() * 1000.0).round() / 1000.0
}

#[tokio::main]
async fn main() {
    let folder = std::env::temp_dir().join(format!("zerek-measure-{}", std::process::id()));
    let database = Database::open(&Location::Folder(folder.clone()), 1, monitoring::migrations()).await.unwrap();
    let now = Timestamp::from_millisecond(1_668_394_800_000).unwrap();
    let campaign = load(&database, now).await;
    let settings = Settings::default();
    let system = Actor::system();
    for figure in ["scoring", "scoring again"] {
        let start = Instant::now();
        let nobody = Watch::nobody();
        let scored = monitoring::score_campaign(&database, &system, now, campaign, &settings, &nobody);
        assert_eq!(scored.await.unwrap().results as usize, SCHOOLS * CLASSES * PUPILS * TESTS);
        say(figure, since(start), "s");
    }
    // What scale scores add to scoring: the same once more with nothing calibrated.
    let mut without = settings.clone();
    without.scale.minimum.rasch = u32::MAX;
    let start = Instant::now();
    monitoring::score_campaign(&database, &system, now, campaign, &without, &Watch::nobody()).await.unwrap();
    say("scoring without a scale", since(start), "s");
    monitoring::score_campaign(&database, &system, now, campaign, &settings, &Watch::nobody()).await.unwrap();
    let mut best = f64::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        query::campaign_summary(&database, &system, campaign, &settings).await.unwrap().unwrap();
        best = best.min(since(start));
    }
    say("campaign summary", best * 1000.0, "ms");
    let start = Instant::now();
    let of_campaign = delivery::campaign(&database, campaign).await.unwrap().unwrap();
    query::campaign_findings(&database, &system, &of_campaign, Language::Kk, &settings).await.unwrap();
    say("campaign findings", since(start) * 1000.0, "ms");
    let attempt = AttemptId(database.read().count("SELECT MAX(attempt_id) FROM result", []).await.unwrap());
    let start = Instant::now();
    report::individual_report(&database, &system, attempt, Language::Kk, &settings).await.unwrap().unwrap();
    say("data of one individual report", since(start) * 1000.0, "ms");
    #[cfg(feature = "pdf")]
    publish(&database, campaign, &folder, &settings).await;
    say("memory at most", peak_memory(), "MB");
    database.close().await;
    std::fs::remove_dir_all(&folder).unwrap();
}

#[cfg(feature = "pdf")]
async fn publish(database: &Database, campaign: kernel::CampaignId, folder: &std::path::Path, settings: &Settings) {
    let renderer: std::sync::Arc<dyn monitoring::Typeset> = std::sync::Arc::new(documents::Renderer::new().unwrap());
    let start = Instant::now();
    let out = folder.join("reports");
    let watch = Watch::nobody();
    let system = Actor::system();
    let found =
        monitoring::publish_campaign(database, &system, campaign, &out, Language::Kk, &renderer, settings, &watch);
    let found = found.await.unwrap();
    say("individual reports", found.individual as f64, "PDF");
    say("all documents", since(start), "s");
}

/// The most memory that the process held, from Linux; 0 elsewhere.
fn peak_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kilobytes.map_or(0.0, |kilobytes| (kilobytes / 1024.0).round())
}

async fn load(database: &Database, now: Timestamp) -> kernel::CampaignId {
    let next = || database.next_id(now);
    let mut load = RosterLoad::default();
    let mut node = |kind, parent, name: String| {
        let id = OrgUnitId(next());
        load.org_units.push(NewOrgUnit {
            id,
            parent,
            kind,
            code: name.clone(),
            name: Localized::same(&name),
            short_name: Localized::same(name),
            settlement: Localized::default(),
            languages: vec![Language::Kk],
        });
        id
    };
    let root = node(OrgUnitKind::Network, None, "network".to_owned());
    let schools: Vec<SchoolId> = (0..SCHOOLS)
        .map(|index| {
            let region = node(OrgUnitKind::Region, Some(root), format!("region {index}"));
            SchoolId(node(OrgUnitKind::School, Some(region), format!("school {index}")).0)
        })
        .collect();
    for school in &schools {
        for letter in ["А", "Ә", "Б", "В"] {
            let class = ClassId(next());
            let letter = letter.to_owned();
            load.classes.push(NewClass {
                id: class,
                school: *school,
                school_year: 2022,
                grade: 4,
                letter,
                language: Language::Kk,
            });
            for pupil in 0..PUPILS {
                let id = PersonId(next());
                let name = PersonName {
                    family: format!("Қайратқызы {pupil}"),
                    given: "Айша".to_owned(),
                    patronymic: String::new(),
                };
                load.people.push(NewPerson { id, name, sex: None, language: None });
                let from = Date::constant(2022, 9, 1);
                load.enrolments.push(NewEnrolment { school: *school, class, person: id, from });
            }
        }
    }
    let pack = packs::Pack::embedded().unwrap();
    let write = database.write(&By::system(now), "load").await.unwrap();
    roster::load(&write, &load).await.unwrap();
    let forms = itembank::load_pack(&write, &pack, &pack.campaigns[0]).await.unwrap();
    write.commit().await.unwrap();
    let form = forms[&("g4-mathematics".to_owned(), Language::Kk)];
    let test = |index: usize| NewTest {
        code: format!("test-{index}"),
        name: Localized::same(format!("Test {index}")),
        subject: format!("subject-{index}"),
        grade: 4,
        audience: None,
        held_on: Date::constant(2022, 11, 14),
        item_count: 20,
        minutes: 40,
        forms: vec![(Language::Kk, form)],
    };
    let new = NewCampaign {
        code: "measured".to_owned(),
        name: Localized::same("Measured"),
        school_year: 2022,
        opens_on: Date::constant(2022, 11, 14),
        closes_on: Date::constant(2022, 11, 18),
        zone: "Asia/Almaty".to_owned(),
        demonstration: true,
        source: Source::Import,
        absence_reasons: vec![],
        tests: (0..TESTS).map(test).collect(),
    };
    let system = Actor::system();
    let campaign = delivery::create_campaign(database, &system, now, &new).await.unwrap();
    let mut rng = <rand_chacha::ChaCha8Rng as rand_chacha::rand_core::SeedableRng>::seed_from_u64(1);
    delivery::prepare_sittings(database, &system, now, campaign, &mut rng).await.unwrap();
    sit(database, now, form).await;
    campaign
}

/// Writes the log of every attempt, as if pupils of all abilities had sat.
async fn sit(database: &Database, now: Timestamp, form: FormId) {
    let items = itembank::scoring_items(database, &Actor::system(), form).await.unwrap();
    let sql = "SELECT id, form_id, school_id, person_id FROM attempt ORDER BY id";
    let tickets: Vec<Ticket> = database.read().rows(sql, []).await.unwrap();
    let policy = Policy::default();
    let start = Instant::now();
    let write = database.write(&By::system(now), "sit").await.unwrap();
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for ticket in &tickets {
        let attempt = AttemptId(ticket.id);
        let mut state = AttemptState::default();
        let command = Command::Start(NewStart {
            seed: 1,
            form: FormId(ticket.form_id),
            items: items.iter().map(|item| item.item).collect(),
            minutes: 40,
            opens_at: 0,
            closes_at: i64::MAX,
        });
        let mut log = record(&mut state, attempt, &command, now, &policy).entries;
        for item in &items {
            // Any mixture will do that is the same every time.
            let mixed = (ticket.person_id.wrapping_mul(2_654_435_761) >> 12) ^ (item.position as i64 * 40_503);
            let option = if mixed % 5 < 3 {
                item.key.clone().unwrap()
            } else {
                ["A", "B", "C", "D"][(mixed & 3) as usize].to_owned()
            };
            let command = Command::Answer { item: item.item, response: Response::choice(option), key: None };
            log.extend(record(&mut state, attempt, &command, now, &policy).entries);
        }
        log.extend(record(&mut state, attempt, &Command::Finish, now, &policy).entries);
        for entry in log {
            rows.push(vec![
                number(ticket.id),
                number(entry.sequence),
                number(ticket.school_id),
                text(entry.kind),
                optional_number(entry.item),
                text(entry.payload),
                store::optional_text(entry.key),
                number(entry.at),
                bytes(entry.hash.0.to_vec()),
            ]);
        }
    }
    let columns = ["attempt_id", "sequence", "school_id", "kind", "item_id", "payload", "key", "at", "hash"];
    write.insert("answer_log", &columns, rows).await.unwrap();
    write.execute("UPDATE attempt SET state = 'finished', entries = 22", []).await.unwrap();
    write.commit().await.unwrap();
    say("attempts", tickets.len() as f64, "attempts");
    say("writing their logs", since(start), "s");
}
