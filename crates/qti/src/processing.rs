//! Rules of response, template and outcome processing: conditions and assignments.

use crate::expression::Expression;
use crate::read::{Attributes, ParseError, structure};
use crate::xml::{Attribute, Element, Line};

/// Which processing a rule stands in; it decides the names of elements when printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// Response processing of an item.
    Response,
    /// Template processing of an item.
    Template,
    /// Outcome processing of a test.
    Outcome,
}

impl Context {
    fn word(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::Template => "template",
            Self::Outcome => "outcome",
        }
    }
}

/// One rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// What it does.
    pub action: Action,
    /// Attributes the specification does not define, kept verbatim.
    pub extra: Vec<Attribute>,
    /// Where it began.
    pub line: Line,
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The first branch whose condition is true is followed.
    Condition(Vec<Branch>),
    /// Gives a variable a value.
    Set(Target, String, Expression),
    /// Gives a variable its declared default (or the expression's value, in templates) back.
    SetDefault(String, Option<Expression>),
    /// Looks a value up in the table of an outcome declaration and assigns the result.
    LookupOutcomeValue(String, Expression),
    /// Starts template processing again, with new random values, when the expression is not true.
    TemplateConstraint(Expression),
    /// Ends the whole processing.
    Exit,
    /// A group of rules.
    Fragment(Vec<Rule>),
    /// Nothing we know: kept verbatim; scoring refuses it by name.
    Unknown(Element),
}

/// What kind of variable an assignment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// An outcome variable.
    Outcome,
    /// A template variable.
    Template,
    /// The correct response of a response variable (templates only).
    CorrectResponse,
    /// A response variable: outside the specification, found in 2.x items of other systems.
    Response,
}

/// One branch of a condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// When it is followed; `None` for the last, unconditional one.
    pub condition: Option<Expression>,
    /// What happens then.
    pub rules: Vec<Rule>,
    /// Where it began.
    pub line: Line,
}

/// Reads the rules inside a processing element.
///
/// # Errors
/// [`ParseError`] when a rule that we know is incomplete.
pub fn read_rules(element: &Element) -> Result<Vec<Rule>, ParseError> {
    element.elements().map(Rule::read).collect()
}

impl Rule {
    /// A rule made by a program.
    #[must_use]
    pub fn new(action: Action) -> Self {
        Self { action, extra: Vec::new(), line: Line::default() }
    }

    /// Assignment to an outcome.
    #[must_use]
    pub fn set_outcome(identifier: &str, expression: Expression) -> Self {
        Self::new(Action::Set(Target::Outcome, identifier.to_owned(), expression))
    }

    fn read(element: &Element) -> Result<Self, ParseError> {
        let mut a = Attributes::of(element);
        let local = element.name.strip_prefix("qti-").unwrap_or("");
        let action = match local {
            "response-condition" | "template-condition" | "outcome-condition" => Action::Condition(branches(element)?),
            "set-outcome-value" => Action::Set(Target::Outcome, a.required("identifier")?, one(element)?),
            "set-template-value" => Action::Set(Target::Template, a.required("identifier")?, one(element)?),
            "set-response-value" => Action::Set(Target::Response, a.required("identifier")?, one(element)?),
            "set-correct-response" => Action::Set(Target::CorrectResponse, a.required("identifier")?, one(element)?),
            "set-default-value" => {
                let expression = element.elements().next().map(Expression::read).transpose()?;
                Action::SetDefault(a.required("identifier")?, expression)
            }
            "lookup-outcome-value" => Action::LookupOutcomeValue(a.required("identifier")?, one(element)?),
            "template-constraint" => Action::TemplateConstraint(one(element)?),
            "exit-response" | "exit-template" | "exit-test" => Action::Exit,
            "response-processing-fragment" | "outcome-processing-fragment" | "template-processing-fragment" => {
                Action::Fragment(read_rules(element)?)
            }
            _ => {
                return Ok(Self { action: Action::Unknown(element.clone()), extra: Vec::new(), line: element.line });
            }
        };
        Ok(Self { action, extra: a.rest(), line: element.line })
    }

