//! Writing: tables and templates, one row in memory at a time.

use crate::{Cell, SheetError, neutralise};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, FormatBorder, Formula, Workbook,
    Worksheet, XlsxError,
};
use std::path::Path;

/// What a column holds, and so how Excel shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text, also identity numbers, student numbers, telephone numbers and dates (which
    /// may be partial): Excel must not touch them.
    Text,
    /// A number to calculate with.
    Number,
}

/// One column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    /// Header.
    pub header: String,
    /// Width in characters.
    pub width: f64,
    /// What it holds.
    pub kind: Kind,
    /// Values offered in a drop-down list; empty for free text.
    pub options: Vec<String>,
}

/// One column of a template.
#[derive(Debug, Clone)]
pub struct TemplateColumn {
    /// The column itself; the star of a required one is added when writing.
    pub column: Column,
    /// Whether a row without it is refused.
    pub required: bool,
    /// What to fill in, for the sheet 填表说明.
    pub note: String,
    /// What stands in the grey example row.
    pub example: String,
}

/// A workbook to be filled in by people.
#[derive(Debug, Clone)]
pub struct Template {
    /// Name of the sheet to fill in.
    pub sheet: String,
    /// Title in the first row.
    pub title: String,
    /// Version, written beside the title.
    pub version: String,
    /// Columns. A first column 序号 is written before them; its example says 示例, by which
    /// an importer knows the row.
    pub columns: Vec<TemplateColumn>,
    /// General remarks, one line each.
    pub remarks: Vec<String>,
}

/// The sheet of code lists.
const LISTS: &str = "代码表";
/// The sheet of explanations.
const NOTES: &str = "填表说明";
/// Rows of a template that get drop-down lists.
const TEMPLATE_ROWS: u32 = 5000;
/// Longest list Excel takes inside the validation itself, in UTF-16 units.
const INLINE_LIST: usize = 255;

pub(crate) fn write_error(e: XlsxError) -> SheetError {
    SheetError::Write(Box::new(e))
}

/// Writes one table with title, header and any number of rows. A crash leaves no table,
/// because the rows are in unnamed temporary files until [`TableWriter::finish`].
pub struct TableWriter {
    book: Workbook,
    columns: Vec<Column>,
    next: u32,
    text: Format,
    wrap: Format,
    lists: usize,
}

impl TableWriter {
    /// Starts a table. Rows wait in `scratch`, which must be a private folder.
    pub fn new(title: &str, columns: Vec<Column>, scratch: &Path) -> Result<Self, SheetError> {
        let mut book = Workbook::new();
        book.set_tempdir(scratch).map_err(write_error)?;
        let lists = list_places(&columns);
        let (first_row, count) = (1, columns.len() as u16);
        let sheet = book.add_worksheet_with_constant_memory().map_err(write_error)?;
        let run = |sheet: &mut Worksheet| -> Result<(), XlsxError> {
            sheet.set_name(sheet_name(title))?;
            widths(sheet, &columns)?;
            sheet.write_string_with_format(0, 0, neutralise(title), &title_format())?;
            for (c, column) in (0..count).zip(&columns) {
                sheet.write_string_with_format(first_row, c, neutralise(&column.header), &header_format())?;
            }
            sheet.set_freeze_panes(first_row + 1, 0)?;
            for (i, (c, column)) in (0..count).zip(&columns).enumerate() {
                if let Some(rule) = drop_down(column, lists.get(i).copied().flatten())? {
                    sheet.add_data_validation(first_row + 1, c, TEMPLATE_ROWS, c, &rule)?;
                }
            }
            Ok(())
        };
        run(sheet).map_err(write_error)?;
        let text = Format::new().set_num_format("@");
        let wrap = Format::new();
        let used = lists.iter().flatten().count();
        Ok(Self { book, columns, next: first_row + 1, text, wrap, lists: used })
    }

    /// Adds a row; cells beyond the columns are not written.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), SheetError> {
        let sheet = self.book.worksheet_from_index(0).map_err(write_error)?;
        for (c, (cell, column)) in cells.iter().zip(&self.columns).enumerate() {
            let (row, c) = (self.next, c as u16);
            let done = match (cell, column.kind) {
                (Cell::Empty, _) => continue,
                (Cell::Number(n), Kind::Number) => sheet.write_number_with_format(row, c, *n, &self.wrap),
                (other, _) => sheet.write_string_with_format(row, c, neutralise(&other.shape()), &self.text),
            };
            done.map_err(write_error)?;
        }
        self.next += 1;
        Ok(())
    }

    /// Writes the file.
    pub fn finish(mut self, out: &Path) -> Result<(), SheetError> {
        if self.lists > 0 {
            add_lists(&mut self.book, &self.columns)?;
        }
        self.book.save(out).map_err(write_error)
    }
}

/// Writes a whole table from an iterator of rows.
pub fn write_table<R: AsRef<[Cell]>>(
    out: &Path,
    title: &str,
    columns: Vec<Column>,
    rows: impl IntoIterator<Item = R>,
    scratch: &Path,
) -> Result<(), SheetError> {
    let mut table = TableWriter::new(title, columns, scratch)?;
    for row in rows {
        table.row(row.as_ref())?;
    }
    table.finish(out)
}

