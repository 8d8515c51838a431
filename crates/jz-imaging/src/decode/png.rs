//! PNG pixels. Transparent parts become white paper.

use std::io::Cursor;

use png::{ColorType, Decoder, DecodingError, Limits, Transformations};

use super::on_white;
use crate::{Image, ImagingError, Probe};

pub(super) fn decode(bytes: &[u8], probe: &Probe) -> Result<Image, ImagingError> {
    let pixels = probe.w as usize * probe.h as usize;
    // Rows are expanded by the decoder itself; anything above this is not pixels.
    let limits = Limits { bytes: pixels.saturating_mul(8).saturating_add(16 << 20) };
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let mut reader = decoder.read_info().map_err(error)?;
    let size = reader.output_buffer_size().ok_or(ImagingError::Damaged)?;
    let mut data = vec![0; size];
    let info = reader.next_frame(&mut data).map_err(error)?;
    data.truncate(info.buffer_size());
    let data = match info.color_type {
        ColorType::Rgb => data,
        ColorType::Grayscale => data.iter().flat_map(|&v| [v; 3]).collect(),
        ColorType::GrayscaleAlpha => data.chunks_exact(2).flat_map(|p| [on_white(p[0], p[1]); 3]).collect(),
        ColorType::Rgba => {
            data.chunks_exact(4).flat_map(|p| [0, 1, 2].map(|c| on_white(p[c], p[3]))).collect()
        }
        ColorType::Indexed => return Err(ImagingError::Damaged), // expanded above
    };
    Image::new(info.width, info.height, data).ok_or(ImagingError::Damaged)
}

fn error(e: DecodingError) -> ImagingError {
    match e {
        DecodingError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => ImagingError::Truncated,
        _ => ImagingError::Damaged,
    }
}