    /// Name of the element this is printed as.
    #[must_use]
    pub fn name(&self, context: Context) -> String {
        match &self.action {
            Action::Condition(_) => format!("qti-{}-condition", context.word()),
            Action::Set(Target::Outcome, ..) => "qti-set-outcome-value".to_owned(),
            Action::Set(Target::Template, ..) => "qti-set-template-value".to_owned(),
            Action::Set(Target::CorrectResponse, ..) => "qti-set-correct-response".to_owned(),
            Action::Set(Target::Response, ..) => "qti-set-response-value".to_owned(),
            Action::SetDefault(..) => "qti-set-default-value".to_owned(),
            Action::LookupOutcomeValue(..) => "qti-lookup-outcome-value".to_owned(),
            Action::TemplateConstraint(_) => "qti-template-constraint".to_owned(),
            Action::Exit => match context {
                Context::Outcome => "qti-exit-test".to_owned(),
                _ => format!("qti-exit-{}", context.word()),
            },
            Action::Fragment(_) => format!("qti-{}-processing-fragment", context.word()),
            Action::Unknown(element) => element.name.clone(),
        }
    }

    /// Prints the rule in 3.0 spelling.
    pub fn print(&self, context: Context) -> Element {
        let e = Element::new(&self.name(context));
        let e = match &self.action {
            Action::Unknown(element) => return element.clone(),
            Action::Condition(branches) => e.with_children(branches.iter().enumerate().map(|(index, branch)| {
                let word = match (&branch.condition, index) {
                    (None, _) => "else",
                    (Some(_), 0) => "if",
                    (Some(_), _) => "else-if",
                };
                let mut part = Element::new(&format!("qti-{}-{word}", context.word()));
                part.line = branch.line;
                part.with_children(branch.condition.iter().map(Expression::print))
                    .with_children(branch.rules.iter().map(|rule| rule.print(context)))
            })),
            Action::Set(_, identifier, expression) | Action::LookupOutcomeValue(identifier, expression) => {
                e.with("identifier", identifier).with_children([expression.print()])
            }
            Action::SetDefault(identifier, expression) => {
                e.with("identifier", identifier).with_children(expression.iter().map(Expression::print))
            }
            Action::TemplateConstraint(expression) => e.with_children([expression.print()]),
            Action::Exit => e,
            Action::Fragment(rules) => e.with_children(rules.iter().map(|rule| rule.print(context))),
        };
        crate::read::with_rest(e, &self.extra, self.line)
    }

    /// Every rule below and including this one.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Rule)) {
        visit(self);
        match &self.action {
            Action::Condition(branches) => {
                for rule in branches.iter().flat_map(|branch| &branch.rules) {
                    rule.walk(visit);
                }
            }
            Action::Fragment(rules) => rules.iter().for_each(|rule| rule.walk(visit)),
            _ => {}
        }
    }

    /// The expressions that stand directly in this rule (conditions included, rules of branches not).
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expression> {
        match &self.action {
            Action::Condition(branches) => branches.iter().filter_map(|branch| branch.condition.as_ref()).collect(),
            Action::Set(_, _, expression)
            | Action::LookupOutcomeValue(_, expression)
            | Action::TemplateConstraint(expression) => vec![expression],
            Action::SetDefault(_, expression) => expression.iter().collect(),
            Action::Exit | Action::Fragment(_) | Action::Unknown(_) => Vec::new(),
        }
    }
}

fn one(element: &Element) -> Result<Expression, ParseError> {
    let mut children = element.elements();
    match (children.next(), children.next()) {
        (Some(child), None) => Expression::read(child),
        (None, _) => Err(structure(element, "needs an expression")),
        (Some(_), Some(_)) => Err(structure(element, "takes one expression only")),
    }
}

fn branches(element: &Element) -> Result<Vec<Branch>, ParseError> {
    let mut out = Vec::new();
    for child in element.elements() {
        let local = child.name.strip_prefix("qti-").unwrap_or("");
        let (_, word) = local.split_once('-').unwrap_or(("", local));
        let mut inside = child.elements();
        let condition = match word {
            "if" | "else-if" => {
                let first = inside.next().ok_or_else(|| structure(child, "needs a condition"))?;
                Some(Expression::read(first)?)
            }
            "else" => None,
            _ => return Err(structure(element, format!("cannot hold <{}>", child.name))),
        };
        let rules = inside.map(Rule::read).collect::<Result<Vec<_>, _>>()?;
        out.push(Branch { condition, rules, line: child.line });
    }
    if out.iter().rev().skip(1).any(|branch| branch.condition.is_none()) {
        return Err(structure(element, "has a branch after its else"));
    }
    Ok(out)
}
