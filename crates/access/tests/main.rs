//! The rule table in both faces, sign-in, sessions and limits, on whichever database the run is for.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use access::{
    AccountError, NewAccount, Passwords, Reach, SessionOwner, Throttle, Token, can, create_account, end_all_sessions,
    find_session, list_sessions, password_hash, reach, restrict, scope, sign_in, start_session,
};
use kernel::{Action, Actor, Assignment, AttemptId, ClassId, OrgUnitId, PersonId, Place, Role, SchoolId, Timestamp};
use proptest::prelude::*;
use rand::SeedableRng;
use store::sea_orm;
use store::{By, Database, FromQueryResult, Reading, Where, number, testing};

fn noon() -> Timestamp {
    "2022-11-14T06:00:00Z".parse().unwrap()
}

fn later(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(noon().as_millisecond() + milliseconds).unwrap()
}

#[test]
fn the_rule_table_is_as_written_down() {
    let mut table = String::from("# role, action, reach: changes here are changes of policy and need a second look.\n");
    for role in Role::ALL {
        for action in Action::ALL {
            let reach = reach(role, action);
            if reach != Reach::Nothing {
                table.push_str(&[role.code(), &format!(" {action:?} {reach:?}\n")].concat());
            }
        }
    }
    let written = include_str!("rules.txt");
    assert_eq!(table, written, "policy.rs and tests/rules.txt differ");
}

fn assignment() -> impl Strategy<Value = Assignment> {
    let ids = || proptest::collection::vec(1..6_i64, 0..3);
    (0..5_usize, any::<bool>(), ids(), ids()).prop_map(|(role, whole, schools, classes)| {
        let role = Role::ALL[role];
        let whole_network = whole && matches!(role, Role::Administrator | Role::CentreSpecialist);
        Assignment {
            role,
            org_unit: OrgUnitId(1),
            whole_network,
            schools: if whole_network { vec![] } else { schools.into_iter().map(SchoolId).collect() },
            classes: classes.into_iter().map(ClassId).collect(),
        }
    })
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
}

#[test]
fn a_list_shows_exactly_what_single_pages_allow() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut all = store::migrations();
    all.push(store::Migration {
        name: "9001_thing",
        up: &["CREATE TABLE thing (id {id}, school_id bigint, class_id bigint, person_id bigint)"],
    });
    let database = runtime.block_on(async {
        let database = testing::database(all).await;
        let write = database.write(&By::system(noon()), "load").await.unwrap();
        let rows = (0..216).map(|n| vec![number(n + 1), number(n % 6), number(n / 6 % 6), number(n / 36)]);
        write.insert("thing", &["id", "school_id", "class_id", "person_id"], rows).await.unwrap();
        write.commit().await.unwrap();
        database
    });
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(60));
    let strategy =
        (proptest::collection::vec(assignment(), 0..3), 0..Action::ALL.len(), proptest::option::of(0..6_i64));
    runner
        .run(&strategy, |(assignments, action, person)| {
            let actor = Actor { assignments, person: person.map(PersonId), ..Actor::nobody() };
            let action = Action::ALL[action];
            let mut condition = Where::new();
            restrict(&mut condition, &scope(&actor, action), Some("school_id"), Some("class_id"), Some("person_id"));
            let sql = format!("SELECT id FROM thing{} ORDER BY id", condition.sql());
            let listed: Vec<Row> = runtime.block_on(database.read().rows(&sql, condition.values())).unwrap();
            let listed: Vec<i64> = listed.into_iter().map(|row| row.id).collect();
            let allowed: Vec<i64> = (0..216)
                .filter(|n| {
                    let place = Place {
                        school: Some(SchoolId(n % 6)),
                        class: Some(ClassId(n / 6 % 6)),
                        person: Some(PersonId(n / 36)),
                    };
                    can(&actor, action, &place)
                })
                .map(|n| n + 1)
                .collect();
            prop_assert_eq!(listed, allowed);
            Ok(())
        })
        .unwrap();
    runtime.block_on(database.finish());
}

