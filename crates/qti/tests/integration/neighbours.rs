//! Formats of other systems: what comes in scores as it did there, what is lost is said.

use qti::neighbours::{aiken, gift, moodle, table};
use qti::score::{Responses, score};

fn points(item: &qti::Item, values: &[&str]) -> Option<f64> {
    let mut responses = Responses::new();
    for value in values {
        responses = responses.with("RESPONSE", *value);
    }
    score(item, &responses).score()
}

/// Every imported item passes the checks without errors and survives printing.
fn sound(items: &[qti::Item]) {
    for item in items {
        let errors: Vec<_> = qti::check::item(item)
            .into_iter()
            .filter(|finding| finding.severity == qti::check::Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", item.identifier);
        assert!(qti::parse_item(&qti::print_item(item)).unwrap() == *item, "{}", item.identifier);
    }
}

#[test]
fn gift_questions_of_every_kind() {
    let import = gift::read(
        r"// a comment
$CATEGORY: science

::Spider:: How many legs has a spider? {
  ~six
  =eight
  ~%50%between six \= and ten #nearly
}

::Primes:: Tick the primes. {~%50%two ~%50%three ~%-100%four}

Water boils at 100 degrees. {T}

The capital of Kazakhstan is {=Astana =%50%Нұр-Сұлтан}.

What is pi? {#3.1416:0.001}

A number from one to five {#1..5}

Match. {=kk -> Қазақша =ru -> Русский =en -> English}

Write about your village. {}

Just read this.

Broken {no marks}
",
        "en",
    );
    let items = &import.items;
    assert_eq!(items.len(), 9, "{:?}", import.losses);
    sound(items);
    assert_eq!(
        (points(&items[0], &["B"]), points(&items[0], &["C"]), points(&items[0], &["A"])),
        (Some(1.0), Some(0.5), Some(0.0))
    );
    assert_eq!(points(&items[1], &["A", "B"]), Some(1.0));
    assert_eq!(points(&items[1], &["A", "B", "C"]), Some(0.0));
    assert_eq!((points(&items[2], &["A"]), points(&items[2], &["B"])), (Some(1.0), Some(0.0)));
    assert_eq!((points(&items[3], &["astana"]), points(&items[3], &["Нұр-Сұлтан"])), (Some(1.0), Some(0.5)));
    assert_eq!((points(&items[4], &["3,1419"]), points(&items[4], &["3.2"])), (Some(1.0), Some(0.0)));
    assert_eq!((points(&items[5], &["5"]), points(&items[5], &["5.1"])), (Some(1.0), Some(0.0)));
    let all = points(&items[6], &["L1 R1", "L2 R2", "L3 R3"]).unwrap();
    assert!((all - 1.0).abs() < 1e-12);
    assert!(score(&items[7], &Responses::new()).is_pending());
    assert!(items[8].interactions().is_empty());
    assert_eq!(import.losses.len(), 2, "{:?}", import.losses);
    assert!(qti::render::html(&items[0], &qti::render::RenderOptions::default()).contains("between six = and ten"));
}

#[test]
fn aiken_says_which_question_is_broken() {
    let import = aiken::read("One?\nA. a\nB. b\nANSWER: B\n\nTwo?\nA) a\nB) b\nANSWER: D\n\nThree?\nA) x\n", "ru");
    assert_eq!(import.items.len(), 1);
    sound(&import.items);
    assert_eq!(points(&import.items[0], &["B"]), Some(1.0));
    assert_eq!(import.items[0].language.as_deref(), Some("ru"));
    let lines: Vec<u32> = import.losses.iter().map(|loss| loss.line).collect();
    assert_eq!(lines, [9, 11]);
}

#[test]
fn the_table_reads_every_type_and_refuses_bad_rows_by_line() {
    let rows: Vec<Vec<String>> = [
        "identifier;language;type;question;a;b;c;key;points;tolerance",
        "q1;kk;choice;Ең үлкен қала?;Астана;Алматы;;B;2;",
        "q2;en;multiple;Vowels?;a;b;e;A C;2;",
        "q3;en;text;Capital?;;;;Astana|Астана;1;",
        "q4;en;number;Half of five?;;;;2,5;1;0,1",
        "q5;en;essay;Why?;;;;;3;",
        "q6;en;choice;No key?;x;y;;Z;1;",
        "q1;en;choice;Twice?;x;y;;A;1;",
        ";;;;;;;;;",
        "q7;en;choice;Points?;x;y;;A;many;",
    ]
    .iter()
    .map(|line| line.split(';').map(str::to_owned).collect())
    .collect();
    let import = table::read(&rows);
    let items = &import.items;
    sound(items);
    assert_eq!(items.len(), 5);
    assert_eq!((points(&items[0], &["B"]), items[0].max_score()), (Some(2.0), Some(2.0)));
    assert_eq!(points(&items[1], &["A", "C"]), Some(2.0));
    assert_eq!(points(&items[1], &["A", "B", "C"]), Some(1.0));
    assert_eq!(points(&items[2], &["астана"]), Some(1.0));
    assert_eq!((points(&items[3], &["2.6"]), points(&items[3], &["2.7"])), (Some(1.0), Some(0.0)));
    assert!(score(&items[4], &Responses::new()).is_pending());
    assert_eq!(import.losses.iter().map(|loss| loss.line).collect::<Vec<_>>(), [7, 8, 10]);
}

const MOODLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?><quiz>
<question type="category"><category><text>x</text></category></question>
<question type="multichoice"><name><text>Legs</text></name>
 <questiontext format="html"><text><![CDATA[<p>How many <b>legs</b>?<br><img src="@@PLUGINFILE@@/s.png" alt="spider"></p>]]></text>
 <file name="s.png" encoding="base64">iVBORw0KGgo=</file></questiontext>
 <generalfeedback format="html"><text>Eight.</text></generalfeedback><defaultgrade>2</defaultgrade>
 <single>true</single><shuffleanswers>1</shuffleanswers>
 <answer fraction="0" format="html"><text>six</text></answer><answer fraction="100" format="html"><text>eight</text></answer></question>
<question type="shortanswer"><name><text>Capital</text></name><questiontext format="html"><text>Capital?</text></questiontext><usecase>0</usecase>
 <answer fraction="100" format="plain_text"><text>Astana</text></answer><answer fraction="50" format="plain_text"><text>Akmola</text></answer></question>
<question type="numerical"><name><text>Pi</text></name><questiontext format="html"><text>Pi?</text></questiontext>
 <answer fraction="100"><text>3.14</text><tolerance>0.01</tolerance></answer></question>
<question type="matching"><name><text>Match</text></name><questiontext format="html"><text>Match.</text></questiontext>
 <subquestion format="html"><text>one</text><answer><text>1</text></answer></subquestion>
 <subquestion format="html"><text>two</text><answer><text>2</text></answer></subquestion>
 <subquestion format="html"><text></text><answer><text>3</text></answer></subquestion></question>
<question type="truefalse"><name><text>TF</text></name><questiontext format="html"><text>True?</text></questiontext>
 <answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>
<question type="essay"><name><text>Essay</text></name><questiontext format="html"><text>Write.</text></questiontext></question>
<question type="cloze"><name><text>Cloze</text></name><questiontext format="html"><text>{1:SA:=x}</text></questiontext></question>
</quiz>"#;

#[test]
fn moodle_in_and_out_again() {
    let import = moodle::read(MOODLE, "en").unwrap();
    let items = &import.items;
    sound(items);
    assert_eq!(items.len(), 6);
    assert_eq!(import.losses.len(), 1);
    assert!(import.losses[0].message.contains("cloze"));
    assert_eq!((points(&items[0], &["B"]), items[0].max_score()), (Some(2.0), Some(2.0)));
    let html = qti::render::html(&items[0], &qti::render::RenderOptions::default());
    assert!(html.contains("data:image/png;base64,iVBORw0KGgo="), "{html}");
    let outcomes = score(&items[0], &Responses::new().with("RESPONSE", "A"));
    let feedback = qti::render::modal_feedback(&items[0], &outcomes, &qti::render::RenderOptions::default());
    assert_eq!(feedback.len(), 1);
    assert_eq!(points(&items[1], &["akmola"]), Some(0.5));
    assert_eq!((points(&items[2], &["3.15"]), points(&items[2], &["3.16"])), (Some(1.0), Some(0.0)));
    assert_eq!(points(&items[3], &["L1 R1", "L2 R2"]), Some(1.0));
    assert_eq!(points(&items[3], &["L1 R3", "L2 R2"]), Some(0.5));

    let (xml, losses) = moodle::write(items);
    assert!(losses.iter().any(|loss| loss.message.contains("feedback")));
    let again = moodle::read(&xml, "en").unwrap();
    assert_eq!(again.items.len(), 6, "{:?}", again.losses);
    for (item, answers) in
        again.items.iter().zip([vec!["B"], vec!["Astana"], vec!["3.14"], vec!["L1 R1", "L2 R2"], vec!["A"]])
    {
        assert_eq!(points(item, &answers), item.max_score(), "{}", item.identifier);
    }
}

#[test]
fn signs_that_xml_cannot_hold_are_left_out() {
    let read = [
        gift::read("::n\u{0}ame:: Two\u{1}? {=2\u{2} ~3}", "en"),
        aiken::read("Two\u{0}?\nA. 2\u{ffff}\nB. 3\nANSWER: A\n", "en"),
        table::read(&[["type", "question", "a", "b", "key"], ["choice", "Two\u{0}?", "2\u{b}", "3", "A"]].map(|row| row.map(str::to_owned).to_vec())),
        moodle::read("<quiz><question type=\"essay\"><name><text>n</text></name><questiontext format=\"html\"><text><![CDATA[Two&#65535;?]]></text></questiontext></question></quiz>", "en").unwrap(),
    ];
    for import in read {
        assert_eq!(import.items.len(), 1);
        sound(&import.items);
        let html = qti::render::html(&import.items[0], &qti::render::RenderOptions::default());
        assert!(html.contains("Two?"), "{html}");
    }
}
