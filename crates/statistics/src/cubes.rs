//! Cells in memory: one cube per data set and node, made from the facts in the database and brought up to date by the
//! data set's version whenever somebody reads.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use measures::view::schema;
use measures::{Cube, Fact, Key, Member};
use store::sea_orm;
use store::{Database, FromQueryResult, Reading, number};
use tokio::sync::Mutex;

use crate::StatisticsError;
use crate::datasets::{dimensions, find, json};
use crate::definitions::Definitions;
use crate::model::{Dataset, Used, address, observation};

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
    /// Members that occur in the facts of each kind.
    used_by_kind: BTreeMap<String, Used>,
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
        let (kinds, used, used_by_kind) = (BTreeSet::new(), Used::new(), BTreeMap::new());
        Ok(Loaded { dataset, cube, kinds, used, used_by_kind })
    }
}

impl Loaded {
    /// Adds the facts after a version, up to the data set's. The database adds up what says the same, so that what is read
    /// grows with the cells and not with the records.
    async fn add(&mut self, database: &Database, after: i64) -> Result<(), StatisticsError> {
        let sql = "SELECT kind, place, period, members, observation, CAST(SUM(times) AS bigint) AS times FROM fact
                   WHERE dataset_id = $1 AND version > $2 AND version <= $3
                   GROUP BY kind, place, period, members, observation HAVING SUM(times) <> 0";
        let values = [number(self.dataset.id.0), number(after), number(self.dataset.version)];
        let rows: Vec<FactRow> = database.read().rows(sql, values).await?;
        // Few addresses repeat often: each is found once.
        let mut addresses: BTreeMap<[String; 4], (Member, Key)> = BTreeMap::new();
        let mut by_kind: BTreeMap<String, Vec<Fact>> = BTreeMap::new();
        for row in rows {
            let address = [row.kind, row.place, row.period, row.members];
            let (place, key) = match addresses.get(&address) {
                Some(found) => *found,
                None => self.address(&address)?,
            };
            let [kind, ..] = &address;
            let Some(info) = self.cube.kind_info(self.cube.kind(kind)?) else { continue };
            let times = i32::try_from(row.times).unwrap_or(i32::MAX);
            let fact = Fact { place, key, observation: observation(info, row.observation), times };
            match by_kind.get_mut(kind) {
                Some(facts) => facts.push(fact),
                None => {
                    by_kind.insert(kind.clone(), vec![fact]);
                }
            }
            addresses.entry(address).or_insert((place, key));
        }
        for (kind, facts) in by_kind {
            self.cube.record(self.cube.kind(&kind)?, &facts)?;
            self.kinds.insert(kind);
        }
        Ok(())
    }

    /// Where facts of a kind, place, period and members stand. Notes that these occur.
    fn address(&mut self, [kind, place, period, members]: &[String; 4]) -> Result<(Member, Key), StatisticsError> {
        let members: BTreeMap<String, String> = json("members of a fact", members)?;
        let schema = &self.cube.schema;
        let found = address(schema, place, period, &members)?;
        let of_kind = self.used_by_kind.entry(kind.clone()).or_default();
        for (tree, member) in [(&schema.place, found.0), (&schema.period, schema.period_of(found.1))] {
            for used in [&mut self.used, &mut *of_kind] {
                let lineage = tree.lineage(member).map(|above| tree.code_of(above).to_owned());
                used.entry(tree.code.clone()).or_default().extend(lineage);
            }
        }
        for (dimension, code) in members {
            self.used.entry(dimension.clone()).or_default().insert(code.clone());
            of_kind.entry(dimension).or_default().insert(code);
        }
        Ok(found)
    }

    /// Members that occur in facts of any of these kinds.
    pub fn used_by(&self, kinds: &BTreeSet<String>) -> Used {
        let mut used = Used::new();
        for (dimension, codes) in kinds.iter().filter_map(|kind| self.used_by_kind.get(kind)).flatten() {
            used.entry(dimension.clone()).or_default().extend(codes.iter().cloned());
        }
        used
    }
}
