//! The table of constructs: every element of QTI 3.0 and what Zerek does with it.
//!
//! `docs/qti.md` is printed from this table by a test, and other tests compare the table with what the code
//! recognises, so that neither can promise more than there is.

/// What Zerek does with a construct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// Read, shown or run, and written.
    Supported,
    /// Read and written again; nothing else happens.
    Kept,
    /// Refused by name where it would have to run.
    Refused,
}

impl Support {
    /// The word in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::Kept => "kept",
            Self::Refused => "refused",
        }
    }
}

/// One construct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Construct {
    /// Part of the specification.
    pub group: &'static str,
    /// Element name.
    pub name: &'static str,
    /// What is done with it.
    pub support: Support,
    /// Limits, or why not.
    pub remark: &'static str,
}

const fn row(group: &'static str, name: &'static str, support: Support, remark: &'static str) -> Construct {
    Construct { group, name, support, remark }
}

/// The construct of an element name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Construct> {
    CONSTRUCTS.iter().find(|construct| construct.name == name)
}

/// The constructs an item uses, in the order of the table, with elements that are in no table at the end.
#[must_use]
pub fn profile(item: &crate::item::Item) -> (Vec<&'static Construct>, Vec<String>) {
    let mut used = std::collections::BTreeSet::new();
    item.print().walk(&mut |element| {
        if element.name.starts_with("qti-") || element.name == "xi:include" {
            used.insert(element.name.clone());
        }
    });
    let known: Vec<_> = CONSTRUCTS.iter().filter(|construct| used.remove(construct.name)).collect();
    (known, used.into_iter().collect())
}

/// The table as Markdown, one section per part of the specification.
#[must_use]
pub fn markdown() -> String {
    let mut out = String::new();
    let mut group = "";
    for construct in CONSTRUCTS {
        if construct.group != group {
            group = construct.group;
            out.push_str("\n### ");
            out.push_str(group);
            out.push_str("\n\n| element | | remark |\n|---|---|---|\n");
        }
        out.push_str("| `");
        out.push_str(construct.name);
        out.push_str("` | ");
        out.push_str(construct.support.name());
        out.push_str(" | ");
        out.push_str(construct.remark);
        out.push_str(" |\n");
    }
    out
}

