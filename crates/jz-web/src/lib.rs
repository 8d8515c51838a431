//! HTTP: translate in, call a use case, translate out.
//!
//! `registry` lists every route with the right it needs; `guard` enforces it before a
//! handler runs; `api/<area>` holds the handlers; `serve` accepts connections within
//! limits. There is no rule and no query here.

mod api;
mod assets;
mod caller;
mod error;
mod extract;
mod guard;
mod pace;
pub mod registry;
mod router;
mod serve;

pub use pace::Pace;
pub use router::{AppState, openapi, router};
pub use serve::{Limits, serve};
