//! One person's way through a test: items, pre-conditions, branches, outcomes, feedback.

use super::{Planned, Test, TimeLimits, plan};
use crate::declaration::{Declaration, Role};
use crate::expression::{Expression, Subset};
use crate::item::Item;
use crate::processing::{Action, Rule};
use crate::random::Random;
use crate::score::{Evaluator, Outcomes, Refusal, Responses, Session, Status, Violation, read_for, violations};
use crate::value::{BaseType, Cardinality, Scalar, Value};
use crate::xml::Element;
use std::collections::BTreeMap;

/// What is known of one item of a session.
#[derive(Debug, Clone)]
pub struct ItemState {
    /// The item.
    pub item: Item,
    /// Its session.
    pub session: Session,
    /// Outcomes of its last attempt.
    pub outcomes: Option<Outcomes>,
    /// Whether it was shown.
    pub presented: bool,
    /// Whether a response other than its default was given.
    pub responded: bool,
}

/// A session of a test: its plan, the states of its items and the test's own outcomes.
#[derive(Debug, Clone)]
pub struct TestSession<'a> {
    pub(super) test: &'a Test,
    /// The items, in order.
    pub plan: Vec<Planned<'a>>,
    /// States by key of the plan; items that were not found have none.
    pub states: BTreeMap<String, ItemState>,
    /// Outcomes of the test.
    pub outcomes: Outcomes,
    /// Why this test cannot be given at all: a section whose items are chosen elsewhere, or one in a file that was not
    /// followed. The plan is empty then, and the outcomes stay at their defaults.
    pub refused: Option<Refusal>,
    seed: u64,
}

/// Why an answer may not be taken now.
#[derive(Debug, Clone, PartialEq)]
pub enum Bar {
    /// All attempts are used; how many there were.
    Attempts(i64),
    /// An answer is asked for and none is given.
    Unanswered,
    /// The answer breaks a limit of its interaction.
    Violation(Violation),
    /// The time of this test, part, section or item is over.
    Late(String),
}

