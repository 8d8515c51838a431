//! Where text is: boxes out of the probability picture of the first network.

use super::geometry::{Rect, smallest_rect};
use super::{Networks, Options};
use crate::image::Smooth;
use crate::{Gray, ImagingError};

/// From which probability on a pixel counts as text.
const PIXEL: f32 = 0.3;
/// Least mean probability of a box.
const BOX: f32 = 0.5;
/// The network draws the core of a line; it grows by area times this over
/// circumference.
const GROW: f32 = 1.6;
/// Boxes whose short side is less, in pixels of the small picture, are dust.
const LEAST_SIDE: f32 = 3.0;
/// More boxes than this are noise, and would take minutes to read.
const MOST_BOXES: usize = 3000;

/// Finds text boxes, in coordinates of `page`.
pub(super) fn boxes(
    networks: &impl Networks,
    page: &Gray,
    options: &Options,
) -> Result<Vec<Rect>, ImagingError> {
    let (w, h) = small_size(page.w(), page.h(), options);
    let small = page.resize(w, h, Smooth::Bilinear);
    let (w, h) = (w as usize, h as usize);
    let map = networks.detect(planes(&small), h, w)?;
    if map.len() != w * h {
        return Err(ImagingError::Model("detection answers in another size"));
    }
    let (sx, sy) = (page.w() as f32 / w as f32, page.h() as f32 / h as f32);
    Ok(find(&map, w, h).into_iter().map(|rect| enlarge(rect, sx, sy)).collect())
}

/// The size of the small picture: multiples of 32, as the network wants.
fn small_size(w: u32, h: u32, options: &Options) -> (u32, u32) {
    const A4: f32 = 3508.0;
    let long = w.max(h) as f32;
    // Small pictures are enlarged, but not without end.
    let side = (options.side as f32 * (long / A4).max(1.0)).min(options.max_side as f32).min(long * 2.0);
    let fit = |v: u32| ((v as f32 * side / long / 32.0).round().max(1.0) * 32.0) as u32;
    (fit(w), fit(h))
}

fn planes(small: &Gray) -> Vec<f32> {
    let plane: Vec<f32> = small.data().iter().map(|&v| f32::from(v) / 127.5 - 1.0).collect();
    plane.repeat(3)
}

/// The scales of both axes differ by less than a per cent (multiples of 32), which
/// a rectangle cannot show; its middle and its sides follow them exactly.
fn enlarge(rect: Rect, sx: f32, sy: f32) -> Rect {
    let (ux, uy) = (rect.ux * sx, rect.uy * sy);
    let (vx, vy) = (-rect.uy * sx, rect.ux * sy);
    let (along, across) = (ux.hypot(uy), vx.hypot(vy));
    // Half a pixel for the centre is in it already: the dilation moved the patch.
    Rect {
        cx: rect.cx * sx,
        cy: rect.cy * sy,
        ux: ux / along,
        uy: uy / along,
        w: rect.w * along,
        h: rect.h * across,
    }
}

fn find(map: &[f32], w: usize, h: usize) -> Vec<Rect> {
    let mut rects: Vec<Rect> = components(map, w, h)
        .iter_mut()
        .filter_map(smallest_rect)
        .filter(|rect| rect.w.min(rect.h) >= LEAST_SIDE && score(map, w, h, rect) >= BOX)
        .map(|rect| {
            let grow = rect.w * rect.h * GROW / (2.0 * (rect.w + rect.h));
            Rect { w: rect.w + 2.0 * grow, h: rect.h + 2.0 * grow, ..rect }
        })
        .filter(|rect| rect.w.min(rect.h) >= LEAST_SIDE + 2.0)
        .collect();
    rects.truncate(MOST_BOXES);
    rects
}

/// A row's stretch of text pixels, both ends included.
struct Run {
    y: i32,
    from: i32,
    to: i32,
}

