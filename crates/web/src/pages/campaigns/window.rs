//! Opening and closing a campaign's window, after a question that says what will happen.

use axum::extract::Path;
use axum::response::Response;
use delivery::Dimension;
use delivery::model::{CampaignState, Policy};
use kernel::{Action, Place};
use serde::Deserialize;

use super::{address, days, find, page_below};
use crate::blocks::{Block, Form};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::form::Post;
use crate::page::redirect;

/// Nothing is filled in.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

/// `GET /assess/campaigns/{campaign}/open`
pub(super) async fn ask_open(ctx: PageCtx, Path(named): Path<String>) -> Result<Response, PageError> {
    ctx.authorise(Action::ManageCampaign, &Place::default())?;
    let (_, campaign) = find(&ctx, Action::ManageCampaign, &named).await?;
    let effect = ctx.t_with("window-open-effect", &[("days", days(&ctx, &campaign).into())]);
    let mut form = Form::new(&ctx, address(campaign.id, "/open"), Vec::new(), ctx.t("window-open"));
    form = form.cancel(ctx.t("window-back"), address(campaign.id, ""));
    let mut page = page_below(&ctx, &campaign, ctx.t("window-open-question"));
    if campaign.state == CampaignState::Closed {
        page = page.with(Block::Text(ctx.t("window-open-again")));
    }
    page.with(Block::Lead(effect)).with(Block::Form(form)).show(&ctx)
}

/// `POST /assess/campaigns/{campaign}/open`
pub(super) async fn open(Path(named): Path<String>, post: Post<Nothing>) -> Result<Response, PageError> {
    let ctx = post.ctx;
    ctx.authorise(Action::ManageCampaign, &Place::default())?;
    let (database, campaign) = find(&ctx, Action::ManageCampaign, &named).await?;
    delivery::open_campaign(database, &ctx.actor, ctx.now, campaign.id).await?;
    Ok(redirect(&ctx, &address(campaign.id, ""), "window-opened"))
}

/// `GET /assess/campaigns/{campaign}/close`
pub(super) async fn ask_close(ctx: PageCtx, Path(named): Path<String>) -> Result<Response, PageError> {
    ctx.authorise(Action::ManageCampaign, &Place::default())?;
    let (database, campaign) = find(&ctx, Action::ManageCampaign, &named).await?;
    let shares = delivery::participation(database, &ctx.actor, campaign.id, Dimension::Whole).await?;
    let (working, waiting) = shares.first().map_or((0, 0), |all| (all.counts.working, all.counts.not_started));
    let effect = ctx.t_with("window-close-effect", &[("working", working.into()), ("waiting", waiting.into())]);
    let mut form = Form::new(&ctx, address(campaign.id, "/close"), Vec::new(), ctx.t("window-close"));
    form.danger = true;
    form = form.cancel(ctx.t("window-back"), address(campaign.id, ""));
    page_below(&ctx, &campaign, ctx.t("window-close-question"))
        .with(Block::Lead(effect))
        .with(Block::Form(form))
        .show(&ctx)
}

/// `POST /assess/campaigns/{campaign}/close`
pub(super) async fn close(Path(named): Path<String>, post: Post<Nothing>) -> Result<Response, PageError> {
    let ctx = post.ctx;
    ctx.authorise(Action::ManageCampaign, &Place::default())?;
    let (database, campaign) = find(&ctx, Action::ManageCampaign, &named).await?;
    delivery::close_campaign(database, &ctx.actor, ctx.now, &Policy::default(), campaign.id).await?;
    store::jobs::wake(database);
    Ok(redirect(&ctx, &address(campaign.id, ""), "window-closed"))
}
