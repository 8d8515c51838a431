//! From line pictures to characters with places (CTC decoding).

use super::geometry::Rect;
use super::page::{Char, Line};
use super::{LINE_HEIGHT, Networks, Read, cut};
use crate::{Gray, ImagingError};

/// A box this much taller than wide is a vertical line.
const TALL: f32 = 1.5;
/// Line pictures are padded to multiples of this; the network halves three times.
const WIDTH_STEP: usize = 8;
/// Lines below this mean confidence are specks and ruled lines, not writing.
const LEAST_CONFIDENCE: f32 = 0.5;

/// The characters that the reading network knows, in its order.
pub struct Dictionary(Vec<char>);

impl Dictionary {
    /// Reads a dictionary file: one character a line, UTF-8.
    pub fn parse(text: &[u8]) -> Result<Self, ImagingError> {
        let text = std::str::from_utf8(text).map_err(|_| ImagingError::Model("dictionary is not UTF-8"))?;
        let mut known = Vec::with_capacity(20_000);
        for entry in text.lines() {
            let mut chars = entry.chars();
            match (chars.next(), chars.next()) {
                (Some(only), None) => known.push(only),
                _ => return Err(ImagingError::Model("dictionary entry is not one character")),
            }
        }
        Ok(Self(known))
    }

    /// Classes of a network that goes with it: blank, the characters, space.
    pub fn classes(&self) -> usize {
        self.0.len() + 2
    }

    fn char(&self, class: usize) -> Option<char> {
        match class.checked_sub(1)? {
            i if i < self.0.len() => Some(self.0[i]),
            _ => Some(' '),
        }
    }
}

/// Reads the boxes of a page; what cannot be read is left out.
pub(super) fn lines(
    networks: &impl Networks,
    dictionary: &Dictionary,
    page: &Gray,
    boxes: &[Rect],
) -> Result<Vec<Line>, ImagingError> {
    let mut lines = Vec::with_capacity(boxes.len());
    for rect in boxes {
        let rect = if rect.h >= TALL * rect.w { rect.stood_up() } else { *rect };
        let picture = cut::line(page, &rect);
        let width = (picture.w() as usize).next_multiple_of(WIDTH_STEP);
        let read = networks.read(planes(&picture, width), 1, width)?;
        if read.classes != dictionary.classes() || read.probabilities.len() != read.steps * read.classes {
            return Err(ImagingError::Model("dictionary and network do not belong together"));
        }
        // The network saw `width` columns, of which the box fills `picture.w()`.
        let per_step = rect.w * width as f32 / (picture.w() as f32 * read.steps as f32);
        lines.extend(line(&read, dictionary, &rect, per_step));
    }
    Ok(lines)
}

/// Three equal planes, values from -1 to 1; the padding is the middle, 0.
fn planes(picture: &Gray, width: usize) -> Vec<f32> {
    let mut plane = vec![0.0; LINE_HEIGHT * width];
    for (y, row) in plane.chunks_exact_mut(width).enumerate() {
        for (to, &from) in row.iter_mut().zip(picture.row(y as u32)) {
            *to = f32::from(from) / 127.5 - 1.0;
        }
    }
    plane.repeat(3)
}

/// One character as CTC sees it: a run of time steps that agree.
struct Hit {
    char: char,
    from: usize,
    to: usize,
    conf: f32,
}

fn hits(read: &Read, dictionary: &Dictionary) -> Vec<Hit> {
    let mut hits: Vec<Hit> = vec![];
    let mut previous = 0;
    for (step, row) in read.probabilities.chunks_exact(read.classes).enumerate() {
        let (class, conf) = strongest(row);
        match (hits.last_mut(), dictionary.char(class)) {
            (Some(hit), Some(_)) if class == previous => {
                hit.to = step;
                hit.conf = hit.conf.max(conf);
            }
            (_, Some(char)) => hits.push(Hit { char, from: step, to: step, conf }),
            (_, None) => {} // blank
        }
        previous = class;
    }
    hits
}

fn strongest(row: &[f32]) -> (usize, f32) {
    let mut best = (0, f32::MIN);
    for (i, &v) in row.iter().enumerate() {
        if v > best.1 {
            best = (i, v);
        }
    }
    best
}

