//! Schools, classes, people, background work, the audit log.

mod audit;
mod class;
mod jobs;
mod pupils;
mod school;
mod schools;

use axum::Router;
use axum::routing::get;
use kernel::{Language, SchoolId};
use roster::OrgTree;

pub(in crate::pages) use jobs::table as job_table;
pub(crate) use school::word_or_code;

use crate::app::App;
use crate::context::PageCtx;
use crate::error::PageError;

/// The routes of these pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/network/schools", get(schools::list))
        .route("/network/schools/{school}", get(school::show))
        .route("/network/classes/{class}", get(class::show))
        .route("/network/pupils", get(pupils::list))
        .route("/network/jobs", get(jobs::list))
        .route("/network/audit", get(audit::list))
}

/// Languages of instruction in words.
pub(crate) fn languages(ctx: &PageCtx, languages: &[Language]) -> String {
    let words = languages.iter().map(|language| ctx.t(&format!("language-{language}")));
    words.collect::<Vec<_>>().join(", ")
}

/// Name of a school; empty when there is no such school.
pub(crate) fn school_name(ctx: &PageCtx, tree: &OrgTree, school: SchoolId) -> String {
    tree.school(school).map_or_else(String::new, |unit| ctx.l(&unit.name).to_owned())
}

/// A number of people or schools in words.
pub(crate) fn counted(ctx: &PageCtx, key: &str, count: i64) -> String {
    ctx.t_with(key, &[("count", count.into())])
}

/// Whether the network holds invented data, so that every page about its people says so.
pub(crate) async fn demonstration(ctx: &PageCtx) -> Result<bool, PageError> {
    let campaigns = delivery::campaigns(ctx.signed_in()?, &ctx.actor).await?;
    Ok(campaigns.iter().any(|campaign| campaign.demonstration))
}
