//! Types of the roster.

use kernel::{ClassId, Date, Language, Localized, OrgUnitId, PersonId, SchoolId};
use serde_json as json;

/// What a node of the organisation tree is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OrgUnitKind {
    /// The root.
    Network,
    /// A region of the country.
    Region,
    /// A district of a region.
    District,
    /// A school.
    School,
}

impl OrgUnitKind {
    /// Word in the table.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Region => "region",
            Self::District => "district",
            Self::School => "school",
        }
    }

    /// The kind with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Network, Self::Region, Self::District, Self::School].into_iter().find(|kind| kind.code() == code)
    }
}

/// A node of the organisation tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgUnit {
    /// Id. A school's id is its node's id.
    pub id: OrgUnitId,
    /// The node above; none for the root.
    pub parent: Option<OrgUnitId>,
    /// What it is.
    pub kind: OrgUnitKind,
    /// Short word that never changes: `akmola-katarkol`.
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

/// A class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolClass {
    /// Id.
    pub id: ClassId,
    /// School.
    pub school: SchoolId,
    /// School year, named by the year in which it begins.
    pub school_year: i16,
    /// 0 (pre-school) to 12.
    pub grade: u8,
    /// Letter: `А`, `Ә`, `B`.
    pub letter: String,
    /// Language of instruction.
    pub language: Language,
    /// Pupils enrolled now.
    pub pupils: i64,
}

impl SchoolClass {
    /// As people write it: `4 «Ә»`.
    pub fn label(&self) -> String {
        if self.letter.is_empty() { self.grade.to_string() } else { format!("{} «{}»", self.grade, self.letter) }
    }
}

/// Sex as recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

impl Sex {
    /// Letter in the table: `f` or `m`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Female => "f",
            Self::Male => "m",
        }
    }

    /// The sex with this letter.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "f" => Some(Self::Female),
            "m" => Some(Self::Male),
            _ => None,
        }
    }
}

/// A person's name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonName {
    /// Family name.
    pub family: String,
    /// Given name.
    pub given: String,
    /// Patronymic; may be empty.
    pub patronymic: String,
}

impl PersonName {
    /// Family name, given name, patronymic.
    pub fn full(&self) -> String {
        let parts = [&self.family, &self.given, &self.patronymic];
        parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Family name and given name: enough inside a class.
    pub fn short(&self) -> String {
        [self.family.as_str(), self.given.as_str()].join(" ").trim().to_owned()
    }
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Id.
    pub id: PersonId,
    /// Name.
    pub name: PersonName,
    /// Sex, when recorded.
    pub sex: Option<Sex>,
    /// Language the person prefers, when recorded.
    pub language: Option<Language>,
}

/// A pupil in a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pupil {
    /// The person.
    pub person: Person,
    /// School.
    pub school: SchoolId,
    /// Class.
    pub class: ClassId,
    /// Since when in the class.
    pub since: Date,
}

/// Somebody of a school's staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    /// The person.
    pub person: Person,
    /// Roles held at the school, by [`kernel::Role::code`].
    pub roles: Vec<String>,
    /// Classes taught, with the subject's code; no subject: class teacher.
    pub teachings: Vec<(ClassId, Option<String>)>,
}

/// Part of a long list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows of this part.
    pub rows: Vec<T>,
    /// Rows in all.
    pub total: i64,
}

pub(crate) fn localized(text: &str) -> Localized {
    json::from_str(text).unwrap_or_else(|_| Localized::same(text))
}

pub(crate) fn languages(text: &str) -> Vec<Language> {
    text.split(',').filter_map(|code| code.parse().ok()).collect()
}
