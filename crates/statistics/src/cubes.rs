//! Cells in memory: one cube per data set and node, made from the facts in the database and brought up to date by the
//! data set's version whenever somebody reads.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use measures::view::schema;
use measures::{Cube, Fact};
use store::sea_orm;
use store::{Database, FromQueryResult, Reading, number};
use tokio::sync::Mutex;

use crate::StatisticsError;
use crate::datasets::{dimensions, find, json};
use crate::definitions::Definitions;
use crate::model::{Dataset, NewFact, Origin, Used};

/// A data set with its cells.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The data set.
    pub dataset: Dataset,
    /// Its cells, at every level of the trees.
    pub cube: Cube,
    /// Kinds of facts that it holds.
    pub kinds: BTreeSet<String>,
    /// Members that occur.
    pub used: Used,
}

#[derive(Debug)]
struct Inner {
    definitions: Definitions,
    cubes: Mutex<BTreeMap<i64, Arc<Loaded>>>,
}

/// Everything that is done with statistics: definitions, and the cubes of this node. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Statistics(Arc<Inner>);

#[derive(FromQueryResult)]
struct FactRow {
    kind: String,
    place: String,
    period: String,
    members: String,
    observation: i64,
    times: i64,
}

impl Statistics {
    /// With the definitions of the pack inside the program.
    ///
    /// # Errors
    /// As [`Definitions::embedded`].
    pub fn embedded() -> Result<Self, StatisticsError> {
        Ok(Self::new(Definitions::embedded()?))
    }

    /// With these definitions.
    pub fn new(definitions: Definitions) -> Self {
        Self(Arc::new(Inner { definitions, cubes: Mutex::default() }))
    }

    /// The definitions.
    pub fn definitions(&self) -> &Definitions {
        &self.0.definitions
    }

    /// A data set with its cells as of now.
    ///
    /// # Errors
    /// [`StatisticsError::NoDataset`]; what the database says.
    pub async fn loaded(&self, database: &Database, code: &str) -> Result<Arc<Loaded>, StatisticsError> {
        let found = find(database, code).await?;
        let dataset = found.ok_or_else(|| StatisticsError::NoDataset(code.to_owned()))?;
        let mut cubes = self.0.cubes.lock().await;
        if let Some(loaded) = cubes.get(&dataset.id.0).filter(|loaded| loaded.dataset.version >= dataset.version) {
            return Ok(Arc::clone(loaded));
        }
        let known = cubes.remove(&dataset.id.0);
        // New members may need more room in the addresses: the cube is made again then.
        let known = known.filter(|loaded| loaded.dataset.dimensions_version == dataset.dimensions_version);
        let mut loaded = match known {
            Some(loaded) => Arc::unwrap_or_clone(loaded),
            None => self.empty(database, &dataset).await?,
        };
        let after = loaded.dataset.version;
        loaded.dataset = dataset.clone();
        loaded.add(database, after).await?;
        let loaded = Arc::new(loaded);
        cubes.insert(dataset.id.0, Arc::clone(&loaded));
        Ok(loaded)
    }

    async fn empty(&self, database: &Database, dataset: &Dataset) -> Result<Loaded, StatisticsError> {
        let mut cube = Cube::new(schema(&dimensions(database, dataset.id).await?)?);
        self.0.definitions.catalogue.declare_facts(&mut cube)?;
        let dataset = Dataset { version: 0, ..dataset.clone() };
        Ok(Loaded { dataset, cube, kinds: BTreeSet::new(), used: Used::new() })
    }
}

impl Loaded {
    /// Adds the facts after a version, up to the data set's.
    async fn add(&mut self, database: &Database, after: i64) -> Result<(), StatisticsError> {
        let sql = "SELECT kind, place, period, members, observation, times FROM fact
                   WHERE dataset_id = $1 AND version > $2 AND version <= $3";
        let values = [number(self.dataset.id.0), number(after), number(self.dataset.version)];
        let rows: Vec<FactRow> = database.read().rows(sql, values).await?;
        let mut by_kind: BTreeMap<String, Vec<Fact>> = BTreeMap::new();
        // Few members repeat often: each text is read once.
        let mut read: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for row in rows {
            if !read.contains_key(&row.members) {
                read.insert(row.members.clone(), json("members of a fact", &row.members)?);
            }
            let members = read.get(&row.members).cloned().unwrap_or_default();
            let (kind, times) = (row.kind, i32::try_from(row.times).unwrap_or(i32::MAX));
            let (place, period, observation) = (row.place, row.period, row.observation);
            let fact = NewFact { kind, place, period, members, observation, origin: Origin::default(), times };
            let info = self.cube.kind_info(self.cube.kind(&fact.kind)?);
            if let Some(info) = info {
                let known = fact.to_fact(&self.cube.schema, info)?;
                self.note(&fact);
                by_kind.entry(fact.kind).or_default().push(known);
            }
        }
        for (kind, facts) in by_kind {
            self.cube.record(self.cube.kind(&kind)?, &facts)?;
            self.kinds.insert(kind);
        }
        Ok(())
    }

    fn note(&mut self, fact: &NewFact) {
        let schema = &self.cube.schema;
        for (dimension, code) in [(&schema.place, &fact.place), (&schema.period, &fact.period)] {
            let used = self.used.entry(dimension.code.clone()).or_default();
            if !used.contains(code)
                && let Ok(member) = dimension.member(code)
            {
                used.extend(dimension.lineage(member).map(|above| dimension.code_of(above).to_owned()));
            }
        }
        for (dimension, code) in &fact.members {
            let used = self.used.entry(dimension.clone()).or_default();
            if !used.contains(code) {
                used.insert(code.clone());
            }
        }
    }
}
