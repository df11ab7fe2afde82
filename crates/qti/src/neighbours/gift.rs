//! GIFT: Moodle's text format, `::title:: question { =right ~wrong }`.

use super::{Answer, Import, Question, html, identifier};
use crate::value::parse_float;
use crate::xml::Node;

/// Reads a file of GIFT questions in a language.
#[must_use]
pub fn read(text: &str, language: &str) -> Import {
    let mut import = Import::default();
    for (line, block) in blocks(&crate::xml::legal(text)) {
        if block.trim_start().starts_with("$CATEGORY:") {
            continue;
        }
        match question(&block, line, language, import.items.len() + 1) {
            Ok((question, losses)) => {
                for loss in losses {
                    import.lose(line, loss);
                }
                import.items.push(question.into_item());
            }
            Err(message) => import.lose(line, message),
        }
    }
    import
}

/// Questions are apart by blank lines outside braces; lines that begin with `//` are comments.
fn blocks(text: &str) -> Vec<(u32, String)> {
    let mut out = Vec::new();
    let mut block = String::new();
    let mut begun = 1;
    let mut inside = false;
    for (number, line) in (1_u32..).zip(text.trim_start_matches('\u{feff}').lines()) {
        if line.trim_start().starts_with("//") {
            continue;
        }
        if line.trim().is_empty() && !inside {
            if !block.trim().is_empty() {
                out.push((begun, std::mem::take(&mut block)));
            }
            block.clear();
            continue;
        }
        if block.is_empty() {
            begun = number;
        }
        let mut escaped = false;
        for c in line.chars() {
            match c {
                '{' if !escaped => inside = true,
                '}' if !escaped => inside = false,
                _ => {}
            }
            escaped = c == '\\' && !escaped;
        }
        block.push_str(line);
        block.push('\n');
        if block.starts_with("$CATEGORY:") {
            out.push((begun, std::mem::take(&mut block)));
        }
    }
    if !block.trim().is_empty() {
        out.push((begun, block));
    }
    out
}

