//! What tools make of the specification when they export: prefixes, DOCTYPEs, entities, encodings, names of files.

use qti::package::{Package, resolve};
use qti::score::{Responses, score};
use std::io::{Cursor, Write as _};

const ITEM: &str = r#"<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="Сұрақ"
    xml:lang="kk" adaptive="false" timeDependent="false">
  <responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">
    <correctResponse><value>A</value></correctResponse>
  </responseDeclaration>
  <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
  <itemBody>
    <p>Жер мен Күн</p>
    <choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1">
      <prompt>Біреуін таңдаңыз</prompt>
      <simpleChoice identifier="A">Жер</simpleChoice>
      <simpleChoice identifier="B">Күн</simpleChoice>
    </choiceInteraction>
  </itemBody>
  <responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>
</assessmentItem>"#;

fn plain() -> qti::Item {
    qti::parse_item(ITEM).unwrap()
}

/// `ITEM` with a prefix on every element.
fn prefixed(prefix: &str) -> String {
    let text = ITEM.replace("xmlns=", &format!("xmlns:{prefix}="));
    let text = text.replace("</", "\u{1}").replace('<', &format!("<{prefix}:"));
    text.replace('\u{1}', &format!("</{prefix}:"))
}

fn codes(text: &str) -> Vec<&'static str> {
    qti::check::schema(text).unwrap().into_iter().map(|finding| finding.code).collect()
}

#[test]
fn any_prefix_of_the_namespace_is_read() {
    for prefix in ["qti", "ns0", "imsqti"] {
        assert_eq!(qti::parse_item(&prefixed(prefix)).unwrap(), plain(), "{prefix}");
    }
    // HTML in 2.x bodies may carry its own prefix; a root's prefix counts although nobody declared it.
    let html =
        prefixed("q").replace("<q:p>", "<h:p xmlns:h=\"http://www.w3.org/1999/xhtml\">").replace("</q:p>", "</h:p>");
    assert_eq!(qti::parse_item(&html).unwrap(), plain());
    let undeclared = prefixed("q").replace("xmlns:q=", "label=");
    assert!(qti::parse_item(&undeclared).unwrap().body.is_some());
    let new = qti::print_item(&plain())
        .replace("xmlns=", "xmlns:x=")
        .replace("</qti-", "</x:qti-")
        .replace("<qti-", "<x:qti-");
    let item = qti::parse_item(&new).unwrap();
    assert_eq!((item.interactions().len(), item.source.0), (1, qti::item::Version::V30));
}

#[test]
fn items_without_a_namespace_are_items() {
    let bare = ITEM.replace(" xmlns=\"http://www.imsglobal.org/xsd/imsqti_v2p1\"", "");
    assert_eq!(qti::parse_item(&bare).unwrap(), plain());
}

#[test]
fn a_doctype_that_declares_nothing_is_passed_over_and_told() {
    let head = "<!DOCTYPE assessmentItem PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"http://example.org/x.dtd\">\n";
    let text = format!("<?xml version=\"1.0\"?>\n{head}{ITEM}");
    assert_eq!(qti::parse_item(&text).unwrap(), plain());
    assert!(codes(&text).contains(&"document-type"));
    let declares =
        text.replace("\"http://example.org/x.dtd\"", "\"x.dtd\" [<!ENTITY x SYSTEM \"file:///etc/passwd\">]");
    assert!(matches!(
        qti::parse_item(&declares),
        Err(qti::ParseError::Xml(qti::xml::XmlError::DocumentType { line: 2 }))
    ));
}

#[test]
fn entities_of_html_are_read_and_told_once() {
    let text = ITEM.replace("Жер мен Күн", "Жер&nbsp;мен&nbsp;&mdash; Күн").replace("Сұрақ", "&laquo;Сұрақ&raquo;");
    let item = qti::parse_item(&text).unwrap();
    assert_eq!(item.title, "«Сұрақ»");
    assert!(item.body.as_ref().unwrap().text().contains("Жер\u{a0}мен\u{a0}— Күн"));
    let told = codes(&text);
    assert_eq!(told.iter().filter(|code| **code == "entity-of-html").count(), 4, "{told:?}");
    let unknown = ITEM.replace("Жер мен Күн", "&zhuldyz;");
    assert!(matches!(
        qti::parse_item(&unknown),
        Err(qti::ParseError::Xml(qti::xml::XmlError::UnknownEntity { line: 8, .. }))
    ));
}

