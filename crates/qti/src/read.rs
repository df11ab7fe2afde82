//! Helpers for reading typed parts out of elements, with errors that name the line.

use crate::xml::{Attribute, Element, Line, XmlError};

/// Why a document could not be read into the model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Not safe, well-formed XML.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// The root element is something else.
    #[error("line {line}: expected {expected}, found <{found}>")]
    WrongRoot {
        /// Line of the root element.
        line: u32,
        /// What was asked for.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// A required attribute is missing.
    #[error("line {line}: <{element}> needs the attribute {attribute}")]
    MissingAttribute {
        /// Line of the element.
        line: u32,
        /// Name of the element.
        element: String,
        /// Name of the attribute.
        attribute: String,
    },
    /// An attribute or text has a value that its type does not allow.
    #[error("line {line}: <{element}>: {value:?} is not a {expected}")]
    BadValue {
        /// Line of the element.
        line: u32,
        /// Name of the element.
        element: String,
        /// What is written.
        value: String,
        /// What would be allowed.
        expected: &'static str,
    },
    /// A required child element is missing, or there are too many.
    #[error("line {line}: <{element}> {message}")]
    Structure {
        /// Line of the element.
        line: u32,
        /// Name of the element.
        element: String,
        /// What is wrong with its content.
        message: String,
    },
}

impl ParseError {
    /// The line (1-based) the error is about.
    #[must_use]
    pub fn line(&self) -> u32 {
        match self {
            Self::Xml(error) => error.line(),
            Self::WrongRoot { line, .. }
            | Self::MissingAttribute { line, .. }
            | Self::BadValue { line, .. }
            | Self::Structure { line, .. } => *line,
        }
    }
}

/// Takes known attributes out of an element, so that the rest can be kept verbatim.
pub(crate) struct Attributes<'a> {
    element: &'a Element,
    left: Vec<Attribute>,
}

impl<'a> Attributes<'a> {
    pub(crate) fn of(element: &'a Element) -> Self {
        Self { element, left: element.attributes.clone() }
    }

    pub(crate) fn optional(&mut self, name: &str) -> Option<String> {
        let index = self.left.iter().position(|a| a.name == name)?;
        Some(self.left.remove(index).value)
    }

    pub(crate) fn required(&mut self, name: &str) -> Result<String, ParseError> {
        self.optional(name).ok_or_else(|| ParseError::MissingAttribute {
            line: self.element.line.0,
            element: self.element.name.clone(),
            attribute: name.to_owned(),
        })
    }

    pub(crate) fn boolean(&mut self, name: &str) -> Result<Option<bool>, ParseError> {
        let Some(text) = self.optional(name) else {
            return Ok(None);
        };
        // Some tools write capitals, or nothing; the checks of the schema tell.
        match text.trim().to_ascii_lowercase().as_str() {
            "" => Ok(None),
            "true" | "1" => Ok(Some(true)),
            "false" | "0" => Ok(Some(false)),
            _ => Err(self.bad(&text, "boolean (true or false)")),
        }
    }

    pub(crate) fn float(&mut self, name: &str) -> Result<Option<f64>, ParseError> {
        let Some(text) = self.optional(name) else {
            return Ok(None);
        };
        match crate::value::parse_float(text.trim()) {
            Some(x) => Ok(Some(x)),
            None => Err(self.bad(&text, "number")),
        }
    }

    pub(crate) fn parsed<T>(
        &mut self,
        name: &str,
        expected: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, ParseError> {
        let Some(text) = self.optional(name) else {
            return Ok(None);
        };
        match parse(text.trim()) {
            Some(value) => Ok(Some(value)),
            None => Err(self.bad(&text, expected)),
        }
    }

    pub(crate) fn bad(&self, value: &str, expected: &'static str) -> ParseError {
        ParseError::BadValue {
            line: self.element.line.0,
            element: self.element.name.clone(),
            value: value.to_owned(),
            expected,
        }
    }

    pub(crate) fn rest(self) -> Vec<Attribute> {
        self.left
    }
}

pub(crate) fn structure(element: &Element, message: impl Into<String>) -> ParseError {
    ParseError::Structure { line: element.line.0, element: element.name.clone(), message: message.into() }
}

/// Adds kept attributes to an element that is being printed.
pub(crate) fn with_rest(mut element: Element, rest: &[Attribute], line: Line) -> Element {
    element.attributes.extend_from_slice(rest);
    element.line = line;
    element
}
