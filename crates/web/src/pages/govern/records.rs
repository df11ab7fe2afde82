//! The records behind a number.

use axum::response::Response;
use documents::statistics::number_text;
use measures::table::Opens;
use measures::view::Content;
use measures::{Dimension, Exact, Keeps};
use statistics::model::Record;
use statistics::{Loaded, Records, Shown, shown_cell};

use super::asked::{Asked, all, pairs};
use super::{builder, reader, show, table};
use crate::blocks::{Block, Cell, Column, Pager, Query, Table};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::format;
use crate::page::Page;

/// Records of one part.
const PART: u32 = 100;
/// Records of a file.
const FILE: u32 = 200_000;

/// `3.1`: row and column of the table.
fn position(at: &str) -> Option<(usize, usize)> {
    let (row, column) = at.split_once('.')?;
    Some((row.parse().ok()?, column.parse().ok()?))
}

fn observation(ctx: &PageCtx, loaded: &Loaded, record: &Record) -> Cell {
    let kind = loaded.cube.kind(&record.kind).ok().and_then(|kind| loaded.cube.kind_info(kind));
    match kind.map(|kind| &kind.keeps) {
        Some(Keeps::Scale(levels)) => {
            let level = usize::try_from(record.observation).ok().and_then(|place| levels.get(place));
            Cell::text(level.map_or("–", |level| &level.code))
        }
        Some(Keeps::Numbers { decimals } | Keeps::Values { decimals }) => {
            let exact = Exact::new(i128::from(record.observation), *decimals);
            let shown = exact.to_string().parse::<f64>().unwrap_or_default();
            let digits =
                exact.to_string().split_once('.').map_or(0, |(_, fraction)| fraction.trim_end_matches('0').len());
            Cell::number(number_text(exact, digits as u32, ctx.language), shown)
        }
        Some(Keeps::People | Keeps::SketchedPeople) | None => Cell::text("1"),
    }
}

fn kind_name<'a>(ctx: &PageCtx, loaded: &'a Loaded, code: &'a str) -> &'a str {
    let kind = loaded.cube.kind(code).ok().and_then(|kind| loaded.cube.kind_info(kind));
    kind.map_or(code, |kind| kind.name.in_language(ctx.language))
}

fn name(ctx: &PageCtx, dimension: &measures::Dimension, code: &str) -> String {
    let info = dimension.member(code).ok().and_then(|member| dimension.info(member));
    info.map_or_else(|| code.to_owned(), |info| ctx.l(&info.name).to_owned())
}

/// A cell of a printed table: what the table is called, the row, the column.
fn printed(ctx: &PageCtx, content: Option<&Content>, remark: &str) -> Option<String> {
    let mut parts = remark.split(" · ");
    let (table, row, column) = (parts.next()?, parts.next()?, parts.next()?);
    let load = content?.loads.iter().find(|load| load.table == table)?;
    let title = ctx.l(&load.title).to_owned();
    Some(ctx.t_with("govern-origin-table", &[("title", title.into()), ("row", row.into()), ("column", column.into())]))
}

fn origin(ctx: &PageCtx, content: Option<&Content>, record: &Record) -> Cell {
    match record.origin.kind.as_str() {
        "attempt" => {
            let text = record.person.clone().unwrap_or_else(|| ctx.t("govern-origin-attempt"));
            Cell::link(text, format!("/assess/attempts/{}/report", record.origin.id))
        }
        "term-mark" => Cell::text(record.person.clone().unwrap_or_default()).with_note(ctx.t("govern-origin-mark")),
        _ => Cell::text(printed(ctx, content, &record.origin.remark).unwrap_or_else(|| record.origin.remark.clone())),
    }
}

/// Whether the records of a number may stand at several members of a tree: what is the same for all of them is said above.
fn several(tree: &Dimension, codes: &[String]) -> bool {
    let [code] = codes else { return true };
    tree.member(code).map_or(true, |member| !tree.children(member).is_empty())
}

