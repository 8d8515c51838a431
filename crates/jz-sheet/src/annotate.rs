//! The same workbook with what is wrong painted red.
//!
//! The copy is made from the values, not from the original bytes: nothing of an uploaded
//! file (macros, links, hidden names) is handed back. Formulas become their values.

use crate::{
    Book, Cell, Limits, SheetError, day, neutralise,
    write::{header_format, write_error},
};
use rust_xlsxwriter::{Color, Format, Note, Workbook, Worksheet, XlsxError};
use std::{
    collections::{BTreeMap, HashMap},
    ops::ControlFlow,
    path::Path,
};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The row is taken, but somebody should look: yellow.
    Warning,
    /// The row is not taken: red.
    Error,
}

/// One thing to say about a cell or a row.
#[derive(Debug, Clone)]
pub struct Mark {
    /// Row as shown in Excel, from 1.
    pub row: u32,
    /// Column from 0; `None` for the whole row.
    pub column: Option<u16>,
    /// What to say.
    pub text: String,
    /// How bad it is.
    pub level: Level,
}

/// All marks of one sheet.
#[derive(Debug, Clone)]
pub struct SheetMarks {
    /// Name of the sheet.
    pub sheet: String,
    /// Row of the column names, from 1, where the title of the reason column goes.
    pub header_row: Option<u32>,
    /// The marks, in any order.
    pub marks: Vec<Mark>,
}

/// Title of the column of reasons.
const REASON: &str = "原因";
/// Comments beyond this many on one sheet are left out (the colour and the reason
/// stay): Excel becomes unusable with more.
const NOTES_PER_SHEET: usize = 10_000;

/// Copies the values of `original` to `out`: marked cells are coloured and commented, and
/// every marked row has its reasons in a last column. `name` is the name the user gave
/// the file (for csv), `scratch` a private folder for rows on their way.
pub fn annotate(
    original: &Path,
    name: &str,
    out: &Path,
    marks: &[SheetMarks],
    limits: &Limits,
    scratch: &Path,
) -> Result<(), SheetError> {
    let mut book = Book::open_as(original, name, limits)?;
    let mut target = Workbook::new();
    target.set_tempdir(scratch).map_err(write_error)?;
    let by_sheet: HashMap<&str, &SheetMarks> = marks.iter().map(|m| (m.sheet.as_str(), m)).collect();
    let paint = Paint::new();
    for info in book.sheets().to_vec() {
        let marks = by_sheet.get(info.name.as_str()).copied();
        let reasons = match marks.filter(|m| !m.marks.is_empty()) {
            Some(m) => Some(reason_column(&mut book, &info.name, m.header_row)?),
            None => None,
        };
        let sheet = target.add_worksheet_with_constant_memory().map_err(write_error)?;
        if sheet.set_name(&info.name).is_err() {
            // A csv may be called anything; its only sheet keeps the default name.
            sheet.set_name("Sheet1").map_err(write_error)?;
        }
        sheet.set_hidden(info.hidden);
        if let Some(column) = reasons {
            sheet.set_column_width(column, 60.0).map_err(write_error)?;
        }
        let header_row = marks.and_then(|m| m.header_row);
        let pending = sorted(marks.filter(|_| reasons.is_some()));
        let mut copy = Copy { sheet, paint: &paint, reasons, header_row, pending, notes: 0 };
        let mut failed = None;
        book.rows(&info.name, |row, cells| match copy.row(row, cells) {
            Ok(()) => ControlFlow::Continue(()),
            Err(e) => {
                failed = Some(e);
                ControlFlow::Break(())
            }
        })?;
        if let Some(e) = failed {
            return Err(write_error(e));
        }
        copy.marks_before(u32::MAX).map_err(write_error)?;
    }
    target.save(out).map_err(write_error)
}

/// The first column right of everything; a column of reasons from an earlier round is
/// used again.
fn reason_column(book: &mut Book, sheet: &str, header_row: Option<u32>) -> Result<u16, SheetError> {
    let (mut width, mut earlier) = (0, None);
    book.rows(sheet, |row, cells| {
        width = width.max(cells.len());
        if Some(row) == header_row {
            earlier = cells
                .iter()
                .position(|c| matches!(c, Cell::Text(t) if t.trim().split('：').next() == Some(REASON)));
        }
        ControlFlow::Continue(())
    })?;
    Ok(earlier.unwrap_or(width) as u16)
}

type Pending<'a> = std::iter::Peekable<std::collections::btree_map::IntoIter<u32, Vec<&'a Mark>>>;

fn sorted(marks: Option<&SheetMarks>) -> Pending<'_> {
    let mut by_row: BTreeMap<u32, Vec<&Mark>> = BTreeMap::new();
    for mark in marks.into_iter().flat_map(|m| &m.marks) {
        by_row.entry(mark.row.max(1)).or_default().push(mark);
    }
    by_row.into_iter().peekable()
}

