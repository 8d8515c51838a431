//! The watermark: who reads, and when, burnt into the pixels.
//!
//! The text is drawn once into a pattern of 512 by 512 that repeats without a
//! seam: slanted lines of text, a hundred pixels apart, each nearly without gaps.
//! Laying it over a picture is then one pass over its pixels. The pattern hangs on
//! the page at the scale that is shown, not on the piece that is cut out: adjoining
//! tiles join up, and a reader who asks for many small pieces gets pieces of the
//! same stamp, not the gaps of it.
//!
//! The ink is a middle grey, so that it shows on white paper and on black ink.

use ab_glyph::{Font, FontArc, GlyphId, ScaleFont, point};

use crate::{Gray, Image, ImagingError};

/// Side of the pattern.
const SIDE: usize = 512;
/// Ink.
const GREY: i16 = 128;
/// Opacity of the darkest part of a letter, of 256.
const OPACITY: f32 = 64.0;
/// Letters are this high, unless the text is too long for one turn of the line.
const LETTER: f32 = 26.0;
/// Length of one turn of a line round the pattern: two across for one up.
const TURN: f32 = 572.433_4; // 512 * sqrt(5) / 2
/// Distance of the lines of text from each other.
const APART: f32 = TURN / 5.0;

/// A font for stamps, parsed once.
pub struct StampFont(FontArc);

impl StampFont {
    /// Reads a TTF, OTF or the first font of a TTC.
    pub fn new(bytes: Vec<u8>) -> Result<Self, ImagingError> {
        FontArc::try_from_vec(bytes).map(Self).map_err(|_| ImagingError::Font)
    }

    /// The same for bytes that are part of the executable: nothing is copied.
    pub fn from_static(bytes: &'static [u8]) -> Result<Self, ImagingError> {
        FontArc::try_from_slice(bytes).map(Self).map_err(|_| ImagingError::Font)
    }
}

/// A drawn stamp. Keep it while reader and time stay the same.
pub struct Stamp {
    /// Opacity for each place, 0 to [`OPACITY`].
    pattern: Vec<u8>,
}

impl std::fmt::Debug for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stamp")
    }
}

impl Stamp {
    /// Draws a text. One that the font cannot show at all is an error, because a
    /// page must not go out without a stamp.
    pub fn new(font: &StampFont, text: &str) -> Result<Self, ImagingError> {
        let line = text_line(&font.0, text)?;
        let mut pattern = vec![0; SIDE * SIDE];
        let root = 5f32.sqrt();
        for y in 0..SIDE {
            for x in 0..SIDE {
                // Along the line (2, -1) and across it (1, 2).
                let along = (2.0 * x as f32 - y as f32) / root;
                let across = (x as f32 + 2.0 * y as f32) / root;
                let row = (across / APART).floor();
                // Neighbouring lines are shifted as the pattern demands to close.
                let shift = row * 2.0 * APART;
                pattern[y * SIDE + x] = line.at(along - shift, across - row * APART);
            }
        }
        if pattern.iter().all(|&a| a == 0) {
            return Err(ImagingError::Font);
        }
        Ok(Self { pattern })
    }

    fn row(&self, y: u32) -> &[u8] {
        &self.pattern[(y as usize % SIDE) * SIDE..][..SIDE]
    }

    /// Stamps a picture that stands at `origin` of the whole page, both at the
    /// scale that is shown.
    pub fn rgb(&self, image: &mut Image, origin: (u32, u32)) {
        let w = image.w();
        self.over(image.data_mut(), w, origin, |pixel: &mut [u8; 3], a| {
            *pixel = pixel.map(|v| mix(v, a));
        });
    }

    /// The same for YCbCr, where brightness alone is enough.
    pub(crate) fn ycbcr(&self, data: &mut [u8], w: u32, origin: (u32, u32)) {
        self.over(data, w, origin, |pixel: &mut [u8; 3], a| pixel[0] = mix(pixel[0], a));
    }

    /// The same for grey.
    pub fn gray(&self, image: Gray, origin: (u32, u32)) -> Gray {
        let (w, h) = (image.w(), image.h());
        let mut data = image.into_data();
        self.over(&mut data, w, origin, |pixel: &mut [u8; 1], a| pixel[0] = mix(pixel[0], a));
        Gray::new(w, h, data).unwrap_or_else(|| Gray::blank(w, h)) // the size is the same
    }

