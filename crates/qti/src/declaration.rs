//! Declarations of variables: context, response, outcome and template.

use crate::expression::{Area, area};
use crate::read::{Attributes, ParseError, with_rest};
use crate::value::{BaseType, Cardinality, Scalar, Value, number_text};
use crate::xml::{Attribute, Element, Line};

/// A value as written, before it is read by its base type.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ValueText {
    /// The text.
    pub text: String,
    /// Name of the field, in records.
    pub field: Option<String>,
    /// Base type of the field, in records.
    pub base_type: Option<BaseType>,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
}

/// A list of values, as default or as correct response.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ValueList {
    /// How the value is to be understood, for people.
    pub interpretation: Option<String>,
    /// The values.
    pub values: Vec<ValueText>,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
}

/// A mapping of values to numbers (`qti-mapping`).
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// The least that comes out.
    pub lower_bound: Option<f64>,
    /// The most that comes out.
    pub upper_bound: Option<f64>,
    /// For values that are not in the list.
    pub default_value: f64,
    /// The list.
    pub entries: Vec<MapEntry>,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
}

/// One line of a [`Mapping`].
#[derive(Debug, Clone, PartialEq)]
pub struct MapEntry {
    /// The value.
    pub key: String,
    /// What it is worth.
    pub value: f64,
    /// Whether capitals matter.
    pub case_sensitive: bool,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
}

/// A mapping of points to numbers by area (`qti-area-mapping`).
#[derive(Debug, Clone, PartialEq)]
pub struct AreaMapping {
    /// The least that comes out.
    pub lower_bound: Option<f64>,
    /// The most that comes out.
    pub upper_bound: Option<f64>,
    /// For points in no area.
    pub default_value: f64,
    /// The areas; the first that holds a point counts.
    pub entries: Vec<(Area, f64)>,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
}

/// A table of an outcome declaration.
#[derive(Debug, Clone, PartialEq)]
pub struct LookupTable {
    /// When no entry fits.
    pub default_value: Option<String>,
    /// Which kind, and its entries.
    pub entries: TableEntries,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
    /// Where it began.
    pub line: Line,
}

/// Entries of a [`LookupTable`].
#[derive(Debug, Clone, PartialEq)]
pub enum TableEntries {
    /// Exact matches: source and target.
    Match(Vec<(f64, String)>),
    /// Lower limits: source, whether the limit itself belongs, target. The first that fits counts.
    Interpolation(Vec<(f64, bool, String)>),
    /// Straight lines between points; outside the specification, found in 2.x items of other systems.
    Linear(Vec<(f64, f64)>),
}

/// What kind of variable a declaration is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Set from outside, before the attempt.
    Context,
    /// The answer to an interaction.
    Response,
    /// The result.
    Outcome,
    /// A value drawn per attempt.
    Template,
}

impl Role {
    fn element(self) -> &'static str {
        match self {
            Self::Context => "qti-context-declaration",
            Self::Response => "qti-response-declaration",
            Self::Outcome => "qti-outcome-declaration",
            Self::Template => "qti-template-declaration",
        }
    }
}

/// The declaration of one variable.
///
/// Attributes of one role alone (`external-scored`, `normal-maximum`, `math-variable`, ...) are in `extra`
/// and have methods here.
#[derive(Debug, Clone, PartialEq)]
pub struct Declaration {
    /// Kind of variable.
    pub role: Role,
    /// Its name.
    pub identifier: String,
    /// How many values.
    pub cardinality: Cardinality,
    /// Of what type; `None` for records.
    pub base_type: Option<BaseType>,
    /// Value before anything happened.
    pub default_value: Option<ValueList>,
    /// The correct response (responses only).
    pub correct_response: Option<ValueList>,
    /// Worth of values.
    pub mapping: Option<Mapping>,
    /// Worth of points.
    pub area_mapping: Option<AreaMapping>,
    /// Table for `lookup-outcome-value` (outcomes only).
    pub lookup_table: Option<LookupTable>,
    /// Other attributes, kept verbatim.
    pub extra: Vec<Attribute>,
    /// Other children, kept verbatim.
    pub unknown: Vec<Element>,
    /// Where it began.
    pub line: Line,
}

