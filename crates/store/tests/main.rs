//! The database handle on whichever database the run is for.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::Arc;

use kernel::{Clock, FixedClock, Timestamp};
use store::jobs::{JobError, NewJob, Runner};
use store::sea_orm;
use store::{
    AuditFilter, BrokenAudit, By, Database, Migration, Reading, StoreError, audit_entries, jobs, number, testing, text,
    verify_audit,
};

fn migrations() -> Vec<Migration> {
    let mut all = store::migrations();
    all.push(Migration {
        name: "9001_thing",
        up: &["CREATE TABLE thing (id {id}, name text NOT NULL UNIQUE, data {blob})"],
    });
    all
}

fn noon() -> Timestamp {
    "2022-11-14T06:00:00Z".parse().unwrap()
}

async fn add(database: &Database, id: i64, name: &str) -> Result<(), StoreError> {
    let write = database.write(&By::system(noon()), "add thing").await?;
    write.execute("INSERT INTO thing (id, name) VALUES ($1, $2)", [number(id), text(name)]).await?;
    write.record("thing", id, None, serde_json::json!({ "name": name }));
    write.commit().await
}

#[tokio::test]
async fn a_write_is_kept_with_its_audit_entry_or_not_at_all() {
    let database = testing::database(migrations()).await;
    add(&database, 1, "алма").await.unwrap();
    let dropped = database.write(&By::system(noon()), "forgotten").await.unwrap();
    dropped.execute("INSERT INTO thing (id, name) VALUES (2, 'x')", []).await.unwrap();
    drop(dropped);
    assert!(matches!(add(&database, 3, "алма").await, Err(StoreError::Conflict(_))));

    assert_eq!(database.read().count("SELECT COUNT(*) FROM thing", []).await.unwrap(), 1);
    let entries = audit_entries(&database, &AuditFilter::default(), 10).await.unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!((entries[0].act.as_str(), entries[0].subject_id), ("add thing", 1));
    database.finish().await;
}

#[derive(store::FromQueryResult)]
struct Thing {
    name: String,
    data: Vec<u8>,
}

#[tokio::test]
async fn many_rows_go_in_by_chunks_and_come_back_as_they_were() {
    let database = testing::database(migrations()).await;
    let write = database.write(&By::system(noon()), "load").await.unwrap();
    let rows = (1..=2_500).map(|id| vec![number(id), text(format!("№ {id}")), store::bytes(vec![0, 255, 7])]);
    assert_eq!(write.insert("thing", &["id", "name", "data"], rows).await.unwrap(), 2_500);
    write.commit().await.unwrap();
    let things: Vec<Thing> =
        database.read().rows("SELECT name, data FROM thing WHERE id > $1 ORDER BY id", [number(2_499)]).await.unwrap();
    assert_eq!((things.len(), things[0].name.as_str(), things[0].data.as_slice()), (1, "№ 2500", &[0, 255, 7][..]));
    database.finish().await;
}

