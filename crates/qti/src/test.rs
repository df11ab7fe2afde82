//! Tests: parts, sections, references to items, and how they are given.
//!
//! ```
//! let test = qti::test::parse_test(r#"<qti-assessment-test identifier="t" title="Test">
//!   <qti-test-part identifier="p" navigation-mode="linear" submission-mode="individual">
//!     <qti-assessment-section identifier="s" title="S" visible="true">
//!       <qti-assessment-item-ref identifier="q1" href="q1.xml"/>
//!     </qti-assessment-section>
//!   </qti-test-part></qti-assessment-test>"#)?;
//! assert_eq!(test.item_refs()[0].href, "q1.xml");
//! assert_eq!(qti::test::parse_test(&qti::test::print_test(&test))?, test);
//! # Ok::<(), qti::ParseError>(())
//! ```

mod check;
mod plan;
mod read;
mod session;
mod variables;
mod way;

pub use check::check;
pub use plan::{Planned, plan};
pub use read::{parse_section, parse_test, print_test};
pub(crate) use read::{print_tree, read_section, read_test};
pub use session::{Bar, ItemState, TestSession};

use crate::declaration::Declaration;
use crate::expression::{Expression, names};
use crate::item::Source;
use crate::processing::Rule;
use crate::xml::{Attribute, Element, Line};

/// How a person moves through a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Navigation {
    /// One item after the other, never back.
    Linear,
    /// Freely.
    Nonlinear,
}
names!(Navigation, Linear => "linear", Nonlinear => "nonlinear");

/// When the answers of a part are scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submission {
    /// Each item by itself.
    Individual,
    /// All at the end of the part.
    Simultaneous,
}
names!(Submission, Individual => "individual", Simultaneous => "simultaneous");

/// A test.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Its name.
    pub identifier: String,
    /// Its title.
    pub title: String,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
    /// Outcome (and context) declarations.
    pub declarations: Vec<Declaration>,
    /// Time for the whole.
    pub time_limits: Option<TimeLimits>,
    /// Stylesheets and rubrics of the whole, kept in order.
    pub before_parts: Vec<Element>,
    /// Its parts.
    pub parts: Vec<TestPart>,
    /// How outcomes of items become those of the test.
    pub outcome_processing: Option<Vec<Rule>>,
    /// Feedback on the whole.
    pub feedbacks: Vec<Element>,
    /// Anything else, kept verbatim.
    pub unknown: Vec<Element>,
    /// Version it was written in.
    pub source: Source,
    /// Where it began.
    pub line: Line,
}

/// A part of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct TestPart {
    /// Its name.
    pub identifier: String,
    /// How one moves in it.
    pub navigation: Navigation,
    /// When it is scored.
    pub submission: Submission,
    /// What every part of a test may have.
    pub common: Common,
    /// Texts shown with the part, in order.
    pub rubrics: Vec<Element>,
    /// Sections, in order.
    pub members: Vec<Member>,
    /// Feedback on the part.
    pub feedbacks: Vec<Element>,
}

/// What parts, sections and item references share.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Common {
    /// All must be true for it to be given.
    pub pre_conditions: Vec<PreCondition>,
    /// Where to go after it; the first whose condition is true counts.
    pub branch_rules: Vec<BranchRule>,
    /// What one may do with the items in it.
    pub control: SessionControl,
    /// Time for it.
    pub time_limits: Option<TimeLimits>,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
    /// Other children, kept verbatim.
    pub unknown: Vec<Element>,
    /// Where it began.
    pub line: Line,
}

/// A condition on being given at all.
#[derive(Debug, Clone, PartialEq)]
pub struct PreCondition {
    /// What must be true.
    pub condition: Expression,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
}

/// Where to go after something.
#[derive(Debug, Clone, PartialEq)]
pub struct BranchRule {
    /// An identifier of the test, or `EXIT_TEST`, `EXIT_TESTPART`, `EXIT_SECTION`.
    pub target: String,
    /// When to go there.
    pub condition: Expression,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
}

/// Something in a section.
#[derive(Debug, Clone, PartialEq)]
pub enum Member {
    /// A section.
    Section(Box<Section>),
    /// An item.
    Item(Box<ItemRef>),
    /// A section in a file of its own; [`crate::follow::test`] puts the section in its place.
    Reference(Box<SectionRef>),
}

/// A reference to a section in a file of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct SectionRef {
    /// Its name in this test.
    pub identifier: String,
    /// Its file, which holds one section and nothing else.
    pub href: String,
    /// Whether selection must take it.
    pub required: bool,
    /// Whether ordering leaves it in its place.
    pub fixed: bool,
    /// What every part of a test may have (2.x; in 3.0 the section itself says it).
    pub common: Common,
}

/// A section.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "the specification's attributes")]
pub struct Section {
    /// Its name.
    pub identifier: String,
    /// Its title.
    pub title: String,
    /// Whether people see it as a unit.
    pub visible: bool,
    /// Whether an invisible section stays together when its parent is shuffled.
    pub keep_together: bool,
    /// Whether selection must take it.
    pub required: bool,
    /// Whether ordering leaves it in its place.
    pub fixed: bool,
    /// How many members to take, and whether one may come again.
    pub selection: Option<Selection>,
    /// How members are ordered; `None` without an ordering element.
    pub ordering: Option<Ordering>,
    /// Selection by an engine outside the test; then the other two do not count.
    pub adaptive: Option<Adaptive>,
    /// Texts shown with the section, in order.
    pub rubrics: Vec<Element>,
    /// Its members.
    pub members: Vec<Member>,
    /// What every part of a test may have.
    pub common: Common,
}

