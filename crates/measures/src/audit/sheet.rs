//! Tables to check: from CSV, from Markdown, or from the cells of a workbook.

use super::cell::{Comma, Entry, comma_of, read};
use kernel::Localized;
use serde::{Deserialize, Serialize};

/// A table to check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// Name by which rules call it.
    pub name: String,
    /// Column names; never empty (`column 3` where the heading is).
    pub columns: Vec<String>,
    /// Rows of entries, as many as columns each.
    pub rows: Vec<Vec<Entry>>,
    /// What is wrong with the table itself.
    pub problems: Vec<Problem>,
}

/// Something in a table that makes numbers unreadable or doubtful, with its remedy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum Problem {
    /// The file is not a table.
    #[error("{table}: cannot be read as a table: {message}")]
    Unreadable {
        /// Table.
        table: String,
        /// What the reader says.
        message: String,
    },
    /// Decimal commas and decimal points in one column.
    #[error("{table}, column \"{column}\": decimal commas and decimal points are mixed; write all numbers one way")]
    MixedCommas {
        /// Table.
        table: String,
        /// Column.
        column: String,
    },
    /// Text among numbers.
    #[error(
        "{table}, row {row}, column \"{column}\": \"{text}\" stands among numbers; write a number or leave it empty"
    )]
    TextAmongNumbers {
        /// Table.
        table: String,
        /// Row, counted from 1 without the heading.
        row: usize,
        /// Column.
        column: String,
        /// Text.
        text: String,
    },
    /// A row with more or fewer cells than the heading.
    #[error("{table}, row {row}: {cells} cells under {columns} headings; a merged cell or a missing separator")]
    RaggedRow {
        /// Table.
        table: String,
        /// Row, counted from 1 without the heading.
        row: usize,
        /// Cells found.
        cells: usize,
        /// Headings.
        columns: usize,
    },
    /// Cells of the body merged into one: only the first keeps its number.
    #[error("{table}, row {row}: {cells} cells are merged into one (\"{text}\"); split them and write each number")]
    MergedCells {
        /// Table.
        table: String,
        /// Row, counted from 1 without the heading.
        row: usize,
        /// Cells merged.
        cells: usize,
        /// Text of the merged cell.
        text: String,
    },
    /// Two columns of one name.
    #[error("{table}: two columns are called \"{column}\"; rename one")]
    RepeatedColumn {
        /// Table.
        table: String,
        /// Column.
        column: String,
    },
    /// A share outside 0..=100.
    #[error("{table}, row {row}, column \"{column}\": a share of {text} is outside 0 to 100")]
    ShareOutOfRange {
        /// Table.
        table: String,
        /// Row, counted from 1 without the heading.
        row: usize,
        /// Column.
        column: String,
        /// Text.
        text: String,
    },
    /// The last row adds up the others and does not say so.
    #[error("{table}, row {row}: adds up the rows above but is not called a total; label it")]
    UnlabelledTotal {
        /// Table.
        table: String,
        /// Row, counted from 1 without the heading.
        row: usize,
    },
}

impl Problem {
    /// The table it is in.
    pub fn table(&self) -> &str {
        match self {
            Self::Unreadable { table, .. }
            | Self::MixedCommas { table, .. }
            | Self::TextAmongNumbers { table, .. }
            | Self::RaggedRow { table, .. }
            | Self::MergedCells { table, .. }
            | Self::RepeatedColumn { table, .. }
            | Self::ShareOutOfRange { table, .. }
            | Self::UnlabelledTotal { table, .. } => table,
        }
    }

    /// Row (from 1 without the heading) and column, where it has them.
    pub fn place(&self) -> (Option<usize>, Option<&str>) {
        match self {
            Self::Unreadable { .. } => (None, None),
            Self::MixedCommas { column, .. } | Self::RepeatedColumn { column, .. } => (None, Some(column)),
            Self::TextAmongNumbers { row, column, .. } | Self::ShareOutOfRange { row, column, .. } => {
                (Some(*row), Some(column))
            }
            Self::RaggedRow { row, .. } | Self::MergedCells { row, .. } | Self::UnlabelledTotal { row, .. } => {
                (Some(*row), None)
            }
        }
    }

