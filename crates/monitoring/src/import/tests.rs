use super::*;
use crate::model::{ItemStatus, Outcome, Points};

fn sheet(text: &str, key: Option<&str>) -> Result<Sheet, Rejected> {
    read(text.as_bytes(), key.map(str::as_bytes), &ReadOptions::default())
}

fn places(rejected: &Rejected) -> Vec<String> {
    rejected.findings.iter().map(Finding::to_string).collect()
}

const KEY: &str = "item,key\nQ1,A\nQ2,B\nQ3,C\n";

#[test]
fn choices_are_scored_by_the_key() {
    let found = sheet("id,Q1,Q2,Q3\n7,A,C,\n8,A,B,C\n", Some(KEY)).unwrap();
    assert_eq!(found.items.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(), ["Q1", "Q2", "Q3"]);
    let first = &found.persons[0];
    assert_eq!((first.row, first.id.as_deref()), (2, Some("7")));
    let statuses: Vec<ItemStatus> = first.answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [ItemStatus::Correct, ItemStatus::Incorrect, ItemStatus::Skipped]);
    assert_eq!(Outcome::of(&found.persons[1].answers).score, Points::whole(3));
    assert!(found.warnings.is_empty());
}

#[test]
fn separators_and_encodings_are_found_out() {
    let text = "Мектеп;Сынып;Т1;Т2\nҚуаныш;4 «Ә»;1;0\nКуйкен;4 «Б»;2;1\n";
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        ([&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat(), Encoding::Utf8),
        (
            text.encode_utf16().flat_map(u16::to_le_bytes).fold(vec![0xFF, 0xFE], |mut all, byte| {
                all.push(byte);
                all
            }),
            Encoding::Utf16,
        ),
    ] {
        let found = read(&bytes, None, &ReadOptions::default()).unwrap();
        assert_eq!(found.encoding, encoding);
        assert_eq!((found.persons[0].school.as_str(), found.persons[0].class.as_str()), ("Қуаныш", "4 «Ә»"));
        assert_eq!(found.items[0].maximum, 2);
        assert_eq!(found.persons[0].answers[0].status, ItemStatus::Partial);
    }
    let (old, _, _) = encoding_rs::WINDOWS_1251.encode("Школа;Т1;Т2\nКуйкен;1;0\n");
    let found = read(&old, None, &ReadOptions::default()).unwrap();
    assert_eq!((found.encoding, found.persons[0].school.as_str()), (Encoding::Windows1251, "Куйкен"));
    let binary = read(&[0xFF, 0x00, 0x01, 0x80], None, &ReadOptions::default()).unwrap_err();
    assert_eq!(binary.findings[0].problem, Problem::NotText);
}

#[test]
fn every_wrong_cell_has_its_row_and_column() {
    let rows: String = (0..30).map(|_| "1,0,2\n").collect();
    let found = sheet(&format!("b1,b2,b3\n{rows}1,x,2\n1,0\n1,0,999\n"), None).unwrap_err();
    assert_eq!(
        places(&found),
        [
            "responses, row 32, column B (b2): \"x\" is no number of points: use a whole number from 0 to 250, or leave \
             the cell empty",
            "responses, row 33: the row has 2 cells, the first row has 3",
            "responses, row 34, column C (b3): \"999\" is no number of points: use a whole number from 0 to 250, or leave \
             the cell empty",
        ]
    );
    let high = sheet("b1,b2\n1,5\n", Some("item,max\nb1,1\nb2,4\n")).unwrap_err();
    assert_eq!(high.findings[0].problem, Problem::AboveMaximum { value: 5, maximum: 4 });
    let twice = sheet("id,Q1,Q2\n7,1,1\n8,1,0\n7,0,0\n", None).unwrap_err();
    assert_eq!(places(&twice), ["responses, row 4, column A (id): person \"7\" stands in row 2 already"]);
}

#[test]
fn a_key_that_does_not_fit_names_what_is_left_over() {
    let text = "Q1,Q2,Q3\nA,B,C\n";
    let short = sheet(text, Some("item,key\nQ1,A\nQ2,B\n")).unwrap_err();
    let key_length = |key, left_over: &str, without: &str| Problem::KeyLength {
        key,
        columns: 3,
        left_over: left_over.to_owned(),
        without: without.to_owned(),
    };
    assert_eq!(short.findings[0].problem, key_length(2, "", "Q3"));
    assert!(short.to_string().ends_with("the responses have 3 tasks; no key for Q3"), "{short}");
    let long = sheet(text, Some("item,key\nQ1,A\nQ2,B\nQ3,C\nQ4,D\n")).unwrap_err();
    assert_eq!(long.findings[0].problem, key_length(4, "Q4", ""));
    assert!(long.to_string().ends_with("the responses have 3 tasks; no task column for Q4"), "{long}");
    let none = sheet("id,Q1,Q2\n1,A,B\n", None).unwrap_err();
    assert!(matches!(&none.findings[0].problem, Problem::WhichItems { .. }), "{none}");
    let twice = sheet(text, Some("item,key\nQ1,A\nQ1,B\n")).unwrap_err();
    assert_eq!(places(&twice)[0], "key, row 3, column A (item): task \"Q1\" stands twice in the key");
    assert!(sheet(text, Some("item,answers\nQ1,A\n")).is_err());
}

