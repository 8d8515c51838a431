//! From a clean page to a scan: skew, paper, light, what shows through, noise, JPEG.

use jpeg_encoder::{ColorType, Encoder, PixelDensity, PixelDensityUnit, SamplingFactor};

use super::Line;
use super::canvas::{Canvas, HEIGHT, TILE, TILES, WIDTH};
use crate::DemoError;
use crate::rng::{Rng, Stream};

/// How a page has fared.
#[derive(Clone, Copy)]
pub(crate) struct Look {
    /// 0 clean, 1 ordinary, 2 worn.
    pub(crate) level: u8,
    /// Degrees, positive when the page leans to the left.
    pub(crate) skew: f32,
}

/// Side of the piece of paper that is repeated.
const PAPER: usize = 512;
const NOISE: usize = 1 << 16;

/// A scanner with its paper and its noise; makes one page after the other.
pub(crate) struct Scanner {
    /// Light and dark spots of the paper, around 128.
    paper: Vec<u8>,
    /// Normal distribution with deviation 16.
    noise: Vec<i8>,
    out: Vec<u8>,
}

impl Scanner {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::of(seed, Stream::Paper, 0);
        let noise = (0..NOISE).map(|_| (rng.gauss() * 16.0).clamp(-127.0, 127.0) as i8).collect();
        Self { paper: paper(&mut rng), noise, out: vec![0; WIDTH * HEIGHT * 3] }
    }

    /// The page as a JPEG file; the boxes of `lines` follow the skew.
    pub(crate) fn scan(
        &mut self,
        canvas: &Canvas,
        lines: &mut [Line],
        look: Look,
        rng: &mut Rng,
    ) -> Result<Vec<u8>, DemoError> {
        self.compose(canvas, look, rng);
        for line in lines {
            line.area = turned(line.area, look.skew);
        }
        let mut file = Vec::with_capacity(1 << 20);
        let mut encoder = Encoder::new(&mut file, 80);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        encoder.set_density(PixelDensity { density: (300, 300), unit: PixelDensityUnit::Inches });
        encoder.encode(&self.out, WIDTH as u16, HEIGHT as u16, ColorType::Rgb)?;
        Ok(file)
    }

    fn compose(&mut self, canvas: &Canvas, look: Look, rng: &mut Rng) {
        let level = i32::from(look.level);
        // Old paper is darker and browner.
        let (white, brown) = match look.level {
            0 => (252, 0),
            1 => (rng.between(242, 248), rng.between(2, 5)),
            _ => (rng.between(230, 240), rng.between(5, 10)),
        };
        let tint = [white, white - brown / 2, white - brown * 2];
        let shade = Shade::new(level, rng);
        let (sin, cos) = look.skew.to_radians().sin_cos();
        let fixed = |v: f32| (f64::from(v) * 65536.0) as i64;
        let (mid_x, mid_y) = (WIDTH as f32 / 2.0, HEIGHT as f32 / 2.0);
        let columns: Vec<i32> = (0..WIDTH).map(|x| shade.column(x)).collect();
        for (y, row) in self.out.chunks_exact_mut(WIDTH * 3).enumerate() {
            // A point of the scan looks back at the sheet before it was turned.
            let dy = y as f32 - mid_y;
            let mut sx = fixed(mid_x - mid_x * cos - dy * sin);
            let mut sy = fixed(mid_y - mid_x * sin + dy * cos);
            let (step_x, step_y) = (fixed(cos), fixed(sin));
            let light_row = shade.row(y);
            let noise_at = rng.below(NOISE - WIDTH);
            let noise = self.noise.get(noise_at..noise_at + WIDTH).unwrap_or_default();
            let paper_row = self.paper.get(y % PAPER * PAPER..(y % PAPER + 1) * PAPER).unwrap_or_default();
            let points = row.chunks_exact_mut(3).zip(noise).zip(&columns).enumerate();
            for (x, ((pixel, noise), light_column)) in points {
                let spot = paper_row.get(x % PAPER).map_or(0, |p| i32::from(*p) - 128) * level;
                let light = light_row * light_column / 4096;
                let grain = i32::from(*noise) * (1 + 3 * level);
                let ink = ink_at(canvas, sx, sy);
                let ghost = if level > 1 { ghost(canvas, x, y) } else { 0 };
                for ((value, tint), ink) in pixel.iter_mut().zip(tint).zip(ink) {
                    let base = (tint * 16 + spot - ghost) * light / 4096;
                    *value = ((base * ink / 255 + grain / 4) / 16).clamp(0, 255) as u8;
                }
                sx += step_x;
                sy += step_y;
            }
        }
    }
}

/// Uneven light: a number around 4096 for each row and column.
struct Shade {
    fall_x: f32,
    fall_y: f32,
    border: usize,
}

impl Shade {
    fn new(level: i32, rng: &mut Rng) -> Self {
        let strength = level as f32 * 0.05;
        Self {
            fall_x: rng.swing() * strength,
            fall_y: rng.swing() * strength,
            border: if level > 1 { rng.below(70) } else { 0 },
        }
    }

    fn row(&self, y: usize) -> i32 {
        let place = y as f32 / HEIGHT as f32 - 0.5;
        (4096.0 * (1.0 - self.fall_y.abs() / 2.0 + self.fall_y * place)) as i32
    }

