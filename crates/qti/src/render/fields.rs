//! What the form of an item may send, and its reading: the one decoder for pages with and without scripts.
//!
//! A [`FormField`] is made of the body and of the types of responses alone. It holds no key, so it may stay beside the HTML.

use crate::interaction::{ChoiceKind, Interaction, InteractionKind};
use crate::item::Item;
use crate::score::Responses;
use crate::value::{BaseType, Cardinality, parse_float, parse_integer};
use std::collections::BTreeMap;

/// Most values of one response.
const MOST_VALUES: usize = 200;

/// One response of an item as its form sends it.
#[derive(Debug, Clone, PartialEq)]
pub struct FormField {
    /// The response variable.
    pub response: String,
    /// What its values are.
    pub kind: FieldKind,
    /// Fewest values of a complete answer.
    pub least: usize,
    /// Most values.
    pub most: usize,
}

/// Identifiers with how often each may be used; 0 means any number of times.
pub type Uses = Vec<(String, usize)>;

/// What the values of a response are.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    /// Identifiers of choices, each at most once.
    Choices(Vec<String>),
    /// Two identifiers: from one set in any order, or from two sets.
    Pairs {
        /// What may stand first (and second, when `second` is none).
        first: Uses,
        /// What may stand second.
        second: Option<Uses>,
    },
    /// Two coordinates.
    Points,
    /// A number within bounds.
    Number {
        /// Lowest, when there is one.
        low: Option<f64>,
        /// Highest, when there is one.
        high: Option<f64>,
        /// Whether it is whole.
        whole: bool,
    },
    /// Text.
    Text,
    /// A file; the media types it may have (`image/png`, `image/*`), all when there are none.
    File(Vec<String>),
    /// `true`: a button was pressed.
    Pressed,
    /// What a portable custom interaction says.
    Free,
}

/// Why an answer cannot be taken as it is. The pupil can mend all but [`Problem::Unknown`], which no honest form sends.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Problem {
    /// More values than allowed.
    #[error("{response} has {found} values, at most {most} are allowed")]
    TooMany {
        /// The response.
        response: String,
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// Fewer values than a complete answer has.
    #[error("{response} has {found} values, at least {least} are needed")]
    TooFew {
        /// The response.
        response: String,
        /// How many there are.
        found: usize,
        /// How many there must be.
        least: usize,
    },
    /// A choice was used more often than allowed.
    #[error("{choice} of {response} was used more than {most} times")]
    TooOften {
        /// The response.
        response: String,
        /// The choice.
        choice: String,
        /// How often it may be used.
        most: usize,
    },
    /// The text is not a number.
    #[error("{response} is not a number: {text}")]
    NotANumber {
        /// The response.
        response: String,
        /// What was written.
        text: String,
    },
    /// The number is not within its bounds.
    #[error("{response} is out of range: {text}")]
    OutOfRange {
        /// The response.
        response: String,
        /// What was written.
        text: String,
    },
    /// A value that the item does not offer.
    #[error("{response} cannot be {text}")]
    Unknown {
        /// The response.
        response: String,
        /// What was sent.
        text: String,
    },
}

/// What the form of an item may send, one entry per response, in document order.
#[must_use]
pub fn fields(item: &Item) -> Vec<FormField> {
    let mut out: Vec<FormField> = Vec::new();
    for interaction in item.interactions() {
        let field = field(item, interaction);
        match out.iter_mut().find(|known| known.response == field.response) {
            None => out.push(field),
            // Two interactions for one response: what either offers.
            Some(known) => known.join(field),
        }
    }
    out
}

