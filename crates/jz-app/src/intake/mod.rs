//! 导入 (intake): workbooks of organisations and people, from upload to undo.
//!
//! An [`Upload`] is parsed in the worker process and read by the pure rules of
//! `jz_domain::intake`. [`preview`] compares every good row with what is stored and keeps
//! a plan: sealed lines that pass through and are never held in memory. [`commit`] carries
//! the plan out in one transaction, or refuses when somebody changed something meanwhile.
//! [`undo`] takes a whole batch back, as long as nothing else touched what it wrote.
//!
//! A new column of people is a row of `jz_domain::intake::template`; what becomes of it
//! is in `facts`. Folders of scans are not here but in `volume`.

mod annotate;
mod commit;
mod facts;
mod lines;
mod matching;
mod members;
mod orgs;
mod preview;
mod undo;
mod upload;
mod view;
mod world;

pub use annotate::{annotated, template};
pub use commit::commit;
pub use jz_domain::intake::Kind;
pub use preview::preview;
pub use undo::undo;
pub use upload::{MOST_BYTES, Upload};
pub use view::{
    Batch, ChangePage, CodeCount, FindingPage, ImportFinding, RowChange, SheetColumn, SheetInfo,
    all_findings, changes, findings, list, read,
};
