//! Facts about a page as it was scanned: how crooked, how full, how sharp, how
//! dark. Facts only: which of them is a fault is the business of a profile, and
//! no page is ever dropped because of one.

use serde::{Deserialize, Serialize};

use crate::image::Smooth;
use crate::{Gray, Image};

/// Pixels darker than their surroundings by this count as ink.
const INK: i32 = 48;
/// Share of each side that is left out: scanner edges are not content.
const MARGIN: f32 = 0.03;
/// Up to this share of ink a page may be blank. A page with nothing but a date
/// has as little as a blank page with show-through: a person decides.
const BLANK: f32 = 0.003;

/// Angles and shares are measured on a picture not longer than this: a quarter of
/// an A4 page at 300 dpi.
const SMALL: u32 = 880;

/// What was measured. Angles in degrees, shares from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Angle of the text lines, clockwise positive. `None` if the page has too
    /// little text to tell: then nothing may be turned.
    pub skew: Option<f32>,
    /// Share of pixels that are ink, inside the margins.
    pub ink: f32,
    /// Perhaps blank: to be shown to a person, never to be dropped.
    pub maybe_blank: bool,
    /// Variance of the Laplacian where there is ink: high is sharp. To be
    /// compared with other pages of the same volume only.
    pub sharpness: f32,
    /// Median brightness of the paper, 0 to 255.
    pub paper: u8,
    /// Difference between the 5th and the 95th percentile of brightness.
    pub contrast: u8,
    /// Share of the outer frame (2 %) that is nearly black.
    pub dark_border: f32,
    /// Share of clearly coloured pixels: seals, red heads.
    pub colour: f32,
}

/// Measures a page.
pub fn measure(page: &Image) -> Quality {
    let step = page.w().max(page.h()).div_ceil(SMALL).max(1);
    let quarter = shrink(page, step);
    let (gray, eighth) = (quarter.luma(), quarter.half().luma());
    let mask = ink_mask(&gray);
    let ink = share_inside(&ink_mask(&eighth));
    let levels = Levels::of(&gray);
    Quality {
        skew: skew(&mask),
        ink,
        maybe_blank: ink < BLANK,
        sharpness: sharpness(page, &mask, step as usize),
        paper: levels.percentile(0.5),
        contrast: levels.percentile(0.95) - levels.percentile(0.05),
        dark_border: dark_border(&gray),
        colour: coloured(&quarter),
    }
}

fn shrink(page: &Image, by: u32) -> Image {
    page.resize(page.w().div_ceil(by), page.h().div_ceil(by), Smooth::Bilinear)
}

/// A picture of true and false.
struct Mask {
    w: usize,
    h: usize,
    on: Vec<bool>,
}

/// Pixels that are darker than the mean of their surroundings: shadows and dark
/// paper do not count, strokes do.
fn ink_mask(gray: &Gray) -> Mask {
    let (w, h) = (gray.w() as usize, gray.h() as usize);
    let sums = integral(gray);
    let reach = (w.max(h) / 40).max(4);
    let mut on = vec![false; w * h];
    for y in 0..h {
        let (top, low) = (y.saturating_sub(reach), (y + reach + 1).min(h));
        for x in 0..w {
            let (left, right) = (x.saturating_sub(reach), (x + reach + 1).min(w));
            let at = |x: usize, y: usize| sums[y * (w + 1) + x];
            let sum = at(right, low) + at(left, top) - at(left, low) - at(right, top);
            let mean = sum as i32 / ((right - left) * (low - top)) as i32;
            on[y * w + x] = i32::from(gray.data()[y * w + x]) < mean - INK;
        }
    }
    Mask { w, h, on }
}

/// Sums of everything above and to the left, with a row and a column of zeros.
fn integral(gray: &Gray) -> Vec<u32> {
    let (w, h) = (gray.w() as usize, gray.h() as usize);
    let mut sums = vec![0u32; (w + 1) * (h + 1)];
    for y in 0..h {
        let mut row = 0;
        for x in 0..w {
            row += u32::from(gray.data()[y * w + x]);
            sums[(y + 1) * (w + 1) + x + 1] = sums[y * (w + 1) + x + 1] + row;
        }
    }
    sums
}

fn share_inside(mask: &Mask) -> f32 {
    let (mx, my) = ((mask.w as f32 * MARGIN) as usize, (mask.h as f32 * MARGIN) as usize);
    let (mut ink, mut all) = (0usize, 0usize);
    for row in mask.on.chunks_exact(mask.w).take(mask.h - my).skip(my) {
        let row = &row[mx..mask.w - mx];
        all += row.len();
        ink += row.iter().filter(|&&v| v).count();
    }
    ink as f32 / all.max(1) as f32
}

