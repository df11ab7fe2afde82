//! Cells to answers and points.

use std::collections::BTreeMap;

use super::columns::{ItemColumn, Layout};
use super::table::{Encoding, Row, Table};
use super::{File, Finding, KeyEntry, Problem, ReadOptions, Rejected};
use crate::model::{ItemOutcome, ItemStatus, Points};

/// A task of the test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetItem {
    /// Name of its column.
    pub name: String,
    /// Highest points.
    pub maximum: u32,
    /// Whether the answers are known.
    pub has_choices: bool,
    /// What the key file says.
    pub entry: KeyEntry,
}

/// A person with the answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetPerson {
    /// Row in the file.
    pub row: u32,
    /// Code in the file, when it has one.
    pub id: Option<String>,
    /// Name, when the file has one.
    pub name: Option<String>,
    /// School as the file calls it; empty when it has none.
    pub school: String,
    /// Class as the file calls it; empty when it has none.
    pub class: String,
    /// Further group; empty when it has none.
    pub group: String,
    /// One for each task, in order.
    pub answers: Vec<ItemOutcome>,
}

/// A file that was read and found sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The tasks in the order of columns.
    pub items: Vec<SheetItem>,
    /// The persons in the order of rows.
    pub persons: Vec<SheetPerson>,
    /// How the file was written.
    pub encoding: Encoding,
    /// What deserves a look; at most [`Rejected::LIMIT`].
    pub warnings: Vec<Finding>,
    /// How many warnings there are in all.
    pub warnings_total: usize,
}

/// Cells that say "no answer": empty, or what statistical programs write.
pub(super) fn is_missing(cell: &str) -> bool {
    cell.is_empty() || matches!(cell, "NA" | "N/A" | "NaN" | "#N/A")
}

/// Usual answers of the whole test, so that a stray one shows.
struct Usual {
    /// How often each answer stands in the test.
    counts: BTreeMap<String, usize>,
    /// The usual answer for each folded form.
    of_folded: BTreeMap<String, String>,
}

/// Case, width and alphabet put aside: `c`, `C` and the Cyrillic `С` are the same.
fn folded(answer: &str) -> String {
    const CYRILLIC: &str = "АВСЕНКМОРТХ";
    const LATIN: &[u8] = b"ABCEHKMOPTX";
    let fold = |sign: char| CYRILLIC.chars().position(|own| own == sign).map_or(sign, |at| char::from(LATIN[at]));
    answer.to_uppercase().chars().filter(|sign| !sign.is_whitespace()).map(fold).collect()
}

impl Usual {
    fn of(table: &Table, layout: &Layout) -> Self {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for item in &layout.items {
            let Some(index) = choice_column(item) else { continue };
            for row in &table.rows {
                let cell = row.cells.get(index).map_or("", String::as_str);
                if !is_missing(cell) {
                    *counts.entry(cell.to_owned()).or_default() += 1;
                }
            }
        }
        let keys: Vec<&String> =
            layout.items.iter().filter_map(|item| item.key.as_ref()).flat_map(|entry| &entry.key).collect();
        let mut of_folded: BTreeMap<String, String> = BTreeMap::new();
        for (answer, count) in &counts {
            let best = of_folded.entry(folded(answer)).or_insert_with(|| answer.clone());
            // The key's way of writing wins, then the more frequent one.
            let better = keys.contains(&answer) || (!keys.contains(&&*best) && *count > counts[best]);
            if better {
                best.clone_from(answer);
            }
        }
        for key in keys {
            of_folded.entry(folded(key)).or_insert_with(|| key.clone());
        }
        Self { counts, of_folded }
    }

    /// The answer as it is usually written, with a problem when it was written otherwise or is of another kind.
    fn read(&self, answer: &str) -> (String, Option<Problem>) {
        let known = self.of_folded.get(&folded(answer)).map_or(answer, String::as_str);
        if known != answer {
            let problem = Problem::ReadAs { value: answer.to_owned(), known: known.to_owned() };
            return (known.to_owned(), Some(problem));
        }
        let total: usize = self.counts.values().sum();
        let own = self.counts.get(answer).copied().unwrap_or(0);
        let same_kind: usize =
            self.counts.iter().filter(|(other, _)| kind(other) == kind(answer)).map(|(_, count)| count).sum();
        // Fewer than one in two hundred of its kind and hardly ever used: a slip of the pen.
        if same_kind * 200 < total && own * 200 < total {
            let usual = self.counts.iter().filter(|(_, count)| **count * 200 >= total);
            let names: Vec<&str> = usual.map(|(answer, _)| answer.as_str()).take(8).collect();
            return (answer.to_owned(), Some(Problem::OddChoice { value: answer.to_owned(), usual: names.join(", ") }));
        }
        (answer.to_owned(), None)
    }
}

/// Number of signs and whether they are digits: what tells `7` and `AB` from `A` to `E`.
fn kind(answer: &str) -> (usize, bool) {
    (answer.chars().count(), answer.chars().all(|sign| sign.is_ascii_digit()))
}

fn choice_column(item: &ItemColumn) -> Option<usize> {
    if item.scored { item.choice } else { Some(item.index) }
}

