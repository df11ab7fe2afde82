//! An item session: template variables drawn once, then one or more attempts.

use super::evaluate::{Environment, Evaluator, Refusal, truthy};
use super::responses::{DECIMAL, Responses, base_of, read_in_base, read_response};
use crate::declaration::{Declaration, Role};
use crate::expression::{Expression, Operator as O};
use crate::interaction::{Interaction, InteractionKind};
use crate::item::{Item, ResponseProcessing};
use crate::processing::{Action, Branch, Rule, Target};
use crate::random::Random;
use crate::value::{BaseType, Cardinality, Scalar, Value};
use std::collections::{BTreeMap, BTreeSet};

/// How often template processing runs before a constraint is given up (information model, "Template Constraint").
const MAX_RESTARTS: usize = 100;

/// The completion status before the first attempt.
const NOT_ATTEMPTED: &str = "not_attempted";

/// How a scoring ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Status {
    /// All outcomes are final.
    #[default]
    Complete,
    /// A person or another machine still has to score these outcomes.
    Pending(Vec<String>),
    /// Processing met a construct that is not run; outcomes are at their defaults.
    Refused(Refusal),
}

/// The result of scoring one attempt.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcomes {
    /// Outcome variables by name, `completionStatus` among them.
    pub values: BTreeMap<String, Value>,
    /// Whether that is final.
    pub status: Status,
    /// Things a person who made the item should know: values that did not fit their variable, and the like.
    pub notices: Vec<String>,
}

impl Outcomes {
    /// The value of an outcome; NULL when there is none.
    #[must_use]
    pub fn value(&self, identifier: &str) -> &Value {
        self.values.get(identifier).unwrap_or(&Value::Null)
    }

    /// The item's points: the outcome SCORE, once it is final; `None` while it is pending, after a refusal,
    /// and for items without points.
    #[must_use]
    pub fn score(&self) -> Option<f64> {
        match self.status {
            Status::Complete => self.raw_score(),
            Status::Pending(_) | Status::Refused(_) => None,
        }
    }

    /// The outcome SCORE as it stands, final or not.
    #[must_use]
    pub fn raw_score(&self) -> Option<f64> {
        self.value("SCORE").number()
    }

    /// Whether a person or another machine still has to score.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        matches!(self.status, Status::Pending(_))
    }
}

/// The state of one person's session with one item. It can be stored as its seed and its responses: started
/// again with the same seed and given the same responses it is the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// The seed it was started with.
    pub seed: u64,
    /// Current values of all variables by name.
    pub values: BTreeMap<String, Value>,
    /// Correct responses that template processing set.
    pub corrects: BTreeMap<String, Value>,
    /// Default values that template processing set.
    pub defaults: BTreeMap<String, Value>,
    /// Attempts submitted so far.
    pub attempts: i64,
    /// Set when template processing itself was refused.
    pub refused: Option<Refusal>,
    /// Values from outside: a test's for template variables, the delivery's for context variables.
    preset: BTreeMap<String, Value>,
    /// Outcomes that rules set although no declaration names them.
    undeclared: BTreeSet<String>,
    draws: u64,
}

impl Session {
    /// Starts a session: declarations get their defaults and template variables their values.
    #[must_use]
    pub fn start(item: &Item, seed: u64) -> Self {
        Self::start_with(item, seed, BTreeMap::new())
    }

