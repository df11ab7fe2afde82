//! Types and rules, tested alone.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{ClassId, Localized, PersonId, SchoolId, Timestamp};
use measures::view::{Axis, DeclaredDimension, DeclaredMember, View};
use measures::{Cube, CubeError, DimensionError, Fact, FactKind, Keeps, Key, Member, Observation, Schema};

/// Id of a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DatasetId(pub i64);

/// Id of a kept view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ViewId(pub i64);

/// Facts with one set of dimensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// Id.
    pub id: DatasetId,
    /// Short word, unique.
    pub code: String,
    /// Name.
    pub name: Localized,
    /// Where the facts come from.
    pub source: Localized,
    /// Printed tables of others: no people behind them, everybody of the staff sees every record.
    pub published: bool,
    /// Rises with every batch of facts.
    pub version: i64,
    /// Rises when members are added.
    pub dimensions_version: i64,
}

/// Where a fact comes from, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Origin {
    /// Kind of thing: `attempt`, `term-mark`, `table`.
    pub kind: String,
    /// Its id; 0 for a cell of a table.
    pub id: i64,
    /// For a cell of a table: table, row, column.
    pub remark: String,
    /// School.
    pub school: Option<SchoolId>,
    /// Class.
    pub class: Option<ClassId>,
    /// Person.
    pub person: Option<PersonId>,
}

/// A fact by codes, as it is stored. Two facts of one origin that say the same are one fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NewFact {
    /// Kind of fact.
    pub kind: String,
    /// Place.
    pub place: String,
    /// Period.
    pub period: String,
    /// Members of flat dimensions.
    pub members: BTreeMap<String, String>,
    /// Position of the level, number in units of the kind's last decimal, or the person's number.
    pub observation: i64,
    /// Where it comes from.
    pub origin: Origin,
    /// How often; below 0 takes back.
    pub times: i32,
}

impl NewFact {
    /// Members as they are stored: JSON with sorted keys, so that equal members are equal texts.
    pub fn members_text(&self) -> String {
        // A map of texts always becomes JSON.
        serde_json::to_string(&self.members).unwrap_or_default()
    }

    /// The fact that takes this one back.
    #[must_use]
    pub fn taken_back(&self) -> Self {
        Self { times: -self.times, ..self.clone() }
    }

    /// As the cube takes it.
    ///
    /// # Errors
    /// Unknown codes.
    pub fn to_fact(&self, schema: &Schema, kind: &FactKind) -> Result<Fact, CubeError> {
        let (place, key) = address(schema, &self.place, &self.period, &self.members)?;
        Ok(Fact { place, key, observation: observation(kind, self.observation), times: self.times })
    }
}

/// Where a fact stands.
///
/// # Errors
/// Unknown codes.
pub fn address(
    schema: &Schema,
    place: &str,
    period: &str,
    members: &BTreeMap<String, String>,
) -> Result<(Member, Key), DimensionError> {
    let mut others = vec![0; schema.others.len()];
    for (dimension, code) in members {
        let other = schema.other(dimension)?;
        if let (Some(slot), Some(dimension)) = (others.get_mut(other), schema.others.get(other)) {
            *slot = dimension.member(code)?;
        }
    }
    Ok((schema.place.member(place)?, schema.key(schema.period.member(period)?, &others)))
}

/// What a stored number says in facts of a kind.
pub fn observation(kind: &FactKind, stored: i64) -> Observation {
    match kind.keeps {
        Keeps::Scale(_) => Observation::Level(u8::try_from(stored).unwrap_or(u8::MAX)),
        Keeps::Numbers { .. } | Keeps::Values { .. } => Observation::Value(stored),
        Keeps::People | Keeps::SketchedPeople => Observation::Person(stored),
    }
}

/// What must be written so that the facts of some origins become `wanted`: what is there and no longer true is taken back,
/// what is new is added. Nothing when nothing changed.
pub fn corrections(there: &[NewFact], wanted: &[NewFact]) -> Vec<NewFact> {
    fn plain(fact: &NewFact) -> NewFact {
        NewFact { times: 0, ..fact.clone() }
    }
    let mut difference: BTreeMap<NewFact, i32> = BTreeMap::new();
    for fact in wanted {
        *difference.entry(plain(fact)).or_default() += fact.times;
    }
    for fact in there {
        *difference.entry(plain(fact)).or_default() -= fact.times;
    }
    difference.into_iter().filter(|(_, times)| *times != 0).map(|(fact, times)| NewFact { times, ..fact }).collect()
}

/// Adds members and dimensions that are missing, at the end, so that numbers handed out before stay; says whether anything
/// was added. Names that changed are taken over.
pub fn extend(dimensions: &mut Vec<DeclaredDimension>, more: &[DeclaredDimension]) -> bool {
    let before = dimensions.clone();
    for wanted in more {
        let Some(known) = dimensions.iter_mut().find(|known| known.code == wanted.code) else {
            dimensions.push(wanted.clone());
            continue;
        };
        for member in &wanted.members {
            match known.members.iter_mut().find(|one| one.code == member.code) {
                Some(one) => one.name = member.name.clone(),
                None => known.members.push(member.clone()),
            }
        }
    }
    *dimensions != before
}

/// A member of a declared dimension.
pub fn member(code: impl Into<String>, name: Localized, parent: Option<String>, level: &str) -> DeclaredMember {
    DeclaredMember { code: code.into(), name, parent, level: level.to_owned() }
}

