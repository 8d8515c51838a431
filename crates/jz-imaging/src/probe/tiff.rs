//! TIFF headers: the directories, without strips or tiles.

use std::io::Cursor;

use tiff::ColorType;
use tiff::decoder::Decoder;
use tiff::tags::Tag;

use super::{Colour, Format, Probe, plausible_dpi};
use crate::decode::tiff_error;
use crate::{ImagingError, Limits};

pub(super) fn probe(bytes: &[u8], limits: &Limits) -> Result<Probe, ImagingError> {
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(tiff_error)?;
    let (w, h) = decoder.dimensions().map_err(tiff_error)?;
    let mut found = Probe::new(Format::Tiff, w, h);
    let colour = decoder.colortype().map_err(tiff_error)?;
    found.bits = colour.bit_depth();
    found.colour = match colour {
        ColorType::Gray(1) => Colour::Bitonal,
        ColorType::Gray(_) | ColorType::GrayA(_) => Colour::Gray,
        ColorType::RGB(_) | ColorType::RGBA(_) | ColorType::YCbCr(_) => Colour::Rgb,
        ColorType::Palette(_) => Colour::Palette,
        ColorType::CMYK(_) | ColorType::CMYKA(_) => Colour::Cmyk,
        _ => Colour::Other,
    };
    found.orientation =
        number(&mut decoder, Tag::Orientation).filter(|v| (1..=8).contains(v)).unwrap_or(1) as u8;
    let per_inch = if number(&mut decoder, Tag::ResolutionUnit) == Some(3) { 2.54 } else { 1.0 };
    let x = rational(&mut decoder, Tag::XResolution);
    let y = rational(&mut decoder, Tag::YResolution);
    found.dpi = x.zip(y).and_then(|(x, y)| plausible_dpi(x * per_inch, y * per_inch));
    while decoder.more_images() {
        decoder.next_image().map_err(tiff_error)?;
        found.pages += 1;
        if found.pages > limits.max_pages {
            return Err(ImagingError::TooManyPages { max: limits.max_pages });
        }
        let (w, h) = decoder.dimensions().map_err(tiff_error)?;
        super::check_size(u64::from(w), u64::from(h), limits)?;
    }
    Ok(found)
}

fn number(decoder: &mut Decoder<Cursor<&[u8]>>, tag: Tag) -> Option<u32> {
    decoder.find_tag_unsigned::<u32>(tag).ok().flatten()
}

fn rational(decoder: &mut Decoder<Cursor<&[u8]>>, tag: Tag) -> Option<f64> {
    match decoder.get_tag_u32_vec(tag).ok()?[..] {
        [num, den] if den != 0 => Some(f64::from(num) / f64::from(den)),
        [whole] => Some(f64::from(whole)),
        _ => None,
    }
}
