//! The job queue and import batches.

use crate::{Db, Row, StoreError, UNIT, Val, vals};
use jz_domain::{Id, Millis};

/// One job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Id.
    pub id: Id,
    /// What to do.
    pub kind: String,
    /// With what: an id, never personal data.
    pub arg: String,
    /// `queued`, `running`, `done`, `failed`.
    pub state: String,
    /// Not before.
    pub run_at: Millis,
    /// A worker has it until then.
    pub lease: Millis,
    /// Attempts so far.
    pub tries: i64,
    /// Progress.
    pub done: i64,
    /// Progress out of.
    pub total: i64,
    /// Code of the last failure.
    pub error: Option<String>,
    /// When it was queued.
    pub made: Millis,
    /// When it ended.
    pub ended: Option<Millis>,
}

/// One import batch.
#[derive(Clone, PartialEq, Eq)]
pub struct Batch {
    /// Id.
    pub id: Id,
    /// `orgs`, `members`, `volumes`.
    pub kind: String,
    /// Sealed file or folder name.
    pub file: Vec<u8>,
    /// SHA-256 of the original upload.
    pub object: Option<Vec<u8>>,
    /// SHA-256 of the stored plan.
    pub plan: Option<Vec<u8>>,
    /// `preview`, `running`, `committed`, `undone`, `failed`.
    pub state: String,
    /// When.
    pub made: Millis,
    /// Who.
    pub actor: Id,
    /// Sealed JSON for the page.
    pub summary: Vec<u8>,
}

/// What a committed batch touched.
#[derive(Clone, PartialEq, Eq)]
pub struct Item {
    /// Place, from 0.
    pub n: i64,
    /// `person`, `org`, `volume`, `material`, `page`.
    pub kind: String,
    /// Which.
    pub object: Id,
    /// Version it left behind.
    pub version: i64,
    /// Sealed JSON of the state before; `None` when it was new.
    pub before: Option<Vec<u8>>,
}

macro_rules! columns {
    () => {
        "id, kind, arg, state, run_at, lease, tries, done, total, error, made, ended"
    };
}

const ADD: &str = concat!(
    "insert into job(unit, ",
    columns!(),
    ") values (?1, ?2, ?3, ?4, 'queued', ?5, 0, 0, 0, 0, ?6, ?7, null)"
);
const NEXT: &str = concat!(
    "select ",
    columns!(),
    " from job where ((state = 'queued' and run_at <= ?1) or (state = 'running' and lease < ?1)) and kind <> ?2
      order by run_at, id limit 1"
);
const CLAIM: &str =
    "update job set state = 'running', lease = ?3, tries = tries + 1 where unit = ?1 and id = ?2
                     and (state = 'queued' or (state = 'running' and lease < ?4))";
const PROGRESS: &str = "update job set done = ?3, total = ?4, lease = ?5 where unit = ?1 and id = ?2";
const END: &str = "update job set state = ?3, error = ?4, ended = ?5 where unit = ?1 and id = ?2";
const AGAIN: &str = "update job set state = 'queued', error = ?3, run_at = ?4 where unit = ?1 and id = ?2";
const FIND: &str = concat!("select ", columns!(), " from job where unit = ?1 and id = ?2");
const LIST: &str = concat!("select ", columns!(), " from job where unit = ?1 order by id desc limit ?2");
const OPEN: &str = "select count(*) from job where state in ('queued', 'running')";
const B_PUT: &str = "insert into batch(unit, id, kind, file, object, plan, state, made, actor, summary)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
    on conflict (unit, id) do update set state = excluded.state, plan = excluded.plan, summary = excluded.summary";
const B_FIND: &str =
    "select id, kind, file, object, plan, state, made, actor, summary from batch where unit = ?1 and id = ?2";
const B_LIST: &str = "select id, kind, file, object, plan, state, made, actor, summary from batch
                      where unit = ?1 order by id desc limit ?2";
