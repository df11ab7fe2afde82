//! Results of a school.

use axum::extract::Path;
use axum::response::Response;
use documents::report::SchoolReport;
use kernel::{Action, Place, SchoolId};
use monitoring::model::{LevelSummary, Settings};
use monitoring::query::{CampaignSummary, ClassTest};

use super::documents::{address as documents_address, ready};
use super::levels::{LevelLine, level_table, pupils_address};
use super::{address, find, shown};
use crate::blocks::{Block, Button, Cell, Column, Table};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::format;
use crate::page::Page;

async fn load(
    ctx: &PageCtx,
    campaign: &delivery::model::Campaign,
    school: SchoolId,
) -> Result<(SchoolReport, Vec<ClassTest>, CampaignSummary), PageError> {
    let place = Place { school: Some(school), ..Place::default() };
    let database = ctx.authorise(Action::SeeSummaries, &place)?;
    let (settings, language) = (Settings::default(), shown::document_language(ctx));
    let summary = monitoring::query::campaign_summary(database, &ctx.actor, campaign.id, &settings).await?;
    let summary = summary.ok_or(PageError::NotFound)?;
    summary.tree.school(school).ok_or(PageError::NotFound)?;
    let found = monitoring::query::school_findings(database, &ctx.actor, campaign, school, language, &settings).await?;
    let classes = monitoring::query::class_tests(database, &ctx.actor, campaign.id, Some(school), None).await?;
    let report = monitoring::report::build_school(&summary, school, &found, &classes, language, &settings);
    Ok((report, classes, summary))
}

/// `GET /assess/campaigns/{campaign}/results/schools/{school}`
///
/// # Errors
/// [`PageError::NotFound`], [`PageError::Denied`].
pub async fn show(ctx: PageCtx, Path((id, school)): Path<(String, i64)>) -> Result<Response, PageError> {
    let (_, campaign) = find(&ctx, &id).await?;
    let (report, classes, summary) = load(&ctx, &campaign, SchoolId(school)).await?;
    let labels = shown::labels(&ctx);
    let back = address(&campaign);
    let mut page = Page::new(&report.school)
        .below(ctx.t("nav-campaigns"), "/assess/campaigns")
        .below(ctx.l(&campaign.name), back.clone())
        .demonstration(campaign.demonstration)
        .action(Button::link(ctx.t("results-school-pdf"), format!("{back}/schools/{school}/report.pdf")))
        .with(Block::Lead(report.region.clone()));
    if ready(&ctx, &campaign, SchoolId(school)).await? {
        let href = documents_address(&campaign, SchoolId(school));
        page = page.action(Button::link(ctx.t("results-school-documents"), href));
    }
    page.blocks.push(Block::Table(participation(&ctx, &report)));
    page.blocks.push(Block::Table(subjects(&ctx, &report)));
    page.blocks.push(shown::chart(
        &ctx,
        "subject-bars",
        labels.text("results-by-subject"),
        &documents::pictures::school_subjects(&report, &labels),
    ));
    page.blocks.extend(levels(&ctx, &report, &summary, SchoolId(school)));
    page.blocks.push(Block::Table(class_table(&ctx, &campaign, &classes)));
    page.blocks.extend(super::campaign::findings(&ctx, &report.findings, &labels));
    page.show(&ctx)
}

/// `GET …/schools/{school}/report.pdf`
///
/// # Errors
/// [`PageError::NotFound`], [`PageError::Denied`].
pub async fn pdf(ctx: PageCtx, Path((id, school)): Path<(String, i64)>) -> Result<Response, PageError> {
    let (_, campaign) = find(&ctx, &id).await?;
    let (report, ..) = load(&ctx, &campaign, SchoolId(school)).await?;
    let name = report.school.clone();
    shown::pdf(&ctx, report, name).await
}

/// The school's subjects on their scales, each share leading to its pupils.
fn levels(ctx: &PageCtx, report: &SchoolReport, summary: &CampaignSummary, school: SchoolId) -> Vec<Block> {
    let labels = shown::labels(ctx);
    let (language, campaign) = (shown::document_language(ctx), &summary.campaign);
    let mut blocks = Vec::new();
    for (table, id) in report.levels.iter().zip(["levels-0", "levels-1", "levels-2", "levels-3"]) {
        let picture = documents::pictures::level_shares(table, id, language, &labels);
        let title = format!("{}, {}", labels.text("levels-by-subject"), table.title);
        blocks.push(shown::chart(ctx, "level-shares", &title, &picture));
    }
    let place = Place { school: Some(school), ..Place::default() };
    let may = access::can(&ctx.actor, Action::SeeResults, &place);
    let mut lines = Vec::new();
    for test in &summary.tests {
        let Some(group) = test.scale.as_ref().and_then(|scale| scale.by_school.get(&school)) else { continue };
        let unit = [("unit", school.to_string())];
        let grade = test.test.grade;
        lines.push(LevelLine {
            cells: vec![Cell::text(ctx.l(&test.test.name)), Cell::number(grade.to_string(), f64::from(grade))],
            group,
            inside: true,
            href: may.then(|| pupils_address(campaign, test.test.id, &unit)),
        });
    }
    let Some(first) = report.levels.first().filter(|_| !lines.is_empty()) else { return blocks };
    let columns = vec![Column::text("subject", labels.text("subject")), Column::number("grade", labels.text("grade"))];
    let table = level_table(ctx, "levels", labels.text("levels"), columns, &first.levels, lines).finish(ctx, None);
    blocks.extend([Block::Table(table), Block::Text(first.note.clone())]);
    blocks
}

