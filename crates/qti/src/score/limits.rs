//! Whether responses keep the limits of their interactions.
//!
//! Forms without scripts cannot stop a person at the third tick, and a forged request stops at nothing: whoever
//! takes answers in asks here first. Scoring itself counts what it is given.

use super::responses::{Responses, base_of, parse_in_base, read_in_base};
use crate::declaration::Declaration;
use crate::interaction::{Choice, ChoiceKind, Interaction, InteractionKind};
use crate::item::Item;
use crate::value::{BaseType, Scalar, Value};

/// A limit that a response does not keep.
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    /// The response.
    pub response: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What can be wrong with a response.
#[derive(Debug, Clone, PartialEq)]
pub enum Problem {
    /// Fewer values than asked for: how many are needed. Incomplete, not forged.
    TooFew(usize),
    /// More values than allowed: how many may be given.
    TooMany(usize),
    /// A value that no choice of the interaction has.
    NotAChoice(String),
    /// A choice in more pairs than it may be in: its name and the limit.
    UsedTooOften(String, usize),
    /// A number outside the bounds of a slider.
    OutOfBounds(f64, f64),
    /// A text that is not of the response's type, or not of the form asked for.
    Form(String),
}

/// Every limit that the responses do not keep, in the order of the interactions. A missing answer is no
/// violation unless a least number of choices is asked for.
pub fn violations(item: &Item, responses: &Responses) -> Vec<Violation> {
    let mut out = Vec::new();
    for interaction in item.interactions() {
        let name = interaction.response();
        let Some(declaration) = item.declaration(name) else { continue };
        let texts = responses.0.get(name).map(Vec::as_slice).unwrap_or_default();
        let given: Vec<&String> = texts.iter().filter(|text| !text.trim().is_empty()).collect();
        let base = base_of(interaction);
        let value = read_in_base(declaration, texts, base);
        let mut found = |problem| out.push(Violation { response: name.to_owned(), problem });
        if !matches!(value, Value::Record(_)) {
            for text in &given {
                let base_type = declaration.base_type.unwrap_or(BaseType::String);
                if parse_in_base(base_type, text, base).is_none() {
                    found(Problem::Form((*text).clone()));
                }
            }
        }
        let count = given.len();
        let (least, most) = limits(interaction, declaration);
        if count < least {
            found(Problem::TooFew(least));
        }
        let single = declaration.cardinality == crate::value::Cardinality::Single;
        let most = if single { 1 } else { most };
        if most > 0 && count > most {
            found(Problem::TooMany(most));
        }
        of_choices(interaction, value.scalars(), &mut found);
        if interaction.kind == InteractionKind::Slider
            && let (Some(low), Some(high)) = (interaction.number("lower-bound"), interaction.number("upper-bound"))
            && value.number().is_some_and(|x| x < low || x > high)
        {
            found(Problem::OutOfBounds(low, high));
        }
        if let (Some(mask), Some(text)) = (interaction.element.attribute("pattern-mask"), given.first())
            && super::pattern::compile(mask).is_some_and(|mask| !mask.is_match(text))
        {
            found(Problem::Form((*text).clone()));
        }
    }
    out
}

/// Fewest and most values; 0 for any number.
fn limits(interaction: Interaction<'_>, declaration: &Declaration) -> (usize, usize) {
    use InteractionKind as K;
    match interaction.kind {
        K::Choice | K::Hotspot | K::Hottext | K::SelectPoint | K::PositionObject => {
            (interaction.min_choices(), interaction.most(Some(declaration)))
        }
        // Without limits an order holds every choice (information model, "Order Interaction").
        K::Order | K::GraphicOrder => {
            let all = interaction
                .choices()
                .iter()
                .filter(|choice| choice.element.attribute("template-identifier").is_none())
                .count();
            (interaction.min_choices(), interaction.count("max-choices").filter(|n| *n > 0).unwrap_or(all.max(1)))
        }
        K::Associate | K::Match | K::GraphicAssociate | K::GapMatch | K::GraphicGapMatch => {
            (interaction.min_associations(), interaction.most(Some(declaration)))
        }
        K::ExtendedText => {
            (interaction.count("min-strings").unwrap_or(0), interaction.count("max-strings").unwrap_or(0))
        }
        _ => (0, 0),
    }
}

fn of_choices(interaction: Interaction<'_>, scalars: &[Scalar], found: &mut dyn FnMut(Problem)) {
    let choices = interaction.choices();
    if choices.is_empty() {
        return;
    }
    let mut used: Vec<(&str, usize)> = Vec::new();
    for scalar in scalars {
        let ends: Vec<&str> = match scalar {
            Scalar::Identifier(name) => vec![name],
            Scalar::Pair(a, b) | Scalar::DirectedPair(a, b) => vec![a, b],
            _ => continue,
        };
        for end in ends {
            if !choices.iter().any(|choice| choice.identifier == end) {
                found(Problem::NotAChoice(end.to_owned()));
            }
            match used.iter_mut().find(|(name, _)| *name == end) {
                Some((_, times)) => *times += 1,
                None => used.push((end, 1)),
            }
        }
    }
    for (name, times) in used {
        let Some(choice) = choices.iter().find(|choice| choice.identifier == name) else { continue };
        let most = match choice.kind {
            // What is chosen or put in order is chosen once.
            ChoiceKind::SimpleChoice | ChoiceKind::InlineChoice | ChoiceKind::Hottext | ChoiceKind::HotspotChoice => 1,
            _ => Choice::match_max(choice),
        };
        if most > 0 && times > most {
            found(Problem::UsedTooOften(name.to_owned(), most));
        }
    }
}
