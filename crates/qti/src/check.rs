//! Checks of an item: what the schema asks for and what only sense can ask for.
//!
//! ```
//! let item = qti::parse_item(r#"<qti-assessment-item identifier="i" title="t" adaptive="false" time-dependent="false">
//!   <qti-item-body><p>A <qti-printed-variable identifier="NOBODY"/></p></qti-item-body></qti-assessment-item>"#)?;
//! let findings = qti::check::item(&item);
//! assert!(findings.iter().any(|finding| finding.code == "variable-undeclared" && finding.line == 2));
//! # Ok::<(), qti::ParseError>(())
//! ```

mod body;
mod catalogs;
mod expressions;
mod parallel;
mod schema;

pub use parallel::parallel;
pub use schema::{names as schema_names, schema};

use crate::declaration::{Declaration, Role};
use crate::item::Item;
use crate::processing::{Action, Context, Rule};
use crate::value::{BaseType, Cardinality, Scalar};
use std::collections::BTreeSet;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Works; worth knowing.
    Note,
    /// Works, but probably not as meant, or not for everybody.
    Warning,
    /// Does not work.
    Error,
}

impl Severity {
    /// The word in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable name of the kind of finding.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Line in the file, 1-based; 0 for parts made by a program.
    pub line: u32,
    /// What is found.
    pub message: String,
    /// What to do.
    pub remedy: &'static str,
}

/// Collects findings.
#[derive(Debug, Default)]
pub(crate) struct Findings(pub(crate) Vec<Finding>);

impl Findings {
    pub(crate) fn error(&mut self, code: &'static str, line: u32, message: String, remedy: &'static str) {
        self.0.push(Finding { code, severity: Severity::Error, line, message, remedy });
    }

    pub(crate) fn warning(&mut self, code: &'static str, line: u32, message: String, remedy: &'static str) {
        self.0.push(Finding { code, severity: Severity::Warning, line, message, remedy });
    }

    pub(crate) fn note(&mut self, code: &'static str, line: u32, message: String, remedy: &'static str) {
        self.0.push(Finding { code, severity: Severity::Note, line, message, remedy });
    }
}

/// Built-in variables of every item (information model, "Built-in Variables").
const BUILT_IN: [&str; 5] = ["completionStatus", "completion_status", "numAttempts", "duration", "QTI_CONTEXT"];

/// Whether a name is a declared or built-in variable.
pub(crate) fn is_variable(item: &Item, identifier: &str) -> bool {
    BUILT_IN.contains(&identifier) || item.declaration(identifier).is_some()
}

/// Everything to be said about an item, by line.
#[must_use]
pub fn item(item: &Item) -> Vec<Finding> {
    let mut findings = Findings::default();
    head(item, &mut findings);
    for declaration in &item.declarations {
        declared(declaration, &mut findings);
    }
    body::check(item, &mut findings);
    catalogs::check(item, &mut findings);
    processing(item, &mut findings);
    for element in &item.unknown {
        findings.warning(
            "element-unknown",
            element.line.0,
            format!("<{}> is not a part of an item; it is kept but does nothing", element.name),
            "Check its spelling, or remove it.",
        );
    }
    let mut findings = findings.0;
    findings.sort_by_key(|finding| (finding.line, std::cmp::Reverse(finding.severity)));
    findings
}

fn head(item: &Item, findings: &mut Findings) {
    let line = item.line.0;
    if !crate::xml::is_name(&item.identifier) || item.identifier.contains(':') {
        findings.warning(
            "identifier-form",
            line,
            format!("the identifier {:?} is not of the form other systems ask for", item.identifier),
            "Begin it with a letter and use letters, digits, '-', '_' and '.' only.",
        );
    }
    if item.title.trim().is_empty() {
        findings.warning(
            "title-missing",
            line,
            "the item has no title".to_owned(),
            "Give it a title that does not tell the answer.",
        );
    }
    if item.text_language().is_none() {
        findings.warning(
            "language-missing",
            line,
            "the item does not say its language".to_owned(),
            "Add xml:lang to the item, for instance xml:lang=\"kk\".",
        );
    }
    if item.body.is_none() {
        findings.warning(
            "body-missing",
            line,
            "the item has no body, so nothing can be shown".to_owned(),
            "Add <qti-item-body>.",
        );
    }
    let mut names = BTreeSet::new();
    for declaration in &item.declarations {
        if !names.insert(declaration.identifier.as_str()) {
            findings.error(
                "variable-twice",
                declaration.line.0,
                format!("the variable {} is declared twice", declaration.identifier),
                "Rename one of the two.",
            );
        }
    }
}

