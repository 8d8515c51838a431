//! The ledger's rows and its head, and the events of changes.

use crate::{Db, Row, StoreError, UNIT, Val, vals};
use jz_domain::{Id, Millis};

/// One entry. `leaf` are the bytes that the tree hashes; the other fields repeat what
/// is in them, for finding.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Place in the tree, from 0.
    pub seq: i64,
    /// When.
    pub at: Millis,
    /// Account; 0 for the system itself.
    pub actor: Id,
    /// Code of the action.
    pub action: String,
    /// Whose file.
    pub subject: Option<Id>,
    /// What.
    pub object: Option<Id>,
    /// Hashed bytes.
    pub leaf: Vec<u8>,
    /// Opens the commitment to the detail.
    pub salt: Option<Vec<u8>>,
    /// Sealed detail.
    pub detail: Option<Vec<u8>>,
}

/// One recorded change.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    /// Id.
    pub id: Id,
    /// What it is about.
    pub subject: Id,
    /// Code.
    pub kind: String,
    /// Day it happened.
    pub happened: String,
    /// When it was recorded.
    pub recorded: Millis,
    /// Account.
    pub actor: Id,
    /// On what evidence.
    pub basis: Option<String>,
    /// Sealed JSON.
    pub detail: Vec<u8>,
    /// Ledger entry.
    pub seq: i64,
}

/// Which entries are wanted; empty means all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// By account.
    pub actor: Option<Id>,
    /// By action code.
    pub action: Option<String>,
    /// By the person the entry is about.
    pub subject: Option<Id>,
    /// Not before.
    pub from: Option<Millis>,
    /// Before.
    pub to: Option<Millis>,
}

macro_rules! columns {
    () => {
        "seq, at, actor, action, subject, object, leaf, salt, detail"
    };
}

const HEAD: &str = "select size, frontier from ledger_head where one = 1";
const HEAD_PUT: &str = "insert into ledger_head(one, size, frontier) values (1, ?1, ?2)
                        on conflict (one) do update set size = excluded.size, frontier = excluded.frontier";
