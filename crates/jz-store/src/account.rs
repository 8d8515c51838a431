//! Accounts, role grants and sessions.

use crate::{Db, Row, StoreError, UNIT, Val, vals};
use jz_domain::{Id, Millis};

/// One account. Has no Debug: it holds a password hash.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Id, never reissued.
    pub id: Id,
    /// Login, unique.
    pub login: String,
    /// Name shown to others.
    pub name: String,
    /// Argon2id hash.
    pub pw: String,
    /// The person behind it.
    pub person: Option<Id>,
    /// `active` or `disabled`.
    pub state: String,
    /// Failed attempts since the last good one.
    pub failed: i64,
    /// No attempt counts before this instant.
    pub retry_at: Millis,
    /// Optimistic lock.
    pub version: i64,
}

/// A role held by an account, with the numbers of its organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleGrant {
    /// Id.
    pub id: Id,
    /// Account.
    pub account: Id,
    /// Code of the role.
    pub role: String,
    /// Organisation.
    pub org: Id,
    /// First day.
    pub from_day: String,
    /// Last day.
    pub to_day: Option<String>,
    /// When it was taken back.
    pub ended: Option<Millis>,
}

/// A session, found by the digest of its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the token.
    pub token: Vec<u8>,
    /// Account.
    pub account: Id,
    /// Made.
    pub made: Millis,
    /// Last used.
    pub seen: Millis,
    /// Ends at the latest.
    pub ends: Millis,
    /// Address.
    pub addr: String,
    /// Browser.
    pub agent: String,
}

macro_rules! account_columns {
    () => {
        "id, login, name, pw, person, state, failed, retry_at, version"
    };
}
macro_rules! grant_columns {
    () => {
        "id, account, role, org, from_day, to_day, ended"
    };
}

const FIND: &str = concat!("select ", account_columns!(), " from account where unit = ?1 and id = ?2");
const BY_LOGIN: &str = concat!("select ", account_columns!(), " from account where unit = ?1 and login = ?2");
const BY_PERSON: &str =
    concat!("select ", account_columns!(), " from account where unit = ?1 and person = ?2");
const ALL: &str =
    concat!("select ", account_columns!(), ", digest from account where unit = ?1 order by login");
const COUNT: &str = "select count(*) from account where unit = ?1";
const INSERT: &str =
    "insert into account(unit, id, login, name, pw, person, state, failed, retry_at, version, digest)
                      values (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, 1, ?8)";
const UPDATE: &str =
    "update account set name = ?4, pw = ?5, person = ?6, state = ?7, digest = ?8, version = version + 1
                      where unit = ?1 and id = ?2 and version = ?3";
const FAILED: &str = "update account set failed = ?3, retry_at = ?4 where unit = ?1 and id = ?2";
const GRANT: &str = "insert into role_grant(unit, id, account, role, org, from_day, to_day, ended, digest)
                     values (?1, ?2, ?3, ?4, ?5, ?6, ?7, null, ?8)";
const GRANT_END: &str =
    "update role_grant set ended = ?3, digest = ?4 where unit = ?1 and id = ?2 and ended is null";
const GRANT_FIND: &str = concat!("select ", grant_columns!(), " from role_grant where unit = ?1 and id = ?2");
const GRANTS_OF: &str =
    concat!("select ", grant_columns!(), " from role_grant where unit = ?1 and account = ?2 order by id");
const GRANTS_ALL: &str =
    concat!("select ", grant_columns!(), ", digest from role_grant where unit = ?1 order by id");
const VALID: &str =
    "select g.role, o.lo, o.hi from role_grant g join org o on o.unit = g.unit and o.id = g.org
    where g.unit = ?1 and g.account = ?2 and g.ended is null and g.from_day <= ?3
    and (g.to_day is null or g.to_day >= ?3) order by g.id";
const GRANTS_AT: &str = "select count(*) from role_grant where unit = ?1 and org = ?2 and ended is null";
const S_PUT: &str = "insert into session(token, unit, account, made, seen, ends, addr, agent)
                     values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const S_FIND: &str = "select token, account, made, seen, ends, addr, agent from session where token = ?1";
