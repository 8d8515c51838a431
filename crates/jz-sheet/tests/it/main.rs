//! One integration binary: reading, writing, bombs.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is the failed test")]

mod bombs;
mod reading;
mod school;
mod support;
mod writing;