fn field(item: &Item, interaction: Interaction<'_>) -> FormField {
    use InteractionKind as K;
    let declaration = item.declaration(interaction.response());
    let single = declaration.is_some_and(|declaration| declaration.cardinality == Cardinality::Single);
    let base = declaration.and_then(|declaration| declaration.base_type);
    let limit = |most: usize| match most {
        _ if single => 1,
        0 => MOST_VALUES,
        most => most.min(MOST_VALUES),
    };
    let names = |kind: ChoiceKind| -> Vec<String> {
        interaction.choices_of(kind).iter().map(|choice| choice.identifier.to_owned()).collect()
    };
    let number = |low, high| FieldKind::Number { low, high, whole: base == Some(BaseType::Integer) };
    let (least, most) = (interaction.min_choices(), limit(interaction.most(declaration)));
    let (kind, least, most) = match interaction.kind {
        K::Choice => (FieldKind::Choices(names(ChoiceKind::SimpleChoice)), least, most),
        K::Hottext => (FieldKind::Choices(names(ChoiceKind::Hottext)), least, most),
        K::Hotspot => (FieldKind::Choices(names(ChoiceKind::HotspotChoice)), least, most),
        K::InlineChoice => (FieldKind::Choices(names(ChoiceKind::InlineChoice)), 0, 1),
        K::Order => order(interaction, names(ChoiceKind::SimpleChoice)),
        K::GraphicOrder => order(interaction, names(ChoiceKind::HotspotChoice)),
        K::Associate | K::GraphicAssociate | K::Match | K::GapMatch | K::GraphicGapMatch => {
            (pairs(interaction), interaction.min_associations(), most)
        }
        K::SelectPoint | K::PositionObject => (FieldKind::Points, least, most),
        K::Slider => (number(interaction.number("lower-bound"), interaction.number("upper-bound")), 0, 1),
        // In other bases than ten letters are digits too; whether they are is seen when the answer is read.
        K::TextEntry if base.is_some_and(BaseType::is_numeric) && crate::score::base_of(interaction) == 10 => {
            (number(None, None), 0, 1)
        }
        K::TextEntry => (FieldKind::Text, 0, 1),
        K::ExtendedText => {
            let strings = interaction.count("max-strings").unwrap_or(if single { 1 } else { 3 }).clamp(1, 50);
            (FieldKind::Text, interaction.count("min-strings").unwrap_or(0), limit(strings))
        }
        K::Drawing => (FieldKind::File(types(interaction, "image/*")), 0, 1),
        K::Upload => (FieldKind::File(types(interaction, "")), 0, 1),
        K::Media => (FieldKind::Number { low: Some(0.0), high: None, whole: true }, 0, 1),
        K::EndAttempt => (FieldKind::Pressed, 0, 1),
        K::Custom | K::PortableCustom => (FieldKind::Free, 0, limit(0)),
    };
    FormField { response: interaction.response().to_owned(), kind, least, most: most.max(1) }
}

/// Without limits of its own an order is complete when everything has its place (information model, "Order Interaction").
fn order(interaction: Interaction<'_>, names: Vec<String>) -> (FieldKind, usize, usize) {
    let all = names.len();
    let limit = |name: &str| interaction.count(name).filter(|n| *n > 0);
    let (least, most) = (limit("min-choices"), limit("max-choices"));
    let needed = least.unwrap_or(if most.is_some() { 1 } else { all });
    (FieldKind::Choices(names), needed.min(all), most.unwrap_or(all).min(all))
}

