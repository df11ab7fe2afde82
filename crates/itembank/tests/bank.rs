//! The item bank on both databases, with the items of the pack.

use itembank::{BankLoad, Form, FormFilter, Item, ItemBankError, NewFormItem, NewItemVersion, Skill};
use kernel::{Actor, FormId, ItemId, ItemVersionId, Language, Localized, Timestamp};
use store::By;
use store::testing::{TestDatabase, database};

fn by() -> By {
    By::system(Timestamp::UNIX_EPOCH)
}

async fn with_pack() -> (TestDatabase, itembank::PackForms) {
    let database = database(itembank::migrations()).await;
    let pack = packs::Pack::embedded().expect("the pack is sound");
    let write = database.write(&by(), "load pack").await.expect("a write");
    let forms = itembank::load_pack(&write, &pack, &pack.campaigns[0]).await.expect("the pack's items are sound");
    write.commit().await.expect("a commit");
    (database, forms)
}

#[tokio::test]
async fn the_pack_becomes_forms_in_every_language() {
    let (database, forms) = with_pack().await;
    let pack = packs::Pack::embedded().expect("the pack is sound");
    let expected: usize = pack.campaigns[0].tests.iter().map(|test| test.languages.len()).sum();
    assert_eq!(forms.len(), expected);
    let kazakh = forms[&("g4-mathematics".to_owned(), Language::Kk)];
    let russian = forms[&("g4-mathematics".to_owned(), Language::Ru)];
    let items = itembank::form_items(&database, kazakh).await.expect("items");
    assert_eq!(items.len(), 20);
    assert_eq!((items[0].position, items[0].item.skill), (1, Skill::A));
    assert!(!items[0].item.criterion.kk.is_empty());
    // Both languages are versions of the same items.
    let same = itembank::form_items(&database, russian).await.expect("items");
    assert!(items.iter().zip(&same).all(|(one, two)| one.item == two.item && one.version != two.version));
    database.finish().await;
}

#[tokio::test]
async fn what_pupils_are_shown_has_no_keys() {
    let (database, forms) = with_pack().await;
    let form = forms[&("g4-mathematics".to_owned(), Language::Ru)];
    let shown = itembank::shown_form(&database, form).await.expect("contents").expect("the form");
    assert_eq!((shown.items.len(), shown.form.language), (20, Language::Ru));
    let scoring = itembank::scoring_items(&database, &Actor::system(), form).await.expect("keys");
    for (item, secret) in shown.items.iter().zip(&scoring) {
        assert_eq!(item.item, secret.item);
        assert!(item.html.contains("type=\"radio\"") && item.html.contains("value=\"A\""), "{}", item.html);
        for word in ["correct", "SCORE", "mapping", "checked", "data-key"] {
            assert!(!item.html.contains(word), "{word} in {}", item.html);
        }
        assert!(secret.key.is_some() && secret.qti.is_some());
        let shown_debug = format!("{secret:?}");
        assert!(!shown_debug.contains("qti-"), "a debug line shows the content: {shown_debug}");
    }
    database.finish().await;
}

#[tokio::test]
async fn keys_are_for_those_who_may_see_items() {
    let (database, forms) = with_pack().await;
    let form = forms[&("g4-mathematics".to_owned(), Language::Kk)];
    let nobody = Actor::nobody();
    let refused = itembank::scoring_items(&database, &nobody, form).await;
    assert!(matches!(refused, Err(ItemBankError::Denied(_))));
    let refused = itembank::forms(&database, &nobody, &FormFilter::default()).await;
    assert!(matches!(refused, Err(ItemBankError::Denied(_))));
    let filter = FormFilter { grade: Some(4), subject: Some("mathematics".to_owned()) };
    assert_eq!(itembank::forms(&database, &Actor::system(), &filter).await.expect("forms").len(), 2);
    database.finish().await;
}

const ITEM: &str = r#"<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="t"
    adaptive="false" time-dependent="false" xml:lang="kk">
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
    <qti-correct-response><qti-value>KEY</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
  <qti-item-body><qti-choice-interaction response-identifier="RESPONSE" max-choices="1">
    <qti-simple-choice identifier="A">1</qti-simple-choice><qti-simple-choice identifier="B">2</qti-simple-choice>
  </qti-choice-interaction></qti-item-body>
  <qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>
</qti-assessment-item>"#;

