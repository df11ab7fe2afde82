//! `zerek bench load`: many pupils at once against a server on this machine.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use commands::{BadInput, Outcome};
use kernel::{AttemptId, Clock, SystemClock};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;
use store::{Database, Location};
use tokio::task::JoinSet;

use super::pupil::{Pupil, Times};
use super::school::{self, Ticket};
use super::server::Server;
use super::{Folder, rounded, summary};
use crate::subcommands::bad_input;

/// Arguments of `zerek bench load`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Pupils at once.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    pupils: u32,
    /// Mean seconds that a pupil thinks about a task.
    #[arg(long, default_value_t = 0.0)]
    think: f64,
    /// An empty PostgreSQL database; without it the measurement uses the embedded one.
    #[arg(long, value_name = "postgres://…")]
    database: Option<String>,
    /// Folder for the data; it must be empty or absent. On the disk that is to be measured.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Makes a school, starts a server, lets every pupil sit a whole test, checks that every answer is there, and prints one
/// line of JSON.
///
/// # Errors
/// One message when the database or the server cannot be used.
pub async fn run(arguments: Arguments) -> Result<Outcome, BadInput> {
    let folder = Folder::new(arguments.data.as_deref());
    measure(&arguments, folder.path()).await
}

async fn open(arguments: &Arguments, folder: &std::path::Path) -> Result<Database, BadInput> {
    let location = match &arguments.database {
        Some(url) => Location::Server { url: url.clone(), folder: folder.to_owned(), schema: None },
        None => Location::Folder(folder.to_owned()),
    };
    Database::open(&location, 1000, crate::migrations()).await.map_err(bad_input)
}

async fn measure(arguments: &Arguments, folder: &std::path::Path) -> Result<Outcome, BadInput> {
    let database = open(arguments, folder).await?;
    let tickets = school::prepare(&database, SystemClock.now(), arguments.pupils as usize).await.map_err(bad_input)?;
    database.close().await;
    let program = std::env::current_exe().map_err(bad_input)?;
    let server = Server::start(&program, folder, arguments.database.as_deref()).await.map_err(bad_input)?;
    let before = Instant::now();
    let mut pupils = JoinSet::new();
    for (number, ticket) in tickets.iter().cloned().enumerate() {
        pupils.spawn(sit(server.address, ticket, arguments.think, number as u64));
    }
    let (mut times, mut failures) = (Times::default(), Vec::new());
    while let Some(done) = pupils.join_next().await {
        match done.map_err(bad_input)? {
            Ok(of_one) => {
                times.sign_in.extend(of_one.sign_in);
                times.start.extend(of_one.start);
                times.answer.extend(of_one.answer);
            }
            Err(error) => failures.push(error.to_string()),
        }
    }
    let seconds = before.elapsed().as_secs_f64();
    let usage = server.usage();
    server.kill().await.map_err(bad_input)?;
    let found = answers_on_disk(arguments, folder, &tickets).await?;
    let answers = times.answer.len();
    let line = serde_json::json!({
        "bench": "load",
        "database": if arguments.database.is_some() { "postgresql" } else { "sqlite" },
        "pupils": arguments.pupils,
        "think_s": arguments.think,
        "answers": answers,
        "answers_on_disk_after_kill": found,
        "failed_pupils": failures.len(),
        "seconds": rounded(seconds),
        "answers_per_s": rounded(answers as f64 / seconds),
        "answer_ms": summary(&mut times.answer),
        "start_ms": summary(&mut times.start),
        "sign_in_ms": summary(&mut times.sign_in),
        "server_cpu_ms_per_answer": usage.map(|(cpu, _)| rounded(cpu * 1000.0 / answers.max(1) as f64)),
        "server_memory_mb": usage.map(|(_, memory)| rounded(memory)),
    });
    println!("{line}");
    if let Some(failure) = failures.first() {
        return Err(BadInput(format!("{} pupils did not get through; the first: {failure}", failures.len())));
    }
    if found != answers {
        return Err(BadInput(format!("{answers} answers were acknowledged, {found} are on disk")));
    }
    Ok(Outcome::Done)
}

async fn sit(address: std::net::SocketAddr, ticket: Ticket, think: f64, seed: u64) -> std::io::Result<Times> {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let mut pupil = Pupil::begin(address, &ticket.code).await?;
    loop {
        if think > 0.0 {
            tokio::time::sleep(Duration::from_secs_f64(rng.random_range(0.0..2.0) * think)).await;
        }
        if pupil.answer(rng.random_range(0..4)).await?.is_none() {
            break;
        }
    }
    pupil.end().await?;
    Ok(pupil.times)
}

/// Opens what the killed server left, checks every log, and counts the answers in them.
async fn answers_on_disk(
    arguments: &Arguments,
    folder: &std::path::Path,
    tickets: &[Ticket],
) -> Result<usize, BadInput> {
    let database = open(arguments, folder).await?;
    let attempts: Vec<AttemptId> = tickets.iter().map(Ticket::attempt).collect();
    let states = delivery::verify_attempts(&database, &attempts).await.map_err(bad_input)?;
    database.close().await;
    Ok(states.values().map(delivery::model::AttemptState::answered).sum())
}
