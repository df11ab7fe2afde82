//! Views that people keep.

use statistics::model::ViewId;
use statistics::{
    NAME_MOST, RESULTS, Statistics, StatisticsError, delete_view, keep_view, kept_view, kept_views, rename_view,
};
use store::By;

use crate::support::*;

#[tokio::test]
async fn a_view_is_kept_found_renamed_shared_deleted_and_brought_back() {
    let database = network().await;
    let statistics = Statistics::embedded().unwrap();
    record(&statistics, &database).await;
    let view = view(&statistics, "schools");
    let (owner, other) = (coordinator(0), coordinator(1));
    let by = By::actor(&owner, now());
    let keep = async |name: &str, shared: bool| keep_view(&database, &owner, &by, RESULTS, &view, name, shared).await;
    let id = keep("  Біздің мектеп ", false).await.unwrap();
    assert!(matches!(keep("Біздің мектеп", false).await, Err(StatisticsError::NameTaken(_))));
    assert!(matches!(keep("   ", false).await, Err(StatisticsError::Name { .. })));
    assert!(matches!(keep(&"ә".repeat(NAME_MOST + 1), false).await, Err(StatisticsError::Name { .. })));
    let names = async |actor: &kernel::Actor, search: &str| {
        let (views, total) = kept_views(&database, actor, search, 1, 50).await.unwrap();
        assert_eq!(views.len() as i64, total);
        views.into_iter().map(|view| view.name).collect::<Vec<_>>()
    };
    // Found in the folded form, also by those who type other letters; a percent sign is no joker.
    assert_eq!(names(&owner, "БИЗДИН").await, ["Біздің мектеп"]);
    assert!(names(&owner, "%").await.is_empty());
    assert!(names(&other, "").await.is_empty(), "not shared");
    assert!(kept_view(&database, &other, id).await.unwrap().is_none());

    rename_view(&database, &owner, &by, id, "Ортақ кесте", true).await.unwrap();
    assert_eq!(names(&other, "").await, ["Ортақ кесте"]);
    let kept = kept_view(&database, &other, id).await.unwrap().unwrap();
    assert_eq!((kept.view, kept.owner_name.as_str()), (view.clone(), "Адам11 Бір"));
    let strange = By::actor(&other, now());
    let refused = rename_view(&database, &other, &strange, id, "Менікі", true).await;
    assert!(matches!(refused, Err(StatisticsError::NoView)));
    assert!(matches!(delete_view(&database, &other, &strange, id, true).await, Err(StatisticsError::NoView)));

    delete_view(&database, &owner, &by, id, true).await.unwrap();
    assert!(names(&owner, "").await.is_empty() && kept_view(&database, &other, id).await.unwrap().is_none());
    delete_view(&database, &owner, &by, id, false).await.unwrap();
    assert_eq!(names(&owner, "").await, ["Ортақ кесте"]);
    assert!(kept_view(&database, &owner, ViewId(1)).await.unwrap().is_none());
    let acts = store::audit_entries(&database, &store::AuditFilter::default(), 4).await.unwrap();
    let acts: Vec<&str> = acts.iter().map(|entry| entry.act.as_str()).collect();
    assert_eq!(acts, ["restore view", "delete view", "rename view", "keep view"]);
    database.finish().await;
}
