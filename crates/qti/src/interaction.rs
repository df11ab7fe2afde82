//! Typed views of the interactions in an item body. The body stays a tree, so that nothing in it is lost;
//! a view reads the attributes of an interaction by the meaning the specification gives them.

use crate::declaration::Declaration;
use crate::expression::{Area, names};
use crate::value::{BaseType, Cardinality};
use crate::xml::Element;

/// Interaction types of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of the specification")]
pub enum InteractionKind {
    Associate,
    Choice,
    Custom,
    Drawing,
    EndAttempt,
    ExtendedText,
    GapMatch,
    GraphicAssociate,
    GraphicGapMatch,
    GraphicOrder,
    Hotspot,
    Hottext,
    InlineChoice,
    Match,
    Media,
    Order,
    PortableCustom,
    PositionObject,
    SelectPoint,
    Slider,
    TextEntry,
    Upload,
}
names!(InteractionKind,
    Associate => "qti-associate-interaction",
    Choice => "qti-choice-interaction",
    Custom => "qti-custom-interaction",
    Drawing => "qti-drawing-interaction",
    EndAttempt => "qti-end-attempt-interaction",
    ExtendedText => "qti-extended-text-interaction",
    GapMatch => "qti-gap-match-interaction",
    GraphicAssociate => "qti-graphic-associate-interaction",
    GraphicGapMatch => "qti-graphic-gap-match-interaction",
    GraphicOrder => "qti-graphic-order-interaction",
    Hotspot => "qti-hotspot-interaction",
    Hottext => "qti-hottext-interaction",
    InlineChoice => "qti-inline-choice-interaction",
    Match => "qti-match-interaction",
    Media => "qti-media-interaction",
    Order => "qti-order-interaction",
    PortableCustom => "qti-portable-custom-interaction",
    PositionObject => "qti-position-object-interaction",
    SelectPoint => "qti-select-point-interaction",
    Slider => "qti-slider-interaction",
    TextEntry => "qti-text-entry-interaction",
    Upload => "qti-upload-interaction");

/// What a choice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the specification")]
pub enum ChoiceKind {
    SimpleChoice,
    InlineChoice,
    SimpleAssociableChoice,
    GapText,
    GapImg,
    Gap,
    Hottext,
    HotspotChoice,
    AssociableHotspot,
}
names!(ChoiceKind,
    SimpleChoice => "qti-simple-choice",
    InlineChoice => "qti-inline-choice",
    SimpleAssociableChoice => "qti-simple-associable-choice",
    GapText => "qti-gap-text",
    GapImg => "qti-gap-img",
    Gap => "qti-gap",
    Hottext => "qti-hottext",
    HotspotChoice => "qti-hotspot-choice",
    AssociableHotspot => "qti-associable-hotspot");

/// One interaction of a body.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interaction<'a> {
    /// What kind.
    pub kind: InteractionKind,
    /// The element it was read from.
    pub element: &'a Element,
}

/// One thing that can be chosen, moved or filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice<'a> {
    /// What kind.
    pub kind: ChoiceKind,
    /// The response variable of its interaction.
    pub response: &'a str,
    /// Its name.
    pub identifier: &'a str,
    /// The element it was read from.
    pub element: &'a Element,
}

impl<'a> Interaction<'a> {
    /// The view of an element, when it is an interaction.
    #[must_use]
    pub fn of(element: &'a Element) -> Option<Self> {
        InteractionKind::from_name(&element.name).map(|kind| Self { kind, element })
    }

