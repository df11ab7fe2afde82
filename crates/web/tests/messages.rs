//! Message files against each other and against the code that uses them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser::parse;

const CRATE: &str = env!("CARGO_MANIFEST_DIR");

/// Key to the arguments that it uses.
type Messages = BTreeMap<String, BTreeSet<String>>;

fn arguments(pattern: &Pattern<String>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            expression_arguments(expression, found);
        }
    }
}

fn expression_arguments(expression: &Expression<String>, found: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => inline_arguments(inline, found),
        Expression::Select { selector, variants } => {
            inline_arguments(selector, found);
            for variant in variants {
                arguments(&variant.value, found);
            }
        }
    }
}

fn inline_arguments(inline: &InlineExpression<String>, found: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.clone());
        }
        InlineExpression::Placeable { expression } => expression_arguments(expression, found),
        InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                inline_arguments(argument, found);
            }
        }
        _ => {}
    }
}

/// The messages of one language; `documents.ftl` belongs to the crate of documents, which checks it.
fn messages(language: &str) -> Messages {
    let mut all = Messages::new();
    for entry in fs::read_dir(Path::new(CRATE).join("../../locales").join(language)).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap() == "documents.ftl" {
            continue;
        }
        let resource = parse(fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|(_, mistakes)| panic!("{}: {mistakes:?}", path.display()));
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let mut found = BTreeSet::new();
            arguments(message.value.as_ref().expect("a message has a text"), &mut found);
            let before = all.insert(message.id.name.clone(), found);
            assert!(before.is_none(), "{language}: {} stands twice", message.id.name);
        }
    }
    all
}

fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let mut paths = Vec::new();
    files(&Path::new(CRATE).join("src"), "rs", &mut paths);
    files(&Path::new(CRATE).join("templates"), "html", &mut paths);
    paths.into_iter().map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap())).collect()
}

/// What stands between quotation marks right behind each occurrence of `before`.
fn quoted_after<'a>(text: &'a str, before: &str) -> Vec<(&'a str, &'a str)> {
    let starts = text.match_indices(before).map(|(at, _)| &text[at + before.len()..]);
    starts.filter_map(|rest| rest.split_once('"')).collect()
}

/// Every text between quotation marks that could be a key.
fn texts(text: &str) -> impl Iterator<Item = &str> {
    let is_key = |word: &&str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    text.split('"').filter(is_key)
}

#[test]
fn the_three_languages_have_the_same_keys_and_arguments() {
    let (kazakh, russian, english) = (messages("kk"), messages("ru"), messages("en"));
    assert!(english.len() > 100, "only {} messages were found", english.len());
    let keys = |messages: &Messages| messages.keys().cloned().collect::<BTreeSet<_>>();
    for (name, other) in [("kk", &kazakh), ("ru", &russian)] {
        let missing: Vec<_> = keys(&english).difference(&keys(other)).cloned().collect();
        let extra: Vec<_> = keys(other).difference(&keys(&english)).cloned().collect();
        assert!(missing.is_empty() && extra.is_empty(), "{name}: missing {missing:?}, not in en {extra:?}");
        for (key, arguments) in &english {
            assert_eq!(arguments, &other[key], "{name}: arguments of {key}");
        }
    }
}

/// Names of arguments in `&[("count", …), ("name", …)]`, which begins right behind the key.
fn given_arguments(rest: &str) -> BTreeSet<String> {
    let mut depth = 0;
    let end = rest.find(|character| {
        depth += i32::from(character == '[') - i32::from(character == ']');
        depth == 0 && character == ']'
    });
    quoted_after(&rest[..end.unwrap_or(0)], "(\"").into_iter().map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn code_uses_only_keys_that_exist_with_their_arguments() {
    let english = messages("en");
    let mut checked = 0;
    for (path, text) in sources() {
        for (key, _) in quoted_after(&text, "ctx.t(\"") {
            let expected = english.get(key).unwrap_or_else(|| panic!("{path}: no message {key}"));
            assert!(expected.is_empty(), "{path}: {key} needs {expected:?}");
            checked += 1;
        }
        for (key, rest) in quoted_after(&text, "ctx.t_with(\"") {
            let expected = english.get(key).unwrap_or_else(|| panic!("{path}: no message {key}"));
            assert_eq!(&given_arguments(rest), expected, "{path}: arguments of {key}");
            checked += 1;
        }
        for group in groups(&text) {
            let there = english.keys().any(|key| key.starts_with(&format!("{group}-")));
            // Kinds of background work get their words with the crates that do it.
            assert!(there || group == "job", "{path}: no message begins with {group}-");
        }
    }
    assert!(checked > 80, "only {checked} uses were found");
}

/// What stands before the varying part of keys: `sex` in `ctx.t(&format!("sex-{}", …))`.
fn groups(text: &str) -> BTreeSet<&str> {
    let made = ["t(&format!(\"", "t(format!(\""].map(|before| quoted_after(text, before)).concat();
    let of_keys = made.into_iter().filter_map(|(key, _)| key.split_once("-{"));
    let words = quoted_after(text, "word_or_code(ctx, \"").into_iter().map(|(group, _)| group);
    of_keys.map(|(group, _)| group).chain(words).collect()
}

#[test]
fn every_message_is_used() {
    let sources = sources();
    let used: BTreeSet<&str> = sources.iter().flat_map(|(_, text)| texts(text)).collect();
    let groups: BTreeSet<&str> = sources.iter().flat_map(|(_, text)| groups(text)).collect();
    let in_group =
        |key: &str| groups.iter().any(|group| key.strip_prefix(group).is_some_and(|rest| rest.starts_with('-')));
    // The title of an error's page is called after its message.
    let is_title = |key: &str| key.strip_suffix("-title").is_some_and(|base| used.contains(base));
    let is_used = |key: &str| used.contains(key) || in_group(key) || is_title(key);
    let unused: Vec<String> = messages("en").into_keys().filter(|key| !is_used(key)).collect();
    assert!(unused.is_empty(), "unused messages: {unused:?}");
}
