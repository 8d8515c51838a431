//! The growing edge of an RFC 6962 tree: enough to append leaves and to know the root,
//! in a few hashes however many leaves there are.
//!
//! Proofs and full verification use the `ct-merkle` crate over all leaves; a test holds
//! the two against each other.

use sha2::{Digest, Sha256};

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// The full subtrees of a tree, largest first: one for each set bit of its size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    full: Vec<Hash>,
}

/// RFC 6962 hash of a leaf.
pub fn leaf_hash(bytes: &[u8]) -> Hash {
    let mut h = Sha256::new();
    h.update([0u8]);
    h.update(bytes);
    h.finalize().into()
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut h = Sha256::new();
    h.update([1u8]);
    h.update(left);
    h.update(right);
    h.finalize().into()
}

impl Frontier {
    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf.
    pub fn push(&mut self, leaf: &[u8]) {
        let mut hash = leaf_hash(leaf);
        // Every trailing one of the size is a full subtree that now pairs up.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.full.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.full.push(hash);
        self.size += 1;
    }

    /// The root; of no leaves it is the hash of nothing.
    pub fn root(&self) -> Hash {
        let mut parts = self.full.iter().rev();
        let Some(first) = parts.next() else { return Sha256::digest([]).into() };
        parts.fold(*first, |right, left| node_hash(left, &right))
    }

    /// Bytes for keeping.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.size.to_be_bytes().to_vec();
        out.extend(self.full.iter().flatten());
        out
    }

    /// Reads what [`Self::to_bytes`] wrote. Empty bytes are an empty tree.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() {
            return Some(Self::default());
        }
        let (size, rest) = bytes.split_first_chunk::<8>()?;
        let size = u64::from_be_bytes(*size);
        let (full, tail) = rest.as_chunks::<32>();
        (tail.is_empty() && full.len() == size.count_ones() as usize)
            .then(|| Self { size, full: full.to_vec() })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;
    use ct_merkle::mem_backed_tree::MemoryBackedTree;

    #[test]
    fn agrees_with_the_library_at_every_size() {
        let mut ours = Frontier::default();
        let mut theirs: MemoryBackedTree<Sha256, Vec<u8>> = MemoryBackedTree::new();
        assert_eq!(ours.root()[..], theirs.root().as_bytes()[..]);
        for n in 0..300u32 {
            let leaf = format!("entry {n}").into_bytes();
            ours.push(&leaf);
            theirs.push(leaf);
            assert_eq!(ours.root()[..], theirs.root().as_bytes()[..], "{n}");
            assert_eq!(Frontier::from_bytes(&ours.to_bytes()).unwrap(), ours);
        }
    }

    #[test]
    fn known_answer_of_rfc_6962() {
        // Root of the one empty leaf, from the test vectors of Certificate Transparency.
        let mut f = Frontier::default();
        f.push(b"");
        assert_eq!(hex::encode(f.root()), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        assert_eq!(
            hex::encode(Frontier::default().root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn damaged_bytes_are_refused() {
        let mut f = Frontier::default();
        f.push(b"a");
        let mut bytes = f.to_bytes();
        bytes.push(0);
        assert!(Frontier::from_bytes(&bytes).is_none());
        assert!(Frontier::from_bytes(&[0; 7]).is_none());
    }
}