fn declared(declaration: &Declaration, findings: &mut Findings) {
    let line = declaration.line.0;
    let name = &declaration.identifier;
    if declaration.cardinality != Cardinality::Record && declaration.base_type.is_none() {
        findings.error(
            "base-type-missing",
            line,
            format!("the variable {name} has no base type"),
            "Add base-type; only records go without.",
        );
    }
    for (what, list) in
        [("default value", &declaration.default_value), ("correct response", &declaration.correct_response)]
    {
        let Some(list) = list else { continue };
        if declaration.cardinality == Cardinality::Single && list.values.len() > 1 {
            findings.error(
                "values-too-many",
                line,
                format!("the {what} of {name} has {} values, but the variable holds one", list.values.len()),
                "Set cardinality to multiple or ordered, or keep one value.",
            );
        }
        for value in &list.values {
            let base_type = value.base_type.or(declaration.base_type).unwrap_or(BaseType::String);
            // An empty value is NULL.
            if !value.text.is_empty() && Scalar::parse(base_type, &value.text).is_none() {
                findings.error(
                    "value-type",
                    line,
                    format!("{:?} in the {what} of {name} is no {}", value.text.trim(), base_type.name()),
                    "Correct the value or the base type.",
                );
            }
        }
    }
    if let Some(mapping) = &declaration.mapping {
        if let (Some(lower), Some(upper)) = (mapping.lower_bound, mapping.upper_bound)
            && lower > upper
        {
            findings.error(
                "bounds-crossed",
                line,
                format!("the mapping of {name} has a lower bound above its upper bound"),
                "Exchange the two.",
            );
        }
        let mut keys = BTreeSet::new();
        for entry in &mapping.entries {
            if !keys.insert(entry.key.as_str()) {
                findings.warning(
                    "map-key-twice",
                    line,
                    format!("the mapping of {name} lists {:?} twice; the first counts", entry.key),
                    "Remove one of the two.",
                );
            }
        }
        if mapping.entries.is_empty() {
            findings.warning(
                "mapping-empty",
                line,
                format!("the mapping of {name} has no entries"),
                "Add <qti-map-entry> or remove the mapping.",
            );
        }
    }
    if declaration.role == Role::Outcome && declaration.correct_response.is_some() {
        findings.error(
            "correct-response-misplaced",
            line,
            format!("the outcome {name} cannot have a correct response"),
            "Move it to the response declaration.",
        );
    }
    for element in &declaration.unknown {
        findings.warning(
            "element-unknown",
            element.line.0,
            format!("<{}> is not a part of a declaration; it is kept but does nothing", element.name),
            "Check its spelling, or remove it.",
        );
    }
}

