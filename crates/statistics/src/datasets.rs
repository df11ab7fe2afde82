//! Data sets and their facts in the database: reading them, adding members, recording facts.

use kernel::Localized;
use measures::definition::Catalogue;
use measures::view::{Content, DeclaredDimension, schema};
use measures::{Cube, Fact};
use std::collections::BTreeMap;
use store::sea_orm;
use store::{Database, FromQueryResult, Reading, Value, Write, boolean, number, optional_number, text};

use crate::StatisticsError;
use crate::model::{Dataset, DatasetId, NewFact, extend};

#[derive(FromQueryResult)]
struct DatasetRow {
    id: i64,
    code: String,
    name: String,
    source: String,
    published: bool,
    version: i64,
    dimensions_version: i64,
}

const ALL: &str = "SELECT id, code, name, source, published, version, dimensions_version FROM dataset ORDER BY id";

pub(crate) fn json<T: serde::de::DeserializeOwned>(what: &'static str, stored: &str) -> Result<T, StatisticsError> {
    serde_json::from_str(stored).map_err(|error| StatisticsError::Stored { what, reason: error.to_string() })
}

pub(crate) fn json_text(value: &impl serde::Serialize) -> String {
    // Names, codes and numbers always become JSON.
    serde_json::to_string(value).unwrap_or_default()
}

impl DatasetRow {
    fn read(self) -> Result<Dataset, StatisticsError> {
        Ok(Dataset {
            id: DatasetId(self.id),
            name: json("name of a data set", &self.name)?,
            source: json("source of a data set", &self.source)?,
            code: self.code,
            published: self.published,
            version: self.version,
            dimensions_version: self.dimensions_version,
        })
    }
}

/// All data sets, the oldest first. Their names and sources are no secrets.
///
/// # Errors
/// What the database says.
pub async fn datasets(database: &Database) -> Result<Vec<Dataset>, StatisticsError> {
    let rows: Vec<DatasetRow> = database.read().rows(ALL, []).await?;
    rows.into_iter().map(DatasetRow::read).collect()
}

const FIND: &str = "SELECT id, code, name, source, published, version, dimensions_version FROM dataset WHERE code = $1";
const DIMENSIONS: &str = "SELECT dimensions FROM dataset WHERE id = $1";

pub(crate) async fn find(database: &Database, code: &str) -> Result<Option<Dataset>, StatisticsError> {
    let row: Option<DatasetRow> = database.read().row(FIND, [text(code)]).await?;
    row.map(DatasetRow::read).transpose()
}

pub(crate) async fn find_in(write: &Write, code: &str) -> Result<Option<Dataset>, StatisticsError> {
    let row: Option<DatasetRow> = write.row(FIND, [text(code)]).await?;
    row.map(DatasetRow::read).transpose()
}

#[derive(FromQueryResult)]
struct DimensionsRow {
    dimensions: String,
}

impl DimensionsRow {
    fn read(row: Option<Self>) -> Result<Vec<DeclaredDimension>, StatisticsError> {
        row.map_or_else(|| Ok(Vec::new()), |row| json("dimensions", &row.dimensions))
    }
}

pub(crate) async fn dimensions(database: &Database, id: DatasetId) -> Result<Vec<DeclaredDimension>, StatisticsError> {
    DimensionsRow::read(database.read().row(DIMENSIONS, [number(id.0)]).await?)
}

async fn dimensions_in(write: &Write, id: DatasetId) -> Result<Vec<DeclaredDimension>, StatisticsError> {
    DimensionsRow::read(write.row(DIMENSIONS, [number(id.0)]).await?)
}

/// Records facts of one data set, batch by batch, each in the write of the thing that it comes from.
#[derive(Debug)]
pub struct Recorder {
    /// The data set as it was when recording began.
    pub dataset: Dataset,
    checked: Cube,
}

