//! Pixels in memory: eight-bit RGB and eight-bit grey, top row first.

use std::fmt;

use fast_image_resize as fir;
use fir::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

/// A page in colour. `data` holds `w * h * 3` bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    w: u32,
    h: u32,
    data: Vec<u8>,
}

/// A page in grey. `data` holds `w * h` bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Gray {
    w: u32,
    h: u32,
    data: Vec<u8>,
}

// Pixels are personal data: only the size is ever printed.
impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Image({}x{})", self.w, self.h)
    }
}

impl fmt::Debug for Gray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gray({}x{})", self.w, self.h)
    }
}

/// How a picture is made smaller or larger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Smooth {
    /// Area-aware bilinear: quick, soft.
    Bilinear,
    /// Lanczos: slower, crisp; for what people look at.
    Lanczos,
}

impl Smooth {
    fn alg(self) -> ResizeAlg {
        ResizeAlg::Convolution(match self {
            Self::Bilinear => FilterType::Bilinear,
            Self::Lanczos => FilterType::Lanczos3,
        })
    }
}

impl Image {
    /// Wraps pixels; `None` if their number does not fit the size or is zero.
    pub fn new(w: u32, h: u32, data: Vec<u8>) -> Option<Self> {
        let want = (w as usize).checked_mul(h as usize)?.checked_mul(3)?;
        (want > 0 && data.len() == want).then_some(Self { w, h, data })
    }

    /// A picture of one colour. Sides of zero become one.
    pub fn filled(w: u32, h: u32, rgb: [u8; 3]) -> Self {
        let (w, h) = (w.max(1), h.max(1));
        Self { w, h, data: rgb.repeat(w as usize * h as usize) }
    }

    /// Width in pixels.
    pub fn w(&self) -> u32 {
        self.w
    }

    /// Height in pixels.
    pub fn h(&self) -> u32 {
        self.h
    }

    /// The bytes, row by row, three a pixel.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The bytes, to draw into.
    pub fn data_mut(&mut self) -> &mut [u8] {
        &mut self.data
    }

    /// One pixel; outside the picture the nearest one.
    pub fn pixel(&self, x: u32, y: u32) -> [u8; 3] {
        let at = (y.min(self.h - 1) as usize * self.w as usize + x.min(self.w - 1) as usize) * 3;
        [self.data[at], self.data[at + 1], self.data[at + 2]]
    }

    fn row(&self, y: u32) -> &[u8] {
        let len = self.w as usize * 3;
        &self.data[y as usize * len..][..len]
    }

    /// The part inside `x, y, w, h`, clipped to the picture; at least one pixel.
    pub fn crop(&self, x: u32, y: u32, w: u32, h: u32) -> Self {
        let (x, y) = (x.min(self.w - 1), y.min(self.h - 1));
        let (w, h) = (w.clamp(1, self.w - x), h.clamp(1, self.h - y));
        let mut data = Vec::with_capacity(w as usize * h as usize * 3);
        for row in y..y + h {
            data.extend_from_slice(&self.row(row)[x as usize * 3..][..w as usize * 3]);
        }
        Self { w, h, data }
    }

    /// Copies `other` in at `x, y`; what does not fit is cut off.
    pub fn paste(&mut self, other: &Self, x: u32, y: u32) {
        if x >= self.w || y >= self.h {
            return;
        }
        let w = other.w.min(self.w - x) as usize * 3;
        for row in 0..other.h.min(self.h - y) {
            let at = ((y + row) as usize * self.w as usize + x as usize) * 3;
            self.data[at..at + w].copy_from_slice(&other.row(row)[..w]);
        }
    }

    /// Scales to exactly `w` by `h`.
    pub fn resize(&self, w: u32, h: u32, how: Smooth) -> Self {
        let (w, h) = (w.max(1), h.max(1));
        if (w, h) == (self.w, self.h) {
            return self.clone();
        }
        match scale(&self.data, (self.w, self.h), (w, h), PixelType::U8x3, how) {
            Some(data) => Self { w, h, data },
            None => Self::filled(w, h, [255; 3]), // sizes are checked: cannot happen
        }
    }

