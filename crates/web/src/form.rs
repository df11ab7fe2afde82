//! Forms: what was sent, whether it came from our own page, and what was wrong with it.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::header;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::context::PageCtx;
use crate::error::PageError;

/// A submitted form with its context, after its token was checked.
#[derive(Debug)]
pub struct Post<T> {
    /// The context of the page.
    pub ctx: PageCtx,
    /// What was filled in.
    pub fields: T,
}

impl<T: DeserializeOwned> FromRequest<App> for Post<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let ctx = <PageCtx as FromRequestParts<App>>::from_request_parts(&mut parts, app).await?;
        let body =
            Bytes::from_request(Request::from_parts(parts, body), app).await.map_err(|_error| PageError::TooLarge)?;
        let sent = form_urlencoded::parse(&body).find(|(name, _)| name == "csrf").map(|(_, value)| value);
        check_token(&ctx, sent.as_deref())?;
        let fields = serde_html_form::from_bytes(&body).map_err(|error| PageError::Request(error.to_string()))?;
        Ok(Self { ctx, fields })
    }
}

/// A submitted form that may have files; one without them may also be sent like any other form.
#[derive(Debug)]
pub struct Upload {
    /// The context of the page.
    pub ctx: PageCtx,
    /// Text fields in the order of the form.
    pub fields: Vec<(String, String)>,
    /// Files: field, file name, content. Empty ones are left out.
    pub files: Vec<(String, String, Vec<u8>)>,
}

impl Upload {
    /// A text field; empty when there is none.
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// A file: its name and content.
    pub fn file(&self, name: &str) -> Option<(&str, &[u8])> {
        self.files
            .iter()
            .find(|(known, ..)| known == name)
            .map(|(_, file, content)| (file.as_str(), content.as_slice()))
    }
}

impl FromRequest<App> for Upload {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("multipart/")) {
            let Post { ctx, fields } = Post::<Vec<(String, String)>>::from_request(request, app).await?;
            return Ok(Self { ctx, fields, files: Vec::new() });
        }
        let (mut parts, body) = request.into_parts();
        let ctx = <PageCtx as FromRequestParts<App>>::from_request_parts(&mut parts, app).await?;
        let broken = |error: axum::extract::multipart::MultipartError| match error.status().as_u16() {
            413 => PageError::TooLarge,
            _ => PageError::Request(error.to_string()),
        };
        let mut form = Multipart::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|error| PageError::Request(error.to_string()))?;
        let (mut fields, mut files) = (Vec::new(), Vec::new());
        while let Some(field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            match field.file_name().map(str::to_owned) {
                Some(file) => {
                    let content = field.bytes().await.map_err(broken)?;
                    if !content.is_empty() {
                        files.push((name, file, content.to_vec()));
                    }
                }
                None => fields.push((name, field.text().await.map_err(broken)?)),
            }
        }
        let upload = Self { ctx, fields, files };
        check_token(&upload.ctx, Some(upload.field("csrf")))?;
        Ok(upload)
    }
}

/// The token of the form against that of the session (or of the visit before signing in).
fn check_token(ctx: &PageCtx, sent: Option<&str>) -> Result<(), PageError> {
    match sent {
        Some(sent) if !ctx.csrf.is_empty() && same(sent.as_bytes(), ctx.csrf.as_bytes()) => Ok(()),
        _ => Err(PageError::Token),
    }
}

/// Compares without telling by its duration where two texts part.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}
