//! Results of a campaign as a whole.

use axum::extract::Path;
use axum::response::Response;
use documents::Labels;
use documents::report::{CampaignPresentation, Finding};
use kernel::{Action, CampaignId, Localized, Place};
use monitoring::model::Settings;
use monitoring::query::CampaignSummary;

use super::{address, find, shown};
use crate::blocks::{Block, Button, Cell, Column, Notice, Table, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::pages::campaigns::page_below;

/// `GET /assess/campaigns/{campaign}/results`
///
/// # Errors
/// [`PageError::NotFound`], [`PageError::Denied`].
pub async fn show(ctx: PageCtx, Path(id): Path<String>) -> Result<Response, PageError> {
    let (database, campaign) = find(&ctx, &id).await?;
    let settings = Settings::default();
    if !access::may(&ctx.actor, Action::SeeSummaries) {
        return super::class::list(&ctx, &campaign).await;
    }
    let (summary, presentation) = load(&ctx, campaign.id, &settings).await?;
    let name = ctx.l(&campaign.name).to_owned();
    let mut page = page_below(&ctx, &campaign, ctx.t_with("results-title", &[("campaign", name.into())]));
    if summary.results == 0 {
        let waiting = database_waiting(&ctx, database).await?;
        return page.with(Block::Empty(waiting, Vec::new())).show(&ctx);
    }
    let labels = shown::labels(&ctx);
    if summary.whole_network {
        page = page
            .action(Button::link(ctx.t("results-presentation"), format!("{}/presentation.pdf", address(&campaign))));
        page = page.action(Button::link(ctx.t("results-workbook"), format!("{}/workbook.xlsx", address(&campaign))));
    }
    if summary.whole_network && access::can(&ctx.actor, Action::SeeResults, &Place::default()) {
        let documents = format!("{}/documents", address(&campaign));
        page = page.action(Button::post(&ctx, ctx.t("results-documents"), documents));
    }
    page.blocks.push(figures(&ctx, &presentation, &labels));
    page.blocks.push(subjects(&ctx, &summary, &presentation, &labels));
    for grade in &presentation.grades {
        let picture = documents::pictures::campaign_subjects(&presentation, *grade, &labels);
        let title = format!("{}, {}", labels.text("means-by-subject"), grade_name(&ctx, *grade));
        page.blocks.push(shown::chart(&ctx, "means", &title, &picture));
    }
    for (table, id) in presentation.levels.iter().zip(["levels-0", "levels-1", "levels-2", "levels-3"]) {
        let picture = documents::pictures::level_shares(table, id, ctx.language, &labels);
        let title = format!("{}, {}", labels.text("levels-by-subject"), table.title);
        page.blocks.push(shown::chart(&ctx, "level-shares", &title, &picture));
    }
    page.blocks.extend(super::levels::campaign_tables(&ctx, &summary));
    page.blocks.push(places(&ctx, &summary, &presentation, &labels));
    page.blocks.push(Block::Text(labels.text("gap-note").to_owned()));
    for (index, _) in presentation.grades.iter().enumerate() {
        let picture = documents::pictures::campaign_marks(&presentation, index, &labels);
        let title =
            format!("{}, {}", labels.text("marks-and-monitoring"), grade_name(&ctx, presentation.grades[index]));
        page.blocks.push(shown::chart(&ctx, "marks", &title, &picture));
    }
    for breakdown in &presentation.breakdowns {
        page.blocks.push(breakdown_table(&ctx, breakdown));
    }
    for table in &presentation.correlations {
        let picture = documents::pictures::correlations(table, ctx.language, &labels);
        let title = format!("{}, {}", labels.text("correlations"), grade_name(&ctx, table.grade));
        page.blocks.push(shown::chart(&ctx, "correlations", &title, &picture));
    }
    page.blocks.extend(findings(&ctx, &presentation.findings, &labels));
    page.blocks.push(Block::Notice(Notice::new(Tone::Plain, labels.text("held-back"))));
    page.show(&ctx)
}

/// `GET …/presentation.pdf`
///
/// # Errors
/// [`PageError::NotFound`], [`PageError::Denied`] for those who do not see the whole network.
pub async fn pdf(ctx: PageCtx, Path(id): Path<String>) -> Result<Response, PageError> {
    let (_, campaign) = find(&ctx, &id).await?;
    let (summary, presentation) = load(&ctx, campaign.id, &Settings::default()).await?;
    if !summary.whole_network {
        return Err(PageError::Denied);
    }
    shown::pdf(&ctx, presentation, ctx.l(&campaign.name).to_owned()).await
}

async fn load(
    ctx: &PageCtx,
    id: CampaignId,
    settings: &Settings,
) -> Result<(CampaignSummary, CampaignPresentation), PageError> {
    let database = ctx.authorise_somewhere(Action::SeeSummaries)?;
    let summary = monitoring::query::campaign_summary(database, &ctx.actor, id, settings).await?;
    let summary = summary.ok_or(PageError::NotFound)?;
    let language = shown::document_language(ctx);
    let found =
        monitoring::query::campaign_findings(database, &ctx.actor, &summary.campaign, language, settings).await?;
    let presentation = monitoring::report::build_presentation(&summary, &found, language, settings);
    Ok((summary, presentation))
}

async fn database_waiting(ctx: &PageCtx, database: &store::Database) -> Result<String, PageError> {
    let filter = store::jobs::JobFilter::default();
    let jobs = store::jobs::list(database, &filter, 20).await?;
    let busy = jobs
        .iter()
        .any(|job| job.kind == delivery::CAMPAIGN_CLOSED && matches!(job.state.as_str(), "waiting" | "running"));
    Ok(ctx.t(if busy { "results-working" } else { "results-none" }))
}

fn grade_name(ctx: &PageCtx, grade: u32) -> String {
    documents::sentence(ctx.language, "grade-name", &[("grade", &grade.to_string())])
}

fn figures(ctx: &PageCtx, presentation: &CampaignPresentation, labels: &Labels) -> Block {
    let count = |value: u32| ctx.whole(i64::from(value));
    let share = kernel::share_in_percent(presentation.took_part.into(), presentation.enrolled.into(), 1);
    let share = share.map_or_else(String::new, |share| {
        format!("{} {}", ctx.percent(share.to_f64()), labels.text("share-took-part"))
    });
    Block::Figures(vec![
        (labels.text("schools").to_owned(), count(presentation.schools), String::new()),
        (labels.text("pupils").to_owned(), count(presentation.enrolled), share),
        (labels.text("tests").to_owned(), count(presentation.tests), String::new()),
        (labels.text("attempts").to_owned(), count(presentation.attempts), String::new()),
    ])
}

fn subjects(ctx: &PageCtx, summary: &CampaignSummary, presentation: &CampaignPresentation, labels: &Labels) -> Block {
    let columns = vec![
        Column::text("test", labels.text("subject")),
        Column::number("grade", labels.text("grade")),
        Column::number("n", "n"),
        Column::number("mean", labels.text("mean-percent")),
        Column::number("error", labels.text("standard-error")),
        Column::number("kk", labels.text("kazakh-medium")),
        Column::number("ru", labels.text("russian-medium")),
        Column::number("alpha", labels.text("alpha")),
    ];
    let mut table = Table::new("subjects", labels.text("means-by-subject"), columns);
    for (test, row) in summary.tests.iter().zip(&presentation.subjects) {
        let href = format!("{}/tests/{}", address(&summary.campaign), test.test.id);
        let language =
            |mean: &Option<documents::report::Mean>| mean.as_ref().map_or_else(|| Cell::text("–"), shown::mean);
        table.rows.push(vec![
            Cell::link(&row.subject, href),
            Cell::number(row.grade.to_string(), f64::from(row.grade)),
            Cell::whole(ctx, row.mean.n.into()),
            shown::bare_mean(&row.mean),
            shown::maybe(row.standard_error.as_ref()),
            language(&row.kazakh),
            language(&row.russian),
            shown::maybe(row.alpha.as_ref()),
        ]);
    }
    Block::Table(table.finish(ctx, None))
}

/// Schools with a place in each grade. The presentation lists schools by name; the links come from the summary's tree.
fn places(ctx: &PageCtx, summary: &CampaignSummary, presentation: &CampaignPresentation, labels: &Labels) -> Block {
    let mut columns = vec![Column::text("school", labels.text("school"))];
    for grade in &presentation.grades {
        let name = grade_name(ctx, *grade);
        for (key, label) in [("place", "place"), ("mean", "monitoring"), ("marks", "term-marks"), ("gap", "gap")] {
            // Keys of columns are fixed words; those of the second grade get their own.
            let key = match (key, *grade == presentation.grades[0]) {
                ("place", true) => "place",
                ("place", false) => "place-2",
                ("mean", true) => "mean",
                ("mean", false) => "mean-2",
                ("marks", true) => "marks",
                ("marks", false) => "marks-2",
                ("gap", true) => "gap",
                _ => "gap-2",
            };
            columns.push(Column::number(key, format!("{}, {name}", labels.text(label))));
        }
    }
    if presentation.grades.len() > 1 {
        columns.push(Column::number("difference", labels.text("place-difference")));
    }
    let mut table = Table::new("schools", labels.text("places"), columns);
    let by_name: std::collections::BTreeMap<&str, i64> =
        summary.tree.schools().map(|school| (short(ctx, &school.short_name), school.id.0)).collect();
    for row in &presentation.places {
        let school = match by_name.get(row.school.as_str()) {
            Some(id) => Cell::link(&row.school, format!("{}/schools/{id}", address(&summary.campaign))),
            None => Cell::text(&row.school),
        };
        let mut cells = vec![school];
        for grade in &row.grades {
            match grade {
                Some(result) => cells.extend([
                    result
                        .place
                        .map_or_else(|| Cell::text("–"), |place| Cell::number(place.to_string(), f64::from(place))),
                    shown::mean(&result.mean),
                    shown::maybe(result.marks.as_ref()),
                    shown::maybe(result.gap.as_ref()),
                ]),
                None => cells.extend(std::iter::repeat_n(Cell::text("–"), 4)),
            }
        }
        if presentation.grades.len() > 1 {
            cells.push(row.difference.map_or_else(
                || Cell::text("–"),
                |difference| Cell::number(ctx.whole(difference.into()), f64::from(difference)),
            ));
        }
        table.rows.push(cells);
    }
    Block::Table(table.finish(ctx, None))
}

fn short<'a>(ctx: &PageCtx, name: &'a Localized) -> &'a str {
    name.in_language(shown::document_language(ctx))
}