const S_SEEN: &str = "update session set seen = ?2 where token = ?1";
const S_DROP: &str = "delete from session where token = ?1";
const S_DROP_OTHERS: &str = "delete from session where unit = ?1 and account = ?2 and token <> ?3";
const S_SWEEP: &str = "delete from session where ends < ?1 or seen < ?2";

pub(crate) const SQL: &[&str] = &[
    FIND,
    BY_LOGIN,
    BY_PERSON,
    ALL,
    COUNT,
    INSERT,
    UPDATE,
    FAILED,
    GRANT,
    GRANT_END,
    GRANT_FIND,
    GRANTS_OF,
    GRANTS_ALL,
    VALID,
    GRANTS_AT,
    S_PUT,
    S_FIND,
    S_SEEN,
    S_DROP,
    S_DROP_OTHERS,
    S_SWEEP,
];

fn row(r: &Row<'_>) -> Result<Account, StoreError> {
    Ok(Account {
        id: r.id(0)?,
        login: r.text(1)?,
        name: r.text(2)?,
        pw: r.text(3)?,
        person: r.opt_id(4)?,
        state: r.text(5)?,
        failed: r.int(6)?,
        retry_at: Millis(r.int(7)?),
        version: r.int(8)?,
    })
}

fn signed(db: &Db<'_>, a: &Account) -> [u8; 32] {
    let v: &[Val<'_>] = vals![a.id, &a.login, &a.name, &a.pw, a.person, &a.state];
    db.row_digest("account", v)
}

/// Looks one up.
pub fn find(db: &mut Db<'_>, id: Id) -> Result<Option<Account>, StoreError> {
    db.one(FIND, vals![UNIT, id], row)
}

/// Looks one up by its login.
pub fn by_login(db: &mut Db<'_>, login: &str) -> Result<Option<Account>, StoreError> {
    db.one(BY_LOGIN, vals![UNIT, login], row)
}

/// The account of a person.
pub fn by_person(db: &mut Db<'_>, person: Id) -> Result<Option<Account>, StoreError> {
    db.one(BY_PERSON, vals![UNIT, person], row)
}

/// All accounts by login.
pub fn all(db: &mut Db<'_>) -> Result<Vec<Account>, StoreError> {
    db.query(ALL, vals![UNIT], row)
}

/// How many accounts there are; none means a fresh installation.
pub fn count(db: &mut Db<'_>) -> Result<i64, StoreError> {
    db.count(COUNT, vals![UNIT])
}

/// Writes a new account.
pub fn insert(db: &mut Db<'_>, a: &Account) -> Result<(), StoreError> {
    let d = signed(db, a);
    db.exec(INSERT, vals![UNIT, a.id, &a.login, &a.name, &a.pw, a.person, &a.state, &d[..]]).map(drop)
}

/// Writes an account if the version is still the one that was read.
pub fn update(db: &mut Db<'_>, a: &Account) -> Result<(), StoreError> {
    let d = signed(db, a);
    match db.exec(UPDATE, vals![UNIT, a.id, a.version, &a.name, &a.pw, a.person, &a.state, &d[..]])? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict),
    }
}

/// Remembers failed attempts.
pub fn set_failed(db: &mut Db<'_>, id: Id, failed: i64, retry_at: Millis) -> Result<(), StoreError> {
    db.exec(FAILED, vals![UNIT, id, failed, retry_at]).map(drop)
}

fn grant_row(r: &Row<'_>) -> Result<RoleGrant, StoreError> {
    Ok(RoleGrant {
        id: r.id(0)?,
        account: r.id(1)?,
        role: r.text(2)?,
        org: r.id(3)?,
        from_day: r.text(4)?,
        to_day: r.opt(5)?,
        ended: r.opt(6)?.map(Millis),
    })
}

fn grant_signed(db: &Db<'_>, g: &RoleGrant) -> [u8; 32] {
    let v: &[Val<'_>] = vals![g.id, g.account, &g.role, g.org, &g.from_day, g.to_day.as_ref(), g.ended];
    db.row_digest("role_grant", v)
}

/// Writes a new grant.
pub fn grant(db: &mut Db<'_>, g: &RoleGrant) -> Result<(), StoreError> {
    let d = grant_signed(db, g);
    db.exec(GRANT, vals![UNIT, g.id, g.account, &g.role, g.org, &g.from_day, g.to_day.as_ref(), &d[..]])
        .map(drop)
}

/// Takes a grant back from this moment.
pub fn end_grant(db: &mut Db<'_>, g: &RoleGrant, at: Millis) -> Result<(), StoreError> {
    let ended = RoleGrant { ended: Some(at), ..g.clone() };
    let d = grant_signed(db, &ended);
    match db.exec(GRANT_END, vals![UNIT, g.id, at, &d[..]])? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict),
    }
}

