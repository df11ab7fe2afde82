//! The roster on whichever database the run is for.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use kernel::{Actor, ClassId, Language, Localized, OrgUnitId, PersonId, Role, SchoolId, Timestamp};
use roster::{
    NewAssignment, NewClass, NewEnrolment, NewOrgUnit, NewPerson, NewTeaching, OrgUnitKind, PersonName, PupilFilter,
    RosterLoad, actor_of, classes, load, org_tree, pupils, staff,
};
use store::{By, StoreError, testing};

fn noon() -> Timestamp {
    "2022-11-14T06:00:00Z".parse().unwrap()
}

fn org_unit(id: i64, parent: Option<i64>, kind: OrgUnitKind, code: &str) -> NewOrgUnit {
    NewOrgUnit {
        id: OrgUnitId(id),
        parent: parent.map(OrgUnitId),
        kind,
        code: code.to_owned(),
        name: Localized::same(code),
        short_name: Localized::same(code),
        settlement: Localized::default(),
        languages: vec![Language::Kk],
    }
}

fn person(id: i64, family: &str, given: &str) -> NewPerson {
    let name = PersonName { family: family.to_owned(), given: given.to_owned(), patronymic: String::new() };
    NewPerson { id: PersonId(id), name, sex: None, language: None }
}

fn class(id: i64, school: i64, letter: &str) -> NewClass {
    let (id, school, letter) = (ClassId(id), SchoolId(school), letter.to_owned());
    NewClass { id, school, school_year: 2022, grade: 4, letter, language: Language::Kk }
}

fn two_schools() -> RosterLoad {
    let from = "2022-09-01".parse().unwrap();
    let enrolment = |school, class, person| NewEnrolment {
        school: SchoolId(school),
        class: ClassId(class),
        person: PersonId(person),
        from,
    };
    RosterLoad {
        org_units: vec![
            org_unit(1, None, OrgUnitKind::Network, "network"),
            org_unit(2, Some(1), OrgUnitKind::Region, "akmola"),
            org_unit(3, Some(2), OrgUnitKind::School, "katarkol"),
            org_unit(4, Some(1), OrgUnitKind::School, "ertis"),
        ],
        classes: vec![class(11, 3, "А"), class(12, 3, "Ә"), class(13, 4, "А")],
        people: vec![
            person(21, "Әлібекова", "Айгүл"),
            person(22, "Ақанов", "Қуат"),
            person(23, "Бекова", "Дана"),
            person(24, "Иванов", "Пётр"),
            person(31, "Серікова", "Гүлнар"),
        ],
        enrolments: vec![enrolment(3, 11, 21), enrolment(3, 11, 22), enrolment(3, 12, 23), enrolment(4, 13, 24)],
        teachings: vec![NewTeaching {
            school: SchoolId(3),
            class: ClassId(11),
            person: PersonId(31),
            subject: Some("mathematics".to_owned()),
        }],
        assignments: vec![
            NewAssignment { person: PersonId(31), role: Role::Teacher, org_unit: OrgUnitId(3) },
            NewAssignment { person: PersonId(23), role: Role::Coordinator, org_unit: OrgUnitId(2) },
        ],
    }
}

#[tokio::test]
async fn everybody_sees_their_own_part_in_alphabetical_order() {
    let database = testing::database(roster::migrations()).await;
    let write = database.write(&By::system(noon()), "load").await.unwrap();
    load(&write, &two_schools()).await.unwrap();
    write.commit().await.unwrap();

    let filter = PupilFilter { limit: 10, ..PupilFilter::default() };
    let all = pupils(&database, &Actor::system(), &filter).await.unwrap();
    let names: Vec<&str> = all.rows.iter().map(|pupil| pupil.person.name.family.as_str()).collect();
    assert_eq!((all.total, names.as_slice()), (4, &["Ақанов", "Әлібекова", "Бекова", "Иванов"][..]));

    let teacher = actor_of(&database, PersonId(31)).await.unwrap().unwrap();
    let seen = pupils(&database, &teacher, &filter).await.unwrap();
    assert_eq!(seen.total, 2);
    assert_eq!(classes(&database, &teacher, None).await.unwrap().len(), 1);
    assert!(staff(&database, &teacher, SchoolId(3)).await.is_err(), "a teacher sees classes, not the school's staff");

    let coordinator = actor_of(&database, PersonId(23)).await.unwrap().unwrap();
    assert_eq!(pupils(&database, &coordinator, &filter).await.unwrap().total, 3, "the region's one school");
    assert_eq!(staff(&database, &coordinator, SchoolId(3)).await.unwrap().len(), 1);
    assert_eq!(pupils(&database, &Actor::nobody(), &filter).await.unwrap().total, 0);

    let search = PupilFilter { search: "алибек айгул".to_owned(), ..filter };
    assert_eq!(pupils(&database, &Actor::system(), &search).await.unwrap().total, 1);

    let tree = org_tree(&database).await.unwrap();
    assert_eq!(tree.schools_within(OrgUnitId(1)), [SchoolId(3), SchoolId(4)]);
    assert_eq!(tree.above(OrgUnitId(3), OrgUnitKind::Region).unwrap().code, "akmola");
    database.finish().await;
}

#[tokio::test]
async fn a_load_that_names_somebody_unknown_leaves_nothing() {
    let database = testing::database(roster::migrations()).await;
    let mut broken = two_schools();
    broken.enrolments[3].person = PersonId(999);
    let write = database.write(&By::system(noon()), "load").await.unwrap();
    let outcome = load(&write, &broken).await;
    assert!(matches!(outcome, Err(StoreError::MissingReference(_))), "{outcome:?}");
    drop(write);
    assert_eq!(org_tree(&database).await.unwrap().all().count(), 0);
    database.finish().await;
}
