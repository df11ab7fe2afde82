//! Keeping a table under a name, renaming, deleting and taking that back.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use statistics::StatisticsError;
use statistics::model::{KeptView, ViewId};

use super::asked::Asked;
use super::{message, reader, show};
use crate::blocks::{Block, Button, Field, FieldKind, Form, Query};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::form::Post;
use crate::page::redirect;

/// What is filled in when a table is kept or changed.
#[derive(Debug, Deserialize)]
pub struct Fields {
    #[serde(default)]
    query: String,
    name: String,
    #[serde(default)]
    shared: String,
}

fn fields(ctx: &PageCtx, label: &str, name: &str, shared: bool, error: String) -> Vec<Field> {
    vec![
        Field::new("name", ctx.t(label), FieldKind::Line("text")).value(name).error(error),
        Field::new("shared", ctx.t("govern-share"), FieldKind::Check(shared)).optional(),
    ]
}

/// The form that keeps the table of an address.
pub fn form(ctx: &PageCtx, query: &Query, error: String) -> Block {
    let address = query.with(&[("page", ""), ("at", "")]);
    let mut all = vec![Field::new("query", "", FieldKind::Hidden).value(address)];
    all.extend(fields(ctx, "govern-keep-title", "", false, error));
    Block::Form(Form::new(ctx, "/govern/views", all, ctx.t("govern-keep")))
}

/// What the owner of a kept table may change.
pub fn changes(ctx: &PageCtx, kept: &KeptView) -> Vec<Block> {
    if Some(kept.owner) != ctx.actor.person {
        return Vec::new();
    }
    let address = format!("/govern/views/{}", kept.id.0);
    if kept.deleted {
        let undo = Button::post(ctx, ctx.t("govern-undo"), format!("{address}/restore"));
        return vec![Block::Empty(ctx.t("govern-deleted"), vec![undo])];
    }
    let delete = Button::post(ctx, ctx.t("govern-delete"), format!("{address}/delete")).danger();
    let fields = fields(ctx, "govern-field-name", &kept.name, kept.shared, String::new());
    vec![
        Block::Heading(ctx.t("govern-keeping")),
        Block::Form(Form::new(ctx, address, fields, ctx.t("govern-rename"))),
        Block::Actions(vec![delete]),
    ]
}

/// `POST /govern/views`
pub(super) async fn keep(post: Post<Fields>) -> Result<Response, PageError> {
    let Post { mut ctx, fields } = post;
    reader(&ctx)?;
    let database = ctx.app.database().clone();
    // The page that is shown again when the name is wrong is the page that was kept.
    ctx.here = if fields.query.starts_with("/govern/tables/show") { fields.query.clone() } else { ctx.here };
    let statistics = ctx.app.statistics()?;
    let asked = Asked::of(&ctx, &database, &statistics, &ctx.here).await?;
    let shown = statistics.table(&database, &ctx.actor, &asked.dataset, &asked.view, false).await;
    let kept = match shown {
        Ok(_) => {
            let shared = !fields.shared.is_empty();
            let (by, view) = (ctx.by(), &asked.view);
            statistics::keep_view(&database, &ctx.actor, &by, &asked.dataset, view, &fields.name, shared).await
        }
        Err(error) => Err(error),
    };
    match kept {
        Ok(id) => Ok(redirect(&ctx, &format!("/govern/tables/show?kept={}", id.0), "flash-govern-kept")),
        Err(error) => wrong(&ctx, &database, &asked, error).await,
    }
}

async fn wrong(
    ctx: &PageCtx,
    database: &store::Database,
    asked: &Asked,
    error: StatisticsError,
) -> Result<Response, PageError> {
    let Some(text) = message::text(ctx, &error) else { return Err(error.into()) };
    let (mut page, _) = show::page(ctx, database, asked).await?;
    page.blocks.retain(|block| !matches!(block, Block::Form(_)));
    page.blocks.insert(0, form(ctx, &Query::of(&ctx.here), text));
    page.show_with_status(ctx, StatusCode::UNPROCESSABLE_ENTITY)
}

/// `POST /govern/views/{view}`
pub(super) async fn change(Path(view): Path<i64>, post: Post<Fields>) -> Result<Response, PageError> {
    let Post { mut ctx, fields } = post;
    reader(&ctx)?;
    let database = ctx.app.database().clone();
    let shared = !fields.shared.is_empty();
    let (by, id) = (ctx.by(), ViewId(view));
    let renamed = statistics::rename_view(&database, &ctx.actor, &by, id, &fields.name, shared).await;
    ctx.here = format!("/govern/tables/show?kept={view}");
    match renamed {
        Ok(()) => Ok(redirect(&ctx, &ctx.here, "flash-govern-saved")),
        Err(error) => {
            let asked = Asked::of(&ctx, &database, &ctx.app.statistics()?, &ctx.here).await?;
            let text = message::text(&ctx, &error).ok_or_else(|| PageError::from(error))?;
            let (mut page, _) = show::page(&ctx, &database, &asked).await?;
            let again = self::fields(&ctx, "govern-field-name", &fields.name, shared, text);
            for block in &mut page.blocks {
                if let Block::Form(form) = block {
                    form.fields.clone_from(&again);
                }
            }
            page.show_with_status(&ctx, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// Nothing is filled in.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

/// `POST /govern/views/{view}/delete`
pub(super) async fn delete(Path(view): Path<i64>, post: Post<Nothing>) -> Result<Response, PageError> {
    let ctx = post.ctx;
    let database = reader(&ctx)?;
    statistics::delete_view(database, &ctx.actor, &ctx.by(), ViewId(view), true).await?;
    // The page offers to take it back.
    Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to(&format!(
        "/govern/tables?deleted={view}"
    ))))
}

/// `POST /govern/views/{view}/restore`
pub(super) async fn restore(Path(view): Path<i64>, post: Post<Nothing>) -> Result<Response, PageError> {
    let ctx = post.ctx;
    let database = reader(&ctx)?;
    statistics::delete_view(database, &ctx.actor, &ctx.by(), ViewId(view), false).await?;
    Ok(redirect(&ctx, &format!("/govern/tables/show?kept={view}"), "flash-govern-restored"))
}
