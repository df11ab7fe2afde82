//! Tables of pages as files.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::blocks::Table;
use crate::context::PageCtx;
use crate::error::PageError;

/// What a workbook is.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A table as a file: CSV in UTF-8 with a mark that spreadsheets understand, or XLSX.
///
/// # Errors
/// [`PageError::NotFound`] for a format we do not write; [`PageError::Internal`] when the file cannot be made.
pub fn table(table: &Table, format: &str, title: &str, _ctx: &PageCtx) -> Result<Response, PageError> {
    let internal = |error: &dyn std::fmt::Display| PageError::Internal(format!("table as a file: {error}"));
    let (content, content_type) = match format {
        "csv" => (csv_file(table).map_err(|error| internal(&error))?, "text/csv; charset=utf-8"),
        "xlsx" => (xlsx_file(table, title).map_err(|error| internal(&error))?, XLSX),
        _ => return Err(PageError::NotFound),
    };
    Ok(file(content, content_type, &format!("{title} - {}.{format}", table.name)))
}

fn csv_file(table: &Table) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(table.columns.iter().map(|column| &column.label))?;
    for row in table.rows.iter().chain(&table.totals) {
        writer.write_record(row.iter().map(|cell| match cell.number {
            Some(number) => number.to_string(),
            None => harmless(&cell.text),
        }))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))
}

/// A text that a spreadsheet does not take for a formula (OWASP, CSV injection): names and texts come from people.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn xlsx_file(table: &Table, title: &str) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let (mut book, bold) = (rust_xlsxwriter::Workbook::new(), rust_xlsxwriter::Format::new().set_bold());
    let sheet = book.add_worksheet();
    sheet.write_string_with_format(0, 0, format!("{title} · {}", table.caption), &bold)?;
    sheet.write_string(1, 0, &table.note)?;
    for (place, column) in (0..).zip(&table.columns) {
        sheet.write_string_with_format(3, place, &column.label, &bold)?;
    }
    for (line, row) in (4..).zip(table.rows.iter().chain(&table.totals)) {
        for (place, cell) in (0..).zip(row) {
            match cell.number {
                Some(number) => sheet.write_number(line, place, number)?,
                None => sheet.write_string(line, place, &cell.text)?,
            };
        }
    }
    sheet.set_freeze_panes(4, 1)?;
    sheet.autofit();
    book.save_to_buffer()
}

/// A file that the browser may show itself, with the name under which it is saved.
pub fn shown(content: Vec<u8>, content_type: &'static str, name: &str) -> Response {
    let mut response = file(content, content_type, name);
    let inline = response.headers().get(header::CONTENT_DISPOSITION).and_then(|value| value.to_str().ok());
    let inline = inline.map(|value| value.replacen("attachment", "inline", 1));
    if let Some(value) = inline.and_then(|value| HeaderValue::from_str(&value).ok()) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// A file to be saved under a name. Names may be Kazakh: RFC 6266 with RFC 8187.
pub fn file(content: Vec<u8>, content_type: &'static str, name: &str) -> Response {
    let mut response = content.into_response();
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' }).collect();
    let encoded: String = form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20");
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    let set = response.headers_mut();
    set.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        set.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