/// Every element of the specification, and those outside it that are understood.
pub const CONSTRUCTS: &[Construct] = &[
    row("Item and stimulus", "qti-assessment-item", Support::Supported, ""),
    row(
        "Item and stimulus",
        "qti-context-declaration",
        Support::Supported,
        "defaults, and values the delivery gives at the start",
    ),
    row("Item and stimulus", "qti-response-declaration", Support::Supported, ""),
    row("Item and stimulus", "qti-outcome-declaration", Support::Supported, ""),
    row("Item and stimulus", "qti-template-declaration", Support::Supported, ""),
    row("Item and stimulus", "qti-default-value", Support::Supported, ""),
    row("Item and stimulus", "qti-correct-response", Support::Supported, ""),
    row("Item and stimulus", "qti-value", Support::Supported, ""),
    row("Item and stimulus", "qti-mapping", Support::Supported, ""),
    row("Item and stimulus", "qti-map-entry", Support::Supported, ""),
    row("Item and stimulus", "qti-area-mapping", Support::Supported, ""),
    row("Item and stimulus", "qti-area-map-entry", Support::Supported, ""),
    row("Item and stimulus", "qti-match-table", Support::Supported, ""),
    row("Item and stimulus", "qti-match-table-entry", Support::Supported, ""),
    row("Item and stimulus", "qti-interpolation-table", Support::Supported, ""),
    row("Item and stimulus", "qti-interpolation-table-entry", Support::Supported, ""),
    row("Item and stimulus", "qti-item-body", Support::Supported, ""),
    row("Item and stimulus", "qti-content-body", Support::Supported, ""),
    row("Item and stimulus", "qti-assessment-stimulus", Support::Supported, ""),
    row("Item and stimulus", "qti-assessment-stimulus-ref", Support::Supported, "followed inside the package"),
    row("Item and stimulus", "qti-stimulus-body", Support::Supported, ""),
    row("Item and stimulus", "qti-rubric-block", Support::Supported, "shown by view"),
    row("Item and stimulus", "qti-printed-variable", Support::Supported, ""),
    row("Item and stimulus", "qti-feedback-inline", Support::Supported, ""),
    row("Item and stimulus", "qti-feedback-block", Support::Supported, ""),
    row("Item and stimulus", "qti-modal-feedback", Support::Supported, ""),
    row("Item and stimulus", "qti-template-inline", Support::Supported, ""),
    row("Item and stimulus", "qti-template-block", Support::Supported, ""),
    row("Item and stimulus", "qti-prompt", Support::Supported, ""),
    row(
        "Item and stimulus",
        "qti-stylesheet",
        Support::Kept,
        "pages use Zerek's own styles; shared vocabulary classes pass through",
    ),
    row("Item and stimulus", "qti-companion-materials-info", Support::Supported, "listed before the body"),
    row(
        "Item and stimulus",
        "qti-calculator",
        Support::Supported,
        "named with its kind; the calculator itself is the player's",
    ),
    row("Item and stimulus", "qti-calculator-type", Support::Supported, ""),
    row("Item and stimulus", "qti-description", Support::Supported, ""),
    row("Item and stimulus", "qti-rule", Support::Supported, "named; drawing with it is the player's"),
    row("Item and stimulus", "qti-protractor", Support::Supported, "named; turning it is the player's"),
    row("Item and stimulus", "qti-digital-material", Support::Supported, "as a link"),
    row("Item and stimulus", "qti-physical-material", Support::Supported, ""),
    row("Item and stimulus", "qti-calculator-info", Support::Supported, "as a link"),
    row("Item and stimulus", "qti-resource-icon", Support::Kept, "links carry words"),
    row("Item and stimulus", "qti-rule-system-si", Support::Kept, "for the player: lengths and increments"),
    row("Item and stimulus", "qti-rule-system-us", Support::Kept, "for the player"),
    row("Item and stimulus", "qti-minimum-length", Support::Kept, "for the player"),
    row("Item and stimulus", "qti-minor-increment", Support::Kept, "for the player"),
    row("Item and stimulus", "qti-major-increment", Support::Kept, "for the player"),
    row("Item and stimulus", "qti-increment-si", Support::Kept, "for the player"),
    row("Item and stimulus", "qti-increment-us", Support::Kept, "for the player"),
    row(
        "Item and stimulus",
        "qti-catalog-info",
        Support::Supported,
        "offered by need, as notes that the browser opens without scripts",
    ),
    row("Item and stimulus", "qti-catalog", Support::Supported, ""),
    row("Item and stimulus", "qti-card", Support::Supported, "every support of 3.0.1 and ext: ones"),
    row("Item and stimulus", "qti-card-entry", Support::Supported, "chosen by language, then default"),
    row("Item and stimulus", "qti-html-content", Support::Supported, ""),
    row(
        "Item and stimulus",
        "qti-file-href",
        Support::Supported,
        "sounds, films and pictures play; others are downloads",
    ),
    row("Interactions", "qti-associate-interaction", Support::Supported, ""),
    row("Interactions", "qti-choice-interaction", Support::Supported, ""),
    row(
        "Interactions",
        "qti-custom-interaction",
        Support::Kept,
        "its parts are kept; vendors' own interactions cannot run",
    ),
    row(
        "Interactions",
        "qti-drawing-interaction",
        Support::Supported,
        "as a file field; drawing on the page is the player's",
    ),
    row("Interactions", "qti-end-attempt-interaction", Support::Supported, ""),
    row("Interactions", "qti-extended-text-interaction", Support::Supported, ""),
    row("Interactions", "qti-gap-match-interaction", Support::Supported, ""),
    row("Interactions", "qti-graphic-associate-interaction", Support::Supported, ""),
    row("Interactions", "qti-graphic-gap-match-interaction", Support::Supported, ""),
    row("Interactions", "qti-graphic-order-interaction", Support::Supported, ""),
    row("Interactions", "qti-hotspot-interaction", Support::Supported, ""),
    row("Interactions", "qti-hottext-interaction", Support::Supported, ""),
    row("Interactions", "qti-inline-choice-interaction", Support::Supported, ""),
    row("Interactions", "qti-match-interaction", Support::Supported, ""),
    row("Interactions", "qti-media-interaction", Support::Supported, "plays are counted by the player"),
    row("Interactions", "qti-order-interaction", Support::Supported, ""),
    row(
        "Interactions",
        "qti-portable-custom-interaction",
        Support::Supported,
        "as data for the player's sandboxed frame",
    ),
    row(
        "Interactions",
        "qti-position-object-interaction",
        Support::Supported,
        "as coordinates; dragging is the player's",
    ),
    row("Interactions", "qti-position-object-stage", Support::Supported, ""),
    row("Interactions", "qti-select-point-interaction", Support::Supported, "as coordinates; pointing is the player's"),
    row("Interactions", "qti-slider-interaction", Support::Supported, ""),
    row("Interactions", "qti-text-entry-interaction", Support::Supported, ""),
    row("Interactions", "qti-upload-interaction", Support::Supported, ""),
    row("Interactions", "qti-simple-choice", Support::Supported, ""),
    row("Interactions", "qti-inline-choice", Support::Supported, ""),
    row("Interactions", "qti-label", Support::Supported, "before its list"),
    row("Interactions", "qti-simple-associable-choice", Support::Supported, ""),
    row("Interactions", "qti-simple-match-set", Support::Supported, ""),
    row("Interactions", "qti-gap-text", Support::Supported, ""),
    row("Interactions", "qti-gap-img", Support::Supported, ""),
    row("Interactions", "qti-gap", Support::Supported, ""),
    row("Interactions", "qti-hottext", Support::Supported, ""),
    row("Interactions", "qti-hotspot-choice", Support::Supported, ""),
    row("Interactions", "qti-associable-hotspot", Support::Supported, ""),
    row("Interactions", "qti-interaction-markup", Support::Supported, ""),
    row("Interactions", "qti-interaction-modules", Support::Supported, "in a frame of their own"),
    row("Interactions", "qti-interaction-module", Support::Supported, ""),
    row("Interactions", "qti-template-variable", Support::Kept, "for the player"),
    row("Interactions", "qti-context-variable", Support::Kept, "for the player"),
    row("Processing", "qti-response-processing", Support::Supported, ""),
    row("Processing", "qti-response-condition", Support::Supported, ""),
    row("Processing", "qti-response-if", Support::Supported, ""),
    row("Processing", "qti-response-else-if", Support::Supported, ""),
    row("Processing", "qti-response-else", Support::Supported, ""),
    row("Processing", "qti-response-processing-fragment", Support::Supported, ""),
    row("Processing", "qti-exit-response", Support::Supported, ""),
    row("Processing", "qti-set-outcome-value", Support::Supported, ""),
    row("Processing", "qti-lookup-outcome-value", Support::Supported, ""),
    row("Processing", "qti-template-processing", Support::Supported, ""),
    row("Processing", "qti-template-condition", Support::Supported, ""),
    row("Processing", "qti-template-if", Support::Supported, ""),
    row("Processing", "qti-template-else-if", Support::Supported, ""),
    row("Processing", "qti-template-else", Support::Supported, ""),
    row("Processing", "qti-template-constraint", Support::Supported, "100 restarts at most"),
    row("Processing", "qti-exit-template", Support::Supported, ""),
    row("Processing", "qti-set-template-value", Support::Supported, ""),
    row("Processing", "qti-set-correct-response", Support::Supported, ""),
    row("Processing", "qti-set-default-value", Support::Supported, ""),
    row("Processing", "qti-outcome-processing", Support::Supported, ""),
    row("Processing", "qti-outcome-condition", Support::Supported, ""),
    row("Processing", "qti-outcome-if", Support::Supported, ""),
    row("Processing", "qti-outcome-else-if", Support::Supported, ""),
    row("Processing", "qti-outcome-else", Support::Supported, ""),
    row("Processing", "qti-outcome-processing-fragment", Support::Supported, ""),
    row("Processing", "qti-exit-test", Support::Supported, ""),
    row(
        "Processing",
        "xi:include",
        Support::Supported,
        "inside the package, by `follow`; refused where nobody followed it",
    ),
    row("Expressions", "qti-base-value", Support::Supported, ""),
    row("Expressions", "qti-variable", Support::Supported, ""),
    row("Expressions", "qti-null", Support::Supported, ""),
    row("Expressions", "qti-default", Support::Supported, ""),
    row("Expressions", "qti-correct", Support::Supported, ""),
    row("Expressions", "qti-map-response", Support::Supported, ""),
    row("Expressions", "qti-map-response-point", Support::Supported, ""),
    row("Expressions", "qti-math-constant", Support::Supported, ""),
    row("Expressions", "qti-random-integer", Support::Supported, ""),
    row("Expressions", "qti-random-float", Support::Supported, ""),
    row("Expressions", "qti-test-variables", Support::Supported, "in tests; refused in items"),
    row("Expressions", "qti-outcome-maximum", Support::Supported, "in tests; refused in items"),
    row("Expressions", "qti-outcome-minimum", Support::Supported, "in tests; refused in items"),
    row("Expressions", "qti-number-correct", Support::Supported, "in tests; refused in items"),
    row("Expressions", "qti-number-incorrect", Support::Supported, "in tests; refused in items"),
    row("Expressions", "qti-number-responded", Support::Supported, "in tests; refused in items"),
    row("Expressions", "qti-number-presented", Support::Supported, "in tests; refused in items"),
    row("Expressions", "qti-number-selected", Support::Supported, "in tests; refused in items"),
    row("Expressions", "qti-multiple", Support::Supported, ""),
    row("Expressions", "qti-ordered", Support::Supported, ""),
    row("Expressions", "qti-container-size", Support::Supported, ""),
    row("Expressions", "qti-is-null", Support::Supported, ""),
    row("Expressions", "qti-index", Support::Supported, ""),
    row("Expressions", "qti-field-value", Support::Supported, ""),
    row("Expressions", "qti-random", Support::Supported, ""),
    row("Expressions", "qti-member", Support::Supported, ""),
    row("Expressions", "qti-delete", Support::Supported, ""),
    row("Expressions", "qti-contains", Support::Supported, ""),
    row("Expressions", "qti-substring", Support::Supported, ""),
    row("Expressions", "qti-not", Support::Supported, ""),
    row("Expressions", "qti-and", Support::Supported, ""),
    row("Expressions", "qti-or", Support::Supported, ""),
    row("Expressions", "qti-any-n", Support::Supported, ""),
    row("Expressions", "qti-match", Support::Supported, ""),
    row("Expressions", "qti-string-match", Support::Supported, ""),
    row("Expressions", "qti-pattern-match", Support::Supported, "XML Schema patterns"),
    row("Expressions", "qti-equal", Support::Supported, ""),
    row("Expressions", "qti-equal-rounded", Support::Supported, ""),
    row("Expressions", "qti-inside", Support::Supported, ""),
    row("Expressions", "qti-lt", Support::Supported, ""),
    row("Expressions", "qti-gt", Support::Supported, ""),
    row("Expressions", "qti-lte", Support::Supported, ""),
    row("Expressions", "qti-gte", Support::Supported, ""),
    row("Expressions", "qti-duration-lt", Support::Supported, ""),
    row("Expressions", "qti-duration-gte", Support::Supported, ""),
    row("Expressions", "qti-sum", Support::Supported, ""),
    row("Expressions", "qti-product", Support::Supported, ""),
    row("Expressions", "qti-subtract", Support::Supported, ""),
    row("Expressions", "qti-divide", Support::Supported, ""),
    row("Expressions", "qti-power", Support::Supported, ""),
    row("Expressions", "qti-integer-divide", Support::Supported, ""),
    row("Expressions", "qti-integer-modulus", Support::Supported, ""),
    row("Expressions", "qti-truncate", Support::Supported, ""),
    row("Expressions", "qti-round", Support::Supported, ""),
    row("Expressions", "qti-round-to", Support::Supported, ""),
    row("Expressions", "qti-integer-to-float", Support::Supported, ""),
    row("Expressions", "qti-max", Support::Supported, ""),
    row("Expressions", "qti-min", Support::Supported, ""),
    row("Expressions", "qti-gcd", Support::Supported, ""),
    row("Expressions", "qti-lcm", Support::Supported, ""),
    row("Expressions", "qti-repeat", Support::Supported, ""),
    row("Expressions", "qti-stats-operator", Support::Supported, ""),
    row("Expressions", "qti-math-operator", Support::Supported, ""),
    row("Expressions", "qti-custom-operator", Support::Refused, "by its class; code of others is not run"),
    row("Expressions", "qti-all-n", Support::Supported, "outside the specification; found in 2.x items"),
    row("Expressions", "qti-is-type-of", Support::Supported, "outside the specification; found in 2.x items"),
    row("Expressions", "qti-map-outcome", Support::Supported, "outside the specification; found in 2.x items"),
    row("Expressions", "qti-lookup-table", Support::Supported, "outside the specification; found in 2.x items"),
    row("Tests", "qti-assessment-test", Support::Supported, ""),
    row("Tests", "qti-test-part", Support::Supported, ""),
    row("Tests", "qti-assessment-section", Support::Supported, ""),
    row("Tests", "qti-assessment-section-ref", Support::Supported, "followed inside the package"),
    row("Tests", "qti-assessment-item-ref", Support::Supported, ""),
    row("Tests", "qti-item-session-control", Support::Supported, ""),
    row(
        "Tests",
        "qti-time-limits",
        Support::Supported,
        "measured by item, section, part and test; the clock is the player's",
    ),
    row("Tests", "qti-pre-condition", Support::Supported, ""),
    row("Tests", "qti-branch-rule", Support::Supported, ""),
    row("Tests", "qti-selection", Support::Supported, ""),
    row("Tests", "qti-ordering", Support::Supported, ""),
    row("Tests", "qti-weight", Support::Supported, ""),
    row("Tests", "qti-variable-mapping", Support::Supported, ""),
    row("Tests", "qti-template-default", Support::Supported, ""),
    row("Tests", "qti-test-feedback", Support::Supported, ""),
    row(
        "Tests",
        "qti-adaptive-selection",
        Support::Refused,
        "kept and checked; a session is refused, because an engine outside the test chooses the items",
    ),
    row("Tests", "qti-adaptive-engine-ref", Support::Refused, "as qti-adaptive-selection"),
    row("Tests", "qti-adaptive-settings-ref", Support::Refused, "as qti-adaptive-selection"),
    row("Tests", "qti-usagedata-ref", Support::Kept, "for the engine outside the test"),
    row("Tests", "qti-metadata-ref", Support::Kept, "for the engine outside the test"),
];
