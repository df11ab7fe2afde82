//! Values of QTI variables: base types, cardinalities, containers.
//!
//! Numeric semantics, fixed here so that every machine gives the same score: integers are `i64`, floats are
//! `f64`; an operation without a representable finite result gives NULL (nothing ever overflows or traps).
//! An empty string and an empty container are NULL (QTI 3.0 information model, section 2.2 "Variables").

/// Base types of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaseType {
    /// `true` or `false`.
    Boolean,
    /// Whole number.
    Integer,
    /// Number.
    Float,
    /// Text.
    String,
    /// Identifier of a choice.
    Identifier,
    /// Two identifiers without order.
    Pair,
    /// Two identifiers with order.
    DirectedPair,
    /// Two coordinates.
    Point,
    /// Seconds.
    Duration,
    /// A file, known here by its reference alone.
    File,
    /// A uniform resource identifier.
    Uri,
}

impl BaseType {
    /// All of them, in the order of the specification.
    pub const ALL: [Self; 11] = [
        Self::Boolean,
        Self::Integer,
        Self::Float,
        Self::String,
        Self::Identifier,
        Self::Pair,
        Self::DirectedPair,
        Self::Point,
        Self::Duration,
        Self::File,
        Self::Uri,
    ];

    /// The name in the specification.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Float => "float",
            Self::String => "string",
            Self::Identifier => "identifier",
            Self::Pair => "pair",
            Self::DirectedPair => "directedPair",
            Self::Point => "point",
            Self::Duration => "duration",
            Self::File => "file",
            Self::Uri => "uri",
        }
    }

    /// From the name in the specification. `intOrIdentifier` (2.0) reads as an identifier.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|base_type| base_type.name() == name)
            .or_else(|| (name == "intOrIdentifier").then_some(Self::Identifier))
    }

    /// Integer or float.
    #[must_use]
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Integer | Self::Float)
    }
}

/// How many values a variable holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cardinality {
    /// One.
    Single,
    /// Any number, order means nothing.
    Multiple,
    /// Any number, order means something.
    Ordered,
    /// Named fields, each with its own base type.
    Record,
}

impl Cardinality {
    /// The name in the specification.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Multiple => "multiple",
            Self::Ordered => "ordered",
            Self::Record => "record",
        }
    }

    /// From the name in the specification.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Single, Self::Multiple, Self::Ordered, Self::Record]
            .into_iter()
            .find(|cardinality| cardinality.name() == name)
    }
}

/// One value of a base type.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// See [`BaseType::Boolean`].
    Boolean(bool),
    /// See [`BaseType::Integer`].
    Integer(i64),
    /// See [`BaseType::Float`]; finite or infinite, never NaN.
    Float(f64),
    /// See [`BaseType::String`].
    String(String),
    /// See [`BaseType::Identifier`].
    Identifier(String),
    /// See [`BaseType::Pair`].
    Pair(String, String),
    /// See [`BaseType::DirectedPair`].
    DirectedPair(String, String),
    /// See [`BaseType::Point`].
    Point(f64, f64),
    /// See [`BaseType::Duration`]; seconds.
    Duration(f64),
    /// See [`BaseType::File`].
    File(String),
    /// See [`BaseType::Uri`].
    Uri(String),
}

impl Scalar {
    /// The base type of this value.
    #[must_use]
    pub fn base_type(&self) -> BaseType {
        match self {
            Self::Boolean(_) => BaseType::Boolean,
            Self::Integer(_) => BaseType::Integer,
            Self::Float(_) => BaseType::Float,
            Self::String(_) => BaseType::String,
            Self::Identifier(_) => BaseType::Identifier,
            Self::Pair(..) => BaseType::Pair,
            Self::DirectedPair(..) => BaseType::DirectedPair,
            Self::Point(..) => BaseType::Point,
            Self::Duration(_) => BaseType::Duration,
            Self::File(_) => BaseType::File,
            Self::Uri(_) => BaseType::Uri,
        }
    }

