//! Workbooks with live formulas: a sheet for each table, cached values that stand without recalculation.

use measures::Exact;
use measures::definition::Averaging;
use measures::suppress::Mark;
use measures::table::{At, Cell, Formula, Table};
use rust_xlsxwriter::utility::row_col_to_cell;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula as SheetFormula, Workbook,
    Worksheet, XlsxError,
};

use super::About;
use super::text::{Head, averaging_text, heads};
use crate::Labels;
use crate::table::{WriteError, unused_name};

/// A workbook with a sheet for each table. Totals, shares, means, changes and places are formulas where the table can be
/// computed from its own cells; each carries its value, so that viewers without calculation show the same numbers.
///
/// # Errors
/// What the workbook library refuses: more rows or columns than a sheet has.
pub fn table_workbook(tables: &[(&Table, &About)]) -> Result<Vec<u8>, WriteError> {
    let mut book = Workbook::new();
    let (title, author) = tables.first().map_or((String::new(), String::new()), |(table, about)| {
        (table.title.in_language(about.language).to_owned(), about.issuer.clone())
    });
    // No clock: any fixed date will do, the same tables give the same bytes.
    let created = ExcelDateTime::from_ymd(2022, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(title).set_author(author).set_creation_datetime(&created));
    let mut names = Vec::new();
    for (table, about) in tables {
        let name = unused_name(table.title.in_language(about.language), &names);
        let labels = Labels::built_in(about.language);
        Sheet::new(table, about, &labels).write(book.add_worksheet().set_name(&name)?)?;
        names.push(name);
    }
    if tables.is_empty() {
        book.add_worksheet();
    }
    Ok(book.save_to_buffer()?)
}

/// A column of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shows {
    /// The numbers of a column of the table.
    Numbers(usize),
    /// The same, averaged otherwise.
    Other(usize, Averaging),
    /// Their targets.
    Target(usize),
    /// How they stand, in words.
    State(usize),
}

impl Shows {
    const fn column(self) -> usize {
        match self {
            Self::Numbers(column) | Self::Other(column, _) | Self::Target(column) | Self::State(column) => column,
        }
    }
}

struct Sheet<'a> {
    table: &'a Table,
    about: &'a About,
    labels: &'a Labels,
    columns: Vec<Shows>,
    heads: Vec<Vec<Head>>,
    measure: Option<String>,
    first_row: u32,
}

impl<'a> Sheet<'a> {
    fn new(table: &'a Table, about: &'a About, labels: &'a Labels) -> Self {
        let (heads, measure) = heads(table, about.language, labels);
        let cells = |column: usize| table.cells.iter().filter_map(move |cells| cells.get(column));
        let mut columns = Vec::new();
        for column in 0..table.columns.len() {
            columns.push(Shows::Numbers(column));
            for averaging in [Averaging::ByPeople, Averaging::BySchools, Averaging::OfRoundedValues] {
                if cells(column).any(|cell| cell.other_averages.iter().any(|(other, _)| *other == averaging)) {
                    columns.push(Shows::Other(column, averaging));
                }
            }
            if cells(column).any(|cell| cell.target.is_some()) {
                columns.extend([Shows::Target(column), Shows::State(column)]);
            }
        }
        let above = 1 + about.scope.len() as u32 + u32::from(measure.is_some()) + 1;
        let first_row = above + heads.len() as u32;
        Self { table, about, labels, columns, heads, measure, first_row }
    }

    /// Where the numbers of a cell of the table stand; the row labels are column A.
    fn place(&self, at: At) -> Option<(u32, u16)> {
        let column = self.columns.iter().position(|shows| *shows == Shows::Numbers(at.1))?;
        Some((self.first_row + u32::try_from(at.0).ok()?, u16::try_from(column + 1).ok()?))
    }

    fn write(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let language = self.about.language;
        let title = Format::new().set_bold().set_font_size(14);
        let note = Format::new().set_italic();
        sheet.write_string_with_format(0, 0, self.table.title.in_language(language), &title)?;
        let mut row = 1;
        for line in self.about.scope.iter().chain(&self.measure) {
            sheet.write_string_with_format(row, 0, line, &note)?;
            row += 1;
        }
        self.write_heads(sheet, row + 1)?;
        for at in 0..self.table.rows.len() {
            self.write_row(sheet, at)?;
        }
        for (row, line) in (self.first_row + self.table.rows.len() as u32 + 1..).zip(self.notes()) {
            sheet.write_string_with_format(row, 0, line, &note)?;
        }
        let longest = self.table.rows.iter().map(|line| line.label.in_language(language).chars().count());
        sheet.set_column_width(0, (longest.max().unwrap_or(0) as f64 + 3.0).clamp(14.0, 50.0))?;
        for column in 1..=u16::try_from(self.columns.len()).unwrap_or(u16::MAX - 1) {
            sheet.set_column_width(column, 13.0)?;
        }
        sheet.set_freeze_panes(self.first_row, 1)?;
        sheet.set_repeat_rows(self.first_row - self.heads.len() as u32, self.first_row - 1)?;
        sheet.set_print_fit_to_pages(1, 0);
        if self.columns.len() > 6 {
            sheet.set_landscape();
        }
        Ok(())
    }