#[test]
fn odd_answers_are_named_and_counted_as_said() {
    let rows: String = (0..300).map(|_| "A,B,C\n").collect();
    // Lower case, a Cyrillic letter, a number.
    let found = sheet(&format!("Q1,Q2,Q3\n{rows}a,В,7\n"), Some(KEY)).unwrap();
    let said: Vec<String> = found.warnings.iter().map(Finding::to_string).collect();
    assert_eq!(
        said,
        [
            "responses, row 302, column A (Q1): \"a\" was read as \"A\"",
            "responses, row 302, column B (Q2): \"В\" was read as \"B\"",
            "responses, row 302, column C (Q3): \"7\" is not like the other answers (A, B, C); it counts as a wrong \
             answer",
        ]
    );
    let last = found.persons.last().unwrap();
    assert_eq!(Outcome::of(&last.answers).correct, 2);
}

#[test]
fn points_with_answers_beside_them() {
    let text = "o1,o2,b1,b2,total\n1,2,1,0,1\n3,2,0,2,2\n1,1,1,2,3\n";
    let found = sheet(text, Some("item,key\no2,2\n")).unwrap();
    assert_eq!(found.items.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(), ["b1", "b2"]);
    assert_eq!((found.items[1].maximum, found.items[1].has_choices, found.items[0].has_choices), (2, true, false));
    assert_eq!(found.persons[1].answers[1].choice.as_deref(), Some("2"));
    // The key says 2 is right, but the first row earned nothing for it and the third earned points for another answer.
    let rows: Vec<Option<u32>> = found.warnings.iter().map(|warning| warning.row).collect();
    assert_eq!(rows, [Some(2), Some(4)]);
    let wrong = sheet(
        "b1,b2,b3,total\n1,1,0,2\n0,0,0,0\n0,1,0,1\n1,1,1,3\n1,0,0,1\n1,0,0,1\n0,0,1,1\n1,1,0,2\n0,0,0,0\n1,0,0,0\n",
        None,
    );
    let warning = &wrong.unwrap().warnings[0];
    assert_eq!((warning.row, &warning.problem), (Some(11), &Problem::Total { found: "0".to_owned(), computed: 1 }));
}

fn real(name: &str) -> Option<Vec<u8>> {
    let path = format!("{}/../../../shared/psy/real/{name}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        eprintln!("skipped: {path} is not here");
    }
    bytes
}

#[test]
fn the_stray_letters_of_hci_are_named() {
    let (Some(responses), Some(key)) = (real("HCIdata_full.csv"), real("HCI_key.csv")) else { return };
    let found = read(&responses, Some(&key), &ReadOptions::default()).unwrap();
    // The points are those of the file (their sum is its column "total"); the answers stand beside them.
    assert_eq!((found.items.len(), found.persons.len()), (20, 669));
    assert_eq!(found.items[4].name, "QR5");
    let said: Vec<String> = found.warnings.iter().map(Finding::to_string).collect();
    assert_eq!(said.len(), found.warnings_total);
    assert_eq!(
        said,
        [
            "responses, row 663, column E (A5): \"c\" was read as \"C\"",
            "responses, row 669, column E (A5): \"c\" was read as \"C\"",
        ]
    );
    // The same from the answers alone.
    let options = ReadOptions { items: Some("A*".to_owned()), ..ReadOptions::default() };
    let answers = read(&responses, Some(&key), &options).unwrap();
    assert_eq!(answers.items[4].name, "A5");
    for (one, other) in found.persons.iter().zip(&answers.persons) {
        assert_eq!(Outcome::of(&one.answers), Outcome::of(&other.answers), "row {}", one.row);
    }
}

#[test]
fn the_examination_is_thirty_parts_with_eight_choices() {
    let (Some(responses), Some(key)) = (real("CZmatura.csv"), real("CZmatura_mc_key.csv")) else { return };
    let found = read(&responses, Some(&key), &ReadOptions::default()).unwrap();
    assert_eq!((found.items.len(), found.persons.len(), found.warnings_total), (30, 15_702, 0));
    assert_eq!(found.items.iter().map(|item| item.maximum).sum::<u32>(), 50);
    assert_eq!(found.items.iter().filter(|item| item.has_choices).count(), 8);
}
