//! The records behind a number.

use std::collections::BTreeMap;

use kernel::{Action, Actor, ClassId, PersonId, SchoolId, Timestamp};
use measures::definition::{ExclusionRule, Kind, Measure, Operand};
use measures::table::{At, Opens};
use measures::{Dimension, Exact, Keeps};
use store::sea_orm;
use store::{Database, FromQueryResult, Reading, Value, Where, number, text};

use crate::StatisticsError;
use crate::cubes::{Loaded, Statistics};
use crate::datasets::json;
use crate::definitions::Definitions;
use crate::model::{Origin, Record};
use crate::table::{Shown, shown_cell};

/// A part of the records behind a number.
#[derive(Debug, Clone)]
pub struct Records {
    /// Records, by id.
    pub rows: Vec<Record>,
    /// How many the reader may see.
    pub total: i64,
    /// Whether there may be others that the reader may not see.
    pub restricted: bool,
}

/// Facts that a measure counts, without those that its conditions leave out.
struct Alternative<'a> {
    operand: &'a Operand,
    only: Vec<&'a BTreeMap<String, Vec<String>>>,
    exclusions: &'a [ExclusionRule],
}

fn alternatives<'a>(
    definitions: &'a Definitions,
    measure: &'a Measure,
    only: &[&'a BTreeMap<String, Vec<String>>],
) -> Vec<Alternative<'a>> {
    let own = |operand: &'a Operand| Alternative { operand, only: only.to_vec(), exclusions: &measure.exclusions };
    let inner = |code: Option<&'a String>, more: &'a BTreeMap<String, Vec<String>>| {
        let mut only = only.to_vec();
        only.push(more);
        let measure = code.and_then(|code| definitions.catalogue.get(code));
        measure.map_or_else(Vec::new, |measure| alternatives(definitions, measure, &only))
    };
    match measure.kind {
        Kind::Count | Kind::Mean | Kind::Event => measure.of.iter().map(own).collect(),
        // A numerator of the same facts is a part of the denominator.
        Kind::Share | Kind::Ratio => {
            let same =
                measure.numerator.as_ref().map(|one| &one.facts) == measure.denominator.as_ref().map(|one| &one.facts);
            let numerator = measure.numerator.iter().filter(|_| !same);
            measure.denominator.iter().chain(numerator).map(own).collect()
        }
        Kind::Gap => {
            let other = measure.to.as_ref().or(measure.measure.as_ref());
            let mut both = inner(measure.measure.as_ref(), &measure.only);
            both.extend(inner(other, &measure.to_where));
            both
        }
        Kind::Change | Kind::Average | Kind::Rank | Kind::Status => inner(measure.measure.as_ref(), &measure.only),
    }
}

