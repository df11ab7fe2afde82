//! The organisation tree and classes.

use std::collections::BTreeMap;

use kernel::{Action, Actor, ClassId, Language, OrgUnitId, SchoolId};
use store::sea_orm;
use store::{Database, FromQueryResult, Reading, StoreError, Where, number};

use crate::model::{OrgUnit, OrgUnitKind, SchoolClass, languages, localized};

/// The whole tree, small enough to hold: 7,700 schools are a few megabytes.
#[derive(Debug, Clone, Default)]
pub struct OrgTree {
    nodes: BTreeMap<OrgUnitId, OrgUnit>,
    children: BTreeMap<OrgUnitId, Vec<OrgUnitId>>,
}

impl OrgTree {
    /// A node.
    pub fn get(&self, id: OrgUnitId) -> Option<&OrgUnit> {
        self.nodes.get(&id)
    }

    /// A school.
    pub fn school(&self, id: SchoolId) -> Option<&OrgUnit> {
        self.get(id.into())
    }

    /// All nodes, in the order of their ids.
    pub fn all(&self) -> impl Iterator<Item = &OrgUnit> {
        self.nodes.values()
    }

    /// All schools.
    pub fn schools(&self) -> impl Iterator<Item = &OrgUnit> {
        self.all().filter(|node| node.kind == OrgUnitKind::School)
    }

    /// Nodes right below one.
    pub fn children(&self, id: OrgUnitId) -> impl Iterator<Item = &OrgUnit> {
        self.children.get(&id).into_iter().flatten().filter_map(|child| self.get(*child))
    }

    /// The nearest node of a kind at or above one: the region of a school.
    pub fn above(&self, id: OrgUnitId, kind: OrgUnitKind) -> Option<&OrgUnit> {
        let mut node = self.get(id)?;
        // A tree is never deeper than its number of nodes; a broken parent chain ends here too.
        for _ in 0..=self.nodes.len() {
            if node.kind == kind {
                return Some(node);
            }
            node = self.get(node.parent?)?;
        }
        None
    }

    /// Schools at or below a node.
    pub fn schools_within(&self, id: OrgUnitId) -> Vec<SchoolId> {
        let (mut found, mut waiting) = (Vec::new(), vec![id]);
        while let Some(next) = waiting.pop() {
            if self.get(next).is_some_and(|node| node.kind == OrgUnitKind::School) {
                found.push(SchoolId(next.0));
            }
            waiting.extend(self.children.get(&next).into_iter().flatten());
        }
        found.sort_unstable();
        found
    }
}

#[derive(FromQueryResult)]
struct OrgUnitRow {
    id: i64,
    parent_id: Option<i64>,
    kind: String,
    code: String,
    name: String,
    short_name: String,
    settlement: String,
    languages: String,
}

/// The organisation tree. It holds no personal data, so everybody who is signed in may see it.
///
/// # Errors
/// What the database says.
pub async fn org_tree(database: &Database) -> Result<OrgTree, StoreError> {
    let rows: Vec<OrgUnitRow> = database.read().rows("SELECT * FROM org_unit ORDER BY id", []).await?;
    let mut tree = OrgTree::default();
    for row in rows {
        let Some(kind) = OrgUnitKind::from_code(&row.kind) else { continue };
        let id = OrgUnitId(row.id);
        let parent = row.parent_id.map(OrgUnitId);
        if let Some(parent) = parent {
            tree.children.entry(parent).or_default().push(id);
        }
        let (name, short_name, settlement) =
            (localized(&row.name), localized(&row.short_name), localized(&row.settlement));
        let languages = languages(&row.languages);
        tree.nodes.insert(id, OrgUnit { id, parent, kind, code: row.code, name, short_name, settlement, languages });
    }
    Ok(tree)
}

#[derive(FromQueryResult)]
struct ClassRow {
    id: i64,
    school_id: i64,
    school_year: i64,
    grade: i64,
    letter: String,
    language: String,
    pupils: i64,
}

impl From<ClassRow> for SchoolClass {
    fn from(row: ClassRow) -> Self {
        Self {
            id: ClassId(row.id),
            school: SchoolId(row.school_id),
            school_year: i16::try_from(row.school_year).unwrap_or_default(),
            grade: u8::try_from(row.grade).unwrap_or_default(),
            letter: row.letter,
            language: row.language.parse().unwrap_or(Language::Kk),
            pupils: row.pupils,
        }
    }
}

const CLASS_COLUMNS: &str = "SELECT school_class.*, (SELECT COUNT(*) FROM enrolment
    WHERE enrolment.class_id = school_class.id AND enrolment.to_date IS NULL) AS pupils FROM school_class";

/// The classes an actor may see, by school, grade and letter.
///
/// # Errors
/// What the database says.
pub async fn classes(
    database: &Database,
    actor: &Actor,
    school: Option<SchoolId>,
) -> Result<Vec<SchoolClass>, StoreError> {
    let mut condition = Where::new();
    if let Some(school) = school {
        condition.and("school_class.school_id = ?", [number(school.0)]);
    }
    let scope = access::scope(actor, Action::SeeRoster);
    access::restrict(&mut condition, &scope, Some("school_class.school_id"), Some("school_class.id"), None);
    let sql = format!("{CLASS_COLUMNS}{} ORDER BY school_id, school_year DESC, grade, letter", condition.sql());
    let rows: Vec<ClassRow> = database.read().rows(&sql, condition.values()).await?;
    Ok(rows.into_iter().map(SchoolClass::from).collect())
}

/// One class, whoever asks: for services that have authorised already.
///
/// # Errors
/// What the database says.
pub async fn class(database: &Database, id: ClassId) -> Result<Option<SchoolClass>, StoreError> {
    let sql = format!("{CLASS_COLUMNS} WHERE school_class.id = $1");
    let row: Option<ClassRow> = database.read().row(&sql, [number(id.0)]).await?;
    Ok(row.map(SchoolClass::from))
}
