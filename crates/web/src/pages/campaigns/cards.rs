//! The login cards of a sitting, made to be printed and cut.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use delivery::Card;
use kernel::{Action, SittingId};

use crate::blocks::Block;
use crate::context::PageCtx;
use crate::error::PageError;
use crate::page::Page;

#[derive(Template)]
#[template(path = "campaigns/cards.html")]
struct CardsPart<'a> {
    print: String,
    code: String,
    test: &'a str,
    class: String,
    school: &'a str,
    facts: String,
    cards: &'a [Card],
}

/// `GET /assess/sittings/{sitting}/cards`; the service asks the rules about the class and writes down that cards were taken.
pub(super) async fn show(ctx: PageCtx, Path(sitting): Path<i64>) -> Result<Response, PageError> {
    let database = ctx.authorise_somewhere(Action::PrintCards)?;
    let sheet = delivery::login_cards(database, &ctx.actor, ctx.now, SittingId(sitting)).await?;
    let sheet = sheet.ok_or(PageError::NotFound)?;
    let part = CardsPart {
        print: ctx.t("cards-print-button"),
        code: ctx.t("cards-code"),
        test: ctx.l(&sheet.sitting.test_name),
        class: sheet.sitting.class_label.clone(),
        school: ctx.l(&sheet.school_name),
        facts: ctx.t_with("cards-facts", &[("items", sheet.item_count.into()), ("minutes", sheet.minutes.into())]),
        cards: &sheet.cards,
    };
    let html = part.render().map_err(|error| PageError::Internal(error.to_string()))?;
    let title = format!("{}: {}, {}", ctx.t("cards-title"), sheet.sitting.class_label, ctx.l(&sheet.sitting.test_name));
    Page::new(title).below(ctx.t("campaigns-title"), "/assess/campaigns").with(Block::Html(html)).show(&ctx)
}