fn pairs(interaction: Interaction<'_>) -> FieldKind {
    use ChoiceKind as C;
    use InteractionKind as K;
    let uses = |choices: &[crate::interaction::Choice<'_>]| -> Uses {
        choices.iter().map(|choice| (choice.identifier.to_owned(), choice.match_max())).collect()
    };
    let of = |kinds: &[ChoiceKind]| -> Uses {
        let choices: Vec<_> = interaction.choices().into_iter().filter(|c| kinds.contains(&c.kind)).collect();
        uses(&choices)
    };
    match interaction.kind {
        K::Match => {
            let sets = interaction.match_sets();
            let set = |index: usize| sets.get(index).map(|set| uses(set)).unwrap_or_default();
            FieldKind::Pairs { first: set(0), second: Some(set(1)) }
        }
        K::GapMatch => {
            let gaps = of(&[C::Gap]).into_iter().map(|(gap, _)| (gap, 1)).collect();
            FieldKind::Pairs { first: of(&[C::GapText, C::GapImg]), second: Some(gaps) }
        }
        K::GraphicGapMatch => {
            FieldKind::Pairs { first: of(&[C::GapText, C::GapImg]), second: Some(of(&[C::AssociableHotspot])) }
        }
        _ => FieldKind::Pairs { first: of(&[C::SimpleAssociableChoice, C::AssociableHotspot]), second: None },
    }
}

fn types(interaction: Interaction<'_>, default: &str) -> Vec<String> {
    let stated = interaction.element.attribute("type").unwrap_or(default);
    stated.split([' ', ',']).filter(|kind| !kind.is_empty()).map(str::to_ascii_lowercase).collect()
}

impl FormField {
    fn join(&mut self, other: Self) {
        match (&mut self.kind, other.kind) {
            (FieldKind::Choices(known), FieldKind::Choices(more)) => known.extend(more),
            (known, more) if *known == more => {}
            (known, _) => *known = FieldKind::Free,
        }
        self.least = self.least.max(other.least);
        self.most = (self.most + other.most).min(MOST_VALUES);
    }

    /// Whether a media type may be sent.
    #[must_use]
    pub fn takes(&self, media_type: &str) -> bool {
        let FieldKind::File(allowed) = &self.kind else { return false };
        let group = media_type.split('/').next().unwrap_or("");
        allowed.is_empty()
            || allowed.iter().any(|kind| kind == media_type || kind.strip_suffix("/*").is_some_and(|g| g == group))
    }

    fn check(&self, values: &[String], complete: bool) -> Result<(), Problem> {
        let response = || self.response.clone();
        if values.len() > self.most {
            return Err(Problem::TooMany { response: response(), found: values.len(), most: self.most });
        }
        for text in values {
            self.check_value(text)?;
        }
        self.check_uses(values)?;
        if complete && !values.is_empty() && values.len() < self.least {
            return Err(Problem::TooFew { response: response(), found: values.len(), least: self.least });
        }
        Ok(())
    }

    fn check_value(&self, text: &str) -> Result<(), Problem> {
        let (response, value) = (self.response.clone(), text.to_owned());
        let unknown = Problem::Unknown { response: response.clone(), text: value.clone() };
        let known = |uses: &Uses, name: &str| uses.iter().any(|(known, _)| known == name);
        let fine = match &self.kind {
            FieldKind::Choices(allowed) => allowed.iter().any(|name| name == text.trim()),
            FieldKind::Pairs { first, second } => {
                two(text).is_some_and(|(a, b)| known(first, a) && known(second.as_ref().unwrap_or(first), b))
            }
            FieldKind::Points => two(text).is_some_and(|(x, y)| parse_float(x).is_some() && parse_float(y).is_some()),
            FieldKind::Number { low, high, whole } => {
                let number =
                    if *whole { parse_integer(text.trim()).map(|n| n as f64) } else { parse_float(text.trim()) };
                let Some(number) = number else { return Err(Problem::NotANumber { response, text: value }) };
                if low.is_some_and(|low| number < low) || high.is_some_and(|high| number > high) {
                    return Err(Problem::OutOfRange { response, text: value });
                }
                true
            }
            FieldKind::Pressed => matches!(text.trim(), "true" | "false"),
            // Files come beside the form, never as text in it.
            FieldKind::File(_) => false,
            FieldKind::Text | FieldKind::Free => true,
        };
        if fine { Ok(()) } else { Err(unknown) }
    }

