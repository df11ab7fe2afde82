//! Between versions: down to 2.2 and back nothing is lost that the report does not name.

use std::path::Path;

#[test]
fn items_go_to_2_2_and_back() {
    let mut same = 0;
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/suite")).unwrap() {
        let path = entry.unwrap().path().join("item.xml");
        let item = qti::parse_item(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let (old, losses) = qti::convert::to_v22(&item);
        assert!(!old.contains("qti-") || !losses.is_empty() || old.contains("imsqti"), "{old}");
        let back = qti::parse_item(&old).unwrap_or_else(|error| panic!("{}: {error}\n{old}", path.display()));
        // Pictures of interactions are objects in 2.2, and templates have other addresses.
        let (again, _) = qti::convert::to_v30(&back);
        let (whole, _) = qti::convert::to_v30(&item);
        if losses.is_empty() && !whole.contains("<img") && !whole.contains("qti-content-body") {
            assert_eq!(qti::parse_item(&again).unwrap(), qti::parse_item(&whole).unwrap(), "{}", path.display());
            same += 1;
        }
    }
    assert!(same > 120, "{same}");
}

#[test]
fn published_2_2_items_become_3_0() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/qti/scoring"));
    if !root.exists() {
        eprintln!("skipped: {} is absent", root.display());
        return;
    }
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path().join("item.xml");
        if !path.exists() {
            continue;
        }
        let item = qti::parse_item(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let (new, _) = qti::convert::to_v30(&item);
        assert!(new.contains("<qti-assessment-item xmlns=\"http://www.imsglobal.org/xsd/imsqtiasi_v3p0\""));
        assert!(!new.contains("qti_v2p"), "{new}");
    }
}

#[test]
fn portable_custom_interactions_go_down_with_modules_properties_and_words() {
    let item = qti::parse_item(
        r#"<qti-assessment-item identifier="i" title="t" adaptive="false" time-dependent="false"><qti-item-body>
        <qti-portable-custom-interaction response-identifier="R" custom-interaction-type-identifier="scale" module="b" data-level="5">
        <qti-prompt>Weigh it.</qti-prompt><qti-interaction-modules primary-configuration="m.json"><qti-interaction-module
        id="a" primary-path="a.js"/><qti-interaction-module id="b" primary-path="b.js"/></qti-interaction-modules>
        <qti-interaction-markup><p class="s"/></qti-interaction-markup></qti-portable-custom-interaction></qti-item-body>
        </qti-assessment-item>"#,
    )
    .unwrap();
    let (old, losses) = qti::convert::to_v22(&item);
    assert!(losses.is_empty(), "{losses:?}");
    for part in [
        "<customInteraction responseIdentifier=\"R\"><portableCustomInteraction xmlns=",
        "customInteractionTypeIdentifier=\"scale\" data-level=\"5\">",
        "<modules primaryConfiguration=\"m.json\"><module id=\"b\" primaryPath=\"b.js\"/><module id=\"a\"",
        "<markup><div xmlns=\"http://www.w3.org/1999/xhtml\">Weigh it.</div><p class=\"s\" xmlns=",
    ] {
        assert!(old.contains(part), "{part}\n{old}");
    }
    let html = |item: &qti::Item| qti::render::html(item, &qti::render::RenderOptions::default());
    let again = html(&qti::parse_item(&old).unwrap());
    assert!(
        again.contains("data-module=\"b\"") && again.contains("Weigh it.") && again.contains("<p class=\"s\">"),
        "{again}"
    );
}

#[test]
fn what_2_2_cannot_hold_is_named() {
    let item = qti::parse_item(
        r#"<qti-assessment-item identifier="i" title="t" adaptive="false" time-dependent="false">
        <qti-item-body><p data-catalog-idref="c">x</p>
        <qti-choice-interaction response-identifier="R" data-max-selections-message="Two!"><qti-simple-choice identifier="A">a</qti-simple-choice></qti-choice-interaction></qti-item-body>
        <qti-catalog-info><qti-catalog id="c"/></qti-catalog-info></qti-assessment-item>"#,
    )
    .unwrap();
    let (old, losses) = qti::convert::to_v22(&item);
    let messages: Vec<_> = losses.iter().map(|loss| loss.message.as_str()).collect();
    assert!(messages.iter().any(|m| m.contains("qti-catalog-info")), "{messages:?}");
    assert!(messages.iter().any(|m| m.contains("data-max-selections-message")), "{messages:?}");
    assert!(old.contains("<choiceInteraction responseIdentifier=\"R\">"), "{old}");
}

#[test]
fn names_and_namespaces_of_2_2_are_its_own() {
    let text = r#"<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="t" xml:lang="en" adaptive="false" time-dependent="false">
        <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="boolean"/>
        <qti-item-body><figure><img src="a.png" alt="a"/><figcaption>A</figcaption></figure>
        <qti-choice-interaction response-identifier="R" aria-describedby="n" max-choices="1"><qti-simple-choice identifier="A">a</qti-simple-choice></qti-choice-interaction></qti-item-body>
        <qti-response-processing><qti-set-outcome-value identifier="SCORE"><qti-duration-gte><qti-variable identifier="duration"/>
        <qti-base-value base-type="duration">5</qti-base-value></qti-duration-gte></qti-set-outcome-value></qti-response-processing></qti-assessment-item>"#;
    let item = qti::parse_item(text).unwrap();
    let (old, losses) = qti::convert::to_v22(&item);
    for part in [
        "<durationGTE>",
        "xmlns:qh5=\"http://www.imsglobal.org/xsd/imsqtiv2p2_html5_v1p0\"",
        "<qh5:figure>",
        "<qh5:figcaption>A</qh5:figcaption>",
        "aria-describedby=\"n\"",
    ] {
        assert!(old.contains(part), "{part}\n{old}");
    }
    assert_eq!(losses, []);
    assert_eq!(qti::parse_item(&old).unwrap(), item);
}

#[test]
fn names_that_become_one_and_names_that_become_none_stay_xml() {
    let old = r#"<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="t" adaptive="false" timeDependent="false">
        <itemBody><choiceInteraction responseIdentifier="R" maxChoices="1" max-choices="2"><simpleChoice identifier="A">a</simpleChoice></choiceInteraction></itemBody></assessmentItem>"#;
    let item = qti::parse_item(old).unwrap();
    assert_eq!(item.interactions()[0].max_choices(), 1, "what is written as 2.1 writes it counts");
    assert_eq!(qti::parse_item(&qti::print_item(&item)).unwrap(), item);
    let new = r#"<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" xmlns:q="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="t" adaptive="false" time-dependent="false">
        <qti-item-body><qti-choice-interaction response-identifier="R" maxChoices="1" max-choices="2"><qti-simple-choice identifier="A">a</qti-simple-choice></qti-choice-interaction>
        <qti-/><qti-1/><q:1>x</q:1></qti-item-body></qti-assessment-item>"#;
    let item = qti::parse_item(new).unwrap();
    assert_eq!(qti::parse_item(&qti::print_item(&item)).unwrap(), item);
    let (old, _) = qti::convert::to_v22(&item);
    assert!(qti::parse_item(&old).is_ok(), "{old}");
}
