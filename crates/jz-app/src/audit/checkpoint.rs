//! 检查点 (checkpoint): a signed file outside the database that remembers how long the
//! ledger was. A database that was shortened, or replaced by an older copy, no longer
//! continues it, and the server then serves read-only and says so.
//!
//! The file is a C2SP signed note (see [`jz_proof::checkpoint`]), so it can leave the
//! machine as it is. A new one is signed only for a ledger that continues the last one.

use super::{Frontier, edges::Edges, keys::LogKeys};
use crate::{App, Fail};
use base64::{Engine as _, engine::general_purpose::STANDARD as B64};
use jz_blob::Keys;
use jz_proof::{Checkpoint, Note};
use jz_store::ledger;
use std::{fs::File, io::Write as _, path::Path};

const FILE: &str = "checkpoint";
/// First line of the files of programs that did not sign yet.
const UNSIGNED: &str = "juanzong/ledger\n";

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Size, roots and time.
    pub says: Checkpoint,
    /// The signed note; none in the file of an older program.
    pub note: Option<Note>,
}

/// The ledger does not fit (a sentence for people), or the machine failed.
pub(super) enum Bad {
    Unfit(String),
    Fail(Fail),
}

impl Bad {
    pub fn unfit(zh: impl Into<String>) -> Self {
        Self::Unfit(zh.into())
    }
}

impl From<Fail> for Bad {
    fn from(e: Fail) -> Self {
        Self::Fail(e)
    }
}

impl From<std::io::Error> for Bad {
    fn from(e: std::io::Error) -> Self {
        Self::Fail(e.into())
    }
}

/// Keeps a file for good: temp, fsync, rename, fsync of the folder.
pub fn keep_file(dir: &Path, name: &str, bytes: &[u8]) -> Result<(), Fail> {
    let mut tmp = tempfile::NamedTempFile::new_in(dir)?;
    tmp.write_all(bytes)?;
    tmp.as_file().sync_all()?;
    tmp.persist(dir.join(name)).map_err(|e| Fail::machine("keeping a file", e.error))?;
    Ok(File::open(dir)?.sync_all()?)
}

/// Whether the folder comes from a program that did not sign yet.
pub(super) fn is_unsigned(dir: &Path) -> bool {
    std::fs::read_to_string(dir.join(FILE)).is_ok_and(|text| text.starts_with(UNSIGNED))
}

/// What such a program wrote; `None` when its tag does not fit.
fn unsigned(text: &str, keys: &Keys) -> Option<Checkpoint> {
    let (body, tag) = text.split_at(text.find("tag ")?);
    let good = format!("tag {}\n", hex::encode(keys.ledger_tag("checkpoint", body.as_bytes())));
    let mut lines = (tag == good).then_some(body)?.lines();
    Some(Checkpoint {
        origin: lines.next()?.to_owned(),
        size: lines.next()?.parse().ok()?,
        root: B64.decode(lines.next()?).ok()?.try_into().ok()?,
        sm3: None,
        at: Some(lines.next()?.strip_prefix("at ")?.parse().ok()?),
        others: Vec::new(),
    })
}

fn signed(text: &str, log: &LogKeys) -> Option<Kept> {
    let note = Note::parse(text).ok()?;
    let (says, held) = Checkpoint::open(&note, log.public()).ok()?;
    // Both signatures are always written, and the SM3 root with them.
    (held.len() == log.public().len() && says.sm3.is_some()).then_some(Kept { says, note: Some(note) })
}

/// Reads the file. `None` when there is none yet; one that cannot be believed is a reason
/// to serve read-only, given as a sentence.
pub(super) fn read(app: &App) -> Result<Option<Kept>, String> {
    let text = match std::fs::read_to_string(app.dir.join(FILE)) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(_) => return Err("检查点文件无法读取，无法确认审计账是否完整。".to_owned()),
    };
    let Some(log) = &app.log_keys else {
        return Err("审计账的签名密钥不见了或被改动，无法确认检查点是否可信。".to_owned());
    };
    let found = if log.is_unused() && text.starts_with(UNSIGNED) {
        unsigned(&text, &app.keys).map(|says| Kept { says, note: None })
    } else {
        signed(&text, log)
    };
    found.map(Some).ok_or_else(|| "检查点文件已损坏或被改动，签名不成立，无法确认审计账是否完整。".to_owned())
}

