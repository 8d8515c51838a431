//! Cuts a slanted rectangle out of the full-resolution page, as a picture of the
//! height that the reading network takes.

use super::LINE_HEIGHT;
use super::geometry::Rect;
use crate::Gray;
use crate::image::Smooth;

/// Longest line picture; a longer one is squeezed. A line of 80 characters is
/// about half of this.
const MAX_WIDTH: u32 = 4096;

/// A line, `LINE_HEIGHT` pixels high.
pub(super) fn line(page: &Gray, rect: &Rect) -> Gray {
    let (w, h) = ((rect.w.round() as u32).max(1), (rect.h.round() as u32).max(1));
    let full = straighten(page, rect, w, h);
    let height = LINE_HEIGHT as u32;
    let width = (rect.w * height as f32 / rect.h.max(1.0)).ceil() as u32;
    full.resize(width.clamp(8, MAX_WIDTH), height, Smooth::Bilinear)
}

/// Copies the rectangle at its own resolution, turned upright; outside the page
/// the nearest pixel is repeated.
fn straighten(page: &Gray, rect: &Rect, w: u32, h: u32) -> Gray {
    let (kx, ky) = (rect.w / w as f32, rect.h / h as f32);
    let mut data = Vec::with_capacity(w as usize * h as usize);
    for y in 0..h {
        let t = (y as f32 + 0.5) * ky - rect.h / 2.0;
        for x in 0..w {
            let s = (x as f32 + 0.5) * kx - rect.w / 2.0;
            let px = rect.cx + s * rect.ux - t * rect.uy;
            let py = rect.cy + s * rect.uy + t * rect.ux;
            data.push(sample(page, px - 0.5, py - 0.5));
        }
    }
    Gray::new(w, h, data).unwrap_or_else(|| page.clone()) // sides are at least one
}

/// Bilinear, in 1/256 steps.
fn sample(page: &Gray, x: f32, y: f32) -> u8 {
    let x = x.clamp(0.0, (page.w() - 1) as f32);
    let y = y.clamp(0.0, (page.h() - 1) as f32);
    let (x0, y0) = (x as u32, y as u32);
    let (x1, y1) = ((x0 + 1).min(page.w() - 1), (y0 + 1).min(page.h() - 1));
    let (fx, fy) = (((x - x0 as f32) * 256.0) as u32, ((y - y0 as f32) * 256.0) as u32);
    let (top, low) = (page.row(y0), page.row(y1));
    let mix = |row: &[u8]| u32::from(row[x0 as usize]) * (256 - fx) + u32::from(row[x1 as usize]) * fx;
    ((mix(top) * (256 - fy) + mix(low) * fy + (1 << 15)) >> 16) as u8
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;

    #[test]
    fn an_upright_cut_is_a_copy() {
        let page = Gray::new(100, 60, (0..6000).map(|i| (i % 251) as u8).collect()).unwrap();
        let rect = Rect { cx: 50.0, cy: 34.0, ux: 1.0, uy: 0.0, w: 60.0, h: 48.0 };
        let cut = line(&page, &rect);
        assert_eq!((cut.w(), cut.h()), (60, 48));
        assert_eq!(cut.row(0), &page.row(10)[20..80]);
        assert_eq!(cut.row(47), &page.row(57)[20..80]);
    }

    #[test]
    fn a_standing_box_is_laid_down() {
        // Dark at the top of the page, light below: the line must begin dark.
        let page = Gray::new(48, 200, (0..200).flat_map(|y| [y as u8; 48]).collect()).unwrap();
        let tall = Rect { cx: 24.0, cy: 100.0, ux: 1.0, uy: 0.0, w: 48.0, h: 200.0 };
        let cut = line(&page, &tall.stood_up());
        assert_eq!((cut.w(), cut.h()), (200, 48));
        assert!(cut.row(20)[0] < 3 && cut.row(20)[199] > 196);
    }

    #[test]
    fn boxes_beyond_the_edge_do_not_panic() {
        let page = Gray::new(10, 10, vec![7; 100]).unwrap();
        let rect = Rect { cx: -50.0, cy: 500.0, ux: 0.6, uy: 0.8, w: 900.0, h: 0.2 };
        assert!(line(&page, &rect).data().iter().all(|&v| v == 7));
    }
}
