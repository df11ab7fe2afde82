//! Tables out: a workbook with one sheet for each table, or one table as CSV.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

/// A cell on its way out.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text. It stays text, also when it looks like a formula.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number with this many decimals shown; the file keeps all.
    Number(f64, u8),
    /// In percent: 60.5 is written as 0.605 with the format `0.0%`.
    Percent(f64, u8),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Whole(i64::from(number))
    }
}

/// A column: its head, and how wide it is in letters.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetColumn {
    /// The head.
    pub head: String,
    /// Width in letters; `None` takes the longest text, 8 to 60.
    pub width: Option<u16>,
}

impl SheetColumn {
    /// A column as wide as its texts.
    pub fn new(head: impl Into<String>) -> Self {
        Self { head: head.into(), width: None }
    }
}

/// A table on its way out.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Name of the sheet. Signs that Excel does not take are replaced, and it is cut to 31 letters.
    pub name: String,
    /// Title above the head.
    pub title: String,
    /// Lines below the title: what is shown, when, and that the data are for demonstration.
    pub notes: Vec<String>,
    /// Columns.
    pub columns: Vec<SheetColumn>,
    /// Rows; as many cells as columns.
    pub rows: Vec<Vec<Cell>>,
}

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A row has more or fewer cells than there are columns.
    #[error("sheet \"{sheet}\", row {row}: {cells} cells for {columns} columns")]
    Width {
        /// The sheet.
        sheet: String,
        /// The row, from 0.
        row: usize,
        /// Its cells.
        cells: usize,
        /// Columns of the sheet.
        columns: usize,
    },
    /// The workbook library refuses.
    #[error("the workbook cannot be written: {0}")]
    Workbook(#[from] XlsxError),
    /// The CSV library refuses.
    #[error("the CSV file cannot be written: {0}")]
    Csv(#[from] csv::Error),
}

/// A workbook with these sheets: title and notes on top, then the heads (bold, repeated on print, with filters, kept
/// in sight), then the rows. The same tables give the same bytes.
pub fn xlsx_file(title: &str, author: &str, sheets: &[Sheet]) -> Result<Vec<u8>, WriteError> {
    check(sheets)?;
    let mut book = Workbook::new();
    // No clock: any fixed date will do.
    let created = ExcelDateTime::from_ymd(2022, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(title).set_author(author).set_creation_datetime(&created));
    let mut names = Vec::new();
    for sheet in sheets {
        let name = unused_name(&sheet.name, &names);
        fill(book.add_worksheet().set_name(&name)?, sheet)?;
        names.push(name);
    }
    Ok(book.save_to_buffer()?)
}

fn check(sheets: &[Sheet]) -> Result<(), WriteError> {
    for sheet in sheets {
        for (row, cells) in sheet.rows.iter().enumerate() {
            if cells.len() != sheet.columns.len() {
                let (sheet, columns) = (sheet.name.clone(), sheet.columns.len());
                return Err(WriteError::Width { sheet, row, cells: cells.len(), columns });
            }
        }
    }
    Ok(())
}

fn fill(target: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let title = Format::new().set_bold().set_font_size(14);
    let note = Format::new().set_italic();
    let head = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(0xE7_EBF0)
        .set_border_bottom(FormatBorder::Thin);
    let mut at: u32 = 0;
    if !sheet.title.is_empty() {
        target.write_string_with_format(at, 0, &sheet.title, &title)?;
        at += 1;
    }
    for text in &sheet.notes {
        target.write_string_with_format(at, 0, text, &note)?;
        at += 1;
    }
    if at > 0 {
        at += 1;
    }
    let head_row = at;
    let mut widths: Vec<f64> = Vec::new();
    for (column, name) in (0_u16..).zip(&sheet.columns) {
        target.write_string_with_format(head_row, column, &name.head, &head)?;
        // A head may wrap: half its length is enough.
        widths.push((name.head.chars().count() as f64 / 2.0).max(8.0));
    }
    for (row, cells) in (head_row + 1..).zip(&sheet.rows) {
        for ((column, cell), width) in (0_u16..).zip(cells).zip(&mut widths) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => {
                    target.write_string(row, column, text)?;
                    *width = width.max(text.chars().count() as f64);
                }
                Cell::Whole(number) => {
                    target.write_number_with_format(row, column, *number as f64, &Format::new().set_num_format("0"))?;
                }
                Cell::Number(number, decimals) => write_number(target, row, column, *number, *decimals, "")?,
                Cell::Percent(number, decimals) => write_number(target, row, column, number / 100.0, *decimals, "%")?,
            }
        }
    }
    for ((column, name), width) in (0_u16..).zip(&sheet.columns).zip(widths) {
        target.set_column_width(column, name.width.map_or((width + 2.0).min(60.0), f64::from))?;
    }
    if let Some(last) = u16::try_from(sheet.columns.len()).ok().and_then(|count| count.checked_sub(1)) {
        let last_row = head_row + sheet.rows.len() as u32;
        target.autofilter(head_row, 0, last_row.max(head_row), last)?;
        target.set_repeat_rows(head_row, head_row)?;
    }
    target.set_freeze_panes(head_row + 1, 0)?;
    target.set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

