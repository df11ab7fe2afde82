//! Signing in with a password.

use access::{AccountError, SessionOwner, TooMany};
use axum::extract::Query as Asked;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::app::App;
use crate::blocks::{Block, Button, Field, FieldKind, Form, Notice, Tone};
use crate::context::{PageCtx, SESSION_COOKIE};
use crate::error::PageError;
use crate::form::Post;
use crate::page::Page;
use crate::pages::local_path;

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

/// Login and password.
#[derive(Debug, Deserialize)]
pub struct Fields {
    login: String,
    password: String,
    #[serde(default)]
    next: String,
}

fn page(ctx: &PageCtx, login: &str, next: &str, notice: Option<Notice>) -> Page {
    let fields = vec![
        Field { autocomplete: "username", ..Field::new("login", ctx.t("sign-in-login"), FieldKind::Line("text")) }
            .value(login),
        Field {
            autocomplete: "current-password",
            ..Field::new("password", ctx.t("sign-in-password"), FieldKind::Line("password"))
        },
        Field::new("next", "", FieldKind::Hidden).value(next),
    ];
    let mut page = Page { bare: true, ..Page::new(ctx.t("sign-in-title")) };
    page.blocks.extend(notice.map(Block::Notice));
    page.with(Block::Form(Form::new(ctx, "/sign-in", fields, ctx.t("sign-in-submit"))))
        .with(Block::Actions(vec![Button::link(ctx.t("sign-in-pupil"), "/sit")]))
}

/// `GET /sign-in`
///
/// # Errors
/// [`PageError::Internal`] when the page cannot be rendered.
pub async fn show(ctx: PageCtx, Asked(next): Asked<Next>) -> Result<Response, PageError> {
    if ctx.signed_in().is_ok() {
        return Ok(Redirect::to(local_path(&next.next)).into_response());
    }
    page(&ctx, "", &next.next, None).show(&ctx)
}

/// `POST /sign-in`
///
/// # Errors
/// [`PageError::Internal`] when the database fails; a wrong password is a message on the page.
pub async fn submit(post: Post<Fields>) -> Result<Response, PageError> {
    let Post { ctx, fields } = post;
    let app = &ctx.app;
    let account = access::sign_in(app.database(), app.passwords(), &ctx.by(), &fields.login, &fields.password).await;
    let account = match account {
        Ok(account) => account,
        Err(AccountError::Store(error)) => return Err(error.into()),
        Err(error) => {
            let (status, text) = match error {
                AccountError::TooMany(TooMany { seconds }) => {
                    let minutes = (seconds + 59) / 60;
                    let text = ctx.t_with("sign-in-too-many", &[("minutes", minutes.into())]);
                    (StatusCode::TOO_MANY_REQUESTS, text)
                }
                _ => (StatusCode::UNPROCESSABLE_ENTITY, ctx.t("sign-in-wrong")),
            };
            return page(&ctx, &fields.login, &fields.next, Some(Notice::new(Tone::Bad, text)))
                .show_with_status(&ctx, status);
        }
    };
    let owner = SessionOwner::Staff { account: account.id, person: account.person };
    let mut rng = App::rng();
    let token = access::start_session(app.database(), &ctx.by(), owner, ctx.agent.clone(), &mut rng).await?;
    let mut response = Redirect::to(local_path(&fields.next)).into_response();
    if let Ok(value) = ctx.cookie(SESSION_COOKIE, token.as_str().to_owned()).to_string().parse() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}
