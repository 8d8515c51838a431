//! People, what they are looked up by, and the tallies.

use crate::{Db, Row, StoreError, UNIT, Val, vals};
use jz_domain::{Id, org::Span};
use std::collections::{BTreeMap, BinaryHeap};

/// One person. Has no Debug: it holds personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Id.
    pub id: Id,
    /// Organisation.
    pub org: Id,
    /// Number of the organisation.
    pub org_no: i64,
    /// 姓名.
    pub name: String,
    /// 曾用名.
    pub former_name: Option<String>,
    /// Code of the sex.
    pub sex: String,
    /// 出生日期.
    pub birth: Option<String>,
    /// 学号/工号.
    pub number: Option<String>,
    /// 公民身份号码, sealed.
    pub id_enc: Option<Vec<u8>>,
    /// Keyed index of the 公民身份号码.
    pub id_key: Option<Vec<u8>>,
    /// 手机号码, sealed.
    pub phone_enc: Option<Vec<u8>>,
    /// 人员类别.
    pub stage: String,
    /// 党籍状态.
    pub status: Option<String>,
    /// 入党日期.
    pub joined: Option<String>,
    /// 转正日期.
    pub regular: Option<String>,
    /// Sealed JSON of all other fields.
    pub detail: Vec<u8>,
    /// How many volumes.
    pub volumes: i64,
    /// `active` or `withdrawn`.
    pub state: String,
    /// Optimistic lock.
    pub version: i64,
}

macro_rules! columns {
    () => {
        "id, org, org_no, name, former_name, sex, birth, number, id_enc, id_key, phone_enc, stage, status,
         joined, regular, detail, volumes, state, version"
    };
}

const FIND: &str = concat!("select ", columns!(), " from person where unit = ?1 and id = ?2");
const BY_ID_KEY: &str = concat!("select ", columns!(), " from person where unit = ?1 and id_key = ?2");
const BY_NUMBER: &str =
    concat!("select ", columns!(), " from person where unit = ?1 and number = ?2 and state = 'active'");
// The same for many at once: 32 places, the free ones null.
macro_rules! places {
    () => {
        "(?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
          ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33)"
    };
}
const BY_ID_KEYS: &str =
    concat!("select ", columns!(), " from person where unit = ?1 and id_key in ", places!());
const BY_NUMBERS: &str =
    concat!("select ", columns!(), " from person where unit = ?1 and number in ", places!());
const BY_IDS: &str = concat!("select ", columns!(), " from person where unit = ?1 and id in ", places!());
const INSERT: &str = concat!(
    "insert into person(unit, ",
    columns!(),
    ", digest) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, 1, ?20)"
);
const UPDATE: &str =
    "update person set org = ?4, org_no = ?5, name = ?6, former_name = ?7, sex = ?8, birth = ?9,
    number = ?10, id_enc = ?11, id_key = ?12, phone_enc = ?13, stage = ?14, status = ?15, joined = ?16,
    regular = ?17, detail = ?18, volumes = ?19, state = ?20, digest = ?21, version = version + 1
    where unit = ?1 and id = ?2 and version = ?3";
// Wide scopes walk from the newest down, at most so many rows; see `list`.
const WALK: &str = "select id from (select id, org_no, state from person where unit = ?1 and id < ?2
                                    order by id desc limit ?6) x
     where org_no between ?3 and ?4 and state = 'active' order by id desc limit ?5";
const WALK_STAGE: &str =
    "select id from (select id, org_no, state from person where unit = ?1 and stage = ?6 and id < ?2
                     order by id desc limit ?7) x
     where org_no between ?3 and ?4 and state = 'active' order by id desc limit ?5";
const GROUP: &str =
    "select id from person where unit = ?1 and org_no = ?2 and stage = ?3 and state = 'active'
                     and id < ?4 order by id desc limit ?5";
const ALL: &str =
    concat!("select ", columns!(), ", digest from person where unit = ?1 and id > ?2 order by id limit ?3");
const KEY_PUT: &str = "insert into person_key(unit, key, org_no, person) values (?1, ?2, ?3, ?4)
                       on conflict do nothing";
const KEY_DROP: &str = "delete from person_key where unit = ?1 and person = ?2";
const KEY_FIND: &str = "select person from person_key where unit = ?1 and key >= ?2 and key < ?3
                        and org_no between ?4 and ?5 limit ?6";