/// A condition with its values.
#[derive(Default)]
struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    fn is_one_of(column: &str, codes: &[String]) -> Self {
        if codes.is_empty() {
            return Self { text: "1 = 0".to_owned(), values: Vec::new() };
        }
        let marks = vec!["?"; codes.len()].join(", ");
        Self { text: format!("{column} IN ({marks})"), values: codes.iter().map(text).collect() }
    }

    /// Members are JSON with sorted keys: a member is the text of its key and value in it.
    fn has_member(dimension: &str, codes: &[String]) -> Self {
        let one = |code: &String| {
            let pair = serde_json::json!({ dimension: code }).to_string();
            let plain = pair.trim_matches(['{', '}']);
            text(format!("%{}%", plain.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")))
        };
        if codes.is_empty() {
            return Self { text: "1 = 0".to_owned(), values: Vec::new() };
        }
        let alternatives = vec!["fact.members LIKE ? ESCAPE '\\'"; codes.len()].join(" OR ");
        Self { text: format!("({alternatives})"), values: codes.iter().map(one).collect() }
    }

    fn join(parts: Vec<Self>, word: &str) -> Self {
        let text = parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(word);
        Self { text: format!("({text})"), values: parts.into_iter().flat_map(|part| part.values).collect() }
    }

    fn not(self) -> Self {
        Self { text: format!("NOT {}", self.text), values: self.values }
    }
}

/// Codes of members and of everything below them.
fn at_or_below(dimension: &Dimension, codes: &[String]) -> Vec<String> {
    let above: Vec<_> = codes.iter().filter_map(|code| dimension.member(code).ok()).collect();
    let within = |member: &u32| dimension.lineage(*member).any(|one| above.contains(&one));
    dimension.members().filter(within).map(|member| dimension.code_of(member).to_owned()).collect()
}

fn members(only: &BTreeMap<String, Vec<String>>) -> Vec<Sql> {
    only.iter().map(|(dimension, codes)| Sql::has_member(dimension, codes)).collect()
}

fn of_alternative(loaded: &Loaded, alternative: &Alternative<'_>, opens: &Opens) -> Sql {
    let (operand, schema) = (alternative.operand, &loaded.cube.schema);
    let mut all = vec![Sql { text: "fact.kind = ?".to_owned(), values: vec![text(&operand.facts)] }];
    let kind = loaded.cube.kind(&operand.facts).ok().and_then(|kind| loaded.cube.kind_info(kind));
    if let (Some(levels), Some(Keeps::Scale(scale))) = (&operand.levels, kind.map(|kind| &kind.keeps)) {
        let places = scale.iter().enumerate().filter(|(_, level)| levels.contains(&level.code));
        let places = places.map(|(place, _)| place.to_string()).collect::<Vec<_>>().join(", ");
        all.push(Sql { text: format!("fact.observation IN ({places})"), values: Vec::new() });
    }
    if let (Some((lowest, highest)), Some(Keeps::Numbers { decimals } | Keeps::Values { decimals })) =
        (operand.between, kind.map(|kind| &kind.keeps))
    {
        let units = |value: Exact| {
            let scaled = value.times(Exact::new(10_i128.pow(*decimals), 0)).ok();
            number(
                scaled.and_then(|scaled| scaled.rounded(0).to_whole()).and_then(|w| i64::try_from(w).ok()).unwrap_or(0),
            )
        };
        let values = vec![units(lowest), units(highest)];
        all.push(Sql { text: "fact.observation BETWEEN ? AND ?".to_owned(), values });
    }
    all.extend(members(&operand.only));
    all.extend(alternative.only.iter().flat_map(|only| members(only)));
    // Kinds that are states do not add up over periods: only the period itself is read.
    let periods = match kind {
        Some(kind) if kind.over_periods => at_or_below(&schema.period, &opens.periods),
        _ => opens.periods.clone(),
    };
    all.push(Sql::is_one_of("fact.period", &periods));
    for rule in alternative.exclusions {
        let mut left_out = members(&rule.only);
        if !rule.periods.is_empty() {
            let matching = schema.period.members().map(|member| schema.period.code_of(member).to_owned());
            let named = |code: &String| {
                rule.periods
                    .iter()
                    .any(|pattern| pattern.strip_prefix('*').map_or(pattern == code, |end| code.ends_with(end)))
            };
            left_out.push(Sql::is_one_of("fact.period", &matching.filter(named).collect::<Vec<_>>()));
        }
        if !rule.places.is_empty() {
            left_out.push(Sql::is_one_of("fact.place", &at_or_below(&schema.place, &rule.places)));
        }
        if !left_out.is_empty() {
            all.push(Sql::join(left_out, " AND ").not());
        }
    }
    Sql::join(all, " AND ")
}

#[derive(FromQueryResult)]
struct RecordRow {
    id: i64,
    kind: String,
    place: String,
    period: String,
    members: String,
    observation: i64,
    times: i64,
    origin: String,
    origin_id: i64,
    remark: String,
    school_id: Option<i64>,
    class_id: Option<i64>,
    person_id: Option<i64>,
    at: i64,
    family_name: Option<String>,
    given_name: Option<String>,
}

impl RecordRow {
    fn read(self) -> Result<Record, StatisticsError> {
        let person = match (self.family_name, self.given_name) {
            (Some(family), Some(given)) => Some(format!("{family} {given}")),
            _ => None,
        };
        Ok(Record {
            id: self.id,
            members: json("members of a fact", &self.members)?,
            kind: self.kind,
            place: self.place,
            period: self.period,
            observation: self.observation,
            times: i32::try_from(self.times).unwrap_or(i32::MAX),
            origin: Origin {
                kind: self.origin,
                id: self.origin_id,
                remark: self.remark,
                school: self.school_id.map(SchoolId),
                class: self.class_id.map(ClassId),
                person: self.person_id.map(PersonId),
            },
            person,
            at: Timestamp::from_millisecond(self.at).unwrap_or(Timestamp::UNIX_EPOCH),
        })
    }
}

impl Statistics {
    /// The records behind a cell that the table shows, as far as the actor may see results. `None` when the table has no
    /// such cell or hides it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn records(
        &self,
        database: &Database,
        actor: &Actor,
        shown: &Shown,
        at: At,
        page: u32,
        size: u32,
    ) -> Result<Option<Records>, StatisticsError> {
        let (Some(cell), Some(column)) = (shown_cell(&shown.table, at), shown.table.columns.get(at.1)) else {
            return Ok(None);
        };
        let Some(measure) = self.definitions().catalogue.get(&column.measure) else { return Ok(None) };
        let (loaded, opens) = (&shown.loaded, &cell.opens);
        let mut condition = Where::new();
        condition.and("fact.dataset_id = ?", [number(loaded.dataset.id.0)]);
        let places = Sql::is_one_of("fact.place", &at_or_below(&loaded.cube.schema.place, &opens.places));
        condition.and(&places.text, places.values);
        for (dimension, codes) in &opens.only {
            let member = Sql::has_member(dimension, codes);
            condition.and(&member.text, member.values);
        }
        let any = alternatives(self.definitions(), measure, &[]);
        let any = any.iter().map(|one| of_alternative(loaded, one, opens)).collect();
        let any = Sql::join(any, " OR ");
        condition.and(&any.text, any.values);
        let scope = access::scope(actor, Action::SeeResults);
        let restricted = !loaded.dataset.published && scope != kernel::Scope::Network;
        if restricted {
            let columns = (Some("fact.school_id"), Some("fact.class_id"), Some("fact.person_id"));
            access::restrict(&mut condition, &scope, columns.0, columns.1, columns.2);
        }
        let counted = format!("SELECT COUNT(*) FROM fact{}", condition.sql());
        let total = database.read().count(&counted, condition.values()).await?;
        let limit = condition.value(number(i64::from(size)));
        let offset = condition.value(number(i64::from(page.saturating_sub(1)) * i64::from(size)));
        let sql = format!(
            "SELECT fact.id, fact.kind, fact.place, fact.period, fact.members, fact.observation, fact.times, fact.origin,
                    fact.origin_id, fact.remark, fact.school_id, fact.class_id, fact.person_id, fact.at,
                    person.family_name, person.given_name
             FROM fact LEFT JOIN person ON person.id = fact.person_id{} ORDER BY fact.id LIMIT {limit} OFFSET {offset}",
            condition.sql()
        );
        let rows: Vec<RecordRow> = database.read().rows(&sql, condition.values()).await?;
        let rows = rows.into_iter().map(RecordRow::read).collect::<Result<_, _>>()?;
        Ok(Some(Records { rows, total, restricted }))
    }
}
