//! The schools' own marks from workbooks and CSV: everything or nothing, every wrong cell named.

use documents::table::{Cell, Sheet, SheetColumn, xlsx_file};
use kernel::{Actor, Date, Timestamp};
use monitoring::import::{ImportRequest, import_responses};
use monitoring::model::Settings;
use monitoring::{MarksFile, MonitoringError, import_marks, preview_marks, query};
use store::Reading;
use store::testing::TestDatabase;

fn now() -> Timestamp {
    Timestamp::from_millisecond(1_668_800_000_000).unwrap()
}

/// Two classes of a school that sat one test, called "Maths".
async fn campaign() -> (TestDatabase, kernel::CampaignId) {
    let database = store::testing::database(monitoring::migrations()).await;
    let mut rows = vec!["name,school,class,q1,q2".to_owned()];
    for (class, letter) in [("4 «А»", 'a'), ("4 «Ә»", 'b')] {
        for pupil in 0..12 {
            rows.push(format!("Pupil{pupil} {letter},Dostyk,{class},{},1", u32::from(pupil % 2 == 0)));
        }
    }
    let mut request = ImportRequest::new("Maths", rows.join("\n").into_bytes(), None, Date::constant(2022, 11, 14));
    request.grade = 4;
    let found = import_responses(&database, &Actor::system(), now(), &request, &Settings::default()).await.unwrap();
    (database, found.campaign)
}

fn sheet(name: &str, rows: &[[&str; 3]]) -> Sheet {
    Sheet {
        name: name.to_owned(),
        title: String::new(),
        notes: vec![],
        columns: ["Сынып", "Оқушы", "Maths"].map(SheetColumn::new).into(),
        rows: rows
            .iter()
            .map(|row| {
                let number = row[2].parse().map_or_else(|_| Cell::Text(row[2].to_owned()), Cell::Whole);
                vec![Cell::Text(row[0].to_owned()), Cell::Text(row[1].to_owned()), number]
            })
            .collect(),
    }
}

fn workbook(sheets: &[Sheet]) -> MarksFile {
    let bytes = xlsx_file("marks", "school", sheets).unwrap();
    MarksFile { bytes, name: "marks.xlsx".to_owned(), ..MarksFile::default() }
}

async fn count(database: &TestDatabase) -> i64 {
    database.read().count("SELECT COUNT(*) FROM term_mark", []).await.unwrap()
}

#[tokio::test]
async fn marks_are_compared_with_the_results() {
    let (database, campaign) = campaign().await;
    // Written as people write it: other quotes, no spaces, a Latin letter for the class.
    let file = workbook(&[sheet("1", &[["4A", "Pupil0 a", "90"], ["4 \"Ә\"", "pupil1 B", "80"]])]);
    let found = import_marks(&database, &Actor::system(), now(), campaign, &file).await.unwrap();
    assert_eq!((found.rows, found.pupils, found.marks.len()), (2, 2, 2));
    let summary = query::campaign_summary(&database, &Actor::system(), campaign, &Settings::default()).await;
    let summary = summary.unwrap().unwrap();
    let school = &summary.grades[0].schools[0];
    // 24 pupils with 36 of 48 points.
    assert_eq!(
        (school.shown, school.comparison.unwrap().marks, school.comparison.unwrap().gap),
        (Some(75.0), 85.0, 10.0)
    );
    // Again with another mark: replaced, not doubled.
    let file = workbook(&[sheet("1", &[["4А", "Pupil0 a", "70"]])]);
    import_marks(&database, &Actor::system(), now(), campaign, &file).await.unwrap();
    assert_eq!(count(&database).await, 2);
    let summary = query::campaign_summary(&database, &Actor::system(), campaign, &Settings::default()).await;
    assert_eq!(summary.unwrap().unwrap().grades[0].schools[0].comparison.unwrap().marks, 75.0);
    database.finish().await;
}

#[tokio::test]
async fn wrong_rows_are_named_and_nothing_is_kept() {
    let (database, campaign) = campaign().await;
    let rows = [
        ["4А", "Pupil0 a", "90"],
        ["4А", "Pupil1 x", "80"],
        ["4А", "Nobody a", "80"],
        ["7Б", "Pupil2 a", "80"],
        ["4А", "Pupil3 a", "excellent"],
        ["4А", "Pupil4 a", "101"],
        ["4А", "Pupil0 a", "91"],
    ];
    let file = workbook(&[sheet("1", &rows)]);
    let error = import_marks(&database, &Actor::system(), now(), campaign, &file).await.unwrap_err();
    let MonitoringError::Rejected(rejected) = error else { unreachable!("{error}") };
    let said: Vec<String> = rejected.findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "marks, row 3, column B (Оқушы): there is no pupil \"Pupil1 x\" in 4А; did you mean \"Pupil1 a\"?",
            "marks, row 4, column B (Оқушы): there is no pupil \"Nobody a\" in 4А",
            "marks, row 5, column A (Сынып): there is no class \"7Б\" in the school; its classes are 4а, 4ә",
            "marks, row 6, column C (Maths): \"excellent\" is no mark in percent: use a number from 0 to 100, or leave the \
             cell empty",
            "marks, row 7, column C (Maths): \"101\" is no mark in percent: use a number from 0 to 100, or leave the cell \
             empty",
            "marks, row 8, column C (Maths): the mark of \"Pupil0 a\" in Maths stands in row 2 already",
        ]
    );
    assert_eq!(count(&database).await, 0);
    let preview = preview_marks(&database, &Actor::system(), campaign, &file).await.unwrap();
    assert_eq!((preview.marks.len(), preview.findings.len(), preview.rows), (1, 6, 7));
    assert_eq!(count(&database).await, 0, "a preview keeps nothing");

    let two = [sheet("Бірінші", &rows[..1]), sheet("Екінші", &rows[..1])];
    let error = import_marks(&database, &Actor::system(), now(), campaign, &workbook(&two)).await.unwrap_err();
    assert!(error.to_string().contains("Бірінші, Екінші"), "{error}");
    let chosen = MarksFile { sheet: Some("Екінші".to_owned()), ..workbook(&two) };
    import_marks(&database, &Actor::system(), now(), campaign, &chosen).await.unwrap();
    assert_eq!(count(&database).await, 1);

    let unknown = "Сынып;Оқушы;Алхимия\n4А;Pupil0 a;90\n";
    let file = MarksFile { bytes: unknown.into(), name: "marks.csv".to_owned(), ..MarksFile::default() };
    let error = import_marks(&database, &Actor::system(), now(), campaign, &file).await.unwrap_err();
    assert!(error.to_string().contains("column C (Алхимия): the campaign has no subject"), "{error}");
    let error = import_marks(&database, &Actor::nobody(), now(), campaign, &file).await.unwrap_err();
    assert!(matches!(error, MonitoringError::Denied(_)));
    database.finish().await;
}
