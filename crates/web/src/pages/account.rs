//! One's own sign-in: password and sessions.

use access::{AccountError, SessionOwner};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::blocks::{Block, Button, Cell, Column, Field, FieldKind, Form, Notice, Table, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::form::Post;
use crate::format;
use crate::page::{Page, redirect};

/// The old password and a new one.
#[derive(Debug, Deserialize)]
pub struct PasswordFields {
    old: String,
    new: String,
}

/// Nothing is filled in.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

async fn page(ctx: &PageCtx, mistake: Option<String>) -> Result<Page, PageError> {
    let database = ctx.signed_in()?;
    let person = ctx.actor.person.ok_or(PageError::Denied)?;
    let zone = ctx.app.zone();
    let sessions = access::list_sessions(database, person, ctx.now).await?;
    let columns = vec![
        Column::text("seen", ctx.t("account-seen")),
        Column::text("address", ctx.t("account-address")),
        Column::text("agent", ctx.t("account-agent")),
    ];
    let mut table = Table::new("sessions", ctx.t("account-sessions"), columns);
    table.rows = sessions
        .into_iter()
        .map(|session| {
            let seen = format::date_time(&format::moment(session.seen_at, zone));
            let own = ctx.session.as_ref().is_some_and(|own| own.id == session.id);
            let seen = Cell::text(seen).with_note(if own { ctx.t("account-this") } else { String::new() });
            vec![seen, Cell::text(session.address.unwrap_or_default()), Cell::text(session.agent.unwrap_or_default())]
        })
        .collect();
    let minimum = ctx.t_with("account-new-hint", &[("count", (access::PASSWORD_MINIMUM as i64).into())]);
    let fields = vec![
        Field {
            autocomplete: "current-password",
            ..Field::new("old", ctx.t("account-old"), FieldKind::Line("password"))
        },
        Field { autocomplete: "new-password", ..Field::new("new", ctx.t("account-new"), FieldKind::Line("password")) }
            .hint(minimum),
    ];
    let mut page = Page::new(ctx.t("account-title"))
        .action(Button::post(ctx, ctx.t("account-sign-out-everywhere"), "/account/sign-out-everywhere").danger());
    page.blocks.extend(mistake.map(|text| Block::Notice(Notice::new(Tone::Bad, text))));
    Ok(page
        .with(Block::Table(table.finish(ctx, None)))
        .with(Block::Heading(ctx.t("account-password")))
        .with(Block::Form(Form::new(ctx, "/account/password", fields, ctx.t("account-change")))))
}

/// `GET /account`
///
/// # Errors
/// [`PageError::SignIn`] when nobody has signed in.
pub async fn show(ctx: PageCtx) -> Result<Response, PageError> {
    page(&ctx, None).await?.show(&ctx)
}

/// `POST /account/password`: ends all sessions, so the new password is needed at once.
///
/// # Errors
/// [`PageError::SignIn`] when nobody has signed in; a wrong or short password is a message on the page.
pub async fn change_password(post: Post<PasswordFields>) -> Result<Response, PageError> {
    let Post { ctx, fields } = post;
    let database = ctx.signed_in()?;
    let Some(SessionOwner::Staff { account, .. }) = ctx.session.as_ref().map(|session| session.owner) else {
        return Err(PageError::Denied);
    };
    let changed =
        access::change_password(database, ctx.app.passwords(), &ctx.by(), account, &fields.old, &fields.new).await;
    let mistake = match changed {
        Ok(()) => return Ok(redirect(&ctx, "/sign-in", "account-changed")),
        Err(AccountError::Store(error)) => return Err(error.into()),
        Err(AccountError::TooShort) => {
            ctx.t_with("account-too-short", &[("count", (access::PASSWORD_MINIMUM as i64).into())])
        }
        Err(AccountError::TooMany(wait)) => {
            ctx.t_with("sign-in-too-many", &[("minutes", ((wait.seconds + 59) / 60).into())])
        }
        Err(AccountError::Wrong | AccountError::Hash) => ctx.t("account-wrong"),
    };
    page(&ctx, Some(mistake)).await?.show_with_status(&ctx, StatusCode::UNPROCESSABLE_ENTITY)
}

/// `POST /account/sign-out-everywhere`
///
/// # Errors
/// [`PageError::SignIn`] when nobody has signed in.
pub async fn sign_out_everywhere(post: Post<Nothing>) -> Result<Response, PageError> {
    let ctx = post.ctx;
    let database = ctx.signed_in()?;
    let person = ctx.actor.person.ok_or(PageError::Denied)?;
    access::end_all_sessions(database, &ctx.by(), person).await?;
    Ok(redirect(&ctx, "/sign-in", "account-signed-out"))
}
