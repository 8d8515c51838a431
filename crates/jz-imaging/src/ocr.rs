//! Reading the text of a page, with the place of every line and character.
//!
//! The steps, and where each lives: shrink the red channel and find text boxes
//! (`detect`), cut every box out of the full-resolution page (`cut`), read it
//! (`decode`), bring the lines into reading order (`order`). The two networks sit
//! behind [`Networks`], so that another engine can take their place; [`Rten`] is
//! the one that is built in.
//!
//! What it is not: a layout analysis. Tables come out as lines in reading order,
//! not as rows and cells.

mod cut;
mod decode;
mod detect;
mod geometry;
mod order;
mod page;
mod rten;

use crate::{Gray, Image, ImagingError};

pub use decode::Dictionary;
pub use geometry::Quad;
pub use page::{Char, Line, PageText};
pub use rten::{ModelBytes, Rten};

/// Reads pages.
pub trait Recogniser: Send + Sync {
    /// The text of one page. Uses one thread; call it from several threads to
    /// read several pages at once.
    fn recognise(&self, image: &Image) -> Result<PageText, ImagingError>;
}

/// The two networks of PP-OCR, and nothing of what stands around them.
pub trait Networks: Send + Sync {
    /// Probability of text for each pixel of a `h` by `w` picture. `input` holds
    /// three planes of `h * w` values from -1 to 1.
    fn detect(&self, input: Vec<f32>, h: usize, w: usize) -> Result<Vec<f32>, ImagingError>;

    /// For every picture of a batch, `steps * classes` probabilities. `input`
    /// holds `n` times three planes of [`LINE_HEIGHT`] by `w`.
    fn read(&self, input: Vec<f32>, n: usize, w: usize) -> Result<Read, ImagingError>;
}

/// The answer of the reading network.
pub struct Read {
    /// Time steps along each line.
    pub steps: usize,
    /// Classes: blank, the dictionary, space.
    pub classes: usize,
    /// `n * steps * classes` probabilities.
    pub probabilities: Vec<f32>,
}

/// Height of the pictures that the reading network takes.
pub const LINE_HEIGHT: usize = 48;

/// What may be tuned; the defaults are measured (`bench/ocr`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Longer side of the picture in which boxes are looked for, for an A4 page
    /// at 300 dpi. Larger sheets get more, up to `max_side`.
    pub side: u32,
    /// Upper bound of that, for the sake of memory.
    pub max_side: u32,
    /// Below this mean confidence the page is read once more, upside down.
    pub turn_below: f32,
}

impl Default for Options {
    fn default() -> Self {
        Self { side: 1280, max_side: 1920, turn_below: 0.8 }
    }
}

/// The recogniser: networks, dictionary and the steps between them.
pub struct Ocr<N> {
    networks: N,
    dictionary: Dictionary,
    options: Options,
}

impl<N: Networks> Ocr<N> {
    /// Joins the parts.
    pub fn new(networks: N, dictionary: Dictionary, options: Options) -> Self {
        Self { networks, dictionary, options }
    }

    fn pass(&self, page: &Gray) -> Result<Vec<Line>, ImagingError> {
        let boxes = detect::boxes(&self.networks, page, &self.options)?;
        decode::lines(&self.networks, &self.dictionary, page, &boxes)
    }
}

impl<N: Networks> Recogniser for Ocr<N> {
    fn recognise(&self, image: &Image) -> Result<PageText, ImagingError> {
        // Seals are red: in the red channel they are as white as the paper.
        let page = image.red();
        let (w, h) = (page.w(), page.h());
        let mut lines = self.pass(&page)?;
        let mut turned = false;
        if !lines.is_empty() && page::confidence(&lines) < self.options.turn_below {
            let other = self.pass(&page.turned())?;
            if page::confidence(&other) > page::confidence(&lines) {
                turned = true;
                lines = other;
            }
        }
        order::sort(&mut lines);
        if turned {
            for line in &mut lines {
                line.turn(w as f32, h as f32);
            }
        }
        Ok(PageText { w, h, upside_down: turned, lines })
    }
}
