//! A table as a file, as the reader sees it on the page.

use axum::response::Response;
use measures::write;

use super::asked::{Asked, all, pairs};
use super::{reader, show};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::export;

fn internal(error: impl std::fmt::Display) -> PageError {
    PageError::Internal(format!("table as a file: {error}"))
}

/// `GET /govern/tables/export`
pub(super) async fn file(ctx: PageCtx) -> Result<Response, PageError> {
    let database = reader(&ctx)?;
    let statistics = ctx.app.statistics()?;
    let asked = Asked::of(&ctx, database, &statistics, &ctx.here).await?;
    let shown = statistics
        .table(database, &ctx.actor, &asked.dataset, &asked.view, asked.small_groups)
        .await
        .map_err(|error| super::message::text(&ctx, &error).map_or_else(|| error.into(), PageError::Request))?;
    let mut table = shown.table.clone();
    let title = show::title(&ctx, &statistics, &shown, &asked.source);
    table.title = kernel::Localized::same(&title);
    let pairs = pairs(&ctx.here);
    let format = all(&pairs, "format").first().copied().unwrap_or_default().to_owned();
    let about = show::about_table(&ctx, &shown)?;
    let (content, content_type, ending) = match format.as_str() {
        "pdf" => {
            let document = documents::statistics::TableDocument::new(&table, &about);
            return crate::pages::results::pdf(&ctx, document, title).await;
        }
        "xlsx" => {
            let book = documents::statistics::table_workbook(&[(&table, &about)]).map_err(internal)?;
            return Ok(export::file(book, export::XLSX, &format!("{title}.xlsx")));
        }
        "csv" => {
            let text = write::csv(&table, ctx.language).map_err(internal)?;
            (format!("\u{feff}{text}"), "text/csv; charset=utf-8", "csv")
        }
        "json" => (write::json(&table).map_err(internal)?, "application/json", "json"),
        "sdmx" => {
            let id = format!("{}-{}", shown.loaded.dataset.code, ctx.now.as_second());
            let prepared = ctx.now.to_string();
            let message = write::Message { id: &id, prepared: &prepared, sender: "zerek", structure_urn: None };
            let text = write::sdmx_json(&table, &message, ctx.language).map_err(internal)?;
            (text, "application/vnd.sdmx.data+json; version=2.1.0", "sdmx.json")
        }
        "dhis2" => {
            let (text, _left_out) = write::dhis2(&table, &write::Dhis2Names::default()).map_err(internal)?;
            (text, "application/json", "dhis2.json")
        }
        _ => return Err(PageError::NotFound),
    };
    Ok(export::file(content.into_bytes(), content_type, &format!("{title}.{ending}")))
}
