//! Sealed lines of JSON that are written while they are made and read while they are
//! used: twenty thousand of them never lie in memory, and none of them in the clear on a
//! disk.

use crate::{App, Fail, objects};
use jz_blob::{ObjectName, Stored};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    io::{self, BufRead as _, BufReader, BufWriter, Read, Write as _},
    sync::atomic::{AtomicBool, Ordering},
};

/// Where stored lines are: name and digest.
pub(super) type Place = (ObjectName, [u8; 32]);

/// Takes lines.
pub(super) struct Lines(BufWriter<io::PipeWriter>);

impl Lines {
    /// Adds a line.
    pub fn put<T: Serialize>(&mut self, value: &T) -> Result<(), Fail> {
        // JSON escapes line feeds, so that a line is a value.
        serde_json::to_writer(&mut self.0, value).map_err(|e| Fail::from(io::Error::from(e)))?;
        Ok(self.0.write_all(b"\n")?)
    }
}

/// The near end of the pipe. An end that nobody announced is an error, so that half an
/// object is never taken for a whole one.
struct Announced<'a> {
    from: io::PipeReader,
    is_whole: &'a AtomicBool,
}

impl Read for Announced<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.from.read(buf)?;
        if n == 0 && !buf.is_empty() && !self.is_whole.load(Ordering::Acquire) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(n)
    }
}

fn is_cut(f: &Fail) -> bool {
    let Fail::Machine(_, e) = f else { return false };
    e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
}

fn joined<T>(handle: std::thread::ScopedJoinHandle<'_, T>) -> Result<T, Fail> {
    handle.join().map_err(|_| Fail::machine("a thread of an import", io::Error::other("panicked")))
}

/// Stores the lines that `make` puts. The row of the object is the caller's business.
pub(super) fn store<T>(
    app: &App,
    make: impl FnOnce(&mut Lines) -> Result<T, Fail>,
) -> Result<(T, Stored), Fail> {
    let (from, to) = io::pipe()?;
    let is_whole = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let mut from = Announced { from, is_whole: &is_whole };
        let storing = scope.spawn(move || app.vault.put(&mut from));
        let mut lines = Lines(BufWriter::with_capacity(1 << 16, to));
        let made = make(&mut lines).and_then(|out| {
            lines.0.flush()?;
            Ok(out)
        });
        is_whole.store(made.is_ok(), Ordering::Release);
        drop(lines);
        match (made, joined(storing)?) {
            (Ok(out), stored) => Ok((out, stored?)),
            // The store went away first: its reason is the one that counts.
            (Err(e), Err(cause)) if is_cut(&e) => Err(cause.into()),
            (Err(e), _) => Err(e),
        }
    })
}

/// Reads stored lines one by one, until `each` answers `false`.
pub(super) fn each<T: DeserializeOwned>(
    app: &App,
    (name, digest): &Place,
    mut each: impl FnMut(T) -> Result<bool, Fail>,
) -> Result<(), Fail> {
    let (from, mut to) = io::pipe()?;
    std::thread::scope(|scope| {
        let reading = scope.spawn(move || app.vault.copy_to(name, digest, &mut to));
        let mut from = BufReader::with_capacity(1 << 16, from);
        let mut line = Vec::new();
        loop {
            line.clear();
            if from.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            if !each(parsed(&line)?)? {
                return Ok(());
            }
        }
        joined(reading)??;
        Ok(())
    })
}

/// Some stored lines from a byte on, with the byte where the next ones begin; `None` at
/// the end. `keep` says which lines are wanted.
pub(super) fn page<T: DeserializeOwned>(
    app: &App,
    (name, _): &Place,
    mut at: u64,
    most: usize,
    keep: impl Fn(&T) -> bool,
) -> Result<(Vec<T>, Option<u64>), Fail> {
    const PIECE: u64 = 256 << 10;
    let mut out = Vec::new();
    loop {
        let mut piece = app.vault.read_range(name, at..at + PIECE)?;
        let is_last = (piece.len() as u64) < PIECE;
        // A line may be longer than a piece, if somebody writes a novel into a cell.
        while !is_last && !piece.contains(&b'\n') {
            let from = at + piece.len() as u64;
            let more = app.vault.read_range(name, from..from + PIECE)?;
            if more.is_empty() {
                break;
            }
            piece.extend(more);
        }
        let mut rest = &piece[..];
        while let Some(end) = rest.iter().position(|b| *b == b'\n') {
            let (line, after) = rest.split_at(end + 1);
            if out.len() == most {
                return Ok((out, Some(at)));
            }
            let value: T = parsed(line)?;
            if keep(&value) {
                out.push(value);
            }
            at += line.len() as u64;
            rest = after;
        }
        if is_last {
            return Ok((out, None));
        }
    }
}

fn parsed<T: DeserializeOwned>(line: &[u8]) -> Result<T, Fail> {
    serde_json::from_slice(line).map_err(|e| Fail::machine("reading a plan", e))
}

/// Where stored lines are.
pub(super) fn located(app: &App, sha256: &[u8]) -> Result<Place, Fail> {
    objects::locate(app, sha256)
}
