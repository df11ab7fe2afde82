//! The chart of a table: chosen from its shape, or by the reader.

use std::fmt;
use std::str::FromStr;

use charts::{
    BarRow, Bars, Chart, DotRow, Dots, Frame, HeatColours, Line as ChartLine, LinePoint, Lines, Multiples, Panel,
    Parts, Reference, Region, RegionMap, WholeRow,
};
use measures::definition::Kind;
use measures::table::{At, Column, Formula, Table};

use super::About;
use super::text::{number_text, unit_text};
use crate::{Labels, pictures, sentence};

/// A form of chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChartKind {
    /// Horizontal bars.
    Bars,
    /// Dots, with the interval of a share.
    Dots,
    /// Lines over periods.
    Lines,
    /// Bars of equal length cut into the parts of a whole.
    Distribution,
    /// A panel for each column.
    Multiples,
    /// A map.
    Map,
}

impl ChartKind {
    /// All forms.
    pub const ALL: [Self; 6] = [Self::Bars, Self::Dots, Self::Lines, Self::Distribution, Self::Multiples, Self::Map];

    /// For addresses, and with `chart-` before it the key of its name among the labels.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Bars => "bars",
            Self::Dots => "dots",
            Self::Lines => "lines",
            Self::Distribution => "distribution",
            Self::Multiples => "multiples",
            Self::Map => "map",
        }
    }

    /// The name in a language.
    pub fn name(self, labels: &Labels) -> &str {
        match self {
            Self::Bars => labels.text("chart-bars"),
            Self::Dots => labels.text("chart-dots"),
            Self::Lines => labels.text("chart-lines"),
            Self::Distribution => labels.text("chart-distribution"),
            Self::Multiples => labels.text("chart-multiples"),
            Self::Map => labels.text("chart-map"),
        }
    }
}

impl fmt::Display for ChartKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

/// Not the code of a chart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown chart \"{0}\": use bars, dots, lines, distribution, multiples or map")]
pub struct UnknownChart(pub String);

impl FromStr for ChartKind {
    type Err = UnknownChart;

    fn from_str(text: &str) -> Result<Self, UnknownChart> {
        Self::ALL.into_iter().find(|kind| kind.code() == text).ok_or_else(|| UnknownChart(text.to_owned()))
    }
}

/// The forms that suit a table, the most fitting first: lines where periods run along an edge, a distribution where columns
/// are the parts of a whole, a map where the places have outlines, dots for many shares, panels for columns of different
/// units, bars otherwise. Empty when there is nothing to draw.
pub fn chart_kinds(table: &Table, about: &About) -> Vec<ChartKind> {
    let shape = Shape::of(table);
    if shape.rows.is_empty() || shape.columns.is_empty() {
        return Vec::new();
    }
    let mut kinds = Vec::new();
    let columns = &shape.columns;
    if shape.periods().is_some() {
        kinds.push(ChartKind::Lines);
    }
    if !shape.parts().is_empty() {
        kinds.push(ChartKind::Distribution);
    }
    if shape.outlined(about) * 2 > shape.rows.len() {
        kinds.push(ChartKind::Map);
    }
    let single = columns.len() == 1;
    let percent = single && shape.is_percent(columns[0]);
    if !shape.below_zero && columns.len() <= 3 && !(percent && shape.rows.len() > 8) {
        kinds.push(ChartKind::Bars);
    }
    if single {
        kinds.push(ChartKind::Dots);
    }
    if !shape.below_zero && columns.len() <= 3 && !kinds.contains(&ChartKind::Bars) {
        kinds.push(ChartKind::Bars);
    }
    if table.columns.len() > 1 && shape.rows.len() <= 40 {
        kinds.push(ChartKind::Multiples);
    }
    kinds
}

/// The chart that [`About::chart`] asks for, with its title, a description of what it shows and its data as a table;
/// `None` when none is asked for or the table does not suit it.
pub fn table_chart(table: &Table, about: &About) -> Option<Box<dyn Chart>> {
    let kind = about.chart.filter(|kind| chart_kinds(table, about).contains(kind))?;
    let shape = Shape::of(table);
    let labels = Labels::built_in(about.language);
    let draw = Draw { shape: &shape, about, labels: &labels };
    Some(match kind {
        ChartKind::Bars => Box::new(draw.bars()),
        ChartKind::Dots => Box::new(draw.dots()?),
        ChartKind::Lines => Box::new(draw.lines()?),
        ChartKind::Distribution => Box::new(draw.parts()),
        ChartKind::Multiples => Box::new(draw.multiples()),
        ChartKind::Map => Box::new(draw.map()?),
    })
}

