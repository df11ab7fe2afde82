//! Schools, classes, people and sign-ins of the demonstration network.

use std::collections::BTreeMap;

use access::NewAccount;
use kernel::{ClassId, Clock, Date, Language, Localized, OrgUnitId, PersonId, Role, SchoolId};
use packs::demo::Demo;
use packs::{Campaign, Pack, Text};
use roster::{
    NewAssignment, NewClass, NewEnrolment, NewOrgUnit, NewPerson, NewTeaching, OrgUnitKind, PersonName, RosterLoad, Sex,
};
use store::{By, Database, Write};

use super::{DemoError, PASSWORD};

/// Ids given to the demonstration's lists, in their order.
#[derive(Debug, Default)]
pub struct Ids {
    /// By index of the school.
    pub schools: Vec<SchoolId>,
    /// By index of the class.
    pub classes: Vec<ClassId>,
    /// By index of the pupil.
    pub pupils: Vec<PersonId>,
}

pub fn localized(text: &Text) -> Localized {
    Localized::new(&text.kk, &text.ru, &text.en)
}

fn language(code: &str) -> Language {
    code.parse().unwrap_or(Language::Kk)
}

fn person(id: PersonId, person: &packs::demo::Person, language: Option<Language>) -> NewPerson {
    let name = PersonName {
        family: person.family.clone(),
        given: person.given.clone(),
        patronymic: person.patronymic.clone(),
    };
    let sex = match person.sex {
        packs::demo::Sex::Female => Sex::Female,
        packs::demo::Sex::Male => Sex::Male,
    };
    NewPerson { id, name, sex: Some(sex), language }
}

/// Loads everybody and makes one sign-in per role, and one for each coordinator.
///
/// # Errors
/// [`DemoError`]; nothing is kept then.
pub async fn load(
    database: &Database,
    clock: &dyn Clock,
    pack: &Pack,
    campaign: &Campaign,
    demo: &Demo,
) -> Result<Ids, DemoError> {
    let hash = access::password_hash(PASSWORD).map_err(|_error| DemoError::Password)?;
    let write = database.write(&By::system(clock.now()), "load demonstration people").await?;
    let mut all = RosterLoad::default();
    let (root, mut ids) = organisation(&write, pack, &mut all);
    pupils(&write, campaign, demo, &mut all, &mut ids);
    let mut sign_ins = staff(&write, pack, demo, &mut all, &ids);
    for (login, role, family, given) in
        [("admin", Role::Administrator, "Әкімбаев", "Нұрлан"), ("centre", Role::CentreSpecialist, "Сапарова", "Әсел")]
    {
        let id = PersonId(write.next_id());
        let name = PersonName { family: family.to_owned(), given: given.to_owned(), patronymic: String::new() };
        all.people.push(NewPerson { id, name, sex: None, language: None });
        all.assignments.push(NewAssignment { person: id, role, org_unit: root });
        sign_ins.push((login.to_owned(), id));
    }
    roster::load(&write, &all).await?;
    for (login, person) in &sign_ins {
        access::create_account(&write, &NewAccount { person: *person, login, password_hash: &hash }).await?;
    }
    write.commit().await?;
    Ok(ids)
}

