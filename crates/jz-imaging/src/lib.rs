//! Scanned pages as bytes and pixels: probing, decoding, thumbnails, tiles,
//! IIIF Image API 3, watermarks, recognition and facts about quality.
//!
//! A leaf tool. It knows nothing of persons, volumes, databases or files: bytes
//! come in, bytes and plain values go out. No clock, no network, no threads of
//! its own except the one-thread pool of a recogniser.
//!
//! Everything that reads foreign bytes takes [`Limits`] and refuses from the
//! header, before a pixel is decoded; callers still run it in a worker process
//! with limits of its own, since decoders are other people's code.
//!
//! Where things are:
//! - a new file format: [`probe()`](mod@probe) (headers) and [`decode`] (pixels);
//! - anything derived from a page: [`thumb`], [`pack`], [`iiif`], [`stamp`];
//! - reading text: [`ocr`]; measuring a page: [`quality`].

pub mod decode;
pub mod encode;
mod error;
pub mod iiif;
pub mod image;
mod limits;
pub mod ocr;
pub mod pack;
pub mod pdf;
pub mod probe;
pub mod quality;
pub mod stamp;
pub mod thumb;

pub use decode::{decode, decode_page, decode_upright};
pub use error::{ImagingError, Unsupported};
pub use image::{Gray, Image};
pub use limits::Limits;
pub use probe::{Colour, Format, Probe, probe};
