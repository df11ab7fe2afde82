//! Aiken: a question, options `A)` or `A.`, a line `ANSWER: A`.

use super::{Answer, Import, Question, identifier};
use crate::xml::Node;

/// Reads a file of Aiken questions in a language.
#[must_use]
pub fn read(text: &str, language: &str) -> Import {
    let text = &crate::xml::legal(text);
    let mut import = Import::default();
    let mut stem: Vec<&str> = Vec::new();
    let mut options: Vec<&str> = Vec::new();
    let mut begun = 1;
    for (number, line) in (1_u32..).zip(text.lines()) {
        let line = line.trim().trim_start_matches('\u{feff}');
        if line.is_empty() {
            continue;
        }
        if stem.is_empty() {
            begun = number;
        }
        if let Some(key) = line.strip_prefix("ANSWER:").or_else(|| line.strip_prefix("ANSWER :")) {
            let key = key.trim().chars().next().map_or(0, |c| c.to_ascii_uppercase() as usize);
            let right = key.wrapping_sub('A' as usize);
            if stem.is_empty() || options.len() < 2 || right >= options.len() {
                import.lose(number, "a question needs a text, at least two options, and an answer among them");
            } else {
                let words = stem.join(" ");
                let count = import.items.len() + 1;
                let question = Question {
                    identifier: identifier("", count),
                    title: words.chars().take(60).collect(),
                    language: language.to_owned(),
                    stem: vec![Node::Text(words)],
                    points: 1.0,
                    answer: Answer::Choice {
                        options: options
                            .iter()
                            .enumerate()
                            .map(|(i, text)| (vec![Node::Text((*text).to_owned())], if i == right { 1.0 } else { 0.0 }))
                            .collect(),
                        many: false,
                        shuffle: false,
                    },
                    feedback: Vec::new(),
                    line: begun,
                };
                import.items.push(question.into_item());
            }
            stem.clear();
            options.clear();
        } else if let Some(option) = option(line, options.len()) {
            options.push(option);
        } else if options.is_empty() {
            stem.push(line);
        } else {
            import.lose(number, format!("{line:?} is neither an option in its turn nor an answer"));
        }
    }
    if !stem.is_empty() {
        import.lose(begun, "the last question has no answer");
    }
    import
}

/// The text of an option, when the line is the one whose turn it is.
fn option(line: &str, index: usize) -> Option<&str> {
    let mut characters = line.chars();
    let letter = characters.next()?;
    let mark = characters.next()?;
    let expected = char::from(b'A' + u8::try_from(index).ok().filter(|i| *i < 26)?);
    (letter.to_ascii_uppercase() == expected && matches!(mark, ')' | '.')).then(|| characters.as_str().trim())
}
