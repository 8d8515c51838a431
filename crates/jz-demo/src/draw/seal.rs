//! The round red seal of a Party organisation: ring, star, name along the upper arc.

use std::f32::consts::PI;

use super::canvas::{Colour, Pen};

const INK: Colour = [206, 32, 36];
/// Seals are never printed solid.
const COVER: f32 = 0.82;
const RADIUS: f32 = 232.0;

/// Presses the seal of `owner` with its middle at `x`, `y`, a little turned.
pub(crate) fn press(pen: &mut Pen<'_>, x: i32, y: i32, owner: &str) {
    let tilt = pen.rng.swing() * 0.2;
    ring(pen, x, y);
    star(pen, x, y, tilt);
    let letters: Vec<char> = owner.chars().collect();
    // The name takes two thirds of the ring at most; long names get small letters.
    let size = (RADIUS * 3.3 / letters.len().max(1) as f32).clamp(36.0, 64.0);
    let radius = RADIUS - 24.0 - size * 0.55;
    let step = size * 1.06 / radius;
    let spread = step * (letters.len().max(1) - 1) as f32;
    let size = size as u16;
    for (n, c) in letters.iter().enumerate() {
        let angle = -PI / 2.0 - spread / 2.0 + step * n as f32 + tilt;
        let middle = (x as f32 + radius * angle.cos(), y as f32 + radius * angle.sin());
        let glyph = pen.faces.glyph(*c, size, true);
        pen.canvas.stamp_turned(&glyph, middle, f32::from(size), angle + PI / 2.0, COVER, INK);
    }
}

fn ring(pen: &mut Pen<'_>, x: i32, y: i32) {
    const HALF: f32 = 7.0;
    let reach = RADIUS as i32 + 10;
    for dy in -reach..=reach {
        for dx in -reach..=reach {
            let away = ((dx * dx + dy * dy) as f32).sqrt() - RADIUS;
            let share = (HALF + 0.5 - away.abs()).clamp(0.0, 1.0);
            pen.canvas.dot(x + dx, y + dy, (share * COVER * 255.0) as u8, INK);
        }
    }
}

fn star(pen: &mut Pen<'_>, x: i32, y: i32, tilt: f32) {
    const OUTER: f32 = 84.0;
    let corner = |n: i32| {
        let radius = if n % 2 == 0 { OUTER } else { OUTER * 0.382 };
        let angle = -PI / 2.0 + n as f32 * PI / 5.0 + tilt;
        (radius * angle.cos(), radius * angle.sin())
    };
    let corners: Vec<(f32, f32)> = (0..10).map(corner).collect();
    let reach = OUTER as i32 + 1;
    for dy in -reach..=reach {
        for dx in -reach..=reach {
            let quarters = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)];
            let inside =
                quarters.iter().filter(|q| within(&corners, dx as f32 + q.0, dy as f32 + q.1)).count();
            pen.canvas.dot(x + dx, y + dy, (inside as f32 * COVER * 63.75) as u8, INK);
        }
    }
}

/// Whether a point lies in a polygon: an odd number of edges to its right.
fn within(corners: &[(f32, f32)], x: f32, y: f32) -> bool {
    let edges = corners.iter().zip(corners.iter().cycle().skip(1));
    let crossed =
        edges.filter(|(a, b)| (a.1 > y) != (b.1 > y) && x < (b.0 - a.0) * (y - a.1) / (b.1 - a.1) + a.0);
    crossed.count() % 2 == 1
}