fn organisation(write: &Write, pack: &Pack, all: &mut RosterLoad) -> (OrgUnitId, Ids) {
    let mut by_code: BTreeMap<&str, OrgUnitId> = BTreeMap::new();
    let network = &pack.network;
    let root = OrgUnitId(write.next_id());
    let node = |id, parent, kind, code: &str, name: &Text, languages: &[String]| NewOrgUnit {
        id,
        parent,
        kind,
        code: code.to_owned(),
        name: localized(name),
        short_name: localized(name),
        settlement: Localized::default(),
        languages: languages.iter().map(|code| language(code)).collect(),
    };
    all.org_units.push(node(root, None, OrgUnitKind::Network, &network.code, &network.name, &[]));
    for region in &network.regions {
        let id = OrgUnitId(write.next_id());
        by_code.insert(&region.code, id);
        all.org_units.push(node(id, Some(root), OrgUnitKind::Region, &region.code, &region.name, &[]));
    }
    for district in &network.districts {
        let id = OrgUnitId(write.next_id());
        let parent = by_code.get(district.region.as_str()).copied();
        // A district may be called like its region; codes of nodes are unique in the network.
        let code = format!("{}/{}", district.region, district.code);
        by_code.insert(&district.code, id);
        all.org_units.push(node(id, parent, OrgUnitKind::District, &code, &district.name, &[]));
    }
    let mut ids = Ids::default();
    for school in &network.schools {
        let id = OrgUnitId(write.next_id());
        let parent = by_code.get(school.district.as_str()).copied();
        let code = format!("school/{}", school.code);
        let node = node(id, parent, OrgUnitKind::School, &code, &school.name, &school.languages);
        let (short_name, settlement) = (localized(&school.short_name), localized(&school.settlement));
        all.org_units.push(NewOrgUnit { short_name, settlement, ..node });
        ids.schools.push(SchoolId(id.0));
    }
    (root, ids)
}

fn pupils(write: &Write, campaign: &Campaign, demo: &Demo, all: &mut RosterLoad, ids: &mut Ids) {
    let school_year = i16::try_from(campaign.school_year).unwrap_or_default();
    for class in &demo.classes {
        let id = ClassId(write.next_id());
        all.classes.push(NewClass {
            id,
            school: ids.schools[class.school],
            school_year,
            grade: class.grade,
            letter: class.letter.clone(),
            language: language(&class.language),
        });
        ids.classes.push(id);
    }
    let from = Date::new(school_year, 9, 1).unwrap_or(Date::ZERO);
    for pupil in &demo.pupils {
        let id = PersonId(write.next_id());
        let class = &demo.classes[pupil.class];
        all.people.push(person(id, &pupil.person, Some(language(&class.language))));
        all.enrolments.push(NewEnrolment {
            school: ids.schools[class.school],
            class: ids.classes[pupil.class],
            person: id,
            from,
        });
        ids.pupils.push(id);
    }
}

/// Teachers and coordinators; gives the logins to be made: `coordinator-NN` and `teacher-NN` by the school's number, the first
/// of them also without a number.
fn staff(write: &Write, pack: &Pack, demo: &Demo, all: &mut RosterLoad, ids: &Ids) -> Vec<(String, PersonId)> {
    let mut sign_ins = Vec::new();
    let mut teachers = Vec::with_capacity(demo.teachers.len());
    for teacher in &demo.teachers {
        let id = PersonId(write.next_id());
        all.people.push(person(id, &teacher.person, None));
        let org_unit = ids.schools[teacher.school].into();
        all.assignments.push(NewAssignment { person: id, role: Role::Teacher, org_unit });
        teachers.push(id);
    }
    for (index, class) in demo.classes.iter().enumerate() {
        all.teachings.push(NewTeaching {
            school: ids.schools[class.school],
            class: ids.classes[index],
            person: teachers[class.class_teacher],
            subject: None,
        });
        let school = &pack.network.schools[class.school];
        let login = format!("teacher-{:02}", school.number);
        if !sign_ins.iter().any(|(known, _)| *known == login) {
            sign_ins.push((login, teachers[class.class_teacher]));
        }
    }
    for lesson in &demo.lessons {
        let class = &demo.classes[lesson.class];
        all.teachings.push(NewTeaching {
            school: ids.schools[class.school],
            class: ids.classes[lesson.class],
            person: teachers[lesson.teacher],
            subject: Some(pack.subjects[lesson.subject].code.clone()),
        });
    }
    for coordinator in &demo.coordinators {
        let id = PersonId(write.next_id());
        all.people.push(person(id, &coordinator.person, None));
        let org_unit = ids.schools[coordinator.school].into();
        all.assignments.push(NewAssignment { person: id, role: Role::Coordinator, org_unit });
        sign_ins.push((format!("coordinator-{:02}", pack.network.schools[coordinator.school].number), id));
    }
    sign_ins
}
