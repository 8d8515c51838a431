//! Text tables: csv with commas, semicolons or tabs, in UTF-8, UTF-16 or GB18030.

use crate::{Cell, Limits, SheetError, book::RowBuffer};
use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8};
use std::{
    fs::File,
    io::{self, BufReader, Read},
    ops::ControlFlow,
    path::{Path, PathBuf},
};

/// A text table whose encoding and separator are known.
pub(crate) struct TextTable {
    path: PathBuf,
    encoding: &'static Encoding,
    separator: u8,
}

impl TextTable {
    /// Finds out the encoding by reading the file once.
    pub(crate) fn open(path: &Path) -> Result<Self, SheetError> {
        let encoding = detect(path)?;
        let mut head = Vec::new();
        Decoded::new(File::open(path)?, encoding).take(64 << 10).read_to_end(&mut head)?;
        let head = String::from_utf8_lossy(&head);
        let line = head.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
        let count = |c: char| line.matches(c).count();
        let separator = [(count(','), b','), (count('\t'), b'\t'), (count(';'), b';')];
        let separator = separator.iter().max_by_key(|(n, c)| (*n, *c == b',')).map_or(b',', |(_, c)| *c);
        Ok(Self { path: path.to_owned(), encoding, separator })
    }

    /// As [`crate::Book::rows`].
    pub(crate) fn rows(
        &mut self,
        sheet: &str,
        limits: &Limits,
        each: &mut dyn FnMut(u32, &[Cell]) -> ControlFlow<()>,
    ) -> Result<(), SheetError> {
        let text = BufReader::new(Decoded::new(File::open(&self.path)?, self.encoding));
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.separator)
            .from_reader(text);
        let (mut buffer, mut record) = (RowBuffer::new(), csv::StringRecord::new());
        let (mut row, mut line, mut seen) = (0_u32, 1_u64, 0_u64);
        loop {
            if !reader.read_record(&mut record).map_err(csv_error)? {
                return Ok(());
            }
            // The parser swallows the empty lines before a record; Excel counts them.
            let lines = reader.position().line().saturating_sub(line);
            let inside = record.iter().map(|t| memchr::memchr_iter(b'\n', t.as_bytes()).count() as u64).sum();
            line += lines;
            row = row.saturating_add(lines.saturating_sub(inside).max(1) as u32);
            buffer.clear();
            for (column, text) in record.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
                seen += 1;
                crate::book::check_place(sheet, row - 1, column as u32, seen, limits)?;
                if text.len() > limits.text_bytes {
                    return Err(SheetError::TextTooLong { max: limits.text_bytes });
                }
                buffer.at(column).set_text(text);
            }
            if !buffer.filled().is_empty() && each(row, buffer.filled()).is_break() {
                return Ok(());
            }
        }
    }
}

fn csv_error(e: csv::Error) -> SheetError {
    match e.into_kind() {
        csv::ErrorKind::Io(e) if e.kind() != io::ErrorKind::InvalidData => SheetError::Io(e),
        _ => SheetError::UnknownEncoding,
    }
}

/// UTF-8 when all of it is, else GB18030 when all of it is, else what the detector says.
/// What the detector calls GBK is decoded as GB18030, which contains it.
fn detect(path: &Path) -> Result<&'static Encoding, SheetError> {
    let mut file = File::open(path)?;
    let mut head = [0; 4];
    let got = file.read(&mut head)?;
    if let Some((encoding, _)) = Encoding::for_bom(head.get(..got).unwrap_or_default()) {
        return Ok(encoding);
    }
    for encoding in [UTF_8, GB18030] {
        if decodes(path, encoding)? {
            return Ok(encoding);
        }
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    let mut buffer = vec![0; 64 << 10];
    let mut file = File::open(path)?;
    loop {
        let n = file.read(&mut buffer)?;
        detector.feed(buffer.get(..n).unwrap_or_default(), n == 0);
        if n == 0 {
            break;
        }
    }
    let guess = detector.guess(Some(b"cn"), chardetng::Utf8Detection::Deny);
    if decodes(path, guess)? { Ok(guess) } else { Err(SheetError::UnknownEncoding) }
}

fn decodes(path: &Path, encoding: &'static Encoding) -> Result<bool, SheetError> {
    match io::copy(&mut Decoded::new(File::open(path)?, encoding), &mut NoNul) {
        Ok(_) => Ok(true),
        Err(e) if e.kind() == io::ErrorKind::InvalidData => Ok(false),
        Err(e) => Err(e.into()),
    }
}

/// Swallows text, but not NUL: a binary file is no table, whatever it decodes to.
struct NoNul;

impl io::Write for NoNul {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match memchr::memchr(0, bytes) {
            None => Ok(bytes.len()),
            Some(_) => Err(io::ErrorKind::InvalidData.into()),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A reader that turns bytes of some encoding into UTF-8 and fails on the first byte
/// that does not fit: a wrong guess must not end up as question marks in a name.
struct Decoded<R> {
    source: R,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_at: usize,
    raw_end: usize,
    text: Vec<u8>,
    text_at: usize,
    text_end: usize,
    ended: bool,
}

impl<R: Read> Decoded<R> {
    fn new(source: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        let (raw, text) = (vec![0; 32 << 10], vec![0; 32 << 10]);
        Self { source, decoder, raw, raw_at: 0, raw_end: 0, text, text_at: 0, text_end: 0, ended: false }
    }

    /// Decodes until some text is there or the source is exhausted.
    fn refill(&mut self) -> io::Result<()> {
        (self.text_at, self.text_end) = (0, 0);
        while self.text_end == 0 && !self.ended {
            if self.raw_at == self.raw_end {
                self.raw_at = 0;
                self.raw_end = self.source.read(&mut self.raw)?;
                self.ended = self.raw_end == 0;
            }
            let input = self.raw.get(self.raw_at..self.raw_end).unwrap_or_default();
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(input, &mut self.text, self.ended);
            if matches!(result, DecoderResult::Malformed(..)) {
                return Err(io::ErrorKind::InvalidData.into());
            }
            self.raw_at += read;
            self.text_end = written;
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.text_at == self.text_end {
            self.refill()?;
        }
        let ready = self.text.get(self.text_at..self.text_end).unwrap_or_default();
        let n = ready.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..n), ready.get(..n)) {
            to.copy_from_slice(from);
        }
        self.text_at += n;
        Ok(n)
    }
}
