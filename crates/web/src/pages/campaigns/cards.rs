//! Login cards: on the page to look a code up, as one PDF to be printed and cut.

use axum::extract::Path;
use axum::response::Response;
use delivery::{CardSheet, CardsOf};
use documents::Labels;
use documents::report::{Imprint, LoginCard, LoginCards};
use kernel::{Action, ClassId, SittingId, day_in_words, days_in_words};

use super::{address, find, page_below};
use crate::blocks::{Block, Button, Cell, Column, Table};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::format;
use crate::pages::results::shown;

/// The service asks the rules about the class and writes down that cards were taken.
async fn load(ctx: &PageCtx, of: CardsOf) -> Result<CardSheet, PageError> {
    let database = ctx.authorise_somewhere(Action::PrintCards)?;
    delivery::login_cards(database, &ctx.actor, ctx.now, of).await?.ok_or(PageError::NotFound)
}

/// `GET /assess/sittings/{sitting}/cards`
pub(super) async fn show(ctx: PageCtx, Path(sitting): Path<i64>) -> Result<Response, PageError> {
    let sheet = load(&ctx, CardsOf::Sitting(SittingId(sitting))).await?;
    let campaign = delivery::campaign(ctx.app.database(), sheet.campaign).await?.ok_or(PageError::NotFound)?;
    let columns = vec![
        Column::text("name", ctx.t("column-name")),
        Column::text("test", ctx.t("column-test")),
        Column::text("day", ctx.t("column-day")),
        Column::text("code", ctx.t("cards-code")),
    ];
    let title = format!("{}: {}", ctx.t("cards-title"), sheet.class_label);
    let mut table = Table::new("cards", title.clone(), columns);
    let row = |card: &delivery::Card| {
        let (test, day) = (ctx.l(&card.test_name), format::short_date(card.held_on));
        vec![Cell::text(&card.person_name), Cell::text(test), Cell::text(day), Cell::text(&card.code)]
    };
    table.rows = sheet.cards.iter().map(row).collect();
    let of_class = address(campaign.id, &format!("/classes/{}/cards.pdf", sheet.class));
    page_below(&ctx, &campaign, title)
        .action(Button::link(ctx.t("cards-pdf"), format!("/assess/sittings/{sitting}/cards.pdf")).main())
        .action(Button::link(ctx.t("cards-pdf-class"), of_class))
        .with(Block::Lead(ctx.t("cards-lead")))
        .with(Block::Table(table.finish(&ctx, None)))
        .show(&ctx)
}

/// `GET /assess/sittings/{sitting}/cards.pdf`: one test of a class.
pub(super) async fn sitting_pdf(ctx: PageCtx, Path(sitting): Path<i64>) -> Result<Response, PageError> {
    let sheet = load(&ctx, CardsOf::Sitting(SittingId(sitting))).await?;
    pdf(&ctx, sheet).await
}

/// `GET /assess/campaigns/{campaign}/classes/{class}/cards.pdf`: every test of a class.
pub(super) async fn class_pdf(ctx: PageCtx, Path((named, class)): Path<(String, i64)>) -> Result<Response, PageError> {
    let (_, campaign) = find(&ctx, Action::PrintCards, &named).await?;
    let sheet = load(&ctx, CardsOf::Class(campaign.id, ClassId(class))).await?;
    pdf(&ctx, sheet).await
}

/// The cards speak the language of instruction, whoever prints them.
async fn pdf(ctx: &PageCtx, sheet: CardSheet) -> Result<Response, PageError> {
    let (database, language) = (ctx.app.database(), sheet.language);
    let campaign = delivery::campaign(database, sheet.campaign).await?.ok_or(PageError::NotFound)?;
    let tree = roster::org_tree(database).await?;
    let card = |card: delivery::Card| LoginCard {
        pupil: card.person_name,
        subject: card.test_name.in_language(language).to_owned(),
        when: day_in_words(card.held_on, language),
        code: card.code,
    };
    let cards = LoginCards {
        imprint: Imprint {
            date: days_in_words(campaign.opens_on, campaign.closes_on, language),
            ..monitoring::report::imprint(&campaign, &tree, language)
        },
        school: tree.school(sheet.school).map_or("", |school| school.name.in_language(language)).to_owned(),
        class: sheet.class_label,
        address: format!("{}/sit", ctx.host),
        cards: sheet.cards.into_iter().map(card).collect(),
    };
    let title = Labels::built_in(language).text("cards-title").to_owned();
    let name = format!("{title} {} {}", cards.class, cards.school);
    shown::pdf(ctx, cards, name).await
}
