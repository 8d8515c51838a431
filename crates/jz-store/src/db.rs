//! The one file that knows both database drivers and where they differ.
//!
//! SQL is written once, as named constants with `?1` placeholders. [`Db`] runs it on
//! SQLite or PostgreSQL; the few real differences are methods of [`Db`] with two
//! bodies. Nobody else names a driver.

use crate::StoreError;
use std::collections::HashMap;

/// A value bound to a statement. Integers are 63-bit on both engines.
#[derive(Clone, Copy)]
pub enum Val<'a> {
    /// SQL null.
    Null,
    /// Whole number.
    I(i64),
    /// Text.
    T(&'a str),
    /// Bytes.
    B(&'a [u8]),
    /// Floating point.
    F(f64),
    /// A set of search codes; an array on PostgreSQL, refused on SQLite.
    Codes(&'a [i32]),
}

impl From<i64> for Val<'_> {
    fn from(v: i64) -> Self {
        Val::I(v)
    }
}
impl From<jz_domain::Id> for Val<'_> {
    fn from(v: jz_domain::Id) -> Self {
        Val::I(v.0)
    }
}
impl From<jz_domain::Millis> for Val<'_> {
    fn from(v: jz_domain::Millis) -> Self {
        Val::I(v.0)
    }
}
impl From<bool> for Val<'_> {
    fn from(v: bool) -> Self {
        Val::I(i64::from(v))
    }
}
impl From<f64> for Val<'_> {
    fn from(v: f64) -> Self {
        Val::F(v)
    }
}
impl<'a> From<&'a str> for Val<'a> {
    fn from(v: &'a str) -> Self {
        Val::T(v)
    }
}
impl<'a> From<&'a String> for Val<'a> {
    fn from(v: &'a String) -> Self {
        Val::T(v)
    }
}
impl<'a> From<&'a [u8]> for Val<'a> {
    fn from(v: &'a [u8]) -> Self {
        Val::B(v)
    }
}
impl<'a> From<&'a Vec<u8>> for Val<'a> {
    fn from(v: &'a Vec<u8>) -> Self {
        Val::B(v)
    }
}
impl<'a, T: Into<Val<'a>>> From<Option<T>> for Val<'a> {
    fn from(v: Option<T>) -> Self {
        v.map_or(Val::Null, Into::into)
    }
}

/// Builds a parameter list: `vals![id, name, None::<i64>]`.
#[macro_export]
macro_rules! vals {
    ($($v:expr),* $(,)?) => { &[$($crate::Val::from($v)),*] };
}

impl rusqlite::ToSql for Val<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, Value, ValueRef};
        Ok(match *self {
            Val::Null => ToSqlOutput::Owned(Value::Null),
            Val::I(i) => ToSqlOutput::Owned(Value::Integer(i)),
            Val::F(f) => ToSqlOutput::Owned(Value::Real(f)),
            Val::T(t) => ToSqlOutput::Borrowed(ValueRef::Text(t.as_bytes())),
            Val::B(b) => ToSqlOutput::Borrowed(ValueRef::Blob(b)),
            Val::Codes(_) => return Err(rusqlite::Error::InvalidParameterName("codes".into())),
        })
    }
}

impl std::fmt::Debug for Val<'_> {
    /// Never the value: it may be personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Val::Null => "null",
            Val::I(_) => "integer",
            Val::T(_) => "text",
            Val::B(_) => "bytes",
            Val::F(_) => "float",
            Val::Codes(_) => "codes",
        })
    }
}

