//! The campaigns.

use axum::response::Response;
use kernel::Action;

use super::{address, days, state};
use crate::blocks::{Block, Cell, Column, Table};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::page::Page;

/// `GET /assess/campaigns`
pub(super) async fn list(ctx: PageCtx) -> Result<Response, PageError> {
    let database = ctx.authorise_somewhere(Action::SeeCampaign)?;
    let campaigns = delivery::campaigns(database, &ctx.actor).await?;
    let columns = vec![
        Column::text("campaign", ctx.t("column-campaign")),
        Column::text("state", ctx.t("column-state")),
        Column::text("days", ctx.t("column-days")),
        Column::number("tests", ctx.t("column-tests")),
    ];
    let mut table = Table::new("campaigns", ctx.t("campaigns-title"), columns);
    for campaign in &campaigns {
        table.rows.push(vec![
            Cell::link(ctx.l(&campaign.name), address(campaign.id, "")),
            state(&ctx, campaign),
            Cell::text(days(&ctx, campaign)),
            Cell::whole(&ctx, campaign.tests.len() as i64),
        ]);
    }
    table.empty = ctx.t("campaigns-none");
    Page::new(ctx.t("campaigns-title"))
        .demonstration(campaigns.iter().any(|campaign| campaign.demonstration))
        .with(Block::Table(table.finish(&ctx, None)))
        .show(&ctx)
}
