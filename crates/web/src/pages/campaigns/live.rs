//! Who has not started, is working, has finished, is absent. Refreshes itself; without scripts the page is loaded again.

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use delivery::model::Campaign;
use delivery::{LiveFilter, LiveRow, LiveState};
use jiff::tz::TimeZone;
use kernel::{Action, ClassId, Place, SchoolId, SittingId, TestId};

use super::{address, figures, find, page_below};
use crate::blocks::{Block, Cell, Column, Pager, Query, Table, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::format;
use crate::page::{part, wants_part};

/// Rows of one part.
const PART: u32 = 100;

fn state(ctx: &PageCtx, campaign: &Campaign, zone: &TimeZone, row: &LiveRow) -> Cell {
    match &row.state {
        LiveState::NotStarted => Cell::badge(ctx.t("live-not-started"), Tone::Warn),
        LiveState::Absent { reason } => Cell::badge(ctx.t("live-absent"), Tone::Plain)
            .with_note(delivery::absence_name(&campaign.absence_reasons, reason, ctx.language)),
        LiveState::Working { remaining } => {
            let minutes = (remaining.max(&0) + 59_999) / 60_000;
            Cell::badge(ctx.t("live-working"), Tone::Accent)
                .with_note(ctx.t_with("live-minutes-left", &[("minutes", minutes.into())]))
        }
        LiveState::Finished { at, receipt } => {
            let time = format::clock_time(&format::moment(*at, zone));
            Cell::badge(ctx.t("live-finished"), Tone::Good).with_note(format!("{time} · {receipt}"))
        }
    }
}

/// What the coordinator can do about a row.
fn action(ctx: &PageCtx, campaign: &Campaign, row: &LiveRow) -> Cell {
    let place = Place { school: Some(row.school), class: Some(row.class), person: Some(row.person) };
    if !access::can(&ctx.actor, Action::ManageSittings, &place) {
        return Cell::default();
    }
    let (key, below) = match row.state {
        LiveState::NotStarted => ("absence-record", "absence"),
        LiveState::Absent { .. } => ("absence-change", "absence"),
        LiveState::Finished { .. } => ("reopen-title", "reopen"),
        LiveState::Working { .. } => return Cell::default(),
    };
    Cell::link(ctx.t(key), address(campaign.id, &format!("/attempts/{}/{below}", row.attempt)))
}

fn table(ctx: &PageCtx, campaign: &Campaign, rows: &[LiveRow], pager: Pager) -> Table {
    let columns = vec![
        Column::text("name", ctx.t("column-name")),
        Column::text("class", ctx.t("column-class")),
        Column::text("test", ctx.t("column-test")),
        Column::text("state", ctx.t("column-state")),
        Column::number("answered", ctx.t("column-answered")),
        Column::number("skipped", ctx.t("column-skipped")),
        Column::text("action", ctx.t("column-action")),
    ];
    let zone = campaign.time_zone();
    let mut table = Table::new("live", ctx.t("live-title"), columns);
    for row in rows {
        let reopened = if row.reopened > 0 {
            ctx.t_with("live-reopened", &[("count", row.reopened.into())])
        } else {
            String::new()
        };
        let answered = format!("{} / {}", ctx.whole(row.answered), ctx.whole(row.item_count));
        table.rows.push(vec![
            Cell::text(&row.person_name).with_note(reopened),
            Cell::text(&row.class_label),
            Cell::text(campaign.test(row.test).map_or("", |test| ctx.l(&test.name))),
            state(ctx, campaign, &zone, row),
            Cell::number(answered, row.answered as f64),
            Cell::whole(ctx, row.skipped),
            action(ctx, campaign, row),
        ]);
    }
    table.empty = ctx.t("live-none");
    table.finish(ctx, Some(pager))
}

/// `GET /assess/campaigns/{campaign}/live`
pub(super) async fn list(ctx: PageCtx, Path(id): Path<i64>, headers: HeaderMap) -> Result<Response, PageError> {
    let (database, campaign) = find(&ctx, Action::SeeSittings, id).await?;
    let query = Query::of(&ctx.here);
    let whole = !query.get("export").is_empty();
    let filter = LiveFilter {
        campaign: Some(campaign.id),
        school: query.number("school").map(SchoolId),
        class: query.number("class").map(ClassId),
        test: query.number("test").map(TestId),
        sitting: query.number("sitting").map(SittingId),
        offset: if whole { 0 } else { (query.page() - 1).saturating_mul(PART) },
        limit: if whole { 200_000 } else { PART },
    };
    let (rows, counts) = delivery::live_list(database, &ctx.actor, &filter, ctx.now).await?;
    let pager = Pager { page: query.page(), size: PART, total: counts.pupils };
    let live = Block::Live {
        id: "live-list",
        href: ctx.here.clone(),
        seconds: 5,
        blocks: vec![Block::Figures(figures(&ctx, &counts)), Block::Table(table(&ctx, &campaign, &rows, pager))],
        stale: ctx.t("live-stale"),
    };
    if wants_part(&headers) {
        return part(&live);
    }
    page_below(&ctx, &campaign, ctx.t("live-title")).with(live).show(&ctx)
}
