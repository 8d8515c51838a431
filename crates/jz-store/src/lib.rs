//! Storage in tables: one SQL text for SQLite and PostgreSQL, and one repository
//! module per area.
//!
//! Repositories are plain functions over [`Db`], called inside [`Store::read`] or
//! [`Store::write`]. They know columns, not rules. Sealed columns arrive here already
//! sealed. All SQL are named constants listed in `all_sql`, which a test prepares on
//! both engines; the contract stories in `tests/` call every function on both.
#![deny(missing_docs)]

pub mod account;
mod codes;
mod db;
mod error;
pub mod job;
pub mod ledger;
pub mod object;
pub mod org;
pub mod page;
pub mod person;
mod schema;
pub mod setting;
mod store;
pub mod volume;

pub use codes::CodeTable;
pub use db::{Column, Db, Row, RowKey, Val};
pub use error::StoreError;
pub use store::{Place, Store};

/// The archive-holding unit. One installation holds one; the key is there so that
/// partitioning and federation stay possible.
pub const UNIT: i64 = 1;

/// Every SQL constant of the repositories, for the test that prepares them all.
pub fn all_sql() -> impl Iterator<Item = &'static str> {
    [
        setting::SQL,
        org::SQL,
        person::SQL,
        account::SQL,
        ledger::SQL,
        object::SQL,
        volume::SQL,
        page::SQL,
        job::SQL,
    ]
    .into_iter()
    .flatten()
    .copied()
}
