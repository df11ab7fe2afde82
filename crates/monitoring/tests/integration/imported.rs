//! Tests sat elsewhere, brought in through the service; statistics against published reference values.

use std::collections::BTreeMap;

use kernel::{Actor, Date, Timestamp};
use monitoring::MonitoringError;
use monitoring::Watch;
use monitoring::import::{File, ImportRequest, Problem, ReadOptions, import_responses};
use monitoring::model::{ItemStatistics, Settings};
use store::testing::TestDatabase;
use store::{FromQueryResult, Reading, number, sea_orm};

fn now() -> Timestamp {
    Timestamp::from_millisecond(1_668_800_000_000).unwrap()
}

fn held_on() -> Date {
    Date::constant(2022, 11, 14)
}

async fn database() -> TestDatabase {
    store::testing::database(monitoring::migrations()).await
}

fn shared(path: &str) -> Option<Vec<u8>> {
    let path = format!("{}/../../../shared/psy/{path}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        eprintln!("skipped: {path} is not here");
    }
    bytes
}

/// Rows of a reference file by their first column.
fn oracle(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(bytes);
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    reader.records().map(|row| names.iter().cloned().zip(row.unwrap().iter().map(str::to_owned)).collect()).collect()
}

#[derive(FromQueryResult)]
struct StatisticRow {
    statistics: String,
}

async fn item_statistics(database: &TestDatabase, campaign: kernel::CampaignId) -> Vec<ItemStatistics> {
    let sql = "SELECT item_statistic.statistics FROM item_statistic
               JOIN form_item ON form_item.form_id = item_statistic.form_id AND form_item.item_id = item_statistic.item_id
               WHERE campaign_id = $1 ORDER BY position";
    let rows: Vec<StatisticRow> = database.read().rows(sql, [number(campaign.0)]).await.unwrap();
    rows.iter().map(|row| serde_json::from_str(&row.statistics).unwrap()).collect()
}

fn close(found: Option<f64>, expected: &str, what: &str) {
    let (found, expected) = (found.unwrap(), expected.parse::<f64>().unwrap());
    assert!((found - expected).abs() < 1e-6, "{what}: {found} instead of {expected}");
}

async fn agrees(responses: &str, key: Option<&str>, oracle_name: &str, persons: usize, tasks: usize) {
    let Some(bytes) = shared(&format!("real/{responses}")) else { return };
    let Some(reference) = shared(&format!("oracle/{oracle_name}_ctt_items.csv")) else { return };
    let Some(summary) = shared(&format!("oracle/{oracle_name}_ctt_summary.json")) else { return };
    let key = key.and_then(|name| shared(&format!("real/{name}")));
    let database = database().await;
    let request = ImportRequest::new(oracle_name, bytes, key, held_on());
    let found = import_responses(&database, &Actor::system(), now(), &request, &Settings::default()).await.unwrap();
    assert_eq!((found.persons, found.items, found.warnings_total), (persons, tasks, 0));
    let items = item_statistics(&database, found.campaign).await;
    for (item, row) in items.iter().zip(oracle(&reference)) {
        let what = &row["item"];
        close(item.facility.map(|facility| facility * item.maximum), &row["mean"], what);
        close(item.item_rest, &row["item_rest"], what);
        close(item.item_total, &row["item_total"], what);
        close(item.alpha_if_deleted, &row["alpha_if_deleted"], what);
        close(item.upper_lower, &row["upper_lower27"], what);
    }
    let summary: serde_json::Value = serde_json::from_slice(&summary).unwrap();
    let expected = |name: &str| summary[name].to_string();
    close(found.statistics.alpha, &expected("alpha"), "alpha");
    close(found.statistics.sem, &expected("SEM"), "standard error of measurement");
    close(found.statistics.sd, &expected("total_sd"), "standard deviation");
    close(Some(found.statistics.mean), &expected("total_mean"), "mean");
    assert_eq!(found.statistics.n as usize, persons);
    database.finish().await;
}

#[tokio::test]
async fn the_sample_of_the_examination_agrees_with_the_reference() {
    agrees("CZmaturaS.csv", Some("CZmatura_mc_key.csv"), "CZmaturaS", 2_000, 30).await;
}

#[tokio::test]
async fn hci_agrees_with_the_reference() {
    agrees("HCItest.csv", Some("HCI_key.csv"), "HCI", 651, 20).await;
}

