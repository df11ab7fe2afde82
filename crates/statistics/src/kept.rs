//! Views that people keep under a name.

use kernel::{Action, Actor, PersonId, Timestamp};
use measures::view::View;
use store::sea_orm;
use store::{By, Database, FromQueryResult, Reading, Where, Write, boolean, number, optional_number, text};

use crate::StatisticsError;
use crate::datasets::{find_in, json, json_text};
use crate::model::{KeptView, ViewId};
use crate::table::Reader;

/// The most characters of a name.
pub const NAME_MOST: usize = 120;

#[derive(FromQueryResult)]
struct KeptRow {
    id: i64,
    dataset: String,
    owner_id: i64,
    family_name: String,
    given_name: String,
    name: String,
    shared: bool,
    view: String,
    changed_at: i64,
    deleted_at: Option<i64>,
}

const SELECT: &str = "SELECT kept_view.id, dataset.code AS dataset, kept_view.owner_id, person.family_name,
                             person.given_name, kept_view.name, kept_view.shared, kept_view.view, kept_view.changed_at,
                             kept_view.deleted_at
                      FROM kept_view JOIN dataset ON dataset.id = kept_view.dataset_id
                           JOIN person ON person.id = kept_view.owner_id";

impl KeptRow {
    fn read(self) -> Result<KeptView, StatisticsError> {
        Ok(KeptView {
            id: ViewId(self.id),
            dataset: self.dataset,
            owner: PersonId(self.owner_id),
            owner_name: format!("{} {}", self.family_name, self.given_name),
            name: self.name,
            shared: self.shared,
            view: json("view", &self.view)?,
            changed_at: Timestamp::from_millisecond(self.changed_at).unwrap_or(Timestamp::UNIX_EPOCH),
            deleted: self.deleted_at.is_some(),
        })
    }
}

/// Kept views that an actor sees: the own ones and those that others share; by name, one part of the list, and how many
/// there are in all.
///
/// # Errors
/// [`StatisticsError::Denied`] for those who see no results; what the database says.
pub async fn kept_views(
    database: &Database,
    actor: &Actor,
    search: &str,
    page: u32,
    size: u32,
) -> Result<(Vec<KeptView>, i64), StatisticsError> {
    Reader::of(actor)?;
    let mut condition = Where::new();
    condition.and("kept_view.deleted_at IS NULL", []);
    let owner = optional_number(actor.person.map(|person| person.0));
    condition.and("(kept_view.owner_id = ? OR kept_view.shared = ?)", [owner, boolean(true)]);
    if !search.trim().is_empty() {
        let folded = roster::names::folded(search).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        condition.and("kept_view.search_name LIKE ? ESCAPE '\\'", [text(format!("%{folded}%"))]);
    }
    let counted = format!("SELECT COUNT(*) FROM kept_view{}", condition.sql());
    let total = database.read().count(&counted, condition.values()).await?;
    let limit = condition.value(number(i64::from(size)));
    let offset = condition.value(number(i64::from(page.saturating_sub(1)) * i64::from(size)));
    let sql = format!(
        "{SELECT}{} ORDER BY kept_view.search_name, kept_view.id LIMIT {limit} OFFSET {offset}",
        condition.sql()
    );
    let rows: Vec<KeptRow> = database.read().rows(&sql, condition.values()).await?;
    Ok((rows.into_iter().map(KeptRow::read).collect::<Result<_, _>>()?, total))
}

/// One kept view: the own one, also when it is deleted, or one that its owner shares.
///
/// # Errors
/// [`StatisticsError::Denied`] for those who see no results; what the database says.
pub async fn kept_view(database: &Database, actor: &Actor, id: ViewId) -> Result<Option<KeptView>, StatisticsError> {
    Reader::of(actor)?;
    let row: Option<KeptRow> =
        database.read().row(&format!("{SELECT} WHERE kept_view.id = $1"), [number(id.0)]).await?;
    let view = row.map(KeptRow::read).transpose()?;
    Ok(view.filter(|view| Some(view.owner) == actor.person || (view.shared && !view.deleted)))
}

fn name(given: &str) -> Result<&str, StatisticsError> {
    let name = given.trim();
    let fits = (1..=NAME_MOST).contains(&name.chars().count());
    if fits { Ok(name) } else { Err(StatisticsError::Name { most: NAME_MOST }) }
}

fn owner(actor: &Actor) -> Result<PersonId, StatisticsError> {
    let denied = access::Denied { action: Action::SeeSummaries };
    Reader::of(actor)?;
    actor.person.ok_or(StatisticsError::Denied(denied))
}

