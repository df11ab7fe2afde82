//! Results of a campaign become facts, tables and records.

use std::sync::Arc;

use kernel::{Clock, FixedClock, Role};
use statistics::{RESULTS, Statistics, StatisticsError};
use store::Reading;
use store::jobs::{NewJob, Runner};

use crate::support::*;

#[tokio::test]
async fn scoring_again_writes_only_what_changed() {
    let database = network().await;
    let statistics = Statistics::embedded().unwrap();
    let first = record(&statistics, &database).await;
    // Four records of each attempt: points, maximum, pupil, place on the scale of marks.
    assert_eq!((first.written, first.schools), (4 * (PUPILS[0] + PUPILS[1]) as usize, 2));
    assert_eq!(record(&statistics, &database).await.written, 0);
    // The same as a job, which tells how far it is: it must not wait for itself.
    let write = database.write(&store::By::system(now()), "ask").await.unwrap();
    let payload = monitoring::CampaignScored { campaign: CAMPAIGN };
    let job = NewJob { kind: monitoring::CAMPAIGN_SCORED, payload: &payload, unique_key: None, school: None };
    let job = store::jobs::enqueue(&write, &job).await.unwrap();
    write.commit().await.unwrap();
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(now()));
    let runner = statistics::handlers(Runner::new(), statistics.clone());
    assert_eq!(runner.run_all(&database, &clock).await.unwrap(), 1);
    let job = store::jobs::find(&database, job).await.unwrap().unwrap();
    assert_eq!((job.state.as_str(), job.done, job.last_error), ("done", 2, None));
    let shown = statistics.table(&database, &centre(), RESULTS, &view(&statistics, "schools"), true).await.unwrap();
    let mean = |shown: &statistics::Shown, row: usize| shown.table.text((row, 2));
    let expected = |school: usize, changed: i64| {
        let sum: i64 = (0..PUPILS[school]).map(|place| points(school, place)).sum::<i64>() + changed;
        let exact = measures::Exact::new(i128::from(sum), 0);
        exact.percent_of(measures::Exact::new(i128::from(20 * PUPILS[school]), 0)).unwrap().fixed(1)
    };
    assert_eq!((mean(&shown, 0), mean(&shown, 1)), (expected(0, 0), expected(1, 0)));

    // An attempt is scored anew: points and perhaps its place on the scale are taken back and written again.
    result(&database, 0, 0, 20).await;
    let written = record(&statistics, &database).await.written;
    assert_eq!(written, 4, "points and mark, each taken back and written");
    let shown = statistics.table(&database, &centre(), RESULTS, &view(&statistics, "schools"), true).await.unwrap();
    assert_eq!(mean(&shown, 0), expected(0, 20 - points(0, 0)));

    // Another node that reads everything at once has the same cells.
    let other = Statistics::embedded().unwrap();
    let again = other.table(&database, &centre(), RESULTS, &view(&other, "schools"), true).await.unwrap();
    assert_eq!(again.table, shown.table);
    let facts = database.read().count("SELECT COUNT(*) FROM fact", []).await.unwrap();
    assert_eq!(facts as usize, first.written + written, "nothing was changed or deleted");
    database.finish().await;
}

