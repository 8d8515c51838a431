//! Proofs about the ledger that hold without our server: the hash tree, signed
//! checkpoints, tiles, receipts, the daily line and the witness.
//!
//! This crate is pure: no database, no clock, no randomness, no files. Callers pass bytes,
//! time and the secrets of keys. Every "no" is a typed reason; the Chinese sentence for it
//! stands with the caller.
//!
//! | module | what |
//! |---|---|
//! | [`hash`] | leaves and nodes as RFC 6962 hashes them, with SHA-256 or SM3 |
//! | [`tree`] | edge, nodes, proofs of inclusion and consistency |
//! | [`key`], [`note`] | C2SP signed notes: Ed25519, SM2, cosignatures |
//! | [`checkpoint`] | 检查点 (C2SP tlog-checkpoint) |
//! | [`tiles`] | export as a folder (C2SP tlog-tiles) |
//! | [`receipt`] | 凭证: one line of the ledger, provable (C2SP tlog-proof) |
//! | [`daily`] | 日检票: the line for the paper register |
//! | [`witness`] | 见证: what the other unit does (C2SP tlog-witness) |
//! | [`page`] | the offline page that checks a receipt |
//!
//! What all this shows: an entry covered by a checkpoint that left the machine cannot be
//! changed, removed or moved without it being found. Entries after the last such
//! checkpoint are protected against accidents only.

pub mod checkpoint;
pub mod daily;
pub mod hash;
pub mod key;
pub mod note;
pub mod page;
pub mod receipt;
pub mod tiles;
pub mod tree;
pub mod witness;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use daily::{DailyLine, Typed, TypedError};
pub use hash::{Hash, TreeHash, leaf_hash};
pub use key::{Cosigner, KeyError, KeyKind, Signer, VerifierKey};
pub use note::{Note, NoteError, Signature, Signed};
pub use receipt::{Opening, Receipt, Refused, Trust, Verified};
pub use tree::{Edge, Forest, Head, Nodes, ProofError};
