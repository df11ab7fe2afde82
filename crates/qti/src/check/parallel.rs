//! Language versions of one item: the same task in several languages.

use super::{Finding, Findings};
use crate::declaration::Role;
use crate::item::Item;

/// Compares language versions with the first: the same interactions with the same choices, the same keys and
/// the same processing, so that a score means the same in each language.
#[must_use]
pub fn parallel(items: &[&Item]) -> Vec<Finding> {
    let mut findings = Findings::default();
    let Some((first, others)) = items.split_first() else { return Vec::new() };
    let shape = |item: &Item| {
        item.interactions()
            .iter()
            .map(|interaction| {
                let mut choices: Vec<_> = interaction
                    .choices()
                    .iter()
                    .map(|choice| format!("{}{}", choice.identifier, if choice.is_fixed() { "!" } else { "" }))
                    .collect();
                choices.sort();
                (interaction.kind, interaction.response().to_owned(), interaction.max_choices(), choices)
            })
            .collect::<Vec<_>>()
    };
    for other in others {
        let language = other.language.as_deref().unwrap_or("?");
        if shape(first) != shape(other) {
            findings.error(
                "versions-interactions",
                other.line.0,
                format!("the {language} version has other interactions or choices"),
                "Make the versions alike; translate the texts only.",
            );
        }
        for declaration in &first.declarations {
            let name = &declaration.identifier;
            match other.declaration(name) {
                // What is typed in differs by language; the number of right answers should not.
                Some(same) if declaration.role == Role::Response => {
                    let texts = declaration.base_type == Some(crate::value::BaseType::String);
                    let equal = if texts {
                        declaration.correct_response.is_some() == same.correct_response.is_some()
                            && declaration.mapping.is_some() == same.mapping.is_some()
                    } else {
                        declaration == same
                    };
                    if !equal {
                        findings.error(
                            "versions-keys",
                            same.line.0,
                            format!("{name} has another key in the {language} version"),
                            "Find out which version is right.",
                        );
                    }
                }
                Some(_) => {}
                None => findings.error(
                    "versions-variables",
                    other.line.0,
                    format!("{name} is missing in the {language} version"),
                    "Make the versions alike.",
                ),
            }
        }
        if first.response_processing != other.response_processing {
            findings.warning(
                "versions-processing",
                other.line.0,
                format!("the {language} version is scored by other rules"),
                "Make the versions alike.",
            );
        }
        if first.language == other.language {
            findings.error(
                "versions-language",
                other.line.0,
                format!("two versions say they are in {language}"),
                "Correct xml:lang.",
            );
        }
    }
    findings.0
}