fn list_of(
    ctx: &PageCtx,
    shown: &Shown,
    opens: &Opens,
    records: &Records,
    content: Option<&Content>,
    page: u32,
) -> Block {
    let loaded = &shown.loaded;
    let schema = &loaded.cube.schema;
    let (places, periods) = (several(&schema.place, &opens.places), several(&schema.period, &opens.periods));
    let mut columns = vec![
        Column::text("origin", ctx.t("govern-column-origin")),
        Column::text("fact", ctx.t("govern-column-fact")),
        Column::number("value", ctx.t("govern-column-value")),
        Column::number("times", ctx.t("govern-column-times")),
    ];
    columns.extend(places.then(|| Column::text("place", ctx.l(&schema.place.name))));
    columns.extend(periods.then(|| Column::text("period", ctx.l(&schema.period.name))));
    let others: Vec<_> = schema
        .others
        .iter()
        .filter(|one| records.rows.iter().any(|record| record.members.contains_key(&one.code)))
        .collect();
    columns.extend(others.iter().map(|dimension| Column::text("", ctx.l(&dimension.name))));
    columns.push(Column::text("at", ctx.t("govern-column-recorded")));
    let mut table = Table::new("records", ctx.t("govern-records-caption"), columns);
    let zone = ctx.app.zone();
    for record in &records.rows {
        let taken_back = if record.times < 0 { ctx.t("govern-taken-back") } else { String::new() };
        let mut row = vec![
            origin(ctx, content, record),
            Cell::text(kind_name(ctx, loaded, &record.kind)),
            observation(ctx, loaded, record),
            Cell::whole(ctx, i64::from(record.times)).with_note(taken_back),
        ];
        row.extend(places.then(|| Cell::text(name(ctx, &schema.place, &record.place))));
        row.extend(periods.then(|| Cell::text(name(ctx, &schema.period, &record.period))));
        row.extend(others.iter().map(|dimension| {
            Cell::text(record.members.get(&dimension.code).map_or_else(String::new, |code| name(ctx, dimension, code)))
        }));
        row.push(Cell::text(format::date_time(&record.at.to_zoned_datetime(zone.clone()))));
        table.rows.push(row);
    }
    table.empty = ctx.t("govern-records-none");
    Block::Table(table.finish(ctx, Some(Pager { page, size: PART, total: records.total })))
}

fn number_of(ctx: &PageCtx, shown: &Shown, at: (usize, usize)) -> Option<Block> {
    let (cell, column) = (shown_cell(&shown.table, at)?, shown.table.columns.get(at.1)?);
    let line = shown.table.rows.get(at.0)?;
    let schema = &shown.loaded.cube.schema;
    let mut pairs = vec![(builder::axis_label(ctx, schema, &shown.view.rows), Cell::text(ctx.l(&line.label)))];
    if let (Some(over), Some(columns)) = (&column.over, &shown.view.columns) {
        pairs.push((builder::axis_label(ctx, schema, columns), Cell::text(ctx.l(over))));
    }
    let value =
        cell.value.exact.map_or_else(|| "–".to_owned(), |exact| number_text(exact, column.decimals, ctx.language));
    let unit = table::unit(ctx, column.unit.as_deref());
    pairs.push((ctx.l(&column.heading).to_owned(), Cell::text(format!("{value} {unit}").trim())));
    pairs.push((ctx.t("govern-group"), Cell::text(ctx.whole(cell.value.group))));
    if cell.value.left_out > 0 {
        pairs.push((ctx.t("govern-left-out"), Cell::text(ctx.whole(cell.value.left_out))));
    }
    Some(Block::Pairs(pairs))
}

/// `GET /govern/tables/records`
pub(super) async fn list(ctx: PageCtx) -> Result<Response, PageError> {
    let database = reader(&ctx)?;
    let statistics = ctx.app.statistics()?;
    let query = Query::of(&ctx.here);
    let asked = Asked::of(&ctx, database, &statistics, &ctx.here).await?;
    let shown = statistics.table(database, &ctx.actor, &asked.dataset, &asked.view, asked.small_groups).await;
    let shown =
        shown.map_err(|error| super::message::text(&ctx, &error).map_or_else(|| error.into(), PageError::Request))?;
    let sent = pairs(&ctx.here);
    let at = all(&sent, "at").first().and_then(|at| position(at)).ok_or(PageError::NotFound)?;
    let size = if query.get("export").is_empty() { PART } else { FILE };
    let records = statistics.records(database, &ctx.actor, &shown, at, query.page(), size).await?;
    let records = records.ok_or(PageError::NotFound)?;
    let back = query.with(&[("at", ""), ("page", "")]).replace("/records", "/show");
    let title = show::title(&ctx, &statistics, &shown, &asked.source);
    let mut page = Page::new(ctx.t("govern-records-title"))
        .below(ctx.t("govern-tables-title"), "/govern/tables")
        .below(title, back)
        .demonstration(super::super::network::demonstration(&ctx).await?);
    let about = show::about(&ctx, &shown);
    if !about.is_empty() {
        page.blocks.push(Block::Lead(about));
    }
    page.blocks.extend(number_of(&ctx, &shown, at));
    if let Some(measure) =
        shown.table.columns.get(at.1).and_then(|column| statistics.definitions().catalogue.get(&column.measure))
    {
        let description = ctx.l(&measure.description);
        if !description.is_empty() {
            page.blocks.push(Block::Text(description.to_owned()));
        }
    }
    let content = statistics.definitions().contents.get(&shown.loaded.dataset.code);
    if records.restricted {
        page.blocks.push(Block::Text(ctx.t("govern-records-restricted")));
    }
    let opens = shown_cell(&shown.table, at).map(|cell| &cell.opens).ok_or(PageError::NotFound)?;
    page.blocks.push(list_of(&ctx, &shown, opens, &records, content, query.page()));
    page.show(&ctx)
}