/// Position of a mark that is not escaped.
fn find(text: &str, mark: char) -> Option<usize> {
    let mut escaped = false;
    for (index, c) in text.char_indices() {
        if c == mark && !escaped {
            return Some(index);
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c == '\\' {
            match characters.next() {
                Some('n') => out.push('\n'),
                Some(next) => out.push(next),
                None => out.push('\\'),
            }
        } else {
            out.push(c);
        }
    }
    out.trim().to_owned()
}

/// Text with its optional format mark (`[html]`, `[plain]`...). GIFT is HTML unless it says otherwise.
fn content(text: &str) -> Vec<Node> {
    let text = unescape(text);
    for mark in ["[html]", "[moodle]"] {
        if let Some(rest) = text.strip_prefix(mark) {
            return html::nodes(rest.trim());
        }
    }
    for mark in ["[plain]", "[markdown]"] {
        if let Some(rest) = text.strip_prefix(mark) {
            return vec![Node::Text(rest.trim().to_owned())];
        }
    }
    html::nodes(&text)
}

type Read = Result<(Question, Vec<String>), String>;

fn question(block: &str, line: u32, language: &str, number: usize) -> Read {
    let mut losses = Vec::new();
    let mut rest = block.trim();
    let mut title = String::new();
    if let Some((found, after)) = rest.strip_prefix("::").and_then(|inner| inner.split_once("::")) {
        title = unescape(found);
        rest = after.trim_start();
    }
    let (stem_text, answer_text, tail) = match find(rest, '{') {
        Some(at) => {
            let inner = &rest[at + 1..];
            let end = find(inner, '}').ok_or_else(|| "the answers are never closed by }".to_owned())?;
            (&rest[..at], Some(&inner[..end]), inner[end + 1..].trim())
        }
        None => (rest, None, ""),
    };
    // A missing word question has words after its answers.
    let stem =
        if tail.is_empty() { content(stem_text) } else { content(&format!("{} _____ {tail}", stem_text.trim_end())) };
    let mut feedback = Vec::new();
    let answer = match answer_text {
        None => Answer::Nothing,
        Some(text) => {
            let text = match text.find("####") {
                Some(at) => {
                    feedback = content(&text[at + 4..]);
                    &text[..at]
                }
                None => text,
            };
            answer(text.trim(), &mut losses)?
        }
    };
    if title.is_empty() {
        title = unescape(stem_text).chars().take(60).collect();
    }
    let question = Question {
        identifier: identifier(&title, number),
        title,
        language: language.to_owned(),
        stem,
        points: 1.0,
        answer,
        feedback,
        line,
    };
    Ok((question, losses))
}

fn answer(text: &str, losses: &mut Vec<String>) -> Result<Answer, String> {
    if text.is_empty() {
        return Ok(Answer::Essay);
    }
    if let Some(numbers) = text.strip_prefix('#') {
        return number(numbers, losses);
    }
    let without = find(text, '#').map_or(text, |at| &text[..at]).trim();
    if matches!(without, "T" | "TRUE" | "F" | "FALSE") {
        if without.len() != text.len() {
            losses.push("feedback on true and false is left out".to_owned());
        }
        let truth = without.starts_with('T');
        let option = |words: &str, right: bool| (vec![Node::Text(words.to_owned())], if right { 1.0 } else { 0.0 });
        return Ok(Answer::Choice {
            options: vec![option("True", truth), option("False", !truth)],
            many: false,
            shuffle: false,
        });
    }
    let parts = parts(text)?;
    if parts.iter().all(|(mark, text)| *mark == '=' && text.contains("->")) {
        let pairs = parts
            .iter()
            .filter_map(|(_, text)| text.split_once("->"))
            .map(|(left, right)| {
                let left = content(left);
                ((!left.is_empty()).then_some(left), content(right))
            })
            .collect();
        return Ok(Answer::Pairs(pairs));
    }
    let has_wrong = parts.iter().any(|(mark, _)| *mark == '~');
    let mut read = Vec::new();
    for (mark, text) in &parts {
        let (share, text) = weight(text, if *mark == '=' { 1.0 } else { 0.0 });
        let text = match find(text, '#') {
            Some(at) => {
                losses.push("feedback on single answers is left out".to_owned());
                &text[..at]
            }
            None => text,
        };
        read.push((text, share));
    }
    if !has_wrong {
        return Ok(Answer::Text {
            answers: read.into_iter().map(|(text, share)| (unescape(text), share)).collect(),
            case_sensitive: false,
        });
    }
    // Several partly right answers and none fully right make a question with several ticks.
    let many = !parts.iter().any(|(mark, _)| *mark == '=');
    Ok(Answer::Choice {
        options: read.into_iter().map(|(text, share)| (content(text), share)).collect(),
        many,
        shuffle: true,
    })
}

/// Answers with their marks `=` and `~`.
fn parts(text: &str) -> Result<Vec<(char, &str)>, String> {
    let mut out = Vec::new();
    let mut escaped = false;
    let mut begun: Option<(char, usize)> = None;
    for (index, c) in text.char_indices() {
        if matches!(c, '=' | '~') && !escaped {
            // An equals sign inside a tag (`<img src=...>`) is none of ours.
            let in_tag = text[..index].rfind('<') > text[..index].rfind('>');
            if c == '=' && in_tag {
                continue;
            }
            if let Some((mark, from)) = begun {
                out.push((mark, text[from..index].trim()));
            }
            begun = Some((c, index + 1));
        }
        escaped = c == '\\' && !escaped;
    }
    match begun {
        Some((mark, from)) => out.push((mark, text[from..].trim())),
        None => return Err("the answers begin with neither = nor ~".to_owned()),
    }
    Ok(out)
}

/// `%50%half right` as a share and the rest.
fn weight(text: &str, default: f64) -> (f64, &str) {
    let found = text.strip_prefix('%').and_then(|rest| rest.split_once('%'));
    match found.and_then(|(percent, rest)| parse_float(percent).map(|p| (p / 100.0, rest.trim()))) {
        Some(found) => found,
        None => (default, text),
    }
}

fn number(text: &str, losses: &mut Vec<String>) -> Result<Answer, String> {
    let list: Vec<(f64, &str)> = if text.trim_start().starts_with('=') {
        parts(text)?.into_iter().map(|(_, text)| weight(text, 1.0)).collect()
    } else {
        vec![(1.0, text.trim())]
    };
    let mut ranges = Vec::new();
    for (share, text) in list {
        let text = match find(text, '#') {
            Some(at) => {
                losses.push("feedback on single answers is left out".to_owned());
                text[..at].trim()
            }
            None => text,
        };
        let range = if let Some((low, high)) = text.split_once("..") {
            parse_float(low.trim()).zip(parse_float(high.trim()))
        } else if let Some((value, tolerance)) = text.split_once(':') {
            parse_float(value.trim()).zip(parse_float(tolerance.trim())).map(|(v, t)| (v - t.abs(), v + t.abs()))
        } else {
            parse_float(text).map(|v| (v, v))
        };
        let (low, high) = range.ok_or_else(|| format!("{text:?} is no number or range"))?;
        ranges.push((low, high, share));
    }
    Ok(Answer::Number(ranges))
}
