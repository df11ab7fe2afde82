//! Tables: sorted by a link in the head, paged, exported, with their number of rows.

use std::collections::BTreeMap;

use askama::Template;

use super::Query;
use crate::context::PageCtx;

/// How a word is coloured; the word itself says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Not at all.
    #[default]
    Plain,
    /// Good.
    Good,
    /// To be looked at.
    Warn,
    /// Bad.
    Bad,
    /// Of note.
    Accent,
}

impl Tone {
    /// Class of the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Accent => "accent",
        }
    }
}

/// A cell: what it says, where it leads, what it counts.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub href: Option<String>,
    /// Its number, for sorting and for spreadsheets.
    pub number: Option<f64>,
    /// A word in colour.
    pub badge: Option<Tone>,
    /// A smaller second line.
    pub note: String,
    /// Class of a matrix cell: `correct`, `incorrect`, `skipped`, `not-reached`, `partial`.
    pub class: &'static str,
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A text that leads somewhere.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: Some(href.into()), ..Self::default() }
    }

    /// A number as it is written.
    pub fn number(text: impl Into<String>, number: f64) -> Self {
        Self { text: text.into(), number: Some(number), ..Self::default() }
    }

    /// A whole number.
    pub fn whole(ctx: &PageCtx, value: i64) -> Self {
        Self::number(ctx.whole(value), value as f64)
    }

    /// A share in percent, or a dash.
    pub fn percent(ctx: &PageCtx, value: Option<f64>) -> Self {
        value.map_or_else(|| Self::text("—"), |value| Self::number(ctx.percent(value), value))
    }

    /// A word in colour.
    pub fn badge(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), badge: Some(tone), ..Self::default() }
    }

    /// The same cell with a smaller second line.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// The same cell leading somewhere.
    #[must_use]
    pub fn with_href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// Class of the badge.
    pub fn badge_class(&self) -> &'static str {
        self.badge.map_or("", Tone::class)
    }
}

/// A column.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// Name in the query and in exports.
    pub key: &'static str,
    /// Head.
    pub label: String,
    /// Longer head, said to screen readers and shown on hover.
    pub title: String,
    /// Whether it holds numbers.
    pub number: bool,
    sort_href: String,
    sorted: &'static str,
}

impl Column {
    /// A column of texts.
    pub fn text(key: &'static str, label: impl Into<String>) -> Self {
        Self { key, label: label.into(), ..Self::default() }
    }

    /// A column of numbers.
    pub fn number(key: &'static str, label: impl Into<String>) -> Self {
        Self { number: true, ..Self::text(key, label) }
    }

    /// The same with a longer head.
    #[must_use]
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }
}

/// Part of a long list that a service cut out.
#[derive(Debug, Clone, Copy)]
pub struct Pager {
    /// This part, from 1.
    pub page: u32,
    /// Rows of a part.
    pub size: u32,
    /// Rows in all.
    pub total: i64,
}

/// A table.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "components/table.html")]
pub struct Table {
    /// Name in exports and in the page: one word.
    pub name: &'static str,
    /// What it shows.
    pub caption: String,
    /// Behind the caption: how many, of whom.
    pub note: String,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
    /// Rows of totals.
    pub totals: Vec<Vec<Cell>>,
    /// Said when there are no rows.
    pub empty: String,
    /// Pupils by items rather than a list.
    pub matrix: bool,
    links: Vec<(String, String, bool)>,
    export_label: String,
    exports: Vec<(&'static str, String)>,
    tall: bool,
}

impl Table {
    /// A table with a caption.
    pub fn new(name: &'static str, caption: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { name, caption: caption.into(), columns, ..Self::default() }
    }

    fn is_number(&self, column: &usize) -> bool {
        self.columns.get(*column).is_some_and(|column| column.number)
    }

    /// The same as a matrix of pupils by items.
    #[must_use]
    pub fn as_matrix(mut self) -> Self {
        self.matrix = true;
        self
    }

    /// Adds what every table has, but no sorting: the order means something.
    #[must_use]
    pub fn finish_unsorted(mut self, ctx: &PageCtx) -> Self {
        let matrix = std::mem::replace(&mut self.matrix, true);
        let mut finished = self.finish(ctx, None);
        finished.matrix = matrix;
        finished
    }