fn write_number(
    target: &mut Worksheet,
    row: u32,
    column: u16,
    number: f64,
    decimals: u8,
    sign: &str,
) -> Result<(), XlsxError> {
    // Excel has no cell for a number that is not finite.
    if !number.is_finite() {
        return Ok(());
    }
    let zeros = "0".repeat(usize::from(decimals));
    let format = if decimals == 0 { format!("0{sign}") } else { format!("0.{zeros}{sign}") };
    target.write_number_with_format(row, column, number, &Format::new().set_num_format(format))?;
    Ok(())
}

/// A name that Excel takes and that is not in use: at most 31 letters, none of `[]:*?/\`, no apostrophe at the ends.
pub(crate) fn unused_name(name: &str, used: &[String]) -> String {
    let clean: String = name.chars().map(|letter| if "[]:*?/\\".contains(letter) { ' ' } else { letter }).collect();
    let clean = clean.trim_matches(|letter: char| letter == '\'' || letter.is_whitespace());
    let clean = if clean.is_empty() { "1" } else { clean };
    let cut = |length: usize| clean.chars().take(length).collect::<String>().trim_end().to_owned();
    let taken = |candidate: &str| used.iter().any(|name| name.to_lowercase() == candidate.to_lowercase());
    let first = cut(31);
    if !taken(&first) {
        return first;
    }
    let numbered = (2..).map(|number| format!("{} ({number})", cut(25)));
    // An endless iterator always finds one.
    numbered.into_iter().find(|candidate| !taken(candidate)).unwrap_or(first)
}

/// A table as CSV: UTF-8, the head in the first line, numbers with a decimal point or comma. Title and notes are left
/// out: other programs read the file.
///
/// Excel opens UTF-8 right only with the mark (`bom`), and cuts at semicolons where the comma is the decimal sign: for
/// people in Kazakhstan take `bom = true`, `separator = b';'`, `decimal = ','`; for programs `false`, `b','`, `'.'`.
/// Text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV injection").
pub fn csv_file(sheet: &Sheet, bom: bool, separator: u8, decimal: char) -> Result<Vec<u8>, WriteError> {
    check(std::slice::from_ref(sheet))?;
    let mut bytes = if bom { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
    {
        let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(&mut bytes);
        writer.write_record(sheet.columns.iter().map(|column| harmless(&column.head)))?;
        for row in &sheet.rows {
            writer.write_record(row.iter().map(|cell| {
                match cell {
                    Cell::Empty => String::new(),
                    Cell::Text(text) => harmless(text),
                    Cell::Whole(number) => number.to_string(),
                    Cell::Number(number, decimals) | Cell::Percent(number, decimals) => {
                        kernel::round_half_up(*number, u32::from(*decimals))
                            .map_or_else(String::new, |number| number.to_string().replace('.', &decimal.to_string()))
                    }
                }
            }))?;
        }
        writer.flush().map_err(csv::Error::from)?;
    }
    Ok(bytes)
}

fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheet_names_fit_excel() {
        let used = vec!["Математика".to_owned()];
        assert_eq!(unused_name("математика", &used), "математика (2)");
        assert_eq!(unused_name("'4/8 [сынып]: *?'", &[]), "4 8  сынып");
        assert_eq!(unused_name("", &[]), "1");
        assert_eq!(unused_name(&"Қ".repeat(40), &[]).chars().count(), 31);
    }

    #[test]
    fn text_that_a_spreadsheet_would_run_is_made_harmless() {
        let sheet = Sheet {
            name: "a".to_owned(),
            title: String::new(),
            notes: vec![],
            columns: vec![SheetColumn::new("Аты"), SheetColumn::new("Балл")],
            rows: vec![
                vec!["=1+1".into(), Cell::Number(-2.25, 1)],
                vec!["Ли, Анна; \"А\"".into(), Cell::Percent(60.45, 1)],
            ],
        };
        let text = String::from_utf8(csv_file(&sheet, true, b';', ',').unwrap()).unwrap();
        assert_eq!(text, "\u{feff}Аты;Балл\n'=1+1;-2,3\n\"Ли, Анна; \"\"А\"\"\";60,5\n");
    }

    #[test]
    fn a_row_of_another_width_is_an_error() {
        let sheet = Sheet {
            name: "a".to_owned(),
            title: String::new(),
            notes: vec![],
            columns: vec![SheetColumn::new("x")],
            rows: vec![vec![]],
        };
        assert!(matches!(xlsx_file("t", "a", &[sheet]), Err(WriteError::Width { row: 0, cells: 0, columns: 1, .. })));
    }
}
