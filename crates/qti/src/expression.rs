//! Expressions of response, template and outcome processing (QTI 3.0 information model, section 5.2
//! "Expressions"): one tree of operators, read from and printed to elements.

mod kinds;

pub use kinds::{Area, MathFunction, RoundingMode, Shape, Statistic, ToleranceMode};
pub(crate) use kinds::{coordinates, names};

use crate::read::{Attributes, ParseError, with_rest};
use crate::value::BaseType;
use crate::xml::{Attribute, Element, Line};

/// An operator with its operands.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// What is done.
    pub operator: Operator,
    /// What it is done to, in order.
    pub operands: Vec<Expression>,
    /// Attributes the specification does not define, kept verbatim.
    pub extra: Vec<Attribute>,
    /// Where the expression began.
    pub line: Line,
}

/// Which items of a test an expression is about: all, or those of a section and with or without categories.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subset {
    /// Only items of this section.
    pub section: Option<String>,
    /// Only items with one of these categories.
    pub include: Vec<String>,
    /// No item with one of these categories.
    pub exclude: Vec<String>,
}

/// Operators and other expressions.
///
/// Attributes that may name a variable instead of a number (`min`, `max`, `n`, `figures`, ...) are kept as text.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "fields carry the names and meanings of the specification's attributes")]
pub enum Operator {
    BaseValue {
        base_type: BaseType,
        value: String,
    },
    Variable {
        identifier: String,
        weight: Option<String>,
    },
    Null,
    Default {
        identifier: String,
    },
    Correct {
        identifier: String,
    },
    MapResponse {
        identifier: String,
    },
    MapResponsePoint {
        identifier: String,
    },
    MathConstant {
        name: String,
    },
    RandomInteger {
        min: String,
        max: String,
        step: Option<String>,
    },
    RandomFloat {
        min: String,
        max: String,
    },
    TestVariables {
        subset: Subset,
        variable: String,
        weight: Option<String>,
        base_type: Option<BaseType>,
    },
    OutcomeMaximum {
        subset: Subset,
        outcome: String,
        weight: Option<String>,
    },
    OutcomeMinimum {
        subset: Subset,
        outcome: String,
        weight: Option<String>,
    },
    NumberCorrect(Subset),
    NumberIncorrect(Subset),
    NumberResponded(Subset),
    NumberPresented(Subset),
    NumberSelected(Subset),
    Multiple,
    Ordered,
    ContainerSize,
    IsNull,
    Index {
        n: String,
    },
    FieldValue {
        field: String,
    },
    Random,
    Member,
    Delete,
    Contains,
    Substring {
        case_sensitive: bool,
    },
    Not,
    And,
    Or,
    AnyN {
        min: String,
        max: String,
    },
    Match,
    StringMatch {
        case_sensitive: bool,
        substring: bool,
    },
    PatternMatch {
        pattern: String,
    },
    Equal {
        mode: ToleranceMode,
        tolerance: Option<String>,
        include_lower: bool,
        include_upper: bool,
    },
    EqualRounded {
        mode: RoundingMode,
        figures: String,
    },
    Inside(Area),
    Lt,
    Gt,
    Lte,
    Gte,
    DurationLt,
    DurationGte,
    Sum,
    Product,
    Subtract,
    Divide,
    Power,
    IntegerDivide,
    IntegerModulus,
    Truncate,
    Round,
    RoundTo {
        mode: RoundingMode,
        figures: String,
    },
    IntegerToFloat,
    Max,
    Min,
    Gcd,
    Lcm,
    Repeat {
        number_repeats: String,
    },
    Stats(Statistic),
    Math(MathFunction),
    Custom {
        class: Option<String>,
        definition: Option<String>,
    },
    /// Not in the specification, but found in 2.x items of other systems.
    Legacy(Legacy),
    /// Nothing we know: kept verbatim; scoring refuses it by name.
    Unknown(Element),
}

