//! The key file: right answers, and what is known about the tasks.

use super::{File, Finding, Problem, Rejected, Table};

/// What the key file says about a task.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct KeyEntry {
    /// Name of the task's column.
    pub item: String,
    /// The right answer; several with a space between them all earn the points. None for tasks that come with points.
    pub key: Vec<String>,
    /// Highest points, when it says so.
    pub maximum: Option<u32>,
    /// Section of the programme.
    pub section: String,
    /// Topic.
    pub topic: String,
    /// Assessment criterion.
    pub criterion: String,
    /// Skill level A, B or C.
    pub skill: Option<char>,
}

impl std::fmt::Debug for KeyEntry {
    /// Without the key: it must not stand in a log.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("KeyEntry").field("item", &self.item).finish_non_exhaustive()
    }
}

const NAMES: [(&str, &[&str]); 7] = [
    ("item", &["item", "task", "тапсырма", "задание", "№", "no", "n"]),
    ("key", &["key", "answer", "correct", "кілт", "жауап", "ключ", "ответ"]),
    ("maximum", &["max", "maximum", "max_score", "points", "балл", "ұпай"]),
    ("section", &["section", "бөлім", "раздел"]),
    ("topic", &["topic", "тақырып", "тема"]),
    ("criterion", &["criterion", "критерий", "бағалау критерийі", "критерий оценивания"]),
    ("skill", &["skill", "дағды", "навык"]),
];

/// Reads a key file.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<KeyEntry>, Rejected> {
    let table = Table::read(bytes).map_err(|problem| Rejected::file(File::Key, problem))?;
    let column = |what: &str| {
        let names = NAMES.iter().find(|(name, _)| *name == what).map_or(&[][..], |(_, names)| names);
        table.names.iter().position(|name| names.contains(&name.to_lowercase().as_str()))
    };
    let (Some(item), key) = (column("item"), column("key")) else {
        return Err(Rejected::file(File::Key, Problem::IncompleteKey));
    };
    let maximum = column("maximum");
    if key.is_none() && maximum.is_none() {
        return Err(Rejected::file(File::Key, Problem::IncompleteKey));
    }
    let mut entries: Vec<KeyEntry> = Vec::with_capacity(table.rows.len());
    let mut findings = Vec::new();
    for row in &table.rows {
        let cell = |index: Option<usize>| index.and_then(|index| row.cells.get(index)).map_or("", String::as_str);
        let mut finding = |index: Option<usize>, problem| {
            let column = index.map(|index| table.column(index));
            findings.push(Finding { file: File::Key, row: Some(row.number), column, problem });
        };
        let name = cell(Some(item)).to_owned();
        if name.is_empty() || (cell(key).is_empty() && cell(maximum).is_empty()) {
            finding(if name.is_empty() { Some(item) } else { key }, Problem::IncompleteKey);
            continue;
        }
        if entries.iter().any(|entry| entry.item == name) {
            finding(Some(item), Problem::DuplicateKey { item: name });
            continue;
        }
        let highest = cell(maximum);
        let points = highest.parse::<u32>().ok().filter(|points| (1..=250).contains(points));
        if !highest.is_empty() && points.is_none() {
            finding(maximum, Problem::NotAScore { value: highest.to_owned() });
        }
        let skill = cell(column("skill"));
        let letter = match skill.to_uppercase().as_str() {
            // Latin or Cyrillic letters.
            "A" | "А" => Some('A'),
            "B" | "В" => Some('B'),
            "C" | "С" => Some('C'),
            _ => None,
        };
        if !skill.is_empty() && letter.is_none() {
            finding(column("skill"), Problem::Skill { value: skill.to_owned() });
        }
        entries.push(KeyEntry {
            item: name,
            key: cell(key).split_whitespace().map(str::to_owned).collect(),
            maximum: points,
            section: cell(column("section")).to_owned(),
            topic: cell(column("topic")).to_owned(),
            criterion: cell(column("criterion")).to_owned(),
            skill: letter,
        });
    }
    if findings.is_empty() { Ok(entries) } else { Err(Rejected::new(findings)) }
}
