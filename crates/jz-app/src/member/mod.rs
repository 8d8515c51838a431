//! 人员 (member): list, record, history, edits.
//!
//! `record` is the shape of a person's row and its sealed detail; `list` finds people;
//! `edit` changes them. Identity and telephone numbers are masked everywhere but in
//! [`reveal`], which asks for a reason and leaves a line in the ledger.

mod edit;
mod list;
mod record;

pub use edit::{PersonInput, create, edit};
pub(crate) use list::spans;
pub use list::{ListQuery, PersonList, list};
pub(crate) use record::Names;
pub use record::{Detail, PersonRecord, PersonRow, Revealed, history, look_receipt, looks, read, reveal};
