//! The rules of the field, pure: no clock, no database, no network, no files.
//!
//! Areas carry the same name in every layer. `intake` reads workbooks and folders as
//! people hand them over; the other areas are the rules themselves, as data where they
//! can be data. A new rule is a new row of a table wherever possible.
#![deny(missing_docs)]

mod date;
mod id;
pub mod identity;
pub mod intake;
pub mod member;
pub mod org;
#[cfg(feature = "schema")]
mod schema;
pub mod volume;

pub use date::{NotADate, PartialDate};
pub use id::{Id, Millis, NotAnId};
