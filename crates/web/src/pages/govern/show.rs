//! A table: numbers, chart, the form that changes it, what can be done with it.

use axum::http::StatusCode;
use axum::response::Response;
use documents::Labels;
use documents::statistics::{About, ChartKind, Geometry, chart_caption, chart_kinds, table_chart};
use kernel::Action;
use measures::view::View;
use statistics::{Loaded, Shown, Statistics, StatisticsError, datasets};
use store::Database;

use super::asked::{self, Asked, Source};
use super::{builder, keep, message, reader, table};
use crate::blocks::{Block, Button, Query, Tabs};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::format;
use crate::page::Page;
use crate::pages::results::chart_block;

/// Whether somebody may ask to see small groups: who may open every record.
fn may_open(ctx: &PageCtx) -> bool {
    [Action::SeeSummaries, Action::SeeResults]
        .into_iter()
        .all(|action| access::scope(&ctx.actor, action) == kernel::Scope::Network)
}

/// A name of a table that nobody named: its measures, rows and columns.
fn made_title(ctx: &PageCtx, statistics: &Statistics, loaded: &Loaded, view: &View) -> String {
    let names = view.measures.iter().take(3).filter_map(|code| statistics.definitions().catalogue.get(code));
    let mut title = names.map(|measure| ctx.l(&measure.name)).collect::<Vec<_>>().join(", ");
    if view.measures.len() > 3 {
        title.push('…');
    }
    let axes = [Some(&view.rows), view.columns.as_ref()].into_iter().flatten();
    let axes: Vec<String> =
        axes.map(|axis| builder::axis_label(ctx, &loaded.cube.schema, axis).to_lowercase()).collect();
    format!("{title}: {}", axes.join(" × "))
}

/// Title of a table.
pub fn title(ctx: &PageCtx, statistics: &Statistics, shown: &Shown, source: &Source) -> String {
    match source {
        Source::Built => made_title(ctx, statistics, &shown.loaded, &shown.view),
        Source::Ready | Source::Kept(_) => ctx.l(&shown.view.title).to_owned(),
    }
}

/// Place, period and conditions in words, so that a printed table says what it is about.
pub fn about(ctx: &PageCtx, shown: &Shown) -> String {
    let scope = shown.view.scope(&shown.loaded.cube.schema);
    let words = scope.iter().map(|(_, members)| ctx.l(members)).filter(|members| !members.is_empty());
    words.collect::<Vec<_>>().join(" · ")
}

fn files(ctx: &PageCtx) -> Block {
    let mut pairs = asked::pairs(&ctx.here);
    pairs.retain(|(name, _)| !matches!(name.as_str(), "format" | "page"));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
    let formats =
        [("PDF", "pdf"), ("XLSX", "xlsx"), ("CSV", "csv"), ("JSON", "json"), ("SDMX-JSON", "sdmx"), ("DHIS2", "dhis2")];
    let link =
        |(name, format): (&str, &str)| Button::link(name, format!("/govern/tables/export?{query}&format={format}"));
    Block::Actions(formats.into_iter().map(link).collect())
}

fn content(ctx: &PageCtx, statistics: &Statistics, shown: &Shown, title: &str) -> Result<Vec<Block>, PageError> {
    let row_head = builder::axis_label(ctx, &shown.loaded.cube.schema, &shown.view.rows);
    let mut blocks = Vec::new();
    let about = about(ctx, shown);
    if !about.is_empty() {
        blocks.push(Block::Lead(about));
    }
    blocks.push(table::block(ctx, &shown.table, title, &row_head, &statistics.definitions().catalogue)?);
    if shown.lines_hidden > 0 {
        blocks.push(Block::Text(ctx.t("govern-lines-hidden")));
    }
    let source = ctx.l(&shown.loaded.dataset.source).to_owned();
    blocks.push(Block::Text(ctx.t_with("govern-source", &[("source", source.into())])));
    blocks.push(files(ctx));
    blocks.extend(chart(ctx, shown)?);
    Ok(blocks)
}