const ADD: &str = concat!("insert into ledger(", columns!(), ") values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
const FROM: &str = concat!("select ", columns!(), " from ledger where seq >= ?1 order by seq limit ?2");
const LEAVES: &str = "select seq, leaf from ledger where seq >= ?1 order by seq limit ?2";
const NEWEST: &str = concat!(
    "select ",
    columns!(),
    " from ledger where seq < ?1 and at >= ?2 and at < ?3 and (action = ?4 or ?4 = '') order by seq desc limit ?5"
);
const BY_SUBJECT: &str = concat!(
    "select ",
    columns!(),
    " from ledger where subject = ?6 and seq < ?1 and at >= ?2 and at < ?3 and (action = ?4 or ?4 = '')
      order by seq desc limit ?5"
);
const BY_ACTOR: &str = concat!(
    "select ",
    columns!(),
    " from ledger where actor = ?6 and seq < ?1 and at >= ?2 and at < ?3 and (action = ?4 or ?4 = '')
      order by seq desc limit ?5"
);
const EVENT_ADD: &str =
    "insert into event(unit, subject, id, kind, happened, recorded, actor, basis, detail, seq)
                         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
const EVENTS: &str = "select id, subject, kind, happened, recorded, actor, basis, detail, seq from event
                      where unit = ?1 and subject = ?2 and id < ?3 order by id desc limit ?4";

pub(crate) const SQL: &[&str] =
    &[HEAD, HEAD_PUT, ADD, FROM, LEAVES, NEWEST, BY_SUBJECT, BY_ACTOR, EVENT_ADD, EVENTS];

fn row(r: &Row<'_>) -> Result<Entry, StoreError> {
    Ok(Entry {
        seq: r.int(0)?,
        at: Millis(r.int(1)?),
        actor: r.id(2)?,
        action: r.text(3)?,
        subject: r.opt_id(4)?,
        object: r.opt_id(5)?,
        leaf: r.bytes(6)?,
        salt: r.opt(7)?,
        detail: r.opt(8)?,
    })
}

/// Size and frontier; locked until the end of a write transaction.
pub fn head(db: &mut Db<'_>, lock: bool) -> Result<(i64, Vec<u8>), StoreError> {
    let read = |r: &Row<'_>| Ok((r.int(0)?, r.bytes(1)?));
    let found = if lock { db.one_locked(HEAD, &[], read)? } else { db.one(HEAD, &[], read)? };
    Ok(found.unwrap_or((0, Vec::new())))
}

/// Keeps size and frontier.
pub fn put_head(db: &mut Db<'_>, size: i64, frontier: &[u8]) -> Result<(), StoreError> {
    db.exec(HEAD_PUT, vals![size, frontier]).map(drop)
}

/// Appends an entry; its number must be the size before.
pub fn add(db: &mut Db<'_>, e: &Entry) -> Result<(), StoreError> {
    add_many(db, std::slice::from_ref(e))
}

/// Appends entries in order; the number of the first must be the size before.
pub fn add_many(db: &mut Db<'_>, entries: &[Entry]) -> Result<(), StoreError> {
    let vals: Vec<Val<'_>> = entries
        .iter()
        .flat_map(|e| {
            [
                e.seq.into(),
                e.at.into(),
                e.actor.into(),
                (&e.action).into(),
                e.subject.into(),
                e.object.into(),
                (&e.leaf).into(),
                e.salt.as_ref().into(),
                e.detail.as_ref().into(),
            ]
        })
        .collect();
    db.insert_rows(ADD, 9, &vals).map(drop)
}

/// Entries from a number on, in order.
pub fn from(db: &mut Db<'_>, seq: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
    db.query(FROM, vals![seq, limit], row)
}

/// Numbers and hashed bytes of the entries from a number on, in order.
pub fn leaves(db: &mut Db<'_>, seq: i64, limit: i64) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
    db.query(LEAVES, vals![seq, limit], |r| Ok((r.int(0)?, r.bytes(1)?)))
}

/// The newest entries below `before` that fit the filter.
pub fn newest(db: &mut Db<'_>, f: &Filter, before: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let from = f.from.map_or(0, |m| m.0);
    let to = f.to.map_or(i64::MAX, |m| m.0);
    let action = f.action.as_deref().unwrap_or("");
    match (f.subject, f.actor) {
        (Some(s), actor) => {
            let rows = db.query(BY_SUBJECT, vals![before, from, to, action, limit, s], row)?;
            Ok(rows.into_iter().filter(|e| actor.is_none_or(|a| a == e.actor)).collect())
        }
        (None, Some(a)) => db.query(BY_ACTOR, vals![before, from, to, action, limit, a], row),
        (None, None) => db.query(NEWEST, vals![before, from, to, action, limit], row),
    }
}

/// Writes an event.
pub fn add_event(db: &mut Db<'_>, e: &Event) -> Result<(), StoreError> {
    add_events(db, std::slice::from_ref(e))
}

/// Writes events.
pub fn add_events(db: &mut Db<'_>, events: &[Event]) -> Result<(), StoreError> {
    let vals: Vec<Val<'_>> = events
        .iter()
        .flat_map(|e| {
            [
                UNIT.into(),
                e.subject.into(),
                e.id.into(),
                (&e.kind).into(),
                (&e.happened).into(),
                e.recorded.into(),
                e.actor.into(),
                e.basis.as_ref().into(),
                (&e.detail).into(),
                e.seq.into(),
            ]
        })
        .collect();
    db.insert_rows(EVENT_ADD, 10, &vals).map(drop)
}

/// The newest events about something, below an id.
pub fn events(db: &mut Db<'_>, subject: Id, before: Id, limit: i64) -> Result<Vec<Event>, StoreError> {
    db.query(EVENTS, vals![UNIT, subject, before, limit], |r| {
        Ok(Event {
            id: r.id(0)?,
            subject: r.id(1)?,
            kind: r.text(2)?,
            happened: r.text(3)?,
            recorded: Millis(r.int(4)?),
            actor: r.id(5)?,
            basis: r.opt(6)?,
            detail: r.bytes(7)?,
            seq: r.int(8)?,
        })
    })
}
