//! Evaluation of expressions: three-valued, total, bounded.

use super::mapping::{map_response, map_response_point};
use super::numbers::{gcd, inside, math, result_of, round_decimal, round_half_up};
use super::pattern::pattern as regex_of;
use crate::declaration::{Declaration, as_written};
use crate::expression::{Expression, Legacy, Operator, Statistic, Subset, ToleranceMode};
use crate::random::Random;
use crate::value::{Cardinality, Scalar, Value, parse_float, parse_integer, whole};

/// Most steps one processing may take. A step is an expression or rule, or some bytes of a value: so the budget
/// bounds memory as well as time.
const MAX_STEPS: usize = 2_000_000;
/// Longest container an expression may make.
const MAX_CONTAINER: usize = 10_000;

/// Why processing was refused: the construct by name and its line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: <{construct}> cannot be processed here: {reason}")]
pub struct Refusal {
    /// Element name.
    pub construct: String,
    /// Line in the file, 1-based; 0 for parts made by a program.
    pub line: u32,
    /// Why.
    pub reason: &'static str,
}

/// Why expressions about all items of a test are refused in an item.
const FOR_TESTS: &str = "it is about a whole test and stands in an item";

impl Refusal {
    /// Whether a test could answer what the item alone cannot.
    #[must_use]
    pub fn is_for_tests(&self) -> bool {
        self.reason == FOR_TESTS
    }

    /// Whether a file that the item includes is not there.
    #[must_use]
    pub fn is_for_a_file(&self) -> bool {
        self.construct.rsplit(':').next() == Some("include")
    }
}

/// What an expression can ask about the world around it. An item session and a test session answer differently.
pub trait Environment {
    /// Current value of a variable; NULL when it does not exist. `weight` names a weight of a test item.
    fn variable(&self, identifier: &str, weight: Option<&str>) -> Value;
    /// Declaration of a variable.
    fn declaration(&self, identifier: &str) -> Option<&Declaration>;
    /// Correct response, as template processing left it.
    fn correct(&self, identifier: &str) -> Value;
    /// Default value, as template processing left it.
    fn default(&self, identifier: &str) -> Value;
    /// Expressions about all items of a test; `None` outside tests.
    fn test(&self, operator: &Operator, subset: &Subset) -> Option<Value> {
        let _ = (operator, subset);
        None
    }
}

/// Evaluates expressions against an [`Environment`].
#[derive(Debug)]
pub struct Evaluator<'a> {
    /// Source of drawn numbers.
    pub random: &'a mut Random,
    steps: usize,
}

/// What every expression gives: a value, or the refusal of a construct.
type Evaluated = Result<Value, Refusal>;

impl<'a> Evaluator<'a> {
    /// An evaluator with a fresh step budget.
    pub fn new(random: &'a mut Random) -> Self {
        Self { random, steps: 0 }
    }

    /// Counts one step of a rule or expression.
    ///
    /// # Errors
    /// [`Refusal`] when the budget is used up.
    pub fn step(&mut self, construct: &str, line: u32) -> Result<(), Refusal> {
        self.steps_of(1, construct, line)
    }

    /// Counts work that grows with values.
    fn steps_of(&mut self, count: usize, construct: &str, line: u32) -> Result<(), Refusal> {
        self.steps = self.steps.saturating_add(count);
        if self.steps > MAX_STEPS {
            return Err(Refusal { construct: construct.to_owned(), line, reason: "processing takes too many steps" });
        }
        Ok(())
    }

    /// The value of an expression.
    ///
    /// # Errors
    /// [`Refusal`] for constructs that cannot be evaluated here: unknown ones, custom operators, expressions
    /// about a whole test in an item, a pattern that is no regular expression, too much work.
    pub fn evaluate(&mut self, expression: &Expression, environment: &dyn Environment) -> Evaluated {
        let value = self.unweighed(expression, environment)?;
        self.steps_of(weight(&value), expression.name(), expression.line.0)?;
        Ok(value)
    }

