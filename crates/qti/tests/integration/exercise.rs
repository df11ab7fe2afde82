//! What is done with any bytes at all, by the property tests and by the fuzz targets.

use qti::render::RenderOptions;
use qti::score::{Responses, Session};

/// Everything there is to do with an item.
pub fn use_item(item: &qti::Item, answer: &str, seed: u64) {
    let _ = qti::check::item(item);
    let mut responses = Responses::new();
    for declaration in &item.declarations {
        responses = responses.with(&declaration.identifier, answer);
    }
    let mut session = Session::start(item, seed);
    let outcomes = session.submit(item, &responses);
    let second = session.submit(item, &Responses::new());
    let options = RenderOptions {
        shuffle_seed: Some(seed),
        template_seed: seed,
        response: responses,
        outcomes: Some(outcomes),
        needs: qti::catalog::SUPPORTS.iter().filter_map(|support| qti::catalog::Need::parse(support)).collect(),
        ..RenderOptions::default()
    };
    let html = qti::render::html(item, &options);
    assert!(!html.contains("<script"), "{html}");
    let _ = qti::render::typst(item, &options);
    let _ = qti::render::sheet(item, &options);
    let _ = qti::render::modal_feedback(item, &second, &options);
    let (old, _) = qti::convert::to_v22(item);
    assert!(qti::xml::parse(&old).is_ok(), "{old}");
    let _ = item.max_score();
    for interaction in item.interactions() {
        let _ = qti::render::program(item, interaction.response());
    }
    let _ = qti::score::violations(item, &options.response);
    let fields = qti::render::fields(item);
    let sent: Vec<(String, &str)> = fields
        .iter()
        .flat_map(|field| ["", ":1", ":1:a", ":1:b"].map(|half| (format!("{}{half}", field.response), answer)))
        .collect();
    for complete in [true, false] {
        let _ = qti::render::read_form(&fields, sent.iter().map(|(name, value)| (name.as_str(), *value)), complete);
    }
    let (moodle, _) = qti::neighbours::moodle::write(std::slice::from_ref(item));
    assert!(qti::neighbours::moodle::read(&moodle, "en").is_ok(), "{moodle}");
}

/// Files beside the one that is read: itself, so that it may name itself, some times (files that name each other five
/// hundred times are a test of their own).
fn beside(text: &str) -> impl FnMut(&str) -> Option<String> {
    let mut left = 8;
    move |path| {
        left -= i32::from(left > 0);
        (left > 0 && path.ends_with("i.xml")).then(|| text.to_owned())
    }
}

/// Bytes as an item; what is read must survive printing.
pub fn item(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = qti::check::schema(text);
    let item = qti::parse_item(text).ok();
    if let Some(item) = &item {
        let printed = qti::print_item(item);
        assert!(qti::parse_item(&printed).as_ref() == Ok(item), "{printed}");
        // Lengths of documents choose one of two answers.
        use_item(item, if bytes.len().is_multiple_of(2) { "A B" } else { "A" }, 1);
    }
    if let Ok(followed) = qti::follow::item(text, "items/i.xml", &mut beside(text))
        && Some(&followed.item) != item.as_ref()
    {
        use_item(&followed.item, "A", 2);
    }
}

/// Bytes as a test.
pub fn test(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = qti::check::schema(text);
    for version in [qti::item::Version::V22, qti::item::Version::V30] {
        if let Ok(document) = qti::convert::document(text, version) {
            assert!(qti::xml::parse(&document.text).is_ok(), "{}", document.text);
        }
    }
    if let Ok((test, _)) = qti::follow::test(text, "t/i.xml", &mut beside(text)) {
        let _ = qti::test::check(&test);
    }
    if let Ok(test) = qti::test::parse_test(text) {
        let _ = qti::convert::test_to_v22(&test);
        let printed = qti::test::print_test(&test);
        assert!(qti::test::parse_test(&printed).as_ref() == Ok(&test), "{printed}");
        let _ = qti::test::check(&test);
        let mut session = qti::test::TestSession::start(&test, 7, &|_| None);
        let mut at = session.first();
        for _ in 0..100 {
            let Some(position) = at else { break };
            session.present(position);
            let _ = session.bars(position, &Responses::new(), 1.0);
            at = session.next(position);
        }
        session.process();
    }
}

/// Bytes as a package.
pub fn package(bytes: &[u8]) {
    if let Ok(mut package) = qti::package::Package::open(std::io::Cursor::new(bytes)) {
        let _ = package.manifest();
        for name in package.names().to_vec().iter().take(20) {
            let _ = package.read(name, 1 << 16);
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = qti::package::parse_manifest(text);
        let _ = qti::package::safe_path(text);
    }
}

/// Bytes as MathML, on both ways out.
pub fn math(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    item(
        format!(
            "<qti-assessment-item identifier=\"i\" title=\"\" adaptive=\"false\" time-dependent=\"false\">\
             <qti-item-body><p><math>{text}</math></p></qti-item-body></qti-assessment-item>"
        )
        .as_bytes(),
    );
}

/// Bytes as the formats of other systems.
pub fn formats(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut items = qti::neighbours::gift::read(text, "en").items;
    items.extend(qti::neighbours::aiken::read(text, "en").items);
    if let Ok(import) = qti::neighbours::moodle::read(text, "en") {
        items.extend(import.items);
    }
    let rows: Vec<Vec<String>> = text.lines().map(|line| line.split(';').map(str::to_owned).collect()).collect();
    items.extend(qti::neighbours::table::read(&rows).items);
    for item in &items {
        let printed = qti::print_item(item);
        assert!(qti::parse_item(&printed).as_ref() == Ok(item), "{printed}");
        use_item(item, "A", 3);
    }
}
