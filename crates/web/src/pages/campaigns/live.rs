//! Who has not started, is working, has finished, is absent. Refreshes itself; without scripts the page is loaded again.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use delivery::model::Campaign;
use delivery::{LiveFilter, LiveKind, LiveRow, LiveState};
use jiff::tz::TimeZone;
use kernel::{Action, ClassId, Place, SchoolId, TestId};
use roster::{OrgTree, SchoolClass};

use super::attempt::attempt_address;
use super::{figures, find, page_below};
use crate::blocks::{Block, Cell, Choice, Column, Field, FieldKind, Filters, Pager, Query, Table, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::format;
use crate::page::{part, wants_part};
use crate::pages::network::school_name;

/// Rows of one part: two classes.
const PART: u32 = 50;
/// Rows of a file.
const FILE: u32 = 200_000;

/// The schools and classes that somebody may see sitting, for choosing among them.
struct Choices {
    schools: Vec<SchoolId>,
    classes: Vec<SchoolClass>,
    tree: OrgTree,
}

impl Choices {
    async fn load(ctx: &PageCtx, campaign: &Campaign) -> Result<Self, PageError> {
        let database = ctx.app.database();
        let mut classes = roster::classes(database, &ctx.actor, None).await?;
        classes.retain(|class| {
            let place = Place { school: Some(class.school), class: Some(class.id), person: None };
            campaign.tests.iter().any(|test| test.grade == class.grade)
                && access::can(&ctx.actor, Action::SeeSittings, &place)
        });
        let schools: BTreeSet<SchoolId> = classes.iter().map(|class| class.school).collect();
        let tree = roster::org_tree(database).await?;
        Ok(Self { schools: schools.into_iter().collect(), classes, tree })
    }

    /// Fields for what there is to choose: classes of one school, and the tests of the chosen class.
    fn filters(&self, ctx: &PageCtx, campaign: &Campaign, query: &Query) -> Filters {
        let school = if let [only] = self.schools[..] { Some(only) } else { query.number("school").map(SchoolId) };
        let class = query.number("class").and_then(|id| self.classes.iter().find(|class| class.id.0 == id));
        let choose = |name: &'static str, label: &str, mut choices: Vec<Choice>| {
            choices.insert(0, (String::new(), ctx.t("filter-all")));
            Field::new(name, ctx.t(label), FieldKind::Select(choices)).optional().value(query.get(name))
        };
        let mut fields = vec![
            Field::new("search", ctx.t("filter-name"), FieldKind::Line("search")).optional().value(query.get("search")),
        ];
        if self.schools.len() > 1 {
            let name = |school: &SchoolId| (school.to_string(), school_name(ctx, &self.tree, *school));
            let mut schools: Vec<Choice> = self.schools.iter().map(name).collect();
            schools.sort_by_key(|(_, name)| roster::names::sort_key(name));
            fields.push(choose("school", "column-school", schools));
        }
        if school.is_some() {
            let of_school = self.classes.iter().filter(|class| school == Some(class.school));
            let classes = of_school.map(|class| (class.id.to_string(), class.label())).collect();
            fields.push(choose("class", "column-class", classes));
        }
        let tests = campaign.tests.iter().filter(|test| class.is_none_or(|class| class.grade == test.grade));
        let tests = tests.map(|test| (test.id.to_string(), ctx.l(&test.name).to_owned())).collect();
        fields.push(choose("test", "column-test", tests));
        let states = LiveKind::ALL.map(|kind| (kind.code().to_owned(), ctx.t(&format!("live-{}", kind.code()))));
        fields.push(choose("state", "column-state", states.to_vec()));
        Filters { action: query.path().to_owned(), fields, submit: ctx.t("filter-submit") }
    }
}

fn state(ctx: &PageCtx, campaign: &Campaign, zone: &TimeZone, row: &LiveRow) -> Cell {
    match &row.state {
        LiveState::NotStarted => Cell::badge(ctx.t("live-not-started"), Tone::Warn),
        LiveState::Absent { reason } => Cell::badge(ctx.t("live-absent"), Tone::Plain)
            .with_note(delivery::absence_name(&campaign.absence_reasons, reason, ctx.language)),
        LiveState::Working { remaining } => {
            let minutes = (remaining.max(&0) + 59_999) / 60_000;
            Cell::badge(ctx.t("live-working"), Tone::Accent)
                .with_note(ctx.t_with("live-minutes-left", &[("minutes", minutes.into())]))
        }
        LiveState::Finished { at, receipt } => {
            let time = format::clock_time(&format::moment(*at, zone));
            Cell::badge(ctx.t("live-finished"), Tone::Good).with_note(format!("{time} · {receipt}"))
        }
    }
}