    /// As [`Self::start`], with values from outside: those a test gives to template variables, and those the delivery
    /// gives to context variables.
    #[must_use]
    pub fn start_with(item: &Item, seed: u64, preset: BTreeMap<String, Value>) -> Self {
        let mut session = Self {
            seed,
            values: BTreeMap::new(),
            corrects: BTreeMap::new(),
            defaults: BTreeMap::new(),
            attempts: 0,
            refused: None,
            preset,
            undeclared: BTreeSet::new(),
            draws: 0,
        };
        session.reset(item);
        if let Some(rules) = &item.template_processing {
            let mut random = Random::new(seed);
            for turn in 1..=MAX_RESTARTS {
                let mut notices = Vec::new();
                let mut run = Run::new(item, &mut session, &mut random, &mut notices);
                run.is_last_turn = turn == MAX_RESTARTS;
                match run.rules(rules) {
                    Ok(Flow::Restart) => session.reset(item),
                    Ok(Flow::On | Flow::Exit) => break,
                    Err(refusal) => {
                        session.reset(item);
                        session.refused = Some(refusal);
                        break;
                    }
                }
            }
        }
        // What templates chose as defaults is what an unanswered response holds.
        for declaration in item.declarations_of(Role::Response) {
            let default = session.default_of(declaration);
            session.values.insert(declaration.identifier.clone(), default);
        }
        session
    }

    fn reset(&mut self, item: &Item) {
        self.corrects.clear();
        self.defaults.clear();
        for declaration in &item.declarations {
            let value = self.initial(declaration);
            self.values.insert(declaration.identifier.clone(), value);
        }
        // Every item has this record, declared or not (information model, "Built-in Context Variables").
        if let Some(context) = self.preset.get("QTI_CONTEXT") {
            self.values.insert("QTI_CONTEXT".to_owned(), context.clone());
        }
        self.values.insert("numAttempts".to_owned(), Value::integer(0));
        self.values.entry("duration".to_owned()).or_insert(Value::Single(Scalar::Duration(0.0)));
        self.values.insert("completionStatus".to_owned(), Value::Single(Scalar::Identifier(NOT_ATTEMPTED.to_owned())));
    }

    fn default_of(&self, declaration: &Declaration) -> Value {
        self.defaults.get(&declaration.identifier).cloned().unwrap_or_else(|| declaration.default())
    }

    /// The value before anything happened: the default, or 0 for single numeric outcomes without one.
    fn initial(&self, declaration: &Declaration) -> Value {
        if matches!(declaration.role, Role::Template | Role::Context)
            && let Some(value) = self.preset.get(&declaration.identifier)
        {
            return value.clone();
        }
        let default = self.default_of(declaration);
        let numeric_outcome = declaration.role == Role::Outcome
            && declaration.cardinality == Cardinality::Single
            && declaration.default_value.is_none();
        match (declaration.base_type, default) {
            (Some(BaseType::Integer), Value::Null) if numeric_outcome => Value::integer(0),
            (Some(BaseType::Float), Value::Null) if numeric_outcome => Value::float(0.0),
            (_, default) => default,
        }
    }

    /// Sets the built-in response variable `duration`, in seconds.
    pub fn set_duration(&mut self, seconds: f64) {
        if seconds.is_finite() && seconds >= 0.0 {
            self.values.insert("duration".to_owned(), Value::Single(Scalar::Duration(seconds)));
        }
    }

    /// The correct response in force: what templates chose, or what is declared.
    #[must_use]
    pub fn correct(&self, item: &Item, response: &str) -> Value {
        self.corrects
            .get(response)
            .cloned()
            .unwrap_or_else(|| item.declaration(response).map_or(Value::Null, Declaration::correct))
    }

    /// Whether a response differs from its default (information model, "Number Responded"). The default of an end attempt
    /// interaction's response is ignored: it counts when the button was pressed.
    #[must_use]
    pub fn has_response(&self, item: &Item) -> bool {
        let interactions = item.interactions();
        let buttons: BTreeSet<&str> = interactions
            .iter()
            .filter(|interaction| interaction.kind == InteractionKind::EndAttempt)
            .map(Interaction::response)
            .collect();
        item.declarations_of(Role::Response).any(|declaration| {
            let value = self.values.get(&declaration.identifier).unwrap_or(&Value::Null);
            if buttons.contains(declaration.identifier.as_str()) {
                return *value == Value::boolean(true);
            }
            let default = self.default_of(declaration);
            value.is_null() != default.is_null() || (!value.is_null() && !value.same(&default))
        })
    }