const I_PUT: &str = "insert into batch_item(unit, batch, n, kind, object, version, before)
                     values (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const I_LIST: &str = "select n, kind, object, version, before from batch_item where unit = ?1 and batch = ?2
                      and n >= ?3 order by n limit ?4";
const I_ACCOUNTS: &str =
    "select i.n from batch_item i join account a on a.unit = i.unit and a.person = i.object
     where i.unit = ?1 and i.batch = ?2 and i.kind = 'person' and i.before is null order by i.n limit ?3";
const B_UNDONE: &str = "select count(*) from batch where unit = ?1 and state = 'undone'";
const I_PEOPLE_CHANGED: &str =
    "select i.n from batch_item i left join person p on p.unit = i.unit and p.id = i.object
     where i.unit = ?1 and i.batch = ?2 and i.kind = 'person' and (p.version is null or p.version <> i.version)
     order by i.n limit ?3";
const I_ORGS_CHANGED: &str =
    "select i.n from batch_item i left join org o on o.unit = i.unit and o.id = i.object
     where i.unit = ?1 and i.batch = ?2 and i.kind = 'org' and (o.version is null or o.version <> i.version)
     order by i.n limit ?3";

pub(crate) const SQL: &[&str] = &[
    ADD,
    NEXT,
    CLAIM,
    PROGRESS,
    END,
    AGAIN,
    FIND,
    LIST,
    OPEN,
    B_PUT,
    B_FIND,
    B_LIST,
    I_PUT,
    I_LIST,
    I_PEOPLE_CHANGED,
    I_ORGS_CHANGED,
    I_ACCOUNTS,
    B_UNDONE,
];

fn row(r: &Row<'_>) -> Result<Job, StoreError> {
    Ok(Job {
        id: r.id(0)?,
        kind: r.text(1)?,
        arg: r.text(2)?,
        state: r.text(3)?,
        run_at: Millis(r.int(4)?),
        lease: Millis(r.int(5)?),
        tries: r.int(6)?,
        done: r.int(7)?,
        total: r.int(8)?,
        error: r.opt(9)?,
        made: Millis(r.int(10)?),
        ended: r.opt(11)?.map(Millis),
    })
}

/// Queues a job, in the transaction that needs it.
pub fn add(db: &mut Db<'_>, id: Id, kind: &str, arg: &str, now: Millis) -> Result<(), StoreError> {
    db.exec(ADD, vals![UNIT, id, kind, arg, now, None::<&str>, now]).map(drop)
}

/// Takes the next job that is due, for `lease_ms`; jobs of a worker that died come
/// again when its lease is over. `not_kind` leaves one kind to others; empty for all.
pub fn claim(db: &mut Db<'_>, now: Millis, lease_ms: i64, not_kind: &str) -> Result<Option<Job>, StoreError> {
    let next = if db.is_sqlite() {
        db.one(NEXT, vals![now, not_kind], row)?
    } else {
        db.one(&format!("{NEXT} for update skip locked"), vals![now, not_kind], row)?
    };
    let Some(mut job) = next else { return Ok(None) };
    let lease = Millis(now.0 + lease_ms);
    if db.exec(CLAIM, vals![UNIT, job.id, lease, now])? != 1 {
        return Ok(None);
    }
    "running".clone_into(&mut job.state);
    job.tries += 1;
    job.lease = lease;
    Ok(Some(job))
}

/// Notes progress and keeps the job for longer.
pub fn progress(db: &mut Db<'_>, id: Id, done: i64, total: i64, lease: Millis) -> Result<(), StoreError> {
    db.exec(PROGRESS, vals![UNIT, id, done, total, lease]).map(drop)
}

/// Ends a job, well (`None`) or with the code of its failure.
pub fn end(db: &mut Db<'_>, id: Id, error: Option<&str>, now: Millis) -> Result<(), StoreError> {
    let state = if error.is_some() { "failed" } else { "done" };
    db.exec(END, vals![UNIT, id, state, error, now]).map(drop)
}

/// Puts a job back for another attempt.
pub fn again(db: &mut Db<'_>, id: Id, error: Option<&str>, at: Millis) -> Result<(), StoreError> {
    db.exec(AGAIN, vals![UNIT, id, error, at]).map(drop)
}

/// Looks a job up.
pub fn find(db: &mut Db<'_>, id: Id) -> Result<Option<Job>, StoreError> {
    db.one(FIND, vals![UNIT, id], row)
}

/// The newest jobs.
pub fn list(db: &mut Db<'_>, limit: i64) -> Result<Vec<Job>, StoreError> {
    db.query(LIST, vals![UNIT, limit], row)
}

/// How many jobs wait or run.
pub fn open_count(db: &mut Db<'_>) -> Result<i64, StoreError> {
    db.count(OPEN, &[])
}

fn batch_row(r: &Row<'_>) -> Result<Batch, StoreError> {
    Ok(Batch {
        id: r.id(0)?,
        kind: r.text(1)?,
        file: r.bytes(2)?,
        object: r.opt(3)?,
        plan: r.opt(4)?,
        state: r.text(5)?,
        made: Millis(r.int(6)?),
        actor: r.id(7)?,
        summary: r.bytes(8)?,
    })
}

/// Writes a batch, new or changed.
pub fn put_batch(db: &mut Db<'_>, b: &Batch) -> Result<(), StoreError> {
    db.exec(
        B_PUT,
        vals![
            UNIT,
            b.id,
            &b.kind,
            &b.file,
            b.object.as_ref(),
            b.plan.as_ref(),
            &b.state,
            b.made,
            b.actor,
            &b.summary
        ],
    )
    .map(drop)
}

/// Looks a batch up; `lock` keeps others from changing it meanwhile.
pub fn find_batch(db: &mut Db<'_>, id: Id, lock: bool) -> Result<Option<Batch>, StoreError> {
    if lock {
        db.one_locked(B_FIND, vals![UNIT, id], batch_row)
    } else {
        db.one(B_FIND, vals![UNIT, id], batch_row)
    }
}

/// The newest batches.
pub fn batches(db: &mut Db<'_>, limit: i64) -> Result<Vec<Batch>, StoreError> {
    db.query(B_LIST, vals![UNIT, limit], batch_row)
}

/// Remembers what a batch touched.
pub fn put_item(db: &mut Db<'_>, batch: Id, i: &Item) -> Result<(), StoreError> {
    put_items(db, batch, std::slice::from_ref(i))
}

/// Remembers what a batch touched.
pub fn put_items(db: &mut Db<'_>, batch: Id, items: &[Item]) -> Result<(), StoreError> {
    let vals: Vec<Val<'_>> = items
        .iter()
        .flat_map(|i| {
            [
                UNIT.into(),
                batch.into(),
                i.n.into(),
                (&i.kind).into(),
                i.object.into(),
                i.version.into(),
                i.before.as_ref().into(),
            ]
        })
        .collect();
    db.insert_rows(I_PUT, 7, &vals).map(drop)
}

/// Places of what a batch touched and somebody changed afterwards, people first.
pub fn disturbed(db: &mut Db<'_>, batch: Id, limit: i64) -> Result<Vec<i64>, StoreError> {
    let mut places = db.query(I_PEOPLE_CHANGED, vals![UNIT, batch, limit], |r| r.int(0))?;
    places.append(&mut db.query(I_ORGS_CHANGED, vals![UNIT, batch, limit], |r| r.int(0))?);
    Ok(places)
}

/// Places of new people who have an account by now.
pub fn with_accounts(db: &mut Db<'_>, batch: Id, limit: i64) -> Result<Vec<i64>, StoreError> {
    db.query(I_ACCOUNTS, vals![UNIT, batch, limit], |r| r.int(0))
}

/// Whether any batch was ever undone.
pub fn any_undone(db: &mut Db<'_>) -> Result<bool, StoreError> {
    Ok(db.count(B_UNDONE, vals![UNIT])? > 0)
}

/// What a batch touched, from a place on.
pub fn items(db: &mut Db<'_>, batch: Id, from: i64, limit: i64) -> Result<Vec<Item>, StoreError> {
    db.query(I_LIST, vals![UNIT, batch, from, limit], |r| {
        Ok(Item { n: r.int(0)?, kind: r.text(1)?, object: r.id(2)?, version: r.int(3)?, before: r.opt(4)? })
    })
}
