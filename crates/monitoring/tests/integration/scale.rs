//! The ability scale from end to end: against reference values, again and again, and who sees what of it.

use std::collections::BTreeMap;

use kernel::{Actor, Assignment, Date, Language, OrgUnitId, PersonId, Role, SchoolId, Timestamp};
use monitoring::import::{ImportRequest, Imported, import_responses};
use monitoring::model::{ItemStatistics, NotScaled, ScaledTest, Settings};
use monitoring::query::{LevelFilter, level_pupils, test_calibration};
use monitoring::{MonitoringError, Watch, query, report};
use store::testing::TestDatabase;
use store::{FromQueryResult, Reading, number, sea_orm};

fn now() -> Timestamp {
    Timestamp::from_millisecond(1_668_800_000_000).unwrap()
}

fn shared(path: &str) -> Option<Vec<u8>> {
    let path = format!("{}/../../../shared/psy/{path}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        eprintln!("skipped: {path} is not here");
    }
    bytes
}

fn oracle(path: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let bytes = shared(path)?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |row: csv::StringRecord| names.iter().cloned().zip(row.iter().map(str::to_owned)).collect();
    Some(reader.records().map(|record| row(record.unwrap())).collect())
}

async fn imported(
    name: &str,
    responses: Vec<u8>,
    key: Option<Vec<u8>>,
    settings: &Settings,
) -> (TestDatabase, Imported) {
    let database = store::testing::database(monitoring::migrations()).await;
    let request = ImportRequest::new(name, responses, key, Date::constant(2022, 11, 14));
    let found = import_responses(&database, &Actor::system(), now(), &request, settings).await.unwrap();
    (database, found)
}

#[derive(FromQueryResult)]
struct Line {
    line: String,
}

async fn lines(database: &TestDatabase, sql: &str) -> Vec<String> {
    database.read().rows::<Line>(sql, []).await.unwrap().into_iter().map(|row| row.line).collect()
}

async fn scaled(database: &TestDatabase, found: &Imported) -> (u32, ScaledTest) {
    let current = test_calibration(database, &Actor::system(), found.campaign, found.test).await.unwrap().unwrap();
    (current.version, current.calibration.scaled().unwrap().clone())
}

/// Rows of pupils in schools: a pupil's ability and a task's difficulty decide, by a fixed rule that looks like chance.
fn sheet(schools: &[(&str, usize)], tasks: usize) -> String {
    let mut random = psychometrics::simulation::Generator::new(42);
    let heads: Vec<String> = (1..=tasks).map(|task| format!("q{task}")).collect();
    let mut lines = vec![format!("id,name,school,class,{}", heads.join(","))];
    let mut id = 0;
    for (school, pupils) in schools {
        for pupil in 0..*pupils {
            id += 1;
            let theta = random.normal();
            let class = if pupil % 2 == 0 { "4 «А»" } else { "4 «Ә»" };
            let answer = |task: usize| {
                let difficulty = 2.0 * task as f64 / tasks as f64 - 1.0;
                u8::from(random.uniform() < psychometrics::math::logistic(theta - difficulty)).to_string()
            };
            let answers: Vec<String> = (0..tasks).map(answer).collect();
            lines.push(format!("{id},Оқушы{id:03},{school},{class},{}", answers.join(",")));
        }
    }
    lines.join("\n")
}

