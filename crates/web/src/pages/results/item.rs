//! Statistics of a test: how its tasks worked.

use axum::extract::Path;
use axum::response::Response;
use kernel::{Action, Place, TestId};
use monitoring::query::{FormStatistics, TaskStatistics};

use super::{address, find, shown};
use crate::blocks::{Block, Cell, Column, Table, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::format;
use crate::page::Page;

/// `GET /assess/campaigns/{campaign}/results/tests/{test}`
///
/// # Errors
/// [`PageError::NotFound`], [`PageError::Denied`].
pub async fn show(ctx: PageCtx, Path((id, test)): Path<(String, i64)>) -> Result<Response, PageError> {
    let (_, campaign) = find(&ctx, &id).await?;
    let database = ctx.authorise(Action::SeeSummaries, &Place::default())?;
    let shown_test = campaign.tests.iter().find(|known| known.id == TestId(test)).ok_or(PageError::NotFound)?;
    let forms = monitoring::query::form_statistics(database, &ctx.actor, campaign.id, Some(TestId(test))).await?;
    let mut page = Page::new(ctx.l(&shown_test.name))
        .below(ctx.t("nav-campaigns"), "/assess/campaigns")
        .below(ctx.l(&campaign.name), address(&campaign))
        .demonstration(campaign.demonstration);
    if forms.is_empty() {
        page.blocks.push(Block::Empty(ctx.t("results-none"), Vec::new()));
    }
    let classes = monitoring::query::class_tests(database, &ctx.actor, campaign.id, None, Some(TestId(test))).await?;
    for form in &forms {
        let name = ctx.t(&format!("language-{}", form.language));
        page.blocks.push(Block::Heading(ctx.t_with("statistics-form", &[("language", name.into())])));
        page.blocks.push(figures(&ctx, form));
        page.blocks.push(Block::Table(items(&ctx, form)));
        page.blocks.push(Block::Table(options(&ctx, form)));
    }
    page.blocks.extend(super::item_scale::blocks(&ctx, database, &campaign, shown_test, &forms).await?);
    page.blocks.push(Block::Table(super::school::class_table(&ctx, &campaign, &classes)));
    page.show(&ctx)
}

fn figures(ctx: &PageCtx, form: &FormStatistics) -> Block {
    let labels = shown::labels(ctx);
    let number = |value: Option<f64>, decimals| {
        value.map_or_else(|| "–".to_owned(), |value| format::rounded(ctx.language, value, decimals))
    };
    let test = &form.whole;
    let of = format!("/ {}", format::rounded(ctx.language, test.maximum, 0));
    Block::Figures(vec![
        ("n".to_owned(), ctx.whole(test.n.into()), String::new()),
        (labels.text("mean").to_owned(), number(Some(test.mean), 2), of),
        (ctx.t("statistics-sd"), number(test.sd, 2), String::new()),
        (labels.text("alpha").to_owned(), number(test.alpha, 3), String::new()),
        (labels.text("standard-error-points").to_owned(), number(test.sem, 2), String::new()),
    ])
}

fn items(ctx: &PageCtx, form: &FormStatistics) -> Table {
    let labels = shown::labels(ctx);
    let columns = vec![
        Column::number("number", labels.text("number")),
        Column::text("criterion", labels.text("criterion")),
        Column::number("n", "n"),
        Column::number("facility", ctx.t("statistics-facility")),
        Column::number("item-rest", ctx.t("statistics-item-rest")),
        Column::number("item-total", ctx.t("statistics-item-total")),
        Column::number("alpha", ctx.t("statistics-alpha-if-deleted")),
        Column::number("upper-lower", ctx.t("statistics-upper-lower")),
        Column::number("skipped", labels.text("status-skipped")),
        Column::number("not-reached", labels.text("status-not-reached")),
        Column::text("flags", ctx.t("statistics-flags")),
    ];
    let mut table = Table::new("items", ctx.t("statistics-items"), columns);
    let row = |task: &TaskStatistics| {
        let (item, [_, _, criterion]) = (&task.statistics, &task.texts);
        let number = |value: Option<f64>| match value {
            Some(value) => Cell::number(format::rounded(ctx.language, value, 3), value),
            None => Cell::text("–"),
        };
        let flags = match item.flags.as_slice() {
            [] => Cell::text(""),
            [first, rest @ ..] => Cell::badge(first, Tone::Warn).with_note(rest.join("; ")),
        };
        vec![
            Cell::number(item.position.to_string(), f64::from(item.position)),
            Cell::text(ctx.l(criterion)),
            Cell::whole(ctx, item.n.into()),
            number(item.facility),
            number(item.item_rest),
            number(item.item_total),
            number(item.alpha_if_deleted),
            number(item.upper_lower),
            Cell::whole(ctx, item.skipped.into()),
            Cell::whole(ctx, item.not_reached.into()),
            flags,
        ]
    };
    table.rows = form.tasks.iter().map(row).collect();
    table.finish(ctx, None)
}

fn options(ctx: &PageCtx, form: &FormStatistics) -> Table {
    let labels = shown::labels(ctx);
    let columns = vec![
        Column::number("number", labels.text("number")),
        Column::text("option", ctx.t("statistics-option")),
        Column::text("key", ctx.t("statistics-key")),
        Column::number("n", "n"),
        Column::number("share", "%"),
        Column::number("rest", ctx.t("statistics-item-rest")),
        Column::number("mean", ctx.t("statistics-mean-score")),
    ];
    let mut table = Table::new("options", ctx.t("statistics-options"), columns);
    for item in form.tasks.iter().map(|task| &task.statistics) {
        for option in &item.options {
            let number = |value: Option<f64>, decimals| match value {
                Some(value) => Cell::number(format::rounded(ctx.language, value, decimals), value),
                None => Cell::text("–"),
            };
            table.rows.push(vec![
                Cell::number(item.position.to_string(), f64::from(item.position)),
                Cell::text(&option.option),
                if option.is_key { Cell::badge(ctx.t("statistics-key"), Tone::Good) } else { Cell::text("") },
                Cell::whole(ctx, option.n.into()),
                Cell::percent(ctx, option.share.map(|share| share * 100.0)),
                number(option.rest_correlation, 3),
                number(option.mean_score, 2),
            ]);
        }
    }
    table.finish(ctx, None)
}