    fn unweighed(&mut self, expression: &Expression, environment: &dyn Environment) -> Evaluated {
        use Operator as O;
        self.step(expression.name(), expression.line.0)?;
        let refuse = |reason| Err(Refusal { construct: expression.name().to_owned(), line: expression.line.0, reason });
        // Expressions without operands, and those that must not evaluate all of them.
        match &expression.operator {
            O::BaseValue { base_type, value } => {
                return Ok(Scalar::parse(*base_type, as_written(value)).map_or(Value::Null, Value::Single));
            }
            O::Variable { identifier, weight } => {
                return Ok(environment.variable(identifier, weight.as_deref()));
            }
            O::Null => return Ok(Value::Null),
            O::Default { identifier } => return Ok(environment.default(identifier)),
            O::Correct { identifier } => return Ok(environment.correct(identifier)),
            O::MapResponse { identifier } => {
                let entries = environment.declaration(identifier).and_then(|d| d.mapping.as_ref());
                let entries = entries.map_or(0, |mapping| mapping.entries.len());
                let values = environment.variable(identifier, None).scalars().len();
                self.steps_of(values * (values + entries), expression.name(), expression.line.0)?;
                return Ok(map_response(identifier, environment));
            }
            O::Legacy(Legacy::MapOutcome { identifier }) => {
                return Ok(map_response(identifier, environment));
            }
            O::MapResponsePoint { identifier } => {
                return Ok(map_response_point(identifier, environment));
            }
            O::MathConstant { name } => {
                return match name.as_str() {
                    "pi" => Ok(Value::float(std::f64::consts::PI)),
                    "e" => Ok(Value::float(std::f64::consts::E)),
                    _ => refuse("only pi and e are constants"),
                };
            }
            O::RandomInteger { min, max, step } => {
                return Ok(self.random_integer(min, max, step.as_deref(), environment));
            }
            O::RandomFloat { min, max } => {
                let (Some(low), Some(high)) = (float_of(min, environment), float_of(max, environment)) else {
                    return Ok(Value::Null);
                };
                return Ok(if low <= high {
                    Value::float(low + (high - low) * self.random.fraction())
                } else {
                    Value::Null
                });
            }
            O::TestVariables { subset, .. }
            | O::OutcomeMaximum { subset, .. }
            | O::OutcomeMinimum { subset, .. }
            | O::NumberCorrect(subset)
            | O::NumberIncorrect(subset)
            | O::NumberResponded(subset)
            | O::NumberPresented(subset)
            | O::NumberSelected(subset) => {
                return match environment.test(&expression.operator, subset) {
                    Some(value) => Ok(value),
                    None => refuse(FOR_TESTS),
                };
            }
            O::Custom { .. } => return refuse("custom operators are not run"),
            O::Unknown(_) => return refuse("it is not an expression of QTI that we know"),
            _ => {}
        }
        let mut operands = Vec::with_capacity(expression.operands.len());
        for operand in &expression.operands {
            operands.push(self.evaluate(operand, environment)?);
        }
        // Comparing containers takes the product of their lengths, compiling a pattern as much as many steps.
        let cost = match &expression.operator {
            O::Match | O::Contains | O::Equal { .. } => {
                operands.iter().map(|value| length(value).max(1)).fold(1, usize::saturating_mul)
            }
            O::PatternMatch { .. } => 5_000,
            _ => 1,
        };
        self.steps_of(cost, expression.name(), expression.line.0)?;
        self.apply(expression, &operands, environment)
    }

