//! Checks of expressions: operands, types, cardinalities, variables.

use super::{Findings, is_variable};
use crate::declaration::Declaration;
use crate::expression::{Expression, Operator};
use crate::item::Item;
use crate::value::{BaseType, Cardinality};

/// What is known of an expression's value before it is evaluated; `None` where anything may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Type {
    pub(crate) cardinality: Option<Cardinality>,
    pub(crate) base_type: Option<BaseType>,
}

const ANY: Type = Type { cardinality: None, base_type: None };

fn single(base_type: BaseType) -> Type {
    Type { cardinality: Some(Cardinality::Single), base_type: Some(base_type) }
}

/// Fewest and most operands of an operator.
pub fn arity(operator: &Operator) -> (usize, usize) {
    use Operator as O;
    match operator {
        O::BaseValue { .. }
        | O::Variable { .. }
        | O::Null
        | O::Default { .. }
        | O::Correct { .. }
        | O::MapResponse { .. }
        | O::MapResponsePoint { .. }
        | O::MathConstant { .. }
        | O::RandomInteger { .. }
        | O::RandomFloat { .. }
        | O::TestVariables { .. }
        | O::OutcomeMaximum { .. }
        | O::OutcomeMinimum { .. }
        | O::NumberCorrect(_)
        | O::NumberIncorrect(_)
        | O::NumberResponded(_)
        | O::NumberPresented(_)
        | O::NumberSelected(_) => (0, 0),
        O::Multiple | O::Ordered | O::Custom { .. } | O::Unknown(_) | O::Legacy(_) => (0, usize::MAX),
        O::And
        | O::Or
        | O::AnyN { .. }
        | O::Sum
        | O::Product
        | O::Max
        | O::Min
        | O::Gcd
        | O::Lcm
        | O::Repeat { .. } => (1, usize::MAX),
        O::ContainerSize
        | O::IsNull
        | O::Index { .. }
        | O::FieldValue { .. }
        | O::Random
        | O::Not
        | O::PatternMatch { .. }
        | O::Inside(_)
        | O::Truncate
        | O::Round
        | O::RoundTo { .. }
        | O::IntegerToFloat
        | O::Stats(_) => (1, 1),
        O::Math(function) if function.name() == "atan2" => (2, 2),
        O::Math(_) => (1, 1),
        O::Member
        | O::Delete
        | O::Contains
        | O::Substring { .. }
        | O::Match
        | O::StringMatch { .. }
        | O::Equal { .. }
        | O::EqualRounded { .. }
        | O::Lt
        | O::Gt
        | O::Lte
        | O::Gte
        | O::DurationLt
        | O::DurationGte
        | O::Subtract
        | O::Divide
        | O::Power
        | O::IntegerDivide
        | O::IntegerModulus => (2, 2),
    }
}