#[tokio::test]
async fn hci_has_the_parameters_errors_fit_and_scores_of_the_reference() {
    let (Some(responses), Some(key)) = (shared("real/HCItest.csv"), shared("real/HCI_key.csv")) else { return };
    let (Some(errors), Some(fit)) = (oracle("oracle/HCI_Rasch_items_irt_se.csv"), oracle("oracle/HCI_Rasch_SX2.csv"))
    else {
        return;
    };
    let Some(scores) = oracle("oracle/HCI_Rasch_scores50.csv") else { return };
    let (database, found) = imported("HCI", responses, Some(key), &Settings::default()).await;
    let sql = "SELECT item_statistic.statistics AS line FROM item_statistic JOIN form_item
               ON form_item.form_id = item_statistic.form_id AND form_item.item_id = item_statistic.item_id
               ORDER BY form_item.position";
    let items: Vec<ItemStatistics> =
        lines(&database, sql).await.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let number = |row: &BTreeMap<String, String>, name: &str| row[name].parse::<f64>().unwrap();
    let difficulties: Vec<_> = errors.iter().filter(|row| row["par"] == "b").collect();
    assert_eq!((items.len(), difficulties.len(), fit.len()), (20, 20, 20));
    for ((item, b), fit) in items.iter().zip(difficulties).zip(&fit) {
        let task = item.calibration.as_ref().unwrap();
        assert_eq!(item.calibration_version, Some(1));
        assert!((task.b[0].value - number(b, "est")).abs() < 0.002, "{}: {:?}", b["item"], task.b);
        assert!((task.b[0].se.unwrap() / number(b, "se") - 1.0).abs() < 0.02, "{}: {:?}", b["item"], task.b);
        let s_x2 = task.s_x2.unwrap();
        assert!((s_x2.x / number(fit, "S_X2") - 1.0).abs() < 0.005, "{}: {s_x2:?}", b["item"]);
        assert_eq!(s_x2.df as f64, number(fit, "df.S_X2"));
    }
    let sql =
        "SELECT CAST(theta AS text) || ' ' || CAST(theta_se AS text) AS line FROM scale_score ORDER BY attempt_id";
    for (line, row) in lines(&database, sql).await.iter().zip(&scores) {
        let found: Vec<f64> = line.split(' ').map(|number| number.parse().unwrap()).collect();
        assert!((found[0] - number(row, "WLE")).abs() < 0.005, "{}: {found:?}", row["person"]);
        assert!((found[1] - number(row, "SE_WLE")).abs() < 0.005, "{}: {found:?}", row["person"]);
    }
    let (_, test) = scaled(&database, &found).await;
    assert_eq!((test.n, test.languages.as_ref()), (651, None));
    database.finish().await;
}

#[tokio::test]
async fn again_gives_the_same_rows_and_other_rules_a_new_version() {
    let mut settings = Settings::default();
    let (database, found) =
        imported("again", sheet(&[("Dostyk", 90), ("Kuiken", 60)], 12).into(), None, &settings).await;
    let rows = async || {
        let mut all = Vec::new();
        for sql in [
            "SELECT CAST(version AS text) || ' ' || CAST(made_at AS text) || model AS line FROM calibration ORDER BY version",
            "SELECT CAST(attempt_id AS text) || ' ' || CAST(points AS text) || ' ' || CAST(level AS text) || probabilities
             AS line FROM scale_score ORDER BY attempt_id",
            "SELECT CAST(class_id AS text) || ' ' || CAST(level AS text) || ' ' || CAST(n AS text) || ' ' ||
             CAST(points AS text) AS line FROM scale_cell ORDER BY class_id, level",
            "SELECT statistics AS line FROM item_statistic ORDER BY item_id",
        ] {
            all.push(lines(&database, sql).await);
        }
        all
    };
    let score = async |settings: &Settings| {
        let later = Timestamp::from_millisecond(now().as_millisecond() + 60_000).unwrap();
        let watch = Watch::nobody();
        monitoring::score_campaign(&database, &Actor::system(), later, found.campaign, settings, &watch).await.unwrap();
    };
    let before = rows().await;
    assert_eq!((before[0].len(), before[1].len()), (1, 150));
    score(&settings).await;
    assert_eq!(rows().await, before);
    settings.scale.mean = 50.0;
    settings.scale.sd = 10.0;
    (settings.scale.lowest, settings.scale.highest) = (0.0, 100.0);
    score(&settings).await;
    let (version, test) = scaled(&database, &found).await;
    assert_eq!((version, test.line.highest, rows().await[0].len()), (2, 100.0, 2));
    // The old calibration stays, so that what was once reported can be explained.
    assert_eq!(rows().await[0][0], before[0][0]);
    let points = database.read().count("SELECT COUNT(*) FROM scale_score WHERE points > 100 OR version <> 2", []).await;
    assert_eq!(points.unwrap(), 0);
    // Fewer than the minimum: the scale goes, with its scores.
    settings.scale.minimum.rasch = 151;
    score(&settings).await;
    let current = test_calibration(&database, &Actor::system(), found.campaign, found.test).await.unwrap().unwrap();
    assert_eq!((current.version, current.calibration.scaled()), (3, None));
    for table in ["scale_score", "scale_cell"] {
        assert_eq!(database.read().count(&format!("SELECT COUNT(*) FROM {table}"), []).await.unwrap(), 0, "{table}");
    }
    let statistics: Vec<ItemStatistics> =
        rows().await[3].iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(statistics.iter().all(|item| item.calibration.is_none() && item.facility.is_some()));
    database.finish().await;
}