    fn apply(&mut self, expression: &Expression, operands: &[Value], environment: &dyn Environment) -> Evaluated {
        use Operator as O;
        let refuse = |reason| Err(Refusal { construct: expression.name().to_owned(), line: expression.line.0, reason });
        let first = operands.first().unwrap_or(&Value::Null);
        let second = operands.get(1).unwrap_or(&Value::Null);
        let either_null = first.is_null() || second.is_null();
        let integer = |text: &str| integer_of(text, environment);
        Ok(match &expression.operator {
            O::Multiple | O::Ordered => {
                let scalars: Vec<_> = operands.iter().flat_map(|v| v.scalars().to_vec()).collect();
                if scalars.len() > MAX_CONTAINER {
                    return refuse("the container is too long");
                }
                let cardinality =
                    if expression.operator == O::Multiple { Cardinality::Multiple } else { Cardinality::Ordered };
                Value::container(cardinality, scalars)
            }
            O::ContainerSize => Value::integer(first.scalars().len() as i64),
            O::IsNull => Value::boolean(first.is_null()),
            O::Index { n } => index(first, integer(n)),
            O::Legacy(Legacy::IndexOf) => index(first, second.number().and_then(whole)),
            O::FieldValue { field } => match first {
                Value::Record(fields) => fields
                    .iter()
                    .find(|(name, _)| name == field)
                    .and_then(|(_, value)| value.clone())
                    .map_or(Value::Null, Value::Single),
                _ => Value::Null,
            },
            O::Random => {
                let scalars = first.scalars();
                if scalars.is_empty() {
                    Value::Null
                } else {
                    let chosen = self.random.below(scalars.len() as u64) as usize;
                    Value::Single(scalars[chosen].clone())
                }
            }
            O::Member => match first.single() {
                Some(value) if !second.is_null() => {
                    Value::boolean(second.scalars().iter().any(|other| other.same(value)))
                }
                _ => Value::Null,
            },
            O::Delete => {
                // The first operand is the single value, the second the container; both orders are found.
                let (value, container) = match (first, second) {
                    (Value::Multiple(_) | Value::Ordered(_), Value::Single(_)) => (second, first),
                    _ => (first, second),
                };
                match value.single() {
                    Some(value) if !container.is_null() => Value::container(
                        container.cardinality().unwrap_or(Cardinality::Multiple),
                        container.scalars().iter().filter(|other| !other.same(value)).cloned().collect(),
                    ),
                    _ => Value::Null,
                }
            }
            O::Contains if either_null => Value::Null,
            O::Contains => Value::boolean(contains(first, second)),
            O::Substring { case_sensitive } => match (word(first), word(second)) {
                (Some(part), Some(text)) => Value::boolean(if *case_sensitive {
                    text.contains(&part)
                } else {
                    text.to_lowercase().contains(&part.to_lowercase())
                }),
                _ => Value::Null,
            },
            O::Legacy(Legacy::SubstringAt) => substring_at(operands),
            O::Not => boolean(first).map_or(Value::Null, |b| Value::boolean(!b)),
            O::And => three_valued(operands, false),
            O::Or => three_valued(operands, true),
            O::AnyN { min, max } => match (integer(min), integer(max)) {
                (Some(min), Some(max)) => any_n(operands, min, max),
                _ => Value::Null,
            },
            O::Legacy(Legacy::AllN { max }) => integer(max).map_or(Value::Null, |max| any_n(operands, 0, max)),
            O::Legacy(Legacy::ToBoolean) => Value::boolean(truthy(first)),
            O::Legacy(Legacy::IsTypeOf) => match (first.single(), word(second)) {
                (Some(scalar), Some(name)) => Value::boolean(scalar.base_type().name() == name),
                _ => Value::Null,
            },
            O::Legacy(Legacy::LookupTable(table)) => match table.look_up(first.number()) {
                Some(text) => {
                    parse_float(text.trim()).map_or_else(|| Value::Single(Scalar::String(text.clone())), Value::float)
                }
                None => Value::Null,
            },
            O::Match if either_null => Value::Null,
            O::Match => Value::boolean(match_values(first, second)),
            O::StringMatch { case_sensitive, substring } => match (word(first), word(second)) {
                (Some(mut a), Some(mut b)) => {
                    if !case_sensitive {
                        a = a.to_lowercase();
                        b = b.to_lowercase();
                    }
                    Value::boolean(if *substring { a.contains(&b) } else { a == b })
                }
                _ => Value::Null,
            },
            O::PatternMatch { pattern } => {
                let Some(text) = word(first) else {
                    return Ok(Value::Null);
                };
                match regex_of(pattern, environment) {
                    Some(regex) => Value::boolean(regex.is_match(&text)),
                    None => return refuse("its pattern is no regular expression we can read"),
                }
            }
            O::Equal { .. } if either_null => Value::Null,
            O::Equal { mode, tolerance, include_lower, include_upper } => {
                match (first.number(), second.number()) {
                    (Some(x), Some(y)) => {
                        equal(x, y, *mode, tolerance.as_deref(), *include_lower, *include_upper, environment)
                    }
                    // 2.x items compare identifiers with it.
                    _ => Value::boolean(match_values(first, second)),
                }
            }
            O::EqualRounded { mode, figures } => match (first.number(), second.number(), integer(figures)) {
                (Some(x), Some(y), Some(n)) => match (round_decimal(x, *mode, n), round_decimal(y, *mode, n)) {
                    #[expect(clippy::float_cmp, reason = "both were rounded to the same grid")]
                    (Some(x), Some(y)) => Value::boolean(x == y),
                    _ => Value::Null,
                },
                _ => Value::Null,
            },
            O::Inside(area) => {
                if first.is_null() {
                    return Ok(Value::Null);
                }
                Value::boolean(first.scalars().iter().any(|scalar| match scalar {
                    Scalar::Point(x, y) => inside(area, *x, *y),
                    _ => false,
                }))
            }
            O::Lt | O::DurationLt => compare(first, second, |x, y| x < y),
            O::Gt => compare(first, second, |x, y| x > y),
            O::Lte => compare(first, second, |x, y| x <= y),
            O::Gte | O::DurationGte => compare(first, second, |x, y| x >= y),
            O::Sum => fold(operands, 0, 0.0, i64::checked_add, |a, b| a + b),
            O::Product => fold(operands, 1, 1.0, i64::checked_mul, |a, b| a * b),
            O::Subtract => match (integer_value(first), integer_value(second)) {
                (Some(a), Some(b)) => a.checked_sub(b).map_or(Value::Null, Value::integer),
                _ => binary(first, second, |x, y| Some(x - y)),
            },
            O::Divide => binary(first, second, |x, y| (y != 0.0).then(|| x / y)),
            O::Power => binary(first, second, |x, y| Some(libm::pow(x, y))),
            O::IntegerDivide => match (whole_value(first), whole_value(second)) {
                (Some(a), Some(b)) => floor_divide(a, b).map_or(Value::Null, Value::integer),
                _ => Value::Null,
            },
            O::IntegerModulus => match (whole_value(first), whole_value(second)) {
                (Some(a), Some(b)) => floor_divide(a, b)
                    .and_then(|q| q.checked_mul(b))
                    .and_then(|product| a.checked_sub(product))
                    .map_or(Value::Null, Value::integer),
                _ => Value::Null,
            },
            O::Truncate => to_integer(first, f64::trunc),
            O::Round => to_integer(first, round_half_up),
            O::RoundTo { mode, figures } => match (first.number(), integer(figures)) {
                (Some(x), Some(n)) => round_decimal(x, *mode, n).map_or(Value::Null, Value::float),
                _ => Value::Null,
            },
            O::IntegerToFloat => match first {
                Value::Multiple(values) | Value::Ordered(values) => Value::container(
                    first.cardinality().unwrap_or(Cardinality::Multiple),
                    values.iter().filter_map(|v| v.number().map(Scalar::Float)).collect(),
                ),
                _ => first.number().map_or(Value::Null, Value::float),
            },
            O::Max => extreme(operands, |a, b| a > b),
            O::Min => extreme(operands, |a, b| a < b),
            O::Gcd | O::Lcm => divisors(operands, expression.operator == O::Gcd),
            O::Repeat { number_repeats } => {
                let count = integer(number_repeats).unwrap_or(0);
                let once: Vec<_> = operands.iter().flat_map(|v| v.scalars().to_vec()).collect();
                if count < 1 || once.is_empty() {
                    return Ok(Value::Null);
                }
                let total = usize::try_from(count).ok().and_then(|n| n.checked_mul(once.len()));
                let once_weighs = once.iter().map(weight_of).fold(0, usize::saturating_add);
                let weighs = once_weighs.saturating_mul(usize::try_from(count).unwrap_or(usize::MAX));
                self.steps_of(weighs, expression.name(), expression.line.0)?;
                match total {
                    Some(total) if total <= MAX_CONTAINER => {
                        Value::Ordered(once.iter().cycle().take(total).cloned().collect())
                    }
                    _ => return refuse("the container is too long"),
                }
            }
            O::Stats(statistic) => stats(*statistic, first),
            O::Math(function) => {
                let numbers: Option<Vec<f64>> = operands.iter().map(Value::number).collect();
                let value = numbers.and_then(|numbers| math(*function, &numbers));
                match (function.name(), value) {
                    // These three give integers (information model, "Math Operator").
                    ("floor" | "ceil" | "signum", Some(x)) => integer_or_infinite(x),
                    (_, Some(x)) => Value::float(x),
                    (_, None) => Value::Null,
                }
            }
            _ => return refuse("it takes no operands"),
        })
    }

