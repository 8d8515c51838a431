//! The checkpoint: a small file outside the database that remembers how long the
//! ledger was. A database that was shortened, or replaced by an older copy, no longer
//! continues it, and the server then serves read-only and says so.
//!
//! The first three lines are those of a C2SP tlog checkpoint (origin, size, root);
//! extension lines carry the edge of the tree, so that the check at start reads only
//! the entries that came after, and a keyed tag against rewriting the file itself.

use super::{Frontier, tree};
use crate::{App, Fail};
use base64::{Engine as _, engine::general_purpose::STANDARD as B64};
use jz_blob::Keys;
use jz_domain::Millis;
use jz_store::ledger;
use std::{io::Write as _, path::Path};

const ORIGIN: &str = "juanzong/ledger";
const FILE: &str = "checkpoint";

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Number of entries.
    pub size: u64,
    /// Root of the tree over them.
    pub root: tree::Hash,
    /// When it was made.
    pub at: Millis,
    frontier: Vec<u8>,
}

impl Checkpoint {
    fn body(&self) -> String {
        format!(
            "{ORIGIN}\n{}\n{}\nat {}\nedge {}\n",
            self.size,
            B64.encode(self.root),
            self.at.0,
            B64.encode(&self.frontier)
        )
    }

    fn to_text(&self, keys: &Keys) -> String {
        let body = self.body();
        let tag = hex::encode(keys.ledger_tag("checkpoint", body.as_bytes()));
        format!("{body}tag {tag}\n")
    }

    fn parse(text: &str, keys: &Keys) -> Option<Self> {
        let mut lines = text.lines();
        (lines.next()? == ORIGIN).then_some(())?;
        let size = lines.next()?.parse().ok()?;
        let root = B64.decode(lines.next()?).ok()?.try_into().ok()?;
        let at = Millis(lines.next()?.strip_prefix("at ")?.parse().ok()?);
        let frontier = B64.decode(lines.next()?.strip_prefix("edge ")?).ok()?;
        let tag = lines.next()?.strip_prefix("tag ")?;
        let found = Self { size, root, at, frontier };
        let edge = Frontier::from_bytes(&found.frontier)?;
        let good = hex::encode(keys.ledger_tag("checkpoint", found.body().as_bytes())) == tag
            && edge.size() == size
            && edge.root() == root;
        good.then_some(found)
    }

    /// Reads the file. `Ok(None)` when there is none yet; an unreadable one is a reason
    /// to serve read-only, given as a sentence.
    pub fn read(dir: &Path, keys: &Keys) -> Result<Option<Self>, String> {
        match std::fs::read_to_string(dir.join(FILE)) {
            Ok(text) => Self::parse(&text, keys)
                .map(Some)
                .ok_or_else(|| "检查点文件已损坏或被改动，无法确认审计账是否完整。".to_owned()),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(_) => Err("检查点文件无法读取，无法确认审计账是否完整。".to_owned()),
        }
    }
}

/// Writes the file anew when the ledger has grown: temp, fsync, rename, fsync of the folder.
pub fn write_checkpoint(app: &App) -> Result<Option<Checkpoint>, Fail> {
    if app.store.is_read_only() {
        return Ok(None);
    }
    let (size, frontier) = app.store.read(|db| Ok::<_, Fail>(ledger::head(db, false)?))?;
    let Some(edge) = Frontier::from_bytes(&frontier) else { return Ok(None) };
    if let Ok(Some(old)) = Checkpoint::read(&app.dir, &app.keys)
        && old.size >= size as u64
    {
        return Ok(None);
    }
    let new = Checkpoint { size: size as u64, root: edge.root(), at: app.now(), frontier };
    let mut tmp = tempfile::NamedTempFile::new_in(&app.dir)?;
    tmp.write_all(new.to_text(&app.keys).as_bytes())?;
    tmp.as_file().sync_all()?;
    tmp.persist(app.dir.join(FILE)).map_err(|e| Fail::machine("keeping the checkpoint", e.error))?;
    std::fs::File::open(&app.dir)?.sync_all()?;
    Ok(Some(new))
}

/// Whether the ledger still continues the checkpoint. The answer is the reason to serve
/// read-only, or `None` when all is well.
pub fn check_at_start(app: &App) -> Result<Option<String>, Fail> {
    let checkpoint = match Checkpoint::read(&app.dir, &app.keys) {
        Ok(None) => {
            // `init` writes one before the first entry, so somebody took it away.
            let (size, _) = app.store.read(|db| Ok::<_, Fail>(ledger::head(db, false)?))?;
            return Ok((size > 0).then(|| "检查点文件不见了，无法确认审计账是否完整。".to_owned()));
        }
        Ok(Some(c)) => c,
        Err(reason) => return Ok(Some(reason)),
    };
    let Some(mut edge) = Frontier::from_bytes(&checkpoint.frontier) else {
        return Ok(Some("检查点文件已损坏，无法确认审计账是否完整。".to_owned()));
    };
    let (size, now) = app.store.read(|db| Ok::<_, Fail>(ledger::head(db, false)?))?;
    if (size as u64) < checkpoint.size {
        return Ok(Some(format!(
            "审计账比检查点短：检查点记录 {} 条，数据库中只有 {size} 条。数据库可能被截断，或被换成了较旧的副本。",
            checkpoint.size
        )));
    }
    while edge.size() < size as u64 {
        let part = app.store.read(|db| Ok::<_, Fail>(ledger::from(db, edge.size() as i64, 10_000)?))?;
        if part.is_empty() {
            return Ok(Some("审计账缺少条目，数据库可能被截断。".to_owned()));
        }
        for e in part.iter().take((size as u64 - edge.size()) as usize) {
            edge.push(&e.leaf);
        }
    }
    let same = Frontier::from_bytes(&now).is_some_and(|f| f.root() == edge.root());
    Ok((!same)
        .then(|| "审计账与检查点不相接：检查点之后的条目被改动过，或数据库被换成了另一份副本。".to_owned()))
}
