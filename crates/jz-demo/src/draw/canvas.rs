//! A white sheet, the ink on it, and the list of what was written.

use super::Line;
use super::glyphs::{Faces, Glyph};
use crate::rng::Rng;

/// A4 at 300 dpi.
pub(crate) const WIDTH: usize = 2480;
/// A4 at 300 dpi.
pub(crate) const HEIGHT: usize = 3508;
/// Side of the squares that remember whether anything was drawn in them.
pub(crate) const TILE: usize = 32;
/// Squares in a row.
pub(crate) const TILES: usize = WIDTH.div_ceil(TILE);

pub(crate) type Colour = [u8; 3];

pub(crate) const BLACK: Colour = [28, 28, 30];
pub(crate) const BLUE: Colour = [30, 44, 120];
pub(crate) const RED: Colour = [196, 22, 28];
pub(crate) const RULE: Colour = [205, 130, 130];

/// The sheet. Inks multiply, so a seal lies over text and both stay visible.
pub(crate) struct Canvas {
    /// RGB, 255 where no ink is.
    pub(crate) ink: Vec<u8>,
    /// Which squares have ink.
    pub(crate) used: Vec<bool>,
}

impl Canvas {
    pub(crate) fn new() -> Self {
        Self { ink: vec![255; WIDTH * HEIGHT * 3], used: vec![false; TILES * HEIGHT.div_ceil(TILE)] }
    }

    /// A clean sheet in the old memory.
    pub(crate) fn clear(&mut self) {
        self.ink.fill(255);
        self.used.fill(false);
    }

    /// Puts ink on one point; `cover` is how much of it is covered.
    pub(crate) fn dot(&mut self, x: i32, y: i32, cover: u8, colour: Colour) {
        if cover == 0 || x < 0 || y < 0 || x as usize >= WIDTH || y as usize >= HEIGHT {
            return;
        }
        let (x, y) = (x as usize, y as usize);
        if let Some(used) = self.used.get_mut(y / TILE * TILES + x / TILE) {
            *used = true;
        }
        let at = (y * WIDTH + x) * 3;
        let Some(pixel) = self.ink.get_mut(at..at + 3) else { return };
        for (value, paint) in pixel.iter_mut().zip(colour) {
            let through = 255 - u32::from(cover) * (255 - u32::from(paint)) / 255;
            *value = (u32::from(*value) * through / 255) as u8;
        }
    }

    pub(crate) fn fill(&mut self, x: i32, y: i32, w: i32, h: i32, colour: Colour) {
        for row in y..y + h {
            for column in x..x + w {
                self.dot(column, row, 255, colour);
            }
        }
    }

    /// A frame of `thick` points around a box.
    pub(crate) fn frame(&mut self, x: i32, y: i32, w: i32, h: i32, thick: i32) {
        self.fill(x, y, w + thick, thick, BLACK);
        self.fill(x, y + h, w + thick, thick, BLACK);
        self.fill(x, y + thick, thick, h - thick, BLACK);
        self.fill(x + w, y + thick, thick, h - thick, BLACK);
    }

    fn stamp(&mut self, glyph: &Glyph, x: i32, baseline: i32, colour: Colour) {
        for (row, line) in glyph.cover.chunks_exact(glyph.w.max(1)).enumerate() {
            for (column, cover) in line.iter().enumerate() {
                self.dot(x + glyph.left + column as i32, baseline + glyph.top + row as i32, *cover, colour);
            }
        }
    }

    /// A glyph turned by `angle` (radians, clockwise) around the middle of its square.
    pub(crate) fn stamp_turned(
        &mut self,
        glyph: &Glyph,
        middle: (f32, f32),
        size: f32,
        angle: f32,
        cover: f32,
        colour: Colour,
    ) {
        let (sin, cos) = angle.sin_cos();
        let reach = (size * 0.75) as i32;
        for dy in -reach..=reach {
            for dx in -reach..=reach {
                let (fx, fy) = (dx as f32, dy as f32);
                // Back into the upright glyph: its square is half an em to each side,
                // the baseline lies a little above the lower edge.
                let x = fx * cos + fy * sin + size * 0.5 - glyph.left as f32;
                let y = fy * cos - fx * sin - size * 0.38 - glyph.top as f32;
                let share = sample(glyph, x, y) * cover;
                let at = ((middle.0 + fx).round() as i32, (middle.1 + fy).round() as i32);
                self.dot(at.0, at.1, share as u8, colour);
            }
        }
    }
}