/// What stands around the table on paper, in a workbook and below a chart.
///
/// # Errors
/// A map of the pack that cannot be read.
pub fn about_table(ctx: &PageCtx, shown: &Shown) -> Result<About, PageError> {
    let table = &shown.table;
    let statistics = ctx.app.statistics()?;
    let geometry = statistics.definitions().geometry(&shown.loaded.dataset.code)?;
    let geometry = geometry.map(Geometry::from_geojson).transpose();
    let plain = About {
        geometry: geometry.map_err(|error| PageError::Internal(format!("outlines of places: {error}")))?,
        scope: vec![about(ctx, shown)].into_iter().filter(|line| !line.is_empty()).collect(),
        source: ctx.l(&shown.loaded.dataset.source).to_owned(),
        date: format::short_date(ctx.now.to_zoned_datetime(ctx.app.zone().clone()).date()),
        ..About::new(ctx.language)
    };
    let kinds = chart_kinds(table, &plain);
    let wanted: Option<ChartKind> = Query::of(&ctx.here).get("chart").parse().ok();
    let chart = wanted.filter(|kind| kinds.contains(kind)).or(kinds.first().copied());
    Ok(About { chart, ..plain })
}

/// The chart that suits the table, with the others to choose from.
fn chart(ctx: &PageCtx, shown: &Shown) -> Result<Vec<Block>, PageError> {
    let (about, labels) = (about_table(ctx, shown)?, Labels::built_in(ctx.language));
    let (Some(kind), Some(chart)) = (about.chart, table_chart(&shown.table, &about)) else { return Ok(Vec::new()) };
    let query = Query::of(&ctx.here);
    let tab = |one: &ChartKind| (one.name(&labels).to_owned(), query.with(&[("chart", one.code())]), *one == kind);
    let tabs: Vec<(String, String, bool)> = chart_kinds(&shown.table, &about).iter().map(tab).collect();
    let mut blocks = vec![Block::Heading(ctx.t("govern-chart"))];
    if tabs.len() > 1 {
        blocks.push(Block::Tabs(Tabs { label: ctx.t("govern-chart"), tabs }));
    }
    // What is drawn, as on paper; the form of the chart is said by the tabs.
    let caption = chart_caption(&shown.table, &about).unwrap_or_else(|| kind.name(&labels).to_owned());
    blocks.push(chart_block(ctx, "chart", &caption, chart.as_ref()));
    Ok(blocks)
}

/// The page of a table, also when something about it is wrong: then the form says what, and the status is 422.
pub async fn page(ctx: &PageCtx, database: &Database, asked: &Asked) -> Result<(Page, StatusCode), PageError> {
    let statistics = ctx.app.statistics()?;
    let table = statistics.table(database, &ctx.actor, &asked.dataset, &asked.view, asked.small_groups).await;
    let all = datasets(database).await?;
    let form = |loaded: &Loaded, view: &View, open| {
        let choices = builder::Choices { statistics: &statistics, datasets: &all, asked: &asked.view };
        builder::form(ctx, &choices, loaded, view, may_open(ctx).then_some(open))
    };
    let below = |page: Page| page.below(ctx.t("govern-tables-title"), "/govern/tables");
    match table {
        Ok(shown) => {
            let title = title(ctx, &statistics, &shown, &asked.source);
            let mut page = below(Page::new(&title));
            page.blocks = content(ctx, &statistics, &shown, &title)?;
            match &asked.source {
                Source::Built => {
                    page.blocks.insert(0, form(&shown.loaded, &shown.view, asked.small_groups));
                    page.blocks.push(keep::form(ctx, &Query::of(&ctx.here), String::new()));
                }
                Source::Ready => {}
                Source::Kept(kept) => page.blocks.extend(keep::changes(ctx, kept)),
            }
            if !matches!(asked.source, Source::Built) {
                let change = asked::address(&asked.dataset, &asked.view);
                page.actions.push(Button::link(ctx.t("govern-change"), change));
            }
            Ok((page, StatusCode::OK))
        }
        Err(error @ StatisticsError::Denied(_)) => Err(error.into()),
        Err(error) => {
            let notice = message::notice(ctx, error)?;
            let mut page = below(Page::new(ctx.t("govern-build"))).with(notice);
            if let Ok(loaded) = statistics.loaded(database, &asked.dataset).await {
                page.blocks.push(form(&loaded, &asked.view, asked.small_groups));
            }
            Ok((page, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// `GET /govern/tables/show`
pub(super) async fn show(ctx: PageCtx) -> Result<Response, PageError> {
    let database = reader(&ctx)?;
    let demonstration = super::super::network::demonstration(&ctx).await?;
    let asked = Asked::of(&ctx, database, &ctx.app.statistics()?, &ctx.here).await;
    match asked {
        Ok(asked) => {
            let (page, status) = page(&ctx, database, &asked).await?;
            page.demonstration(demonstration).show_with_status(&ctx, status)
        }
        Err(error) => {
            let notice = message::notice(&ctx, error)?;
            Page::new(ctx.t("govern-build"))
                .below(ctx.t("govern-tables-title"), "/govern/tables")
                .with(notice)
                .show_with_status(&ctx, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}
