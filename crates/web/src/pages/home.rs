//! The first page: for visitors the two ways in; for staff what goes on now and what has become ready.

use axum::response::Response;
use delivery::model::{Campaign, CampaignState, Source};
use delivery::{Counts, Dimension};
use kernel::{Action, Place};
use store::jobs::{self, JobFilter};

use crate::blocks::{Block, Button};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::page::Page;
use crate::pages::{campaigns, network, results};

/// How many campaigns with results are named; the list has all.
const READY: usize = 3;
/// How many lines of classes are shown; a teacher of many classes finds the others behind the campaign's name.
const CLASSES: usize = 20;

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
    if access::may(&ctx.actor, Action::SeeCampaign) {
        let database = ctx.signed_in()?;
        let mut all = delivery::campaigns(database, &ctx.actor).await?;
        all.sort_by_key(|campaign| std::cmp::Reverse((campaign.closes_on, campaign.id)));
        page.demonstration = all.iter().any(|campaign| campaign.demonstration);
        page.blocks.extend(now(&ctx, &all).await?);
        page.blocks.extend(ready(&ctx, &all).await?);
    }
    page.blocks.extend(work(&ctx).await?);
    if page.blocks.is_empty() {
        page.blocks.push(Block::Empty(ctx.t("home-nothing"), Vec::new()));
    }
    page.show(&ctx)
}

/// Open campaigns: how far they are, and the way to the live list.
async fn now(ctx: &PageCtx, all: &[Campaign]) -> Result<Vec<Block>, PageError> {
    let open = all.iter().filter(|campaign| campaign.state == CampaignState::Open);
    let mut panels = Vec::new();
    for campaign in open {
        let shares = delivery::participation(ctx.signed_in()?, &ctx.actor, campaign.id, Dimension::Whole).await?;
        let counts = shares.first().map_or_else(Counts::default, |share| share.counts);
        let mut buttons = vec![Button::link(ctx.t("home-campaign"), campaigns::address(campaign.id, ""))];
        if campaign.source == Source::Zerek && access::may(&ctx.actor, Action::SeeSittings) {
            buttons.insert(0, Button::link(ctx.t("live-title"), campaigns::address(campaign.id, "/live")).main());
            buttons.push(Button::link(ctx.t("sittings-title"), campaigns::address(campaign.id, "/sittings")));
        }
        panels.push(vec![
            Block::Heading(ctx.l(&campaign.name).to_owned()),
            Block::Text(campaigns::days(ctx, campaign)),
            Block::Figures(campaigns::figures(ctx, &counts)),
            Block::Progress(
                ctx.t("live-finished"),
                u64::try_from(counts.finished).unwrap_or(0),
                u64::try_from(counts.pupils).unwrap_or(0),
            ),
            Block::Actions(buttons),
        ]);
    }
    Ok(titled(ctx.t("home-now"), panels))
}

/// Campaigns with results, the latest first. Whoever sees no summaries gets the reports of the own classes.
async fn ready(ctx: &PageCtx, all: &[Campaign]) -> Result<Vec<Block>, PageError> {
    let summaries = access::may(&ctx.actor, Action::SeeSummaries);
    if !summaries && !access::may(&ctx.actor, Action::SeeResults) {
        return Ok(Vec::new());
    }
    let closed: Vec<&Campaign> =
        all.iter().filter(|campaign| campaign.state == CampaignState::Closed).take(READY).collect();
    let mut panels = Vec::new();
    for campaign in &closed {
        let button = Button::link(ctx.t("campaign-results"), results::address(campaign)).main();
        panels.push(vec![
            Block::Heading(ctx.l(&campaign.name).to_owned()),
            Block::Text(campaigns::days(ctx, campaign)),
            Block::Actions(vec![button]),
        ]);
    }
    let mut blocks = titled(ctx.t("home-ready"), panels);
    if let (false, Some(campaign)) = (summaries, closed.first()) {
        let mut classes = monitoring::query::class_tests(ctx.signed_in()?, &ctx.actor, campaign.id, None, None).await?;
        classes.truncate(CLASSES);
        blocks.push(Block::Table(results::class_table(ctx, campaign, &classes)));
    }
    Ok(blocks)
}

/// Background work that runs, waits or needs a look.
async fn work(ctx: &PageCtx) -> Result<Vec<Block>, PageError> {
    if !access::can(&ctx.actor, Action::SeeJobs, &Place::default()) {
        return Ok(Vec::new());
    }
    let all = jobs::list(ctx.signed_in()?, &JobFilter::default(), 20).await?;
    let unfinished: Vec<_> = all.into_iter().filter(|job| job.state != "done").collect();
    if unfinished.is_empty() {
        return Ok(Vec::new());
    }
    let campaigns = delivery::campaigns(ctx.signed_in()?, &ctx.actor).await?;
    Ok(vec![Block::Table(network::job_table(ctx, &unfinished, &campaigns))])
}

fn titled(title: String, panels: Vec<Vec<Block>>) -> Vec<Block> {
    if panels.is_empty() { Vec::new() } else { vec![Block::Heading(title), Block::Columns(panels)] }
}
