//! Who a signed-in person is, in the eyes of the rules.

use kernel::{Actor, Assignment, ClassId, OrgUnitId, PersonId, Role, SchoolId};
use store::sea_orm;
use store::{Database, FromQueryResult, Reading, StoreError, number};

use crate::model::OrgUnitKind;

#[derive(FromQueryResult)]
struct AssignmentRow {
    role: String,
    org_unit_id: i64,
    kind: String,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

/// The actor that a person is: all roles with the schools they cover and, for a teacher, the classes taught.
///
/// # Errors
/// What the database says.
pub async fn actor_of(database: &Database, id: PersonId) -> Result<Option<Actor>, StoreError> {
    let Some(person) = crate::person(database, id).await? else { return Ok(None) };
    let rows: Vec<AssignmentRow> = database
        .read()
        .rows(
            "SELECT role_assignment.role, role_assignment.org_unit_id, org_unit.kind FROM role_assignment
             JOIN org_unit ON org_unit.id = role_assignment.org_unit_id
             WHERE role_assignment.person_id = $1 ORDER BY role_assignment.id",
            [number(id.0)],
        )
        .await?;
    let mut assignments = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(role) = Role::from_code(&row.role) else { continue };
        let org_unit = OrgUnitId(row.org_unit_id);
        let whole_network = row.kind == OrgUnitKind::Network.code();
        let schools = if whole_network { Vec::new() } else { schools_within(database, org_unit).await? };
        let classes = if role == Role::Teacher { classes_taught(database, id).await? } else { Vec::new() };
        assignments.push(Assignment { role, org_unit, whole_network, schools, classes });
    }
    Ok(Some(Actor {
        person: Some(id),
        name: person.name.full(),
        language: person.language,
        assignments,
        attempt: None,
        system: false,
    }))
}

async fn schools_within(database: &Database, node: OrgUnitId) -> Result<Vec<SchoolId>, StoreError> {
    let rows: Vec<IdRow> = database
        .read()
        .rows(
            "WITH RECURSIVE within (id, kind) AS (
                SELECT id, kind FROM org_unit WHERE id = $1
                UNION ALL
                SELECT org_unit.id, org_unit.kind FROM org_unit JOIN within ON org_unit.parent_id = within.id
             ) SELECT id FROM within WHERE kind = 'school' ORDER BY id",
            [number(node.0)],
        )
        .await?;
    Ok(rows.into_iter().map(|row| SchoolId(row.id)).collect())
}

async fn classes_taught(database: &Database, person: PersonId) -> Result<Vec<ClassId>, StoreError> {
    let sql = "SELECT DISTINCT class_id AS id FROM teaching WHERE person_id = $1 ORDER BY class_id";
    let rows: Vec<IdRow> = database.read().rows(sql, [number(person.0)]).await?;
    Ok(rows.into_iter().map(|row| ClassId(row.id)).collect())
}