#[tokio::test]
async fn a_small_test_says_why_it_has_no_scale_in_every_report() {
    let settings = Settings::default();
    let (database, found) = imported("small", sheet(&[("Dostyk", 40)], 12).into(), None, &settings).await;
    let system = Actor::system();
    let current = test_calibration(&database, &system, found.campaign, found.test).await.unwrap().unwrap();
    let reason = NotScaled::TooFewResults { n: 40, minimum: 100 };
    assert_eq!(*current.calibration, monitoring::model::Calibration::NotScaled { reason });
    let attempt = database.read().count("SELECT MIN(attempt_id) FROM result", []).await.unwrap();
    for language in Language::ALL {
        let pupil = report::individual_report(&database, &system, kernel::AttemptId(attempt), language, &settings);
        let pupil = pupil.await.unwrap().unwrap();
        assert!(pupil.scale.is_none() && pupil.no_scale.contains("40") && pupil.no_scale.contains("100"));
    }
    let classes = query::class_tests(&database, &system, found.campaign, None, None).await.unwrap();
    let class = report::class_report(&database, &system, found.test, classes[0].class, Language::Kk, &settings);
    let class = class.await.unwrap().unwrap();
    assert!(class.levels.is_none() && class.level_groups.is_empty() && class.no_scale.contains("100"));
    let shown =
        report::presentation(&database, &system, found.campaign, Language::Ru, &settings).await.unwrap().unwrap();
    assert!(shown.levels.is_empty());
    database.finish().await;
}

#[tokio::test]
async fn groups_add_up_small_ones_are_held_back_and_shares_open_to_those_who_may() {
    let settings = Settings::default();
    let text = sheet(&[("Dostyk", 90), ("Kuiken", 60), ("Zhana", 6)], 15);
    let (database, found) = imported("levels", text.into(), None, &settings).await;
    let system = Actor::system();
    let summary = query::campaign_summary(&database, &system, found.campaign, &settings).await.unwrap().unwrap();
    let scale = summary.tests[0].scale.as_ref().unwrap();
    assert_eq!((scale.whole.n, scale.levels(), scale.by_school.len()), (156, 3, 3));
    assert!((scale.whole.mean.unwrap() - 500.0).abs() < 10.0);
    for level in 0..3 {
        let of_schools: u32 = scale.by_school.values().map(|group| group.counts[level]).sum();
        assert_eq!(of_schools, scale.whole.counts[level]);
        let filter = LevelFilter { level: Some(level as u32), ..LevelFilter::default() };
        let (pupils, total) = level_pupils(&database, &system, found.test, &filter, (0, 5)).await.unwrap();
        assert_eq!((total, pupils.len()), (i64::from(scale.whole.counts[level]), 5.min(total as usize)));
        assert!(pupils.windows(2).all(|pair| pair[0].scale.points <= pair[1].scale.points));
        assert!(pupils.iter().all(|pupil| pupil.scale.level == level));
    }
    let named = |name: &str| {
        let school = summary.tree.schools().find(|node| node.name.kk == name).unwrap();
        SchoolId(school.id.0)
    };
    // Six pupils: the school sees its own, the campaign's tables do not.
    let small = named("Zhana");
    let own = report::school_report(&database, &system, found.campaign, small, Language::Kk, &settings);
    let own = own.await.unwrap().unwrap();
    assert_eq!((own.levels[0].rows[0].n, own.levels[0].rows[0].shares.len()), (6, 3));
    assert!(!scale.by_school[&small].may_show(false, settings.minimum_group));
    // A coordinator opens a share of the own school and gets nobody else's pupils.
    let school = named("Kuiken");
    let assignment = Assignment {
        role: Role::Coordinator,
        org_unit: school.into(),
        whole_network: false,
        schools: vec![school],
        classes: vec![],
    };
    let coordinator = Actor { person: Some(PersonId(1)), assignments: vec![assignment], ..Actor::nobody() };
    let everybody = LevelFilter::default();
    let (pupils, total) = level_pupils(&database, &coordinator, found.test, &everybody, (0, 100)).await.unwrap();
    assert_eq!((pupils.len(), total), (60, 60));
    assert!(pupils.iter().all(|pupil| pupil.school == school));
    let elsewhere = LevelFilter { unit: Some(OrgUnitId(small.0)), ..LevelFilter::default() };
    let (_, total) = level_pupils(&database, &coordinator, found.test, &elsewhere, (0, 100)).await.unwrap();
    assert_eq!(total, 0);
    let of_school = LevelFilter { unit: Some(OrgUnitId(small.0)), ..LevelFilter::default() };
    let (_, total) = level_pupils(&database, &system, found.test, &of_school, (0, 100)).await.unwrap();
    assert_eq!(total, 6);
    let own = query::campaign_summary(&database, &coordinator, found.campaign, &settings).await.unwrap().unwrap();
    assert_eq!(own.tests[0].scale.as_ref().unwrap().by_school.len(), 1);
    let error = level_pupils(&database, &Actor::nobody(), found.test, &everybody, (0, 9)).await.unwrap_err();
    assert!(matches!(error, MonitoringError::Denied(_)));
    let error = test_calibration(&database, &Actor::nobody(), found.campaign, found.test).await.unwrap_err();
    assert!(matches!(error, MonitoringError::Denied(_)));
    let rows =
        database.read().count("SELECT COUNT(*) FROM scale_score WHERE test_id = $1", [number(found.test.0)]).await;
    assert_eq!(rows.unwrap(), 156);
    database.finish().await;
}