fn participation(ctx: &PageCtx, report: &SchoolReport) -> Table {
    let labels = shown::labels(ctx);
    let columns = vec![
        Column::number("grade", labels.text("grade")),
        Column::text("language", labels.text("language-of-instruction")),
        Column::number("enrolled", labels.text("enrolled")),
        Column::number("took-part", labels.text("took-part")),
        Column::number("percent", "%"),
    ];
    let mut table = Table::new("participation", labels.text("participation"), columns);
    for row in &report.participation {
        table.rows.push(vec![
            Cell::number(row.grade.to_string(), f64::from(row.grade)),
            Cell::text(&row.language),
            Cell::whole(ctx, row.enrolled.into()),
            Cell::whole(ctx, row.took_part.into()),
            shown::maybe(row.percent.as_ref()),
        ]);
    }
    table.finish(ctx, None)
}

fn subjects(ctx: &PageCtx, report: &SchoolReport) -> Table {
    let labels = shown::labels(ctx);
    let columns = vec![
        Column::text("subject", labels.text("subject")),
        Column::number("grade", labels.text("grade")),
        Column::number("mean", labels.text("mean-percent")),
        Column::number("error", labels.text("standard-error")),
        Column::number("campaign", labels.text("campaign-share")),
        Column::number("place", labels.text("place")),
        Column::number("marks", labels.text("marks")),
        Column::number("gap", labels.text("gap")),
    ];
    let mut table = Table::new("subjects", labels.text("results-by-subject"), columns);
    for row in &report.subjects {
        table.rows.push(vec![
            Cell::text(&row.subject),
            Cell::number(row.grade.to_string(), f64::from(row.grade)),
            shown::mean(&row.mean),
            shown::maybe(row.standard_error.as_ref()),
            shown::mean(&row.campaign_mean),
            shown::place(row.place),
            shown::maybe(row.marks.as_ref()),
            shown::maybe(row.gap.as_ref()),
        ]);
    }
    table.finish(ctx, None)
}

/// Mean points of a class with their error.
fn scale_mean(ctx: &PageCtx, group: Option<&LevelSummary>) -> Cell {
    let number = |value: f64, decimals| format::rounded(ctx.language, value, decimals);
    match group.and_then(|group| Some((group.mean?, group.standard_error))) {
        Some((mean, Some(error))) => Cell::number(number(mean, 0), mean).with_note(format!("± {}", number(error, 1))),
        Some((mean, None)) => Cell::number(number(mean, 0), mean),
        None => Cell::text("–"),
    }
}

/// Classes with their tests, each leading to its report.
pub(in crate::pages) fn class_table(
    ctx: &PageCtx,
    campaign: &delivery::model::Campaign,
    classes: &[ClassTest],
) -> Table {
    let labels = shown::labels(ctx);
    let columns = vec![
        Column::text("class", labels.text("class")),
        Column::text("subject", labels.text("subject")),
        Column::number("n", "n"),
        Column::number("mean", labels.text("mean-percent")),
        Column::number("lowest", labels.text("lowest")),
        Column::number("highest", labels.text("highest")),
        Column::number("scale", labels.text("scale-mean")),
    ];
    let mut table = Table::new("classes", labels.text("results-by-class"), columns);
    for row in classes {
        let subject = campaign.tests.iter().find(|test| test.id == row.test).map_or("", |test| ctx.l(&test.name));
        let label =
            if row.letter.is_empty() { row.grade.to_string() } else { format!("{} «{}»", row.grade, row.letter) };
        let href = format!("{}/classes/{}/tests/{}", address(campaign), row.class, row.test);
        table.rows.push(vec![
            Cell::link(format!("{label}, {subject}"), href),
            Cell::text(subject),
            Cell::whole(ctx, row.mean.n.into()),
            Cell::percent(ctx, row.mean.percent),
            Cell::percent(ctx, Some(row.range.0)),
            Cell::percent(ctx, Some(row.range.1)),
            scale_mean(ctx, row.levels.as_ref()),
        ]);
    }
    table.finish(ctx, None)
}
