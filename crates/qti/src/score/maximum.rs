//! The most points an item can give.

use super::Session;
use super::responses::{DECIMAL, Responses, base_of, text_in_base};
use crate::declaration::{Declaration, Role};
use crate::interaction::Choice;
use crate::item::Item;
use crate::value::{BaseType, Cardinality, Value};
use std::collections::BTreeMap;

/// Most points: the outcome MAXSCORE, else the declared normal maximum of SCORE, else what the best
/// responses that can be made from keys and mappings score; `None` when none of these gives a number.
#[must_use]
pub fn max_score(item: &Item) -> Option<f64> {
    let declared = item
        .declaration("MAXSCORE")
        .and_then(|declaration| declaration.default().number())
        .or_else(|| item.declaration("SCORE").and_then(Declaration::normal_maximum));
    declared.or_else(|| {
        item.declaration("SCORE")?;
        best_responses(item)
            .into_iter()
            .filter_map(|responses| Session::start(item, super::DEFAULT_SEED).submit(item, &responses).raw_score())
            .reduce(f64::max)
    })
}

/// Responses that should score well: the declared correct ones, and those picked from mappings.
/// Empty when nothing is declared that a response could be made from.
pub fn best_responses(item: &Item) -> Vec<Responses> {
    let session = Session::start(item, super::DEFAULT_SEED);
    let mut correct = Responses::new();
    let mut mapped = Responses::new();
    let mut complete = true;
    let bases: BTreeMap<_, _> =
        item.interactions().into_iter().map(|interaction| (interaction.response(), base_of(interaction))).collect();
    for declaration in item.declarations_of(Role::Response) {
        let key = session.correct(item, &declaration.identifier);
        let texts: Vec<String> = if let Value::Record(fields) = key {
            fields.into_iter().filter_map(|(_, value)| value.map(|scalar| scalar.to_string())).take(1).collect()
        } else {
            let base = bases.get(declaration.identifier.as_str()).copied().unwrap_or(DECIMAL);
            key.scalars().iter().map(|scalar| text_in_base(scalar, base)).collect()
        };
        let best = best_mapped(item, declaration);
        if texts.is_empty() && best.is_empty() {
            complete = false;
        }
        let id = declaration.identifier.clone();
        let first = if texts.is_empty() { best.clone() } else { texts.clone() };
        let second = if best.is_empty() { texts } else { best };
        correct.0.insert(id.clone(), first);
        mapped.0.insert(id, second);
    }
    if correct.0.is_empty() && !complete {
        return Vec::new();
    }
    if mapped == correct { vec![correct] } else { vec![correct, mapped] }
}

/// Most entries of a mapping that the best answer is picked from.
const MAX_ENTRIES: usize = 500;

/// The mapped values that together are worth most, within what the interaction lets a person choose.
fn best_mapped(item: &Item, declaration: &Declaration) -> Vec<String> {
    let limit = limit(item, declaration);
    if let Some(mapping) = &declaration.mapping {
        let mut worth: Vec<_> = mapping.entries.iter().filter(|entry| entry.value > 0.0).collect();
        worth.sort_by(|a, b| b.value.total_cmp(&a.value));
        worth.truncate(MAX_ENTRIES);
        let mut chosen: Vec<String> = Vec::new();
        let choices = item.choices();
        for entry in worth {
            if chosen.len() < limit && compatible(&choices, declaration, &chosen, &entry.key) {
                chosen.push(entry.key.clone());
            }
        }
        return chosen;
    }
    let Some(mapping) = &declaration.area_mapping else {
        return Vec::new();
    };
    let mut worth: Vec<_> = mapping.entries.iter().filter(|(_, value)| *value > 0.0).collect();
    worth.sort_by(|a, b| b.1.total_cmp(&a.1));
    worth.iter().take(limit).filter_map(|(area, _)| centre_text(area)).collect()
}

fn limit(item: &Item, declaration: &Declaration) -> usize {
    if declaration.cardinality == Cardinality::Single {
        return 1;
    }
    let interactions = item.interactions();
    let interaction = interactions.iter().find(|interaction| interaction.response() == declaration.identifier);
    let most = interaction.map_or(0, |interaction| match declaration.base_type {
        Some(BaseType::Pair | BaseType::DirectedPair) => interaction.count("max-associations").unwrap_or(0),
        _ => interaction.most(Some(declaration)),
    });
    if most == 0 { usize::MAX } else { most }
}

/// A pair fits with those chosen when neither end is used more often than it may be.
fn compatible(choices: &[Choice<'_>], declaration: &Declaration, chosen: &[String], key: &str) -> bool {
    if !matches!(declaration.base_type, Some(BaseType::Pair | BaseType::DirectedPair)) {
        return true;
    }
    key.split_whitespace().all(|end| {
        let used = chosen.iter().flat_map(|pair| pair.split_whitespace()).filter(|e| *e == end).count();
        let most =
            choices.iter().find(|c| c.response == declaration.identifier && c.identifier == end).map_or(0, |choice| {
                match choice.kind {
                    // A gap holds one choice unless it says otherwise.
                    crate::interaction::ChoiceKind::Gap => choice.match_max().max(1),
                    _ => choice.match_max(),
                }
            });
        most == 0 || used < most
    })
}

/// A point inside an area as text, see [`centre`].
fn centre_text(area: &crate::expression::Area) -> Option<String> {
    let (x, y) = centre(area)?;
    Some(format!("{} {}", crate::value::number_text(x), crate::value::number_text(y)))
}

/// A point inside an area, from its coordinates: the centre of a circle, the middle of corners.
fn centre(area: &crate::expression::Area) -> Option<(f64, f64)> {
    let c = area.numbers()?;
    Some(match c.len() {
        0 | 1 => return None,
        3 => (c[0], c[1]),
        4 if area.shape == crate::expression::Shape::Ellipse => (c[0], c[1]),
        4 => (f64::midpoint(c[0], c[2]), f64::midpoint(c[1], c[3])),
        n => {
            let half = (n / 2) as f64;
            let sum = c.chunks_exact(2).fold((0.0, 0.0), |a, p| (a.0 + p[0], a.1 + p[1]));
            (sum.0 / half, sum.1 / half)
        }
    })
}