    /// The name of an added column, below or beside the one that it belongs to.
    fn added_head(&self, shows: Shows) -> String {
        match shows {
            Shows::Numbers(_) => String::new(),
            Shows::Other(_, averaging) => averaging_text(averaging, self.labels).to_owned(),
            Shows::Target(_) => self.labels.text("target").to_owned(),
            Shows::State(_) => self.labels.text("target-state").to_owned(),
        }
    }

    fn write_heads(&self, sheet: &mut Worksheet, row: u32) -> Result<(), XlsxError> {
        let head = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_background_color(Color::RGB(0x00E7_EBF0))
            .set_border(FormatBorder::Thin);
        let last_row = row + self.heads.len() as u32 - 1;
        let heading = self.table.row_heading.in_language(self.about.language);
        let span = |sheet: &mut Worksheet, (top, left): (u32, u16), (bottom, right): (u32, u16), text: &str| {
            if (top, left) == (bottom, right) {
                sheet.write_string_with_format(top, left, text, &head).map(|_| ())
            } else {
                sheet.merge_range(top, left, bottom, right, text, &head).map(|_| ())
            }
        };
        span(sheet, (row, 0), (last_row, 0), heading)?;
        for (line, heads) in (row..).zip(&self.heads) {
            let deepest = line == last_row;
            for one in heads {
                let covered = one.first..one.first + one.span;
                let under = self.columns.iter().enumerate().filter(|(_, shows)| covered.contains(&shows.column()));
                let places: Vec<u16> = under.filter_map(|(index, _)| u16::try_from(index + 1).ok()).collect();
                let (Some(first), Some(last)) = (places.first(), places.last()) else { continue };
                if !deepest {
                    span(sheet, (line, *first), (line, *last), &one.text)?;
                    continue;
                }
                for place in *first..=*last {
                    let shows = self.columns.get(usize::from(place) - 1).copied().unwrap_or(Shows::Numbers(0));
                    let added = self.added_head(shows);
                    let text = if added.is_empty() { one.text.clone() } else { format!("{}: {added}", one.text) };
                    span(sheet, (line, place), (line, place), &text)?;
                }
            }
        }
        Ok(())
    }

    fn write_row(&self, sheet: &mut Worksheet, at: usize) -> Result<(), XlsxError> {
        let Some(line) = self.table.rows.get(at) else { return Ok(()) };
        let total = !line.parts.is_empty();
        let style = |format: Format| if total { format.set_bold().set_border_top(FormatBorder::Thin) } else { format };
        let row = self.first_row + at as u32;
        let label = Format::new().set_indent(line.depth.saturating_sub(1));
        sheet.write_string_with_format(row, 0, line.label.in_language(self.about.language), &style(label))?;
        for (place, shows) in (1_u16..).zip(&self.columns) {
            let (Some(cell), Some(column)) =
                (self.table.cell((at, shows.column())), self.table.columns.get(shows.column()))
            else {
                continue;
            };
            let number = |notes: &[usize]| style(Format::new().set_num_format(number_format(column.decimals, notes)));
            match shows {
                Shows::Numbers(_) => self.write_number(sheet, (row, place), cell, column.decimals, &style)?,
                Shows::Other(_, averaging) => {
                    if let Some((_, value)) = cell.other_averages.iter().find(|(other, _)| other == averaging) {
                        sheet.write_number_with_format(row, place, value.to_f64(), &number(&[]))?;
                    }
                }
                Shows::Target(_) => {
                    if let Some(target) = cell.target {
                        sheet.write_number_with_format(row, place, target.target.to_f64(), &number(&[]))?;
                    }
                }
                Shows::State(_) => {
                    if let Some(target) = cell.target {
                        let word = target.light.word();
                        let word = word.in_language(self.about.language);
                        sheet.write_string_with_format(row, place, word, &style(Format::new()))?;
                    }
                }
            }
        }
        Ok(())
    }

