//! 审计 (audit): the ledger that every change and every look at a file is written to,
//! in the same transaction.
//!
//! An entry's leaf names who, when, what and a commitment to the detail; the detail
//! itself is sealed in a side column, so that erasing it leaves a valid tree and nothing
//! personal. `edges` are the growing edges of the trees, `checkpoint` the signed file outside
//! the database, `keys` what it is signed with, `verify` recomputes everything.

mod checkpoint;
mod edges;
mod entry;
mod keys;
mod read;
mod verify;

pub use checkpoint::{Kept, check_at_start, write_checkpoint};
use edges::Frontier;
pub use entry::{Draft, Ledger, opened_detail};
pub use keys::LogKeys;
pub(crate) use read::EventDetail;
pub use read::{EntryView, EventView, FieldChange, Look, Status, entries, history, looks, status};
pub use verify::{Finding, Report, verify};
