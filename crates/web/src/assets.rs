//! Files for the browser, built by `scripts/assets` and kept inside the program. Their names carry a hash of their content.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use include_dir::{Dir, include_dir};

static DIST: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/dist");

static MANIFEST: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let file = DIST.get_file("manifest.json").map(include_dir::File::contents).unwrap_or_default();
    serde_json::from_slice(file).unwrap_or_default()
});

/// The address of an asset by its plain name, `page.css`.
pub fn address(name: &str) -> String {
    match MANIFEST.get(name) {
        Some(file) => format!("/assets/{file}"),
        None => format!("/assets/{name}"),
    }
}

/// The text of an asset by its plain name, for a page that carries it inside; empty when it was not built.
pub fn content(name: &str) -> &'static str {
    let file = MANIFEST.get(name).and_then(|file| DIST.get_file(file));
    file.and_then(include_dir::File::contents_utf8).unwrap_or_default()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// `GET /assets/{file}`
pub async fn get(Path(name): Path<String>, headers: HeaderMap) -> Response {
    if !MANIFEST.values().any(|file| *file == name) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Some(plain) = DIST.get_file(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let small = if accepts.contains("br") { DIST.get_file(format!("{name}.br")) } else { None };
    let mut response = small.unwrap_or(plain).contents().into_response();
    let set = response.headers_mut();
    set.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type(&name)));
    set.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("public, max-age=31536000, immutable"));
    set.insert(header::VARY, header::HeaderValue::from_static("accept-encoding"));
    if small.is_some() {
        set.insert(header::CONTENT_ENCODING, header::HeaderValue::from_static("br"));
    }
    response
}
