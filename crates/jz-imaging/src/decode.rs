//! From the bytes of a file to pixels, whatever the file stores: always
//! eight-bit RGB, as stored. [`decode_upright`] also turns the page the way EXIF
//! says; only derived pictures are turned, never the master.

mod jpeg;
mod png;
mod tiff;

pub(crate) use tiff::error as tiff_error;

use crate::{Format, Image, ImagingError, Limits, Probe, probe};

/// Decodes the first page of a JPEG, PNG or TIFF.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Image, ImagingError> {
    decode_page(bytes, 0, limits)
}

/// Decodes page `page` (from 0) of a JPEG, PNG, TIFF or PDF.
pub fn decode_page(bytes: &[u8], page: u32, limits: &Limits) -> Result<Image, ImagingError> {
    let probe = probe(bytes, limits)?;
    decode_probed(bytes, &probe, page, limits)
}

/// Decodes the first page and turns it upright.
pub fn decode_upright(bytes: &[u8], limits: &Limits) -> Result<Image, ImagingError> {
    let probe = probe(bytes, limits)?;
    Ok(decode_probed(bytes, &probe, 0, limits)?.oriented(probe.orientation))
}

/// As [`decode_page`], for callers that already hold the probe of these bytes.
pub fn decode_probed(bytes: &[u8], probe: &Probe, page: u32, limits: &Limits) -> Result<Image, ImagingError> {
    if probe.format != Format::Pdf && page >= probe.pages {
        return Err(ImagingError::NoSuchPage { page });
    }
    match probe.format {
        Format::Jpeg => jpeg::decode(bytes, limits),
        Format::Png => png::decode(bytes, probe),
        Format::Tiff => tiff::decode(bytes, page, limits),
        Format::Pdf => {
            let file = crate::pdf::PdfFile::open(bytes.to_vec(), limits)?;
            let page = file.page(page)?;
            decode(&page.bytes, limits)
        }
    }
}

/// Decodes a JPEG that we have written ourselves.
pub(crate) fn jpeg_of_ours(bytes: &[u8]) -> Result<Image, ImagingError> {
    jpeg::decode(bytes, &Limits::default())
}

pub(crate) use jpeg::decode_ycbcr;

/// Puts `value` with opacity `alpha` on white paper.
fn on_white(value: u8, alpha: u8) -> u8 {
    let (v, a) = (u32::from(value), u32::from(alpha));
    ((v * a + 255 * (255 - a) + 127) / 255) as u8
}