/// The ends of the runs of every connected patch, after the text pixels have been
/// widened by one to the right and below (a 2x2 dilation, which joins strokes).
fn components(map: &[f32], w: usize, h: usize) -> Vec<Vec<(i32, i32)>> {
    let text = |x: usize, y: usize| map[y * w + x] > PIXEL;
    let mut runs: Vec<Run> = vec![];
    let mut parent: Vec<usize> = vec![];
    let mut above = 0..0;
    for y in 0..h {
        let start = runs.len();
        let mut open = None;
        for x in 0..=w {
            let here = x < w
                && (text(x, y)
                    || (x > 0 && text(x - 1, y))
                    || (y > 0 && (text(x, y - 1) || (x > 0 && text(x - 1, y - 1)))));
            match (open, here) {
                (None, true) => open = Some(x),
                (Some(from), false) => {
                    runs.push(Run { y: y as i32, from: from as i32, to: x as i32 - 1 });
                    parent.push(parent.len());
                    open = None;
                }
                _ => {}
            }
        }
        join(&runs, &mut parent, above, start);
        above = start..runs.len();
    }
    let mut patches: Vec<Vec<(i32, i32)>> = vec![vec![]; runs.len()];
    for (i, run) in runs.iter().enumerate() {
        let root = root(&mut parent, i);
        patches[root].extend([(run.from, run.y), (run.to, run.y)]);
    }
    patches.retain(|p| !p.is_empty());
    patches
}

/// Joins the runs of a row with those of the row above that they touch, corners
/// included.
fn join(runs: &[Run], parent: &mut [usize], above: std::ops::Range<usize>, start: usize) {
    let mut up = above.start;
    for i in start..runs.len() {
        while up < above.end && runs[up].to + 1 < runs[i].from {
            up += 1;
        }
        let mut k = up;
        while k < above.end && runs[k].from <= runs[i].to + 1 {
            let (a, b) = (root(parent, i), root(parent, k));
            parent[a.max(b)] = a.min(b);
            k += 1;
        }
    }
}

fn root(parent: &mut [usize], mut i: usize) -> usize {
    while parent[i] != i {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    i
}

/// Mean probability inside a rectangle.
fn score(map: &[f32], w: usize, h: usize, rect: &Rect) -> f32 {
    let [left, top, right, bottom] = rect.quad().bounds();
    let (mut sum, mut count) = (0.0, 0u32);
    let rows = top.floor().max(0.0) as usize..=(bottom.ceil().max(0.0) as usize).min(h - 1);
    for y in rows {
        for x in left.floor().max(0.0) as usize..=(right.ceil().max(0.0) as usize).min(w - 1) {
            let (dx, dy) = (x as f32 - rect.cx, y as f32 - rect.cy);
            let along = (dx * rect.ux + dy * rect.uy).abs();
            let across = (dy * rect.ux - dx * rect.uy).abs();
            if along <= rect.w / 2.0 + 0.5 && across <= rect.h / 2.0 + 0.5 {
                sum += map[y * w + x];
                count += 1;
            }
        }
    }
    if count == 0 { 0.0 } else { sum / count as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_multiples_of_32_and_bounded() {
        let options = Options::default();
        for (w, h) in [(2480, 3508), (3508, 4961), (9933, 14043), (300, 60), (1, 1), (20, 9000)] {
            let (sw, sh) = small_size(w, h, &options);
            assert!(sw % 32 == 0 && sh % 32 == 0 && sw > 0 && sh > 0, "{w}x{h}: {sw}x{sh}");
            assert!(sw.max(sh) <= options.max_side, "{w}x{h}: {sw}x{sh}");
        }
        assert_eq!(small_size(2480, 3508, &options), (896, 1280));
    }

    #[test]
    fn two_bars_give_two_boxes() {
        let (w, h) = (200, 60);
        let mut map = vec![0.0; w * h];
        for y in 10..18 {
            map[y * w + 20..y * w + 120].fill(0.9);
        }
        for y in 40..48 {
            map[y * w + 50..y * w + 90].fill(0.9);
        }
        map[55 * w + 5] = 0.9; // dust
        for y in 25..32 {
            map[y * w + 150..y * w + 190].fill(0.35); // too faint
        }
        let found = find(&map, w, h);
        assert_eq!(found.len(), 2, "{found:?}");
        let bounds = found[0].quad().bounds();
        assert!(bounds[0] < 20.0 && bounds[2] > 119.0 && bounds[1] < 10.0 && bounds[3] > 17.0, "{bounds:?}");
    }

    #[test]
    fn a_u_shape_is_one_patch() {
        let (w, h) = (12, 8);
        let mut map = vec![0.0; w * h];
        for y in 0..6 {
            map[y * w + 1] = 1.0;
            map[y * w + 8] = 1.0;
        }
        map[6 * w + 1..6 * w + 9].fill(1.0);
        assert_eq!(components(&map, w, h).len(), 1);
    }
}