    /// Reads the lexical form of a base type; `None` when the text is not of that type.
    ///
    /// A number may have a decimal comma instead of a point, because that is how pupils here write it.
    pub fn parse(base_type: BaseType, text: &str) -> Option<Self> {
        let trimmed = text.trim();
        match base_type {
            BaseType::Boolean => match trimmed {
                "true" | "1" => Some(Self::Boolean(true)),
                "false" | "0" => Some(Self::Boolean(false)),
                _ => None,
            },
            BaseType::Integer => parse_integer(trimmed).map(Self::Integer),
            BaseType::Float => parse_float(trimmed).map(Self::Float),
            BaseType::String => (!text.is_empty()).then(|| Self::String(text.to_owned())),
            BaseType::Identifier => (!trimmed.is_empty()).then(|| Self::Identifier(trimmed.to_owned())),
            BaseType::Pair => two(trimmed).map(|(a, b)| Self::Pair(a, b)),
            BaseType::DirectedPair => two(trimmed).map(|(a, b)| Self::DirectedPair(a, b)),
            BaseType::Point => {
                let (x, y) = two(trimmed)?;
                Some(Self::Point(parse_float(&x)?, parse_float(&y)?))
            }
            BaseType::Duration => parse_float(trimmed).filter(|s| *s >= 0.0).map(Self::Duration),
            BaseType::File => (!trimmed.is_empty()).then(|| Self::File(trimmed.to_owned())),
            BaseType::Uri => (!trimmed.is_empty()).then(|| Self::Uri(trimmed.to_owned())),
        }
    }

    /// The number this is, for numeric types and durations.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(n) => Some(*n as f64),
            Self::Float(x) | Self::Duration(x) => Some(*x),
            _ => None,
        }
    }

    /// Equality as `match` means it: pairs without order, integer 2 equals float 2 (numeric promotion),
    /// and text types compare by their text (2.x items mix identifiers and strings).
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Pair(a, b), Self::Pair(c, d) | Self::DirectedPair(c, d))
            | (Self::DirectedPair(a, b), Self::Pair(c, d)) => (a == c && b == d) || (a == d && b == c),
            _ => match (self.number(), other.number()) {
                #[expect(clippy::float_cmp, reason = "match is exact; tolerance belongs to equal")]
                (Some(a), Some(b)) => a == b,
                _ => match (self.word(), other.word()) {
                    (Some(a), Some(b)) => a == b,
                    _ => self == other,
                },
            },
        }
    }

    /// The text of the text types.
    #[must_use]
    pub fn word(&self) -> Option<&str> {
        match self {
            Self::String(text) | Self::Identifier(text) | Self::File(text) | Self::Uri(text) => Some(text),
            _ => None,
        }
    }
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Boolean(b) => b.fmt(formatter),
            Self::Integer(n) => n.fmt(formatter),
            Self::Float(x) | Self::Duration(x) => formatter.write_str(&number_text(*x)),
            Self::String(text) | Self::Identifier(text) | Self::File(text) | Self::Uri(text) => {
                formatter.write_str(text)
            }
            Self::Pair(a, b) | Self::DirectedPair(a, b) => write!(formatter, "{a} {b}"),
            Self::Point(x, y) => write!(formatter, "{} {}", number_text(*x), number_text(*y)),
        }
    }
}

/// Shortest text that reads back as the same number; infinities as the specification writes them.
#[must_use]
pub fn number_text(x: f64) -> String {
    if x == f64::INFINITY {
        "INF".to_owned()
    } else if x == f64::NEG_INFINITY {
        "-INF".to_owned()
    } else if x == 0.0 {
        "0".to_owned()
    } else {
        format!("{x}")
    }
}

fn two(text: &str) -> Option<(String, String)> {
    let mut words = text.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(a), Some(b), None) => Some((a.to_owned(), b.to_owned())),
        _ => None,
    }
}

/// A decimal number; decimal comma allowed; NaN is not a number.
#[must_use]
pub fn parse_float(text: &str) -> Option<f64> {
    match text {
        "INF" => return Some(f64::INFINITY),
        "-INF" => return Some(f64::NEG_INFINITY),
        _ => {}
    }
    let plain = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b',' | b'e' | b'E'));
    if !plain {
        return None;
    }
    let number = if text.contains(',') && !text.contains('.') {
        text.replacen(',', ".", 1).parse::<f64>()
    } else {
        text.parse::<f64>()
    };
    number.ok().filter(|x| x.is_finite())
}

/// A whole number; `5.0` counts as 5, because forms and other systems write it so.
#[must_use]
pub fn parse_integer(text: &str) -> Option<i64> {
    let text = text.strip_prefix('+').unwrap_or(text);
    text.parse::<i64>().ok().or_else(|| parse_float(text).and_then(whole))
}

/// The integer a float is, when it is one that 64 bits hold.
#[must_use]
pub fn whole(x: f64) -> Option<i64> {
    const END: f64 = 9_223_372_036_854_775_808.0;
    (x.fract() == 0.0 && (-END..END).contains(&x)).then_some(x as i64)
}

