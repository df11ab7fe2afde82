//! A network of two schools with a campaign whose results are written as they lie.

use kernel::{Actor, Assignment, CampaignId, Localized, OrgUnitId, PersonId, Role, SchoolId, Timestamp};
use measures::view::View;
use roster::{NewAssignment, NewClass, NewEnrolment, NewOrgUnit, NewPerson, OrgUnitKind, PersonName, RosterLoad, Sex};
use statistics::Statistics;
use store::testing::TestDatabase;
use store::{By, number, real, text};

pub const NETWORK: i64 = 1;
pub const SCHOOLS: [i64; 2] = [2, 3];
pub const CAMPAIGN: CampaignId = CampaignId(500);
/// Pupils of the first and of the second school; the second is below the minimum group of 10.
pub const PUPILS: [i64; 2] = [12, 4];

pub fn now() -> Timestamp {
    Timestamp::from_millisecond(1_668_400_000_000).unwrap()
}

pub fn actor(role: Role, person: i64, schools: &[i64], whole_network: bool) -> Actor {
    let schools: Vec<SchoolId> = schools.iter().map(|school| SchoolId(*school)).collect();
    let org_unit = OrgUnitId(schools.first().map_or(NETWORK, |school| school.0));
    let assignment = Assignment { role, org_unit, whole_network, schools, classes: vec![] };
    Actor { person: Some(PersonId(person)), assignments: vec![assignment], ..Actor::nobody() }
}

pub fn centre() -> Actor {
    actor(Role::CentreSpecialist, 10, &[], true)
}

pub fn coordinator(school: usize) -> Actor {
    actor(Role::Coordinator, 11 + school as i64, &[SCHOOLS[school]], false)
}

/// A pupil's number by school and place in it.
fn pupil(school: usize, place: i64) -> i64 {
    1000 + school as i64 * 100 + place
}

async fn roster(database: &TestDatabase) {
    let write = database.write(&By::system(now()), "load test").await.unwrap();
    let mut all = RosterLoad::default();
    let unit = |id, parent: Option<i64>, kind, name: &str| NewOrgUnit {
        id: OrgUnitId(id),
        parent: parent.map(OrgUnitId),
        kind,
        code: format!("unit-{id}"),
        name: Localized::same(name),
        short_name: Localized::same(name),
        settlement: Localized::default(),
        languages: vec![],
    };
    all.org_units.push(unit(NETWORK, None, OrgUnitKind::Network, "Желі"));
    for (place, school) in SCHOOLS.iter().enumerate() {
        all.org_units.push(unit(*school, Some(NETWORK), OrgUnitKind::School, "Мектеп"));
        let id = kernel::ClassId(20 + place as i64);
        let language = kernel::Language::Kk;
        let letter = "А".to_owned();
        all.classes.push(NewClass { id, school: SchoolId(*school), school_year: 2022, grade: 4, letter, language });
    }
    let person = |id: i64, sex| NewPerson {
        id: PersonId(id),
        name: PersonName { family: format!("Адам{id}"), given: "Бір".to_owned(), patronymic: String::new() },
        sex,
        language: None,
    };
    for staff in [10, 11, 12] {
        all.people.push(person(staff, None));
    }
    all.assignments.push(NewAssignment {
        person: PersonId(10),
        role: Role::CentreSpecialist,
        org_unit: OrgUnitId(NETWORK),
    });
    for (school, count) in PUPILS.iter().enumerate() {
        for place in 0..*count {
            let sex = if place % 2 == 0 { Sex::Female } else { Sex::Male };
            all.people.push(person(pupil(school, place), Some(sex)));
            all.enrolments.push(NewEnrolment {
                school: SchoolId(SCHOOLS[school]),
                class: kernel::ClassId(20 + school as i64),
                person: PersonId(pupil(school, place)),
                from: "2022-09-01".parse().unwrap(),
            });
        }
    }
    roster::load(&write, &all).await.unwrap();
    write.commit().await.unwrap();
}

/// Points of a pupil, of 20.
pub fn points(school: usize, place: i64) -> i64 {
    6 + (place * 3 + school as i64) % 14
}

