//! Campaigns: their tests and windows, who sits and who has not come, login cards.

mod attempt;
mod cards;
mod files;
mod list;
mod live;
mod show;
mod sittings;
mod window;

use axum::Router;
use axum::routing::{get, post};
use delivery::Counts;
use delivery::model::{Campaign, CampaignState};
use kernel::{Action, CampaignId, days_in_words};
use store::Database;

use crate::app::App;
use crate::blocks::{Cell, Column, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::page::Page;

/// The routes of these pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/assess/campaigns", get(list::list))
        .route("/assess/campaigns/{campaign}", get(show::show))
        .route("/assess/campaigns/{campaign}/open", get(window::ask_open).post(window::open))
        .route("/assess/campaigns/{campaign}/close", get(window::ask_close).post(window::close))
        .route("/assess/campaigns/{campaign}/sittings", get(sittings::list))
        .route("/assess/campaigns/{campaign}/live", get(live::list))
        .route(
            "/assess/campaigns/{campaign}/attempts/{attempt}/absence",
            get(attempt::ask_absence).post(attempt::absence),
        )
        .route("/assess/campaigns/{campaign}/attempts/{attempt}/present", post(attempt::present))
        .route("/assess/campaigns/{campaign}/attempts/{attempt}/reopen", get(attempt::ask_reopen).post(attempt::reopen))
        .route("/assess/sittings/{sitting}/files", get(files::list))
        .route("/assess/attempts/{attempt}/files/{hash}", get(files::open))
        .route("/assess/sittings/{sitting}/cards", get(cards::show))
        .route("/assess/sittings/{sitting}/cards.pdf", get(cards::sitting_pdf))
        .route("/assess/campaigns/{campaign}/classes/{class}/cards.pdf", get(cards::class_pdf))
}

/// A campaign, for somebody who may do this somewhere.
async fn find<'a>(ctx: &'a PageCtx, action: Action, named: &str) -> Result<(&'a Database, Campaign), PageError> {
    let database = ctx.authorise_somewhere(action)?;
    Ok((database, of_name(database, named).await?))
}

/// The campaign that an address names by its id or its code.
pub(super) async fn of_name(database: &Database, named: &str) -> Result<Campaign, PageError> {
    let campaign = match named.parse::<CampaignId>() {
        Ok(id) => delivery::campaign(database, id).await?,
        Err(_) => delivery::campaign_by_code(database, named).await?,
    };
    campaign.ok_or(PageError::NotFound)
}

/// A page below a campaign's page.
pub(crate) fn page_below(ctx: &PageCtx, campaign: &Campaign, title: String) -> Page {
    Page::new(title)
        .below(ctx.t("campaigns-title"), "/assess/campaigns")
        .below(ctx.l(&campaign.name), address(campaign.id, ""))
        .demonstration(campaign.demonstration)
}

/// Address of a campaign's page, or of one below it.
pub(crate) fn address(campaign: CampaignId, below: &str) -> String {
    format!("/assess/campaigns/{campaign}{below}")
}

fn state(ctx: &PageCtx, campaign: &Campaign) -> Cell {
    let tone = match campaign.state {
        CampaignState::Planned => Tone::Plain,
        CampaignState::Open => Tone::Good,
        CampaignState::Closed => Tone::Accent,
    };
    Cell::badge(ctx.t(&format!("campaign-state-{}", campaign.state.code())), tone)
}

/// First and last day.
pub(super) fn days(ctx: &PageCtx, campaign: &Campaign) -> String {
    days_in_words(campaign.opens_on, campaign.closes_on, ctx.language)
}

/// Columns of [`count_cells`].
fn count_columns(ctx: &PageCtx) -> Vec<Column> {
    vec![
        Column::number("attempts", ctx.t("column-attempts")),
        Column::number("not-started", ctx.t("live-not-started")),
        Column::number("working", ctx.t("live-working")),
        Column::number("finished", ctx.t("live-finished")),
        Column::number("absent", ctx.t("live-absent")),
        Column::number("share", ctx.t("column-share-finished")),
    ]
}

/// How many attempts are where, and the share that is finished.
fn count_cells(ctx: &PageCtx, counts: &Counts) -> Vec<Cell> {
    let share = (counts.pupils > 0).then(|| counts.finished as f64 * 100.0 / counts.pupils as f64);
    let whole = [counts.pupils, counts.not_started, counts.working, counts.finished, counts.absent];
    let mut cells: Vec<Cell> = whole.into_iter().map(|value| Cell::whole(ctx, value)).collect();
    cells.push(Cell::percent(ctx, share));
    cells
}

/// The same as key figures.
pub(super) fn figures(ctx: &PageCtx, counts: &Counts) -> Vec<(String, String, String)> {
    let figure = |name: String, value: i64| (name, ctx.whole(value), String::new());
    vec![
        figure(ctx.t("column-attempts"), counts.pupils),
        figure(ctx.t("live-not-started"), counts.not_started),
        figure(ctx.t("live-working"), counts.working),
        figure(ctx.t("live-finished"), counts.finished),
        figure(ctx.t("live-absent"), counts.absent),
    ]
}
