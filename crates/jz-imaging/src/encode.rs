//! From pixels to the two formats that we write.

use jpeg_encoder::{ColorType, Encoder, PixelDensity, PixelDensityUnit, SamplingFactor};

use crate::{Gray, Image, ImagingError};

/// Encodes a baseline JPEG, 4:2:0.
pub fn jpeg(image: &Image, quality: u8) -> Result<Vec<u8>, ImagingError> {
    encode(image.data(), image.w(), image.h(), ColorType::Rgb, quality, None)
}

/// Encodes a baseline JPEG, 4:2:0, with a declared resolution.
pub fn jpeg_with_dpi(image: &Image, quality: u8, dpi: u16) -> Result<Vec<u8>, ImagingError> {
    encode(image.data(), image.w(), image.h(), ColorType::Rgb, quality, Some(dpi))
}

/// Encodes a grey JPEG.
pub fn jpeg_gray(image: &Gray, quality: u8) -> Result<Vec<u8>, ImagingError> {
    encode(image.data(), image.w(), image.h(), ColorType::Luma, quality, None)
}

/// Encodes a JPEG from pixels that are YCbCr already.
pub(crate) fn jpeg_ycbcr(data: &[u8], w: u32, h: u32, quality: u8) -> Result<Vec<u8>, ImagingError> {
    encode(data, w, h, ColorType::Ycbcr, quality, None)
}

fn encode(
    data: &[u8],
    w: u32,
    h: u32,
    kind: ColorType,
    quality: u8,
    dpi: Option<u16>,
) -> Result<Vec<u8>, ImagingError> {
    let (Ok(w), Ok(h)) = (u16::try_from(w), u16::try_from(h)) else {
        return Err(ImagingError::Encode("JPEG sides end at 65535"));
    };
    let mut out = Vec::with_capacity(data.len() / 8 + 1024);
    let mut encoder = Encoder::new(&mut out, quality.clamp(1, 100));
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    if let Some(dpi) = dpi {
        encoder.set_density(PixelDensity { density: (dpi, dpi), unit: PixelDensityUnit::Inches });
    }
    encoder.encode(data, w, h, kind).map_err(|_| ImagingError::Encode("JPEG"))?;
    Ok(out)
}

/// Encodes an RGB PNG, without loss, quickly rather than smallest.
pub fn png(image: &Image, dpi: Option<u16>) -> Result<Vec<u8>, ImagingError> {
    write_png(image.data(), image.w(), image.h(), png::ColorType::Rgb, dpi)
}

/// Encodes a grey PNG.
pub fn png_gray(image: &Gray, dpi: Option<u16>) -> Result<Vec<u8>, ImagingError> {
    write_png(image.data(), image.w(), image.h(), png::ColorType::Grayscale, dpi)
}

fn write_png(
    data: &[u8],
    w: u32,
    h: u32,
    kind: png::ColorType,
    dpi: Option<u16>,
) -> Result<Vec<u8>, ImagingError> {
    let mut out = Vec::with_capacity(data.len() / 8 + 1024);
    let mut encoder = png::Encoder::new(&mut out, w, h);
    encoder.set_color(kind);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_pixel_dims(dpi.map(|dpi| {
        let per_metre = (f64::from(dpi) / 0.0254).round() as u32;
        png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter }
    }));
    let failed = |_| ImagingError::Encode("PNG");
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(data).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(out)
}
