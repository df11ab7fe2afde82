//! Accounts of staff: a login and a password.

use kernel::{AccountId, PersonId};
use store::sea_orm;
use store::{By, Database, FromQueryResult, Reading, StoreError, Write, number, text};

use crate::password::Passwords;
use crate::throttle::{Throttle, TooMany};

/// Fewest characters of a password (ASVS 5.0, 6.2.1 asks for 8 and recommends 15; staff here get twelve).
pub const PASSWORD_MINIMUM: usize = 12;

/// The sign-in of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Id.
    pub id: AccountId,
    /// Whose it is.
    pub person: PersonId,
    /// Login in lower case.
    pub login: String,
}

#[derive(Debug, FromQueryResult)]
struct AccountRow {
    id: i64,
    person_id: i64,
    login: String,
    password_hash: String,
    disabled_at: Option<i64>,
}

/// A sign-in to be made.
#[derive(Debug, Clone)]
pub struct NewAccount<'a> {
    /// Whose it is.
    pub person: PersonId,
    /// Login; letters count alike in lower and upper case.
    pub login: &'a str,
    /// From [`crate::password_hash`].
    pub password_hash: &'a str,
}

/// Why somebody cannot sign in or change a password.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// No such login, a wrong password, or a login that was switched off: which, is not said.
    #[error("login or password is wrong")]
    Wrong,
    /// Too many tries.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// The new password is too short.
    #[error("the password needs at least {PASSWORD_MINIMUM} characters")]
    TooShort,
    /// The password could not be hashed.
    #[error("the password could not be processed")]
    Hash,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn folded(login: &str) -> String {
    login.trim().to_lowercase()
}

/// Makes a sign-in as part of a write.
///
/// # Errors
/// [`StoreError::Conflict`] when the login is taken.
pub async fn create_account(write: &Write, account: &NewAccount<'_>) -> Result<AccountId, StoreError> {
    let (id, now) = (write.next_id(), write.now().as_millisecond());
    write
        .execute(
            "INSERT INTO account (id, person_id, login, password_hash, created_at, password_at) VALUES ($1, $2, $3, $4, $5, $5)",
            [number(id), number(account.person.0), text(folded(account.login)), text(account.password_hash), number(now)],
        )
        .await?;
    write.record("account", id, None, serde_json::json!({ "person": account.person, "login": folded(account.login) }));
    Ok(AccountId(id))
}

/// Checks a login and its password; both tries that fail and those that succeed stand in the audit log.
///
/// # Errors
/// [`AccountError::Wrong`] without saying what was wrong; [`AccountError::TooMany`] after too many tries for this login or
/// from this address.
pub async fn sign_in(
    database: &Database,
    passwords: &Passwords,
    by: &By,
    login: &str,
    password: &str,
) -> Result<Account, AccountError> {
    let login = folded(login);
    let address = by.address.clone().unwrap_or_default();
    Throttle::LOGIN.take(database, &format!("login:{login}"), by.now).await?;
    Throttle::ADDRESS.take(database, &format!("address:{address}"), by.now).await?;
    let row: Option<AccountRow> = database
        .read()
        .row("SELECT id, person_id, login, password_hash, disabled_at FROM account WHERE login = $1", [text(&login)])
        .await?;
    let active = row.filter(|row| row.disabled_at.is_none());
    let right = passwords.verify(password, active.as_ref().map(|row| row.password_hash.as_str())).await;
    match active {
        Some(row) if right => {
            Throttle::forget(database, &format!("login:{login}"), by.now).await?;
            let person = PersonId(row.person_id);
            let write = database.write(&By { person: Some(person), ..by.clone() }, "sign in").await?;
            write.record("account", row.id, None, serde_json::Value::Null);
            write.commit().await?;
            Ok(Account { id: AccountId(row.id), person, login: row.login })
        }
        _ => {
            let write = database.write(by, "sign-in refused").await?;
            write.record("account", 0, None, serde_json::json!({ "login": login }));
            write.commit().await?;
            Err(AccountError::Wrong)
        }
    }
}

/// Sets a new password and ends all other sessions of the person.
///
/// # Errors
/// [`AccountError::Wrong`] when the old password is wrong, [`AccountError::TooShort`] when the new one is.
pub async fn change_password(
    database: &Database,
    passwords: &Passwords,
    by: &By,
    account: AccountId,
    old: &str,
    new: &str,
) -> Result<(), AccountError> {
    if new.chars().count() < PASSWORD_MINIMUM {
        return Err(AccountError::TooShort);
    }
    Throttle::LOGIN.take(database, &format!("password:{account}"), by.now).await?;
    let row: Option<AccountRow> = database
        .read()
        .row("SELECT id, person_id, login, password_hash, disabled_at FROM account WHERE id = $1", [number(account.0)])
        .await?;
    if !passwords.verify(old, row.as_ref().map(|row| row.password_hash.as_str())).await {
        return Err(AccountError::Wrong);
    }
    let hash = passwords.hash(new).await.ok_or(AccountError::Hash)?;
    let write = database.write(by, "change password").await?;
    write
        .execute(
            "UPDATE account SET password_hash = $1, password_at = $2 WHERE id = $3",
            [text(hash), number(by.now.as_millisecond()), number(account.0)],
        )
        .await?;
    write.execute("DELETE FROM session WHERE account_id = $1", [number(account.0)]).await?;
    write.record("account", account.0, None, serde_json::Value::Null);
    write.commit().await?;
    Ok(())
}
