//! Volumes, their materials and catalogue revisions.

use crate::{Db, Row, StoreError, UNIT, Val, vals};
use jz_domain::{Id, Millis, org::Span};

/// One volume (卷).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// Id.
    pub id: Id,
    /// 档号.
    pub no: String,
    /// Whose.
    pub person: Id,
    /// Number of the person's organisation.
    pub org_no: i64,
    /// Class scheme.
    pub scheme: String,
    /// Code of the secrecy.
    pub secrecy: String,
    /// `active` or `withdrawn`.
    pub state: String,
    /// Catalogue revision.
    pub rev: i64,
    /// How many materials.
    pub materials: i64,
    /// How many pages.
    pub pages: i64,
    /// When it was made.
    pub made: Millis,
}

/// One material (份).
#[derive(Clone, PartialEq, Eq)]
pub struct Material {
    /// Id.
    pub id: Id,
    /// Volume.
    pub volume: Id,
    /// Class.
    pub class_code: String,
    /// Running number in the class.
    pub seq: i64,
    /// Title.
    pub title: String,
    /// Date.
    pub formed: Option<String>,
    /// Pages by the paper catalogue.
    pub page_count: Option<i64>,
    /// Copies.
    pub copies: i64,
    /// Remark.
    pub remark: String,
    /// Why it was removed.
    pub removed: Option<String>,
    /// Number of the organisation.
    pub org_no: i64,
}

/// One catalogue revision.
#[derive(Clone, PartialEq, Eq)]
pub struct Revision {
    /// Volume.
    pub volume: Id,
    /// Number, from 1.
    pub rev: i64,
    /// When.
    pub at: Millis,
    /// Who.
    pub actor: Id,
    /// Why.
    pub reason: Option<String>,
    /// Sealed JSON of the changes.
    pub changes: Vec<u8>,
    /// Sealed JSON of the catalogue afterwards.
    pub rows: Vec<u8>,
}

macro_rules! volume_columns {
    () => {
        "id, no, person, org_no, scheme, secrecy, state, rev, materials, pages, made"
    };
}
macro_rules! material_columns {
    () => {
        "id, volume, class_code, seq, title, formed, page_count, copies, remark, removed, org_no"
    };
}

const FIND: &str = concat!("select ", volume_columns!(), " from volume where unit = ?1 and id = ?2");
const BY_NO: &str = concat!("select ", volume_columns!(), " from volume where unit = ?1 and no = ?2");
const OF_PERSON: &str = concat!(
    "select ",
    volume_columns!(),
    " from volume where unit = ?1 and person = ?2 and state = 'active' order by id"
);
const LIST: &str = concat!(
    "select ",
    volume_columns!(),
    " from volume where unit = ?1 and id < ?2 and +org_no between ?3 and ?4 and state = 'active'
      order by id desc limit ?5"
);
const NO_RANGE: &str = concat!(
    "select ",
    volume_columns!(),
    " from volume where unit = ?1 and no >= ?2 and no < ?3 and state = 'active' order by no limit ?4"
);
const COUNT: &str = "select count(*) from (select 1 from volume where unit = ?1 and org_no between ?2 and ?3
                     and state = 'active' limit ?4) x";
const ALL: &str = concat!(
    "select ",
    volume_columns!(),
    ", digest from volume where unit = ?1 and id > ?2 order by id limit ?3"
);
const LAST_NO: &str = "select max(no) from volume where unit = ?1 and no >= ?2 and no < ?3";
const INSERT: &str = "insert into volume(unit, id, no, person, org_no, scheme, secrecy, state, rev, materials, pages, made, digest)
                      values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
const UPDATE: &str =
    "update volume set no = ?4, person = ?5, org_no = ?6, scheme = ?7, secrecy = ?8, state = ?9, rev = ?10,
                      materials = ?11, pages = ?12, digest = ?13 where unit = ?1 and id = ?2 and rev = ?3";
const M_FIND: &str = concat!("select ", material_columns!(), " from material where unit = ?1 and id = ?2");
const M_OF: &str = concat!("select ", material_columns!(), " from material where unit = ?1 and volume = ?2");
const M_ALL: &str = concat!(
    "select ",
    material_columns!(),
    ", digest from material where unit = ?1 and id > ?2 order by id limit ?3"
);
const M_PUT: &str = "insert into material(unit, id, volume, class_code, seq, title, formed, page_count, copies, remark, removed, org_no, digest)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
    on conflict (unit, id) do update set volume = excluded.volume, class_code = excluded.class_code, seq = excluded.seq,
    title = excluded.title, formed = excluded.formed, page_count = excluded.page_count, copies = excluded.copies,
    remark = excluded.remark, removed = excluded.removed, org_no = excluded.org_no, digest = excluded.digest";