    /// Scales the part `left, top, width, height` (fractions of pixels count) to
    /// exactly `w` by `h`.
    pub fn resize_part(&self, [x, y, pw, ph]: [f64; 4], w: u32, h: u32, how: Smooth) -> Self {
        let (w, h) = (w.max(1), h.max(1));
        // Rounding errors of the caller must not reach over the edge.
        let (x, y) = (x.clamp(0.0, f64::from(self.w) - 1e-6), y.clamp(0.0, f64::from(self.h) - 1e-6));
        let (pw, ph) = (pw.min(f64::from(self.w) - x), ph.min(f64::from(self.h) - y));
        if (x, y, pw, ph) == (0.0, 0.0, f64::from(self.w), f64::from(self.h)) {
            return self.resize(w, h, how);
        }
        let options = ResizeOptions::new().resize_alg(how.alg()).use_alpha(false).crop(x, y, pw, ph);
        match scale_with(&self.data, (self.w, self.h), (w, h), PixelType::U8x3, &options) {
            Some(data) => Self { w, h, data },
            None => self.resize(w, h, how), // a part without extent: cannot happen
        }
    }

    /// Turns clockwise by any angle, onto white, into the smallest picture that
    /// holds all of it.
    pub fn turn(&self, degrees: f64) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (w, h) = (f64::from(self.w), f64::from(self.h));
        let out_w = (w * cos.abs() + h * sin.abs()).ceil().max(1.0);
        let out_h = (w * sin.abs() + h * cos.abs()).ceil().max(1.0);
        let mut out = Self::filled(out_w as u32, out_h as u32, [255; 3]);
        let width = out.w as usize;
        for (i, pixel) in out.data.chunks_exact_mut(3).enumerate() {
            let dx = (i % width) as f64 + 0.5 - out_w / 2.0;
            let dy = (i / width) as f64 + 0.5 - out_h / 2.0;
            let (x, y) = (dx * cos + dy * sin + w / 2.0, dy * cos - dx * sin + h / 2.0);
            if x >= 0.0 && y >= 0.0 && x < w && y < h {
                pixel.copy_from_slice(&self.between(x - 0.5, y - 0.5));
            }
        }
        out
    }

    /// The colour between four pixels.
    fn between(&self, x: f64, y: f64) -> [u8; 3] {
        let (x, y) = (x.max(0.0), y.max(0.0));
        let (x0, y0) = (x as u32, y as u32);
        let (fx, fy) = (x - f64::from(x0), y - f64::from(y0));
        let [a, b] = [self.pixel(x0, y0), self.pixel(x0 + 1, y0)];
        let [c, d] = [self.pixel(x0, y0 + 1), self.pixel(x0 + 1, y0 + 1)];
        [0, 1, 2].map(|i| {
            let top = f64::from(a[i]) * (1.0 - fx) + f64::from(b[i]) * fx;
            let low = f64::from(c[i]) * (1.0 - fx) + f64::from(d[i]) * fx;
            (top * (1.0 - fy) + low * fy).round() as u8
        })
    }

    /// Half size, rounded up: pixel `k` is the mean of `2k` and `2k + 1`, so that
    /// tiles of all levels lie exactly over each other.
    pub fn half(&self) -> Self {
        let (w, h) = (self.w.div_ceil(2), self.h.div_ceil(2));
        let mut data = vec![0; w as usize * h as usize * 3];
        let inner = (self.w / 2) as usize;
        for (y, out) in data.chunks_exact_mut(w as usize * 3).enumerate() {
            let top = self.row(2 * y as u32);
            let low = self.row((2 * y as u32 + 1).min(self.h - 1));
            let pairs = top.chunks_exact(6).zip(low.chunks_exact(6));
            for (to, (a, b)) in out.chunks_exact_mut(3).zip(pairs) {
                for c in 0..3 {
                    let sum = u16::from(a[c]) + u16::from(a[c + 3]) + u16::from(b[c]) + u16::from(b[c + 3]);
                    to[c] = ((sum + 2) >> 2) as u8;
                }
            }
            if inner < w as usize {
                let at = inner * 6;
                for c in 0..3 {
                    out[inner * 3 + c] = u8::midpoint(top[at + c], low[at + c]);
                }
            }
        }
        Self { w, h, data }
    }

    /// Turns clockwise by `quarters` times 90 degrees.
    pub fn rotate(&self, quarters: u32) -> Self {
        match quarters % 4 {
            1 => self.remap(self.h, self.w, |x, y| (y, self.h - 1 - x)),
            2 => self.remap(self.w, self.h, |x, y| (self.w - 1 - x, self.h - 1 - y)),
            3 => self.remap(self.h, self.w, |x, y| (self.w - 1 - y, x)),
            _ => self.clone(),
        }
    }

    /// Left becomes right.
    pub fn mirror(&self) -> Self {
        self.remap(self.w, self.h, |x, y| (self.w - 1 - x, y))
    }

    fn remap(&self, w: u32, h: u32, from: impl Fn(u32, u32) -> (u32, u32)) -> Self {
        let mut data = Vec::with_capacity(self.data.len());
        for y in 0..h {
            for x in 0..w {
                let (sx, sy) = from(x, y);
                let at = (sy as usize * self.w as usize + sx as usize) * 3;
                data.extend_from_slice(&self.data[at..at + 3]);
            }
        }
        Self { w, h, data }
    }

    /// Applies an EXIF/TIFF orientation (1 to 8); others leave it as it is.
    pub fn oriented(self, orientation: u8) -> Self {
        match orientation {
            2 => self.mirror(),
            3 => self.rotate(2),
            4 => self.mirror().rotate(2),
            5 => self.mirror().rotate(3),
            6 => self.rotate(1),
            7 => self.mirror().rotate(1),
            8 => self.rotate(3),
            _ => self,
        }
    }

    /// The red channel alone. Red seals vanish in it, blue and black ink stays.
    pub fn red(&self) -> Gray {
        Gray { w: self.w, h: self.h, data: self.data.chunks_exact(3).map(|p| p[0]).collect() }
    }

    /// Brightness by the weights of ITU-R BT.601.
    pub fn luma(&self) -> Gray {
        let luma = |p: &[u8]| {
            let sum = 77 * u32::from(p[0]) + 150 * u32::from(p[1]) + 29 * u32::from(p[2]);
            ((sum + 128) >> 8) as u8
        };
        Gray { w: self.w, h: self.h, data: self.data.chunks_exact(3).map(luma).collect() }
    }
}

