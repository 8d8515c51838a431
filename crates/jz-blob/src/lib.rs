//! Encrypted, content-addressed objects and the keys of an installation.
//!
//! What it is: [`MasterKey`] and the keys derived from it ([`Keys`]: sealed
//! fields, keyed look-up values, row digests), and [`Vault`], which stores
//! files so that what was acknowledged survives a power cut, a flipped bit is
//! noticed, and a stolen disk shows nothing.
//!
//! What it is not: it knows no database, no person and no right to read. The
//! caller keeps [`Stored`] in a row, writes that row only after
//! [`Batch::flush`] returned, and decides who may read.
//!
//! Where things are: the key file in `master`, derived keys and sealed fields
//! in `keys`, the file format in `container`, the two places objects can live
//! in `folder` and `s3` (both are a [`Blobs`]), temporary files in `staging`,
//! everything a caller does with objects in `vault`. A new cipher is one more
//! row in `suite`; a new kind of storage is one more implementation of
//! [`Blobs`] that passes `tests/contract.rs`.
#![deny(missing_docs)]

mod container;
mod error;
mod folder;
mod keys;
mod master;
mod name;
#[cfg(feature = "s3")]
mod s3;
mod staging;
mod suite;
mod sweep;
mod vault;

pub use container::{CHUNK, stored_len};
pub use error::{Damage, Error, Result};
pub use folder::Folder;
pub use keys::Keys;
pub use master::{MasterKey, UnitKey};
pub use name::{Blobs, Entry, Listing, ObjectName, Placed, Staged, When};
#[cfg(feature = "s3")]
pub use s3::{S3, S3Config};
pub use staging::Staging;
pub use suite::Suite;
pub use sweep::{Finding, compare};
pub use vault::{Batch, Digests, Stored, Vault};
