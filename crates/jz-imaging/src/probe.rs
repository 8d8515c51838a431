//! What a file says about itself, read from its headers only.
//!
//! Nothing is decoded and nothing larger than a header is allocated here: this
//! is the gate before the decoders. A file that passes may still be broken
//! further on; [`crate::decode`] finds that out.

mod exif;
pub(crate) mod jpeg;
mod png;
mod tiff;

use serde::{Deserialize, Serialize};

use crate::{ImagingError, Limits};

/// File formats that pages come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// JPEG, baseline or progressive.
    Jpeg,
    /// PNG.
    Png,
    /// TIFF, one or more pages.
    Tiff,
    /// PDF; see [`crate::pdf`].
    Pdf,
}

impl Format {
    /// Tells the format from the first bytes; the name of a file is never asked.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
        // PDF readers accept up to 1024 bytes of rubbish before the header.
        let head = &bytes[..bytes.len().min(1024 + 5)];
        if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Self::Jpeg)
        } else if bytes.starts_with(PNG) {
            Some(Self::Png)
        } else if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") {
            Some(Self::Tiff)
        } else if head.windows(5).any(|w| w == b"%PDF-") {
            Some(Self::Pdf)
        } else {
            None
        }
    }

    /// The usual extension, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Tiff => "tif",
            Self::Pdf => "pdf",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Tiff => "image/tiff",
            Self::Pdf => "application/pdf",
        }
    }
}

/// How colours are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    /// Three channels (RGB or YCbCr).
    Rgb,
    /// One channel.
    Gray,
    /// One bit.
    Bitonal,
    /// A palette.
    Palette,
    /// Four printing inks.
    Cmyk,
    /// Something else, or not known yet.
    Other,
}

/// What the headers say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    /// The format, from the signature.
    pub format: Format,
    /// Stored width in pixels, before `orientation`. 0 for PDF.
    pub w: u32,
    /// Stored height in pixels, before `orientation`. 0 for PDF.
    pub h: u32,
    /// Declared dots per inch, both axes.
    pub dpi: Option<(f32, f32)>,
    /// Bits per channel. 0 for PDF.
    pub bits: u8,
    /// How colours are stored.
    pub colour: Colour,
    /// EXIF orientation, 1 to 8.
    pub orientation: u8,
    /// Pages; 0 for a PDF, whose pages are counted by [`crate::pdf::PdfFile`].
    pub pages: u32,
    /// JPEG only: progressive.
    pub progressive: bool,
    /// JPEG only: the quality setting that explains the quantisation tables.
    pub jpeg_quality: Option<u8>,
    /// JPEG only: bytes after the end of the image.
    pub trailing_bytes: u64,
}

impl Probe {
    pub(crate) fn new(format: Format, w: u32, h: u32) -> Self {
        Self {
            format,
            w,
            h,
            dpi: None,
            bits: 8,
            colour: Colour::Rgb,
            orientation: 1,
            pages: 1,
            progressive: false,
            jpeg_quality: None,
            trailing_bytes: 0,
        }
    }

    /// Width and height as a person sees the page.
    pub fn upright(&self) -> (u32, u32) {
        if (5..=8).contains(&self.orientation) { (self.h, self.w) } else { (self.w, self.h) }
    }
}

/// Reads the headers and refuses what is too large, cut off or unknown.
pub fn probe(bytes: &[u8], limits: &Limits) -> Result<Probe, ImagingError> {
    let len = bytes.len() as u64;
    if len > limits.max_bytes {
        return Err(ImagingError::TooManyBytes { bytes: len, max: limits.max_bytes });
    }
    let found = match Format::of(bytes).ok_or(ImagingError::UnknownFormat)? {
        Format::Jpeg => jpeg::probe(bytes)?,
        Format::Png => png::probe(bytes)?,
        Format::Tiff => tiff::probe(bytes, limits)?,
        Format::Pdf => Probe { bits: 0, pages: 0, colour: Colour::Other, ..Probe::new(Format::Pdf, 0, 0) },
    };
    if found.format != Format::Pdf {
        check_size(u64::from(found.w), u64::from(found.h), limits)?;
    }
    Ok(found)
}

/// Refuses sizes beyond the limits, and empty ones.
pub(crate) fn check_size(w: u64, h: u64, limits: &Limits) -> Result<(), ImagingError> {
    if w == 0 || h == 0 {
        return Err(ImagingError::NoPixels);
    }
    let side = u64::from(limits.max_side);
    if w > side || h > side || w * h > limits.max_pixels {
        return Err(ImagingError::TooManyPixels { w, h, limits: *limits });
    }
    Ok(())
}

/// A plausible resolution, or none: scanners write 0, 1 and 65535 for "unknown".
pub(crate) fn plausible_dpi(x: f64, y: f64) -> Option<(f32, f32)> {
    let fine = |v: f64| (20.0..=10_000.0).contains(&v);
    (fine(x) && fine(y)).then_some((x as f32, y as f32))
}