/// What the chart of a table shows, to be printed above it: the measure's name with its unit, and what must be known of a map.
pub fn chart_caption(table: &Table, about: &About) -> Option<String> {
    let kind = about.chart?;
    let shape = Shape::of(table);
    let column = match kind {
        // Panels and axes carry their own names.
        ChartKind::Multiples | ChartKind::Lines => return None,
        ChartKind::Distribution => *shape.parts().first()?,
        ChartKind::Map => shape.mapped()?,
        _ => *shape.columns.first()?,
    };
    let labels = Labels::built_in(about.language);
    let found = shape.column(column)?;
    // The parts of a whole have a name each.
    let parts = kind == ChartKind::Distribution && found.over.is_none();
    let draw = Draw { shape: &shape, about, labels: &labels };
    let note = about.geometry.as_ref().filter(|_| kind == ChartKind::Map);
    let note = note.map_or("", |geometry| geometry.note.in_language(about.language));
    let mapped = |name: String| {
        let over = found.over.as_ref().map_or("", |over| over.in_language(about.language));
        let name = if over.is_empty() { name } else { format!("{name}: {over}") };
        if note.is_empty() { name } else { format!("{name}. {note}") }
    };
    let name = draw.measure_name(found);
    (!parts).then(|| if kind == ChartKind::Map { mapped(name) } else { name })
}

/// What a chart can show of a table.
struct Shape<'a> {
    table: &'a Table,
    /// Rows that are not totals.
    rows: Vec<usize>,
    /// Columns of the main measure that are not totals: the first measure that is not a count, else the first.
    columns: Vec<usize>,
    below_zero: bool,
}

impl<'a> Shape<'a> {
    fn of(table: &'a Table) -> Self {
        let known = |at: At| table.cell(at).is_some_and(|cell| cell.value.printed.is_some());
        let rows: Vec<usize> = (0..table.rows.len())
            .filter(|row| table.rows.get(*row).is_some_and(|line| line.parts.is_empty()))
            .filter(|row| (0..table.columns.len()).any(|column| known((*row, column))))
            .collect();
        let main = |column: &&Column| !matches!(column.kind, Kind::Count | Kind::Rank | Kind::Change | Kind::Gap);
        let main = table.columns.iter().find(main).or_else(|| table.columns.first());
        let same = |column: &Column| main.is_some_and(|main| main.measure == column.measure);
        let filled = |column: &usize| rows.iter().any(|row| known((*row, *column)));
        let columns: Vec<usize> = (0..table.columns.len())
            .filter(|column| table.columns.get(*column).is_some_and(same))
            .filter(|column| !Self::is_sum_across(table, *column))
            .filter(filled)
            .collect();
        let value = |at: At| table.cell(at).and_then(|cell| cell.value.printed);
        let below_zero = rows
            .iter()
            .flat_map(|row| columns.iter().map(|column| (*row, *column)))
            .any(|at| value(at).is_some_and(measures::Exact::is_negative));
        Self { table, rows, columns, below_zero }
    }

    fn is_sum_across(table: &Table, column: usize) -> bool {
        table.cells.iter().enumerate().any(|(row, cells)| {
            let formula = cells.get(column).and_then(|cell| cell.formula.as_ref());
            matches!(formula, Some(Formula::Sum { of }) if of.iter().all(|at| at.0 == row))
        })
    }

    fn column(&self, column: usize) -> Option<&Column> {
        self.table.columns.get(column)
    }

    fn is_percent(&self, column: usize) -> bool {
        self.column(column).is_some_and(|column| column.unit.as_deref() == Some("percent"))
    }

    fn value(&self, at: At) -> Option<f64> {
        self.table.cell(at)?.value.printed.map(measures::Exact::to_f64)
    }

    /// Number of people behind a row, when all its cells of the columns have the same.
    fn group(&self, row: usize, columns: &[usize]) -> Option<u64> {
        let mut groups = columns
            .iter()
            .filter_map(|column| self.table.cell((row, *column)))
            .filter(|cell| cell.value.printed.is_some() && matches!(self.unit_of(cell), Some("percent")))
            .map(|cell| cell.value.group);
        let first = groups.next()?;
        (first > 1 && groups.all(|group| group == first)).then(|| u64::try_from(first).ok()).flatten()
    }

    fn unit_of(&self, cell: &measures::table::Cell) -> Option<&str> {
        let at = self.table.cells.iter().find_map(|cells| cells.iter().position(|other| std::ptr::eq(other, cell)))?;
        self.column(at)?.unit.as_deref()
    }

