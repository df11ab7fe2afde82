//! The server is killed with SIGKILL during a sitting, fifty times. Every answer that a pupil was told is saved is there.

#[path = "../src/bench/client.rs"]
#[expect(dead_code, reason = "the measurements use more of it")]
mod client;
#[path = "../src/bench/pupil.rs"]
mod pupil;
#[path = "../src/bench/school.rs"]
mod school;
#[path = "../src/bench/server.rs"]
#[expect(dead_code, reason = "the load generator uses more of it")]
mod server;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kernel::{AttemptId, Clock, SystemClock};
use pupil::{Acknowledged, Pupil};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;
use school::Ticket;
use server::Server;
use store::{Database, Location};

const KILLS: u64 = 50;
const PUPILS: usize = 160;
/// Pupils who sit at the same moment.
const TOGETHER: usize = 8;

type Told = Arc<Mutex<Vec<(AttemptId, Acknowledged)>>>;

/// Sits one test after another until the connection is gone.
async fn sit(address: SocketAddr, tickets: Vec<Ticket>, told: Told, seed: u64) {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    for ticket in tickets {
        // A test that was ended before the last kill cannot be entered again.
        let mut pupil = match Pupil::begin(address, &ticket.code).await {
            Ok(pupil) => pupil,
            Err(error) if error.to_string().contains("status 422") => continue,
            Err(_) => return,
        };
        loop {
            match pupil.answer(rng.random_range(0..4)).await {
                Ok(Some(acknowledged)) => {
                    told.lock().expect("nobody panicked").push((ticket.attempt(), acknowledged));
                }
                Ok(None) => break,
                Err(_) => return,
            }
        }
        if pupil.end().await.is_err() {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_answer_is_lost_in_fifty_kills() {
    let folder = std::env::temp_dir().join(format!("zerek-kill-{}", std::process::id()));
    let location = Location::Folder(folder.clone());
    let open = || Database::open(&location, 1000, statistics::migrations());
    let database = open().await.expect("a database");
    let tickets = school::prepare(&database, SystemClock.now(), PUPILS).await.expect("a school");
    database.close().await;
    let program = Path::new(env!("CARGO_BIN_EXE_zerek"));
    let told = Told::default();
    let mut rng = ChaCha20Rng::seed_from_u64(50);
    for kill in 0..KILLS {
        let server = Server::start(program, &folder, None).await.expect("the server comes up after a kill");
        let mut pupils = tokio::task::JoinSet::new();
        for place in 0..TOGETHER {
            let own = tickets.iter().skip(place).step_by(TOGETHER).cloned().collect();
            pupils.spawn(sit(server.address, own, Arc::clone(&told), kill * 100 + place as u64));
        }
        tokio::time::sleep(Duration::from_millis(rng.random_range(60..400))).await;
        server.kill().await.expect("killed");
        while pupils.join_next().await.is_some() {}
    }
    let database = open().await.expect("the database opens");
    let attempts: Vec<AttemptId> = tickets.iter().map(Ticket::attempt).collect();
    let states = delivery::verify_attempts(&database, &attempts).await.expect("every chain and every row is sound");
    database.close().await;
    let mut on_disk = BTreeMap::new();
    for (attempt, state) in &states {
        for (item, done) in state.items.iter().zip(&state.done) {
            let given = done.response.as_ref().and_then(|response| response.0.values().next()?.first().cloned());
            on_disk.insert((*attempt, item.0), given.unwrap_or_default());
        }
    }
    let told = told.lock().expect("nobody panicked").clone();
    for (attempt, acknowledged) in &told {
        let kept = on_disk.get(&(*attempt, acknowledged.item));
        assert_eq!(kept, Some(&acknowledged.option), "attempt {attempt}, item {}", acknowledged.item);
    }
    println!("{KILLS} kills, {} answers acknowledged, {} on disk", told.len(), on_disk.len());
    assert!(told.len() > 500, "only {} answers were sent: the test proves nothing", told.len());
    assert!(on_disk.len() >= told.len());
    std::fs::remove_dir_all(&folder).expect("cleaned up");
}
