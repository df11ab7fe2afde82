//! The page tree, which is the route tree.

pub mod account;
pub mod campaigns;
pub mod govern;
pub mod health;
pub mod home;
pub mod import;
pub mod network;
pub mod preferences;
pub mod results;
pub mod session;
pub mod sit;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;

use crate::app::App;
use crate::{assets, error, security};

/// The largest form: an XLSX of a big school or a CSV of a national examination.
const LARGEST_FORM: usize = 64 * 1024 * 1024;

/// All routes with what surrounds them.
pub fn router(app: App) -> Router {
    let pages = Router::new()
        .route("/", get(home::show))
        .route("/sign-in", get(session::sign_in::show).post(session::sign_in::submit))
        .route("/sign-out", post(session::sign_out::submit))
        .route("/account", get(account::show))
        .route("/account/password", post(account::change_password))
        .route("/account/sign-out-everywhere", post(account::sign_out_everywhere))
        .route("/preferences/language", post(preferences::language))
        .route("/preferences/theme", post(preferences::theme))
        .merge(sit::routes())
        .merge(network::routes())
        .merge(campaigns::routes());
    pages
        .merge(import::routes())
        .merge(results::routes())
        .merge(govern::routes())
        .route("/health", get(health::get))
        .route("/assets/{file}", get(assets::get))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(from_fn(error::layer))
        .layer(from_fn_with_state(app.clone(), security::visit))
        .layer(from_fn(security::same_site))
        .layer(from_fn_with_state(app.clone(), security::headers))
        .layer(CompressionLayer::new())
        .with_state(app)
}

/// A path of this site to go on to; anything else leads home.
pub fn local_path(next: &str) -> &str {
    let local = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    if local { next } else { "/" }
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_paths_of_this_site_are_followed() {
        assert_eq!(super::local_path("/assess/campaigns?x=1"), "/assess/campaigns?x=1");
        for elsewhere in
            ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "", "javascript:x"]
        {
            assert_eq!(super::local_path(elsewhere), "/");
        }
    }
}