    /// What is wrong and what to do, without the place.
    pub fn words(&self) -> Localized {
        match self {
            Self::Unreadable { message, .. } => Localized::new(
                format!("кесте ретінде оқылмайды: {message}"),
                format!("не читается как таблица: {message}"),
                format!("cannot be read as a table: {message}"),
            ),
            Self::MixedCommas { .. } => Localized::new(
                "ондық үтір мен ондық нүкте аралас; барлық санды бірдей жазыңыз",
                "десятичные запятые и точки вперемешку; запишите все числа одинаково",
                "decimal commas and decimal points are mixed; write all numbers one way",
            ),
            Self::TextAmongNumbers { text, .. } => Localized::new(
                format!("«{text}» сандардың арасында тұр; сан жазыңыз немесе бос қалдырыңыз"),
                format!("«{text}» стоит среди чисел; запишите число или оставьте пустым"),
                format!("\"{text}\" stands among numbers; write a number or leave it empty"),
            ),
            Self::RaggedRow { cells, columns, .. } => Localized::new(
                format!("{columns} тақырыпқа {cells} ұяшық; біріктірілген ұяшық немесе қалып қойған бөлгіш"),
                format!("ячеек {cells}, заголовков {columns}; объединённая ячейка или пропущенный разделитель"),
                format!("{cells} cells under {columns} headings; a merged cell or a missing separator"),
            ),
            Self::MergedCells { cells, text, .. } => Localized::new(
                format!("{cells} ұяшық біріктірілген («{text}»); ажыратып, әр санды жазыңыз"),
                format!("объединено ячеек: {cells} («{text}»); разъедините их и запишите каждое число"),
                format!("{cells} cells are merged into one (\"{text}\"); split them and write each number"),
            ),
            Self::RepeatedColumn { .. } => Localized::new(
                "осындай атаумен екі баған бар; біреуін басқаша атаңыз",
                "так называются два столбца; переименуйте один",
                "two columns have this name; rename one",
            ),
            Self::ShareOutOfRange { text, .. } => Localized::new(
                format!("{text} үлесі 0 мен 100 аралығында емес"),
                format!("доля {text} не лежит между 0 и 100"),
                format!("a share of {text} is outside 0 to 100"),
            ),
            Self::UnlabelledTotal { .. } => Localized::new(
                "жоғарыдағы жолдардың қосындысы, бірақ жиыны деп аталмаған; атауын жазыңыз",
                "складывает строки выше, но не назван итогом; подпишите его",
                "adds up the rows above but is not called a total; label it",
            ),
        }
    }

    /// Place and words in a sentence.
    pub fn sentence(&self) -> Localized {
        let words = self.words();
        let table = self.table();
        let place = match self.place() {
            (Some(row), Some(column)) => Localized::new(
                format!("{table}, {row}-жол, «{column}» бағаны"),
                format!("{table}, строка {row}, столбец «{column}»"),
                format!("{table}, row {row}, column \"{column}\""),
            ),
            (Some(row), None) => Localized::new(
                format!("{table}, {row}-жол"),
                format!("{table}, строка {row}"),
                format!("{table}, row {row}"),
            ),
            (None, Some(column)) => Localized::new(
                format!("{table}, «{column}» бағаны"),
                format!("{table}, столбец «{column}»"),
                format!("{table}, column \"{column}\""),
            ),
            (None, None) => Localized::same(table),
        };
        let [kk, ru, en] = kernel::Language::ALL
            .map(|language| format!("{}: {}", place.in_language(language), words.in_language(language)));
        Localized::new(kk, ru, en)
    }
}

const TOTAL_WORDS: [&str; 12] = [
    "total",
    "grand total",
    "subtotal",
    "mean",
    "average",
    "барлығы",
    "жиыны",
    "орташа",
    "итого",
    "всего",
    "среднее",
    "sum",
];

/// Whether a label names a total or a mean of the other rows.
pub fn is_total(label: &str) -> bool {
    let label = label.trim().trim_matches('*').to_lowercase();
    TOTAL_WORDS.iter().any(|word| label.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphabetic)))
}

