//! Stored bytes: what lies in the object store and how to open it.

use crate::{Db, Row, StoreError, UNIT, vals};
use jz_domain::Millis;

/// One stored object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// SHA-256 of the content.
    pub sha256: Vec<u8>,
    /// SM3 of the content.
    pub sm3: Vec<u8>,
    /// Length of the content.
    pub len: i64,
    /// Name in the store.
    pub name: String,
    /// SHA-256 of the stored bytes.
    pub cipher: Vec<u8>,
    /// Wrapped data key.
    pub wrapped: Vec<u8>,
    /// When it was stored.
    pub made: Millis,
}

const PUT: &str = "insert into object(unit, sha256, sm3, len, name, cipher, wrapped, made)
                   values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) on conflict do nothing";
const FIND: &str =
    "select sha256, sm3, len, name, cipher, wrapped, made from object where unit = ?1 and sha256 = ?2";
const ALL: &str = "select sha256, sm3, len, name, cipher, wrapped, made from object
                   where unit = ?1 and sha256 > ?2 order by sha256 limit ?3";

pub(crate) const SQL: &[&str] = &[PUT, FIND, ALL];

fn row(r: &Row<'_>) -> Result<Object, StoreError> {
    Ok(Object {
        sha256: r.bytes(0)?,
        sm3: r.bytes(1)?,
        len: r.int(2)?,
        name: r.text(3)?,
        cipher: r.bytes(4)?,
        wrapped: r.bytes(5)?,
        made: Millis(r.int(6)?),
    })
}

/// Remembers an object that is safely stored. Answers whether it is new.
pub fn put(db: &mut Db<'_>, o: &Object) -> Result<bool, StoreError> {
    let n = db.exec(PUT, vals![UNIT, &o.sha256, &o.sm3, o.len, &o.name, &o.cipher, &o.wrapped, o.made])?;
    Ok(n == 1)
}

/// Looks one up by the digest of its content.
pub fn find(db: &mut Db<'_>, sha256: &[u8]) -> Result<Option<Object>, StoreError> {
    db.one(FIND, vals![UNIT, sha256], row)
}

/// A slice of all objects in the order of their digests.
pub fn all(db: &mut Db<'_>, after: &[u8], limit: i64) -> Result<Vec<Object>, StoreError> {
    db.query(ALL, vals![UNIT, after, limit], row)
}
