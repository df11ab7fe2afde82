//! One school: its classes and its staff.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::Response;
use kernel::{Action, ClassId, Place, SchoolId};
use roster::{OrgUnitKind, SchoolClass, StaffMember};

use super::{counted, demonstration, languages};
use crate::blocks::{Block, Cell, Column, Table};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::page::Page;
use crate::text;

fn class_table(ctx: &PageCtx, classes: &[SchoolClass]) -> Table {
    let columns = vec![
        Column::text("class", ctx.t("column-class")),
        Column::number("grade", ctx.t("column-grade")),
        Column::text("language", ctx.t("column-language")),
        Column::text("year", ctx.t("column-school-year")),
        Column::number("pupils", ctx.t("column-pupils")),
    ];
    let mut table = Table::new("classes", ctx.t("classes-title"), columns);
    for class in classes {
        table.rows.push(vec![
            Cell::link(class.label(), format!("/network/classes/{}", class.id)),
            Cell::whole(ctx, class.grade.into()),
            Cell::text(languages(ctx, &[class.language])),
            Cell::text(format!("{}/{}", class.school_year, class.school_year + 1)),
            Cell::whole(ctx, class.pupils),
        ]);
    }
    table.note = counted(ctx, "count-classes", classes.len() as i64);
    table.finish(ctx, None)
}

/// The word for a code of the pack, or the code where the interface has no word for it.
pub(crate) fn word_or_code(ctx: &PageCtx, group: &str, code: &str) -> String {
    let key = format!("{group}-{code}");
    if text::has(ctx.language, &key) { ctx.t(&key) } else { code.to_owned() }
}

fn staff_table(ctx: &PageCtx, members: &[StaffMember], classes: &[SchoolClass]) -> Table {
    let labels: BTreeMap<ClassId, String> = classes.iter().map(|class| (class.id, class.label())).collect();
    let columns = vec![
        Column::text("name", ctx.t("column-name")),
        Column::text("role", ctx.t("column-role")),
        Column::text("teaches", ctx.t("column-teaches")),
    ];
    let mut table = Table::new("staff", ctx.t("staff-title"), columns);
    for member in members {
        let roles: Vec<String> = member.roles.iter().map(|role| word_or_code(ctx, "role", role)).collect();
        let teaches = member.teachings.iter().map(|(class, subject)| {
            let class = labels.get(class).map_or("", String::as_str);
            let what =
                subject.as_ref().map_or_else(|| ctx.t("class-teacher"), |code| word_or_code(ctx, "subject", code));
            format!("{what} ({class})")
        });
        let teaches = teaches.collect::<Vec<_>>().join(", ");
        table.rows.push(vec![Cell::text(member.person.name.full()), Cell::text(roles.join(", ")), Cell::text(teaches)]);
    }
    table.note = counted(ctx, "count-people", members.len() as i64);
    table.finish(ctx, None)
}

/// `GET /network/schools/{school}`
pub(super) async fn show(ctx: PageCtx, Path(school): Path<i64>) -> Result<Response, PageError> {
    let (school, database) = (SchoolId(school), ctx.authorise_somewhere(Action::SeeRoster)?);
    let tree = roster::org_tree(database).await?;
    let unit = tree.school(school).ok_or(PageError::NotFound)?;
    let classes = roster::classes(database, &ctx.actor, Some(school)).await?;
    let whole = access::can(&ctx.actor, Action::SeeRoster, &Place { school: Some(school), ..Place::default() });
    // A teacher sees a school through the classes taught there; without any it is none of theirs.
    if classes.is_empty() && !whole {
        return Err(PageError::NotFound);
    }
    let above = |kind| tree.above(unit.id, kind).map(|unit| ctx.l(&unit.name));
    let place: Vec<&str> = [above(OrgUnitKind::Region), above(OrgUnitKind::District)].into_iter().flatten().collect();
    let mut page = Page::new(ctx.l(&unit.name))
        .below(ctx.t("schools-title"), "/network/schools")
        .demonstration(demonstration(&ctx).await?)
        .with(Block::Lead(place.join(", ")))
        .with(Block::Table(class_table(&ctx, &classes)));
    if whole {
        let members = roster::staff(database, &ctx.actor, school).await?;
        page.blocks.push(Block::Table(staff_table(&ctx, &members, &classes)));
    }
    page.show(&ctx)
}
