//! From a plan to the bytes of a picture.

use super::parse::{Area, FileFormat, Quality};
use super::{IiifError, Plan};
use crate::decode::decode_ycbcr;
use crate::image::Smooth;
use crate::pack::{Layout, Pack, QUALITY, ReadAt, TILE};
use crate::stamp::Stamp;
use crate::{Gray, Image, ImagingError, encode};

/// A picture as it goes out.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its kind.
    pub format: FileFormat,
}

impl std::fmt::Debug for Rendered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rendered({:?}, {} bytes)", self.format, self.bytes.len())
    }
}

/// Makes the picture. With a stamp every answer carries it, whatever piece, size,
/// colour or angle was asked for.
pub fn render<R: ReadAt>(pack: &Pack<R>, plan: &Plan, stamp: Option<&Stamp>) -> Result<Rendered, IiifError> {
    let format = plan.request.format;
    if let Some((level, x, y)) = aligned(pack.layout(), plan) {
        let tile = pack.tile(level, x, y)?;
        let bytes = match stamp {
            None => tile,
            Some(stamp) => stamped_tile(&tile, stamp, (x * TILE, y * TILE))?,
        };
        return Ok(Rendered { bytes, format });
    }
    let image = cut(pack, plan)?;
    let origin = origin(plan);
    let bytes = match plan.request.quality {
        Quality::Default | Quality::Color => {
            let mut image = image;
            if let Some(stamp) = stamp {
                stamp.rgb(&mut image, origin);
            }
            encode_colour(&turn(&image, plan), format)?
        }
        Quality::Gray => {
            let gray = image.luma();
            let gray = match stamp {
                Some(stamp) => stamp.gray(gray, origin),
                None => gray,
            };
            encode_gray(&turn(&gray.to_rgb(), plan).luma(), format)?
        }
        Quality::Bitonal => {
            let gray = black_and_white(image.luma());
            let gray = match stamp {
                Some(stamp) => stamp.bitonal(gray, origin),
                None => gray,
            };
            encode_gray(&black_at(turn(&gray.to_rgb(), plan).luma(), 128), format)?
        }
    };
    Ok(Rendered { bytes, format })
}

/// The tile that is the answer, byte for byte.
fn aligned(layout: &Layout, plan: &Plan) -> Option<(usize, u32, u32)> {
    if !plan.is_plain() {
        return None;
    }
    let Area { x, y, w, h } = plan.region;
    layout.levels.iter().enumerate().find_map(|(i, level)| {
        let side = TILE * level.scale;
        let (column, row) = (x / side, y / side);
        let fits = x % side == 0
            && y % side == 0
            && w == side.min(layout.w - x)
            && h == side.min(layout.h - y)
            && level.tile_size(column, row) == (plan.w, plan.h);
        fits.then_some((i, column, row))
    })
}

/// Decodes, stamps and encodes one tile, in the colour space of the file: this is
/// what every reader but the custodian gets, some 50 times a page.
fn stamped_tile(tile: &[u8], stamp: &Stamp, origin: (u32, u32)) -> Result<Vec<u8>, ImagingError> {
    let (w, h, mut data) = decode_ycbcr(tile)?;
    stamp.ycbcr(&mut data, w, origin);
    encode::jpeg_ycbcr(&data, w, h, QUALITY)
}

/// Where the piece stands on the whole page at the scale that is shown.
fn origin(plan: &Plan) -> (u32, u32) {
    let at = |from: u32, out: u32, of: u32| (f64::from(from) * f64::from(out) / f64::from(of)).round() as u32;
    (at(plan.region.x, plan.w, plan.region.w), at(plan.region.y, plan.h, plan.region.h))
}

/// The region at the size asked for, from the smallest level that is not too
/// small.
fn cut<R: ReadAt>(pack: &Pack<R>, plan: &Plan) -> Result<Image, ImagingError> {
    let Area { x, y, w, h } = plan.region;
    let enough = |scale: u32| w.div_ceil(scale) >= plan.w && h.div_ceil(scale) >= plan.h;
    let level = pack.layout().levels.iter().rposition(|l| enough(l.scale)).unwrap_or(0);
    let scale = f64::from(pack.layout().levels[level].scale);
    let (left, top) = (f64::from(x) / scale, f64::from(y) / scale);
    let (right, bottom) = (f64::from(x + w) / scale, f64::from(y + h) / scale);
    let (x0, y0) = (left.floor() as u32, top.floor() as u32);
    let part = pack.part(level, x0, y0, (right.ceil() as u32) - x0, (bottom.ceil() as u32) - y0)?;
    let inner = [left - f64::from(x0), top - f64::from(y0), right - left, bottom - top];
    Ok(part.resize_part(inner, plan.w, plan.h, Smooth::Lanczos))
}

fn turn(image: &Image, plan: &Plan) -> Image {
    let rotation = plan.request.rotation;
    let mirrored = if rotation.mirror { Some(image.mirror()) } else { None };
    let image = mirrored.as_ref().unwrap_or(image);
    let quarters = rotation.degrees / 90.0;
    if quarters.fract() == 0.0 { image.rotate(quarters as u32) } else { image.turn(rotation.degrees) }
}

/// Black and white at the threshold that divides the page best (Otsu).
fn black_and_white(gray: Gray) -> Gray {
    let mut counts = [0u64; 256];
    for &v in gray.data() {
        counts[usize::from(v)] += 1;
    }
    let total = gray.data().len() as f64;
    let sum: f64 = counts.iter().enumerate().map(|(v, &n)| v as f64 * n as f64).sum();
    let (mut dark, mut dark_sum, mut best) = (0.0, 0.0, (0.0, 128));
    for (v, &n) in counts.iter().enumerate() {
        dark += n as f64;
        dark_sum += v as f64 * n as f64;
        let light = total - dark;
        if dark == 0.0 || light == 0.0 {
            continue;
        }
        let apart = dark_sum / dark - (sum - dark_sum) / light;
        let between = dark * light * apart * apart;
        if between > best.0 {
            best = (between, v as u8 + 1);
        }
    }
    black_at(gray, best.1)
}

fn black_at(gray: Gray, threshold: u8) -> Gray {
    let (w, h) = (gray.w(), gray.h());
    let mut data = gray.into_data();
    for v in &mut data {
        *v = if *v < threshold { 0 } else { 255 };
    }
    Gray::new(w, h, data).unwrap_or_else(|| Gray::blank(w, h)) // the size is the same
}

fn encode_colour(image: &Image, format: FileFormat) -> Result<Vec<u8>, ImagingError> {
    match format {
        FileFormat::Jpg => encode::jpeg(image, QUALITY),
        FileFormat::Png => encode::png(image, None),
    }
}

fn encode_gray(image: &Gray, format: FileFormat) -> Result<Vec<u8>, ImagingError> {
    match format {
        FileFormat::Jpg => encode::jpeg_gray(image, QUALITY),
        FileFormat::Png => encode::png_gray(image, None),
    }
}
