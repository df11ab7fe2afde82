//! Bringing in many organisations, classes and people at once: a pack, a demo network, an import.

use kernel::{ClassId, Date, Language, Localized, OrgUnitId, PersonId, Role, SchoolId};
use store::{StoreError, Value, Write, number, optional_number, optional_text, text};

use crate::model::{OrgUnitKind, PersonName, Sex};
use crate::names;

/// A node of the organisation tree to be made.
#[derive(Debug, Clone)]
pub struct NewOrgUnit {
    /// Id, from [`Write::next_id`].
    pub id: OrgUnitId,
    /// The node above.
    pub parent: Option<OrgUnitId>,
    /// What it is.
    pub kind: OrgUnitKind,
    /// Short word, unique in the network.
    pub code: String,
    /// Name.
    pub name: Localized,
    /// Name for tables and charts.
    pub short_name: Localized,
    /// Where it stands.
    pub settlement: Localized,
    /// Languages of instruction.
    pub languages: Vec<Language>,
}

/// A class to be made.
#[derive(Debug, Clone)]
pub struct NewClass {
    /// Id.
    pub id: ClassId,
    /// School.
    pub school: SchoolId,
    /// School year, named by the year in which it begins.
    pub school_year: i16,
    /// Grade.
    pub grade: u8,
    /// Letter.
    pub letter: String,
    /// Language of instruction.
    pub language: Language,
}

/// A person to be made.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// Id.
    pub id: PersonId,
    /// Name.
    pub name: PersonName,
    /// Sex.
    pub sex: Option<Sex>,
    /// Preferred language.
    pub language: Option<Language>,
}

/// A pupil's place in a class to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewEnrolment {
    /// School.
    pub school: SchoolId,
    /// Class.
    pub class: ClassId,
    /// Pupil.
    pub person: PersonId,
    /// Since when.
    pub from: Date,
}

/// A teacher's class to be made.
#[derive(Debug, Clone)]
pub struct NewTeaching {
    /// School.
    pub school: SchoolId,
    /// Class.
    pub class: ClassId,
    /// Teacher.
    pub person: PersonId,
    /// Subject's code; none: class teacher.
    pub subject: Option<String>,
}

/// A role to be given.
#[derive(Debug, Clone, Copy)]
pub struct NewAssignment {
    /// To whom.
    pub person: PersonId,
    /// Which.
    pub role: Role,
    /// Where.
    pub org_unit: OrgUnitId,
}

/// Everything that is brought in together.
#[derive(Debug, Clone, Default)]
pub struct RosterLoad {
    /// Nodes, each after the one above it.
    pub org_units: Vec<NewOrgUnit>,
    /// Classes.
    pub classes: Vec<NewClass>,
    /// People.
    pub people: Vec<NewPerson>,
    /// Pupils' places.
    pub enrolments: Vec<NewEnrolment>,
    /// Teachers' classes.
    pub teachings: Vec<NewTeaching>,
    /// Roles.
    pub assignments: Vec<NewAssignment>,
}

/// Writes everything as part of a write, with one audit record that counts it.
///
/// # Errors
/// [`StoreError::Conflict`] when a code or class is there already; [`StoreError::MissingReference`] when something names a
/// thing that is neither there nor in the load. Nothing is kept then.
pub async fn load(write: &Write, load: &RosterLoad) -> Result<(), StoreError> {
    let org_units = load.org_units.iter().map(org_unit_row);
    let columns = ["id", "parent_id", "kind", "code", "name", "short_name", "settlement", "languages"];
    write.insert("org_unit", &columns, org_units).await?;
    let classes = load.classes.iter().map(class_row);
    let columns = ["id", "school_id", "school_year", "grade", "letter", "language"];
    write.insert("school_class", &columns, classes).await?;
    let people = load.people.iter().map(person_row);
    let columns = ["id", "family_name", "given_name", "patronymic", "search_name", "sort_name", "sex", "language"];
    write.insert("person", &columns, people).await?;
    let enrolments = load.enrolments.iter().map(|enrolment| {
        let NewEnrolment { school, class, person, from } = enrolment;
        vec![number(write.next_id()), number(school.0), number(class.0), number(person.0), text(from.to_string())]
    });
    write.insert("enrolment", &["id", "school_id", "class_id", "person_id", "from_date"], enrolments).await?;
    let teachings = load.teachings.iter().map(|teaching| {
        let NewTeaching { school, class, person, subject } = teaching;
        let ids = [write.next_id(), school.0, class.0, person.0].map(number);
        ids.into_iter().chain([optional_text(subject.clone())]).collect()
    });
    write.insert("teaching", &["id", "school_id", "class_id", "person_id", "subject"], teachings).await?;
    let assignments = load.assignments.iter().map(|assignment| {
        let NewAssignment { person, role, org_unit } = assignment;
        vec![number(write.next_id()), number(person.0), text(role.code()), number(org_unit.0)]
    });
    write.insert("role_assignment", &["id", "person_id", "role", "org_unit_id"], assignments).await?;
    let counts = serde_json::json!({
        "org_units": load.org_units.len(), "classes": load.classes.len(), "people": load.people.len(),
        "enrolments": load.enrolments.len(), "teachings": load.teachings.len(), "assignments": load.assignments.len(),
    });
    write.record("roster", 0, None, counts);
    Ok(())
}

fn json_text(value: &Localized) -> Value {
    // A struct of three texts always becomes JSON.
    text(serde_json::to_string(value).unwrap_or_default())
}

fn org_unit_row(org_unit: &NewOrgUnit) -> Vec<Value> {
    let languages: Vec<&str> = org_unit.languages.iter().map(|language| language.code()).collect();
    vec![
        number(org_unit.id.0),
        optional_number(org_unit.parent.map(|parent| parent.0)),
        text(org_unit.kind.code()),
        text(&org_unit.code),
        json_text(&org_unit.name),
        json_text(&org_unit.short_name),
        json_text(&org_unit.settlement),
        text(languages.join(",")),
    ]
}

fn class_row(class: &NewClass) -> Vec<Value> {
    vec![
        number(class.id.0),
        number(class.school.0),
        number(i64::from(class.school_year)),
        number(i64::from(class.grade)),
        text(&class.letter),
        text(class.language.code()),
    ]
}

fn person_row(person: &NewPerson) -> Vec<Value> {
    let full = person.name.full();
    vec![
        number(person.id.0),
        text(&person.name.family),
        text(&person.name.given),
        text(&person.name.patronymic),
        text(names::folded(&full)),
        text(names::sort_key(&full)),
        optional_text(person.sex.map(|sex| sex.code().to_owned())),
        optional_text(person.language.map(|language| language.code().to_owned())),
    ]
}