async fn load(database: &TestDatabase, qti: &str, key: &str) -> Result<(), ItemBankError> {
    let item = Item {
        id: ItemId(database.next_id(Timestamp::UNIX_EPOCH)),
        code: "one".to_owned(),
        subject: "mathematics".to_owned(),
        grade: 4,
        section: Localized::default(),
        topic: Localized::default(),
        criterion: Localized::default(),
        skill: Skill::B,
        parallel_group: None,
    };
    let version = NewItemVersion {
        id: ItemVersionId(database.next_id(Timestamp::UNIX_EPOCH)),
        item: item.id,
        version: 1,
        language: Language::Kk,
        qti: qti.to_owned(),
    };
    let form = Form {
        id: FormId(database.next_id(Timestamp::UNIX_EPOCH)),
        code: "form".to_owned(),
        name: Localized::same("Form"),
        subject: "mathematics".to_owned(),
        grade: 4,
        language: Language::Kk,
    };
    let place = NewFormItem {
        form: form.id,
        position: 1,
        item: item.id,
        version: Some(version.id),
        key: Some(key.to_owned()),
        max_score: 1.0,
    };
    let load = BankLoad {
        items: vec![item],
        versions: vec![version],
        forms: vec![form],
        form_items: vec![place],
        ..BankLoad::default()
    };
    let write = database.write(&by(), "load").await?;
    itembank::load(&write, &load).await?;
    Ok(write.commit().await?)
}

#[tokio::test]
async fn unsound_content_is_refused_with_its_reasons_and_nothing_is_kept() {
    let database = database(itembank::migrations()).await;
    for (qti, key, words) in [
        ("<qti-assessment-item", "A", ""),
        (&ITEM.replace("KEY", "C"), "C", "none of its options"),
        (&ITEM.replace("KEY", "A"), "B", "stated key"),
        (
            &ITEM.replace("<qti-correct-response><qti-value>KEY</qti-value></qti-correct-response>", ""),
            "A",
            "no correct",
        ),
    ] {
        match load(&database, qti, key).await {
            Err(ItemBankError::Content { findings, .. }) => {
                assert!(findings.iter().any(|finding| finding.contains(words)), "{words}: {findings:?}");
            }
            other => panic!("{words}: {other:?}"),
        }
    }
    load(&database, &ITEM.replace("KEY", "B"), "B").await.expect("a sound item");
    // The same code again is a conflict, not a second item.
    let again = load(&database, &ITEM.replace("KEY", "B"), "B").await;
    assert!(matches!(again, Err(ItemBankError::Store(store::StoreError::Conflict(_)))), "{again:?}");
    database.finish().await;
}

#[tokio::test]
async fn each_kind_of_task_is_sound_shown_and_scored() {
    let database = database(itembank::migrations()).await;
    let pack = packs::Pack::embedded().expect("the pack is sound");
    let write = database.write(&by(), "load kinds").await.expect("a write");
    let forms = itembank::load_kinds(&write, &pack).await.expect("the kinds are sound");
    write.commit().await.expect("a commit");
    for language in [Language::Kk, Language::Ru] {
        let form = forms[&("kinds-of-tasks".to_owned(), language)];
        let shown = itembank::shown_form(&database, form).await.expect("contents").expect("the form");
        let scoring = itembank::scoring_items(&database, &Actor::system(), form).await.expect("keys");
        assert_eq!((shown.items.len(), scoring.len()), (22, 22));
        for ((kind, item), secret) in pack.kinds.items.iter().zip(&shown.items).zip(&scoring) {
            let content = qti::parse_item(secret.qti.as_deref().expect("a content")).expect("it reads");
            let findings = qti::check::item(&content);
            let grave = findings.iter().filter(|finding| finding.severity == qti::check::Severity::Error);
            assert_eq!(grave.count(), 0, "{}: {findings:?}", kind.kind);
            let response = qti::score::Responses([("RESPONSE".to_owned(), kind.response.clone())].into());
            let outcomes = qti::score::Session::start(&content, 1).submit(&content, &response);
            assert_eq!((outcomes.score(), secret.max_score), (Some(1.0), 1.0), "{}", kind.kind);
            let nothing = qti::score::Session::start(&content, 1).submit(&content, &qti::score::Responses::new());
            assert_eq!(nothing.score(), Some(0.0), "{}: without an answer", kind.kind);
            for word in ["correct", "SCORE", "mapped", "checked"] {
                assert!(!item.html.contains(word), "{}: {word} in {}", kind.kind, item.html);
            }
            for name in &kind.files {
                let file = itembank::item_file(&database, form, item.item, name).await.expect("a read");
                assert!(file.is_some_and(|file| !file.content.is_empty()), "{}: {name}", kind.kind);
            }
        }
        let program = itembank::program(&database, form, shown.items[20].item, "RESPONSE").await.expect("a read");
        let program = program.expect("a program");
        assert_eq!((program.program.properties["factor"].as_str(), program.modules.len()), ("3", 1));
    }
    database.finish().await;
}
