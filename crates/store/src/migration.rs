//! Migrations: small steps forward, the same text for both databases.

use sea_orm::{ConnectionTrait, DatabaseBackend, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, migrator::MigratorTraitSelf};

/// One step forward of the schema. Names sort in the order of running: `0103_delivery_answer_log`.
///
/// Two words stand for what the databases call differently: `{id}` is the type and primary key of an id column,
/// `{blob}` the type of bytes.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Unique name.
    pub name: &'static str,
    /// Statements, one change each.
    pub up: &'static [&'static str],
}

impl MigrationName for Migration {
    fn name(&self) -> &str {
        self.name
    }
}

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (id, blob) = match manager.get_database_backend() {
            DatabaseBackend::Postgres => ("bigint PRIMARY KEY", "bytea"),
            // INTEGER PRIMARY KEY is SQLite's own row number, so no second index is kept.
            _ => ("integer PRIMARY KEY NOT NULL", "blob"),
        };
        for statement in self.up {
            let statement = statement.replace("{id}", id).replace("{blob}", blob);
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

pub(crate) struct Migrator(pub Vec<Migration>);

impl MigratorTraitSelf for Migrator {
    fn migrations(&self) -> Vec<Box<dyn MigrationTrait>> {
        self.0.iter().map(|migration| Box::new(*migration) as Box<dyn MigrationTrait>).collect()
    }
}

/// The tables of this room: audit and jobs. Other rooms put theirs behind.
pub fn migrations() -> Vec<Migration> {
    vec![
        Migration {
            name: "0001_audit",
            up: &[
                "CREATE TABLE audit_entry (
                    id {id},
                    at bigint NOT NULL,
                    person_id bigint,
                    attempt_id bigint,
                    address text,
                    act text NOT NULL,
                    subject text NOT NULL,
                    subject_id bigint NOT NULL,
                    school_id bigint,
                    detail text NOT NULL
                )",
                "CREATE INDEX audit_entry_subject ON audit_entry (subject, subject_id)",
            ],
        },
        Migration {
            name: "0002_job",
            up: &[
                "CREATE TABLE job (
                    id {id},
                    kind text NOT NULL,
                    payload text NOT NULL,
                    state text NOT NULL,
                    run_at bigint NOT NULL,
                    tries bigint NOT NULL,
                    max_tries bigint NOT NULL,
                    locked_by text,
                    locked_until bigint,
                    unique_key text,
                    last_error text,
                    done bigint NOT NULL,
                    total bigint NOT NULL,
                    result text,
                    school_id bigint,
                    created_by bigint,
                    created_at bigint NOT NULL,
                    finished_at bigint
                )",
                "CREATE INDEX job_waiting ON job (state, run_at)",
                "CREATE UNIQUE INDEX job_unique_key ON job (unique_key) WHERE unique_key IS NOT NULL",
            ],
        },
        Migration {
            name: "0003_audit_chain",
            up: &[
                // Lines from before have neither: the chain begins with the first line after this step.
                "ALTER TABLE audit_entry ADD COLUMN sequence bigint",
                "ALTER TABLE audit_entry ADD COLUMN hash {blob}",
                "CREATE UNIQUE INDEX audit_entry_sequence ON audit_entry (sequence)",
                "CREATE TABLE audit_head (id {id}, sequence bigint NOT NULL, hash {blob})",
                "INSERT INTO audit_head (id, sequence, hash) VALUES (1, 0, NULL)",
            ],
        },
    ]
}
