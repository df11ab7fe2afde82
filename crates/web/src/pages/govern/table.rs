//! A table of statistics as HTML: two lines of heads, numbers that open, other averages, targets, footnotes. Its words are
//! those of the same table on paper.

use askama::Template;
use documents::Labels;
use documents::statistics::{Head, cell_text, heads};
use measures::table::{Line, Table};

use super::asked::pairs;
use crate::blocks::{Block, Pager, Query, Tone, page_links};
use crate::context::PageCtx;
use crate::error::PageError;

/// Rows of one part of a long table.
const PART: u32 = 100;

struct Number {
    text: String,
    href: Option<String>,
    hidden: bool,
    notes: Vec<String>,
    light: Option<(Tone, String)>,
    marks: Vec<usize>,
}

struct Row {
    label: String,
    cells: Vec<Number>,
}

#[derive(Template)]
#[template(path = "govern/table.html")]
struct Statistics {
    caption: String,
    note: String,
    row_head: String,
    groups: Vec<Head>,
    heads: Vec<(Head, String)>,
    rows: Vec<Row>,
    totals: Vec<Row>,
    links: Vec<(String, String, bool)>,
    footnotes: Vec<String>,
    hidden: String,
    empty: String,
    tall: bool,
}

/// A unit behind a number or a head; empty for people and places, which need none.
pub fn unit(ctx: &PageCtx, unit: Option<&str>) -> String {
    let labels = Labels::built_in(ctx.language);
    unit.map_or_else(String::new, |unit| documents::statistics::unit_text(unit, &labels).to_owned())
}

fn number(ctx: &PageCtx, table: &Table, at: (usize, usize), labels: &Labels, href: String) -> Number {
    let texts = cell_text(table, at, ctx.language, labels);
    let light = texts.target.map(|(target, light, word)| {
        let tone = match light {
            "reached" => Tone::Good,
            "near" => Tone::Warn,
            _ => Tone::Bad,
        };
        (tone, format!("{word} ({target})"))
    });
    let known = table.cell(at).is_some_and(|cell| cell.value.exact.is_some());
    Number {
        text: texts.text,
        href: (known && !texts.hidden).then_some(href),
        hidden: texts.hidden,
        notes: texts.others,
        light,
        marks: texts.notes,
    }
}

/// The table as a block; long ones in parts, with the totals below each part.
pub fn block(
    ctx: &PageCtx,
    table: &Table,
    caption: &str,
    row_head: &str,
    catalogue: &measures::definition::Catalogue,
) -> Result<Block, PageError> {
    let query = Query::of(&ctx.here);
    let mut open: Vec<(String, String)> = pairs(&ctx.here);
    open.retain(|(name, _)| !matches!(name.as_str(), "at" | "page"));
    let opened = form_urlencoded::Serializer::new(String::new()).extend_pairs(&open).finish();
    let labels = Labels::built_in(ctx.language);
    let row = |place: usize, line: &Line| {
        let numbers = (0..table.columns.len()).map(|column| {
            let href = format!("/govern/tables/records?{opened}&at={place}.{column}");
            number(ctx, table, (place, column), &labels, href)
        });
        Row { label: ctx.l(&line.label).to_owned(), cells: numbers.collect() }
    };
    let (mut lines_of_heads, measure) = heads(table, ctx.language, &labels);
    let last = lines_of_heads.pop().unwrap_or_default();
    let describe = |head: Head| {
        let column = table.columns.get(head.first);
        let measure = column.and_then(|column| catalogue.get(&column.measure));
        let description = measure.map_or("", |measure| ctx.l(&measure.description)).to_owned();
        (head, description)
    };
    let lines = || table.rows.iter().enumerate();
    let own: Vec<(usize, &Line)> = lines().filter(|(_, line)| line.depth > 0).collect();
    let pager = Pager { page: query.page(), size: PART, total: own.len() as i64 };
    let skipped = (pager.page as usize - 1).saturating_mul(PART as usize);
    let shown = own.iter().skip(skipped).take(PART as usize);
    let statistics = Statistics {
        caption: measure.map_or_else(|| caption.to_owned(), |measure| format!("{caption} · {measure}")),
        note: ctx.t_with("table-rows", &[("count", pager.total.into())]),
        row_head: row_head.to_owned(),
        groups: lines_of_heads.pop().unwrap_or_default(),
        heads: last.into_iter().map(describe).collect(),
        rows: shown.map(|(place, line)| row(*place, line)).collect(),
        totals: lines().filter(|(_, line)| line.depth == 0).map(|(place, line)| row(place, line)).collect(),
        links: page_links(ctx, &query, "page", pager),
        footnotes: table.footnotes.iter().map(|note| ctx.l(note).to_owned()).collect(),
        hidden: ctx.t("govern-hidden"),
        empty: ctx.t("govern-table-empty"),
        tall: own.len() > 30,
    };
    let html = statistics.render().map_err(|error| PageError::Internal(error.to_string()))?;
    Ok(Block::Html(html))
}
