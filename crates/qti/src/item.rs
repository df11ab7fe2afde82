//! The model of one assessment item.

use crate::declaration::{Declaration, Role};
use crate::interaction::{Choice, Interaction, InteractionKind};
use crate::processing::{Context, Rule, read_rules};
use crate::read::{Attributes, ParseError, with_rest};
use crate::xml::{Attribute, Element, Line, Node};

/// Namespace of 3.0 items, tests and stimuli.
pub const NAMESPACE: &str = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0";
const SCHEMA: &str = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0 https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0p1_v1p0.xsd";

/// Most variables an item may declare: they are found by going through them.
pub const MAX_DECLARATIONS: usize = 2_000;

/// Version of the specification a document was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// 2.0.
    V20,
    /// 2.1.
    V21,
    /// 2.2.
    V22,
    /// 3.0.
    V30,
}

impl Version {
    /// `2.0` to `3.0`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::V20 => "2.0",
            Self::V21 => "2.1",
            Self::V22 => "2.2",
            Self::V30 => "3.0",
        }
    }
}

/// Version of the document something was read from. Two sources always compare equal: the model is the
/// same whichever spelling it came in.
#[derive(Debug, Clone, Copy)]
pub struct Source(pub Version);

impl PartialEq for Source {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

/// Response processing: a template, own rules, or both (own rules then count).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ResponseProcessing {
    /// Address of a standard template.
    pub template: Option<String>,
    /// Own rules.
    pub rules: Vec<Rule>,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
    /// Where it began.
    pub line: Line,
}

/// An assessment item.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Name, unique in its bank.
    pub identifier: String,
    /// Title for people who manage items.
    pub title: String,
    /// Language of the text (BCP 47).
    pub language: Option<String>,
    /// Whether several attempts lead to one result.
    pub adaptive: bool,
    /// Whether time counts.
    pub time_dependent: bool,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
    /// Variables, in order: context, response, outcome, template.
    pub declarations: Vec<Declaration>,
    /// How template variables get their values.
    pub template_processing: Option<Vec<Rule>>,
    /// Stimuli, stylesheets, companion materials: parts that stand before the body, in order.
    pub before_body: Vec<Element>,
    /// The body, in 3.0 spelling; see [`crate::interaction`] for typed views.
    pub body: Option<Element>,
    /// Catalogs (glossary, read-aloud, translation).
    pub catalogs: Option<Element>,
    /// How responses become outcomes.
    pub response_processing: Option<ResponseProcessing>,
    /// Outcome processing inside an item: outside the specification, found in 2.x items of other systems.
    pub outcome_processing: Option<Vec<Rule>>,
    /// Feedback shown over the item.
    pub modal_feedbacks: Vec<Element>,
    /// Anything else, kept verbatim.
    pub unknown: Vec<Element>,
    /// Version it was written in.
    pub source: Source,
    /// Where it began.
    pub line: Line,
}

/// Takes prefixes off, tells the version from the namespace and renames 2.x trees to 3.0 spelling in place.
pub(crate) fn normalise(root: &mut Element) -> Version {
    let namespace = root
        .attributes
        .iter()
        .filter(|a| a.name == "xmlns" || a.name.starts_with("xmlns:"))
        .map(|a| a.value.as_str())
        .find(|value| value.contains("imsqti"))
        .unwrap_or("")
        .to_owned();
    crate::names::unprefix(root);
    if root.name.starts_with("qti-") {
        crate::names::strip(root);
        return Version::V30;
    }
    let version = if namespace.contains("v2p0") {
        Version::V20
    } else if namespace.contains("v2p1") {
        Version::V21
    } else {
        Version::V22
    };
    crate::names::lift_portable(root);
    crate::names::upgrade(root, false);
    crate::names::strip(root);
    version
}

/// Attributes that say which schema a document follows: written anew when printed.
pub(crate) fn is_schema_attribute(attribute: &Attribute) -> bool {
    let name = attribute.name.as_str();
    name == "xmlns"
        || name == "xmlns:xsi"
        || name == "xsi:schemaLocation"
        || name == "xsi:schema-location"
        || (name.starts_with("xmlns:") && attribute.value.contains("imsqti"))
}

