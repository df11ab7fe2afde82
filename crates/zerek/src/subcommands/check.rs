//! `zerek check`: tries a running server as its users would.

use std::net::SocketAddr;
use std::path::Path;

use commands::{BadInput, Outcome};
use kernel::SystemClock;

use super::bad_input;
use crate::bench::client::Browser;
use crate::bench::pupil::Pupil;
use crate::bench::server::Server;
use crate::configuration::{DataArguments, Process};
use crate::demo::PASSWORD;

/// Arguments of `zerek check`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// Load the demonstration network into the data folder first, unless it is there.
    #[arg(long)]
    demo: bool,
}

/// What was found, line by line.
#[derive(Debug, Default)]
struct Findings {
    lines: Vec<(bool, String)>,
    shown: bool,
}

impl Findings {
    fn add(&mut self, fine: bool, what: impl Into<String>) {
        let what = what.into();
        if self.shown {
            println!("{} {what}", if fine { "ok    " } else { "FAILED" });
        }
        self.lines.push((fine, what));
    }
}

/// Starts the server as a process of its own on a free port, tries it, stops it.
///
/// # Errors
/// One message that counts what failed.
pub async fn run(arguments: Arguments, json: bool) -> Result<Outcome, BadInput> {
    let mut findings = Findings { shown: !json, ..Findings::default() };
    let database = arguments.data.open(Process::Command).await?;
    let codes = if arguments.demo {
        let loaded = crate::demo::load(&database, &SystemClock, !json).await.map_err(bad_input)?;
        findings.add(
            loaded.pupils == 2_565,
            format!("demonstration network: {} pupils in {} schools", loaded.pupils, loaded.schools),
        );
        loaded.codes.to_vec()
    } else {
        Vec::new()
    };
    database.close().await;
    let program = std::env::current_exe().map_err(bad_input)?;
    let data: &Path = &arguments.data.data;
    let server = Server::start(&program, data, arguments.data.database.as_deref()).await.map_err(bad_input)?;
    let address = server.address;
    if let Err(error) = pages(address, &mut findings).await {
        findings.add(false, format!("pages: {error}"));
    }
    if arguments.demo {
        if let Err(error) = staff(address, &mut findings).await {
            findings.add(false, format!("staff: {error}"));
        }
        for code in codes {
            if let Err(error) = pupil(address, &code, &mut findings).await {
                findings.add(false, format!("pupil: {error}"));
            }
        }
    }
    server.kill().await.map_err(bad_input)?;
    let failed = findings.lines.iter().filter(|(fine, _)| !fine).count();
    if json {
        let lines: Vec<_> =
            findings.lines.iter().map(|(fine, what)| serde_json::json!({ "ok": fine, "what": what })).collect();
        println!("{}", serde_json::json!({ "checked": lines.len(), "failed": failed, "checks": lines }));
    } else {
        println!("{} checked, {failed} failed", findings.lines.len());
    }
    if failed == 0 { Ok(Outcome::Done) } else { Err(BadInput(format!("{failed} checks failed"))) }
}

async fn pages(address: SocketAddr, findings: &mut Findings) -> std::io::Result<()> {
    let mut browser = Browser::connect(address).await?;
    let health = browser.get("/health").await?;
    findings.add(health.status == 200 && health.body == "ok", "the database answers");
    let home = browser.get("/").await?;
    let transferred = home.body.len();
    findings.add(home.status == 200 && home.body.contains("lang=\"kk\""), format!("first page, {transferred} bytes"));
    let style = home.after("rel=\"stylesheet\" href=\"").unwrap_or_default().to_owned();
    findings.add(browser.get(&style).await?.status == 200, "style sheet");
    findings.add(browser.get("/nowhere").await?.status == 404, "an unknown page is said to be unknown");
    for hidden in ["/network/pupils", "/assess/campaigns", "/network/audit"] {
        findings.add(browser.get(hidden).await?.status == 303, format!("{hidden} asks to sign in"));
    }
    Ok(())
}

async fn sign_in(address: SocketAddr, login: &str, password: &str) -> std::io::Result<(Browser, u16)> {
    let mut browser = Browser::connect(address).await?;
    let status = browser.sign_in(login, password).await?;
    Ok((browser, status))
}

