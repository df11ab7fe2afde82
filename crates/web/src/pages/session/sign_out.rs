//! Signing out.

use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::context::SESSION_COOKIE;
use crate::error::PageError;
use crate::form::Post;

/// Nothing is filled in.
#[derive(Debug, Deserialize)]
pub struct Fields {}

/// `POST /sign-out`
///
/// # Errors
/// [`PageError::Internal`] when the database fails.
pub async fn submit(post: Post<Fields>) -> Result<Response, PageError> {
    let ctx = post.ctx;
    if let (Some(session), Some(person)) = (&ctx.session, ctx.actor.person) {
        access::end_session(ctx.app.database(), &ctx.by(), person, &session.id).await?;
    }
    let mut response = Redirect::to("/").into_response();
    let gone = format!("{SESSION_COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    if let Ok(value) = gone.parse() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}
