//! Results of a class in a test: tomorrow's lesson.

use axum::extract::Path;
use axum::response::Response;
use documents::report::ClassReport;
use kernel::{Action, ClassId, TestId};
use monitoring::model::Settings;

use super::{address, find, shown};
use crate::blocks::{Block, Button, Cell, Column, Notice, Table, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::page::Page;

/// The classes that somebody without summaries sees: a teacher's own.
///
/// # Errors
/// [`PageError::Denied`] when there are no results to be seen at all.
pub async fn list(ctx: &PageCtx, campaign: &delivery::model::Campaign) -> Result<Response, PageError> {
    let database = ctx.authorise_somewhere(Action::SeeResults)?;
    let classes = monitoring::query::class_tests(database, &ctx.actor, campaign.id, None, None).await?;
    let name = ctx.l(&campaign.name).to_owned();
    Page::new(ctx.t_with("results-title", &[("campaign", name.into())]))
        .below(ctx.t("nav-campaigns"), "/assess/campaigns")
        .demonstration(campaign.demonstration)
        .with(Block::Table(super::school::class_table(ctx, campaign, &classes)))
        .show(ctx)
}

async fn load(ctx: &PageCtx, test: i64, class: i64) -> Result<ClassReport, PageError> {
    let database = ctx.authorise_somewhere(Action::SeeResults)?;
    let language = shown::document_language(ctx);
    let settings = Settings::default();
    let report =
        monitoring::report::class_report(database, &ctx.actor, TestId(test), ClassId(class), language, &settings)
            .await?;
    report.ok_or(PageError::NotFound)
}

/// `GET /assess/campaigns/{campaign}/results/classes/{class}/tests/{test}`
///
/// # Errors
/// [`PageError::NotFound`], [`PageError::Denied`].
pub async fn show(ctx: PageCtx, Path((id, class, test)): Path<(String, i64, i64)>) -> Result<Response, PageError> {
    let (database, campaign) = find(&ctx, &id).await?;
    let report = load(&ctx, test, class).await?;
    let pupils = monitoring::query::pupil_scores(database, &ctx.actor, TestId(test), ClassId(class)).await?;
    let labels = shown::labels(&ctx);
    let here = format!("{}/classes/{class}/tests/{test}", address(&campaign));
    let mut page = Page::new(format!("{}: {}", report.class, report.subject))
        .below(ctx.t("nav-campaigns"), "/assess/campaigns")
        .below(ctx.l(&campaign.name), address(&campaign))
        .demonstration(campaign.demonstration)
        .action(Button::link(ctx.t("results-class-pdf"), format!("{here}/report.pdf")))
        .with(Block::Lead(format!("{}, {}", report.school, report.language_of_instruction)));
    let key = |key: &str, cell: Cell| (labels.text(key).to_owned(), cell);
    let mut pairs = vec![
        key("took-part", Cell::text(report.pupils.len().to_string())),
        key("enrolled", Cell::text(report.enrolled.to_string())),
        key("class-mean", shown::mean(&report.mean)),
    ];
    pairs.extend(report.parallel_mean.as_ref().map(|mean| key("parallel-mean", shown::mean(mean))));
    pairs.extend(report.campaign_mean.as_ref().map(|mean| key("campaign-mean", shown::mean(mean))));
    pairs.extend(report.alpha.as_ref().map(|alpha| key("alpha", shown::number(alpha))));
    pairs.extend(report.standard_error.as_ref().map(|error| key("standard-error-points", shown::number(error))));
    page.blocks.push(Block::Pairs(pairs));
    page.blocks.extend(groups(&report, labels.text("groups"), labels.text("no-groups")));
    page.blocks.push(Block::Table(matrix(&ctx, &report, &pupils)));
    page.blocks.push(Block::Text(legend(&ctx)));
    page.blocks.extend(levels(&ctx, &report));
    page.blocks.push(Block::Table(items(&ctx, &report)));
    if !report.criteria.is_empty() {
        page.blocks.push(Block::Table(criteria(&ctx, &report)));
    }
    if !report.absent.is_empty() {
        page.blocks.push(Block::Heading(labels.text("absent").to_owned()));
        page.blocks
            .push(Block::List(report.absent.iter().map(|pupil| format!("{}: {}", pupil.name, pupil.reason)).collect()));
    }
    page.show(&ctx)
}

/// `GET …/report.pdf`
///
/// # Errors
/// [`PageError::NotFound`], [`PageError::Denied`].
pub async fn pdf(ctx: PageCtx, Path((id, class, test)): Path<(String, i64, i64)>) -> Result<Response, PageError> {
    find(&ctx, &id).await?;
    let report = load(&ctx, test, class).await?;
    let name = format!("{} {}", report.class, report.subject);
    shown::pdf(&ctx, report, name).await
}

fn groups(report: &ClassReport, title: &str, none: &str) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(title.to_owned())];
    if report.groups.is_empty() {
        blocks.push(Block::Text(none.to_owned()));
    }
    let panel = |group: &documents::report::NeedGroup| {
        let tasks: Vec<String> = group.items.iter().map(ToString::to_string).collect();
        vec![
            Block::Heading(group.need.clone()),
            Block::Text(format!("№ {}", tasks.join(", "))),
            Block::List(group.pupils.clone()),
            Block::Text(group.advice.clone()),
        ]
    };
    blocks.push(Block::Columns(report.groups.iter().map(panel).collect()));
    blocks
}

