//! Buttons, forms, filters, tabs.

use std::borrow::Cow;

use askama::Template;

use crate::context::PageCtx;

/// How a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// One of several.
    #[default]
    Plain,
    /// The main thing to do here.
    Main,
    /// Takes something away.
    Danger,
}

/// A link that looks like a button, or a button that sends a form of its own.
#[derive(Debug, Clone, Default)]
pub struct Button {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// How it looks.
    pub kind: ButtonKind,
    /// Token when it writes: then it is a form.
    pub csrf: Option<String>,
}

impl Button {
    /// A link.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into(), ..Self::default() }
    }

    /// A button that writes.
    pub fn post(ctx: &PageCtx, label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { csrf: Some(ctx.csrf.clone()), ..Self::link(label, href) }
    }

    /// The same as the main thing to do.
    #[must_use]
    pub fn main(mut self) -> Self {
        self.kind = ButtonKind::Main;
        self
    }

    /// The same as a thing that takes something away.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.kind = ButtonKind::Danger;
        self
    }

    /// Classes of the style sheet.
    pub fn class(&self) -> &'static str {
        match self.kind {
            ButtonKind::Plain => "button",
            ButtonKind::Main => "button main",
            ButtonKind::Danger => "button danger",
        }
    }
}

/// One of several values: value, name.
pub type Choice = (String, String);

/// What a field takes.
#[derive(Debug, Clone)]
pub enum FieldKind {
    /// A line; the word is the input's type (`text`, `search`, `password`, `date`, `number`).
    Line(&'static str),
    /// Several lines.
    Lines,
    /// One of a list.
    Select(Vec<Choice>),
    /// One of a few, all in sight.
    Radio(Vec<Choice>),
    /// Yes or no.
    Check(bool),
    /// Any of a list: value, name, whether it is chosen.
    Checks(Vec<(String, String, bool)>),
    /// A file; the text says which kinds.
    File(&'static str),
    /// A value that is sent along.
    Hidden,
}

/// A field of a form.
#[derive(Debug, Clone)]
pub struct Field {
    /// Name.
    pub name: Cow<'static, str>,
    /// Label.
    pub label: String,
    /// Help below the label.
    pub hint: String,
    /// Value.
    pub value: String,
    /// What is wrong with it.
    pub error: String,
    /// What it takes.
    pub kind: FieldKind,
    /// Whether it must be filled in.
    pub required: bool,
    /// The browser's own help: `username`, `current-password`, `off`.
    pub autocomplete: &'static str,
}

impl Field {
    /// A field that must be filled in.
    pub fn new(name: impl Into<Cow<'static, str>>, label: impl Into<String>, kind: FieldKind) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            hint: String::new(),
            value: String::new(),
            error: String::new(),
            kind,
            required: true,
            autocomplete: "off",
        }
    }

    /// The same with a value.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// The same with help.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The same with what is wrong.
    #[must_use]
    pub fn error(mut self, error: impl Into<String>) -> Self {
        self.error = error.into();
        self
    }

    /// The same, but it may stay empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    fn described(&self) -> String {
        let ids = [("hint", &self.hint), ("error", &self.error)];
        let named = ids.iter().filter(|(_, text)| !text.is_empty()).map(|(kind, _)| format!("{}-{kind}", self.name));
        named.collect::<Vec<_>>().join(" ")
    }
}

/// A form that writes.
#[derive(Debug, Clone, Template)]
#[template(path = "components/form.html")]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// The session's token.
    pub csrf: String,
    /// Fields.
    pub fields: Vec<Field>,
    /// What the button says.
    pub submit: String,
    /// How the button looks.
    pub danger: bool,
    /// Where "Cancel" leads, and what it says.
    pub cancel: Option<(String, String)>,
}

impl Form {
    /// A form with its token.
    pub fn new(ctx: &PageCtx, action: impl Into<String>, fields: Vec<Field>, submit: impl Into<String>) -> Self {
        let (action, submit) = (action.into(), submit.into());
        Self { action, csrf: ctx.csrf.clone(), fields, submit, danger: false, cancel: None }
    }

    /// The same with a way back.
    #[must_use]
    pub fn cancel(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.cancel = Some((href.into(), label.into()));
        self
    }

    fn has_file(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.kind, FieldKind::File(_)))
    }
}

/// The filters of a list: a form that reads.
#[derive(Debug, Clone, Template)]
#[template(path = "components/filters.html")]
pub struct Filters {
    /// Address of the list.
    pub action: String,
    /// Fields.
    pub fields: Vec<Field>,
    /// What the button says.
    pub submit: String,
}

/// Tabs: name, address, whether it is this one.
#[derive(Debug, Clone, Template)]
#[template(path = "components/tabs.html")]
pub struct Tabs {
    /// What they choose between.
    pub label: String,
    /// Name, address, whether it is this one.
    pub tabs: Vec<(String, String, bool)>,
}
