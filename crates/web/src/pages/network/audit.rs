//! The audit log: who did what, when.

use std::collections::{BTreeMap, BTreeSet};

use axum::response::Response;
use kernel::{Action, PersonId, Scope};
use store::{AuditEntry, AuditFilter, Database, audit_entries};

use super::word_or_code;
use crate::blocks::{Block, Button, Cell, Column, Notice, Query, Table, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::format;
use crate::page::Page;

/// Lines of one part.
const PART: u32 = 100;

async fn names(database: &Database, entries: &[AuditEntry]) -> Result<BTreeMap<i64, String>, PageError> {
    let ids: BTreeSet<i64> = entries.iter().filter_map(|entry| entry.person_id).collect();
    let mut names = BTreeMap::new();
    for id in ids {
        let person = roster::person(database, PersonId(id)).await?;
        names.insert(id, person.map_or_else(|| id.to_string(), |person| person.name.short()));
    }
    Ok(names)
}

fn table(ctx: &PageCtx, entries: &[AuditEntry], names: &BTreeMap<i64, String>) -> Table {
    let keys = ["when", "who", "act", "subject", "detail", "address"];
    let labels = ["column-when", "column-who", "column-act", "column-subject", "column-detail", "column-address"];
    let columns = keys.into_iter().zip(labels).map(|(key, label)| Column::text(key, ctx.t(label))).collect();
    let zone = ctx.app.zone();
    let mut table = Table::new("audit", ctx.t("audit-title"), columns);
    for entry in entries {
        let who = match (entry.person_id, entry.attempt_id) {
            (Some(person), _) => names.get(&person).cloned().unwrap_or_default(),
            (None, Some(attempt)) => ctx.t_with("audit-attempt", &[("id", attempt.to_string().into())]),
            (None, None) => ctx.t("audit-program"),
        };
        let about = !entry.subject.is_empty();
        let subject = if about { format!("{} {}", entry.subject, entry.subject_id) } else { String::new() };
        table.rows.push(vec![
            Cell::text(format::date_time(&format::moment(entry.at, zone))),
            Cell::text(who),
            Cell::text(word_or_code(ctx, "act", &entry.act.replace(' ', "-"))),
            Cell::text(subject),
            Cell::text(if entry.detail == "null" { "" } else { &entry.detail }),
            Cell::text(entry.address.as_deref().unwrap_or_default()),
        ]);
    }
    table.empty = ctx.t("audit-none");
    table.finish(ctx, None)
}

/// Whether every line of the whole log is what was once written.
async fn checked(ctx: &PageCtx, database: &Database) -> Result<Notice, PageError> {
    Ok(match store::verify_audit(database).await? {
        Ok(sound) => {
            let text = ctx
                .t_with("audit-sound", &[("lines", ctx.whole(sound.lines).into()), ("receipt", sound.receipt.into())]);
            Notice::new(Tone::Good, text)
        }
        Err(broken) => Notice::new(Tone::Bad, ctx.t_with("audit-broken", &[("line", ctx.whole(broken.line).into())])),
    })
}

/// `GET /network/audit`; with `check=yes` the whole log is gone through.
pub(super) async fn list(ctx: PageCtx) -> Result<Response, PageError> {
    let database = ctx.authorise_somewhere(Action::SeeAudit)?;
    let query = Query::of(&ctx.here);
    let schools = match access::scope(&ctx.actor, Action::SeeAudit) {
        Scope::Network => None,
        Scope::Within { schools, .. } => Some(schools),
    };
    let filter = AuditFilter { schools, before: query.number("before"), ..AuditFilter::default() };
    let entries = audit_entries(database, &filter, PART).await?;
    let names = names(database, &entries).await?;
    let mut page = Page::new(ctx.t("audit-title")).with(Block::Lead(ctx.t("audit-lead")));
    if query.get("check").is_empty() {
        page = page.action(Button::link(ctx.t("audit-check"), query.with(&[("check", "yes")])));
    } else {
        page.blocks.push(Block::Notice(checked(&ctx, database).await?));
    }
    let mut page = page.with(Block::Table(table(&ctx, &entries, &names)));
    if let Some(last) = entries.last().filter(|_| entries.len() == PART as usize) {
        let older = query.with(&[("before", &last.id.to_string())]);
        page.blocks.push(Block::Actions(vec![Button::link(ctx.t("audit-older"), older)]));
    }
    page.show(&ctx)
}