impl Recorder {
    /// Makes the data set if it is not there, and adds members that its dimensions do not have yet.
    ///
    /// # Errors
    /// Members that do not fit the tree; what the database says.
    pub async fn begin(
        write: &Write,
        catalogue: &Catalogue,
        content: &Content,
        published: bool,
        more: &[DeclaredDimension],
    ) -> Result<Self, StatisticsError> {
        let (dataset, mut known) = match find_in(write, &content.dataset).await? {
            Some(dataset) => {
                let known = dimensions_in(write, dataset.id).await?;
                (dataset, known)
            }
            None => (make(write, content, published).await?, Vec::new()),
        };
        let added = [extend(&mut known, &content.dimensions), extend(&mut known, more)];
        let mut checked = Cube::new(schema(&known)?);
        catalogue.declare_facts(&mut checked)?;
        if added.contains(&true) {
            let sql = "UPDATE dataset SET dimensions = $1, dimensions_version = dimensions_version + 1 WHERE id = $2";
            write.execute(sql, [text(json_text(&known)), number(dataset.id.0)]).await?;
        }
        Ok(Self { dataset, checked })
    }

    /// The cube that facts are checked against: dimensions and kinds, no facts.
    pub fn checked(&self) -> &Cube {
        &self.checked
    }

    /// Records facts as part of a write, all or none. Gives the data set's new version.
    ///
    /// # Errors
    /// Unknown codes, observations that do not fit their kind; what the database says.
    pub async fn record(&self, write: &Write, facts: &[NewFact]) -> Result<i64, StatisticsError> {
        self.check(facts)?;
        // The row of the data set is locked until the commit, so versions become visible in their order.
        let id = self.dataset.id.0;
        write.execute("UPDATE dataset SET version = version + 1 WHERE id = $1", [number(id)]).await?;
        let version = write.count("SELECT version FROM dataset WHERE id = $1", [number(id)]).await?;
        let columns = [
            "id",
            "dataset_id",
            "version",
            "kind",
            "place",
            "period",
            "members",
            "observation",
            "times",
            "origin",
            "origin_id",
            "remark",
            "school_id",
            "class_id",
            "person_id",
            "at",
        ];
        let rows: Vec<Vec<Value>> = facts.iter().map(|fact| row(write, id, version, fact)).collect();
        write.insert("fact", &columns, rows).await?;
        Ok(version)
    }

    fn check(&self, facts: &[NewFact]) -> Result<(), StatisticsError> {
        let mut by_kind: BTreeMap<&str, Vec<Fact>> = BTreeMap::new();
        for fact in facts {
            let kind = self.checked.kind(&fact.kind)?;
            if let Some(info) = self.checked.kind_info(kind) {
                let fact = fact.to_fact(&self.checked.schema, info)?;
                by_kind.entry(&info.code).or_default().push(fact);
            }
        }
        for (kind, facts) in by_kind {
            self.checked.check(self.checked.kind(kind)?, &facts)?;
        }
        Ok(())
    }
}

async fn make(write: &Write, content: &Content, published: bool) -> Result<Dataset, StatisticsError> {
    let dataset = Dataset {
        id: DatasetId(write.next_id()),
        code: content.dataset.clone(),
        name: content.name.clone(),
        source: content.source.clone(),
        published,
        version: 0,
        dimensions_version: 0,
    };
    let localized = |text: &Localized| json_text(text);
    let values = vec![
        number(dataset.id.0),
        text(&dataset.code),
        text(localized(&dataset.name)),
        text(localized(&dataset.source)),
        boolean(published),
        text("[]"),
        number(0),
        number(0),
        number(write.now().as_millisecond()),
    ];
    let columns =
        ["id", "code", "name", "source", "published", "dimensions", "dimensions_version", "version", "created_at"];
    write.insert("dataset", &columns, [values]).await?;
    Ok(dataset)
}

fn row(write: &Write, dataset: i64, version: i64, fact: &NewFact) -> Vec<Value> {
    let origin = &fact.origin;
    vec![
        number(write.next_id()),
        number(dataset),
        number(version),
        text(&fact.kind),
        text(&fact.place),
        text(&fact.period),
        text(fact.members_text()),
        number(fact.observation),
        number(i64::from(fact.times)),
        text(&origin.kind),
        number(origin.id),
        text(&origin.remark),
        optional_number(origin.school.map(|school| school.0)),
        optional_number(origin.class.map(|class| class.0)),
        optional_number(origin.person.map(|person| person.0)),
        number(write.now().as_millisecond()),
    ]
}
