//! Numbers of reports as cells, charts as blocks, documents as answers.

use axum::response::Response;
use documents::report::{Mean, Number, Place, Skill, Status};
use documents::{Document, Labels};
use kernel::Language;

use crate::blocks::{Block, Cell, Chart, Column, Table};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::export;

/// A number of a report.
pub fn number(value: &Number) -> Cell {
    Cell::number(&value.text, value.value)
}

/// A number that may be missing.
pub fn maybe(value: Option<&Number>) -> Cell {
    value.map_or_else(|| Cell::text("–"), number)
}

/// A mean with its n.
pub fn mean(value: &Mean) -> Cell {
    let cell = maybe(value.value.as_ref());
    cell.with_note(format!("n = {}", value.n))
}

/// A mean without a second line, for narrow tables that have a column of n.
pub fn bare_mean(value: &Mean) -> Cell {
    maybe(value.value.as_ref())
}

/// A place: `7 / 17`.
pub fn place(place: Option<Place>) -> Cell {
    place.map_or_else(
        || Cell::text("–"),
        |Place { place, of }| Cell::number(format!("{place} / {of}"), f64::from(place)),
    )
}

/// The word of a status.
pub fn status_word(status: Status, labels: &Labels) -> &str {
    labels.text(match status {
        Status::Correct => "status-correct",
        Status::Partial => "status-partial",
        Status::Incorrect => "status-incorrect",
        Status::Skipped => "status-skipped",
        Status::NotReached => "status-not-reached",
        Status::NotGiven => "status-not-given",
    })
}

/// A status in a matrix: a sign, the word for those who hear the page, and a colour.
pub fn status_sign(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Correct => ("+", "correct"),
        Status::Partial => ("±", "partial"),
        Status::Incorrect => ("−", "incorrect"),
        Status::Skipped => ("○", "skipped"),
        Status::NotReached => ("…", "not-reached"),
        Status::NotGiven => ("", "not-reached"),
    }
}

/// What says which task a row is about: number, section, topic, criterion, skill.
pub fn task_columns(labels: &Labels) -> Vec<Column> {
    let texts = ["section", "topic", "criterion", "skill"].map(|key| Column::text(key, labels.text(key)));
    std::iter::once(Column::number("number", labels.text("number"))).chain(texts).collect()
}

/// The cells below [`task_columns`].
pub fn task_cells(number: u32, texts: [&String; 3], skill: Option<Skill>) -> Vec<Cell> {
    let mut cells = vec![Cell::number(number.to_string(), f64::from(number))];
    cells.extend(texts.map(Cell::text));
    cells.push(Cell::text(skill.map_or_else(String::new, |skill| format!("{skill:?}"))));
    cells
}

/// A chart of the `documents` crate with its table.
pub fn chart(ctx: &PageCtx, name: &'static str, title: &str, chart: &(impl charts::Chart + ?Sized)) -> Block {
    let data = chart.table();
    // Keys of columns are only names in exports here; a chart's table is sorted as the chart is.
    let columns = data.heads.into_iter().map(|head| Column::text("", head)).collect();
    let mut table = Table::new(name, title, columns);
    table.rows = data.rows.into_iter().map(|row| row.into_iter().map(Cell::text).collect()).collect();
    let table = table.finish_unsorted(ctx);
    Block::Chart(Chart { title: title.to_owned(), svg: chart.svg(), table, table_label: ctx.t("chart-table") })
}

/// The labels of documents in the page's language.
pub fn labels(ctx: &PageCtx) -> Labels {
    Labels::built_in(ctx.language)
}

/// The language of a document: that of the page, unless the address asks for another (`?language=ru`).
pub fn document_language(ctx: &PageCtx) -> Language {
    crate::blocks::Query::of(&ctx.here).get("language").parse().unwrap_or(ctx.language)
}

/// A document as PDF, made beside the server's own threads.
pub async fn pdf<D: Document + Send + 'static>(
    ctx: &PageCtx,
    document: D,
    name: String,
) -> Result<Response, PageError> {
    let renderer = ctx.app.renderer()?;
    let made = tokio::task::spawn_blocking(move || renderer.render(&document)).await;
    let made = made.map_err(|error| PageError::Internal(error.to_string()))?;
    let made = made.map_err(|error| PageError::Internal(error.to_string()))?;
    Ok(export::shown(made.bytes, "application/pdf", &format!("{name}.pdf")))
}
