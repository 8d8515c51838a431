//! The far end: reads requests from standard input and answers on standard output.
//!
//! It limits itself before it reads a byte: address space, processor time, file size,
//! open files. It holds no key and opens no database.

use super::frame::{End, Frame, Marks, Op, Trouble};
use jz_sheet::{Book, Cell, Level, Limits, Mark, SheetMarks};
use rustix::process::{Resource, Rlimit, setrlimit};
use std::{
    io::{self, BufReader, BufWriter, Read, Write},
    ops::ControlFlow,
    path::Path,
};

/// Rows per message: few enough to keep memory flat, many enough to keep the pipe busy.
const ROWS: usize = 500;
/// Bytes of text per message, give or take a row: messages wait in the memory of the server.
const TEXT: usize = 1 << 20;

/// Runs until the pipe closes. `lane` is `parse` or `ocr`; recognition needs more memory.
pub fn serve(lane: &str) -> io::Result<()> {
    let mib = 1u64 << 20;
    let memory = if lane == "ocr" { 3072 * mib } else { 1024 * mib };
    limit(Resource::As, memory)?;
    limit(Resource::Core, 0)?;
    limit(Resource::Fsize, 256 * mib)?;
    limit(Resource::Nofile, 64)?;
    answer_all(&mut BufReader::new(io::stdin().lock()), &mut BufWriter::new(io::stdout().lock()))
}

fn limit(what: Resource, most: u64) -> io::Result<()> {
    setrlimit(what, Rlimit { current: Some(most), maximum: Some(most) }).map_err(io::Error::from)
}

pub(super) fn answer_all(input: &mut impl Read, out: &mut impl Write) -> io::Result<()> {
    while let Some(f) = Frame::read(input)? {
        let end =
            match f.parse::<Op>().map_err(|e| Trouble { code: "worker.request".into(), zh: e.to_string() }) {
                Ok(op) => match answer(&op, &f.parts, out) {
                    Ok(()) => End::Done,
                    Err(t) => End::Trouble { code: t.code, zh: t.zh },
                },
                Err(t) => End::Trouble { code: t.code, zh: t.zh },
            };
        Frame::of(&end, Vec::new())?.write(out)?;
        out.flush()?;
    }
    Ok(())
}

fn answer(op: &Op, parts: &[Vec<u8>], out: &mut impl Write) -> Result<(), Trouble> {
    match op {
        Op::Sheets { path, name } => sheets(path, name, out),
        Op::Annotate { path, name, out: to, marks } => annotate(path, name, to, marks),
        Op::Image { from, most } => super::pages::answer(*from, *most, parts, out),
        Op::Unzip { path, limits } => super::unzip::answer(path, limits, out),
        Op::Ocr => super::ocr::answer(parts, out),
    }
}

pub(super) fn lost(e: io::Error) -> Trouble {
    Trouble { code: "worker.pipe".into(), zh: e.to_string() }
}

impl From<jz_sheet::SheetError> for Trouble {
    fn from(e: jz_sheet::SheetError) -> Self {
        Self { code: e.code().to_owned(), zh: e.zh() }
    }
}

/// `{"sheets":[[name, hidden], …], "is_1904":…}`, then for each sheet `{"sheet": i, "rows":[[no,[cell…]],…]}`.
fn sheets(path: &Path, name: &str, out: &mut impl Write) -> Result<(), Trouble> {
    let mut book = Book::open_as(path, name, &Limits::default())?;
    let infos: Vec<(String, bool)> =
        book.sheets().iter().filter(|s| s.is_table).map(|s| (s.name.clone(), s.hidden)).collect();
    let head = serde_json::json!({ "sheets": infos, "is_1904": book.is_1904() });
    Frame::of(&head, Vec::new()).and_then(|f| f.write(out)).map_err(lost)?;
    for (i, (sheet, _)) in infos.iter().enumerate() {
        let mut rows: Vec<(u32, Vec<Cell>)> = Vec::with_capacity(ROWS);
        let (mut gone, mut text) = (Ok(()), 0);
        book.rows(sheet, |no, cells| {
            text += cells.iter().map(length).sum::<usize>();
            rows.push((no, cells.to_vec()));
            if rows.len() == ROWS || text > TEXT {
                gone = send_rows(i, &rows, out);
                rows.clear();
                text = 0;
            }
            if gone.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        gone.map_err(lost)?;
        if !rows.is_empty() {
            send_rows(i, &rows, out).map_err(lost)?;
        }
    }
    Ok(())
}

fn length(cell: &Cell) -> usize {
    match cell {
        Cell::Text(t) | Cell::Date(t) | Cell::Error(t) => t.len(),
        _ => 0,
    }
}

fn send_rows(sheet: usize, rows: &[(u32, Vec<Cell>)], out: &mut impl Write) -> io::Result<()> {
    #[derive(serde::Serialize)]
    struct Rows<'a> {
        sheet: usize,
        rows: &'a [(u32, Vec<Cell>)],
    }
    Frame::of(&Rows { sheet, rows }, Vec::new())?.write(out)
}

fn annotate(path: &Path, name: &str, to: &Path, marks: &[Marks]) -> Result<(), Trouble> {
    let marks: Vec<SheetMarks> = marks
        .iter()
        .map(|m| SheetMarks {
            sheet: m.sheet.clone(),
            header_row: m.header_row,
            marks: m
                .marks
                .iter()
                .map(|(row, column, text, error)| Mark {
                    row: *row,
                    column: *column,
                    text: text.clone(),
                    level: if *error { Level::Error } else { Level::Warning },
                })
                .collect(),
        })
        .collect();
    let scratch = to.parent().unwrap_or(Path::new("."));
    Ok(jz_sheet::annotate(path, name, to, &marks, &Limits::default(), scratch)?)
}