/// Expressions outside the specification that items in circulation use; read, scored and reported by the checks.
#[derive(Debug, Clone, PartialEq)]
pub enum Legacy {
    /// At most `max` operands are true.
    AllN {
        /// The most that may be true.
        max: String,
    },
    /// The value has the base type named by the second operand.
    IsTypeOf,
    /// The operand as a boolean: NULL, 0, false and the empty string are false.
    ToBoolean,
    /// The outcome's own mapping applied to its value.
    MapOutcome {
        /// Name of the outcome.
        identifier: String,
    },
    /// A match or interpolation table applied to the operand.
    LookupTable(crate::declaration::LookupTable),
    /// Part of a text: start (1-based) and length as operands.
    SubstringAt,
    /// An element of an ordered container by a computed position.
    IndexOf,
}

impl Expression {
    /// An expression of an operator and operands, made by a program.
    #[must_use]
    pub fn new(operator: Operator, operands: Vec<Expression>) -> Self {
        Self { operator, operands, extra: Vec::new(), line: Line::default() }
    }

    /// The value of a variable.
    #[must_use]
    pub fn variable(identifier: &str) -> Self {
        Self::new(Operator::Variable { identifier: identifier.to_owned(), weight: None }, Vec::new())
    }

    /// A constant.
    #[must_use]
    pub fn constant(base_type: BaseType, value: &str) -> Self {
        Self::new(Operator::BaseValue { base_type, value: value.to_owned() }, Vec::new())
    }

