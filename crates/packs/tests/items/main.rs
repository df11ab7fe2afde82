//! Every item of the pack: structure, parallel versions, proofs of the keys.

#![expect(clippy::panic, reason = "an expression that cannot be read must stop the test")]

mod rational;
mod xml;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use packs::{Item, ItemSet, Pack, Proof, files};
use rational::{Letters, Rational, from_print, identical, is_true, numbers, value};
use xml::{Parsed, parse};

fn pack() -> Pack {
    Pack::embedded().expect("the pack reads")
}

/// All versions of all items: set, item, language, file.
fn each(pack: &Pack, mut look: impl FnMut(&ItemSet, &Item, &str, &Parsed)) {
    for set in pack.items.values() {
        for item in &set.items {
            for language in &set.languages {
                let text = set.xml(language, item.number).expect("the loader checked that it exists");
                look(set, item, language, &parse(text));
            }
        }
    }
}

#[test]
fn files_are_choice_items_with_four_distinct_options() {
    let pack = pack();
    let mut identifiers = BTreeSet::new();
    let mut count = 0;
    each(&pack, |set, item, language, parsed| {
        count += 1;
        let place = set.path(language, item.number);
        assert!(identifiers.insert(parsed.identifier.clone()), "{place}: identifier used twice");
        assert_eq!(parsed.identifier, format!("{}-{:02}-{language}", set.test, item.number));
        assert_eq!(parsed.language, language, "{place}");
        assert_eq!(parsed.max_choices, "1", "{place}");
        assert!(parsed.template.ends_with("/match_correct.xml"), "{place}");
        assert_eq!(parsed.key, item.key, "{place}: key of the file and of items.toml");
        let letters: Vec<&str> = parsed.options.iter().map(|(letter, _)| letter.as_str()).collect();
        assert_eq!(letters, ["A", "B", "C", "D"], "{place}");
        let texts: BTreeSet<&str> = parsed.options.iter().map(|(_, text)| text.trim()).collect();
        assert_eq!(texts.len(), 4, "{place}: options repeat");
        assert!(texts.iter().all(|text| !text.is_empty()), "{place}: an empty option");
        for (address, words) in &parsed.pictures {
            assert!(address.starts_with("data:image/png;base64,"), "{place}: a picture outside the file");
            assert!(words.chars().count() > 30, "{place}: a picture needs words");
            let source = format!("items/{}/drawings/{:02}.svg", set.test, item.number);
            assert!(packs::file(&source).is_some(), "{place}: the drawing {source} is not there");
        }
        for forbidden in ["svg", "object", "audio", "video", "script", "style"] {
            assert!(!parsed.elements.contains(forbidden), "{place}: {forbidden} is not shown everywhere");
        }
        for forbidden in ["href", "data"] {
            assert!(!parsed.attributes.contains(forbidden), "{place}: {forbidden} points outside");
        }
    });
    let listed: usize = pack.items.values().map(|set| set.items.len() * set.languages.len()).sum();
    assert_eq!(count, listed);
    let stored =
        files("items").iter().filter(|(path, _)| Path::new(path).extension().is_some_and(|end| end == "xml")).count();
    assert_eq!(stored, listed, "a file that no items.toml lists");
}

