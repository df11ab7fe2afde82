//! Views kept under a name, and facts loaded from tables: data that travels as TOML or JSON, with codes instead of
//! numbers.

use crate::audit::Sheet;
use crate::cube::{Cube, CubeError, Fact, Keeps, Observation};
use crate::dimension::{Dimension, DimensionError, Member, Schema};
use crate::exact::Exact;
use crate::table::{Along, Beside, Line, Request};
use kernel::Localized;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A member of a declared dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredMember {
    /// Code.
    pub code: String,
    /// Name; the code when absent.
    #[serde(default)]
    pub name: Localized,
    /// Parent in a tree; it must come before.
    #[serde(default)]
    pub parent: Option<String>,
    /// Level in a tree.
    #[serde(default)]
    pub level: String,
}

/// A declared dimension. `place` and `period` are the trees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredDimension {
    /// Code.
    pub code: String,
    /// Name.
    #[serde(default)]
    pub name: Localized,
    /// Members.
    pub members: Vec<DeclaredMember>,
}

/// What runs along rows or columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    /// Dimension.
    pub dimension: String,
    /// Members; when empty, those of `level` at or below `below`, of the whole dimension where these are absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
    /// Level of a tree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Member of a tree that the level is taken below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<String>,
    /// Label of a total over the lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Localized>,
    /// Member that the total is read from; the lines together when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_of: Option<String>,
}

/// A table that somebody keeps under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// Code.
    pub code: String,
    /// Title.
    pub title: Localized,
    /// Rows.
    pub rows: Axis,
    /// Columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Axis>,
    /// Measures.
    pub measures: Vec<String>,
    /// Place when it runs along neither.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub place: Vec<String>,
    /// Period when it runs along neither.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub period: Vec<String>,
    /// Members of flat dimensions.
    #[serde(default, rename = "where", skip_serializing_if = "BTreeMap::is_empty")]
    pub only: BTreeMap<String, Vec<String>>,
    /// Show the other averages where they differ.
    #[serde(default)]
    pub both_averages: bool,
}

impl View {
    /// The request for these dimensions.
    ///
    /// # Errors
    /// A code that the dimensions do not have.
    pub fn request(&self, schema: &Schema) -> Result<Request, DimensionError> {
        let codes = |dimension: &Dimension, codes: &[String]| -> Result<Vec<Member>, DimensionError> {
            codes.iter().map(|code| dimension.member(code)).collect()
        };
        let only = self.only.iter().map(|(dimension, members)| {
            let other = schema.other(dimension)?;
            Ok((other, codes(schema.dimension(dimension)?, members)?))
        });
        Ok(Request {
            code: self.code.clone(),
            title: self.title.clone(),
            rows: self.rows.lines(schema)?,
            columns: self.columns.as_ref().map(|axis| axis.lines(schema)).transpose()?,
            measures: self.measures.clone(),
            place: codes(&schema.place, &self.place)?,
            period: codes(&schema.period, &self.period)?,
            only: only.collect::<Result<_, DimensionError>>()?,
            both_averages: self.both_averages,
            beside: Beside::default(),
        })
    }
}

impl View {
    /// What holds for the whole table, by dimension: its name, and the names of the members that the table is limited to
    /// ("Period: Quarter 2"). Codes that the dimensions do not have are left out; [`Self::request`] refuses them.
    pub fn scope(&self, schema: &Schema) -> Vec<(Localized, Localized)> {
        let runs = |code: &str| self.axes().any(|axis| axis.dimension == code);
        let year = self.periods_together(schema);
        let period = if runs(&schema.period.code) { &year } else { &self.period };
        let place = Some((schema.place.code.as_str(), &self.place)).filter(|(code, _)| !runs(code));
        let flat = self.only.iter().map(|(dimension, members)| (dimension.as_str(), members));
        let flat = flat.filter(|(code, _)| !runs(code));
        let limited = place.into_iter().chain([(schema.period.code.as_str(), period)]).chain(flat);
        limited
            .filter(|(_, members)| !members.is_empty())
            .filter_map(|(dimension, members)| {
                let dimension = schema.dimension(dimension).ok()?;
                // "Quarter 2" needs its year; a school is known without its network.
                let above = if dimension.code == schema.period.code { usize::MAX } else { 1 };
                let found = members.iter().filter_map(|code| dimension.member(code).ok());
                let lines: Vec<Vec<&Localized>> = found
                    .map(|member| dimension.lineage(member).take(above))
                    .map(|line| line.filter_map(|one| dimension.info(one)).map(|info| &info.name).collect())
                    .collect();
                let joined = |language| {
                    let names = lines.iter().flatten().map(|name| name.in_language(language));
                    names.collect::<Vec<_>>().join(", ")
                };
                let [kk, ru, en] = kernel::Language::ALL.map(joined);
                Some((dimension.name.clone(), Localized::new(kk, ru, en)))
            })
            .collect()
    }
}

