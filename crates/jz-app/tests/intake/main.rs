//! Imports from workbooks, from upload to undo, on both engines.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a failed unwrap is the failed test")]

mod house;
mod orgs;
mod people;
mod rights;
mod uploads;