    /// Every expression below and including this one.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expression)) {
        visit(self);
        for operand in &self.operands {
            operand.walk(visit);
        }
    }

    /// Reads one expression element in 3.0 spelling.
    ///
    /// # Errors
    /// [`ParseError`] when a required attribute is missing or has a value of the wrong type.
    pub fn read(element: &Element) -> Result<Self, ParseError> {
        let Some(local) = element.name.strip_prefix("qti-") else {
            return Ok(Self::unknown(element));
        };
        let mut a = Attributes::of(element);
        let operator = match local {
            "base-value" => {
                let base_type =
                    a.parsed("base-type", "base type", BaseType::from_name)?.ok_or_else(|| a.bad("", "base type"))?;
                return Ok(Self {
                    operator: Operator::BaseValue { base_type, value: element.text() },
                    operands: Vec::new(),
                    extra: a.rest(),
                    line: element.line,
                });
            }
            "variable" => {
                Operator::Variable { identifier: a.required("identifier")?, weight: a.optional("weight-identifier") }
            }
            "null" => Operator::Null,
            "default" => Operator::Default { identifier: a.required("identifier")? },
            "correct" => Operator::Correct { identifier: a.required("identifier")? },
            "map-response" => Operator::MapResponse { identifier: a.required("identifier")? },
            "map-response-point" => Operator::MapResponsePoint { identifier: a.required("identifier")? },
            "math-constant" => Operator::MathConstant { name: a.required("name")? },
            "random-integer" => Operator::RandomInteger {
                min: a.optional("min").unwrap_or_else(|| "0".to_owned()),
                max: a.required("max")?,
                step: a.optional("step"),
            },
            "random-float" => Operator::RandomFloat {
                min: a.optional("min").unwrap_or_else(|| "0".to_owned()),
                max: a.required("max")?,
            },
            "test-variables" => Operator::TestVariables {
                subset: subset(&mut a),
                variable: a.required("variable-identifier")?,
                weight: a.optional("weight-identifier"),
                base_type: a.parsed("base-type", "base type", BaseType::from_name)?,
            },
            "outcome-maximum" => Operator::OutcomeMaximum {
                subset: subset(&mut a),
                outcome: a.required("outcome-identifier")?,
                weight: a.optional("weight-identifier"),
            },
            "outcome-minimum" => Operator::OutcomeMinimum {
                subset: subset(&mut a),
                outcome: a.required("outcome-identifier")?,
                weight: a.optional("weight-identifier"),
            },
            "number-correct" => Operator::NumberCorrect(subset(&mut a)),
            "number-incorrect" => Operator::NumberIncorrect(subset(&mut a)),
            "number-responded" => Operator::NumberResponded(subset(&mut a)),
            "number-presented" => Operator::NumberPresented(subset(&mut a)),
            "number-selected" => Operator::NumberSelected(subset(&mut a)),
            "multiple" => Operator::Multiple,
            "ordered" => Operator::Ordered,
            "container-size" => Operator::ContainerSize,
            "is-null" => Operator::IsNull,
            "is-not-null" => {
                let inner = Self::new(Operator::IsNull, operands(element)?);
                return Ok(Self { line: element.line, ..Self::new(Operator::Not, vec![inner]) });
            }
            "not-equal" => {
                let inner = Self::new(equal(&mut a)?, operands(element)?);
                return Ok(Self { line: element.line, ..Self::new(Operator::Not, vec![inner]) });
            }
            "index" => match a.optional("n") {
                Some(n) => Operator::Index { n },
                None if element.elements().count() == 2 => Operator::Legacy(Legacy::IndexOf),
                None => {
                    return Err(a.required("n").err().unwrap_or_else(|| a.bad("", "position")));
                }
            },
            "field-value" => Operator::FieldValue { field: a.required("field-identifier")? },
            "random" => Operator::Random,
            "member" => Operator::Member,
            "delete" => Operator::Delete,
            "contains" => Operator::Contains,
            "substring" if element.elements().count() == 3 => Operator::Legacy(Legacy::SubstringAt),
            "substring" => Operator::Substring { case_sensitive: a.boolean("case-sensitive")?.unwrap_or(true) },
            "not" => Operator::Not,
            "and" => Operator::And,
            "or" => Operator::Or,
            "any-n" => Operator::AnyN { min: a.required("min")?, max: a.required("max")? },
            "all-n" => Operator::Legacy(Legacy::AllN { max: a.required("max")? }),
            "match" => Operator::Match,
            "string-match" => Operator::StringMatch {
                case_sensitive: a.boolean("case-sensitive")?.unwrap_or(true),
                substring: a.boolean("substring")?.unwrap_or(false),
            },
            "pattern-match" => Operator::PatternMatch { pattern: a.required("pattern")? },
            "equal" => equal(&mut a)?,
            "equal-rounded" => {
                let (mode, figures) = rounding(&mut a)?;
                Operator::EqualRounded { mode, figures }
            }
            "round-to" => {
                let (mode, figures) = rounding(&mut a)?;
                Operator::RoundTo { mode, figures }
            }
            "inside" => Operator::Inside(area(&mut a)?),
            "lt" => Operator::Lt,
            "gt" => Operator::Gt,
            "lte" => Operator::Lte,
            "gte" => Operator::Gte,
            "duration-lt" => Operator::DurationLt,
            "duration-gte" => Operator::DurationGte,
            "sum" => Operator::Sum,
            "product" => Operator::Product,
            "subtract" => Operator::Subtract,
            "divide" => Operator::Divide,
            "power" => Operator::Power,
            "integer-divide" => Operator::IntegerDivide,
            "integer-modulus" | "mod" => Operator::IntegerModulus,
            "truncate" => Operator::Truncate,
            "round" => Operator::Round,
            "integer-to-float" => Operator::IntegerToFloat,
            "max" => Operator::Max,
            "min" => Operator::Min,
            "gcd" => Operator::Gcd,
            "lcm" => Operator::Lcm,
            "repeat" => Operator::Repeat { number_repeats: a.required("number-repeats")? },
            // Functions and statistics that the specification does not know are kept, and refused by name.
            "stats-operator" => match Statistic::from_name(a.required("name")?.trim()) {
                Some(statistic) => Operator::Stats(statistic),
                None => return Ok(Self::unknown(element)),
            },
            "mean" => Operator::Stats(Statistic::Mean),
            "sample-variance" => Operator::Stats(Statistic::SampleVariance),
            "sample-sd" => Operator::Stats(Statistic::SampleSd),
            "pop-variance" => Operator::Stats(Statistic::PopulationVariance),
            "pop-sd" => Operator::Stats(Statistic::PopulationSd),
            "math-operator" => {
                let name = a.required("name")?;
                match MathFunction::from_name(name.trim()) {
                    Some(function) => Operator::Math(function),
                    // Functions that other systems have under this element, as the operators they are.
                    None => match name.trim() {
                        "pow" => Operator::Power,
                        "max" => Operator::Max,
                        "min" => Operator::Min,
                        "log10" => Operator::Math(MathFunction::Log),
                        "sqrt" => {
                            let mut operands = operands(element)?;
                            operands.push(Self::constant(BaseType::Float, "0.5"));
                            return Ok(Self {
                                operator: Operator::Power,
                                operands,
                                extra: a.rest(),
                                line: element.line,
                            });
                        }
                        _ => return Ok(Self::unknown(element)),
                    },
                }
            }
            "custom-operator" => Operator::Custom { class: a.optional("class"), definition: a.optional("definition") },
            "pre-condition" => Operator::Legacy(Legacy::ToBoolean),
            "is-type-of" => Operator::Legacy(Legacy::IsTypeOf),
            "map-outcome" => Operator::Legacy(Legacy::MapOutcome { identifier: a.required("identifier")? }),
            "lookup-table" => return lookup_table(element, a),
            _ => return Ok(Self::unknown(element)),
        };
        Ok(Self { operator, operands: operands(element)?, extra: a.rest(), line: element.line })
    }

    fn unknown(element: &Element) -> Self {
        Self {
            operator: Operator::Unknown(element.clone()),
            operands: Vec::new(),
            extra: Vec::new(),
            line: element.line,
        }
    }

    /// Name of the element this is printed as.
    #[must_use]
    pub fn name(&self) -> &str {
        operator_name(&self.operator)
    }

    /// Prints the expression as an element in 3.0 spelling.
    pub fn print(&self) -> Element {
        use Operator as O;
        if let O::Unknown(element) = &self.operator {
            return element.clone();
        }
        let e = Element::new(self.name());
        let e = match &self.operator {
            O::BaseValue { base_type, value } => e.with("base-type", base_type.name()).with_text(value),
            O::Variable { identifier, weight } => {
                e.with("identifier", identifier).with_some("weight-identifier", weight.as_deref())
            }
            O::Default { identifier }
            | O::Correct { identifier }
            | O::MapResponse { identifier }
            | O::MapResponsePoint { identifier }
            | O::Legacy(Legacy::MapOutcome { identifier }) => e.with("identifier", identifier),
            O::MathConstant { name } => e.with("name", name),
            O::RandomInteger { min, max, step } => {
                e.with("min", min).with("max", max).with_some("step", step.as_deref())
            }
            O::RandomFloat { min, max } => e.with("min", min).with("max", max),
            O::TestVariables { subset, variable, weight, base_type } => print_subset(e, subset)
                .with("variable-identifier", variable)
                .with_some("weight-identifier", weight.as_deref())
                .with_some("base-type", base_type.map(BaseType::name)),
            O::OutcomeMaximum { subset, outcome, weight } | O::OutcomeMinimum { subset, outcome, weight } => {
                print_subset(e, subset)
                    .with("outcome-identifier", outcome)
                    .with_some("weight-identifier", weight.as_deref())
            }
            O::NumberCorrect(subset)
            | O::NumberIncorrect(subset)
            | O::NumberResponded(subset)
            | O::NumberPresented(subset)
            | O::NumberSelected(subset) => print_subset(e, subset),
            O::Index { n } => e.with("n", n),
            O::FieldValue { field } => e.with("field-identifier", field),
            O::Substring { case_sensitive } => e.with("case-sensitive", case_sensitive.to_string()),
            O::AnyN { min, max } => e.with("min", min).with("max", max),
            O::Legacy(Legacy::AllN { max }) => e.with("max", max),
            O::StringMatch { case_sensitive, substring } => {
                e.with("case-sensitive", case_sensitive.to_string()).with_some("substring", substring.then_some("true"))
            }
            O::PatternMatch { pattern } => e.with("pattern", pattern),
            O::Equal { mode, tolerance, include_lower, include_upper } => e
                .with("tolerance-mode", mode.name())
                .with_some("tolerance", tolerance.as_deref())
                .with_some("include-lower-bound", (!include_lower).then_some("false"))
                .with_some("include-upper-bound", (!include_upper).then_some("false")),
            O::EqualRounded { mode, figures } | O::RoundTo { mode, figures } => {
                e.with("rounding-mode", mode.name()).with("figures", figures)
            }
            O::Inside(area) => e.with("shape", area.shape.name()).with("coords", &area.coords),
            O::Repeat { number_repeats } => e.with("number-repeats", number_repeats),
            O::Stats(statistic) => e.with("name", statistic.name()),
            O::Math(function) => e.with("name", function.name()),
            O::Custom { class, definition } => {
                e.with_some("class", class.as_deref()).with_some("definition", definition.as_deref())
            }
            _ => e,
        };
        let mut e = with_rest(e, &self.extra, self.line).with_children(self.operands.iter().map(Expression::print));
        if let O::Legacy(Legacy::LookupTable(table)) = &self.operator {
            e = e.with_children([table.print()]);
        }
        e
    }
}