#[test]
fn every_encoding_that_declarations_name_is_read() {
    let utf_16 = |little: bool, mark: bool| {
        let text = format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n{ITEM}");
        let units: Vec<u16> = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16()).collect();
        units
            .into_iter()
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect::<Vec<u8>>()
    };
    let mut all = vec![ITEM.as_bytes().to_vec(), format!("\u{feff}{}", ITEM.replace('\n', "\r\n")).into_bytes()];
    all.extend([(true, true), (true, false), (false, true), (false, false)].map(|(little, mark)| utf_16(little, mark)));
    for bytes in all {
        let text = qti::text::decode(bytes).unwrap();
        assert_eq!(qti::parse_item(&text).unwrap(), plain());
    }
    let russian = ITEM.replace("Сұрақ", "Вопрос").replace("Жер мен Күн", "Земля");
    let mut old = b"<?xml version='1.0' encoding='Windows-1251'?>".to_vec();
    // Only ASCII and Russian letters: their places in windows-1251 are in the order of the alphabet.
    let plain_ascii = russian.replace("Біреуін таңдаңыз", "?").replace(">Жер<", ">a<").replace(">Күн<", ">b<");
    old.extend(plain_ascii.chars().map(|c| match u32::from(c) {
        code @ 0..=0x7f => u8::try_from(code).unwrap(),
        code => u8::try_from(code - 0x410 + 0xc0).unwrap(),
    }));
    assert_eq!(qti::parse_item(&qti::text::decode(old.clone()).unwrap()).unwrap().title, "Вопрос");
    let undeclared = old.split_off(45);
    assert_eq!(qti::text::decode(undeclared), None);
}

fn zip(files: &[(&str, &[u8])]) -> Package<Cursor<Vec<u8>>> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    Package::open(writer.finish().unwrap()).unwrap()
}

fn manifest(href: &str) -> String {
    format!(
        "<manifest xmlns=\"http://www.imsglobal.org/xsd/imscp_v1p1\" identifier=\"m\"><resources>
         <resource identifier=\"r\" type=\"imsqti_item_xmlv2p1\" href=\"{href}\"><file href=\"{href}\"/></resource>
         </resources></manifest>"
    )
}

#[test]
fn packages_are_read_however_their_files_are_named() {
    for (entry, at, href) in [
        ("items\\i.xml", "imsmanifest.xml", "items\\i.xml"),
        ("items/a b.xml", "imsmanifest.xml", "items/a%20b.xml"),
        ("items/a%20b.xml", "imsmanifest.xml", "items/a%20b.xml"),
        ("items/сұрақ.xml", "imsmanifest.xml", "items/%D1%81%D2%B1%D1%80%D0%B0%D2%9B.xml"),
        ("Items/I.XML", "imsmanifest.xml", "items/i.xml"),
        ("my export/items/i.xml", "my export/imsmanifest.xml", "items/i.xml"),
        ("i.xml", "imsmanifest.xml", "./i.xml"),
    ] {
        let manifest = manifest(href);
        let mut package = zip(&[("__MACOSX/._i.xml", b"x"), (entry, ITEM.as_bytes()), (at, manifest.as_bytes())]);
        let resource = package.manifest().unwrap().resources.remove(0);
        let path = resource.href.unwrap();
        assert_eq!(qti::parse_item(&package.text(&path).unwrap()).unwrap(), plain(), "{entry} as {href}");
    }
}

#[test]
fn several_packages_in_one_are_left_as_they_are() {
    let manifest = manifest("i.xml");
    let package = zip(&[
        ("a/imsmanifest.xml", manifest.as_bytes()),
        ("a/i.xml", ITEM.as_bytes()),
        ("b/imsmanifest.xml", manifest.as_bytes()),
    ]);
    assert_eq!(package.names(), ["a/i.xml", "a/imsmanifest.xml", "b/imsmanifest.xml"]);
}

