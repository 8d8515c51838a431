//! Slanted rectangles, and the smallest one around a set of points.

use serde::{Deserialize, Serialize};

/// A slanted rectangle as `x0 y0 x1 y1 x2 y2 x3 y3`: the text runs from corner 0
/// to corner 1, and corner 3 is below corner 0.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Quad(pub [f32; 8]);

impl Quad {
    /// Corner `i`.
    pub fn corner(&self, i: usize) -> (f32, f32) {
        (self.0[2 * (i % 4)], self.0[2 * (i % 4) + 1])
    }

    /// Length along the text.
    pub fn length(&self) -> f32 {
        distance(self.corner(0), self.corner(1))
    }

    /// Height of the line.
    pub fn height(&self) -> f32 {
        distance(self.corner(0), self.corner(3))
    }

    /// The upright rectangle around it: left, top, right, bottom.
    pub fn bounds(&self) -> [f32; 4] {
        let (mut b, at) = ([f32::MAX, f32::MAX, f32::MIN, f32::MIN], &self.0);
        for i in 0..4 {
            b[0] = b[0].min(at[2 * i]);
            b[1] = b[1].min(at[2 * i + 1]);
            b[2] = b[2].max(at[2 * i]);
            b[3] = b[3].max(at[2 * i + 1]);
        }
        b
    }

    /// The part between two distances along the text.
    pub fn part(&self, from: f32, to: f32) -> Self {
        let length = self.length().max(f32::EPSILON);
        let between = |a: (f32, f32), b: (f32, f32), d: f32| {
            let t = d / length;
            (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t)
        };
        let (a, b, c, d) = (self.corner(0), self.corner(1), self.corner(2), self.corner(3));
        Self::from_corners([between(a, b, from), between(a, b, to), between(d, c, to), between(d, c, from)])
    }

    /// Its place when a picture of `w` by `h` is turned by 180 degrees. The text
    /// still runs from corner 0 to corner 1.
    pub fn turned(&self, w: f32, h: f32) -> Self {
        let mut out = *self;
        for (i, v) in out.0.iter_mut().enumerate() {
            *v = if i % 2 == 0 { w - *v } else { h - *v };
        }
        out
    }

    /// Rounded to tenths of a pixel: more is noise, and pages are stored as text.
    pub(super) fn rounded(self) -> Self {
        Self(self.0.map(|v| (v * 10.0).round() / 10.0))
    }

    fn from_corners(c: [(f32, f32); 4]) -> Self {
        Self([c[0].0, c[0].1, c[1].0, c[1].1, c[2].0, c[2].1, c[3].0, c[3].1])
    }
}

fn distance(a: (f32, f32), b: (f32, f32)) -> f32 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

/// A slanted rectangle by its middle, so that it can be grown and scaled.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Rect {
    pub cx: f32,
    pub cy: f32,
    /// Direction of `w`, a unit vector that points right (or straight down).
    pub ux: f32,
    pub uy: f32,
    pub w: f32,
    pub h: f32,
}

impl Rect {
    /// The corners, beginning at the upper left.
    pub fn quad(&self) -> Quad {
        let (ax, ay) = (self.ux * self.w / 2.0, self.uy * self.w / 2.0);
        let (bx, by) = (-self.uy * self.h / 2.0, self.ux * self.h / 2.0);
        let at = |a: f32, b: f32| (self.cx + a * ax + b * bx, self.cy + a * ay + b * by);
        Quad::from_corners([at(-1.0, -1.0), at(1.0, -1.0), at(1.0, 1.0), at(-1.0, 1.0)])
    }

    /// The same rectangle, its `w` turned to run downwards: for tall boxes.
    pub fn stood_up(&self) -> Self {
        // Down is the old direction of `h`; what was right becomes up.
        Self { ux: -self.uy, uy: self.ux, w: self.h, h: self.w, ..*self }
    }
}