/// The element an operator is written as.
#[must_use]
pub fn operator_name(operator: &Operator) -> &str {
    use Operator as O;
    match operator {
        O::BaseValue { .. } => "qti-base-value",
        O::Variable { .. } => "qti-variable",
        O::Null => "qti-null",
        O::Default { .. } => "qti-default",
        O::Correct { .. } => "qti-correct",
        O::MapResponse { .. } => "qti-map-response",
        O::MapResponsePoint { .. } => "qti-map-response-point",
        O::MathConstant { .. } => "qti-math-constant",
        O::RandomInteger { .. } => "qti-random-integer",
        O::RandomFloat { .. } => "qti-random-float",
        O::TestVariables { .. } => "qti-test-variables",
        O::OutcomeMaximum { .. } => "qti-outcome-maximum",
        O::OutcomeMinimum { .. } => "qti-outcome-minimum",
        O::NumberCorrect(_) => "qti-number-correct",
        O::NumberIncorrect(_) => "qti-number-incorrect",
        O::NumberResponded(_) => "qti-number-responded",
        O::NumberPresented(_) => "qti-number-presented",
        O::NumberSelected(_) => "qti-number-selected",
        O::Multiple => "qti-multiple",
        O::Ordered => "qti-ordered",
        O::ContainerSize => "qti-container-size",
        O::IsNull => "qti-is-null",
        O::Index { .. } | O::Legacy(Legacy::IndexOf) => "qti-index",
        O::FieldValue { .. } => "qti-field-value",
        O::Random => "qti-random",
        O::Member => "qti-member",
        O::Delete => "qti-delete",
        O::Contains => "qti-contains",
        O::Substring { .. } | O::Legacy(Legacy::SubstringAt) => "qti-substring",
        O::Not => "qti-not",
        O::And => "qti-and",
        O::Or => "qti-or",
        O::AnyN { .. } => "qti-any-n",
        O::Match => "qti-match",
        O::StringMatch { .. } => "qti-string-match",
        O::PatternMatch { .. } => "qti-pattern-match",
        O::Equal { .. } => "qti-equal",
        O::EqualRounded { .. } => "qti-equal-rounded",
        O::Inside(_) => "qti-inside",
        O::Lt => "qti-lt",
        O::Gt => "qti-gt",
        O::Lte => "qti-lte",
        O::Gte => "qti-gte",
        O::DurationLt => "qti-duration-lt",
        O::DurationGte => "qti-duration-gte",
        O::Sum => "qti-sum",
        O::Product => "qti-product",
        O::Subtract => "qti-subtract",
        O::Divide => "qti-divide",
        O::Power => "qti-power",
        O::IntegerDivide => "qti-integer-divide",
        O::IntegerModulus => "qti-integer-modulus",
        O::Truncate => "qti-truncate",
        O::Round => "qti-round",
        O::RoundTo { .. } => "qti-round-to",
        O::IntegerToFloat => "qti-integer-to-float",
        O::Max => "qti-max",
        O::Min => "qti-min",
        O::Gcd => "qti-gcd",
        O::Lcm => "qti-lcm",
        O::Repeat { .. } => "qti-repeat",
        O::Stats(_) => "qti-stats-operator",
        O::Math(_) => "qti-math-operator",
        O::Custom { .. } => "qti-custom-operator",
        O::Legacy(Legacy::AllN { .. }) => "qti-all-n",
        O::Legacy(Legacy::IsTypeOf) => "qti-is-type-of",
        O::Legacy(Legacy::ToBoolean) => "qti-pre-condition",
        O::Legacy(Legacy::MapOutcome { .. }) => "qti-map-outcome",
        O::Legacy(Legacy::LookupTable(_)) => "qti-lookup-table",
        O::Unknown(element) => &element.name,
    }
}

