//! The schema's rules: what is right has no findings, and each kind of mistake has one.

use qti::check::{Severity, schema};
use std::path::{Path, PathBuf};

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "xml") {
            out.push(path);
        }
    }
}

fn findings(folder: &str) -> (usize, Vec<String>) {
    let mut paths = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut paths);
    paths.sort();
    let mut out = Vec::new();
    for path in &paths {
        for finding in schema(&std::fs::read_to_string(path).unwrap()).unwrap() {
            if finding.severity > Severity::Note {
                out.push(format!("{}:{} {} {}", path.display(), finding.line, finding.code, finding.message));
            }
        }
    }
    (paths.len(), out)
}

#[test]
fn the_items_of_the_pack_keep_the_schema() {
    let (count, found) = findings("../../packs/kz/items");
    assert!(count >= 180);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn our_own_suite_keeps_the_schema_where_it_means_to() {
    let (count, found) = findings("suite");
    assert!(count > 160);
    let is_meant = |finding: &String| {
        finding.contains("qti-no-such-rule") || finding.contains("is not a function of the specification")
    };
    let (meant, other): (Vec<_>, Vec<_>) = found.into_iter().partition(is_meant);
    assert!(other.is_empty(), "{} findings:\n{}", other.len(), other.join("\n"));
    assert_eq!(meant.len(), 8);
}

const RIGHT: &str = r#"<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="t" time-dependent="false" xml:lang="en">
<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier"><qti-correct-response><qti-value>A</qti-value></qti-correct-response></qti-response-declaration>
<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
<qti-item-body>
<qti-rubric-block view="candidate tutor" use="instructions"><qti-content-body><p>Read.</p></qti-content-body></qti-rubric-block>
<qti-choice-interaction response-identifier="RESPONSE" max-choices="1" data-own="x">
<qti-prompt>Which?</qti-prompt>
<qti-simple-choice identifier="A">a</qti-simple-choice>
<qti-simple-choice identifier="B">b</qti-simple-choice>
</qti-choice-interaction></qti-item-body>
<qti-response-processing><qti-response-condition>
<qti-response-if><qti-match><qti-variable identifier="RESPONSE"/><qti-correct identifier="RESPONSE"/></qti-match>
<qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">1</qti-base-value></qti-set-outcome-value></qti-response-if>
<qti-response-else><qti-exit-response/></qti-response-else>
</qti-response-condition></qti-response-processing></qti-assessment-item>"#;

#[test]
fn each_kind_of_mistake_is_found_at_its_line() {
    assert_eq!(schema(RIGHT).unwrap(), []);
    let cases = [
        (" title=\"t\"", "", "attribute-missing", 1),
        ("time-dependent=\"false\"", "time-dependent=\"no\"", "attribute-value", 1),
        ("identifier=\"i\"", "identifier=\"4 i\"", "attribute-value", 1),
        ("cardinality=\"single\" base-type=\"float\"", "cardinality=\"one\" base-type=\"float\"", "attribute-value", 3),
        ("base-type=\"float\"/>", "base-type=\"float\" colour=\"red\"/>", "attribute-unknown", 3),
        ("view=\"candidate tutor\"", "view=\"pupil\"", "attribute-value", 5),
        ("<qti-content-body><p>Read.</p></qti-content-body>", "<p>Read.</p>", "element-misplaced", 5),
        ("<qti-content-body><p>Read.</p></qti-content-body>", "", "child-missing", 5),
        ("max-choices=\"1\"", "max-choices=\"-1\"", "attribute-value", 6),
        ("max-choices=\"1\"", "max-choise=\"1\"", "attribute-unknown", 6),
        (">b</qti-simple-choice>", "/><qti-prompt>late</qti-prompt>", "element-misplaced", 9),
        ("identifier=\"B\">b", "identifier=\"B\" fixed=\"maybe\">b", "attribute-value", 9),
        ("<qti-simple-choice identifier=\"B\">b", "loose<qti-simple-choice identifier=\"B\">b", "text-misplaced", 6),
        (">b</", "><qti-text-entry-interaction response-identifier=\"X\"/></", "interaction-nested", 9),
        ("<qti-correct identifier=\"RESPONSE\"/>", "", "child-missing", 12),
        ("<qti-exit-response/>", "<qti-exit-test/>", "element-misplaced", 14),
        (
            "<qti-response-else><qti-exit-response/></qti-response-else>",
            "<qti-response-else/><qti-response-else/>",
            "element-misplaced",
            14,
        ),
        ("base-type=\"float\">1", "base-type=\"number\">1", "attribute-value", 13),
    ];
    for (from, to, code, line) in cases {
        let wrong = RIGHT.replacen(from, to, 1);
        assert_ne!(wrong, RIGHT, "{from}");
        let found = schema(&wrong).unwrap();
        assert!(found.iter().any(|f| f.code == code && f.line == line && !f.remedy.is_empty()), "{from}: {found:?}");
    }
}

#[test]
fn documents_of_2x_are_held_to_their_own_spelling() {
    let old = qti::convert::to_v22(&qti::parse_item(RIGHT).unwrap()).0;
    assert_eq!(schema(&old).unwrap(), [], "{old}");
    let direct = old.replacen("<p>Read.</p>", "Read.", 1);
    assert_eq!(schema(&direct).unwrap(), [], "text may stand directly in a rubric of 2.2");
    let wrong = old.replacen("<prompt>Which?</prompt>", "", 1).replacen(
        "</choiceInteraction>",
        "<prompt>Which?</prompt></choiceInteraction>",
        1,
    );
    assert!(schema(&wrong).unwrap().iter().any(|finding| finding.code == "element-misplaced"), "{wrong}");
}

#[test]
fn tests_and_sections_are_held_to_the_schema_too() {
    let test = r#"<qti-assessment-test identifier="t" title="T"><qti-test-part identifier="p" navigation-mode="linear" submission-mode="individual">
<qti-assessment-section identifier="s" title="S" visible="true"><qti-assessment-item-ref identifier="q" href="q.xml"/></qti-assessment-section>
</qti-test-part></qti-assessment-test>"#;
    assert_eq!(schema(test).unwrap(), []);
    for (from, to, code) in [
        ("navigation-mode=\"linear\" ", "", "attribute-missing"),
        (" visible=\"true\"", "", "attribute-missing"),
        (
            "<qti-assessment-item-ref identifier=\"q\" href=\"q.xml\"/>",
            "<qti-assessment-item-ref identifier=\"q\" href=\"q.xml\"/><qti-time-limits/>",
            "element-misplaced",
        ),
        ("<qti-test-part", "<qti-outcome-processing/><qti-test-part", "element-misplaced"),
    ] {
        let found = schema(&test.replacen(from, to, 1)).unwrap();
        assert!(found.iter().any(|finding| finding.code == code), "{to}: {found:?}");
    }
}
