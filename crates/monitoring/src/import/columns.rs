//! Which column is what.

use super::table::Table;
use super::{File, KeyEntry, Problem, ReadOptions, Rejected};

/// A task column.
#[derive(Debug, Clone)]
pub(super) struct ItemColumn {
    /// Column with the points, or with the answer when there are no points.
    pub index: usize,
    /// Whether that column holds points.
    pub scored: bool,
    /// Column with the answer beside the points.
    pub choice: Option<usize>,
    /// What the key file says.
    pub key: Option<KeyEntry>,
}

/// Where everything stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Layout {
    pub items: Vec<ItemColumn>,
    pub id: Option<usize>,
    pub name: Option<usize>,
    pub school: Option<usize>,
    pub class: Option<usize>,
    pub group: Option<usize>,
    pub total: Option<usize>,
}

const ID: &[&str] = &["id", "code", "person", "student", "pupil_id", "student_id", "iin", "код", "жсн", "иин"];
const NAME: &[&str] =
    &["name", "full name", "full_name", "pupil", "student_name", "аты-жөні", "т.а.ә.", "фио", "оқушы", "ученик"];
const SCHOOL: &[&str] = &["school", "school_id", "мектеп", "школа"];
const CLASS: &[&str] = &["class", "class_id", "сынып", "класс"];
const GROUP: &[&str] = &["group", "топ", "группа"];
const TOTAL: &[&str] = &["total", "sum", "барлығы", "жиыны", "итого", "всего", "сумма"];

/// Columns called by a common beginning and a number: `b1`, `b2`, `b3.1`.
struct Numbered<'a> {
    prefix: &'a str,
    columns: Vec<usize>,
    points: bool,
}

pub(super) fn find(table: &Table, key: &[KeyEntry], options: &ReadOptions) -> Result<Layout, Rejected> {
    let mut layout = Layout {
        id: named(table, options.id.as_deref(), ID)?,
        name: named(table, options.name.as_deref(), NAME)?,
        school: named(table, options.school.as_deref(), SCHOOL)?,
        class: named(table, options.class.as_deref(), CLASS)?,
        group: named(table, options.group.as_deref(), GROUP)?,
        total: named(table, None, TOTAL)?,
        items: Vec::new(),
    };
    let taken = [layout.id, layout.name, layout.school, layout.class, layout.group, layout.total];
    let numbered = numbered(table, &taken);
    let of_key: Vec<usize> =
        key.iter().filter_map(|entry| table.names.iter().position(|name| *name == entry.item)).collect();
    let columns: Vec<usize> = if let Some(patterns) = &options.items {
        matching(table, patterns)?
    } else if let Some(group) = numbered.iter().find(|group| group.points && is_total(table, group, layout.total)) {
        group.columns.clone()
    } else if !of_key.is_empty() {
        // Every column of the sets that the key speaks of is a task: one that the key forgot must not vanish.
        let forgotten = numbered.iter().filter(|group| group.columns.iter().any(|index| of_key.contains(index)));
        let mut all: Vec<usize> =
            forgotten.flat_map(|group| group.columns.iter().copied()).chain(of_key.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    } else if let [only] =
        numbered.iter().filter(|group| group.points || !key.is_empty()).collect::<Vec<_>>().as_slice()
    {
        only.columns.clone()
    } else {
        return Err(Rejected::file(File::Responses, which_items(table, &numbered)));
    };
    for index in columns {
        let scored = points_only(table, index);
        layout.items.push(ItemColumn { index, scored, choice: None, key: None });
    }
    give_keys(table, &mut layout, key, &numbered)?;
    Ok(layout)
}

/// Hands each row of the key to its task: by name, else by number.
fn give_keys(table: &Table, layout: &mut Layout, key: &[KeyEntry], numbered: &[Numbered<'_>]) -> Result<(), Rejected> {
    let items = layout.items.len();
    let answers: Vec<&Numbered<'_>> = numbered.iter().filter(|group| !group.points).collect();
    let mut left_over = Vec::new();
    for entry in key {
        let named = table.names.iter().position(|name| *name == entry.item);
        let number = parts(&entry.item).map(|(_, number)| number);
        let same_number = |index: usize| number.is_some() && parts(&table.names[index]).map(|(_, own)| own) == number;
        let by_name = layout.items.iter().position(|item| Some(item.index) == named);
        let Some(place) = by_name.or_else(|| layout.items.iter().position(|item| same_number(item.index))) else {
            left_over.push(entry.item.as_str());
            continue;
        };
        let item = &mut layout.items[place];
        if item.scored && !entry.key.is_empty() {
            // Points count; the answers stand beside them in the column that the key names, or in the only set of answers.
            item.choice = named.filter(|index| *index != item.index).or_else(|| match answers.as_slice() {
                [only] => only.columns.iter().copied().find(|index| same_number(*index)),
                _ => None,
            });
            if item.choice.is_none() && entry.key.iter().all(|answer| answer.parse::<u32>().is_ok()) {
                // Numbers as names of options. Letters in the key beside numbers in the column: already scored.
                item.scored = named != Some(item.index);
            }
        }
        item.key = Some(entry.clone());
    }
    let without: Vec<&str> = layout
        .items
        .iter()
        .filter(|item| !item.scored && item.key.as_ref().is_none_or(|entry| entry.key.is_empty()))
        .map(|item| table.names[item.index].as_str())
        .collect();
    if left_over.is_empty() && without.is_empty() {
        return Ok(());
    }
    let file = if key.is_empty() { File::Responses } else { File::Key };
    let (left_over, without) = (short(&left_over), short(&without));
    Err(Rejected::file(file, Problem::KeyLength { key: key.len(), columns: items, left_over, without }))
}

fn short(names: &[&str]) -> String {
    let shown = names.iter().take(5).copied().collect::<Vec<_>>().join(", ");
    if names.len() > 5 { format!("{shown}, … ({})", names.len()) } else { shown }
}

fn named(table: &Table, wanted: Option<&str>, usual: &[&str]) -> Result<Option<usize>, Rejected> {
    let find = |name: &str| table.names.iter().position(|own| own.to_lowercase() == name);
    match wanted {
        None => Ok(usual.iter().find_map(|name| find(name))),
        Some(name) => match find(&name.to_lowercase()) {
            Some(index) => Ok(Some(index)),
            None => Err(no_column(table, name)),
        },
    }
}

fn no_column(table: &Table, name: &str) -> Rejected {
    let names: Vec<&str> = table.names.iter().map(String::as_str).collect();
    Rejected::file(File::Responses, Problem::NoColumn { name: name.to_owned(), known: short(&names) })
}

/// Beginning and number of a name; `None` for names without a number.
fn parts(name: &str) -> Option<(&str, &str)> {
    let at = name.find(|sign: char| sign.is_ascii_digit())?;
    let (prefix, number) = name.split_at(at);
    let plain = number.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, '.' | '_' | '-'));
    plain.then_some((prefix, number))
}

