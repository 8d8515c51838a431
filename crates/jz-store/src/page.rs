//! Pages and their readings.

use crate::{Db, Row, StoreError, UNIT, Val, vals};
use jz_domain::{Id, Millis};

/// One page (面).
#[derive(Clone, PartialEq)]
pub struct Page {
    /// Id.
    pub id: Id,
    /// Volume.
    pub volume: Id,
    /// Material.
    pub material: Id,
    /// Whose.
    pub person: Id,
    /// Number of the organisation.
    pub org_no: i64,
    /// Place in the material, from 1.
    pub no: i64,
    /// SHA-256 of the master.
    pub object: Vec<u8>,
    /// Sealed path or file name it came from.
    pub source: Vec<u8>,
    /// `jpeg`, `png`, `tiff`, `pdf`.
    pub format: String,
    /// Width in pixels.
    pub w: i64,
    /// Height in pixels.
    pub h: i64,
    /// Resolution.
    pub dpi: Option<i64>,
    /// JSON of quality facts.
    pub facts: String,
    /// `pending`, `done`, `failed`, `none`.
    pub ocr: String,
    /// Mean confidence of the newest reading.
    pub confidence: Option<f64>,
    /// Newest reading; 0 for none.
    pub text_rev: i64,
    /// `active` or `withdrawn`.
    pub state: String,
}

/// One reading of a page.
#[derive(Clone, PartialEq, Eq)]
pub struct Reading {
    /// Page.
    pub page: Id,
    /// Revision, from 1.
    pub rev: i64,
    /// `machine` or `corrected`.
    pub kind: String,
    /// When.
    pub at: Millis,
    /// Who corrected.
    pub actor: Option<Id>,
    /// Sealed JSON of lines.
    pub lines: Vec<u8>,
    /// Sealed folded text.
    pub folded: Vec<u8>,
}

/// What verification of a search hit needs of a page.
#[derive(Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Number of the organisation.
    pub org_no: i64,
    /// Sealed folded text.
    pub folded: Vec<u8>,
    /// Whose.
    pub person: Id,
    /// In which volume.
    pub volume: Id,
}

macro_rules! columns {
    () => {
        "id, volume, material, person, org_no, no, object, source, format, w, h, dpi, facts, ocr, confidence, text_rev, state"
    };
}

const FIND: &str = concat!("select ", columns!(), " from page where unit = ?1 and id = ?2");
const OF_VOLUME: &str = concat!(
    "select ",
    columns!(),
    " from page where unit = ?1 and volume = ?2 and state = 'active' order by material, no, id"
);
const OF_MATERIAL: &str = concat!(
    "select ",
    columns!(),
    " from page where unit = ?1 and material = ?2 and state = 'active' order by no, id"
);
const LOW: &str = concat!(
    "select ",
    columns!(),
    " from page where unit = ?1 and ocr = 'done' and confidence < ?2 and org_no between ?3 and ?4 and id > ?5
      and state = 'active' order by id limit ?6"
);
const ALL: &str =
    concat!("select ", columns!(), ", digest from page where unit = ?1 and id > ?2 order by id limit ?3");
const BY_OBJECT: &str = concat!(
    "select ",
    columns!(),
    " from page where unit = ?1 and object = ?2 and state = 'active' order by id"
);
const OCR_COUNTS: &str = "select ocr, count(*) from page where unit = ?1 and state = 'active' group by ocr";
const PUT: &str = "insert into page(unit, id, volume, material, person, org_no, no, object, source, format, w, h, dpi, facts, ocr, confidence, text_rev, state, digest)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
    on conflict (unit, id) do update set volume = excluded.volume, material = excluded.material, person = excluded.person,
    org_no = excluded.org_no, no = excluded.no, facts = excluded.facts, ocr = excluded.ocr, confidence = excluded.confidence,
    text_rev = excluded.text_rev, state = excluded.state, digest = excluded.digest";
const READ_PUT: &str = "insert into page_text(unit, page, rev, kind, at, actor, lines, folded)
                        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const READ_FIND: &str = "select page, rev, kind, at, actor, lines, folded from page_text
                         where unit = ?1 and page = ?2 and rev = ?3";
const CANDIDATE: &str = "select p.org_no, t.folded, p.person, p.volume from page p
    join page_text t on t.unit = p.unit and t.page = p.id and t.rev = p.text_rev
    where p.unit = ?1 and p.id = ?2 and p.state = 'active'";

pub(crate) const SQL: &[&str] =
    &[FIND, OF_VOLUME, OF_MATERIAL, LOW, ALL, BY_OBJECT, OCR_COUNTS, PUT, READ_PUT, READ_FIND, CANDIDATE];

