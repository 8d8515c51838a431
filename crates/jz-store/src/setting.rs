//! Settings and the wrapped unit key.

use crate::{Db, StoreError, UNIT, vals};

const GET: &str = "select value from setting where unit = ?1 and key = ?2";
const PUT: &str = "insert into setting(unit, key, value) values (?1, ?2, ?3)
                   on conflict (unit, key) do update set value = excluded.value";
const KEY: &str = "select wrapped from unit_key where unit = ?1";
const PUT_KEY: &str = "insert into unit_key(unit, wrapped) values (?1, ?2)
                       on conflict (unit) do update set wrapped = excluded.wrapped";

pub(crate) const SQL: &[&str] = &[GET, PUT, KEY, PUT_KEY];

/// Reads a setting.
pub fn get(db: &mut Db<'_>, key: &str) -> Result<Option<String>, StoreError> {
    db.one(GET, vals![UNIT, key], |r| r.text(0))
}

/// Writes a setting.
pub fn put(db: &mut Db<'_>, key: &str, value: &str) -> Result<(), StoreError> {
    db.exec(PUT, vals![UNIT, key, value]).map(drop)
}

/// The wrapped data key of the unit, if there is one.
pub fn unit_key(db: &mut Db<'_>) -> Result<Option<Vec<u8>>, StoreError> {
    db.one(KEY, vals![UNIT], |r| r.bytes(0))
}

/// Keeps the wrapped data key of the unit.
pub fn put_unit_key(db: &mut Db<'_>, wrapped: &[u8]) -> Result<(), StoreError> {
    db.exec(PUT_KEY, vals![UNIT, wrapped]).map(drop)
}
