//! Loading the content of the pack: printed tables as facts, with the cell of the table as their origin.

use kernel::{Action, Actor, Place, Timestamp};
use measures::Observation;
use measures::view::{Content, Load};
use std::collections::BTreeMap;
use store::{By, Database};

use crate::datasets::{Recorder, find};
use crate::definitions::Definitions;
use crate::model::{NewFact, Origin};
use crate::{Statistics, StatisticsError};

/// Loads the tables of a content file that are not in the database yet; gives the number of facts.
///
/// # Errors
/// [`StatisticsError::Denied`] unless the actor brings in results for the whole network; tables that do not fit their
/// dimensions; nothing is kept then.
pub async fn load_content(
    statistics: &Statistics,
    database: &Database,
    actor: &Actor,
    now: Timestamp,
    content: &Content,
) -> Result<usize, StatisticsError> {
    access::authorise(actor, Action::ImportResults, &Place::default())?;
    if find(database, &content.dataset).await?.is_some() {
        return Ok(0);
    }
    let write = database.write(&By::actor(actor, now), "load content").await?;
    let recorder = Recorder::begin(&write, &statistics.definitions().catalogue, content, true, &[]).await?;
    let mut facts = Vec::new();
    for load in &content.loads {
        facts.extend(facts_of(&recorder, load)?);
    }
    recorder.record(&write, &facts).await?;
    let detail = serde_json::json!({ "dataset": content.dataset, "facts": facts.len() });
    write.record("dataset", recorder.dataset.id.0, None, detail);
    write.commit().await?;
    Ok(facts.len())
}

fn facts_of(recorder: &Recorder, load: &Load) -> Result<Vec<NewFact>, StatisticsError> {
    let cube = recorder.checked();
    let schema = &cube.schema;
    let loaded = load.facts(&Definitions::table(&load.table)?, cube)?;
    let fact = |loaded: measures::view::LoadedFact| {
        let key = loaded.fact.key;
        let others = schema.others.iter().enumerate();
        let members: BTreeMap<String, String> = others
            .map(|(place, dimension)| {
                (dimension.code.clone(), dimension.code_of(schema.member_of(key, place)).to_owned())
            })
            .filter(|(_, code)| !code.is_empty())
            .collect();
        NewFact {
            kind: load.facts.clone(),
            place: schema.place.code_of(loaded.fact.place).to_owned(),
            period: schema.period.code_of(schema.period_of(key)).to_owned(),
            members,
            observation: match loaded.fact.observation {
                Observation::Level(level) => i64::from(level),
                Observation::Value(value) | Observation::Person(value) => value,
            },
            origin: Origin {
                kind: "table".to_owned(),
                remark: format!("{} · {} · {}", load.table, loaded.row, loaded.column),
                ..Origin::default()
            },
            times: loaded.fact.times,
        }
    };
    Ok(loaded.into_iter().map(fact).collect())
}
