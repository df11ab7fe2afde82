//! The code from the card.

use access::{SessionOwner, Throttle, ThrottleError};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use delivery::model::{CODE_LENGTH, CodeError};
use delivery::{SignIn, SignInError};
use serde::Deserialize;

use crate::app::App;
use crate::blocks::{Block, Button, Field, FieldKind, Form, Notice, Tone};
use crate::context::{PageCtx, SESSION_COOKIE};
use crate::error::PageError;
use crate::form::Post;
use crate::format::date_time;
use crate::page::Page;

/// What is typed.
#[derive(Debug, Deserialize)]
pub struct Fields {
    #[serde(default)]
    code: String,
}

pub(super) fn page(ctx: &PageCtx, code: &str, notice: Option<Notice>) -> Page {
    let field = Field::new("code", ctx.t("sit-code-label"), FieldKind::Line("text"));
    let field = field.value(code).hint(ctx.t("sit-code-hint"));
    let mut page = Page { bare: true, ..Page::new(ctx.t("sit-code-title")) };
    page.blocks.extend(notice.map(Block::Notice));
    page.with(Block::Form(Form::new(ctx, "/sit/code", vec![field], ctx.t("sit-code-submit"))))
        .with(Block::Actions(vec![Button::link(ctx.t("sit-code-staff"), "/sign-in")]))
}

/// `POST /sit/code`: begins the session of a pupil.
///
/// # Errors
/// [`PageError::Internal`] when the database fails; a code that opens nothing is a message on the page.
pub async fn submit(post: Post<Fields>) -> Result<Response, PageError> {
    let Post { ctx, fields } = post;
    let database = ctx.app.database();
    let from = format!("code:{}", ctx.address.as_deref().unwrap_or("-"));
    let refused = |status: StatusCode, text: String| {
        page(&ctx, &fields.code, Some(Notice::new(Tone::Bad, text))).show_with_status(&ctx, status)
    };
    // Only wrong codes count, so that a whole school may sign in from one address at the same moment.
    match Throttle::CODE.look(database, &from, ctx.now).await {
        Ok(()) => {}
        Err(ThrottleError::Store(error)) => return Err(error.into()),
        Err(ThrottleError::TooMany(too_many)) => {
            let minutes = (too_many.seconds + 59) / 60;
            return refused(
                StatusCode::TOO_MANY_REQUESTS,
                ctx.t_with("sit-code-too-many", &[("minutes", minutes.into())]),
            );
        }
    }
    let SignIn { attempt, person, language } = match ctx.app.delivery().sign_in(&fields.code, ctx.now).await {
        Ok(signed_in) => signed_in,
        Err(SignInError::Store(error)) => return Err(error.into()),
        Err(error) => {
            if matches!(error, SignInError::Unknown) {
                // Whether this was the last try that counts is told at the next one.
                let _ = Throttle::CODE.take(database, &from, ctx.now).await;
            }
            return refused(StatusCode::UNPROCESSABLE_ENTITY, message(&ctx, &error));
        }
    };
    let owner = SessionOwner::Pupil { attempt, person };
    let token = access::start_session(database, &ctx.by(), owner, ctx.agent.clone(), &mut App::rng()).await?;
    let mut response = Redirect::to("/sit").into_response();
    // The page speaks the language of instruction, also where it says that something went wrong.
    let session = ctx.cookie(SESSION_COOKIE, token.as_str().to_owned());
    for cookie in [session, ctx.language_cookie(language)] {
        if let Ok(value) = cookie.to_string().parse() {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    Ok(response)
}

fn message(ctx: &PageCtx, error: &SignInError) -> String {
    match error {
        SignInError::NotACode(CodeError::Length { found }) => {
            ctx.t_with("sit-code-length", &[("expected", CODE_LENGTH.into()), ("found", (*found).into())])
        }
        SignInError::NotACode(CodeError::Sign { sign }) => {
            ctx.t_with("sit-code-sign", &[("sign", sign.to_string().into())])
        }
        SignInError::Used { finished_at } => ctx.t_with("sit-code-used", &[("at", date_time(finished_at).into())]),
        SignInError::TooEarly { opens_at } => ctx.t_with("sit-code-early", &[("at", date_time(opens_at).into())]),
        SignInError::NotOpened => ctx.t("sit-code-not-opened"),
        SignInError::Closed { closed_at: Some(at) } => {
            ctx.t_with("sit-code-closed-at", &[("at", date_time(at).into())])
        }
        SignInError::Closed { closed_at: None } => ctx.t("sit-code-closed"),
        SignInError::Unknown | SignInError::Store(_) => ctx.t("sit-code-unknown"),
    }
}