/// What the coordinator can do about a row.
fn action(ctx: &PageCtx, campaign: &Campaign, row: &LiveRow) -> Cell {
    let place = Place { school: Some(row.school), class: Some(row.class), person: Some(row.person) };
    if !access::can(&ctx.actor, Action::ManageSittings, &place) {
        return Cell::default();
    }
    let (key, below) = match row.state {
        LiveState::NotStarted => ("absence-record", "absence"),
        LiveState::Absent { .. } => ("absence-change", "absence"),
        LiveState::Finished { .. } => ("reopen-title", "reopen"),
        LiveState::Working { .. } => return Cell::default(),
    };
    Cell::link(ctx.t(key), attempt_address(ctx, campaign, &format!("{}/{below}", row.attempt)))
}

fn table(ctx: &PageCtx, campaign: &Campaign, choices: &Choices, rows: &[LiveRow], pager: Pager) -> Table {
    let mut columns = vec![
        Column::text("name", ctx.t("column-name")),
        Column::text("state", ctx.t("column-state")),
        Column::text("class", ctx.t("column-class")),
        Column::text("test", ctx.t("column-test")),
        Column::number("answered", ctx.t("column-answered")),
        Column::number("skipped", ctx.t("column-skipped")),
        Column::text("action", ctx.t("column-action")),
    ];
    let with_school = choices.schools.len() > 1;
    if with_school {
        columns.insert(2, Column::text("school", ctx.t("column-school")));
    }
    let zone = campaign.time_zone();
    let mut table = Table::new("live", ctx.t("live-title"), columns);
    for row in rows {
        let reopened = if row.reopened > 0 {
            ctx.t_with("live-reopened", &[("count", row.reopened.into())])
        } else {
            String::new()
        };
        let answered = format!("{} / {}", ctx.whole(row.answered), ctx.whole(row.item_count));
        let mut cells = vec![
            Cell::text(&row.person_name).with_note(reopened),
            state(ctx, campaign, &zone, row),
            Cell::text(&row.class_label),
            Cell::text(campaign.test(row.test).map_or("", |test| ctx.l(&test.name))),
            Cell::number(answered, row.answered as f64),
            Cell::whole(ctx, row.skipped),
            action(ctx, campaign, row),
        ];
        if with_school {
            cells.insert(2, Cell::text(school_name(ctx, &choices.tree, row.school)));
        }
        table.rows.push(cells);
    }
    table.empty = ctx.t("live-none");
    table.finish(ctx, Some(pager))
}

/// `GET /assess/campaigns/{campaign}/live`
pub(super) async fn list(ctx: PageCtx, Path(named): Path<String>, headers: HeaderMap) -> Result<Response, PageError> {
    let (database, campaign) = find(&ctx, Action::SeeSittings, &named).await?;
    let query = Query::of(&ctx.here);
    let whole = !query.get("export").is_empty();
    let filter = LiveFilter {
        campaign: Some(campaign.id),
        school: query.number("school").map(SchoolId),
        class: query.number("class").map(ClassId),
        test: query.number("test").map(TestId),
        state: LiveKind::from_code(query.get("state")),
        search: query.get("search").to_owned(),
        offset: if whole { 0 } else { (query.page() - 1).saturating_mul(PART) },
        limit: if whole { FILE } else { PART },
    };
    let (rows, counts) = delivery::live_list(database, &ctx.actor, &filter, ctx.now).await?;
    let choices = Choices::load(&ctx, &campaign).await?;
    let total = filter.state.map_or(counts.pupils, |kind| kind.of(&counts));
    let pager = Pager { page: query.page(), size: PART, total };
    let table = table(&ctx, &campaign, &choices, &rows, pager);
    let live = Block::Live {
        id: "live-list",
        href: ctx.here.clone(),
        seconds: 5,
        blocks: vec![Block::Figures(figures(&ctx, &counts)), Block::Table(table)],
        stale: ctx.t("live-stale"),
    };
    if wants_part(&headers) {
        return part(&live);
    }
    let filters = choices.filters(&ctx, &campaign, &query);
    page_below(&ctx, &campaign, ctx.t("live-title")).with(Block::Filters(filters)).with(live).show(&ctx)
}
