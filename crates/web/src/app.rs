//! What every page may use: the database, the clock, the passwords' checker.

use std::sync::{Arc, OnceLock};

use access::Passwords;
use delivery::Delivery;
use delivery::model::Policy;
use documents::Renderer;
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
pub struct App(Arc<Inner>);

impl App {
    /// `secure` says that browsers reach the server by HTTPS, so cookies may insist on it. Starts the task that writes
    /// answers, so it must be called on the run time.
    pub fn new(database: Database, clock: Arc<dyn Clock>, secure: bool) -> Self {
        let delivery = Delivery::start_up(database.clone(), Policy::default());
        let (passwords, renderer, statistics) = (Passwords::default(), OnceLock::new(), OnceLock::new());
        Self(Arc::new(Inner { database, clock, passwords, delivery, secure, renderer, statistics }))
    }

    /// The database.
    pub fn database(&self) -> &Database {
        &self.0.database
    }

    /// The time by the server's clock.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The clock itself, for work that goes on after the answer.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.0.clock)
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
        if let Some(renderer) = self.0.renderer.get() {
            return Ok(renderer.clone());
        }
        let renderer = Renderer::new().map_err(|error| PageError::Internal(error.to_string()))?;
        Ok(self.0.renderer.get_or_init(|| renderer).clone())
    }

    /// Definitions of measures and the cells of this node. Read from the pack at the first table.
    ///
    /// # Errors
    /// What is wrong with the definitions.
    pub fn statistics(&self) -> Result<Statistics, statistics::StatisticsError> {
        if let Some(statistics) = self.0.statistics.get() {
            return Ok(statistics.clone());
        }
        let statistics = Statistics::embedded()?;
        Ok(self.0.statistics.get_or_init(|| statistics).clone())
    }

    /// Checks passwords.
    pub fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    /// Everything pupils do at a test.
    pub fn delivery(&self) -> &Delivery {
        &self.0.delivery
    }

    /// Whether cookies insist on HTTPS.
    pub fn secure(&self) -> bool {
        self.0.secure
    }
}