    /// Whether periods run along the columns (`true`) or the rows.
    fn periods(&self) -> Option<bool> {
        let columns = self.table.column_dimension.as_deref() == Some("period") && self.columns.len() > 1;
        let rows = self.table.row_dimension == "period" && self.rows.len() > 1;
        let several = if columns { self.rows.len() <= 12 } else { self.columns.len() <= 12 };
        (several && (columns || rows)).then_some(columns)
    }

    /// Columns that are the parts of one whole: shares of one denominator that make 100, or counts under a total.
    fn parts(&self) -> Vec<usize> {
        let Some(row) = self.rows.first() else { return Vec::new() };
        let formulas = |column: usize| self.table.cell((*row, column)).and_then(|cell| cell.formula.as_ref());
        let mut shares: Vec<(At, Vec<usize>)> = Vec::new();
        for column in (0..self.table.columns.len()).filter(|column| self.is_percent(*column)) {
            if let Some(Formula::Quotient { under, .. }) = formulas(column) {
                match shares.iter_mut().find(|(known, _)| known == under) {
                    Some((_, columns)) => columns.push(column),
                    None => shares.push((*under, vec![column])),
                }
            }
        }
        let whole = |columns: &Vec<usize>| {
            let rows =
                self.rows.iter().map(|row| columns.iter().filter_map(|column| self.value((*row, *column))).sum());
            // Each share is rounded: half a unit of its last digit.
            columns.len() > 1
                && rows.into_iter().all(|sum: f64| sum == 0.0 || (sum - 100.0).abs() <= 0.06 * columns.len() as f64)
        };
        if let Some((_, columns)) = shares.into_iter().find(|(_, columns)| whole(columns)) {
            return columns;
        }
        let across = (0..self.table.columns.len()).find_map(|column| match formulas(column) {
            Some(Formula::Sum { of }) if of.len() > 1 && of.iter().all(|at| at.0 == *row) => {
                Some(of.iter().map(|at| at.1).collect())
            }
            _ => None,
        });
        across.or_else(|| self.counted_parts()).unwrap_or_default()
    }

    /// Counts that make up the count before them in every row: graduates, and how many in each band.
    fn counted_parts(&self) -> Option<Vec<usize>> {
        let count = |column: &usize| self.column(*column).is_some_and(|column| column.kind == Kind::Count);
        let first = (0..self.table.columns.len()).find(count)?;
        let parts: Vec<usize> = (first + 1..self.table.columns.len()).take_while(count).collect();
        let whole = |row: &usize| {
            let sum: f64 = parts.iter().filter_map(|column| self.value((*row, *column))).sum();
            self.value((*row, first)) == Some(sum)
        };
        (parts.len() > 1 && self.rows.iter().all(whole)).then_some(parts)
    }

    /// How many rows have an outline.
    /// The column that a map shows: the total where there is one.
    fn mapped(&self) -> Option<usize> {
        let total = |column: &&usize| self.column(**column).is_some_and(|column| column.code == "total");
        self.columns.iter().find(total).or(self.columns.first()).copied()
    }

    fn outlined(&self, about: &About) -> usize {
        let Some(geometry) = about.geometry.as_ref().filter(|_| self.table.row_dimension == "place") else { return 0 };
        let known =
            |row: &&usize| self.table.rows.get(**row).is_some_and(|line| geometry.outlines.contains_key(&line.code));
        self.rows.iter().filter(known).count()
    }
}

struct Draw<'a> {
    shape: &'a Shape<'a>,
    about: &'a About,
    labels: &'a Labels,
}

