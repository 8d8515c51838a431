//! Hashes of leaves and nodes as RFC 6962 defines them, over any digest of 32 bytes.

use sha2::digest::{Digest, consts::U32};

/// A hash: 32 bytes, from SHA-256 or from SM3.
pub type Hash = [u8; 32];

/// A digest that a tree can be built with: [`sha2::Sha256`] or [`sm3::Sm3`].
pub trait TreeHash: Digest<OutputSize = U32> {}

impl<D: Digest<OutputSize = U32>> TreeHash for D {}

/// Hash of a leaf: one zero byte, then the bytes of the entry.
pub fn leaf_hash<D: TreeHash>(leaf: &[u8]) -> Hash {
    D::new().chain_update([0]).chain_update(leaf).finalize().into()
}

/// Hash of a node: a byte one, then both children.
pub fn node_hash<D: TreeHash>(left: &Hash, right: &Hash) -> Hash {
    D::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// Root of the tree without leaves: the hash of nothing.
pub fn empty_root<D: TreeHash>() -> Hash {
    D::digest([]).into()
}
