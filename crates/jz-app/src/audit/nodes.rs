//! Nodes of the tree for proofs, without holding all leaves: one hash for each full block of
//! 256 entries stays in memory, the entries of a block are read when a proof needs them.
//!
//! What the database says is not believed here. A proof over changed entries leads to
//! another root than the signed one, and whoever makes it checks it before handing it out.

use super::Frontier;
use crate::{App, Fail};
use jz_proof::{Forest, Hash, Nodes, hash::node_hash, leaf_hash};
use jz_store::ledger;
use sha2::Sha256;
use std::{cell::RefCell, sync::PoisonError};

/// Entries of a block.
const BLOCK: u64 = 256;
/// Level of a node over a full block.
const LEVEL: u32 = 8;

/// Hashes of the full blocks so far.
#[derive(Default)]
pub struct Blocks(Forest<Sha256>);

/// The nodes of the tree of the first `size` entries.
pub(super) struct LogNodes<'a> {
    app: &'a App,
    size: u64,
    blocks: Forest<Sha256>,
    // The block that was read last, and its leaves: proofs ask for neighbours.
    last: RefCell<Option<(u64, Vec<Hash>)>>,
}

fn leaves(app: &App, from: u64, count: u64) -> Result<Vec<Vec<u8>>, Fail> {
    let part = app.store.read(|db| Ok::<_, Fail>(ledger::leaves(db, from as i64, count as i64)?))?;
    Ok(part
        .into_iter()
        .zip(from..)
        .filter(|((seq, _), n)| *seq as u64 == *n)
        .map(|((_, leaf), _)| leaf)
        .collect())
}

impl<'a> LogNodes<'a> {
    pub fn new(app: &'a App, size: u64) -> Result<Self, Fail> {
        let mut kept = app.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        while (kept.0.size() + 1) * BLOCK <= size {
            let part = leaves(app, kept.0.size() * BLOCK, BLOCK)?;
            if part.len() as u64 != BLOCK {
                return Err(super::broken());
            }
            let mut edge = Frontier::default();
            for leaf in &part {
                edge.push(leaf);
            }
            kept.0.push_hash(edge.root());
        }
        Ok(Self { app, size, blocks: kept.0.clone(), last: RefCell::new(None) })
    }

    fn inside(&self, level: u32, index: u64) -> Option<Hash> {
        let first = index << level;
        let block = first / BLOCK;
        let mut last = self.last.borrow_mut();
        if last.as_ref().is_none_or(|(n, _)| *n != block) {
            let count = BLOCK.min(self.size - block * BLOCK);
            let read = leaves(self.app, block * BLOCK, count).ok()?;
            *last = Some((block, read.iter().map(|leaf| leaf_hash::<Sha256>(leaf)).collect()));
        }
        let (_, hashes) = last.as_ref()?;
        let from = (first % BLOCK) as usize;
        let mut hashes = hashes.get(from..from + (1 << level))?.to_vec();
        while hashes.len() > 1 {
            hashes = hashes.as_chunks::<2>().0.iter().map(|[l, r]| node_hash::<Sha256>(l, r)).collect();
        }
        hashes.pop()
    }
}

impl Nodes for LogNodes<'_> {
    fn size(&self) -> u64 {
        self.size
    }

    fn full(&self, level: u32, index: u64) -> Option<Hash> {
        if level >= u64::BITS || index.checked_add(1)? > self.size >> level {
            return None;
        }
        if level >= LEVEL { self.blocks.full(level - LEVEL, index) } else { self.inside(level, index) }
    }
}