/// What an expression's value will be.
pub(crate) fn infer(item: &Item, expression: &Expression) -> Type {
    use Operator as O;
    let of = |index: usize| expression.operands.get(index).map_or(ANY, |operand| infer(item, operand));
    let all_integer = || (0..expression.operands.len()).all(|index| of(index).base_type == Some(BaseType::Integer));
    let number = || single(if all_integer() { BaseType::Integer } else { BaseType::Float });
    match &expression.operator {
        O::BaseValue { base_type, .. } => single(*base_type),
        O::Variable { identifier, .. } | O::Default { identifier } | O::Correct { identifier } => {
            match identifier.as_str() {
                "numAttempts" => single(BaseType::Integer),
                "duration" => single(BaseType::Duration),
                "completionStatus" => single(BaseType::Identifier),
                _ => item.declaration(identifier).map_or(ANY, |declaration| Type {
                    cardinality: Some(declaration.cardinality),
                    base_type: declaration.base_type,
                }),
            }
        }
        O::MapResponse { .. }
        | O::MapResponsePoint { .. }
        | O::MathConstant { .. }
        | O::RandomFloat { .. }
        | O::Divide
        | O::Power
        | O::RoundTo { .. }
        | O::Stats(_) => single(BaseType::Float),
        O::RandomInteger { .. }
        | O::NumberCorrect(_)
        | O::NumberIncorrect(_)
        | O::NumberResponded(_)
        | O::NumberPresented(_)
        | O::NumberSelected(_)
        | O::ContainerSize
        | O::IntegerDivide
        | O::IntegerModulus
        | O::Truncate
        | O::Round
        | O::Gcd
        | O::Lcm => single(BaseType::Integer),
        O::Math(function) => single(match function.name() {
            "floor" | "ceil" | "signum" => BaseType::Integer,
            _ => BaseType::Float,
        }),
        O::Multiple => Type { cardinality: Some(Cardinality::Multiple), base_type: of(0).base_type },
        O::Ordered | O::Repeat { .. } => Type { cardinality: Some(Cardinality::Ordered), base_type: of(0).base_type },
        O::Index { .. } | O::Random => Type { cardinality: Some(Cardinality::Single), base_type: of(0).base_type },
        // Some 2.x items put the container first.
        O::Delete if of(1).cardinality == Some(Cardinality::Single) => of(0),
        O::Delete => of(1),
        O::IsNull
        | O::Member
        | O::Contains
        | O::Substring { .. }
        | O::Not
        | O::And
        | O::Or
        | O::AnyN { .. }
        | O::Match
        | O::StringMatch { .. }
        | O::PatternMatch { .. }
        | O::Equal { .. }
        | O::EqualRounded { .. }
        | O::Inside(_)
        | O::Lt
        | O::Gt
        | O::Lte
        | O::Gte
        | O::DurationLt
        | O::DurationGte => single(BaseType::Boolean),
        O::Sum | O::Product | O::Subtract | O::Max | O::Min => number(),
        O::IntegerToFloat => Type { base_type: Some(BaseType::Float), ..of(0) },
        O::OutcomeMaximum { .. } | O::OutcomeMinimum { .. } => {
            Type { cardinality: Some(Cardinality::Multiple), base_type: Some(BaseType::Float) }
        }
        O::TestVariables { .. } => Type { cardinality: Some(Cardinality::Multiple), base_type: None },
        O::Null | O::FieldValue { .. } | O::Custom { .. } | O::Legacy(_) | O::Unknown(_) => ANY,
    }
}

/// Reports a value that does not fit the variable it is given to.
pub(super) fn fits(declaration: &Declaration, given: Type, line: u32, findings: &mut Findings) {
    if let Some(cardinality) = given.cardinality
        && cardinality != declaration.cardinality
    {
        findings.warning(
            "cardinality-mismatch",
            line,
            format!(
                "{} is {} and is given a {} value",
                declaration.identifier,
                declaration.cardinality.name(),
                cardinality.name()
            ),
            "Change the declaration or the expression.",
        );
    }
    let (Some(given), Some(wanted)) = (given.base_type, declaration.base_type) else { return };
    if given == wanted || (wanted == BaseType::Float && given == BaseType::Integer) {
        return;
    }
    // A whole float still fits an integer when it is one; the rest cannot.
    if wanted.is_numeric() && given.is_numeric() {
        findings.note(
            "type-narrowed",
            line,
            format!("{} is an integer and is given a float", declaration.identifier),
            "Declare it float, or round the value.",
        );
    } else {
        findings.warning(
            "type-mismatch",
            line,
            format!("{} is {} and is given a {}", declaration.identifier, wanted.name(), given.name()),
            "Change the declaration or the expression.",
        );
    }
}

/// Reports a condition that is not a boolean.
pub(super) fn boolean(item: &Item, expression: &Expression, findings: &mut Findings) {
    let given = infer(item, expression);
    if given.base_type.is_some_and(|base_type| base_type != BaseType::Boolean)
        || given.cardinality.is_some_and(|cardinality| cardinality != Cardinality::Single)
    {
        findings.warning(
            "condition-not-boolean",
            expression.line.0,
            format!("the condition <{}> is not a boolean", expression.name()),
            "Compare the value with something.",
        );
    }
}

/// Expressions that only a test can answer.
pub(super) const OF_TESTS: &str = "operator-of-tests";