struct Paint {
    date: Format,
    text: Format,
    reason: Format,
    plain: [Format; 2],
    dates: [Format; 2],
}

impl Paint {
    fn new() -> Self {
        let fill = |base: Format| {
            let warning = base.clone().set_background_color(Color::RGB(0xFF_F2B3));
            [warning, base.set_background_color(Color::RGB(0xFF_B3B3))]
        };
        let date = Format::new().set_num_format("yyyy-mm-dd");
        let text = Format::new().set_num_format("@");
        let reason = Format::new().set_font_color(Color::RGB(0xB0_1E1E));
        Self { plain: fill(text.clone()), dates: fill(date.clone()), date, text, reason }
    }

    fn pick<'a>(set: &'a [Format; 2], base: &'a Format, level: Option<Level>) -> &'a Format {
        let [warning, error] = set;
        match level {
            None => base,
            Some(Level::Warning) => warning,
            Some(Level::Error) => error,
        }
    }
}

/// Writes one sheet of the copy, rows in order.
struct Copy<'a> {
    sheet: &'a mut Worksheet,
    paint: &'a Paint,
    /// Where the reasons go; `None` on a sheet without marks.
    reasons: Option<u16>,
    header_row: Option<u32>,
    pending: Pending<'a>,
    notes: usize,
}

impl Copy<'_> {
    fn row(&mut self, row: u32, cells: &[Cell]) -> Result<(), XlsxError> {
        self.marks_before(row)?;
        let marks = self.pending.next_if(|(r, _)| *r == row).map(|(_, m)| m).unwrap_or_default();
        for (c, cell) in (0_u16..).zip(cells) {
            // Reasons of an earlier round are replaced, not kept beside the new ones.
            if Some(c) == self.reasons {
                continue;
            }
            self.cell(row - 1, c, cell, level_at(&marks, c))?;
        }
        if let (Some(c), true) = (self.reasons, Some(row) == self.header_row) {
            self.sheet.write_string_with_format(row - 1, c, REASON, &header_format())?;
        }
        self.say(row, cells.len(), &marks)
    }

    /// Marks on rows that hold nothing: the reason is written, and the cell coloured.
    fn marks_before(&mut self, row: u32) -> Result<(), XlsxError> {
        while let Some((r, marks)) = self.pending.next_if(|(r, _)| *r < row) {
            self.say(r, 0, &marks)?;
        }
        Ok(())
    }

    fn cell(&mut self, row: u32, c: u16, cell: &Cell, level: Option<Level>) -> Result<(), XlsxError> {
        let paint = self.paint;
        let plain = Paint::pick(&paint.plain, &paint.text, level);
        match cell {
            Cell::Empty => Ok(()),
            Cell::Number(n) => match level {
                None => self.sheet.write_number(row, c, *n).map(drop),
                Some(_) => self.sheet.write_number_with_format(row, c, *n, plain).map(drop),
            },
            Cell::Date(iso) => match day::iso_to_serial(iso) {
                Some(serial) => {
                    let format = Paint::pick(&paint.dates, &paint.date, level);
                    self.sheet.write_number_with_format(row, c, serial, format).map(drop)
                }
                None => self.sheet.write_string_with_format(row, c, iso, plain).map(drop),
            },
            other => self.sheet.write_string_with_format(row, c, neutralise(&other.shape()), plain).map(drop),
        }
    }

    /// Comments on the cells, and all reasons of the row in the last column.
    fn say(&mut self, row: u32, width: usize, marks: &[&Mark]) -> Result<(), XlsxError> {
        let Some(reasons) = self.reasons.filter(|_| !marks.is_empty()) else { return Ok(()) };
        for mark in marks {
            let Some(c) = mark.column.filter(|c| *c != reasons) else { continue };
            if usize::from(c) >= width {
                let format = Paint::pick(&self.paint.plain, &self.paint.text, level_at(marks, c));
                self.sheet.write_blank(row - 1, c, format)?;
            }
            if self.notes < NOTES_PER_SHEET {
                self.notes += 1;
                let note = Note::new(mark.text.as_str()).add_author_prefix(false);
                self.sheet.insert_note(row - 1, c, &note)?;
            }
        }
        let mut texts: Vec<&str> = marks.iter().map(|m| m.text.as_str()).collect();
        texts.dedup();
        let text = texts.join("；");
        if Some(row) == self.header_row {
            let text = format!("{REASON}：{text}");
            return self.sheet.write_string_with_format(row - 1, reasons, text, &self.paint.reason).map(drop);
        }
        self.sheet.write_string_with_format(row - 1, reasons, neutralise(&text), &self.paint.reason).map(drop)
    }
}

/// The worst level at a column; a mark on the whole row colours every cell.
fn level_at(marks: &[&Mark], column: u16) -> Option<Level> {
    marks.iter().filter(|m| m.column.is_none_or(|c| c == column)).map(|m| m.level).max()
}
