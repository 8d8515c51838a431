//! Reading: a workbook or a text table, sheet by sheet, row by row.

use crate::{Cell, Limits, SheetError, csv_text::TextTable, day, preflight};
use calamine::{DataRef, Reader, SheetVisible, Xlsx, XlsxError};
use std::{fs::File, io::BufReader, ops::ControlFlow, path::Path};

/// One sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetInfo {
    /// Name on the tab.
    pub name: String,
    /// Whether the tab is hidden.
    pub hidden: bool,
    /// Whether it holds cells at all (a chart sheet does not).
    pub is_table: bool,
}

/// An opened workbook. A csv file is a workbook with one sheet, named like the file.
pub struct Book {
    source: Source,
    sheets: Vec<SheetInfo>,
    limits: Limits,
}

enum Source {
    Xlsx(Box<Xlsx<BufReader<File>>>),
    Text(TextTable),
}

impl Book {
    /// Opens a file after checking it against the limits.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self, SheetError> {
        let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        Self::open_as(path, &name, limits)
    }

    /// Opens a file that was stored under another name than the user gave it; `name` is
    /// what the only sheet of a csv file is called.
    pub fn open_as(path: &Path, name: &str, limits: &Limits) -> Result<Self, SheetError> {
        let mut file = File::open(path)?;
        if file.metadata()?.len() > limits.file_bytes {
            return Err(SheetError::FileTooBig { max: limits.file_bytes });
        }
        if preflight::guess(&mut file)? == preflight::Guess::Text {
            let table = TextTable::open(path)?;
            let sheets = vec![SheetInfo { name: name.to_owned(), hidden: false, is_table: true }];
            return Ok(Self { source: Source::Text(table), sheets, limits: limits.clone() });
        }
        preflight::preflight(&mut BufReader::new(&mut file), limits)?;
        let xlsx: Xlsx<_> = calamine::open_workbook_from_rs(BufReader::new(file)).map_err(open_error)?;
        let sheets: Vec<SheetInfo> = xlsx
            .sheets_metadata()
            .iter()
            .map(|s| SheetInfo {
                name: s.name.clone(),
                hidden: s.visible != SheetVisible::Visible,
                is_table: s.typ == calamine::SheetType::WorkSheet,
            })
            .collect();
        if sheets.len() > limits.sheets {
            return Err(SheetError::TooManySheets { max: limits.sheets });
        }
        Ok(Self { source: Source::Xlsx(Box::new(xlsx)), sheets, limits: limits.clone() })
    }

    /// The sheets in the order of their tabs.
    pub fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    /// Whether serials of this workbook count from 1904.
    pub fn is_1904(&self) -> bool {
        match &self.source {
            Source::Xlsx(x) => x.has_1904_epoch(),
            Source::Text(_) => false,
        }
    }

    /// Calls `each` for every row that holds a value, with the row number as shown in
    /// Excel (from 1) and the cells from column A to the last value. Stops early when
    /// `each` breaks.
    pub fn rows(
        &mut self,
        sheet: &str,
        mut each: impl FnMut(u32, &[Cell]) -> ControlFlow<()>,
    ) -> Result<(), SheetError> {
        if !self.sheets.iter().any(|s| s.name == sheet) {
            return Err(SheetError::NoSuchSheet);
        }
        match &mut self.source {
            Source::Text(table) => table.rows(sheet, &self.limits, &mut each),
            Source::Xlsx(xlsx) => xlsx_rows(xlsx, sheet, &self.limits, &mut each),
        }
    }
}

/// One row under construction. Cells keep their room from row to row.
pub(crate) struct RowBuffer {
    cells: Vec<Cell>,
    used: usize,
}

impl RowBuffer {
    pub(crate) fn new() -> Self {
        Self { cells: Vec::new(), used: 0 }
    }

    /// The place of a column; what lies between is made empty.
    pub(crate) fn at(&mut self, column: usize) -> &mut Cell {
        if self.cells.len() <= column {
            self.cells.resize(column + 1, Cell::Empty);
        }
        for skipped in self.cells.iter_mut().take(column).skip(self.used) {
            *skipped = Cell::Empty;
        }
        self.used = self.used.max(column + 1);
        // The row was resized to hold the column just above.
        #[expect(clippy::indexing_slicing, reason = "resized above")]
        &mut self.cells[column]
    }