/// A value of a variable or of an expression.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// No value.
    #[default]
    Null,
    /// One value.
    Single(Scalar),
    /// Values without order; never empty.
    Multiple(Vec<Scalar>),
    /// Values with order; never empty.
    Ordered(Vec<Scalar>),
    /// Fields by name; a field may be NULL.
    Record(Vec<(String, Option<Scalar>)>),
}

impl Value {
    /// A single boolean.
    #[must_use]
    pub fn boolean(b: bool) -> Self {
        Self::Single(Scalar::Boolean(b))
    }

    /// A single integer.
    #[must_use]
    pub fn integer(n: i64) -> Self {
        Self::Single(Scalar::Integer(n))
    }

    /// A single float; NaN becomes NULL.
    #[must_use]
    pub fn float(x: f64) -> Self {
        if x.is_nan() { Self::Null } else { Self::Single(Scalar::Float(x)) }
    }

    /// A container; an empty one is NULL.
    pub fn container(cardinality: Cardinality, values: Vec<Scalar>) -> Self {
        if values.is_empty() {
            return Self::Null;
        }
        match cardinality {
            Cardinality::Single => values.into_iter().next().map_or(Self::Null, Self::Single),
            Cardinality::Ordered => Self::Ordered(values),
            Cardinality::Multiple | Cardinality::Record => Self::Multiple(values),
        }
    }

    /// NULL, an empty string or an empty container.
    #[must_use]
    pub fn is_null(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Single(Scalar::String(text)) => text.is_empty(),
            Self::Single(_) => false,
            Self::Multiple(values) | Self::Ordered(values) => values.is_empty(),
            Self::Record(fields) => fields.is_empty(),
        }
    }

    /// The single value, when it is one.
    #[must_use]
    pub fn single(&self) -> Option<&Scalar> {
        match self {
            Self::Single(scalar) if !self.is_null() => Some(scalar),
            _ => None,
        }
    }

    /// The values inside: none for NULL, one for a single value, all of a container.
    #[must_use]
    pub fn scalars(&self) -> &[Scalar] {
        match self {
            Self::Null | Self::Record(_) => &[],
            Self::Single(scalar) => std::slice::from_ref(scalar),
            Self::Multiple(values) | Self::Ordered(values) => values,
        }
    }

    /// The number, when this is a single number.
    pub fn number(&self) -> Option<f64> {
        self.single().and_then(Scalar::number)
    }

    /// The cardinality; NULL has none.
    #[must_use]
    pub fn cardinality(&self) -> Option<Cardinality> {
        match self {
            Self::Null => None,
            Self::Single(_) => Some(Cardinality::Single),
            Self::Multiple(_) => Some(Cardinality::Multiple),
            Self::Ordered(_) => Some(Cardinality::Ordered),
            Self::Record(_) => Some(Cardinality::Record),
        }
    }

    /// Equality as `match` means it: multiple containers as bags, ordered ones in order, records by field.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Record(a), Self::Record(b)) => {
                a.len() == b.len()
                    && a.iter().all(|(name, value)| {
                        b.iter().any(|(other_name, other_value)| {
                            name == other_name
                                && match (value, other_value) {
                                    (Some(x), Some(y)) => x.same(y),
                                    (None, None) => true,
                                    _ => false,
                                }
                        })
                    })
            }
            (Self::Single(a), Self::Single(b)) => a.same(b),
            (Self::Ordered(a), Self::Ordered(b)) => a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.same(y)),
            (Self::Multiple(a), Self::Multiple(b)) => same_bag(a, b),
            _ => false,
        }
    }

    /// The text shown to a person and written to files: values separated by commas, fields as `name=value`.
    pub fn text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Single(scalar) => scalar.to_string(),
            Self::Multiple(values) | Self::Ordered(values) => {
                values.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
            }
            Self::Record(fields) => fields
                .iter()
                .map(|(name, value)| format!("{name}={}", value.as_ref().map(ToString::to_string).unwrap_or_default()))
                .collect::<Vec<_>>()
                .join(","),
        }
    }
}

/// Two bags hold the same values the same number of times.
fn same_bag(a: &[Scalar], b: &[Scalar]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut used = vec![false; b.len()];
    a.iter().all(|x| {
        let found = b.iter().zip(&used).position(|(y, used)| !used && x.same(y));
        match found {
            Some(index) => {
                used[index] = true;
                true
            }
            None => false,
        }
    })
}
