//! Tables of pages as files.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::blocks::Table;
use crate::context::PageCtx;
use crate::error::PageError;

/// A table as a file: CSV in UTF-8 with a mark that spreadsheets understand.
///
/// # Errors
/// [`PageError::NotFound`] for a format we do not write; [`PageError::Internal`] when the file cannot be made.
pub fn table(table: &Table, format: &str, title: &str, _ctx: &PageCtx) -> Result<Response, PageError> {
    if format != "csv" {
        return Err(PageError::NotFound);
    }
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let internal = |error: csv::Error| PageError::Internal(error.to_string());
    writer.write_record(table.columns.iter().map(|column| &column.label)).map_err(internal)?;
    for row in table.rows.iter().chain(&table.totals) {
        let cells = row.iter().map(|cell| match cell.number {
            Some(number) => number.to_string(),
            None => cell.text.clone(),
        });
        writer.write_record(cells).map_err(internal)?;
    }
    let content = writer.into_inner().map_err(|error| PageError::Internal(error.to_string()))?;
    Ok(file(content, "text/csv; charset=utf-8", &format!("{title} - {}.csv", table.name)))
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