/// Drawing of members.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// How many.
    pub select: usize,
    /// Whether one may come again.
    pub with_replacement: bool,
    /// Other attributes and children, kept verbatim.
    pub extra: Vec<Attribute>,
    /// Other children, kept verbatim.
    pub unknown: Vec<Element>,
}

/// Ordering of members.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ordering {
    /// Whether they come in a drawn order.
    pub shuffle: bool,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
    /// Other children, kept verbatim.
    pub unknown: Vec<Element>,
}

/// Selection by an engine outside the test (computer adaptive sections).
///
/// Kept and checked; a session of a test with such a section is refused by name, because what the engine would choose
/// is not in the test.
#[derive(Debug, Clone, PartialEq)]
pub struct Adaptive {
    /// The engine.
    pub engine: Resource,
    /// Its settings.
    pub settings: Option<Resource>,
    /// What is known of the items.
    pub usage_data: Option<Resource>,
    /// Metadata of the items.
    pub metadata: Option<Resource>,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
    /// Other children, kept verbatim.
    pub unknown: Vec<Element>,
    /// Where it began.
    pub line: Line,
}

/// A file or service that an adaptive section names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its name.
    pub identifier: String,
    /// Its address.
    pub href: String,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
}

/// The weight of an item under a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Weight {
    /// Its name.
    pub identifier: String,
    /// What points are multiplied by.
    pub value: f64,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
}

/// Another name for a variable of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableMapping {
    /// Its name in the item.
    pub source: String,
    /// Its name in the test.
    pub target: String,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
}

/// A value for a template variable of an item.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateDefault {
    /// The template variable.
    pub identifier: String,
    /// Its value.
    pub value: Expression,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
}

/// A reference to an item.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemRef {
    /// Its name in this test.
    pub identifier: String,
    /// Its file.
    pub href: String,
    /// Categories, for counting.
    pub categories: Vec<String>,
    /// Whether selection must take it.
    pub required: bool,
    /// Whether ordering leaves it in its place.
    pub fixed: bool,
    /// Weights by name.
    pub weights: Vec<Weight>,
    /// Names of the item's variables in this test.
    pub variable_mappings: Vec<VariableMapping>,
    /// Values of its template variables.
    pub template_defaults: Vec<TemplateDefault>,
    /// What every part of a test may have.
    pub common: Common,
}

/// What one may do with an item; `None` means what the surrounding part says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SessionControl {
    /// Whether the element is there at all.
    pub present: bool,
    /// Most attempts; 0 for any number. 1 where nothing is said.
    pub max_attempts: Option<i64>,
    /// Whether feedback is shown after attempts.
    pub show_feedback: Option<bool>,
    /// Whether one may look again. True where nothing is said.
    pub allow_review: Option<bool>,
    /// Whether the key may be shown.
    pub show_solution: Option<bool>,
    /// Whether one may comment.
    pub allow_comment: Option<bool>,
    /// Whether an item may be left without an answer. True where nothing is said.
    pub allow_skipping: Option<bool>,
    /// Whether an answer must keep its interaction's limits.
    pub validate_responses: Option<bool>,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
}

impl SessionControl {
    /// This control with gaps filled from the surrounding part.
    #[must_use]
    pub fn within(&self, outer: &Self) -> Self {
        Self {
            present: self.present || outer.present,
            max_attempts: self.max_attempts.or(outer.max_attempts),
            show_feedback: self.show_feedback.or(outer.show_feedback),
            allow_review: self.allow_review.or(outer.allow_review),
            show_solution: self.show_solution.or(outer.show_solution),
            allow_comment: self.allow_comment.or(outer.allow_comment),
            allow_skipping: self.allow_skipping.or(outer.allow_skipping),
            validate_responses: self.validate_responses.or(outer.validate_responses),
            extra: Vec::new(),
        }
    }
}

/// Time limits in seconds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TimeLimits {
    /// At least.
    pub min: Option<f64>,
    /// At most.
    pub max: Option<f64>,
    /// Whether answers after the limit count.
    pub allow_late: Option<bool>,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
}

impl Test {
    /// All references to items, in the order of the file.
    #[must_use]
    pub fn item_refs(&self) -> Vec<&ItemRef> {
        fn collect<'a>(members: &'a [Member], out: &mut Vec<&'a ItemRef>) {
            for member in members {
                match member {
                    Member::Item(item) => out.push(item),
                    Member::Section(section) => collect(&section.members, out),
                    Member::Reference(_) => {}
                }
            }
        }
        let mut out = Vec::new();
        for part in &self.parts {
            collect(&part.members, &mut out);
        }
        out
    }

    /// All sections, outer ones before those inside them.
    #[must_use]
    pub fn sections(&self) -> Vec<&Section> {
        fn collect<'a>(members: &'a [Member], out: &mut Vec<&'a Section>) {
            for member in members {
                if let Member::Section(section) = member {
                    out.push(section);
                    collect(&section.members, out);
                }
            }
        }
        let mut out = Vec::new();
        for part in &self.parts {
            collect(&part.members, &mut out);
        }
        out
    }

    /// All references to sections in files of their own that were not followed.
    #[must_use]
    pub fn section_refs(&self) -> Vec<&SectionRef> {
        let inside = self.sections().into_iter().map(|section| &section.members);
        inside
            .chain(self.parts.iter().map(|part| &part.members))
            .flatten()
            .filter_map(|member| match member {
                Member::Reference(reference) => Some(&**reference),
                _ => None,
            })
            .collect()
    }

    /// The declaration of a variable.
    #[must_use]
    pub fn declaration(&self, identifier: &str) -> Option<&Declaration> {
        self.declarations.iter().find(|declaration| declaration.identifier == identifier)
    }
}
