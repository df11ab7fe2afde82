//! Organisations, classes and people.

use kernel::SchoolId;
use roster::PupilFilter;
use serde_json::{Value, json};

use super::{Export, ExportError, id, texts};

impl Export<'_> {
    pub(super) async fn roster(&mut self) -> Result<(), ExportError> {
        let tree = roster::org_tree(self.database).await?;
        let code = |school: SchoolId| tree.school(school).map_or(Value::Null, |unit| json!(unit.code));
        let mut table = self.begin(
            "org_units",
            &["code", "kind", "parent", "name_kk", "name_ru", "name_en", "settlement_kk", "settlement_ru", "languages"],
        )?;
        for unit in tree.all() {
            let parent = unit.parent.and_then(|parent| tree.get(parent));
            let languages: Vec<&str> = unit.languages.iter().map(|language| language.code()).collect();
            let ([kk, ru, en], [in_kk, in_ru, _]) = (texts(&unit.name), texts(&unit.settlement));
            let parent = parent.map_or(Value::Null, |parent| json!(parent.code));
            let row = [json!(unit.code), json!(unit.kind.code()), parent, kk, ru, en, in_kk, in_ru];
            self.row(&mut table, &[&row[..], &[json!(languages.join(" "))]].concat())?;
        }
        self.finish(table)?;

        let classes = roster::classes(self.database, &self.actor, None).await?;
        let mut table =
            self.begin("classes", &["class_id", "school", "school_year", "grade", "letter", "language", "pupils"])?;
        for class in &classes {
            let row = [
                id(class.id),
                code(class.school),
                json!(class.school_year),
                json!(class.grade),
                json!(class.letter),
                json!(class.language),
                json!(class.pupils),
            ];
            self.row(&mut table, &row)?;
        }
        self.finish(table)?;

        let filter = PupilFilter { limit: u32::MAX, ..PupilFilter::default() };
        let pupils = roster::pupils(self.database, &self.actor, &filter).await?;
        let columns =
            &["person_id", "family_name", "given_name", "patronymic", "sex", "school", "class_id", "in_class_since"];
        let mut table = self.begin("pupils", columns)?;
        for pupil in &pupils.rows {
            let (person, name) = (&pupil.person, &pupil.person.name);
            let row = [
                id(person.id),
                json!(name.family),
                json!(name.given),
                json!(name.patronymic),
                json!(person.sex.map(roster::Sex::code)),
                code(pupil.school),
                id(pupil.class),
                json!(pupil.since),
            ];
            self.row(&mut table, &row)?;
        }
        self.finish(table)?;

        let columns = &["person_id", "family_name", "given_name", "patronymic", "org_unit", "roles", "teaches"];
        let mut table = self.begin("staff", columns)?;
        for unit in tree.all() {
            for member in roster::staff(self.database, &self.actor, SchoolId(unit.id.0)).await? {
                let teaches = member.teachings.iter().map(|(class, subject)| match subject {
                    Some(subject) => format!("{class}:{subject}"),
                    None => class.to_string(),
                });
                let name = &member.person.name;
                let row = [
                    id(member.person.id),
                    json!(name.family),
                    json!(name.given),
                    json!(name.patronymic),
                    json!(unit.code),
                    json!(member.roles.join(" ")),
                    json!(teaches.collect::<Vec<_>>().join(" ")),
                ];
                self.row(&mut table, &row)?;
            }
        }
        self.finish(table)
    }
}
