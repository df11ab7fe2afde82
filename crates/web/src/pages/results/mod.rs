//! Results of a campaign: the whole, a school, a class, a pupil; each as a page and as PDF.

pub mod campaign;
pub mod class;
pub mod documents;
pub mod item;
mod item_scale;
pub mod levels;
pub mod pupil;
pub mod school;
pub(crate) mod shown;

pub(in crate::pages) use school::class_table;
pub(super) use shown::{chart as chart_block, pdf};

use axum::Router;
use axum::routing::{get, post};
use delivery::model::Campaign;
use kernel::Action;
use store::Database;

use crate::app::App;
use crate::context::PageCtx;
use crate::error::PageError;
use crate::pages::campaigns;

/// Routes below `/assess/campaigns/{campaign}/results` and `/assess/attempts`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/assess/campaigns/{campaign}/results", get(campaign::show))
        .route("/assess/campaigns/{campaign}/results/presentation.pdf", get(campaign::pdf))
        .route("/assess/campaigns/{campaign}/results/workbook.xlsx", get(campaign::workbook))
        .route("/assess/campaigns/{campaign}/results/documents", post(documents::ask))
        .route("/assess/campaigns/{campaign}/results/schools/{school}/documents.zip", get(documents::school))
        .route("/assess/campaigns/{campaign}/results/tests/{test}", get(item::show))
        .route("/assess/campaigns/{campaign}/results/tests/{test}/levels", get(levels::list))
        .route("/assess/campaigns/{campaign}/results/schools/{school}", get(school::show))
        .route("/assess/campaigns/{campaign}/results/schools/{school}/report.pdf", get(school::pdf))
        .route("/assess/campaigns/{campaign}/results/classes/{class}/tests/{test}", get(class::show))
        .route("/assess/campaigns/{campaign}/results/classes/{class}/tests/{test}/report.pdf", get(class::pdf))
        .route("/assess/attempts/{attempt}/report", get(pupil::show))
        .route("/assess/attempts/{attempt}/report.pdf", get(pupil::pdf))
}

/// A campaign by its id or code, for those who may see results or summaries at all.
pub(super) async fn find<'a>(ctx: &'a PageCtx, named: &str) -> Result<(&'a Database, Campaign), PageError> {
    let database =
        ctx.authorise_somewhere(Action::SeeSummaries).or_else(|_error| ctx.authorise_somewhere(Action::SeeResults))?;
    Ok((database, campaigns::of_name(database, named).await?))
}

/// Address of a campaign's results.
pub(super) fn address(campaign: &Campaign) -> String {
    campaigns::address(campaign.id, "/results")
}
