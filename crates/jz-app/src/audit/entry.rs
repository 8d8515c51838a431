//! Making entries and appending them.

use super::Frontier;
use crate::{Fail, rand};
use jz_blob::Keys;
use jz_domain::{Id, Millis};
use jz_store::{Db, StoreError, ledger};
use serde::Serialize;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Label under which details are sealed.
const DETAIL: &str = "ledger.detail";

/// What an entry says, before it has a place in the tree.
pub struct Draft {
    /// When.
    pub at: Millis,
    /// Account; 0 is the system itself.
    pub actor: Id,
    /// Code of the role it was done in; empty for the system.
    pub role: &'static str,
    /// First characters of the session's digest, for telling sessions apart.
    pub session: String,
    /// Address the request came from.
    pub addr: String,
    /// Code of the action.
    pub action: String,
    /// Kind of the object.
    pub kind: &'static str,
    /// The object.
    pub object: Option<Id>,
    /// The person it is about.
    pub subject: Option<Id>,
    /// `ok` or the code of a refusal.
    pub result: &'static str,
    /// Readable detail as JSON; sealed, and committed to in the leaf.
    pub detail: Vec<u8>,
}

/// The hashed form: field order is the canonical order.
#[derive(Serialize)]
struct Leaf<'a> {
    v: u8,
    seq: i64,
    t: i64,
    actor: Id,
    role: &'a str,
    sess: &'a str,
    addr: &'a str,
    action: &'a str,
    kind: &'a str,
    object: Option<Id>,
    subject: Option<String>,
    result: &'a str,
    commit: String,
}

/// The edge of the ledger inside one transaction.
pub struct Ledger {
    frontier: Frontier,
    touched: bool,
}

/// Commitment to a detail: nobody can tell it from the leaf without the salt.
fn commitment(salt: &[u8], detail: &[u8]) -> [u8; 32] {
    let mut h = Sha256::new();
    h.update(salt);
    h.update(detail);
    h.finalize().into()
}

/// What the leaf says about a person: a keyed tag, not the person.
pub(super) fn subject_tag(keys: &Keys, subject: Id) -> String {
    hex::encode(keys.ledger_tag("subject", &subject.0.to_be_bytes()))
}

impl Ledger {
    /// Reads the edge and keeps others from appending until the end of the transaction.
    pub fn open(db: &mut Db<'_>) -> Result<Self, Fail> {
        let (size, bytes) = ledger::head(db, true)?;
        let frontier = Frontier::from_bytes(&bytes)
            .filter(|f| f.size() == size as u64)
            .ok_or(StoreError::Corrupt { table: "ledger_head", column: "frontier" })?;
        Ok(Self { frontier, touched: false })
    }

    /// Appends an entry; answers its number.
    pub fn append(&mut self, db: &mut Db<'_>, keys: &Keys, d: &Draft) -> Result<i64, Fail> {
        let entry = self.entry(keys, d)?;
        ledger::add(db, &entry)?;
        Ok(entry.seq)
    }

    /// Appends an entry to the edge; the caller writes the row.
    pub fn entry(&mut self, keys: &Keys, d: &Draft) -> Result<ledger::Entry, Fail> {
        let seq = self.frontier.size() as i64;
        let salt: [u8; 32] = rand::bytes()?;
        let leaf = Leaf {
            v: 1,
            seq,
            t: d.at.0,
            actor: d.actor,
            role: d.role,
            sess: &d.session,
            addr: &d.addr,
            action: &d.action,
            kind: d.kind,
            object: d.object,
            subject: d.subject.map(|s| subject_tag(keys, s)),
            result: d.result,
            commit: hex::encode(commitment(&salt, &d.detail)),
        };
        let leaf = serde_json::to_vec(&leaf).map_err(|e| Fail::machine("writing a ledger entry", e))?;
        self.frontier.push(&leaf);
        let detail = if d.detail.is_empty() { None } else { Some(keys.seal_field(DETAIL, &d.detail)?) };
        self.touched = true;
        Ok(ledger::Entry {
            seq,
            at: d.at,
            actor: d.actor,
            action: d.action.clone(),
            subject: d.subject,
            object: d.object,
            leaf,
            salt: Some(salt.to_vec()),
            detail,
        })
    }

    /// Writes the edge back, at the end of the transaction.
    pub fn close(self, db: &mut Db<'_>) -> Result<(), Fail> {
        if self.touched {
            ledger::put_head(db, self.frontier.size() as i64, &self.frontier.to_bytes())?;
        }
        Ok(())
    }
}

/// The detail of an entry, exactly as it was committed to.
pub(super) fn detail_bytes(keys: &Keys, e: &ledger::Entry) -> Result<Option<Zeroizing<Vec<u8>>>, Fail> {
    Ok(e.detail.as_ref().map(|sealed| keys.open_field(DETAIL, sealed)).transpose()?)
}

/// The readable detail of an entry, if it was not erased.
pub fn opened_detail(keys: &Keys, e: &ledger::Entry) -> Result<Option<serde_json::Value>, Fail> {
    Ok(detail_bytes(keys, e)?.and_then(|plain| serde_json::from_slice(&plain).ok()))
}

/// Whether the readable parts of a row still say what its leaf says.
pub(super) fn row_fits(keys: &Keys, e: &ledger::Entry) -> bool {
    let Ok(leaf) = serde_json::from_slice::<serde_json::Value>(&e.leaf) else { return false };
    let text = |k: &str| leaf.get(k).and_then(serde_json::Value::as_str).map(str::to_owned);
    let number = |k: &str| leaf.get(k).and_then(serde_json::Value::as_i64);
    let plain = match &e.detail {
        None => Some(Vec::new()),
        Some(sealed) => keys.open_field(DETAIL, sealed).ok().map(|z| z.to_vec()),
    };
    // An erased detail has no salt any more; the tree alone vouches for such an entry.
    let committed = match (&e.salt, plain) {
        (Some(salt), Some(plain)) => text("commit") == Some(hex::encode(commitment(salt, &plain))),
        (None, _) => e.detail.is_none(),
        (Some(_), None) => false,
    };
    number("seq") == Some(e.seq)
        && number("t") == Some(e.at.0)
        && text("actor") == Some(e.actor.to_string())
        && text("action").as_deref() == Some(e.action.as_str())
        && text("object") == e.object.map(|o| o.to_string())
        && text("subject") == e.subject.map(|s| subject_tag(keys, s))
        && committed
}