/// Builds the line; `per_step` is the length of a time step along the page.
fn line(read: &Read, dictionary: &Dictionary, rect: &Rect, per_step: f32) -> Option<Line> {
    let mut hits = hits(read, dictionary);
    while hits.last().is_some_and(|h| h.char.is_whitespace()) {
        hits.pop();
    }
    let lead = hits.iter().take_while(|h| h.char.is_whitespace()).count();
    hits.drain(..lead);
    if hits.is_empty() {
        return None;
    }
    let conf = hits.iter().map(|h| h.conf).sum::<f32>() / hits.len() as f32;
    if conf < LEAST_CONFIDENCE {
        return None;
    }
    let quad = rect.quad().rounded();
    Some(Line {
        text: hits.iter().map(|h| h.char).collect(),
        conf: thousandths(conf),
        bounds: quad.bounds(),
        quad,
        chars: places(&hits, rect, per_step),
    })
}

/// A character reaches half-way to its neighbours, but no further than its line
/// is high: gaps between words belong to nobody.
fn places(hits: &[Hit], rect: &Rect, per_step: f32) -> Vec<Char> {
    let middle = |h: &Hit| ((h.from + h.to + 1) as f32 / 2.0 * per_step).min(rect.w);
    let reach = rect.h * 0.6;
    let half_gap = |i: usize, k: usize| ((middle(&hits[k]) - middle(&hits[i])) / 2.0).min(reach);
    let tenths = |v: f32| (v.clamp(0.0, rect.w) * 10.0).round() / 10.0;
    (0..hits.len())
        .map(|i| {
            let (before, after) =
                ((i > 0).then(|| half_gap(i - 1, i)), (i + 1 < hits.len()).then(|| half_gap(i, i + 1)));
            let left = before.or(after).unwrap_or(reach);
            let right = after.or(before).unwrap_or(reach);
            let at = middle(&hits[i]);
            Char(hits[i].char, tenths(at - left), tenths(at + right), thousandths(hits[i].conf))
        })
        .collect()
}

fn thousandths(v: f32) -> f32 {
    (v * 1000.0).round() / 1000.0
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;

    fn dictionary() -> Dictionary {
        Dictionary::parse("甲\n乙\n丙\n".as_bytes()).unwrap()
    }

    /// Steps that each choose one class with the given probability.
    fn read(steps: &[(usize, f32)]) -> Read {
        let mut probabilities = vec![0.0; steps.len() * 5];
        for (i, &(class, p)) in steps.iter().enumerate() {
            probabilities[i * 5 + class] = p;
        }
        Read { steps: steps.len(), classes: 5, probabilities }
    }

    fn rect() -> Rect {
        Rect { cx: 150.0, cy: 20.0, ux: 1.0, uy: 0.0, w: 100.0, h: 40.0 }
    }

    #[test]
    fn repeats_collapse_and_blanks_separate() {
        let steps = [
            (4, 0.9),
            (1, 0.9),
            (1, 0.8),
            (0, 1.0),
            (1, 0.7),
            (2, 0.9),
            (4, 0.9),
            (3, 0.6),
            (0, 1.0),
            (4, 0.9),
        ];
        let line = line(&read(&steps), &dictionary(), &rect(), 10.0).unwrap();
        assert_eq!(line.text, "甲甲乙 丙", "spaces at the ends go");
        assert_eq!(line.chars.len(), 5);
        assert!((line.conf - 0.8).abs() < 0.001);
        assert_eq!(line.chars[0].3, 0.9);
    }

    #[test]
    fn characters_meet_half_way() {
        let steps = [
            (0, 1.0),
            (1, 0.9),
            (0, 1.0),
            (2, 0.9),
            (0, 1.0),
            (0, 1.0),
            (0, 1.0),
            (0, 1.0),
            (3, 0.9),
            (0, 1.0),
        ];
        let line = line(&read(&steps), &dictionary(), &rect(), 10.0).unwrap();
        assert_eq!(line.chars[0], Char('甲', 5.0, 25.0, 0.9));
        assert_eq!(line.chars[1], Char('乙', 25.0, 59.0, 0.9), "no further than the line is high");
        assert_eq!(line.span(0..2).bounds(), [105.0, 0.0, 159.0, 40.0]);
        assert_eq!(line.span(2..99).bounds()[2], line.bounds[0] + line.chars[2].2);
    }

    #[test]
    fn doubtful_and_empty_lines_are_nothing() {
        assert!(line(&read(&[(0, 1.0), (4, 1.0)]), &dictionary(), &rect(), 10.0).is_none());
        assert!(line(&read(&[(1, 0.3)]), &dictionary(), &rect(), 10.0).is_none());
    }

    #[test]
    fn a_dictionary_holds_single_characters() {
        assert!(Dictionary::parse("甲乙\n".as_bytes()).is_err());
        assert!(Dictionary::parse(&[0xff, 0xfe]).is_err());
        assert_eq!(dictionary().classes(), 5);
    }
}
