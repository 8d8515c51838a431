//! TIFF pixels: bitonal fax pages, grey, RGB, CMYK and YCbCr, 1 to 16 bits.

use std::io::Cursor;

use tiff::decoder::{BufferLayoutPreference, Decoder, DecodingResult, Limits as TiffLimits};
use tiff::{ColorType, TiffError};

use super::on_white;
use crate::{Image, ImagingError, Limits, Unsupported};

/// Translates the decoder's errors; their texts are not for people.
pub(crate) fn error(e: TiffError) -> ImagingError {
    match e {
        TiffError::UnsupportedError(_) => ImagingError::Unsupported(Unsupported::TiffLayout),
        TiffError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => ImagingError::Truncated,
        _ => ImagingError::Damaged,
    }
}

pub(super) fn decode(bytes: &[u8], page: u32, limits: &Limits) -> Result<Image, ImagingError> {
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(error)?;
    decoder.seek_to_image(page as usize).map_err(error)?;
    let (w, h) = decoder.dimensions().map_err(error)?;
    crate::probe::check_size(u64::from(w), u64::from(h), limits)?;
    let colour = decoder.colortype().map_err(error)?;

    let mut bound = TiffLimits::default();
    // Exactly what the picture needs, at most 16 bits a channel.
    bound.decoding_buffer_size = w as usize * h as usize * usize::from(colour.num_samples()) * 2;
    bound.intermediate_buffer_size = bound.decoding_buffer_size;
    let mut decoder = decoder.with_limits(bound);

    let mut result = DecodingResult::U8(vec![]);
    let layout = decoder.read_image_to_buffer(&mut result).map_err(error)?;
    let samples = match result {
        DecodingResult::U8(data) => data,
        DecodingResult::U16(data) => data.into_iter().map(|v| (v >> 8) as u8).collect(),
        _ => return Err(ImagingError::Unsupported(Unsupported::TiffLayout)),
    };
    let data = to_rgb(samples, colour, &layout, w as usize, h as usize)?;
    Image::new(w, h, data).ok_or(ImagingError::Damaged)
}

fn to_rgb(
    data: Vec<u8>,
    colour: ColorType,
    layout: &BufferLayoutPreference,
    w: usize,
    h: usize,
) -> Result<Vec<u8>, ImagingError> {
    let unsupported = ImagingError::Unsupported(Unsupported::TiffLayout);
    let data = if layout.planes > 1 { interleave(&data, layout, w * h)? } else { data };
    Ok(match colour {
        ColorType::Gray(bits @ (1 | 2 | 4)) => unpack(&data, usize::from(bits), w, h)?,
        ColorType::Gray(8 | 16) => data.into_iter().flat_map(|v| [v; 3]).collect(),
        ColorType::GrayA(8 | 16) => data.chunks_exact(2).flat_map(|p| [on_white(p[0], p[1]); 3]).collect(),
        ColorType::RGB(8 | 16) => data,
        ColorType::RGBA(8 | 16) => {
            data.chunks_exact(4).flat_map(|p| [0, 1, 2].map(|c| on_white(p[c], p[3]))).collect()
        }
        ColorType::CMYK(8 | 16) => data.chunks_exact(4).flat_map(cmyk).collect(),
        ColorType::YCbCr(8) => data.chunks_exact(3).flat_map(ycbcr).collect(),
        _ => return Err(unsupported),
    })
}

/// Planes one after the other become pixels.
fn interleave(data: &[u8], layout: &BufferLayoutPreference, pixels: usize) -> Result<Vec<u8>, ImagingError> {
    let planes = layout.planes;
    if data.len() < pixels * planes {
        return Err(ImagingError::Unsupported(Unsupported::TiffLayout));
    }
    let stride = data.len() / planes;
    Ok((0..pixels).flat_map(|i| (0..planes).map(move |p| data[p * stride + i])).collect())
}

/// Several pixels a byte, rows padded to whole bytes.
fn unpack(data: &[u8], bits: usize, w: usize, h: usize) -> Result<Vec<u8>, ImagingError> {
    let stride = (w * bits).div_ceil(8);
    if data.len() < stride * h {
        return Err(ImagingError::Damaged);
    }
    let (mask, per_byte) = ((1u16 << bits) - 1, 8 / bits);
    let mut out = Vec::with_capacity(w * h * 3);
    for row in data.chunks_exact(stride).take(h) {
        for x in 0..w {
            let shift = 8 - bits * (x % per_byte + 1);
            let value = (u16::from(row[x / per_byte]) >> shift) & mask;
            out.extend_from_slice(&[(value * 255 / mask) as u8; 3]);
        }
    }
    Ok(out)
}

fn cmyk(p: &[u8]) -> [u8; 3] {
    let black = 255 - u32::from(p[3]);
    [0, 1, 2].map(|c| ((255 - u32::from(p[c])) * black / 255) as u8)
}

fn ycbcr(p: &[u8]) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(p[0]), f32::from(p[1]) - 128.0, f32::from(p[2]) - 128.0);
    [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb]
        .map(|v| v.round().clamp(0.0, 255.0) as u8)
}