const R_PUT: &str = "insert into catalogue_rev(unit, volume, rev, at, actor, reason, changes, rows)
                     values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const R_LIST: &str = "select volume, rev, at, actor, reason, changes, rows from catalogue_rev
                      where unit = ?1 and volume = ?2 order by rev desc limit ?3";
const R_FIND: &str = "select volume, rev, at, actor, reason, changes, rows from catalogue_rev
                      where unit = ?1 and volume = ?2 and rev = ?3";

pub(crate) const SQL: &[&str] = &[
    FIND, BY_NO, NO_RANGE, OF_PERSON, LIST, COUNT, ALL, LAST_NO, INSERT, UPDATE, M_FIND, M_OF, M_ALL, M_PUT,
    R_PUT, R_LIST, R_FIND,
];

fn row(r: &Row<'_>) -> Result<Volume, StoreError> {
    Ok(Volume {
        id: r.id(0)?,
        no: r.text(1)?,
        person: r.id(2)?,
        org_no: r.int(3)?,
        scheme: r.text(4)?,
        secrecy: r.text(5)?,
        state: r.text(6)?,
        rev: r.int(7)?,
        materials: r.int(8)?,
        pages: r.int(9)?,
        made: Millis(r.int(10)?),
    })
}

fn body(v: &Volume) -> [Val<'_>; 11] {
    [
        v.id.into(),
        (&v.no).into(),
        v.person.into(),
        v.org_no.into(),
        (&v.scheme).into(),
        (&v.secrecy).into(),
        (&v.state).into(),
        v.rev.into(),
        v.materials.into(),
        v.pages.into(),
        v.made.into(),
    ]
}

fn material_row(r: &Row<'_>) -> Result<Material, StoreError> {
    Ok(Material {
        id: r.id(0)?,
        volume: r.id(1)?,
        class_code: r.text(2)?,
        seq: r.int(3)?,
        title: r.text(4)?,
        formed: r.opt(5)?,
        page_count: r.opt(6)?,
        copies: r.int(7)?,
        remark: r.text(8)?,
        removed: r.opt(9)?,
        org_no: r.int(10)?,
    })
}

fn material_body(m: &Material) -> [Val<'_>; 11] {
    [
        m.id.into(),
        m.volume.into(),
        (&m.class_code).into(),
        m.seq.into(),
        (&m.title).into(),
        m.formed.as_ref().into(),
        m.page_count.into(),
        m.copies.into(),
        (&m.remark).into(),
        m.removed.as_ref().into(),
        m.org_no.into(),
    ]
}

/// Looks a volume up.
pub fn find(db: &mut Db<'_>, id: Id) -> Result<Option<Volume>, StoreError> {
    db.one(FIND, vals![UNIT, id], row)
}

/// Looks a volume up by its 档号.
pub fn by_no(db: &mut Db<'_>, no: &str) -> Result<Option<Volume>, StoreError> {
    db.one(BY_NO, vals![UNIT, no], row)
}

/// The volumes whose 档号 lies in `[lo, hi)`, in the order of their numbers.
pub fn by_no_range(db: &mut Db<'_>, lo: &str, hi: &str, limit: i64) -> Result<Vec<Volume>, StoreError> {
    db.query(NO_RANGE, vals![UNIT, lo, hi, limit], row)
}

/// The volumes of a person.
pub fn of_person(db: &mut Db<'_>, person: Id) -> Result<Vec<Volume>, StoreError> {
    db.query(OF_PERSON, vals![UNIT, person], row)
}

/// The newest volumes in a range below an id.
pub fn list(db: &mut Db<'_>, span: Span, before: Id, limit: i64) -> Result<Vec<Volume>, StoreError> {
    db.query(LIST, vals![UNIT, before, span.lo, span.hi, limit], row)
}

/// How many volumes are in a range, counted up to a limit.
pub fn count(db: &mut Db<'_>, span: Span, limit: i64) -> Result<i64, StoreError> {
    db.count(COUNT, vals![UNIT, span.lo, span.hi, limit])
}