impl ValueList {
    /// Values made by a program.
    pub fn of(values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            values: values.into_iter().map(|text| ValueText { text: text.into(), ..ValueText::default() }).collect(),
            ..Self::default()
        }
    }

    fn read(element: &Element) -> Result<Self, ParseError> {
        let mut a = Attributes::of(element);
        let interpretation = a.optional("interpretation");
        let values = element
            .elements()
            .filter(|child| child.name == "qti-value")
            .map(|child| {
                let mut a = Attributes::of(child);
                Ok(ValueText {
                    text: child.text(),
                    field: a.optional("field-identifier"),
                    base_type: a.parsed("base-type", "base type", BaseType::from_name)?,
                    extra: a.rest(),
                })
            })
            .collect::<Result<_, ParseError>>()?;
        Ok(Self { interpretation, values, extra: a.rest() })
    }

    fn print(&self, name: &str) -> Element {
        let e = Element::new(name).with_some("interpretation", self.interpretation.as_deref());
        with_rest(e, &self.extra, Line::default()).with_children(self.values.iter().map(|value| {
            let e = Element::new("qti-value")
                .with_some("field-identifier", value.field.as_deref())
                .with_some("base-type", value.base_type.map(BaseType::name));
            with_rest(e, &value.extra, Line::default()).with_text(&value.text)
        }))
    }

    /// The values read by a base type; texts that are not of the type are left out.
    #[must_use]
    pub fn value(&self, cardinality: Cardinality, base_type: Option<BaseType>) -> Value {
        if cardinality == Cardinality::Record {
            let fields: Vec<_> = self
                .values
                .iter()
                .filter_map(|value| {
                    let field_type = value.base_type.or(base_type).unwrap_or(BaseType::String);
                    Some((value.field.clone()?, Scalar::parse(field_type, as_written(&value.text))))
                })
                .collect();
            return if fields.is_empty() { Value::Null } else { Value::Record(fields) };
        }
        let base_type = base_type.unwrap_or(BaseType::String);
        let scalars =
            self.values.iter().filter_map(|value| Scalar::parse(base_type, as_written(&value.text))).collect();
        Value::container(cardinality, scalars)
    }

    /// The texts, in order.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.values.iter().map(|value| value.text.clone()).collect()
    }
}

/// A value without the line breaks and indents of a file that was laid out for reading; other space belongs to it.
pub(crate) fn as_written(text: &str) -> &str {
    let before = &text[..text.len() - text.trim_start().len()];
    let after = &text[text.trim_end().len()..];
    if before.contains('\n') || after.contains('\n') { text.trim() } else { text }
}

impl Mapping {
    fn read(element: &Element) -> Result<Self, ParseError> {
        let mut a = Attributes::of(element);
        // 2.0 wrote case sensitivity once for the whole mapping; some systems still do.
        let all_case_sensitive = a.boolean("case-sensitive")?;
        let mut entries = Vec::new();
        for child in element.elements().filter(|child| child.name == "qti-map-entry") {
            let mut a = Attributes::of(child);
            entries.push(MapEntry {
                key: a.required("map-key")?,
                value: a.float("mapped-value")?.ok_or_else(|| a.bad("", "number in mapped-value"))?,
                case_sensitive: a.boolean("case-sensitive")?.or(all_case_sensitive).unwrap_or(true),
                extra: a.rest(),
            });
        }
        Ok(Self {
            lower_bound: a.float("lower-bound")?,
            upper_bound: a.float("upper-bound")?,
            default_value: a.float("default-value")?.unwrap_or(0.0),
            entries,
            extra: a.rest(),
        })
    }

    fn print(&self) -> Element {
        let e = Element::new("qti-mapping")
            .with("default-value", number_text(self.default_value))
            .with_some("lower-bound", self.lower_bound.map(number_text))
            .with_some("upper-bound", self.upper_bound.map(number_text));
        with_rest(e, &self.extra, Line::default()).with_children(self.entries.iter().map(|entry| {
            let e = Element::new("qti-map-entry")
                .with("map-key", &entry.key)
                .with("mapped-value", number_text(entry.value))
                .with_some("case-sensitive", (!entry.case_sensitive).then_some("false"));
            with_rest(e, &entry.extra, Line::default())
        }))
    }
}

impl AreaMapping {
    fn read(element: &Element) -> Result<Self, ParseError> {
        let mut a = Attributes::of(element);
        let mut entries = Vec::new();
        for child in element.elements().filter(|child| child.name == "qti-area-map-entry") {
            let mut a = Attributes::of(child);
            let value = a.float("mapped-value")?.ok_or_else(|| a.bad("", "number in mapped-value"))?;
            entries.push((area(&mut a)?, value));
        }
        Ok(Self {
            lower_bound: a.float("lower-bound")?,
            upper_bound: a.float("upper-bound")?,
            default_value: a.float("default-value")?.unwrap_or(0.0),
            entries,
            extra: a.rest(),
        })
    }