async fn with_account(database: &Database) {
    let write = database.write(&By::system(noon()), "make account").await.unwrap();
    let hash = password_hash("correct horse battery").unwrap();
    let account = NewAccount { person: PersonId(5), login: "Aigul@School.kz", password_hash: &hash };
    create_account(&write, &account).await.unwrap();
    write.commit().await.unwrap();
}

#[tokio::test]
async fn signing_in_needs_the_password_and_stops_after_ten_tries() {
    let database = testing::database(access::migrations()).await;
    with_account(&database).await;
    let passwords = Passwords::default();
    let by = By::system(noon()).from_address(Some("10.0.0.9".to_owned()));
    let account = sign_in(&database, &passwords, &by, " aigul@school.KZ ", "correct horse battery").await.unwrap();
    assert_eq!(account.person, PersonId(5));
    for login in ["aigul@school.kz", "nobody"] {
        let refused = sign_in(&database, &passwords, &by, login, "wrong").await;
        assert!(matches!(refused, Err(AccountError::Wrong)), "{refused:?}");
    }
    let mut last = None;
    for _ in 0..10 {
        last = Some(sign_in(&database, &passwords, &by, "aigul@school.kz", "wrong").await);
    }
    assert!(matches!(last, Some(Err(AccountError::TooMany(_)))));
    // The right password does not help either until the time is over.
    assert!(sign_in(&database, &passwords, &by, "aigul@school.kz", "correct horse battery").await.is_err());
    let by = By { now: later(11 * 60_000), ..by };
    assert!(sign_in(&database, &passwords, &by, "aigul@school.kz", "correct horse battery").await.is_ok());
    database.finish().await;
}

#[tokio::test]
async fn sessions_end_when_idle_when_old_and_when_told() {
    let database = testing::database(access::migrations()).await;
    let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(1);
    let owner = SessionOwner::Staff { account: kernel::AccountId(3), person: PersonId(5) };
    let by = By::system(noon());
    let token = start_session(&database, &by, owner, None, &mut rng).await.unwrap();
    let other = start_session(&database, &by, owner, None, &mut rng).await.unwrap();
    let found = find_session(&database, &token, later(1_000)).await.unwrap().unwrap();
    assert_eq!(found.owner, owner);
    assert_ne!(found.id, token.as_str(), "the table does not hold the secret");
    assert!(find_session(&database, &Token::random(&mut rng), noon()).await.unwrap().is_none());
    assert!(find_session(&database, &token, later(13 * 3_600_000)).await.unwrap().is_none(), "idle");
    assert_eq!(list_sessions(&database, PersonId(5), noon()).await.unwrap().len(), 2);
    end_all_sessions(&database, &by, PersonId(5)).await.unwrap();
    assert!(find_session(&database, &other, later(2_000)).await.unwrap().is_none());

    let pupil = SessionOwner::Pupil { attempt: AttemptId(9), person: PersonId(6) };
    let token = start_session(&database, &by, pupil, None, &mut rng).await.unwrap();
    assert_eq!(find_session(&database, &token, later(1)).await.unwrap().unwrap().owner, pupil);
    assert!(find_session(&database, &token, later(7 * 3_600_000)).await.unwrap().is_none());
    database.finish().await;
}

#[tokio::test]
async fn a_limit_counts_within_its_window() {
    let database = testing::database(access::migrations()).await;
    let limit = Throttle { tries: 2, window: 1_000 };
    assert!(limit.take(&database, "x", noon()).await.is_ok());
    assert!(limit.take(&database, "x", noon()).await.is_ok());
    assert!(limit.take(&database, "x", later(500)).await.is_err());
    assert!(limit.take(&database, "y", later(500)).await.is_ok());
    assert!(limit.take(&database, "x", later(1_501)).await.is_ok());
    database.finish().await;
}