    /// How often each choice was used.
    fn check_uses(&self, values: &[String]) -> Result<(), Problem> {
        let too_often = |counts: BTreeMap<&str, usize>, most: &dyn Fn(&str) -> usize| {
            let over = counts.into_iter().find(|(name, count)| most(name) > 0 && *count > most(name));
            over.map_or(Ok(()), |(name, _)| {
                Err(Problem::TooOften { response: self.response.clone(), choice: name.to_owned(), most: most(name) })
            })
        };
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        match &self.kind {
            FieldKind::Choices(_) => {
                for value in values {
                    *counts.entry(value.trim()).or_default() += 1;
                }
                too_often(counts, &|_| 1)
            }
            FieldKind::Pairs { first, second } => {
                let most =
                    |uses: &Uses, name: &str| uses.iter().find(|(known, _)| known == name).map_or(0, |use_| use_.1);
                let mut others: BTreeMap<&str, usize> = BTreeMap::new();
                for (a, b) in values.iter().filter_map(|value| two(value)) {
                    *counts.entry(a).or_default() += 1;
                    *if second.is_some() { &mut others } else { &mut counts }.entry(b).or_default() += 1;
                }
                too_often(counts, &|name| most(first, name))?;
                too_often(others, &|name| second.as_ref().map_or(0, |second| most(second, name)))
            }
            _ => Ok(()),
        }
    }
}

fn two(text: &str) -> Option<(&str, &str)> {
    let mut words = text.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(a), Some(b), None) => Some((a, b)),
        _ => None,
    }
}