    fn column(&self, x: usize) -> i32 {
        let place = x as f32 / WIDTH as f32 - 0.5;
        let light = 4096.0 * (1.0 - self.fall_x.abs() / 2.0 + self.fall_x * place);
        // The lid of the scanner was open: a dark edge on the left.
        let edge = if x < self.border { 0.25 + 0.75 * x as f32 / self.border as f32 } else { 1.0 };
        (light * edge) as i32
    }
}

/// Ink between four points, in 16.16 fixed point; 255 is none.
fn ink_at(canvas: &Canvas, sx: i64, sy: i64) -> [i32; 3] {
    const NONE: [i32; 3] = [255; 3];
    let (x, y) = (sx >> 16, sy >> 16);
    if x < 0 || y < 0 || x as usize >= WIDTH - 1 || y as usize >= HEIGHT - 1 {
        return NONE;
    }
    let (x, y) = (x as usize, y as usize);
    // The four points lie in at most four squares; most of a page is empty.
    let tile = |x: usize, y: usize| canvas.used.get(y / TILE * TILES + x / TILE).copied().unwrap_or(false);
    if !tile(x, y) && !tile(x + 1, y) && !tile(x, y + 1) && !tile(x + 1, y + 1) {
        return NONE;
    }
    let at = (y * WIDTH + x) * 3;
    let (Some(upper), Some(lower)) =
        (canvas.ink.get(at..at + 6), canvas.ink.get(at + WIDTH * 3..at + WIDTH * 3 + 6))
    else {
        return NONE;
    };
    let (fx, fy) = ((sx >> 8 & 255) as i32, (sy >> 8 & 255) as i32);
    let mix = |n: usize| {
        let of = |line: &[u8], n: usize| line.get(n).map_or(255, |v| i32::from(*v));
        let top = of(upper, n) * (256 - fx) + of(upper, n + 3) * fx;
        let bottom = of(lower, n) * (256 - fx) + of(lower, n + 3) * fx;
        (top * (256 - fy) + bottom * fy) >> 16
    };
    [mix(0), mix(1), mix(2)]
}

/// How much of the other side shows through: the page itself, mirrored, shifted.
fn ghost(canvas: &Canvas, x: usize, y: usize) -> i32 {
    let (x, y) = (WIDTH - 1 - x, (y + 37) % HEIGHT);
    if !canvas.used.get(y / TILE * TILES + x / TILE).copied().unwrap_or(false) {
        return 0;
    }
    canvas.ink.get((y * WIDTH + x) * 3).map_or(0, |v| (255 - i32::from(*v)) * 16 / 20)
}

/// Soft spots: random points on a coarse grid that closes on itself, blended.
fn paper(rng: &mut Rng) -> Vec<u8> {
    const GRID: usize = 16;
    const CELL: usize = PAPER / GRID;
    let points: Vec<f32> = (0..GRID * GRID).map(|_| rng.gauss() * 20.0).collect();
    let point = |x: usize, y: usize| points.get(y % GRID * GRID + x % GRID).copied().unwrap_or_default();
    let smooth = |t: f32| t * t * (3.0 - 2.0 * t);
    let mut out = Vec::with_capacity(PAPER * PAPER);
    for y in 0..PAPER {
        let (gy, ty) = (y / CELL, smooth((y % CELL) as f32 / CELL as f32));
        for x in 0..PAPER {
            let (gx, tx) = (x / CELL, smooth((x % CELL) as f32 / CELL as f32));
            let upper = point(gx, gy) * (1.0 - tx) + point(gx + 1, gy) * tx;
            let lower = point(gx, gy + 1) * (1.0 - tx) + point(gx + 1, gy + 1) * tx;
            out.push((128.0 + upper * (1.0 - ty) + lower * ty).clamp(0.0, 255.0) as u8);
        }
    }
    out
}

/// The box around a box that was turned with the page.
fn turned(area: [i32; 4], skew: f32) -> [i32; 4] {
    let (sin, cos) = skew.to_radians().sin_cos();
    let (mid_x, mid_y) = (WIDTH as f32 / 2.0, HEIGHT as f32 / 2.0);
    let [x0, y0, x1, y1] = area;
    let corner = |x: i32, y: i32| {
        let (dx, dy) = (x as f32 - mid_x, y as f32 - mid_y);
        ((mid_x + dx * cos + dy * sin).round() as i32, (mid_y - dx * sin + dy * cos).round() as i32)
    };
    let corners = [corner(x0, y0), corner(x1, y0), corner(x0, y1), corner(x1, y1)];
    corners.iter().fold([i32::MAX, i32::MAX, i32::MIN, i32::MIN], |[l, t, r, b], (x, y)| {
        [l.min(*x), t.min(*y), r.max(*x), b.max(*y)]
    })
}

#[cfg(test)]
mod tests {
    use super::turned;

    #[test]
    fn boxes_follow_the_skew() {
        assert_eq!(turned([100, 200, 300, 260], 0.0), [100, 200, 300, 260]);
        let [left, top, right, bottom] = turned([1140, 100, 1340, 160], 1.0);
        // A page leaning to the left moves its head to the left.
        assert!(left < 1140 && right < 1340 && top > 90 && bottom < 190, "{left} {top} {right} {bottom}");
    }
}
