//! Volumes: numbers, catalogues, pages, imports, on both databases.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a failed unwrap is the failed test"
)]

mod catalogue;
mod filing;
mod import;
mod print;
mod world;
