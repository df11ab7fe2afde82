//! The sittings of a campaign: one test, one class.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::response::Response;
use delivery::model::Campaign;
use kernel::{Action, Place, SchoolId, TestId};
use roster::OrgTree;

use super::{address, count_cells, count_columns, find, page_below};
use crate::blocks::{Block, Cell, Column, Query, Table};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::format;
use crate::pages::network::{languages, school_name};

fn table(
    ctx: &PageCtx,
    campaign: &Campaign,
    tree: &OrgTree,
    with_files: &BTreeSet<TestId>,
    all: &[delivery::SittingSummary],
) -> Table {
    let mut columns = vec![
        Column::text("test", ctx.t("column-test")),
        Column::text("class", ctx.t("column-class")),
        Column::text("language", ctx.t("column-language")),
        Column::text("school", ctx.t("column-school")),
        Column::text("day", ctx.t("column-day")),
        Column::text("cards", ctx.t("cards-title")),
    ];
    if !with_files.is_empty() {
        columns.push(Column::text("files", ctx.t("files-title")));
    }
    columns.extend(count_columns(ctx));
    let mut table = Table::new("sittings", ctx.t("sittings-title"), columns);
    for sitting in all {
        let place = Place { school: Some(sitting.school), class: Some(sitting.class), person: None };
        let cards = if access::can(&ctx.actor, Action::PrintCards, &place) {
            Cell::link(ctx.t("cards-print"), format!("/assess/sittings/{}/cards", sitting.sitting))
        } else {
            Cell::default()
        };
        let may_see = || access::can(&ctx.actor, Action::SeeResults, &place);
        let files = if with_files.contains(&sitting.test) && sitting.counts.finished > 0 && may_see() {
            Cell::link(ctx.t("files-open"), format!("/assess/sittings/{}/files", sitting.sitting))
        } else {
            Cell::default()
        };
        let live = address(campaign.id, &format!("/live?class={}&test={}", sitting.class, sitting.test));
        let mut row = vec![
            Cell::link(ctx.l(&sitting.test_name), live),
            Cell::text(&sitting.class_label),
            Cell::text(languages(ctx, &[sitting.language])),
            Cell::text(school_name(ctx, tree, sitting.school)),
            Cell::text(format::short_date(sitting.held_on)),
            cards,
        ];
        if !with_files.is_empty() {
            row.push(files);
        }
        row.extend(count_cells(ctx, &sitting.counts));
        table.rows.push(row);
    }
    table.empty = ctx.t("sittings-none");
    table.finish(ctx, None)
}

/// `GET /assess/campaigns/{campaign}/sittings`
pub(super) async fn list(ctx: PageCtx, Path(named): Path<String>) -> Result<Response, PageError> {
    let (database, campaign) = find(&ctx, Action::SeeSittings, &named).await?;
    let school = Query::of(&ctx.here).number("school").map(SchoolId);
    let all = delivery::sittings(database, &ctx.actor, campaign.id, school).await?;
    let tree = roster::org_tree(database).await?;
    let with_files = delivery::tests_with_files(database, campaign.id).await?;
    let title = school.map_or_else(|| ctx.t("sittings-title"), |school| school_name(&ctx, &tree, school));
    page_below(&ctx, &campaign, title).with(Block::Table(table(&ctx, &campaign, &tree, &with_files, &all))).show(&ctx)
}