impl<'a> TestSession<'a> {
    /// Starts a session. `find` gives the item of an `href`; items it does not know stay without a state and
    /// count as never presented.
    pub fn start(test: &'a Test, seed: u64, find: &dyn Fn(&str) -> Option<Item>) -> Self {
        let refused = refusal(test);
        let plan = if refused.is_some() { Vec::new() } else { plan(test, seed) };
        let mut session = Self { test, plan, states: BTreeMap::new(), outcomes: Outcomes::default(), refused, seed };
        session.reset();
        for index in 0..session.plan.len() {
            let planned = session.plan[index].clone();
            let Some(item) = find(&planned.item.href) else { continue };
            let mut preset = BTreeMap::new();
            for default in &planned.item.template_defaults {
                if let Ok(value) = session.value(&default.value) {
                    preset.insert(default.identifier.clone(), value);
                }
            }
            // Every item draws from a seed of its own, the same whenever the session is built again.
            let own = seed ^ (index as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let state = ItemState {
                session: Session::start_with(&item, own, preset),
                item,
                outcomes: None,
                presented: false,
                responded: false,
            };
            session.states.insert(planned.key, state);
        }
        session.process();
        session
    }

    fn reset(&mut self) {
        self.outcomes.values.clear();
        self.outcomes.notices.clear();
        self.outcomes.status = self.refused.clone().map_or(Status::Complete, Status::Refused);
        for declaration in self.test.declarations.iter().filter(|d| d.role == Role::Outcome) {
            let default = match (declaration.default_value.is_some(), declaration.cardinality, declaration.base_type) {
                (false, Cardinality::Single, Some(BaseType::Integer)) => Value::integer(0),
                (false, Cardinality::Single, Some(BaseType::Float)) => Value::float(0.0),
                _ => declaration.default(),
            };
            self.outcomes.values.insert(declaration.identifier.clone(), default);
        }
    }

    fn value(&self, expression: &Expression) -> Result<Value, Refusal> {
        let mut random = Random::new(self.seed);
        Evaluator::new(&mut random).evaluate(expression, self)
    }

    pub(super) fn is_true(&self, expression: &Expression) -> bool {
        self.value(expression).is_ok_and(|value| crate::score::is_true(&value))
    }

    /// Notes that an item was shown.
    pub fn present(&mut self, at: usize) {
        if let Some(state) = self.plan.get(at).and_then(|planned| self.states.get_mut(&planned.key)) {
            state.presented = true;
        }
    }

    /// Scores one attempt at an item and then the test.
    pub fn submit(&mut self, at: usize, responses: &Responses) -> Option<Outcomes> {
        let key = self.plan.get(at)?.key.clone();
        let state = self.states.get_mut(&key)?;
        state.presented = true;
        let outcomes = state.session.submit(&state.item, responses);
        state.responded |= state.session.has_response(&state.item);
        state.outcomes = Some(outcomes.clone());
        self.process();
        Some(outcomes)
    }

    /// Runs outcome processing over the items as they are. A refusal leaves outcomes at their defaults; an
    /// item that waits for people, or was refused, makes the test's outcomes wait too.
    pub fn process(&mut self) {
        self.reset();
        if self.refused.is_some() {
            return;
        }
        if let Some(rules) = &self.test.outcome_processing {
            let mut random = Random::new(self.seed ^ 0x7e57);
            let mut evaluator = Evaluator::new(&mut random);
            if let Err(refusal) = self.rules(rules, &mut evaluator) {
                self.reset();
                self.outcomes.status = Status::Refused(refusal);
                return;
            }
        }
        let waiting: Vec<String> = self
            .states
            .iter()
            .filter(|(_, state)| state.outcomes.as_ref().is_some_and(|o| o.status != Status::Complete))
            .map(|(key, _)| key.clone())
            .collect();
        if !waiting.is_empty() {
            self.outcomes.status = Status::Pending(waiting);
        }
    }

    /// True when processing goes on, false after an exit.
    fn rules(&mut self, rules: &[Rule], evaluator: &mut Evaluator<'_>) -> Result<bool, Refusal> {
        for rule in rules {
            evaluator.step("rule", rule.line.0)?;
            match &rule.action {
                Action::Condition(branches) => {
                    for branch in branches {
                        let followed = match &branch.condition {
                            Some(condition) => crate::score::is_true(&evaluator.evaluate(condition, self)?),
                            None => true,
                        };
                        if followed {
                            if !self.rules(&branch.rules, evaluator)? {
                                return Ok(false);
                            }
                            break;
                        }
                    }
                }
                Action::Set(_, identifier, expression) => {
                    let value = evaluator.evaluate(expression, self)?;
                    self.assign(identifier, value, rule.line.0);
                }
                Action::SetDefault(identifier, _) => {
                    let default = self.test.declaration(identifier).map_or(Value::Null, Declaration::default);
                    self.assign(identifier, default, rule.line.0);
                }
                Action::LookupOutcomeValue(identifier, expression) => {
                    let source = evaluator.evaluate(expression, self)?.number();
                    let declaration = self.test.declaration(identifier);
                    let base_type = declaration.and_then(|d| d.base_type).unwrap_or(BaseType::Float);
                    let value = declaration
                        .and_then(|d| d.lookup_table.as_ref())
                        .and_then(|table| table.look_up(source))
                        .and_then(|text| Scalar::parse(base_type, &text))
                        .map_or(Value::Null, Value::Single);
                    self.assign(identifier, value, rule.line.0);
                }
                Action::Exit => return Ok(false),
                Action::Fragment(rules) => {
                    if !self.rules(rules, evaluator)? {
                        return Ok(false);
                    }
                }
                Action::TemplateConstraint(_) | Action::Unknown(_) => {
                    return Err(Refusal {
                        construct: rule.name(crate::processing::Context::Outcome),
                        line: rule.line.0,
                        reason: "it is not a rule of outcome processing that we know",
                    });
                }
            }
        }
        Ok(true)
    }

    fn assign(&mut self, identifier: &str, value: Value, line: u32) {
        let problem = match self.test.declaration(identifier).map(|declaration| crate::score::fit(declaration, &value))
        {
            Some(Some(fitted)) => {
                self.outcomes.values.insert(identifier.to_owned(), fitted);
                return;
            }
            Some(None) => "is given a value of another type",
            None => "is not declared",
        };
        self.outcomes.notices.push(format!("line {line}: {identifier} {problem}"));
        self.outcomes.values.insert(identifier.to_owned(), value);
    }

    /// Feedback of the test to show now: `at_end` when it is over, otherwise while it runs.
    #[must_use]
    pub fn feedback(&self, at_end: bool) -> Vec<&'a Element> {
        self.shown(&self.test.feedbacks, at_end)
    }

