//! The hash tree: its growing edge, its nodes, proofs and their verification.
//!
//! What a proof consists of is asked of `ct-merkle`, as numbers of nodes; the hashes of
//! these nodes come from [`Nodes`], in memory ([`Forest`]) or from an export
//! ([`crate::tiles::TileNodes`]). Verification needs the proof and nothing else.

use crate::hash::{Hash, TreeHash, empty_root, leaf_hash, node_hash};
use ct_merkle::{
    ConsistencyProof, InclusionProof, RootHash, indices_for_consistency_proof, indices_for_inclusion_proof,
};
use std::marker::PhantomData;

/// Most leaves a tree may have: beyond, node numbers would not fit their type.
pub const MAX_SIZE: u64 = 1 << 62;

/// Why a proof cannot be made or does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Index or size lie outside the tree.
    #[error("index or size outside the tree")]
    Outside,
    /// A node that the proof needs is not there: the tree is shorter, or a tile is missing.
    #[error("a node is missing")]
    Missing,
    /// The proof does not have the number of hashes that index and size call for.
    #[error("wrong number of hashes")]
    Length,
    /// The proof leads to another root.
    #[error("the proof leads to another root")]
    Root,
}

/// Hashes of the full subtrees of a tree.
pub trait Nodes {
    /// Number of leaves.
    fn size(&self) -> u64;

    /// Hash over the `2^level` leaves from `index << level` on; `None` where the tree
    /// does not reach that far.
    fn full(&self, level: u32, index: u64) -> Option<Hash>;
}

/// Hash over the leaves `from..to`, where `from` is a multiple of the largest subtree inside.
fn range<D: TreeHash>(nodes: &impl Nodes, from: u64, to: u64) -> Result<Hash, ProofError> {
    let mut parts = Vec::new();
    let mut at = from;
    while at < to {
        let level = (to - at).ilog2();
        parts.push(nodes.full(level, at >> level).ok_or(ProofError::Missing)?);
        at += 1 << level;
    }
    let Some(last) = parts.pop() else { return Ok(empty_root::<D>()) };
    Ok(parts.iter().rev().fold(last, |right, left| node_hash::<D>(left, &right)))
}

/// The nodes with these numbers (in-order, a leaf has twice its index) of the tree of `size`.
fn numbered<D: TreeHash>(nodes: &impl Nodes, numbers: &[u64], size: u64) -> Result<Vec<Hash>, ProofError> {
    let one = |number: &u64| {
        let level = number.trailing_ones();
        let from = (number >> (level + 1)) << level;
        // At the right edge a node covers only what there is.
        range::<D>(nodes, from, size.min(from + (1 << level)))
    };
    numbers.iter().map(one).collect()
}

fn checked_size(nodes: &impl Nodes, size: u64) -> Result<(), ProofError> {
    if size > nodes.size() || size > MAX_SIZE { Err(ProofError::Outside) } else { Ok(()) }
}

/// Root of the tree of the first `size` leaves.
pub fn root<D: TreeHash>(nodes: &impl Nodes, size: u64) -> Result<Hash, ProofError> {
    checked_size(nodes, size)?;
    range::<D>(nodes, 0, size)
}

/// Proof that leaf `index` is in the tree of the first `size` leaves, from the leaf's sibling up.
pub fn prove_inclusion<D: TreeHash>(
    nodes: &impl Nodes,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, ProofError> {
    checked_size(nodes, size)?;
    if index >= size {
        return Err(ProofError::Outside);
    }
    numbered::<D>(nodes, &indices_for_inclusion_proof(size, index), size)
}

/// Proof that the tree of `old` leaves is the beginning of the tree of `new` leaves. It is
/// empty when `old` is 0 or equals `new`.
pub fn prove_consistency<D: TreeHash>(
    nodes: &impl Nodes,
    old: u64,
    new: u64,
) -> Result<Vec<Hash>, ProofError> {
    checked_size(nodes, new)?;
    if old > new {
        return Err(ProofError::Outside);
    }
    if old == 0 {
        return Ok(Vec::new());
    }
    numbered::<D>(nodes, &indices_for_consistency_proof(old, new - old), new)
}

/// Whether `leaf` (bytes of the entry) is number `index` of the tree of `size` leaves with this root.
pub fn verify_inclusion<D: TreeHash>(
    leaf: &[u8],
    index: u64,
    size: u64,
    root: &Hash,
    path: &[Hash],
) -> Result<(), ProofError> {
    if size > MAX_SIZE || index >= size {
        return Err(ProofError::Outside);
    }
    if path.len() != indices_for_inclusion_proof(size, index).len() {
        return Err(ProofError::Length);
    }
    let proof = InclusionProof::<D>::try_from_bytes(path.concat()).map_err(|_| ProofError::Length)?;
    RootHash::<D>::new((*root).into(), size)
        .verify_inclusion(&leaf, index, &proof)
        .map_err(|_| ProofError::Root)
}

/// Size and root of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of leaves.
    pub size: u64,
    /// Root.
    pub root: Hash,
}