/// Checks an expression and everything in it.
pub(super) fn check(item: &Item, expression: &Expression, findings: &mut Findings) {
    expression.walk(&mut |expression| one(item, expression, findings));
}

fn one(item: &Item, expression: &Expression, findings: &mut Findings) {
    use Operator as O;
    let line = expression.line.0;
    let name = expression.name();
    let (fewest, most) = arity(&expression.operator);
    let count = expression.operands.len();
    if count < fewest || count > most {
        findings.error(
            "operand-count",
            line,
            format!("<{name}> has {count} operands and takes {fewest} to {most}"),
            "Add or remove operands.",
        );
        return;
    }
    match &expression.operator {
        O::Variable { identifier, .. } | O::Default { identifier } | O::Correct { identifier }
            if !is_variable(item, identifier) =>
        {
            findings.error(
                "variable-undeclared",
                line,
                format!("<{name}> names {identifier}, which is not declared"),
                "Declare it, or correct its name.",
            );
        }
        O::MapResponse { identifier }
            if item.declaration(identifier).is_none_or(|declaration| declaration.mapping.is_none()) =>
        {
            findings.error(
                "mapping-missing",
                line,
                format!("{identifier} has no mapping"),
                "Add <qti-mapping> to its declaration.",
            );
        }
        O::MapResponsePoint { identifier }
            if item.declaration(identifier).is_none_or(|declaration| declaration.area_mapping.is_none()) =>
        {
            findings.error(
                "mapping-missing",
                line,
                format!("{identifier} has no area mapping"),
                "Add <qti-area-mapping> to its declaration.",
            );
        }
        O::Custom { class, .. } => findings.error(
            "operator-refused",
            line,
            format!("the custom operator {} is not run; scoring refuses the item", class.as_deref().unwrap_or("")),
            "Write it with the operators of the specification.",
        ),
        O::Unknown(element) => findings.error(
            "operator-refused",
            line,
            format!("<{}> is not an expression that we know; scoring refuses the item", element.name),
            "Write it with the expressions of the specification.",
        ),
        O::TestVariables { .. }
        | O::OutcomeMaximum { .. }
        | O::OutcomeMinimum { .. }
        | O::NumberCorrect(_)
        | O::NumberIncorrect(_)
        | O::NumberResponded(_)
        | O::NumberPresented(_)
        | O::NumberSelected(_) => findings.error(
            OF_TESTS,
            line,
            format!("<{name}> is about a whole test; an item alone is not scored by it"),
            "Use it in the outcome processing of a test.",
        ),
        O::Legacy(_) => findings.note(
            "operator-outside-specification",
            line,
            format!("<{name}> is not in the specification; other systems may refuse it"),
            "Write it with the operators of the specification.",
        ),
        O::BaseValue { base_type, value } => {
            let empty = *base_type == BaseType::String && value.is_empty();
            if !empty && crate::value::Scalar::parse(*base_type, value).is_none() {
                findings.error(
                    "value-type",
                    line,
                    format!("{value:?} is no {}", base_type.name()),
                    "Correct the value or the base type.",
                );
            }
        }
        O::Match => {
            let (a, b) = (infer(item, &expression.operands[0]), infer(item, &expression.operands[1]));
            let numeric = |t: Type| t.base_type.is_some_and(BaseType::is_numeric);
            if let (Some(x), Some(y)) = (a.base_type, b.base_type)
                && x != y
                && !(numeric(a) && numeric(b))
            {
                findings.warning(
                    "types-compared",
                    line,
                    format!("<{name}> compares a {} with a {}", x.name(), y.name()),
                    "Compare values of one base type.",
                );
            }
        }
        O::Lt | O::Gt | O::Lte | O::Gte | O::Sum | O::Product | O::Subtract | O::Divide | O::Power => {
            for operand in &expression.operands {
                let given = infer(item, operand).base_type;
                if given.is_some_and(|b| !b.is_numeric() && b != BaseType::Duration) {
                    findings.error(
                        "number-needed",
                        line,
                        format!("<{name}> works on numbers and is given a {}", given.map_or("", BaseType::name)),
                        "Change the operand.",
                    );
                }
            }
        }
        _ => {}
    }
}
