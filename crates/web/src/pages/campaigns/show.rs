//! One campaign: its tests, its days, and who has taken part so far.

use axum::extract::Path;
use axum::response::Response;
use delivery::model::{Campaign, CampaignState, Source};
use delivery::{Counts, Dimension, Share};
use kernel::{Action, Place, SchoolId};
use roster::OrgTree;

use super::{address, count_cells, count_columns, days, figures, find, state};
use crate::blocks::{Block, Button, Cell, Column, Table};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::format;
use crate::page::Page;
use crate::pages::network::{languages, school_name, word_or_code};

fn tests(ctx: &PageCtx, campaign: &Campaign, shares: &[Share]) -> Table {
    let mut columns = vec![
        Column::text("test", ctx.t("column-test")),
        Column::number("grade", ctx.t("column-grade")),
        Column::text("subject", ctx.t("column-subject-of-test")),
        Column::text("day", ctx.t("column-day")),
        Column::number("items", ctx.t("column-items")),
        Column::number("minutes", ctx.t("column-minutes")),
    ];
    columns.extend(count_columns(ctx));
    let mut table = Table::new("tests", ctx.t("column-tests"), columns);
    for test in &campaign.tests {
        let share = shares.iter().find(|share| share.key.parse() == Ok(test.id));
        let mut row = vec![
            Cell::text(ctx.l(&test.name)).with_note(test.audience.map_or_else(String::new, |l| languages(ctx, &[l]))),
            Cell::whole(ctx, test.grade.into()),
            Cell::text(word_or_code(ctx, "subject", &test.subject)),
            Cell::text(format::short_date(test.held_on)),
            Cell::whole(ctx, test.item_count),
            Cell::whole(ctx, test.minutes),
        ];
        row.extend(count_cells(ctx, &share.map_or_else(Counts::default, |share| share.counts)));
        table.rows.push(row);
    }
    table.finish(ctx, None)
}

/// Participation by one dimension; `name` gives the first cell of a part.
fn participation(
    ctx: &PageCtx,
    (id, caption, head): (&'static str, &str, &str),
    shares: &[Share],
    name: impl Fn(&str) -> Cell,
) -> Table {
    let mut columns = vec![Column::text("part", ctx.t(head))];
    columns.extend(count_columns(ctx));
    let mut table = Table::new(id, ctx.t(caption), columns);
    for share in shares {
        let mut row = vec![name(&share.key)];
        row.extend(count_cells(ctx, &share.counts));
        table.rows.push(row);
    }
    table.finish(ctx, None)
}

fn by_school(ctx: &PageCtx, campaign: &Campaign, tree: &OrgTree, mut shares: Vec<Share>) -> Table {
    let name = |key: &str| key.parse().map_or_else(|_error| String::new(), |id: SchoolId| school_name(ctx, tree, id));
    shares.sort_by_key(|share| roster::names::sort_key(&name(&share.key)));
    let cell = |key: &str| Cell::link(name(key), address(campaign.id, &format!("/sittings?school={key}")));
    participation(ctx, ("schools", "participation-school", "column-school"), &shares, cell)
}

fn actions(ctx: &PageCtx, campaign: &Campaign) -> Vec<Button> {
    let mut buttons = Vec::new();
    let sat_here = campaign.source == Source::Zerek;
    if sat_here && access::can(&ctx.actor, Action::ManageCampaign, &Place::default()) {
        buttons.push(match campaign.state {
            CampaignState::Open => Button::link(ctx.t("window-close"), address(campaign.id, "/close")).danger(),
            _ => Button::link(ctx.t("window-open"), address(campaign.id, "/open")).main(),
        });
    }
    if sat_here && access::may(&ctx.actor, Action::SeeSittings) {
        buttons.push(Button::link(ctx.t("sittings-title"), address(campaign.id, "/sittings")));
        buttons.push(Button::link(ctx.t("live-title"), address(campaign.id, "/live")));
    }
    let results = [Action::SeeSummaries, Action::SeeResults];
    if campaign.state == CampaignState::Closed && results.into_iter().any(|action| access::may(&ctx.actor, action)) {
        buttons.push(Button::link(ctx.t("campaign-results"), address(campaign.id, "/results")).main());
    }
    buttons
}

/// `GET /assess/campaigns/{campaign}`
pub(super) async fn show(ctx: PageCtx, Path(named): Path<String>) -> Result<Response, PageError> {
    let (database, campaign) = find(&ctx, Action::SeeCampaign, &named).await?;
    let shares = async |dimension| delivery::participation(database, &ctx.actor, campaign.id, dimension).await;
    let whole = shares(Dimension::Whole).await?.first().map_or_else(Counts::default, |share| share.counts);
    let tree = roster::org_tree(database).await?;
    let grade = |key: &str| Cell::text(key);
    let language = |key: &str| Cell::text(ctx.t(&format!("language-{key}")));
    let by_grade = ("grades", "participation-grade", "column-grade");
    let by_language = ("languages", "participation-language", "column-language");
    let pairs = vec![
        (ctx.t("column-state"), state(&ctx, &campaign)),
        (ctx.t("column-days"), Cell::text(days(&ctx, &campaign))),
    ];
    let mut page = Page::new(ctx.l(&campaign.name))
        .below(ctx.t("campaigns-title"), "/assess/campaigns")
        .demonstration(campaign.demonstration)
        .with(Block::Pairs(pairs))
        .with(Block::Figures(figures(&ctx, &whole)))
        .with(Block::Table(tests(&ctx, &campaign, &shares(Dimension::Test).await?)))
        .with(Block::Table(by_school(&ctx, &campaign, &tree, shares(Dimension::School).await?)))
        .with(Block::Table(participation(&ctx, by_grade, &shares(Dimension::Grade).await?, grade)))
        .with(Block::Table(participation(&ctx, by_language, &shares(Dimension::Language).await?, language)));
    page.actions = actions(&ctx, &campaign);
    page.show(&ctx)
}