#[test]
fn the_base_of_a_manifest_counts_and_names_that_differ_in_capitals_alone_are_told_apart() {
    let base = manifest("i.xml").replace("<resources>", "<resources xml:base=\"content/\">");
    let mut package =
        zip(&[("imsmanifest.xml", base.as_bytes()), ("content/i.xml", b"x"), ("A.png", b"1"), ("a.png", b"2")]);
    assert_eq!(package.manifest().unwrap().resources[0].href.as_deref(), Some("content/i.xml"));
    assert_eq!(package.read("a.png", 9).unwrap(), b"2");
    assert!(package.read("a.PNG", 9).is_err(), "either could be meant");
}

#[test]
fn addresses_are_read_as_links_are() {
    assert_eq!(resolve("items/i.xml", "..\\images\\a.png").as_deref(), Some("images/a.png"));
    assert_eq!(resolve("i.xml", "50%.png").as_deref(), Some("50%.png"));
    assert_eq!(resolve("i.xml", "%2e%2e/x.png"), None, "out of the package by another spelling");
    assert_eq!(resolve("a/i.xml", "/etc/passwd"), None);
}

#[test]
fn an_outcome_that_is_set_but_not_declared_is_kept() {
    let item = qti::parse_item(
        &ITEM.replace("<outcomeDeclaration identifier=\"SCORE\" cardinality=\"single\" baseType=\"float\"/>", ""),
    )
    .unwrap();
    let right = score(&item, &Responses::new().with("RESPONSE", "A"));
    assert_eq!(right.score(), Some(1.0));
    assert!(!right.notices.is_empty());
    assert_eq!(score(&item, &Responses::new().with("RESPONSE", "B")).score(), Some(0.0));
}

/// The body of a 2.1 item with this content before its interaction.
fn shown(content: &str) -> String {
    let item = ITEM.replace("<p>Жер мен Күн</p>", content);
    qti::render::html(&qti::parse_item(&item).unwrap(), &qti::render::RenderOptions::default())
}