async fn staff(address: SocketAddr, findings: &mut Findings) -> std::io::Result<()> {
    let (_, status) = sign_in(address, "centre", "wrong-password").await?;
    findings.add(status == 422, "a wrong password is refused");
    let (mut centre, status) = sign_in(address, "centre", PASSWORD).await?;
    findings.add(status == 303, "the centre's specialist signs in");
    let results = "/assess/campaigns/rural-hub-schools-2022/results";
    let campaign = centre.get(results).await?;
    findings.add(
        campaign.status == 200 && campaign.body.contains("899"),
        format!("results of the campaign, {} bytes", campaign.body.len()),
    );
    let school = campaign.link("/results/schools/", "").unwrap_or_default();
    let school = centre.get(&school).await?;
    let class = school.link("/results/classes/", "").unwrap_or_default();
    findings.add(school.status == 200 && !class.is_empty(), "results of a school");
    let class_page = centre.get(&class).await?;
    let pupil = class_page.link("/assess/attempts/", "/report").unwrap_or_default();
    findings.add(class_page.status == 200 && !pupil.is_empty(), "report of a class");
    findings.add(centre.get(&pupil).await?.status == 200, "report of a pupil");
    for document in [format!("{pupil}.pdf"), format!("{class}/report.pdf"), format!("{results}/presentation.pdf")] {
        let pdf = centre.get(&document).await?;
        findings.add(
            pdf.status == 200 && pdf.body.starts_with("%PDF"),
            format!("PDF of {} bytes: {}", pdf.body.len(), document.rsplit('/').next().unwrap_or_default()),
        );
    }
    rights(address, results, findings).await
}

/// Who of the staff sees whose report: a coordinator the own school's, a teacher the own classes', an administrator none.
async fn rights(address: SocketAddr, results: &str, findings: &mut Findings) -> std::io::Result<()> {
    let logins = ["centre", "coordinator-01", "coordinator-02", "teacher-01", "admin"];
    let mut browsers = Vec::new();
    for login in logins {
        let (browser, status) = sign_in(address, login, PASSWORD).await?;
        findings.add(status == 303, format!("{login} signs in"));
        browsers.push(browser);
    }
    // A pupil of each coordinator's school and one of the teacher's classes, as each of them finds one.
    let mut reports = Vec::new();
    for at in [1, 2, 3] {
        let browser = &mut browsers[at];
        let school = browser.get("/network/schools").await?.link("/network/schools/", "").unwrap_or_default();
        let school = school.rsplit('/').next().unwrap_or_default().to_owned();
        let start = if at == 3 { results.to_owned() } else { format!("{results}/schools/{school}") };
        let class = browser.get(&start).await?.link("/results/classes/", "").unwrap_or_default();
        let pupil = browser.get(&class).await?.link("/assess/attempts/", "/report").unwrap_or_default();
        findings.add(!pupil.is_empty(), format!("{} finds a pupil's report", logins[at]));
        reports.push((school, pupil));
    }
    for (at, login) in logins.into_iter().enumerate() {
        for (of, (school, pupil)) in reports.iter().enumerate() {
            let sees = match at {
                0 => true,
                // A coordinator sees the own school, the teacher's classes too when they are of it.
                1 | 2 => *school == reports[at - 1].0,
                3 => of == 2,
                _ => false,
            };
            // The other two reports may be of a class of the teacher's as well only in the teacher's own school.
            if at == 3 && of < 2 && *school == reports[2].0 {
                continue;
            }
            let (status, expected) = (browsers[at].get(pupil).await?.status, if sees { 200 } else { 403 });
            let whose = logins[of + 1];
            findings.add(
                status == expected,
                format!("{login} and a report that {whose} sees: {status}, {expected} is right"),
            );
        }
    }
    Ok(())
}

async fn pupil(address: SocketAddr, code: &str, findings: &mut Findings) -> std::io::Result<()> {
    let mut browser = Browser::connect(address).await?;
    let form = browser.get("/sit").await?;
    let token = form.after("name=\"csrf\" value=\"").unwrap_or_default().to_owned();
    let wrong = browser.post("/sit/code", &[("csrf", &token), ("code", "22222222")]).await?;
    findings.add(wrong.status != 303, "a wrong code is refused");
    let mut pupil = Pupil::begin(address, code).await?;
    let first = pupil.answer(0).await?;
    findings.add(first.is_some(), format!("the code {code} opens a test and an answer is kept"));
    let mut again = Pupil::begin(address, code).await?;
    let second = again.answer(1).await?;
    let goes_on = match (&first, &second) {
        (Some(first), Some(second)) => first.item != second.item,
        _ => false,
    };
    findings.add(goes_on, "another computer goes on at the next task");
    Ok(())
}