/// Coverage between four points.
fn sample(glyph: &Glyph, x: f32, y: f32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let at = |dx: i32, dy: i32| {
        let (x, y) = (left as i32 + dx, top as i32 + dy);
        if x < 0 || y < 0 || x as usize >= glyph.w || y as usize >= glyph.h {
            return 0.0;
        }
        glyph.cover.get(y as usize * glyph.w + x as usize).map_or(0.0, |c| f32::from(*c))
    };
    let (fx, fy) = (x - left, y - top);
    let upper = at(0, 0) * (1.0 - fx) + at(1, 0) * fx;
    let lower = at(0, 1) * (1.0 - fx) + at(1, 1) * fx;
    upper * (1.0 - fy) + lower * fy
}

/// How a piece of text is written.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    pub(crate) size: u16,
    pub(crate) bold: bool,
    pub(crate) colour: Colour,
    /// Written by hand: no letter stands straight.
    pub(crate) hand: bool,
}

impl Style {
    pub(crate) const fn typed(size: u16) -> Self {
        Self { size, bold: false, colour: BLACK, hand: false }
    }

    pub(crate) const fn bold(size: u16) -> Self {
        Self { size, bold: true, colour: BLACK, hand: false }
    }

    pub(crate) const fn hand(size: u16) -> Self {
        Self { size, bold: false, colour: BLUE, hand: true }
    }
}

/// Writes on a canvas and keeps the list of lines.
pub(crate) struct Pen<'a> {
    pub(crate) canvas: &'a mut Canvas,
    pub(crate) faces: &'a mut Faces,
    pub(crate) rng: Rng,
    pub(crate) lines: Vec<Line>,
}

impl Pen<'_> {
    /// One line from `x` on, on `baseline`; gives back where it ends.
    pub(crate) fn write(&mut self, x: i32, baseline: i32, style: Style, text: &str) -> i32 {
        let mut at = x as f32;
        let size = f32::from(style.size);
        for c in text.chars() {
            let glyph = self.faces.glyph(c, style.size, style.bold);
            if style.hand {
                let drift = (self.rng.swing() * size * 0.03, self.rng.swing() * size * 0.05);
                let grown = size * (1.0 + self.rng.swing() * 0.04);
                let middle = (at + size * 0.5 + drift.0, baseline as f32 - size * 0.38 + drift.1);
                self.canvas.stamp_turned(&glyph, middle, grown, self.rng.swing() * 0.06, 1.0, style.colour);
            } else {
                self.canvas.stamp(&glyph, at.round() as i32, baseline, style.colour);
            }
            at += glyph.advance;
        }
        let area = [x, baseline - (size * 0.9) as i32, at as i32, baseline + (size * 0.2) as i32];
        // Blanks that only spread a label over its cell are no text.
        let text: String = text.trim().split("  ").map(str::trim).collect();
        if !text.is_empty() {
            let k = if style.hand { "hand" } else { "typed" };
            self.lines.push(Line { t: text, k, area });
        }
        at as i32
    }

    /// One line around the middle `x`.
    pub(crate) fn centred(&mut self, x: i32, baseline: i32, style: Style, text: &str) {
        let width = self.faces.width(text, style.size, style.bold);
        self.write(x - (width / 2.0) as i32, baseline, style, text);
    }

    /// Lines of at most `width`, the first indented by two characters.
    pub(crate) fn wrap(&mut self, text: &str, style: Style, width: i32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::from("\u{3000}\u{3000}");
        let mut used = f32::from(style.size) * 2.0;
        for c in text.chars() {
            let advance = self.faces.glyph(c, style.size, style.bold).advance;
            // Closing marks may hang over the edge, as they do in print.
            if used + advance > width as f32 && !"，。；：、）》〕”！？".contains(c) {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            line.push(c);
            used += advance;
        }
        lines.push(line);
        lines
    }

    /// A paragraph from the baseline `y` on; gives back the baseline after it.
    pub(crate) fn paragraph(
        &mut self,
        x: i32,
        y: i32,
        width: i32,
        step: i32,
        style: Style,
        text: &str,
    ) -> i32 {
        let mut baseline = y;
        for line in self.wrap(text, style, width) {
            // The indent is room, not text: the line starts where its first letter is.
            let body = line.trim_start_matches('\u{3000}');
            let indent = i32::from(style.size) * (line.chars().count() - body.chars().count()) as i32;
            self.write(x + indent, baseline, style, body);
            baseline += step;
        }
        baseline
    }
}
