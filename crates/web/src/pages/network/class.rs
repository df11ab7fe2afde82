//! One class: its pupils.

use axum::extract::Path;
use axum::response::Response;
use kernel::{Action, ClassId, Place};
use roster::{Pupil, PupilFilter};

use super::{counted, demonstration, languages, school_name};
use crate::blocks::{Block, Cell, Column, Table};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::format;
use crate::page::Page;

/// No class has more pupils.
const ALL: u32 = 500;

fn table(ctx: &PageCtx, pupils: &[Pupil]) -> Table {
    let columns = vec![
        Column::text("name", ctx.t("column-name")),
        Column::text("sex", ctx.t("column-sex")),
        Column::text("since", ctx.t("column-since")),
    ];
    let mut table = Table::new("pupils", ctx.t("pupils-title"), columns);
    for pupil in pupils {
        let sex = pupil.person.sex.map_or_else(String::new, |sex| ctx.t(&format!("sex-{}", sex.code())));
        let since = format::short_date(pupil.since);
        table.rows.push(vec![Cell::text(pupil.person.name.full()), Cell::text(sex), Cell::text(since)]);
    }
    table.note = counted(ctx, "count-pupils", pupils.len() as i64);
    table.finish(ctx, None)
}

/// `GET /network/classes/{class}`
pub(super) async fn show(ctx: PageCtx, Path(class): Path<i64>) -> Result<Response, PageError> {
    let database = ctx.authorise_somewhere(Action::SeeRoster)?;
    let class = roster::class(database, ClassId(class)).await?.ok_or(PageError::NotFound)?;
    ctx.authorise(Action::SeeRoster, &Place { school: Some(class.school), class: Some(class.id), person: None })?;
    let filter = PupilFilter { class: Some(class.id), limit: ALL, ..PupilFilter::default() };
    let pupils = roster::pupils(database, &ctx.actor, &filter).await?;
    let tree = roster::org_tree(database).await?;
    let year = format!("{}/{}", class.school_year, class.school_year + 1);
    let figures = vec![
        (ctx.t("column-pupils"), ctx.whole(class.pupils), String::new()),
        (ctx.t("column-language"), languages(&ctx, &[class.language]), String::new()),
        (ctx.t("column-school-year"), year, String::new()),
    ];
    Page::new(ctx.t_with("class-title", &[("label", class.label().into())]))
        .below(ctx.t("schools-title"), "/network/schools")
        .below(school_name(&ctx, &tree, class.school), format!("/network/schools/{}", class.school))
        .demonstration(demonstration(&ctx).await?)
        .with(Block::Figures(figures))
        .with(Block::Table(table(&ctx, &pupils.rows)))
        .show(&ctx)
}
