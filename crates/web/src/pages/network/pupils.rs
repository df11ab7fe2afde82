//! All pupils, found by name.

use std::collections::{BTreeMap, BTreeSet};

use axum::response::Response;
use kernel::{Action, ClassId, SchoolId};
use roster::{OrgTree, Page as Part, Pupil, PupilFilter, SchoolClass};

use super::{counted, demonstration, school_name};
use crate::blocks::{Block, Cell, Column, Field, FieldKind, Filters, Pager, Query, Table};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::page::Page;

/// Rows of one part of the list.
const PART: u32 = 50;
/// Rows of a file.
const FILE: u32 = 200_000;

fn table(ctx: &PageCtx, part: &Part<Pupil>, classes: &[SchoolClass], tree: &OrgTree) -> Table {
    let labels: BTreeMap<ClassId, String> = classes.iter().map(|class| (class.id, class.label())).collect();
    let columns = vec![
        Column::text("name", ctx.t("column-name")),
        Column::text("class", ctx.t("column-class")),
        Column::text("school", ctx.t("column-school")),
        Column::text("sex", ctx.t("column-sex")),
    ];
    let mut table = Table::new("pupils", ctx.t("pupils-title"), columns);
    for pupil in &part.rows {
        let label = labels.get(&pupil.class).map_or("", String::as_str);
        table.rows.push(vec![
            Cell::text(pupil.person.name.full()),
            Cell::link(label, format!("/network/classes/{}", pupil.class)),
            Cell::link(school_name(ctx, tree, pupil.school), format!("/network/schools/{}", pupil.school)),
            Cell::text(pupil.person.sex.map_or_else(String::new, |sex| ctx.t(&format!("sex-{}", sex.code())))),
        ]);
    }
    table.note = counted(ctx, "count-pupils", part.total);
    table.empty = ctx.t("pupils-none");
    table.finish(ctx, Some(Pager { page: Query::of(&ctx.here).page(), size: PART, total: part.total }))
}

fn filters(ctx: &PageCtx, classes: &[SchoolClass], tree: &OrgTree, query: &Query) -> Filters {
    let seen: BTreeSet<SchoolId> = classes.iter().map(|class| class.school).collect();
    let mut schools: Vec<(String, String)> =
        seen.into_iter().map(|school| (school.to_string(), school_name(ctx, tree, school))).collect();
    schools.sort_by_key(|(_, name)| roster::names::sort_key(name));
    schools.insert(0, (String::new(), ctx.t("filter-all")));
    let search = Field::new("search", ctx.t("filter-name"), FieldKind::Line("search")).optional();
    let school = Field::new("school", ctx.t("column-school"), FieldKind::Select(schools)).optional();
    Filters {
        action: "/network/pupils".to_owned(),
        fields: vec![search.value(query.get("search")), school.value(query.get("school"))],
        submit: ctx.t("filter-submit"),
    }
}

/// `GET /network/pupils`
pub(super) async fn list(ctx: PageCtx) -> Result<Response, PageError> {
    let database = ctx.authorise_somewhere(Action::SeeRoster)?;
    let query = Query::of(&ctx.here);
    let whole = !query.get("export").is_empty();
    let filter = PupilFilter {
        school: query.number("school").map(SchoolId),
        class: None,
        search: query.get("search").to_owned(),
        offset: if whole { 0 } else { (query.page() - 1).saturating_mul(PART) },
        limit: if whole { FILE } else { PART },
    };
    let part = roster::pupils(database, &ctx.actor, &filter).await?;
    let classes = roster::classes(database, &ctx.actor, None).await?;
    let tree = roster::org_tree(database).await?;
    Page::new(ctx.t("pupils-title"))
        .demonstration(demonstration(&ctx).await?)
        .with(Block::Filters(filters(&ctx, &classes, &tree, &query)))
        .with(Block::Table(table(&ctx, &part, &classes, &tree)))
        .show(&ctx)
}
