//! The schools of the network.

use std::collections::BTreeMap;

use axum::response::Response;
use kernel::{Action, OrgUnitId, SchoolId};
use roster::{OrgTree, OrgUnit, OrgUnitKind, SchoolClass};

use super::{counted, demonstration, languages};
use crate::blocks::{Block, Cell, Column, Field, FieldKind, Filters, Query, Table};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::page::Page;

fn filters(ctx: &PageCtx, tree: &OrgTree, query: &Query) -> Filters {
    let mut regions = vec![(String::new(), ctx.t("filter-all"))];
    let units = tree.all().filter(|unit| unit.kind == OrgUnitKind::Region);
    regions.extend(units.map(|unit| (unit.id.to_string(), ctx.l(&unit.name).to_owned())));
    let search = Field::new("search", ctx.t("filter-search"), FieldKind::Line("search")).optional();
    let region = Field::new("region", ctx.t("column-region"), FieldKind::Select(regions)).optional();
    Filters {
        action: "/network/schools".to_owned(),
        fields: vec![search.value(query.get("search")), region.value(query.get("region"))],
        submit: ctx.t("filter-submit"),
    }
}

/// Whether every word stands in the name, and the region is the one asked for.
fn matches(ctx: &PageCtx, tree: &OrgTree, unit: &OrgUnit, query: &Query) -> bool {
    let name = roster::names::folded(ctx.l(&unit.name));
    let wanted = roster::names::folded(query.get("search"));
    let region = query.number("region").map(OrgUnitId);
    let above = tree.above(unit.id, OrgUnitKind::Region).map(|unit| unit.id);
    wanted.split_whitespace().all(|word| name.contains(word)) && (region.is_none() || region == above)
}

fn table(ctx: &PageCtx, tree: &OrgTree, classes: &[SchoolClass]) -> Table {
    let query = Query::of(&ctx.here);
    let mut sums: BTreeMap<SchoolId, (i64, i64)> = BTreeMap::new();
    for class in classes {
        let sum = sums.entry(class.school).or_default();
        *sum = (sum.0 + 1, sum.1 + class.pupils);
    }
    let columns = vec![
        Column::text("school", ctx.t("column-school")),
        Column::text("region", ctx.t("column-region")),
        Column::text("district", ctx.t("column-district")),
        Column::text("language", ctx.t("column-language")),
        Column::number("classes", ctx.t("column-classes")),
        Column::number("pupils", ctx.t("column-pupils")),
    ];
    let mut table = Table::new("schools", ctx.t("schools-title"), columns);
    let mut found: Vec<&OrgUnit> = tree.schools().filter(|unit| matches(ctx, tree, unit, &query)).collect();
    found.sort_by_key(|unit| roster::names::sort_key(ctx.l(&unit.name)));
    for unit in found {
        // Only schools in which the actor may see a class.
        let Some((classes, pupils)) = sums.get(&SchoolId(unit.id.0)).copied() else { continue };
        let above = |kind| tree.above(unit.id, kind).map_or("", |unit| ctx.l(&unit.name));
        table.rows.push(vec![
            Cell::link(ctx.l(&unit.name), format!("/network/schools/{}", unit.id)),
            Cell::text(above(OrgUnitKind::Region)),
            Cell::text(above(OrgUnitKind::District)),
            Cell::text(languages(ctx, &unit.languages)),
            Cell::whole(ctx, classes),
            Cell::whole(ctx, pupils),
        ]);
    }
    table.note = counted(ctx, "count-schools", table.rows.len() as i64);
    table.empty = ctx.t("schools-none");
    table.finish(ctx, None)
}

/// `GET /network/schools`
pub(super) async fn list(ctx: PageCtx) -> Result<Response, PageError> {
    let database = ctx.authorise_somewhere(Action::SeeRoster)?;
    let tree = roster::org_tree(database).await?;
    let classes = roster::classes(database, &ctx.actor, None).await?;
    Page::new(ctx.t("schools-title"))
        .demonstration(demonstration(&ctx).await?)
        .with(Block::Filters(filters(&ctx, &tree, &Query::of(&ctx.here))))
        .with(Block::Table(table(&ctx, &tree, &classes)))
        .show(&ctx)
}