/// Largest angle that is looked for.
const MOST: f32 = 5.0;
/// Fewer points than this are a signature or a page number, which say nothing
/// about the page.
const LEAST_POINTS: usize = 2_500;

/// The angle at which the rows of points are most distinct.
fn skew(mask: &Mask) -> Option<f32> {
    let (mx, my) = ((mask.w as f32 * MARGIN) as usize, (mask.h as f32 * MARGIN) as usize);
    let points: Vec<(f32, f32)> = (my..mask.h - my)
        .flat_map(|y| (mx..mask.w - mx).map(move |x| (x, y)))
        .filter(|&(x, y)| mask.on[y * mask.w + x])
        // Points sit on whole rows, which would favour the angle 0: spread them.
        .map(|(x, y)| (x as f32 - mask.w as f32 / 2.0, y as f32 + (x as f32 * 0.618_034).fract()))
        .collect();
    if points.len() < LEAST_POINTS || rows_used(&points, mask.h) < 8 {
        return None;
    }
    let score = |degrees: f32| distinctness(&points, mask, degrees);
    let coarse: Vec<(f32, f64)> = steps(-MOST, MOST, 0.2).map(|a| (a, score(a))).collect();
    let (angle, best) = coarse.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1))?;
    // A clear peak stands out from the other angles; at the edge there is none.
    let mut others: Vec<f64> = coarse.iter().map(|c| c.1).collect();
    others.sort_by(f64::total_cmp);
    if best < 1.5 * others[others.len() / 2] || angle.abs() > MOST - 0.3 {
        return None;
    }
    let fine = steps(angle - 0.2, angle + 0.2, 0.02).map(|a| (a, score(a)));
    let (angle, _) = fine.max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some((angle * 100.0).round() / 100.0)
}

/// In how many of 40 bands of the page there is ink: a single line of writing has
/// a best angle, but it is the writer's, not the scanner's.
fn rows_used(points: &[(f32, f32)], h: usize) -> usize {
    let mut bands = [0usize; 40];
    for p in points {
        bands[(p.1 as usize * 40 / h).min(39)] += 1;
    }
    bands.iter().filter(|&&n| n > LEAST_POINTS / 100).count()
}

fn steps(from: f32, to: f32, step: f32) -> impl Iterator<Item = f32> {
    let count = ((to - from) / step).round() as i32;
    (0..=count).map(move |i| from + i as f32 * step)
}

/// Sum of squared differences between neighbouring rows after shearing.
fn distinctness(points: &[(f32, f32)], mask: &Mask, degrees: f32) -> f64 {
    let slope = degrees.to_radians().tan();
    let pad = (mask.w as f32 / 2.0 * slope.abs()).ceil() + 2.0;
    let mut rows = vec![0i32; mask.h + 2 * pad as usize + 2];
    for (x, y) in points {
        rows[(y - x * slope + pad) as usize] += 1;
    }
    rows.windows(2).map(|w| f64::from(w[0] - w[1]).powi(2)).sum()
}

/// Variance of the Laplacian at full resolution, on and beside ink only: white
/// paper is neither sharp nor blurred. Every fourth row is enough.
fn sharpness(page: &Image, mask: &Mask, step: usize) -> f32 {
    let (w, h) = (page.w() as usize, page.h() as usize);
    let green = |x: usize, y: usize| i32::from(page.data()[(y * w + x) * 3 + 1]);
    let (mut sum, mut squares, mut count) = (0i64, 0i64, 0i64);
    for y in (1..h.saturating_sub(1)).step_by(4) {
        let row = &mask.on[(y / step).min(mask.h - 1) * mask.w..][..mask.w];
        for x in 1..w.saturating_sub(1) {
            if row[(x / step).min(mask.w - 1)] {
                let value = i64::from(
                    4 * green(x, y) - green(x - 1, y) - green(x + 1, y) - green(x, y - 1) - green(x, y + 1),
                );
                sum += value;
                squares += value * value;
                count += 1;
            }
        }
    }
    if count == 0 {
        return 0.0;
    }
    let mean = sum as f64 / count as f64;
    ((squares as f64 / count as f64 - mean * mean) * 10.0).round() as f32 / 10.0
}

struct Levels {
    counts: [u32; 256],
    all: u32,
}

