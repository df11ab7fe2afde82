//! What every page may use: the database, the clock, the passwords' checker.

use std::sync::{Arc, OnceLock};

use access::Passwords;
use delivery::Delivery;
use delivery::model::Policy;
use documents::Renderer;
use jiff::tz::TimeZone;
use kernel::{Clock, Timestamp};
use rand::rngs::StdRng;
use statistics::Statistics;
use store::Database;

use crate::error::PageError;

#[derive(Debug)]
struct Inner {
    database: Database,
    clock: Arc<dyn Clock>,
    passwords: Passwords,
    delivery: Delivery,
    secure: bool,
    renderer: OnceLock<Renderer>,
    statistics: OnceLock<Statistics>,
}

/// Shared by all handlers; cloning is cheap.
#[derive(Debug, Clone)]
pub struct App {
    inner: Arc<Inner>,
    zone: TimeZone,
}

impl App {
    /// `secure` says that browsers reach the server by HTTPS, so cookies may insist on it. Starts the task that writes
    /// answers, so it must be called on the run time.
    pub fn new(database: Database, clock: Arc<dyn Clock>, secure: bool) -> Self {
        let delivery = Delivery::start_up(database.clone(), Policy::default());
        let (passwords, renderer, statistics) = (Passwords::default(), OnceLock::new(), OnceLock::new());
        let inner = Arc::new(Inner { database, clock, passwords, delivery, secure, renderer, statistics });
        Self { inner, zone: TimeZone::UTC }
    }

    /// The same with the zone in which moments that belong to no campaign are shown; without it that is UTC.
    #[must_use]
    pub fn in_zone(mut self, zone: TimeZone) -> Self {
        self.zone = zone;
        self
    }

    /// The zone of moments that belong to no campaign. A campaign has its own.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The database.
    pub fn database(&self) -> &Database {
        &self.inner.database
    }

    /// The time by the server's clock.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// The clock itself, for work that goes on after the answer.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.inner.clock)
    }

    /// A fresh generator of secrets, seeded by the system.
    pub fn rng() -> StdRng {
        rand::make_rng()
    }

    /// Makes PDF files. Read from the program at the first document, so that a server that makes none stays small.
    ///
    /// # Errors
    /// [`PageError::Internal`] when the fonts or templates inside the program cannot be read.
    pub fn renderer(&self) -> Result<Renderer, PageError> {
        if let Some(renderer) = self.inner.renderer.get() {
            return Ok(renderer.clone());
        }
        let renderer = Renderer::new().map_err(|error| PageError::Internal(error.to_string()))?;
        Ok(self.inner.renderer.get_or_init(|| renderer).clone())
    }

    /// Definitions of measures and the cells of this node. Read from the pack at the first table.
    ///
    /// # Errors
    /// What is wrong with the definitions.
    pub fn statistics(&self) -> Result<Statistics, statistics::StatisticsError> {
        if let Some(statistics) = self.inner.statistics.get() {
            return Ok(statistics.clone());
        }
        let statistics = Statistics::embedded()?;
        Ok(self.inner.statistics.get_or_init(|| statistics).clone())
    }

    /// Checks passwords.
    pub fn passwords(&self) -> &Passwords {
        &self.inner.passwords
    }

    /// Everything pupils do at a test.
    pub fn delivery(&self) -> &Delivery {
        &self.inner.delivery
    }

    /// Whether cookies insist on HTTPS.
    pub fn secure(&self) -> bool {
        self.inner.secure
    }
}
