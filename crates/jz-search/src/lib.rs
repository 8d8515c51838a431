//! Searching Chinese text and people's names without storing either in the open.
//!
//! What it is: [`fold`] makes texts comparable (one script, one width, one
//! case, letters and digits only); [`codes`] turns a folded page into the keyed
//! codes of its character pairs, which is all an index needs to hold;
//! [`Query`] asks for pages by code and then confirms each candidate in its
//! decrypted text; [`snippet`] and [`line_ranges`] say where the hits are in
//! the original lines; [`person_keys`] and [`person_query`] find people by any
//! part of name, pinyin, initials or numbers.
//!
//! What it is not: it keeps no index and knows no database and no rights. A
//! candidate is only a candidate: the caller compares the row's own unit with
//! the reader's rights, and calls [`Query::verify`].
//!
//! Where to add things: a new equivalence of characters goes into `fold`
//! (then all pages must be indexed anew), a surname's reading into `surname`.
//! [`scan`] is the slow reference that the tests hold everything against.
#![deny(missing_docs)]

mod code;
mod fold;
mod people;
mod pinyin_keys;
mod query;
mod scan;
mod snippet;
mod surname;

pub use code::{Scope, SearchKey, codes, scope_code, term_text, terms};
pub use fold::{Folded, Position, fold, fold_lines, fold_text};
pub use people::{PersonNames, person_keys, person_query};
pub use query::{Hit, Query, QueryError};
pub use scan::scan;
pub use snippet::{LineRange, Part, line_ranges, snippet};
