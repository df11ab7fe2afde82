//! What expressions of a test see: variables of items, counts, weights (information model, "Outcome Processing").

use super::Planned;
use super::session::{ItemState, TestSession, is_in};
use crate::declaration::{Declaration, Role};
use crate::expression::{Operator, Subset};
use crate::score::Environment;
use crate::value::{Cardinality, Scalar, Value};

fn weight_of(planned: &Planned<'_>, weight: Option<&str>) -> f64 {
    weight.and_then(|name| planned.item.weights.iter().find(|own| own.identifier == name)).map_or(1.0, |own| own.value)
}

/// The item's own name of a variable that a mapping renames.
fn own_name<'p>(planned: &'p Planned<'_>, name: &'p str) -> &'p str {
    let mapping = planned.item.variable_mappings.iter().find(|mapping| mapping.target == name);
    mapping.map_or(name, |mapping| mapping.source.as_str())
}

fn weighted(value: Value, weight: f64, is_weighted: bool) -> Value {
    match (&value, is_weighted) {
        // Weights apply to integers and floats alone ("Variable").
        (Value::Single(scalar), true) if scalar.base_type().is_numeric() => {
            scalar.number().map_or(Value::Null, |x| Value::float(x * weight))
        }
        _ => value,
    }
}

/// Whether all responses match their keys; `None` for an item without responses, or with one that has no key: such items
/// are not considered ("Number Correct").
fn is_correct(state: &ItemState) -> Option<bool> {
    let mut all_match = None;
    for declaration in state.item.declarations_of(Role::Response) {
        let key = state.session.correct(&state.item, &declaration.identifier);
        if key.is_null() {
            return None;
        }
        let given = state.session.values.get(&declaration.identifier).cloned().unwrap_or_default();
        all_match = Some(all_match.unwrap_or(true) && given.same(&key));
    }
    all_match
}

/// `testVariables`: single values of one variable over items, of the base type asked for, or numbers where none is.
/// Numbers of both types, and weighted ones, are floats.
fn of_items(session: &TestSession<'_>, operator: &Operator) -> Option<Value> {
    let Operator::TestVariables { subset, variable, weight, base_type } = operator else { return None };
    let mut values = Vec::new();
    for (planned, _) in session.subset(subset) {
        let Value::Single(scalar) = session.variable(&format!("{}.{variable}", planned.key), None) else { continue };
        let fits = match base_type {
            Some(wanted) => scalar.base_type() == *wanted,
            None => scalar.base_type().is_numeric(),
        };
        if !fits {
            continue;
        }
        values.push(match (weight, &scalar) {
            (Some(_), Scalar::Integer(_) | Scalar::Float(_)) => {
                let weighed = scalar.number().map(|x| x * weight_of(planned, weight.as_deref()));
                match weighed.map(Value::float) {
                    Some(Value::Single(weighed)) => weighed,
                    _ => continue,
                }
            }
            _ => scalar,
        });
    }
    if values.iter().any(|value| matches!(value, Scalar::Float(_))) {
        for value in &mut values {
            if let Scalar::Integer(n) = value {
                *value = Scalar::Float(*n as f64);
            }
        }
    }
    Some(Value::container(Cardinality::Multiple, values))
}

/// `outcomeMaximum` and `outcomeMinimum`: the declared ends of a single outcome over items, as a container. A missing
/// maximum makes the whole NULL, a missing minimum is passed over.
fn ends(session: &TestSession<'_>, operator: &Operator) -> Option<Value> {
    let (subset, outcome, weight, is_maximum) = match operator {
        Operator::OutcomeMaximum { subset, outcome, weight } => (subset, outcome, weight, true),
        Operator::OutcomeMinimum { subset, outcome, weight } => (subset, outcome, weight, false),
        _ => return None,
    };
    let mut values = Vec::new();
    for (planned, state) in session.subset(subset) {
        let declaration = state
            .and_then(|state| state.item.declaration(own_name(planned, outcome)))
            .filter(|declaration| declaration.role == Role::Outcome);
        if declaration.is_some_and(|declaration| declaration.cardinality != Cardinality::Single) {
            continue;
        }
        let end = declaration.and_then(|d| if is_maximum { d.normal_maximum() } else { d.normal_minimum() });
        match end {
            Some(end) => values.push(Scalar::Float(end * weight_of(planned, weight.as_deref()))),
            None if is_maximum => return Some(Value::Null),
            None => {}
        }
    }
    Some(Value::container(Cardinality::Multiple, values))
}

impl Environment for TestSession<'_> {
    fn variable(&self, identifier: &str, weight: Option<&str>) -> Value {
        if let Some(value) = self.outcomes.values.get(identifier) {
            return value.clone();
        }
        if identifier == "duration" {
            return Value::Single(Scalar::Duration(self.spent(&|_| true)));
        }
        // `q1.SCORE`, or `q1.2.SCORE` for the second time q1 was drawn; `q1.1.SCORE` is the first.
        let Some((key, name)) = identifier.rsplit_once('.') else { return Value::Null };
        let key = if self.states.contains_key(key) { key } else { key.strip_suffix(".1").unwrap_or(key) };
        let Some(planned) = self.plan.iter().find(|planned| planned.key == key) else {
            // Parts and sections have a duration, too (information model, "Built-in Variables").
            let part = self.test.parts.iter().position(|part| part.identifier == key);
            let section = self.plan.iter().any(|planned| is_in(planned, key));
            return match (name, part) {
                ("duration", Some(part)) => Value::Single(Scalar::Duration(self.spent(&|p| p.part == part))),
                ("duration", None) if section => Value::Single(Scalar::Duration(self.spent(&|p| is_in(p, key)))),
                _ => Value::Null,
            };
        };
        let Some(state) = self.states.get(key) else { return Value::Null };
        let name = own_name(planned, name);
        let value = state
            .outcomes
            .as_ref()
            .and_then(|outcomes| outcomes.values.get(name))
            .or_else(|| state.session.values.get(name))
            .cloned()
            .unwrap_or_default();
        weighted(value, weight_of(planned, weight), weight.is_some())
    }

    fn declaration(&self, identifier: &str) -> Option<&Declaration> {
        self.test.declaration(identifier).or_else(|| {
            let (key, name) = identifier.rsplit_once('.')?;
            self.states.get(key)?.item.declaration(name)
        })
    }

    fn correct(&self, identifier: &str) -> Value {
        let Some((key, name)) = identifier.rsplit_once('.') else { return Value::Null };
        self.states.get(key).map_or(Value::Null, |state| state.session.correct(&state.item, name))
    }

    fn default(&self, identifier: &str) -> Value {
        self.declaration(identifier).map_or(Value::Null, Declaration::default)
    }

    fn test(&self, operator: &Operator, subset: &Subset) -> Option<Value> {
        use Operator as O;
        let count = |counts: &dyn Fn(&ItemState) -> bool| {
            let n = self.subset(subset).filter(|(_, state)| state.is_some_and(counts)).count();
            Some(Value::integer(n as i64))
        };
        match operator {
            O::NumberSelected(_) => Some(Value::integer(self.subset(subset).count() as i64)),
            O::NumberPresented(_) => count(&|state| state.presented),
            O::NumberResponded(_) => count(&|state| state.responded),
            O::NumberCorrect(_) => count(&|state| state.presented && is_correct(state) == Some(true)),
            O::NumberIncorrect(_) => count(&|state| state.presented && is_correct(state) == Some(false)),
            O::TestVariables { .. } => of_items(self, operator),
            O::OutcomeMaximum { .. } | O::OutcomeMinimum { .. } => ends(self, operator),
            _ => None,
        }
    }
}
