//! Connections and transactions: one writer and several readers on SQLite, several
//! equal connections on PostgreSQL.
//!
//! There are two doors and no others: [`Store::read`] (a consistent read) and
//! [`Store::write`] (on SQLite `begin immediate`, because a read that later writes
//! loses to any other writer). A closure that fails leaves nothing behind.

use crate::{
    StoreError,
    db::{Conn, Db, Inner, RowKey},
    schema,
};
use rusqlite::config::DbConfig;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Where the data is.
#[derive(Clone)]
pub enum Place {
    /// A file of the embedded engine.
    Sqlite(PathBuf),
    /// A PostgreSQL connection string. It may hold a password: it has no Debug.
    Pg(String),
}

/// The database, shared by all threads.
pub struct Store {
    place: Place,
    writer: Option<Mutex<Conn>>,
    pool: Mutex<Vec<Conn>>,
    freed: Condvar,
    made: Mutex<usize>,
    most: usize,
    read_only: AtomicBool,
    key: RowKey,
}

fn lock<T>(m: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic in another thread cannot leave a half-done transaction: it was rolled back.
    m.lock().unwrap_or_else(PoisonError::into_inner)
}

// Rows of the larger tables are longer than a quarter of the usual 4 KiB, and what does
// not fit in a page lies in a chain that every comparison of keys would follow.
const SQLITE_SETUP: &str = "
    pragma page_size = 8192;
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma secure_delete = on;
    pragma foreign_keys = on;
    pragma busy_timeout = 5000;
    pragma cache_size = -16384;
    pragma temp_store = memory;
    pragma mmap_size = 268435456;
";

fn open_sqlite(path: &Path) -> Result<Conn, StoreError> {
    let c = rusqlite::Connection::open(path)?;
    c.execute_batch(SQLITE_SETUP)?;
    // Otherwise a statement is compiled again whenever a value is bound that the planner has looked at.
    c.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    c.set_prepared_statement_cache_capacity(256);
    Ok(Conn::Sqlite(c))
}

/// A connection that cannot write. Said once: the engine throws away all its prepared
/// statements whenever this is changed.
fn open_reader(path: &Path) -> Result<Conn, StoreError> {
    let conn = open_sqlite(path)?;
    if let Conn::Sqlite(c) = &conn {
        c.execute_batch("pragma query_only = on")?;
    }
    Ok(conn)
}

fn open_pg(url: &str) -> Result<Conn, StoreError> {
    let mut client = postgres::Client::connect(url, postgres::NoTls)?;
    client.batch_execute("set synchronous_commit = on; set timezone = 'UTC'; set lock_timeout = '5s'")?;
    Ok(Conn::Pg(Box::new(client), HashMap::new()))
}

impl Store {
    /// Opens the database and brings its tables to this version.
    pub fn open(place: Place, key: RowKey) -> Result<Self, StoreError> {
        let writer = match &place {
            Place::Sqlite(path) => Some(Mutex::new(open_sqlite(path)?)),
            Place::Pg(_) => None,
        };
        let store = Self {
            place,
            writer,
            pool: Mutex::new(Vec::new()),
            freed: Condvar::new(),
            made: Mutex::new(0),
            most: 8,
            read_only: AtomicBool::new(false),
            key,
        };
        schema::migrate(&store)?;
        Ok(store)
    }

    /// The same store with the key of the row digests, which itself depends on a key
    /// that the database holds wrapped.
    pub fn with_row_key(mut self, key: RowKey) -> Self {
        self.key = key;
        self
    }

    /// Whether this is the embedded engine.
    pub fn is_sqlite(&self) -> bool {
        matches!(self.place, Place::Sqlite(_))
    }

    /// From now on every write is refused with [`StoreError::ReadOnly`].
    pub fn set_read_only(&self) {
        self.read_only.store(true, Ordering::SeqCst);
    }

    /// Whether writes are refused.
    pub fn is_read_only(&self) -> bool {
        self.read_only.load(Ordering::SeqCst)
    }

    fn take(&self) -> Result<Conn, StoreError> {
        let mut pool = lock(&self.pool);
        loop {
            if let Some(c) = pool.pop() {
                return Ok(c);
            }
            {
                let mut made = lock(&self.made);
                if *made < self.most {
                    *made += 1;
                    drop(pool);
                    let opened = match &self.place {
                        Place::Sqlite(p) => open_reader(p),
                        Place::Pg(u) => open_pg(u),
                    };
                    if opened.is_err() {
                        *made -= 1;
                    }
                    return opened;
                }
            }
            let (guard, wait) = self
                .freed
                .wait_timeout(pool, Duration::from_secs(10))
                .unwrap_or_else(PoisonError::into_inner);
            pool = guard;
            if wait.timed_out() && pool.is_empty() {
                return Err(StoreError::Busy);
            }
        }
    }

