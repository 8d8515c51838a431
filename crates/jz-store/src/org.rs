//! Organisations and their pre-order numbers.

use crate::{Db, StoreError, UNIT, Val, vals};
use jz_domain::{Id, org::Span};

/// One organisation.
#[derive(Clone, PartialEq, Eq)]
pub struct Org {
    /// Id.
    pub id: Id,
    /// Parent; `None` for the top.
    pub parent: Option<Id>,
    /// Code of its kind.
    pub kind: String,
    /// Full name, as on the seal.
    pub full_name: String,
    /// Short name.
    pub short_name: String,
    /// Its numbers.
    pub span: Span,
    /// `active` or `closed`.
    pub state: String,
    /// Sealed JSON.
    pub extra: Vec<u8>,
    /// Optimistic lock.
    pub version: i64,
}

const ALL: &str = "select id, parent, kind, full_name, short_name, lo, hi, state, extra, version, digest
                   from org where unit = ?1 order by lo";
const FIND: &str = "select id, parent, kind, full_name, short_name, lo, hi, state, extra, version, digest
                    from org where unit = ?1 and id = ?2";
const BY_NAME: &str = "select id, parent, kind, full_name, short_name, lo, hi, state, extra, version, digest
                       from org where unit = ?1 and full_name = ?2";
const LAST_CHILD: &str = "select lo, hi from org where unit = ?1 and parent = ?2 order by lo desc limit 1";
const INSERT: &str =
    "insert into org(unit, id, parent, kind, full_name, short_name, lo, hi, state, extra, version, digest)
                      values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1, ?11)";
const UPDATE: &str = "update org set full_name = ?4, short_name = ?5, state = ?6, extra = ?7,
                      version = version + 1, digest = ?8, kind = ?9 where unit = ?1 and id = ?2 and version = ?3";
const DELETE: &str = "delete from org where unit = ?1 and id = ?2";
const CHILDREN: &str = "select count(*) from org where unit = ?1 and parent = ?2";

const ABOVE: &str = "select lo from org where unit = ?1 and lo <= ?2 and hi >= ?2 order by lo";

pub(crate) const SQL: &[&str] = &[ABOVE, ALL, FIND, BY_NAME, LAST_CHILD, INSERT, UPDATE, DELETE, CHILDREN];

fn signed(db: &Db<'_>, o: &Org) -> [u8; 32] {
    let v: &[Val<'_>] =
        vals![o.id, o.parent, &o.kind, &o.full_name, &o.short_name, o.span.lo, o.span.hi, &o.state, &o.extra];
    db.row_digest("org", v)
}

fn row(r: &crate::Row<'_>) -> Result<(Org, Vec<u8>), StoreError> {
    let org = Org {
        id: r.id(0)?,
        parent: r.opt_id(1)?,
        kind: r.text(2)?,
        full_name: r.text(3)?,
        short_name: r.text(4)?,
        span: Span { lo: r.int(5)?, hi: r.int(6)? },
        state: r.text(7)?,
        extra: r.bytes(8)?,
        version: r.int(9)?,
    };
    Ok((org, r.bytes(10)?))
}

/// All organisations in pre-order.
pub fn all(db: &mut Db<'_>) -> Result<Vec<Org>, StoreError> {
    db.query(ALL, vals![UNIT], |r| row(r).map(|x| x.0))
}

/// Looks one up.
pub fn find(db: &mut Db<'_>, id: Id) -> Result<Option<Org>, StoreError> {
    db.one(FIND, vals![UNIT, id], |r| row(r).map(|x| x.0))
}

/// Looks one up by its full name.
pub fn by_name(db: &mut Db<'_>, full_name: &str) -> Result<Option<Org>, StoreError> {
    db.one(BY_NAME, vals![UNIT, full_name], |r| row(r).map(|x| x.0))
}

/// The numbers of the last child, for making room for the next.
pub fn last_child(db: &mut Db<'_>, parent: Id) -> Result<Option<Span>, StoreError> {
    db.one(LAST_CHILD, vals![UNIT, parent], |r| Ok(Span { lo: r.int(0)?, hi: r.int(1)? }))
}

/// Numbers of the organisations whose range holds `org_no`, from the top down.
pub fn above(db: &mut Db<'_>, org_no: i64) -> Result<Vec<i64>, StoreError> {
    db.query(ABOVE, vals![UNIT, org_no], |r| r.int(0))
}

/// How many children there are.
pub fn children(db: &mut Db<'_>, parent: Id) -> Result<i64, StoreError> {
    db.count(CHILDREN, vals![UNIT, parent])
}

/// Writes a new organisation.
pub fn insert(db: &mut Db<'_>, o: &Org) -> Result<(), StoreError> {
    let digest = signed(db, o);
    db.exec(
        INSERT,
        vals![
            UNIT,
            o.id,
            o.parent,
            &o.kind,
            &o.full_name,
            &o.short_name,
            o.span.lo,
            o.span.hi,
            &o.state,
            &o.extra,
            &digest[..]
        ],
    )
    .map(drop)
}

/// Writes kind, names, state and extras if the version is still the one that was read.
pub fn update(db: &mut Db<'_>, o: &Org) -> Result<(), StoreError> {
    let digest = signed(db, o);
    let v =
        vals![UNIT, o.id, o.version, &o.full_name, &o.short_name, &o.state, &o.extra, &digest[..], &o.kind];
    match db.exec(UPDATE, v)? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict),
    }
}

/// Takes an organisation out again: only for the undo of the import that made it.
pub fn delete(db: &mut Db<'_>, id: Id) -> Result<(), StoreError> {
    db.exec(DELETE, vals![UNIT, id]).map(drop)
}

/// Rows that do not fit their digest, and how many there are.
pub fn misfits(db: &mut Db<'_>) -> Result<(u64, Vec<Id>), StoreError> {
    let rows = db.query(ALL, vals![UNIT], row)?;
    let n = rows.len() as u64;
    let bad = rows.iter().filter(|(o, d)| signed(db, o)[..] != d[..]).map(|(o, _)| o.id).collect();
    Ok((n, bad))
}
