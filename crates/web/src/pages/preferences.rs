//! Language and theme, kept in the browser.

use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::Cookie;
use serde::Deserialize;

use super::local_path;
use crate::context::Theme;
use crate::error::PageError;
use crate::form::Post;

/// The chosen language.
#[derive(Debug, Deserialize)]
pub struct LanguageFields {
    language: String,
    next: String,
}

/// The chosen theme.
#[derive(Debug, Deserialize)]
pub struct ThemeFields {
    theme: String,
    next: String,
}

fn back(next: &str, cookie: &Cookie<'_>) -> Response {
    let mut response = Redirect::to(local_path(next)).into_response();
    if let Ok(value) = cookie.to_string().parse() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// `POST /preferences/language`
///
/// # Errors
/// [`PageError::Request`] for a language we do not speak.
pub async fn language(post: Post<LanguageFields>) -> Result<Response, PageError> {
    let Post { ctx, fields } = post;
    let language =
        fields.language.parse().map_err(|error: kernel::UnknownLanguage| PageError::Request(error.to_string()))?;
    Ok(back(&fields.next, &ctx.language_cookie(language)))
}

/// `POST /preferences/theme`
pub async fn theme(post: Post<ThemeFields>) -> Response {
    let Post { ctx, fields } = post;
    let theme = match fields.theme.as_str() {
        "light" => Theme::Light,
        "dark" => Theme::Dark,
        _ => Theme::System,
    };
    back(&fields.next, &ctx.theme_cookie(theme))
}
