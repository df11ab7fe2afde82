//! What a coordinator does about one attempt: an absence with its reason, or a second chance with a stated reason.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use delivery::DeliveryError;
use delivery::model::{Campaign, Policy};
use kernel::{Action, AttemptId};
use serde::Deserialize;

use super::{address, find, page_below};
use crate::blocks::{Block, Button, Field, FieldKind, Form, Notice, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::form::Post;
use crate::page::{Page, redirect};

/// Minutes that may be given at once.
const MOST_MINUTES: u16 = 60;

/// The reason of an absence.
#[derive(Debug, Deserialize)]
pub struct AbsenceFields {
    reason: String,
}

/// Why an attempt goes on, and for how long.
#[derive(Debug, Deserialize)]
pub struct ReopenFields {
    reason: String,
    minutes: String,
}

/// Nothing is filled in.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

/// The address with what the live list was asked for, which leads through the forms and back to the same part of the list.
fn with_asked(ctx: &PageCtx, address: String) -> String {
    match ctx.here.split_once('?') {
        Some((_, asked)) if !asked.is_empty() => format!("{address}?{asked}"),
        _ => address,
    }
}

/// Address of what can be done about an attempt, below a campaign's attempts.
pub(super) fn attempt_address(ctx: &PageCtx, campaign: &Campaign, below: &str) -> String {
    with_asked(ctx, address(campaign.id, &format!("/attempts/{below}")))
}

/// Address of the live list that somebody came from.
fn live_address(ctx: &PageCtx, campaign: &Campaign) -> String {
    with_asked(ctx, address(campaign.id, "/live"))
}

fn absence_page(ctx: &PageCtx, campaign: &Campaign, attempt: i64, mistake: Option<String>) -> Page {
    let reasons =
        campaign.absence_reasons.iter().map(|reason| (reason.code.clone(), ctx.l(&reason.name).to_owned())).collect();
    let field = Field::new("reason", ctx.t("absence-reason"), FieldKind::Radio(reasons));
    let here = |below: &str| attempt_address(ctx, campaign, &format!("{attempt}/{below}"));
    let form = Form::new(ctx, here("absence"), vec![field], ctx.t("absence-record"))
        .cancel(ctx.t("window-back"), live_address(ctx, campaign));
    let mut page = page_below(ctx, campaign, ctx.t("absence-title"));
    page.blocks.extend(mistake.map(|text| Block::Notice(Notice::new(Tone::Bad, text))));
    let came = Button::post(ctx, ctx.t("absence-withdraw"), here("present"));
    page.with(Block::Form(form)).with(Block::Actions(vec![came]))
}

fn reopen_page(
    ctx: &PageCtx,
    campaign: &Campaign,
    attempt: i64,
    fields: &ReopenFields,
    mistake: Option<String>,
) -> Page {
    let minutes_hint = ctx.t_with("reopen-minutes-hint", &[("most", i64::from(MOST_MINUTES).into())]);
    let all = vec![
        Field::new("reason", ctx.t("reopen-reason"), FieldKind::Lines)
            .hint(ctx.t("reopen-reason-hint"))
            .value(&fields.reason),
        Field::new("minutes", ctx.t("reopen-minutes"), FieldKind::Line("number"))
            .hint(minutes_hint)
            .value(&fields.minutes),
    ];
    let form = Form::new(ctx, attempt_address(ctx, campaign, &format!("{attempt}/reopen")), all, ctx.t("reopen-title"))
        .cancel(ctx.t("window-back"), live_address(ctx, campaign));
    let mut page = page_below(ctx, campaign, ctx.t("reopen-title"));
    page.blocks.extend(mistake.map(|text| Block::Notice(Notice::new(Tone::Bad, text))));
    page.with(Block::Lead(ctx.t("reopen-lead"))).with(Block::Form(form))
}

/// What a refusal says on the form; other errors have their pages.
fn mistake(ctx: &PageCtx, error: DeliveryError) -> Result<String, PageError> {
    match error {
        DeliveryError::Refused(_) | DeliveryError::Busy => Ok(ctx.t("attempt-refused")),
        DeliveryError::UnknownReason { .. } => Ok(ctx.t("absence-unknown")),
        DeliveryError::NoAttempt(_) => Err(PageError::NotFound),
        other => Err(other.into()),
    }
}

/// `GET …/attempts/{attempt}/absence`
pub(super) async fn ask_absence(
    ctx: PageCtx,
    Path((named, attempt)): Path<(String, i64)>,
) -> Result<Response, PageError> {
    let (_, campaign) = find(&ctx, Action::ManageSittings, &named).await?;
    absence_page(&ctx, &campaign, attempt, None).show(&ctx)
}

/// `POST …/attempts/{attempt}/absence`; the service asks the rules about the pupil's school.
pub(super) async fn absence(
    Path((named, attempt)): Path<(String, i64)>,
    post: Post<AbsenceFields>,
) -> Result<Response, PageError> {
    let Post { ctx, fields } = post;
    let (database, campaign) = find(&ctx, Action::ManageSittings, &named).await?;
    let (policy, reason) = (Policy::default(), fields.reason.as_str());
    let done = delivery::record_absence(database, &ctx.actor, ctx.now, &policy, AttemptId(attempt), reason).await;
    match done {
        Ok(()) => Ok(redirect(&ctx, &live_address(&ctx, &campaign), "absence-recorded")),
        Err(error) => {
            let text = mistake(&ctx, error)?;
            absence_page(&ctx, &campaign, attempt, Some(text)).show_with_status(&ctx, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// `POST …/attempts/{attempt}/present`
pub(super) async fn present(
    Path((named, attempt)): Path<(String, i64)>,
    post: Post<Nothing>,
) -> Result<Response, PageError> {
    let ctx = post.ctx;
    let (database, campaign) = find(&ctx, Action::ManageSittings, &named).await?;
    let policy = Policy::default();
    match delivery::withdraw_absence(database, &ctx.actor, ctx.now, &policy, AttemptId(attempt)).await {
        Ok(()) => Ok(redirect(&ctx, &live_address(&ctx, &campaign), "absence-withdrawn")),
        Err(error) => {
            let text = mistake(&ctx, error)?;
            absence_page(&ctx, &campaign, attempt, Some(text)).show_with_status(&ctx, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// `GET …/attempts/{attempt}/reopen`
pub(super) async fn ask_reopen(
    ctx: PageCtx,
    Path((named, attempt)): Path<(String, i64)>,
) -> Result<Response, PageError> {
    let (_, campaign) = find(&ctx, Action::ManageSittings, &named).await?;
    let fields = ReopenFields { reason: String::new(), minutes: "0".to_owned() };
    reopen_page(&ctx, &campaign, attempt, &fields, None).show(&ctx)
}

/// `POST …/attempts/{attempt}/reopen`; the reason stands in the attempt's log and in the audit log.
pub(super) async fn reopen(
    Path((named, attempt)): Path<(String, i64)>,
    post: Post<ReopenFields>,
) -> Result<Response, PageError> {
    let Post { ctx, fields } = post;
    let (database, campaign) = find(&ctx, Action::ManageSittings, &named).await?;
    let minutes = fields.minutes.trim().parse::<u16>().ok().filter(|minutes| *minutes <= MOST_MINUTES);
    let text = match (minutes, fields.reason.trim()) {
        (None, _) => ctx.t_with("reopen-minutes-hint", &[("most", i64::from(MOST_MINUTES).into())]),
        (_, "") => ctx.t("reopen-reason-hint"),
        (Some(minutes), reason) => {
            let (policy, attempt) = (Policy::default(), AttemptId(attempt));
            match delivery::reopen(database, &ctx.actor, ctx.now, &policy, attempt, (reason, minutes)).await {
                Ok(()) => return Ok(redirect(&ctx, &live_address(&ctx, &campaign), "reopen-done")),
                Err(error) => mistake(&ctx, error)?,
            }
        }
    };
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    reopen_page(&ctx, &campaign, attempt, &fields, Some(text)).show_with_status(&ctx, status)
}