#[test]
fn objects_are_shown_by_their_kind_and_lead_to_what_cannot_be_shown() {
    for (object, expected) in [
        // What no browser draws gives way to what is in it, down to the picture that can be drawn.
        (
            r#"<object type="image/eps" data="a.eps"><object type="image/png" data="a.png"><p>A <em>card</em></p></object></object>"#,
            r#"<img src="a.png" alt="A card">"#,
        ),
        (
            r#"<object type="application/x-shockwave-flash" data="m.swf"><param name="m" value="m.swf"/><img src="s.png" alt="S"/></object>"#,
            r#"<img src="s.png" alt="S">"#,
        ),
        (
            r#"<object type="application/pdf" data="s.pdf">The sheet</object>"#,
            r#"<a href="s.pdf" target="_blank" rel="noopener">The sheet</a>"#,
        ),
        (
            r#"<object type="text/html" data="https://film.example/embed/1"/>"#,
            r#"<a href="https://film.example/embed/1" target="_blank" rel="noopener">https://film.example/embed/1</a>"#,
        ),
        (
            r#"<video controls="controls"><source src="https://film.example/1.mp4"/><p>The <b>film</b></p></video>"#,
            r#"<a href="https://film.example/1.mp4" target="_blank" rel="noopener">The film</a>"#,
        ),
        // A label and a class stay; without a type the name of the file tells.
        (
            r#"<object type="image/png" data="b.png" class="large" aria-label="A map"/>"#,
            r#"<img src="b.png" alt="A map" class="large">"#,
        ),
        (r#"<object data="b.mp3"/>"#, r#"<audio src="b.mp3" controls="controls"></audio>"#),
        (r#"<object data="b.mp4" width="30"/>"#, r#"<video src="b.mp4" controls="controls" width="30"></video>"#),
    ] {
        let html = shown(&format!("<div>{object}</div>"));
        assert!(html.contains(&format!("<div>{expected}</div>")), "{object}\n{html}");
    }
}

#[test]
fn a_paragraph_with_blocks_in_it_keeps_them() {
    // HTML would end it at the first of them.
    let html = shown(r#"<p xmlns="" class="a"><font size="1"><p>Inner <b>words</b></p> and <em>more</em></font></p>"#);
    assert!(html.contains(r#"<div class="a"><p>Inner <b>words</b></p> and <em>more</em></div>"#), "{html}");
    let html = shown(r#"<p>Say <textEntryInteraction responseIdentifier="RESPONSE"/> or <b>stop</b></p>"#);
    assert!(html.contains("<p>Say <input"), "{html}");
}

#[test]
fn a_picture_without_its_size_bears_its_areas_all_the_same() {
    let hotspot = |picture: &str| {
        shown(&format!(
            r#"<hotspotInteraction responseIdentifier="RESPONSE" maxChoices="1">{picture}<hotspotChoice identifier="A"
                shape="circle" coords="40,20,8"/></hotspotInteraction>"#
        ))
    };
    let html = hotspot(r#"<object type="image/png" data="m.png">Map</object>"#);
    assert!(html.contains(r#"<svg class="qti-areas" width="100%" height="100%" aria-hidden="true"><circle"#), "{html}");
    // What an object without a file holds is its picture.
    let html = hotspot(
        r#"<object type="image/svg+xml"><svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><title>Map</title></svg></object>"#,
    );
    assert!(html.contains("<img src=\"data:image/svg+xml,") && html.contains("viewBox=\"0 0 80 40\""), "{html}");
}

#[test]
fn pairs_that_go_the_wrong_way_are_told() {
    let item = |key: &str| {
        format!(
            r#"<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="T" adaptive="false"
            timeDependent="false"><responseDeclaration identifier="RESPONSE" cardinality="multiple" baseType="directedPair">
            <correctResponse><value>{key}</value></correctResponse></responseDeclaration><itemBody>
            <gapMatchInteraction responseIdentifier="RESPONSE"><gapText identifier="A" matchMax="1">a</gapText>
            <p><gap identifier="G"/></p></gapMatchInteraction></itemBody></assessmentItem>"#
        )
    };
    let reversed = |key: &str| {
        let findings = qti::check::item(&qti::parse_item(&item(key)).unwrap());
        findings.iter().any(|finding| finding.code == "key-reversed")
    };
    assert!(!reversed("A G") && reversed("G A"));
}

#[test]
fn files_of_other_servers_are_told_and_are_no_error() {
    let with = |body: &str| ITEM.replace("<itemBody>", &format!("<itemBody>{body}"));
    let film = with(r#"<p><img src="https://film.example/1.png" alt="1"/></p>"#);
    let drive = with(r#"<p><img src="file:///c:/1.png" alt="1"/></p>"#);
    for (text, code, severity) in [
        (film, "address-elsewhere", qti::check::Severity::Warning),
        (drive, "address-refused", qti::check::Severity::Error),
    ] {
        let findings = qti::check::item(&qti::parse_item(&text).unwrap());
        assert_eq!(findings.iter().find(|finding| finding.code == code).unwrap().severity, severity);
    }
}

#[test]
fn elements_that_nobody_knows_are_left_out_with_keys_and_opened_without() {
    let html = shown(
        "<note>Read aloud.</note><rationales responseIdentifier=\"RESPONSE\"><why identifier=\"A\">Right</why></rationales>",
    );
    assert!(html.contains("Read aloud.") && !html.contains("Right"), "{html}");
}

#[test]
fn empty_words_are_no_name() {
    let html = shown(r#"<p><textEntryInteraction responseIdentifier="RESPONSE" placeholderText=""/></p>"#);
    assert!(html.contains("aria-label=\"Жауабыңыз 1\""), "{html}");
}

#[test]
fn attributes_that_hold_by_being_there_are_read_as_xml_writes_them() {
    let html = shown(
        r#"<div><video src="f.mp4"><track src="e.vtt" default="true" kind="captions" srclang="en"/><track src="r.vtt" default="false"/></video></div>"#,
    );
    assert_eq!(html.matches(" default=\"default\"").count(), 1, "{html}");
}

const ADAPTIVE: &str = r#"<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="T"
    xml:lang="en" adaptive="true" timeDependent="false">
  <responseDeclaration identifier="BOX" cardinality="single" baseType="identifier"/>
  <outcomeDeclaration identifier="STORY" cardinality="single" baseType="identifier">
    <defaultValue><value>begin</value></defaultValue></outcomeDeclaration>
  <outcomeDeclaration identifier="SHUT" cardinality="multiple" baseType="identifier">
    <defaultValue><value>A</value><value>B</value></defaultValue></outcomeDeclaration>
  <itemBody>
    <feedbackBlock outcomeIdentifier="STORY" showHide="show" identifier="begin"><p>Once</p></feedbackBlock>
    <feedbackBlock outcomeIdentifier="STORY" showHide="show" identifier="end"><p>The end</p></feedbackBlock>
    <choiceInteraction responseIdentifier="BOX" shuffle="false" maxChoices="1">
      <simpleChoice identifier="A"><feedbackInline outcomeIdentifier="SHUT" showHide="show" identifier="A">red</feedbackInline></simpleChoice>
      <simpleChoice identifier="B"><feedbackInline outcomeIdentifier="SHUT" showHide="show" identifier="B">blue</feedbackInline></simpleChoice>
    </choiceInteraction>
  </itemBody>
  <responseProcessing><setOutcomeValue identifier="STORY"><baseValue baseType="identifier">end</baseValue></setOutcomeValue></responseProcessing>
</assessmentItem>"#;

#[test]
fn an_adaptive_item_tells_its_story_from_the_start() {
    let item = qti::parse_item(ADAPTIVE).unwrap();
    let mut options = qti::render::RenderOptions::default();
    let first = qti::render::html(&item, &options);
    assert!(first.contains("Once") && first.contains("red") && !first.contains("The end"), "{first}");
    assert!(qti::render::typst(&item, &options).contains("red"));
    options.outcomes = Some(score(&item, &Responses::new().with("BOX", "A")));
    let then = qti::render::html(&item, &options);
    assert!(!then.contains("Once") && then.contains("The end"), "{then}");
    // In any other item feedback waits for an attempt.
    let plain = qti::parse_item(&ADAPTIVE.replace("adaptive=\"true\"", "adaptive=\"false\"")).unwrap();
    assert!(!qti::render::html(&plain, &qti::render::RenderOptions::default()).contains("Once"));
}

#[test]
fn points_for_a_choice_that_is_gone_are_no_error() {
    let mapping = "</correctResponse><mapping defaultValue=\"0\"><mapEntry mapKey=\"A\" mappedValue=\"1\"/><mapEntry mapKey=\"Z\" mappedValue=\"0\"/></mapping>";
    let severity = |text: &str| {
        let findings = qti::check::item(&qti::parse_item(text).unwrap());
        findings.into_iter().find(|finding| finding.code == "key-not-a-choice").map(|finding| finding.severity)
    };
    assert_eq!(severity(&ITEM.replace("</correctResponse>", mapping)), Some(qti::check::Severity::Warning));
    assert_eq!(severity(&ITEM.replace("<value>A<", "<value>Z<")), Some(qti::check::Severity::Error));
}

#[test]
fn languages_directions_and_ids_of_qti_elements_reach_the_page() {
    let item = ITEM
        .replace(" xml:lang=\"kk\"", "")
        .replace("<itemBody>", "<itemBody xml:lang=\"he\" dir=\"rtl\">")
        .replace("<choiceInteraction ", "<choiceInteraction id=\"c\" aria-describedBy=\"note\" ")
        .replace("<prompt>", "<prompt xml:lang=\"ru\" class=\"big\">")
        .replace("<simpleChoice identifier=\"B\">", "<simpleChoice identifier=\"B\" dir=\"ltr\">");
    let item = qti::parse_item(&item).unwrap();
    let html = qti::render::html(&item, &qti::render::RenderOptions::default());
    for part in [
        r#"<div class="qti-item-body" lang="he" dir="rtl">"#,
        r#"<fieldset class="qti-choice-interaction" id="q-own-c" aria-describedby="q-own-note" data-response="RESPONSE""#,
        r#"<legend class="big" lang="ru">"#,
        r#"<div class="qti-simple-choice" dir="ltr">"#,
    ] {
        assert!(html.contains(part), "{part}\n{html}");
    }
    assert!(qti::check::item(&item).iter().all(|finding| finding.code != "language-missing"));
}

#[test]
fn an_empty_prompt_is_none() {
    let item = qti::parse_item(&ITEM.replace("Біреуін таңдаңыз", "\n")).unwrap();
    let html = qti::render::html(&item, &qti::render::RenderOptions::default());
    assert!(html.contains("<legend><span class=\"qti-unseen\">Жауабыңыз</span></legend>"), "{html}");
}

#[test]
fn portable_custom_interactions_of_2_x_become_those_of_3_0() {
    let modern = r#"<portableCustomInteraction xmlns="http://www.imsglobal.org/xsd/portableCustomInteraction_v1p0"
            customInteractionTypeIdentifier="scale" data-version="1.0.0"><responseSchema href="http://example.org/r.json"/>
          <properties><property key="level">5</property><property key="axis"><property key="label">x</property></property></properties>
          <modules primaryConfiguration="a.json"><module id="scale/main" primaryPath="scale/main.js" fallbackPath="b.js"/></modules>
          <markup xmlns="html5"><div class="scale"><p>Move it</p></div></markup></portableCustomInteraction>"#;
    let draft = r#"<pci:portableCustomInteraction xmlns:pci="http://www.imsglobal.org/xsd/portableCustomInteraction" xmlns:html5="html5"
            customInteractionTypeIdentifier="scale" entryPoint="scale/main.js" hook="">
          <pci:resources><pci:libraries><pci:lib name="jquery"/></pci:libraries></pci:resources>
          <pci:properties><pci:entry key="level">5</pci:entry></pci:properties>
          <pci:markup><html5:div class="scale"><html5:p>Move it</html5:p></html5:div></pci:markup></pci:portableCustomInteraction>"#;
    let (two, one) = (&["scale/main.js", "b.js"][..], &["scale/main.js"][..]);
    for (form, module, files) in [(modern, "scale/main", two), (draft, "scale/main.js", one)] {
        let text = ITEM.replace(
            "<p>Жер мен Күн</p>",
            &format!(
                "<div><customInteraction responseIdentifier=\"RESPONSE\" id=\"g\">{form}</customInteraction></div>"
            ),
        );
        let item = qti::parse_item(&text).unwrap();
        assert_eq!(qti::parse_item(&qti::print_item(&item)).unwrap(), item);
        let program = qti::render::program(&item, "RESPONSE").unwrap();
        assert_eq!((program.type_identifier.as_str(), program.module.as_str()), ("scale", module));
        assert_eq!(program.modules, [(module.to_owned(), files.iter().map(|file| (*file).to_owned()).collect())]);
        assert_eq!(program.properties.get("level").map(String::as_str), Some("5"));
        assert!(program.markup.contains("<div class=\"scale\"><p>Move it</p></div>"), "{}", program.markup);
        let findings = qti::check::item(&item);
        assert!(findings.iter().all(|finding| finding.code != "response-undeclared"), "{findings:?}");
    }
    // Loaders add the ending of a file themselves.
    let bare = modern.replace("primaryPath=\"scale/main.js\"", "primaryPath=\"scale/main-1.2\"");
    let bare = format!("<customInteraction responseIdentifier=\"RESPONSE\">{bare}</customInteraction>");
    let bare = qti::parse_item(&ITEM.replace("<p>Жер мен Күн</p>", &bare)).unwrap();
    assert_eq!(qti::render::program(&bare, "RESPONSE").unwrap().modules[0].1, ["scale/main-1.2.js", "b.js"]);
    // Of a module on another server the file of the package is taken, where there is one.
    let far = modern.replace("primaryPath=\"scale/main.js\"", "primaryPath=\"https://example.org/main.js\"");
    let of = |form: &str| {
        let form = format!("<customInteraction responseIdentifier=\"RESPONSE\">{form}</customInteraction>");
        let item = qti::parse_item(&ITEM.replace("<p>Жер мен Күн</p>", &form)).unwrap();
        qti::render::program(&item, "RESPONSE").map(|program| program.modules)
    };
    assert_eq!(of(&far).unwrap()[0].1, ["b.js"]);
    assert_eq!(of(&far.replace("fallbackPath=\"b.js\"", "")), None);
    let item = qti::parse_item(&ITEM.replace(
        "<p>Жер мен Күн</p>",
        &format!("<customInteraction responseIdentifier=\"RESPONSE\">{modern}</customInteraction>"),
    ))
    .unwrap();
    let (new, _) = qti::convert::to_v30(&item);
    for part in [
        "data-axis__label=\"x\"",
        "primary-configuration=\"a.json\"",
        "fallback-path=\"b.js\"",
        "response-identifier=\"RESPONSE\" custom-interaction-type-identifier=\"scale\"",
    ] {
        assert!(new.contains(part), "{part}\n{new}");
    }
}

#[test]
fn fields_are_called_by_the_words_beside_them() {
    let html = shown(
        r##"<p><label>Name <textEntryInteraction responseIdentifier="RESPONSE"/></label> <a href="#note">see</a></p><p id="note">n</p>"##,
    );
    assert!(html.contains("aria-label=\"Name\""), "{html}");
    assert!(html.contains(r##"<a href="#q-own-note">see</a>"##) && html.contains(r#"<p id="q-own-note">"#), "{html}");
    let item = qti::print_item(&plain());
    let inline = r#"<p><qti-inline-choice-interaction response-identifier="RESPONSE" data-prompt="Pick"><qti-label>Planet</qti-label>
        <qti-inline-choice identifier="A">a</qti-inline-choice></qti-inline-choice-interaction></p>"#;
    let item = qti::parse_item(&item.replace("<p>Жер мен Күн</p>", inline)).unwrap();
    let html = qti::render::html(&item, &qti::render::RenderOptions::default());
    assert!(html.contains(r#"<span class="qti-label">Planet</span> <select name="RESPONSE" aria-label="Planet"><option value="">Pick</option>"#), "{html}");
}

#[test]
fn numbers_in_another_base_are_written_with_letters() {
    let item = ITEM
        .replace("baseType=\"identifier\"", "baseType=\"integer\"")
        .replace("<value>A<", "<value>255<")
        .replace("<p>Жер мен Күн</p>", "<p><textEntryInteraction responseIdentifier=\"RESPONSE\" base=\"16\"/></p>");
    let start = item.find("<choiceInteraction").unwrap();
    let end = item.find("</choiceInteraction>").unwrap() + "</choiceInteraction>".len();
    let item = qti::parse_item(&format!("{}{}", &item[..start], &item[end..])).unwrap();
    let answer = qti::render::read_form(&qti::render::fields(&item), [("RESPONSE", "fF")], true).unwrap();
    assert_eq!(score(&item, &answer).score(), Some(1.0));
    assert!(!qti::render::html(&item, &qti::render::RenderOptions::default()).contains("inputmode"));
}

#[test]
fn choices_are_offered_only_where_their_groups_allow_it() {
    let gaps = |group: &str| {
        format!(
            "<gapMatchInteraction responseIdentifier=\"RESPONSE\" shuffle=\"false\"><gapText identifier=\"W\" matchMax=\"1\" matchGroup=\"{group}\">w</gapText>\
             <gapText identifier=\"S\" matchMax=\"1\">s</gapText><p><gap identifier=\"G\"/><gap identifier=\"H\" matchGroup=\"S\"/></p></gapMatchInteraction>"
        )
    };
    let html = shown(&gaps("G"));
    for (pair, there) in [("W G", true), ("S G", true), ("W H", false), ("S H", true)] {
        let mark = if there { "" } else { " disabled" };
        assert!(html.contains(&format!("<option value=\"{pair}\"{mark}>")), "{pair}\n{html}");
    }
    // A group of unknown names says nothing.
    assert!(shown(&gaps("max-5 min-0")).contains("<option value=\"W G\">"));
    let html = shown(
        "<matchInteraction responseIdentifier=\"RESPONSE\" shuffle=\"false\" maxAssociations=\"2\"><simpleMatchSet>\
         <simpleAssociableChoice identifier=\"C\" matchMax=\"1\" matchGroup=\"R\">c</simpleAssociableChoice></simpleMatchSet><simpleMatchSet>\
         <simpleAssociableChoice identifier=\"R\" matchMax=\"1\">r</simpleAssociableChoice>\
         <simpleAssociableChoice identifier=\"M\" matchMax=\"1\">m</simpleAssociableChoice></simpleMatchSet></matchInteraction>",
    );
    assert!(html.contains("value=\"C R\"") && !html.contains("value=\"C M\""), "{html}");
}

#[test]
fn an_answer_that_is_right_can_be_given() {
    let pairs = |limit: &str| {
        let body = format!(
            "<matchInteraction responseIdentifier=\"RESPONSE\" shuffle=\"false\"{limit}><simpleMatchSet>\
             <simpleAssociableChoice identifier=\"C\" matchMax=\"1\">c</simpleAssociableChoice>\
             <simpleAssociableChoice identifier=\"D\" matchMax=\"1\">d</simpleAssociableChoice></simpleMatchSet><simpleMatchSet>\
             <simpleAssociableChoice identifier=\"R\" matchMax=\"2\">r</simpleAssociableChoice></simpleMatchSet></matchInteraction>"
        );
        let item = ITEM
            .replace("baseType=\"identifier\"", "baseType=\"directedPair\"")
            .replace("\"single\" baseType=\"directedPair\"", "\"multiple\" baseType=\"directedPair\"")
            .replace("<value>A</value>", "<value>C R</value><value>D R</value>");
        let (start, end) = (item.find("<choiceInteraction").unwrap(), item.find("</itemBody>").unwrap());
        qti::parse_item(&format!("{}{body}{}", &item[..start], &item[end..])).unwrap()
    };
    let sent = [("RESPONSE", "C R"), ("RESPONSE", "D R")];
    let codes = |item: &qti::Item| qti::check::item(item).iter().map(|finding| finding.code).collect::<Vec<_>>();
    let without = pairs("");
    assert!(qti::render::read_form(&qti::render::fields(&without), sent, true).is_ok());
    assert!(codes(&without).contains(&"limit-missing"));
    let below = pairs(" maxAssociations=\"1\"");
    assert!(qti::render::read_form(&qti::render::fields(&below), sent, true).is_err());
    assert!(codes(&below).contains(&"limit-below-key"));
    let fitting = pairs(" maxAssociations=\"2\"");
    assert!(codes(&fitting).iter().all(|code| !code.starts_with("limit-")), "{:?}", codes(&fitting));
}

#[test]
fn booleans_with_capitals_or_nothing_are_read_and_told() {
    let text = ITEM
        .replace("adaptive=\"false\" timeDependent=\"false\"", "adaptive=\"False\" timeDependent=\"\"")
        .replace("shuffle=\"false\"", "shuffle=\"TRUE\"");
    let item = qti::parse_item(&text).unwrap();
    assert!(!item.adaptive && item.interactions()[0].shuffle());
    assert!(codes(&text).iter().filter(|code| **code == "attribute-value").count() >= 2);
}

#[test]
fn choices_without_words_are_called_by_their_place() {
    let text = ITEM
        .replace(">Жер</", "><img src=\"earth.png\" alt=\"\"/></")
        .replace("identifier=\"B\">Күн", "identifier=\"B\" aria-label=\"Sun\">☉");
    let html = qti::render::html(&qti::parse_item(&text).unwrap(), &qti::render::RenderOptions::default());
    for part in ["value=\"A\" aria-label=\"A\"", "value=\"B\" aria-label=\"Sun\""] {
        assert!(html.contains(part), "{html}");
    }
}

#[test]
fn markup_that_is_only_text_is_told() {
    let told = |text: &str| {
        let item = qti::parse_item(&ITEM.replace("Жер мен Күн", text)).unwrap();
        qti::check::item(&item).iter().any(|finding| finding.code == "tag-as-text")
    };
    assert!(told("<![CDATA[<strong>Жер</strong>]]>") && told("&lt;br/&gt;"));
    assert!(!told("1 &lt; 2") && !told("a &lt;b and c") && !told("<code>&lt;p&gt;&lt;/p&gt;</code>"));
}

#[test]
fn drawings_inside_the_text_are_pictures() {
    let drawing = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E";
    let html = shown(&format!(
        "<p><img src=\"{drawing}\" alt=\"d\"/><a href=\"{drawing}\">l</a></p><div><object type=\"image/svg+xml\" data=\"{drawing}\">o</object></div>"
    ));
    assert_eq!(html.matches("src=\"data:image/svg+xml").count(), 2, "{html}");
    assert!(html.contains("<a>l</a>"), "{html}");
}