/// Looks a grant up.
pub fn find_grant(db: &mut Db<'_>, id: Id) -> Result<Option<RoleGrant>, StoreError> {
    db.one(GRANT_FIND, vals![UNIT, id], grant_row)
}

/// All grants of an account, also ended ones.
pub fn grants_of(db: &mut Db<'_>, account: Id) -> Result<Vec<RoleGrant>, StoreError> {
    db.query(GRANTS_OF, vals![UNIT, account], grant_row)
}

/// Role code and organisation range of the grants that are valid on `day`.
pub fn valid_grants(db: &mut Db<'_>, account: Id, day: &str) -> Result<Vec<(String, i64, i64)>, StoreError> {
    db.query(VALID, vals![UNIT, account, day], |r| Ok((r.text(0)?, r.int(1)?, r.int(2)?)))
}

/// Table and id of rows that do not fit their digest.
pub type Misfits = Vec<(&'static str, Id)>;

/// How many roles are held at an organisation, now or later.
pub fn grants_at(db: &mut Db<'_>, org: Id) -> Result<i64, StoreError> {
    db.count(GRANTS_AT, vals![UNIT, org])
}

/// Accounts and grants that do not fit their digests, and how many rows were read.
pub fn misfits(db: &mut Db<'_>) -> Result<(u64, Misfits), StoreError> {
    let accounts = db.query(ALL, vals![UNIT], |r| Ok((row(r)?, r.bytes(9)?)))?;
    let grants = db.query(GRANTS_ALL, vals![UNIT], |r| Ok((grant_row(r)?, r.bytes(7)?)))?;
    let n = (accounts.len() + grants.len()) as u64;
    let mut bad = Vec::new();
    for (a, d) in &accounts {
        if signed(db, a)[..] != d[..] {
            bad.push(("account", a.id));
        }
    }
    for (g, d) in &grants {
        if grant_signed(db, g)[..] != d[..] {
            bad.push(("role_grant", g.id));
        }
    }
    Ok((n, bad))
}

/// Writes a new session.
pub fn put_session(db: &mut Db<'_>, s: &Session) -> Result<(), StoreError> {
    db.exec(S_PUT, vals![&s.token, UNIT, s.account, s.made, s.seen, s.ends, &s.addr, &s.agent]).map(drop)
}

/// Finds a session by the digest of its token.
pub fn find_session(db: &mut Db<'_>, token: &[u8]) -> Result<Option<Session>, StoreError> {
    db.one(S_FIND, vals![token], |r| {
        Ok(Session {
            token: r.bytes(0)?,
            account: r.id(1)?,
            made: Millis(r.int(2)?),
            seen: Millis(r.int(3)?),
            ends: Millis(r.int(4)?),
            addr: r.text(5)?,
            agent: r.text(6)?,
        })
    })
}

/// Notes that a session was used.
pub fn touch_session(db: &mut Db<'_>, token: &[u8], at: Millis) -> Result<(), StoreError> {
    db.exec(S_SEEN, vals![token, at]).map(drop)
}

/// Ends a session.
pub fn drop_session(db: &mut Db<'_>, token: &[u8]) -> Result<(), StoreError> {
    db.exec(S_DROP, vals![token]).map(drop)
}

/// Ends all sessions of an account but one; an empty token ends all.
pub fn drop_other_sessions(db: &mut Db<'_>, account: Id, keep: &[u8]) -> Result<u64, StoreError> {
    db.exec(S_DROP_OTHERS, vals![UNIT, account, keep])
}

/// Forgets sessions that ended, or were idle since before `idle_since`.
pub fn sweep_sessions(db: &mut Db<'_>, now: Millis, idle_since: Millis) -> Result<u64, StoreError> {
    db.exec(S_SWEEP, vals![now, idle_since])
}