    pub(crate) fn filled(&self) -> &[Cell] {
        self.cells.get(..self.used).unwrap_or_default()
    }

    pub(crate) fn clear(&mut self) {
        self.used = 0;
    }
}

fn xlsx_rows(
    xlsx: &mut Xlsx<BufReader<File>>,
    sheet: &str,
    limits: &Limits,
    each: &mut dyn FnMut(u32, &[Cell]) -> ControlFlow<()>,
) -> Result<(), SheetError> {
    let is_1904 = xlsx.has_1904_epoch();
    let mut reader = match xlsx.worksheet_cells_reader(sheet) {
        Ok(reader) => reader,
        Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
        Err(e) => return Err(SheetError::damaged(e)),
    };
    let mut buffer = RowBuffer::new();
    let (mut current, mut seen, mut said) = (0_u32, 0_u64, 0_u64);
    while let Some(cell) = reader.next_cell().map_err(SheetError::damaged)? {
        let (row, column) = cell.get_position();
        let value = cell.get_value();
        // A column formatted down to the last row has a million cells and no value.
        if matches!(value, DataRef::Empty) {
            continue;
        }
        seen += 1;
        check_place(sheet, row, column, seen, limits)?;
        if let DataRef::SharedString(text) = value {
            said += text.len() as u64;
            if said > limits.said_bytes {
                return Err(SheetError::TooMuchText { sheet: sheet.to_owned(), max: limits.said_bytes });
            }
        }
        if row < current {
            return Err(SheetError::damaged(XlsxError::Unexpected("rows out of order")));
        }
        if row != current && !buffer.filled().is_empty() {
            if each(current + 1, buffer.filled()).is_break() {
                return Ok(());
            }
            buffer.clear();
        }
        current = row;
        put(buffer.at(column as usize), value, is_1904);
    }
    if !buffer.filled().is_empty() {
        let _ = each(current + 1, buffer.filled());
    }
    Ok(())
}

pub(crate) fn check_place(
    sheet: &str,
    row: u32,
    column: u32,
    seen: u64,
    limits: &Limits,
) -> Result<(), SheetError> {
    if row >= limits.rows {
        return Err(SheetError::TooManyRows { sheet: sheet.to_owned(), max: limits.rows });
    }
    if column >= limits.columns {
        return Err(SheetError::TooManyColumns { sheet: sheet.to_owned(), max: limits.columns });
    }
    if seen > limits.cells {
        return Err(SheetError::TooManyCells { sheet: sheet.to_owned(), max: limits.cells });
    }
    Ok(())
}

fn put(place: &mut Cell, value: &DataRef<'_>, is_1904: bool) {
    match value {
        DataRef::Empty => *place = Cell::Empty,
        DataRef::SharedString(s) => place.set_text(s),
        DataRef::Int(i) => *place = Cell::Number(*i as f64),
        DataRef::Float(f) => *place = Cell::Number(*f),
        DataRef::Bool(b) => *place = Cell::Bool(*b),
        DataRef::DateTime(t) => {
            let iso = if t.is_duration() { None } else { day::serial_to_iso(t.as_f64(), is_1904) };
            *place = iso.map_or(Cell::Number(t.as_f64()), Cell::Date);
        }
        DataRef::DateTimeIso(s) => match s.get(..10).filter(|d| day::is_iso_day(d)) {
            Some(d) => *place = Cell::Date(d.to_owned()),
            None => place.set_text(s),
        },
        DataRef::String(s) | DataRef::DurationIso(s) => place.set_text(s),
        DataRef::Error(e) => *place = Cell::Error(e.to_string()),
    }
}

fn open_error(e: XlsxError) -> SheetError {
    match e {
        XlsxError::Password => SheetError::Encrypted,
        XlsxError::FileNotFound(_) => SheetError::NotXlsx,
        other => SheetError::damaged(other),
    }
}
