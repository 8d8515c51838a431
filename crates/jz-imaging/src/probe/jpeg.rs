//! JPEG headers: a walk over the markers up to the first scan.

use super::{Colour, Format, Probe, exif, plausible_dpi};
use crate::{ImagingError, Unsupported};

/// The luminance table of the JPEG standard (Annex K) in zig-zag order: every
/// common encoder scales it, which lets the quality be told from a file.
#[rustfmt::skip]
const LUMA: [u16; 64] = [
    16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40,
    26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51,
    56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87,
    95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
];

pub(super) fn probe(bytes: &[u8]) -> Result<Probe, ImagingError> {
    let mut found: Option<Probe> = None;
    let (mut jfif, mut from_exif, mut quality) = (None, exif::Exif::default(), None);
    let mut at = 2;
    let scan = loop {
        let (marker, body, next) = segment(bytes, at)?;
        match marker {
            0xda => break next,
            0xc0..=0xc2 => found = Some(frame(marker, body)?),
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Err(ImagingError::Unsupported(Unsupported::JpegCoding));
            }
            0xdb => quality = quality.or_else(|| quality_of(body)),
            0xe0 => jfif = jfif.or_else(|| density(body)),
            0xe1 => {
                if let Some(block) = body.strip_prefix(b"Exif\0\0") {
                    from_exif = exif::read(block);
                }
            }
            _ => {}
        }
        at = next;
    };
    let found = found.ok_or(ImagingError::Damaged)?;
    Ok(Probe {
        dpi: jfif.or(from_exif.dpi),
        orientation: from_exif.orientation.unwrap_or(1),
        jpeg_quality: quality,
        trailing_bytes: trailing(bytes, scan)?,
        ..found
    })
}

/// The marker at or after `at`, its body, and where the next one is looked for.
fn segment(bytes: &[u8], mut at: usize) -> Result<(u8, &[u8], usize), ImagingError> {
    let byte = |i: usize| bytes.get(i).copied().ok_or(ImagingError::Truncated);
    if byte(at)? != 0xff {
        return Err(ImagingError::Damaged);
    }
    while byte(at)? == 0xff {
        at += 1; // any number of fill bytes may stand before a marker
    }
    let marker = byte(at)?;
    if matches!(marker, 0xd0..=0xd9 | 0x00 | 0x01) {
        return if marker == 0x01 { Ok((marker, &[], at + 1)) } else { Err(ImagingError::Damaged) };
    }
    let len = usize::from(u16::from_be_bytes([byte(at + 1)?, byte(at + 2)?]));
    if len < 2 {
        return Err(ImagingError::Damaged);
    }
    let next = at + 1 + len;
    let body = bytes.get(at + 3..next).ok_or(ImagingError::Truncated)?;
    Ok((marker, body, next))
}

fn frame(marker: u8, body: &[u8]) -> Result<Probe, ImagingError> {
    let &[bits, h0, h1, w0, w1, components, ..] = body else {
        return Err(ImagingError::Damaged);
    };
    if bits != 8 {
        return Err(ImagingError::Unsupported(Unsupported::JpegDepth));
    }
    let colour = match components {
        1 => Colour::Gray,
        3 => Colour::Rgb,
        4 => Colour::Cmyk,
        _ => return Err(ImagingError::Unsupported(Unsupported::JpegCoding)),
    };
    let (w, h) = (u16::from_be_bytes([w0, w1]), u16::from_be_bytes([h0, h1]));
    let progressive = marker == 0xc2;
    Ok(Probe { colour, progressive, ..Probe::new(Format::Jpeg, u32::from(w), u32::from(h)) })
}

/// `JFIF\0`, two bytes of version, unit, and the density of both axes.
fn density(body: &[u8]) -> Option<(f32, f32)> {
    let &[unit, x0, x1, y0, y1, ..] = body.strip_prefix(b"JFIF\0")?.get(2..)? else { return None };
    let factor = match unit {
        1 => 1.0,
        2 => 2.54,
        _ => return None,
    };
    let value = |a, b| f64::from(u16::from_be_bytes([a, b])) * factor;
    plausible_dpi(value(x0, x1), value(y0, y1))
}

/// The quality that libjpeg's scaling of the standard table would need to give
/// table 0 of this segment.
fn quality_of(body: &[u8]) -> Option<u8> {
    let (&head, rest) = body.split_first()?;
    if head & 0x0f != 0 {
        return None;
    }
    let step = |i: usize| -> Option<u16> {
        if head >> 4 == 0 {
            rest.get(i).map(|&v| u16::from(v))
        } else {
            Some(u16::from_be_bytes([*rest.get(2 * i)?, *rest.get(2 * i + 1)?]))
        }
    };
    let mut scales = Vec::with_capacity(64);
    for (i, &standard) in LUMA.iter().enumerate() {
        scales.push(f32::from(step(i)?) * 100.0 / f32::from(standard));
    }
    scales.sort_by(f32::total_cmp); // the median is deaf to clamping at 1 and 255
    let scale = scales[32];
    let quality = if scale <= 100.0 { (200.0 - scale) / 2.0 } else { 5000.0 / scale };
    Some(quality.round().clamp(1.0, 100.0) as u8)
}

/// Bytes after the end-of-image marker. Without one the file is cut off: inside
/// coded data every 0xFF is followed by zero, so the pair means nothing else.
fn trailing(bytes: &[u8], scan: usize) -> Result<u64, ImagingError> {
    let coded = bytes.get(scan..).ok_or(ImagingError::Truncated)?;
    let end = memchr::memmem::rfind(coded, &[0xff, 0xd9]).ok_or(ImagingError::Truncated)?;
    Ok((coded.len() - end - 2) as u64)
}