#[test]
fn our_own_engine_reads_shows_and_scores_them() {
    let pack = pack();
    for set in pack.items.values() {
        for item in &set.items {
            let mut versions = Vec::new();
            for language in &set.languages {
                let place = set.path(language, item.number);
                let text = set.xml(language, item.number).expect("exists");
                let read = qti::parse_item(text).unwrap_or_else(|error| panic!("{place}: {error}"));
                let findings = qti::check::item(&read);
                assert!(findings.is_empty(), "{place}: {findings:?}");
                let html = qti::render::html(&read, &qti::render::RenderOptions::default());
                assert_eq!(html.matches("type=\"radio\"").count(), 4, "{place}");
                for tag in ["<img ", "<table", "<mfrac"] {
                    assert_eq!(html.matches(tag).count(), text.matches(tag).count(), "{place}: {tag} is not shown");
                }
                for letter in ["A", "B", "C", "D"] {
                    let outcomes = qti::score::score(&read, &qti::score::Responses::new().with("RESPONSE", letter));
                    let earned = if letter == item.key { 1.0 } else { 0.0 };
                    assert_eq!(outcomes.score(), Some(earned), "{place}: {letter}");
                }
                versions.push(read);
            }
            let versions: Vec<_> = versions.iter().collect();
            let findings = qti::check::parallel(&versions);
            assert!(findings.is_empty(), "{} {}: {findings:?}", set.test, item.number);
        }
    }
}

#[test]
fn items_stand_on_a_specification_of_the_campaign() {
    let pack = pack();
    for set in pack.items.values() {
        let (_, test) = pack.campaigns[0].test(&set.test).expect("a test of the campaign");
        assert_eq!(test.languages, set.languages, "{}", set.test);
        assert!(pack.specifications.contains_key(&set.test), "{}", set.test);
    }
}

#[test]
fn parallel_versions_have_the_same_numbers() {
    let pack = pack();
    let mut versions: BTreeMap<(String, usize), Vec<(String, Parsed)>> = BTreeMap::new();
    for set in pack.items.values() {
        for item in &set.items {
            for language in &set.languages {
                let parsed = parse(set.xml(language, item.number).expect("exists"));
                versions.entry((set.test.clone(), item.number)).or_default().push((language.clone(), parsed));
            }
        }
    }
    let sorted = |text: &str| {
        let mut list: Vec<String> = numbers(text).iter().map(|number| format!("{number:?}")).collect();
        list.sort();
        list
    };
    for ((test, number), parallel) in versions {
        let (_, first) = &parallel[0];
        for (language, other) in &parallel[1..] {
            assert_eq!(first.key, other.key, "{test} {number} {language}");
            assert_eq!(sorted(&first.body), sorted(&other.body), "{test} {number} {language}: numbers of the stem");
            for (a, b) in first.options.iter().zip(&other.options) {
                assert_eq!(sorted(&a.1), sorted(&b.1), "{test} {number} {language}: numbers of option {}", a.0);
            }
            let table = |parsed: &Parsed| parsed.elements.contains("table");
            assert_eq!(table(first), table(other), "{test} {number}: table");
            let addresses = |parsed: &Parsed| parsed.pictures.iter().map(|(src, _)| src.clone()).collect::<Vec<_>>();
            assert_eq!(addresses(first), addresses(other), "{test} {number}: pictures");
        }
    }
}

#[test]
fn keys_are_spread_evenly_and_not_in_a_pattern() {
    for set in pack().items.values() {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for item in &set.items {
            *counts.entry(item.key.as_str()).or_default() += 1;
        }
        assert!(["A", "B", "C", "D"].iter().all(|letter| counts.get(letter) == Some(&5)), "{}: {counts:?}", set.test);
        for three in set.items.windows(3) {
            assert!(three[0].key != three[1].key || three[1].key != three[2].key, "{}: {}", set.test, three[0].number);
        }
    }
}

#[test]
fn the_key_cannot_be_told_by_its_length() {
    let pack = pack();
    let mut longest: BTreeMap<(String, String), usize> = BTreeMap::new();
    each(&pack, |set, item, language, parsed| {
        let length = |letter: &str| {
            let (_, text) = parsed.options.iter().find(|(own, _)| own == letter).expect("an option");
            text.trim().chars().count()
        };
        let key = length(&item.key);
        let others: Vec<usize> =
            ["A", "B", "C", "D"].iter().filter(|letter| **letter != item.key).map(|letter| length(letter)).collect();
        let second = others.iter().copied().max().expect("three options");
        assert!(
            key as f64 <= 1.35 * second as f64 + 4.0,
            "{} {} {language}: the key has {key} characters, the longest other option {second}",
            set.test,
            item.number
        );
        *longest.entry((set.test.clone(), language.to_owned())).or_default() += usize::from(key > second);
    });
    for ((test, language), count) in longest {
        assert!(count <= 8, "{test} {language}: the key is the longest option in {count} of 20 items");
    }
}

