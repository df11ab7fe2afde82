//! Responses of a test sat elsewhere: raw choices with a key, or points.

use axum::http::StatusCode;
use axum::response::Response;
use kernel::{Action, Place};
use monitoring::MonitoringError;
use monitoring::import::{ImportRequest, Imported, ReadOptions};
use monitoring::model::Settings;

use super::refused;
use crate::blocks::{Block, Button, Cell, Field, FieldKind, Form, Notice, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::form::Upload;
use crate::format;
use crate::page::Page;

fn page(ctx: &PageCtx, name: &str, items: &str) -> Page {
    let csv = || FieldKind::File(".csv,.txt,text/csv");
    let fields = vec![
        Field::new("test", ctx.t("import-test"), FieldKind::Line("text")).value(name),
        Field::new("responses", ctx.t("import-file"), csv()).hint(ctx.t("import-file-hint")),
        Field::new("key", ctx.t("import-key"), csv()).hint(ctx.t("import-key-hint")).optional(),
        Field::new("items", ctx.t("import-items"), FieldKind::Line("text"))
            .hint(ctx.t("import-items-hint"))
            .value(items)
            .optional(),
    ];
    Page::new(ctx.t("import-responses")).below(ctx.t("nav-import"), "/assess/import").with(Block::Form(Form::new(
        ctx,
        "/assess/import/responses",
        fields,
        ctx.t("import-submit"),
    )))
}

/// `GET /assess/import/responses`
///
/// # Errors
/// [`PageError::Denied`].
pub async fn show(ctx: PageCtx) -> Result<Response, PageError> {
    ctx.authorise(Action::ImportResults, &Place::default())?;
    page(&ctx, "", "").show(&ctx)
}

/// `POST /assess/import/responses`
///
/// # Errors
/// [`PageError::Denied`]; a file that cannot be taken is a message on the page.
pub async fn submit(upload: Upload) -> Result<Response, PageError> {
    let ctx = &upload.ctx;
    let database = ctx.authorise(Action::ImportResults, &Place::default())?;
    let (name, items) = (upload.field("test").trim(), upload.field("items").trim());
    let Some((_, responses)) = upload.file("responses").filter(|_| !name.is_empty()) else {
        let mut page = page(ctx, name, items);
        page.blocks.insert(0, Block::Notice(Notice::new(Tone::Bad, ctx.t("import-incomplete"))));
        return page.show_with_status(ctx, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let held_on = ctx.now.to_zoned_datetime(format::zone()).date();
    let key = upload.file("key").map(|(_, content)| content.to_vec());
    let columns = ReadOptions { items: (!items.is_empty()).then(|| items.to_owned()), ..ReadOptions::default() };
    let request =
        ImportRequest { columns, language: ctx.language, ..ImportRequest::new(name, responses.to_vec(), key, held_on) };
    match taken(database.clone(), ctx.actor.clone(), ctx.now, request).await? {
        Ok(imported) => {
            let number = |value: Option<f64>, decimals| {
                Cell::text(value.map_or_else(|| "–".to_owned(), |value| format::rounded(ctx.language, value, decimals)))
            };
            let statistics = &imported.statistics;
            let pairs = vec![
                (ctx.t("import-test"), Cell::text(name)),
                (ctx.t("import-persons"), Cell::whole(ctx, imported.persons as i64)),
                (ctx.t("import-tasks"), Cell::whole(ctx, imported.items as i64)),
                ("M".to_owned(), number(Some(statistics.mean), 2)),
                ("α".to_owned(), number(statistics.alpha, 3)),
                ("SEM".to_owned(), number(statistics.sem, 2)),
            ];
            let mut page = Page::new(ctx.t("import-done"))
                .below(ctx.t("nav-import"), "/assess/import")
                .action(
                    Button::link(ctx.t("import-results"), format!("/assess/campaigns/{}/results", imported.campaign))
                        .main(),
                )
                .with(Block::Pairs(pairs));
            if imported.warnings_total > 0 {
                let details = imported.warnings.iter().map(ToString::to_string).collect();
                let count = i64::try_from(imported.warnings_total).unwrap_or(i64::MAX);
                let text = ctx.t_with("import-warnings", &[("count", count.into())]);
                page.blocks.push(Block::Notice(Notice { tone: Tone::Warn, text, details }));
            }
            page.show(ctx)
        }
        Err(error) => {
            let mut page = page(ctx, name, items);
            page.blocks.splice(0..0, refused(ctx, error)?);
            page.show_with_status(ctx, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// Brings the file in beside the server's own threads: reading and statistics of a national examination take seconds.
async fn taken(
    database: store::Database,
    actor: kernel::Actor,
    now: kernel::Timestamp,
    request: ImportRequest,
) -> Result<Result<Imported, MonitoringError>, PageError> {
    let runtime = tokio::runtime::Handle::current();
    let work = move || {
        let settings = Settings::default();
        runtime.block_on(monitoring::import::import_responses(&database, &actor, now, &request, &settings))
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| PageError::Internal(error.to_string()))
}