async fn free(write: &Write, owner: PersonId, name: &str, but: i64) -> Result<(), StatisticsError> {
    let sql = "SELECT COUNT(*) FROM kept_view WHERE owner_id = $1 AND name = $2 AND deleted_at IS NULL AND id <> $3";
    match write.count(sql, [number(owner.0), text(name), number(but)]).await? {
        0 => Ok(()),
        _ => Err(StatisticsError::NameTaken(name.to_owned())),
    }
}

/// Keeps a view under a name.
///
/// # Errors
/// [`StatisticsError::Name`] and [`StatisticsError::NameTaken`] for a name that cannot be; [`StatisticsError::NoDataset`].
pub async fn keep_view(
    database: &Database,
    actor: &Actor,
    by: &By,
    dataset: &str,
    view: &View,
    given: &str,
    shared: bool,
) -> Result<ViewId, StatisticsError> {
    let (owner, name) = (owner(actor)?, name(given)?);
    let write = database.write(by, "keep view").await?;
    let found = find_in(&write, dataset).await?.ok_or_else(|| StatisticsError::NoDataset(dataset.to_owned()))?;
    free(&write, owner, name, 0).await?;
    let (id, now) = (write.next_id(), write.now().as_millisecond());
    let columns = ["id", "dataset_id", "owner_id", "name", "search_name", "shared", "view", "created_at", "changed_at"];
    let row = vec![
        number(id),
        number(found.id.0),
        number(owner.0),
        text(name),
        text(roster::names::folded(name)),
        boolean(shared),
        text(json_text(view)),
        number(now),
        number(now),
    ];
    write.insert("kept_view", &columns, [row]).await?;
    write.record("kept view", id, None, serde_json::json!({ "name": name, "shared": shared, "dataset": dataset }));
    write.commit().await?;
    Ok(ViewId(id))
}

/// Gives an own kept view another name, and shares it or not.
///
/// # Errors
/// As [`keep_view`]; [`StatisticsError::NoView`] for a view of somebody else.
pub async fn rename_view(
    database: &Database,
    actor: &Actor,
    by: &By,
    id: ViewId,
    given: &str,
    shared: bool,
) -> Result<(), StatisticsError> {
    let (owner, name) = (owner(actor)?, name(given)?);
    let write = database.write(by, "rename view").await?;
    free(&write, owner, name, id.0).await?;
    let sql = "UPDATE kept_view SET name = $1, search_name = $2, shared = $3, changed_at = $4
               WHERE id = $5 AND owner_id = $6 AND deleted_at IS NULL";
    let now = number(write.now().as_millisecond());
    let values = [text(name), text(roster::names::folded(name)), boolean(shared), now, number(id.0), number(owner.0)];
    if write.execute(sql, values).await? == 0 {
        return Err(StatisticsError::NoView);
    }
    write.record("kept view", id.0, None, serde_json::json!({ "name": name, "shared": shared }));
    Ok(write.commit().await?)
}

/// Deletes an own kept view, or takes that back.
///
/// # Errors
/// [`StatisticsError::NoView`] for a view of somebody else; [`StatisticsError::NameTaken`] when the name was given again.
pub async fn delete_view(
    database: &Database,
    actor: &Actor,
    by: &By,
    id: ViewId,
    deleted: bool,
) -> Result<(), StatisticsError> {
    let owner = owner(actor)?;
    let write = database.write(by, if deleted { "delete view" } else { "restore view" }).await?;
    if !deleted {
        let sql = "SELECT COUNT(*) FROM kept_view AS kept JOIN kept_view AS other
                     ON other.owner_id = kept.owner_id AND other.name = kept.name AND other.deleted_at IS NULL
                   WHERE kept.id = $1 AND other.id <> kept.id";
        if write.count(sql, [number(id.0)]).await? > 0 {
            return Err(StatisticsError::NameTaken(String::new()));
        }
    }
    let now = write.now().as_millisecond();
    let at = optional_number(deleted.then_some(now));
    let sql = "UPDATE kept_view SET deleted_at = $1, changed_at = $2 WHERE id = $3 AND owner_id = $4";
    if write.execute(sql, [at, number(now), number(id.0), number(owner.0)]).await? == 0 {
        return Err(StatisticsError::NoView);
    }
    write.record("kept view", id.0, None, serde_json::json!({ "deleted": deleted }));
    Ok(write.commit().await?)
}