impl postgres::types::ToSql for Val<'_> {
    fn to_sql(
        &self,
        ty: &postgres::types::Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> Result<postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
        use postgres::types::{IsNull, Type};
        match *self {
            Val::Null => Ok(IsNull::Yes),
            Val::I(i) if *ty == Type::INT4 => i32::try_from(i)?.to_sql(ty, out),
            Val::I(i) if *ty == Type::FLOAT8 => (i as f64).to_sql(ty, out),
            Val::I(i) => i.to_sql(ty, out),
            Val::F(v) => v.to_sql(ty, out),
            Val::T(t) => t.to_sql(ty, out),
            Val::B(b) => b.to_sql(ty, out),
            Val::Codes(c) => c.to_sql(ty, out),
        }
    }

    fn accepts(_: &postgres::types::Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

/// One row of an answer, read by column number from 0.
pub enum Row<'a> {
    /// From SQLite.
    Sqlite(&'a rusqlite::Row<'a>),
    /// From PostgreSQL.
    Pg(&'a postgres::Row),
}

/// A type both drivers can read.
pub trait Column: rusqlite::types::FromSql + for<'a> postgres::types::FromSql<'a> {}
impl<T: rusqlite::types::FromSql + for<'a> postgres::types::FromSql<'a>> Column for T {}

impl Row<'_> {
    /// Reads a column.
    pub fn get<T: Column>(&self, i: usize) -> Result<T, StoreError> {
        match self {
            Row::Sqlite(r) => r.get(i).map_err(|e| StoreError::column(i, e)),
            Row::Pg(r) => r.try_get(i).map_err(|e| StoreError::column(i, e)),
        }
    }

    /// Reads a column that may be null.
    pub fn opt<T: Column>(&self, i: usize) -> Result<Option<T>, StoreError> {
        match self {
            Row::Sqlite(r) => r.get(i).map_err(|e| StoreError::column(i, e)),
            Row::Pg(r) => r.try_get(i).map_err(|e| StoreError::column(i, e)),
        }
    }

    /// Whole number.
    pub fn int(&self, i: usize) -> Result<i64, StoreError> {
        self.get(i)
    }

    /// Identifier.
    pub fn id(&self, i: usize) -> Result<jz_domain::Id, StoreError> {
        self.get(i).map(jz_domain::Id)
    }

    /// Identifier that may be null.
    pub fn opt_id(&self, i: usize) -> Result<Option<jz_domain::Id>, StoreError> {
        Ok(self.opt(i)?.map(jz_domain::Id))
    }

    /// Text.
    pub fn text(&self, i: usize) -> Result<String, StoreError> {
        self.get(i)
    }

    /// Bytes.
    pub fn bytes(&self, i: usize) -> Result<Vec<u8>, StoreError> {
        self.get(i)
    }
}

/// A connection that remembers its prepared statements.
pub(crate) enum Conn {
    Sqlite(rusqlite::Connection),
    Pg(Box<postgres::Client>, HashMap<String, postgres::Statement>),
}

/// Statements inside one transaction (or one consistent read).
pub struct Db<'a> {
    pub(crate) inner: Inner<'a>,
    pub(crate) key: &'a RowKey,
}

/// Key of the row digests. A row that somebody changes past the program no longer
/// fits its digest, and `verify` names it. Has no Debug.
pub struct RowKey(pub [u8; 32]);