fn operands(element: &Element) -> Result<Vec<Expression>, ParseError> {
    element.elements().map(Expression::read).collect()
}

fn words(text: Option<String>) -> Vec<String> {
    text.map(|t| t.split_whitespace().map(str::to_owned).collect()).unwrap_or_default()
}

fn subset(a: &mut Attributes<'_>) -> Subset {
    Subset {
        section: a.optional("section-identifier"),
        include: words(a.optional("include-category")),
        exclude: words(a.optional("exclude-category")),
    }
}

fn print_subset(e: Element, subset: &Subset) -> Element {
    e.with_some("section-identifier", subset.section.as_deref())
        .with_some("include-category", (!subset.include.is_empty()).then(|| subset.include.join(" ")))
        .with_some("exclude-category", (!subset.exclude.is_empty()).then(|| subset.exclude.join(" ")))
}

fn equal(a: &mut Attributes<'_>) -> Result<Operator, ParseError> {
    Ok(Operator::Equal {
        mode: a.parsed("tolerance-mode", "tolerance mode", ToleranceMode::from_name)?.unwrap_or(ToleranceMode::Exact),
        tolerance: a.optional("tolerance"),
        include_lower: a.boolean("include-lower-bound")?.unwrap_or(true),
        include_upper: a.boolean("include-upper-bound")?.unwrap_or(true),
    })
}

