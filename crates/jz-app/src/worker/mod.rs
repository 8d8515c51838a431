//! Foreign bytes are parsed in another process of the same program.
//!
//! `client` keeps a few children and talks to them; `server` is the child: it limits
//! its own memory, processor time and files before it reads a byte. Whatever a bad file
//! does to the child, the server goes on and the person reads a sentence.
//!
//! A new thing to parse is a new [`Op`] and an arm in `server`.

mod client;
mod frame;
mod ocr;
mod pages;
mod server;
mod unzip;

pub use client::Pool;
pub use frame::{Frame, Marks, Op, Trouble, ZipLimits};
pub use pages::MAX_FILE;
pub(crate) use pages::{FileHead, PageHead};
pub use server::serve;
pub(crate) use unzip::Entry;