impl Draw<'_> {
    fn row_name(&self, row: usize) -> String {
        let line = self.shape.table.rows.get(row);
        line.map_or_else(String::new, |line| line.label.in_language(self.about.language).to_owned())
    }

    /// Name of a measure with its unit.
    fn measure_name(&self, column: &Column) -> String {
        let name = column.heading.in_language(self.about.language);
        let unit = column.unit.as_deref().map_or("", |unit| unit_text(unit, self.labels));
        if unit.is_empty() || name.contains(unit) { name.to_owned() } else { format!("{name}, {unit}") }
    }

    /// Name of a column: its member, or its measure where there is none; with the measure where several stand side by side.
    fn column_name(&self, column: usize, several: bool) -> String {
        let Some(found) = self.shape.column(column) else { return String::new() };
        let (language, measure) = (self.about.language, self.measure_name(found));
        match &found.over {
            Some(over) if several => format!("{}: {measure}", over.in_language(language)),
            Some(over) => over.in_language(language).to_owned(),
            None => measure,
        }
    }

    fn heading(&self) -> String {
        self.shape.table.row_heading.in_language(self.about.language).to_owned()
    }

    fn decimals(&self, column: usize) -> u32 {
        self.shape.column(column).map_or(0, |column| column.decimals)
    }

    /// Title and description: "from 73,0 (Kokshetau) to 86,0 (Semey)".
    fn frame(&self, columns: &[usize]) -> Frame {
        let table = self.shape.table;
        let language = self.about.language;
        let mut values: Vec<(measures::Exact, usize, usize)> = Vec::new();
        for row in &self.shape.rows {
            for column in columns {
                values.extend(
                    table.cell((*row, *column)).and_then(|cell| cell.value.printed).map(|one| (one, *row, *column)),
                );
            }
        }
        values.sort_by_key(|one| one.0);
        let describe = |(value, row, column): &(measures::Exact, usize, usize)| {
            let place = if columns.len() > 1 {
                format!("{}, {}", self.row_name(*row), self.column_name(*column, false))
            } else {
                self.row_name(*row)
            };
            (number_text(*value, self.decimals(*column), language), place)
        };
        let description = match (values.first(), values.last()) {
            (Some(low), Some(high)) => {
                let ((low, low_at), (high, high_at)) = (describe(low), describe(high));
                let arguments = [("low", low.as_str()), ("low-at", &low_at), ("high", &high), ("high-at", &high_at)];
                sentence(language, "chart-range", &arguments)
            }
            _ => String::new(),
        };
        let title = table.title.in_language(language);
        let decimals = columns.first().map_or(0, |column| self.decimals(*column));
        let id: String = table.code.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { '-' }).collect();
        Frame::new(format!("chart-{id}"), title, description, pictures::numbers(language, decimals))
    }

    /// The total of a column, as a line across all rows; not for counts, which add up.
    fn reference(&self, column: usize) -> Option<Reference> {
        let kind = self.shape.column(column)?.kind;
        let (row, line) = self.shape.table.rows.iter().enumerate().find(|(_, line)| !line.parts.is_empty())?;
        let value = self.shape.value((row, column)).filter(|_| !matches!(kind, Kind::Count | Kind::Rank))?;
        Some(Reference { label: line.label.in_language(self.about.language).to_owned(), value })
    }

    /// A percentage's axis ends at 100.
    fn maximum(&self, columns: &[usize]) -> Option<f64> {
        columns.iter().all(|column| self.shape.is_percent(*column)).then_some(100.0)
    }

    fn bars(&self) -> Bars {
        let columns = &self.shape.columns;
        let row = |row: &usize| BarRow {
            label: self.row_name(*row),
            values: columns.iter().map(|column| self.shape.value((*row, *column))).collect(),
            n: self.shape.group(*row, columns),
        };
        Bars {
            frame: self.frame(columns),
            heads: [self.heading(), "n".to_owned()],
            series: columns.iter().map(|column| self.column_name(*column, false)).collect(),
            rows: self.shape.rows.iter().map(row).collect(),
            maximum: self.maximum(columns),
            reference: columns.first().filter(|_| columns.len() == 1).and_then(|column| self.reference(*column)),
        }
    }

    fn dots(&self) -> Option<Dots> {
        let column = *self.shape.columns.first()?;
        let share = self.shape.column(column)?.kind == Kind::Share;
        let row = |row: &usize| {
            let value = self.shape.value((*row, column));
            let n = self.shape.group(*row, &[column]);
            let interval = value.zip(n).filter(|_| share).map(|(value, n)| wilson(value / 100.0, n as f64));
            DotRow { label: self.row_name(*row), value, interval, n }
        };
        let heads = [
            self.heading(),
            self.column_name(column, false),
            self.labels.text("interval-from").to_owned(),
            self.labels.text("interval-to").to_owned(),
            "n".to_owned(),
        ];
        let rows: Vec<DotRow> = self.shape.rows.iter().map(row).collect();
        Some(Dots { frame: self.frame(&[column]), heads, rows, range: None, reference: self.reference(column) })
    }

    fn lines(&self) -> Option<Lines> {
        let (rows, columns) = (&self.shape.rows, &self.shape.columns);
        let place = |index: usize| index as f64;
        let along_columns = self.shape.periods()?;
        let line = |name: String, cells: Vec<At>| ChartLine {
            name,
            points: cells
                .into_iter()
                .enumerate()
                .map(|(index, at)| LinePoint { x: place(index), y: self.shape.value(at) })
                .collect(),
        };
        let (lines, periods): (Vec<ChartLine>, Vec<String>) = if along_columns {
            let lines = rows
                .iter()
                .map(|row| line(self.row_name(*row), columns.iter().map(|column| (*row, *column)).collect()));
            (lines.collect(), columns.iter().map(|column| self.column_name(*column, false)).collect())
        } else {
            let lines = columns
                .iter()
                .map(|column| line(self.column_name(*column, false), rows.iter().map(|row| (*row, *column)).collect()));
            (lines.collect(), rows.iter().map(|row| self.row_name(*row)).collect())
        };
        let first = columns.first().and_then(|column| self.shape.column(*column))?;
        Some(Lines {
            frame: self.frame(columns),
            head: self.labels.text("period").to_owned(),
            axis: self.measure_name(first),
            lines,
            places: periods.into_iter().enumerate().map(|(index, name)| (place(index), name)).collect(),
            range: None,
            markers: true,
        })
    }

    fn parts(&self) -> Parts {
        let columns = self.shape.parts();
        let row = |row: usize| WholeRow {
            label: self.row_name(row),
            values: columns.iter().map(|column| self.shape.value((row, *column))).collect(),
            n: self.shape.group(row, &columns),
        };
        let several = self.shape.table.columns.iter().any(|column| column.over.is_none());
        Parts {
            frame: self.frame(&columns),
            heads: [self.heading(), "n".to_owned()],
            parts: columns.iter().map(|column| self.column_name(*column, several)).collect(),
            // The total is a whole like the others.
            rows: (0..self.shape.table.rows.len()).map(row).collect(),
        }
    }

    fn multiples(&self) -> Multiples {
        let all: Vec<usize> = (0..self.shape.table.columns.len()).collect();
        let several = self.shape.columns.len() < all.len();
        let panel = |column: &usize| Panel {
            name: self.column_name(*column, several),
            values: self.shape.rows.iter().map(|row| self.shape.value((*row, *column))).collect(),
            decimals: self.decimals(*column),
        };
        Multiples {
            frame: self.frame(&self.shape.columns),
            head: self.heading(),
            rows: self.shape.rows.iter().map(|row| self.row_name(*row)).collect(),
            panels: all.iter().map(panel).collect(),
        }
    }

    fn map(&self) -> Option<RegionMap> {
        let column = self.shape.mapped()?;
        let geometry = self.about.geometry.as_ref()?;
        let row_of = |code: &String| {
            self.shape
                .rows
                .iter()
                .copied()
                .find(|row| self.shape.table.rows.get(*row).is_some_and(|line| line.code == *code))
        };
        let language = self.about.language;
        let first = |texts: [&str; 3]| texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default().to_owned();
        let regions: Vec<Region> = geometry
            .outlines
            .iter()
            .map(|(code, outline)| {
                let row = row_of(code);
                let (name, short) = (outline.name.in_language(language), outline.short.in_language(language));
                let label = row.map_or_else(|| first([name, short, code]), |row| self.row_name(row));
                let short = first([short, name, &label]);
                let value = row.and_then(|row| self.shape.value((row, column)));
                Region { label, short, outlines: outline.rings.clone(), value }
            })
            .collect();
        let values = || regions.iter().filter_map(|region| region.value);
        let (low, high) =
            values().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), one| (low.min(one), high.max(one)));
        let colours =
            if low < 0.0 { HeatColours::Around(low, 0.0, high.max(0.0)) } else { HeatColours::Rising(low, high) };
        let heads = [self.heading(), self.column_name(column, false)];
        Some(RegionMap { frame: self.frame(&[column]), heads, regions, colours })
    }
}

/// The 95 % interval of a share of n people, in percent (Wilson 1927, without continuity correction).
fn wilson(share: f64, n: f64) -> (f64, f64) {
    const Z: f64 = 1.959_963_984_540_054;
    let z2 = Z * Z;
    let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).max(0.0).sqrt();
    (100.0 * (middle - half).max(0.0), 100.0 * (middle + half).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_wilson() {
        // Newcombe 1998, Statistics in Medicine 17, table I, method 3: 81 of 263 and 15 of 148.
        let near = |(low, high): (f64, f64), expected: (f64, f64)| {
            assert!((low - expected.0).abs() < 0.005 && (high - expected.1).abs() < 0.005, "{low} {high}");
        };
        near(wilson(81.0 / 263.0, 263.0), (25.53, 36.62));
        near(wilson(15.0 / 148.0, 148.0), (6.24, 16.05));
        near(wilson(0.0, 20.0), (0.0, 16.11));
    }

    #[test]
    fn codes_of_charts_are_read_back() {
        for kind in ChartKind::ALL {
            assert_eq!(kind.code().parse(), Ok(kind));
        }
        assert_eq!("pie".parse::<ChartKind>(), Err(UnknownChart("pie".to_owned())));
    }
}
