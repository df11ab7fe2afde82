//! The demonstration network: invented people in the schools of the pack, results drawn by a seeded model.
//!
//! Loading goes through the same services as real work, so what the demonstration shows is what the program does.

mod campaign;
mod people;
mod rehearsal;

pub use campaign::ZONE;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use kernel::Clock;
use packs::{Pack, PackError};
use store::sea_orm;
use store::{Database, Reading, StoreError};

/// The password of every demonstration sign-in.
pub const PASSWORD: &str = "zerek-demonstration";

/// What can go wrong while loading.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The pack inside the program.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The demonstration password could not be hashed.
    #[error("the demonstration password could not be hashed")]
    Password,
    /// The item bank.
    #[error(transparent)]
    Bank(#[from] itembank::ItemBankError),
    /// The campaign.
    #[error(transparent)]
    Delivery(#[from] delivery::DeliveryError),
    /// The results could not be made.
    #[error("the results of the demonstration could not be made: {0}")]
    Results(String),
    /// The tables of the pack.
    #[error(transparent)]
    Statistics(#[from] statistics::StatisticsError),
    /// A date or time zone of the pack.
    #[error("the pack's dates: {0}")]
    Date(#[from] jiff::Error),
}

/// What is there after loading.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// Whether it was loaded just now.
    pub now: bool,
    /// Schools.
    pub schools: i64,
    /// Pupils.
    pub pupils: i64,
    /// Codes of tests that nobody has begun, in Kazakh and in Russian.
    pub codes: [String; 2],
    /// Some codes of the test that shows each kind of task, in Kazakh and in Russian.
    pub kinds: [Vec<String>; 2],
}

#[derive(store::FromQueryResult)]
struct CodeRow {
    code: String,
}

/// Codes of tests that nobody has begun: of the one that shows each kind of task, or of any other.
async fn free_codes(database: &Database, language: &str, of_kinds: bool, most: i64) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT attempt.code FROM attempt JOIN campaign ON campaign.id = attempt.campaign_id
               JOIN test ON test.id = attempt.test_id
               WHERE campaign.code = $1 AND attempt.language = $2 AND attempt.state = 'not-started'
                 AND attempt.absence IS NULL AND attempt.code IS NOT NULL AND (test.subject = $3) = $4
               ORDER BY attempt.id LIMIT $5";
    let (campaign, kinds) = (store::text(rehearsal::CODE), store::text(rehearsal::KINDS));
    let values = [campaign, store::text(language), kinds, store::boolean(of_kinds), store::number(most)];
    let rows: Vec<CodeRow> = database.read().rows(sql, values).await?;
    Ok(rows.into_iter().map(|row| row.code).collect())
}

async fn free_code(database: &Database, language: &str) -> Result<String, StoreError> {
    Ok(free_codes(database, language, false, 1).await?.pop().unwrap_or_else(|| "–".to_owned()))
}

/// Loads the demonstration network, unless it is there already.
///
/// # Errors
/// [`DemoError`]; nothing of the failed step is kept.
pub async fn load(database: &Database, clock: &dyn Clock, progress: bool) -> Result<Loaded, DemoError> {
    let network = database.read().count("SELECT COUNT(*) FROM org_unit WHERE kind = 'network'", []).await?;
    if network == 0 {
        let pack = Pack::embedded()?;
        let campaign = &pack.campaigns[0];
        let bar = progress_bar(progress, "Schools and people", 1);
        let demo = packs::demo::Demo::draw(&pack, campaign, packs::demo::SEED)?;
        let ids = people::load(database, clock, &pack, campaign, &demo).await?;
        bar.inc(1);
        bar.finish();
        let bar = progress_bar(progress, "Attempts", demo.attempts.len() as u64);
        let forms = campaign::load(database, clock, &pack, campaign, &demo, &ids, &bar).await?;
        bar.finish();
        let bar = progress_bar(progress, "Results", 1);
        let shared: std::sync::Arc<dyn Clock> = std::sync::Arc::new(kernel::SystemClock);
        crate::work::runner().run_all(database, &shared).await?;
        let failed = store::jobs::list(database, &store::jobs::JobFilter::default(), 10).await?;
        if let Some(job) = failed.into_iter().find(|job| job.state != "done") {
            return Err(DemoError::Results(job.last_error.unwrap_or(job.state)));
        }
        bar.inc(1);
        bar.finish();
        let bar = progress_bar(progress, "Tables of the report", 1);
        statistics(database, clock).await?;
        bar.inc(1);
        bar.finish();
        let bar = progress_bar(progress, "Rehearsal", 1);
        rehearsal::load(database, clock, &pack, campaign, &forms).await?;
        bar.inc(1);
        bar.finish();
        database.analyse().await?;
    }
    Ok(Loaded {
        now: network == 0,
        schools: database.read().count("SELECT COUNT(*) FROM org_unit WHERE kind = 'school'", []).await?,
        pupils: database.read().count("SELECT COUNT(*) FROM enrolment", []).await?,
        codes: [free_code(database, "kk").await?, free_code(database, "ru").await?],
        kinds: [free_codes(database, "kk", true, 5).await?, free_codes(database, "ru", true, 5).await?],
    })
}

/// The printed tables of the pack as facts, each with its source.
async fn statistics(database: &Database, clock: &dyn Clock) -> Result<(), DemoError> {
    let statistics = statistics::Statistics::embedded()?;
    for content in statistics.definitions().contents.values().filter(|content| !content.loads.is_empty()) {
        let system = kernel::Actor::system();
        statistics::load_content(&statistics, database, &system, clock.now(), content).await?;
    }
    Ok(())
}

/// Where the demonstration is served and how to sign in.
pub fn welcome(address: std::net::SocketAddr, loaded: &Loaded) -> String {
    let [kazakh, russian] = &loaded.codes;
    let [kazakh_kinds, russian_kinds] = loaded.kinds.each_ref().map(|codes| codes.first().map_or("–", String::as_str));
    format!(
        "Zerek listens on http://{address}\n\n  \
         Sign in at http://{address}/sign-in, password {PASSWORD}\n    \
         centre           centre specialist: campaigns, results, login cards\n    \
         coordinator-01   school coordinator (01 to 17, one for each school)\n    \
         teacher-01       teacher (01 to 17)\n    \
         admin            administrator\n\n  \
         Sit a test at http://{address}/sit with the code {kazakh} (Kazakh) or {russian} (Russian),\n  \
         or one with every kind of task with {kazakh_kinds} (Kazakh) or {russian_kinds} (Russian);\n  \
         more codes are on the login cards of the campaign “Rehearsal of the monitoring”.\n"
    )
}

fn progress_bar(shown: bool, what: &'static str, steps: u64) -> ProgressBar {
    let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(steps), target).with_message(what);
    // The template is a constant that the library accepts; the default style serves as well.
    if let Ok(style) = ProgressStyle::with_template("{msg:<22} {bar:32} {pos}/{len} {elapsed}") {
        bar.set_style(style);
    }
    bar
}