impl Gray {
    /// Wraps pixels; `None` if their number does not fit the size or is zero.
    pub fn new(w: u32, h: u32, data: Vec<u8>) -> Option<Self> {
        let want = (w as usize).checked_mul(h as usize)?;
        (want > 0 && data.len() == want).then_some(Self { w, h, data })
    }

    /// Width in pixels.
    pub fn w(&self) -> u32 {
        self.w
    }

    /// Height in pixels.
    pub fn h(&self) -> u32 {
        self.h
    }

    /// White; sides of zero become one.
    pub(crate) fn blank(w: u32, h: u32) -> Self {
        let (w, h) = (w.max(1), h.max(1));
        Self { w, h, data: vec![255; w as usize * h as usize] }
    }

    /// The bytes, row by row.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The bytes, given away.
    pub fn into_data(self) -> Vec<u8> {
        self.data
    }

    /// One row of pixels.
    pub fn row(&self, y: u32) -> &[u8] {
        &self.data[y as usize * self.w as usize..][..self.w as usize]
    }

    /// Scales to exactly `w` by `h`.
    pub fn resize(&self, w: u32, h: u32, how: Smooth) -> Self {
        let (w, h) = (w.max(1), h.max(1));
        if (w, h) == (self.w, self.h) {
            return self.clone();
        }
        let data = scale(&self.data, (self.w, self.h), (w, h), PixelType::U8, how);
        Self { w, h, data: data.unwrap_or_else(|| vec![255; w as usize * h as usize]) }
    }

