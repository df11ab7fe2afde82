//! SQL written once for both databases, and values for it.

use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};

use crate::StoreError;

/// A whole number.
pub fn number(value: i64) -> Value {
    Value::BigInt(Some(value))
}

/// A whole number or nothing.
pub fn optional_number(value: Option<i64>) -> Value {
    Value::BigInt(value)
}

/// A text.
pub fn text(value: impl Into<String>) -> Value {
    Value::String(Some(value.into()))
}

/// A text or nothing.
pub fn optional_text(value: Option<String>) -> Value {
    Value::String(value)
}

/// A number with a fraction.
pub fn real(value: f64) -> Value {
    Value::Double(Some(value))
}

/// Yes or no.
pub fn boolean(value: bool) -> Value {
    Value::Bool(Some(value))
}

/// Bytes.
pub fn bytes(value: Vec<u8>) -> Value {
    Value::Bytes(Some(value))
}

/// Reading with SQL text, on the pool ([`crate::Database::read`]) and inside a write alike.
pub trait Reading: ConnectionTrait + Sized {
    /// All rows of a query. `$1`, `$2`… stand for the values.
    fn rows<T: FromQueryResult + Send>(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> impl Future<Output = Result<Vec<T>, StoreError>> + Send {
        let statement = Statement::from_sql_and_values(self.get_database_backend(), sql, values);
        async move { Ok(T::find_by_statement(statement).all(self).await?) }
    }

    /// The one row of a query, or none.
    fn row<T: FromQueryResult + Send>(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> impl Future<Output = Result<Option<T>, StoreError>> + Send {
        let statement = Statement::from_sql_and_values(self.get_database_backend(), sql, values);
        async move { Ok(T::find_by_statement(statement).one(self).await?) }
    }

    /// The first column of the one row of a query as a whole number; 0 when there is no row or it is empty.
    fn count(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> impl Future<Output = Result<i64, StoreError>> + Send {
        let statement = Statement::from_sql_and_values(self.get_database_backend(), sql, values);
        async move {
            let row = self.query_one_raw(statement).await?;
            Ok(row.and_then(|row| row.try_get_by_index::<Option<i64>>(0).transpose()).transpose()?.unwrap_or(0))
        }
    }
}

impl<C: ConnectionTrait> Reading for C {}

pub(crate) async fn execute(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, StoreError> {
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    Ok(connection.execute_raw(statement).await?.rows_affected())
}

/// Both databases take at least this many values in one statement (SQLite 32,766).
const VALUES_AT_ONCE: usize = 32_000;
/// More rows in one statement gain nothing.
const ROWS_AT_ONCE: usize = 1_000;

pub(crate) async fn insert_rows(
    connection: &impl ConnectionTrait,
    table: &str,
    columns: &[&str],
    rows: impl IntoIterator<Item = Vec<Value>>,
) -> Result<u64, StoreError> {
    let at_once = (VALUES_AT_ONCE / columns.len().max(1)).clamp(1, ROWS_AT_ONCE);
    let mut rows = rows.into_iter();
    let mut inserted = 0;
    loop {
        let mut values = Vec::new();
        let mut chunk = 0;
        for row in rows.by_ref().take(at_once) {
            if row.len() != columns.len() {
                let message = format!("insert into {table}: {} columns but {} values", columns.len(), row.len());
                return Err(StoreError::Database(sea_orm::DbErr::Custom(message)));
            }
            values.extend(row);
            chunk += 1;
        }
        if chunk == 0 {
            return Ok(inserted);
        }
        let sql = insert_statement(connection.get_database_backend(), table, columns, chunk);
        inserted += execute(connection, &sql, values).await?;
    }
}

/// SQLite looks for the name of each value in a list of all names, which thousands of `$1`, `$2`… make slow by their square;
/// `?` has no name. PostgreSQL knows `$1` only.
fn insert_statement(backend: DbBackend, table: &str, columns: &[&str], rows: usize) -> String {
    use std::fmt::Write;
    let mut sql = format!("INSERT INTO {table} ({}) VALUES ", columns.join(", "));
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns.len() {
            let comma = if column == 0 { "" } else { ", " };
            // Writing into a String cannot fail.
            let _ = match backend {
                DbBackend::Postgres => write!(sql, "{comma}${}", row * columns.len() + column + 1),
                _ => write!(sql, "{comma}?"),
            };
        }
        sql.push(')');
    }
    sql
}

/// A condition put together piece by piece, with its values numbered as they come.
///
/// ```
/// use store::{Where, number, text};
/// let mut condition = Where::new();
/// condition.and("grade = ?", [number(4)]);
/// condition.and_in("school_id", [1, 2, 3]);
/// condition.and("state = ?", [text("open")]);
/// assert_eq!(condition.sql(), " WHERE grade = $1 AND school_id IN (1, 2, 3) AND state = $2");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Where {
    sql: String,
    values: Vec<Value>,
}

impl Where {
    /// No condition yet: everything.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a condition in which each `?` stands for the next value. The text is the program's, never a user's.
    pub fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) -> &mut Self {
        self.sql.push_str(if self.sql.is_empty() { " WHERE " } else { " AND " });
        let mut values = values.into_iter();
        for character in condition.chars() {
            match (character, if character == '?' { values.next() } else { None }) {
                ('?', Some(value)) => {
                    self.values.push(value);
                    self.sql.push('$');
                    self.sql.push_str(&self.values.len().to_string());
                }
                _ => self.sql.push(character),
            }
        }
        self
    }

    /// Adds "column is one of these ids"; no ids: nothing matches. Ids are numbers, so they stand in the text.
    pub fn and_in(&mut self, column: &str, ids: impl IntoIterator<Item = i64>) -> &mut Self {
        let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
        if ids.is_empty() {
            return self.and("1 = 0", []);
        }
        self.and(&format!("{column} IN ({})", ids.join(", ")), [])
    }

    /// ` WHERE …`, or nothing when there is no condition.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// Adds a value outside the condition (a limit, an offset) and gives its placeholder.
    pub fn value(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    /// The values, in the order of their numbers.
    pub fn values(&self) -> Vec<Value> {
        self.values.clone()
    }
}