    fn random_integer(&mut self, min: &str, max: &str, step: Option<&str>, environment: &dyn Environment) -> Value {
        let step = step.map_or(Some(1), |text| integer_of(text, environment));
        let (Some(min), Some(max), Some(step)) = (integer_of(min, environment), integer_of(max, environment), step)
        else {
            return Value::Null;
        };
        let Some(range) = max.checked_sub(min).filter(|range| *range >= 0 && step >= 1) else {
            return Value::Null;
        };
        let drawn = self.random.below((range / step).unsigned_abs() + 1);
        i64::try_from(drawn)
            .ok()
            .and_then(|drawn| drawn.checked_mul(step))
            .and_then(|offset| min.checked_add(offset))
            .map_or(Value::Null, Value::integer)
    }
}

/// How many values or fields a value holds.
fn length(value: &Value) -> usize {
    match value {
        Value::Record(fields) => fields.len(),
        other => other.scalars().len(),
    }
}

/// What a value counts as steps: one per value and one per 16 bytes of text.
fn weight(value: &Value) -> usize {
    match value {
        Value::Record(fields) => {
            fields.iter().map(|(name, value)| name.len() / 16 + 1 + value.as_ref().map_or(0, weight_of)).sum()
        }
        other => other.scalars().iter().map(weight_of).sum(),
    }
}

