//! PNG headers: the chunks before the first image data.

use super::{Colour, Format, Probe, exif, plausible_dpi};
use crate::ImagingError;

pub(super) fn probe(bytes: &[u8]) -> Result<Probe, ImagingError> {
    let mut found: Option<Probe> = None;
    let mut at = 8;
    loop {
        let head = bytes.get(at..at + 8).ok_or(ImagingError::Truncated)?;
        let len = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let (kind, body) = (&head[4..8], bytes.get(at + 8..).unwrap_or_default());
        let body = match (kind, body.get(..len)) {
            (b"IDAT", _) => break,
            (_, Some(body)) => body,
            (_, None) => return Err(ImagingError::Truncated),
        };
        match (kind, &mut found) {
            (b"IHDR", _) => found = Some(header(body)?),
            (b"pHYs", Some(p)) => p.dpi = density(body),
            (b"eXIf", Some(p)) => p.orientation = exif::read(body).orientation.unwrap_or(1),
            (b"IEND", _) => break,
            _ => {}
        }
        at += 12 + len;
    }
    found.ok_or(ImagingError::Damaged)
}

fn header(body: &[u8]) -> Result<Probe, ImagingError> {
    let &[w0, w1, w2, w3, h0, h1, h2, h3, bits, kind, ..] = body else {
        return Err(ImagingError::Damaged);
    };
    let colour = match (kind, bits) {
        (0, 1) => Colour::Bitonal,
        (0 | 4, _) => Colour::Gray,
        (2 | 6, _) => Colour::Rgb,
        (3, _) => Colour::Palette,
        _ => return Err(ImagingError::Damaged),
    };
    let (w, h) = (u32::from_be_bytes([w0, w1, w2, w3]), u32::from_be_bytes([h0, h1, h2, h3]));
    Ok(Probe { bits, colour, ..Probe::new(Format::Png, w, h) })
}

/// Pixels a metre on both axes; unit 0 means a ratio only.
fn density(body: &[u8]) -> Option<(f32, f32)> {
    let &[x0, x1, x2, x3, y0, y1, y2, y3, 1] = body else { return None };
    let value = |b: [u8; 4]| f64::from(u32::from_be_bytes(b)) * 0.0254;
    plausible_dpi(value([x0, x1, x2, x3]).round(), value([y0, y1, y2, y3]).round())
}