#[test]
fn computable_keys_are_proved() {
    let pack = pack();
    let mut proved: BTreeMap<String, usize> = BTreeMap::new();
    each(&pack, |set, item, language, parsed| {
        let Some(proof) = &item.proof else { return };
        *proved.entry(set.test.clone()).or_default() += 1;
        for (letter, text) in &parsed.options {
            let right = holds(proof, text);
            assert_eq!(
                right,
                *letter == item.key,
                "{} {} {language}: option {letter} {text:?} and the proof {proof:?}",
                set.test,
                item.number
            );
        }
    });
    // Versions in both languages are counted.
    assert_eq!(proved.get("g4-mathematics"), Some(&40));
    assert_eq!(proved.get("g8-physics"), Some(&28));
    assert_eq!(proved.get("g8-mathematics"), Some(&38));
    assert_eq!(proved.get("g4-natural-science"), Some(&6));
}

fn holds(proof: &Proof, text: &str) -> bool {
    let found = numbers(text);
    match proof {
        Proof::Value { expression, part } => {
            let place = part.unwrap_or_else(|| {
                assert_eq!(found.len(), 1, "{text:?} should have one number");
                1
            });
            found[place - 1] == value(expression)
        }
        Proof::Values { expressions } => {
            let wanted: Vec<Rational> = expressions.iter().map(|expression| value(expression)).collect();
            found == wanted
        }
        Proof::Evaluates { expression } => value(&from_print(text)) == value(expression),
        Proof::Holds { conditions } => {
            let letters: Letters = ('a'..).zip(found).collect();
            assert!(!letters.is_empty(), "{text:?} should have numbers");
            conditions.iter().all(|condition| is_true(condition, &letters))
        }
        Proof::Identity { expression } => identical(&from_print(text), expression),
        Proof::Subset { of } => {
            assert!(!found.is_empty());
            found.iter().all(|number| of.iter().any(|element| Rational::whole(i128::from(*element)) == *number))
        }
    }
}

#[test]
fn kinds_of_tasks_are_parallel_and_their_keys_proven() {
    let pack = pack();
    let kinds = &pack.kinds;
    let names: BTreeSet<&str> = kinds.items.iter().map(|item| item.kind.as_str()).collect();
    assert_eq!((names.len(), kinds.items.len()), (22, 22), "one of each kind");
    let mut proven = 0;
    for item in &kinds.items {
        let [kazakh, russian] = ["kk", "ru"].map(|language| kinds.xml(language, item).expect("a content"));
        // What stands between tags differs, the tags with their identifiers, limits and keys do not.
        let tags = |text: &str| -> Vec<String> {
            let own = ["xml:lang", "alt=", "title=", "hotspot-label="];
            let all = text.split('<').skip(1).map(|part| part.split('>').next().unwrap_or_default());
            all.filter(|tag| !own.iter().any(|word| tag.contains(word))).map(str::to_owned).collect()
        };
        assert_eq!(tags(kazakh), tags(russian), "{}", item.kind);
        for condition in &item.proof {
            assert!(is_true(condition, &Letters::new()), "{}: {condition}", item.kind);
            proven += 1;
        }
        for value in item.response.iter().filter(|_| kazakh.contains("qti-correct-response")) {
            let spelled = format!("<qti-value>{value}</qti-value>");
            assert!(kazakh.contains(&spelled), "{}: {value} is not the key of the content", item.kind);
        }
    }
    assert!(proven > 25, "{proven}");
}