impl RowKey {
    /// Keyed digest (HMAC-SHA-256) of a row: the table's name and every value in order,
    /// each with its kind and length so that no two rows read alike.
    pub fn digest(&self, table: &str, vals: &[Val<'_>]) -> [u8; 32] {
        use hmac::{KeyInit as _, Mac as _};
        // HMAC fills a short key up with zeros; done here, because the type wants a block.
        let mut block = [0u8; 64];
        for (to, from) in block.iter_mut().zip(self.0) {
            *to = from;
        }
        let mut mac = hmac::Hmac::<sha2::Sha256>::new(&block.into());
        let mut part = |kind: u8, bytes: &[u8]| {
            mac.update(&[kind]);
            mac.update(&(bytes.len() as u64).to_be_bytes());
            mac.update(bytes);
        };
        part(b'#', table.as_bytes());
        for v in vals {
            match v {
                Val::Null => part(b'0', b""),
                Val::I(i) => part(b'i', &i.to_be_bytes()),
                Val::T(t) => part(b't', t.as_bytes()),
                Val::B(b) => part(b'b', b),
                Val::F(f) => part(b'f', &f.to_bits().to_be_bytes()),
                Val::Codes(c) => part(b'c', &(c.len() as u64).to_be_bytes()),
            }
        }
        mac.finalize().into_bytes().into()
    }
}

pub(crate) enum Inner<'a> {
    Sqlite(&'a rusqlite::Connection),
    Pg(postgres::Transaction<'a>, &'a mut HashMap<String, postgres::Statement>),
}

/// `?1` → `$1`, outside of quotes.
pub(crate) fn dollar(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut quoted = false;
    for c in sql.chars() {
        match c {
            '\'' => {
                quoted = !quoted;
                out.push(c);
            }
            '?' if !quoted => out.push('$'),
            _ => out.push(c),
        }
    }
    out
}

fn pg_params<'a>(vals: &'a [Val<'a>]) -> Vec<&'a (dyn postgres::types::ToSql + Sync)> {
    vals.iter().map(|v| v as &(dyn postgres::types::ToSql + Sync)).collect()
}

impl Db<'_> {
    /// Keyed digest of a row, see [`RowKey`].
    pub fn row_digest(&self, table: &str, vals: &[Val<'_>]) -> [u8; 32] {
        self.key.digest(table, vals)
    }

    /// Whether this is the embedded engine.
    pub fn is_sqlite(&self) -> bool {
        matches!(self.inner, Inner::Sqlite(_))
    }

    /// Runs a statement, answers the number of rows touched.
    pub fn exec(&mut self, sql: &str, vals: &[Val<'_>]) -> Result<u64, StoreError> {
        match &mut self.inner {
            Inner::Sqlite(c) => {
                let mut st = c.prepare_cached(sql)?;
                Ok(st.execute(rusqlite::params_from_iter(vals))? as u64)
            }
            Inner::Pg(tx, cache) => {
                let st = statement(tx, cache, sql)?;
                Ok(tx.execute(&st, &pg_params(vals))?)
            }
        }
    }

    /// Runs a query and turns each row into a value.
    pub fn query<T>(
        &mut self,
        sql: &str,
        vals: &[Val<'_>],
        mut each: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        match &mut self.inner {
            Inner::Sqlite(c) => {
                let mut st = c.prepare_cached(sql)?;
                let mut rows = st.query(rusqlite::params_from_iter(vals))?;
                let mut out = Vec::new();
                while let Some(r) = rows.next()? {
                    out.push(each(&Row::Sqlite(r))?);
                }
                Ok(out)
            }
            Inner::Pg(tx, cache) => {
                let st = statement(tx, cache, sql)?;
                tx.query(&st, &pg_params(vals))?.iter().map(|r| each(&Row::Pg(r))).collect()
            }
        }
    }

    /// Walks the rows of a query until `each` says stop (`false`). On SQLite rows are
    /// read one by one; on PostgreSQL the answer is fetched at once, so bound it by `limit`.
    pub fn walk<E: From<StoreError>>(
        &mut self,
        sql: &str,
        vals: &[Val<'_>],
        mut each: impl FnMut(&Row<'_>) -> Result<bool, E>,
    ) -> Result<(), E> {
        match &mut self.inner {
            Inner::Sqlite(c) => {
                let mut st = c.prepare_cached(sql).map_err(StoreError::from)?;
                let mut rows = st.query(rusqlite::params_from_iter(vals)).map_err(StoreError::from)?;
                while let Some(r) = rows.next().map_err(StoreError::from)? {
                    if !each(&Row::Sqlite(r))? {
                        break;
                    }
                }
            }
            Inner::Pg(tx, cache) => {
                let st = statement(tx, cache, sql)?;
                for r in &tx.query(&st, &pg_params(vals)).map_err(StoreError::from)? {
                    if !each(&Row::Pg(r))? {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// At most one row.
    pub fn one<T>(
        &mut self,
        sql: &str,
        vals: &[Val<'_>],
        each: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.query(sql, vals, each)?.into_iter().next())
    }

    /// One number, 0 when there is no row.
    pub fn count(&mut self, sql: &str, vals: &[Val<'_>]) -> Result<i64, StoreError> {
        Ok(self.one(sql, vals, |r| r.opt::<i64>(0))?.flatten().unwrap_or(0))
    }

    /// Inserts many rows: `sql` inserts one row with `width` values, `vals` holds the
    /// rows one after the other. On PostgreSQL a statement carries many rows, because
    /// each one is a round trip; SQLite has none, and takes them one by one.
    pub fn insert_rows(&mut self, sql: &str, width: usize, vals: &[Val<'_>]) -> Result<u64, StoreError> {
        let mut done = 0;
        match &mut self.inner {
            Inner::Sqlite(c) => {
                let mut st = c.prepare_cached(sql)?;
                for row in vals.chunks(width) {
                    done += st.execute(rusqlite::params_from_iter(row))? as u64;
                }
            }
            Inner::Pg(tx, cache) => {
                let mut rest = vals;
                while !rest.is_empty() {
                    // Two sizes, so that few statements are prepared.
                    let rows = if rest.len() >= width * ROWS { ROWS } else { 1 };
                    let (now, later) = rest.split_at((width * rows).min(rest.len()));
                    let st = statement(tx, cache, &widened(sql, width, rows))?;
                    done += tx.execute(&st, &pg_params(now))?;
                    rest = later;
                }
            }
        }
        Ok(done)
    }

    /// Several statements without parameters, for migrations.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        match &mut self.inner {
            Inner::Sqlite(c) => Ok(c.execute_batch(sql)?),
            Inner::Pg(tx, _) => Ok(tx.batch_execute(sql)?),
        }
    }

    /// Only prepares a statement: proves that the engine understands it.
    pub fn prepare_only(&mut self, sql: &str) -> Result<(), StoreError> {
        match &mut self.inner {
            Inner::Sqlite(c) => Ok(c.prepare(sql).map(drop)?),
            Inner::Pg(tx, _) => Ok(tx.prepare(&dollar(sql)).map(drop)?),
        }
    }
}

/// Rows of one statement of [`Db::insert_rows`].
const ROWS: usize = 64;

/// The insert of one row as an insert of several: `values (?1, ?2)` becomes
/// `values (?1, ?2), (?3, ?4)`.
fn widened(sql: &str, width: usize, rows: usize) -> String {
    const VALUES: &str = "values (";
    let place = sql.find(VALUES).map(|at| at + VALUES.len());
    let Some((start, end)) = place.and_then(|start| Some((start, start + sql.get(start..)?.find(')')?)))
    else {
        return sql.to_owned();
    };
    let (Some(head), Some(tuple), Some(tail)) = (sql.get(..start), sql.get(start..end), sql.get(end..))
    else {
        return sql.to_owned();
    };
    let mut out = String::with_capacity(sql.len() + tuple.len() * rows);
    out.push_str(head);
    for row in 0..rows {
        if row > 0 {
            out.push_str("), (");
        }
        for (i, part) in tuple.split('?').enumerate() {
            let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            match part.get(..digits).and_then(|d| d.parse::<usize>().ok()) {
                Some(no) if i > 0 => {
                    out.push('?');
                    out.push_str(&(no + row * width).to_string());
                    out.push_str(part.get(digits..).unwrap_or_default());
                }
                _ => out.push_str(part),
            }
        }
    }
    out.push_str(tail);
    out
}

fn statement(
    tx: &mut postgres::Transaction<'_>,
    cache: &mut HashMap<String, postgres::Statement>,
    sql: &str,
) -> Result<postgres::Statement, StoreError> {
    if let Some(st) = cache.get(sql) {
        return Ok(st.clone());
    }
    let st = tx.prepare(&dollar(sql))?;
    cache.insert(sql.to_owned(), st.clone());
    Ok(st)
}

/// Real differences between the engines, each with two bodies.
impl Db<'_> {
    /// Reads a row and keeps others from changing it until the end of the transaction.
    /// On SQLite the write transaction already holds the database.
    pub fn one_locked<T>(
        &mut self,
        sql: &str,
        vals: &[Val<'_>],
        each: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        if self.is_sqlite() {
            self.one(sql, vals, each)
        } else {
            self.one(&format!("{sql} for update"), vals, each)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_change_only_outside_of_quotes() {
        assert_eq!(dollar("a = ?1 and b = '?2' and c = ?10"), "a = $1 and b = '?2' and c = $10");
    }

    #[test]
    fn an_insert_of_one_row_becomes_one_of_several() {
        let one = "insert into a(b, c, d) values (?1, 'x', ?2) on conflict (b) do nothing";
        let two = "insert into a(b, c, d) values (?1, 'x', ?2), (?3, 'x', ?4) on conflict (b) do nothing";
        assert_eq!(widened(one, 2, 1), one);
        assert_eq!(widened(one, 2, 2), two);
    }
}