fn numbered<'a>(table: &'a Table, taken: &[Option<usize>]) -> Vec<Numbered<'a>> {
    let mut found: Vec<Numbered<'a>> = Vec::new();
    for (index, name) in table.names.iter().enumerate() {
        let Some((prefix, _)) = parts(name) else { continue };
        if taken.contains(&Some(index)) {
            continue;
        }
        match found.iter_mut().find(|group| group.prefix == prefix) {
            Some(group) => group.columns.push(index),
            None => found.push(Numbered { prefix, columns: vec![index], points: false }),
        }
    }
    found.retain(|group| group.columns.len() >= 2);
    for group in &mut found {
        group.points = group.columns.iter().all(|index| points_only(table, *index));
    }
    found
}

/// Whether nearly all cells are whole numbers: one wrong cell must be named, not turn points into answers.
fn points_only(table: &Table, index: usize) -> bool {
    let (mut filled, mut numbers) = (0_usize, 0_usize);
    for row in &table.rows {
        let cell = row.cells.get(index).map_or("", String::as_str);
        if !cell.is_empty() && !super::cells::is_missing(cell) {
            filled += 1;
            numbers += usize::from(cell.parse::<u32>().is_ok());
        }
    }
    numbers * 10 >= filled * 9
}

fn is_total(table: &Table, group: &Numbered<'_>, total: Option<usize>) -> bool {
    let Some(total) = total else { return false };
    let number = |cell: Option<&String>| cell.and_then(|cell| cell.parse::<u64>().ok());
    let sum = |cells: &[String]| group.columns.iter().filter_map(|index| number(cells.get(*index))).sum::<u64>();
    let agree = table.rows.iter().filter(|row| number(row.cells.get(total)) == Some(sum(&row.cells))).count();
    agree * 10 >= table.rows.len() * 9
}

fn matching(table: &Table, patterns: &str) -> Result<Vec<usize>, Rejected> {
    let mut found = Vec::new();
    for pattern in patterns.split(',').map(str::trim).filter(|pattern| !pattern.is_empty()) {
        let before = found.len();
        let fits = |name: &str| match pattern.split_once('*') {
            // "b*" means b1, b2…: not every name that begins with b.
            Some((prefix, "")) => parts(name).is_some_and(|(own, _)| own == prefix),
            Some((prefix, suffix)) => name.starts_with(prefix) && name.ends_with(suffix),
            None => name == pattern,
        };
        found.extend(table.names.iter().enumerate().filter(|(_, name)| fits(name)).map(|(index, _)| index));
        if found.len() == before {
            return Err(no_column(table, pattern));
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

fn which_items(table: &Table, groups: &[Numbered<'_>]) -> Problem {
    if groups.is_empty() {
        let names: Vec<&str> = table.names.iter().map(String::as_str).collect();
        return Problem::WhichItems { known: short(&names), example: "Q1,Q2,Q3".to_owned() };
    }
    let named = |group: &Numbered<'_>| {
        let (first, last) = (group.columns.first(), group.columns.last());
        let name = |index: Option<&usize>| index.map_or("", |index| table.names[*index].as_str());
        format!("{} … {} ({})", name(first), name(last), group.columns.len())
    };
    let known = groups.iter().map(named).collect::<Vec<_>>().join(", ");
    Problem::WhichItems { known, example: format!("{}*", groups[0].prefix) }
}