    /// Feedback of a part (by its index) to show now: `at_end` when the part is over, otherwise while it runs.
    #[must_use]
    pub fn part_feedback(&self, part: usize, at_end: bool) -> Vec<&'a Element> {
        self.test.parts.get(part).map(|part| self.shown(&part.feedbacks, at_end)).unwrap_or_default()
    }

    fn shown(&self, feedbacks: &'a [Element], at_end: bool) -> Vec<&'a Element> {
        let wanted = if at_end { "atEnd" } else { "during" };
        feedbacks
            .iter()
            .filter(|feedback| feedback.attribute("access").unwrap_or("atEnd") == wanted)
            .filter(|feedback| crate::render::is_feedback_shown(feedback, Some(&self.outcomes)))
            .collect()
    }

    /// The time limits around and on an item, outermost first, with the identifier of what they are on and the seconds
    /// spent there so far.
    #[must_use]
    pub fn time_limits(&self, at: usize) -> Vec<(&'a str, &'a TimeLimits, f64)> {
        let Some(planned) = self.plan.get(at) else { return Vec::new() };
        let part = &self.test.parts[planned.part];
        let mut out = Vec::new();
        let mut push = |name: &'a str, limits: &'a Option<TimeLimits>, spent: f64| {
            if let Some(limits) = limits {
                out.push((name, limits, spent));
            }
        };
        push(&self.test.identifier, &self.test.time_limits, self.spent(&|_| true));
        push(&part.identifier, &part.common.time_limits, self.spent(&|p| p.part == planned.part));
        for section in &planned.sections {
            push(&section.identifier, &section.common.time_limits, self.spent(&|p| is_in(p, &section.identifier)));
        }
        push(&planned.item.identifier, &planned.item.common.time_limits, self.spent(&|p| p.key == planned.key));
        out
    }

    /// Seconds spent on the items of a kind.
    pub(super) fn spent(&self, counts: &dyn Fn(&Planned<'_>) -> bool) -> f64 {
        self.plan
            .iter()
            .filter(|planned| counts(planned))
            .filter_map(|planned| self.states.get(&planned.key)?.session.values.get("duration")?.number())
            .sum()
    }

    /// What speaks against taking an answer now: attempts used up, nothing answered where skipping is not allowed, limits
    /// of interactions where answers are validated, and time limits that allow no late answer. `seconds` is what the item
    /// has taken in all, as the player measured it.
    #[must_use]
    pub fn bars(&self, at: usize, responses: &Responses, seconds: f64) -> Vec<Bar> {
        let Some((planned, state)) = self.plan.get(at).and_then(|p| Some((p, self.states.get(&p.key)?))) else {
            return Vec::new();
        };
        let control = &planned.control;
        let mut out = Vec::new();
        // An adaptive item goes on until it says that it is complete, whatever the number of attempts.
        let most = control.max_attempts.unwrap_or(1);
        if most > 0 && state.session.attempts >= most && !state.item.adaptive {
            out.push(Bar::Attempts(state.session.attempts));
        }
        let answered = state.item.declarations_of(Role::Response).any(|declaration| {
            let texts = responses.0.get(&declaration.identifier).map(Vec::as_slice).unwrap_or_default();
            !read_for(&state.item, declaration, texts).is_null()
        });
        let individual = self.test.parts[planned.part].submission == super::Submission::Individual;
        if individual && !answered && control.allow_skipping == Some(false) {
            out.push(Bar::Unanswered);
        }
        if individual && control.validate_responses == Some(true) {
            out.extend(violations(&state.item, responses).into_iter().map(Bar::Violation));
        }
        let before = state.session.values.get("duration").and_then(Value::number).unwrap_or(0.0);
        for (name, limits, spent) in self.time_limits(at) {
            let total = spent - before + seconds.max(before);
            if limits.allow_late != Some(true) && limits.max.is_some_and(|max| total > max) {
                out.push(Bar::Late(name.to_owned()));
            }
        }
        out
    }

    /// The items an expression about the test counts.
    pub(super) fn subset(&self, subset: &Subset) -> impl Iterator<Item = (&Planned<'a>, Option<&ItemState>)> {
        let subset = subset.clone();
        self.plan
            .iter()
            .filter(move |planned| {
                let in_section = subset
                    .section
                    .as_ref()
                    .is_none_or(|name| planned.sections.iter().any(|section| section.identifier == *name));
                let categories = &planned.item.categories;
                let included = subset.include.is_empty() || subset.include.iter().any(|c| categories.contains(c));
                in_section && included && !subset.exclude.iter().any(|c| categories.contains(c))
            })
            .map(|planned| (planned, self.states.get(&planned.key)))
    }
}

pub(super) fn is_in(planned: &Planned<'_>, section: &str) -> bool {
    planned.sections.iter().any(|own| own.identifier == section)
}

/// The construct of a test that keeps it from being given.
fn refusal(test: &Test) -> Option<Refusal> {
    let adaptive = test.sections().into_iter().find_map(|section| section.adaptive.as_ref()).map(|adaptive| Refusal {
        construct: "qti-adaptive-selection".to_owned(),
        line: adaptive.line.0,
        reason: "an engine outside the test chooses the items",
    });
    adaptive.or_else(|| {
        test.section_refs().first().map(|reference| Refusal {
            construct: "qti-assessment-section-ref".to_owned(),
            line: reference.common.line.0,
            reason: "the file of the section was not followed",
        })
    })
}