    /// Takes one attempt's responses and runs response processing.
    ///
    /// Outcomes of an adaptive item go on from the attempt before; those of other items start from their
    /// defaults (information model, "Response Processing").
    pub fn submit(&mut self, item: &Item, responses: &Responses) -> Outcomes {
        let interactions = item.interactions();
        // A button may say that pressing it is no attempt (information model, "End Attempt Interaction").
        let is_uncounted = interactions.iter().any(|interaction| {
            interaction.kind == InteractionKind::EndAttempt
                && matches!(interaction.element.attribute("count-attempt"), Some("false" | "0"))
                && item.declaration(interaction.response()).is_some_and(|declaration| {
                    let texts = responses.0.get(interaction.response()).map(Vec::as_slice).unwrap_or_default();
                    read_response(declaration, texts) == Value::boolean(true)
                })
        });
        if !is_uncounted {
            self.attempts += 1;
        }
        let mut filled = BTreeMap::new();
        let mut copied = BTreeMap::new();
        for interaction in &interactions {
            filled.entry(interaction.response()).or_insert(*interaction);
            if let Some(copy) = interaction.element.attribute("string-identifier") {
                copied.entry(copy).or_insert(*interaction);
            }
        }
        for declaration in item.declarations_of(Role::Response) {
            let name = declaration.identifier.as_str();
            let value = given(declaration, filled.get(name), copied.get(name), responses);
            self.values.insert(declaration.identifier.clone(), value);
        }
        if let Some(seconds) = responses.0.get("duration").and_then(|texts| texts.first())
            && let Some(seconds) = crate::value::parse_float(seconds.trim())
        {
            self.set_duration(seconds);
        }
        self.process(item)
    }

    /// Runs response processing on the values as they are.
    pub fn process(&mut self, item: &Item) -> Outcomes {
        self.values.insert("numAttempts".to_owned(), Value::integer(self.attempts));
        let before = self.values.clone();
        if !item.adaptive {
            self.reset_outcomes(item);
        }
        let not_attempted = Value::Single(Scalar::Identifier(NOT_ATTEMPTED.to_owned()));
        if !item.adaptive || self.values.get("completionStatus") == Some(&not_attempted) {
            let completed = if item.adaptive { "unknown" } else { "completed" };
            self.values.insert("completionStatus".to_owned(), Value::Single(Scalar::Identifier(completed.to_owned())));
        }
        let mut notices = Vec::new();
        let mut status = Status::Complete;
        // Attempts draw from a sequence of their own, so that a template's draws do not shift them.
        let stream = if item.template_processing.is_some() { 0x5eed_0000_0000 } else { 0 };
        let mut random = Random::new(self.seed ^ stream ^ (self.draws << 48));
        self.draws = (self.draws + 1) & 0xffff;
        let result = match self.refused.clone() {
            Some(refusal) => Err(refusal),
            None => Run::new(item, self, &mut random, &mut notices).item(item),
        };
        if let Err(refusal) = result {
            self.values = before;
            self.reset_outcomes(item);
            status = Status::Refused(refusal);
        }
        let mut values = BTreeMap::new();
        let mut waiting = Vec::new();
        for declaration in item.declarations_of(Role::Outcome) {
            let value = self.values.get(&declaration.identifier).cloned().unwrap_or_default();
            values.insert(declaration.identifier.clone(), value);
            if declaration.external_scored().is_some_and(|who| who != "none") {
                waiting.push(declaration.identifier.clone());
            }
        }
        for identifier in &self.undeclared {
            let value = self.values.get(identifier).cloned().unwrap_or_default();
            values.entry(identifier.clone()).or_insert(value);
        }
        let completion = self.values.get("completionStatus").cloned().unwrap_or_default();
        values.entry("completionStatus".to_owned()).or_insert(completion);
        if status == Status::Complete && !waiting.is_empty() {
            status = Status::Pending(waiting);
        }
        Outcomes { values, status, notices }
    }