    fn print(&self) -> Element {
        let e = Element::new("qti-area-mapping")
            .with("default-value", number_text(self.default_value))
            .with_some("lower-bound", self.lower_bound.map(number_text))
            .with_some("upper-bound", self.upper_bound.map(number_text));
        with_rest(e, &self.extra, Line::default()).with_children(self.entries.iter().map(|(area, value)| {
            Element::new("qti-area-map-entry")
                .with("shape", area.shape.name())
                .with("coords", &area.coords)
                .with("mapped-value", number_text(*value))
        }))
    }
}

impl LookupTable {
    /// Reads `qti-match-table` or `qti-interpolation-table`; `None` for other elements.
    ///
    /// # Errors
    /// [`ParseError`] when an entry is incomplete.
    pub fn read(element: &Element) -> Result<Option<Self>, ParseError> {
        let mut a = Attributes::of(element);
        let source =
            |a: &mut Attributes<'_>| a.float("source-value")?.ok_or_else(|| a.bad("", "number in source-value"));
        let default_value = a.optional("default-value");
        let entries = match element.name.as_str() {
            "qti-match-table" => {
                let mut entries = Vec::new();
                for child in element.elements() {
                    let mut a = Attributes::of(child);
                    entries.push((source(&mut a)?, a.required("target-value")?));
                }
                TableEntries::Match(entries)
            }
            "qti-interpolation-table" => {
                let linear = a.optional("interpolation-method").as_deref() == Some("linear");
                let mut entries = Vec::new();
                for child in element.elements() {
                    let mut a = Attributes::of(child);
                    let include = a.boolean("include-boundary")?.unwrap_or(true);
                    entries.push((source(&mut a)?, include, a.required("target-value")?));
                }
                if linear {
                    let mut points = Vec::new();
                    for (source, _, target) in entries {
                        let target = crate::value::parse_float(target.trim())
                            .ok_or_else(|| a.bad(&target, "number in target-value"))?;
                        points.push((source, target));
                    }
                    TableEntries::Linear(points)
                } else {
                    TableEntries::Interpolation(entries)
                }
            }
            _ => return Ok(None),
        };
        Ok(Some(Self { default_value, entries, extra: a.rest(), line: element.line }))
    }

    /// Prints the table in 3.0 spelling.
    #[must_use]
    pub fn print(&self) -> Element {
        let (name, method) = match &self.entries {
            TableEntries::Match(_) => ("qti-match-table", None),
            TableEntries::Interpolation(_) => ("qti-interpolation-table", None),
            TableEntries::Linear(_) => ("qti-interpolation-table", Some("linear")),
        };
        let e = Element::new(name)
            .with_some("interpolation-method", method)
            .with_some("default-value", self.default_value.as_deref());
        let e = with_rest(e, &self.extra, self.line);
        let entry = |name: &str, source: f64| Element::new(name).with("source-value", number_text(source));
        match &self.entries {
            TableEntries::Match(entries) => e.with_children(
                entries
                    .iter()
                    .map(|(source, target)| entry("qti-match-table-entry", *source).with("target-value", target)),
            ),
            TableEntries::Interpolation(entries) => e.with_children(entries.iter().map(|(source, include, target)| {
                entry("qti-interpolation-table-entry", *source)
                    .with_some("include-boundary", (!include).then_some("false"))
                    .with("target-value", target)
            })),
            TableEntries::Linear(points) => e.with_children(points.iter().map(|(source, target)| {
                entry("qti-interpolation-table-entry", *source).with("target-value", number_text(*target))
            })),
        }
    }

    /// The text the table gives for a number.
    #[must_use]
    pub fn look_up(&self, source: Option<f64>) -> Option<String> {
        let found = source.and_then(|x| match &self.entries {
            #[expect(clippy::float_cmp, reason = "a match table matches exactly")]
            TableEntries::Match(entries) => entries.iter().find(|(at, _)| *at == x).map(|(_, target)| target.clone()),
            TableEntries::Interpolation(entries) => entries
                .iter()
                .find(|(at, include, _)| if *include { x >= *at } else { x > *at })
                .map(|(_, _, target)| target.clone()),
            TableEntries::Linear(points) => linear(points, x).map(number_text),
        });
        found.or_else(|| self.default_value.clone())
    }
}

/// Straight line between the neighbours of `x`; the end values beyond the ends.
fn linear(points: &[(f64, f64)], x: f64) -> Option<f64> {
    let below = points.iter().filter(|(at, _)| *at <= x).max_by(|a, b| a.0.total_cmp(&b.0));
    let above = points.iter().filter(|(at, _)| *at >= x).min_by(|a, b| a.0.total_cmp(&b.0));
    match (below, above) {
        (Some((x0, y0)), Some((x1, y1))) if x1 > x0 => Some(y0 + (y1 - y0) * (x - x0) / (x1 - x0)),
        (Some((_, y)), _) | (None, Some((_, y))) => Some(*y),
        (None, None) => None,
    }
}

