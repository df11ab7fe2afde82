//! People: pupils by class and name, staff by school.

use std::collections::BTreeMap;

use kernel::{Action, Actor, ClassId, Date, PersonId, SchoolId};
use store::sea_orm;
use store::{Database, FromQueryResult, Reading, StoreError, Where, number, text};

use crate::model::{Page, Person, PersonName, Pupil, Sex, StaffMember};
use crate::names;

#[derive(FromQueryResult)]
struct PersonRow {
    id: i64,
    family_name: String,
    given_name: String,
    patronymic: String,
    sex: Option<String>,
    language: Option<String>,
}

impl From<PersonRow> for Person {
    fn from(row: PersonRow) -> Self {
        Self {
            id: PersonId(row.id),
            name: PersonName { family: row.family_name, given: row.given_name, patronymic: row.patronymic },
            sex: row.sex.as_deref().and_then(Sex::from_code),
            language: row.language.and_then(|code| code.parse().ok()),
        }
    }
}

const PERSON_COLUMNS: &str =
    "person.id, person.family_name, person.given_name, person.patronymic, person.sex, person.language";

/// One person, whoever asks: for services that have authorised already.
///
/// # Errors
/// What the database says.
pub async fn person(database: &Database, id: PersonId) -> Result<Option<Person>, StoreError> {
    let sql = format!("SELECT {PERSON_COLUMNS} FROM person WHERE id = $1");
    let row: Option<PersonRow> = database.read().row(&sql, [number(id.0)]).await?;
    Ok(row.map(Person::from))
}

/// Which pupils.
#[derive(Debug, Clone, Default)]
pub struct PupilFilter {
    /// Only of this school.
    pub school: Option<SchoolId>,
    /// Only of this class.
    pub class: Option<ClassId>,
    /// Every word stands somewhere in the name.
    pub search: String,
    /// First row, from 0.
    pub offset: u32,
    /// How many rows.
    pub limit: u32,
}

#[derive(FromQueryResult)]
struct PupilRow {
    id: i64,
    family_name: String,
    given_name: String,
    patronymic: String,
    sex: Option<String>,
    language: Option<String>,
    school_id: i64,
    class_id: i64,
    from_date: String,
}

impl PupilRow {
    fn into_pupil(self) -> Pupil {
        let Self { id, family_name, given_name, patronymic, sex, language, school_id, class_id, from_date } = self;
        let person = PersonRow { id, family_name, given_name, patronymic, sex, language };
        Pupil {
            person: person.into(),
            school: SchoolId(school_id),
            class: ClassId(class_id),
            since: from_date.parse().unwrap_or(Date::ZERO),
        }
    }
}

/// The pupils an actor may see, in alphabetical order.
///
/// # Errors
/// What the database says.
pub async fn pupils(database: &Database, actor: &Actor, filter: &PupilFilter) -> Result<Page<Pupil>, StoreError> {
    let mut condition = Where::new();
    condition.and("enrolment.to_date IS NULL", []);
    if let Some(school) = filter.school {
        condition.and("enrolment.school_id = ?", [number(school.0)]);
    }
    if let Some(class) = filter.class {
        condition.and("enrolment.class_id = ?", [number(class.0)]);
    }
    for word in names::folded(&filter.search).split_whitespace() {
        let escaped = word.replace(['\\', '%', '_'], "");
        condition.and("person.search_name LIKE ?", [text(format!("%{escaped}%"))]);
    }
    let scope = access::scope(actor, Action::SeeRoster);
    let columns = (Some("enrolment.school_id"), Some("enrolment.class_id"), Some("enrolment.person_id"));
    access::restrict(&mut condition, &scope, columns.0, columns.1, columns.2);
    let from = format!("FROM enrolment JOIN person ON person.id = enrolment.person_id{}", condition.sql());
    let total = database.read().count(&format!("SELECT COUNT(*) {from}"), condition.values()).await?;
    let sql = format!(
        "SELECT {PERSON_COLUMNS}, enrolment.school_id, enrolment.class_id, enrolment.from_date {from}
         ORDER BY person.sort_name, person.id LIMIT {} OFFSET {}",
        filter.limit, filter.offset
    );
    let rows: Vec<PupilRow> = database.read().rows(&sql, condition.values()).await?;
    Ok(Page { rows: rows.into_iter().map(PupilRow::into_pupil).collect(), total })
}

#[derive(FromQueryResult)]
struct RoleRow {
    person_id: i64,
    role: String,
}

#[derive(FromQueryResult)]
struct TeachingRow {
    person_id: i64,
    class_id: i64,
    subject: Option<String>,
}

/// The staff of a school, in alphabetical order.
///
/// # Errors
/// [`crate::RosterError::Denied`] when the actor may not see the school's people.
pub async fn staff(
    database: &Database,
    actor: &Actor,
    school: SchoolId,
) -> Result<Vec<StaffMember>, crate::RosterError> {
    let place = kernel::Place { school: Some(school), ..kernel::Place::default() };
    access::authorise(actor, Action::SeeRoster, &place)?;
    let people: Vec<PersonRow> = database
        .read()
        .rows(
            &format!(
                "SELECT {PERSON_COLUMNS} FROM person WHERE id IN (
                    SELECT person_id FROM teaching WHERE school_id = $1
                    UNION SELECT person_id FROM role_assignment WHERE org_unit_id = $1)
                 ORDER BY sort_name, id"
            ),
            [number(school.0)],
        )
        .await?;
    let sql = "SELECT person_id, role FROM role_assignment WHERE org_unit_id = $1 ORDER BY role";
    let mut roles: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for row in database.read().rows::<RoleRow>(sql, [number(school.0)]).await? {
        roles.entry(row.person_id).or_default().push(row.role);
    }
    let sql = "SELECT person_id, class_id, subject FROM teaching WHERE school_id = $1 ORDER BY class_id, subject";
    let mut teachings: BTreeMap<i64, Vec<(ClassId, Option<String>)>> = BTreeMap::new();
    for row in database.read().rows::<TeachingRow>(sql, [number(school.0)]).await? {
        teachings.entry(row.person_id).or_default().push((ClassId(row.class_id), row.subject));
    }
    let member = |row: PersonRow| StaffMember {
        roles: roles.remove(&row.id).unwrap_or_default(),
        teachings: teachings.remove(&row.id).unwrap_or_default(),
        person: row.into(),
    };
    Ok(people.into_iter().map(member).collect())
}
