//! Tables of this room.

use store::Migration;

/// The tables of `store` and of this room.
pub fn migrations() -> Vec<Migration> {
    let mut all = store::migrations();
    all.push(Migration {
        name: "0101_account_and_session",
        up: &[
            "CREATE TABLE account (
                id {id},
                person_id bigint NOT NULL,
                login text NOT NULL UNIQUE,
                password_hash text NOT NULL,
                disabled_at bigint,
                created_at bigint NOT NULL,
                password_at bigint NOT NULL
            )",
            "CREATE INDEX account_person ON account (person_id)",
            "CREATE TABLE session (
                id text PRIMARY KEY,
                account_id bigint,
                person_id bigint,
                attempt_id bigint,
                csrf text NOT NULL,
                address text,
                agent text,
                created_at bigint NOT NULL,
                seen_at bigint NOT NULL,
                expires_at bigint NOT NULL
            )",
            "CREATE INDEX session_person ON session (person_id)",
            "CREATE INDEX session_expires ON session (expires_at)",
            "CREATE TABLE throttle (
                what text PRIMARY KEY,
                since bigint NOT NULL,
                tries bigint NOT NULL
            )",
        ],
    });
    all
}
