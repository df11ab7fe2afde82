//! The auditor's page: tables are dropped, relations confirmed, wrong cells marked. Nothing is kept on the server: what was
//! read travels in the page's form until the reader leaves.

mod asked;
mod marked;
mod shown;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use documents::statistics::{FindingsDocument, findings_sheet};
use documents::table::csv_file;
use kernel::Action;
use measures::audit::{Report, audit};

use crate::app::App;
use crate::blocks::{Block, Notice, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::export::file;
use crate::form::Upload;
use crate::page::Page;
use asked::{Asked, Stage};

/// Routes below `/govern/audit`.
pub fn routes() -> Router<App> {
    Router::new().route("/govern/audit", get(show).post(submit))
}

/// `GET /govern/audit`
///
/// # Errors
/// [`PageError::Denied`].
pub async fn show(ctx: PageCtx) -> Result<Response, PageError> {
    ctx.authorise_somewhere(Action::AuditTables)?;
    shown::form(&ctx, Vec::new())?.show(&ctx)
}

/// `POST /govern/audit`: files are read and relations proposed; then the relations that were confirmed are checked, and the
/// findings shown or downloaded.
///
/// # Errors
/// [`PageError::Denied`]; what is wrong with a file or a rule is a message on the page.
pub async fn submit(upload: Upload) -> Result<Response, PageError> {
    upload.ctx.authorise_somewhere(Action::AuditTables)?;
    let (ctx, language) = (upload.ctx.clone(), upload.ctx.language);
    // Relations are guessed by trying many; the threads that serve pages go on meanwhile.
    let work = move || match Asked::read(&upload) {
        Ok(asked) if asked.stage == Stage::Confirm => Ok((asked, Report::default())),
        Ok(asked) => {
            let report = audit(&asked.sheets, &asked.rules());
            Ok((asked, report))
        }
        Err(messages) => Err(messages),
    };
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| PageError::Internal(error.to_string()))?;
    let (asked, report) = match done {
        Ok(done) => done,
        Err(mistakes) => {
            let details = mistakes.iter().map(|mistake| mistake.words(&ctx)).collect();
            return refused(&ctx, details);
        }
    };
    if !report.rule_errors.is_empty() {
        let words = report.rule_errors.iter().map(|error| error.words().in_language(language).to_owned());
        return refused(&ctx, words.collect());
    }
    match asked.stage {
        Stage::Confirm => shown::confirm(&ctx, &asked)?.show(&ctx),
        Stage::Marked => shown::marked(&ctx, &asked, &report)?.show(&ctx),
        Stage::Csv => as_csv(&ctx, &report),
        Stage::Pdf => as_pdf(&ctx, &report),
    }
}

fn refused(ctx: &PageCtx, details: Vec<String>) -> Result<Response, PageError> {
    let notice = Notice { tone: Tone::Bad, text: ctx.t("auditor-refused"), details };
    let page: Page = shown::form(ctx, vec![Block::Notice(notice)])?;
    page.show_with_status(ctx, StatusCode::UNPROCESSABLE_ENTITY)
}

fn as_csv(ctx: &PageCtx, report: &Report) -> Result<Response, PageError> {
    let english = ctx.language == kernel::Language::En;
    let (separator, decimal) = if english { (b',', '.') } else { (b';', ',') };
    let bytes = csv_file(&findings_sheet(report, ctx.language), true, separator, decimal)
        .map_err(|error| PageError::Internal(error.to_string()))?;
    Ok(file(bytes, "text/csv; charset=utf-8", &format!("{}.csv", ctx.t("auditor-title"))))
}

fn as_pdf(ctx: &PageCtx, report: &Report) -> Result<Response, PageError> {
    let date = kernel::day_in_words(ctx.now.to_zoned_datetime(ctx.app.zone().clone()).date(), ctx.language);
    let document = FindingsDocument::new(report, ctx.language, &date);
    let pdf = ctx.app.renderer()?.render(&document).map_err(|error| PageError::Internal(error.to_string()))?;
    Ok(file(pdf.bytes, "application/pdf", &format!("{}.pdf", ctx.t("auditor-title"))))
}
