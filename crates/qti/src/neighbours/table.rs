//! The spreadsheet template: one question per row.
//!
//! Columns by their names in the first row, in any order: `identifier`, `title`, `language`, `type`
//! (`choice`, `multiple`, `text`, `number`, `essay`), `question`, `a` to `h` for options, `key`, `points`,
//! `tolerance`. Keys of choices are letters (`B`, or `A C`); texts have several right answers apart by `|`.

use super::{Answer, Import, Question, identifier};
use crate::value::parse_float;
use crate::xml::Node;
use std::borrow::Cow;

/// The first row of an empty template.
pub const COLUMNS: [&str; 16] = [
    "identifier",
    "title",
    "language",
    "type",
    "question",
    "a",
    "b",
    "c",
    "d",
    "e",
    "f",
    "g",
    "h",
    "key",
    "points",
    "tolerance",
];

/// Reads the rows of a sheet; the first holds the names of the columns.
#[must_use]
pub fn read(rows: &[Vec<String>]) -> Import {
    let mut import = Import::default();
    let rows: Vec<Vec<Cow<'_, str>>> =
        rows.iter().map(|row| row.iter().map(|cell| crate::xml::legal(cell)).collect()).collect();
    let Some((head, rows)) = rows.split_first() else { return import };
    let head: Vec<String> = head.iter().map(|name| name.trim().to_lowercase()).collect();
    for name in &head {
        if !name.is_empty() && !COLUMNS.contains(&name.as_str()) {
            import.lose(1, format!("the column {name:?} is not known; its cells are left out"));
        }
    }
    for (line, row) in (2_u32..).zip(rows) {
        let cell = |name: &str| {
            let index = head.iter().position(|other| other == name);
            index.and_then(|index| row.get(index)).map_or("", |text| text.trim())
        };
        if row.iter().all(|text| text.trim().is_empty()) {
            continue;
        }
        match question(line, &cell) {
            Ok(mut question) => {
                if question.identifier.is_empty() {
                    question.identifier = identifier("", import.items.len() + 1);
                }
                if import.items.iter().any(|item| item.identifier == question.identifier) {
                    import.lose(
                        line,
                        format!("the identifier {} is used twice; the row is left out", question.identifier),
                    );
                    continue;
                }
                import.items.push(question.into_item());
            }
            Err(message) => import.lose(line, message),
        }
    }
    import
}

fn question<'r>(line: u32, cell: &dyn Fn(&str) -> &'r str) -> Result<Question, String> {
    if cell("question").is_empty() {
        return Err("the row has no question".to_owned());
    }
    let key = cell("key");
    let points = match cell("points") {
        "" => 1.0,
        text => parse_float(text).filter(|x| *x > 0.0).ok_or_else(|| format!("{text:?} is no number of points"))?,
    };
    let kind = cell("type").to_lowercase();
    let answer = match kind.as_str() {
        "" | "choice" | "multiple" => choice(key, kind == "multiple", cell)?,
        "text" if !key.is_empty() => Answer::Text {
            answers: key
                .split('|')
                .map(|text| (text.trim().to_owned(), 1.0))
                .filter(|(text, _)| !text.is_empty())
                .collect(),
            case_sensitive: false,
        },
        "number" => {
            let tolerance = parse_float(cell("tolerance")).unwrap_or(0.0).abs();
            let value = parse_float(key).ok_or_else(|| format!("the key {key:?} is no number"))?;
            Answer::Number(vec![(value - tolerance, value + tolerance, 1.0)])
        }
        "essay" => Answer::Essay,
        "text" => return Err("a text question needs a key".to_owned()),
        other => return Err(format!("the type {other:?} is not known: choice, multiple, text, number or essay")),
    };
    let stem = cell("question");
    Ok(Question {
        identifier: cell("identifier").to_owned(),
        title: match cell("title") {
            "" => stem.chars().take(60).collect(),
            title => title.to_owned(),
        },
        language: cell("language").to_owned(),
        stem: vec![Node::Text(stem.to_owned())],
        points,
        answer,
        feedback: Vec::new(),
        line,
    })
}

fn choice<'r>(key: &str, many: bool, cell: &dyn Fn(&str) -> &'r str) -> Result<Answer, String> {
    let letters = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let options: Vec<&str> = letters.iter().map(|letter| cell(letter)).take_while(|text| !text.is_empty()).collect();
    if options.len() < 2 {
        return Err("a choice needs at least the options a and b".to_owned());
    }
    let keys: Vec<String> = key.split([',', ' ', ';']).filter(|part| !part.is_empty()).map(str::to_lowercase).collect();
    let right: Option<Vec<usize>> = keys
        .iter()
        .map(|key| letters.iter().position(|letter| letter == key).filter(|index| *index < options.len()))
        .collect();
    let right = right.filter(|right| !right.is_empty()).ok_or_else(|| format!("the key {key:?} names no option"))?;
    if !many && right.len() > 1 {
        return Err("a choice has one key; write multiple in the column type".to_owned());
    }
    let share = 1.0 / right.len() as f64;
    // Wrong ticks cost what a right one earns, so that ticking everything earns nothing.
    let wrong = if many { -share } else { 0.0 };
    let options = options
        .iter()
        .enumerate()
        .map(|(index, text)| (vec![Node::Text((*text).to_owned())], if right.contains(&index) { share } else { wrong }))
        .collect();
    Ok(Answer::Choice { options, many, shuffle: false })
}