/// Whether the tree of `new` continues the tree of `old`.
pub fn verify_consistency<D: TreeHash>(old: Head, new: Head, path: &[Hash]) -> Result<(), ProofError> {
    if new.size > MAX_SIZE || old.size > new.size {
        return Err(ProofError::Outside);
    }
    let expected =
        if old.size == 0 { 0 } else { indices_for_consistency_proof(old.size, new.size - old.size).len() };
    if path.len() != expected {
        return Err(ProofError::Length);
    }
    for head in [old, new] {
        if head.size == 0 && head.root != empty_root::<D>() {
            return Err(ProofError::Root);
        }
    }
    if old.size == 0 {
        return Ok(());
    }
    let proof = ConsistencyProof::<D>::try_from_bytes(path.concat()).map_err(|_| ProofError::Length)?;
    let [old, new] = [old, new].map(|h| RootHash::<D>::new(h.root.into(), h.size));
    new.verify_consistency(&old, &proof).map_err(|_| ProofError::Root)
}

/// The growing edge of a tree: enough to append leaves and to know the root, in a few
/// hashes however many leaves there are.
#[derive(Debug, Clone)]
pub struct Edge<D> {
    size: u64,
    // The full subtrees, largest first: one for each set bit of the size.
    full: Vec<Hash>,
    digest: PhantomData<D>,
}

impl<D> Default for Edge<D> {
    fn default() -> Self {
        Self { size: 0, full: Vec::new(), digest: PhantomData }
    }
}

impl<D: TreeHash> Edge<D> {
    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends an entry, given as its bytes.
    pub fn push(&mut self, leaf: &[u8]) {
        let mut hash = leaf_hash::<D>(leaf);
        // Every trailing one of the size is a full subtree that now pairs up.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.full.pop() {
                hash = node_hash::<D>(&left, &hash);
            }
        }
        self.full.push(hash);
        self.size += 1;
    }

    /// The root.
    pub fn root(&self) -> Hash {
        let mut parts = self.full.iter().rev();
        let Some(first) = parts.next() else { return empty_root::<D>() };
        parts.fold(*first, |right, left| node_hash::<D>(left, &right))
    }

    /// Bytes for keeping: the size as 8 bytes, largest first, then the hashes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.size.to_be_bytes().to_vec();
        out.extend(self.full.iter().flatten());
        out
    }

    /// Reads what [`Self::to_bytes`] wrote; `None` for anything else. Empty bytes are an
    /// empty tree.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() {
            return Some(Self::default());
        }
        let (size, rest) = bytes.split_first_chunk::<8>()?;
        let size = u64::from_be_bytes(*size);
        let (full, tail) = rest.as_chunks::<32>();
        (tail.is_empty() && full.len() == size.count_ones() as usize).then(|| Self {
            size,
            full: full.to_vec(),
            digest: PhantomData,
        })
    }
}

/// A whole tree in memory: 64 bytes a leaf. Proofs cost some twenty look-ups.
#[derive(Debug, Clone)]
pub struct Forest<D> {
    // One list a level, from the leaves up; full subtrees only.
    levels: Vec<Vec<Hash>>,
    digest: PhantomData<D>,
}

impl<D> Default for Forest<D> {
    fn default() -> Self {
        Self { levels: vec![Vec::new()], digest: PhantomData }
    }
}

impl<D: TreeHash> Forest<D> {
    /// Appends an entry, given as its bytes.
    pub fn push(&mut self, leaf: &[u8]) {
        self.push_hash(leaf_hash::<D>(leaf));
    }

    /// Appends an entry, given as its [`leaf_hash`].
    pub fn push_hash(&mut self, leaf: Hash) {
        let mut hash = leaf;
        let mut level = 0;
        loop {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let row = &mut self.levels[level];
            row.push(hash);
            match row.as_slice() {
                [.., left, right] if row.len().is_multiple_of(2) => hash = node_hash::<D>(left, right),
                _ => return,
            }
            level += 1;
        }
    }

    /// The root of all leaves.
    pub fn root(&self) -> Hash {
        // All nodes below the own size are there.
        root::<D>(self, self.size()).unwrap_or_else(|_| empty_root::<D>())
    }
}

impl<D> Nodes for Forest<D> {
    fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    fn full(&self, level: u32, index: u64) -> Option<Hash> {
        self.levels.get(level as usize)?.get(usize::try_from(index).ok()?).copied()
    }
}

impl<D: TreeHash, L: AsRef<[u8]>> Extend<L> for Forest<D> {
    fn extend<I: IntoIterator<Item = L>>(&mut self, leaves: I) {
        for leaf in leaves {
            self.push(leaf.as_ref());
        }
    }
}
