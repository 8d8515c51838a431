//! Pages as a scanner would deliver them, drawn from nothing but the embedded fonts.
//!
//! [`pages`] puts text on paper with [`canvas`] and [`glyphs`] and writes down every
//! line; [`scan`] turns the clean page into a scan: paper, light, skew, noise, JPEG.

mod canvas;
mod glyphs;
mod pages;
mod scan;
mod seal;
mod table;

pub(crate) use glyphs::Faces;
pub(crate) use pages::{Kind, Subject};
pub(crate) use scan::{Look, Scanner};

use canvas::Pen;
use serde::Serialize;

use crate::DemoError;
use crate::rng::Rng;

/// A line of text that is on a page.
#[derive(Clone, Serialize)]
pub struct Line {
    /// The text.
    pub t: String,
    /// `typed` or `hand`.
    pub k: &'static str,
    /// Left, top, right, bottom in pixels of the finished image.
    #[serde(rename = "box")]
    pub area: [i32; 4],
}

/// Draws page after page in the same memory.
pub(crate) struct Painter {
    canvas: canvas::Canvas,
    faces: Faces,
    scanner: Scanner,
}

impl Painter {
    pub(crate) fn new(faces: Faces, scanner: Scanner) -> Self {
        Self { canvas: canvas::Canvas::new(), faces, scanner }
    }

    /// One page as a JPEG file, and the lines on it.
    pub(crate) fn page(
        &mut self,
        kind: Kind,
        subject: &Subject<'_>,
        look: Look,
        rng: Rng,
    ) -> Result<(Vec<u8>, Vec<Line>), DemoError> {
        self.canvas.clear();
        let mut pen = Pen { canvas: &mut self.canvas, faces: &mut self.faces, rng, lines: Vec::new() };
        pages::draw(&mut pen, kind, subject);
        let Pen { mut rng, mut lines, .. } = pen;
        let file = self.scanner.scan(&self.canvas, &mut lines, look, &mut rng)?;
        Ok((file, lines))
    }
}