/// The edges of the ledger as it is now, if it continues what was kept.
fn continued(app: &App, kept: Option<&Checkpoint>) -> Result<Edges, Bad> {
    let (size, frontier) = app.store.read(|db| Ok::<_, Fail>(ledger::head(db, false)?))?;
    let size = size as u64;
    let mut edges = match kept {
        // The first one is written before the first entry, so somebody took it away.
        None if size > 0 => return Err(Bad::unfit("检查点文件不见了，无法确认审计账是否完整。")),
        None => Edges::default(),
        Some(says) if size < says.size => {
            return Err(Bad::unfit(format!(
                "审计账比检查点短：检查点记录 {} 条，数据库中只有 {size} 条。数据库可能被截断，或被换成了较旧的副本。",
                says.size
            )));
        }
        Some(says) => Edges::at(app, says)?,
    };
    edges.grow(app, size)?;
    if Frontier::from_bytes(&frontier).is_some_and(|f| f.root() == edges.sha.root()) {
        return Ok(edges);
    }
    Err(Bad::unfit("审计账与检查点不相接：检查点之后的条目被改动过，或数据库被换成了另一份副本。"))
}

fn advance(app: &App, log: &LogKeys) -> Result<Option<Kept>, Bad> {
    let old = read(app).map_err(Bad::Unfit)?;
    let edges = continued(app, old.as_ref().map(|k| &k.says))?;
    if old.is_some_and(|k| k.note.is_some() && k.says.size == edges.size()) {
        return Ok(None);
    }
    let says = Checkpoint {
        origin: log.origin().to_owned(),
        size: edges.size(),
        root: edges.sha.root(),
        sm3: Some(edges.sm3.root()),
        at: Some(app.now().0),
        others: Vec::new(),
    };
    let note = says.sign(&log.signers()).map_err(|e| Fail::machine("signing a checkpoint", e))?;
    edges.keep(app)?;
    keep_file(&app.dir, FILE, note.to_string().as_bytes())?;
    Ok(Some(Kept { says, note: Some(note) }))
}

/// Signs and writes the file anew when the ledger has grown. A ledger that does not
/// continue the last checkpoint is never signed: the server serves read-only from then on.
pub fn write_checkpoint(app: &App) -> Result<Option<Kept>, Fail> {
    let Some(log) = app.log_keys.as_ref().filter(|_| !app.store.is_read_only()) else { return Ok(None) };
    // Server and commands may write at the same time.
    let folder = File::open(&app.dir)?;
    match folder.lock() {
        Err(e) if e.kind() != std::io::ErrorKind::Unsupported => return Err(e.into()),
        _ => {}
    }
    match advance(app, log) {
        Ok(new) => Ok(new),
        Err(Bad::Fail(e)) => Err(e),
        Err(Bad::Unfit(reason)) => {
            tracing::error!("ledger does not continue its checkpoint: serving read-only");
            app.serve_read_only(reason);
            Ok(None)
        }
    }
}

/// Whether the ledger still continues the checkpoint. The answer is the reason to serve
/// read-only, or `None` when all is well.
pub fn check_at_start(app: &App) -> Result<Option<String>, Fail> {
    let checked =
        read(app).map_err(Bad::Unfit).and_then(|kept| continued(app, kept.as_ref().map(|k| &k.says)));
    match checked {
        Ok(_) => Ok(None),
        Err(Bad::Unfit(reason)) => Ok(Some(reason)),
        Err(Bad::Fail(e)) => Err(e),
    }
}
