//! The window of a campaign: open, move, close.

use ::store::jobs::{NewJob, enqueue, wake};
use ::store::{By, Database, Reading, StoreError, Write, number, text};
use ::store::{FromQueryResult, sea_orm};
use kernel::{Action, Actor, AttemptId, CampaignId, Date, Place, Timestamp};
use serde::{Deserialize, Serialize};

use super::DeliveryError;
use super::campaign::date;
use crate::model::{CampaignState, Command, Policy};
use crate::store::{Order, States, carry_out};

/// Kind of the job that is put into the table when a campaign has closed: the room that makes results handles it.
pub const CAMPAIGN_CLOSED: &str = "campaign-closed";

/// Payload of a [`CAMPAIGN_CLOSED`] job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignClosed {
    /// Which campaign.
    pub campaign: CampaignId,
}

pub(super) fn zone(name: &str) -> Result<jiff::tz::TimeZone, DeliveryError> {
    jiff::tz::TimeZone::get(name).map_err(|_unknown| DeliveryError::Zone(name.to_owned()))
}

/// The first moment of the first day and the first moment after the last day, milliseconds since 1970.
pub(super) fn bounds(opens_on: Date, closes_on: Date, zone_name: &str) -> Result<(i64, i64), DeliveryError> {
    let zone = zone(zone_name)?;
    let wrong = || DeliveryError::Window { opens_on, closes_on };
    let moment = |day: Date| {
        let midnight = day.to_zoned_datetime(zone.clone()).map_err(|_outside| wrong())?;
        Ok::<i64, DeliveryError>(midnight.timestamp().as_millisecond())
    };
    let (opens_at, closes_at) = (moment(opens_on)?, moment(closes_on.tomorrow().map_err(|_outside| wrong())?)?);
    if closes_at > opens_at { Ok((opens_at, closes_at)) } else { Err(wrong()) }
}

async fn set_state(write: &Write, campaign: CampaignId, state: CampaignState) -> Result<(), DeliveryError> {
    let changed =
        write.execute("UPDATE campaign SET state = $1 WHERE id = $2", [text(state.code()), number(campaign.0)]).await?;
    write.record("campaign", campaign.0, None, serde_json::json!({ "state": state.code() }));
    if changed == 0 { Err(DeliveryError::NoCampaign(campaign)) } else { Ok(()) }
}

/// Lets pupils sit, within the windows of their sittings. A closed campaign may be opened again.
///
/// # Errors
/// [`DeliveryError::Denied`], [`DeliveryError::NoCampaign`].
pub async fn open_campaign(
    database: &Database,
    actor: &Actor,
    now: Timestamp,
    campaign: CampaignId,
) -> Result<(), DeliveryError> {
    access::authorise(actor, Action::ManageCampaign, &Place::default())?;
    let write = database.write(&By::actor(actor, now), "open campaign").await?;
    set_state(&write, campaign, CampaignState::Open).await?;
    Ok(write.commit().await?)
}

#[derive(FromQueryResult)]
struct ZoneRow {
    zone: String,
    opens_on: String,
    closes_on: String,
}

/// Moves the first and the last day of a campaign and of all its sittings. Attempts that are being worked on keep their
/// deadlines.
///
/// # Errors
/// [`DeliveryError::Denied`], [`DeliveryError::NoCampaign`], [`DeliveryError::Window`].
pub async fn move_window(
    database: &Database,
    actor: &Actor,
    now: Timestamp,
    campaign: CampaignId,
    opens_on: Date,
    closes_on: Date,
) -> Result<(), DeliveryError> {
    access::authorise(actor, Action::ManageCampaign, &Place::default())?;
    let write = database.write(&By::actor(actor, now), "move window").await?;
    let sql = "SELECT zone, opens_on, closes_on FROM campaign WHERE id = $1";
    let row: Option<ZoneRow> = write.row(sql, [number(campaign.0)]).await?;
    let row = row.ok_or(DeliveryError::NoCampaign(campaign))?;
    let (opens_at, closes_at) = bounds(opens_on, closes_on, &row.zone)?;
    let sql = "UPDATE campaign SET opens_on = $1, closes_on = $2 WHERE id = $3";
    write.execute(sql, [text(opens_on.to_string()), text(closes_on.to_string()), number(campaign.0)]).await?;
    let sql = "UPDATE sitting SET opens_at = $1, closes_at = $2 WHERE campaign_id = $3";
    write.execute(sql, [number(opens_at), number(closes_at), number(campaign.0)]).await?;
    let before = [date(&row.opens_on).to_string(), date(&row.closes_on).to_string()];
    let detail = serde_json::json!({ "before": before, "now": [opens_on.to_string(), closes_on.to_string()] });
    write.record("campaign", campaign.0, None, detail);
    Ok(write.commit().await?)
}

