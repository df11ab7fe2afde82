//! The individual report: one pupil, one test (facts 000b 2.4, 3.13).

use axum::extract::Path;
use axum::response::Response;
use documents::report::{IndividualReport, Standing, Status};
use kernel::{Action, AttemptId};
use monitoring::model::Settings;

use super::shown;
use crate::blocks::{Block, Button, Cell, Column, Notice, Table, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::page::Page;

async fn load(ctx: &PageCtx, attempt: i64) -> Result<IndividualReport, PageError> {
    let database = ctx.authorise_somewhere(Action::SeeResults)?;
    let (language, settings) = (shown::document_language(ctx), Settings::default());
    let report =
        monitoring::report::individual_report(database, &ctx.actor, AttemptId(attempt), language, &settings).await?;
    report.ok_or(PageError::NotFound)
}

/// `GET /assess/attempts/{attempt}/report`
///
/// # Errors
/// [`PageError::NotFound`], [`PageError::Denied`].
pub async fn show(ctx: PageCtx, Path(attempt): Path<i64>) -> Result<Response, PageError> {
    let report = load(&ctx, attempt).await?;
    let labels = shown::labels(&ctx);
    let key = |key: &str, cell: Cell| (labels.text(key).to_owned(), cell);
    let count = |value: u32| Cell::text(value.to_string());
    let mut pairs = vec![
        key("school", Cell::text(&report.school)),
        key("class", Cell::text(&report.class)),
        key("pupil", Cell::text(&report.pupil)),
        key("subject", Cell::text(&report.subject)),
        key("language-of-instruction", Cell::text(&report.language_of_instruction)),
        key("tasks", count(report.tasks)),
        key("correct", count(report.correct)),
        key("unattempted", count(report.unattempted)),
    ];
    for (took_part, label, place) in [
        ("class-took-part", "class-place", report.class_place),
        ("parallel-took-part", "parallel-place", report.parallel_place),
    ] {
        if let Some(place) = place {
            pairs.push(key(took_part, count(place.of)));
            pairs.push(key(label, count(place.place)));
        }
    }
    let mut page = Page::new(format!("{}: {}", report.pupil, report.subject))
        .below(ctx.t("nav-campaigns"), "/assess/campaigns")
        .demonstration(report.imprint.demonstration)
        .action(Button::link(ctx.t("results-individual-pdf"), format!("/assess/attempts/{attempt}/report.pdf")).main())
        .with(Block::Lead(report.summary.clone()))
        .with(Block::Pairs(pairs));
    page.blocks.push(Block::Heading(labels.text("what-next").to_owned()));
    page.blocks.push(Block::Table(sections(&ctx, &report)));
    page.blocks.push(Block::Heading(labels.text("how-sure").to_owned()));
    page.blocks.push(Block::Text(report.score.sentence.clone()));
    page.blocks.push(Block::Table(items(&ctx, &report)));
    page.blocks.extend(scale(&ctx, &report));
    page.show(&ctx)
}

/// `GET /assess/attempts/{attempt}/report.pdf`
///
/// # Errors
/// [`PageError::NotFound`], [`PageError::Denied`].
pub async fn pdf(ctx: PageCtx, Path(attempt): Path<i64>) -> Result<Response, PageError> {
    let report = load(&ctx, attempt).await?;
    let name = format!("{} {}", report.pupil, report.subject);
    shown::pdf(&ctx, report, name).await
}

/// The band of levels with the words for the parent, or why there is none.
fn scale(ctx: &PageCtx, report: &IndividualReport) -> Vec<Block> {
    let labels = shown::labels(ctx);
    let title = labels.text("scale-title");
    let Some(scale) = &report.scale else {
        let why = (!report.no_scale.is_empty()).then(|| Block::Notice(Notice::new(Tone::Plain, &report.no_scale)));
        return why.into_iter().collect();
    };
    let picture = documents::pictures::scale_band(scale, 640.0, shown::document_language(ctx), &labels);
    vec![
        shown::chart(ctx, "scale", title, &picture),
        Block::Text(format!("{} {}", scale.sentence, scale.certainty)),
        Block::Text(labels.text("scale-range-note").to_owned()),
    ]
}

fn sections(ctx: &PageCtx, report: &IndividualReport) -> Table {
    let labels = shown::labels(ctx);
    let columns = vec![
        Column::text("section", labels.text("section")),
        Column::number("correct", labels.text("result")),
        Column::text("standing", labels.text("status")),
        Column::text("advice", labels.text("next-steps")),
    ];
    let mut table = Table::new("sections", labels.text("by-section"), columns);
    for row in &report.sections {
        let (word, tone) = match row.standing {
            Standing::Strong => ("strong", Tone::Good),
            Standing::Middle => ("middle", Tone::Plain),
            Standing::Weak => ("weak", Tone::Warn),
        };
        table.rows.push(vec![
            Cell::text(&row.section),
            Cell::number(format!("{} / {}", row.correct.text, row.of.text), row.correct.value),
            Cell::badge(labels.text(word), tone),
            Cell::text(&row.advice),
        ]);
    }
    table.finish(ctx, None)
}

fn items(ctx: &PageCtx, report: &IndividualReport) -> Table {
    let labels = shown::labels(ctx);
    let mut columns = shown::task_columns(&labels);
    columns.push(Column::text("status", labels.text("status")));
    let mut table = Table::new("items", labels.text("by-task"), columns);
    for item in &report.items {
        let tone = match item.status {
            Status::Correct => Tone::Good,
            Status::Incorrect => Tone::Bad,
            Status::Partial | Status::Skipped => Tone::Warn,
            Status::NotReached | Status::NotGiven => Tone::Plain,
        };
        let mut status = Cell::badge(shown::status_word(item.status, &labels), tone);
        if let Some(points) = &item.points {
            status = status.with_note(format!("{} / {}", points.earned.text, points.of.text));
        }
        let mut row = shown::task_cells(item.number, [&item.section, &item.topic, &item.criterion], item.skill);
        row.push(status);
        table.rows.push(row);
    }
    table.finish(ctx, None)
}
