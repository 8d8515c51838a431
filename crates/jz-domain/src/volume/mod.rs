//! 案卷 (volume): class schemes as versioned data and the catalogue as a pure value.
//!
//! A volume names its scheme; the scheme's classes are data ([`SCHEMES`]). The
//! catalogue of a volume is a value that edits turn into a new value
//! ([`Catalogue::apply`]); storing and drawing it is done elsewhere.

mod catalogue;
mod schemes;

pub use catalogue::{Catalogue, Change, EditError, Field, MaterialRow, Op};
pub use schemes::{Class, SCHEMES, Scheme, scheme};

/// How far a volume's contents may travel (`domain-archives` 1.10).
#[rustfmt::skip]
pub static SECRECY: &[crate::member::Code] = &[
    crate::member::Code { code: "0", label: "无" },
    crate::member::Code { code: "1", label: "内部" },
];
