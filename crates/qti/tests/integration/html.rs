//! HTML of items: one snapshot per interaction, and what must never be in it.

use qti::render::RenderOptions;
use std::path::{Path, PathBuf};

const SUITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/suite");

fn item(folder: &Path) -> qti::Item {
    qti::parse_item(&std::fs::read_to_string(folder.join("item.xml")).unwrap()).unwrap()
}

fn folders() -> Vec<PathBuf> {
    let published = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/qti/scoring");
    let mut folders: Vec<_> = [SUITE, published]
        .iter()
        .filter_map(|root| std::fs::read_dir(root).ok())
        .flatten()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("item.xml").exists())
        .collect();
    folders.sort();
    folders
}

/// One tag per line, so that a change shows where it is.
fn lines(html: &str) -> String {
    html.replace("><", ">\n<")
}

#[test]
fn every_interaction_has_its_html() {
    let mut seen = std::collections::BTreeSet::new();
    for name in [
        "associate",
        "choice-single",
        "choice-multiple",
        "drawing",
        "end-attempt",
        "extended-text-ordered",
        "gap-match",
        "graphic-associate",
        "graphic-gap-match",
        "graphic-order",
        "hotspot",
        "hottext",
        "inline-choice",
        "match",
        "media",
        "order",
        "portable-custom",
        "position-object",
        "slider",
        "template-map-response-point",
        "text-entry-float",
        "upload",
    ] {
        let item = item(&Path::new(SUITE).join(name));
        seen.extend(item.interactions().iter().map(|interaction| interaction.kind));
        let html = qti::render::html(&item, &RenderOptions { shuffle_seed: Some(7), ..RenderOptions::default() });
        insta::assert_snapshot!(name, lines(&html));
    }
    let missing: Vec<_> = qti::interaction::InteractionKind::ALL
        .iter()
        .filter(|kind| !seen.contains(kind) && kind.name() != "qti-custom-interaction")
        .collect();
    assert!(missing.is_empty(), "no snapshot of {missing:?}");
}

#[test]
fn an_answer_is_shown_again_and_can_be_locked() {
    let item = item(&Path::new(SUITE).join("choice-multiple"));
    let options = RenderOptions {
        response: qti::score::Responses::new().with("RESPONSE", "A").with("RESPONSE", "C"),
        disabled: true,
        ..RenderOptions::default()
    };
    let html = qti::render::html(&item, &options);
    assert_eq!(html.matches(" checked").count(), 2, "{html}");
    assert_eq!(html.matches(" disabled").count(), 3, "{html}");
}

#[test]
fn html_is_made_from_the_body_alone() {
    // Without keys, mappings, outcomes and processing the HTML is the same: so it cannot hold any of them.
    let mut compared = 0;
    for folder in folders() {
        let whole = item(&folder);
        if whole.template_processing.is_some() {
            continue;
        }
        let mut bare = whole.clone();
        bare.response_processing = None;
        bare.outcome_processing = None;
        bare.modal_feedbacks.clear();
        for declaration in &mut bare.declarations {
            declaration.correct_response = None;
            declaration.mapping = None;
            declaration.area_mapping = None;
            declaration.lookup_table = None;
        }
        for shuffle_seed in [None, Some(1), Some(99)] {
            let options = RenderOptions { shuffle_seed, ..RenderOptions::default() };
            let (a, b) = (qti::render::html(&whole, &options), qti::render::html(&bare, &options));
            assert_eq!(a, b, "{}", folder.display());
            assert_eq!(
                qti::render::typst(&whole, &options),
                qti::render::typst(&bare, &options),
                "{}",
                folder.display()
            );
            compared += 1;
        }
    }
    assert!(compared > 300, "only {compared}");
}

#[test]
fn what_is_not_on_the_list_does_not_come_through() {
    let item = qti::parse_item(
        r#"<qti-assessment-item identifier="i" title="t" adaptive="false" time-dependent="false"><qti-item-body>
        <p onclick="steal()" style="x" data-key="B" class="ok">text <script>alert(1)</script><style>p{}</style>
        <img src="javascript:alert(1)" onerror="alert(1)" alt="a"/><img src="https://elsewhere.example/x.png" alt="b"/>
        <a href="javascript:alert(1)">link</a><iframe src="x.html">frame</iframe>
        <svg><script>alert(1)</script></svg><blink>kept words</blink>
        <math xmlns="http://www.w3.org/1998/Math/MathML"><mi href="javascript:alert(1)">x</mi><annotation-xml encoding="text/html"><script>alert(1)</script></annotation-xml></math></p>
        <qti-unknown-part correct="B">seen</qti-unknown-part>
        &lt;script&gt;alert(2)&lt;/script&gt;</qti-item-body></qti-assessment-item>"#,
    )
    .unwrap();
    let html = qti::render::html(&item, &RenderOptions::default());
    for bad in [
        "<script",
        "onclick",
        "onerror",
        "javascript",
        "style",
        "data-key",
        "elsewhere",
        "iframe",
        "<svg",
        "alert(1)",
        "correct=",
        "blink",
    ] {
        assert!(!html.contains(bad), "{bad} in {html}");
    }
    for good in ["kept words", "<p class=\"ok\">", "<mi>x</mi>", "seen", "&lt;script&gt;alert(2)"] {
        assert!(html.contains(good), "{good} not in {html}");
    }
}

