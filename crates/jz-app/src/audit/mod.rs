//! 审计 (audit): the ledger that every change and every look at a file is written to,
//! in the same transaction.
//!
//! An entry's leaf names who, when, what and a commitment to the detail; the detail
//! itself is sealed in a side column, so that erasing it leaves a valid tree and nothing
//! personal. `tree` is the growing edge, `checkpoint` the file outside the database,
//! `verify` recomputes everything.

mod checkpoint;
mod entry;
mod read;
mod tree;
mod verify;

pub use checkpoint::{Checkpoint, check_at_start, write_checkpoint};
pub use entry::{Draft, Ledger, opened_detail};
pub(crate) use read::EventDetail;
pub use read::{EntryView, EventView, FieldChange, Look, Status, entries, history, looks, status};
pub use tree::{Frontier, Hash, leaf_hash};
pub use verify::{Finding, Report, verify};
