//! Checks of catalogs and companion materials: what is named is there, and can be offered.

use super::Findings;
use crate::catalog::{Catalogs, is_support};
use crate::companion::{CALCULATORS, Material, materials};
use crate::item::Item;
use crate::render::sanitise;
use crate::xml::Element;
use std::collections::BTreeSet;

pub(super) fn check(item: &Item, findings: &mut Findings) {
    let roots = || item.catalogs.iter().chain(&item.body).chain(&item.modal_feedbacks);
    let catalogs = Catalogs::of(roots());
    let mut ids = BTreeSet::new();
    let mut used = BTreeSet::new();
    for root in roots() {
        root.walk(&mut |element| {
            if let Some(id) = element.attribute("data-catalog-idref") {
                used.insert(id.trim().to_owned());
                // Shared stimuli bring catalogs of their own, which only the package knows.
                if !catalogs.contains(id.trim()) {
                    findings.error(
                        "catalog-missing",
                        element.line.0,
                        format!("<{}> names the catalog {id:?}, which is not in the item", element.name),
                        "Add a <qti-catalog> of that id, or correct data-catalog-idref.",
                    );
                }
            }
            match element.name.as_str() {
                "qti-catalog" => {
                    let id = element.attribute("id").unwrap_or("");
                    if !ids.insert(id.to_owned()) {
                        findings.error(
                            "catalog-twice",
                            element.line.0,
                            format!("the catalog id {id:?} occurs twice; the first counts"),
                            "Rename one of the two.",
                        );
                    }
                }
                "qti-card" => card(element, findings),
                "qti-file-href" => address(element, findings),
                _ => {}
            }
        });
    }
    for id in ids.difference(&used).filter(|id| !id.is_empty()) {
        let line = item.catalogs.as_ref().map_or(0, |catalogs| catalogs.line.0);
        findings.note(
            "catalog-unused",
            line,
            format!("nothing names the catalog {id:?}, so it is never offered"),
            "Name it in data-catalog-idref, or remove it.",
        );
    }
    for material in materials(item) {
        companion(material, findings);
    }
}

fn card(element: &Element, findings: &mut Findings) {
    let support = element.attribute("support").unwrap_or("");
    if !is_support(support) {
        findings.error(
            "support-unknown",
            element.line.0,
            format!("{support:?} is not a support of the specification, so nobody can ask for it"),
            "Use one of its words, or begin your own with \"ext:\".",
        );
    }
    let has_content = |element: &Element| {
        element.elements().any(|child| matches!(child.name.as_str(), "qti-html-content" | "qti-file-href"))
    };
    let entries: Vec<_> = element.elements().filter(|child| child.name == "qti-card-entry").collect();
    if !has_content(element) && !entries.iter().any(|entry| has_content(entry)) {
        findings.warning(
            "card-empty",
            element.line.0,
            format!("the card {support:?} has no content"),
            "Add <qti-html-content> or <qti-file-href>, or remove the card.",
        );
    }
}

fn address(element: &Element, findings: &mut Findings) {
    let text = element.text();
    if sanitise::address(text.trim(), "").is_none() {
        findings.error(
            "address-refused",
            element.line.0,
            format!("{:?} is not shown: only files of the item are", text.trim()),
            "Put the file into the package and name it by a relative path.",
        );
    }
}

fn companion(material: Material<'_>, findings: &mut Findings) {
    let line = material.element().line.0;
    if let Material::Calculator { kind, .. } = material
        && !CALCULATORS.contains(&kind)
    {
        findings.error(
            "calculator-unknown",
            line,
            format!("{kind:?} is not a kind of calculator"),
            "Write basic, standard, scientific or graphing.",
        );
    }
    if material.words().is_empty() {
        findings.warning(
            "material-without-words",
            line,
            format!("<{}> does not say what it is", material.element().name),
            "Describe it in words: a pupil reads them.",
        );
    }
    material.element().walk(&mut |element| {
        if element.name == "qti-file-href" {
            address(element, findings);
        }
    });
}