fn processing(item: &Item, findings: &mut Findings) {
    if let Some(rules) = &item.template_processing {
        check_rules(item, rules, Context::Template, findings);
    }
    if let Some(rules) = &item.outcome_processing {
        findings.note(
            "outcome-processing-in-item",
            item.line.0,
            "outcome processing belongs to tests; here it runs after response processing".to_owned(),
            "Move its rules into response processing.",
        );
        check_rules(item, rules, Context::Outcome, findings);
    }
    let has_responses = item.declarations_of(Role::Response).next().is_some();
    let human = item.declarations_of(Role::Outcome).any(|declaration| declaration.external_scored().is_some());
    let Some(processing) = &item.response_processing else {
        if has_responses && !human && item.outcome_processing.is_none() {
            findings.warning(
                "not-scored",
                item.line.0,
                "nothing scores the responses".to_owned(),
                "Add response processing, or mark an outcome external-scored=\"human\".",
            );
        }
        return;
    };
    check_rules(item, &processing.rules, Context::Response, findings);
    let Some(template) = processing.template.as_deref() else { return };
    let line = processing.line.0;
    match crate::score::template_rules(processing) {
        Err(refusal) => findings.error(
            "template-unknown",
            line,
            format!("the response processing template {template} is not known: {}", refusal.reason),
            "Use a standard template, or write the rules out.",
        ),
        Ok(None) => findings.note(
            "template-ignored",
            line,
            "there are rules beside the template; the rules count".to_owned(),
            "Remove one of the two.",
        ),
        Ok(Some(rules)) => {
            for name in ["RESPONSE", "SCORE"] {
                if item.declaration(name).is_none() {
                    findings.error(
                        "template-variable-missing",
                        line,
                        format!("the template works on a variable {name}, which is not declared"),
                        "Rename the variable, or write the rules out.",
                    );
                }
            }
            let name = template.rsplit('/').next().unwrap_or("");
            if let Some(declaration) = item.declaration("RESPONSE") {
                let missing = if name.starts_with("match_correct") || name.starts_with("CC2_match") {
                    declaration.correct_response.is_none() && item.template_processing.is_none()
                } else if name.starts_with("map_response_point") {
                    declaration.area_mapping.is_none()
                } else {
                    declaration.mapping.is_none()
                };
                if missing {
                    findings.error(
                        "key-missing",
                        declaration.line.0,
                        format!("RESPONSE has nothing that {name} could score it by"),
                        "Declare the correct response or the mapping.",
                    );
                }
            }
            drop(rules);
        }
    }
}

pub(crate) fn check_rules(item: &Item, rules: &[Rule], context: Context, findings: &mut Findings) {
    for rule in rules {
        rule.walk(&mut |rule| {
            check_rule(item, rule, context, findings);
        });
    }
}

fn check_rule(item: &Item, rule: &Rule, context: Context, findings: &mut Findings) {
    let line = rule.line.0;
    match &rule.action {
        Action::Unknown(element) => findings.error(
            "rule-refused",
            line,
            format!("<{}> is not a rule that can be run; scoring refuses the item", element.name),
            "Write it with the rules of the specification.",
        ),
        Action::Set(target, identifier, expression) => {
            match item.declaration(identifier) {
                None if BUILT_IN.contains(&identifier.as_str()) => {}
                None => findings.error(
                    "variable-undeclared",
                    line,
                    format!("{identifier} is set but not declared"),
                    "Declare it, or correct its name.",
                ),
                Some(declaration) => {
                    let given = expressions::infer(item, expression);
                    expressions::fits(declaration, given, line, findings);
                }
            }
            if *target == crate::processing::Target::Response {
                findings.note(
                    "rule-outside-specification",
                    line,
                    "responses are not set by the specification's rules; other systems may refuse this".to_owned(),
                    "Use an outcome variable instead.",
                );
            }
        }
        Action::LookupOutcomeValue(identifier, _) => {
            let has_table = item.declaration(identifier).is_some_and(|declaration| declaration.lookup_table.is_some());
            if !has_table {
                findings.error(
                    "table-missing",
                    line,
                    format!("{identifier} has no table to look values up in"),
                    "Add <qti-match-table> or <qti-interpolation-table> to its declaration.",
                );
            }
        }
        Action::SetDefault(identifier, _) => {
            if !is_variable(item, identifier) {
                findings.error(
                    "variable-undeclared",
                    line,
                    format!("{identifier} is set but not declared"),
                    "Declare it, or correct its name.",
                );
            }
        }
        Action::Condition(branches) => {
            for condition in branches.iter().filter_map(|branch| branch.condition.as_ref()) {
                expressions::boolean(item, condition, findings);
            }
        }
        Action::TemplateConstraint(expression) => {
            expressions::boolean(item, expression, findings);
            if context != Context::Template {
                findings.error(
                    "rule-misplaced",
                    line,
                    "a template constraint stands outside template processing".to_owned(),
                    "Move it.",
                );
            }
        }
        Action::Exit | Action::Fragment(_) => {}
    }
    let before = findings.0.len();
    for expression in rule.expressions() {
        expressions::check(item, expression, findings);
    }
    // Outcome processing is a test's, so what only a test can answer is at home there.
    if context == Context::Outcome {
        for finding in findings.0.iter_mut().skip(before).filter(|finding| finding.code == expressions::OF_TESTS) {
            finding.severity = Severity::Warning;
        }
    }
}