impl Levels {
    fn of(gray: &Gray) -> Self {
        let mut counts = [0; 256];
        for &v in gray.data() {
            counts[usize::from(v)] += 1;
        }
        Self { counts, all: gray.data().len() as u32 }
    }

    fn percentile(&self, share: f32) -> u8 {
        let wanted = (self.all as f32 * share) as u32;
        let mut seen = 0;
        for (v, &n) in self.counts.iter().enumerate() {
            seen += n;
            if seen > wanted {
                return v as u8;
            }
        }
        255
    }
}

fn dark_border(gray: &Gray) -> f32 {
    let (w, h) = (gray.w() as usize, gray.h() as usize);
    let (bx, by) = ((w / 50).max(1), (h / 50).max(1));
    let (mut dark, mut all) = (0usize, 0usize);
    for y in 0..h {
        for x in 0..w {
            if x < bx || y < by || x + bx >= w || y + by >= h {
                all += 1;
                dark += usize::from(gray.data()[y * w + x] < 60);
            }
        }
    }
    dark as f32 / all.max(1) as f32
}

fn coloured(small: &Image) -> f32 {
    let spread = |p: &[u8]| p[0].max(p[1]).max(p[2]) - p[0].min(p[1]).min(p[2]);
    let count = small.data().chunks_exact(3).filter(|p| spread(p) > 60).count();
    count as f32 / (small.data().len() / 3) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page with so many lines of dashes, slanted like a crooked scan.
    fn page(lines: u32, degrees: f64) -> Image {
        let mut straight = Image::filled(1240, 1754, [245, 240, 225]);
        for line in 0..lines {
            let y = 200 + line * 45;
            for word in 0..40 {
                let ink = Image::filled(14 + word % 3 * 3, 20, [30, 30, 60]);
                straight.paste(&ink, 150 + word * 24, y);
            }
        }
        let (w, h) = (straight.w(), straight.h());
        let turned = straight.turn(degrees);
        turned.crop((turned.w() - w) / 2, (turned.h() - h) / 2, w, h)
    }

    #[test]
    fn skew_is_found_to_a_tenth_of_a_degree() {
        for degrees in [-2.0, -0.5, 0.0, 0.3, 1.5, 3.0] {
            let got = measure(&page(30, degrees)).skew;
            assert!(got.is_some_and(|a| (f64::from(a) - degrees).abs() < 0.1), "{degrees}: {got:?}");
        }
    }

    #[test]
    fn a_single_line_says_nothing_about_skew() {
        let facts = measure(&page(1, 3.3));
        assert_eq!(facts.skew, None);
        assert_eq!(measure(&Image::filled(600, 800, [250; 3])).skew, None);
    }

    #[test]
    fn blank_is_only_ever_perhaps() {
        let blank = measure(&Image::filled(1240, 1754, [240, 235, 220]));
        assert!(blank.maybe_blank && blank.ink == 0.0, "{blank:?}");
        let mut date = Image::filled(1240, 1754, [240, 235, 220]);
        date.paste(&Image::filled(30, 20, [20; 3]), 800, 1500);
        assert!(measure(&date).ink > 0.0, "a few strokes are still seen");
        let full = measure(&page(30, 0.0));
        assert!(!full.maybe_blank && full.ink > 0.05, "{full:?}");
    }

    #[test]
    fn blur_lowers_sharpness() {
        let sharp = page(30, 0.0);
        let (w, h) = (sharp.w(), sharp.h());
        let blurred = sharp.resize(w / 4, h / 4, Smooth::Bilinear).resize(w, h, Smooth::Bilinear);
        let (a, b) = (measure(&sharp).sharpness, measure(&blurred).sharpness);
        assert!(b < a / 4.0, "{a} {b}");
    }

    #[test]
    fn borders_paper_and_seals() {
        let mut image = page(10, 0.0);
        assert_eq!(measure(&image).dark_border, 0.0);
        assert!((235..=245).contains(&measure(&image).paper));
        image.paste(&Image::filled(40, 1754, [10; 3]), 0, 0);
        image.paste(&Image::filled(200, 200, [205, 30, 35]), 700, 1400);
        let facts = measure(&image);
        assert!(facts.dark_border > 0.1, "{facts:?}");
        assert!(facts.colour > 0.01, "{facts:?}");
        assert!(facts.contrast > 0);
    }

    #[test]
    fn tiny_pictures_do_not_panic() {
        for (w, h) in [(1, 1), (3, 2), (1, 500), (40, 1)] {
            measure(&Image::filled(w, h, [7; 3]));
        }
    }
}