impl Sheet {
    /// From texts, the first row being the headings.
    pub fn from_texts(name: &str, texts: Vec<Vec<String>>) -> Self {
        let mut problems = Vec::new();
        let mut lines = texts.into_iter();
        let mut columns: Vec<String> =
            lines.next().unwrap_or_default().iter().map(|text| text.trim().to_owned()).collect();
        for (index, column) in columns.iter_mut().enumerate() {
            if column.is_empty() {
                *column = format!("column {}", index + 1);
            }
        }
        for (index, column) in columns.iter().enumerate() {
            if columns.iter().take(index).any(|earlier| earlier == column) {
                problems.push(Problem::RepeatedColumn { table: name.to_owned(), column: column.clone() });
            }
        }
        let mut body: Vec<Vec<String>> = lines.filter(|row| row.iter().any(|text| !text.trim().is_empty())).collect();
        for (index, row) in body.iter_mut().enumerate() {
            if row.len() != columns.len() {
                problems.push(Problem::RaggedRow {
                    table: name.to_owned(),
                    row: index + 1,
                    cells: row.len(),
                    columns: columns.len(),
                });
                row.resize(columns.len(), String::new());
            }
        }
        let commas: Vec<Comma> = columns
            .iter()
            .enumerate()
            .map(|(index, column)| {
                comma_of(body.iter().filter_map(|row| row.get(index)).map(String::as_str)).unwrap_or_else(|| {
                    problems.push(Problem::MixedCommas { table: name.to_owned(), column: column.clone() });
                    Comma::Decimal
                })
            })
            .collect();
        let rows =
            body.iter().map(|row| row.iter().zip(&commas).map(|(text, comma)| read(text, *comma)).collect()).collect();
        let mut sheet = Self { name: name.to_owned(), columns, rows, problems };
        sheet.find_text_among_numbers();
        sheet.find_unlabelled_total();
        sheet
    }

