//! Sessions: the browser holds a secret, the database its hash.

use std::fmt::Write as _;

use kernel::{AccountId, AttemptId, PersonId, Timestamp};
use rand::CryptoRng;
use sha2::{Digest, Sha256};
use store::sea_orm;
use store::{By, Database, FromQueryResult, Reading, StoreError, Write, number, text};

/// A staff session ends after this long without a request…
const STAFF_IDLE: i64 = 12 * 3_600_000;
/// …and at the latest after this long.
const STAFF_LONGEST: i64 = 7 * 24 * 3_600_000;
/// A pupil's session lasts for the sitting and a little more.
const PUPIL_LONGEST: i64 = 6 * 3_600_000;
/// The time of the last request is written at most this often.
const SEEN_EVERY: i64 = 5 * 60_000;

/// The secret that a browser holds: 256 random bits as hexadecimal text.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl std::fmt::Debug for Token {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Token(…)")
    }
}

impl Token {
    /// A new secret.
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; 32];
        rng.fill_bytes(&mut bytes);
        Self(hexadecimal(&bytes))
    }

    /// What a cookie holds; `None` when it cannot be a token.
    pub fn from_cookie(text: &str) -> Option<Self> {
        let right = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        right.then(|| Self(text.to_owned()))
    }

    /// For the cookie.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn id(&self) -> String {
        hexadecimal(&Sha256::digest(self.0.as_bytes()))
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whose session it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionOwner {
    /// Somebody of the staff.
    Staff {
        /// The sign-in used.
        account: AccountId,
        /// The person.
        person: PersonId,
    },
    /// A pupil at one sitting.
    Pupil {
        /// The attempt that the code opened.
        attempt: AttemptId,
        /// The person.
        person: PersonId,
    },
}

/// A session as found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Name in the table (a hash, not the secret).
    pub id: String,
    /// Whose.
    pub owner: SessionOwner,
    /// Token of forms.
    pub csrf: String,
    /// Network address at sign-in.
    pub address: Option<String>,
    /// Browser at sign-in.
    pub agent: Option<String>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub seen_at: i64,
}

#[derive(Debug, FromQueryResult)]
struct SessionRow {
    id: String,
    account_id: Option<i64>,
    person_id: Option<i64>,
    attempt_id: Option<i64>,
    csrf: String,
    address: Option<String>,
    agent: Option<String>,
    created_at: i64,
    seen_at: i64,
}

impl SessionRow {
    fn into_session(self) -> Option<Session> {
        let person = PersonId(self.person_id?);
        let owner = match (self.account_id, self.attempt_id) {
            (Some(account), _) => SessionOwner::Staff { account: AccountId(account), person },
            (None, Some(attempt)) => SessionOwner::Pupil { attempt: AttemptId(attempt), person },
            (None, None) => return None,
        };
        let Self { id, csrf, address, agent, created_at, seen_at, .. } = self;
        Some(Session { id, owner, csrf, address, agent, created_at, seen_at })
    }
}

/// Begins a session after a sign-in and gives the secret for the cookie. Always a new secret: one from before the sign-in
/// is worth nothing (session fixation).
///
/// # Errors
/// What the database says.
pub async fn start_session(
    database: &Database,
    by: &By,
    owner: SessionOwner,
    agent: Option<String>,
    rng: &mut (impl CryptoRng + Send),
) -> Result<Token, StoreError> {
    let (token, csrf) = (Token::random(rng), Token::random(rng));
    let now = by.now.as_millisecond();
    let (account, attempt, person, longest) = match owner {
        SessionOwner::Staff { account, person } => (Some(account.0), None, person, STAFF_LONGEST),
        SessionOwner::Pupil { attempt, person } => (None, Some(attempt.0), person, PUPIL_LONGEST),
    };
    let write = database.append(by).await?;
    // Room is made for the new by sweeping out the old, so no clean-up has to run elsewhere.
    write.execute("DELETE FROM session WHERE expires_at < $1", [number(now)]).await?;
    write
        .execute(
            "INSERT INTO session (id, account_id, person_id, attempt_id, csrf, address, agent, created_at, seen_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)",
            [
                text(token.id()),
                store::optional_number(account),
                number(person.0),
                store::optional_number(attempt),
                text(csrf.0),
                store::optional_text(by.address.clone()),
                store::optional_text(agent.map(|agent| agent.chars().take(200).collect())),
                number(now),
                number(now + longest),
            ],
        )
        .await?;
    write.commit().await?;
    Ok(token)
}

/// The session of a cookie, unless it has ended.
///
/// # Errors
/// What the database says.
pub async fn find_session(database: &Database, token: &Token, now: Timestamp) -> Result<Option<Session>, StoreError> {
    let now_ms = now.as_millisecond();
    let row: Option<SessionRow> = database
        .read()
        .row(
            "SELECT * FROM session WHERE id = $1 AND expires_at > $2 AND (account_id IS NULL OR seen_at > $3)",
            [text(token.id()), number(now_ms), number(now_ms - STAFF_IDLE)],
        )
        .await?;
    let Some(session) = row.and_then(SessionRow::into_session) else { return Ok(None) };
    if matches!(session.owner, SessionOwner::Staff { .. }) && now_ms - session.seen_at > SEEN_EVERY {
        let write = database.append(&By::system(now)).await?;
        write.execute("UPDATE session SET seen_at = $1 WHERE id = $2", [number(now_ms), text(&session.id)]).await?;
        write.commit().await?;
    }
    Ok(Some(session))
}

/// The living sessions of a person, the latest first.
///
/// # Errors
/// What the database says.
pub async fn list_sessions(database: &Database, person: PersonId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
    let rows: Vec<SessionRow> = database
        .read()
        .rows(
            "SELECT * FROM session WHERE person_id = $1 AND expires_at > $2 ORDER BY seen_at DESC",
            [number(person.0), number(now.as_millisecond())],
        )
        .await?;
    Ok(rows.into_iter().filter_map(SessionRow::into_session).collect())
}

/// Ends one session of a person, by its name in the table.
///
/// # Errors
/// What the database says.
pub async fn end_session(database: &Database, by: &By, person: PersonId, id: &str) -> Result<(), StoreError> {
    let write = database.write(by, "sign out").await?;
    write.execute("DELETE FROM session WHERE id = $1 AND person_id = $2", [text(id), number(person.0)]).await?;
    write.record("person", person.0, None, serde_json::Value::Null);
    write.commit().await
}

/// Ends all sessions of a person.
///
/// # Errors
/// What the database says.
pub async fn end_all_sessions(database: &Database, by: &By, person: PersonId) -> Result<(), StoreError> {
    let write = database.write(by, "sign out everywhere").await?;
    end_all_in(&write, person).await?;
    write.record("person", person.0, None, serde_json::Value::Null);
    write.commit().await
}

async fn end_all_in(write: &Write, person: PersonId) -> Result<u64, StoreError> {
    write.execute("DELETE FROM session WHERE person_id = $1", [number(person.0)]).await
}
