//! `zerek serve`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use commands::{BadInput, Outcome};
use jiff::tz::TimeZone;
use kernel::{Clock, SystemClock};
use store::Database;

use super::bad_input;
use crate::configuration::{DataArguments, Process};

/// Where and how to listen.
#[derive(Debug, Clone, clap::Args)]
pub struct ListenArguments {
    /// Address and port.
    #[arg(long, env = "ZEREK_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,
    /// Time zone of moments that belong to no campaign, such as those of the audit log; a campaign has its own.
    #[arg(long, env = "ZEREK_ZONE", default_value = crate::demo::ZONE, value_parser = zone, value_name = "NAME")]
    pub zone: TimeZone,
    /// Browsers reach the server by HTTPS: cookies insist on it.
    #[arg(long, env = "ZEREK_SECURE")]
    pub secure: bool,
}

fn zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name)
        .map_err(|_unknown| format!("no time zone is called so; use a name such as {}", crate::demo::ZONE))
}

/// Arguments of `zerek serve`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    #[command(flatten)]
    listen: ListenArguments,
    /// Leave background work to `zerek worker`.
    #[arg(long, env = "ZEREK_NO_JOBS")]
    no_jobs: bool,
}

/// Serves until told to stop.
///
/// # Errors
/// One message when the database or the port cannot be used.
pub async fn run(arguments: Arguments) -> Result<Outcome, BadInput> {
    let database = arguments.data.open(Process::Server).await?;
    serve(database, &arguments.listen, !arguments.no_jobs, |address| println!("Zerek listens on http://{address}"))
        .await
}

/// Serves a database; `ready` hears the address. With `jobs` this process does background work too.
///
/// # Errors
/// One message when the port cannot be used.
pub async fn serve(
    database: Database,
    listen: &ListenArguments,
    jobs: bool,
    ready: impl FnOnce(SocketAddr),
) -> Result<Outcome, BadInput> {
    let listener = tokio::net::TcpListener::bind(listen.listen).await.map_err(|error| {
        BadInput(format!("--listen {}: {error}; choose another port or stop what uses this one", listen.listen))
    })?;
    let app = web::App::new(database.clone(), Arc::new(SystemClock), listen.secure).in_zone(listen.zone.clone());
    let policy = *app.delivery().policy();
    let work = jobs.then(|| tokio::spawn(crate::work::run(database.clone())));
    let overdue = tokio::spawn(end_overdue(database.clone(), policy));
    ready(listener.local_addr().map_err(bad_input)?);
    let service = web::router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stopped()).await.map_err(bad_input)?;
    if let Some(work) = work {
        work.abort();
        crate::work::leave(&database).await;
    }
    overdue.abort();
    database.close().await;
    Ok(Outcome::Done)
}

/// How often attempts are looked for whose time has run out while nobody looked at them.
const OVERDUE_EVERY: Duration = Duration::from_secs(20);

/// Ends attempts whose time has run out, so that the live list and the results are true.
async fn end_overdue(database: Database, policy: delivery::model::Policy) {
    loop {
        tokio::time::sleep(OVERDUE_EVERY).await;
        if let Err(error) = delivery::end_overdue(&database, SystemClock.now(), &policy).await {
            tracing::warn!(%error, "attempts whose time has run out");
        }
    }
}

/// Ends when the system or the terminal asks the program to stop.
pub async fn stopped() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => {
            tracing::warn!(%error, "no signals: stop the program with ctrl-c");
            let _ = tokio::signal::ctrl_c().await;
            return;
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