pub(super) fn read(table: &Table, layout: &Layout, options: &ReadOptions) -> Result<Sheet, Rejected> {
    let usual = Usual::of(table, layout);
    let mut items = Vec::with_capacity(layout.items.len());
    for item in &layout.items {
        let entry = item.key.clone().unwrap_or_default();
        let found = || {
            let cells = table.rows.iter().filter_map(|row| row.cells.get(item.index)?.parse::<u32>().ok());
            cells.filter(|points| *points <= 250).max().unwrap_or(1).max(1)
        };
        let given = entry.maximum.or(options.maximum);
        let maximum = given.unwrap_or_else(|| if item.scored { found() } else { 1 }).clamp(1, 250);
        let has_choices = choice_column(item).is_some();
        items.push(SheetItem { name: table.names[item.index].clone(), maximum, has_choices, entry });
    }
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    let mut persons = Vec::with_capacity(table.rows.len());
    let mut first_rows: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for row in &table.rows {
        let place = |index: Option<usize>, problem: Problem| Finding {
            file: File::Responses,
            row: Some(row.number),
            column: index.map(|index| table.column(index)),
            problem,
        };
        if row.cells.len() != table.names.len() {
            errors.push(place(None, Problem::RowLength { found: row.cells.len(), expected: table.names.len() }));
            continue;
        }
        let text = |index: Option<usize>| index.map_or("", |index| row.cells[index].as_str());
        let id = text(layout.id);
        if !id.is_empty() {
            let known = first_rows.get(&(text(layout.school), id)).copied();
            if let Some(first) = known {
                errors.push(place(layout.id, Problem::DuplicatePerson { id: id.to_owned(), first }));
            }
            first_rows.entry((text(layout.school), id)).or_insert(row.number);
        }
        let mut answers = Vec::with_capacity(items.len());
        for (position, (column, item)) in (1..).zip(layout.items.iter().zip(&items)) {
            match answer(row, column, item, position, &usual) {
                Ok((outcome, found)) => {
                    answers.push(outcome);
                    warnings.extend(found.into_iter().map(|(index, problem)| place(Some(index), problem)));
                }
                Err(problem) => errors.push(place(Some(column.index), problem)),
            }
        }
        if let Some(finding) = total_differs(text(layout.total), &answers, items.len()) {
            warnings.push(place(layout.total, finding));
        }
        let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        persons.push(SheetPerson {
            row: row.number,
            id: known(id),
            name: known(text(layout.name)),
            school: text(layout.school).to_owned(),
            class: text(layout.class).to_owned(),
            group: text(layout.group).to_owned(),
            answers,
        });
    }
    if !errors.is_empty() {
        return Err(Rejected::new(errors));
    }
    for (index, column) in layout.items.iter().enumerate() {
        if persons.iter().all(|person| person.answers[index].status == ItemStatus::Skipped) {
            let column = Some(table.column(column.index));
            warnings.push(Finding { file: File::Responses, row: None, column, problem: Problem::NoAnswers });
        }
    }
    let warnings_total = warnings.len();
    warnings.truncate(Rejected::LIMIT);
    Ok(Sheet { items, persons, encoding: table.encoding, warnings, warnings_total })
}

type Read = Result<(ItemOutcome, Vec<(usize, Problem)>), Problem>;

/// One cell. An empty one is a skipped task: a file does not say whether the person ever came to it.
fn answer(row: &Row, column: &ItemColumn, item: &SheetItem, position: u32, usual: &Usual) -> Read {
    let mut warnings = Vec::new();
    let maximum = Points::whole(item.maximum);
    let choice = choice_column(column).filter(|index| !is_missing(&row.cells[*index])).map(|index| {
        let (choice, problem) = usual.read(&row.cells[index]);
        warnings.extend(problem.map(|problem| (index, problem)));
        choice
    });
    let right = choice.as_ref().map(|choice| item.entry.key.contains(choice));
    if !column.scored {
        let outcome = match right {
            None => ItemOutcome::unanswered(position, ItemStatus::Skipped),
            Some(right) => {
                let score = if right { maximum } else { Points::ZERO };
                ItemOutcome::answered(position, choice, score, maximum)
            }
        };
        return Ok((outcome, warnings));
    }
    let cell = &row.cells[column.index];
    if is_missing(cell) {
        let mut outcome = ItemOutcome::unanswered(position, ItemStatus::Skipped);
        outcome.choice = choice;
        return Ok((outcome, warnings));
    }
    let points: u32 =
        cell.parse().ok().filter(|points| *points <= 250).ok_or_else(|| Problem::NotAScore { value: cell.clone() })?;
    if points > item.maximum {
        return Err(Problem::AboveMaximum { value: points, maximum: item.maximum });
    }
    if let (Some(right), Some(choice), Some(index)) = (right, &choice, column.choice)
        && !item.entry.key.is_empty()
        && right != (points > 0)
    {
        let key = item.entry.key.join(" ");
        warnings.push((index, Problem::KeyAgainstScore { choice: choice.clone(), score: points, key }));
    }
    Ok((ItemOutcome::answered(position, choice, Points::whole(points), maximum), warnings))
}

fn total_differs(cell: &str, answers: &[ItemOutcome], items: usize) -> Option<Problem> {
    if is_missing(cell) || answers.len() != items {
        return None;
    }
    let computed = (answers.iter().map(|answer| answer.score).sum::<Points>().hundredths() / 100) as u32;
    (cell.parse() != Ok(computed)).then(|| Problem::Total { found: cell.to_owned(), computed })
}