    /// From CSV text with a heading line; `;` and tabs are understood as separators when the heading has no comma.
    pub fn from_csv(name: &str, text: &str) -> Self {
        let heading = text.lines().next().unwrap_or("");
        let delimiter = match heading {
            heading if heading.contains(',') => b',',
            heading if heading.contains(';') => b';',
            heading if heading.contains('\t') => b'\t',
            _ => b',',
        };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(text.as_bytes());
        let mut texts = Vec::new();
        let mut problems = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => texts.push(record.iter().map(str::to_owned).collect()),
                Err(error) => {
                    problems.push(Problem::Unreadable { table: name.to_owned(), message: error.to_string() });
                    break;
                }
            }
        }
        let mut sheet = Self::from_texts(name, texts);
        sheet.problems.splice(0..0, problems);
        sheet
    }

    /// All pipe tables of a Markdown text, named `name` + `_` + the first word of the heading above each
    /// (`### 3.12 School ranking` → `000b_3.12`, `**T19. Leading schools**` → `000a_T19`).
    pub fn from_markdown(name: &str, text: &str) -> Vec<Self> {
        let mut sheets: Vec<Self> = Vec::new();
        let mut heading = String::new();
        let mut lines: Vec<Vec<String>> = Vec::new();
        for line in text.lines().chain([""]) {
            let trimmed = line.trim();
            if let Some(inner) = trimmed.strip_prefix('|') {
                let inner = inner.strip_suffix('|').unwrap_or(inner);
                let cells: Vec<String> = inner.split('|').map(|cell| cell.trim().replace("**", "")).collect();
                if !cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|one| matches!(one, '-' | ':' | ' ')))
                {
                    lines.push(cells);
                }
                continue;
            }
            if !lines.is_empty() {
                let plain = format!("{name}_{heading}");
                let same = sheets
                    .iter()
                    .filter(|sheet| sheet.name == plain || sheet.name.starts_with(&format!("{plain}#")))
                    .count();
                let unique = if same == 0 { plain } else { format!("{plain}#{}", same + 1) };
                sheets.push(Self::from_texts(&unique, std::mem::take(&mut lines)));
            }
            if trimmed.starts_with('#') || trimmed.starts_with("**") {
                let word = trimmed.trim_start_matches(['#', '*', ' ']).split_whitespace().next().unwrap_or("");
                word.trim_end_matches(['.', ':', '*']).clone_into(&mut heading);
            }
        }
        sheets
    }

    /// Position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// A cell.
    pub fn entry(&self, row: usize, column: usize) -> &Entry {
        self.rows.get(row).and_then(|cells| cells.get(column)).unwrap_or(&Entry::Empty)
    }

    /// The column that names the rows: the first that is mostly text, otherwise the first.
    pub fn label_column(&self) -> usize {
        (0..self.columns.len())
            .find(|column| {
                let texts =
                    (0..self.rows.len()).filter(|row| matches!(self.entry(*row, *column), Entry::Text(_))).count();
                texts * 2 > self.rows.len()
            })
            .unwrap_or(0)
    }

    /// Whether a row is a total or a mean: some text cell of it says so.
    pub fn row_is_total(&self, row: usize) -> bool {
        self.rows
            .get(row)
            .is_some_and(|cells| cells.iter().any(|cell| matches!(cell, Entry::Text(text) if is_total(text))))
    }

    /// How many digits behind the point the numbers of a column usually show: the count that most of those with a
    /// fraction have; 0 when none has one.
    pub fn usual_decimals(&self, column: usize) -> u32 {
        let mut counts = [0_usize; 8];
        for row in 0..self.rows.len() {
            if let Some(printed) = self.entry(row, column).number()
                && let Some(count) = counts.get_mut(printed.decimals as usize)
            {
                *count += 1;
            }
        }
        let best =
            counts.iter().enumerate().skip(1).max_by_key(|(decimals, count)| (**count, std::cmp::Reverse(*decimals)));
        best.filter(|(_, count)| **count > 0).map_or(0, |(decimals, _)| decimals as u32)
    }

    /// Columns in which most filled cells are numbers.
    pub fn number_columns(&self) -> Vec<usize> {
        (0..self.columns.len())
            .filter(|column| {
                let filled =
                    self.rows.iter().filter_map(|row| row.get(*column)).filter(|entry| **entry != Entry::Empty);
                let (all, numbers) = filled
                    .fold((0, 0), |(all, numbers), entry| (all + 1, numbers + usize::from(entry.number().is_some())));
                all > 0 && numbers * 10 >= all * 7
            })
            .collect()
    }

    fn find_text_among_numbers(&mut self) {
        for column in self.number_columns() {
            for row in 0..self.rows.len() {
                let named = self.columns.get(column).cloned().unwrap_or_default();
                match self.entry(row, column) {
                    Entry::Text(text) => {
                        let text = text.clone();
                        let table = self.name.clone();
                        self.problems.push(Problem::TextAmongNumbers { table, row: row + 1, column: named, text });
                    }
                    Entry::Number(printed) => {
                        let lower = named.to_lowercase();
                        let share = printed.text.trim_end().ends_with('%')
                            || lower.starts_with("share")
                            || lower.ends_with("_pct");
                        let change = lower.contains("change") || lower.contains("diff");
                        let outside = printed.value > crate::Exact::HUNDRED || printed.value.is_negative();
                        if share && !change && outside {
                            let (table, text) = (self.name.clone(), printed.text.clone());
                            self.problems.push(Problem::ShareOutOfRange { table, row: row + 1, column: named, text });
                        }
                    }
                    Entry::Empty => {}
                }
            }
        }
    }

    fn find_unlabelled_total(&mut self) {
        let Some(last) = self.rows.len().checked_sub(1).filter(|last| *last >= 2) else { return };
        if (0..=last).any(|row| self.row_is_total(row)) {
            return;
        }
        let mut agreeing = 0;
        for column in self.number_columns() {
            let above: Option<Vec<crate::Exact>> =
                (0..last).map(|row| self.entry(row, column).number().map(|printed| printed.value)).collect();
            let (Some(above), Some(total)) = (above, self.entry(last, column).number()) else { continue };
            let sum = crate::Exact::sum(above).ok();
            if sum == Some(total.value) && !total.value.is_zero() {
                agreeing += 1;
            }
        }
        if agreeing >= 2 {
            self.problems.push(Problem::UnlabelledTotal { table: self.name.clone(), row: last + 1 });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_input_is_named() {
        let text = "school,n,share_3,note\nA,1,\"7,5\",x\nB,two,7.5,x\nC,3,250,x\nD,4,5\n";
        let sheet = Sheet::from_csv("t", text);
        let found: Vec<String> = sheet.problems.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 4, "{found:#?}");
        assert!(found[0].contains("row 4: 3 cells under 4 headings"));
        assert!(found[1].contains("column \"share_3\": decimal commas and decimal points are mixed"));
        assert!(found[2].contains("row 2, column \"n\": \"two\" stands among numbers"));
        assert!(found[3].contains("250 is outside 0 to 100"));
        let total = Sheet::from_csv("t", "school,a,b\nA,1,4\nB,2,5\nC,3,9\n");
        assert_eq!(total.problems, [Problem::UnlabelledTotal { table: "t".to_owned(), row: 3 }]);
    }

    #[test]
    fn markdown_tables_are_named_by_their_headings() {
        let text = "### 3.12 School ranking\n| School | % |\n|---|---|\n| A | 70,8 |\n\n**T2. Regions**\n|№|Visits|\n|---|---|\n|1|2,000|\n| |**TOTAL**|\n";
        let sheets = Sheet::from_markdown("000b", text);
        assert_eq!(sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(), ["000b_3.12", "000b_T2"]);
        assert!(sheets[1].row_is_total(1) && !sheets[1].row_is_total(0));
        assert!(
            is_total("TOTAL as printed (Барлығы)") && is_total("Mean (grade 7)") && !is_total("Totally new school")
        );
    }
}