const TALLY_ADD: &str = "insert into person_tally(unit, org_no, stage, n) values (?1, ?2, ?3, ?4)
                         on conflict (unit, org_no, stage) do update set n = person_tally.n + excluded.n";
const TALLY_SUM: &str = "select cast(coalesce(sum(n), 0) as bigint), count(*) from person_tally
    where unit = ?1 and org_no between ?2 and ?3 and n > 0 and (stage = ?4 or ?4 = '')";
const TALLY: &str = "select org_no, stage, n from person_tally where unit = ?1 and org_no between ?2 and ?3";

pub(crate) const SQL: &[&str] = &[
    FIND, BY_ID_KEY, BY_NUMBER, BY_ID_KEYS, BY_NUMBERS, BY_IDS, INSERT, UPDATE, WALK, WALK_STAGE, GROUP, ALL,
    KEY_PUT, KEY_DROP, KEY_FIND, TALLY_ADD, TALLY_SUM, TALLY,
];

fn row(r: &Row<'_>) -> Result<Person, StoreError> {
    Ok(Person {
        id: r.id(0)?,
        org: r.id(1)?,
        org_no: r.int(2)?,
        name: r.text(3)?,
        former_name: r.opt(4)?,
        sex: r.text(5)?,
        birth: r.opt(6)?,
        number: r.opt(7)?,
        id_enc: r.opt(8)?,
        id_key: r.opt(9)?,
        phone_enc: r.opt(10)?,
        stage: r.text(11)?,
        status: r.opt(12)?,
        joined: r.opt(13)?,
        regular: r.opt(14)?,
        detail: r.bytes(15)?,
        volumes: r.int(16)?,
        state: r.text(17)?,
        version: r.int(18)?,
    })
}

/// Every column but the version, in order.
fn body(p: &Person) -> [Val<'_>; 18] {
    [
        p.id.into(),
        p.org.into(),
        p.org_no.into(),
        (&p.name).into(),
        p.former_name.as_ref().into(),
        (&p.sex).into(),
        p.birth.as_ref().into(),
        p.number.as_ref().into(),
        p.id_enc.as_ref().into(),
        p.id_key.as_ref().into(),
        p.phone_enc.as_ref().into(),
        (&p.stage).into(),
        p.status.as_ref().into(),
        p.joined.as_ref().into(),
        p.regular.as_ref().into(),
        (&p.detail).into(),
        p.volumes.into(),
        (&p.state).into(),
    ]
}

/// Looks one up.
pub fn find(db: &mut Db<'_>, id: Id) -> Result<Option<Person>, StoreError> {
    db.one(FIND, vals![UNIT, id], row)
}

/// Looks one up and keeps others from changing the row until the end of the transaction.
pub fn find_locked(db: &mut Db<'_>, id: Id) -> Result<Option<Person>, StoreError> {
    db.one_locked(FIND, vals![UNIT, id], row)
}

/// Looks one up by the keyed index of the identity number.
pub fn by_id_key(db: &mut Db<'_>, key: &[u8]) -> Result<Option<Person>, StoreError> {
    db.one(BY_ID_KEY, vals![UNIT, key], row)
}

/// All with this 学号/工号.
pub fn by_number(db: &mut Db<'_>, number: &str) -> Result<Vec<Person>, StoreError> {
    db.query(BY_NUMBER, vals![UNIT, number], row)
}

/// Looks many values up, 32 in a statement.
fn many<'v>(
    db: &mut Db<'_>,
    sql: &'static str,
    wanted: impl IntoIterator<Item = Val<'v>>,
) -> Result<Vec<Person>, StoreError> {
    let mut wanted = wanted.into_iter();
    let mut out = Vec::new();
    loop {
        let mut vals = [Val::Null; 33];
        let mut places = vals.iter_mut();
        if let Some(unit) = places.next() {
            *unit = UNIT.into();
        }
        let filled = places.zip(&mut wanted).map(|(place, v)| *place = v).count();
        if filled == 0 {
            return Ok(out);
        }
        out.append(&mut db.query(sql, &vals, row)?);
    }
}

/// All whose identity number has one of these keyed indexes, in any state.
pub fn by_id_keys(db: &mut Db<'_>, keys: &[&[u8]]) -> Result<Vec<Person>, StoreError> {
    many(db, BY_ID_KEYS, keys.iter().map(|k| Val::B(k)))
}

/// All with one of these 学号/工号, in any state.
pub fn by_numbers(db: &mut Db<'_>, numbers: &[&str]) -> Result<Vec<Person>, StoreError> {
    many(db, BY_NUMBERS, numbers.iter().map(|n| Val::T(n)))
}