#[tokio::test]
async fn reports_of_class_and_pupil_carry_the_scale() {
    let settings = Settings::default();
    let (database, found) = imported("reports", sheet(&[("Dostyk", 120)], 15).into(), None, &settings).await;
    let system = Actor::system();
    let (_, test) = scaled(&database, &found).await;
    let classes = query::class_tests(&database, &system, found.campaign, None, None).await.unwrap();
    assert_eq!((classes.len(), classes[0].levels.as_ref().unwrap().n), (2, 60));
    let class = report::class_report(&database, &system, found.test, classes[0].class, Language::Ru, &settings);
    let class = class.await.unwrap().unwrap();
    let levels = class.levels.as_ref().unwrap();
    assert_eq!(levels.levels, ["Базовый", "Повышенный", "Высокий"]);
    assert_eq!(levels.rows.iter().map(|row| row.n).collect::<Vec<_>>(), [60, 120, 120]);
    assert_eq!(class.level_groups.iter().map(|group| group.pupils.len()).sum::<usize>(), 60);
    for (group, count) in class.level_groups.iter().zip(&levels.rows[0].counts) {
        assert_eq!(group.pupils.len(), *count as usize);
    }
    let pupils = query::pupil_scores(&database, &system, found.test, classes[0].class).await.unwrap();
    for pupil in &pupils[..5] {
        let shown = report::individual_report(&database, &system, pupil.attempt, Language::En, &settings);
        let shown = shown.await.unwrap().unwrap();
        let scale = shown.scale.unwrap();
        assert_eq!(shown.no_scale, "");
        assert!(
            scale.sentence.contains(&format!("{} ± {}", scale.points.text, scale.error.text)),
            "{}",
            scale.sentence
        );
        assert!(scale.sentence.contains(&scale.levels[scale.level].name));
        let borders: Vec<f64> = scale.levels.iter().filter_map(|zone| Some(zone.from.as_ref()?.value)).collect();
        assert_eq!(borders, test.levels.iter().filter_map(|level| level.from).collect::<Vec<_>>());
        let row = class.pupils.iter().find(|row| row.name == pupil.name.short()).unwrap();
        assert_eq!(row.scale.as_ref().unwrap().points.text, scale.points.text);
    }
    let book = report::workbook(&database, &system, found.campaign, Language::Kk, &settings).await.unwrap().unwrap();
    assert!(book.starts_with(b"PK"));
    database.finish().await;
}