    /// The response variable it fills; empty when the attribute is missing (the checks report that).
    #[must_use]
    pub fn response(&self) -> &'a str {
        self.element.attribute("response-identifier").unwrap_or("")
    }

    /// An attribute as a whole number; templates may put a variable's name there, which reads as `None`.
    #[must_use]
    pub fn count(&self, name: &str) -> Option<usize> {
        self.element.attribute(name).and_then(|text| text.trim().parse().ok())
    }

    /// Most values that may be given; 0 means any number. The defaults of the specification are 1, also where the item
    /// itself says that more are right: there nobody meant a limit, and the key could never be given.
    #[must_use]
    pub fn most(&self, declaration: Option<&Declaration>) -> usize {
        use InteractionKind as K;
        let (name, most) = match self.kind {
            K::Associate | K::Match | K::GraphicAssociate => ("max-associations", self.max_associations()),
            // Gaps hold one thing each; together they have no limit of their own.
            K::GapMatch | K::GraphicGapMatch => ("max-associations", self.limit("max-associations", 0)),
            _ => ("max-choices", self.max_choices()),
        };
        let stated = self.element.attribute(name).is_some();
        let right = declaration.map_or(0, |declaration| {
            let pairs = matches!(declaration.base_type, Some(BaseType::Pair | BaseType::DirectedPair));
            let mapped = declaration.mapping.iter().filter(|_| pairs).flat_map(|mapping| &mapping.entries);
            let mapped = mapped.filter(|entry| entry.value > 0.0).count();
            declaration.correct_response.as_ref().map_or(0, |key| key.values.len()).max(mapped)
        });
        let single = declaration.is_some_and(|declaration| declaration.cardinality == Cardinality::Single);
        if !stated && !single && most > 0 && right > most { 0 } else { most }
    }

    /// A highest number: a template variable in its place may stand for any, so it is no limit.
    fn limit(&self, name: &str, default: usize) -> usize {
        self.element.attribute(name).map_or(default, |text| text.trim().parse().unwrap_or(0))
    }

    /// An attribute as a number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<f64> {
        self.element.attribute(name).and_then(|text| crate::value::parse_float(text.trim()))
    }

    /// An attribute as a boolean.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        is_true(self.element, name)
    }

    /// Whether choices are shown in a drawn order.
    #[must_use]
    pub fn shuffle(&self) -> bool {
        self.flag("shuffle")
    }

    /// Most choices that may be made; 0 means any number. The default depends on the kind.
    #[must_use]
    pub fn max_choices(&self) -> usize {
        let default = match self.kind {
            InteractionKind::Choice
            | InteractionKind::Hotspot
            | InteractionKind::Hottext
            | InteractionKind::SelectPoint
            | InteractionKind::PositionObject => 1,
            _ => 0,
        };
        self.limit("max-choices", default)
    }

    /// Fewest choices for a complete answer.
    #[must_use]
    pub fn min_choices(&self) -> usize {
        self.count("min-choices").unwrap_or(0)
    }

    /// Most pairs that may be made; 0 means any number.
    #[must_use]
    pub fn max_associations(&self) -> usize {
        self.limit("max-associations", 1)
    }

    /// Fewest pairs for a complete answer.
    #[must_use]
    pub fn min_associations(&self) -> usize {
        self.count("min-associations").unwrap_or(0)
    }

    /// The prompt, when there is one.
    #[must_use]
    pub fn prompt(&self) -> Option<&'a Element> {
        self.element.child("qti-prompt")
    }

    /// The choices inside, in document order.
    #[must_use]
    pub fn choices(&self) -> Vec<Choice<'a>> {
        let mut out = Vec::new();
        collect(self.element, self.response(), &mut out);
        out
    }

    /// The choices of one kind, in document order.
    #[must_use]
    pub fn choices_of(&self, kind: ChoiceKind) -> Vec<Choice<'a>> {
        self.choices().into_iter().filter(|choice| choice.kind == kind).collect()
    }

    /// The match sets of a match interaction.
    #[must_use]
    pub fn match_sets(&self) -> Vec<Vec<Choice<'a>>> {
        self.element
            .elements()
            .filter(|child| child.name == "qti-simple-match-set")
            .map(|set| {
                let mut out = Vec::new();
                collect(set, self.response(), &mut out);
                out
            })
            .collect()
    }

    /// The picture, sound or film: an `object`, `img`, `picture`, `audio` or `video`.
    #[must_use]
    pub fn media(&self) -> Option<&'a Element> {
        self.element
            .elements()
            .find(|child| matches!(child.name.as_str(), "object" | "img" | "picture" | "audio" | "video"))
    }

    /// Cardinalities and base types the specification allows for the response of this kind.
    #[must_use]
    pub fn allowed(&self) -> (&'static [Cardinality], &'static [BaseType]) {
        use BaseType as B;
        use Cardinality as C;
        use InteractionKind as K;
        match self.kind {
            K::Choice | K::Hotspot | K::Hottext => (&[C::Single, C::Multiple], &[B::Identifier]),
            K::InlineChoice => (&[C::Single], &[B::Identifier]),
            K::Order | K::GraphicOrder => (&[C::Ordered], &[B::Identifier]),
            K::Associate | K::GraphicAssociate => (&[C::Single, C::Multiple], &[B::Pair]),
            K::Match | K::GapMatch | K::GraphicGapMatch => (&[C::Single, C::Multiple], &[B::DirectedPair]),
            K::TextEntry => (&[C::Single, C::Record], &[B::String, B::Integer, B::Float, B::Identifier]),
            K::ExtendedText => (&[C::Single, C::Multiple, C::Ordered, C::Record], &[B::String, B::Integer, B::Float]),
            K::SelectPoint | K::PositionObject => (&[C::Single, C::Multiple], &[B::Point]),
            K::Slider => (&[C::Single], &[B::Integer, B::Float]),
            K::Drawing | K::Upload => (&[C::Single], &[B::File]),
            K::Media => (&[C::Single], &[B::Integer]),
            K::EndAttempt => (&[C::Single], &[B::Boolean]),
            K::Custom | K::PortableCustom => (&[C::Single, C::Multiple, C::Ordered, C::Record], &B::ALL),
        }
    }
}

