//! Background work and how far it is. The page may be left: the work goes on.

use axum::http::HeaderMap;
use axum::response::Response;
use delivery::model::Campaign;
use kernel::Action;
use store::jobs::{self, Job, JobFilter};

use super::school::word_or_code;
use crate::blocks::{Block, Cell, Column, Table, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::format;
use crate::page::{Page, part, wants_part};

/// How many of the latest are shown.
const SHOWN: u32 = 100;

fn state(ctx: &PageCtx, job: &Job) -> Cell {
    let tone = match job.state.as_str() {
        "done" => Tone::Good,
        "failed" => Tone::Bad,
        "running" => Tone::Accent,
        _ => Tone::Plain,
    };
    Cell::badge(ctx.t(&format!("job-state-{}", job.state)), tone)
}

fn progress(ctx: &PageCtx, job: &Job) -> Cell {
    if job.total == 0 {
        return Cell::default();
    }
    let share = job.done as f64 * 100.0 / job.total as f64;
    Cell::percent(ctx, Some(share)).with_note(format!("{} / {}", ctx.whole(job.done), ctx.whole(job.total)))
}

/// Name of the campaign that a job is about.
fn about(ctx: &PageCtx, campaigns: &[Campaign], job: &Job) -> String {
    let payload: serde_json::Value = serde_json::from_str(&job.payload).unwrap_or_default();
    let of = |campaign: &&Campaign| payload.get("campaign") == serde_json::to_value(campaign.id).ok().as_ref();
    campaigns.iter().find(of).map_or_else(String::new, |campaign| ctx.l(&campaign.name).to_owned())
}

/// Background work as a table.
pub(in crate::pages) fn table(ctx: &PageCtx, all: &[Job], campaigns: &[Campaign]) -> Table {
    let columns = vec![
        Column::text("work", ctx.t("column-work")),
        Column::text("state", ctx.t("column-state")),
        Column::number("progress", ctx.t("column-progress")),
        Column::text("begun", ctx.t("column-begun")),
        Column::text("ended", ctx.t("column-ended")),
        Column::text("remark", ctx.t("column-remark")),
    ];
    let zone = ctx.app.zone();
    let time = |at| format::date_time(&format::moment(at, zone));
    let mut table = Table::new("jobs", ctx.t("jobs-title"), columns);
    for job in all {
        table.rows.push(vec![
            Cell::text(word_or_code(ctx, "job", &job.kind)).with_note(about(ctx, campaigns, job)),
            state(ctx, job),
            progress(ctx, job),
            Cell::text(time(job.created_at)),
            Cell::text(job.finished_at.map_or_else(String::new, time)),
            Cell::text(job.last_error.as_deref().unwrap_or_default()),
        ]);
    }
    table.empty = ctx.t("jobs-none");
    table.finish(ctx, None)
}

/// `GET /network/jobs`
pub(super) async fn list(ctx: PageCtx, headers: HeaderMap) -> Result<Response, PageError> {
    let database = ctx.authorise_somewhere(Action::SeeJobs)?;
    let all = jobs::list(database, &JobFilter::default(), SHOWN).await?;
    let campaigns = delivery::campaigns(database, &ctx.actor).await?;
    let live = Block::Live {
        id: "jobs-live",
        href: ctx.here.clone(),
        seconds: 3,
        blocks: vec![Block::Table(table(&ctx, &all, &campaigns))],
        stale: ctx.t("live-stale"),
    };
    if wants_part(&headers) {
        return part(&live);
    }
    Page::new(ctx.t("jobs-title")).with(Block::Lead(ctx.t("jobs-lead"))).with(live).show(&ctx)
}