impl View {
    fn axes(&self) -> impl Iterator<Item = &Axis> {
        [Some(&self.rows), self.columns.as_ref()].into_iter().flatten()
    }

    /// The period that all periods along the rows or columns are parts of: the year of its quarters.
    fn periods_together(&self, schema: &Schema) -> Vec<String> {
        let members = self.axes().filter(|axis| axis.dimension == schema.period.code).flat_map(|axis| &axis.members);
        let parents = members.map(|code| schema.period.parent(schema.period.member(code).ok()?));
        let parents: std::collections::BTreeSet<Option<Member>> = parents.collect();
        match parents.iter().collect::<Vec<_>>().as_slice() {
            [Some(parent)] => vec![schema.period.code_of(*parent).to_owned()],
            _ => Vec::new(),
        }
    }
}

impl Axis {
    fn lines(&self, schema: &Schema) -> Result<(Along, Vec<Line>), DimensionError> {
        let dimension = schema.dimension(&self.dimension)?;
        let along = if self.dimension == schema.place.code {
            Along::Place
        } else if self.dimension == schema.period.code {
            Along::Period
        } else {
            Along::Other(schema.other(&self.dimension)?)
        };
        let members: Vec<Member> = if self.members.is_empty() {
            let below = self.below.as_ref().map(|code| dimension.member(code)).transpose()?;
            let at_level = |member: &Member| {
                let level = dimension.info(*member).map(|info| &info.level);
                self.level.as_ref().is_none_or(|wanted| level == Some(wanted))
            };
            let within = |member: &Member| {
                below.is_none_or(|below| dimension.lineage(*member).any(|ancestor| ancestor == below))
            };
            dimension.members().filter(at_level).filter(within).collect()
        } else {
            self.members.iter().map(|code| dimension.member(code)).collect::<Result<_, _>>()?
        };
        let total = match (&self.total, &self.total_of) {
            (Some(label), Some(of)) => Some((label.clone(), vec![dimension.member(of)?])),
            (Some(label), None) => Some((label.clone(), members.clone())),
            (None, _) => None,
        };
        Ok((along, Line::of_members(schema, along, &members, total)))
    }
}

/// What a column of a table says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoadedColumn {
    /// Column.
    pub column: String,
    /// The number is how many stand at this level of the scale.
    #[serde(default)]
    pub level: Option<String>,
    /// The number is how many have this value.
    #[serde(default)]
    pub value: Option<Exact>,
    /// Members of flat dimensions that the column stands for. Without `level` and `value` the number itself is recorded.
    #[serde(default, rename = "where")]
    pub only: BTreeMap<String, String>,
}

/// How facts are read from a table; rows that are totals are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// Table.
    pub table: String,
    /// What the table is called where it was printed.
    #[serde(default)]
    pub title: Localized,
    /// Kind of fact.
    pub facts: String,
    /// Column that names the place.
    #[serde(default)]
    pub place_column: Option<String>,
    /// Place of all rows.
    #[serde(default)]
    pub place: Option<String>,
    /// Period of all rows.
    #[serde(default)]
    pub period: Option<String>,
    /// Column that names the period.
    #[serde(default)]
    pub period_column: Option<String>,
    /// Put before what that column says (`2023-2024-q` before `1`).
    #[serde(default)]
    pub period_prefix: String,
    /// What the table calls places → codes.
    #[serde(default)]
    pub aliases: BTreeMap<String, String>,
    /// Flat dimensions named by a column of the table.
    #[serde(default)]
    pub named: BTreeMap<String, String>,
    /// Members of flat dimensions for all rows.
    #[serde(default, rename = "where")]
    pub only: BTreeMap<String, String>,
    /// Columns with numbers. A column's `where` may also name the `period`.
    pub columns: Vec<LoadedColumn>,
}