    /// As [`finish`](Self::finish) for a long list whose rows are all here: sorted as a whole, shown in parts of `size` rows
    /// under the table's name in the query; files hold all of it.
    #[must_use]
    pub fn finish_in_parts(self, ctx: &PageCtx, size: u32) -> Self {
        let query = Query::of(&ctx.here);
        let mut finished = self.finish(ctx, None);
        if query.get("export").is_empty() {
            let page = query.number(finished.name).and_then(|page| u32::try_from(page).ok()).unwrap_or(1).max(1);
            let pager = Pager { page, size, total: finished.rows.len() as i64 };
            let skipped = (page as usize - 1).saturating_mul(size as usize);
            finished.rows = finished.rows.into_iter().skip(skipped).take(size as usize).collect();
            finished.links = page_links(ctx, &query, finished.name, pager);
            finished.tall = false;
        }
        finished
    }

    /// Sorts by the query (unless the service has cut out a part) and adds the links of the head, the parts and the exports.
    #[must_use]
    pub fn finish(mut self, ctx: &PageCtx, pager: Option<Pager>) -> Self {
        let query = Query::of(&ctx.here);
        let (sort, descending) = (format!("{}-sort", self.name), query.get("dir") == "desc");
        let wanted = query.get(&sort).to_owned();
        if pager.is_none() && !self.matrix {
            for (index, column) in self.columns.iter_mut().enumerate() {
                let by_this = column.key == wanted;
                let next = if by_this && !descending { "desc" } else { "" };
                column.sort_href = query.with(&[(&sort, column.key), ("dir", next), ("page", ""), (self.name, "")]);
                if by_this {
                    column.sorted = if descending { "descending" } else { "ascending" };
                    sort_rows(&mut self.rows, index, descending);
                }
            }
        }
        if self.note.is_empty() {
            let count = pager.map_or(self.rows.len() as i64, |pager| pager.total);
            self.note = ctx.t_with("table-rows", &[("count", count.into())]);
        }
        if self.empty.is_empty() {
            self.empty = ctx.t("table-empty");
        }
        self.export_label = ctx.t("table-export");
        let file = |format| query.with(&[("export", format), ("table", self.name), ("page", "")]);
        self.exports = vec![("CSV", file("csv")), ("XLSX", file("xlsx"))];
        self.links = pager.map(|pager| page_links(ctx, &query, "page", pager)).unwrap_or_default();
        self.tall = self.rows.len() > 30 || self.matrix;
        self
    }
}

impl Table {
    /// Tells tables of one name on a page apart (the same table for two grades): from the second on, the links to files
    /// say which one they mean. `seen` counts the names so far.
    pub(crate) fn numbered(&mut self, seen: &mut BTreeMap<&'static str, usize>) {
        let number = seen.entry(self.name).or_default();
        *number += 1;
        if *number > 1 {
            self.exports.iter_mut().for_each(|(_, href)| *href = format!("{href}&nth={number}"));
        }
    }
}

fn sort_rows(rows: &mut [Vec<Cell>], column: usize, descending: bool) {
    rows.sort_by(|one, other| {
        let (one, other) = (one.get(column), other.get(column));
        let number = |cell: Option<&Cell>| cell.and_then(|cell| cell.number);
        let order = match (number(one), number(other)) {
            (Some(one), Some(other)) => one.total_cmp(&other),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => {
                let key = |cell: Option<&Cell>| roster::names::sort_key(cell.map_or("", |cell| &cell.text));
                key(one).cmp(&key(other))
            }
        };
        if descending { order.reverse() } else { order }
    });
}

pub(crate) fn page_links(ctx: &PageCtx, query: &Query, name: &str, pager: Pager) -> Vec<(String, String, bool)> {
    let last = u32::try_from((pager.total.max(1) - 1) / i64::from(pager.size.max(1)) + 1).unwrap_or(u32::MAX);
    if last == 1 {
        return Vec::new();
    }
    let near = (pager.page.saturating_sub(2)..=pager.page.saturating_add(2)).filter(|page| (2..last).contains(page));
    let mut pages: Vec<u32> = std::iter::once(1).chain(near).chain(std::iter::once(last)).collect();
    pages.dedup();
    let link = |page: u32| (ctx.whole(page.into()), query.with(&[(name, &page.to_string())]), page == pager.page);
    pages.into_iter().map(link).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_one_name_have_files_of_their_own() {
        let mut seen = BTreeMap::new();
        let links = ["means", "marks", "means", "means"].map(|name| {
            let exports = vec![("CSV", format!("/here?export=csv&table={name}"))];
            let mut table = Table { name, exports, ..Table::default() };
            table.numbered(&mut seen);
            table.exports.remove(0).1
        });
        let ends = ["table=means", "table=marks", "table=means&nth=2", "table=means&nth=3"];
        assert!(links.iter().zip(ends).all(|(link, end)| link.ends_with(end)), "{links:?}");
    }
}