    fn reset_outcomes(&mut self, item: &Item) {
        for identifier in std::mem::take(&mut self.undeclared) {
            self.values.remove(&identifier);
        }
        for declaration in item.declarations_of(Role::Outcome) {
            let value = self.initial(declaration);
            self.values.insert(declaration.identifier.clone(), value);
        }
    }
}

/// The value of a response variable after an attempt: `own` is the interaction it belongs to, `copied` the one whose text
/// it keeps.
fn given(
    declaration: &Declaration,
    own: Option<&Interaction<'_>>,
    copied: Option<&Interaction<'_>>,
    responses: &Responses,
) -> Value {
    if let Some(texts) = responses.0.get(&declaration.identifier) {
        let value = read_in_base(declaration, texts, own.map_or(DECIMAL, |own| base_of(*own)));
        if !value.is_null() {
            return value;
        }
    }
    // An attempt that was ended in another way leaves its variable false (information model, "End Attempt
    // Interaction").
    if own.is_some_and(|own| own.kind == InteractionKind::EndAttempt) {
        return Value::boolean(false);
    }
    // What was typed into a field of numbers is kept as a text, too ("String Interaction").
    let typed = copied.and_then(|copied| responses.0.get(copied.response()));
    typed.map_or(Value::Null, |texts| read_response(declaration, texts))
}

/// What happens after a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Exit,
    Restart,
}

/// One run of a processing over a session.
struct Run<'a> {
    item: &'a Item,
    session: &'a mut Session,
    evaluator: Evaluator<'a>,
    notices: &'a mut Vec<String>,
    /// Whether a constraint that does not hold can no longer start template processing again.
    is_last_turn: bool,
}

/// A session as expressions see it.
struct View<'a> {
    item: &'a Item,
    session: &'a Session,
}

impl Environment for View<'_> {
    fn variable(&self, identifier: &str, _weight: Option<&str>) -> Value {
        self.session.values.get(identifier).cloned().unwrap_or_default()
    }

    fn declaration(&self, identifier: &str) -> Option<&Declaration> {
        self.item.declaration(identifier)
    }

    fn correct(&self, identifier: &str) -> Value {
        self.session.correct(self.item, identifier)
    }

    fn default(&self, identifier: &str) -> Value {
        self.item.declaration(identifier).map_or(Value::Null, |declaration| self.session.default_of(declaration))
    }
}

impl<'a> Run<'a> {
    fn new(item: &'a Item, session: &'a mut Session, random: &'a mut Random, notices: &'a mut Vec<String>) -> Self {
        Self { item, session, evaluator: Evaluator::new(random), notices, is_last_turn: false }
    }

    fn item(&mut self, item: &Item) -> Result<(), Refusal> {
        if let Some(processing) = &item.response_processing {
            match template_rules(processing)? {
                Some(rules) => self.rules(&rules)?,
                None => self.rules(&processing.rules)?,
            };
        }
        if let Some(rules) = &item.outcome_processing {
            self.rules(rules)?;
        }
        Ok(())
    }

    fn rules(&mut self, rules: &[Rule]) -> Result<Flow, Refusal> {
        for rule in rules {
            match self.rule(rule)? {
                Flow::On => {}
                flow => return Ok(flow),
            }
        }
        Ok(Flow::On)
    }

    fn value(&mut self, expression: &Expression) -> Result<Value, Refusal> {
        let view = View { item: self.item, session: self.session };
        self.evaluator.evaluate(expression, &view)
    }

