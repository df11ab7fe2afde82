//! What lies beside an item: pictures and sounds, and the frame in which a portable custom interaction runs.

use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use kernel::ItemId;

use super::steps::attempt;
use crate::app::App;
use crate::assets;
use crate::context::PageCtx;
use crate::error::PageError;

/// `GET /sit/items/{item}/{path}`: a file of the current item.
///
/// # Errors
/// [`PageError`].
pub async fn file(ctx: PageCtx, Path((item, path)): Path<(i64, String)>) -> Result<Response, PageError> {
    let delivery = ctx.app.delivery();
    let found = delivery.item_file(&ctx.actor, attempt(&ctx)?, (ItemId(item), &path), ctx.now).await?;
    let found = found.ok_or(PageError::NotFound)?;
    let headers =
        [(header::CONTENT_TYPE, found.media_type), (header::CACHE_CONTROL, "private, max-age=600".to_owned())];
    Ok((headers, found.content).into_response())
}

/// The document of the frame. It has no origin, no network and no way out but messages to the page around it.
#[derive(Debug, Template)]
#[template(path = "sit/program.html")]
struct Frame<'a> {
    language: &'static str,
    nonce: &'a str,
    loader: &'static str,
    modules: Vec<(String, String)>,
    start: String,
    markup: &'a str,
}

/// The text of a script between its tags: nothing in it may end the tag.
fn inside_script(text: &str) -> String {
    text.replace("</", "<\\/").replace("<!--", "<\\!--")
}

/// `GET /sit/programs/{item}/{response}`: the frame of a portable custom interaction of the current item. Its modules stand
/// in the document itself, so that it needs no network: a program cannot tell anybody what it saw.
///
/// # Errors
/// [`PageError`].
pub async fn program(ctx: PageCtx, Path((item, response)): Path<(i64, String)>) -> Result<Response, PageError> {
    let delivery = ctx.app.delivery();
    let shown = delivery.program(&ctx.actor, attempt(&ctx)?, (ItemId(item), &response), ctx.now).await?;
    let Some(shown) = shown else { return Ok(StatusCode::NOT_FOUND.into_response()) };
    let start = serde_json::json!({
        "type": shown.program.type_identifier, "module": shown.program.module, "properties": shown.program.properties,
        "response": response,
    });
    let token = access::Token::random(&mut App::rng());
    let modules = shown.modules.into_iter().map(|(name, source)| (name, inside_script(&source))).collect();
    let loader = assets::content("frame.js");
    let language = ctx.language.code();
    let frame = Frame {
        language,
        nonce: token.as_str(),
        loader,
        modules,
        start: start.to_string(),
        markup: &shown.program.markup,
    };
    let html = frame.render().map_err(|error| PageError::Internal(error.to_string()))?;
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src data:; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts",
        nonce = token.as_str()
    );
    let policy = HeaderValue::from_str(&policy).map_err(|error| PageError::Internal(error.to_string()))?;
    let opener = (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("unsafe-none"));
    Ok(([(header::CONTENT_SECURITY_POLICY, policy), opener], Html(html)).into_response())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_module_cannot_leave_its_script() {
        let text = super::inside_script("a = '</script><b>'; // <!-- x");
        assert!(!text.contains("</") && !text.contains("<!--"), "{text}");
    }
}
