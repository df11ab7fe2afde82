//! What pages are made of. Each block is a small template of its own in `templates/components/`.

mod chart;
mod controls;
mod query;
mod table;

use std::collections::BTreeMap;

use askama::Template;

pub use chart::Chart;
pub use controls::{Button, ButtonKind, Choice, Field, FieldKind, Filters, Form, Tabs};
pub use query::Query;
pub(crate) use table::page_links;
pub use table::{Cell, Column, Pager, Table, Tone};

/// A block of a page.
#[derive(Debug, Clone)]
pub enum Block {
    /// What the page is about, in a sentence or two.
    Lead(String),
    /// A heading within the page.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// A list.
    List(Vec<String>),
    /// Something to be noticed, with details.
    Notice(Notice),
    /// Key figures: name, value, note.
    Figures(Vec<(String, String, String)>),
    /// Names and values.
    Pairs(Vec<(String, Cell)>),
    /// A table.
    Table(Table),
    /// A chart with its table.
    Chart(Chart),
    /// A form.
    Form(Form),
    /// The filters of a list.
    Filters(Filters),
    /// Tabs.
    Tabs(Tabs),
    /// Things to do.
    Actions(Vec<Button>),
    /// How far something is: name, steps done, steps in all.
    Progress(String, u64, u64),
    /// Nothing is here: why, and what to do.
    Empty(String, Vec<Button>),
    /// A part that refreshes itself: address of the part alone, seconds, what it shows now, what to say when it cannot.
    Live {
        /// Stable id of the part.
        id: &'static str,
        /// Address that gives the part alone.
        href: String,
        /// Seconds between two looks.
        seconds: u32,
        /// What it shows now.
        blocks: Vec<Block>,
        /// Said when the connection is lost.
        stale: String,
    },
    /// Several panels side by side.
    Columns(Vec<Vec<Block>>),
    /// HTML that was made and cleaned by a crate of ours, such as the body of an item.
    Html(String),
}

/// Something to be noticed.
#[derive(Debug, Clone, Default)]
pub struct Notice {
    /// Its tone.
    pub tone: Tone,
    /// What it says.
    pub text: String,
    /// Details, one a line.
    pub details: Vec<String>,
}

impl Notice {
    /// A notice without details.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into(), details: Vec::new() }
    }
}

#[derive(Template)]
#[template(path = "components/simple.html")]
struct Simple<'a> {
    block: &'a Block,
}

impl Simple<'_> {
    fn percent(done: &u64, total: &u64) -> u64 {
        if *total == 0 { 0 } else { done * 100 / total }
    }
}

impl Block {
    /// The block as HTML.
    ///
    /// # Errors
    /// When a template cannot be rendered, which is a mistake of ours.
    pub fn html(&self) -> Result<String, askama::Error> {
        match self {
            Self::Table(table) => table.render(),
            Self::Chart(chart) => chart.render(),
            Self::Form(form) => form.render(),
            Self::Filters(filters) => filters.render(),
            Self::Tabs(tabs) => tabs.render(),
            other => Simple { block: other }.render(),
        }
    }

    /// Gives the tables of a page that have one name files of their own.
    pub(crate) fn number_tables(&mut self, seen: &mut BTreeMap<&'static str, usize>) {
        match self {
            Self::Table(table) => table.numbered(seen),
            Self::Chart(chart) => chart.table.numbered(seen),
            Self::Live { blocks, .. } => blocks.iter_mut().for_each(|block| block.number_tables(seen)),
            Self::Columns(columns) => columns.iter_mut().flatten().for_each(|block| block.number_tables(seen)),
            _ => {}
        }
    }

    /// All tables of a page, for export.
    pub fn tables<'a>(&'a self, found: &mut Vec<&'a Table>) {
        match self {
            Self::Table(table) => found.push(table),
            Self::Chart(chart) => found.push(&chart.table),
            Self::Live { blocks, .. } => blocks.iter().for_each(|block| block.tables(found)),
            Self::Columns(columns) => columns.iter().flatten().for_each(|block| block.tables(found)),
            _ => {}
        }
    }
}

/// Blocks one after another.
///
/// # Errors
/// As [`Block::html`].
pub fn html(blocks: &[Block]) -> Result<String, askama::Error> {
    blocks.iter().map(Block::html).collect()
}