#[tokio::test]
async fn distractors_of_hci_agree_with_the_reference() {
    let (Some(responses), Some(key)) = (shared("real/HCItest.csv"), shared("real/HCI_key.csv")) else { return };
    let Some(reference) = shared("oracle/HCI_distractors.csv") else { return };
    let database = database().await;
    let request = ImportRequest::new("HCI", responses, Some(key), held_on());
    let found = import_responses(&database, &Actor::system(), now(), &request, &Settings::default()).await.unwrap();
    let items = item_statistics(&database, found.campaign).await;
    let options: Vec<_> =
        items.iter().flat_map(|item| item.options.iter().map(move |option| (item.position, option))).collect();
    let reference = oracle(&reference);
    assert_eq!(options.len(), reference.len());
    for ((position, option), row) in options.iter().zip(&reference) {
        assert_eq!((format!("Item{position}"), option.option.as_str()), (row["item"].clone(), row["option"].as_str()));
        assert_eq!(option.n.to_string(), row["n"]);
        assert_eq!(option.is_key, row["is_key"] == "TRUE");
        let what = format!("Item{position} {}", option.option);
        close(option.share, &row["prop"], &what);
        close(option.rest_correlation, &row["pb_rest"], &what);
        close(option.mean_score, &row["mean_total"], &what);
    }
    database.finish().await;
}

/// Everything that scoring writes, as text.
async fn everything(database: &TestDatabase) -> Vec<String> {
    #[derive(FromQueryResult)]
    struct Row {
        line: String,
    }
    let mut all = Vec::new();
    for sql in [
        "SELECT CAST(attempt_id AS text) || ' ' || responses || ' ' || CAST(correct AS text) || ' ' ||
         CAST(class_place AS text) || '/' || CAST(class_count AS text) || ' ' || CAST(parallel_place AS text)
         AS line FROM result ORDER BY attempt_id",
        "SELECT CAST(class_id AS text) || ' ' || CAST(n AS text) || ' ' || CAST(score AS text) || ' ' ||
         CAST(score_squares AS text) AS line FROM result_cell ORDER BY class_id",
        "SELECT CAST(class_id AS text) || ' ' || CAST(position AS text) || ' ' || CAST(correct AS text) || ' ' ||
         CAST(score AS text) || ' ' || CAST(max_score AS text) AS line FROM item_cell ORDER BY class_id, position",
        "SELECT scope || statistics AS line FROM test_statistic ORDER BY scope",
        "SELECT statistics AS line FROM item_statistic ORDER BY item_id",
        "SELECT scope || statistics AS line FROM campaign_statistic ORDER BY scope",
    ] {
        all.extend(database.read().rows::<Row>(sql, []).await.unwrap().into_iter().map(|row| row.line));
    }
    all
}

const SMALL: &str = "id,name,school,class,q1,q2,q3
1,Aru,Dostyk,4 «А»,1,0,2
2,Dana,Dostyk,4 «А»,1,1,2
3,Erlan,Dostyk,4 «Ә»,0,1,1
4,Samat,Dostyk,4 «Ә»,1,0,2
5,Zere,Kuiken,4,1,1,0
";

#[tokio::test]
async fn scoring_again_gives_the_same_rows() {
    let database = database().await;
    let request = ImportRequest::new("small", SMALL.into(), None, held_on());
    let settings = Settings::default();
    let found = import_responses(&database, &Actor::system(), now(), &request, &settings).await.unwrap();
    assert_eq!((found.schools, found.classes, found.persons, found.items), (2, 3, 5, 3));
    let before = everything(&database).await;
    // Aru and Samat share place 2 of 4 in the parallel.
    assert!(
        before[0].ends_with("2/2 2") && before[1].ends_with("1/2 1") && before[3].ends_with("1/2 2"),
        "{before:#?}"
    );
    let scored =
        monitoring::score_campaign(&database, &Actor::system(), now(), found.campaign, &settings, &Watch::nobody())
            .await
            .unwrap();
    assert_eq!((scored.results, scored.tests, scored.broken.len()), (5, 1, 0));
    assert_eq!(everything(&database).await, before);
    database.finish().await;
}

