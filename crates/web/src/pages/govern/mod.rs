//! Govern: tables of statistics that are ready, kept or built here; a number opens to its records.

mod asked;
mod audit;
mod builder;
mod export;
mod keep;
mod list;
mod message;
mod records;
mod show;
mod table;

use axum::Router;
use axum::routing::{get, post};
use kernel::Action;
use store::Database;

use crate::app::App;
use crate::context::PageCtx;
use crate::error::PageError;

/// The routes of these pages.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(audit::routes())
        .route("/govern/tables", get(list::list))
        .route("/govern/tables/show", get(show::show))
        .route("/govern/tables/records", get(records::list))
        .route("/govern/tables/export", get(export::file))
        .route("/govern/views", post(keep::keep))
        .route("/govern/views/{view}", post(keep::change))
        .route("/govern/views/{view}/delete", post(keep::delete))
        .route("/govern/views/{view}/restore", post(keep::restore))
}

/// For those who see results or summaries at all.
pub(super) fn reader(ctx: &PageCtx) -> Result<&Database, PageError> {
    ctx.authorise_somewhere(Action::SeeSummaries).or_else(|_error| ctx.authorise_somewhere(Action::SeeResults))
}