#[tokio::test]
async fn small_groups_are_hidden_from_all_but_those_who_may_open_them() {
    let database = network().await;
    let statistics = Statistics::embedded().unwrap();
    record(&statistics, &database).await;
    let view = view(&statistics, "schools");
    let texts = async |actor: &kernel::Actor, open: bool| {
        let shown = statistics.table(&database, actor, RESULTS, &view, open).await.unwrap();
        let rows = shown.table.rows.iter().enumerate();
        rows.map(|(row, line)| (line.code.clone(), shown.table.text((row, 0)))).collect::<Vec<_>>()
    };
    let row = |code: &str, text: &str| (code.to_owned(), text.to_owned());
    // The second school has 4 pupils; the first is hidden with it, or the total would tell.
    assert_eq!(texts(&centre(), false).await, [row("unit-2", "…"), row("unit-3", "…"), row("total", "16")]);
    assert_eq!(texts(&centre(), true).await, [row("unit-2", "12"), row("unit-3", "4"), row("total", "16")]);
    // A coordinator sees the own line whole and no other school; asking for more gives no more.
    assert_eq!(texts(&coordinator(1), true).await, [row("unit-3", "4"), row("total", "16")]);
    assert_eq!(texts(&coordinator(0), true).await, [row("unit-2", "12"), row("total", "16")]);
    let elsewhere = measures::view::View { place: vec!["unit-2".to_owned()], ..grades(&statistics) };
    let denied = statistics.table(&database, &coordinator(1), RESULTS, &elsewhere, false).await;
    assert!(matches!(denied, Err(StatisticsError::Denied(_))), "{denied:?}");
    let own = measures::view::View { place: vec!["unit-3".to_owned()], ..grades(&statistics) };
    let shown = statistics.table(&database, &coordinator(1), RESULTS, &own, false).await.unwrap();
    assert_eq!(shown.table.text((0, 0)), "4");
    let pupil = actor(Role::Pupil, 1000, &[], false);
    let denied = statistics.table(&database, &pupil, RESULTS, &view, false).await;
    assert!(matches!(denied, Err(StatisticsError::Denied(_))));
    database.finish().await;
}

fn grades(statistics: &Statistics) -> measures::view::View {
    let subjects = view(statistics, "marks_by_subject");
    measures::view::View { measures: vec!["results".to_owned()], ..subjects }
}

#[tokio::test]
async fn a_number_opens_to_its_records_as_far_as_the_reader_may_see() {
    let database = network().await;
    let statistics = Statistics::embedded().unwrap();
    record(&statistics, &database).await;
    let view = view(&statistics, "schools");
    let open = async |actor: &kernel::Actor, small: bool, at: (usize, usize)| {
        let shown = statistics.table(&database, actor, RESULTS, &view, small).await.unwrap();
        statistics.records(&database, actor, &shown, at, 1, 1000).await.unwrap()
    };
    // Results of the first school: one record an attempt. Its mean: points and maximum of each.
    assert_eq!(open(&centre(), true, (0, 0)).await.unwrap().total, PUPILS[0]);
    let mean = open(&centre(), true, (0, 2)).await.unwrap();
    assert_eq!((mean.total, mean.restricted), (2 * PUPILS[0], false));
    let sum: i64 = mean.rows.iter().filter(|row| row.kind == "result_points").map(|row| row.observation).sum();
    assert_eq!(sum, (0..PUPILS[0]).map(|place| points(0, place)).sum::<i64>() * 10_000);
    assert!(mean.rows.iter().all(|row| row.origin.kind == "attempt" && row.person.is_some()));
    // A hidden number opens nothing; the network's total opens to the own school's records only.
    assert!(open(&centre(), false, (0, 0)).await.is_none());
    let own = open(&coordinator(1), false, (1, 0)).await.unwrap();
    assert_eq!((own.total, own.restricted), (PUPILS[1], true));
    assert!(open(&centre(), true, (9, 0)).await.is_none());
    database.finish().await;
}

#[tokio::test]
async fn what_cannot_be_a_table_is_named() {
    let database = network().await;
    let statistics = Statistics::embedded().unwrap();
    let good = view(&statistics, "subjects_by_language");
    let table = async |view: &measures::view::View| {
        statistics.table(&database, &centre(), RESULTS, view, false).await.map(|_shown| ()).unwrap_err().to_string()
    };
    assert!(table(&good).await.contains("no data set"));
    record(&statistics, &database).await;
    let with = |change: fn(&mut measures::view::View)| {
        let mut view = good.clone();
        change(&mut view);
        view
    };
    assert!(table(&with(|view| view.measures.clear())).await.contains("at least one measure"));
    assert!(table(&with(|view| view.measures = vec!["nonsense".to_owned()])).await.contains("nonsense"));
    assert!(table(&with(|view| view.rows.dimension = "colour".to_owned())).await.contains("colour"));
    assert!(table(&with(|view| view.rows.members = vec!["alchemy".to_owned()])).await.contains("alchemy"));
    assert!(table(&with(|view| view.columns = Some(view.rows.clone()))).await.contains("two dimensions"));
    assert!(table(&with(|view| view.place = vec!["atlantis".to_owned()])).await.contains("atlantis"));
    database.finish().await;
}