fn weight_of(scalar: &Scalar) -> usize {
    1 + match scalar {
        Scalar::Pair(a, b) | Scalar::DirectedPair(a, b) => (a.len() + b.len()) / 16,
        other => other.word().map_or(0, |text| text.len() / 16),
    }
}

/// A condition's value as true or not: NULL is not. Numbers and texts count as 2.x items expect.
pub(crate) fn truthy(value: &Value) -> bool {
    match value.single() {
        Some(Scalar::Boolean(b)) => *b,
        Some(scalar) => scalar.number().is_none_or(|x| x != 0.0),
        None => !value.is_null(),
    }
}

fn boolean(value: &Value) -> Option<bool> {
    match value.single() {
        Some(Scalar::Boolean(b)) => Some(*b),
        Some(_) => Some(truthy(value)),
        None => None,
    }
}

fn word(value: &Value) -> Option<String> {
    value.single().map(ToString::to_string)
}

fn integer_value(value: &Value) -> Option<i64> {
    match value.single() {
        Some(Scalar::Integer(n)) => Some(*n),
        _ => None,
    }
}

/// An integer, or a float that is one: 2.x items divide what other operators made.
fn whole_value(value: &Value) -> Option<i64> {
    integer_value(value).or_else(|| value.number().and_then(whole))
}

/// A number written in an attribute, or the value of the variable named there (`x` or `{x}`).
fn float_of(text: &str, environment: &dyn Environment) -> Option<f64> {
    let text = text.trim();
    parse_float(text)
        .or_else(|| environment.variable(text.trim_start_matches('{').trim_end_matches('}'), None).number())
}

pub(super) fn integer_of(text: &str, environment: &dyn Environment) -> Option<i64> {
    let text = text.trim();
    parse_integer(text).or_else(|| float_of(text, environment).and_then(whole))
}

fn index(container: &Value, n: Option<i64>) -> Value {
    let position = n.and_then(|n| n.checked_sub(1)).and_then(|n| usize::try_from(n).ok());
    match (container, position) {
        (Value::Ordered(values) | Value::Multiple(values), Some(position)) => {
            values.get(position).cloned().map_or(Value::Null, Value::Single)
        }
        _ => Value::Null,
    }
}

/// `match`: the same value. A single value and a container of one are told apart only by careful authors.
fn match_values(first: &Value, second: &Value) -> bool {
    match (first, second) {
        (Value::Single(a), Value::Multiple(b) | Value::Ordered(b))
        | (Value::Multiple(b) | Value::Ordered(b), Value::Single(a)) => b.len() == 1 && b[0].same(a),
        (Value::Multiple(a), Value::Ordered(b)) | (Value::Ordered(b), Value::Multiple(a)) => {
            Value::Multiple(a.clone()).same(&Value::Multiple(b.clone()))
        }
        _ => first.same(second),
    }
}

/// `contains`: a run of an ordered container, a part of a bag.
fn contains(first: &Value, second: &Value) -> bool {
    let (all, part) = (first.scalars(), second.scalars());
    if let (Value::Ordered(_), Value::Ordered(_)) = (first, second) {
        return all.windows(part.len()).any(|run| run.iter().zip(part).all(|(a, b)| a.same(b)));
    }
    let mut used = vec![false; all.len()];
    part.iter().all(|wanted| {
        let found = (0..all.len()).find(|index| !used[*index] && all[*index].same(wanted));
        match found {
            Some(index) => {
                used[index] = true;
                true
            }
            None => false,
        }
    })
}