/// The highest 档号 in `[lo, hi)`, for making the next.
pub fn last_no(db: &mut Db<'_>, lo: &str, hi: &str) -> Result<Option<String>, StoreError> {
    Ok(db.one(LAST_NO, vals![UNIT, lo, hi], |r| r.opt(0))?.flatten())
}

/// Writes a new volume.
pub fn insert(db: &mut Db<'_>, v: &Volume) -> Result<(), StoreError> {
    let body = body(v);
    let d = db.row_digest("volume", &body);
    let mut all: Vec<Val<'_>> = vec![UNIT.into()];
    all.extend(body);
    all.push(d[..].into());
    db.exec(INSERT, &all).map(drop)
}

/// Writes a volume if its revision is still `rev`.
pub fn update(db: &mut Db<'_>, v: &Volume, rev: i64) -> Result<(), StoreError> {
    let body = body(v);
    let d = db.row_digest("volume", &body);
    let mut all: Vec<Val<'_>> = vec![UNIT.into(), v.id.into(), rev.into()];
    all.extend(body.into_iter().skip(1).take(9));
    all.push(d[..].into());
    match db.exec(UPDATE, &all)? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict),
    }
}

/// Looks a material up.
pub fn find_material(db: &mut Db<'_>, id: Id) -> Result<Option<Material>, StoreError> {
    db.one(M_FIND, vals![UNIT, id], material_row)
}

/// All materials of a volume, also removed ones, in no order.
pub fn materials(db: &mut Db<'_>, volume: Id) -> Result<Vec<Material>, StoreError> {
    db.query(M_OF, vals![UNIT, volume], material_row)
}

/// Writes a material, new or changed.
pub fn put_material(db: &mut Db<'_>, m: &Material) -> Result<(), StoreError> {
    let body = material_body(m);
    let d = db.row_digest("material", &body);
    let mut all: Vec<Val<'_>> = vec![UNIT.into()];
    all.extend(body);
    all.push(d[..].into());
    db.exec(M_PUT, &all).map(drop)
}

/// Writes a catalogue revision.
pub fn put_revision(db: &mut Db<'_>, r: &Revision) -> Result<(), StoreError> {
    db.exec(R_PUT, vals![UNIT, r.volume, r.rev, r.at, r.actor, r.reason.as_ref(), &r.changes, &r.rows])
        .map(drop)
}

fn revision_row(r: &Row<'_>) -> Result<Revision, StoreError> {
    Ok(Revision {
        volume: r.id(0)?,
        rev: r.int(1)?,
        at: Millis(r.int(2)?),
        actor: r.id(3)?,
        reason: r.opt(4)?,
        changes: r.bytes(5)?,
        rows: r.bytes(6)?,
    })
}

/// The newest revisions of a volume.
pub fn revisions(db: &mut Db<'_>, volume: Id, limit: i64) -> Result<Vec<Revision>, StoreError> {
    db.query(R_LIST, vals![UNIT, volume, limit], revision_row)
}

/// One revision.
pub fn revision(db: &mut Db<'_>, volume: Id, rev: i64) -> Result<Option<Revision>, StoreError> {
    db.one(R_FIND, vals![UNIT, volume, rev], revision_row)
}

/// A slice of all volumes in id order, each with whether the row fits its digest.
pub fn checked(db: &mut Db<'_>, after: Id, limit: i64) -> Result<Vec<(Volume, bool)>, StoreError> {
    let rows = db.query(ALL, vals![UNIT, after, limit], |r| Ok((row(r)?, r.bytes(11)?)))?;
    Ok(rows
        .into_iter()
        .map(|(v, d)| {
            let ok = db.row_digest("volume", &body(&v))[..] == d[..];
            (v, ok)
        })
        .collect())
}

/// A slice of all materials in id order, each with whether the row fits its digest.
pub fn checked_materials(
    db: &mut Db<'_>,
    after: Id,
    limit: i64,
) -> Result<Vec<(Material, bool)>, StoreError> {
    let rows = db.query(M_ALL, vals![UNIT, after, limit], |r| Ok((material_row(r)?, r.bytes(11)?)))?;
    Ok(rows
        .into_iter()
        .map(|(m, d)| {
            let ok = db.row_digest("material", &material_body(&m))[..] == d[..];
            (m, ok)
        })
        .collect())
}
