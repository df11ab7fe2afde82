//! Password hashing, beside the server's own threads and only a few at a time.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

/// Checks passwords. Each check takes 19 MiB and some 20 ms of one core, so only so many run at once.
#[derive(Debug, Clone)]
pub struct Passwords {
    places: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(2)) }
    }
}

/// OWASP Password Storage Cheat Sheet (2025): Argon2id with 19 MiB, two passes, one lane.
fn hasher() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or(Params::DEFAULT);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash of a password in PHC form, with a salt of its own. Slow on purpose.
///
/// # Errors
/// When the machine has no memory or randomness left.
pub fn password_hash(password: &str) -> Result<String, argon2::password_hash::Error> {
    Ok(hasher().hash_password(password.as_bytes())?.to_string())
}

/// Of the hash of a password that nobody has: checked when a login is unknown, so that the answer takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWhlcmUtMDA$OPc0k4kNeZcyVS2gXb8oB5OKq4ay4sGsb2yYH2JNEYM";

impl Passwords {
    /// Whether a password belongs to a hash; without a hash it takes as long and says no.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> bool {
        let Ok(place) = Arc::clone(&self.places).acquire_owned().await else { return false };
        let (password, known, hash) = (password.to_owned(), hash.is_some(), hash.unwrap_or(NOBODY).to_owned());
        let checked = tokio::task::spawn_blocking(move || {
            let _place = place;
            let Ok(parsed) = PasswordHash::new(&hash) else { return false };
            hasher().verify_password(password.as_bytes(), &parsed).is_ok()
        });
        checked.await.unwrap_or(false) && known
    }

    /// [`password_hash`] beside the server's own threads; `None` when the machine could not.
    pub async fn hash(&self, password: &str) -> Option<String> {
        let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
        let password = password.to_owned();
        let hashed = tokio::task::spawn_blocking(move || {
            let _place = place;
            password_hash(&password)
        });
        hashed.await.ok()?.ok()
    }
}
