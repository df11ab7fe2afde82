//! The printed tables of the pack in the database.

use kernel::Actor;
use statistics::{Statistics, StatisticsError, datasets, load_content};

use crate::support::*;

const REPORT: &str = "annual-report-2011";

#[tokio::test]
async fn printed_tables_are_loaded_once_and_rebuilt_with_their_cells_as_records() {
    let database = network().await;
    let statistics = Statistics::embedded().unwrap();
    let content = statistics.definitions().contents.get(REPORT).unwrap();
    let refused = load_content(&statistics, &database, &coordinator(0), now(), content).await;
    assert!(matches!(refused, Err(StatisticsError::Denied(_))));
    let loaded = load_content(&statistics, &database, &Actor::system(), now(), content).await.unwrap();
    assert!(loaded > 500, "{loaded}");
    assert_eq!(load_content(&statistics, &database, &Actor::system(), now(), content).await.unwrap(), 0);
    let found = datasets(&database).await.unwrap();
    assert!(found[0].published && found[0].source.en.contains("Annual report 2011"));

    // Every ready table can be made, for the centre and for a coordinator alike.
    for view in &content.views {
        let whole = statistics.table(&database, &centre(), REPORT, view, false).await;
        let whole = whole.unwrap_or_else(|error| panic!("{}: {error}", view.code));
        let school = statistics.table(&database, &coordinator(0), REPORT, view, false).await.unwrap();
        assert_eq!((whole.lines_hidden, &whole.table), (0, &school.table), "{}", view.code);
        assert!(whole.table.cells.iter().flatten().any(|cell| cell.value.exact.is_some()), "{}", view.code);
    }
    // Table 28: pupils of grades 1 to 6 of the first school; each mark is a cell of the printed table.
    let view = content.views.iter().find(|view| view.code == "table28").unwrap();
    let shown = statistics.table(&database, &coordinator(0), REPORT, view, false).await.unwrap();
    let records = statistics.records(&database, &coordinator(0), &shown, (0, 0), 1, 100).await.unwrap().unwrap();
    let people: i32 = records.rows.iter().map(|record| record.times).sum();
    assert_eq!(people.to_string(), shown.table.text((0, 0)));
    assert!(records.rows.iter().all(|record| record.origin.remark.starts_with("report_2011_table28 · 1 · n_")));
    assert!(!records.restricted);
    database.finish().await;
}
