//! Telling somebody how far long work is.

use std::fmt;

use store::StoreError;
use store::jobs::JobContext;

/// Who wants to know: the job table, a progress bar, both or nobody.
#[derive(Clone, Copy, Default)]
pub struct Watch<'a> {
    job: Option<&'a JobContext>,
    bar: Option<&'a (dyn Fn(u64, u64) + Send + Sync)>,
}

impl fmt::Debug for Watch<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Watch").field("job", &self.job.map(|context| context.job.id)).finish_non_exhaustive()
    }
}

impl<'a> Watch<'a> {
    /// Nobody.
    pub fn nobody() -> Self {
        Self::default()
    }

    /// The job table; this also keeps the job's lease.
    pub fn job(context: &'a JobContext) -> Self {
        Self { job: Some(context), bar: None }
    }

    /// A function that gets steps done and steps in all.
    pub fn bar(bar: &'a (dyn Fn(u64, u64) + Send + Sync)) -> Self {
        Self { job: None, bar: Some(bar) }
    }

    /// Tells.
    ///
    /// # Errors
    /// What the database says.
    pub async fn tell(&self, done: u64, total: u64) -> Result<(), StoreError> {
        if let Some(bar) = self.bar {
            bar(done, total);
        }
        match self.job {
            Some(context) => context.progress(done, total).await,
            None => Ok(()),
        }
    }
}