/// What can go wrong when loading.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// Codes or facts.
    #[error("{table}, row {row}: {error}")]
    Fact {
        /// Table.
        table: String,
        /// Row, from 1; 0 for the whole table.
        row: usize,
        /// What is wrong.
        error: CubeError,
    },
    /// A column that is absent.
    #[error("{table}: no column \"{column}\"")]
    NoColumn {
        /// Table.
        table: String,
        /// Column.
        column: String,
    },
    /// Text where a number is needed.
    #[error("{table}, row {row}, column \"{column}\": \"{text}\" is not a number that this kind of fact can keep")]
    NotANumber {
        /// Table.
        table: String,
        /// Row, from 1.
        row: usize,
        /// Column.
        column: String,
        /// Text.
        text: String,
    },
}

/// Dimensions, loads and views of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Code of the data set that the facts go to and the views read.
    #[serde(default)]
    pub dataset: String,
    /// Its name.
    #[serde(default)]
    pub name: Localized,
    /// Where its facts come from.
    #[serde(default)]
    pub source: Localized,
    /// File with the outlines of its places (GeoJSON), for maps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geometry: Option<String>,
    /// Dimensions.
    #[serde(default, rename = "dimension")]
    pub dimensions: Vec<DeclaredDimension>,
    /// Loads.
    #[serde(default, rename = "load")]
    pub loads: Vec<Load>,
    /// Views.
    #[serde(default, rename = "view")]
    pub views: Vec<View>,
}

impl Content {
    /// Reads a file.
    ///
    /// # Errors
    /// What the TOML reader says, with the line.
    pub fn from_toml(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// The declared dimensions as a schema.
    ///
    /// # Errors
    /// As [`schema`].
    pub fn schema(&self) -> Result<Schema, DimensionError> {
        schema(&self.dimensions)
    }
}

/// Declared dimensions as a schema; `place` and `period` are the trees.
///
/// # Errors
/// Repeated members, unknown parents, or too many members.
pub fn schema(dimensions: &[DeclaredDimension]) -> Result<Schema, DimensionError> {
    let declared = |code: &str| dimensions.iter().find(|dimension| dimension.code == code);
    let build = |declared: &DeclaredDimension| -> Result<Dimension, DimensionError> {
        // Room for as many again, so that members can be added later.
        let bits = (declared.members.len() as u32 * 2 + 2).next_power_of_two().trailing_zeros();
        let mut dimension = Dimension::new(declared.code.clone(), declared.name.clone(), bits);
        for member in &declared.members {
            let parent = member.parent.as_ref().map(|parent| dimension.member(parent)).transpose()?;
            let unnamed = member.name == Localized::default();
            let name = if unnamed { Localized::same(member.code.clone()) } else { member.name.clone() };
            dimension.add(member.code.clone(), name, parent, &member.level)?;
        }
        Ok(dimension)
    };
    let tree =
        |code: &str| declared(code).ok_or_else(|| DimensionError::UnknownDimension(code.to_owned())).and_then(build);
    let others = dimensions.iter().filter(|one| !matches!(one.code.as_str(), "place" | "period")).map(build);
    Schema::new(tree("place")?, tree("period")?, others.collect::<Result<_, _>>()?)
}

/// A fact with the place in its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedFact {
    /// The fact.
    pub fact: Fact,
    /// Row, from 1 without the heading.
    pub row: usize,
    /// Column.
    pub column: String,
}

impl Load {
    /// Records the facts of a table.
    ///
    /// # Errors
    /// Unknown codes, absent columns, text instead of numbers; nothing is recorded then.
    pub fn record(&self, sheet: &Sheet, cube: &mut Cube) -> Result<usize, LoadError> {
        let wrong = |row: usize, error: CubeError| LoadError::Fact { table: self.table.clone(), row, error };
        let kind = cube.kind(&self.facts).map_err(|error| wrong(0, error))?;
        let facts: Vec<Fact> = self.facts(sheet, cube)?.into_iter().map(|loaded| loaded.fact).collect();
        cube.record(kind, &facts).map_err(|error| wrong(0, error))?;
        Ok(facts.len())
    }