impl Declaration {
    /// A declaration made by a program.
    #[must_use]
    pub fn new(role: Role, identifier: &str, cardinality: Cardinality, base_type: BaseType) -> Self {
        Self {
            role,
            identifier: identifier.to_owned(),
            cardinality,
            base_type: Some(base_type),
            default_value: None,
            correct_response: None,
            mapping: None,
            area_mapping: None,
            lookup_table: None,
            extra: Vec::new(),
            unknown: Vec::new(),
            line: Line::default(),
        }
    }

    /// Reads a declaration of a role.
    ///
    /// # Errors
    /// [`ParseError`] when the name, cardinality or base type is missing or unknown.
    pub fn read(role: Role, element: &Element) -> Result<Self, ParseError> {
        let mut a = Attributes::of(element);
        let identifier = a.required("identifier")?;
        let cardinality =
            a.parsed("cardinality", "cardinality", Cardinality::from_name)?.unwrap_or(Cardinality::Single);
        let base_type = a.parsed("base-type", "base type", BaseType::from_name)?;
        let mut out = Self {
            role,
            identifier,
            cardinality,
            base_type,
            default_value: None,
            correct_response: None,
            mapping: None,
            area_mapping: None,
            lookup_table: None,
            extra: Vec::new(),
            unknown: Vec::new(),
            line: element.line,
        };
        // A default written as an attribute: outside the specification, found in 2.x items.
        if let Some(text) = a.optional("default-value") {
            out.default_value = Some(ValueList::of([text]));
        }
        out.extra = a.rest();
        for child in element.elements() {
            match child.name.as_str() {
                "qti-default-value" => out.default_value = Some(ValueList::read(child)?),
                "qti-correct-response" => out.correct_response = Some(ValueList::read(child)?),
                "qti-mapping" => out.mapping = Some(Mapping::read(child)?),
                "qti-area-mapping" => out.area_mapping = Some(AreaMapping::read(child)?),
                _ => match LookupTable::read(child)? {
                    Some(table) => out.lookup_table = Some(table),
                    None => out.unknown.push(child.clone()),
                },
            }
        }
        Ok(out)
    }

    /// Prints the declaration in 3.0 spelling.
    pub fn print(&self) -> Element {
        let e = Element::new(self.role.element())
            .with("identifier", &self.identifier)
            .with("cardinality", self.cardinality.name())
            .with_some("base-type", self.base_type.map(BaseType::name));
        with_rest(e, &self.extra, self.line)
            .with_children(self.default_value.iter().map(|v| v.print("qti-default-value")))
            .with_children(self.correct_response.iter().map(|v| v.print("qti-correct-response")))
            .with_children(self.mapping.iter().map(Mapping::print))
            .with_children(self.area_mapping.iter().map(AreaMapping::print))
            .with_children(self.lookup_table.iter().map(LookupTable::print))
            .with_children(self.unknown.iter().cloned())
    }

    /// The declared default as a value; NULL when there is none.
    #[must_use]
    pub fn default(&self) -> Value {
        self.default_value.as_ref().map_or(Value::Null, |list| list.value(self.cardinality, self.base_type))
    }

    /// The declared correct response as a value; NULL when there is none.
    #[must_use]
    pub fn correct(&self) -> Value {
        self.correct_response.as_ref().map_or(Value::Null, |list| list.value(self.cardinality, self.base_type))
    }

    fn extra(&self, name: &str) -> Option<&str> {
        self.extra.iter().find(|a| a.name == name).map(|a| a.value.as_str())
    }

    /// Who scores this outcome when it is not response processing (`human` or `externalMachine`).
    #[must_use]
    pub fn external_scored(&self) -> Option<&str> {
        self.extra("external-scored").or_else(|| self.extra("external-scored-by"))
    }

    /// Largest value in the ordinary course of things.
    #[must_use]
    pub fn normal_maximum(&self) -> Option<f64> {
        self.extra("normal-maximum").and_then(|text| crate::value::parse_float(text.trim()))
    }

    /// Smallest value in the ordinary course of things.
    #[must_use]
    pub fn normal_minimum(&self) -> Option<f64> {
        self.extra("normal-minimum").and_then(|text| crate::value::parse_float(text.trim()))
    }

    /// Whether a template variable is put into mathematical expressions of the body.
    #[must_use]
    pub fn is_math_variable(&self) -> bool {
        matches!(self.extra("math-variable"), Some("true" | "1"))
    }
}