fn rounding(a: &mut Attributes<'_>) -> Result<(RoundingMode, String), ParseError> {
    let mode = a
        .parsed("rounding-mode", "rounding mode", RoundingMode::from_name)?
        .unwrap_or(RoundingMode::SignificantFigures);
    Ok((mode, a.required("figures")?))
}

pub(crate) fn area(a: &mut Attributes<'_>) -> Result<Area, ParseError> {
    let shape = a.parsed("shape", "shape", Shape::from_name)?.ok_or_else(|| a.bad("", "shape"))?;
    let coords = match shape {
        Shape::Default => a.optional("coords").unwrap_or_default(),
        _ => a.required("coords")?,
    };
    Ok(Area { shape, coords })
}

fn lookup_table(element: &Element, a: Attributes<'_>) -> Result<Expression, ParseError> {
    let mut operands = Vec::new();
    let mut table = None;
    for child in element.elements() {
        match crate::declaration::LookupTable::read(child)? {
            Some(found) => table = Some(found),
            None => operands.push(Expression::read(child)?),
        }
    }
    let table = table.ok_or_else(|| crate::read::structure(element, "needs a table"))?;
    Ok(Expression {
        operator: Operator::Legacy(Legacy::LookupTable(table)),
        operands,
        extra: a.rest(),
        line: element.line,
    })
}