/// Members that occur in facts, with everything above them, by dimension.
pub type Used = BTreeMap<String, BTreeSet<String>>;

/// A view with everything said that it leaves open: members without facts are left out, the place is the root, the period
/// the last one that has facts.
#[must_use]
pub fn completed(view: &View, cube: &Cube, used: &Used) -> View {
    let schema = &cube.schema;
    let fill = |axis: &Axis| {
        let mut axis = axis.clone();
        if let (true, Ok(dimension)) = (axis.members.is_empty(), schema.dimension(&axis.dimension)) {
            let below = axis.below.as_ref().and_then(|code| dimension.member(code).ok());
            let occurs = |code: &str| used.get(&dimension.code).is_some_and(|codes| codes.contains(code));
            let found = dimension.members().filter(|member| {
                let Some(info) = dimension.info(*member) else { return false };
                axis.level.as_ref().is_none_or(|level| info.level == *level)
                    && below.is_none_or(|below| dimension.lineage(*member).any(|above| above == below))
                    && occurs(&info.code)
            });
            // An unknown place below which the lines were to stand stays for the error message.
            if axis.below.is_none() || below.is_some() {
                axis.members = found.map(|member| dimension.code_of(member).to_owned()).collect();
            }
        }
        axis
    };
    let mut view = View { rows: fill(&view.rows), columns: view.columns.as_ref().map(fill), ..view.clone() };
    let along =
        |code: &str| view.rows.dimension == code || view.columns.as_ref().is_some_and(|axis| axis.dimension == code);
    let (place_is_axis, period_is_axis) = (along(&schema.place.code), along(&schema.period.code));
    if view.place.is_empty() && !place_is_axis {
        let root = schema.place.members().find(|member| schema.place.parent(*member).is_none());
        view.place = root.map(|root| schema.place.code_of(root).to_owned()).into_iter().collect();
    }
    if view.period.is_empty() && !period_is_axis {
        let occurs = used.get(&schema.period.code);
        let last = schema
            .period
            .members()
            .filter(|member| occurs.is_some_and(|codes| codes.contains(schema.period.code_of(*member))));
        view.period = last.last().map(|last| schema.period.code_of(last).to_owned()).into_iter().collect();
    }
    view
}

/// A record behind a number, for those who may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Id of the fact.
    pub id: i64,
    /// Kind of fact.
    pub kind: String,
    /// Place.
    pub place: String,
    /// Period.
    pub period: String,
    /// Members of flat dimensions.
    pub members: BTreeMap<String, String>,
    /// What it says, in units of its kind.
    pub observation: i64,
    /// How often; below 0 takes back.
    pub times: i32,
    /// Where it comes from.
    pub origin: Origin,
    /// Name of the person, when there is one.
    pub person: Option<String>,
    /// When it was recorded.
    pub at: Timestamp,
}

/// A table that somebody keeps under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptView {
    /// Id.
    pub id: ViewId,
    /// Code of its data set.
    pub dataset: String,
    /// Who keeps it.
    pub owner: PersonId,
    /// The owner's name.
    pub owner_name: String,
    /// Name.
    pub name: String,
    /// Whether others of the staff see it in their lists.
    pub shared: bool,
    /// The view.
    pub view: View,
    /// When it was kept or changed last.
    pub changed_at: Timestamp,
    /// Deleted; only its owner still finds it, to take that back.
    pub deleted: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(observation: i64, origin: i64) -> NewFact {
        NewFact {
            kind: "points".to_owned(),
            place: "school".to_owned(),
            period: "2022".to_owned(),
            members: BTreeMap::from([("sex".to_owned(), "f".to_owned()), ("grade".to_owned(), "4".to_owned())]),
            observation,
            origin: Origin { kind: "attempt".to_owned(), id: origin, ..Origin::default() },
            times: 1,
        }
    }

    #[test]
    fn only_what_changed_is_written() {
        let there = [fact(16, 1), fact(18, 2), fact(12, 3)];
        assert_eq!(corrections(&there, &there), []);
        // The second attempt was scored anew, the third is gone, a fourth came.
        let wanted = [fact(16, 1), fact(17, 2), fact(20, 4)];
        let written = corrections(&there, &wanted);
        let mut plain: Vec<(i64, i64, i32)> = written.iter().map(|f| (f.origin.id, f.observation, f.times)).collect();
        plain.sort_unstable();
        assert_eq!(plain, [(2, 17, 1), (2, 18, -1), (3, 12, -1), (4, 20, 1)]);
        let all: Vec<NewFact> = there.iter().cloned().chain(written).collect();
        assert_eq!(corrections(&all, &wanted), []);
    }

    #[test]
    fn equal_members_are_equal_texts() {
        assert_eq!(fact(1, 1).members_text(), r#"{"grade":"4","sex":"f"}"#);
    }

    #[test]
    fn members_are_added_at_the_end() {
        let one = |codes: &[&str]| {
            let members = codes.iter().map(|code| member(*code, Localized::same(*code), None, "")).collect();
            DeclaredDimension { code: "grade".to_owned(), name: Localized::default(), members }
        };
        let mut dimensions = vec![one(&["4"])];
        assert!(extend(&mut dimensions, &[one(&["8", "4"])]));
        assert_eq!(dimensions, [one(&["4", "8"])]);
        assert!(!extend(&mut dimensions, &[one(&["8"])]));
    }
}
