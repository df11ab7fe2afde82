//! Checks of a test.

use super::{Adaptive, Common, Member, Section, Test};
use crate::check::{Finding, Findings};
use std::collections::BTreeSet;

/// Everything to be said about a test.
#[must_use]
pub fn check(test: &Test) -> Vec<Finding> {
    let mut findings = Findings::default();
    let mut names = BTreeSet::new();
    let mut targets = Vec::new();
    if test.parts.is_empty() {
        findings.error("parts-missing", test.line.0, "the test has no parts".to_owned(), "Add <qti-test-part>.");
    }
    for part in &test.parts {
        name(&part.identifier, &part.common, &mut names, &mut targets, &mut findings);
        members(&part.members, &mut names, &mut targets, &mut findings);
    }
    for (target, line) in targets {
        if !["EXIT_TEST", "EXIT_TESTPART", "EXIT_SECTION"].contains(&target) && !names.contains(target) {
            findings.error(
                "branch-target",
                line,
                format!("a branch leads to {target}, which is not in the test"),
                "Correct the target.",
            );
        }
    }
    for element in &test.unknown {
        findings.warning(
            "element-unknown",
            element.line.0,
            format!("<{}> is not a part of a test; it is kept but does nothing", element.name),
            "Check its spelling, or remove it.",
        );
    }
    findings.0
}

fn name<'a>(
    identifier: &'a str,
    common: &'a Common,
    names: &mut BTreeSet<&'a str>,
    targets: &mut Vec<(&'a str, u32)>,
    findings: &mut Findings,
) {
    if !names.insert(identifier) {
        findings.error(
            "identifier-twice",
            common.line.0,
            format!("the identifier {identifier} is used twice"),
            "Rename one of the two.",
        );
    }
    targets.extend(common.branch_rules.iter().map(|rule| (rule.target.as_str(), common.line.0)));
    for element in &common.unknown {
        findings.warning(
            "element-unknown",
            element.line.0,
            format!("<{}> is not known here; it is kept but does nothing", element.name),
            "Check its spelling, or remove it.",
        );
    }
}

fn members<'a>(
    list: &'a [Member],
    names: &mut BTreeSet<&'a str>,
    targets: &mut Vec<(&'a str, u32)>,
    findings: &mut Findings,
) {
    for member in list {
        match member {
            Member::Item(item) => {
                name(&item.identifier, &item.common, names, targets, findings);
                if crate::package::safe_path(&item.href.replace("../", "")).is_none() {
                    findings.error(
                        "address-refused",
                        item.common.line.0,
                        format!("{:?} is not a file of the package", item.href),
                        "Name the item by a relative path.",
                    );
                }
            }
            Member::Section(section) => {
                name(&section.identifier, &section.common, names, targets, findings);
                if let Some(selection) = &section.selection
                    && !selection.with_replacement
                    && selection.select > section.members.len()
                {
                    findings.error(
                        "selection-too-large",
                        section.common.line.0,
                        format!("{} of {} members are to be selected", selection.select, section.members.len()),
                        "Select fewer, or add members.",
                    );
                }
                if let Some(adaptive) = &section.adaptive {
                    self::adaptive(section, adaptive, findings);
                }
                members(&section.members, names, targets, findings);
            }
            Member::Reference(reference) => {
                name(&reference.identifier, &reference.common, names, targets, findings);
                findings.error(
                    "section-not-followed",
                    reference.common.line.0,
                    format!(
                        "the section {} is in the file {:?}, which is not there",
                        reference.identifier, reference.href
                    ),
                    "Put the file into the package, or the section into the test.",
                );
            }
        }
    }
}

fn adaptive(section: &Section, adaptive: &Adaptive, findings: &mut Findings) {
    findings.error(
        "adaptive-refused",
        adaptive.line.0,
        format!(
            "the items of {} are chosen by the engine {}, which is not in the test; sessions of it are refused",
            section.identifier, adaptive.engine.href
        ),
        "Give the section a selection of its own, or sit it as an adaptive campaign.",
    );
    if section.selection.is_some() || section.ordering.is_some() {
        findings.warning(
            "adaptive-and-selection",
            adaptive.line.0,
            format!("{} has an adaptive selection and one of its own", section.identifier),
            "Keep one of the two.",
        );
    }
}
