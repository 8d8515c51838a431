//! 审计 (audit): the ledger that every change and every look at a file is written to,
//! in the same transaction.
//!
//! An entry's leaf names who, when, what and a commitment to the detail; the detail
//! itself is sealed in a side column, so that erasing it leaves a valid tree and nothing
//! personal. `edges` are the growing edges of the trees, `checkpoint` the signed file outside
//! the database, `keys` what it is signed with, `verify` recomputes everything.
//!
//! What leaves the machine is made by `proof` (receipts, export, witness) and `daily`.

mod checkpoint;
mod daily;
mod edges;
mod entry;
mod keys;
mod nodes;
mod proof;
mod read;
mod verify;
mod words;

pub use checkpoint::{Kept, check_at_start, keep_file, write_checkpoint};
pub use daily::{Daily, DailyCheck, TypedLine, check_daily, daily};
use edges::Frontier;
pub use entry::{Draft, Ledger, opened_detail};
pub use keys::LogKeys;
pub use nodes::Blocks;
use proof::broken;
pub(crate) use proof::look_receipt;
pub use proof::{adopt_cosignature, current, export, keys_text, line_receipt, offline_page, witness_request};
pub(crate) use read::EventDetail;
use read::looks_codes;
pub use read::{EntryView, EventView, FieldChange, Look, Status, entries, history, looks, status};
pub use verify::{Finding, Report, verify, verify_against};
pub use words::refused_zh;