/// `and` (decided by a false) and `or` (decided by a true) with NULL as the third value.
fn three_valued(operands: &[Value], decisive: bool) -> Value {
    let mut unknown = false;
    for operand in operands {
        match boolean(operand) {
            Some(b) if b == decisive => return Value::boolean(decisive),
            Some(_) => {}
            None => unknown = true,
        }
    }
    if unknown { Value::Null } else { Value::boolean(!decisive) }
}

fn any_n(operands: &[Value], min: i64, max: i64) -> Value {
    let mut yes = 0_i64;
    let mut unknown = 0_i64;
    for operand in operands {
        match boolean(operand) {
            Some(true) => yes += 1,
            Some(false) => {}
            None => unknown += 1,
        }
    }
    if yes > max || yes + unknown < min {
        Value::boolean(false)
    } else if yes >= min && yes + unknown <= max {
        Value::boolean(true)
    } else {
        Value::Null
    }
}

fn equal(
    x: f64,
    y: f64,
    mode: ToleranceMode,
    tolerance: Option<&str>,
    include_lower: bool,
    include_upper: bool,
    environment: &dyn Environment,
) -> Value {
    let limits = match mode {
        #[expect(clippy::float_cmp, reason = "exact mode means exact")]
        ToleranceMode::Exact => return Value::boolean(x == y),
        ToleranceMode::Absolute | ToleranceMode::Relative => {
            let mut parts = tolerance.unwrap_or("").split_whitespace();
            let lower = parts.next().and_then(|text| float_of(text, environment));
            let upper = parts.next().map_or(lower, |text| float_of(text, environment));
            lower.zip(upper)
        }
    };
    let Some((lower, upper)) = limits else {
        return Value::Null;
    };
    let (low, high) = match mode {
        ToleranceMode::Relative => {
            let (a, b) = (x * (1.0 - lower / 100.0), x * (1.0 + upper / 100.0));
            (a.min(b), a.max(b))
        }
        _ => (x - lower, x + upper),
    };
    // 0.7 + 0.1 is a little less than 0.8 in binary, but the author wrote decimals: a value as near to a bound as the
    // binary forms allow is the bound.
    let scale = [x, y, low, high].into_iter().map(f64::abs).fold(0.0, f64::max);
    #[expect(clippy::float_cmp, reason = "infinite bounds are met exactly")]
    let meets = |bound: f64| y == bound || (y - bound).abs() <= 4.0 * f64::EPSILON * scale;
    let above = if meets(low) { include_lower } else { y > low };
    let below = if meets(high) { include_upper } else { y < high };
    Value::boolean(above && below)
}

fn compare(first: &Value, second: &Value, holds: impl Fn(f64, f64) -> bool) -> Value {
    match (first.number(), second.number()) {
        (Some(x), Some(y)) => Value::boolean(holds(x, y)),
        _ => Value::Null,
    }
}

fn binary(first: &Value, second: &Value, apply: impl Fn(f64, f64) -> Option<f64>) -> Value {
    match (first.number(), second.number()) {
        (Some(x), Some(y)) => apply(x, y).and_then(|z| result_of(&[x, y], z)).map_or(Value::Null, Value::float),
        _ => Value::Null,
    }
}

/// All numbers of all operands; `None` when one is NULL or no number.
fn numbers(operands: &[Value]) -> Option<Vec<&Scalar>> {
    let mut out = Vec::new();
    for operand in operands {
        if operand.is_null() {
            return None;
        }
        for scalar in operand.scalars() {
            scalar.number()?;
            out.push(scalar);
        }
    }
    Some(out)
}

fn fold(
    operands: &[Value],
    start: i64,
    float_start: f64,
    exact: impl Fn(i64, i64) -> Option<i64>,
    float: impl Fn(f64, f64) -> f64,
) -> Value {
    let Some(scalars) = numbers(operands) else {
        return Value::Null;
    };
    let integers: Option<Vec<i64>> =
        scalars.iter().map(|scalar| if let Scalar::Integer(n) = scalar { Some(*n) } else { None }).collect();
    if let Some(integers) = integers {
        return integers.into_iter().try_fold(start, exact).map_or(Value::Null, Value::integer);
    }
    let numbers: Vec<f64> = scalars.iter().filter_map(|scalar| scalar.number()).collect();
    let total = numbers.iter().copied().fold(float_start, float);
    result_of(&numbers, total).map_or(Value::Null, Value::float)
}

