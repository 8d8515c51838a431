//! Rows of framed cells, as in every registration form.

use super::Line;
use super::canvas::{Pen, Style};

/// Left edge of all tables.
pub(crate) const LEFT: i32 = 290;
/// Width of all tables.
pub(crate) const WIDE: i32 = 1900;

/// What stands in a cell.
pub(crate) enum Cell<'a> {
    /// Printed name of a field, centred; `|` breaks the line.
    Label(i32, &'a str),
    /// What was filled in, on one line.
    Value(i32, &'a str),
    /// Printed name written downwards.
    Side(i32, &'a str),
    /// Paragraphs that were filled in.
    Text(i32, &'a [String]),
}

impl Cell<'_> {
    fn width(&self) -> i32 {
        match self {
            Self::Label(w, _) | Self::Value(w, _) | Self::Side(w, _) | Self::Text(w, _) => *w,
        }
    }
}

/// Draws one row at `y`; `filled` is how entries are written. Gives back the next `y`.
///
/// The last cell gets what is left of the width.
pub(crate) fn row(pen: &mut Pen<'_>, y: i32, h: i32, filled: Style, cells: &[Cell<'_>]) -> i32 {
    let mut x = LEFT;
    for (n, cell) in cells.iter().enumerate() {
        let w = if n + 1 == cells.len() { LEFT + WIDE - x } else { cell.width() };
        pen.canvas.frame(x, y, w, h, 4);
        content(pen, (x, y, w, h), filled, cell);
        x += w;
    }
    y + h
}

fn content(pen: &mut Pen<'_>, (x, y, w, h): (i32, i32, i32, i32), filled: Style, cell: &Cell<'_>) {
    let label = Style::typed(42);
    match cell {
        Cell::Label(_, text) => {
            let lines: Vec<&str> = text.split('|').collect();
            let first = y + h / 2 + 16 - (lines.len() as i32 - 1) * 28;
            for (n, line) in (0..).zip(lines) {
                pen.centred(x + w / 2, first + n * 56, label, line);
            }
        }
        Cell::Value(_, text) => {
            let baseline = y + h / 2 + i32::from(filled.size) * 2 / 5;
            pen.write(x + 24, baseline, filled, text);
        }
        Cell::Side(_, text) => {
            let letters = text.chars().count() as i32;
            let first = y + h / 2 - (letters - 1) * 31 + 16;
            let before = pen.lines.len();
            for (n, c) in (0..).zip(text.chars()) {
                pen.centred(x + w / 2, first + n * 62, label, c.encode_utf8(&mut [0; 4]));
            }
            // One line that runs downwards, not many of one letter.
            pen.lines.truncate(before);
            let area = [x + w / 2 - 21, first - 38, x + w / 2 + 21, first + (letters - 1) * 62 + 8];
            pen.lines.push(Line { t: (*text).to_owned(), k: "typed", area });
        }
        Cell::Text(_, paragraphs) => {
            let step = i32::from(filled.size) * 8 / 5;
            let mut baseline = y + step + 6;
            for text in *paragraphs {
                // A clerk stops at the end of the box.
                let lines = pen.wrap(text, filled, w - 60).len() as i32;
                if baseline + (lines - 1) * step > y + h - 24 {
                    break;
                }
                baseline = pen.paragraph(x + 28, baseline, w - 60, step, filled, text);
            }
        }
    }
}
