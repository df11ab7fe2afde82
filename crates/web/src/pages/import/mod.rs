//! Bringing in what was made elsewhere: responses of tests, term marks.

pub mod marks;
mod problem;
pub mod responses;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use kernel::Action;
use monitoring::MonitoringError;

use crate::app::App;
use crate::blocks::{Block, Cell, Column, Notice, Table, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::page::Page;

/// Routes below `/assess/import`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/assess/import", get(show))
        .route("/assess/import/responses", get(responses::show).post(responses::submit))
        .route("/assess/import/marks", get(marks::show).post(marks::submit))
}

/// `GET /assess/import`
///
/// # Errors
/// [`PageError::Denied`].
pub async fn show(ctx: PageCtx) -> Result<Response, PageError> {
    ctx.authorise_somewhere(Action::ImportResults)?;
    let ways = vec![
        crate::blocks::Button::link(ctx.t("import-responses"), "/assess/import/responses"),
        crate::blocks::Button::link(ctx.t("import-marks"), "/assess/import/marks"),
    ];
    Page::new(ctx.t("nav-import")).with(Block::Lead(ctx.t("import-lead"))).with(Block::Actions(ways)).show(&ctx)
}

/// What was wrong with a file: a notice, and a table of rows and columns where there are some.
fn refused(ctx: &PageCtx, error: MonitoringError) -> Result<Vec<Block>, PageError> {
    let notice = |text: String| Block::Notice(Notice::new(Tone::Bad, text));
    match error {
        MonitoringError::Rejected(rejected) => {
            let count = i64::try_from(rejected.total).unwrap_or(i64::MAX);
            let columns = vec![
                Column::number("row", ctx.t("import-row")),
                Column::text("column", ctx.t("import-column")),
                Column::text("problem", ctx.t("import-problem")),
            ];
            let mut table = Table::new("problems", ctx.t("import-problems"), columns);
            for finding in &rejected.findings {
                let row =
                    finding.row.map_or_else(|| Cell::text("–"), |row| Cell::number(row.to_string(), f64::from(row)));
                let column = finding.column.as_ref().map_or_else(String::new, ToString::to_string);
                table.rows.push(vec![row, Cell::text(column), Cell::text(problem::words(ctx, &finding.problem))]);
            }
            let text = ctx.t_with("import-refused", &[("count", count.into())]);
            Ok(vec![notice(text), Block::Table(table.finish_unsorted(ctx))])
        }
        MonitoringError::Table(problem) => Ok(vec![notice(problem.message(ctx.language))]),
        MonitoringError::NameTaken(name) => Ok(vec![notice(ctx.t_with("import-name-taken", &[("name", name.into())]))]),
        other => Err(other.into()),
    }
}
