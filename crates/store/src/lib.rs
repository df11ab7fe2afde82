//! The database handle: SQLite or PostgreSQL, transactions with an audit entry, migrations, files, jobs.
