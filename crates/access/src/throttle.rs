//! Limits on tries: so many in so long, for each login, address or code.

use kernel::Timestamp;
use store::sea_orm;
use store::{By, Database, FromQueryResult, StoreError, Write, number, text};

/// Too many tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many tries; the next one is possible in {seconds} s")]
pub struct TooMany {
    /// Seconds until the next try.
    pub seconds: i64,
}

/// So many tries in so many milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// How many.
    pub tries: i64,
    /// In how long, in milliseconds.
    pub window: i64,
}

#[derive(Debug, FromQueryResult)]
struct ThrottleRow {
    since: i64,
    tries: i64,
}

/// Why a try is refused.
#[derive(Debug, thiserror::Error)]
pub enum ThrottleError {
    /// Too many.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ThrottleError> for crate::AccountError {
    fn from(error: ThrottleError) -> Self {
        match error {
            ThrottleError::TooMany(too_many) => Self::TooMany(too_many),
            ThrottleError::Store(error) => Self::Store(error),
        }
    }
}

impl Throttle {
    /// Tries of one login.
    pub const LOGIN: Self = Self { tries: 10, window: 10 * 60_000 };
    /// Tries from one address. A whole school may stand behind one.
    pub const ADDRESS: Self = Self { tries: 300, window: 10 * 60_000 };
    /// Wrong codes from one address: a class that mistypes now and then is let through, a machine that guesses is not.
    pub const CODE: Self = Self { tries: 200, window: 10 * 60_000 };

    /// Looks whether another try of this kind is possible, without counting one: for limits on failed tries only, which
    /// [`take`](Self::take) counts afterwards.
    ///
    /// # Errors
    /// [`ThrottleError::TooMany`] when the limit is reached.
    pub async fn look(self, database: &Database, what: &str, now: Timestamp) -> Result<(), ThrottleError> {
        use store::Reading;
        let now_ms = now.as_millisecond();
        let sql = "SELECT since, tries FROM throttle WHERE what = $1 AND since >= $2";
        let row: Option<ThrottleRow> = database.read().row(sql, [text(what), number(now_ms - self.window)]).await?;
        match row {
            Some(row) if row.tries >= self.tries => {
                let seconds = ((row.since + self.window - now_ms) / 1000).max(1);
                Err(TooMany { seconds }.into())
            }
            _ => Ok(()),
        }
    }

    /// Counts a try of this kind, unless there were too many.
    ///
    /// # Errors
    /// [`ThrottleError::TooMany`] when the limit is reached.
    pub async fn take(self, database: &Database, what: &str, now: Timestamp) -> Result<(), ThrottleError> {
        let now_ms = now.as_millisecond();
        let write = database.append(&By::system(now)).await?;
        let row = self.count_one(&write, what, now_ms).await?;
        write.commit().await?;
        match row {
            Some(row) if row.tries > self.tries => {
                let seconds = ((row.since + self.window - now_ms) / 1000).max(1);
                Err(TooMany { seconds }.into())
            }
            _ => Ok(()),
        }
    }

    async fn count_one(self, write: &Write, what: &str, now_ms: i64) -> Result<Option<ThrottleRow>, StoreError> {
        use store::Reading;
        let over = "throttle.since < $2 - $3";
        write
            .row(
                &format!(
                    "INSERT INTO throttle (what, since, tries) VALUES ($1, $2, 1)
                     ON CONFLICT (what) DO UPDATE SET
                        tries = CASE WHEN {over} THEN 1 ELSE throttle.tries + 1 END,
                        since = CASE WHEN {over} THEN $2 ELSE throttle.since END
                     RETURNING since, tries"
                ),
                [text(what), number(now_ms), number(self.window)],
            )
            .await
    }

    /// Forgets the tries: after one that succeeded.
    ///
    /// # Errors
    /// What the database says.
    pub async fn forget(database: &Database, what: &str, now: Timestamp) -> Result<(), StoreError> {
        let write = database.append(&By::system(now)).await?;
        write.execute("DELETE FROM throttle WHERE what = $1", [text(what)]).await?;
        write.commit().await
    }
}
