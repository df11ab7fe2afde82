//! Files that name other files: includes, stimuli, sections, templates.

use qti::score::Responses;
use qti::test::{TestSession, plan};
use std::collections::BTreeMap;

fn files(list: &[(&str, &str)]) -> BTreeMap<String, String> {
    list.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

const ITEM: &str = r#"<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" xmlns:xi="http://www.w3.org/2001/XInclude"
    identifier="i" title="I" xml:lang="en" adaptive="false" time-dependent="false">
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
    <qti-correct-response><qti-value>A</qti-value></qti-correct-response></qti-response-declaration>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
  <qti-assessment-stimulus-ref identifier="s" href="../stimuli/s.xml"/>
  <qti-item-body><xi:include href="../shared/picture.xml"/>
    <qti-choice-interaction response-identifier="RESPONSE" max-choices="1">
      <qti-simple-choice identifier="A">a</qti-simple-choice><qti-simple-choice identifier="B">b</qti-simple-choice>
    </qti-choice-interaction></qti-item-body>
  <qti-response-processing template="../templates/two.xml"/>
</qti-assessment-item>"#;

#[test]
fn an_item_brings_its_stimulus_its_pictures_and_its_template() {
    let files = files(&[
        (
            "stimuli/s.xml",
            r#"<qti-assessment-stimulus identifier="s" title="S"><qti-stimulus-body><p><img src="map.png" alt="a map"/></p></qti-stimulus-body></qti-assessment-stimulus>"#,
        ),
        ("shared/picture.xml", r#"<div><img src="p.png" alt="p"/></div>"#),
        (
            "templates/two.xml",
            r#"<qti-response-processing><qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">2</qti-base-value></qti-set-outcome-value></qti-response-processing>"#,
        ),
    ]);
    let followed = qti::follow::item(ITEM, "items/i.xml", &mut |path| files.get(path).cloned()).unwrap();
    assert_eq!(followed.findings, []);
    let options = qti::render::RenderOptions { stimuli: followed.stimuli, ..Default::default() };
    let html = qti::render::html(&followed.item, &options);
    for picture in ["src=\"../stimuli/map.png\"", "src=\"../shared/p.png\""] {
        assert!(html.contains(picture), "{html}");
    }
    assert_eq!(qti::score::score(&followed.item, &Responses::new()).score(), Some(2.0));
    assert_eq!(qti::parse_item(&qti::print_item(&followed.item)).unwrap(), followed.item);
}

#[test]
fn what_is_not_there_is_reported_and_stays() {
    let mut asked = Vec::new();
    let followed = qti::follow::item(ITEM, "items/i.xml", &mut |path| {
        asked.push(path.to_owned());
        None
    })
    .unwrap();
    let codes: Vec<_> = followed.findings.iter().map(|finding| (finding.code, finding.line)).collect();
    assert_eq!(codes, [("file-missing", 7), ("file-missing", 6), ("file-missing", 11)]);
    assert_eq!(asked, ["shared/picture.xml", "stimuli/s.xml", "templates/two.xml"]);
    assert!(qti::print_item(&followed.item).contains("<xi:include"));
    let escaping = ITEM.replace("../stimuli/s.xml", "../../../etc/passwd");
    let mut asked = Vec::new();
    qti::follow::item(&escaping, "items/i.xml", &mut |path| {
        asked.push(path.to_owned());
        None
    })
    .unwrap();
    assert!(!asked.iter().any(|path| path.contains("passwd")), "{asked:?}");
}

#[test]
fn a_fallback_stands_in_and_circles_end() {
    let item = ITEM.replace(
        r#"<xi:include href="../shared/picture.xml"/>"#,
        r#"<xi:include href="nowhere.xml"><xi:fallback><p>instead</p></xi:fallback></xi:include><xi:include href="round.xml"/><p><xi:include href="words.txt" parse="text"/></p>"#,
    );
    let files = files(&[
        ("items/round.xml", r#"<div xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="round.xml"/></div>"#),
        ("items/words.txt", "x < y"),
    ]);
    let followed = qti::follow::item(&item, "items/i.xml", &mut |path| files.get(path).cloned()).unwrap();
    let html = qti::render::html(&followed.item, &qti::render::RenderOptions::default());
    assert!(html.contains("<p>instead</p>") && html.contains("<p>x &lt; y</p>"), "{html}");
    assert!(followed.findings.iter().any(|finding| finding.code == "include-refused"));
}

const TEST: &str = r#"<qti-assessment-test xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="t" title="T">
  <qti-test-part identifier="p" navigation-mode="linear" submission-mode="individual">
    <qti-assessment-section identifier="a" title="A" visible="true">
      <qti-assessment-item-ref identifier="q1" href="items/q1.xml"/>
      <qti-assessment-section-ref identifier="outside" href="sections/b.xml"/>
    </qti-assessment-section>
  </qti-test-part></qti-assessment-test>"#;

#[test]
fn a_section_in_a_file_of_its_own_is_put_in_place() {
    let files = files(&[
        (
            "sections/b.xml",
            r#"<qti-assessment-section xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="b" title="B" visible="true">
            <qti-assessment-item-ref identifier="q2" href="../items/q2.xml"/>
            <qti-assessment-section-ref identifier="deep" href="more/c.xml"/></qti-assessment-section>"#,
        ),
        (
            "sections/more/c.xml",
            r#"<assessmentSection xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="c" title="C" visible="true">
            <assessmentItemRef identifier="q3" href="q3.xml"/></assessmentSection>"#,
        ),
    ]);
    let (test, findings) = qti::follow::test(TEST, "test.xml", &mut |path| files.get(path).cloned()).unwrap();
    assert_eq!(findings, []);
    assert!(qti::test::check(&test).is_empty(), "{:?}", qti::test::check(&test));
    let found: Vec<_> = plan(&test, 1).iter().map(|p| (p.item.identifier.clone(), p.item.href.clone())).collect();
    let expected = [("q1", "items/q1.xml"), ("q2", "items/q2.xml"), ("q3", "sections/more/q3.xml")];
    assert_eq!(found, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    let names: Vec<_> = test.sections().iter().map(|section| section.identifier.clone()).collect();
    assert_eq!(names, ["a", "outside", "deep"]);
    assert_eq!(qti::test::parse_test(&qti::test::print_test(&test)).unwrap(), test);
}

#[test]
fn a_section_that_is_not_there_keeps_the_test_from_being_given() {
    let (test, findings) = qti::follow::test(TEST, "test.xml", &mut |_| None).unwrap();
    assert_eq!(findings.len(), 1);
    assert!(qti::test::check(&test).iter().any(|finding| finding.code == "section-not-followed" && finding.line == 5));
    let session = TestSession::start(&test, 1, &|_| None);
    assert_eq!(session.refused.as_ref().map(|r| r.construct.as_str()), Some("qti-assessment-section-ref"));
    assert_eq!((session.first(), session.plan.len()), (None, 0));
}

#[test]
fn sections_that_name_each_other_end() {
    let round = r#"<qti-assessment-section identifier="b" title="B" visible="true"><qti-assessment-section-ref identifier="b2" href="sections/b.xml"/></qti-assessment-section>"#;
    let (_, findings) =
        qti::follow::test(TEST, "test.xml", &mut |path| (path.ends_with("b.xml")).then(|| round.to_owned())).unwrap();
    assert!(findings.iter().any(|finding| finding.code == "section-too-deep" || finding.code == "file-missing"));
}

#[test]
fn a_page_in_an_object_stands_in_the_item() {
    let item = ITEM.replace(
        "<xi:include href=\"../shared/picture.xml\"/>",
        "<div><object data=\"../pages/river.html\" type=\"text/html\">See the page.</object></div>",
    );
    let page = "<!DOCTYPE html><html><head><title>T</title><link rel=\"stylesheet\" href=\"a.css\"></head><body>\
        <div class=\"passage\"><p>The river <em>Ile<p>&copy; Me<br><img src=\"map.png\" alt=\"a map\"><script>alert(1)</script></div></body></html>";
    let files = files(&[("pages/river.html", page)]);
    let followed = qti::follow::item(&item, "items/i.xml", &mut |path| files.get(path).cloned()).unwrap();
    let html = qti::render::html(&followed.item, &qti::render::RenderOptions::default());
    for part in ["<div>The river <em>Ile", "© Me<br><img src=\"../pages/map.png\" alt=\"a map\">"] {
        assert!(html.contains(part), "{html}");
    }
    assert!(!html.contains("See the page") && !html.contains("alert") && !html.contains(".css"), "{html}");
    assert_eq!(qti::parse_item(&qti::print_item(&followed.item)).unwrap(), followed.item);
    // A page that is not there is reported, and its own words lead to where it should be.
    let alone = qti::follow::item(&item, "items/i.xml", &mut |_| None).unwrap();
    assert!(alone.findings.iter().any(|finding| finding.code == "file-missing" && finding.message.contains("river")));
    let html = qti::render::html(&alone.item, &qti::render::RenderOptions::default());
    assert!(
        html.contains("<a href=\"../pages/river.html\" target=\"_blank\" rel=\"noopener\">See the page.</a>"),
        "{html}"
    );
    // Pages that are nested without end are not taken in.
    let files = BTreeMap::from([("pages/river.html".to_owned(), "<div>".repeat(500))]);
    let deep = qti::follow::item(&item, "items/i.xml", &mut |path| files.get(path).cloned()).unwrap();
    assert!(deep.findings.iter().any(|finding| finding.code == "page-too-deep"));
    assert!(qti::parse_item(&qti::print_item(&deep.item)).is_ok());
}

#[test]
fn files_that_include_each_other_end() {
    let three = |next: usize| format!("<div>{}</div>", format!("<xi:include href=\"{next}.xml\"/>").repeat(3));
    let item = ITEM.replace("../shared/picture.xml", "0.xml");
    let mut asked = 0;
    let followed = qti::follow::item(&item, "items/i.xml", &mut |path| {
        let number: usize = path.strip_prefix("items/")?.strip_suffix(".xml")?.parse().ok()?;
        asked += 1;
        Some(three(number + 1))
    })
    .unwrap();
    // Three to the seventh would be asked for.
    assert!((400..=500).contains(&asked), "{asked}");
    assert!(followed.findings.iter().any(|finding| finding.code == "file-missing"), "{:?}", followed.findings);
}