/// Adds the namespace and schema of 3.0.
pub(crate) fn with_schema(element: Element) -> Element {
    element
        .with("xmlns", NAMESPACE)
        .with("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
        .with("xsi:schemaLocation", SCHEMA)
}

/// Reads one item, 2.0 to 3.0.
///
/// # Errors
/// [`ParseError`] with the line when the text is not safe XML or a part that we know is incomplete.
pub fn parse_item(xml: &str) -> Result<Item, ParseError> {
    Item::read(crate::xml::parse(xml)?)
}

/// Prints an item in 3.0 syntax; `parse_item(&print_item(&x))` gives `x` again.
#[must_use]
pub fn print_item(item: &Item) -> String {
    crate::xml::print(&item.print())
}

impl Item {
    /// Reads an item from its root element.
    ///
    /// # Errors
    /// As [`parse_item`].
    pub fn read(mut root: Element) -> Result<Self, ParseError> {
        let version = normalise(&mut root);
        if root.name != "qti-assessment-item" {
            return Err(ParseError::WrongRoot { line: root.line.0, expected: "an assessment item", found: root.name });
        }
        let mut a = Attributes::of(&root);
        let mut item = Self {
            identifier: a.required("identifier")?,
            title: a.optional("title").unwrap_or_default(),
            language: a.optional("xml:lang"),
            adaptive: a.boolean("adaptive")?.unwrap_or(false),
            time_dependent: a.boolean("time-dependent")?.unwrap_or(false),
            extra: Vec::new(),
            declarations: Vec::new(),
            template_processing: None,
            before_body: Vec::new(),
            body: None,
            catalogs: None,
            response_processing: None,
            outcome_processing: None,
            modal_feedbacks: Vec::new(),
            unknown: Vec::new(),
            source: Source(version),
            line: root.line,
        };
        item.extra = a.rest();
        item.extra.retain(|attribute| !is_schema_attribute(attribute));
        for child in std::mem::take(&mut root.children) {
            if let Node::Element(child) = child {
                item.read_part(child)?;
            }
        }
        if item.declarations.len() > MAX_DECLARATIONS {
            return Err(crate::read::structure(&root, format!("declares more than {MAX_DECLARATIONS} variables")));
        }
        // One order of declarations, so that printing and reading agree.
        item.declarations.sort_by_key(|declaration| match declaration.role {
            Role::Context => 0,
            Role::Response => 1,
            Role::Outcome => 2,
            Role::Template => 3,
        });
        Ok(item)
    }

    fn read_part(&mut self, child: Element) -> Result<(), ParseError> {
        match child.name.as_str() {
            "qti-context-declaration" => {
                self.declarations.push(Declaration::read(Role::Context, &child)?);
            }
            "qti-response-declaration" => {
                self.declarations.push(Declaration::read(Role::Response, &child)?);
            }
            "qti-outcome-declaration" => {
                self.declarations.push(Declaration::read(Role::Outcome, &child)?);
            }
            "qti-template-declaration" => {
                self.declarations.push(Declaration::read(Role::Template, &child)?);
            }
            "qti-template-processing" => self.template_processing = Some(read_rules(&child)?),
            "qti-outcome-processing" => self.outcome_processing = Some(read_rules(&child)?),
            "qti-response-processing" => {
                let mut a = Attributes::of(&child);
                self.response_processing = Some(ResponseProcessing {
                    template: a.optional("template"),
                    rules: read_rules(&child)?,
                    extra: a.rest(),
                    line: child.line,
                });
            }
            "qti-assessment-stimulus-ref" | "qti-companion-materials-info" | "qti-stylesheet" => {
                self.before_body.push(child);
            }
            "qti-item-body" if self.body.is_none() => self.body = Some(child),
            "qti-catalog-info" if self.catalogs.is_none() => self.catalogs = Some(child),
            "qti-modal-feedback" => self.modal_feedbacks.push(child),
            _ => self.unknown.push(child),
        }
        Ok(())
    }

    /// Prints the item as a tree in 3.0 spelling.
    pub fn print(&self) -> Element {
        let mut e = with_schema(Element::new("qti-assessment-item"))
            .with("identifier", &self.identifier)
            .with("title", &self.title)
            .with_some("xml:lang", self.language.as_deref())
            .with("adaptive", self.adaptive.to_string())
            .with("time-dependent", self.time_dependent.to_string());
        e = with_rest(e, &self.extra, self.line);
        e = e.with_children(self.declarations.iter().map(Declaration::print));
        if let Some(rules) = &self.template_processing {
            e = e.with_children([rules_element("qti-template-processing", rules, Context::Template)]);
        }
        e = e
            .with_children(self.before_body.iter().cloned())
            .with_children(self.body.iter().cloned())
            .with_children(self.catalogs.iter().cloned());
        if let Some(processing) = &self.response_processing {
            let rules = Element::new("qti-response-processing").with_some("template", processing.template.as_deref());
            let rules = with_rest(rules, &processing.extra, processing.line)
                .with_children(processing.rules.iter().map(|rule| rule.print(Context::Response)));
            e = e.with_children([rules]);
        }
        if let Some(rules) = &self.outcome_processing {
            e = e.with_children([rules_element("qti-outcome-processing", rules, Context::Outcome)]);
        }
        e.with_children(self.modal_feedbacks.iter().cloned()).with_children(self.unknown.iter().cloned())
    }

    /// Language of the text: the item's, else the one its body names.
    #[must_use]
    pub fn text_language(&self) -> Option<&str> {
        self.language.as_deref().or_else(|| self.body.as_ref()?.attribute("xml:lang"))
    }

    /// The declaration of a variable.
    #[must_use]
    pub fn declaration(&self, identifier: &str) -> Option<&Declaration> {
        self.declarations.iter().find(|declaration| declaration.identifier == identifier)
    }

    /// Declarations of one role, in order.
    pub fn declarations_of(&self, role: Role) -> impl Iterator<Item = &Declaration> {
        self.declarations.iter().filter(move |declaration| declaration.role == role)
    }

    /// The interactions of the body, in document order.
    #[must_use]
    pub fn interactions(&self) -> Vec<Interaction<'_>> {
        let mut out = Vec::new();
        if let Some(body) = &self.body {
            collect_interactions(body, &mut out);
        }
        out
    }

    /// All choices of all interactions, with the response they belong to: for statistics by option.
    pub fn choices(&self) -> Vec<Choice<'_>> {
        self.interactions().iter().flat_map(Interaction::choices).collect()
    }

    /// The declared correct response, as texts (`A`, or `A B` for a pair); `None` when none is declared.
    #[must_use]
    pub fn correct_response(&self, response: &str) -> Option<Vec<String>> {
        let list = self.declaration(response)?.correct_response.as_ref()?;
        Some(list.values.iter().map(|value| value.text.trim().to_owned()).collect())
    }

    /// Most points the item can give, see [`crate::score::max_score`].
    #[must_use]
    pub fn max_score(&self) -> Option<f64> {
        crate::score::max_score(self)
    }

    /// Whether the item uses an interaction of a kind.
    #[must_use]
    pub fn uses(&self, kind: InteractionKind) -> bool {
        self.interactions().iter().any(|interaction| interaction.kind == kind)
    }
}

pub(crate) fn rules_element(name: &str, rules: &[Rule], context: Context) -> Element {
    Element::new(name).with_children(rules.iter().map(|rule| rule.print(context)))
}

fn collect_interactions<'a>(element: &'a Element, out: &mut Vec<Interaction<'a>>) {
    if let Some(interaction) = Interaction::of(element) {
        out.push(interaction);
    }
    for child in element.elements() {
        collect_interactions(child, out);
    }
}
