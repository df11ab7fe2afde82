//! Responses of a test sat elsewhere: raw choices with a key, or points.

use axum::http::StatusCode;
use axum::response::Response;
use kernel::{Action, Place};
use monitoring::MonitoringError;
use monitoring::import::{Finding, ImportRequest, Imported, ReadOptions};
use monitoring::model::Settings;

use super::problem::{place, words};
use super::refused;
use crate::blocks::{Block, Button, Cell, Field, FieldKind, Form, Notice, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::form::Upload;
use crate::format;
use crate::page::Page;
use crate::pages::campaigns::address;

/// Fields of text, with what was typed.
const TYPED: [&str; 4] = ["test", "items", "school", "class"];

fn page(ctx: &PageCtx, typed: [&str; 4]) -> Page {
    let [name, items, school, class] = typed;
    let csv = || FieldKind::File(".csv,.txt,text/csv");
    let fields = vec![
        Field::new("test", ctx.t("import-test"), FieldKind::Line("text")).value(name),
        Field::new("responses", ctx.t("import-file"), csv()).hint(ctx.t("import-file-hint")),
        Field::new("key", ctx.t("import-key"), csv()).hint(ctx.t("import-key-hint")).optional(),
        Field::new("items", ctx.t("import-items"), FieldKind::Line("text"))
            .hint(ctx.t("import-items-hint"))
            .value(items)
            .optional(),
        Field::new("school", ctx.t("import-school-column"), FieldKind::Line("text"))
            .hint(ctx.t("import-group-hint"))
            .value(school)
            .optional(),
        Field::new("class", ctx.t("import-class-column"), FieldKind::Line("text")).value(class).optional(),
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
    page(&ctx, [""; 4]).show(&ctx)
}

/// `POST /assess/import/responses`
///
/// # Errors
/// [`PageError::Denied`]; a file that cannot be taken is a message on the page.
pub async fn submit(upload: Upload) -> Result<Response, PageError> {
    let ctx = &upload.ctx;
    let database = ctx.authorise(Action::ImportResults, &Place::default())?;
    let typed = TYPED.map(|field| upload.field(field).trim());
    let named = |index: usize| Some(typed[index].to_owned()).filter(|name| !name.is_empty());
    let name = typed[0];
    let Some((_, responses)) = upload.file("responses").filter(|_| !name.is_empty()) else {
        let mut page = page(ctx, typed);
        page.blocks.insert(0, Block::Notice(Notice::new(Tone::Bad, ctx.t("import-incomplete"))));
        return page.show_with_status(ctx, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let held_on = ctx.now.to_zoned_datetime(ctx.app.zone().clone()).date();
    let key = upload.file("key").map(|(_, content)| content.to_vec());
    let columns = ReadOptions { items: named(1), school: named(2), class: named(3), ..ReadOptions::default() };
    let request =
        ImportRequest { columns, language: ctx.language, ..ImportRequest::new(name, responses.to_vec(), key, held_on) };
    match taken(database.clone(), ctx.actor.clone(), ctx.now, request).await? {
        Ok(imported) => done(ctx, name, &imported).show(ctx),
        Err(error) => {
            let mut page = page(ctx, typed);
            page.blocks.splice(0..0, refused(ctx, error)?);
            page.show_with_status(ctx, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// What was brought in, with everything that deserves a look.
fn done(ctx: &PageCtx, name: &str, imported: &Imported) -> Page {
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
        .action(Button::link(ctx.t("import-results"), address(imported.campaign, "/results")).main())
        .with(Block::Pairs(pairs));
    if imported.warnings_total > 0 {
        let told = |finding: &Finding| format!("{}: {}", place(ctx, finding), words(ctx, &finding.problem));
        let details = imported.warnings.iter().map(told).collect();
        let count = i64::try_from(imported.warnings_total).unwrap_or(i64::MAX);
        let text = ctx.t_with("import-warnings", &[("count", count.into())]);
        page.blocks.push(Block::Notice(Notice { tone: Tone::Warn, text, details }));
    }
    page
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