/// All with one of these ids, in any state.
pub fn by_ids(db: &mut Db<'_>, ids: &[Id]) -> Result<Vec<Person>, StoreError> {
    many(db, BY_IDS, ids.iter().map(|i| Val::from(*i)))
}

/// Writes many new people; what they are looked up by is written by [`put_many_keys`].
pub fn insert_many(db: &mut Db<'_>, people: &[Person]) -> Result<(), StoreError> {
    let bodies: Vec<_> = people.iter().map(body).collect();
    let digests: Vec<[u8; 32]> = bodies.iter().map(|b| db.row_digest("person", b)).collect();
    let mut vals: Vec<Val<'_>> = Vec::with_capacity(people.len() * 20);
    for (body, digest) in bodies.into_iter().zip(&digests) {
        vals.push(UNIT.into());
        vals.extend(body);
        vals.push(digest[..].into());
    }
    db.insert_rows(INSERT, 20, &vals)?;
    let mut tallies: BTreeMap<(i64, &str), i64> = BTreeMap::new();
    for p in people {
        *tallies.entry((p.org_no, &p.stage)).or_default() += i64::from(p.state == "active");
    }
    tallies.into_iter().try_for_each(|((org_no, stage), n)| tally(db, org_no, stage, n))
}

/// Writes a new person.
pub fn insert(db: &mut Db<'_>, p: &Person) -> Result<(), StoreError> {
    let body = body(p);
    let digest = db.row_digest("person", &body);
    let mut all: Vec<Val<'_>> = Vec::with_capacity(20);
    all.push(UNIT.into());
    all.extend(body);
    all.push(digest[..].into());
    db.exec(INSERT, &all)?;
    tally(db, p.org_no, &p.stage, i64::from(p.state == "active"))
}

/// Writes a person if the version is still the one that was read. `old` is the row as
/// it was, for the tallies.
pub fn update(db: &mut Db<'_>, old: &Person, p: &Person) -> Result<(), StoreError> {
    let body = body(p);
    let digest = db.row_digest("person", &body);
    let mut all: Vec<Val<'_>> = vec![UNIT.into(), p.id.into(), old.version.into()];
    all.extend(body.into_iter().skip(1));
    all.push(digest[..].into());
    if db.exec(UPDATE, &all)? != 1 {
        return Err(StoreError::Conflict);
    }
    if (old.org_no, &old.stage, &old.state) != (p.org_no, &p.stage, &p.state) {
        tally(db, old.org_no, &old.stage, -i64::from(old.state == "active"))?;
        tally(db, p.org_no, &p.stage, i64::from(p.state == "active"))?;
    }
    Ok(())
}

fn tally(db: &mut Db<'_>, org_no: i64, stage: &str, by: i64) -> Result<(), StoreError> {
    if by == 0 {
        return Ok(());
    }
    db.exec(TALLY_ADD, vals![UNIT, org_no, stage, by]).map(drop)
}

/// Number of people by organisation number and stage, inside the range.
pub fn tallies(db: &mut Db<'_>, span: Span) -> Result<Vec<(i64, String, i64)>, StoreError> {
    db.query(TALLY, vals![UNIT, span.lo, span.hi], |r| Ok((r.int(0)?, r.text(1)?, r.int(2)?)))
}

/// The number of people inside the range, of one stage when one is given, and of groups
/// that they are in.
pub fn tally_sum(db: &mut Db<'_>, span: Span, stage: Option<&str>) -> Result<(i64, i64), StoreError> {
    let stage = stage.unwrap_or("");
    let sum = db.one(TALLY_SUM, vals![UNIT, span.lo, span.hi, stage], |r| Ok((r.int(0)?, r.int(1)?)))?;
    Ok(sum.unwrap_or_default())
}

/// A range of at most so many groups (an organisation's people of one stage) is put
/// together from them.
const FEW_GROUPS: i64 = 120;
/// A walk gives up after so many people: those of the range may all be old.
const WALKED: i64 = 3_000;