    /// Black and white have no grey: every second pixel of a letter is flipped.
    pub(crate) fn bitonal(&self, image: Gray, origin: (u32, u32)) -> Gray {
        let (w, h) = (image.w(), image.h());
        let mut data = image.into_data();
        for (y, row) in data.chunks_exact_mut(w as usize).enumerate() {
            let alphas = self.row(origin.1 + y as u32);
            for (x, v) in row.iter_mut().enumerate() {
                let a = alphas[(origin.0 as usize + x) % SIDE];
                if f32::from(a) > OPACITY / 2.0 && (x + y) % 2 == 0 {
                    *v = 255 - *v;
                }
            }
        }
        Gray::new(w, h, data).unwrap_or_else(|| Gray::blank(w, h)) // the size is the same
    }

    fn over<const N: usize>(
        &self,
        data: &mut [u8],
        w: u32,
        origin: (u32, u32),
        stamp: impl Fn(&mut [u8; N], u8),
    ) {
        let start = origin.0 as usize % SIDE;
        for (y, row) in data.chunks_exact_mut(w as usize * N).enumerate() {
            let alphas = self.row(origin.1.wrapping_add(y as u32));
            let (pixels, _) = row.as_chunks_mut::<N>();
            // The first stretch ends where the pattern ends; then whole turns.
            let (head, rest) = pixels.split_at_mut((SIDE - start).min(pixels.len()));
            for (pixel, &a) in head.iter_mut().zip(&alphas[start..]) {
                stamp(pixel, a);
            }
            for turn in rest.chunks_mut(SIDE) {
                for (pixel, &a) in turn.iter_mut().zip(alphas) {
                    stamp(pixel, a);
                }
            }
        }
    }
}

/// `v` moves towards the ink by `a` of 256.
fn mix(v: u8, a: u8) -> u8 {
    let (v, a) = (i16::from(v), i16::from(a));
    (v + (((GREY - v) * a) >> 8)) as u8
}

/// The text once, horizontally, as long as one turn (or a whole part of it).
struct TextLine {
    w: usize,
    h: usize,
    alpha: Vec<u8>,
    /// Length of its repetition; divides a turn.
    period: f32,
}

impl TextLine {
    /// Opacity at a place; the text repeats along the line.
    fn at(&self, along: f32, across: f32) -> u8 {
        let (x, y) = (along.rem_euclid(self.period), across);
        let (x0, y0) = (x.floor() as usize, y.floor() as usize);
        let (fx, fy) = (x - x0 as f32, y - y0 as f32);
        let get = |x: usize, y: usize| {
            if x < self.w && y < self.h { f32::from(self.alpha[y * self.w + x]) } else { 0.0 }
        };
        let top = get(x0, y0) * (1.0 - fx) + get(x0 + 1, y0) * fx;
        let low = get(x0, y0 + 1) * (1.0 - fx) + get(x0 + 1, y0 + 1) * fx;
        (top * (1.0 - fy) + low * fy).round() as u8
    }
}

fn text_line(font: &FontArc, text: &str) -> Result<TextLine, ImagingError> {
    let scaled = font.as_scaled(LETTER);
    let width = |text: &str| -> f32 { text.chars().map(|c| scaled.h_advance(scaled.glyph_id(c))).sum() };
    let natural = width(text);
    if !(natural.is_finite() && natural > 0.0) || text.chars().all(|c| scaled.glyph_id(c) == GlyphId(0)) {
        return Err(ImagingError::Font);
    }
    let gap = LETTER;
    // As often as it fits into a turn; a long text is drawn smaller, once.
    let times = (TURN / (natural + gap)).floor().max(1.0);
    let period = TURN / times;
    let letter = LETTER * ((period - gap) / natural).min(1.0);
    let scaled = font.as_scaled(letter);
    let (w, h) = (period.ceil() as usize, (scaled.height().ceil() as usize + 2).min(APART as usize));
    let mut alpha = vec![0; w * h];
    let mut x = 1.0;
    for c in text.chars() {
        let glyph = scaled.glyph_id(c).with_scale_and_position(letter, point(x, scaled.ascent() + 1.0));
        x += scaled.h_advance(glyph.id);
        let Some(outline) = font.outline_glyph(glyph) else { continue };
        let bounds = outline.px_bounds();
        outline.draw(|gx, gy, cover| {
            let (px, py) = (bounds.min.x as i64 + i64::from(gx), bounds.min.y as i64 + i64::from(gy));
            if (0..w as i64).contains(&px) && (0..h as i64).contains(&py) {
                let at = py as usize * w + px as usize;
                alpha[at] = alpha[at].max((cover.min(1.0) * OPACITY) as u8);
            }
        });
    }
    Ok(TextLine { w, h, alpha, period })
}