fn row(r: &Row<'_>) -> Result<Page, StoreError> {
    Ok(Page {
        id: r.id(0)?,
        volume: r.id(1)?,
        material: r.id(2)?,
        person: r.id(3)?,
        org_no: r.int(4)?,
        no: r.int(5)?,
        object: r.bytes(6)?,
        source: r.bytes(7)?,
        format: r.text(8)?,
        w: r.int(9)?,
        h: r.int(10)?,
        dpi: r.opt(11)?,
        facts: r.text(12)?,
        ocr: r.text(13)?,
        confidence: r.opt(14)?,
        text_rev: r.int(15)?,
        state: r.text(16)?,
    })
}

fn body(p: &Page) -> [Val<'_>; 17] {
    [
        p.id.into(),
        p.volume.into(),
        p.material.into(),
        p.person.into(),
        p.org_no.into(),
        p.no.into(),
        (&p.object).into(),
        (&p.source).into(),
        (&p.format).into(),
        p.w.into(),
        p.h.into(),
        p.dpi.into(),
        (&p.facts).into(),
        (&p.ocr).into(),
        p.confidence.into(),
        p.text_rev.into(),
        (&p.state).into(),
    ]
}

/// Looks a page up.
pub fn find(db: &mut Db<'_>, id: Id) -> Result<Option<Page>, StoreError> {
    db.one(FIND, vals![UNIT, id], row)
}

/// The pages of a volume, by material and place.
pub fn of_volume(db: &mut Db<'_>, volume: Id) -> Result<Vec<Page>, StoreError> {
    db.query(OF_VOLUME, vals![UNIT, volume], row)
}

/// The pages of a material in order.
pub fn of_material(db: &mut Db<'_>, material: Id) -> Result<Vec<Page>, StoreError> {
    db.query(OF_MATERIAL, vals![UNIT, material], row)
}

/// Pages whose reading is less sure than `threshold`, in a range, after an id.
pub fn low_confidence(
    db: &mut Db<'_>,
    threshold: f64,
    span: jz_domain::org::Span,
    after: Id,
    limit: i64,
) -> Result<Vec<Page>, StoreError> {
    db.query(LOW, vals![UNIT, threshold, span.lo, span.hi, after, limit], row)
}

/// Pages with the same master.
pub fn by_object(db: &mut Db<'_>, sha256: &[u8]) -> Result<Vec<Page>, StoreError> {
    db.query(BY_OBJECT, vals![UNIT, sha256], row)
}

/// How many pages are in which state of recognition.
pub fn ocr_counts(db: &mut Db<'_>) -> Result<Vec<(String, i64)>, StoreError> {
    db.query(OCR_COUNTS, vals![UNIT], |r| Ok((r.text(0)?, r.int(1)?)))
}

/// Writes a page, new or changed. The master, its source and its size never change.
pub fn put(db: &mut Db<'_>, p: &Page) -> Result<(), StoreError> {
    let body = body(p);
    let d = db.row_digest("page", &body);
    let mut all: Vec<Val<'_>> = vec![UNIT.into()];
    all.extend(body);
    all.push(d[..].into());
    db.exec(PUT, &all).map(drop)
}

/// Writes a reading.
pub fn put_reading(db: &mut Db<'_>, t: &Reading) -> Result<(), StoreError> {
    db.exec(READ_PUT, vals![UNIT, t.page, t.rev, &t.kind, t.at, t.actor, &t.lines, &t.folded]).map(drop)
}

/// One reading.
pub fn reading(db: &mut Db<'_>, page: Id, rev: i64) -> Result<Option<Reading>, StoreError> {
    db.one(READ_FIND, vals![UNIT, page, rev], |r| {
        Ok(Reading {
            page: r.id(0)?,
            rev: r.int(1)?,
            kind: r.text(2)?,
            at: Millis(r.int(3)?),
            actor: r.opt_id(4)?,
            lines: r.bytes(5)?,
            folded: r.bytes(6)?,
        })
    })
}

/// What verification of a hit needs.
pub fn candidate(db: &mut Db<'_>, page: Id) -> Result<Option<Candidate>, StoreError> {
    db.one(CANDIDATE, vals![UNIT, page], |r| {
        Ok(Candidate { org_no: r.int(0)?, folded: r.bytes(1)?, person: r.id(2)?, volume: r.id(3)? })
    })
}

/// A slice of all pages in id order, each with whether the row fits its digest.
pub fn checked(db: &mut Db<'_>, after: Id, limit: i64) -> Result<Vec<(Page, bool)>, StoreError> {
    let rows = db.query(ALL, vals![UNIT, after, limit], |r| Ok((row(r)?, r.bytes(17)?)))?;
    Ok(rows
        .into_iter()
        .map(|(p, d)| {
            let ok = db.row_digest("page", &body(&p))[..] == d[..];
            (p, ok)
        })
        .collect())
}