fn extreme(operands: &[Value], better: impl Fn(f64, f64) -> bool) -> Value {
    let Some(scalars) = numbers(operands) else {
        return Value::Null;
    };
    let all_integer = scalars.iter().all(|scalar| matches!(scalar, Scalar::Integer(_)));
    let best = scalars
        .into_iter()
        .filter_map(|scalar| scalar.number().map(|x| (x, scalar)))
        .reduce(|a, b| if better(b.0, a.0) { b } else { a });
    match best {
        Some((_, scalar)) if all_integer => Value::Single(scalar.clone()),
        Some((x, _)) => Value::float(x),
        None => Value::Null,
    }
}

/// `gcd` and `lcm`: signs do not matter, gcd of zeros is 0, lcm with a zero is 0.
fn divisors(operands: &[Value], greatest: bool) -> Value {
    let Some(scalars) = numbers(operands) else {
        return Value::Null;
    };
    let mut result: Option<u64> = None;
    for scalar in scalars {
        let Scalar::Integer(n) = scalar else {
            return Value::Null;
        };
        let n = n.unsigned_abs();
        result = match result {
            None => Some(n),
            Some(so_far) if greatest => Some(gcd(so_far, n)),
            Some(0) => Some(0),
            Some(_) if n == 0 => Some(0),
            Some(so_far) => match (so_far / gcd(so_far, n)).checked_mul(n) {
                Some(multiple) => Some(multiple),
                None => return Value::Null,
            },
        };
    }
    result.and_then(|n| i64::try_from(n).ok()).map_or(Value::Null, Value::integer)
}

fn floor_divide(a: i64, b: i64) -> Option<i64> {
    let quotient = a.checked_div(b)?;
    let exact = a.checked_rem(b)? == 0;
    if !exact && (a < 0) != (b < 0) { quotient.checked_sub(1) } else { Some(quotient) }
}

fn to_integer(value: &Value, round: impl Fn(f64) -> f64) -> Value {
    match value.single() {
        Some(Scalar::Integer(n)) => Value::integer(*n),
        Some(scalar) => scalar.number().map_or(Value::Null, |x| integer_or_infinite(round(x))),
        None => Value::Null,
    }
}

/// A whole number as an integer. NaN cannot occur; infinities stay what they are (information model, "Round").
fn integer_or_infinite(x: f64) -> Value {
    if x.is_infinite() { Value::float(x) } else { whole(x).map_or(Value::Null, Value::integer) }
}

fn stats(statistic: Statistic, container: &Value) -> Value {
    let Some(scalars) = numbers(std::slice::from_ref(container)) else {
        return Value::Null;
    };
    let numbers: Vec<f64> = scalars.iter().filter_map(|scalar| scalar.number()).collect();
    let n = numbers.len() as f64;
    if numbers.is_empty() {
        return Value::Null;
    }
    let mean = numbers.iter().sum::<f64>() / n;
    let squares: f64 = numbers.iter().map(|x| (x - mean) * (x - mean)).sum();
    let sample = || (numbers.len() > 1).then(|| squares / (n - 1.0));
    let value = match statistic {
        Statistic::Mean => Some(mean),
        Statistic::PopulationVariance => Some(squares / n),
        Statistic::PopulationSd => Some((squares / n).sqrt()),
        Statistic::SampleVariance => sample(),
        Statistic::SampleSd => sample().map(f64::sqrt),
    };
    value.and_then(|value| result_of(&numbers, value)).map_or(Value::Null, Value::float)
}

fn substring_at(operands: &[Value]) -> Value {
    let (Some(text), Some(start), Some(length)) = (
        operands.first().and_then(word),
        operands.get(1).and_then(Value::number).and_then(whole),
        operands.get(2).and_then(Value::number).and_then(whole),
    ) else {
        return Value::Null;
    };
    let (Ok(skip), Ok(take)) = (usize::try_from(start - 1), usize::try_from(length)) else {
        return Value::Null;
    };
    let part: String = text.chars().skip(skip).take(take).collect();
    if part.is_empty() { Value::Null } else { Value::Single(Scalar::String(part)) }
}
