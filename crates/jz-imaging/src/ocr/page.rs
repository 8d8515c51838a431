//! What a reading of a page consists of.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Quad;

/// The text of a page. Coordinates are pixels of the picture that was read.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PageText {
    /// Width of the picture.
    pub w: u32,
    /// Height of the picture.
    pub h: u32,
    /// True when the page was only readable upside down. Places are given for
    /// the picture as it is; a person should turn the scan.
    #[serde(default)]
    pub upside_down: bool,
    /// The lines, in reading order.
    pub lines: Vec<Line>,
}

/// One line of text.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// What was read.
    pub text: String,
    /// Mean confidence of its characters, 0 to 1.
    pub conf: f32,
    /// The upright rectangle around it: left, top, right, bottom.
    #[serde(rename = "box")]
    pub bounds: [f32; 4],
    /// The slanted rectangle: start of the line's top edge, its end, end of the
    /// bottom edge, its start. For a vertical line the "top edge" is the right
    /// one, and it starts at the top.
    pub quad: Quad,
    /// One entry a character of `text`.
    pub chars: Vec<Char>,
}

/// A character: itself, where it begins and ends in pixels along the line from
/// the line's start, and how sure the machine is.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Char(pub char, pub f32, pub f32, pub f32);

// What is written on a page is never printed by accident.
impl std::fmt::Debug for PageText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PageText({}x{}, {} lines)", self.w, self.h, self.lines.len())
    }
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Line({} characters, conf {})", self.chars.len(), self.conf)
    }
}

impl PageText {
    /// Mean confidence over all characters; 1 for a page without text, since
    /// nothing on it is doubtful.
    pub fn confidence(&self) -> f32 {
        confidence(&self.lines)
    }
}

/// Mean over characters, not lines: a stray dot must not weigh like a sentence.
pub(super) fn confidence(lines: &[Line]) -> f32 {
    let count: usize = lines.iter().map(|l| l.chars.len()).sum();
    if count == 0 {
        return 1.0;
    }
    lines.iter().flat_map(|l| &l.chars).map(|c| c.3).sum::<f32>() / count as f32
}

impl Line {
    /// The slanted rectangle around the characters `range`, for marking a hit.
    /// Ranges beyond the end are cut.
    pub fn span(&self, range: Range<usize>) -> Quad {
        let end = range.end.min(self.chars.len());
        let start = range.start.min(end);
        match self.chars.get(start..end) {
            Some([first, .., last]) => self.quad.part(first.1, last.2),
            Some([only]) => self.quad.part(only.1, only.2),
            _ => self.quad,
        }
    }

    /// Moves the line to where it is when a picture of `w` by `h` is turned by
    /// 180 degrees.
    pub(super) fn turn(&mut self, w: f32, h: f32) {
        self.quad = self.quad.turned(w, h);
        self.bounds = self.quad.bounds();
    }
}