/// Convex hull, counted round once, without the first point again.
fn hull(points: &mut Vec<(i32, i32)>) -> Vec<(f32, f32)> {
    points.sort_unstable();
    points.dedup();
    let cross = |o: (i32, i32), a: (i32, i32), b: (i32, i32)| {
        i64::from(a.0 - o.0) * i64::from(b.1 - o.1) - i64::from(a.1 - o.1) * i64::from(b.0 - o.0)
    };
    let half = |points: &mut dyn Iterator<Item = (i32, i32)>| {
        let mut chain: Vec<(i32, i32)> = vec![];
        for p in points {
            while let [.., a, b] = chain[..]
                && cross(a, b, p) <= 0
            {
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    if points.len() < 3 {
        return points.iter().map(|p| (p.0 as f32, p.1 as f32)).collect();
    }
    let mut ring = half(&mut points.iter().copied());
    ring.extend(half(&mut points.iter().rev().copied()));
    ring.into_iter().map(|p| (p.0 as f32, p.1 as f32)).collect()
}

/// The rectangle of least area around the points: one of its sides lies on a side
/// of the hull. `w` is the side nearer to the horizontal.
pub(super) fn smallest_rect(points: &mut Vec<(i32, i32)>) -> Option<Rect> {
    let ring = hull(points);
    let mut best: Option<(f32, Rect)> = None;
    for (i, &a) in ring.iter().enumerate() {
        let b = ring[(i + 1) % ring.len()];
        let length = distance(a, b);
        if length == 0.0 {
            continue;
        }
        let (ux, uy) = ((b.0 - a.0) / length, (b.1 - a.1) / length);
        let (mut along, mut across) = ((f32::MAX, f32::MIN), (f32::MAX, f32::MIN));
        for p in &ring {
            let (s, t) = (p.0 * ux + p.1 * uy, p.1 * ux - p.0 * uy);
            along = (along.0.min(s), along.1.max(s));
            across = (across.0.min(t), across.1.max(t));
        }
        let (w, h) = (along.1 - along.0, across.1 - across.0);
        if best.is_none_or(|(area, _)| w * h < area) {
            let (s, t) = (f32::midpoint(along.0, along.1), f32::midpoint(across.0, across.1));
            let (cx, cy) = (s * ux - t * uy, s * uy + t * ux);
            best = Some((w * h, Rect { cx, cy, ux, uy, w, h }));
        }
    }
    best.map(|(_, rect)| level(rect))
}

/// Chooses among the four names of a rectangle the one whose `w` points most to
/// the right.
fn level(mut rect: Rect) -> Rect {
    for _ in 0..4 {
        if rect.ux >= rect.uy.abs() && rect.ux > 0.0 {
            break;
        }
        rect = rect.stood_up();
    }
    rect
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;

    fn close(a: f32, b: f32) -> bool {
        (a - b).abs() < 0.01
    }

    #[test]
    fn upright_and_slanted_rectangles_are_found() {
        let mut upright: Vec<_> = (0..=30).flat_map(|x| [(x, 5), (x, 15)]).collect();
        let rect = smallest_rect(&mut upright).unwrap();
        assert!(close(rect.w, 30.0) && close(rect.h, 10.0) && close(rect.ux, 1.0), "{rect:?}");
        assert_eq!(rect.quad().bounds(), [0.0, 5.0, 30.0, 15.0]);

        // A rectangle of 50 by 10 along (4, 3) / 5.
        let mut slanted = vec![(0, 0), (40, 30), (34, 38), (-6, 8)];
        let rect = smallest_rect(&mut slanted).unwrap();
        assert!(close(rect.w, 50.0) && close(rect.h, 10.0), "{rect:?}");
        assert!(close(rect.ux, 0.8) && close(rect.uy, 0.6), "{rect:?}");
        assert_eq!(rect.quad().rounded().corner(0), (0.0, 0.0));
    }

    #[test]
    fn a_point_is_no_rectangle_but_a_line_is() {
        assert!(smallest_rect(&mut vec![(3, 3), (3, 3)]).is_none());
        let rect = smallest_rect(&mut vec![(0, 0), (9, 0)]).unwrap();
        assert!(close(rect.w, 9.0) && close(rect.h, 0.0));
    }

    #[test]
    fn a_tall_box_stands_up_to_run_downwards() {
        let tall = Rect { cx: 50.0, cy: 100.0, ux: 1.0, uy: 0.0, w: 20.0, h: 80.0 };
        let quad = tall.stood_up().quad();
        assert_eq!(quad.corner(0), (60.0, 60.0), "starts at the upper right");
        assert_eq!(quad.corner(1), (60.0, 140.0), "runs down");
        assert!(close(quad.length(), 80.0) && close(quad.height(), 20.0));
    }

    #[test]
    fn parts_and_turns() {
        let quad = Rect { cx: 50.0, cy: 20.0, ux: 1.0, uy: 0.0, w: 100.0, h: 10.0 }.quad();
        assert_eq!(quad.part(20.0, 40.0).bounds(), [20.0, 15.0, 40.0, 25.0]);
        let turned = quad.turned(200.0, 100.0);
        assert_eq!(turned.bounds(), [100.0, 75.0, 200.0, 85.0]);
        assert_eq!(turned.corner(0), (200.0, 85.0));
        assert_eq!(turned.turned(200.0, 100.0), quad);
    }
}