    /// Turns by 180 degrees.
    pub fn turned(&self) -> Self {
        let mut data = self.data.clone();
        data.reverse();
        Self { w: self.w, h: self.h, data }
    }

    /// The same grey in three channels.
    pub fn to_rgb(&self) -> Image {
        Image { w: self.w, h: self.h, data: self.data.iter().flat_map(|&v| [v; 3]).collect() }
    }
}

fn scale(from: &[u8], (w, h): (u32, u32), to: (u32, u32), kind: PixelType, how: Smooth) -> Option<Vec<u8>> {
    let options = ResizeOptions::new().resize_alg(how.alg()).use_alpha(false);
    scale_with(from, (w, h), to, kind, &options)
}

fn scale_with(
    from: &[u8],
    (w, h): (u32, u32),
    to: (u32, u32),
    kind: PixelType,
    options: &ResizeOptions,
) -> Option<Vec<u8>> {
    let source = fir::images::ImageRef::new(w, h, from, kind).ok()?;
    let mut target = fir::images::Image::new(to.0, to.1, kind);
    Resizer::new().resize(&source, &mut target, options).ok()?;
    Some(target.into_vec())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;

    /// A 3 x 2 picture whose red channel counts 0..6.
    fn counted() -> Image {
        Image::new(3, 2, (0..6).flat_map(|v| [v, 100, 200]).collect()).unwrap()
    }

    fn reds(image: &Image) -> Vec<u8> {
        image.red().data
    }

    #[test]
    fn sizes_must_fit() {
        assert!(Image::new(2, 2, vec![0; 11]).is_none());
        assert!(Image::new(0, 5, vec![]).is_none());
        assert!(Image::new(u32::MAX, u32::MAX, vec![]).is_none());
    }

    #[test]
    fn all_eight_orientations() {
        // The rows of a picture stored as [0 1 2 / 3 4 5], shown upright.
        let cases: [(u8, u32, [u8; 6]); 8] = [
            (1, 3, [0, 1, 2, 3, 4, 5]),
            (2, 3, [2, 1, 0, 5, 4, 3]),
            (3, 3, [5, 4, 3, 2, 1, 0]),
            (4, 3, [3, 4, 5, 0, 1, 2]),
            (5, 2, [0, 3, 1, 4, 2, 5]),
            (6, 2, [3, 0, 4, 1, 5, 2]),
            (7, 2, [5, 2, 4, 1, 3, 0]),
            (8, 2, [2, 5, 1, 4, 0, 3]),
        ];
        for (orientation, w, want) in cases {
            let got = counted().oriented(orientation);
            assert_eq!((got.w(), reds(&got)), (w, want.to_vec()), "orientation {orientation}");
        }
    }

    #[test]
    fn half_rounds_up_and_keeps_the_edge() {
        let half = Image::new(3, 3, (0..9).flat_map(|v| [v * 10; 3]).collect()).unwrap().half();
        assert_eq!((half.w(), half.h()), (2, 2));
        assert_eq!(reds(&half), [20, 35, 65, 80]);
    }

    #[test]
    fn crop_and_paste_clip() {
        let image = counted();
        let part = image.crop(1, 1, 50, 50);
        assert_eq!((part.w(), part.h(), reds(&part)), (2, 1, vec![4, 5]));
        let mut into = Image::filled(2, 2, [9; 3]);
        into.paste(&image, 1, 1);
        assert_eq!(reds(&into), [9, 9, 9, 0]);
        into.paste(&image, 7, 0);
        assert_eq!(reds(&into), [9, 9, 9, 0]);
    }

    #[test]
    fn debug_prints_no_pixels() {
        assert_eq!(format!("{:?} {:?}", counted(), counted().luma()), "Image(3x2) Gray(3x2)");
    }
}
