//! The first page: for visitors the two ways in, for staff what they can do.

use axum::response::Response;

use crate::blocks::{Block, Button};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::navigation;
use crate::page::Page;

/// `GET /`
///
/// # Errors
/// [`PageError::Internal`] when the page cannot be rendered.
pub async fn show(ctx: PageCtx) -> Result<Response, PageError> {
    if ctx.signed_in().is_err() {
        let ways =
            vec![Button::link(ctx.t("home-pupil"), "/sit").main(), Button::link(ctx.t("home-staff"), "/sign-in")];
        let page = Page { bare: true, ..Page::new(ctx.t("home-title")) };
        return page.with(Block::Lead(ctx.t("home-lead"))).with(Block::Actions(ways)).show(&ctx);
    }
    let mut page = Page::new(ctx.t_with("home-welcome", &[("name", ctx.actor.name.clone().into())]));
    let mut columns = Vec::new();
    for section in navigation::sections(&ctx) {
        let links = section.links.iter().map(|link| Button::link(&link.name, link.href)).collect();
        columns.push(vec![Block::Heading(section.word), Block::Actions(links)]);
    }
    page.blocks.push(Block::Columns(columns));
    page.show(&ctx)
}