    fn rule(&mut self, rule: &Rule) -> Result<Flow, Refusal> {
        self.evaluator.step("rule", rule.line.0)?;
        match &rule.action {
            Action::Condition(branches) => return self.branches(branches),
            Action::Set(target, identifier, expression) => {
                let value = self.value(expression)?;
                let value = self.fit(identifier, value);
                match target {
                    Target::CorrectResponse => {
                        self.session.corrects.insert(identifier.clone(), value);
                    }
                    Target::Outcome => self.assign_outcome(identifier, value, rule.line.0),
                    Target::Template | Target::Response => self.assign(identifier, value, rule.line.0),
                }
            }
            Action::SetDefault(identifier, Some(expression)) => {
                let value = self.value(expression)?;
                let value = self.fit(identifier, value);
                self.session.defaults.insert(identifier.clone(), value.clone());
                self.assign(identifier, value, rule.line.0);
            }
            Action::SetDefault(identifier, None) => {
                let default = self
                    .item
                    .declaration(identifier)
                    .map_or(Value::Null, |declaration| self.session.default_of(declaration));
                self.assign(identifier, default, rule.line.0);
            }
            Action::LookupOutcomeValue(identifier, expression) => {
                let source = self.value(expression)?.number();
                let declaration = self.item.declaration(identifier);
                let text = declaration.and_then(|d| d.lookup_table.as_ref()).and_then(|table| table.look_up(source));
                let base_type = declaration.and_then(|d| d.base_type).unwrap_or(BaseType::Float);
                let value = text.and_then(|text| Scalar::parse(base_type, &text)).map_or(Value::Null, Value::Single);
                self.assign_outcome(identifier, value, rule.line.0);
            }
            Action::TemplateConstraint(expression) => {
                if !truthy(&self.value(expression)?) {
                    if !self.is_last_turn {
                        return Ok(Flow::Restart);
                    }
                    // Given up: defaults hold, and processing goes on after the constraint.
                    self.session.reset(self.item);
                }
            }
            Action::Exit => return Ok(Flow::Exit),
            Action::Fragment(rules) => return self.rules(rules),
            Action::Unknown(element) => {
                return Err(Refusal {
                    construct: element.name.clone(),
                    line: rule.line.0,
                    reason: if element.local_name() == "include" {
                        "rules in other files are not followed"
                    } else {
                        "it is not a rule of QTI that we know"
                    },
                });
            }
        }
        Ok(Flow::On)
    }

    fn branches(&mut self, branches: &[Branch]) -> Result<Flow, Refusal> {
        for branch in branches {
            let followed = match &branch.condition {
                Some(condition) => truthy(&self.value(condition)?),
                None => true,
            };
            if followed {
                return self.rules(&branch.rules);
            }
        }
        Ok(Flow::On)
    }

    /// Fits a value to the declared cardinality and base type where nothing is lost by it.
    fn fit(&mut self, identifier: &str, value: Value) -> Value {
        let Some(declaration) = self.item.declaration(identifier) else {
            return value;
        };
        let fitted = fit(declaration, &value);
        if let Some(fitted) = fitted {
            fitted
        } else {
            self.notices.push(format!("{identifier}: the value {:?} is not of the declared type", value.text()));
            value
        }
    }

    /// An outcome that no declaration names is kept all the same: the item says what it is worth.
    fn assign_outcome(&mut self, identifier: &str, value: Value, line: u32) {
        if self.item.declaration(identifier).is_none() && identifier != "completionStatus" {
            self.session.undeclared.insert(identifier.to_owned());
        }
        self.assign(identifier, value, line);
    }

    fn assign(&mut self, identifier: &str, value: Value, line: u32) {
        if self.item.declaration(identifier).is_none() && identifier != "completionStatus" {
            self.notices.push(format!("line {line}: {identifier} is not declared"));
        }
        self.session.values.insert(identifier.to_owned(), value);
    }
}

/// A value in the declared cardinality and base type; `None` when that would lose something.
pub(crate) fn fit(declaration: &Declaration, value: &Value) -> Option<Value> {
    if value.is_null() || matches!(value, Value::Record(_)) {
        return Some(value.clone());
    }
    let scalars: Option<Vec<Scalar>> = value
        .scalars()
        .iter()
        .map(|scalar| match declaration.base_type {
            Some(base_type) => fit_scalar(base_type, scalar),
            None => Some(scalar.clone()),
        })
        .collect();
    let scalars = scalars?;
    if declaration.cardinality == Cardinality::Single && scalars.len() > 1 {
        return None;
    }
    Some(Value::container(declaration.cardinality, scalars))
}