#[test]
fn shuffling_keeps_fixed_choices_and_depends_on_the_seed() {
    let item = item(&Path::new(SUITE).join("choice-single"));
    let orders: std::collections::BTreeSet<Vec<String>> = (0..20)
        .map(|seed| {
            let options = RenderOptions { shuffle_seed: Some(seed), ..RenderOptions::default() };
            let html = qti::render::html(&item, &options);
            assert_eq!(html, qti::render::html(&item, &options));
            let mut places: Vec<_> =
                ["A", "B", "C"].iter().map(|c| (html.find(&format!("value=\"{c}\"")).unwrap(), *c)).collect();
            places.sort_unstable();
            let order: Vec<String> = places.into_iter().map(|(_, c)| c.to_owned()).collect();
            assert_eq!(qti::render::printed_order(&item, "RESPONSE", &options), order);
            order
        })
        .collect();
    assert_eq!(orders.len(), 2, "{orders:?}");
    assert!(orders.iter().all(|order| order[2] == "C"));
}

#[test]
fn forms_come_back_as_responses() {
    let responses = qti::score::Responses::from_form([
        ("CHOICE", "A"),
        ("CHOICE", "B"),
        ("ORDER:2", "second"),
        ("ORDER:1", "first"),
        ("ORDER:3", ""),
        ("PAIR:1:a", "X"),
        ("PAIR:1:b", "Y"),
        ("PAIR:2:a", "X"),
        ("PAIR:2:b", ""),
        ("POINT.x", "10"),
        ("POINT.y", "20"),
    ]);
    let expected = qti::score::Responses::new()
        .with("CHOICE", "A")
        .with("CHOICE", "B")
        .with("ORDER", "first")
        .with("ORDER", "second")
        .with("PAIR", "X Y")
        .with("POINT", "10 20");
    assert_eq!(responses, expected);
}

/// On paper gaps are numbered and what goes into them is lettered, as the answer sheet asks for it; labels stand above
/// what they label.
#[test]
fn on_paper_gaps_are_numbered_and_choices_lettered() {
    let item = qti::parse_item(
        r#"<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="t" adaptive="false" time-dependent="false">
        <qti-response-declaration identifier="R" cardinality="multiple" base-type="directedPair"/>
        <qti-item-body><qti-graphic-gap-match-interaction response-identifier="R"><qti-prompt>Name them.</qti-prompt>
          <img src="m.png" alt="m" width="200" height="100"/>
          <qti-gap-text identifier="X" match-max="1">river</qti-gap-text><qti-gap-text identifier="Y" match-max="1">lake</qti-gap-text>
          <qti-associable-hotspot identifier="G" shape="circle" coords="100,60,20" match-max="1"/>
          <qti-associable-hotspot identifier="H" shape="rect" coords="40,20,80,60" match-max="1"/>
        </qti-graphic-gap-match-interaction></qti-item-body></qti-assessment-item>"#,
    )
    .unwrap();
    let paper = qti::render::typst(&item, &qti::render::RenderOptions::default());
    // Coordinates on several lines are the same coordinates, on the page, too.
    let laid_out = qti::parse_item(&qti::print_item(&item).replace("100,60,20", "\n 100,\n60,\t20\n")).unwrap();
    let options = qti::render::RenderOptions::default();
    assert!(qti::render::html(&laid_out, &options).contains("cx=\"100\" cy=\"60\" r=\"20\""));
    // Pixels become points: 100 is 75, and the upper edge of the circle (40) is 30.
    assert!(paper.contains(r#"(("1", 75pt, 30pt), ("2", 30pt, 15pt), )"#), "{paper}");
    assert!(paper.contains(r#"#"A) ";#"river";"#) && paper.contains(r#"#"B) ";#"lake";"#), "{paper}");
    assert!(paper.contains("#block(sticky: true)[#\"Name them.\";]"), "{paper}");
    let mut drawing = item.clone();
    drawing.body = qti::xml::parse(r#"<qti-item-body><qti-drawing-interaction response-identifier="R"><img src="grid.png" alt="g"/></qti-drawing-interaction></qti-item-body>"#).ok();
    let paper = qti::render::typst(&drawing, &qti::render::RenderOptions::default());
    assert!(paper.contains("qti-image(\"grid.png\"") && !paper.contains("qti-space"), "{paper}");
}
