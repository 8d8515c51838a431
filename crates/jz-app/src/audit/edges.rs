//! The growing edges of both trees, and the file that spares the check at start from
//! hashing the whole ledger.
//!
//! The file needs no signature: it counts only where it leads to the roots that the signed
//! checkpoint names. Anywhere else the entries are hashed from the first on.

use super::checkpoint::{Bad, keep_file};
use crate::{App, Fail};
use base64::{Engine as _, engine::general_purpose::STANDARD as B64};
use jz_proof::{Checkpoint, Edge};
use jz_store::ledger;
use sha2::Sha256;
use sm3::Sm3;

const FILE: &str = "checkpoint.edge";
const SLICE: i64 = 10_000;

/// The edge of the SHA-256 tree: what the database keeps beside the ledger.
pub(super) type Frontier = Edge<Sha256>;

/// Both trees over the same entries.
#[derive(Default)]
pub(super) struct Edges {
    pub sha: Frontier,
    pub sm3: Edge<Sm3>,
}

impl Edges {
    pub fn size(&self) -> u64 {
        self.sha.size()
    }

    pub fn push(&mut self, leaf: &[u8]) {
        self.sha.push(leaf);
        self.sm3.push(leaf);
    }

    /// Whether these are the trees that a checkpoint names.
    pub fn fit(&self, says: &Checkpoint) -> bool {
        self.size() == says.size
            && self.sha.root() == says.root
            && says.sm3.is_none_or(|root| self.sm3.root() == root)
    }

    /// The edges at a checkpoint, from the file or from the entries themselves.
    pub fn at(app: &App, says: &Checkpoint) -> Result<Self, Bad> {
        if let Some(kept) = Self::kept(app).filter(|kept| kept.fit(says)) {
            return Ok(kept);
        }
        let mut edges = Self::default();
        edges.grow(app, says.size)?;
        if edges.fit(says) {
            return Ok(edges);
        }
        Err(Bad::unfit("审计账与检查点不一致：检查点之前的条目被改动过。"))
    }

    fn kept(app: &App) -> Option<Self> {
        let text = std::fs::read_to_string(app.dir.join(FILE)).ok()?;
        let mut lines = text.lines().map(|line| B64.decode(line).ok());
        let sha = Edge::from_bytes(&lines.next()??)?;
        let sm3 = Edge::from_bytes(&lines.next()??)?;
        (sha.size() == sm3.size()).then_some(Self { sha, sm3 })
    }

    /// Keeps them, before the checkpoint that they belong to is written.
    pub fn keep(&self, app: &App) -> Result<(), Fail> {
        let text = format!("{}\n{}\n", B64.encode(self.sha.to_bytes()), B64.encode(self.sm3.to_bytes()));
        keep_file(&app.dir, FILE, text.as_bytes())
    }

    /// Appends the entries of the database up to a size.
    pub fn grow(&mut self, app: &App, to: u64) -> Result<(), Bad> {
        while self.size() < to {
            let from = self.size() as i64;
            let part = app.store.read(|db| Ok::<_, Fail>(ledger::leaves(db, from, SLICE)?))?;
            if part.is_empty() {
                return Err(Bad::unfit("审计账缺少条目，数据库可能被截断。"));
            }
            for (seq, leaf) in part {
                if self.size() == to {
                    break;
                }
                if seq as u64 != self.size() {
                    return Err(Bad::unfit("审计账缺少条目，或条目编号被改动。"));
                }
                self.push(&leaf);
            }
        }
        Ok(())
    }
}