fn fit_scalar(base_type: BaseType, scalar: &Scalar) -> Option<Scalar> {
    if scalar.base_type() == base_type {
        return Some(scalar.clone());
    }
    match (base_type, scalar) {
        (BaseType::Float, Scalar::Integer(n)) => Some(Scalar::Float(*n as f64)),
        (BaseType::Integer, Scalar::Float(x)) => crate::value::whole(*x).map(Scalar::Integer),
        _ => Scalar::parse(base_type, &scalar.to_string()),
    }
}

/// The rules of a standard template (QTI 3.0, "Response Processing Templates"); `None` when the item has
/// rules of its own.
///
/// # Errors
/// [`Refusal`] for a template that is not one of the standard ones.
pub fn template_rules(processing: &ResponseProcessing) -> Result<Option<Vec<Rule>>, Refusal> {
    let Some(address) = processing.template.as_deref() else {
        return Ok(None);
    };
    if !processing.rules.is_empty() {
        return Ok(None);
    }
    let name = address.trim().rsplit(['/', '#']).next().unwrap_or("");
    let name = name.strip_suffix(".xml").unwrap_or(name);
    let response = || Expression::variable("RESPONSE");
    let score = |text: &str| Rule::set_outcome("SCORE", Expression::constant(BaseType::Float, text));
    let correct = || {
        Expression::new(
            O::Match,
            vec![response(), Expression::new(O::Correct { identifier: "RESPONSE".to_owned() }, Vec::new())],
        )
    };
    let when = |condition: Expression, yes: Vec<Rule>, no: Vec<Rule>| {
        Rule::new(Action::Condition(vec![
            Branch { condition: Some(condition), rules: yes, line: processing.line },
            Branch { condition: None, rules: no, line: processing.line },
        ]))
    };
    let mapped = |operator: O| {
        let value = Expression::new(operator, Vec::new());
        when(Expression::new(O::IsNull, vec![response()]), vec![score("0")], vec![Rule::set_outcome("SCORE", value)])
    };
    let identifier = "RESPONSE".to_owned();
    let feedback = |name: &str, text: &str| Rule::set_outcome(name, Expression::constant(BaseType::Identifier, text));
    let maximum = || Expression::variable("MAXSCORE");
    let rules = match name {
        "match_correct" | "CC2_match" => vec![when(correct(), vec![score("1")], vec![score("0")])],
        // Common Cartridge: the points are those of MAXSCORE (1 where an item declares none).
        "CC2_match_basic" => {
            let full = when(
                Expression::new(O::IsNull, vec![maximum()]),
                vec![score("1")],
                vec![Rule::set_outcome("SCORE", maximum())],
            );
            let wrong = vec![feedback("FEEDBACKBASIC", "incorrect")];
            vec![when(correct(), vec![full, feedback("FEEDBACKBASIC", "correct")], wrong)]
        }
        "map_response" => vec![mapped(O::MapResponse { identifier })],
        "CC2_map_response" => vec![
            mapped(O::MapResponse { identifier }),
            when(
                Expression::new(O::Gte, vec![Expression::variable("SCORE"), maximum()]),
                vec![feedback("FEEDBACK", "correct")],
                vec![feedback("FEEDBACK", "incorrect")],
            ),
        ],
        "map_response_point" => vec![mapped(O::MapResponsePoint { identifier })],
        _ => {
            return Err(Refusal {
                construct: address.to_owned(),
                line: processing.line.0,
                reason: "only the standard templates match_correct, map_response and map_response_point are known",
            });
        }
    };
    Ok(Some(rules))
}
