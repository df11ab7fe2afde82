//! `zerek bench pages`: the server with the demonstration network, as a visitor and the machine see it.

use std::collections::BTreeSet;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use commands::{BadInput, Outcome};
use kernel::SystemClock;
use store::{Database, Location};

use super::client::{Answer, Browser};
use super::server::Server;
use super::{Folder, line, rounded, summary};
use crate::demo::PASSWORD;
use crate::subcommands::bad_input;

/// Arguments of `zerek bench pages`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A folder with the demonstration network; without it, it is loaded into a temporary one.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// How often each page is asked for.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    times: u32,
}

/// Pages that are measured, from the one that most people see most often.
const PAGES: [&str; 9] = [
    "/",
    "/assess/campaigns",
    "/assess/campaigns/rural-hub-schools-2022",
    "/assess/campaigns/rural-hub-schools-2022/live",
    "/assess/campaigns/rural-hub-schools-2022/results",
    "/network/schools",
    "/network/pupils",
    "/network/jobs",
    "/network/audit",
];

/// Loads the demonstration unless it is there, starts the server, and prints one line of JSON for each figure.
///
/// # Errors
/// One message when the data cannot be used or a page does not come.
pub async fn run(arguments: Arguments) -> Result<Outcome, BadInput> {
    let folder = Folder::new(arguments.data.as_deref());
    if let Some(seconds) = load_demo(folder.path()).await? {
        line("pages", "loading the demonstration network", rounded(seconds), "s");
    }
    let program = std::env::current_exe().map_err(bad_input)?;
    let bytes = std::fs::metadata(&program).map_err(bad_input)?.len();
    line("pages", "program", rounded(bytes as f64 / 1e6), "MB");
    let began = Instant::now();
    let server = Server::start(&program, folder.path(), None).await.map_err(bad_input)?;
    line("pages", "from start to listening", rounded(began.elapsed().as_secs_f64() * 1e3), "ms");
    // What a start leaves to do is done by then; nobody has asked for a page yet.
    tokio::time::sleep(Duration::from_secs(2)).await;
    memory(&server, "memory before the first page");
    measure(server.address, arguments.times).await.map_err(bad_input)?;
    memory(&server, "memory after all pages");
    server.kill().await.map_err(bad_input)?;
    Ok(Outcome::Done)
}

fn memory(server: &Server, figure: &str) {
    if let Some((_, megabytes)) = server.usage() {
        line("pages", figure, rounded(megabytes), "MB");
    }
}

/// Loads the demonstration network into a folder unless it is there; how many seconds that took.
pub async fn load_demo(folder: &Path) -> Result<Option<f64>, BadInput> {
    let database =
        Database::open(&Location::Folder(folder.to_owned()), 0, crate::migrations()).await.map_err(bad_input)?;
    let began = Instant::now();
    let loaded = crate::demo::load(&database, &SystemClock, false).await.map_err(bad_input)?;
    database.close().await;
    Ok(loaded.now.then(|| began.elapsed().as_secs_f64()))
}

async fn measure(address: SocketAddr, times: u32) -> io::Result<()> {
    let (bytes, parts) = first_visit(address, "/sign-in").await?;
    line("pages", "first visit, sign-in page with everything it loads", bytes, "bytes");
    line("pages", "first visit, files", parts, "files");
    let (bytes, _) = first_visit(address, "/sit").await?;
    line("pages", "first visit, a pupil's page with everything it loads", bytes, "bytes");
    let mut centre = sign_in(address, "centre").await?;
    let results = good(&mut centre, "/assess/campaigns/rural-hub-schools-2022/results").await?;
    let mut pages: Vec<String> = PAGES.iter().map(|page| (*page).to_owned()).collect();
    let mut last = results;
    for (below, ends) in [("/results/schools/", ""), ("/results/classes/", ""), ("/assess/attempts/", "/report")] {
        let Some(page) = last.link(below, ends) else { continue };
        last = good(&mut centre, &page).await?;
        pages.push(page);
    }
    for page in pages {
        let mut took = Vec::new();
        let mut bytes = 0;
        for _ in 0..times {
            let began = Instant::now();
            bytes = good(&mut centre, &page).await?.transferred;
            took.push(began.elapsed());
        }
        // Ids differ from one load to the next; the words of the address do not.
        let words: Vec<&str> = page.split('/').map(|part| if number(part) { "…" } else { part }).collect();
        line("pages", &format!("time of {}", words.join("/")), summary(&mut took), "ms");
        line("pages", &format!("bytes of {}", words.join("/")), bytes, "bytes");
    }
    Ok(())
}

fn ends_in(file: &str, ending: &str) -> bool {
    file.rsplit_once('.').is_some_and(|(_, end)| end == ending)
}

fn number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|sign| sign.is_ascii_digit())
}

async fn good(browser: &mut Browser, page: &str) -> io::Result<Answer> {
    let answer = browser.get(page).await?;
    if answer.status == 200 { Ok(answer) } else { Err(io::Error::other(format!("{page}: status {}", answer.status))) }
}

/// Everything that a browser loads for a page and keeps for the next: bytes of all, and number of files.
async fn first_visit(address: SocketAddr, page: &str) -> io::Result<(usize, usize)> {
    let mut browser = Browser::connect(address).await?.compressed();
    let first = good(&mut browser, page).await?;
    let mut bytes = first.transferred;
    let mut files: BTreeSet<String> = first
        .body
        .split('"')
        .filter(|part| part.starts_with("/assets/") && !part.contains(' '))
        .map(str::to_owned)
        .collect();
    let styles: Vec<String> = files.iter().filter(|file| ends_in(file, "css")).cloned().collect();
    for style in styles {
        let style = good(&mut browser, &style).await?.body;
        let named = style.split("url(").skip(1).filter_map(|part| part.split(')').next());
        files.extend(named.map(|file| format!("/assets/{}", file.trim_matches('"'))));
    }
    for file in &files {
        bytes += good(&mut browser, file).await?.transferred;
    }
    Ok((bytes, files.len() + 1))
}

/// A browser of somebody who has signed in to the demonstration; it asks for compressed pages.
pub async fn sign_in(address: SocketAddr, login: &str) -> io::Result<Browser> {
    let mut browser = Browser::connect(address).await?.compressed();
    match browser.sign_in(login, PASSWORD).await? {
        303 => Ok(browser),
        status => Err(io::Error::other(format!("sign-in: status {status}"))),
    }
}