    fn give(&self, c: Conn) {
        let gone = matches!(&c, Conn::Pg(client, _) if client.is_closed());
        if gone {
            *lock(&self.made) -= 1;
        } else {
            lock(&self.pool).push(c);
        }
        self.freed.notify_one();
    }

    /// A consistent read. Statements that write are refused by the engine.
    pub fn read<T, E: From<StoreError>>(&self, f: impl FnOnce(&mut Db<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut conn = self.take()?;
        let out = match &mut conn {
            Conn::Sqlite(c) => sqlite_read(c, &self.key, f),
            Conn::Pg(client, cache) => pg_read(client, cache, &self.key, f),
        };
        self.give(conn);
        out
    }

    /// A change: all of it or nothing.
    pub fn write<T, E: From<StoreError>>(&self, f: impl FnOnce(&mut Db<'_>) -> Result<T, E>) -> Result<T, E> {
        if self.is_read_only() {
            return Err(StoreError::ReadOnly.into());
        }
        if let Some(w) = &self.writer {
            return match &mut *lock(w) {
                Conn::Sqlite(c) => sqlite_write(c, &self.key, f),
                Conn::Pg(..) => Err(StoreError::Setup("writer of another engine".into()).into()),
            };
        }
        let mut conn = self.take()?;
        let out = match &mut conn {
            Conn::Pg(client, cache) => pg_write(client, cache, &self.key, f),
            Conn::Sqlite(c) => sqlite_write(c, &self.key, f),
        };
        self.give(conn);
        out
    }

    /// Moves the write-ahead log into the database file after a bulk load.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        if let Some(w) = &self.writer
            && let Conn::Sqlite(c) = &*lock(w)
        {
            c.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))?;
        }
        Ok(())
    }

    /// Joins the parts of the search index when there are many, in small steps, as long as
    /// `go_on` says so.
    pub fn join_codes(&self, go_on: impl Fn() -> bool) -> Result<(), StoreError> {
        const FEW_PARTS: i64 = 4;
        if self.is_read_only() || self.read(|db| db.code_parts())? <= FEW_PARTS {
            return Ok(());
        }
        let mut begin = true;
        while go_on() && self.write(|db| db.join_codes(begin))? {
            begin = false;
        }
        Ok(())
    }

    /// The engine's own check of its file; `None` when all is well.
    pub fn engine_check(&self) -> Result<Option<String>, StoreError> {
        let mut conn = self.take()?;
        let out = match &mut conn {
            Conn::Sqlite(c) => c
                .query_row("pragma integrity_check(1)", [], |r| r.get::<_, String>(0))
                .map(|s| (s != "ok").then_some(s))
                .map_err(StoreError::from),
            Conn::Pg(..) => Ok(None),
        };
        self.give(conn);
        out
    }
}

fn sqlite_read<T, E: From<StoreError>>(
    c: &rusqlite::Connection,
    key: &RowKey,
    f: impl FnOnce(&mut Db<'_>) -> Result<T, E>,
) -> Result<T, E> {
    c.execute_batch("begin deferred").map_err(StoreError::from)?;
    let out = f(&mut Db { inner: Inner::Sqlite(c), key });
    c.execute_batch("rollback").map_err(StoreError::from)?;
    out
}

fn sqlite_write<T, E: From<StoreError>>(
    c: &rusqlite::Connection,
    key: &RowKey,
    f: impl FnOnce(&mut Db<'_>) -> Result<T, E>,
) -> Result<T, E> {
    c.execute_batch("begin immediate").map_err(StoreError::from)?;
    let undo = Undo(c);
    let out = f(&mut Db { inner: Inner::Sqlite(c), key })?;
    c.execute_batch("commit").map_err(StoreError::from)?;
    std::mem::forget(undo);
    Ok(out)
}

/// Rolls back when dropped, also when the closure panics.
struct Undo<'a>(&'a rusqlite::Connection);

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        if let Err(e) = self.0.execute_batch("rollback") {
            tracing::error!(error = %e, "rollback failed");
        }
    }
}

fn pg_read<T, E: From<StoreError>>(
    client: &mut postgres::Client,
    cache: &mut HashMap<String, postgres::Statement>,
    key: &RowKey,
    f: impl FnOnce(&mut Db<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let tx = client
        .build_transaction()
        .read_only(true)
        .isolation_level(postgres::IsolationLevel::RepeatableRead)
        .start()
        .map_err(StoreError::from)?;
    let mut db = Db { inner: Inner::Pg(tx, cache), key };
    f(&mut db)
}

fn pg_write<T, E: From<StoreError>>(
    client: &mut postgres::Client,
    cache: &mut HashMap<String, postgres::Statement>,
    key: &RowKey,
    f: impl FnOnce(&mut Db<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let tx = client.transaction().map_err(StoreError::from)?;
    let mut db = Db { inner: Inner::Pg(tx, cache), key };
    let out = f(&mut db)?;
    if let Inner::Pg(tx, _) = db.inner {
        tx.commit().map_err(StoreError::from)?;
    }
    Ok(out)
}