/// Writes a template: title and version, headers, a grey example, drop-down lists, the
/// hidden sheet 代码表 and the sheet 填表说明.
pub fn template(out: &Path, spec: &Template) -> Result<(), SheetError> {
    let mut book = Workbook::new();
    let columns: Vec<Column> = spec.columns.iter().map(|c| c.column.clone()).collect();
    let lists = list_places(&columns);
    let run = |book: &mut Workbook| -> Result<(), XlsxError> {
        let sheet = book.add_worksheet();
        sheet.set_name(&spec.sheet)?;
        sheet.write_string_with_format(
            0,
            0,
            format!("{}（模板版本 {}）", spec.title, spec.version),
            &title_format(),
        )?;
        sheet.write_string_with_format(1, 0, "序号", &header_format())?;
        sheet.write_string_with_format(2, 0, "示例", &example_format())?;
        sheet.set_column_width(0, 6.0)?;
        sheet.set_freeze_panes(2, 0)?;
        let text = Format::new().set_num_format("@");
        for (i, column) in spec.columns.iter().enumerate() {
            let c = i as u16 + 1;
            let star = if column.required { "*" } else { "" };
            sheet.set_column_width(c, column.column.width)?;
            if column.column.kind == Kind::Text {
                sheet.set_column_format(c, &text)?;
            }
            let header = format!("{}{star}", column.column.header);
            let format = if column.required { required_format() } else { header_format() };
            sheet.write_string_with_format(1, c, header, &format)?;
            sheet.write_string_with_format(2, c, neutralise(&column.example), &example_format())?;
            if let Some(rule) = drop_down(&column.column, lists.get(i).copied().flatten())? {
                sheet.add_data_validation(3, c, TEMPLATE_ROWS, c, &rule)?;
            }
        }
        Ok(())
    };
    run(&mut book).map_err(write_error)?;
    add_lists(&mut book, &columns)?;
    add_notes(&mut book, spec).map_err(write_error)?;
    book.save(out).map_err(write_error)
}

fn add_notes(book: &mut Workbook, spec: &Template) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet();
    sheet.set_name(NOTES)?;
    sheet.set_column_width(0, 22.0)?.set_column_width(1, 8.0)?.set_column_width(2, 80.0)?;
    let mut row = 0;
    for remark in &spec.remarks {
        sheet.write_string(row, 0, neutralise(remark))?;
        row += 1;
    }
    for (c, header) in ["栏目", "必填", "填写说明"].into_iter().enumerate() {
        sheet.write_string_with_format(row, c as u16, header, &header_format())?;
    }
    for column in &spec.columns {
        row += 1;
        sheet.write_string(row, 0, neutralise(&column.column.header))?;
        sheet.write_string(row, 1, if column.required { "是" } else { "" })?;
        sheet.write_string(row, 2, neutralise(&column.note))?;
    }
    Ok(())
}

/// Which column of the sheet of code lists serves which column of the table.
fn list_places(columns: &[Column]) -> Vec<Option<u16>> {
    let mut next = 0;
    let place = |c: &Column| {
        if c.options.is_empty() {
            return None;
        }
        next += 1;
        Some(next - 1)
    };
    columns.iter().map(place).collect()
}

/// The hidden sheet with all lists, one per column.
fn add_lists(book: &mut Workbook, columns: &[Column]) -> Result<(), SheetError> {
    let run = |book: &mut Workbook| -> Result<(), XlsxError> {
        let sheet = book.add_worksheet();
        sheet.set_name(LISTS)?;
        sheet.set_hidden(true);
        for (c, column) in columns.iter().filter(|c| !c.options.is_empty()).enumerate() {
            sheet.write_string_with_format(0, c as u16, neutralise(&column.header), &header_format())?;
            for (r, option) in (1..).zip(&column.options) {
                sheet.write_string(r, c as u16, neutralise(option))?;
            }
        }
        Ok(())
    };
    run(book).map_err(write_error)
}

/// A list short enough stands in the rule itself; a long one is a range of 代码表.
fn drop_down(column: &Column, place: Option<u16>) -> Result<Option<DataValidation>, XlsxError> {
    let Some(place) = place else { return Ok(None) };
    let inline = column.options.iter().map(|o| o.encode_utf16().count() + 1).sum::<usize>() <= INLINE_LIST
        && !column.options.iter().any(|o| o.contains(','));
    let rule = if inline {
        DataValidation::new().allow_list_strings(&column.options)?
    } else {
        let letter = rust_xlsxwriter::column_number_to_name(place);
        let last = column.options.len() + 1;
        DataValidation::new()
            .allow_list_formula(Formula::new(format!("='{LISTS}'!${letter}$2:${letter}${last}")))
    };
    let rule = rule
        .set_error_title("不在列表中")?
        .set_error_message("请从下拉列表中选择。")?
        .set_error_style(DataValidationErrorStyle::Warning);
    Ok(Some(rule))
}

fn widths(sheet: &mut Worksheet, columns: &[Column]) -> Result<(), XlsxError> {
    for (c, column) in columns.iter().enumerate() {
        sheet.set_column_width(c as u16, column.width)?;
    }
    Ok(())
}

/// A title as a sheet name: without the characters Excel refuses, at most 31 long.
fn sheet_name(title: &str) -> String {
    let clean: String = title
        .chars()
        .filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') && !c.is_control())
        .scan(0, |units, c| {
            *units += c.len_utf16();
            (*units <= 31).then_some(c)
        })
        .collect();
    if clean.is_empty() { "表".to_owned() } else { clean }
}

fn title_format() -> Format {
    Format::new().set_bold().set_font_size(14)
}

pub(crate) fn header_format() -> Format {
    Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0xE8_EEF7))
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_text_wrap()
}

fn required_format() -> Format {
    header_format().set_font_color(Color::RGB(0xB0_1E1E))
}

fn example_format() -> Format {
    Format::new().set_font_color(Color::RGB(0x80_8080)).set_italic().set_num_format("@")
}