#[tokio::test]
async fn nothing_is_kept_of_a_file_with_errors() {
    let database = database().await;
    let wrong = SMALL.replace("1,1,0\n", "1,x,0\n");
    let rows: Vec<String> = (6..40).map(|id| format!("{id},N,Kuiken,4,1,1,1")).collect();
    let mut request = ImportRequest::new("wrong", format!("{wrong}{}", rows.join("\n")).into_bytes(), None, held_on());
    let settings = Settings::default();
    let error = import_responses(&database, &Actor::system(), now(), &request, &settings).await.unwrap_err();
    let MonitoringError::Rejected(rejected) = error else { unreachable!("{error}") };
    let finding = &rejected.findings[0];
    assert_eq!((finding.file, finding.row), (File::Responses, Some(6)));
    assert_eq!(finding.column.as_ref().unwrap().to_string(), "F (q2)");
    assert_eq!(finding.problem, Problem::NotAScore { value: "x".to_owned() });
    for table in ["campaign", "org_unit", "person", "attempt", "result", "form"] {
        assert_eq!(database.read().count(&format!("SELECT COUNT(*) FROM {table}"), []).await.unwrap(), 0, "{table}");
    }
    let error = import_responses(&database, &Actor::nobody(), now(), &request, &settings).await.unwrap_err();
    assert!(matches!(error, MonitoringError::Denied(_)));
    request.responses = SMALL.into();
    request.columns = ReadOptions { class: Some("group".to_owned()), ..ReadOptions::default() };
    let error = import_responses(&database, &Actor::system(), now(), &request, &settings).await.unwrap_err();
    assert!(error.to_string().contains("there is no column \"group\""), "{error}");
    request.columns = ReadOptions::default();
    import_responses(&database, &Actor::system(), now(), &request, &settings).await.unwrap();
    let error = import_responses(&database, &Actor::system(), now(), &request, &settings).await.unwrap_err();
    assert!(matches!(error, MonitoringError::NameTaken(_)), "{error}");
    database.finish().await;
}

#[tokio::test]
async fn the_whole_examination_is_reported_by_kind_of_school() {
    let (Some(responses), Some(key)) = (shared("real/CZmatura.csv"), shared("real/CZmatura_mc_key.csv")) else {
        return;
    };
    let database = database().await;
    let mut request = ImportRequest::new("Matura", responses, Some(key), held_on());
    request.columns.school = Some("SchType".to_owned());
    let (system, settings) = (Actor::system(), Settings::default());
    let found = import_responses(&database, &system, now(), &request, &settings).await.unwrap();
    assert_eq!((found.persons, found.items, found.schools, found.classes), (15_702, 30, 16, 16));
    let summary = monitoring::query::campaign_summary(&database, &system, found.campaign, &settings).await;
    let summary = summary.unwrap().unwrap();
    assert_eq!((summary.results, summary.grades[0].ranked), (15_702, 16));
    let mean = summary.tests[0].mean.percent.unwrap();
    assert!((mean - 100.0 * found.statistics.mean / 50.0).abs() < 1e-9);
    // The largest kind of school has 3,340 persons: a report for it names none of them.
    let school = summary.participation.iter().max_by_key(|row| row.took_part).unwrap();
    assert_eq!(school.took_part, 3_340);
    let classes = monitoring::query::class_tests(&database, &system, found.campaign, Some(school.school), None).await;
    let (test, class) = (found.test, classes.unwrap()[0].class);
    let language = kernel::Language::En;
    let report = monitoring::report::class_report(&database, &system, test, class, language, &settings);
    let report = report.await.unwrap().unwrap();
    assert_eq!((report.mean.n, report.pupils.len(), report.items.len()), (3_340, 0, 30));
    let report =
        monitoring::report::school_report(&database, &system, found.campaign, school.school, language, &settings);
    assert_eq!(report.await.unwrap().unwrap().subjects[0].place.unwrap().of, 16);
    let presentation = monitoring::report::presentation(&database, &system, found.campaign, language, &settings);
    assert_eq!(presentation.await.unwrap().unwrap().places.len(), 16);
    let workbook = monitoring::report::workbook(&database, &system, found.campaign, language, &settings);
    assert!(workbook.await.unwrap().unwrap().starts_with(b"PK"));
    let attempt = database.read().count("SELECT MAX(attempt_id) FROM result", []).await.unwrap();
    let attempt = kernel::AttemptId(attempt);
    let report = monitoring::report::individual_report(&database, &system, attempt, language, &settings);
    assert_eq!(report.await.unwrap().unwrap().tasks, 30);
    database.finish().await;
}
