//! Tables that are ready, and views that people keep.

use axum::response::Response;
use measures::view::View;
use statistics::model::{Dataset, KeptView};
use statistics::{Statistics, datasets, kept_views};

use super::reader;
use crate::blocks::{Block, Button, Cell, Column, Field, FieldKind, Filters, Notice, Pager, Query, Table, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::format;
use crate::page::Page;

/// Rows of one part of a list.
const PART: u32 = 25;
/// Rows of a file.
const FILE: u32 = 200_000;

fn part(query: &Query) -> u32 {
    if query.get("export").is_empty() { PART } else { FILE }
}

fn search(ctx: &PageCtx, query: &Query) -> Block {
    let field = Field::new("search", ctx.t("govern-field-name"), FieldKind::Line("search")).optional();
    Block::Filters(Filters {
        action: query.path().to_owned(),
        fields: vec![field.value(query.get("search"))],
        submit: ctx.t("filter-search"),
    })
}

fn kept(ctx: &PageCtx, views: &[KeptView], total: i64, all: &[Dataset], page: u32) -> Block {
    let columns = vec![
        Column::text("name", ctx.t("govern-field-name")),
        Column::text("dataset", ctx.t("govern-column-dataset")),
        Column::text("owner", ctx.t("govern-column-owner")),
        Column::text("changed", ctx.t("govern-column-changed")),
    ];
    let mut table = Table::new("kept", ctx.t("govern-kept-title"), columns);
    let zone = ctx.app.zone();
    for view in views {
        let dataset = all.iter().find(|dataset| dataset.code == view.dataset);
        let owner = Cell::text(&view.owner_name);
        table.rows.push(vec![
            Cell::link(&view.name, format!("/govern/tables/show?kept={}", view.id.0)),
            Cell::text(dataset.map_or("", |dataset| ctx.l(&dataset.name))),
            if view.shared { owner.with_note(ctx.t("govern-shared")) } else { owner },
            Cell::text(format::date_time(&view.changed_at.to_zoned_datetime(zone.clone()))),
        ]);
    }
    table.empty = ctx.t("govern-kept-none");
    Block::Table(table.finish(ctx, Some(Pager { page, size: PART, total })))
}

fn measures_of(ctx: &PageCtx, statistics: &Statistics, view: &View) -> String {
    let names = view.measures.iter().filter_map(|code| statistics.definitions().catalogue.get(code));
    names.map(|measure| ctx.l(&measure.name).to_owned()).collect::<Vec<_>>().join(", ")
}

fn ready(ctx: &PageCtx, statistics: &Statistics, all: &[Dataset], query: &Query) -> Block {
    let columns = vec![
        Column::text("name", ctx.t("govern-field-name")),
        Column::text("measures", ctx.t("govern-column-measures")),
        Column::text("dataset", ctx.t("govern-column-dataset")),
    ];
    let mut table = Table::new("ready", ctx.t("govern-ready-title"), columns);
    let wanted = roster::names::folded(query.get("search"));
    for dataset in all {
        let views = statistics.definitions().contents.get(&dataset.code);
        for view in views.into_iter().flat_map(|content| &content.views) {
            let (title, measures) = (ctx.l(&view.title), measures_of(ctx, statistics, view));
            if roster::names::folded(&format!("{title} {measures}")).contains(&wanted) {
                let href = format!("/govern/tables/show?view={}/{}", dataset.code, view.code);
                let cells = [Cell::link(title, href), Cell::text(measures), Cell::text(ctx.l(&dataset.name))];
                table.rows.push(cells.into());
            }
        }
    }
    table.empty = ctx.t("govern-ready-none");
    Block::Table(table.finish_in_parts(ctx, PART))
}

/// `GET /govern/tables`
pub(super) async fn list(ctx: PageCtx) -> Result<Response, PageError> {
    let database = reader(&ctx)?;
    let (statistics, query) = (ctx.app.statistics()?, Query::of(&ctx.here));
    let all = datasets(database).await?;
    let (views, total) = kept_views(database, &ctx.actor, query.get("search"), query.page(), part(&query)).await?;
    let mut page = Page::new(ctx.t("govern-tables-title"))
        .demonstration(super::super::network::demonstration(&ctx).await?)
        .with(Block::Lead(ctx.t("govern-tables-lead")));
    if let Some(deleted) = query.number("deleted") {
        page.blocks.push(Block::Notice(Notice::new(Tone::Plain, ctx.t("govern-deleted"))));
        let undo = Button::post(&ctx, ctx.t("govern-undo"), format!("/govern/views/{deleted}/restore"));
        page.blocks.push(Block::Actions(vec![undo]));
    }
    if all.is_empty() {
        return page.with(Block::Empty(ctx.t("govern-error-no-facts"), Vec::new())).show(&ctx);
    }
    page.action(Button::link(ctx.t("govern-build"), "/govern/tables/show").main())
        .with(search(&ctx, &query))
        .with(kept(&ctx, &views, total, &all, query.page()))
        .with(ready(&ctx, &statistics, &all, &query))
        .show(&ctx)
}
