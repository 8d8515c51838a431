//! A look at the zip before anything parses it.
//!
//! The sizes a zip claims are the attacker's; the only honest size is the one counted
//! while inflating. This walk inflates every part once into a small buffer, and stops at
//! the first broken bound. It costs about a tenth of the parsing that follows.

use crate::{Limits, SheetError};
use std::io::{Read, Seek, SeekFrom};
use zip::{ZipArchive, result::ZipError};

const ZIP: &[u8] = b"PK\x03\x04";
const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
const END: &[u8] = b"PK\x05\x06";
const END64: &[u8] = b"PK\x06\x06";
/// `EncryptedPackage` as an OLE folder spells it.
const LOCKED: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";

/// What the first bytes say.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Guess {
    /// A zip: perhaps xlsx.
    Zip,
    /// Anything else without a foreign signature.
    Text,
}

/// Looks at the first bytes; old Office files are refused here.
pub(crate) fn guess(file: &mut (impl Read + Seek)) -> Result<Guess, SheetError> {
    let mut head = [0; 8];
    file.seek(SeekFrom::Start(0))?;
    let got = read_full(file, &mut head)?;
    let head = head.get(..got).unwrap_or_default();
    if head.starts_with(ZIP) {
        return Ok(Guess::Zip);
    }
    if head.starts_with(OLE) {
        let mut start = Vec::new();
        file.by_ref().take(1 << 20).read_to_end(&mut start)?;
        let locked = memchr::memmem::find(&start, LOCKED).is_some();
        return Err(if locked { SheetError::Encrypted } else { SheetError::NotXlsx });
    }
    if head.starts_with(b"PK") || head.starts_with(b"%PDF") || head.starts_with(b"{\\rtf") {
        return Err(SheetError::NotXlsx);
    }
    // Short ones may read as text in some encoding, so they are known by their beginnings.
    if [&b"\x89PNG\r\n\x1a\n"[..], b"\xFF\xD8\xFF", b"GIF8"].iter().any(|picture| head.starts_with(picture)) {
        return Err(SheetError::NotXlsx);
    }
    Ok(Guess::Text)
}

/// Walks the zip within the limits and makes sure that it is an xlsx workbook.
pub fn preflight(file: &mut (impl Read + Seek), limits: &Limits) -> Result<(), SheetError> {
    let length = file.seek(SeekFrom::End(0))?;
    if length > limits.file_bytes {
        return Err(SheetError::FileTooBig { max: limits.file_bytes });
    }
    if count_entries(file, length)? > limits.entries {
        return Err(SheetError::TooManyEntries { max: limits.entries });
    }
    let mut archive = ZipArchive::new(&mut *file).map_err(zip_error)?;
    if archive.index_for_name("xl/workbook.bin").is_some() || archive.index_for_name("mimetype").is_some() {
        return Err(SheetError::NotXlsx);
    }
    if archive.index_for_name("[Content_Types].xml").is_none() {
        return Err(SheetError::NotXlsx);
    }
    let mut total = 0;
    let mut buffer = vec![0; 64 << 10];
    for i in 0..archive.len() {
        let mut part = archive.by_index(i).map_err(zip_error)?;
        total = walk_part(&mut part, total, limits, &mut buffer)?;
    }
    Ok(())
}

/// Inflates one part; returns the new total.
fn walk_part<R: Read>(
    part: &mut zip::read::ZipFile<'_, R>,
    mut total: u64,
    limits: &Limits,
    buffer: &mut [u8],
) -> Result<u64, SheetError> {
    let name = part.name().map_err(zip_error)?.to_ascii_lowercase();
    let is_xml = [".xml", ".rels", ".vml"].iter().any(|end| name.ends_with(end));
    let resident = is_xml && !is_sheet(&name);
    let is_door = name == "_rels/.rels";
    let max_tags = if name.ends_with("sharedstrings.xml") { limits.string_tags } else { limits.part_tags };
    let stored = part.compressed_size().max(1);
    let (mut size, mut since_tag, mut tags) = (0_u64, 0_usize, 0_u64);
    loop {
        let n = read_full(part, buffer).map_err(SheetError::damaged)?;
        let Some(bytes) = buffer.get(..n).filter(|b| !b.is_empty()) else { return Ok(total) };
        size += n as u64;
        total += n as u64;
        let swollen = size > limits.ratio_floor && size / stored > limits.ratio;
        if total > limits.expanded_bytes || swollen || (resident && size > limits.resident_bytes) {
            return Err(SheetError::ExpandsTooMuch);
        }
        if is_door
            && (size > n as u64
                || memchr::memchr(b'&', bytes).is_some()
                || memchr::memmem::find(bytes, b"worksheets/").is_some())
        {
            // A workbook that claims to live among its sheets wants to be taken for one.
            return Err(SheetError::NotXlsx);
        }
        if is_xml {
            since_tag = longest_text(bytes, since_tag, limits.text_bytes)?;
            tags += if resident { memchr::memchr_iter(b'<', bytes).count() as u64 } else { 0 };
            if tags > max_tags {
                return Err(SheetError::ExpandsTooMuch);
            }
        }
    }
}

/// Whether a part is streamed. The parser looks for strings and styles beside the
/// workbook, wherever the package says that is.
fn is_sheet(name: &str) -> bool {
    name.contains("worksheets/")
        && !["sharedstrings.xml", "styles.xml", "theme1.xml", ".rels"].iter().any(|end| name.ends_with(end))
}

/// Follows the distance from one `<` to the next: the parser holds that much at once.
fn longest_text(bytes: &[u8], since_tag: usize, max: usize) -> Result<usize, SheetError> {
    // A buffer is far smaller than the bound, so only its first and last tag matter.
    let first = memchr::memchr(b'<', bytes).unwrap_or(bytes.len());
    if since_tag + first > max {
        return Err(SheetError::TextTooLong { max });
    }
    Ok(memchr::memrchr(b'<', bytes).map_or(since_tag + bytes.len(), |last| bytes.len() - last))
}

/// The number of files by the end record alone, so that a list of millions is never built.
fn count_entries(file: &mut (impl Read + Seek), length: u64) -> Result<u64, SheetError> {
    // The comment at the end has at most 64 KiB; the zip64 record stands just before.
    let tail_length = length.min((64 << 10) + 256);
    file.seek(SeekFrom::Start(length - tail_length))?;
    let mut tail = Vec::with_capacity(tail_length as usize);
    file.by_ref().take(tail_length).read_to_end(&mut tail)?;
    let end = memchr::memmem::rfind(&tail, END).ok_or(SheetError::NotXlsx)?;
    let number = |from: usize, width: usize| -> Result<u64, SheetError> {
        let bytes = tail.get(from..from + width).ok_or(SheetError::NotXlsx)?;
        Ok(bytes.iter().rev().fold(0, |n, b| (n << 8) | u64::from(*b)))
    };
    let short = number(end + 10, 2)?;
    match memchr::memmem::rfind(&tail, END64) {
        Some(end64) => Ok(short.max(number(end64 + 32, 8)?)),
        None => Ok(short),
    }
}

fn zip_error(e: ZipError) -> SheetError {
    match e {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => SheetError::Encrypted,
        ZipError::InvalidArchive(_) => SheetError::NotXlsx,
        other => SheetError::damaged(other),
    }
}

fn read_full(file: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut done = 0;
    while let Some(rest) = buffer.get_mut(done..).filter(|r| !r.is_empty()) {
        match file.read(rest)? {
            0 => break,
            n => done += n,
        }
    }
    Ok(done)
}