/// At so many answers at the same moment closing gives up for now; each try takes milliseconds.
const TRIES: usize = 8;

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

async fn ids(reading: &impl Reading, sql: &str, value: i64) -> Result<Vec<AttemptId>, StoreError> {
    let rows: Vec<IdRow> = reading.rows(sql, [number(value)]).await?;
    Ok(rows.into_iter().map(|row| AttemptId(row.id)).collect())
}

/// Closes a campaign: ends every attempt that is still being worked on, with everything answered so far, and puts the
/// making of results into the job table. Gives the number of attempts that were ended.
///
/// # Errors
/// [`DeliveryError::Denied`], [`DeliveryError::NoCampaign`]; [`DeliveryError::Busy`] when answers keep coming in.
pub async fn close_campaign(
    database: &Database,
    actor: &Actor,
    now: Timestamp,
    policy: &Policy,
    campaign: CampaignId,
) -> Result<u64, DeliveryError> {
    access::authorise(actor, Action::ManageCampaign, &Place::default())?;
    for _ in 0..TRIES {
        let write = database.write(&By::actor(actor, now), "close campaign").await?;
        match close_in(&write, now, policy, campaign).await {
            // Another node wrote to the same log first. Everything is undone and begun again.
            Err(DeliveryError::Store(StoreError::Conflict(_))) => {}
            Err(error) => return Err(error),
            Ok(ended) => match write.commit().await {
                Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
                Ok(()) => {
                    wake(database);
                    return Ok(ended);
                }
            },
        }
    }
    Err(DeliveryError::Busy)
}

async fn close_in(write: &Write, now: Timestamp, policy: &Policy, campaign: CampaignId) -> Result<u64, DeliveryError> {
    set_state(write, campaign, CampaignState::Closed).await?;
    let sql = "SELECT id FROM attempt WHERE campaign_id = $1 AND state = 'working' ORDER BY id";
    let working = ids(&**write, sql, campaign.0).await?;
    end(write, &working, &Command::CloseWindow, now, policy).await?;
    let payload = CampaignClosed { campaign };
    let unique_key = Some(format!("{CAMPAIGN_CLOSED} {campaign}"));
    enqueue(write, &NewJob { kind: CAMPAIGN_CLOSED, payload: &payload, unique_key, school: None }).await?;
    Ok(working.len() as u64)
}

async fn end(
    write: &Write,
    attempts: &[AttemptId],
    command: &Command,
    at: Timestamp,
    policy: &Policy,
) -> Result<(), DeliveryError> {
    for some in attempts.chunks(500) {
        let order = |attempt: &AttemptId| Order { attempt: *attempt, command: command.clone(), at };
        let orders: Vec<Order> = some.iter().map(order).collect();
        for outcome in carry_out(write, &mut States::default(), &orders, policy).await? {
            outcome?;
        }
    }
    Ok(())
}

/// Ends attempts whose time has run out although nobody has looked at them since. The program calls it now and then, so
/// that the live list and the results are true. Gives the number of attempts that were ended.
///
/// # Errors
/// What the database says; a conflict with an answer of the same moment ends in the next call.
pub async fn end_overdue(database: &Database, now: Timestamp, policy: &Policy) -> Result<u64, DeliveryError> {
    let sql = "SELECT id FROM attempt WHERE state = 'working' AND deadline < $1 ORDER BY id LIMIT 1000";
    let limit = now.as_millisecond() - policy.grace;
    let overdue = ids(database.read(), sql, limit).await?;
    if overdue.is_empty() {
        return Ok(0);
    }
    let write = database.append(&By::system(now)).await?;
    end(&write, &overdue, &Command::CheckTime, now, policy).await?;
    write.commit().await?;
    Ok(overdue.len() as u64)
}