/// The newest people inside the range with an id below `before`, at most `limit`.
///
/// `groups` is the number of groups in the range, as `tally_sum` tells: few groups are
/// merged, of many one walks down from the newest person and merges when that leads nowhere.
pub fn list(
    db: &mut Db<'_>,
    span: Span,
    stage: Option<&str>,
    before: Id,
    limit: i64,
    groups: i64,
) -> Result<Vec<Person>, StoreError> {
    if groups > FEW_GROUPS {
        let (lo, hi) = (span.lo, span.hi);
        let ids = match stage {
            None => db.query(WALK, vals![UNIT, before, lo, hi, limit, WALKED], |r| r.id(0))?,
            Some(s) => db.query(WALK_STAGE, vals![UNIT, before, lo, hi, limit, s, WALKED], |r| r.id(0))?,
        };
        if ids.len() as i64 == limit {
            return of_ids(db, &ids);
        }
    }
    let ids = merged(db, span, stage, before, limit)?;
    of_ids(db, &ids)
}

fn of_ids(db: &mut Db<'_>, ids: &[Id]) -> Result<Vec<Person>, StoreError> {
    let mut out = Vec::with_capacity(ids.len());
    for id in ids {
        out.extend(find(db, *id)?);
    }
    Ok(out)
}

/// The newest ids of all groups of the range. Each group is asked for a few, and again
/// only when its few have all been taken.
fn merged(
    db: &mut Db<'_>,
    span: Span,
    stage: Option<&str>,
    before: Id,
    limit: i64,
) -> Result<Vec<Id>, StoreError> {
    let mut groups = tallies(db, span)?;
    groups.retain(|g| g.2 > 0 && stage.is_none_or(|s| s == g.1));
    let share = (limit / (groups.len() as i64).max(1) * 2 + 3).min(limit);
    let more = |db: &mut Db<'_>, g: usize, below: Id| match groups.get(g) {
        Some((org_no, stage, _)) => db.query(GROUP, vals![UNIT, *org_no, stage, below, share], |r| r.id(0)),
        None => Ok(Vec::new()),
    };
    let mut heap = BinaryHeap::new();
    // The last id of a slice stands for the rest of its group.
    let push = |heap: &mut BinaryHeap<(Id, usize, bool)>, g: usize, ids: &[Id]| {
        let is_full = ids.len() as i64 == share;
        heap.extend(ids.iter().enumerate().map(|(n, id)| (*id, g, is_full && n + 1 == ids.len())));
    };
    for g in 0..groups.len() {
        let ids = more(db, g, before)?;
        push(&mut heap, g, &ids);
    }
    let mut out = Vec::with_capacity(limit as usize);
    while let Some((id, g, is_last)) = heap.pop() {
        out.push(id);
        if out.len() as i64 == limit {
            break;
        }
        if is_last {
            let ids = more(db, g, id)?;
            push(&mut heap, g, &ids);
        }
    }
    Ok(out)
}

/// Replaces what a person is looked up by.
pub fn put_keys(
    db: &mut Db<'_>,
    person: Id,
    org_no: i64,
    keys: &[String],
    is_new: bool,
) -> Result<(), StoreError> {
    if !is_new {
        db.exec(KEY_DROP, vals![UNIT, person])?;
    }
    for k in keys {
        db.exec(KEY_PUT, vals![UNIT, k, org_no, person])?;
    }
    Ok(())
}

/// Writes keys of many people who have none yet: key, number of the organisation, person.
/// Ordered keys are cheap to write, because neighbours share a page of the table.
pub fn put_many_keys(db: &mut Db<'_>, keys: &[(String, i64, Id)]) -> Result<(), StoreError> {
    for part in keys.chunks(4096) {
        let vals: Vec<Val<'_>> = part
            .iter()
            .flat_map(|(key, org_no, person)| [UNIT.into(), key.into(), (*org_no).into(), (*person).into()])
            .collect();
        db.insert_rows(KEY_PUT, 4, &vals)?;
    }
    Ok(())
}

/// People with a key in `[lo, hi)`, inside the organisation range.
pub fn by_key(db: &mut Db<'_>, lo: &str, hi: &str, span: Span, limit: i64) -> Result<Vec<Id>, StoreError> {
    db.query(KEY_FIND, vals![UNIT, lo, hi, span.lo, span.hi, limit], |r| r.id(0))
}

/// A slice of all people in id order, each with whether the row fits its digest.
pub fn checked(db: &mut Db<'_>, after: Id, limit: i64) -> Result<Vec<(Person, bool)>, StoreError> {
    let rows = db.query(ALL, vals![UNIT, after, limit], |r| Ok((row(r)?, r.bytes(19)?)))?;
    Ok(rows
        .into_iter()
        .map(|(p, digest)| {
            let fits = db.row_digest("person", &body(&p))[..] == digest[..];
            (p, fits)
        })
        .collect())
}