#[tokio::test]
async fn writers_queue_and_none_is_lost() {
    let database = testing::database(migrations()).await;
    let tasks: Vec<_> = (0..40)
        .map(|task| {
            let database = database.database.clone();
            tokio::spawn(async move {
                for step in 0..5 {
                    add(&database, task * 5 + step + 1, &format!("{task}-{step}")).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(database.read().count("SELECT COUNT(*) FROM thing", []).await.unwrap(), 200);
    database.finish().await;
}

#[tokio::test]
async fn a_job_runs_once_reports_progress_and_tries_again() {
    let database = testing::database(migrations()).await;
    let clock = Arc::new(FixedClock::at(noon()));
    let write = database.write(&By::system(noon()), "ask").await.unwrap();
    let new = NewJob { kind: "count", payload: &3_u64, unique_key: Some("count-3".to_owned()), school: None };
    let first = jobs::enqueue(&write, &new).await.unwrap();
    assert_eq!(jobs::enqueue(&write, &new).await.unwrap(), first, "the same key waits only once");
    write.commit().await.unwrap();

    let runner = Runner::new().with("count", |context: jobs::JobContext, number: u64| async move {
        context.progress(number, number).await?;
        if context.job.tries < 2 { Err(JobError::Retry("busy".to_owned())) } else { Ok(serde_json::json!(number)) }
    });
    let shared: Arc<dyn Clock> = clock.clone();
    assert_eq!(runner.run_all(&database, &shared).await.unwrap(), 1);
    let job = jobs::find(&database, first).await.unwrap().unwrap();
    assert_eq!((job.state.as_str(), job.last_error.as_deref()), ("waiting", Some("busy")));

    clock.move_by(60_000);
    assert_eq!(runner.run_all(&database, &shared).await.unwrap(), 1);
    let job = jobs::find(&database, first).await.unwrap().unwrap();
    assert_eq!((job.state.as_str(), job.done, job.result.as_deref()), ("done", 3, Some("3")));
    database.finish().await;
}

#[tokio::test]
async fn a_job_whose_runner_died_is_claimed_again_after_its_lease() {
    let database = testing::database(migrations()).await;
    let clock = Arc::new(FixedClock::at(noon()));
    let write = database.write(&By::system(noon()), "ask").await.unwrap();
    let id =
        jobs::enqueue(&write, &NewJob { kind: "slow", payload: &(), unique_key: None, school: None }).await.unwrap();
    write
        .execute(
            "UPDATE job SET state = 'running', locked_by = 'gone', locked_until = $1 WHERE id = $2",
            [number(noon().as_millisecond() + 60_000), number(id.0)],
        )
        .await
        .unwrap();
    write.commit().await.unwrap();
    let runner = Runner::new().with("slow", |_, (): ()| async { Ok(serde_json::Value::Null) });
    let shared: Arc<dyn Clock> = clock.clone();
    assert_eq!(runner.run_all(&database, &shared).await.unwrap(), 0);
    clock.move_by(61_000);
    assert_eq!(runner.run_all(&database, &shared).await.unwrap(), 1);
    database.finish().await;
}

/// Changes the database behind the program's back, looks at the audit log, and puts everything back.
#[tokio::test]
async fn no_two_processes_on_a_database_have_one_number() {
    let first = testing::database(migrations()).await;
    let open = async || Database::open(&first.location, first.node(), migrations()).await.unwrap();
    let (second, third) = (open().await, open().await);
    assert_eq!([second.node(), third.node()], [first.node() + 1, first.node() + 2]);
    // Who insists on a number that is taken is refused.
    let insists = async |node| Database::open_numbered(&first.location, node, migrations()).await;
    let taken = second.node();
    assert!(matches!(insists(taken).await, Err(StoreError::NodeTaken { number }) if number == taken));
    // A number is free again when its process has ended.
    second.close().await;
    let again = insists(taken).await.unwrap();
    assert_eq!(again.node(), taken);

    // So a worker that starts takes back what its number left running, and nothing of the others.
    let write = first.write(&By::system(noon()), "ask").await.unwrap();
    for name in ["one", "two"] {
        let job = NewJob { kind: "slow", payload: &name, unique_key: None, school: None };
        let id = jobs::enqueue(&write, &job).await.unwrap();
        let sql = "UPDATE job SET state = 'running', locked_by = $1 WHERE id = $2";
        write.execute(sql, [text(name), number(id.0)]).await.unwrap();
    }
    write.commit().await.unwrap();
    assert_eq!(Runner::release(&third, "one", noon()).await.unwrap(), 1);
    let running = "SELECT COUNT(*) FROM job WHERE state = 'running' AND locked_by = 'two'";
    assert_eq!(first.read().count(running, []).await.unwrap(), 1);
    for database in [third, again] {
        database.close().await;
    }
    first.finish().await;
}

async fn broken_by(database: &Database, sql: &str) -> Result<store::SoundAudit, BrokenAudit> {
    let write = database.append(&By::system(noon())).await.unwrap();
    write.execute(sql, []).await.unwrap();
    write.commit().await.unwrap();
    verify_audit(database).await.unwrap()
}

#[tokio::test]
async fn no_line_of_the_audit_log_changes_unnoticed() {
    let database = testing::database(migrations()).await;
    assert_eq!(verify_audit(&database).await.unwrap().unwrap().lines, 0);
    for id in 1..=4 {
        add(&database, id, &format!("thing {id}")).await.unwrap();
    }
    let sound = verify_audit(&database).await.unwrap().unwrap();
    assert_eq!((sound.lines, sound.receipt.len()), (4, 9));
    for (change, back, line) in [
        (
            "UPDATE audit_entry SET detail = '{}' WHERE sequence = 2",
            "UPDATE audit_entry SET detail = '{\"name\":\"thing 2\"}' WHERE sequence = 2",
            2,
        ),
        (
            "UPDATE audit_entry SET person_id = 7 WHERE sequence = 3",
            "UPDATE audit_entry SET person_id = NULL WHERE sequence = 3",
            3,
        ),
        (
            "UPDATE audit_entry SET sequence = 9 WHERE sequence = 3",
            "UPDATE audit_entry SET sequence = 3 WHERE sequence = 9",
            3,
        ),
        ("UPDATE audit_head SET sequence = 3", "UPDATE audit_head SET sequence = 4", 3),
    ] {
        assert_eq!(broken_by(&database, change).await, Err(BrokenAudit { line }), "{change}");
        assert_eq!(broken_by(&database, back).await, Ok(sound.clone()), "{back}");
    }
    // The end cannot be cut off either.
    let cut = broken_by(&database, "DELETE FROM audit_entry WHERE sequence = 4").await;
    assert_eq!(cut, Err(BrokenAudit { line: 4 }));
    database.finish().await;
}

#[tokio::test]
async fn writes_of_the_same_moment_make_one_chain() {
    let database = testing::database(migrations()).await;
    let tasks = (1..=40).map(|id| {
        let database = database.database.clone();
        tokio::spawn(async move { add(&database, id, &format!("thing {id}")).await })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap().unwrap();
    }
    assert_eq!(verify_audit(&database).await.unwrap().unwrap().lines, 40);
    database.finish().await;
}