    fn write_number(
        &self,
        sheet: &mut Worksheet,
        (row, place): (u32, u16),
        cell: &Cell,
        decimals: u32,
        style: &impl Fn(Format) -> Format,
    ) -> Result<(), XlsxError> {
        let format = style(Format::new().set_num_format(number_format(decimals, &cell.footnotes)));
        let mark = style(Format::new().set_align(FormatAlign::Right));
        match (cell.mark, cell.value.printed) {
            (Mark::Shown, Some(printed)) => {
                match cell.formula.as_ref().and_then(|formula| self.formula(formula, decimals)) {
                    Some(text) => {
                        let formula = SheetFormula::new(text).set_result(printed.fixed(decimals));
                        sheet.write_formula_with_format(row, place, formula, &format)?;
                    }
                    None => {
                        sheet.write_number_with_format(row, place, printed.to_f64(), &format)?;
                    }
                }
            }
            (Mark::Shown, None) => {
                sheet.write_string_with_format(row, place, "–", &mark)?;
            }
            _ => {
                sheet.write_string_with_format(row, place, "…", &mark)?;
            }
        }
        Ok(())
    }

    /// Names of cells: runs as ranges, the rest one by one.
    fn cells(&self, of: &[At]) -> Option<Vec<String>> {
        let mut places: Vec<(u32, u16)> = of.iter().map(|at| self.place(*at)).collect::<Option<_>>()?;
        places.sort_unstable();
        let mut runs: Vec<[(u32, u16); 2]> = Vec::new();
        for place in places {
            let next = |run: &[(u32, u16); 2]| {
                let [start, end] = *run;
                let down = start.1 == place.1 && end == (place.0.wrapping_sub(1), place.1);
                let right = start.0 == place.0 && end == (place.0, place.1.wrapping_sub(1));
                down || right
            };
            match runs.last_mut().filter(|run| next(run)) {
                Some(run) => run[1] = place,
                None => runs.push([place, place]),
            }
        }
        let name = |place: (u32, u16)| row_col_to_cell(place.0, place.1);
        let run = |[start, end]: [(u32, u16); 2]| {
            if start == end { name(start) } else { format!("{}:{}", name(start), name(end)) }
        };
        Some(runs.into_iter().map(run).collect())
    }

    fn formula(&self, formula: &Formula, decimals: u32) -> Option<String> {
        let cell = |at: &At| self.place(*at).map(|place| row_col_to_cell(place.0, place.1));
        Some(match formula {
            Formula::Sum { of } => format!("=SUM({})", self.cells(of)?.join(",")),
            // Binary sums of decimals drift in the last digits; rounding them off first keeps a tie a tie.
            Formula::Mean { of } => format!("=ROUND(ROUND(AVERAGE({}),10),{decimals})", self.cells(of)?.join(",")),
            Formula::Quotient { over, under, factor } if *factor == Exact::ONE => {
                format!("=ROUND({}/{},{decimals})", cell(over)?, cell(under)?)
            }
            Formula::Quotient { over, under, factor } => {
                format!("=ROUND({factor}*{}/{},{decimals})", cell(over)?, cell(under)?)
            }
            Formula::Difference { later, earlier } => format!("=ROUND({}-{},{decimals})", cell(later)?, cell(earlier)?),
            Formula::Rank { of, among, descending } => {
                let among = self.cells(among)?;
                let list = if among.len() == 1 { among.concat() } else { format!("({})", among.join(",")) };
                format!("=RANK({},{list},{})", cell(of)?, i32::from(!descending))
            }
        })
    }

    fn notes(&self) -> Vec<String> {
        let language = self.about.language;
        let footnote = |(number, note): (usize, &kernel::Localized)| {
            format!("{} {}", superscript(number + 1), note.in_language(language))
        };
        let mut notes: Vec<String> = self.table.footnotes.iter().enumerate().map(footnote).collect();
        if !self.about.source.is_empty() {
            notes.push(format!("{}: {}", self.labels.text("source"), self.about.source));
        }
        let issued: Vec<&str> = [&self.about.issuer, &self.about.date]
            .into_iter()
            .map(String::as_str)
            .filter(|text| !text.is_empty())
            .collect();
        if !issued.is_empty() {
            notes.push(issued.join(", "));
        }
        if self.about.demonstration {
            notes.push(self.labels.text("demonstration-note").to_owned());
        }
        notes
    }
}

fn superscript(number: usize) -> String {
    let digit = |digit: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit.to_digit(10).unwrap_or(0) as usize).unwrap_or('⁰');
    format!("{}⁾", number.to_string().chars().map(digit).collect::<String>())
}

/// `0.00` with the marks of footnotes behind the number, which stays a number.
fn number_format(decimals: u32, notes: &[usize]) -> String {
    let zeros = "0".repeat(decimals as usize);
    let number = if decimals == 0 { "0".to_owned() } else { format!("0.{zeros}") };
    let marks: String = notes.iter().map(|note| superscript(note + 1)).collect();
    if marks.is_empty() { number } else { format!("{number}\"{marks}\"") }
}
