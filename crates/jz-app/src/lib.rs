//! Use cases: authorise, load, decide, save, record, commit.
//!
//! A use case is one function over a [`Cx`]. It knows no SQL and no HTTP. Areas carry
//! the same names as in `jz-domain` and in the API.
#![deny(missing_docs)]

mod app;
pub mod audit;
mod clock;
pub mod config;
mod cx;
mod fail;
pub mod hub;
pub mod identity;
pub mod intake;
pub mod jobs;
pub mod member;
pub mod objects;
pub mod org;
pub mod page;
pub mod place;
pub mod print;
mod rand;
mod seal;
pub mod search;
pub mod system;
mod vault;
pub mod volume;
pub mod worker;

pub use app::App;
pub use clock::{Clock, SystemClock};
pub use cx::{About, Change, Cx, Event};
pub use fail::{Fail, Problem};
