//! Drawings and other files that pupils of a class gave as answers.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use delivery::{GivenFile, GivenFiles};
use kernel::{Action, AttemptId, SittingId};

use super::page_below;
use crate::blocks::{Block, Cell, Column, Table};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::{export, format};

/// What a browser may make of a file of somebody else: nothing but show it.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");

/// `GET /assess/sittings/{sitting}/files`: the service asks the rules about the class and writes down that it was read.
pub(super) async fn list(ctx: PageCtx, Path(sitting): Path<i64>) -> Result<Response, PageError> {
    let database = ctx.authorise_somewhere(Action::SeeResults)?;
    let given = delivery::given_files(database, &ctx.actor, ctx.now, SittingId(sitting)).await?;
    let given = given.ok_or(PageError::NotFound)?;
    let campaign = delivery::campaign(database, given.campaign).await?.ok_or(PageError::NotFound)?;
    let title = format!("{}: {}, {}", ctx.t("files-title"), ctx.l(&given.test_name), given.class_label);
    let table = table(&ctx, &given, &campaign.time_zone());
    page_below(&ctx, &campaign, title).with(Block::Lead(ctx.t("files-lead"))).with(Block::Table(table)).show(&ctx)
}

fn table(ctx: &PageCtx, given: &GivenFiles, zone: &jiff::tz::TimeZone) -> Table {
    let columns = vec![
        Column::text("name", ctx.t("column-name")),
        Column::number("task", ctx.t("files-task")),
        Column::text("file", ctx.t("files-file")),
        Column::text("kind", ctx.t("files-kind")),
        Column::number("size", ctx.t("files-size")),
        Column::text("time", ctx.t("files-time")),
    ];
    let mut table = Table::new("files", ctx.t("files-title"), columns);
    let row = |given: &GivenFile| {
        let GivenFile { attempt, person_name, position, file, at } = given;
        let number = i64::try_from(position + 1).unwrap_or_default();
        // Kilobytes, rounded up: nothing that was given has none.
        let size = i64::try_from(file.size.div_ceil(1024)).unwrap_or_default();
        vec![
            Cell::text(person_name),
            Cell::whole(ctx, number),
            Cell::link(&file.name, format!("/assess/attempts/{attempt}/files/{}", file.hash)),
            Cell::text(ctx.t(kind(file.media_type))),
            Cell::whole(ctx, size),
            Cell::text(format::date_time(&format::moment(*at, zone))),
        ]
    };
    table.rows = given.files.iter().map(row).collect();
    table.empty = ctx.t("files-none");
    table.finish(ctx, None)
}

/// The word for a kind of file.
fn kind(media_type: &str) -> &'static str {
    match media_type.split('/').next() {
        Some("image") => "files-kind-picture",
        Some("audio") => "files-kind-sound",
        Some("video") => "files-kind-film",
        Some("text") => "files-kind-text",
        _ => "files-kind-document",
    }
}

/// `GET /assess/attempts/{attempt}/files/{hash}`: pictures are shown, everything else is saved. That it was opened stands in
/// the audit log.
pub(super) async fn open(ctx: PageCtx, Path((attempt, hash)): Path<(i64, String)>) -> Result<Response, PageError> {
    let database = ctx.authorise_somewhere(Action::SeeResults)?;
    let found = delivery::given_file(database, &ctx.actor, ctx.now, AttemptId(attempt), &hash).await?;
    let (file, content) = found.ok_or(PageError::NotFound)?;
    let is_picture = file.media_type.starts_with("image/");
    let give = if is_picture { export::shown } else { export::file };
    let mut response = give(content, file.media_type, &file.name);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
    Ok(response)
}