/// Reads what a form sent (name and value, in order) into the responses of its item. `complete` asks for the least number
/// of values; when the time is up, what there is counts.
///
/// Responses without a value are left out, so that the same answer always reads the same.
///
/// # Errors
/// The first [`Problem`] in the order of the item.
pub fn read_form<'a>(
    fields: &[FormField],
    sent: impl IntoIterator<Item = (&'a str, &'a str)>,
    complete: bool,
) -> Result<Responses, Problem> {
    let mut responses = Responses::from_form(sent);
    for texts in responses.0.values_mut() {
        texts.retain(|text| !text.trim().is_empty());
    }
    responses.0.retain(|_, texts| !texts.is_empty());
    for name in responses.0.keys() {
        if !fields.iter().any(|field| field.response == *name) {
            return Err(Problem::Unknown { response: name.clone(), text: String::new() });
        }
    }
    for field in fields {
        if let Some(values) = responses.0.get(&field.response) {
            field.check(values, complete)?;
        }
    }
    Ok(responses)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(body: &str, declarations: &str) -> Item {
        crate::parse_item(&format!(
            "<qti-assessment-item xmlns=\"http://www.imsglobal.org/xsd/imsqtiasi_v3p0\" identifier=\"i\" title=\"t\" \
             adaptive=\"false\" time-dependent=\"false\">{declarations}<qti-item-body>{body}</qti-item-body>\
             </qti-assessment-item>"
        ))
        .expect("an item")
    }

    fn declared(cardinality: &str, base: &str) -> String {
        format!("<qti-response-declaration identifier=\"R\" cardinality=\"{cardinality}\" base-type=\"{base}\"/>")
    }

    fn read(item: &Item, sent: &[(&str, &str)]) -> Result<Vec<String>, Problem> {
        let responses = read_form(&fields(item), sent.iter().copied(), true)?;
        Ok(responses.0.get("R").cloned().unwrap_or_default())
    }

    const CHOICES: &str = "<qti-simple-choice identifier=\"A\">a</qti-simple-choice>\
                           <qti-simple-choice identifier=\"B\">b</qti-simple-choice>\
                           <qti-simple-choice identifier=\"C\">c</qti-simple-choice>";

    #[test]
    fn choices_are_counted_and_known() {
        let body = format!(
            "<qti-choice-interaction response-identifier=\"R\" min-choices=\"2\" max-choices=\"2\">{CHOICES}\
             </qti-choice-interaction>"
        );
        let item = item(&body, &declared("multiple", "identifier"));
        assert_eq!(read(&item, &[("R", "A"), ("R", "C")]), Ok(vec!["A".to_owned(), "C".to_owned()]));
        assert!(matches!(read(&item, &[("R", "A")]), Err(Problem::TooFew { found: 1, least: 2, .. })));
        assert!(read_form(&fields(&item), [("R", "A")], false).is_ok(), "when the time is up");
        assert!(matches!(read(&item, &[("R", "A"), ("R", "B"), ("R", "C")]), Err(Problem::TooMany { most: 2, .. })));
        assert!(matches!(read(&item, &[("R", "D")]), Err(Problem::Unknown { .. })));
        assert!(matches!(read(&item, &[("S", "A")]), Err(Problem::Unknown { .. })));
        assert!(matches!(read(&item, &[("R", "A"), ("R", "A")]), Err(Problem::TooOften { .. })));
        assert_eq!(read(&item, &[]), Ok(vec![]));
    }

    #[test]
    fn an_order_is_complete_and_without_repetition() {
        let body = format!("<qti-order-interaction response-identifier=\"R\">{CHOICES}</qti-order-interaction>");
        let item = item(&body, &declared("ordered", "identifier"));
        let order = read(&item, &[("R:3", "A"), ("R:1", "B"), ("R:2", "C")]).expect("an order");
        assert_eq!(order, ["B", "C", "A"]);
        assert!(matches!(read(&item, &[("R:1", "A"), ("R:2", "B")]), Err(Problem::TooFew { least: 3, .. })));
        assert!(matches!(
            read(&item, &[("R:1", "A"), ("R:2", "A"), ("R:3", "B")]),
            Err(Problem::TooOften { most: 1, .. })
        ));
    }

    #[test]
    fn pairs_keep_to_their_sets_and_uses() {
        let body = "<qti-gap-match-interaction response-identifier=\"R\">\
                    <qti-gap-text identifier=\"W\" match-max=\"1\">w</qti-gap-text>\
                    <qti-gap-text identifier=\"S\" match-max=\"0\">s</qti-gap-text>\
                    <p><qti-gap identifier=\"G\"/><qti-gap identifier=\"H\"/></p></qti-gap-match-interaction>";
        let item = item(body, &declared("multiple", "directedPair"));
        assert_eq!(read(&item, &[("R", "S G"), ("R", "S H"), ("R", "")]).expect("pairs").len(), 2);
        assert!(matches!(read(&item, &[("R", "W G"), ("R", "W H")]), Err(Problem::TooOften { .. })));
        assert!(matches!(read(&item, &[("R", "W G"), ("R", "S G")]), Err(Problem::TooOften { .. })));
        assert!(matches!(read(&item, &[("R", "G W")]), Err(Problem::Unknown { .. })));
    }

    #[test]
    fn numbers_stay_within_their_bounds() {
        let body = "<qti-slider-interaction response-identifier=\"R\" lower-bound=\"0\" upper-bound=\"10\"/>";
        let item = item(body, &declared("single", "integer"));
        assert_eq!(read(&item, &[("R", "7")]), Ok(vec!["7".to_owned()]));
        assert!(matches!(read(&item, &[("R", "11")]), Err(Problem::OutOfRange { .. })));
        assert!(matches!(read(&item, &[("R", "seven")]), Err(Problem::NotANumber { .. })));
    }

    #[test]
    fn a_file_is_never_text_and_has_its_types() {
        let body = "<qti-upload-interaction response-identifier=\"R\" type=\"application/pdf image/*\"/>";
        let item = item(body, &declared("single", "file"));
        assert!(matches!(read(&item, &[("R", "sha256:00")]), Err(Problem::Unknown { .. })));
        let field = &fields(&item)[0];
        assert!(field.takes("application/pdf") && field.takes("image/png") && !field.takes("text/plain"));
    }
}