/// Whether an attribute says yes; capitals do not matter.
fn is_true(element: &Element, name: &str) -> bool {
    element.attribute(name).is_some_and(|text| matches!(text.trim().to_ascii_lowercase().as_str(), "true" | "1"))
}

fn collect<'a>(element: &'a Element, response: &'a str, out: &mut Vec<Choice<'a>>) {
    for child in element.elements() {
        if let Some(kind) = ChoiceKind::from_name(&child.name) {
            out.push(Choice {
                kind,
                response,
                identifier: child.attribute("identifier").unwrap_or(""),
                element: child,
            });
        }
        collect(child, response, out);
    }
}

impl Choice<'_> {
    /// The text without markup, white space folded.
    #[must_use]
    pub fn text(&self) -> String {
        self.element.text().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether it keeps its place when choices are shuffled.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        is_true(self.element, "fixed")
    }

    /// How many pairs it may be in; 0 means any number.
    #[must_use]
    pub fn match_max(&self) -> usize {
        self.element.attribute("match-max").and_then(|text| text.trim().parse().ok()).unwrap_or(1)
    }

    /// Whether it and another may be a pair: each by its `match-group`, which names those it may be paired with.
    /// A group that names none of the choices there are says nothing.
    #[must_use]
    pub fn may_pair(&self, other: &Choice<'_>, all: &[Choice<'_>]) -> bool {
        let allows = |one: &Choice<'_>, two: &Choice<'_>| {
            let mut group = one.element.attribute("match-group").unwrap_or("").split_whitespace().peekable();
            group.peek().is_none()
                || group.clone().any(|name| name == two.identifier)
                || !group.any(|name| all.iter().any(|choice| choice.identifier == name))
        };
        allows(self, other) && allows(other, self)
    }

    /// The area of a hotspot.
    #[must_use]
    pub fn area(&self) -> Option<Area> {
        let shape = crate::expression::Shape::from_name(self.element.attribute("shape")?)?;
        Some(Area { shape, coords: self.element.attribute("coords").unwrap_or("").to_owned() })
    }
}