/// Makes the network and the results of its campaign.
pub async fn network() -> TestDatabase {
    let database = store::testing::database(statistics::migrations()).await;
    roster(&database).await;
    let write = database.write(&By::system(now()), "load test").await.unwrap();
    let sql = "INSERT INTO campaign (id, code, name, school_year, opens_on, closes_on, zone, state, demonstration, source,
                                     absence_reasons, created_at)
               VALUES ($1, 'autumn', $2, 2022, '2022-11-14', '2022-11-18', 'Asia/Almaty', 'closed', $3, 'zerek', '[]', 0)";
    let name = serde_json::to_string(&Localized::same("Күз")).unwrap();
    write.execute(sql, [number(CAMPAIGN.0), text(&name), store::boolean(false)]).await.unwrap();
    let sql = "INSERT INTO test (id, campaign_id, code, name, subject, grade, held_on, item_count, minutes)
               VALUES (600, $1, 'm4', $2, 'mathematics', 4, '2022-11-14', 20, 40)";
    write.execute(sql, [number(CAMPAIGN.0), text(&name)]).await.unwrap();
    write.commit().await.unwrap();
    for (school, count) in PUPILS.iter().enumerate() {
        for place in 0..*count {
            result(&database, school, place, points(school, place)).await;
        }
    }
    database
}

/// Writes a result as scoring does, or writes it anew.
pub async fn result(database: &TestDatabase, school: usize, place: i64, points: i64) {
    let write = database.write(&By::system(now()), "load test").await.unwrap();
    // The tables of attempts are another room's; results refer to them.
    let attempt = pupil(school, place);
    let there = store::Reading::count(&*write, "SELECT COUNT(*) FROM attempt WHERE id = $1", [number(attempt)]).await;
    if there.unwrap() == 0 {
        attempt_row(&write, school, attempt).await;
    }
    write.execute("DELETE FROM result WHERE attempt_id = $1", [number(attempt)]).await.unwrap();
    let columns = [
        "attempt_id",
        "campaign_id",
        "test_id",
        "form_id",
        "school_id",
        "class_id",
        "person_id",
        "language",
        "correct",
        "incorrect",
        "skipped",
        "not_reached",
        "score",
        "max_score",
        "responses",
        "class_place",
        "class_count",
        "parallel_place",
        "parallel_count",
    ];
    let mut row: Vec<store::Value> =
        [attempt, CAMPAIGN.0, 600, 700, SCHOOLS[school], 20 + school as i64, attempt].map(number).into();
    row.push(text("kk"));
    row.extend([points, 20 - points, 0, 0].map(number));
    row.extend([points as f64, 20.0].map(real));
    row.push(text("[]"));
    row.extend([0, 0, 0, 0].map(number));
    write.insert("result", &columns, [row]).await.unwrap();
    write.commit().await.unwrap();
}

async fn attempt_row(write: &store::Write, school: usize, attempt: i64) {
    let school_id = SCHOOLS[school];
    let class = 20 + school as i64;
    if store::Reading::count(&**write, "SELECT COUNT(*) FROM form WHERE id = 700", []).await.unwrap() == 0 {
        let sql = "INSERT INTO form (id, code, name, subject, grade, language)
                   VALUES (700, 'm4-kk', '{}', 'mathematics', 4, 'kk')";
        write.execute(sql, []).await.unwrap();
    }
    let sitting = 800 + school as i64;
    let there = store::Reading::count(&**write, "SELECT COUNT(*) FROM sitting WHERE id = $1", [number(sitting)]).await;
    if there.unwrap() == 0 {
        let sql = "INSERT INTO sitting (id, campaign_id, test_id, form_id, school_id, class_id, opens_at, closes_at)
                   VALUES ($1, $2, 600, 700, $3, $4, 0, 1)";
        write.execute(sql, [number(sitting), number(CAMPAIGN.0), number(school_id), number(class)]).await.unwrap();
    }
    let sql =
        "INSERT INTO attempt (id, sitting_id, campaign_id, test_id, form_id, school_id, class_id, person_id, language,
                                    state, position, answered, skipped, late, reopened, entries)
               VALUES ($1, $2, $3, 600, 700, $4, $5, $1, 'kk', 'finished', 0, 0, 0, 0, 0, 0)";
    let values = [number(attempt), number(sitting), number(CAMPAIGN.0), number(school_id), number(class)];
    write.execute(sql, values).await.unwrap();
}

/// Makes the facts of the campaign.
pub async fn record(statistics: &Statistics, database: &TestDatabase) -> statistics::CampaignFacts {
    let nobody = monitoring::Watch::nobody();
    statistics::record_campaign(statistics, database, &centre(), now(), CAMPAIGN, &nobody).await.unwrap()
}

/// A ready table of the results.
pub fn view(statistics: &Statistics, code: &str) -> View {
    statistics.definitions().view(statistics::RESULTS, code).unwrap().clone()
}
