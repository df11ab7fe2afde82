//! The three pages of the auditor: files, relations, marked tables.

use askama::Template;
use documents::statistics::{FindingLine, finding_lines};
use measures::audit::Report;

use super::asked::{Asked, MOST_BYTES, MOST_FILES};
use super::marked::MarkedTable;
use crate::blocks::{Block, Notice, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::page::Page;

/// What every form of the auditor carries.
struct Carried {
    csrf: String,
    tables: String,
    rules: String,
}

impl Carried {
    fn of(ctx: &PageCtx, asked: &Asked) -> Result<Self, PageError> {
        let tables = asked.travelling().map_err(|error| PageError::Internal(error.to_string()))?;
        Ok(Self { csrf: ctx.csrf.clone(), tables, rules: asked.rules_text.clone() })
    }
}

#[derive(Template)]
#[template(path = "govern/audit-form.html")]
struct FormPart<'a> {
    ctx: &'a PageCtx,
    hint: String,
}

/// A relation to confirm.
struct Relation {
    index: usize,
    words: String,
    evidence: String,
}

#[derive(Template)]
#[template(path = "govern/audit-confirm.html")]
struct ConfirmPart<'a> {
    ctx: &'a PageCtx,
    carried: Carried,
    tables: Vec<(String, Vec<Relation>)>,
}

#[derive(Template)]
#[template(path = "govern/audit-marked.html")]
struct MarkedPart<'a> {
    ctx: &'a PageCtx,
    carried: Carried,
    confirmed: &'a [usize],
    findings: Vec<FindingLine>,
    tables: Vec<MarkedTable>,
}

fn page(ctx: &PageCtx) -> Page {
    Page::new(ctx.t("auditor-title"))
}

fn html(part: &impl Template) -> Result<Block, PageError> {
    Ok(Block::Html(part.render().map_err(|error| PageError::Internal(error.to_string()))?))
}

/// The first page, with messages on top.
pub fn form(ctx: &PageCtx, messages: Vec<Block>) -> Result<Page, PageError> {
    let megabytes = (MOST_BYTES / 1024 / 1024) as i64;
    let hint =
        ctx.t_with("auditor-files-hint", &[("files", (MOST_FILES as i64).into()), ("megabytes", megabytes.into())]);
    let part = FormPart { ctx, hint };
    let mut page = page(ctx);
    page.blocks = messages;
    Ok(page.with(Block::Lead(ctx.t("auditor-lead"))).with(html(&part)?))
}

/// What is wrong with the tables themselves, as a notice.
fn problems(ctx: &PageCtx, asked: &Asked) -> Option<Block> {
    let details: Vec<String> = asked
        .sheets
        .iter()
        .flat_map(|sheet| &sheet.problems)
        .map(|problem| ctx.l(&problem.sentence()).to_owned())
        .collect();
    let text = ctx.t_with("auditor-problems", &[("count", (details.len() as i64).into())]);
    (!details.is_empty()).then_some(Block::Notice(Notice { tone: Tone::Warn, text, details }))
}

/// The relations that the numbers suggest, to be confirmed.
pub fn confirm(ctx: &PageCtx, asked: &Asked) -> Result<Page, PageError> {
    let relation = |(index, proposal): (usize, &measures::audit::Proposal)| Relation {
        index,
        words: ctx.l(&proposal.words).to_owned(),
        evidence: ctx.t_with(
            "auditor-evidence",
            &[("holds", (proposal.holds as i64).into()), ("tried", (proposal.tried as i64).into())],
        ),
    };
    let tables = asked.sheets.iter().map(|sheet| {
        let own = asked.proposals.iter().enumerate();
        let own = own.filter(|(_, proposal)| proposal.rule.tables.first() == Some(&sheet.name));
        (sheet.name.clone(), own.map(relation).collect())
    });
    let part = ConfirmPart { ctx, carried: Carried::of(ctx, asked)?, tables: tables.collect() };
    let mut page = page(ctx).with(Block::Lead(ctx.t("auditor-confirm-lead")));
    page.blocks.extend(problems(ctx, asked));
    Ok(page.with(html(&part)?))
}

/// The tables with what is wrong in them.
pub fn marked(ctx: &PageCtx, asked: &Asked, report: &Report) -> Result<Page, PageError> {
    let number = |count: usize| ctx.whole(count as i64);
    let figure = |name: String, count: usize| (name, number(count), String::new());
    let figures = vec![
        figure(ctx.t("auditor-checked"), report.checked),
        figure(ctx.t("auditor-reproduced"), report.reproduced),
        figure(ctx.t("auditor-loosely"), report.tolerated.len()),
        figure(ctx.t("auditor-found"), report.findings.len()),
    ];
    let (tone, text) = match (report.checked, report.findings.len()) {
        (0, _) => (Tone::Warn, ctx.t("auditor-nothing-checked")),
        (_, 0) => (Tone::Good, ctx.t("auditor-all-agree")),
        (_, found) => (Tone::Bad, ctx.t_with("auditor-some-wrong", &[("count", (found as i64).into())])),
    };
    let part = MarkedPart {
        ctx,
        carried: Carried::of(ctx, asked)?,
        confirmed: &asked.confirmed,
        findings: finding_lines(report, ctx.language),
        tables: asked.sheets.iter().map(|sheet| MarkedTable::new(ctx, sheet, report)).collect(),
    };
    let mut page = page(ctx).with(Block::Notice(Notice::new(tone, text))).with(Block::Figures(figures));
    page.blocks.extend(problems(ctx, asked));
    Ok(page.with(html(&part)?))
}
