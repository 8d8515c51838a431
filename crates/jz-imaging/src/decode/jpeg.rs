//! JPEG pixels.

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::{Image, ImagingError, Limits};

pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Image, ImagingError> {
    match run(bytes, limits, true) {
        // Some cameras and editors leave padding between header segments. That
        // loses no pixel, so it is the one fault that is forgiven.
        Err(Fault::Padding) => run(bytes, limits, false),
        other => other,
    }
    .map_err(|_| ImagingError::Damaged)
}

enum Fault {
    Padding,
    Damaged,
}

/// In strict mode every fault in the coded data is an error; otherwise the
/// decoder paints the rest grey and says nothing, which an archive cannot have.
fn run(bytes: &[u8], limits: &Limits, strict: bool) -> Result<Image, Fault> {
    let side = limits.max_side as usize;
    let options = DecoderOptions::default()
        .set_max_width(side)
        .set_max_height(side)
        .set_strict_mode(strict)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let data = decoder.decode().map_err(|e| {
        let text = e.to_string();
        if text.contains("Extra bytes between headers") { Fault::Padding } else { Fault::Damaged }
    })?;
    let (w, h) = decoder.dimensions().ok_or(Fault::Damaged)?;
    rgb(w, h, data).ok_or(Fault::Damaged)
}

/// The decoder may answer a grey file with one channel.
fn rgb(w: usize, h: usize, data: Vec<u8>) -> Option<Image> {
    let data = if data.len() == w * h { data.iter().flat_map(|&v| [v; 3]).collect() } else { data };
    Image::new(w as u32, h as u32, data)
}

/// A colour JPEG of ours as YCbCr, three bytes a pixel: for work on brightness
/// that goes back into a JPEG, without two conversions of every pixel.
pub(crate) fn decode_ycbcr(bytes: &[u8]) -> Result<(u32, u32, Vec<u8>), ImagingError> {
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::YCbCr);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let data = decoder.decode().map_err(|_| ImagingError::Damaged)?;
    let (w, h) = decoder.dimensions().ok_or(ImagingError::Damaged)?;
    if data.len() == w * h * 3 { Ok((w as u32, h as u32, data)) } else { Err(ImagingError::Damaged) }
}
