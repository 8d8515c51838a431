//! 导入 (intake): workbooks and folders as people hand them over.
//!
//! Pure: no files, no clock, no database. A caller streams cells in ([`Intake`]) or gives
//! a list of paths ([`folders`]), says which day it is and which organisations exist, and
//! gets back typed rows, a plan, and [`Finding`]s that say where something is wrong and
//! what to do about it. Nothing is repaired silently, nothing is dropped without a word.
//!
//! It does not decide whether a person is new or known, and it does not write anything.
//!
//! Where to add things: a column or another name for it in [`template`]; a code or a word
//! for it in [`codes`]; a spelling of dates in [`dates`]; a layout of folders in
//! [`folders`].

pub mod catalogue;
mod cell;
pub mod class_code;
pub mod codes;
pub mod dates;
pub mod finding;
pub mod folders;
mod header;
pub mod idno;
mod lookup;
mod member;
mod org_plan;
mod row;
mod sheet;
mod shift;
pub mod template;
pub mod text;

pub use cell::Cell;
pub use finding::{Finding, Severity};
pub use header::{Column, HEADER_DEPTH, SavedNames};
pub use idno::{IdFault, IdNo, mask_phone};
pub use lookup::{OrgEntry, OrgHit, OrgIndex};
pub use member::{MemberRow, Numbered};
pub use org_plan::{OrgRow, PlannedOrg, PlannedParent};
pub use row::CLEAR;
pub use sheet::{Context, Finished, Intake, Role, RowKind, RowOutcome, SheetReport, SkippedRow};
pub use template::{Kind, label_of};

#[cfg(test)]
mod tests;