fn breakdown_table(ctx: &PageCtx, breakdown: &documents::report::BreakdownTable) -> Block {
    let columns =
        std::iter::once(Column::text("name", "")).chain(breakdown.columns.iter().map(|name| Column::number("", name)));
    let mut table = Table::new("breakdown", &breakdown.title, columns.collect());
    for row in &breakdown.rows {
        let cells = row.means.iter().map(|mean| mean.as_ref().map_or_else(|| Cell::text("–"), shown::mean));
        table.rows.push(std::iter::once(Cell::text(&row.name)).chain(cells).collect());
    }
    Block::Table(table.finish_unsorted(ctx))
}

/// What was done well and badly, subject by subject.
pub(super) fn findings(ctx: &PageCtx, findings: &[Finding], labels: &Labels) -> Vec<Block> {
    if findings.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::Heading(labels.text("findings").to_owned())];
    for finding in findings {
        let list = |criteria: &[documents::report::CriterionShare]| {
            let line = |criterion: &documents::report::CriterionShare| {
                let share = criterion.share.value.as_ref().map_or("–", |share| share.text.as_str());
                format!("{} ({share} %, n = {})", criterion.criterion, criterion.share.n)
            };
            Block::List(criteria.iter().map(line).collect())
        };
        let title = format!("{}, {}", finding.subject, grade_name(ctx, finding.grade));
        blocks.push(Block::Heading(title));
        blocks.push(Block::Columns(vec![
            vec![Block::Text(labels.text("done-well").to_owned()), list(&finding.done_well)],
            vec![Block::Text(labels.text("done-badly").to_owned()), list(&finding.done_badly)],
        ]));
        if !finding.advice.is_empty() {
            blocks.push(Block::Text(finding.advice.clone()));
        }
    }
    blocks
}

/// `GET …/workbook.xlsx`: every table of the campaign.
///
/// # Errors
/// [`PageError::NotFound`], [`PageError::Denied`] for those who do not see the whole network.
pub async fn workbook(ctx: PageCtx, Path(id): Path<String>) -> Result<Response, PageError> {
    let (database, campaign) = find(&ctx, &id).await?;
    ctx.authorise(Action::SeeResults, &Place::default())?;
    let language = shown::document_language(&ctx);
    let made = monitoring::report::workbook(database, &ctx.actor, campaign.id, language, &Settings::default()).await?;
    let content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let name = format!("{}.xlsx", campaign.name.in_language(language));
    Ok(crate::export::file(made.ok_or(PageError::NotFound)?, content_type, &name))
}