/// Pupils by tasks, each name leading to the pupil's own report.
fn matrix(ctx: &PageCtx, report: &ClassReport, scores: &[monitoring::query::PupilScore]) -> Table {
    let labels = shown::labels(ctx);
    let mut columns = vec![Column::text("pupil", labels.text("pupil"))];
    columns.extend(
        report.items.iter().map(|item| Column::number("", item.number.to_string()).with_title(&item.criterion)),
    );
    columns.push(Column::number("score", labels.text("score")));
    columns.push(Column::number("percent", "%"));
    columns.push(Column::number("place", labels.text("place")));
    let scaled = report.levels.as_ref().filter(|_| report.pupils.iter().any(|pupil| pupil.scale.is_some()));
    if scaled.is_some() {
        columns.push(Column::number("scale", labels.text("scale-score")));
        columns.push(Column::text("level", labels.text("level")));
    }
    let mut table = Table::new("matrix", labels.text("matrix"), columns).as_matrix();
    for pupil in &report.pupils {
        let attempt = scores.iter().find(|score| score.name.full() == pupil.name || score.name.short() == pupil.name);
        let name = match attempt {
            Some(score) => Cell::link(&pupil.name, format!("/assess/attempts/{}/report", score.attempt)),
            None => Cell::text(&pupil.name),
        };
        let mut cells = vec![name];
        for (index, status) in pupil.statuses.iter().enumerate() {
            let (sign, class) = shown::status_sign(*status);
            // Points stand there only where tasks have more than one.
            let points = pupil.points.get(index).and_then(Option::as_ref);
            let text = points.map_or(sign, |points| points.earned.text.as_str());
            cells.push(Cell { class, ..Cell::text(text) });
        }
        cells.extend([shown::number(&pupil.score), shown::number(&pupil.percent), shown::place(pupil.place)]);
        if let Some(levels) = scaled {
            cells.extend(scale_cells(pupil.scale.as_ref(), levels.levels.len()));
        }
        table.rows.push(cells);
    }
    let shares = report.items.iter().map(|item| shown::bare_mean(&item.share));
    let total = std::iter::once(Cell::text(labels.text("share-correct"))).chain(shares);
    let mut total: Vec<Cell> = total.chain([Cell::text(""), shown::bare_mean(&report.mean), Cell::text("")]).collect();
    if let Some(levels) = scaled {
        let mean = levels.rows.first().and_then(|row| row.mean.as_ref());
        total.extend([shown::maybe(mean), Cell::text("")]);
    }
    table.totals.push(total);
    table.finish(ctx, None)
}

fn scale_cells(scale: Option<&documents::report::PupilLevel>, levels: usize) -> [Cell; 2] {
    match scale {
        Some(scale) => [
            // The error is on the pupil's page: a second line would double the height of every row.
            shown::number(&scale.points),
            Cell::badge(&scale.level, super::levels::tone(scale.index, levels)),
        ],
        None => [Cell::text("–"), Cell::text("")],
    }
}

/// The class on the scale beside its parallel and the campaign, and who stands where; or why there is no scale.
fn levels(ctx: &PageCtx, report: &ClassReport) -> Vec<Block> {
    let labels = shown::labels(ctx);
    let Some(table) = &report.levels else {
        let why = (!report.no_scale.is_empty()).then(|| Block::Notice(Notice::new(Tone::Plain, &report.no_scale)));
        return why.into_iter().collect();
    };
    let language = shown::document_language(ctx);
    let picture = documents::pictures::level_shares(table, "class-levels", language, &labels);
    let panel = |group: &documents::report::LevelGroup| {
        vec![
            Block::Heading(format!("{} ({})", group.level, group.pupils.len())),
            Block::Text(group.meaning.clone()),
            Block::List(group.pupils.clone()),
        ]
    };
    let mut blocks = vec![shown::chart(ctx, "levels", labels.text("levels-pupils"), &picture)];
    if !report.level_groups.is_empty() {
        blocks.push(Block::Columns(report.level_groups.iter().map(panel).collect()));
    }
    blocks.push(Block::Text(table.note.clone()));
    blocks
}

fn legend(ctx: &PageCtx) -> String {
    use documents::report::Status::{Correct, Incorrect, NotReached, Partial, Skipped};
    let labels = shown::labels(ctx);
    let word = |status| format!("{} {}", shown::status_sign(status).0, shown::status_word(status, &labels));
    [Correct, Partial, Incorrect, Skipped, NotReached].map(word).join(" · ")
}

fn items(ctx: &PageCtx, report: &ClassReport) -> Table {
    let labels = shown::labels(ctx);
    let mut columns = shown::task_columns(&labels);
    columns.push(Column::number("share", labels.text("class-share")));
    columns.push(Column::number("campaign", labels.text("campaign-share")));
    let mut table = Table::new("items", labels.text("by-task"), columns);
    for item in &report.items {
        let mut row = shown::task_cells(item.number, [&item.section, &item.topic, &item.criterion], item.skill);
        row.push(shown::mean(&item.share));
        row.push(item.campaign_share.as_ref().map_or_else(|| Cell::text("–"), shown::mean));
        table.rows.push(row);
    }
    table.finish(ctx, None)
}

fn criteria(ctx: &PageCtx, report: &ClassReport) -> Table {
    let labels = shown::labels(ctx);
    let columns = vec![
        Column::text("criterion", labels.text("criterion")),
        Column::text("tasks", labels.text("group-tasks")),
        Column::number("share", labels.text("class-share")),
        Column::number("campaign", labels.text("campaign-share")),
    ];
    let mut table = Table::new("criteria", labels.text("by-criterion"), columns);
    for row in &report.criteria {
        let tasks: Vec<String> = row.items.iter().map(ToString::to_string).collect();
        table.rows.push(vec![
            Cell::text(&row.criterion),
            Cell::text(tasks.join(", ")),
            shown::mean(&row.share),
            row.campaign_share.as_ref().map_or_else(|| Cell::text("–"), shown::mean),
        ]);
    }
    table.finish(ctx, None)
}
