//! Thumbnails.

use crate::image::Smooth;
use crate::{Image, ImagingError, encode};

/// Longer side of a thumbnail.
pub const SIDE: u32 = 256;
const QUALITY: u8 = 78;

/// A JPEG whose longer side is [`SIDE`]; small pictures are not enlarged.
pub fn jpeg(page: &Image) -> Result<Vec<u8>, ImagingError> {
    let (w, h) = fit(page.w(), page.h(), SIDE);
    encode::jpeg(&page.resize(w, h, Smooth::Lanczos), QUALITY)
}

/// Largest size of the same shape within a square.
pub(crate) fn fit(w: u32, h: u32, side: u32) -> (u32, u32) {
    let long = w.max(h);
    if long <= side {
        return (w, h);
    }
    let scaled = |v: u32| ((f64::from(v) * f64::from(side) / f64::from(long)).round() as u32).max(1);
    (scaled(w), scaled(h))
}