    /// The facts of a table, each with the row and column that says it.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub fn facts(&self, sheet: &Sheet, cube: &Cube) -> Result<Vec<LoadedFact>, LoadError> {
        let wrong = |error: CubeError| LoadError::Fact { table: self.table.clone(), row: 0, error };
        let kind = cube.kind(&self.facts).map_err(wrong)?;
        let keeps = cube.kind_info(kind).map(|info| &info.keeps);
        let mut facts = Vec::new();
        for row in (0..sheet.rows.len()).filter(|row| !sheet.row_is_total(*row)) {
            for loaded in &self.columns {
                if let Some(fact) = self.fact(sheet, row, loaded, &cube.schema, keeps)? {
                    facts.push(LoadedFact { fact, row: row + 1, column: loaded.column.clone() });
                }
            }
        }
        Ok(facts)
    }

    fn column(&self, sheet: &Sheet, name: &str) -> Result<usize, LoadError> {
        let absent = || LoadError::NoColumn { table: self.table.clone(), column: name.to_owned() };
        sheet.column(name).ok_or_else(absent)
    }

    fn fact(
        &self,
        sheet: &Sheet,
        row: usize,
        loaded: &LoadedColumn,
        schema: &Schema,
        keeps: Option<&Keeps>,
    ) -> Result<Option<Fact>, LoadError> {
        let wrong = |error: DimensionError| LoadError::Fact {
            table: self.table.clone(),
            row: row + 1,
            error: CubeError::Dimension(error),
        };
        let entry = sheet.entry(row, self.column(sheet, &loaded.column)?);
        let Some(printed) = entry.number() else { return Ok(None) };
        let not_a_number = || LoadError::NotANumber {
            table: self.table.clone(),
            row: row + 1,
            column: loaded.column.clone(),
            text: entry.text().to_owned(),
        };
        let decimals = match keeps {
            Some(Keeps::Numbers { decimals } | Keeps::Values { decimals }) => *decimals,
            _ => 0,
        };
        let units = |value: Exact| {
            let scaled = value.times(Exact::new(10_i128.pow(decimals), 0)).ok().and_then(Exact::to_whole);
            scaled.and_then(|whole| i64::try_from(whole).ok()).ok_or_else(not_a_number)
        };
        let whole = || printed.value.to_whole().and_then(|whole| i32::try_from(whole).ok()).ok_or_else(not_a_number);
        let (observation, times) = match (&loaded.level, loaded.value, keeps) {
            (Some(level), _, Some(Keeps::Scale(levels))) => {
                let position =
                    levels.iter().position(|one| one.code == *level).and_then(|index| u8::try_from(index).ok());
                (Observation::Level(position.ok_or_else(not_a_number)?), whole()?)
            }
            (_, Some(value), _) => (Observation::Value(units(value)?), whole()?),
            _ => (Observation::Value(units(printed.value)?), 1),
        };
        let place = match (&self.place_column, &self.place) {
            (Some(column), _) => sheet.entry(row, self.column(sheet, column)?).text().to_owned(),
            (None, Some(place)) => place.clone(),
            (None, None) => String::new(),
        };
        let place = self.aliases.get(&place).cloned().unwrap_or(place);
        let period = match &self.period_column {
            Some(column) => format!("{}{}", self.period_prefix, sheet.entry(row, self.column(sheet, column)?).text()),
            None => loaded.only.get("period").or(self.period.as_ref()).cloned().unwrap_or_default(),
        };
        let mut members = vec![0; schema.others.len()];
        let fixed = self.only.iter().chain(&loaded.only).filter(|(dimension, _)| *dimension != "period");
        let mut given: Vec<(&String, String)> = fixed.map(|(dimension, code)| (dimension, code.clone())).collect();
        for (dimension, column) in &self.named {
            given.push((dimension, sheet.entry(row, self.column(sheet, column)?).text().to_owned()));
        }
        for (dimension, code) in given {
            let other = schema.other(dimension).map_err(wrong)?;
            let member = schema.dimension(dimension).and_then(|dimension| dimension.member(&code)).map_err(wrong)?;
            if let Some(slot) = members.get_mut(other) {
                *slot = member;
            }
        }
        let key = schema.key(schema.period.member(&period).map_err(wrong)?, &members);
        Ok(Some(Fact { place: schema.place.member(&place).map_err(wrong)?, key, observation, times }))
    }
}
