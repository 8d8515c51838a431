//! 身份与权限 (identity): who may do what to what, decided in one place.
//!
//! [`decide`] is a pure function over [`RULES`]: role × action × reach. It knows no
//! session, no HTTP and no database. Whoever asks brings the grants that are valid
//! today and the object's place in the tree.
//!
//! A new right is a new row of [`RULES`]; the matrix in `docs/permissions.txt` is
//! written from the same table and compared in a test.

mod actions;
mod decide;
mod roles;

pub use actions::Action;
pub use decide::{Actor, Allowed, Denied, Grant, Object, RULES, Reach, Rule, decide, reach_of, scope};
pub use roles::Role;
